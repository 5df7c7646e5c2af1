//! The lists of the policy on the desk: entries shown, tried on the last comments, added, removed. For admins.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::session::Admin;
use super::{articles, response};
use crate::app::App;
use crate::moderation::listed::{Action, EntryKind, EntryProblem, ListEntry, Scope};
use crate::store::articles::Seek;
use crate::store::audit::Actor;
use crate::store::policy::{self, Changed};
use crate::store::policy_check::checked;
use crate::store::policy_trial;
use crate::store::{Kind, queue};
use crate::text;
use crate::time::Timestamp;
use crate::views::policy_lists::{self as view, EntryForm, ListsPage, Previewed, Wrong};

/// Bytes of a form: a hundred of the longest patterns.
const FORM_LIMIT: usize = 256 * 1024;
/// Entries that one form adds.
const MOST_LINES: usize = 100;

/// `GET /moderation/policy/lists`, with a keyset and `?q=`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    admin: Admin,
) -> Result<HttpResponse, Error> {
    let seek = articles::seek(&request)?;
    let sought = articles::parameter(&request, "q").unwrap_or_default();
    let said = articles::parameter(&request, "said").unwrap_or_default();
    let sought = text::one_line(&sought).replace('\0', "");
    let shown = (seek, sought, said, EntryForm::default());
    page(&app, &admin, StatusCode::OK, shown).await
}

async fn page(
    app: &web::Data<App>,
    admin: &Admin,
    status: StatusCode,
    (seek, sought, said, form): (Seek, String, String, EntryForm),
) -> Result<HttpResponse, Error> {
    let (shared, desk) = (app.clone(), admin.0.desk());
    let now = app.config.clock.now();
    let html = app
        .store
        .read(move |db| {
            let lists = ListsPage {
                seek,
                listed: policy::page(db, seek, &sought)?,
                sought: sought.clone(),
                said: said.clone(),
                form: form.clone(),
                counts: queue::counts(db)?,
            };
            Ok(view::page(&shared.site, now, &desk, &lists))
        })
        .await?;
    Ok(response::desk(status, html))
}

/// `POST /moderation/policy/lists`, with `do=preview|add|remove`.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    admin: Admin,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = admin.0.form(&request, payload, FORM_LIMIT).await?;
    let act = form.plain("do")?;
    let by = Actor::Moderator(admin.0.person.id);
    let now = app.config.clock.now();
    if act == "remove" {
        let id = articles::id(&form.plain("id")?).map_err(|_| Error::BadRequest)?;
        let changed = app
            .store
            .write(Kind::Update, move |db| policy::remove(db, id, by, now))
            .await?;
        return Ok(done(match changed {
            Changed::Done => "removed",
            Changed::Gone => "gone",
            _ => "meanwhile",
        }));
    }
    let typed = read(&form)?;
    let entries = match entries(&app, &typed, now) {
        Ok(entries) => entries,
        Err(wrong) => return again(&app, &admin, typed, wrong).await,
    };
    match act.as_str() {
        "preview" => preview(&app, &admin, typed, entries, now).await,
        "add" => add(&app, &admin, typed, entries, now).await,
        "change" => {
            let shown = (Seek::First, String::new(), String::new(), typed);
            page(&app, &admin, StatusCode::OK, shown).await
        }
        _ => Err(Error::BadRequest),
    }
}

fn done(said: &str) -> HttpResponse {
    response::see_other(&format!("/moderation/policy/lists?said={said}"))
}

/// The lists with what was typed and what is wrong with it.
async fn again(
    app: &web::Data<App>,
    admin: &Admin,
    typed: EntryForm,
    wrong: Wrong,
) -> Result<HttpResponse, Error> {
    let status = match wrong {
        Wrong::Full | Wrong::Meanwhile => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let form = EntryForm {
        wrong: Some(wrong),
        ..typed
    };
    let shown = (Seek::First, String::new(), String::new(), form);
    page(app, admin, status, shown).await
}

fn read(form: &Form) -> Result<EntryForm, Error> {
    let kind = EntryKind::from_word(&form.plain("kind")?).ok_or(Error::BadRequest)?;
    let action = Action::from_word(&form.plain("action")?).ok_or(Error::BadRequest)?;
    let ticked = |name: &str| Ok::<bool, Error>(!form.plain(name)?.is_empty());
    Ok(EntryForm {
        kind,
        action,
        scope: Scope {
            text: ticked("in-text")?,
            name: ticked("in-name")?,
            website: ticked("in-website")?,
        },
        patterns: text::normalise(&form.plain("patterns")?),
        until: form.plain("until")?.trim().to_owned(),
        wrong: None,
    })
}

/// The entries of a form, a line each; or what is wrong with the first that is wrong.
fn entries(app: &App, typed: &EntryForm, now: Timestamp) -> Result<Vec<ListEntry>, Wrong> {
    let until = match typed.until.as_str() {
        "" => None,
        date => Some(app.config.zone.end_of_day(date).ok_or(Wrong::Until)?.0),
    };
    let mut entries: Vec<ListEntry> = Vec::new();
    let lines = typed.patterns.lines().map(str::trim);
    for line in lines.filter(|line| !line.is_empty()) {
        let entry = ListEntry {
            kind: typed.kind,
            pattern: line.to_owned(),
            action: typed.action,
            scope: typed.scope,
            until,
        };
        let entry = checked(entry, now).map_err(|problem| match problem {
            EntryProblem::Ended => Wrong::Until,
            EntryProblem::NoScope => Wrong::Scope,
            problem => Wrong::Line(line.to_owned(), problem),
        })?;
        if !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    match entries.len() {
        0 => Err(Wrong::Nothing),
        1..=MOST_LINES => Ok(entries),
        _ => Err(Wrong::TooMany),
    }
}

/// What the entries would have done to the last comments, and a button that adds them.
async fn preview(
    app: &web::Data<App>,
    admin: &Admin,
    typed: EntryForm,
    entries: Vec<ListEntry>,
    now: Timestamp,
) -> Result<HttpResponse, Error> {
    let (shared, desk) = (app.clone(), admin.0.desk());
    let form = typed.clone();
    let html = app
        .store
        .read_at_length(move |db| {
            for entry in &entries {
                if policy::find(db, entry.kind, &entry.pattern)?.is_some() {
                    let pattern = entry.pattern.clone();
                    return Ok(Err(Wrong::Line(pattern, EntryProblem::Known)));
                }
            }
            let previewed = Previewed {
                form: form.clone(),
                hindsight: policy_trial::in_hindsight(db, entries.clone(), now)?,
                entries: entries.clone(),
                counts: queue::counts(db)?,
            };
            Ok(Ok(view::preview(&shared.site, now, &desk, &previewed)))
        })
        .await?;
    match html {
        Ok(html) => Ok(response::desk(StatusCode::OK, html)),
        Err(wrong) => again(app, admin, typed, wrong).await,
    }
}

async fn add(
    app: &web::Data<App>,
    admin: &Admin,
    typed: EntryForm,
    entries: Vec<ListEntry>,
    now: Timestamp,
) -> Result<HttpResponse, Error> {
    let by = Actor::Moderator(admin.0.person.id);
    let changed = app
        .store
        .write(Kind::Update, move |db| policy::add(db, &entries, by, now))
        .await?;
    match changed {
        Changed::Done => Ok(done("added")),
        Changed::Wrong(pattern, problem) => {
            again(app, admin, typed, Wrong::Line(pattern, problem)).await
        }
        Changed::Full => again(app, admin, typed, Wrong::Full).await,
        Changed::Meanwhile | Changed::Gone => again(app, admin, typed, Wrong::Meanwhile).await,
    }
}
