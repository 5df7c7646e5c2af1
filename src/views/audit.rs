//! The audit log: a sentence for each act, by days, and the way back from those that can be undone.

mod sentence;

use askama::Template;

use sentence::{Part, Sentence, named};

use super::audit_filter::AuditFilters;
use super::dates::{Dates, Moment};
use super::frame::Frame;
use super::nav::{NavLine, Place, nav};
use super::phrases::Around;
use super::queue::Desk;
use super::toast::{Done, confirmation};
use super::{Phrases, Site, render};
use crate::store::audit_log::{LogPage, Logged};
use crate::store::moderators::Account;
use crate::time::Timestamp;

pub use super::audit_filter::{Asked, Wrong};

/// One page of the log.
pub struct AuditPage {
    pub entries: LogPage,
    /// It was walked from an older place to newer ones.
    pub backwards: bool,
    pub asked: Asked,
    pub wrong: Wrong,
    /// Whose acts can be asked for.
    pub people: Vec<Account>,
    /// The decision just undone from here.
    pub done: Option<Done>,
}

#[derive(Template)]
#[template(path = "moderation/audit.html")]
struct AuditView<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    title: String,
    toast: Option<Toast>,
    days: Vec<Day>,
    filters: AuditFilters,
    /// What was asked for, as an address has it; and what joins more to it.
    words: String,
    joint: &'static str,
    newer: Option<i64>,
    newer_words: String,
    older: Option<i64>,
    older_words: String,
    /// The window of the walk ended before the page was full.
    cut: bool,
    /// The keyset that leads back to this page; empty for the first one.
    before: String,
}

struct Toast {
    words: Around,
    name: String,
}

/// The entries of a day.
struct Day {
    words: String,
    lines: Vec<Line>,
}

struct Line {
    id: i64,
    at: Moment,
    sentence: Vec<Part>,
    note: String,
    undone: Option<Undone>,
    /// It belongs to a bulk.
    bulk: Option<i64>,
    /// The decision that can be undone.
    undo: Option<i64>,
    /// The bulk that can be undone.
    undo_bulk: Option<i64>,
    /// "the entry at 14:13"
    which: String,
}

/// Who undid it, and what stands around the name.
struct Undone {
    before: String,
    name: String,
    after: String,
}

/// A page of the audit log.
pub fn page(site: &Site, now: Timestamp, desk: &Desk, audit: &AuditPage) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let title = phrases.say("nav-audit");
    let entries = &audit.entries;
    let mut days: Vec<Day> = Vec::new();
    let mut bulks_offered: Vec<i64> = Vec::new();
    for entry in &entries.rows {
        let mut line = Line::new(phrases, &dates, entry);
        if let Some(bulk) = line.undo_bulk {
            if bulks_offered.contains(&bulk) {
                line.undo_bulk = None;
            } else {
                bulks_offered.push(bulk);
            }
        }
        let words = dates.date(entry.at);
        match days.last_mut().filter(|day| day.words == words) {
            Some(day) => day.lines.push(line),
            None => days.push(Day {
                words,
                lines: vec![line],
            }),
        }
    }
    let first = entries.rows.first().filter(|_| entries.newer.is_some());
    let mut frame = Frame::desk(site, &title);
    if audit.wrong.any() {
        frame = frame.with_errors(&title, super::frame::PRODUCT);
    }
    let words = audit.asked.words();
    let further = |this: bool, other: String| match entries.cut && this {
        true => phrases.say("look-further"),
        false => other,
    };
    render(&AuditView {
        page: frame,
        filters: AuditFilters::new(site, &audit.asked, audit.wrong, &audit.people),
        joint: if words.is_empty() { "" } else { "&" },
        words,
        newer_words: further(audit.backwards, phrases.say("newer")),
        older_words: further(!audit.backwards, phrases.say("older")),
        cut: entries.cut,
        desk,
        nav: nav(phrases, desk, Place::Audit, None),
        title,
        toast: audit.done.as_ref().map(|done| Toast {
            words: confirmation(phrases, done),
            name: done.name.clone(),
        }),
        days,
        newer: entries.newer,
        older: entries.older,
        before: first.map_or_else(String::new, |entry| entry.id.saturating_add(1).to_string()),
    })
}

impl Line {
    fn new(phrases: &Phrases, dates: &Dates<'_>, entry: &Logged) -> Self {
        let at = dates.after(entry.at, entry.at);
        let decision = entry.decision.as_ref();
        let undone = decision.and_then(|decision| decision.undone.as_ref());
        // What was undone with a bulk is not undone again.
        let open_bulk = entry.bulk.filter(|bulk| !bulk.undone);
        Self {
            id: entry.id,
            sentence: Sentence {
                phrases,
                dates,
                entry,
            }
            .parts(),
            note: note(entry),
            undone: undone.map(|(name, when)| {
                let when = dates.after(*when, entry.at).text;
                let around =
                    phrases.around_with("audit-undone-by", "who", &[("when", when.as_str())]);
                Undone {
                    before: around.before,
                    name: named(phrases, name),
                    after: around.after,
                }
            }),
            bulk: entry.bulk.map(|bulk| bulk.id),
            undo: decision
                .filter(|decision| decision.can_be_undone)
                .map(|decision| decision.id),
            undo_bulk: open_bulk
                .filter(|_| decision.is_some_and(|decision| decision.original.is_none()))
                .map(|bulk| bulk.id),
            which: phrases.say_with("audit-the-entry", &[("clock", &at.text)]),
            at,
        }
    }
}

/// What was written with a decision or a hold. The text of other acts is a name, and stands in their sentence.
fn note(entry: &Logged) -> String {
    if entry.decision.is_some() || entry.act == "author-held" {
        return entry.text.clone();
    }
    String::new()
}
