//! The step between the right password and the session, for accounts with two-factor sign-in.

use diesel::prelude::*;

use super::connection::Db;
use super::error::Result;
use super::schema::{moderators, sign_in_steps};
use super::sessions::{self, Attempt, NewSession};
use super::two_factor::{self, Proof};
use crate::time::{MINUTE, Timestamp};

/// Milliseconds within which the code has to come.
pub const LIFE: i64 = 5 * MINUTE;
/// Wrong codes after which the password is asked for again.
pub const MOST_FAILURES: i16 = 5;

/// Who has given the right password and owes a code.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Owing {
    pub moderator: i64,
    /// The account's name as names are compared.
    pub name_key: String,
    pub secret: Option<Vec<u8>>,
}

/// Notes that somebody has given the right password.
///
/// # Errors
/// Those of the engine.
pub fn start(db: &mut Db, token_hash: &[u8], moderator: i64, now: Timestamp) -> Result<()> {
    let old = sign_in_steps::table.filter(sign_in_steps::created_at.le(now.0 - LIFE));
    diesel::delete(old).execute(db)?;
    diesel::insert_into(sign_in_steps::table)
        .values((
            sign_in_steps::token_hash.eq(token_hash),
            sign_in_steps::moderator_id.eq(moderator),
            sign_in_steps::created_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(())
}

/// Whose step it is; `None` when it is over.
///
/// # Errors
/// Those of the engine.
pub fn find(db: &mut Db, token_hash: &[u8], now: Timestamp) -> Result<Option<Owing>> {
    Ok(sign_in_steps::table
        .inner_join(moderators::table.on(sign_in_steps::moderator_id.eq(moderators::id)))
        .filter(sign_in_steps::token_hash.eq(token_hash))
        .filter(sign_in_steps::created_at.gt(now.0 - LIFE))
        .filter(sign_in_steps::failures.lt(MOST_FAILURES))
        .filter(moderators::disabled_at.is_null())
        .filter(moderators::totp_since.is_not_null())
        .select((
            moderators::id,
            moderators::name_key,
            moderators::totp_secret,
        ))
        .first(db)
        .optional()?)
}

/// What came of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// The session has begun.
    In,
    Wrong,
    /// Too late, or wrong too often: it begins again with the password.
    Over,
}

/// Ends the step with a session, if the proof is taken. `None` is a code that is wrong whatever the database says.
/// A failure counts against the step, the network and the account.
///
/// # Errors
/// Those of the engine.
pub fn finish(
    db: &mut Db,
    token_hash: &[u8],
    proof: Option<&Proof>,
    (session, attempt): (&NewSession, &Attempt),
) -> Result<Finished> {
    if find(db, token_hash, session.now)?.is_none_or(|owing| owing.moderator != session.moderator) {
        return Ok(Finished::Over);
    }
    // Every guess is counted before it is looked at: however many come at once, so many are looked at.
    let open = sign_in_steps::table
        .find(token_hash)
        .filter(sign_in_steps::failures.lt(MOST_FAILURES));
    let failures: Option<i16> = diesel::update(open)
        .set(sign_in_steps::failures.eq(sign_in_steps::failures + 1))
        .returning(sign_in_steps::failures)
        .get_result(db)
        .optional()?;
    let Some(failures) = failures else {
        return Ok(Finished::Over);
    };
    let taken = match proof {
        Some(proof) => two_factor::take(db, session.moderator, proof, session.now)?,
        None => None,
    };
    if let Some(factors) = taken {
        diesel::delete(sign_in_steps::table.find(token_hash)).execute(db)?;
        sessions::start(db, session, factors)?;
        return Ok(Finished::In);
    }
    sessions::note_failure(db, attempt)?;
    if failures < MOST_FAILURES {
        return Ok(Finished::Wrong);
    }
    diesel::delete(sign_in_steps::table.find(token_hash)).execute(db)?;
    Ok(Finished::Over)
}
