//! The desk: the queue and its siblings, decisions and their undoing.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::session::{self, Moderator};
use super::{articles, audit, response};
use crate::app::App;
use crate::moderation::{Decision, Status};
use crate::store::decisions::{self, Decided, Done, Verdict};
use crate::store::queue::{self, Tab};
use crate::store::{Kind, history, moderators, rules, undoing};
use crate::text;
use crate::views;
use crate::views::conflict::Conflict;
use crate::views::queue::QueuePage;

/// Bytes of a decision's form: a note of 1,000 characters, percent-encoded, and the rest.
const FORM_LIMIT: usize = 24 * 1024;
/// Unicode scalar values of a note to the author.
const NOTE_LENGTH: usize = 1_000;

/// `GET /moderation`, with `?tab=` and a keyset; `?done=` names a decision that can be undone.
pub async fn queue(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
) -> Result<HttpResponse, Error> {
    let tab = tab_of(&articles::parameter(&request, "tab").unwrap_or_default())?;
    let seek = articles::seek(&request)?;
    let done = articles::id_parameter(&request, "done")?;
    let now = app.config.clock.now();
    let shared = app.clone();
    let desk = moderator.desk();
    let html = app
        .store
        .read(move |db| {
            let page = queue::items(db, tab, seek)?;
            let done = match done {
                Some(id) => history::done(db, id)?,
                None => None,
            };
            let page = QueuePage {
                tab,
                counts: queue::counts(db)?,
                items: page.rows,
                rules: rules::current(db)?,
                alone: !moderators::has_others(db, desk.who.id)?,
                done: done.map(|(done, undone)| views::queue::Done::of(done, undone)),
                oldest_waiting: queue::oldest_waiting(db)?,
                newer: page.newer,
                older: page.older,
            };
            Ok(views::queue::page(&shared.site, now, &desk, &page))
        })
        .await?;
    Ok(response::desk(StatusCode::OK, html))
}

fn tab_of(word: &str) -> Result<Tab, Error> {
    match word {
        "" => Ok(Tab::Waiting),
        word => Tab::from_word(word).ok_or(Error::NotFound),
    }
}

/// `POST /moderation/comments/{id}/decide`
pub async fn decide(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = Form::read(&request, payload, FORM_LIMIT).await?;
    moderator.check(&form)?;
    let tab = tab_of(&form.plain("tab")?)?;
    let decision = Decision::from_word(&form.plain("do")?).ok_or(Error::BadRequest)?;
    let ground = form.plain("ground")?;
    let note = text::normalise(&form.plain("note")?).trim().to_owned();
    if note.chars().count() > NOTE_LENGTH || text::has_control(&note, true) {
        return Err(Error::BadRequest);
    }
    // What else the form showed than the comment itself.
    let seen = |field| -> Result<Option<i64>, Error> {
        match form.plain(field)?.as_str() {
            "" => Ok(None),
            shown => articles::id(shown).map(Some).map_err(|_| Error::BadRequest),
        }
    };
    let verdict = Verdict {
        comment: articles::id(&id)?,
        version: articles::id(&form.plain("version")?).map_err(|_| Error::BadRequest)?,
        decision,
        rule: match decision {
            Decision::Reject => Some(ground.parse().map_err(|_| Error::BadRequest)?),
            _ => None,
        },
        note: match decision {
            Decision::Spam => String::new(),
            _ => note,
        },
        revision: seen("revision")?,
        appeal: seen("appeal")?,
        moderator: moderator.person.id,
        now: app.config.clock.now(),
        undo_window: app.config.undo_window,
    };
    // An appeal is answered in words.
    if decision == Decision::Keep && verdict.appeal.is_some() && text::is_blank(&verdict.note) {
        return Err(Error::BadRequest);
    }
    let made = verdict.clone();
    let outcome = app
        .store
        .write(Kind::Update, move |db| decisions::decide(db, &made))
        .await?;
    match outcome {
        Decided::Done(done) => Ok(answer(&app, &request, tab, &done, false)),
        Decided::NoComment => Err(Error::NotFound),
        Decided::NoRule => Err(Error::BadRequest),
        Decided::Conflict { comment } => {
            let wanted = Some((decision, verdict.rule, verdict.note));
            conflict(&app, &moderator, comment, tab, wanted).await
        }
    }
}

/// `POST /moderation/decisions/{id}/undo`
pub async fn undo(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = Form::read(&request, payload, FORM_LIMIT).await?;
    moderator.check(&form)?;
    let tab = tab_of(&form.plain("tab")?)?;
    let back = audit::way_back(&form)?;
    let (decision, by) = (articles::id(&id)?, moderator.person.id);
    let now = app.config.clock.now();
    let outcome = app
        .store
        .write(Kind::Update, move |db| undoing::undo(db, decision, by, now))
        .await?;
    match outcome {
        Decided::Done(done) => Ok(match back {
            Some(back) => back.answer(done.decision),
            None => answer(&app, &request, tab, &done, true),
        }),
        Decided::NoComment => Err(Error::NotFound),
        Decided::NoRule => Err(Error::BadRequest),
        Decided::Conflict { comment } => conflict(&app, &moderator, comment, tab, None).await,
    }
}

/// Back to the list at its next item; or, to the desk's script, what to say and where to undo it.
fn answer(app: &App, request: &HttpRequest, tab: Tab, done: &Done, undone: bool) -> HttpResponse {
    if session::wants_json(request) {
        let said = views::queue::Done::of(done.clone(), undone);
        let message = views::queue::message(&app.site, &said);
        let undo = (!undone).then(|| format!("/moderation/decisions/{}/undo", done.decision));
        return HttpResponse::Ok()
            .insert_header(("cache-control", "no-store"))
            .json(serde_json::json!({ "message": message, "undo": undo }));
    }
    let tab = match tab {
        Tab::Waiting => String::new(),
        other => format!("tab={}&", other.word()),
    };
    response::see_other(&format!("/moderation?{tab}done={}", done.decision))
}

/// 409: what a colleague decided meanwhile, and the choice to keep or change it.
async fn conflict(
    app: &web::Data<App>,
    moderator: &Moderator,
    comment: i64,
    tab: Tab,
    wanted: Option<(Decision, Option<i16>, String)>,
) -> Result<HttpResponse, Error> {
    let shared = app.clone();
    let desk = moderator.desk();
    let now = app.config.clock.now();
    let html = app
        .store
        .read(move |db| {
            let Some(item) = queue::item(db, comment)? else {
                return Ok(None);
            };
            let (decision, ground_number, note) = match &wanted {
                Some((decision, rule, note)) => (Some(*decision), *rule, note.clone()),
                None => (None, None, String::new()),
            };
            let conflict = Conflict {
                // `Pending` is what nobody can decide for: then there is nothing to change it to.
                wanted: decision
                    .and_then(|decision| item.comment.status.after(decision))
                    .unwrap_or(Status::Pending),
                item,
                ground_number,
                note,
                tab,
                rules: rules::current(db)?,
                alone: !moderators::has_others(db, desk.who.id)?,
            };
            Ok(Some(views::conflict::page(
                &shared.site,
                now,
                &desk,
                &conflict,
            )))
        })
        .await?
        .ok_or(Error::NotFound)?;
    Ok(response::desk(StatusCode::CONFLICT, html))
}
