//! Liveness and readiness.

use actix_web::{HttpResponse, web};

use super::error::Error;
use super::response;
use crate::app::App;
use crate::store::rules;

/// `GET /healthz`: the process answers. Asks nobody.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(response::Keep::Never.header())
        .content_type("text/plain; charset=utf-8")
        .body("ok\n")
}

/// `GET /readyz`: the database answers, and has the schema that was brought up to date at the start.
pub async fn ready(app: web::Data<App>) -> Result<HttpResponse, Error> {
    app.store.read(rules::current).await?;
    Ok(HttpResponse::Ok()
        .insert_header(response::Keep::Never.header())
        .content_type("text/plain; charset=utf-8")
        .body("ready\n"))
}
