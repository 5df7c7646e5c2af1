//! Values that belong to the database rather than to a machine: its marks.

use diesel::prelude::*;

use super::connection::Db;
use super::error::Result;
use super::schema::settings;
use super::token;

/// What tells this site from every other, for ids that never change; made at first use.
///
/// # Errors
/// Those of the engine, or of the system's randomness.
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
