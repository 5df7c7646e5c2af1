//! The accounts of the desk, for admins.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::account::FORM_LIMIT;
use super::error::Error;
use super::form::Form;
use super::session::Admin;
use super::{articles, response};
use crate::app::App;
use crate::moderation::{Role, password};
use crate::store::audit::Actor;
use crate::store::people::{self, Added, Change, Changed, NewAccount};
use crate::store::{Kind, queue, token};
use crate::text;
use crate::views::people::{self as view, Given, PeoplePage, Typed};
use crate::{passwords, second_factor};

/// Random bytes of a password that is made here, each of which gives five bits.
const PASSWORD_BYTES: usize = 20;

/// `GET /moderation/people`, from the account after `?after=` on; `?said=` tells what was done, `?id=` to whom.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    admin: Admin,
) -> Result<HttpResponse, Error> {
    let said = articles::parameter(&request, "said").unwrap_or_default();
    let shown = Shown {
        after: articles::id_parameter(&request, "after")?,
        about: articles::id_parameter(&request, "id")?,
        said,
        typed: Typed::default(),
    };
    page(&app, &admin, shown, StatusCode::OK).await
}

/// What a page shows beside the accounts.
#[derive(Clone, Default)]
struct Shown {
    after: Option<i64>,
    /// The account that something was done about.
    about: Option<i64>,
    said: String,
    typed: Typed,
}

async fn page(
    app: &web::Data<App>,
    admin: &Admin,
    shown: Shown,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let (shared, desk) = (app.clone(), admin.0.desk());
    let now = app.config.clock.now();
    let html = app
        .store
        .read(move |db| {
            let about = match shown.about {
                Some(id) => people::name(db, id)?,
                None => None,
            };
            let page = PeoplePage {
                people: people::page(db, shown.after)?,
                counts: queue::counts(db)?,
                said: shown.said.clone(),
                about: about.unwrap_or_default(),
                typed: shown.typed.clone(),
                after: shown.after,
            };
            Ok(view::page(&shared.site, now, &desk, &page))
        })
        .await?;
    Ok(response::desk(status, html))
}

/// `POST /moderation/people`
pub async fn add(
    app: web::Data<App>,
    request: HttpRequest,
    admin: Admin,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = admin.0.form(&request, payload, FORM_LIMIT).await?;
    let role = role(&form)?;
    let chosen = form.plain("password")?;
    let mut typed = Typed {
        name: text::one_line(&form.plain("name")?),
        role: Some(role),
        ..Typed::default()
    };
    typed.name_wrong = !people::is_name(&typed.name);
    typed.weak = match chosen.as_str() {
        "" => None,
        chosen => password::check(chosen).err(),
    };
    if typed.name_wrong || typed.weak.is_some() {
        return invalid(&app, &admin, typed).await;
    }
    let made = chosen.is_empty();
    let password = if made { new_password()? } else { chosen };
    let Some(password_hash) = hash(&app, password.clone()).await? else {
        typed.busy = true;
        let shown = Shown {
            typed,
            ..Shown::default()
        };
        return page(&app, &admin, shown, StatusCode::SERVICE_UNAVAILABLE).await;
    };
    let new = NewAccount {
        name: typed.name.clone(),
        role,
        password_hash,
        must_change: true,
    };
    let (by, now) = (admin.0.person.id, app.config.clock.now());
    let added = app
        .store
        .write(Kind::Update, move |db| {
            people::add(db, Actor::Moderator(by), &new, now)
        })
        .await?;
    match added {
        Added::Account(_) if made => given(&app, &admin, &typed.name, &password, true).await,
        Added::Account(id) => Ok(done("added", id, None)),
        Added::Taken => {
            typed.taken = true;
            invalid(&app, &admin, typed).await
        }
        Added::NotAllowed => Err(Error::AdminsOnly),
    }
}

async fn invalid(app: &web::Data<App>, admin: &Admin, typed: Typed) -> Result<HttpResponse, Error> {
    let shown = Shown {
        typed,
        ..Shown::default()
    };
    page(app, admin, shown, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// `POST /moderation/people/{id}`, with `do=disable|enable|role|password|two-factor|byline`.
pub async fn change(
    app: web::Data<App>,
    request: HttpRequest,
    admin: Admin,
    path: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = admin.0.form(&request, payload, FORM_LIMIT).await?;
    let id = articles::id(&path)?;
    let after = articles::id_parameter(&request, "after")?;
    let act = form.plain("do")?;
    let own = id == admin.0.person.id;
    // One's own are changed with the password, on one's own page.
    if own && matches!(act.as_str(), "password" | "two-factor") {
        return Ok(response::see_other("/moderation/account"));
    }
    let (change, said, password) = match act.as_str() {
        "disable" => (Change::Disable, "disabled", None),
        "enable" => (Change::Enable, "enabled", None),
        "role" => (Change::Role(role(&form)?), "role", None),
        "two-factor" => (Change::EndTwoFactor, "two-factor", None),
        "byline" => {
            let byline = text::one_line(&form.plain("byline")?);
            if !people::is_byline(&byline) {
                let typed = Typed {
                    byline: Some((id, byline)),
                    ..Typed::default()
                };
                let shown = Shown {
                    after,
                    typed,
                    ..Shown::default()
                };
                return page(&app, &admin, shown, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
            (Change::Byline(byline), "byline", None)
        }
        "password" => {
            let password = new_password()?;
            let Some(hash) = hash(&app, password.clone()).await? else {
                let busy = StatusCode::SERVICE_UNAVAILABLE;
                return again(&app, &admin, ("busy", id, after), busy).await;
            };
            (Change::Password(hash), "password", Some(password))
        }
        _ => return Err(Error::BadRequest),
    };
    let gives_up = own && matches!(change, Change::Disable | Change::Role(Role::Moderator));
    let (by, now) = (admin.0.person.id, app.config.clock.now());
    let (changed, name) = app
        .store
        .write(Kind::Update, move |db| {
            let changed = people::change(db, Actor::Moderator(by), id, &change, now)?;
            Ok((changed, people::name(db, id)?.unwrap_or_default()))
        })
        .await?;
    match (changed, password) {
        (Changed::Done, Some(password)) => given(&app, &admin, &name, &password, false).await,
        (Changed::Done, None) if gives_up => Ok(response::see_other("/moderation")),
        (Changed::Done, None) => Ok(done(said, id, after)),
        (Changed::LastAdmin, _) => {
            let refused = ("last-admin", id, after);
            again(&app, &admin, refused, StatusCode::CONFLICT).await
        }
        (Changed::NotAllowed, _) => Err(Error::AdminsOnly),
        (Changed::Gone, _) => Err(Error::NotFound),
    }
}

/// The page with why it was not done.
async fn again(
    app: &web::Data<App>,
    admin: &Admin,
    (said, id, after): (&str, i64, Option<i64>),
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let shown = Shown {
        after,
        about: Some(id),
        said: said.to_owned(),
        ..Shown::default()
    };
    page(app, admin, shown, status).await
}

/// Back to the page of accounts that it was done from.
fn done(said: &str, id: i64, after: Option<i64>) -> HttpResponse {
    let after = after.map_or_else(String::new, |after| format!("&after={after}"));
    response::see_other(&format!("/moderation/people?said={said}&id={id}{after}"))
}

fn role(form: &Form) -> Result<Role, Error> {
    Role::from_word(&form.plain("role")?).ok_or(Error::BadRequest)
}

/// 100 random bits in 24 characters that nobody takes for each other.
fn new_password() -> Result<String, Error> {
    let random = token::random::<PASSWORD_BYTES>()?;
    Ok(second_factor::code(&random).to_lowercase())
}

/// The hash of a password; `None` when too many are being made at once.
async fn hash(app: &App, password: String) -> Result<Option<String>, Error> {
    let hashed = app.logins.pass(move || passwords::hash(&password)).await;
    hashed
        .transpose()
        .map_err(|error| Error::Internal(error.to_string()))
}

/// The only page that ever shows a password that was made here.
async fn given(
    app: &web::Data<App>,
    admin: &Admin,
    name: &str,
    password: &str,
    new: bool,
) -> Result<HttpResponse, Error> {
    let counts = app.store.read(queue::counts).await?;
    let given = Given {
        name,
        password,
        new,
    };
    let html = view::given(&app.site, &admin.0.desk(), &given, &counts);
    Ok(response::desk(StatusCode::OK, html))
}
