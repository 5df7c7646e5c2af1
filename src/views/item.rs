//! A comment on the desk: what was said on one side, what is known about it on the other.

use super::dates::{Dates, Moment};
use super::decided;
use super::evidence::{self, ClaimLine, NoteLine, Strip};
use super::held::{links_as_text, links_marked};
use super::identicon;
use super::phrases::Piece;
use super::reported::Reports;
use super::voice;
use super::{Phrases, Site};
use crate::moderation::{HoldReason, Role, Status};
use crate::store::appeals::Open;
use crate::store::authors::Acquaintance;
use crate::store::bulks::Picked;
use crate::store::listing::{Listing, Tab};
use crate::store::queue::{LatestDecision, QueueItem};
use crate::text::{self, Marker, SafeHtml, SearchQuery, Stretch};

/// Characters of the comment answered.
const QUOTED: usize = 90;

/// A comment as `moderation/card.html` draws it.
pub(super) struct Card<'a> {
    pub id: i64,
    pub version: i64,
    pub name: &'a str,
    /// The same, with what was searched for marked.
    pub marked_name: SafeHtml,
    /// With what was searched for or listed marked.
    pub website: SafeHtml,
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
    /// In place of the body, once that was let go; else empty.
    pub let_go: String,
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
    /// What a bulk would pick.
    pub picked: String,
    /// Of whoever wrote it, on the desk.
    pub author_page: String,
    pub strip: Option<Strip>,
    pub notes: Vec<NoteLine<'a>>,
    pub claim: Option<ClaimLine>,
    /// Masked; empty when there is none, or for those who may not see it.
    pub email: String,
    /// A part of the address, and a few characters that tell networks apart; empty when it is not kept.
    pub network: String,
    /// The lists of the same network, text and author; empty for none.
    pub same_network: String,
    pub same_text: String,
    pub same_author: String,
    /// Its author is recognised, and can be trusted from now on.
    pub trust: bool,
    /// Readers see it, so staff can answer it; or it can be approved and answered.
    pub reply: bool,
    /// The name is what it is held for.
    pub suspect_name: bool,
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
    pub role: Role,
    /// There is no other moderator.
    pub alone: bool,
}

/// The status, where a list holds more than waiting comments.
pub(super) struct Badge {
    pub class: &'static str,
    pub word: String,
}

impl<'a> Card<'a> {
    pub fn new(
        site: &Site,
        dates: &Dates<'_>,
        item: &'a QueueItem,
        viewer: Viewer,
        query: Option<&SearchQuery>,
    ) -> Self {
        let marker = &Marker::new(query, item.hold.iter().filter_map(matched));
        let phrases = site.phrases;
        let comment = &item.comment;
        let status = comment.status;
        let parent = item.parent.as_ref();
        let gone = item.purged_at.is_some();
        let decision = |latest| decided::sentence(phrases, dates, latest);
        Self {
            id: comment.id,
            version: comment.version,
            name: &comment.name,
            website: text::marked_text(&comment.website, marker),
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
            marked_name: match gone {
                true => text::marked_text(&phrases.say("privacy-name-gone"), &Marker::default()),
                false => text::marked_text(&comment.name, marker),
            },
            body: text::mark(&body(item), marker),
            let_go: evidence::let_go(phrases, dates, item.purged_at),
            hold: hold(phrases, dates, item, viewer.role),
            author: evidence::author(phrases, dates, item.author),
            latest: item.latest.as_ref().map_or_else(String::new, decision),
            note: item.latest.as_ref().map_or("", note),
            reports: Reports::of(site, dates, item),
            approve: !gone && (status != Status::Approved || item.revision.is_some()),
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
            picked: Picked {
                comment: comment.id,
                version: comment.version,
                revision: item.revision.as_ref().map(|revision| revision.id),
            }
            .word(),
            author_page: match comment.author_id {
                Some(author) => format!("/moderation/authors/{author}"),
                None => format!("/moderation/comments/{}/author", comment.id),
            },
            strip: Strip::of(phrases, &item.strip),
            notes: item
                .notes
                .iter()
                .map(|note| NoteLine::of(phrases, dates, note))
                .collect(),
            claim: item
                .claim
                .as_ref()
                .map(|claim| ClaimLine::of(phrases, dates, claim, viewer.moderator)),
            email: evidence::masked_email(&item.email, viewer.role),
            network: item
                .network
                .as_deref()
                .map(|network| evidence::network(phrases, network, &item.shortened))
                .unwrap_or_default(),
            same_network: item.network.clone().map_or_else(String::new, |network| {
                all(Listing {
                    network: Some(network),
                    ..Listing::default()
                })
            }),
            same_text: match item.text_key {
                0 => String::new(),
                key => all(Listing {
                    same: Some(key),
                    ..Listing::default()
                }),
            },
            same_author: comment.author_id.map_or_else(String::new, |author| {
                all(Listing {
                    author: Some(author),
                    ..Listing::default()
                })
            }),
            trust: matches!(item.author, Some(Acquaintance::Recognised(record)) if !record.trusted)
                && status != Status::Withdrawn
                && !gone,
            reply: matches!(status, Status::Approved | Status::Pending),
            suspect_name: !gone
                && item.hold.iter().any(|why| {
                    matches!(why, HoldReason::StaffName { .. } | HoldReason::ThreadName)
                }),
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

/// Why it is here, in sentences. Once its text was let go, the words that they quoted are gone too.
fn hold(phrases: &Phrases, dates: &Dates<'_>, item: &QueueItem, reader: Role) -> Vec<String> {
    if item.purged_at.is_some() {
        return Vec::new();
    }
    let edited = item.revision.iter().map(|_| phrases.say("hold-edited"));
    let reasons = item.hold.iter();
    edited
        .chain(reasons.map(|why| evidence::reason(phrases, dates, why, reader)))
        .collect()
}

/// The text that is judged, with what speaks against it marked.
fn body(item: &QueueItem) -> SafeHtml {
    let html = item
        .revision
        .as_ref()
        .map_or(&item.comment.body_html, |revision| &revision.body_html);
    let links =
        |why: &HoldReason| matches!(why, HoldReason::Links { .. } | HoldReason::NewAuthorLink);
    match item.hold.iter().any(links) {
        true => links_marked(html),
        false => links_as_text(html),
    }
}

/// The words by which a list has it held, as the comment has them.
fn matched(why: &HoldReason) -> Option<&str> {
    match why {
        HoldReason::Listed { matched, .. } => Some(matched),
        _ => None,
    }
}

/// The address of a list over comments of every status.
fn all(list: Listing) -> String {
    Listing {
        tab: Tab::All,
        ..list
    }
    .address()
}

/// What the author was told, while that decision stands.
fn note(latest: &LatestDecision) -> &str {
    match latest.to {
        Status::Rejected => latest.note.trim(),
        _ => "",
    }
}

pub(super) fn badge(phrases: &Phrases, status: Status) -> Option<Badge> {
    let (class, word) = match status {
        Status::Pending => return None,
        Status::Approved => ("is-ok", phrases.say("badge-published")),
        Status::Rejected => ("is-no", phrases.say("badge-rejected")),
        Status::Spam => ("is-no", phrases.say("badge-spam")),
        Status::Withdrawn => ("", phrases.say("badge-withdrawn")),
    };
    Some(Badge { class, word })
}
