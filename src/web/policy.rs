//! The policy on the desk: its settings, and a text tried against it. For admins.

use std::net::IpAddr;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::session::Admin;
use super::{articles, response};
use crate::app::App;
use crate::moderation::policy::{MOST_LINKS, MOST_SECONDS, Settings, Standing};
use crate::store::audit::Actor;
use crate::store::policy::{self, Changed, InForce};
use crate::store::policy_trial::{self, Trial};
use crate::store::{Kind, queue};
use crate::text;
use crate::views::policy::{self as view, PolicyPage, Said, SettingsForm, TrialForm};

/// Bytes of the settings' form.
const FORM_LIMIT: usize = 4 * 1024;

/// `GET /moderation/policy`
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    admin: Admin,
) -> Result<HttpResponse, Error> {
    let saved = articles::parameter(&request, "said").is_some_and(|said| said == "saved");
    let said = if saved { Said::Saved } else { Said::Nothing };
    page(
        &app,
        &admin,
        StatusCode::OK,
        (said, None, TrialForm::default()),
    )
    .await
}

/// The page; with what was typed into its forms, if it was.
async fn page(
    app: &web::Data<App>,
    admin: &Admin,
    status: StatusCode,
    shown: (Said, Option<SettingsForm>, TrialForm),
) -> Result<HttpResponse, Error> {
    let (shared, desk) = (app.clone(), admin.0.desk());
    let now = app.config.clock.now();
    let html = app
        .store
        .read(move |db| {
            let (said, typed, trial) = shown.clone();
            let in_force = policy::in_force(db)?;
            let page = PolicyPage {
                said,
                form: typed.unwrap_or_else(|| form_of(in_force)),
                given: shared
                    .config
                    .hold
                    .as_ref()
                    .map(|given| (given.value, given.source.to_string())),
                entries: policy::count(db)?,
                trial,
                counts: queue::counts(db)?,
            };
            Ok(view::page(&shared.site, now, &desk, &page))
        })
        .await?;
    Ok(response::desk(status, html))
}

fn form_of(policy: InForce) -> SettingsForm {
    let settings = policy.settings;
    SettingsForm {
        version: policy.version,
        settings,
        links: settings.links.to_string(),
        fast: settings.fast_seconds.to_string(),
        links_wrong: false,
        fast_wrong: false,
    }
}

/// `POST /moderation/policy`: saves the settings.
pub async fn save(
    app: web::Data<App>,
    request: HttpRequest,
    admin: Admin,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = admin.0.form(&request, payload, FORM_LIMIT).await?;
    let in_force = app.store.read(policy::in_force).await?;
    let typed = read(&form, in_force.settings, app.config.hold.is_some())?;
    if typed.links_wrong || typed.fast_wrong {
        let invalid = StatusCode::UNPROCESSABLE_ENTITY;
        let shown = (Said::Nothing, Some(typed), TrialForm::default());
        return page(&app, &admin, invalid, shown).await;
    }
    let (settings, version) = (typed.settings, typed.version);
    let (by, now) = (Actor::Moderator(admin.0.person.id), app.config.clock.now());
    let changed = app
        .store
        .write(Kind::Update, move |db| {
            policy::set(db, version, &settings, by, now)
        })
        .await?;
    if changed == Changed::Done {
        return Ok(response::see_other("/moderation/policy?said=saved"));
    }
    // What was typed stays, over the version that is in force now: sent once more, it replaces that one.
    let version = app.store.read(policy::version).await?;
    let typed = SettingsForm { version, ..typed };
    let shown = (Said::Meanwhile, Some(typed), TrialForm::default());
    page(&app, &admin, StatusCode::CONFLICT, shown).await
}

/// The settings as typed. The hold mode stays as it is where it was given outside.
fn read(form: &Form, in_force: Settings, hold_given: bool) -> Result<SettingsForm, Error> {
    let ticked = |name| Ok::<bool, Error>(!form.plain(name)?.is_empty());
    let (links, fast) = (form.plain("links")?, form.plain("fast")?);
    let number = |typed: &str, most: u32| {
        let number = typed.trim().parse::<u32>().ok();
        number.filter(|number| *number <= most)
    };
    let (links_read, fast_read) = (number(&links, MOST_LINKS), number(&fast, MOST_SECONDS));
    let hold = match form.plain("hold")?.parse() {
        Ok(hold) => hold,
        Err(_) if hold_given => in_force.hold,
        Err(_) => return Err(Error::BadRequest),
    };
    let version = form.plain("version")?;
    Ok(SettingsForm {
        version: version.parse().map_err(|_| Error::BadRequest)?,
        settings: Settings {
            hold: if hold_given { in_force.hold } else { hold },
            links: links_read.unwrap_or(in_force.links),
            duplicates: ticked("duplicates")?,
            fast_seconds: fast_read.unwrap_or(in_force.fast_seconds),
            new_author_link: ticked("new-author-link")?,
            trust: ticked("trust")?,
        },
        links_wrong: links_read.is_none(),
        fast_wrong: fast_read.is_none(),
        links,
        fast,
    })
}

/// `POST /moderation/policy/try`: says what would become of a reply, and stores nothing.
pub async fn try_it(
    app: web::Data<App>,
    request: HttpRequest,
    admin: Admin,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let limit = app.config.body_limit();
    let form = admin.0.form(&request, payload, limit).await?;
    let address = form.plain("address")?;
    let parsed = address.trim().parse::<IpAddr>().ok();
    let mut typed = TrialForm {
        name: text::one_line(&form.plain("name")?),
        email: text::one_line(&form.plain("email")?),
        website: text::one_line(&form.plain("website")?),
        body: text::normalise(&form.plain("body")?),
        address_wrong: parsed.is_none() && !address.trim().is_empty(),
        address,
        body_wrong: false,
        standing: match form.plain("author")?.as_str() {
            "known" => Standing::Known,
            "trusted" => Standing::Trusted,
            _ => Standing::New,
        },
        outcome: None,
    };
    if typed.address_wrong || typed.body.chars().count() > app.config.max_length {
        typed.body_wrong = typed.body.chars().count() > app.config.max_length;
        let invalid = StatusCode::UNPROCESSABLE_ENTITY;
        return page(&app, &admin, invalid, (Said::Nothing, None, typed)).await;
    }
    let trial = Trial {
        name: typed.name.clone(),
        email: typed.email.clone(),
        website: typed.website.clone(),
        body: typed.body.clone(),
        address: parsed,
        standing: typed.standing,
    };
    let checker = app.policy_in_force().await?;
    let mode = app.config.hold_or(checker.policy().settings.hold);
    let now = app.config.clock.now();
    let outcome = app
        .store
        .read(move |db| policy_trial::of_reply(db, &checker, mode, &trial, now))
        .await?;
    typed.outcome = Some(outcome);
    page(&app, &admin, StatusCode::OK, (Said::Nothing, None, typed)).await
}
