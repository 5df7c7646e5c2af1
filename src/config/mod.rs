//! Every setting: flag over variable over file over default, each value with its source.

mod keys;
mod sources;

use std::net::IpAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use url::Url;

use crate::moderation::policy::HoldMode;
use crate::store::{self, Target};
use crate::time::{Clock, Zone};
use crate::views::Phrases;

pub use keys::{KEYS, Key};
pub use sources::{Setting, Source};

use sources::Settings;

/// Where the server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// `HOST:PORT`; a name may stand for several addresses.
    Tcp(String),
    /// A Unix socket; its peer is a trusted proxy.
    Unix(PathBuf),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// The effective configuration.
#[derive(Debug, Clone)]
pub struct Config {
    pub listen: Listen,
    pub database: Target,
    /// What readers type to get here; decides the kind of session cookie.
    pub public_url: Option<Url>,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    pub site_name: String,
    pub site_language: String,
    pub zone: Zone,
    /// `replies.hold`, where it is given; else the desk's own setting counts.
    pub hold: Option<Given<HoldMode>>,
    /// Replies per client network and minute; 0 is no limit.
    pub replies_per_minute: i64,
    /// Unicode scalar values of a comment.
    pub max_length: usize,
    /// Milliseconds after its publication within which a comment can be edited; 0 is not at all.
    pub edit_window: i64,
    /// Milliseconds after its publication for which an article takes replies; 0 is for ever.
    pub close_after: i64,
    /// Milliseconds.
    pub undo_window: i64,
    /// Milliseconds for which a claim holds without activity.
    pub claim_span: i64,
    /// Failures to sign in per network and minute.
    pub login_per_minute: i64,
    /// Milliseconds for which client networks are kept; 0 is for ever.
    pub network_kept: i64,
    /// Milliseconds after the decision for which the text of a rejected comment is kept; 0 is for ever.
    pub rejected_kept: i64,
    /// Milliseconds after the decision for which the text of spam is kept; 0 is for ever.
    pub spam_kept: i64,
    /// HOST:PORT on which metrics are served; `None` is not at all.
    pub metrics_listen: Option<String>,
    /// Bytes of rendered pages that are kept in memory.
    pub cache_bytes: u64,
    pub log_format: LogFormat,
    pub log_level: String,
    /// The system's clock, but in tests.
    pub clock: Clock,
}

/// A value that was given outside, which the desk shows and does not change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given<T> {
    pub value: T,
    pub source: Source,
}

/// What the command line gave.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    pub config: Option<PathBuf>,
    /// Key and value, as in `("listen", "…")`.
    pub values: Vec<(&'static str, String)>,
    /// File and variables are left aside: `demo` is the same everywhere.
    pub alone: bool,
}

/// Everything that is wrong, a sentence each.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct ConfigErrors(pub Vec<String>);

/// The settings with their sources, and what they amount to.
pub struct Loaded {
    pub settings: Vec<Setting>,
    pub config: Result<Config, ConfigErrors>,
}

impl Config {
    /// Reads every source.
    ///
    /// # Errors
    /// Everything that is wrong, in sentences that name the key and its source.
    pub fn load(flags: &Flags) -> Result<Self, ConfigErrors> {
        load(flags).config
    }

    /// What waits when nothing else is the matter: as given, else as the desk has it.
    pub fn hold_or(&self, desk: HoldMode) -> HoldMode {
        self.hold.as_ref().map_or(desk, |given| given.value)
    }

    /// The limit of a request's body in bytes, derived from the longest comment: a character is at most four bytes, each
    /// three characters when percent-encoded.
    pub fn body_limit(&self) -> usize {
        self.max_length.saturating_mul(12).saturating_add(8 * 1024)
    }

    /// Whether the session cookie is sent over https alone.
    pub fn is_https(&self) -> bool {
        self.public_url
            .as_ref()
            .is_some_and(|url| url.scheme() == "https")
    }

    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.trusted_proxies
            .iter()
            .any(|network| network.contains(&peer))
    }
}

/// Reads every source and keeps the sources.
pub fn load(flags: &Flags) -> Loaded {
    let settings = Settings::read(flags, std::env::vars_os());
    let config = build(&settings);
    Loaded {
        settings: settings.shown(),
        config,
    }
}

fn build(settings: &Settings) -> Result<Config, ConfigErrors> {
    let mut wrong = settings.errors.clone();
    let config = Config {
        listen: settings.parse("listen", &mut wrong, listen, Listen::Tcp(String::new())),
        database: settings.parse(
            "database_url",
            &mut wrong,
            |url| Target::parse(url).map_err(|error| error.to_string()),
            Target::Sqlite(PathBuf::new()),
        ),
        public_url: settings.parse("public_url", &mut wrong, public_url, None),
        trusted_proxies: settings.parse("trusted_proxies", &mut wrong, networks, Vec::new()),
        site_name: settings.parse("site.name", &mut wrong, non_empty, String::new()),
        site_language: settings.parse("site.language", &mut wrong, language, String::new()),
        zone: settings.parse("site.time_zone", &mut wrong, zone, Zone::utc()),
        hold: {
            let value = settings.parse("replies.hold", &mut wrong, str::parse, HoldMode::All);
            settings
                .given("replies.hold")
                .map(|source| Given { value, source })
        },
        replies_per_minute: settings.parse(
            "replies.per_minute",
            &mut wrong,
            |value| number(value, 0, 1_000_000),
            0,
        ),
        max_length: settings.parse(
            "replies.max_length",
            &mut wrong,
            |value| number(value, 1, 100_000).map(|length| usize::try_from(length).unwrap_or(1)),
            1,
        ),
        edit_window: settings.parse(
            "replies.edit_minutes",
            &mut wrong,
            |value| number(value, 0, 525_600).map(|minutes| minutes * crate::time::MINUTE),
            0,
        ),
        close_after: settings.parse("replies.close_after_days", &mut wrong, days, 0),
        undo_window: settings.parse(
            "moderation.undo_seconds",
            &mut wrong,
            |value| number(value, 0, 86_400).map(|seconds| seconds * crate::time::SECOND),
            0,
        ),
        claim_span: settings.parse(
            "moderation.claim_minutes",
            &mut wrong,
            |value| number(value, 1, 1_440).map(|minutes| minutes * crate::time::MINUTE),
            crate::time::MINUTE,
        ),
        login_per_minute: settings.parse(
            "login.per_minute",
            &mut wrong,
            |value| number(value, 1, 1_000_000),
            1,
        ),
        network_kept: settings.parse("privacy.network_days", &mut wrong, days, 0),
        rejected_kept: settings.parse("privacy.rejected_days", &mut wrong, days, 0),
        spam_kept: settings.parse("privacy.spam_days", &mut wrong, days, 0),
        metrics_listen: settings.parse("metrics.listen", &mut wrong, metrics_listen, None),
        cache_bytes: settings.parse(
            "cache.max_mb",
            &mut wrong,
            |value| {
                let megabytes = number(value, 0, 1_048_576)?;
                Ok(u64::try_from(megabytes).unwrap_or(0) * 1_048_576)
            },
            0,
        ),
        log_format: settings.parse("log.format", &mut wrong, log_format, LogFormat::Text),
        log_level: settings.parse("log.level", &mut wrong, log_level, String::new()),
        clock: Clock::default(),
    };
    let proxied = matches!(config.listen, Listen::Unix(_)) || !config.trusted_proxies.is_empty();
    if config.is_https() && !proxied {
        wrong.push(
            "`public_url` is https, so a proxy stands in front: set `trusted_proxies` to its network, \
             for example [\"127.0.0.1/32\", \"::1/128\"]"
                .to_owned(),
        );
    }
    if wrong.is_empty() {
        Ok(config)
    } else {
        Err(ConfigErrors(wrong))
    }
}

fn listen(value: &str) -> Result<Listen, String> {
    if let Some(path) = value.strip_prefix("unix:") {
        return if path.is_empty() {
            Err("write unix:PATH".to_owned())
        } else {
            Ok(Listen::Unix(PathBuf::from(path)))
        };
    }
    let port = value
        .rsplit_once(':')
        .map(|(host, port)| (host, port.parse::<u16>()));
    match port {
        Some((host, Ok(_))) if !host.is_empty() => Ok(Listen::Tcp(value.to_owned())),
        _ => Err("write HOST:PORT, [IPV6]:PORT or unix:PATH".to_owned()),
    }
}

fn metrics_listen(value: &str) -> Result<Option<String>, String> {
    if value.is_empty() {
        return Ok(None);
    }
    match listen(value) {
        Ok(Listen::Tcp(address)) => Ok(Some(address)),
        _ => Err("write HOST:PORT or [IPV6]:PORT".to_owned()),
    }
}

fn public_url(value: &str) -> Result<Option<Url>, String> {
    if value.is_empty() {
        return Ok(None);
    }
    let url = Url::parse(value).map_err(|error| error.to_string())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err("write http://HOST or https://HOST".to_owned());
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err("write scheme and host alone: a path is not supported".to_owned());
    }
    Ok(Some(url))
}

fn networks(value: &str) -> Result<Vec<IpNet>, String> {
    value
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            part.parse::<IpNet>()
                .or_else(|_| part.parse::<IpAddr>().map(IpNet::from))
                .map_err(|_| format!("`{part}` is not a network such as 10.0.0.0/8"))
        })
        .collect()
}

fn non_empty(value: &str) -> Result<String, String> {
    if value.trim().is_empty() {
        return Err("must not be empty".to_owned());
    }
    Ok(value.trim().to_owned())
}

fn language(value: &str) -> Result<String, String> {
    Phrases::tag(value)
        .ok_or_else(|| format!("`{value}` is not a language tag such as en or pt-BR"))
}

fn zone(value: &str) -> Result<Zone, String> {
    Zone::named(value).ok_or_else(|| format!("`{value}` is not a time zone such as Europe/Berlin"))
}

fn number(value: &str, least: i64, most: i64) -> Result<i64, String> {
    match value.parse::<i64>() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(format!("`{value}` is not a number from {least} to {most}")),
    }
}

/// A number of days, as milliseconds.
fn days(value: &str) -> Result<i64, String> {
    number(value, 0, 36_500).map(|days| days * crate::time::DAY)
}

fn log_format(value: &str) -> Result<LogFormat, String> {
    match value {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        other => Err(format!("`{other}` is not one of text, json")),
    }
}

fn log_level(value: &str) -> Result<String, String> {
    match value {
        "error" | "warn" | "info" | "debug" | "trace" => Ok(value.to_owned()),
        other => Err(format!(
            "`{other}` is not one of error, warn, info, debug, trace"
        )),
    }
}

/// A value as it may be shown.
fn masked(key: &str, value: &str) -> String {
    if key == "database_url" {
        store::shown(value)
    } else {
        value.to_owned()
    }
}
