//! How long replies wait for their first verdict.

use diesel::prelude::*;

use super::connection::Db;
use super::error::Result;
use super::schema::{comments, decisions};
use crate::moderation::{About, Status};
use crate::time::{DAY, Timestamp};

/// Verdicts of these days count.
const LOOK_BACK: i64 = 7 * DAY;
/// The latest so many of them.
const MOST: i64 = 500;
/// With fewer there is nothing to promise.
const LEAST: usize = 10;

/// The median time from a reply to its first verdict by a moderator, in milliseconds, over the last seven days; `None` when there
/// is too little data.
///
/// # Errors
/// Those of the engine.
pub fn median(db: &mut Db, now: Timestamp) -> Result<Option<i64>> {
    let verdicts: Vec<(Timestamp, Timestamp)> = decisions::table
        .inner_join(comments::table.on(decisions::comment_id.eq(comments::id)))
        .filter(decisions::from_status.eq(Status::Pending.code()))
        .filter(decisions::undoes.is_null())
        .filter(decisions::about.eq(About::Status.code()))
        .filter(decisions::at.gt(now.0 - LOOK_BACK))
        .order(decisions::at.desc())
        .limit(MOST)
        .select((decisions::at, comments::created_at))
        .load(db)?;
    if verdicts.len() < LEAST {
        return Ok(None);
    }
    let mut waits: Vec<i64> = verdicts
        .into_iter()
        .map(|(decided, created)| decided.since(created))
        .collect();
    waits.sort_unstable();
    Ok(waits.get(waits.len() / 2).copied())
}
