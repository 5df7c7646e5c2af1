//! Everybody's own account: the password, and the sessions.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::account::{FORM_LIMIT, set_cookie};
use super::error::Error;
use super::session::{self, Moderator, SignedIn};
use super::throttle::{self, Asked};
use super::{articles, response};
use crate::app::App;
use crate::moderation::password;
use crate::passwords;
use crate::store::moderators::{self, OwnPassword};
use crate::store::{Kind, queue, sessions, two_factor};
use crate::views::own_account::{self as view, AccountPage, NewWrong, Wrong};

const PATH: &str = "/moderation/account";

/// `GET /moderation/account`
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    who: SignedIn,
) -> Result<HttpResponse, Error> {
    let said = articles::parameter(&request, "said").unwrap_or_default();
    page(&app, &who, said, Wrong::default(), StatusCode::OK).await
}

/// The page, with what was wrong in one of its forms.
///
/// # Errors
/// Those of the database.
pub async fn page(
    app: &web::Data<App>,
    who: &SignedIn,
    said: String,
    wrong: Wrong,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let (shared, desk) = (app.clone(), who.moderator.desk());
    let (id, current) = (who.moderator.person.id, who.moderator.token_hash());
    let (must_change, now) = (who.must_change, app.config.clock.now());
    let html = app
        .store
        .read(move |db| {
            let page = AccountPage {
                two_factor: two_factor::of(db, id)?,
                sessions: sessions::of(db, id, now)?,
                current: current.clone(),
                must_change,
                counts: queue::counts(db)?,
                said: said.clone(),
                wrong: wrong.clone(),
            };
            Ok(view::page(&shared.site, now, &desk, &page))
        })
        .await?;
    Ok(response::desk(status, html))
}

/// The page again, because the password that was asked for was not given.
///
/// # Errors
/// Those of the database.
pub async fn refuse(
    app: &web::Data<App>,
    who: &SignedIn,
    asked: &Asked,
    wrong: Wrong,
) -> Result<HttpResponse, Error> {
    let (status, wrong) = match asked {
        Asked::Right(_) | Asked::Wrong => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Asked::Wait(seconds) => (
            StatusCode::TOO_MANY_REQUESTS,
            Wrong {
                too_many: Some(*seconds),
                ..Wrong::default()
            },
        ),
        Asked::Busy => (
            StatusCode::SERVICE_UNAVAILABLE,
            Wrong {
                busy: true,
                ..Wrong::default()
            },
        ),
    };
    let mut answer = page(app, who, String::new(), wrong, status).await?;
    if let Asked::Wait(seconds) = asked {
        throttle::mark(&mut answer, *seconds);
    }
    Ok(answer)
}

/// `POST /moderation/account/password`
pub async fn change_password(
    app: web::Data<App>,
    request: HttpRequest,
    who: SignedIn,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = who.moderator.form(&request, payload, FORM_LIMIT).await?;
    let (current, new) = (form.plain("current")?, form.plain("new")?);
    let wrong = Wrong {
        new: password::check(&new)
            .map_err(NewWrong::Weak)
            .err()
            .or((new == current).then_some(NewWrong::Same)),
        again: form.plain("again")? != new,
        ..Wrong::default()
    };
    if wrong.new.is_some() || wrong.again {
        let invalid = StatusCode::UNPROCESSABLE_ENTITY;
        return page(&app, &who, String::new(), wrong, invalid).await;
    }
    let (asked, attempt) = throttle::own_password(&app, &request, &who.moderator, current).await?;
    let wrong = Wrong {
        current: true,
        ..Wrong::default()
    };
    let old_hash = match asked {
        Asked::Right(hash) => hash,
        other => return refuse(&app, &who, &other, wrong).await,
    };
    let Some(new_hash) = app.logins.pass(move || passwords::hash(&new)).await else {
        return refuse(&app, &who, &Asked::Busy, wrong).await;
    };
    let (token, new_session) = session::new_token()?;
    let change = OwnPassword {
        moderator: who.moderator.person.id,
        old_hash,
        new_hash: new_hash.map_err(|error| Error::Internal(error.to_string()))?,
        session: who.moderator.token_hash(),
        new_session,
        now: attempt.now,
    };
    let done = app
        .store
        .write(Kind::Update, move |db| {
            moderators::change_own_password(db, &change)
        })
        .await?;
    if !done {
        return Ok(response::see_other(PATH));
    }
    let mut answer = response::see_other(&format!("{PATH}?said=password"));
    set_cookie(&mut answer, &session::cookie(&app.config, token))?;
    Ok(answer)
}

/// `POST /moderation/account/sessions`, with `do=end` and `key`, or `do=all`.
pub async fn end_sessions(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: Moderator,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = moderator.form(&request, payload, FORM_LIMIT).await?;
    let (id, now) = (moderator.person.id, app.config.clock.now());
    match form.plain("do")?.as_str() {
        "end" => {
            let key = form.plain("key")?;
            app.store
                .write(Kind::Update, move |db| {
                    sessions::end_by_key(db, id, &key, now)
                })
                .await?;
            // Ended before is ended.
            Ok(response::see_other(&format!("{PATH}?said=ended")))
        }
        "all" => {
            app.store
                .write(Kind::Update, move |db| sessions::end_all(db, id, now))
                .await?;
            let mut answer = response::see_other("/login");
            set_cookie(&mut answer, &session::removal(&app.config))?;
            Ok(answer)
        }
        _ => Err(Error::BadRequest),
    }
}
