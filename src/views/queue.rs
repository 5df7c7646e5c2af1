//! The desk's lists: what waits, what is reported, what was published, rejected or treated as spam.

use askama::Template;

use super::dates::Dates;
use super::frame::Frame;
use super::item::{Card, Viewer};
use super::nav::{NavLine, Place, nav};
use super::phrases::Around;
use super::{Phrases, Site, render};
use crate::moderation::{About, AppealStatus, RevisionStatus, Status};
use crate::store::decisions;
use crate::store::moderators::Moderator;
use crate::store::queue::{QueueItem, Tab, TabCounts};
use crate::store::rules::Rule;
use crate::text::Stretch;
use crate::time::Timestamp;

/// Who is at the desk, and the token that their forms carry.
pub struct Desk {
    pub who: Moderator,
    pub csrf: String,
}

/// One page of a list.
pub struct QueuePage {
    pub tab: Tab,
    pub counts: TabCounts,
    pub items: Vec<QueueItem>,
    pub rules: Vec<Rule>,
    /// The reader of the page is the only moderator.
    pub alone: bool,
    /// The decision just made.
    pub done: Option<Done>,
    /// When the comment that has waited longest came in.
    pub oldest_waiting: Option<Timestamp>,
    /// The neighbouring page ends before this comment.
    pub newer: Option<i64>,
    /// The neighbouring page starts after this comment.
    pub older: Option<i64>,
}

/// A decision just made, or undone.
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

#[derive(Template)]
#[template(path = "moderation/queue.html")]
struct QueueView<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    tab: &'static str,
    title: String,
    /// Of the tab; empty for none.
    count: String,
    waited: String,
    empty: String,
    toast: Option<Toast>,
    cards: Vec<Card<'a>>,
    rules: &'a [Rule],
    newer: Option<i64>,
    older: Option<i64>,
}

struct Toast {
    /// What stands before and after the author's name.
    words: Around,
    name: String,
    undo: Option<String>,
}

/// A page of one of the desk's lists.
pub fn page(site: &Site, now: Timestamp, desk: &Desk, queue: &QueuePage) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let nav = nav(phrases, Place::Tab(queue.tab), Some(&queue.counts));
    let current = nav.iter().find(|line| line.current);
    let waiting = queue.tab == Tab::Waiting;
    let title = if waiting {
        phrases.say("queue")
    } else {
        current.map_or_else(String::new, |line| line.word.clone())
    };
    let oldest = queue.oldest_waiting.filter(|_| waiting);
    let viewer = Viewer {
        moderator: desk.who.id,
        alone: queue.alone,
    };
    let mut frame = Frame::desk(site, &title);
    frame.script = &site.assets.desk_js;
    render(&QueueView {
        page: frame,
        desk,
        tab: queue.tab.word(),
        count: current.map_or_else(String::new, |line| line.count.clone()),
        nav,
        title,
        waited: oldest.map_or_else(String::new, |since| {
            phrases.say_with("oldest-waited", &[("span", &dates.span(since))])
        }),
        empty: empty(phrases, queue.tab),
        toast: queue.done.as_ref().map(|done| Toast::new(phrases, done)),
        cards: queue
            .items
            .iter()
            .map(|item| Card::new(site, &dates, item, viewer))
            .collect(),
        rules: &queue.rules,
        newer: queue.newer,
        older: queue.older,
    })
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

impl Toast {
    fn new(phrases: &Phrases, done: &Done) -> Self {
        Self {
            words: confirmation(phrases, done),
            name: done.name.clone(),
            undo: (!done.undone).then(|| format!("/moderation/decisions/{}/undo", done.decision)),
        }
    }
}

fn empty(phrases: &Phrases, tab: Tab) -> String {
    match tab {
        Tab::Waiting => phrases.say("none-waiting"),
        Tab::Reported => phrases.say("none-reported"),
        Tab::Appeals => phrases.say("none-appeals"),
        Tab::Published => phrases.say("none-published"),
        Tab::Rejected => phrases.say("none-rejected"),
        Tab::Spam => phrases.say("none-spam"),
        Tab::All => phrases.say("none-all"),
    }
}

#[cfg(test)]
mod tests;
