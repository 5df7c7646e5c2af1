//! Sessions of staff: the cookie, the extractor that protects a handler, and the token of desk forms.

use std::future::Future;
use std::pin::Pin;

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::error::Error;
use super::form::Form;
use crate::app::App;
use crate::config::Config;
use crate::moderation::Role;
use crate::store::token::{self, hash};
use crate::store::{Kind, moderators, sessions, sign_in_steps};
use crate::views::queue::Desk;

const PLAIN: &str = "session";
/// A browser takes a cookie of this prefix only over https, for this host and the whole site.
const SECURE: &str = "__Host-session";
/// The same for whoever has given the password and owes a code.
const STEP_PLAIN: &str = "sign-in";
const STEP_SECURE: &str = "__Host-sign-in";

/// A signed-in moderator. A handler that takes one is protected: without a session it is never called.
#[derive(Debug, Clone)]
pub struct Moderator {
    pub person: moderators::Moderator,
    token: String,
}

impl Moderator {
    /// What the pages of the desk need to know.
    pub fn desk(&self) -> Desk {
        Desk {
            who: self.person.clone(),
            csrf: form_token(&self.token),
        }
    }

    /// Reads a form of the desk, of at most `limit` bytes, that carries this session's token.
    ///
    /// # Errors
    /// As [`Form::read`] and [`Moderator::check`].
    pub async fn form(
        &self,
        request: &HttpRequest,
        payload: web::Payload,
        limit: usize,
    ) -> Result<Form, Error> {
        let form = Form::read(request, payload, limit).await?;
        self.check(&form)?;
        Ok(form)
    }

    /// # Errors
    /// 403 unless the form carries this session's token.
    pub fn check(&self, form: &Form) -> Result<(), Error> {
        let sent = form.plain("csrf")?;
        let own = form_token(&self.token);
        if bool::from(sent.as_bytes().ct_eq(own.as_bytes())) {
            Ok(())
        } else {
            Err(Error::CrossOrigin)
        }
    }

    pub fn token_hash(&self) -> Vec<u8> {
        hash(&self.token)
    }
}

impl FromRequest for Moderator {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { settled(&request).await })
    }
}

/// Somebody signed in who may have yet to change a password that somebody else set: for the few handlers that they may use.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub moderator: Moderator,
    pub must_change: bool,
}

impl FromRequest for SignedIn {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { find(&request).await })
    }
}

/// A signed-in admin. A handler that takes one is never called for anybody else: a moderator is told that it is for admins.
#[derive(Debug, Clone)]
pub struct Admin(pub Moderator);

impl FromRequest for Admin {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let moderator = settled(&request).await?;
            match moderator.person.role {
                Role::Admin => Ok(Self(moderator)),
                Role::Moderator => Err(Error::AdminsOnly),
            }
        })
    }
}

/// Somebody signed in whose password is their own.
async fn settled(request: &HttpRequest) -> Result<Moderator, Error> {
    let found = find(request).await?;
    if found.must_change {
        return Err(Error::MustChange {
            json: wants_json(request),
        });
    }
    Ok(found.moderator)
}

async fn find(request: &HttpRequest) -> Result<SignedIn, Error> {
    let app = request
        .app_data::<web::Data<App>>()
        .ok_or_else(|| Error::Internal("the server has no state".to_owned()))?;
    let token = request
        .cookie(cookie_name(&app.config))
        .map(|cookie| cookie.value().to_owned())
        .ok_or_else(|| sign_in(request))?;
    let now = app.config.clock.now();
    let token_hash = hash(&token);
    let known = token_hash.clone();
    let found = app
        .store
        .read(move |db| sessions::find(db, &known, now))
        .await?;
    let found = found.ok_or_else(|| sign_in(request))?;
    if found.stale {
        app.store
            .write(Kind::Update, move |db| {
                sessions::note_use(db, &token_hash, now)
            })
            .await?;
    }
    Ok(SignedIn {
        must_change: found.must_change,
        moderator: Moderator {
            person: found.person,
            token,
        },
    })
}

/// On to the sign-in page, and back to the page that was asked for; a form is not sent again.
fn sign_in(request: &HttpRequest) -> Error {
    let next = if request.method().is_safe() {
        request
            .uri()
            .path_and_query()
            .map_or("/moderation", |path| path.as_str())
            .to_owned()
    } else {
        MIDWAY.to_owned()
    };
    Error::SignIn {
        next,
        json: wants_json(request),
    }
}

/// Where a moderator lands whose session ended while deciding; the sign-in page says that nothing was decided.
pub const MIDWAY: &str = "/moderation?midway";

/// Whether the desk's script is asking, which reads the answer itself.
pub fn wants_json(request: &HttpRequest) -> bool {
    request
        .headers()
        .get(header::ACCEPT)
        .is_some_and(|accept| accept.as_bytes() == b"application/json")
}

fn cookie_name(config: &Config) -> &'static str {
    if config.is_https() { SECURE } else { PLAIN }
}

/// Whether the request carries a session's cookie, or that of a sign-in half done; live or not.
pub fn carries_cookie(request: &HttpRequest) -> bool {
    // Most readers have none, and to look for one by name takes memory for all of them.
    request.headers().contains_key(header::COOKIE)
        && [PLAIN, SECURE, STEP_PLAIN, STEP_SECURE]
            .iter()
            .any(|name| request.cookie(name).is_some())
}

fn step_name(config: &Config) -> &'static str {
    if config.is_https() {
        STEP_SECURE
    } else {
        STEP_PLAIN
    }
}

/// The token of a sign-in half done.
pub fn step_token(config: &Config, request: &HttpRequest) -> Option<String> {
    let cookie = request.cookie(step_name(config))?;
    Some(cookie.value().to_owned())
}

/// The cookie of a sign-in half done: out of reach of the page and of forms that others write, and gone in minutes.
pub fn step_cookie(config: &Config, token: String) -> Cookie<'static> {
    Cookie::build(step_name(config), token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(config.is_https())
        .max_age(Duration::milliseconds(sign_in_steps::LIFE))
        .finish()
}

/// Takes that cookie away.
pub fn step_removal(config: &Config) -> Cookie<'static> {
    let mut cookie = step_cookie(config, String::new());
    cookie.make_removal();
    cookie
}

/// The cookie of a new session; it lives as long as the browser, and no longer than the row.
pub fn cookie(config: &Config, token: String) -> Cookie<'static> {
    Cookie::build(cookie_name(config), token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(config.is_https())
        .finish()
}

/// Takes the cookie away.
pub fn removal(config: &Config) -> Cookie<'static> {
    let mut cookie = cookie(config, String::new());
    cookie.make_removal();
    cookie
}

/// A session's token and what the database knows it by.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new_token() -> Result<(String, Vec<u8>), Error> {
    let token = token::session()?;
    let hash = hash(&token);
    Ok((token, hash))
}

/// HMAC-SHA256 under the session's own token: needs no storage, and ends with the session.
fn form_token(token: &str) -> String {
    Hmac::<Sha256>::new_from_slice(token.as_bytes()).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(b"desk form");
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        },
    )
}
