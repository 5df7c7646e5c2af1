//! The receipt of a reply: its author's private page.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::{client, response};
use crate::app::App;
use crate::store::{Kind, replies, withdrawals};
use crate::views;

/// `GET /replies/{receipt}`
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    receipt: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let base = client::base(&app, &request).unwrap_or_default();
    let receipt = receipt.into_inner();
    let now = app.config.clock.now();
    let shared = app.clone();
    let html = app
        .store
        .read(move |db| {
            let found = replies::receipt(db, &receipt, now)?;
            Ok(found.map(|view| views::receipt::page(&shared.site, now, &view, &base)))
        })
        .await?
        .ok_or(Error::NotFound)?;
    Ok(response::unlisted(StatusCode::OK, html))
}

/// Bytes of a form that says nothing but yes.
const FORM_LIMIT: usize = 4 * 1024;

/// `POST /replies/{receipt}/withdraw`
pub async fn withdraw(
    app: web::Data<App>,
    request: HttpRequest,
    receipt: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    Form::read(&request, payload, FORM_LIMIT).await?;
    let receipt = receipt.into_inner();
    let wanted = receipt.clone();
    let now = app.config.clock.now();
    let found = app
        .store
        .write(Kind::Update, move |db| {
            withdrawals::withdraw(db, &wanted, now)
        })
        .await?;
    if !found {
        return Err(Error::NotFound);
    }
    Ok(response::see_other(&format!("/replies/{receipt}")))
}
