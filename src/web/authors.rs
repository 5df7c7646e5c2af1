//! Authors on the desk.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::notes::{self, FORM_LIMIT};
use super::queue::{Told, reader};
use super::session::Moderator;
use super::{articles, response};
use crate::app::App;
use crate::store::author_holds::{self, NewHold, Of};
use crate::store::listing::Listing;
use crate::store::{self, Kind, author_page, queue};
use crate::text;
use crate::time::{DAY, Timestamp};
use crate::views;
use crate::views::author_page::{HoldForm, Shown};

/// Unicode scalar values of the reason of a hold.
const REASON_LENGTH: usize = 200;
/// Days that a hold lasts at most.
const LONGEST_HOLD: i64 = 5 * 366;

/// `GET /moderation/authors/{id}`
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let of = Of::Author(articles::id(&id)?);
    let form = HoldForm::default();
    page(&app, &request, &moderator, of, form, StatusCode::OK).await
}

/// `GET /moderation/comments/{id}/author`: on to the author's page where the author is recognised.
pub async fn show_of_comment(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let comment = articles::id(&id)?;
    let author = app
        .store
        .read(move |db| author_page::author_of(db, comment))
        .await?;
    if let Some(author) = author {
        let address = views::author_page::address(Of::Author(author));
        return Ok(response::see_other(&address));
    }
    let (of, form) = (Of::Comment(comment), HoldForm::default());
    page(&app, &request, &moderator, of, form, StatusCode::OK).await
}

async fn page(
    app: &web::Data<App>,
    request: &HttpRequest,
    moderator: &Moderator,
    of: Of,
    form: HoldForm,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let list = Listing::parse(request.query_string()).ok_or(Error::NotFound)?;
    let told = Told::of(request)?;
    let (shared, desk, reader) = (app.clone(), moderator.desk(), reader(app, moderator));
    let html = app
        .store
        .read(move |db| {
            let found = match of {
                Of::Author(id) => author_page::of_author(db, id, &list, reader)?,
                Of::Comment(id) => author_page::of_comment(db, id, reader)?,
            };
            let Some(author) = found else {
                return Ok(None);
            };
            let shown = Shown {
                author,
                counts: queue::counts(db)?,
                said: told.said(db)?,
                form: form.clone(),
            };
            let page = views::author_page::page(&shared.site, reader.now, &desk, &shown);
            Ok(Some(page))
        })
        .await?
        .ok_or(Error::NotFound)?;
    Ok(response::desk(status, html))
}

/// `POST /moderation/authors/{id}`
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let of = Of::Author(articles::id(&id)?);
    act(&app, &request, &moderator, of, payload).await
}

/// `POST /moderation/comments/{id}/author`
pub async fn post_of_comment(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let of = Of::Comment(articles::id(&id)?);
    act(&app, &request, &moderator, of, payload).await
}

/// With `do=trust|untrust|hold|free|note`.
async fn act(
    app: &web::Data<App>,
    request: &HttpRequest,
    moderator: &Moderator,
    of: Of,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = moderator.form(request, payload, FORM_LIMIT).await?;
    let (by, now) = (moderator.person.id, app.config.clock.now());
    let said = match (form.plain("do")?.as_str(), of) {
        (word @ ("trust" | "untrust"), Of::Author(author)) => {
            let trusted = word == "trust";
            let known = app
                .store
                .write(Kind::Update, move |db| {
                    author_holds::trust(db, author, trusted, by, now)
                })
                .await?;
            found(known)?;
            format!("{word}ed")
        }
        ("free", of) => {
            app.store
                .write(Kind::Update, move |db| {
                    author_holds::release(db, of, by, now)
                })
                .await?;
            "freed".to_owned()
        }
        ("note", of) => {
            let note = notes::note_of(&form, "note")?;
            let written = app
                .store
                .write(Kind::Update, move |db| match of {
                    Of::Author(id) => store::notes::add_to_author(db, id, &note, by, now),
                    Of::Comment(id) => store::notes::add(db, id, &note, by, now),
                })
                .await?;
            found(written)?;
            "noted".to_owned()
        }
        ("hold", of) => match hold(app, &form, of, by, now).await? {
            Ok(until) => format!("held-{}", until.0),
            Err(typed) => {
                let invalid = StatusCode::UNPROCESSABLE_ENTITY;
                return page(app, request, moderator, of, typed, invalid).await;
            }
        },
        _ => return Err(Error::BadRequest),
    };
    let address = views::author_page::address(of);
    Ok(response::see_other(&format!("{address}?said={said}")))
}

fn found(there: bool) -> Result<(), Error> {
    there.then_some(()).ok_or(Error::NotFound)
}

/// Makes a hold, until the end of the day that was typed; or what is wrong with the form.
async fn hold(
    app: &web::Data<App>,
    form: &Form,
    of: Of,
    moderator: i64,
    now: Timestamp,
) -> Result<Result<Timestamp, HoldForm>, Error> {
    let (typed, reason) = (form.plain("until")?, form.plain("reason")?);
    let reason = text::one_line(&reason);
    let zone = &app.config.zone;
    let tonight = zone.end_of_day(&zone.date(now)).unwrap_or(now);
    let until = zone
        .end_of_day(typed.trim())
        .filter(|until| *until > tonight && until.since(now) <= LONGEST_HOLD * DAY);
    let reason_wrong = text::is_blank(&reason)
        || reason.chars().count() > REASON_LENGTH
        || text::has_control(&reason, false);
    let (Some(until), false) = (until, reason_wrong) else {
        return Ok(Err(HoldForm {
            until_wrong: until.is_none(),
            reason_wrong,
            until: typed,
            reason,
        }));
    };
    let made = app
        .store
        .write(Kind::Update, move |db| {
            let comment = match of {
                Of::Author(author) => author_page::latest_comment(db, author)?,
                Of::Comment(id) => Some(id),
            };
            let Some(comment) = comment else {
                return Ok(false);
            };
            let new = NewHold {
                comment,
                reason: reason.clone(),
                until,
                moderator,
                now,
            };
            author_holds::hold(db, &new)
        })
        .await?;
    found(made)?;
    Ok(Ok(until))
}
