//! The audit log, its files, and the way back to it from what was undone there.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header;
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;
use tokio::time::timeout;

use super::error::Error;
use super::form::Form;
use super::session::Moderator;
use super::{articles, response};
use crate::app::App;
use crate::store::articles::Seek;
use crate::store::audit_filter::{By, Filter, Group};
use crate::store::audit_log::LogPage;
use crate::store::{audit_export, audit_log, history, moderators};
use crate::time::Zone;
use crate::views;
use crate::views::audit::{Asked, AuditPage, Wrong};
use crate::views::audit_export::Format;

/// How long a download waits for others to be done.
const TURN: Duration = Duration::from_secs(5);

/// `GET /moderation/audit`, with its filters and a keyset; `?done=` names the undo just made.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
) -> Result<HttpResponse, Error> {
    let seek = articles::seek(&request)?;
    let done = articles::id_parameter(&request, "done")?;
    let asked = asked(|name| articles::parameter(&request, name));
    let (filter, wrong) = filter(&app.config.zone, &asked)?;
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
                entries: match wrong.any() {
                    true => LogPage::default(),
                    false => audit_log::page(db, &filter, seek)?,
                },
                backwards: matches!(seek, Seek::After(_)),
                done: done.map(|(done, undo)| views::toast::Done::of(done, undo)),
                asked: asked.clone(),
                wrong,
                people: moderators::list(db)?,
            };
            Ok(views::audit::page(&shared.site, now, &desk, &audit))
        })
        .await?;
    let status = match wrong.any() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    Ok(response::desk(status, html))
}

/// `GET /moderation/audit.csv`
pub async fn csv(
    app: web::Data<App>,
    request: HttpRequest,
    _: Moderator,
) -> Result<HttpResponse, Error> {
    export(&app, &request, Format::Csv).await
}

/// `GET /moderation/audit.jsonl`
pub async fn json_lines(
    app: web::Data<App>,
    request: HttpRequest,
    _: Moderator,
) -> Result<HttpResponse, Error> {
    export(&app, &request, Format::JsonLines).await
}

/// The entries that the filter shows, written as they are read: one page is held at a time. A few are sent at once, and no more.
async fn export(
    app: &web::Data<App>,
    request: &HttpRequest,
    format: Format,
) -> Result<HttpResponse, Error> {
    let asked = asked(|name| articles::parameter(request, name));
    let (filter, wrong) = filter(&app.config.zone, &asked)?;
    if wrong.any() {
        return Err(Error::BadRequest);
    }
    let (kind, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "audit.csv"),
        Format::JsonLines => ("application/jsonl; charset=utf-8", "audit.jsonl"),
    };
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header(response::Keep::Never.header())
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .insert_header((header::CONTENT_ENCODING, "identity"));
    if request.method() == Method::HEAD {
        return Ok(answer.streaming(stream::empty::<Result<Bytes, crate::store::Error>>()));
    }
    let turn = timeout(TURN, Arc::clone(&app.exports).acquire_owned()).await;
    let turn = Arc::new(turn.ok().and_then(Result::ok).ok_or(Error::Exporting)?);
    let begin = (
        app.clone(),
        Some(Seek::First),
        audit_export::MOST,
        format.head(),
        turn,
    );
    let body = stream::try_unfold(begin, move |(app, seek, left, head, turn)| async move {
        let Some(seek) = seek.filter(|_| left > 0) else {
            return Ok::<_, crate::store::Error>(None);
        };
        // Also when nobody waits for it any more.
        let held = Arc::clone(&turn);
        let read = move |db: &mut _| {
            let _held = &held;
            audit_export::page(db, &filter, seek)
        };
        let (entries, next) = app.store.read_at_length(read).await?;
        let lines = entries.iter().take(left);
        let lines: String = lines
            .map(|entry| format.line(&app.config.zone, entry))
            .collect();
        let left = left.saturating_sub(entries.len());
        let bytes = Bytes::from(format!("{head}{lines}"));
        Ok(Some((bytes, (app, next, left, String::new(), turn))))
    });
    Ok(answer.streaming(body))
}

fn asked(of: impl Fn(&str) -> Option<String>) -> Asked {
    let field = |name| of(name).unwrap_or_default().trim().to_owned();
    Asked {
        who: field("who"),
        act: field("act"),
        comment: field("comment"),
        from: field("from"),
        to: field("to"),
    }
}

/// What is to be shown, and what of it was typed wrongly.
///
/// # Errors
/// 404 for a choice that the page does not offer.
fn filter(zone: &Zone, asked: &Asked) -> Result<(Filter, Wrong), Error> {
    let who = match asked.who.as_str() {
        "" => None,
        "command-line" => Some(By::CommandLine),
        "authors" => Some(By::Authors),
        "policy" => Some(By::Policy),
        id => Some(By::Moderator(articles::id(id)?)),
    };
    let act = match asked.act.as_str() {
        "" => None,
        word => Some(Group::from_word(word).ok_or(Error::NotFound)?),
    };
    let typed = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let number = typed(asked.comment.trim_start_matches('#'));
    let comment = number.as_deref().map(articles::id);
    let from = typed(&asked.from).map(|day| zone.start_of_day(&day));
    let to = typed(&asked.to).map(|day| zone.end_of_day(&day));
    let wrong = Wrong {
        comment: comment.as_ref().is_some_and(Result::is_err),
        from: from == Some(None),
        to: to == Some(None),
    };
    let filter = Filter {
        who,
        act,
        comment: comment.and_then(Result::ok),
        from: from.flatten(),
        to: to.flatten(),
    };
    Ok((filter, wrong))
}

/// Where in the log an undo was pressed.
#[derive(Debug, Clone)]
pub struct WayBack {
    entry: i64,
    /// The keyset of its page; none for the first.
    before: Option<i64>,
    /// Its filters, as an address has them.
    words: String,
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
    let log = form.plain("log")?;
    let asked = asked(|name| {
        url::form_urlencoded::parse(log.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    });
    Ok(Some(WayBack {
        entry: id(&form.plain("entry")?)?,
        before: match before.as_str() {
            "" => None,
            before => Some(id(before)?),
        },
        words: asked.words(),
    }))
}

impl WayBack {
    /// Back to that line, which says that it is undone; `undo` is the decision that did it.
    pub fn answer(self, undo: i64) -> HttpResponse {
        let Self {
            entry,
            before,
            words,
        } = self;
        let page = before.map_or_else(String::new, |before| format!("before={before}&"));
        let words = match words.as_str() {
            "" => words,
            _ => format!("{words}&"),
        };
        response::see_other(&format!(
            "/moderation/audit?{words}{page}done={undo}#e-{entry}"
        ))
    }
}
