//! What SQLite's planner knows of the tables. PostgreSQL keeps its figures fresh by itself.

use diesel::connection::SimpleConnection;

use super::connection::Db;
use super::error::Result;

/// Rows of an index that are looked at: with more, the figures get hardly better, and whoever writes next waits longer. SQLite
/// recommends 100 to 1,000.
const LOOKED_AT: u32 = 400;

/// Renews the figures of the tables that have none, or are ten times as large as they were, or a tenth: of no others, so that it
/// costs next to nothing to ask often. Nothing on PostgreSQL.
///
/// # Errors
/// Those of the engine.
pub fn refresh(db: &mut Db) -> Result<()> {
    if db.is_sqlite() {
        // 0x10000 has it look at all tables: by itself it thinks of those that this very connection has asked for.
        db.batch_execute(&format!(
            "PRAGMA analysis_limit = {LOOKED_AT}; PRAGMA optimize = 0x10002"
        ))?;
    }
    Ok(())
}
