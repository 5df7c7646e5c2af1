//! Sessions of staff, by the SHA-256 of their token, and the failures to sign in that throttle it.

use diesel::prelude::*;

use super::audit::{self, Actor, Entry};
use super::connection::Db;
use super::error::Result;
use super::moderators::Moderator;
use super::networks::Hashes;
use super::replies::{latest_of, pause};
use super::schema::{login_failures, moderators, sessions};
use crate::time::{DAY, HOUR, MINUTE, Timestamp};

/// A session ends after so many milliseconds without a request …
pub const IDLE: i64 = 12 * HOUR;
/// … and after so many in any case.
pub const ABSOLUTE: i64 = 30 * DAY;
/// Use is noted at most this often, so that reading pages seldom writes.
const NOTED: i64 = 5 * MINUTE;
/// Failures further back than this are swept away.
pub(super) const FAILURES_KEPT: i64 = DAY;

/// Starts a session at sign-in.
///
/// # Errors
/// Those of the engine.
pub fn start(db: &mut Db, token_hash: &[u8], moderator: i64, now: Timestamp) -> Result<()> {
    diesel::delete(
        sessions::table
            .filter(sessions::moderator_id.eq(moderator))
            .filter(
                sessions::seen_at
                    .lt(now.0 - IDLE)
                    .or(sessions::created_at.lt(now.0 - ABSOLUTE)),
            ),
    )
    .execute(db)?;
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(token_hash),
            sessions::moderator_id.eq(moderator),
            sessions::created_at.eq(now.0),
            sessions::seen_at.eq(now.0),
        ))
        .execute(db)?;
    audit::append(
        db,
        &Entry::new(Actor::Moderator(moderator), "signed-in"),
        now,
    )
}

/// Whose session it is, and whether its use should be noted. `None` when it has ended.
///
/// # Errors
/// Those of the engine.
pub fn find(db: &mut Db, token_hash: &[u8], now: Timestamp) -> Result<Option<(Moderator, bool)>> {
    let found: Option<(Moderator, Timestamp, Timestamp)> = sessions::table
        .inner_join(moderators::table)
        .filter(sessions::token_hash.eq(token_hash))
        .filter(moderators::disabled_at.is_null())
        .select((
            Moderator::as_select(),
            sessions::created_at,
            sessions::seen_at,
        ))
        .first(db)
        .optional()?;
    Ok(found
        .filter(|(_, created_at, seen_at)| {
            now.since(*seen_at) < IDLE && now.since(*created_at) < ABSOLUTE
        })
        .map(|(moderator, _, seen_at)| (moderator, now.since(seen_at) > NOTED)))
}

/// Notes that a session is in use.
///
/// # Errors
/// Those of the engine.
pub fn note_use(db: &mut Db, token_hash: &[u8], now: Timestamp) -> Result<()> {
    diesel::update(sessions::table.find(token_hash))
        .set(sessions::seen_at.eq(now.0))
        .execute(db)?;
    Ok(())
}

/// Ends a session at sign-out.
///
/// # Errors
/// Those of the engine.
pub fn end(db: &mut Db, token_hash: &[u8], moderator: i64, now: Timestamp) -> Result<()> {
    diesel::delete(sessions::table.find(token_hash)).execute(db)?;
    audit::append(
        db,
        &Entry::new(Actor::Moderator(moderator), "signed-out"),
        now,
    )
}

/// Who tries to sign in, as keyed hashes.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub network: Hashes,
    pub account: Hashes,
    pub now: Timestamp,
}

/// Failures within the last minute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Failures {
    /// From this network, whatever the account.
    pub network: i64,
    /// For this account, from anywhere.
    pub account: i64,
    /// Milliseconds until this network may try again, if its limit is reached.
    pub wait: i64,
}

/// How often signing in failed lately; `limit` is the number from which a network has to wait.
///
/// # Errors
/// Those of the engine.
pub fn failures(db: &mut Db, attempt: &Attempt, limit: i64) -> Result<Failures> {
    let since = attempt.now.0 - MINUTE;
    let mut recent: Vec<i64> = Vec::new();
    for network in attempt.network.all() {
        let latest: Vec<i64> = login_failures::table
            .filter(login_failures::network.eq(network))
            .filter(login_failures::at.gt(since))
            .order(login_failures::at.desc())
            .limit(limit)
            .select(login_failures::at)
            .load(db)?;
        recent.extend(latest);
    }
    let mut account: Vec<i64> = Vec::new();
    for hash in attempt.account.all() {
        let latest: Vec<i64> = login_failures::table
            .filter(login_failures::account.eq(hash))
            .filter(login_failures::at.gt(since))
            .limit(100)
            .select(login_failures::id)
            .load(db)?;
        account.extend(latest);
    }
    let network = i64::try_from(recent.len()).unwrap_or(limit).min(limit);
    Ok(Failures {
        network,
        account: i64::try_from(account.len()).unwrap_or(100),
        wait: pause(latest_of(recent, limit), attempt.now).unwrap_or(0),
    })
}

/// Notes a failure and sweeps old ones away.
///
/// # Errors
/// Those of the engine.
pub fn note_failure(db: &mut Db, attempt: &Attempt) -> Result<()> {
    diesel::delete(
        login_failures::table.filter(login_failures::at.lt(attempt.now.0 - FAILURES_KEPT)),
    )
    .execute(db)?;
    diesel::insert_into(login_failures::table)
        .values((
            login_failures::at.eq(attempt.now.0),
            login_failures::network.eq(&attempt.network.now),
            login_failures::account.eq(&attempt.account.now),
        ))
        .execute(db)?;
    Ok(())
}
