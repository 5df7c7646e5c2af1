//! Whether an article takes replies; since when and why it does not.

use diesel::prelude::*;

use super::connection::Db;
use super::error::Result;
use super::publication;
use super::schema::articles;
use crate::time::{DAY, Timestamp};

/// What the database knows about replies to an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = articles)]
pub struct Openness {
    /// False once somebody closed it.
    #[diesel(column_name = comments_open)]
    pub open: bool,
    /// When somebody closed it.
    pub closed_at: Option<Timestamp>,
    /// Opened after its time was over: it stays open until somebody closes it.
    pub kept_open: bool,
    #[diesel(column_name = published_at)]
    pub since: Timestamp,
}

/// Why an article takes no replies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    ByEditors { at: Option<Timestamp> },
    ByTime { at: Timestamp, days: i64 },
}

impl Openness {
    /// `None` while replies are taken. `close_after` is in milliseconds since publication; 0 is never.
    pub fn closed(&self, close_after: i64, now: Timestamp) -> Option<Closed> {
        if !self.open {
            return Some(Closed::ByEditors { at: self.closed_at });
        }
        let at = self.since.plus(close_after);
        let over = close_after > 0 && now >= at && !self.kept_open;
        over.then_some(Closed::ByTime {
            at,
            days: close_after / DAY,
        })
    }

    /// When it will close by itself.
    pub fn ends(&self, close_after: i64) -> Option<Timestamp> {
        (self.open && close_after > 0 && !self.kept_open).then(|| self.since.plus(close_after))
    }
}

/// Opens the discussion of an article. One whose time is over stays open until it is closed again; any other still closes
/// when its time is over. `None` when there is no such article.
///
/// # Errors
/// Those of the engine.
pub fn open(
    db: &mut Db,
    slug: &str,
    close_after: i64,
    now: Timestamp,
) -> Result<Option<(i64, Openness)>> {
    let Some((id, mut openness)) = find(db, slug)? else {
        return Ok(None);
    };
    openness.open = true;
    openness.closed_at = None;
    let over = openness.closed(close_after, now).is_some();
    openness.kept_open |= over;
    write(db, id, openness)?;
    Ok(Some((id, openness)))
}

/// Closes the discussion of an article. `Some(id)` when there is such an article.
///
/// # Errors
/// Those of the engine.
pub fn close(db: &mut Db, slug: &str, now: Timestamp) -> Result<Option<i64>> {
    let Some((id, openness)) = find(db, slug)? else {
        return Ok(None);
    };
    // Closed is closed: the day stays that of the first time.
    if openness.open {
        let closed = Openness {
            open: false,
            closed_at: Some(now),
            kept_open: false,
            ..openness
        };
        write(db, id, closed)?;
    }
    Ok(Some(id))
}

fn find(db: &mut Db, slug: &str) -> Result<Option<(i64, Openness)>> {
    Ok(articles::table
        .filter(articles::slug.eq(slug))
        .filter(articles::removed_at.is_null())
        .select((articles::id, Openness::as_select()))
        .first(db)
        .optional()?)
}

fn write(db: &mut Db, id: i64, openness: Openness) -> Result<()> {
    diesel::update(articles::table.find(id))
        .set((
            articles::comments_open.eq(openness.open),
            articles::closed_at.eq(openness.closed_at.map(|at| at.0)),
            articles::kept_open.eq(openness.kept_open),
        ))
        .execute(db)?;
    publication::touch(db, id)
}
