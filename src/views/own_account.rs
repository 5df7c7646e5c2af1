//! Everybody's own account: password, two-factor sign-in, sessions.

use askama::Template;

use super::dates::{Dates, Moment};
use super::field::Input;
use super::frame::{Frame, PRODUCT};
use super::nav::{NavLine, Place, nav};
use super::queue::Desk;
use super::{Phrases, Site, people, render};
use crate::moderation::password::WeakPassword;
use crate::store::queue::TabCounts;
use crate::store::sessions::Session;
use crate::store::two_factor::TwoFactor;
use crate::time::Timestamp;

/// Why a new password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewWrong {
    Weak(WeakPassword),
    /// It is the present one.
    Same,
}

/// What was wrong in one of the page's forms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wrong {
    /// The present password.
    pub current: bool,
    pub new: Option<NewWrong>,
    /// It was not typed twice the same way.
    pub again: bool,
    /// Password or code, for what asks for both.
    pub proof: bool,
    /// Seconds until the next try is taken.
    pub too_many: Option<u64>,
    /// Too many passwords are being checked at once.
    pub busy: bool,
}

/// The page.
pub struct AccountPage {
    pub two_factor: TwoFactor,
    pub sessions: Vec<Session>,
    /// The hash of the token of the session that asks.
    pub current: Vec<u8>,
    /// Nothing but the password can be done yet.
    pub must_change: bool,
    pub counts: TabCounts,
    /// A word that says what was done: `password`, `ended`, `off`; else empty.
    pub said: String,
    pub wrong: Wrong,
}

#[derive(Template)]
#[template(path = "moderation/account.html")]
struct View<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    said: String,
    /// Why nothing at all was tried; empty when something was.
    refused: String,
    role: String,
    must_change: bool,
    passwords: [Input; 3],
    /// Since when two-factor sign-in is on; empty while it is off.
    on: String,
    proposed: bool,
    codes_left: String,
    proof_wrong: String,
    proof: [Input; 2],
    sessions: Vec<Line>,
}

/// A session.
struct Line {
    key: String,
    device: String,
    /// Its last use.
    seen: Moment,
    since: String,
    current: bool,
}

/// The page of one's own account.
pub fn page(site: &Site, now: Timestamp, desk: &Desk, shown: &AccountPage) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let title = phrases.say("nav-account");
    let wrong = &shown.wrong;
    let mut frame = Frame::desk(site, &title);
    if *wrong != Wrong::default() {
        frame = frame.with_errors(&title, PRODUCT);
    }
    let say_if = |is: bool, words: &dyn Fn() -> String| if is { words() } else { String::new() };
    let password = |name, label, autocomplete, error| Input {
        name,
        kind: "password",
        label,
        autocomplete,
        required: true,
        error,
        ..Input::default()
    };
    let current_wrong = say_if(wrong.current, &|| phrases.say("own-current-wrong"));
    let again_wrong = say_if(wrong.again, &|| phrases.say("own-again-wrong"));
    let new_wrong = wrong
        .new
        .map_or_else(String::new, |why| new_wrong(phrases, why));
    let two_factor = &shown.two_factor;
    render(&View {
        page: frame,
        desk,
        nav: nav(phrases, desk, Place::Account, Some(&shown.counts)),
        said: match shown.said.as_str() {
            "password" => phrases.say("own-said-password"),
            "ended" => phrases.say("own-said-ended"),
            "off" => phrases.say("own-said-off"),
            _ => String::new(),
        },
        refused: match wrong.too_many {
            Some(seconds) => {
                let wait = phrases.seconds(seconds);
                phrases.say_with("own-too-many", &[("wait", &wait)])
            }
            None => say_if(wrong.busy, &|| phrases.say("own-busy")),
        },
        role: people::role(phrases, desk.who.role),
        must_change: shown.must_change,
        passwords: [
            password(
                "current",
                phrases.say("own-current"),
                "current-password",
                current_wrong,
            ),
            password("new", phrases.say("own-new"), "new-password", new_wrong),
            password(
                "again",
                phrases.say("own-again"),
                "new-password",
                again_wrong,
            ),
        ],
        on: two_factor.since.map_or_else(String::new, |since| {
            let day = dates.date(since);
            phrases.say_with("own-two-factor-on", &[("day", &day)])
        }),
        proposed: two_factor.secret.is_some(),
        codes_left: phrases.count("own-codes-left", two_factor.codes_left),
        proof_wrong: say_if(wrong.proof, &|| phrases.say("own-proof-wrong")),
        proof: [
            password(
                "password",
                phrases.say("own-password"),
                "current-password",
                String::new(),
            ),
            Input {
                name: "code",
                kind: "text",
                label: phrases.say("own-code"),
                autocomplete: "one-time-code",
                required: true,
                verbatim: true,
                ..Input::default()
            },
        ],
        sessions: shown
            .sessions
            .iter()
            .map(|session| Line {
                key: session.key(),
                device: device(phrases, &session.device),
                seen: dates.age(session.seen_at),
                since: {
                    let since = dates.moment(session.created_at).text;
                    phrases.say_with("own-since", &[("since", &since)])
                },
                current: session.token_hash == shown.current,
            })
            .collect(),
    })
}

fn new_wrong(phrases: &Phrases, why: NewWrong) -> String {
    match why {
        NewWrong::Weak(weak) => people::weak(phrases, weak),
        NewWrong::Same => phrases.say("own-same"),
    }
}

/// "Firefox on Linux", from `Firefox/Linux`.
fn device(phrases: &Phrases, known: &str) -> String {
    match known.split_once('/').unwrap_or_default() {
        ("", "") => phrases.say("own-device-unknown"),
        ("", system) => phrases.say_with("own-device-system", &[("system", system)]),
        (browser, "") => browser.to_owned(),
        (browser, system) => {
            let both = [("browser", browser), ("system", system)];
            phrases.say_with("own-device", &both)
        }
    }
}
