//! The lists of the policy: entries, a form for new ones, and what those would have done.

use askama::Template;

use super::dates::Dates;
use super::evidence;
use super::frame::{Frame, PRODUCT};
use super::nav::{NavLine, Place, nav};
use super::policy::Choice;
use super::queue::Desk;
use super::{Phrases, Site, item, render};
use crate::moderation::Role;
use crate::moderation::listed::{
    Action, EntryKind, EntryProblem, ListEntry, PATTERN_LENGTH, Scope,
};
use crate::store::articles::{Page, Seek};
use crate::store::policy::Listed;
use crate::store::policy_trial::{Hindsight, Match};
use crate::store::queue::TabCounts;
use crate::text::{self, SHORTEST_STEM};
use crate::time::Timestamp;

/// Characters of a comment that an entry would have matched.
const QUOTED: usize = 140;

/// New entries as typed: one a line, all with the same action.
#[derive(Debug, Clone)]
pub struct EntryForm {
    pub kind: EntryKind,
    pub patterns: String,
    pub action: Action,
    pub scope: Scope,
    /// A date, or empty.
    pub until: String,
    pub wrong: Option<Wrong>,
}

impl Default for EntryForm {
    fn default() -> Self {
        Self {
            kind: EntryKind::Words,
            patterns: String::new(),
            action: Action::Hold,
            scope: Scope::EVERYWHERE,
            until: String::new(),
            wrong: None,
        }
    }
}

/// Why nothing was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    Nothing,
    TooMany,
    /// A line, and what is wrong with it.
    Line(String, EntryProblem),
    Scope,
    Until,
    Full,
    Meanwhile,
}

/// A page of the lists.
pub struct ListsPage {
    pub seek: Seek,
    pub listed: Page<Listed>,
    /// What patterns were searched for; empty for all.
    pub sought: String,
    /// A word that says what was done: `added`, `removed`, `gone`, `meanwhile`; else empty.
    pub said: String,
    pub form: EntryForm,
    pub counts: TabCounts,
}

/// Entries that are about to be added.
pub struct Previewed {
    pub form: EntryForm,
    pub entries: Vec<ListEntry>,
    pub hindsight: Hindsight,
    pub counts: TabCounts,
}

#[derive(Template)]
#[template(path = "moderation/policy_lists.html")]
struct ListsView<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    said: String,
    failed: String,
    rows: Vec<Row<'a>>,
    sought: &'a str,
    /// For addresses: `&q=…`, or empty.
    kept: String,
    newer: Option<i64>,
    older: Option<i64>,
    form: &'a EntryForm,
    kinds: Vec<Choice>,
    actions: Vec<Choice>,
    patterns_error: String,
    scope_error: String,
    until_error: String,
    other_error: String,
}

struct Row<'a> {
    id: i64,
    pattern: &'a str,
    kind: String,
    action: String,
    scope: String,
    until: String,
    added: String,
}

#[derive(Template)]
#[template(path = "moderation/policy_preview.html")]
struct PreviewView<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    form: &'a EntryForm,
    entries: Vec<&'a str>,
    what: String,
    sentences: Vec<String>,
    matches: Vec<Matched<'a>>,
    named: String,
}

struct Matched<'a> {
    id: i64,
    name: &'a str,
    status: String,
    excerpt: String,
    reason: String,
}

/// The page of the lists.
pub fn page(site: &Site, now: Timestamp, desk: &Desk, lists: &ListsPage) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let heading = phrases.say("policy-lists-title");
    let form = &lists.form;
    let mut frame = Frame::desk(site, &heading);
    if form.wrong.is_some() {
        frame = frame.with_errors(&heading, PRODUCT);
    }
    let error = |is: fn(&Wrong) -> bool| {
        let wrong = form.wrong.as_ref().filter(|wrong| is(wrong));
        wrong.map_or_else(String::new, |wrong| sentence(phrases, wrong))
    };
    render(&ListsView {
        page: frame,
        desk,
        nav: nav(phrases, desk, Place::Policy, Some(&lists.counts)),
        said: match lists.said.as_str() {
            "added" => phrases.say("policy-added"),
            "removed" => phrases.say("policy-removed"),
            _ => String::new(),
        },
        failed: match lists.said.as_str() {
            "gone" => phrases.say("policy-gone"),
            "meanwhile" => phrases.say("policy-lists-meanwhile"),
            _ => String::new(),
        },
        rows: lists
            .listed
            .rows
            .iter()
            .map(|listed| row(phrases, &dates, listed, now))
            .collect(),
        sought: &lists.sought,
        kept: match lists.sought.as_str() {
            "" => String::new(),
            sought => {
                let sought: String =
                    url::form_urlencoded::byte_serialize(sought.as_bytes()).collect();
                format!("&q={sought}")
            }
        },
        newer: lists.listed.newer,
        older: lists.listed.older,
        form,
        kinds: EntryKind::ALL
            .into_iter()
            .map(|kind| Choice {
                word: kind.word(),
                says: kind_says(phrases, kind),
                chosen: kind == form.kind,
            })
            .collect(),
        actions: Action::ALL
            .into_iter()
            .map(|action| Choice {
                word: action.word(),
                says: action_says(phrases, action),
                chosen: action == form.action,
            })
            .collect(),
        patterns_error: error(|wrong| {
            matches!(wrong, Wrong::Nothing | Wrong::TooMany | Wrong::Line(..))
        }),
        scope_error: error(|wrong| *wrong == Wrong::Scope),
        until_error: error(|wrong| *wrong == Wrong::Until),
        other_error: error(|wrong| matches!(wrong, Wrong::Full | Wrong::Meanwhile)),
    })
}

fn row<'a>(phrases: &Phrases, dates: &Dates<'_>, listed: &'a Listed, now: Timestamp) -> Row<'a> {
    let entry = &listed.entry;
    let day = dates.day(listed.created_at).text;
    let by = [("name", listed.by.as_str()), ("day", &day)];
    let end = entry
        .until
        .map(|until| (until, dates.date(Timestamp(until))));
    Row {
        id: listed.id,
        pattern: &entry.pattern,
        kind: match entry.kind {
            EntryKind::Words => phrases.say("policy-word-words"),
            EntryKind::Domain => phrases.say("policy-word-domain"),
            EntryKind::Network => phrases.say("policy-word-network"),
            EntryKind::Email => phrases.say("policy-word-email"),
        },
        action: action_says(phrases, entry.action),
        scope: scope_says(phrases, entry.scope),
        until: match end {
            None => String::new(),
            Some((until, day)) if until <= now.0 => {
                phrases.say_with("policy-ended", &[("day", &day)])
            }
            Some((_, day)) => phrases.say_with("policy-until", &[("day", &day)]),
        },
        added: match listed.by.is_empty() {
            true => phrases.say_with("policy-by-command", &by),
            false => phrases.say_with("policy-by", &by),
        },
    }
}

/// The page that says what entries would have done.
pub fn preview(site: &Site, now: Timestamp, desk: &Desk, previewed: &Previewed) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let heading = phrases.say("policy-preview-title");
    let seen = &previewed.hindsight;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let looked_at = phrases.number(count(seen.looked_at));
    let mut sentences = vec![phrases.count_with(
        "policy-preview-matched",
        count(seen.matched()),
        &[("all", &looked_at)],
    )];
    if seen.matched() > 0 {
        let published = phrases.number(count(seen.published));
        let down = phrases.number(count(seen.turned_down));
        let said = [("published", published.as_str()), ("down", &down)];
        sentences.push(phrases.say_with("policy-preview-outcomes", &said));
    }
    if seen.blind {
        sentences.push(phrases.say("policy-preview-blind"));
    }
    let form = &previewed.form;
    render(&PreviewView {
        page: Frame::desk(site, &heading),
        desk,
        nav: nav(phrases, desk, Place::Policy, Some(&previewed.counts)),
        form,
        entries: previewed
            .entries
            .iter()
            .map(|entry| &*entry.pattern)
            .collect(),
        what: phrases.say_with(
            "policy-preview-what",
            &[
                ("kind", &kind_says(phrases, form.kind)),
                ("action", &action_says(phrases, form.action)),
            ],
        ),
        sentences,
        matches: seen
            .named
            .iter()
            .map(|found| matched(phrases, &dates, found))
            .collect(),
        named: phrases.count("policy-preview-named", count(seen.named.len())),
    })
}

fn matched<'a>(phrases: &Phrases, dates: &Dates<'_>, found: &'a Match) -> Matched<'a> {
    Matched {
        id: found.id,
        name: &found.name,
        status: item::badge(phrases, found.status)
            .map_or_else(|| phrases.say("policy-preview-waits"), |badge| badge.word),
        excerpt: text::excerpt(&found.body_html, QUOTED),
        reason: evidence::reason(phrases, dates, &found.reason, Role::Admin),
    }
}

fn kind_says(phrases: &Phrases, kind: EntryKind) -> String {
    match kind {
        EntryKind::Words => phrases.say("policy-kind-words"),
        EntryKind::Domain => phrases.say("policy-kind-domain"),
        EntryKind::Network => phrases.say("policy-kind-network"),
        EntryKind::Email => phrases.say("policy-kind-email"),
    }
}

fn action_says(phrases: &Phrases, action: Action) -> String {
    match action {
        Action::Hold => phrases.say("policy-action-hold"),
        Action::Spam => phrases.say("policy-action-spam"),
        Action::Refuse => phrases.say("policy-action-refuse"),
    }
}

fn scope_says(phrases: &Phrases, scope: Scope) -> String {
    let words: Vec<String> = [
        (scope.text, phrases.say("policy-in-text")),
        (scope.name, phrases.say("policy-in-name")),
        (scope.website, phrases.say("policy-in-website")),
    ]
    .into_iter()
    .filter_map(|(is, word)| is.then_some(word))
    .collect();
    words.join(", ")
}

fn sentence(phrases: &Phrases, wrong: &Wrong) -> String {
    match wrong {
        Wrong::Nothing => phrases.say("policy-wrong-nothing"),
        Wrong::TooMany => phrases.say("policy-wrong-many"),
        Wrong::Scope => phrases.say("policy-wrong-scope"),
        Wrong::Until => phrases.say("policy-wrong-until"),
        Wrong::Full => phrases.say("policy-wrong-full"),
        Wrong::Meanwhile => phrases.say("policy-lists-meanwhile"),
        Wrong::Line(line, problem) => self::problem(phrases, line, *problem),
    }
}

/// What is wrong with an entry, which is named.
pub fn problem(phrases: &Phrases, line: &str, problem: EntryProblem) -> String {
    let named = [("line", line)];
    match problem {
        EntryProblem::NothingToFind => phrases.say_with("policy-wrong-empty", &named),
        EntryProblem::StarInside => phrases.say_with("policy-wrong-star", &named),
        EntryProblem::StemTooShort => {
            let least = SHORTEST_STEM.to_string();
            phrases.say_with("policy-wrong-stem", &[("line", line), ("least", &least)])
        }
        EntryProblem::NoDomain => phrases.say_with("policy-wrong-domain", &named),
        EntryProblem::NoNetwork => phrases.say_with("policy-wrong-network", &named),
        EntryProblem::EveryNetwork => phrases.say_with("policy-wrong-every", &named),
        EntryProblem::TooLong => {
            let most = PATTERN_LENGTH.to_string();
            phrases.say_with("policy-wrong-long", &[("line", line), ("most", &most)])
        }
        EntryProblem::Known => phrases.say_with("policy-wrong-known", &named),
        EntryProblem::NoScope => phrases.say("policy-wrong-scope"),
        EntryProblem::Ended => phrases.say("policy-wrong-until"),
    }
}
