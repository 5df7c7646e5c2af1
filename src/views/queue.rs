//! The desk's lists: what waits, what is reported, what was published, rejected or treated as spam; and everything.

use askama::Template;

use super::dates::Dates;
use super::evidence::ClaimLine;
use super::filters::Filters;
use super::frame::Frame;
use super::item::{Card, Viewer};
use super::nav::{self, NavLine, Place};
use super::toast::Toast;
use super::{Site, render};
use crate::store::claims::Claim;
use crate::store::desk::{Chosen, Today};
use crate::store::listed::Reader;
use crate::store::listing::{Listing, Order, Seek, Tab};
use crate::store::moderators::Moderator;
use crate::store::queue::{QueueItem, TabCounts};
use crate::store::rules::Rule;
use crate::store::saved_replies::SavedReply;
use crate::text::Stretch;
use crate::time::Timestamp;

pub use super::toast::{Said, message};

/// Who is at the desk, and the token that their forms carry.
pub struct Desk {
    pub who: Moderator,
    pub csrf: String,
}

/// One page of a list.
pub struct QueuePage {
    pub list: Listing,
    pub counts: TabCounts,
    pub items: Vec<QueueItem>,
    pub rules: Vec<Rule>,
    pub saved: Vec<SavedReply>,
    /// What the filters can be set to, and what they are set to.
    pub chosen: Chosen,
    /// The reader of the page is the only moderator.
    pub alone: bool,
    /// What was done just now.
    pub said: Option<Said>,
    /// When the comment that has waited longest came in.
    pub oldest_waiting: Option<Timestamp>,
    /// What was decided today; where nothing waits.
    pub today: Option<Today>,
    /// The pages before and after, in the order of the list.
    pub back: Option<Listing>,
    pub onward: Option<Listing>,
    /// The page after goes on looking where this one stopped.
    pub cut: bool,
}

#[derive(Template)]
#[template(path = "moderation/queue.html")]
struct QueueView<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    tab: &'static str,
    /// The list's address after the question mark.
    view: String,
    title: String,
    /// Of the tab; empty for none.
    count: String,
    waited: String,
    empty: String,
    /// More sentences where nothing waits.
    rest: Vec<String>,
    everywhere: String,
    toast: Option<Toast>,
    filters: Filters,
    cards: Vec<Card<'a>>,
    rules: &'a [Rule],
    saved: &'a [SavedReply],
    bulk: bool,
    /// There is something to go on to.
    skips: bool,
    /// The newer or riskier page first.
    ways: Vec<Way>,
    cut: String,
}

/// A way to another page of the list.
struct Way {
    address: String,
    words: String,
}

/// A page of one of the desk's lists.
pub fn page(site: &Site, now: Timestamp, desk: &Desk, queue: &QueuePage) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let list = &queue.list;
    let nav = nav::nav(phrases, desk, Place::Tab(list.tab), Some(&queue.counts));
    let current = nav.iter().find(|line| line.current);
    let waiting = list.tab == Tab::Waiting;
    let title = if waiting {
        phrases.say("queue")
    } else {
        current.map_or_else(String::new, |line| line.word.clone())
    };
    let whole = !list.is_filtered();
    let oldest = queue.oldest_waiting.filter(|_| waiting && whole);
    let viewer = Viewer {
        moderator: desk.who.id,
        role: desk.who.role,
        alone: queue.alone,
    };
    let query = list.query();
    let mut frame = Frame::desk(site, &title);
    frame.script = &site.assets.desk_js;
    render(&QueueView {
        page: frame,
        desk,
        tab: list.tab.word(),
        view: list.words(),
        count: current
            .filter(|_| whole)
            .map_or_else(String::new, |line| line.count.clone()),
        nav,
        title,
        waited: oldest.map_or_else(String::new, |since| {
            phrases.say_with("oldest-waited", &[("span", &dates.span(since))])
        }),
        empty: empty(site, list),
        rest: rest(site, &dates, queue),
        everywhere: if whole || list.tab == Tab::All {
            String::new()
        } else {
            Listing {
                tab: Tab::All,
                order: None,
                seek: Seek::First,
                ..list.clone()
            }
            .address()
        },
        toast: queue
            .said
            .as_ref()
            .map(|said| Toast::new(phrases, &dates, said)),
        filters: Filters::new(site, queue),
        cards: queue
            .items
            .iter()
            .map(|item| Card::new(site, &dates, item, viewer, query.as_ref()))
            .collect(),
        rules: &queue.rules,
        saved: &queue.saved,
        skips: list.tab.is_work(),
        bulk: list.tab != Tab::Appeals && !queue.items.is_empty(),
        ways: ways(site, queue),
        cut: match queue.cut {
            true => phrases.say("cut"),
            false => String::new(),
        },
    })
}

/// The ways to the pages before and after.
fn ways(site: &Site, queue: &QueuePage) -> Vec<Way> {
    let phrases = site.phrases;
    let order = queue.list.order();
    let (back, onward) = match order {
        Order::Oldest => (phrases.say("older"), phrases.say("newer")),
        Order::Newest => (phrases.say("newer"), phrases.say("older")),
        Order::Risk => (phrases.say("higher-risk"), phrases.say("lower-risk")),
    };
    // The way on is the one in which the list was looked through.
    let (back, onward) = match (queue.cut, queue.list.seek) {
        (false, _) => (back, onward),
        (true, Seek::Until(_)) => (phrases.say("look-further"), onward),
        (true, _) => (back, phrases.say("look-further")),
    };
    let way = |to: &Option<Listing>, words: String| {
        to.as_ref().map(|to| Way {
            address: to.address(),
            words,
        })
    };
    let mut ways = vec![way(&queue.back, back), way(&queue.onward, onward)];
    if order == Order::Oldest {
        ways.reverse();
    }
    ways.into_iter().flatten().collect()
}

/// The sentence of a list without comments.
fn empty(site: &Site, list: &Listing) -> String {
    let phrases = site.phrases;
    if list.query().is_some() {
        return phrases.say_with("no-match", &[("words", list.search.trim())]);
    }
    if list.is_filtered() {
        return phrases.say("no-match-filter");
    }
    match list.tab {
        Tab::Waiting => phrases.say("none-waiting"),
        Tab::Reported => phrases.say("none-reported"),
        Tab::Appeals => phrases.say("none-appeals"),
        Tab::Published => phrases.say("none-published"),
        Tab::Rejected => phrases.say("none-rejected"),
        Tab::Spam => phrases.say("none-spam"),
        Tab::All => phrases.say("none-all"),
    }
}

/// Who did what today, and what waits elsewhere; where nothing waits.
fn rest(site: &Site, dates: &Dates<'_>, queue: &QueuePage) -> Vec<String> {
    let phrases = site.phrases;
    let Some(today) = &queue.today else {
        return Vec::new();
    };
    let mut rest = Vec::new();
    if today.decisions > 0 {
        rest.push(phrases.count("today-decisions", today.decisions));
    }
    if let Some((name, at)) = &today.latest {
        let when = dates.sentence(*at);
        rest.push(phrases.say_with("today-latest", &[("name", name), ("when", &when)]));
    }
    let elsewhere = [
        (queue.counts.reported, "elsewhere-reported"),
        (queue.counts.appeals, "elsewhere-appeals"),
    ];
    for (count, which) in elsewhere {
        if count > 0 {
            rest.push(match which {
                "elsewhere-reported" => phrases.count("elsewhere-reported", count),
                _ => phrases.count("elsewhere-appeals", count),
            });
        }
    }
    rest
}

/// Who is looking at a comment, as its item says it.
pub fn claimed(site: &Site, reader: Reader, claim: &Claim) -> String {
    let dates = Dates::new(site, reader.now);
    ClaimLine::of(site.phrases, &dates, claim, reader.moderator).words
}

/// The counts of the tabs as the navigation says them, by the words of the tabs; for the desk's script.
pub fn counts(site: &Site, counts: &TabCounts) -> Vec<(&'static str, String)> {
    Tab::ALL
        .iter()
        .filter_map(|tab| Some((tab.word(), nav::counted(site.phrases, counts.of(*tab)?))))
        .collect()
}

#[cfg(test)]
mod tests;
