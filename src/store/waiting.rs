//! How long replies wait for their first verdict.

use std::sync::{Mutex, PoisonError};

use diesel::prelude::*;

use super::connection::Db;
use super::error::Result;
use super::schema::{comments, decisions};
use crate::moderation::{About, Status};
use crate::time::{DAY, MINUTE, Timestamp};

/// Verdicts of these days count.
const LOOK_BACK: i64 = 7 * DAY;
/// The latest so many of them.
const MOST: i64 = 500;
/// With fewer there is nothing to promise.
const LEAST: usize = 10;

/// The site's median waiting time, looked up once a minute.
#[derive(Debug, Default)]
pub struct MedianWait {
    known: Mutex<Option<(Timestamp, Option<i64>)>>,
}

impl MedianWait {
    /// In milliseconds; `None` when there is too little data.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn get(&self, db: &mut Db, now: Timestamp) -> Result<Option<i64>> {
        let known = *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, median)) = known
            && (0..MINUTE).contains(&now.since(at))
        {
            return Ok(median);
        }
        let median = median(db, now)?;
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, median));
        Ok(median)
    }
}

/// The median time from a reply to its first verdict by a moderator, in milliseconds, over the last seven days; `None` when there
/// is too little data.
///
/// # Errors
/// Those of the engine.
fn median(db: &mut Db, now: Timestamp) -> Result<Option<i64>> {
    let verdicts: Vec<(Timestamp, Timestamp)> = decisions::table
        .inner_join(comments::table.on(decisions::comment_id.eq(comments::id)))
        .filter(decisions::from_status.eq(Status::Pending.code()))
        .filter(decisions::undoes.is_null())
        .filter(decisions::moderator_id.is_not_null())
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
