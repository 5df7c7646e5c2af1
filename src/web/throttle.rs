//! Who guesses passwords or codes has to wait: counted in the database, by network and by account.

use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use super::error::Error;
use super::session::Moderator;
use super::{client, replies};
use crate::app::App;
use crate::moderation::password::MAX_BYTES;
use crate::passwords;
use crate::store::networks::Hashes;
use crate::store::sessions::{self, Attempt, Failures};
use crate::store::{Kind, moderators};
use crate::text;

/// An account that is being guessed at from many networks answers later and later, up to this.
const LONGEST_DELAY: Duration = Duration::from_secs(2);
const DELAY_PER_FAILURE: Duration = Duration::from_millis(100);

/// A try, now, from the request's network; `account` is a keyed hash of `client`.
pub fn attempt(app: &App, request: &HttpRequest, account: Hashes) -> Attempt {
    Attempt {
        network: client::network(app, request).hashes,
        account,
        now: app.config.clock.now(),
    }
}

/// What failed lately.
///
/// # Errors
/// Those of the database.
pub async fn failures(app: &App, attempt: &Attempt) -> Result<Failures, Error> {
    let attempt = attempt.clone();
    let limit = app.config.login_per_minute;
    let found = app
        .store
        .read(move |db| sessions::failures(db, &attempt, limit))
        .await?;
    if found.wait > 0 {
        tracing::warn!("a network has to wait before it may sign in again");
    }
    Ok(found)
}

/// Known and unknown accounts wait alike.
pub async fn delay(before: Failures) {
    let failures = u32::try_from(before.account).unwrap_or(u32::MAX);
    let pause = DELAY_PER_FAILURE
        .saturating_mul(failures)
        .min(LONGEST_DELAY);
    if !pause.is_zero() {
        actix_web::rt::time::sleep(pause).await;
    }
}

/// Notes a failure.
///
/// # Errors
/// Those of the database.
pub async fn note(app: &App, attempt: &Attempt) -> Result<(), Error> {
    let attempt = attempt.clone();
    app.metrics.acts.login_failed();
    app.store
        .write(Kind::Update, move |db| sessions::note_failure(db, &attempt))
        .await?;
    Ok(())
}

/// Says in the answer's head after how many seconds it is worth another try.
pub fn mark(answer: &mut HttpResponse, seconds: u64) {
    answer
        .headers_mut()
        .insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
}

/// What came of asking somebody signed in for their password.
pub enum Asked {
    /// The hash that it fits.
    Right(String),
    Wrong,
    /// Too many failures: again after so many seconds.
    Wait(u64),
    /// Too many passwords are being checked at once.
    Busy,
}

/// Whether this is the moderator's own password; throttled like signing in. Gives the attempt too, for what else may fail.
///
/// # Errors
/// Those of the database.
pub async fn own_password(
    app: &App,
    request: &HttpRequest,
    moderator: &Moderator,
    password: String,
) -> Result<(Asked, Attempt), Error> {
    let name_key = text::mimic_key(&moderator.person.name);
    let attempt = attempt(app, request, client::account(app, &name_key));
    let before = failures(app, &attempt).await?;
    if before.wait > 0 {
        return Ok((Asked::Wait(replies::seconds(before.wait)), attempt));
    }
    delay(before).await;
    let id = moderator.person.id;
    let hash = app
        .store
        .read(move |db| moderators::password_hash(db, id))
        .await?;
    let known = hash.clone();
    let right = app
        .logins
        .pass(move || password.len() <= MAX_BYTES && passwords::verify(&password, Some(&known)))
        .await;
    // As at the door: guesses that were sent at once are hardly more than those sent one by one.
    let after = failures(app, &attempt).await?;
    if after.wait > 0 {
        return Ok((Asked::Wait(replies::seconds(after.wait)), attempt));
    }
    let asked = match right {
        None => Asked::Busy,
        Some(true) => Asked::Right(hash),
        Some(false) => {
            note(app, &attempt).await?;
            Asked::Wrong
        }
    };
    Ok((asked, attempt))
}
