//! The house rules on the desk: edited as a whole, by admins.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::session::{Admin, Moderator};
use super::{articles, response};
use crate::app::App;
use crate::moderation::house_rules::{self as limits, Draft, MOST, TEXT_LENGTH};
use crate::store::audit::Actor;
use crate::store::house_rules::{self, Replaced};
use crate::store::rules::Rule;
use crate::store::{Kind, queue, rules};
use crate::text;
use crate::views;
use crate::views::house_rules::{Shown, Typed};

/// Twelve bytes for a scalar value in percent-encoding, for each rule and one to add, and room for the rest.
const FORM_LIMIT: usize = 12 * (MOST + 1) * (TEXT_LENGTH + 200) + 16 * 1024;

/// `GET /moderation/rules`
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    Admin(moderator): Admin,
) -> Result<HttpResponse, Error> {
    let saved = articles::parameter(&request, "said").as_deref() == Some("saved");
    let shown = Shown {
        saved,
        ..Shown::default()
    };
    page(&app, &moderator, shown, StatusCode::OK).await
}

async fn page(
    app: &web::Data<App>,
    moderator: &Moderator,
    shown: Shown,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let (shared, desk) = (app.clone(), moderator.desk());
    let html = app
        .store
        .read(move |db| {
            let (current, counts) = (rules::current(db)?, queue::counts(db)?);
            let page = views::house_rules::page(&shared.site, &desk, &counts, &current, &shown);
            Ok(page)
        })
        .await?;
    Ok(response::desk(status, html))
}

/// `POST /moderation/rules`: the whole set as the form has it.
pub async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    Admin(moderator): Admin,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = moderator.form(&request, payload, FORM_LIMIT).await?;
    let base = base(&form)?;
    let current = app.store.read(rules::current).await?;
    let typed = read(&form, &base, &current);
    let stale = base.len() != current.len()
        || base
            .iter()
            .any(|id| !current.iter().any(|rule| rule.id == *id));
    if !stale && (typed.iter().any(Typed::is_wrong) || too_many(&typed)) {
        let shown = Shown {
            too_many: too_many(&typed),
            typed,
            ..Shown::default()
        };
        return page(&app, &moderator, shown, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let drafts: Vec<Draft> = typed.iter().filter_map(Typed::draft).collect();
    let (by, now) = (
        Actor::Moderator(moderator.person.id),
        app.config.clock.now(),
    );
    let replaced = match stale {
        true => Replaced::Stale,
        false => {
            app.store
                .write(Kind::Update, move |db| {
                    house_rules::replace(db, &drafts, Some(&base), by, now)
                })
                .await?
        }
    };
    match replaced {
        Replaced::Done(_) => Ok(response::see_other("/moderation/rules?said=saved")),
        Replaced::Stale => {
            let shown = Shown {
                kept: typed,
                ..Shown::default()
            };
            page(&app, &moderator, shown, StatusCode::CONFLICT).await
        }
    }
}

/// The rules that the form was made from, by their rows.
fn base(form: &Form) -> Result<Vec<i64>, Error> {
    let base = form.plain("base")?;
    let ids: Result<Vec<i64>, Error> = base.split('.').map(articles::id).collect();
    ids.ok()
        .filter(|ids| ids.len() <= MOST)
        .ok_or(Error::BadRequest)
}

/// What was typed: each rule of the form, and the new one unless it was left empty. With what is wrong with it.
fn read(form: &Form, base: &[i64], current: &[Rule]) -> Vec<Typed> {
    let mut typed: Vec<Typed> = base
        .iter()
        .map(|id| {
            let known = current.iter().find(|rule| rule.id == *id);
            let illegal = known.is_some_and(|rule| rule.kind == "illegal");
            one(form, Some(*id), illegal)
        })
        .collect();
    let new = one(form, None, false);
    if !new.title.is_empty() || !new.text.is_empty() {
        typed.push(new);
    }
    let (places, drafts): (Vec<usize>, Vec<Draft>) = typed
        .iter()
        .enumerate()
        .filter_map(|(at, typed)| Some((at, typed.draft()?)))
        .unzip();
    for (at, problem) in limits::problems(&drafts).0 {
        if let Some(typed) = places.get(at).and_then(|at| typed.get_mut(*at)) {
            typed.note(problem);
        }
    }
    typed
}

fn one(form: &Form, was: Option<i64>, illegal: bool) -> Typed {
    let key = was.map_or_else(|| "new".to_owned(), |id| id.to_string());
    let sent = |name: &str| form.sent(&format!("{name}-{key}"));
    let line = |text: &str| match text::is_blank(text) {
        true => String::new(),
        false => text::one_line(text),
    };
    let (number, title, words) = (sent("number"), sent("title"), sent("text"));
    let mut typed = Typed {
        was,
        number: number.text.trim().to_owned(),
        illegal,
        title: line(&title.text),
        text: line(&words.text),
        // Nobody removes the rule for what the law forbids.
        remove: !illegal && sent("remove").text == "yes",
        ..Typed::default()
    };
    typed.number_wrong = number.problem.is_some();
    typed.title_wrong = title.problem.is_some();
    typed.text_wrong = words.problem.is_some();
    typed
}

fn too_many(typed: &[Typed]) -> bool {
    typed.iter().filter_map(Typed::draft).count() > MOST
}
