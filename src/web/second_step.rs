//! The second step of signing in: a code of the app, or a recovery code.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::account::{FORM_LIMIT, local, set_cookie};
use super::error::Error;
use super::form::Form;
use super::{articles, client, replies, response, session, throttle, user_agent};
use crate::app::App;
use crate::second_factor;
use crate::store::sessions::NewSession;
use crate::store::sign_in_steps::{self, Finished, Owing};
use crate::store::two_factor::{Proof, recovery_hash};
use crate::store::{Kind, moderators, token};
use crate::views::account::{CodeFailure, sign_in_code};

/// The password was right: on to the code. `next` is where it goes on afterwards.
///
/// # Errors
/// Those of the database.
pub async fn begin(
    app: &App,
    account: moderators::Credentials,
    next: &str,
) -> Result<Option<HttpResponse>, Error> {
    let (token, token_hash) = session::new_token()?;
    let now = app.config.clock.now();
    let begun = app
        .store
        .write(Kind::Update, move |db| {
            let still = moderators::still_signs_in(db, &account)?;
            if still {
                sign_in_steps::start(db, &token_hash, account.id, now)?;
            }
            Ok(still)
        })
        .await?;
    if !begun {
        return Ok(None);
    }
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    let mut answer = response::see_other(&format!("/login/code?next={next}"));
    set_cookie(&mut answer, &session::step_cookie(&app.config, token))?;
    Ok(Some(answer))
}

/// `GET /login/code`
pub async fn show(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let next = articles::parameter(&request, "next").unwrap_or_default();
    if owing(&app, &request).await?.is_none() {
        return begin_again(&app, &request, &next);
    }
    let html = sign_in_code(&app.site, None, local(&next));
    Ok(response::private(StatusCode::OK, html))
}

/// `POST /login/code`
pub async fn enter(
    app: web::Data<App>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = Form::read(&request, payload, FORM_LIMIT).await?;
    let typed = form.plain("code")?;
    let next = form.plain("next")?;
    let Some((step, owing)) = owing(&app, &request).await? else {
        return begin_again(&app, &request, &next);
    };
    let refuse = |status, failure| {
        let html = sign_in_code(&app.site, Some(failure), local(&next));
        response::private(status, html)
    };
    let attempt = throttle::attempt(&app, &request, client::codes(&app, &owing.name_key));
    let before = throttle::failures(&app, &attempt).await?;
    let wait = before.wait.max(before.account_wait);
    if wait > 0 {
        let seconds = replies::seconds(wait);
        let failure = CodeFailure::TooMany { seconds };
        let mut answer = refuse(StatusCode::TOO_MANY_REQUESTS, failure);
        throttle::mark(&mut answer, seconds);
        return Ok(answer);
    }
    throttle::delay(before).await;
    let proof = proof(
        owing.moderator,
        owing.secret.as_deref(),
        &typed,
        attempt.now.0,
    );
    let (token, token_hash) = session::new_token()?;
    let new = NewSession {
        token_hash,
        moderator: owing.moderator,
        device: user_agent::device(&request),
        now: attempt.now,
    };
    let finished = app
        .store
        .write(Kind::Update, move |db| {
            sign_in_steps::finish(db, &step, proof.as_ref(), (&new, &attempt))
        })
        .await?;
    match finished {
        Finished::In => {
            tracing::info!(
                moderator = owing.moderator,
                "signed in with a second factor"
            );
            let mut answer = response::see_other(local(&next));
            set_cookie(&mut answer, &session::cookie(&app.config, token))?;
            set_cookie(&mut answer, &session::step_removal(&app.config))?;
            Ok(answer)
        }
        Finished::Wrong => {
            app.metrics.acts.login_failed();
            tracing::warn!("a code for signing in was wrong");
            let invalid = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(refuse(invalid, CodeFailure::Wrong))
        }
        Finished::Over => begin_again(&app, &request, &next),
    }
}

/// What is typed, as the database can take it. `None` for a code that is wrong at this moment, in milliseconds.
pub fn proof(moderator: i64, secret: Option<&[u8]>, typed: &str, now: i64) -> Option<Proof> {
    /// Longer is nothing of ours.
    const LONGEST: usize = 100;
    if typed.len() > LONGEST {
        return None;
    }
    let code = second_factor::plain(typed);
    if code.len() > 6 {
        return Some(Proof::Recovery(recovery_hash(moderator, &code)));
    }
    let secret = secret?;
    Some(Proof::Code {
        secret: secret.to_vec(),
        step: second_factor::step(secret, &code, now)?,
    })
}

/// The step that the request's cookie stands for.
async fn owing(app: &App, request: &HttpRequest) -> Result<Option<(Vec<u8>, Owing)>, Error> {
    let Some(token) = session::step_token(&app.config, request) else {
        return Ok(None);
    };
    let step = token::hash(&token);
    let (known, now) = (step.clone(), app.config.clock.now());
    let found = app
        .store
        .read(move |db| sign_in_steps::find(db, &known, now))
        .await?;
    Ok(found.map(|owing| (step, owing)))
}

/// Back to the password.
fn begin_again(app: &App, request: &HttpRequest, next: &str) -> Result<HttpResponse, Error> {
    let next: String = url::form_urlencoded::byte_serialize(local(next).as_bytes()).collect();
    let mut answer = response::see_other(&format!("/login?again&next={next}"));
    if session::step_token(&app.config, request).is_some() {
        set_cookie(&mut answer, &session::step_removal(&app.config))?;
    }
    Ok(answer)
}
