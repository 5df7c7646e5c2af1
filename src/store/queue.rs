//! The desk's lists: what waits, and what was decided.

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::appeals::{self as objections, Open};
use super::articles::{Page, Seek, page_of};
use super::authors::{self, Acquaintance};
use super::comments::{Comment, Parent};
use super::connection::Db;
use super::error::Result;
use super::history::{self, Shown};
use super::reported::{self, Reported};
use super::revisions::{self, Waiting};
use super::schema::{appeals, articles, comments};
use crate::moderation::{About, HoldReason, Status};
use crate::time::Timestamp;

/// Items on a page.
pub const ITEMS: i64 = 25;
/// Tabs count up to here and then say "1,000+".
pub const COUNTED: i64 = 1_001;

/// A list of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Pending comments, and published ones with a waiting revision.
    Waiting,
    /// Public comments that readers have reported.
    Reported,
    /// Comments whose author appeals.
    Appeals,
    Published,
    Rejected,
    Spam,
    /// Every comment, whatever its status.
    All,
}

impl Tab {
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Reported,
        Self::Appeals,
        Self::Published,
        Self::Rejected,
        Self::Spam,
        Self::All,
    ];

    /// Its value of `tab=` in an address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Reported => "reported",
            Self::Appeals => "appeals",
            Self::Published => "published",
            Self::Rejected => "rejected",
            Self::Spam => "spam",
            Self::All => "all",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.word() == word)
    }

    /// Whether it is work, which is taken up in the order in which it came in.
    fn oldest_first(self) -> bool {
        matches!(self, Self::Waiting | Self::Reported | Self::Appeals)
    }
}

/// Whether a comment waits for a moderator. Words for words the condition of the partial index; an `OR`
/// would send SQLite through every published comment.
fn waiting() -> SqlLiteral<Bool> {
    sql::<Bool>("(CASE WHEN status = 1 THEN revision_id IS NOT NULL ELSE status = 0 END)")
}

/// Whether a comment has reports to answer. Words for words the condition of the partial index.
fn reported() -> SqlLiteral<Bool> {
    sql::<Bool>("(open_reports > 0)")
}

/// The comments of a tab beyond an id, at most `most`.
fn ids(db: &mut Db, tab: Tab, seek: Seek, upwards: bool, most: i64) -> Result<Vec<i64>> {
    if tab == Tab::Appeals {
        // Not bound: only so do planners find the partial index.
        let open = appeals::table
            .filter(sql::<Bool>("appeals.status = 0"))
            .limit(most)
            .select(appeals::comment_id)
            .into_boxed();
        let open = match seek {
            Seek::First => open,
            Seek::Before(id) => open.filter(appeals::comment_id.lt(id)),
            Seek::After(id) => open.filter(appeals::comment_id.gt(id)),
        };
        return Ok(if upwards {
            open.order(appeals::comment_id.asc()).load(db)?
        } else {
            open.order(appeals::comment_id.desc()).load(db)?
        });
    }
    let listed = comments::table
        .limit(most)
        .select(comments::id)
        .into_boxed();
    let listed = match tab {
        Tab::Waiting | Tab::Appeals => listed.filter(waiting()),
        Tab::Reported => listed.filter(reported()),
        Tab::Published => listed.filter(comments::status.eq(Status::Approved.code())),
        Tab::Rejected => listed.filter(comments::status.eq(Status::Rejected.code())),
        Tab::Spam => listed.filter(comments::status.eq(Status::Spam.code())),
        Tab::All => listed,
    };
    let listed = match seek {
        Seek::First => listed,
        Seek::Before(id) => listed.filter(comments::id.lt(id)),
        Seek::After(id) => listed.filter(comments::id.gt(id)),
    };
    Ok(if upwards {
        listed.order(comments::id.asc()).load(db)?
    } else {
        listed.order(comments::id.desc()).load(db)?
    })
}

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
    /// What they say; on the reported tab.
    pub reported: Option<Reported>,
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

/// A page of a tab: work oldest first, the other tabs newest first. Seven statements, and two more for what reports say.
///
/// # Errors
/// Those of the engine.
pub fn items(db: &mut Db, tab: Tab, seek: Seek) -> Result<Page<QueueItem>> {
    let oldest_first = tab.oldest_first();
    let upwards = match seek {
        Seek::First => oldest_first,
        Seek::Before(_) => false,
        Seek::After(_) => true,
    };
    let mut ids = ids(db, tab, seek, upwards, ITEMS + 1)?;
    let page = page_of(
        &mut ids,
        upwards == oldest_first,
        seek != Seek::First,
        ITEMS,
        |id| *id,
    );
    let mut rows = load(db, &page.rows)?;
    // Elsewhere the comment as it is public is judged, not the edit that waits.
    if tab == Tab::Waiting {
        add_revisions(db, &page.rows, &mut rows)?;
    }
    if tab == Tab::Reported {
        let mut said = reported::open(db, &page.rows)?;
        for item in &mut rows {
            item.reported = said.remove(&item.comment.id);
        }
    }
    Ok(Page {
        rows,
        newer: if oldest_first { page.older } else { page.newer },
        older: if oldest_first { page.newer } else { page.older },
    })
}

/// One comment as an item, whatever its status.
///
/// # Errors
/// As [`items`].
pub fn item(db: &mut Db, comment: i64) -> Result<Option<QueueItem>> {
    let mut items = load(db, &[comment])?;
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

fn load(db: &mut Db, ids: &[i64]) -> Result<Vec<QueueItem>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Comment, String, String, String, i64)> = comments::table
        .inner_join(articles::table)
        .filter(comments::id.eq_any(ids.to_vec()))
        .select((
            Comment::as_select(),
            comments::hold,
            articles::slug,
            articles::title,
            comments::open_reports,
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
    let mut items: HashMap<i64, QueueItem> = HashMap::new();
    for (comment, hold, article_slug, article_title, open_reports) in rows {
        items.insert(
            comment.id,
            QueueItem {
                hold: reasons(comment.id, &hold),
                parent: comment.parent_id.and_then(|id| parents.get(&id).cloned()),
                author: known.get(&comment.id).copied(),
                latest: latest.remove(&comment.id),
                appeal: appealed.remove(&comment.id),
                revision: None,
                comment,
                article_slug,
                article_title,
                open_reports,
                reported: None,
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
    let ids = ids(db, tab, Seek::First, true, COUNTED)?;
    Ok(i64::try_from(ids.len()).unwrap_or(COUNTED))
}

/// Since when the oldest waiting comment waits.
///
/// # Errors
/// Those of the engine.
pub fn oldest_waiting(db: &mut Db) -> Result<Option<Timestamp>> {
    Ok(comments::table
        .filter(comments::status.eq(Status::Pending.code()))
        .order(comments::id.asc())
        .select(comments::created_at)
        .first(db)
        .optional()?)
}
