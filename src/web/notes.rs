//! Notes from colleague to colleague, about a comment.

use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::queue::{back_to, list_of};
use super::session::Moderator;
use super::{articles, response};
use crate::app::App;
use crate::store::{Kind, claims, notes};
use crate::text;

/// Unicode scalar values of a note, and of a saved reply.
pub const NOTE_LENGTH: usize = 1_000;
/// Bytes of a form with such a text, percent-encoded, and the rest.
pub const FORM_LIMIT: usize = NOTE_LENGTH * 12 + 12 * 1024;

/// `POST /moderation/comments/{id}/notes`
pub async fn note(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = moderator.form(&request, payload, FORM_LIMIT).await?;
    let comment = articles::id(&id)?;
    let list = list_of(&form)?;
    let note = note_of(&form, "note")?;
    let (by, now) = (moderator.person.id, app.config.clock.now());
    let span = app.config.claim_span;
    let there = app
        .store
        .write(Kind::Update, move |db| {
            claims::renew(db, by, now, span)?;
            notes::add(db, comment, &note, by, now)
        })
        .await?;
    if !there {
        return Err(Error::NotFound);
    }
    Ok(response::see_other(&back_to(
        &list,
        "said=noted",
        Some(comment),
    )))
}

/// A text from a moderator that has to say something.
///
/// # Errors
/// 400 when it is too long or has control characters; pages of ours send none.
pub fn note_of(form: &Form, field: &str) -> Result<String, Error> {
    let note = text::normalise(&form.plain(field)?).trim().to_owned();
    let fits = note.chars().count() <= NOTE_LENGTH && !text::has_control(&note, true);
    match fits && !text::is_blank(&note) {
        true => Ok(note),
        false => Err(Error::BadRequest),
    }
}
