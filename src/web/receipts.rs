//! The receipt of a reply: its author's private page.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::{client, device, flood, response};
use crate::app::App;
use crate::moderation::Status;
use crate::store::{Kind, authors, comments, receipts, token, withdrawals};
use crate::views;
use crate::views::receipt::{AppealProblem, Around};

/// `GET /replies/{receipt}`
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    receipt: web::Path<String>,
) -> Result<HttpResponse, Error> {
    page(&app, &request, receipt.into_inner(), StatusCode::OK, None).await
}

/// The receipt, perhaps with an appeal that was not taken: its text, and what is wrong with it.
pub async fn page(
    app: &web::Data<App>,
    request: &HttpRequest,
    receipt: String,
    status: StatusCode,
    appeal: Option<(String, AppealProblem)>,
) -> Result<HttpResponse, Error> {
    let base = client::base(app, request).unwrap_or_default().into_owned();
    let now = app.config.clock.now();
    let shared = app.clone();
    let (status, html) = app
        .store
        .read(move |db| {
            let Some(view) = receipts::find(db, &receipt, now)? else {
                return Ok(None);
            };
            // There is no form in which its text could come back.
            if let (Some((text, _)), Some(why)) = (&appeal, views::receipt::no_appeal(&view, now)) {
                let html = views::refused::page(&shared.site, why, &receipt, text);
                return Ok(Some((StatusCode::CONFLICT, html)));
            }
            let around = Around {
                base: &base,
                median_wait: match view.shown_status {
                    Status::Pending => shared.waits.get(db, now)?,
                    _ => None,
                },
                edit_window: shared.config.edit_window,
                text_kept: match view.shown_status {
                    Status::Spam => shared.config.spam_kept,
                    _ => shared.config.rejected_kept,
                },
                appeal: appeal
                    .as_ref()
                    .map(|(text, problem)| (text.as_str(), *problem)),
            };
            let html = views::receipt::page(&shared.site, now, &view, &around);
            Ok(Some((status, html)))
        })
        .await?
        .ok_or(Error::NotFound)?;
    Ok(response::unlisted(status, html))
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
    flood::admit(&app, &request)?;
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

/// `POST /replies/{receipt}/forget`: the device that sends it is not recognised any more.
pub async fn forget(
    app: web::Data<App>,
    request: HttpRequest,
    receipt: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    Form::read(&request, payload, FORM_LIMIT).await?;
    flood::admit(&app, &request)?;
    let receipt = receipt.into_inner();
    let wanted = receipt.clone();
    let hash = device::shown(&app.config, &request).map(|shown| token::hash(&shown));
    let found = app
        .store
        .write(Kind::Update, move |db| {
            let found = comments::of_receipt(db, &wanted)?.is_some();
            if let (true, Some(hash)) = (found, &hash) {
                authors::forget(db, hash)?;
            }
            Ok(found)
        })
        .await?;
    if !found {
        return Err(Error::NotFound);
    }
    let mut answer = response::see_other(&format!("/replies/{receipt}#forgotten"));
    if device::carries_cookie(&app.config, &request) {
        answer
            .add_cookie(&device::removal(&app.config))
            .map_err(|error| Error::Internal(error.to_string()))?;
    }
    Ok(answer)
}
