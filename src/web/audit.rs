//! The audit log, and the way back to it from what was undone there.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::session::Moderator;
use super::{articles, response};
use crate::app::App;
use crate::store::{audit_log, history};
use crate::views;
use crate::views::audit::AuditPage;

/// `GET /moderation/audit`, with a keyset; `?done=` names the undo just made.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
) -> Result<HttpResponse, Error> {
    let seek = articles::seek(&request)?;
    let done = articles::id_parameter(&request, "done")?;
    let now = app.config.clock.now();
    let shared = app.clone();
    let desk = moderator.desk();
    let html = app
        .store
        .read(move |db| {
            let done = match done {
                Some(id) => history::done(db, id)?.filter(|(_, undo)| *undo),
                None => None,
            };
            let audit = AuditPage {
                entries: audit_log::page(db, seek)?,
                done: done.map(|(done, undo)| views::toast::Done::of(done, undo)),
            };
            Ok(views::audit::page(&shared.site, now, &desk, &audit))
        })
        .await?;
    Ok(response::desk(StatusCode::OK, html))
}

/// Where in the log an undo was pressed.
#[derive(Debug, Clone, Copy)]
pub struct WayBack {
    entry: i64,
    /// The keyset of its page; none for the first.
    before: Option<i64>,
}

/// The place in the log from which a form comes, if it comes from there.
///
/// # Errors
/// 400 when it names no place.
pub fn way_back(form: &Form) -> Result<Option<WayBack>, Error> {
    if form.plain("from")? != "audit" {
        return Ok(None);
    }
    let id = |text: &str| articles::id(text).map_err(|_| Error::BadRequest);
    let before = form.plain("before")?;
    Ok(Some(WayBack {
        entry: id(&form.plain("entry")?)?,
        before: match before.as_str() {
            "" => None,
            before => Some(id(before)?),
        },
    }))
}

impl WayBack {
    /// Back to that line, which says that it is undone; `undo` is the decision that did it.
    pub fn answer(self, undo: i64) -> HttpResponse {
        let Self { entry, before } = self;
        let page = before.map_or_else(String::new, |before| format!("before={before}&"));
        response::see_other(&format!("/moderation/audit?{page}done={undo}#e-{entry}"))
    }
}
