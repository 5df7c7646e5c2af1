//! The desk's lists: what waits, and what was decided.

use std::collections::HashMap;

use diesel::prelude::*;

use super::articles::{Page, Seek, page_of};
use super::authors::{self, Acquaintance};
use super::comments::{Comment, Parent};
use super::connection::Db;
use super::error::Result;
use super::history::{self, Shown};
use super::schema::{articles, comments};
use crate::moderation::{HoldReason, Status};
use crate::time::Timestamp;

/// Items on a page.
pub const ITEMS: i64 = 25;
/// Tabs count up to here and then say "1,000+".
pub const COUNTED: i64 = 1_001;

/// A list of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Waiting,
    Published,
    Rejected,
    Spam,
}

impl Tab {
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Published, Self::Rejected, Self::Spam];

    /// Its value of `tab=` in an address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Published => "published",
            Self::Rejected => "rejected",
            Self::Spam => "spam",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.word() == word)
    }

    pub fn status(self) -> Status {
        match self {
            Self::Waiting => Status::Pending,
            Self::Published => Status::Approved,
            Self::Rejected => Status::Rejected,
            Self::Spam => Status::Spam,
        }
    }
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
        }
    }
}

/// Each at most [`COUNTED`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TabCounts {
    pub waiting: i64,
    pub rejected: i64,
    pub spam: i64,
}

/// A page of a tab: waiting comments oldest first, the other tabs newest first. Five statements.
///
/// # Errors
/// Those of the engine.
pub fn items(db: &mut Db, tab: Tab, seek: Seek) -> Result<Page<QueueItem>> {
    let oldest_first = tab == Tab::Waiting;
    let base = comments::table
        .filter(comments::status.eq(tab.status().code()))
        .limit(ITEMS + 1)
        .select(comments::id)
        .into_boxed();
    let base = match seek {
        Seek::First => base,
        Seek::Before(id) => base.filter(comments::id.lt(id)),
        Seek::After(id) => base.filter(comments::id.gt(id)),
    };
    let upwards = match seek {
        Seek::First => oldest_first,
        Seek::Before(_) => false,
        Seek::After(_) => true,
    };
    let mut ids: Vec<i64> = if upwards {
        base.order(comments::id.asc()).load(db)?
    } else {
        base.order(comments::id.desc()).load(db)?
    };
    let page = page_of(
        &mut ids,
        upwards == oldest_first,
        seek != Seek::First,
        ITEMS,
        |id| *id,
    );
    Ok(Page {
        rows: load(db, &page.rows)?,
        newer: if oldest_first { page.older } else { page.newer },
        older: if oldest_first { page.newer } else { page.older },
    })
}

/// One comment as an item, whatever its status.
///
/// # Errors
/// As [`items`].
pub fn item(db: &mut Db, comment: i64) -> Result<Option<QueueItem>> {
    Ok(load(db, &[comment])?.pop())
}

fn load(db: &mut Db, ids: &[i64]) -> Result<Vec<QueueItem>> {
    let rows: Vec<(Comment, String, String, String)> = comments::table
        .inner_join(articles::table)
        .filter(comments::id.eq_any(ids.to_vec()))
        .select((
            Comment::as_select(),
            comments::hold,
            articles::slug,
            articles::title,
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
    let known = authors::acquaintances(db, ids)?;
    let mut items: HashMap<i64, QueueItem> = HashMap::new();
    for (comment, hold, article_slug, article_title) in rows {
        items.insert(
            comment.id,
            QueueItem {
                hold: reasons(comment.id, &hold),
                parent: comment.parent_id.and_then(|id| parents.get(&id).cloned()),
                author: known.get(&comment.id).copied(),
                latest: latest.remove(&comment.id),
                comment,
                article_slug,
                article_title,
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
        waiting: count(db, Status::Pending)?,
        rejected: count(db, Status::Rejected)?,
        spam: count(db, Status::Spam)?,
    })
}

fn count(db: &mut Db, status: Status) -> Result<i64> {
    let ids: Vec<i64> = comments::table
        .filter(comments::status.eq(status.code()))
        .select(comments::id)
        .limit(COUNTED)
        .load(db)?;
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
