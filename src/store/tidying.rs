//! What SQLite leaves behind of rows that are gone: older copies of pages in its log, and gaps within pages.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::connection::{Db, Target};
use super::error::Result;
use super::is_served;

/// How far it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tidied {
    /// Nothing is left of what is gone.
    Whole,
    /// A server has the file open, so that it was not written anew. Its log is empty.
    Log,
    /// The log could not be emptied either: somebody was reading all the time.
    Nothing,
    /// Another engine, which does this by itself.
    NotOurs,
}

#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = Integer)]
    busy: i32,
}

/// Writes the database file anew, without what is gone, unless a server has it open; and empties its log.
///
/// # Errors
/// Those of the engine.
pub fn tidy(db: &mut Db, target: &Target) -> Result<Tidied> {
    if !db.is_sqlite() {
        return Ok(Tidied::NotOurs);
    }
    let served = is_served(target);
    if !served {
        // Not in memory: it may be larger than that.
        db.batch_execute("PRAGMA temp_store = FILE; VACUUM")?;
    }
    let checkpoint: Checkpoint =
        diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(db)?;
    Ok(match (checkpoint.busy, served) {
        (0, false) => Tidied::Whole,
        (0, true) => Tidied::Log,
        _ => Tidied::Nothing,
    })
}
