//! Signing in and out.

use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::Error;
use super::form::Form;
use super::{articles, client, replies, response, second_step, session, throttle, user_agent};
use crate::app::App;
use crate::moderation::password::MAX_BYTES;
use crate::passwords;
use crate::store::sessions::{self, Factors, NewSession};
use crate::store::{Kind, moderators};
use crate::text;
use crate::views::account::{SignInFailure, sign_in};

/// Bytes of a sign-in form.
pub const FORM_LIMIT: usize = 16 * 1024;

/// `GET /login`
pub async fn show(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    let next = articles::parameter(&request, "next").unwrap_or_default();
    let why = if next == session::MIDWAY {
        Some(SignInFailure::SignedOutMidway)
    } else {
        articles::parameter(&request, "again").map(|_| SignInFailure::CodeOver)
    };
    let html = sign_in(&app.site, "", why, local(&next));
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
    let attempt = throttle::attempt(&app, &request, client::account(&app, &name_key));
    let wait = |wait| {
        let seconds = replies::seconds(wait);
        let failure = SignInFailure::TooMany { seconds };
        let mut answer = refuse(StatusCode::TOO_MANY_REQUESTS, failure)?;
        throttle::mark(&mut answer, seconds);
        Ok(answer)
    };
    let before = throttle::failures(&app, &attempt).await?;
    if before.wait > 0 {
        return wait(before.wait);
    }
    let account = app
        .store
        .read(move |db| moderators::credentials(db, &name_key))
        .await?;
    throttle::delay(before).await;
    let hash = account
        .as_ref()
        .map(|account| account.password_hash.clone());
    let too_long = password.len() > MAX_BYTES;
    let right = app
        .logins
        .pass(move || !too_long && passwords::verify(&password, hash.as_deref()))
        .await;
    // Guesses that were sent at once were all let in before the first of them was counted. From the limit on none of them is
    // told whether it was right.
    let after = throttle::failures(&app, &attempt).await?;
    if after.wait > 0 {
        return wait(after.wait);
    }
    match (right, account) {
        (None, _) => refuse(StatusCode::SERVICE_UNAVAILABLE, SignInFailure::Busy),
        (Some(true), Some(account)) if account.totp_since.is_some() => {
            match second_step::begin(&app, account, local(&next)).await? {
                Some(answer) => Ok(answer),
                None => refuse(StatusCode::UNPROCESSABLE_ENTITY, SignInFailure::Mismatch),
            }
        }
        (Some(true), Some(account)) => {
            let (token, token_hash) = session::new_token()?;
            let new = NewSession {
                token_hash,
                moderator: account.id,
                device: user_agent::device(&request),
                now: attempt.now,
            };
            let id = account.id;
            let started = app
                .store
                .write(Kind::Update, move |db| {
                    let still = moderators::still_signs_in(db, &account)?;
                    if still {
                        sessions::start(db, &new, Factors::Password)?;
                    }
                    Ok(still)
                })
                .await?;
            if !started {
                return refuse(StatusCode::UNPROCESSABLE_ENTITY, SignInFailure::Mismatch);
            }
            tracing::info!(moderator = id, "signed in");
            let mut answer = response::see_other(local(&next));
            set_cookie(&mut answer, &session::cookie(&app.config, token))?;
            Ok(answer)
        }
        _ => {
            throttle::note(&app, &attempt).await?;
            tracing::warn!("signing in failed");
            refuse(StatusCode::UNPROCESSABLE_ENTITY, SignInFailure::Mismatch)
        }
    }
}

/// # Errors
/// When the cookie makes no header, which none of ours does.
pub fn set_cookie(answer: &mut HttpResponse, cookie: &Cookie<'_>) -> Result<(), Error> {
    answer
        .add_cookie(cookie)
        .map_err(|error| Error::Internal(error.to_string()))
}

/// `POST /logout`
pub async fn leave(
    app: web::Data<App>,
    request: HttpRequest,
    who: session::SignedIn,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let moderator = who.moderator;
    moderator.form(&request, payload, FORM_LIMIT).await?;
    let (token_hash, id) = (moderator.token_hash(), moderator.person.id);
    let now = app.config.clock.now();
    app.store
        .write(Kind::Update, move |db| {
            sessions::end(db, &token_hash, id, now)
        })
        .await?;
    let mut answer = response::see_other("/login");
    set_cookie(&mut answer, &session::removal(&app.config))?;
    Ok(answer)
}

/// Where to go after signing in: a page of the desk, and nothing else that an address could name.
pub fn local(next: &str) -> &str {
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
