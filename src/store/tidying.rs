//! What SQLite leaves behind of rows that are gone: older copies of pages in its log, and gaps within pages.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::connection::{Db, Target};
use super::error::Result;
use super::is_served;

/// How often the log is tried to be emptied, and the pause between: five seconds in all.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(80);

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
    Ok(match (empty_log(db)?, served) {
        (true, false) => Tidied::Whole,
        (true, true) => Tidied::Log,
        (false, _) => Tidied::Nothing,
    })
}

/// Empties the log, unless somebody goes on reading what is in it. Whoever does that keeps out everybody who writes for as long
/// as it waits for those who read: so it waits shortly, and often.
fn empty_log(db: &mut Db) -> Result<bool> {
    db.batch_execute("PRAGMA wal_checkpoint(PASSIVE); PRAGMA busy_timeout = 20")?;
    for tried in 1..=TRIES {
        let checkpoint: Checkpoint =
            diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(db)?;
        if checkpoint.busy == 0 {
            return Ok(true);
        }
        if tried < TRIES {
            std::thread::sleep(PAUSE);
        }
    }
    Ok(false)
}
