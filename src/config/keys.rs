//! The keys, their defaults and what they mean.

/// A setting's name, default and meaning.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub name: &'static str,
    pub default: &'static str,
    pub about: &'static str,
}

impl Key {
    /// The environment variable of this key.
    pub fn variable(&self) -> String {
        format!("REJOINDER_{}", self.name.to_uppercase().replace('.', "__"))
    }
}

const fn key(name: &'static str, default: &'static str, about: &'static str) -> Key {
    Key {
        name,
        default,
        about,
    }
}

/// Every setting there is.
pub const KEYS: &[Key] = &[
    key(
        "listen",
        "127.0.0.1:8080",
        "address to serve on: HOST:PORT, or unix:PATH (then its peer is a trusted proxy)",
    ),
    key(
        "database_url",
        "sqlite://rejoinder.db",
        "sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME",
    ),
    key(
        "public_url",
        "",
        "what readers type; https makes cookies Secure and needs trusted_proxies",
    ),
    key(
        "trusted_proxies",
        "",
        "networks whose X-Forwarded-For is believed, read from the right",
    ),
    key("site.name", "Rejoinder", "the name in the masthead"),
    key("site.language", "en", "language of the interface"),
    key("site.time_zone", "UTC", "zone in which times are shown"),
    key(
        "replies.hold",
        "all",
        "which replies wait: all; first (unless the author is recognised and has an approved comment); none",
    ),
    key(
        "replies.per_minute",
        "6",
        "replies per minute from one client network (IPv4 address, IPv6 /64); 0 is no limit",
    ),
    key(
        "replies.max_length",
        "5000",
        "Unicode characters of a comment; the limit of a request's body follows from it",
    ),
    key(
        "replies.edit_minutes",
        "15",
        "minutes after its publication within which an author can send an edit; 0 is not at all",
    ),
    key(
        "replies.close_after_days",
        "0",
        "days after its publication for which an article takes replies; 0 is for ever",
    ),
    key(
        "moderation.undo_seconds",
        "60",
        "how long a decision can be undone before its author hears of it",
    ),
    key(
        "moderation.claim_minutes",
        "5",
        "how long a comment stays claimed by a moderator who does nothing",
    ),
    key(
        "login.per_minute",
        "5",
        "failures to sign in per minute from one network before it has to wait",
    ),
    key(
        "privacy.network_days",
        "14",
        "days for which client networks are kept, as keyed hashes and shortened; 0 is for ever",
    ),
    key(
        "privacy.rejected_days",
        "180",
        "days after the decision for which the text of a rejected comment is kept; 0 is for ever",
    ),
    key(
        "privacy.spam_days",
        "30",
        "days after the decision for which the text of spam is kept; 0 is for ever",
    ),
    key(
        "metrics.listen",
        "",
        "HOST:PORT of its own for /metrics, in the format of Prometheus; empty is off",
    ),
    key(
        "cache.max_mb",
        "64",
        "megabytes (of 1,048,576 bytes) of rendered pages kept in memory; 0 keeps none",
    ),
    key("log.format", "text", "text or json"),
    key(
        "log.level",
        "info",
        "error, warn, info, debug or trace; pages read without trouble are logged at debug",
    ),
];

/// The known key nearest to a mistyped one, if one is near.
pub fn nearest(typed: &str) -> Option<&'static str> {
    KEYS.iter()
        .map(|key| (strsim::jaro_winkler(key.name, typed), key.name))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
