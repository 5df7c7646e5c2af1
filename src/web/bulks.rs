//! Many decisions at once: by tick boxes, or everything in a list, which is shown before it is done.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream::{self, StreamExt};

use super::error::Error;
use super::form::Form;
use super::queue::{back_to, reader};
use super::session::Moderator;
use super::{articles, audit, moderation, queue, response};
use crate::app::App;
use crate::moderation::Decision;
use crate::store::bulks::{self, MOST, Picked};
use crate::store::decisions::{self, Decided, Verdict};
use crate::store::listing::Listing;
use crate::store::{self, Kind, rules, undoing};
use crate::views;

/// Bytes of a bulk's form: a few numbers for each comment, and the rest.
const FORM_LIMIT: usize = MOST * 64 + 8 * 1024;
/// Decisions that are on their way to the writer together: they share its commits.
const AT_ONCE: usize = 64;

/// `POST /moderation/bulk`: with `everything`, a page that says what would happen; else it happens.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = moderator.form(&request, payload, FORM_LIMIT).await?;
    let list = queue::list_of(&form)?;
    let decision = Decision::from_word(&form.plain("do")?).ok_or(Error::BadRequest)?;
    let undecided = |why| response::see_other(&back_to(&list, why, None));
    // "Reject because…" is no reason.
    if decision == Decision::Reject && form.plain("ground")?.is_empty() {
        return Ok(undecided("said=groundless"));
    }
    let rule = moderation::rule(&form, decision)?;
    if !form.plain("everything")?.is_empty() {
        return preview(&app, &moderator, list, decision, rule).await;
    }
    let picked = picked(&form)?;
    if picked.is_empty() {
        return Ok(undecided("said=nothing"));
    }
    // To its end, though its moderator should go away.
    let work = run(app.clone(), moderator.person.id, decision, rule, picked);
    let bulk = actix_web::rt::spawn(work)
        .await
        .map_err(|error| Error::Internal(error.to_string()))??;
    let told = format!("bulk={bulk}");
    Ok(response::see_other(&back_to(&list, &told, None)))
}

/// What was ticked, or what the page before the act carried in one field.
fn picked(form: &Form) -> Result<Vec<Picked>, Error> {
    let mut picked: Vec<Picked> = Vec::new();
    for field in form.all("sel") {
        for word in field.split_ascii_whitespace() {
            let one = Picked::parse(word).ok_or(Error::BadRequest)?;
            if !picked.iter().any(|known| known.comment == one.comment) {
                picked.push(one);
            }
        }
    }
    match picked.len() <= MOST {
        true => Ok(picked),
        false => Err(Error::BadRequest),
    }
}

async fn preview(
    app: &web::Data<App>,
    moderator: &Moderator,
    list: Listing,
    decision: Decision,
    rule: Option<i16>,
) -> Result<HttpResponse, Error> {
    let (shared, desk, reader) = (app.clone(), moderator.desk(), reader(app, moderator));
    let html = app
        .store
        .read(move |db| {
            let list = list.clone();
            let preview = bulks::preview(db, &list, decision, reader)?;
            let rule = match rule {
                Some(number) => match rules::numbered(db, number)? {
                    Some(rule) => Some(rule),
                    None => return Ok(None),
                },
                None => None,
            };
            let plan = views::bulk::Plan {
                list,
                decision,
                rule,
                preview,
                counts: store::queue::counts(db)?,
            };
            Ok(Some(views::bulk::page(&shared.site, &desk, &plan)))
        })
        .await?
        .ok_or(Error::BadRequest)?;
    Ok(response::desk(StatusCode::OK, html))
}

/// Makes the decisions, each by itself, and says by which bulk.
async fn run(
    app: web::Data<App>,
    by: i64,
    decision: Decision,
    rule: Option<i16>,
    picked: Vec<Picked>,
) -> Result<i64, Error> {
    let (now, asked) = (app.config.clock.now(), picked.len());
    let bulk = app
        .store
        .write(Kind::Update, move |db| bulks::begin(db, by, asked, now))
        .await?;
    let verdicts = picked.iter().map(|one| Verdict {
        comment: one.comment,
        version: one.version,
        decision,
        rule,
        note: String::new(),
        revision: one.revision,
        appeal: None,
        moderator: by,
        now,
        undo_window: app.config.undo_window,
        bulk: Some(bulk),
    });
    // A decision that fails leaves the others as they are, and is counted with those that changed.
    let outcomes: Vec<store::Result<Decided>> = stream::iter(verdicts)
        .map(|verdict| {
            app.store
                .write(Kind::Update, move |db| decisions::decide(db, &verdict))
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let mut failed = None;
    let outcomes: Vec<Decided> = outcomes
        .into_iter()
        .filter_map(|outcome| outcome.map_err(|error| failed = Some(error)).ok())
        .collect();
    for outcome in &outcomes {
        if matches!(outcome, Decided::Done(_)) {
            app.metrics.acts.decided(decision);
        }
    }
    if outcomes.contains(&Decided::NoRule) {
        return Err(Error::BadRequest);
    }
    let made = outcomes.iter().find_map(|outcome| match outcome {
        Decided::Done(done) => Some(done.decision),
        _ => None,
    });
    if let (None, Some(error)) = (made, failed) {
        return Err(error.into());
    }
    let all = i64::try_from(asked).unwrap_or(i64::MAX);
    Ok(app
        .store
        .write(Kind::Update, move |db| {
            let own = bulks::decisions(db, bulk)?.len();
            // The same form sent twice: what the first one did is told.
            if own == 0
                && let Some(made) = made
                && let Some(first) = bulks::of_decision(db, made)?
            {
                bulks::finish_what_was_cut_off(db, first)?;
                return Ok(first);
            }
            let done = i64::try_from(own).unwrap_or(i64::MAX);
            bulks::finish(db, bulk, done, all - done)?;
            Ok(bulk)
        })
        .await?)
}

/// `POST /moderation/bulks/{id}/undo`: each decision of it that is still its comment's last.
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
    let bulk = articles::id(&id)?;
    let made = app
        .store
        .read(move |db| match bulks::find(db, bulk)? {
            Some(_) => bulks::decisions(db, bulk).map(Some),
            None => Ok(None),
        })
        .await?
        .ok_or(Error::NotFound)?;
    let (by, now) = (moderator.person.id, app.config.clock.now());
    let all = i64::try_from(made.len()).unwrap_or(i64::MAX);
    let outcomes: Vec<store::Result<Decided>> = stream::iter(made)
        .map(|decision| {
            app.store
                .write(Kind::Update, move |db| undoing::undo(db, decision, by, now))
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let changed = outcomes
        .iter()
        .filter(|outcome| !matches!(outcome, Ok(Decided::Done(_))))
        .count();
    for _ in changed..outcomes.len() {
        app.metrics.acts.undid();
    }
    let changed = i64::try_from(changed).unwrap_or(i64::MAX);
    app.store
        .write(Kind::Update, move |db| {
            bulks::note_undone(db, bulk, all - changed, changed)
        })
        .await?;
    let one = outcomes.iter().find_map(|outcome| match outcome {
        Ok(Decided::Done(done)) => Some(done.decision),
        _ => None,
    });
    if let (Some(back), Some(undo)) = (back, one) {
        return Ok(back.answer(undo));
    }
    let told = format!("bulk={bulk}");
    Ok(response::see_other(&back_to(&list, &told, None)))
}
