//! The desk's lists: what waits, and what was decided.

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::appeals::{self as objections, Open};
use super::authors::{self, Acquaintance};
use super::claims::{self, Claim};
use super::comments::{Comment, Parent};
use super::connection::Db;
use super::error::Result;
use super::history::{self, Shown};
use super::listed::{self, Reader};
use super::listing::{Listing, Position, Tab};
use super::notes::{self, Note};
use super::outcomes;
use super::reported::{self, Reported};
use super::revisions::{self, Waiting};
use super::schema::{articles, comment_networks, comment_terms, comments};
use crate::moderation::{About, HoldReason, Status};
use crate::time::Timestamp;

/// Items on a page.
pub const ITEMS: i64 = 25;
/// Tabs count up to here and then say "1,000+".
pub const COUNTED: i64 = 1_001;

/// A comment with what a moderator needs to judge it.
#[derive(Debug, Clone)]
pub struct QueueItem {
    pub comment: Comment,
    pub article_slug: String,
    pub article_title: String,
    pub parent: Option<Parent>,
    pub hold: Vec<HoldReason>,
    /// `None` for staff.
    pub author: Option<Acquaintance>,
    pub latest: Option<LatestDecision>,
    pub revision: Option<Waiting>,
    pub appeal: Option<Open>,
    /// Reports that wait for an answer.
    pub open_reports: i64,
    /// What they say.
    pub reported: Option<Reported>,
    /// What became of the latest comments of a recognised author, oldest first.
    pub strip: Vec<Status>,
    /// Notes of colleagues on the comment and its author, latest first.
    pub notes: Vec<Note>,
    pub claim: Option<Claim>,
    /// As it was typed; may be empty.
    pub email: String,
    /// Keyed hash of the client's network, as long as it is kept.
    pub network: Option<Vec<u8>>,
    /// As much of the client's address as moderators see; empty when it is not kept.
    pub shortened: String,
    /// Equal for equal texts; 0 for none.
    pub text_key: i64,
    /// When its text was let go.
    pub purged_at: Option<Timestamp>,
}

/// The decision under which it has its status.
#[derive(Debug, Clone)]
pub struct LatestDecision {
    pub id: i64,
    /// Empty when no moderator took part.
    pub moderator: String,
    pub at: Timestamp,
    pub from: Status,
    pub to: Status,
    pub ground: Option<crate::moderation::Ground>,
    pub rule_title: String,
    pub note: String,
    pub about: About,
    /// Of a revision or an appeal: its status.
    pub outcome: Option<i16>,
    /// It takes another one back.
    pub is_undo: bool,
}

impl From<Shown> for LatestDecision {
    fn from(shown: Shown) -> Self {
        Self {
            id: shown.id,
            moderator: shown.moderator,
            at: shown.at,
            from: shown.from,
            to: shown.to,
            ground: shown.ground,
            rule_title: shown.rule.map(|rule| rule.title).unwrap_or_default(),
            note: shown.note,
            about: shown.about,
            outcome: shown.outcome,
            is_undo: shown.undoes.is_some(),
        }
    }
}

/// Each at most [`COUNTED`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TabCounts {
    pub waiting: i64,
    pub reported: i64,
    pub appeals: i64,
    pub rejected: i64,
    pub spam: i64,
}

impl TabCounts {
    /// What a tab says; the longest ones say nothing.
    pub fn of(&self, tab: Tab) -> Option<i64> {
        match tab {
            Tab::Waiting => Some(self.waiting),
            Tab::Reported => Some(self.reported),
            Tab::Appeals => Some(self.appeals),
            Tab::Rejected => Some(self.rejected),
            Tab::Spam => Some(self.spam),
            Tab::Published | Tab::All => None,
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone, Default)]
pub struct QueuePage {
    pub items: Vec<QueueItem>,
    pub back: Option<Position>,
    pub onward: Option<Position>,
    /// As [`Found::cut`](super::listed::Found::cut).
    pub cut: bool,
}

/// A page of a list. A fixed number of statements, whatever there is to find.
///
/// # Errors
/// Those of the engine.
pub fn items(db: &mut Db, list: &Listing, reader: Reader) -> Result<QueuePage> {
    let found = listed::page(db, list, reader, ITEMS)?;
    let ids: Vec<i64> = found.places.iter().map(|place| place.id).collect();
    let mut items = load(db, &ids, reader.now)?;
    // Where reports, appeals or verdicts are looked at, the comment as it is public is judged, not the edit that waits.
    if list.tab.shows_edits() {
        add_revisions(db, &ids, &mut items)?;
    }
    let reported: Vec<i64> = items
        .iter()
        .filter(|item| item.open_reports > 0)
        .map(|item| item.comment.id)
        .collect();
    let mut said = reported::open(db, &reported)?;
    for item in &mut items {
        item.reported = said.remove(&item.comment.id);
    }
    Ok(QueuePage {
        items,
        back: found.back,
        onward: found.onward,
        cut: found.cut,
    })
}

/// One comment as an item, whatever its status.
///
/// # Errors
/// As [`items`].
pub fn item(db: &mut Db, comment: i64, now: Timestamp) -> Result<Option<QueueItem>> {
    let mut items = load(db, &[comment], now)?;
    add_revisions(db, &[comment], &mut items)?;
    Ok(items.pop())
}

/// Adds the edits that wait; then the reasons to hold it are those of the edit.
fn add_revisions(db: &mut Db, ids: &[i64], items: &mut [QueueItem]) -> Result<()> {
    let mut waiting: HashMap<i64, Waiting> = revisions::waiting_on(db, ids)?
        .into_iter()
        .map(|revision| (revision.comment, revision))
        .collect();
    for item in items {
        if let Some(revision) = waiting.remove(&item.comment.id) {
            item.hold = reasons(item.comment.id, &revision.hold);
            item.revision = Some(revision);
        }
    }
    Ok(())
}

/// What stands beside a comment: its hold reasons, the slug and title of its article, how many reports are open, the e-mail,
/// the network and what is shown of it, the key of its text, when that was let go.
type Aside = (
    String,
    String,
    String,
    i64,
    String,
    (Option<Vec<u8>>, Option<String>),
    Option<i64>,
    Option<Timestamp>,
);

fn load(db: &mut Db, ids: &[i64], now: Timestamp) -> Result<Vec<QueueItem>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Comment, Aside)> = comments::table
        .inner_join(articles::table)
        .left_join(comment_terms::table.on(comment_terms::comment_id.eq(comments::id)))
        .left_join(comment_networks::table.on(comment_networks::comment_id.eq(comments::id)))
        .filter(comments::id.eq_any(ids.to_vec()))
        .select((
            Comment::as_select(),
            (
                comments::hold,
                articles::slug,
                articles::title,
                comments::open_reports,
                comments::email,
                (comments::network, comment_networks::shortened.nullable()),
                comment_terms::text_key.nullable(),
                comments::purged_at,
            ),
        ))
        .load(db)?;
    let parents: Vec<i64> = rows.iter().filter_map(|row| row.0.parent_id).collect();
    let parents: HashMap<i64, Parent> = comments::table
        .filter(comments::id.eq_any(parents))
        // Of a withdrawn one nothing is left to quote.
        .filter(comments::status.ne(Status::Withdrawn.code()))
        .select(Parent::as_select())
        .load(db)?
        .into_iter()
        .map(|parent| (parent.id, parent))
        .collect();
    let mut latest: HashMap<i64, LatestDecision> = history::standing(db, ids)?
        .into_iter()
        .map(|shown| (shown.comment, shown.into()))
        .collect();
    let mut appealed: HashMap<i64, Open> = objections::open_on(db, ids)?
        .into_iter()
        .map(|appeal| (appeal.comment, appeal))
        .collect();
    let known = authors::acquaintances(db, ids)?;
    let mut claims = claims::on(db, ids, now)?;
    let authors: Vec<i64> = rows.iter().filter_map(|row| row.0.author_id).collect();
    let strips = outcomes::latest(db, &authors)?;
    let noted: Vec<_> = rows
        .iter()
        .map(|(comment, _)| (comment.id, comment.author_id))
        .collect();
    let mut notes = notes::beside(db, &noted)?;
    let mut items: HashMap<i64, QueueItem> = HashMap::new();
    for (comment, aside) in rows {
        let (hold, article_slug, article_title, open_reports, email, network, text_key, purged_at) =
            aside;
        let (network, shortened) = network;
        items.insert(
            comment.id,
            QueueItem {
                hold: reasons(comment.id, &hold),
                parent: comment.parent_id.and_then(|id| parents.get(&id).cloned()),
                author: known.get(&comment.id).copied(),
                latest: latest.remove(&comment.id),
                appeal: appealed.remove(&comment.id),
                revision: None,
                article_slug,
                article_title,
                open_reports,
                reported: None,
                strip: comment
                    .author_id
                    .and_then(|author| strips.get(&author).cloned())
                    .unwrap_or_default(),
                notes: notes.remove(&comment.id).unwrap_or_default(),
                claim: claims.remove(&comment.id),
                email,
                network,
                shortened: shortened.unwrap_or_default(),
                text_key: text_key.unwrap_or(0),
                purged_at,
                comment,
            },
        );
    }
    Ok(ids.iter().filter_map(|id| items.remove(id)).collect())
}

/// The stored hold reasons. One that this version does not know is left out: a row must not hide the queue.
fn reasons(comment: i64, stored: &str) -> Vec<HoldReason> {
    let stored: Vec<serde_json::Value> = serde_json::from_str(stored).unwrap_or_else(|error| {
        tracing::warn!(comment, %error, "hold reasons cannot be read");
        Vec::new()
    });
    stored
        .into_iter()
        .filter_map(|reason| {
            serde_json::from_value(reason)
                .inspect_err(|error| tracing::warn!(comment, %error, "a hold reason is unknown"))
                .ok()
        })
        .collect()
}

/// What the tabs say; no count reads more than [`COUNTED`] rows of the index.
///
/// # Errors
/// Those of the engine.
pub fn counts(db: &mut Db) -> Result<TabCounts> {
    Ok(TabCounts {
        waiting: count(db, Tab::Waiting)?,
        reported: count(db, Tab::Reported)?,
        appeals: count(db, Tab::Appeals)?,
        rejected: count(db, Tab::Rejected)?,
        spam: count(db, Tab::Spam)?,
    })
}

fn count(db: &mut Db, tab: Tab) -> Result<i64> {
    listed::count(db, tab, COUNTED)
}

/// Since when the oldest waiting comment waits.
///
/// # Errors
/// Those of the engine.
pub fn oldest_waiting(db: &mut Db) -> Result<Option<Timestamp>> {
    // A range of both has no order but that of their index: asked for the ids alone, PostgreSQL walks everything that was
    // decided before.
    let pending = Status::Pending.code();
    Ok(comments::table
        .filter(sql::<Bool>(&format!(
            "(status, id) >= ({pending}, 0) AND status <= {pending}"
        )))
        .order((comments::status.asc(), comments::id.asc()))
        .select(comments::created_at)
        .first(db)
        .optional()?)
}
