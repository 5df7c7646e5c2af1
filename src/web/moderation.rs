//! Decisions and their undoing.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::session::{self, Moderator};
use super::{articles, audit, notes, queue, response};
use crate::app::App;
use crate::moderation::{Decision, Status};
use crate::store::decisions::{self, Decided, Done, Verdict};
use crate::store::listing::Listing;
use crate::store::{
    self, Kind, author_holds, claims, listed, moderators, rules, saved_replies, undoing,
};
use crate::text;
use crate::views;
use crate::views::conflict::Conflict;

/// Bytes of a decision's form: a note of [`DECISION_NOTE`] characters, percent-encoded, and the rest.
const FORM_LIMIT: usize = DECISION_NOTE * 12 + 12 * 1024;
/// Unicode scalar values of a note to the author: a saved reply, an empty line, and as much again.
const DECISION_NOTE: usize = 2 * notes::NOTE_LENGTH + 2;

/// What a form asks to be done with a comment.
enum Asked {
    Decision(Decision),
    /// Approve it, and trust its author from now on.
    Trust,
    /// Leave it to others.
    Skip,
}

impl Asked {
    fn from_word(word: &str) -> Option<Self> {
        match word {
            "trust" => Some(Self::Trust),
            "skip" => Some(Self::Skip),
            word => Decision::from_word(word).map(Self::Decision),
        }
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
    let form = moderator.form(&request, payload, FORM_LIMIT).await?;
    let list = queue::list_of(&form)?;
    let comment = articles::id(&id)?;
    let (decision, trust) = match Asked::from_word(&form.plain("do")?).ok_or(Error::BadRequest)? {
        Asked::Skip => return skip(&app, &moderator, &list, comment).await,
        Asked::Trust => (Decision::Approve, true),
        Asked::Decision(decision) => (decision, false),
    };
    let note = match decision {
        Decision::Spam => String::new(),
        _ => note(&app, &form).await?,
    };
    let verdict = Verdict {
        comment,
        version: articles::id(&form.plain("version")?).map_err(|_| Error::BadRequest)?,
        decision,
        rule: rule(&form, decision)?,
        note,
        revision: seen(&form, "revision")?,
        appeal: seen(&form, "appeal")?,
        moderator: moderator.person.id,
        now: app.config.clock.now(),
        undo_window: app.config.undo_window,
        bulk: None,
    };
    // An appeal is answered in words.
    if decision == Decision::Keep && verdict.appeal.is_some() && text::is_blank(&verdict.note) {
        return Err(Error::BadRequest);
    }
    let (made, span) = (verdict.clone(), app.config.claim_span);
    let outcome = app
        .store
        .write(Kind::Update, move |db| {
            let outcome = decisions::decide(db, &made)?;
            if let Decided::Done(done) = &outcome {
                claims::renew(db, made.moderator, made.now, span)?;
                if trust {
                    author_holds::trust_author_of(db, done.comment, made.moderator, made.now)?;
                }
            }
            Ok(outcome)
        })
        .await?;
    match outcome {
        Decided::Done(done) => {
            app.metrics.acts.decided(decision);
            answer(&app, &request, &moderator, &list, &done, false).await
        }
        Decided::NoComment => Err(Error::NotFound),
        Decided::NoRule => Err(Error::BadRequest),
        Decided::Conflict { comment } => {
            if session::wants_json(&request) {
                // The script sends the form once more, as a browser does, and shows what it gets.
                return Ok(HttpResponse::Conflict()
                    .insert_header(response::Keep::Never.header())
                    .finish());
            }
            let wanted = Some((decision, verdict.rule, verdict.note, verdict.revision));
            conflict(&app, &moderator, comment, list, wanted).await
        }
    }
}

/// The number of the house rule that a rejection names.
///
/// # Errors
/// 400 when it names none.
pub fn rule(form: &Form, decision: Decision) -> Result<Option<i16>, Error> {
    match decision {
        Decision::Reject => {
            let ground = form.plain("ground")?;
            ground.parse().map(Some).map_err(|_| Error::BadRequest)
        }
        _ => Ok(None),
    }
}

/// What else the form showed than the comment itself.
fn seen(form: &Form, field: &str) -> Result<Option<i64>, Error> {
    match form.plain(field)?.as_str() {
        "" => Ok(None),
        shown => articles::id(shown).map(Some).map_err(|_| Error::BadRequest),
    }
}

/// The note of a decision: a saved reply, what was typed, or the one before the other.
async fn note(app: &App, form: &Form) -> Result<String, Error> {
    let typed = text::normalise(&form.plain("note")?).trim().to_owned();
    let saved = match seen(form, "saved")? {
        Some(id) => app
            .store
            .read(move |db| saved_replies::text(db, id))
            .await?
            .unwrap_or_default(),
        None => String::new(),
    };
    let note = match (saved.as_str(), typed.as_str()) {
        (saved, "") => saved.to_owned(),
        ("", typed) => typed.to_owned(),
        // With the script, the saved reply is in the field already.
        (saved, typed) if typed.contains(saved) => typed.to_owned(),
        (saved, typed) => format!("{saved}\n\n{typed}"),
    };
    if note.chars().count() > DECISION_NOTE || text::has_control(&note, true) {
        return Err(Error::BadRequest);
    }
    Ok(note)
}

/// On to the next comment; whoever skips one does not claim it.
async fn skip(
    app: &App,
    moderator: &Moderator,
    list: &Listing,
    comment: i64,
) -> Result<HttpResponse, Error> {
    let (by, now, span) = (
        moderator.person.id,
        app.config.clock.now(),
        app.config.claim_span,
    );
    app.store
        .write(Kind::Update, move |db| {
            claims::release(db, comment, by)?;
            claims::renew(db, by, now, span)
        })
        .await?;
    let reader = queue::reader(app, moderator);
    let at = list.clone();
    let next = app
        .store
        .read(move |db| listed::after(db, &at, reader, comment, true))
        .await?;
    Ok(response::see_other(&queue::back_to(
        &next.list,
        "",
        next.comment,
    )))
}

/// `POST /moderation/decisions/{id}/undo`
pub async fn undo(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = moderator.form(&request, payload, FORM_LIMIT).await?;
    let list = queue::list_of(&form)?;
    let back = audit::way_back(&form)?;
    let (decision, by) = (articles::id(&id)?, moderator.person.id);
    let now = app.config.clock.now();
    let outcome = app
        .store
        .write(Kind::Update, move |db| undoing::undo(db, decision, by, now))
        .await?;
    match outcome {
        Decided::Done(done) => {
            app.metrics.acts.undid();
            match back {
                Some(back) => Ok(back.answer(done.decision)),
                None => answer(&app, &request, &moderator, &list, &done, true).await,
            }
        }
        Decided::NoComment => Err(Error::NotFound),
        Decided::NoRule => Err(Error::BadRequest),
        Decided::Conflict { comment } => conflict(&app, &moderator, comment, list, None).await,
    }
}

/// Back to the list at its next item; or, to the desk's script, what to say, where to undo it, and what waits now.
async fn answer(
    app: &App,
    request: &HttpRequest,
    moderator: &Moderator,
    list: &Listing,
    done: &Done,
    undone: bool,
) -> Result<HttpResponse, Error> {
    if session::wants_json(request) {
        let said = views::toast::Done::of(done.clone(), undone);
        let message = views::queue::message(&app.site, &said);
        let undo = (!undone).then(|| format!("/moderation/decisions/{}/undo", done.decision));
        let counts = queue::tab_counts(app).await?;
        return Ok(response::desk_json(
            &serde_json::json!({ "message": message, "undo": undo, "counts": counts }),
        ));
    }
    let reader = queue::reader(app, moderator);
    let (at, comment) = (list.clone(), done.comment);
    let next = app
        .store
        .read(move |db| listed::after(db, &at, reader, comment, !undone))
        .await?;
    let told = format!("done={}", done.decision);
    Ok(response::see_other(&queue::back_to(
        &next.list,
        &told,
        next.comment,
    )))
}

/// 409: what a colleague decided meanwhile, and the choice to keep or change it.
async fn conflict(
    app: &web::Data<App>,
    moderator: &Moderator,
    comment: i64,
    list: Listing,
    wanted: Option<(Decision, Option<i16>, String, Option<i64>)>,
) -> Result<HttpResponse, Error> {
    let shared = app.clone();
    let desk = moderator.desk();
    let now = app.config.clock.now();
    let html = app
        .store
        .read(move |db| {
            let Some(mut item) = store::queue::item(db, comment, now)? else {
                return Ok(None);
            };
            let waits = item.revision.as_ref().map(|revision| revision.id);
            let (decision, ground_number, note) = match &wanted {
                // What was judged was an edit that waits no more: there is nothing to change it to.
                Some((_, _, _, Some(seen))) if waits != Some(*seen) => (None, None, String::new()),
                Some((decision, rule, note, seen)) => {
                    // What was judged was the comment, and not the edit that waits.
                    if seen.is_none() {
                        item.revision = None;
                    }
                    (Some(*decision), *rule, note.clone())
                }
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
                list: list.clone(),
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
