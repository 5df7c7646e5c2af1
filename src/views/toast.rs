//! The line that says what was just done, and takes it back.

use super::dates::Dates;
use super::phrases::Around;
use super::{Phrases, Site};
use crate::moderation::{About, AppealStatus, RevisionStatus, Status};
use crate::store::bulks::Bulk;
use crate::store::decisions;
use crate::time::Timestamp;

/// What was done just now.
#[derive(Debug, Clone)]
pub enum Said {
    Decided(Done),
    Bulk(Bulk),
    /// So many comments are claimed.
    Taken(i64),
    /// Held for the reader of the page, or already held by somebody.
    Claimed(bool),
    Released,
    Noted,
    Trusted,
    Untrusted,
    HeldUntil(Timestamp),
    HoldEnded,
    NothingPicked,
    NoGround,
}

/// A decision just made, or undone.
#[derive(Debug, Clone)]
pub struct Done {
    pub decision: i64,
    /// The comment's status now.
    pub to: Status,
    pub about: About,
    /// Of a revision or an appeal: its status.
    pub outcome: Option<i16>,
    /// Its author's.
    pub name: String,
    pub undone: bool,
}

impl Done {
    pub fn of(done: decisions::Done, undone: bool) -> Self {
        Self {
            decision: done.decision,
            to: done.to,
            about: done.about,
            outcome: done.outcome,
            name: done.name,
            undone,
        }
    }
}

pub(super) struct Toast {
    /// What stands before and after the author's name.
    pub words: Around,
    pub name: String,
    /// Where it is undone.
    pub undo: Option<String>,
}

impl Toast {
    pub fn new(phrases: &Phrases, dates: &Dates<'_>, said: &Said) -> Self {
        let plain = |before: String| Self {
            words: Around {
                before,
                after: String::new(),
            },
            name: String::new(),
            undo: None,
        };
        match said {
            Said::Decided(done) => Self {
                words: confirmation(phrases, done),
                name: done.name.clone(),
                undo: (!done.undone)
                    .then(|| format!("/moderation/decisions/{}/undo", done.decision)),
            },
            Said::Bulk(bulk) => Self {
                undo: (bulk.undone.is_none() && bulk.done > 0)
                    .then(|| format!("/moderation/bulks/{}/undo", bulk.id)),
                ..plain(of_bulk(phrases, bulk))
            },
            Said::Taken(count) => plain(phrases.count("said-taken", *count)),
            Said::Claimed(true) => plain(phrases.say("said-claimed")),
            Said::Claimed(false) => plain(phrases.say("said-not-claimed")),
            Said::Released => plain(phrases.say("said-released")),
            Said::Noted => plain(phrases.say("said-noted")),
            Said::Trusted => plain(phrases.say("said-trusted")),
            Said::Untrusted => plain(phrases.say("said-untrusted")),
            Said::HeldUntil(until) => {
                let day = dates.day(*until).text;
                plain(phrases.say_with("said-held", &[("day", &day)]))
            }
            Said::HoldEnded => plain(phrases.say("said-hold-ended")),
            Said::NothingPicked => plain(phrases.say("said-nothing-picked")),
            Said::NoGround => plain(phrases.say("said-no-ground")),
        }
    }
}

/// "17 done, 2 changed meanwhile."
fn of_bulk(phrases: &Phrases, bulk: &Bulk) -> String {
    let (first, changed) = match bulk.undone {
        Some(undone) => (
            phrases.count("bulk-undone", undone),
            bulk.undone_changed.unwrap_or(0),
        ),
        None => (phrases.count("bulk-done", bulk.done), bulk.changed),
    };
    if changed == 0 {
        return phrases.say_with("bulk-all", &[("done", &first)]);
    }
    let changed = phrases.count("bulk-changed", changed);
    phrases.say_with("bulk-some", &[("done", &first), ("changed", &changed)])
}

/// The sentence that confirms a decision: "Approved: Osman Rahimi."
pub fn message(site: &Site, done: &Done) -> String {
    confirmation(site.phrases, done).fill(&done.name)
}

pub(super) fn confirmation(phrases: &Phrases, done: &Done) -> Around {
    if done.undone {
        let waits = done.to == Status::Pending || done.about != About::Status;
        return match waits {
            true => phrases.around("undone-back", "name"),
            false => phrases.around("undone", "name"),
        };
    }
    let is = |code: i16| done.outcome == Some(code);
    let verb = match done.about {
        About::Revision if is(RevisionStatus::Accepted.code()) => phrases.say("done-edit-accepted"),
        About::Revision => phrases.say("done-edit-refused"),
        About::Reports => phrases.say("done-kept"),
        About::Appeal if is(AppealStatus::Upheld.code()) => phrases.say("done-upheld"),
        About::Appeal | About::Status => verdict(phrases, done.to),
    };
    phrases.around_with("done-name", "name", &[("done", &verb)])
}

fn verdict(phrases: &Phrases, to: Status) -> String {
    match to {
        Status::Approved => phrases.say("done-approved"),
        Status::Rejected => phrases.say("done-rejected"),
        Status::Spam => phrases.say("done-spam"),
        Status::Pending => phrases.say("done-back"),
        Status::Withdrawn => phrases.say("badge-withdrawn"),
    }
}
