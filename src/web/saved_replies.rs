//! Saved replies on the desk.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::notes::{self, FORM_LIMIT};
use super::session::Moderator;
use super::{articles, response};
use crate::app::App;
use crate::store::{Kind, queue, saved_replies};
use crate::text;
use crate::views;
use crate::views::saved_replies::{Shown, Typed};

/// Unicode scalar values of a title.
const TITLE_LENGTH: usize = 80;

/// `GET /moderation/saved-replies`
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
) -> Result<HttpResponse, Error> {
    let said = articles::parameter(&request, "said").unwrap_or_default();
    page(&app, &moderator, said, Typed::default(), StatusCode::OK).await
}

async fn page(
    app: &web::Data<App>,
    moderator: &Moderator,
    said: String,
    typed: Typed,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let (shared, desk) = (app.clone(), moderator.desk());
    let html = app
        .store
        .read(move |db| {
            let shown = Shown {
                saved: saved_replies::all(db)?,
                counts: queue::counts(db)?,
                said: said.clone(),
                typed: typed.clone(),
            };
            Ok(views::saved_replies::page(&shared.site, &desk, &shown))
        })
        .await?;
    Ok(response::desk(status, html))
}

/// `POST /moderation/saved-replies`, with `do=add|change|remove`.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = moderator.form(&request, payload, FORM_LIMIT).await?;
    let act = form.plain("do")?;
    let id = match act.as_str() {
        "add" => None,
        "change" | "remove" => {
            Some(articles::id(&form.plain("id")?).map_err(|_| Error::BadRequest)?)
        }
        _ => return Err(Error::BadRequest),
    };
    let (by, now) = (moderator.person.id, app.config.clock.now());
    if let Some(id) = id.filter(|_| act == "remove") {
        app.store
            .write(Kind::Update, move |db| {
                saved_replies::remove(db, id, by, now)
            })
            .await?;
        return Ok(done("removed"));
    }
    let typed = read(&form, id)?;
    if typed.title_wrong || typed.text_wrong {
        let invalid = StatusCode::UNPROCESSABLE_ENTITY;
        return page(&app, &moderator, String::new(), typed, invalid).await;
    }
    let new = typed.clone();
    let saved = app
        .store
        .write(Kind::Update, move |db| match new.id {
            None => saved_replies::add(db, &new.title, &new.text, by, now),
            Some(id) => saved_replies::change(db, (id, &new.title, &new.text), by, now),
        })
        .await?;
    match (saved, id) {
        (true, None) => Ok(done("added")),
        (true, Some(_)) => Ok(done("changed")),
        // Somebody removed it meanwhile: what was typed can be saved as a new one.
        (false, Some(_)) => {
            let typed = Typed { id: None, ..typed };
            page(&app, &moderator, String::new(), typed, StatusCode::CONFLICT).await
        }
        (false, None) => {
            let typed = Typed {
                full: true,
                ..typed
            };
            page(&app, &moderator, String::new(), typed, StatusCode::CONFLICT).await
        }
    }
}

fn done(said: &str) -> HttpResponse {
    response::see_other(&format!("/moderation/saved-replies?said={said}"))
}

fn read(form: &Form, id: Option<i64>) -> Result<Typed, Error> {
    let title = text::one_line(&form.plain("title")?);
    let body = text::normalise(&form.plain("text")?).trim().to_owned();
    let wrong = |text: &str, most: usize, lines: bool| {
        text::is_blank(text) || text.chars().count() > most || text::has_control(text, lines)
    };
    Ok(Typed {
        id,
        title_wrong: wrong(&title, TITLE_LENGTH, false),
        text_wrong: wrong(&body, notes::NOTE_LENGTH, true),
        title,
        text: body,
        full: false,
    })
}
