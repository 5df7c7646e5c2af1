//! The desk's lists: what waits, and what was decided.

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::articles::{Page, Seek, page_of};
use super::comments::{Comment, Parent};
use super::connection::{Db, MultiBackend};
use super::error::Result;
use super::history::{self, Shown};
use super::reported::{self, Reported};
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
    /// Public comments that readers have reported.
    Reported,
    Published,
    Rejected,
    Spam,
}

impl Tab {
    pub const ALL: [Self; 5] = [
        Self::Waiting,
        Self::Reported,
        Self::Published,
        Self::Rejected,
        Self::Spam,
    ];

    /// Its value of `tab=` in an address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Reported => "reported",
            Self::Published => "published",
            Self::Rejected => "rejected",
            Self::Spam => "spam",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.word() == word)
    }

    /// Whether it is work, which is taken up in the order in which it came in.
    fn oldest_first(self) -> bool {
        matches!(self, Self::Waiting | Self::Reported)
    }

    /// The comments on it.
    fn listed(self) -> comments::BoxedQuery<'static, MultiBackend> {
        let of = |status: Status| {
            comments::table
                .filter(comments::status.eq(status.code()))
                .into_boxed()
        };
        match self {
            Self::Waiting => of(Status::Pending),
            Self::Reported => comments::table.filter(reported()).into_boxed(),
            Self::Published => of(Status::Approved),
            Self::Rejected => of(Status::Rejected),
            Self::Spam => of(Status::Spam),
        }
    }
}

/// Whether a comment has reports to answer. Words for words the condition of the partial index.
fn reported() -> diesel::expression::SqlLiteral<Bool> {
    sql::<Bool>("(open_reports > 0)")
}

/// A comment with what a moderator needs to judge it.
#[derive(Debug, Clone)]
pub struct QueueItem {
    pub comment: Comment,
    pub article_slug: String,
    pub article_title: String,
    pub parent: Option<Parent>,
    pub hold: Vec<HoldReason>,
    pub latest: Option<LatestDecision>,
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
    pub reported: i64,
    pub rejected: i64,
    pub spam: i64,
}

/// A page of a tab: what waits, and what is reported, oldest first, the other tabs newest first. Four statements, and two
/// more for what the reports say.
///
/// # Errors
/// Those of the engine.
pub fn items(db: &mut Db, tab: Tab, seek: Seek) -> Result<Page<QueueItem>> {
    let oldest_first = tab.oldest_first();
    let base = tab.listed().limit(ITEMS + 1).select(comments::id);
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
    let mut rows = load(db, &page.rows)?;
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
    Ok(load(db, &[comment])?.pop())
}

fn load(db: &mut Db, ids: &[i64]) -> Result<Vec<QueueItem>> {
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
    let mut items: HashMap<i64, QueueItem> = HashMap::new();
    for (comment, hold, article_slug, article_title, open_reports) in rows {
        items.insert(
            comment.id,
            QueueItem {
                hold: reasons(comment.id, &hold),
                parent: comment.parent_id.and_then(|id| parents.get(&id).cloned()),
                latest: latest.remove(&comment.id),
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
        rejected: count(db, Tab::Rejected)?,
        spam: count(db, Tab::Spam)?,
    })
}

fn count(db: &mut Db, tab: Tab) -> Result<i64> {
    let ids: Vec<i64> = tab.listed().select(comments::id).limit(COUNTED).load(db)?;
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
