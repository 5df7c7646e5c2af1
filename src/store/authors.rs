//! Authors: people recognised by a token on their device.

use diesel::prelude::*;

use super::connection::Db;
use super::error::Result;
use super::schema::authors;
use crate::time::Timestamp;

/// Adds an author and says which.
///
/// # Errors
/// Those of the engine.
pub fn add(db: &mut Db, now: Timestamp) -> Result<i64> {
    Ok(diesel::insert_into(authors::table)
        .values(authors::created_at.eq(now.0))
        .returning(authors::id)
        .get_result(db)?)
}
