//! Values that belong to the database rather than to a machine: its secrets and its marks.

use diesel::prelude::*;

use super::connection::Db;
use super::error::Result;
use super::schema::{secrets, settings};
use super::token;
use crate::time::Timestamp;

/// The key for hashing client networks and account names; made at first use.
///
/// # Errors
/// Those of the engine, or of the system's randomness.
pub fn network_key(db: &mut Db, now: Timestamp) -> Result<Vec<u8>> {
    const PURPOSE: &str = "network";
    let known: Option<Vec<u8>> = secrets::table
        .find(PURPOSE)
        .select(secrets::key)
        .first(db)
        .optional()?;
    if let Some(key) = known {
        return Ok(key);
    }
    let key = token::random::<32>()?.to_vec();
    diesel::insert_into(secrets::table)
        .values((
            secrets::purpose.eq(PURPOSE),
            secrets::key.eq(&key),
            secrets::created_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(key)
}

/// What tells this site from every other, for ids that never change; made at first use.
///
/// # Errors
/// As [`network_key`].
pub fn site_id(db: &mut Db) -> Result<String> {
    const KEY: &str = "site_id";
    if let Some(known) = get(db, KEY)? {
        return Ok(known);
    }
    let fresh = token::receipt()?;
    set(db, KEY, &fresh)?;
    Ok(fresh)
}

/// # Errors
/// Those of the engine.
pub fn get(db: &mut Db, key: &str) -> Result<Option<String>> {
    Ok(settings::table
        .find(key)
        .select(settings::value)
        .first(db)
        .optional()?)
}

/// # Errors
/// Those of the engine.
pub fn set(db: &mut Db, key: &str, value: &str) -> Result<()> {
    diesel::delete(settings::table.find(key)).execute(db)?;
    diesel::insert_into(settings::table)
        .values((settings::key.eq(key), settings::value.eq(value)))
        .execute(db)?;
    Ok(())
}
