//! A comment on the desk: what was said on one side, what is known about it on the other.

use super::dates::{Dates, Moment};
use super::decided;
use super::held::links_as_text;
use super::identicon::Identicon;
use super::phrases::Piece;
use super::reported::Reports;
use super::{Phrases, Site};
use crate::moderation::{HoldReason, Status};
use crate::store::queue::{LatestDecision, QueueItem};
use crate::text::{self, SafeHtml};

/// Characters of the comment answered.
const QUOTED: usize = 90;

/// A comment as `moderation/card.html` draws it.
pub(super) struct Card<'a> {
    pub id: i64,
    pub version: i64,
    pub name: &'a str,
    pub website: &'a str,
    pub icon: Identicon,
    pub badge: Option<Badge>,
    pub age: Moment,
    /// The age as a date, for `title`.
    pub full: String,
    pub context: Vec<Piece>,
    pub parent: &'a str,
    pub excerpt: String,
    pub article: &'a str,
    /// Where the comment stands, or would stand.
    pub address: String,
    pub body: SafeHtml,
    pub hold: Vec<String>,
    pub latest: String,
    pub note: &'a str,
    pub reports: Option<Reports<'a>>,
    /// The decisions that would change something.
    pub approve: bool,
    pub reject: bool,
    pub spam: bool,
}

/// The status, where a list holds more than waiting comments.
pub(super) struct Badge {
    pub class: &'static str,
    pub word: String,
}

impl<'a> Card<'a> {
    pub fn new(site: &Site, dates: &Dates<'_>, item: &'a QueueItem) -> Self {
        let phrases = site.phrases;
        let comment = &item.comment;
        let status = comment.status;
        let parent = item.parent.as_ref();
        let decision = |latest| decided::sentence(phrases, dates, latest);
        Self {
            id: comment.id,
            version: comment.version,
            name: &comment.name,
            website: &comment.website,
            icon: Identicon::of(comment),
            badge: badge(phrases, status),
            age: dates.age(comment.created_at),
            full: dates.full(comment.created_at).text,
            context: match parent {
                Some(_) => phrases.pieces("answers", &["name", "excerpt", "article"], &[]),
                None => phrases.pieces("on-article", &["article"], &[]),
            },
            parent: parent.map_or("", |parent| &parent.name),
            excerpt: parent.map_or_else(String::new, |parent| {
                text::excerpt(&parent.body_html, QUOTED)
            }),
            article: &item.article_title,
            address: match status {
                Status::Approved => format!("/comments/{}", comment.id),
                _ => format!("/articles/{}", item.article_slug),
            },
            body: links_as_text(&comment.body_html),
            hold: item.hold.iter().map(|why| reason(phrases, why)).collect(),
            latest: item.latest.as_ref().map_or_else(String::new, decision),
            note: item.latest.as_ref().map_or("", note),
            reports: Reports::of(site, dates, item),
            approve: status != Status::Approved,
            reject: status != Status::Rejected,
            spam: status != Status::Spam,
        }
    }
}

/// What the author was told, while that decision stands.
fn note(latest: &LatestDecision) -> &str {
    match latest.to {
        Status::Rejected => latest.note.trim(),
        _ => "",
    }
}

fn badge(phrases: &Phrases, status: Status) -> Option<Badge> {
    let (class, word) = match status {
        Status::Pending => return None,
        Status::Approved => ("is-ok", phrases.say("badge-published")),
        Status::Rejected => ("is-no", phrases.say("badge-rejected")),
        Status::Spam => ("is-no", phrases.say("badge-spam")),
        Status::Withdrawn => ("", phrases.say("badge-withdrawn")),
    };
    Some(Badge { class, word })
}

fn reason(phrases: &Phrases, why: &HoldReason) -> String {
    match why {
        HoldReason::EveryReply => phrases.say("hold-every-reply"),
        HoldReason::FirstReply => phrases.say("hold-first-reply"),
        HoldReason::Links { count, limit } => {
            let limit = phrases.number(i64::from(*limit));
            phrases.count_with("hold-links", i64::from(*count), &[("limit", &limit)])
        }
        HoldReason::HiddenField => phrases.say("hold-hidden-field"),
        HoldReason::StaffName { name } => phrases.say_with("hold-staff-name", &[("name", name)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_reason_is_a_sentence_with_its_numbers() {
        let phrases = Phrases::of("en");
        let say = |why| reason(phrases, &why);
        assert_eq!(
            say(HoldReason::Links { count: 3, limit: 2 }),
            "contains 3 links; the limit is 2"
        );
        assert_eq!(
            say(HoldReason::Links { count: 1, limit: 0 }),
            "contains 1 link; the limit is 0"
        );
        let name = "Dana Whitlock".to_owned();
        assert_eq!(
            say(HoldReason::StaffName { name }),
            "the name is like that of Dana Whitlock, a moderator"
        );
    }
}
