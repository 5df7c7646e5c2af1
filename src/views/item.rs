//! A comment on the desk: what was said on one side, what is known about it on the other.

use super::dates::{Dates, Moment};
use super::decided;
use super::held::links_as_text;
use super::identicon;
use super::phrases::Piece;
use super::reported::Reports;
use super::voice;
use super::{Phrases, Site};
use crate::moderation::{HoldReason, Status};
use crate::store::appeals::Open;
use crate::store::authors::Acquaintance;
use crate::store::queue::{LatestDecision, QueueItem};
use crate::text::{self, SafeHtml, Stretch};

/// Characters of the comment answered.
const QUOTED: usize = 90;

/// A comment as `moderation/card.html` draws it.
pub(super) struct Card<'a> {
    pub id: i64,
    pub version: i64,
    pub name: &'a str,
    pub website: &'a str,
    pub icon: String,
    pub badge: Option<Badge>,
    /// In whose name it speaks, if not its author's alone.
    pub voice: Option<Badge>,
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
    /// Their record, or why there is none; empty for staff.
    pub author: String,
    pub latest: String,
    pub note: &'a str,
    pub reports: Option<Reports<'a>>,
    /// The decisions that would change something.
    pub approve: bool,
    pub reject: bool,
    pub spam: bool,
    pub edit: Option<Edit>,
    pub appeal: Option<Appeal<'a>>,
}

/// A waiting revision of a published comment.
pub(super) struct Edit {
    pub id: i64,
    pub age: String,
    pub changes: Vec<Stretch>,
}

/// An appeal that waits for its answer.
pub(super) struct Appeal<'a> {
    pub id: i64,
    pub lead: String,
    pub text: &'a str,
    /// Why the reader of this page cannot uphold the decision, or what its author is told if they do; else empty.
    pub own: String,
    /// The reader of this page may answer that the decision stays.
    pub may_uphold: bool,
}

/// Who looks at a comment.
#[derive(Debug, Clone, Copy)]
pub struct Viewer {
    pub moderator: i64,
    /// There is no other moderator.
    pub alone: bool,
}

/// The status, where a list holds more than waiting comments.
pub(super) struct Badge {
    pub class: &'static str,
    pub word: String,
}

impl<'a> Card<'a> {
    pub fn new(site: &Site, dates: &Dates<'_>, item: &'a QueueItem, viewer: Viewer) -> Self {
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
            icon: identicon::of(comment),
            badge: match item.revision {
                Some(_) => Some(Badge {
                    class: "is-warn",
                    word: phrases.say("badge-edited"),
                }),
                None => badge(phrases, status),
            },
            voice: voice::badge(phrases, comment.staff),
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
            body: links_as_text(
                item.revision
                    .as_ref()
                    .map_or(&comment.body_html, |revision| &revision.body_html),
            ),
            hold: item.hold.iter().map(|why| reason(phrases, why)).collect(),
            author: author(phrases, dates, item.author),
            latest: item.latest.as_ref().map_or_else(String::new, decision),
            note: item.latest.as_ref().map_or("", note),
            reports: Reports::of(site, dates, item),
            approve: status != Status::Approved || item.revision.is_some(),
            reject: status != Status::Rejected,
            spam: status != Status::Spam,
            edit: item.revision.as_ref().map(|revision| Edit {
                id: revision.id,
                age: phrases.say_with("edit-age", &[("age", &dates.age(revision.created_at).text)]),
                changes: text::difference(&revision.old, &revision.new),
            }),
            appeal: item
                .appeal
                .as_ref()
                .map(|open| appeal(phrases, dates, open, viewer)),
        }
    }
}

fn appeal<'a>(phrases: &Phrases, dates: &Dates<'_>, open: &'a Open, viewer: Viewer) -> Appeal<'a> {
    let age = dates.age(open.created_at).text;
    let own = open.moderator == Some(viewer.moderator);
    Appeal {
        id: open.id,
        lead: if open.moderator_name.is_empty() {
            phrases.say_with("appeal-of-policy", &[("age", &age)])
        } else {
            let said = [("age", age.as_str()), ("name", &open.moderator_name)];
            phrases.say_with("appeal-of", &said)
        },
        text: &open.text,
        own: match (own, viewer.alone) {
            (false, _) => String::new(),
            (true, false) => phrases.say("appeal-own"),
            (true, true) => phrases.say("appeal-own-alone"),
        },
        may_uphold: !own || viewer.alone,
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
        HoldReason::ThreadName => phrases.say("hold-thread-name"),
        HoldReason::StaffName { name } => phrases.say_with("hold-staff-name", &[("name", name)]),
    }
}

fn author(phrases: &Phrases, dates: &Dates<'_>, known: Option<Acquaintance>) -> String {
    match known {
        Some(Acquaintance::Recognised(record)) => {
            let approved = phrases.count("author-approved", record.approved);
            let rejected = phrases.count("author-rejected", record.rejected);
            let day = dates.day(record.first_seen).text;
            let said = [
                ("approved", approved.as_str()),
                ("rejected", rejected.as_str()),
                ("day", day.as_str()),
            ];
            phrases.count_with("author-record", record.spam, &said)
        }
        Some(Acquaintance::SameEmail { approved }) => phrases.count("author-same-email", approved),
        Some(Acquaintance::None) => phrases.say("author-new"),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::authors::Record;
    use crate::views::fixtures;

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
        assert_eq!(
            say(HoldReason::ThreadName),
            "the name is like that of another author in this thread"
        );
    }

    #[test]
    fn an_authors_record_is_counted_and_a_typed_email_proves_nothing() {
        let site = fixtures::site();
        let dates = Dates::new(&site, fixtures::AT);
        let say = |known| author(site.phrases, &dates, known);
        let record = Record {
            approved: 1_200,
            rejected: 1,
            spam: 0,
            first_seen: fixtures::AT,
        };
        let recognised = |record| say(Some(Acquaintance::Recognised(record)));
        assert_eq!(
            recognised(record),
            "Recognised: 1,200 approved, 1 rejected, first seen 12 May"
        );
        assert_eq!(
            recognised(Record { spam: 2, ..record }),
            "Recognised: 1,200 approved, 1 rejected, 2 marked as spam, first seen 12 May"
        );
        let typed = |approved| say(Some(Acquaintance::SameEmail { approved }));
        assert_eq!(
            typed(12),
            "Same e-mail as an author with 12 approved comments, unconfirmed"
        );
        assert_eq!(
            typed(1),
            "Same e-mail as an author with 1 approved comment, unconfirmed"
        );
        assert_eq!(
            typed(0),
            "Same e-mail as an author without an approved comment, unconfirmed"
        );
        assert_eq!(
            say(Some(Acquaintance::None)),
            "Not recognised: no record here"
        );
        assert_eq!(say(None), "");
    }
}
