//! "Remember me on this device": the cookie by which an author is recognised. It is read where a reply is posted or the
//! device forgotten, and nowhere else: no page varies by it.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

use super::error::Error;
use crate::config::Config;
use crate::store::authors::{Device, Remembered};
use crate::store::token;

const PLAIN: &str = "author";
/// A browser takes a cookie of this prefix only over https, for this host and the whole site.
const SECURE: &str = "__Host-author";
/// Browsers keep no cookie longer.
const LIFETIME: Duration = Duration::days(400);
/// Characters of a token: 256 bits.
const LENGTH: usize = 43;

/// The device that sends a reply, by its tokens.
pub struct Tokens {
    shown: Option<String>,
    new: Option<String>,
}

impl Tokens {
    /// What the request shows, and a new token if it asks to be remembered.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn of(config: &Config, request: &HttpRequest, remember: bool) -> Result<Self, Error> {
        Ok(Self {
            shown: shown(config, request),
            new: remember.then(token::session).transpose()?,
        })
    }

    /// As the database knows it.
    pub fn device(&self) -> Device {
        let hash = |token: &Option<String>| token.as_deref().map(token::hash);
        Device {
            token: hash(&self.shown),
            new_token: hash(&self.new),
        }
    }

    /// The cookie by which the device is remembered from now on; renewed where it was before.
    pub fn cookie(self, config: &Config, remembered: Remembered) -> Option<Cookie<'static>> {
        let token = match remembered {
            Remembered::No => None,
            Remembered::New => self.new,
            Remembered::Already => self.shown,
        };
        token.map(|token| cookie(config, token))
    }
}

/// The token that the request shows; `None` for what was never one.
pub fn shown(config: &Config, request: &HttpRequest) -> Option<String> {
    let cookie = request.cookie(name(config))?;
    let token = cookie.value();
    let is_ours = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (token.len() == LENGTH && token.bytes().all(is_ours)).then(|| token.to_owned())
}

fn name(config: &Config) -> &'static str {
    if config.is_https() { SECURE } else { PLAIN }
}

fn cookie(config: &Config, token: String) -> Cookie<'static> {
    Cookie::build(name(config), token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(config.is_https())
        .max_age(LIFETIME)
        .finish()
}

/// Takes the cookie away.
pub fn removal(config: &Config) -> Cookie<'static> {
    let mut cookie = cookie(config, String::new());
    cookie.make_removal();
    cookie
}

/// The author's cookie of a request, whatever it holds.
pub fn carries_cookie(config: &Config, request: &HttpRequest) -> bool {
    request.cookie(name(config)).is_some()
}
