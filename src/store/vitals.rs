//! What a monitor asks of the database: short counts along an index, and its size; and whether it keeps what it acknowledges.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use super::connection::{Db, Target, on_engine};
use super::error::Result;
use super::listing::Tab;
use super::schema::outbox;
use super::{listed, queue};
use crate::time::Timestamp;

/// No count goes further.
pub const COUNTED: i64 = 10_000;

/// How much waits, for how long, and how large the database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vitals {
    /// Comments and edits that wait for a verdict; at most [`COUNTED`], as the next three.
    pub waiting: i64,
    pub reported: i64,
    pub appeals: i64,
    /// Effects of decisions that have not left.
    pub outbox: i64,
    /// Since when the oldest waiting comment waits.
    pub oldest_waiting: Option<Timestamp>,
    /// When the oldest effect that has not left was due, if that is over.
    pub overdue_since: Option<Timestamp>,
    /// Bytes; with the write-ahead log on SQLite.
    pub bytes: i64,
}

#[derive(QueryableByName)]
struct Size {
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

/// A fixed number of statements, each by index and bounded.
///
/// # Errors
/// Those of the engine.
pub fn read(db: &mut Db, target: &Target, now: Timestamp) -> Result<Vitals> {
    let unsent = || {
        outbox::table
            .filter(outbox::delivered_at.is_null())
            .filter(outbox::cancelled_at.is_null())
    };
    let some: Vec<i64> = unsent()
        .order(outbox::due_at.asc())
        .limit(COUNTED)
        .select(outbox::due_at)
        .load(db)?;
    Ok(Vitals {
        waiting: listed::count(db, Tab::Waiting, COUNTED)?,
        reported: listed::count(db, Tab::Reported, COUNTED)?,
        appeals: listed::count(db, Tab::Appeals, COUNTED)?,
        outbox: i64::try_from(some.len()).unwrap_or(COUNTED),
        oldest_waiting: queue::oldest_waiting(db)?,
        overdue_since: some
            .first()
            .map(|due| Timestamp(*due))
            .filter(|due| *due <= now),
        bytes: bytes(db, target)?,
    })
}

/// Whether PostgreSQL answers before anything is on disk, whatever a connection asks of it. SQLite is never set so.
///
/// # Errors
/// Those of the engine.
pub fn is_unsynced(db: &mut Db) -> Result<bool> {
    #[derive(QueryableByName)]
    struct Syncing {
        #[diesel(sql_type = Bool)]
        off: bool,
    }
    if db.is_sqlite() {
        return Ok(false);
    }
    let syncing: Syncing = diesel::sql_query(
        "SELECT current_setting('fsync') = 'off' OR current_setting('full_page_writes') = 'off' AS off",
    )
    .get_result(db)?;
    Ok(syncing.off)
}

fn bytes(db: &mut Db, target: &Target) -> Result<i64> {
    let statement = match target {
        Target::Sqlite(_) => {
            "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()"
        }
        Target::Postgres(_) => "SELECT pg_database_size(current_database()) AS bytes",
    };
    let size: Size = on_engine!(db, |connection| diesel::sql_query(statement)
        .get_result(connection)?);
    let Target::Sqlite(path) = target else {
        return Ok(size.bytes);
    };
    let mut log = path.clone().into_os_string();
    log.push("-wal");
    // Gone after the last checkpoint: then it has no bytes.
    let log = std::fs::metadata(log).map_or(0, |file| file.len());
    Ok(size.bytes + i64::try_from(log).unwrap_or(0))
}
