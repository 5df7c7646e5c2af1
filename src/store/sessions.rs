//! Sessions of staff, by the SHA-256 of their token, and the failures to sign in that throttle it.

use diesel::prelude::*;

use super::audit::{self, Actor, Entry};
use super::connection::Db;
use super::error::Result;
use super::moderators::Moderator;
use super::networks::Hashes;
use super::replies::{latest_of, latest_recent, pause};
use super::retention;
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

/// By what somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factors {
    Password,
    /// And a code of their app.
    Code,
    /// And a recovery code.
    RecoveryCode,
}

/// A session that begins.
#[derive(Debug, Clone)]
pub struct NewSession {
    pub token_hash: Vec<u8>,
    pub moderator: i64,
    /// Browser and system, such as `Firefox/Linux`; either may be empty.
    pub device: String,
    pub now: Timestamp,
}

/// Starts a session at sign-in.
///
/// # Errors
/// Those of the engine.
pub fn start(db: &mut Db, new: &NewSession, factors: Factors) -> Result<()> {
    let now = new.now;
    diesel::delete(
        sessions::table
            .filter(sessions::moderator_id.eq(new.moderator))
            .filter(
                sessions::seen_at
                    .lt(now.0 - IDLE)
                    .or(sessions::created_at.lt(now.0 - ABSOLUTE)),
            ),
    )
    .execute(db)?;
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(&new.token_hash),
            sessions::moderator_id.eq(new.moderator),
            sessions::created_at.eq(now.0),
            sessions::seen_at.eq(now.0),
            sessions::device.eq(&new.device),
        ))
        .execute(db)?;
    let facts = match factors {
        Factors::Password => serde_json::Value::Null,
        Factors::Code => serde_json::json!({ "with": "code" }),
        Factors::RecoveryCode => serde_json::json!({ "with": "recovery-code" }),
    };
    let entry = Entry {
        facts,
        ..Entry::new(Actor::Moderator(new.moderator), "signed-in")
    };
    audit::append(db, &entry, now)
}

/// A live session.
#[derive(Debug, Clone)]
pub struct Found {
    pub person: Moderator,
    /// Its use should be noted.
    pub stale: bool,
    /// Somebody else set the password, which is to be changed before anything else.
    pub must_change: bool,
}

/// Whose session it is. `None` when it has ended.
///
/// # Errors
/// Those of the engine.
pub fn find(db: &mut Db, token_hash: &[u8], now: Timestamp) -> Result<Option<Found>> {
    let found: Option<(Moderator, bool, Timestamp, Timestamp)> = sessions::table
        .inner_join(moderators::table)
        .filter(sessions::token_hash.eq(token_hash))
        .filter(moderators::disabled_at.is_null())
        .select((
            Moderator::as_select(),
            moderators::must_change,
            sessions::created_at,
            sessions::seen_at,
        ))
        .first(db)
        .optional()?;
    Ok(found
        .filter(|(_, _, created_at, seen_at)| {
            now.since(*seen_at) < IDLE && now.since(*created_at) < ABSOLUTE
        })
        .map(|(person, must_change, _, seen_at)| Found {
            person,
            stale: now.since(seen_at) > NOTED,
            must_change,
        }))
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

/// A session of one's own, as its person sees it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct Session {
    pub token_hash: Vec<u8>,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    /// As [`NewSession::device`].
    pub device: String,
}

impl Session {
    /// By which a form names it: a part of what the database knows it by, and of no use to sign in with.
    pub fn key(&self) -> String {
        super::token::hex(self.token_hash.get(..12).unwrap_or(&self.token_hash))
    }
}

/// Sessions that are shown.
const LISTED: i64 = 50;

/// The sessions in which somebody is signed in, the last used first; at most fifty.
///
/// # Errors
/// Those of the engine.
pub fn of(db: &mut Db, moderator: i64, now: Timestamp) -> Result<Vec<Session>> {
    Ok(sessions::table
        .filter(sessions::moderator_id.eq(moderator))
        .filter(sessions::seen_at.gt(now.0 - IDLE))
        .filter(sessions::created_at.gt(now.0 - ABSOLUTE))
        .order((sessions::seen_at.desc(), sessions::created_at.desc()))
        .limit(LISTED)
        .select(Session::as_select())
        .load(db)?)
}

/// Ends a session of one's own by its [`Session::key`]; `false` when there is none of that key.
///
/// # Errors
/// Those of the engine.
pub fn end_by_key(db: &mut Db, moderator: i64, key: &str, now: Timestamp) -> Result<bool> {
    let own = of(db, moderator, now)?;
    let Some(session) = own.iter().find(|session| session.key() == key) else {
        return Ok(false);
    };
    diesel::delete(sessions::table.find(&session.token_hash)).execute(db)?;
    let entry = Entry::new(Actor::Moderator(moderator), "session-ended");
    audit::append(db, &entry, now)?;
    Ok(true)
}

/// Ends every session of one's own.
///
/// # Errors
/// Those of the engine.
pub fn end_all(db: &mut Db, moderator: i64, now: Timestamp) -> Result<()> {
    super::moderators::end_sessions(db, moderator)?;
    let entry = Entry::new(Actor::Moderator(moderator), "sessions-ended");
    audit::append(db, &entry, now)
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
    /// The same for this account from anywhere: only codes ask, which nobody is asked for before the right password.
    pub account_wait: i64,
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
            .filter(login_failures::at.lt(latest_recent(attempt.now)))
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
            .filter(login_failures::at.lt(latest_recent(attempt.now)))
            .order(login_failures::at.desc())
            .limit(100)
            .select(login_failures::at)
            .load(db)?;
        account.extend(latest);
    }
    let wait =
        |failures: &[i64]| pause(latest_of(failures.to_vec(), limit), attempt.now).unwrap_or(0);
    Ok(Failures {
        network: i64::try_from(recent.len()).unwrap_or(limit).min(limit),
        account: i64::try_from(account.len()).unwrap_or(100),
        wait: wait(&recent),
        account_wait: wait(&account),
    })
}

/// Notes a failure and sweeps some old ones away.
///
/// # Errors
/// Those of the engine.
pub fn note_failure(db: &mut Db, attempt: &Attempt) -> Result<()> {
    retention::login_failures(db, attempt.now.plus(-FAILURES_KEPT))?;
    diesel::insert_into(login_failures::table)
        .values((
            login_failures::at.eq(attempt.now.0),
            login_failures::network.eq(&attempt.network.now),
            login_failures::account.eq(&attempt.account.now),
        ))
        .execute(db)?;
    Ok(())
}
