//! Two-factor sign-in: the secret that an account shares with an app, the last code that was taken, recovery codes.

use diesel::prelude::*;

use super::audit::{self, Actor, Entry};
use super::connection::Db;
use super::error::Result;
use super::schema::{moderators, recovery_codes};
use super::sessions::Factors;
use super::token;
use crate::time::Timestamp;

/// How an account stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TwoFactor {
    /// Shared with the app; while `since` is `None`, only proposed.
    pub secret: Option<Vec<u8>>,
    pub since: Option<Timestamp>,
    /// Recovery codes that were not used yet.
    pub codes_left: i64,
}

/// How an account stands.
///
/// # Errors
/// Those of the engine.
pub fn of(db: &mut Db, moderator: i64) -> Result<TwoFactor> {
    let (secret, since): (Option<Vec<u8>>, Option<Timestamp>) = moderators::table
        .find(moderator)
        .select((moderators::totp_secret, moderators::totp_since))
        .first(db)?;
    Ok(TwoFactor {
        secret,
        since,
        codes_left: codes_left(db, moderator)?,
    })
}

fn codes_left(db: &mut Db, moderator: i64) -> Result<i64> {
    Ok(recovery_codes::table
        .filter(recovery_codes::moderator_id.eq(moderator))
        .filter(recovery_codes::used_at.is_null())
        .count()
        .get_result(db)?)
}

/// Proposes a secret; it counts for nothing until [`turn_on`]. `false` when two-factor sign-in is on already.
///
/// # Errors
/// Those of the engine.
pub fn propose(db: &mut Db, moderator: i64, secret: Option<&[u8]>) -> Result<bool> {
    let off = moderators::table
        .find(moderator)
        .filter(moderators::totp_since.is_null());
    let touched = diesel::update(off)
        .set(moderators::totp_secret.eq(secret))
        .execute(db)?;
    Ok(touched > 0)
}

/// What the database knows a recovery code by; it has 80 random bits, so a fast digest is enough.
pub fn recovery_hash(moderator: i64, code: &str) -> Vec<u8> {
    token::digest(&[b"recovery", &moderator.to_be_bytes(), code.as_bytes()])
}

/// What somebody shows besides the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The code that the secret has in this time step.
    Code { secret: Vec<u8>, step: i64 },
    /// The hash of a recovery code.
    Recovery(Vec<u8>),
}

/// Turns it on with a first right code of the proposed secret. `false` when another secret was proposed meanwhile, or it is on.
///
/// # Errors
/// Those of the engine.
pub fn turn_on(
    db: &mut Db,
    moderator: i64,
    (secret, step): (&[u8], i64),
    codes: &[Vec<u8>],
    now: Timestamp,
) -> Result<bool> {
    let proposed = moderators::table
        .find(moderator)
        .filter(moderators::totp_since.is_null())
        .filter(moderators::totp_secret.eq(secret));
    let touched = diesel::update(proposed)
        .set((
            moderators::totp_since.eq(now.0),
            moderators::totp_step.eq(step),
        ))
        .execute(db)?;
    if touched == 0 {
        return Ok(false);
    }
    replace_codes(db, moderator, codes)?;
    note(db, moderator, "two-factor-on", now)?;
    Ok(true)
}

/// Takes a code or a recovery code, each of them once. Says which it was; `None` when it is not taken.
///
/// # Errors
/// Those of the engine.
pub fn take(db: &mut Db, moderator: i64, proof: &Proof, now: Timestamp) -> Result<Option<Factors>> {
    match proof {
        Proof::Code { secret, step } => {
            // The comparison and the new value are one statement: of two who send the same code, one is let in.
            let earlier = moderators::table
                .find(moderator)
                .filter(moderators::totp_since.is_not_null())
                .filter(moderators::totp_secret.eq(secret))
                .filter(moderators::totp_step.lt(step));
            let touched = diesel::update(earlier)
                .set(moderators::totp_step.eq(step))
                .execute(db)?;
            Ok((touched > 0).then_some(Factors::Code))
        }
        Proof::Recovery(hash) => {
            let unused = recovery_codes::table
                .find(hash)
                .filter(recovery_codes::moderator_id.eq(moderator))
                .filter(recovery_codes::used_at.is_null());
            let touched = diesel::update(unused)
                .set(recovery_codes::used_at.eq(now.0))
                .execute(db)?;
            if touched == 0 {
                return Ok(None);
            }
            let entry = Entry {
                facts: serde_json::json!({ "left": codes_left(db, moderator)? }),
                ..Entry::new(Actor::Moderator(moderator), "recovery-code-used")
            };
            audit::append(db, &entry, now)?;
            Ok(Some(Factors::RecoveryCode))
        }
    }
}

/// Turns it off. `false` when the proof is not taken.
///
/// # Errors
/// Those of the engine.
pub fn turn_off(db: &mut Db, moderator: i64, proof: &Proof, now: Timestamp) -> Result<bool> {
    if take(db, moderator, proof, now)?.is_none() {
        return Ok(false);
    }
    clear(db, moderator)?;
    note(db, moderator, "two-factor-off", now)?;
    Ok(true)
}

/// Makes the recovery codes anew, which voids the old ones. `false` when the proof is not taken.
///
/// # Errors
/// Those of the engine.
pub fn renew_codes(
    db: &mut Db,
    moderator: i64,
    proof: &Proof,
    codes: &[Vec<u8>],
    now: Timestamp,
) -> Result<bool> {
    if take(db, moderator, proof, now)?.is_none() {
        return Ok(false);
    }
    replace_codes(db, moderator, codes)?;
    note(db, moderator, "recovery-codes-made", now)?;
    Ok(true)
}

/// Forgets the secret and the recovery codes.
///
/// # Errors
/// Those of the engine.
pub(super) fn clear(db: &mut Db, moderator: i64) -> Result<()> {
    diesel::update(moderators::table.find(moderator))
        .set((
            moderators::totp_secret.eq(None::<Vec<u8>>),
            moderators::totp_since.eq(None::<i64>),
            moderators::totp_step.eq(0),
        ))
        .execute(db)?;
    replace_codes(db, moderator, &[])
}

fn replace_codes(db: &mut Db, moderator: i64, codes: &[Vec<u8>]) -> Result<()> {
    let old = recovery_codes::table.filter(recovery_codes::moderator_id.eq(moderator));
    diesel::delete(old).execute(db)?;
    for code in codes {
        diesel::insert_into(recovery_codes::table)
            .values((
                recovery_codes::code_hash.eq(code),
                recovery_codes::moderator_id.eq(moderator),
            ))
            .execute(db)?;
    }
    Ok(())
}

fn note(db: &mut Db, moderator: i64, act: &str, now: Timestamp) -> Result<()> {
    audit::append(db, &Entry::new(Actor::Moderator(moderator), act), now)
}
