//! The accounts of the desk, for admins.

use askama::Template;

use super::dates::{Dates, Moment};
use super::frame::{Frame, PRODUCT};
use super::nav::{NavLine, Place, nav};
use super::phrases::Around;
use super::queue::Desk;
use super::{Phrases, Site, render};
use crate::moderation::Role;
use crate::moderation::password::WeakPassword;
use crate::store::people::{People, Person};
use crate::store::queue::TabCounts;
use crate::time::Timestamp;

/// What was typed into one of the page's forms, and what is wrong with it. A password is never shown again.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub name: String,
    pub role: Option<Role>,
    pub name_wrong: bool,
    /// There is somebody of that name, or nearly so.
    pub taken: bool,
    pub weak: Option<WeakPassword>,
    /// Too many passwords are being made at once.
    pub busy: bool,
    /// A byline that no account can have, and the account it was for.
    pub byline: Option<(i64, String)>,
}

/// A page of accounts.
pub struct PeoplePage {
    pub people: People,
    pub counts: TabCounts,
    /// What was done, or why not, in a word; else empty.
    pub said: String,
    /// The name of the account that it was done about; else empty.
    pub about: String,
    pub typed: Typed,
    /// The account after which the page begins; `None` for the first page.
    pub after: Option<i64>,
}

#[derive(Template)]
#[template(path = "moderation/people.html")]
struct View<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    said: Option<Around>,
    /// Why something was not done.
    refused: Option<Around>,
    about: &'a str,
    rows: Vec<Row<'a>>,
    next: Option<i64>,
    /// What leads forms back to this page; empty on the first one.
    here: String,
    name: &'a str,
    admin: bool,
    name_error: String,
    password_error: String,
    busy: String,
}

struct Row<'a> {
    person: &'a Person,
    role: String,
    admin: bool,
    own: bool,
    created: Moment,
    seen: Option<Moment>,
    disabled: Option<Moment>,
    byline: &'a str,
    byline_error: String,
}

/// A page of accounts.
pub fn page(site: &Site, now: Timestamp, desk: &Desk, shown: &PeoplePage) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let title = phrases.say("nav-people");
    let typed = &shown.typed;
    let refused = match shown.said.as_str() {
        "last-admin" => Some(phrases.around("people-last-admin", "name")),
        "busy" => Some(Around {
            before: phrases.say("people-busy"),
            after: String::new(),
        }),
        _ => None,
    };
    let wrong = typed.name_wrong
        || typed.taken
        || typed.weak.is_some()
        || typed.busy
        || typed.byline.is_some()
        || refused.is_some();
    let mut frame = Frame::desk(site, &title);
    if wrong {
        frame = frame.with_errors(&title, PRODUCT);
    }
    render(&View {
        page: frame,
        desk,
        nav: nav(phrases, desk, Place::People, Some(&shown.counts)),
        said: said(phrases, &shown.said).filter(|_| !shown.about.is_empty()),
        about: match shown.said.as_str() {
            "busy" => "",
            _ => &shown.about,
        },
        refused,
        rows: shown
            .people
            .rows
            .iter()
            .map(|person| row(phrases, &dates, desk, person, typed))
            .collect(),
        next: shown.people.next,
        here: shown
            .after
            .map_or_else(String::new, |after| format!("?after={after}")),
        name: &typed.name,
        admin: typed.role == Some(Role::Admin),
        name_error: match (typed.name_wrong, typed.taken) {
            (true, _) => phrases.say("people-name-wrong"),
            (false, true) => phrases.say("people-taken"),
            (false, false) => String::new(),
        },
        password_error: typed
            .weak
            .map_or_else(String::new, |why| weak(phrases, why)),
        busy: match typed.busy {
            true => phrases.say("people-busy"),
            false => String::new(),
        },
    })
}

fn said(phrases: &Phrases, word: &str) -> Option<Around> {
    Some(match word {
        "added" => phrases.around("people-said-added", "name"),
        "disabled" => phrases.around("people-said-disabled", "name"),
        "enabled" => phrases.around("people-said-enabled", "name"),
        "role" => phrases.around("people-said-role", "name"),
        "two-factor" => phrases.around("people-said-two-factor", "name"),
        "byline" => phrases.around("people-said-byline", "name"),
        _ => return None,
    })
}

fn row<'a>(
    phrases: &Phrases,
    dates: &Dates<'_>,
    desk: &Desk,
    person: &'a Person,
    typed: &'a Typed,
) -> Row<'a> {
    let account = &person.account;
    let tried = typed.byline.as_ref().filter(|(id, _)| *id == account.id);
    Row {
        person,
        role: role(phrases, account.role),
        admin: account.role == Role::Admin,
        own: account.id == desk.who.id,
        created: dates.day(account.created_at),
        seen: person.seen_at.map(|at| dates.age(at)),
        disabled: account.disabled_at.map(|at| dates.day(at)),
        byline: tried.map_or(&account.byline, |(_, byline)| byline),
        byline_error: match tried {
            Some(_) => phrases.say("people-byline-wrong"),
            None => String::new(),
        },
    }
}

pub(super) fn role(phrases: &Phrases, role: Role) -> String {
    match role {
        Role::Moderator => phrases.say("people-role-moderator"),
        Role::Admin => phrases.say("people-role-admin"),
    }
}

/// What to enter in place of a weak password.
pub(super) fn weak(phrases: &Phrases, why: WeakPassword) -> String {
    match why {
        WeakPassword::Short => phrases.say("own-weak-short"),
        WeakPassword::Long => phrases.say("own-weak-long"),
        WeakPassword::Common => phrases.say("own-weak-common"),
        WeakPassword::Monotonous => phrases.say("own-weak-monotonous"),
    }
}

/// A password that was made for somebody.
pub struct Given<'a> {
    pub name: &'a str,
    pub password: &'a str,
    /// The account was added just now.
    pub new: bool,
}

#[derive(Template)]
#[template(path = "moderation/given.html")]
struct GivenView<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    lead: String,
    password: &'a str,
}

/// The only page that shows it.
pub fn given(site: &Site, desk: &Desk, given: &Given<'_>, counts: &TabCounts) -> String {
    let phrases = site.phrases;
    let title = phrases.say_with("people-given-title", &[("name", given.name)]);
    render(&GivenView {
        page: Frame::desk(site, &title),
        desk,
        nav: nav(phrases, desk, Place::People, Some(counts)),
        lead: match given.new {
            true => phrases.say("people-given-new"),
            false => phrases.say("people-given-reset"),
        },
        password: given.password,
    })
}
