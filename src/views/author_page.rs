//! An author on the desk: what they wrote and what became of it, notes between colleagues, trust, holds.

use askama::Template;

use super::dates::{Dates, Moment};
use super::evidence::{self, NoteLine};
use super::frame::Frame;
use super::held::links_as_text;
use super::item::{self, Badge};
use super::nav::{NavLine, Place, counted, nav};
use super::queue::Desk;
use super::toast::{Said, Toast};
use super::{Phrases, Site, decided, identicon, render};
use crate::moderation::Status;
use crate::store::author_holds::Of;
use crate::store::author_page::{AuthorPage, Figures};
use crate::store::listing::{Listing, Position, Seek, Tab};
use crate::store::queue::{QueueItem, TabCounts};
use crate::text::SafeHtml;
use crate::time::Timestamp;

/// What a moderator typed to hold an author, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct HoldForm {
    /// As the field has it: `2026-06-12`.
    pub until: String,
    pub reason: String,
    pub until_wrong: bool,
    pub reason_wrong: bool,
}

/// An author's page.
pub struct Shown {
    pub author: AuthorPage,
    pub counts: TabCounts,
    pub said: Option<Said>,
    pub form: HoldForm,
}

#[derive(Template)]
#[template(path = "moderation/author.html")]
struct AuthorView<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    /// Where its forms are sent.
    address: String,
    name: String,
    icon: String,
    badge: String,
    toast: Option<Toast>,
    figures: Vec<(String, String)>,
    pairs: Vec<(String, String, String)>,
    trusted: String,
    can_trust: bool,
    hold: String,
    hold_reason: &'a str,
    told: String,
    can_hold: bool,
    /// The kind of the field for the day: one for dates, unless something else was typed, which it could not show.
    until_kind: &'static str,
    form: &'a HoldForm,
    until_error: String,
    reason_error: String,
    tomorrow: String,
    notes: Vec<NoteLine<'a>>,
    tabs: Vec<TabLine>,
    comments: Vec<Line<'a>>,
    none: String,
    newer: String,
    older: String,
}

/// A filter of their comments.
struct TabLine {
    address: String,
    words: String,
    current: bool,
}

/// A comment of theirs, and what became of it.
struct Line<'a> {
    id: i64,
    when: Moment,
    body: SafeHtml,
    /// In place of the body, once that was let go; else empty.
    let_go: String,
    badge: Option<Badge>,
    outcome: String,
    article: &'a str,
    article_address: String,
    /// Where it can be decided.
    desk: String,
}

/// The page.
pub fn page(site: &Site, now: Timestamp, desk: &Desk, shown: &Shown) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let author = &shown.author;
    let name = match author.name.as_str() {
        "" => phrases.say("author-unnamed"),
        name => name.to_owned(),
    };
    let mut frame = Frame::desk(site, &name);
    if shown.form.until_wrong || shown.form.reason_wrong {
        frame = frame.with_errors(&name, super::frame::PRODUCT);
    }
    let address = address(author.of);
    let held = author.hold.as_ref();
    let way = |to: Option<Seek>| {
        to.map_or_else(String::new, |seek| {
            with_words(&address, &own_words(&author.list.at(seek)))
        })
    };
    render(&AuthorView {
        page: frame,
        desk,
        nav: nav(phrases, desk, Place::Tab(Tab::All), Some(&shown.counts)),
        icon: author
            .page
            .items
            .first()
            .map_or_else(String::new, |item| identicon::of(&item.comment)),
        badge: match (held, &author.trusted) {
            (Some(_), _) => phrases.say("badge-held"),
            (None, Some(_)) => phrases.say("badge-trusted"),
            (None, None) => String::new(),
        },
        toast: shown
            .said
            .as_ref()
            .map(|said| Toast::new(phrases, &dates, said)),
        figures: author
            .figures
            .map(|figures| figures_of(phrases, figures))
            .unwrap_or_default(),
        pairs: pairs(phrases, &dates, desk, author),
        trusted: author
            .trusted
            .as_ref()
            .map_or_else(String::new, |(at, by)| {
                let day = dates.day(*at).text;
                phrases.say_with("trusted-by", &[("name", by), ("day", &day)])
            }),
        can_trust: author.figures.is_some(),
        hold: held.map_or_else(String::new, |hold| {
            let (day, until) = (dates.day(hold.created_at).text, dates.day(hold.until).text);
            let said = [
                ("name", hold.name.as_str()),
                ("day", &day),
                ("until", &until),
            ];
            phrases.say_with("held-since", &said)
        }),
        hold_reason: held.map_or("", |hold| &hold.reason),
        told: told(phrases, &dates, author),
        can_hold: author.comment.is_some()
            && !is_staff(author)
            && (author.figures.is_some() || !author.email.is_empty() || author.network.is_some()),
        until_kind: match shown.form.until.is_empty() || is_date(&shown.form.until) {
            true => "date",
            false => "text",
        },
        form: &shown.form,
        until_error: wrong(shown.form.until_wrong, || phrases.say("until-wrong")),
        reason_error: wrong(shown.form.reason_wrong, || phrases.say("reason-wrong")),
        tomorrow: site.zone.date(now.plus(crate::time::DAY)),
        notes: author
            .notes
            .iter()
            .map(|note| NoteLine::of(phrases, &dates, note))
            .collect(),
        tabs: tabs(phrases, &address, author),
        comments: author
            .page
            .items
            .iter()
            .map(|item| line(phrases, &dates, item))
            .collect(),
        none: phrases.say("author-no-comments"),
        newer: way(author.page.back.map(Seek::Until)),
        older: way(author.page.onward.map(Seek::From)),
        address,
        name,
    })
}

/// Whether a moderator wrote it.
fn is_staff(author: &AuthorPage) -> bool {
    let mut items = author.page.items.iter();
    author.figures.is_none() && items.any(|item| item.comment.staff.is_staff())
}

/// Whether a text is a date as fields for dates have it.
fn is_date(text: &str) -> bool {
    crate::time::Zone::utc().end_of_day(text).is_some()
}

fn wrong(is: bool, words: impl Fn() -> String) -> String {
    if is { words() } else { String::new() }
}

/// The address of an author's page.
pub fn address(of: Of) -> String {
    match of {
        Of::Author(id) => format!("/moderation/authors/{id}"),
        Of::Comment(id) => format!("/moderation/comments/{id}/author"),
    }
}

fn with_words(address: &str, words: &str) -> String {
    match words {
        "" => address.to_owned(),
        words => format!("{address}?{words}"),
    }
}

/// What of a list belongs to the address of an author's page.
fn own_words(list: &Listing) -> String {
    Listing {
        tab: Tab::default(),
        author: None,
        order: Some(list.order()),
        ..list.clone()
    }
    .words()
}

fn figures_of(phrases: &Phrases, figures: Figures) -> Vec<(String, String)> {
    [
        (phrases.say("figure-approved"), figures.approved),
        (phrases.say("figure-rejected"), figures.rejected),
        (phrases.say("figure-spam"), figures.spam),
        (phrases.say("figure-waiting"), figures.waiting),
        (phrases.say("figure-reports"), figures.reports),
    ]
    .into_iter()
    .map(|(name, count)| (name, counted(phrases, count)))
    .collect()
}

/// What is known of them: a name, a value, and where it leads; each may be empty.
fn pairs(
    phrases: &Phrases,
    dates: &Dates<'_>,
    desk: &Desk,
    author: &AuthorPage,
) -> Vec<(String, String, String)> {
    let mut pairs = vec![(
        phrases.say("first-seen"),
        dates.day(author.first_seen).text,
        String::new(),
    )];
    let email = evidence::masked_email(&author.email, desk.who.role);
    if !email.is_empty() {
        let unconfirmed = phrases.say_with("email-unconfirmed", &[("email", &email)]);
        pairs.push((phrases.say("email-of-author"), unconfirmed, String::new()));
    }
    if let Some(network) = &author.network {
        let code = evidence::network(phrases, network, &author.shortened);
        let shared = phrases.count_with("network-shared", author.from_network, &[("code", &code)]);
        let list = Listing {
            tab: Tab::All,
            network: Some(network.clone()),
            ..Listing::default()
        };
        pairs.push((phrases.say("network"), shared, list.address()));
    }
    if let Some(figures) = author.figures.filter(|figures| figures.appeals > 0) {
        let upheld = phrases.number(figures.appeals_reversed);
        let sent = phrases.count_with("appeals-sent", figures.appeals, &[("reversed", &upheld)]);
        pairs.push((phrases.say("tab-appeals"), sent, String::new()));
    }
    pairs
}

/// What the author is told of trust or hold.
fn told(phrases: &Phrases, dates: &Dates<'_>, author: &AuthorPage) -> String {
    match (&author.hold, &author.trusted) {
        (Some(hold), _) => {
            let day = dates.day(hold.until).text;
            let sentence = phrases.say_with("receipt-held", &[("day", &day)]);
            phrases.say_with("told-held", &[("sentence", &sentence)])
        }
        (None, Some(_)) => phrases.say("told-trusted"),
        (None, None) => phrases.say("told-nothing"),
    }
}

fn tabs(phrases: &Phrases, address: &str, author: &AuthorPage) -> Vec<TabLine> {
    let Some(figures) = author.figures else {
        return Vec::new();
    };
    let line = |status: Option<Status>, words: String, count: Option<i64>| TabLine {
        address: with_words(
            address,
            &status.map_or_else(String::new, |status| format!("status={}", status.word())),
        ),
        words: count.map_or(words.clone(), |n| {
            format!("{words} {}", counted(phrases, n))
        }),
        current: author.list.status == status,
    };
    vec![
        line(None, phrases.say("author-all"), None),
        line(
            Some(Status::Approved),
            phrases.say("outcome-approved"),
            Some(figures.approved),
        ),
        line(
            Some(Status::Rejected),
            phrases.say("outcome-rejected"),
            Some(figures.rejected),
        ),
        line(
            Some(Status::Spam),
            phrases.say("outcome-spam"),
            Some(figures.spam),
        ),
        line(
            Some(Status::Pending),
            phrases.say("outcome-pending"),
            Some(figures.waiting),
        ),
    ]
}

fn line<'a>(phrases: &Phrases, dates: &Dates<'_>, item: &'a QueueItem) -> Line<'a> {
    let comment = &item.comment;
    let waits = comment.status == Status::Pending;
    Line {
        id: comment.id,
        when: dates.day(comment.created_at),
        body: links_as_text(&comment.body_html),
        let_go: evidence::let_go(phrases, dates, item.purged_at),
        badge: item::badge(phrases, comment.status).or_else(|| {
            waits.then(|| Badge {
                class: "is-warn",
                word: phrases.say("outcome-pending"),
            })
        }),
        outcome: item.latest.as_ref().map_or_else(String::new, |latest| {
            decided::sentence(phrases, dates, latest)
        }),
        article: &item.article_title,
        article_address: format!("/articles/{}", item.article_slug),
        desk: Listing {
            tab: Tab::All,
            author: comment.author_id,
            same: match comment.author_id {
                Some(_) => None,
                None => Some(item.text_key).filter(|key| *key != 0),
            },
            // Newest first, from just before this one.
            seek: Seek::From(Position {
                id: comment.id + 1,
                risk: 0,
            }),
            ..Listing::default()
        }
        .address(),
    }
}
