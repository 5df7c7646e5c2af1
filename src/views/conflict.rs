//! A decision that came too late: a colleague's stands, and may be kept or changed.

use askama::Template;

use super::dates::Dates;
use super::decided;
use super::frame::Frame;
use super::item::{Card, Viewer};
use super::nav::{NavLine, Place, nav};
use super::queue::Desk;
use super::{Phrases, Site, render};
use crate::moderation::Status;
use crate::store::listing::Listing;
use crate::store::queue::QueueItem;
use crate::store::rules::Rule;
use crate::text::Stretch;
use crate::time::Timestamp;

/// What was wanted, and the comment as it stands now.
pub struct Conflict {
    pub item: QueueItem,
    pub wanted: Status,
    /// The rule chosen, with a rejection.
    pub ground_number: Option<i16>,
    pub note: String,
    /// The list in which it was decided.
    pub list: Listing,
    pub rules: Vec<Rule>,
    /// The reader of the page is the only moderator.
    pub alone: bool,
}

#[derive(Template)]
#[template(path = "moderation/conflict.html")]
struct ConflictView<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    view: String,
    title: String,
    lead: String,
    card: Card<'a>,
    back: String,
    change: Option<Change>,
    ground: String,
    note: &'a str,
    reason: String,
}

/// The decision once more, upon the comment's version of now.
struct Change {
    /// The value of `do`.
    verb: &'static str,
    words: String,
}

/// The page that says who was first.
pub fn page(site: &Site, now: Timestamp, desk: &Desk, conflict: &Conflict) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let item = &conflict.item;
    let title = phrases.say("already-decided");
    let nav = nav(phrases, desk, Place::Tab(conflict.list.tab), None);
    let viewer = Viewer {
        moderator: desk.who.id,
        role: desk.who.role,
        alone: conflict.alone,
    };
    let gone = item
        .purged_at
        .filter(|_| conflict.wanted == Status::Approved);
    let final_now = item.comment.status == Status::Withdrawn || gone.is_some();
    let rejects = conflict.wanted == Status::Rejected;
    let ground = conflict.ground_number.filter(|_| rejects);
    render(&ConflictView {
        page: Frame::desk(site, &title),
        desk,
        view: conflict.list.words(),
        back: conflict.list.address(),
        nav,
        title,
        lead: lead(phrases, &dates, item),
        card: Card::new(site, &dates, item, viewer, None),
        change: change(site, conflict.wanted).filter(|_| !final_now),
        ground: ground.map_or_else(String::new, |number| number.to_string()),
        note: if rejects { &conflict.note } else { "" },
        reason: ground.map_or_else(String::new, |number| {
            let rule = decided::rule_among(phrases, &conflict.rules, number);
            phrases.say_with("your-reason", &[("ground", &rule)])
        }),
    })
}

/// Why nothing was changed.
fn lead(phrases: &Phrases, dates: &Dates<'_>, item: &QueueItem) -> String {
    if let Some(at) = item.purged_at {
        let day = dates.day(at).text;
        return phrases.say_with("privacy-nothing-to-publish", &[("day", &day)]);
    }
    item.latest.as_ref().map_or_else(
        || phrases.say("changed-meanwhile"),
        |latest| {
            let decision = decided::sentence(phrases, dates, latest);
            phrases.say_with("nothing-changed", &[("decision", &decision)])
        },
    )
}

fn change(site: &Site, wanted: Status) -> Option<Change> {
    let phrases = site.phrases;
    let (verb, words) = match wanted {
        Status::Approved => ("approve", phrases.say("change-to-approved")),
        Status::Rejected => ("reject", phrases.say("change-to-rejected")),
        Status::Spam => ("spam", phrases.say("change-to-spam")),
        Status::Pending | Status::Withdrawn => return None,
    };
    Some(Change { verb, words })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::fixtures::{self, AT, HOSTILE, assert_page, attributes, texts};

    fn conflict() -> Conflict {
        let mut item = fixtures::item(2201);
        item.comment.status = Status::Approved;
        item.latest = Some(fixtures::decision(Status::Approved));
        Conflict {
            item,
            wanted: Status::Rejected,
            ground_number: Some(4),
            note: HOSTILE.into(),
            list: Listing::default(),
            rules: fixtures::rules(),
            alone: false,
        }
    }

    fn shown(conflict: &Conflict) -> String {
        let html = page(&fixtures::site(), AT, &fixtures::desk(), conflict);
        assert_page(&html);
        html
    }

    #[test]
    fn it_says_who_was_first_and_offers_to_keep_or_change() {
        let html = shown(&conflict());
        assert_eq!(
            texts(&html, ".note p"),
            [
                "Dana approved this at 19:12. Nothing was changed.",
                "Your reason: off topic (rule 4)"
            ]
        );
        assert_eq!(texts(&html, "main a[href='/moderation']"), ["Keep it"]);
        let form = "main form[action='/moderation/comments/2201/decide']";
        assert_eq!(texts(&html, form), ["Change it to Rejected"]);
        let value = |name: &str| attributes(&html, &format!("{form} [name={name}]"), "value");
        assert_eq!(value("csrf"), ["t0ken"]);
        assert_eq!(value("version"), ["3"]);
        assert_eq!(value("ground"), ["4"]);
        assert_eq!(value("note"), [HOSTILE]);
        assert_eq!(value("view"), [""]);
        assert_eq!(value("do"), ["reject"]);
    }

    #[test]
    fn a_withdrawn_comment_cannot_be_changed() {
        let mut late = conflict();
        late.item.comment.status = Status::Withdrawn;
        late.item.latest = None;
        late.ground_number = None;
        let html = shown(&late);
        assert!(texts(&html, "main form").is_empty());
        assert_eq!(
            texts(&html, ".note p"),
            ["This comment changed while you were reading it. Nothing was changed."]
        );
    }

    #[test]
    fn an_approval_carries_no_ground() {
        let mut late = conflict();
        late.wanted = Status::Approved;
        let html = shown(&late);
        assert!(attributes(&html, "[name=ground]", "value").is_empty());
        assert_eq!(texts(&html, "main form"), ["Change it to Approved"]);
    }
}
