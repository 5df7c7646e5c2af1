//! The house rules.

use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::response;
use crate::app::App;
use crate::store::rules;
use crate::views;

/// `GET /rules`
pub async fn show(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let rules = app.store.read(rules::current).await?;
    let html = views::rules::page(&app.site, &rules);
    Ok(response::public(&request, html).0)
}
