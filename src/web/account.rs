//! Signing in and out.

use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::{articles, client, replies, response, session};
use crate::app::App;
use crate::moderation::password::MAX_BYTES;
use crate::passwords;
use crate::store::sessions::{self, Attempt, Failures};
use crate::store::{Kind, moderators};
use crate::text;
use crate::views::account::{SignInFailure, sign_in};

/// Bytes of a sign-in form.
const FORM_LIMIT: usize = 16 * 1024;
/// An account that is being guessed at from many networks answers later and later, up to this.
const LONGEST_DELAY: Duration = Duration::from_secs(2);
const DELAY_PER_FAILURE: Duration = Duration::from_millis(100);

/// `GET /login`
pub async fn show(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    let next = articles::parameter(&request, "next").unwrap_or_default();
    let midway = (next == session::MIDWAY).then_some(SignInFailure::SignedOutMidway);
    let html = sign_in(&app.site, "", midway, local(&next));
    response::private(StatusCode::OK, html)
}

/// `POST /login`
pub async fn enter(
    app: web::Data<App>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let form = Form::read(&request, payload, FORM_LIMIT).await?;
    let name = text::one_line(&form.plain("name")?);
    let password = form.plain("password")?;
    let next = form.plain("next")?;
    let refuse = |status, failure| {
        let html = sign_in(&app.site, &name, Some(failure), local(&next));
        Ok(response::private(status, html))
    };
    let name_key = text::mimic_key(&name);
    let attempt = Attempt {
        network: client::network(&app, &request).hashes,
        account: client::account(&app, &name_key),
        now: app.config.clock.now(),
    };
    let (before, account) = look_up(&app, &attempt, name_key).await?;
    if before.wait > 0 {
        let seconds = replies::seconds(before.wait);
        tracing::warn!("a network has to wait before it may sign in again");
        let mut answer = refuse(
            StatusCode::TOO_MANY_REQUESTS,
            SignInFailure::TooMany { seconds },
        )?;
        answer
            .headers_mut()
            .insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
        return Ok(answer);
    }
    delay(before).await;
    let hash = account
        .as_ref()
        .map(|account| account.password_hash.clone());
    let too_long = password.len() > MAX_BYTES;
    let right = app
        .logins
        .pass(move || !too_long && passwords::verify(&password, hash.as_deref()))
        .await;
    match (right, account) {
        (None, _) => refuse(StatusCode::SERVICE_UNAVAILABLE, SignInFailure::Busy),
        (Some(true), Some(account)) => {
            let (token, token_hash) = session::new_token()?;
            let now = attempt.now;
            app.store
                .write(Kind::Update, move |db| {
                    sessions::start(db, &token_hash, account.id, now)
                })
                .await?;
            tracing::info!(moderator = account.id, "signed in");
            let mut answer = response::see_other(local(&next));
            answer
                .add_cookie(&session::cookie(&app.config, token))
                .map_err(|error| Error::Internal(error.to_string()))?;
            Ok(answer)
        }
        _ => {
            app.store
                .write(Kind::Update, move |db| sessions::note_failure(db, &attempt))
                .await?;
            tracing::warn!("signing in failed");
            refuse(StatusCode::UNPROCESSABLE_ENTITY, SignInFailure::Mismatch)
        }
    }
}

async fn look_up(
    app: &App,
    attempt: &Attempt,
    name_key: String,
) -> Result<(Failures, Option<moderators::Credentials>), Error> {
    let attempt = attempt.clone();
    let limit = app.config.login_per_minute;
    Ok(app
        .store
        .read(move |db| {
            Ok((
                sessions::failures(db, &attempt, limit)?,
                moderators::credentials(db, &name_key)?,
            ))
        })
        .await?)
}

/// Known and unknown accounts wait alike.
async fn delay(before: Failures) {
    let failures = u32::try_from(before.account).unwrap_or(u32::MAX);
    let pause = DELAY_PER_FAILURE
        .saturating_mul(failures)
        .min(LONGEST_DELAY);
    if !pause.is_zero() {
        actix_web::rt::time::sleep(pause).await;
    }
}

/// `POST /logout`
pub async fn leave(
    app: web::Data<App>,
    request: HttpRequest,
    moderator: session::Moderator,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    moderator.form(&request, payload, FORM_LIMIT).await?;
    let (token_hash, id) = (moderator.token_hash(), moderator.person.id);
    let now = app.config.clock.now();
    app.store
        .write(Kind::Update, move |db| {
            sessions::end(db, &token_hash, id, now)
        })
        .await?;
    let mut answer = response::see_other("/login");
    answer
        .add_removal_cookie(&session::removal(&app.config))
        .map_err(|error| Error::Internal(error.to_string()))?;
    Ok(answer)
}

/// Where to go after signing in: a page of the desk, and nothing else that an address could name.
fn local(next: &str) -> &str {
    let is_desk = next == "/moderation"
        || next.starts_with("/moderation?")
        || next.starts_with("/moderation/");
    let is_clean = next
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_desk && is_clean && next != session::MIDWAY {
        next
    } else {
        "/moderation"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_nobody_is_sent_elsewhere() {
        assert_eq!(local("/moderation?tab=spam"), "/moderation?tab=spam");
        for elsewhere in [
            "https://evil.example",
            "//evil.example",
            "/moderationevil",
            "/moderation/\r\nSet-Cookie: a=b",
            "/moderation?\\evil",
            "/",
            "",
        ] {
            assert_eq!(local(elsewhere), "/moderation", "{elsewhere}");
        }
    }
}
