//! Brings a database to the schema of this program, and refuses what it cannot know.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::backup::upgrading;
use super::connection::{self, Db, Target, on_engine};
use super::error::{Error, OpenError};
use super::name_keys;

pub const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
#[cfg(feature = "postgres")]
pub const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The advisory lock that is held while migrating: "rejoindr" in ASCII.
#[cfg(feature = "postgres")]
const ADVISORY_LOCK: i64 = 0x7265_6a6f_696e_6472;

/// How the schema of a database stands to this program's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    Empty,
    Current,
    Older,
    Newer(String),
    Foreign,
}

/// Who asks for the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upgrade {
    /// `serve` and `demo`: create or upgrade.
    Yes,
    /// Every other command: create what is empty, refuse what is older.
    No,
}

/// Creates or upgrades the schema.
///
/// # Errors
/// When the schema is newer, foreign, or older and `upgrade` forbids to touch it; or the engine fails.
pub fn bring_up_to_date(db: &mut Db, target: &Target, upgrade: Upgrade) -> Result<(), OpenError> {
    let name = target.shown();
    let failed = |cause: String| OpenError::unusable(target.shown(), cause);
    lock(db).map_err(|error| failed(error.to_string()))?;
    let outcome = match standing(db).map_err(&failed)? {
        Standing::Current => Ok(()),
        Standing::Older if upgrade == Upgrade::No => Err(OpenError::Older(name)),
        Standing::Empty => run(db).map_err(&failed),
        Standing::Older => copy_first(db, target).and_then(|()| run(db).map_err(&failed)),
        Standing::Newer(version) => Err(OpenError::Newer(name, version)),
        Standing::Foreign => Err(OpenError::foreign(target)),
    };
    unlock(db).map_err(|error| failed(error.to_string()))?;
    outcome
}

/// An SQLite database is copied before it is upgraded. PostgreSQL is left to its own tools.
fn copy_first(db: &mut Db, target: &Target) -> Result<(), OpenError> {
    let Target::Sqlite(path) = target else {
        return Ok(());
    };
    let copy = upgrading::copy_first(db, path)
        .map_err(|error| OpenError::NoCopy(target.shown(), error.to_string()))?;
    tracing::info!(copy = %copy.display(), "the database is upgraded; this is a copy of what it was");
    Ok(())
}

/// Whether the database has no tables at all.
///
/// # Errors
/// When the engine fails.
pub fn is_empty(db: &mut Db, target: &Target) -> Result<bool, OpenError> {
    standing(db)
        .map(|standing| standing == Standing::Empty)
        .map_err(|cause| OpenError::unusable(target.shown(), cause))
}

fn run(db: &mut Db) -> Result<(), String> {
    // In one transaction that has SQLite's write lock from its first statement: of two commands that create a database
    // together, the second looks for what is pending when the first has done it.
    let done = connection::transaction(db, |db| {
        match db {
            Db::Sqlite(connection) => connection.run_pending_migrations(SQLITE).map(drop),
            #[cfg(feature = "postgres")]
            Db::Postgres(connection) => connection.run_pending_migrations(POSTGRES).map(drop),
        }
        .map_err(|error| Error::Unavailable(error.to_string()))?;
        name_keys::renew(db)
    });
    done.map_err(|error| error.to_string())
}

#[derive(QueryableByName)]
struct Tables {
    #[diesel(sql_type = BigInt)]
    ours: i64,
    #[diesel(sql_type = BigInt)]
    all: i64,
}

const TABLES_SQLITE: &str = "SELECT count(*) FILTER (WHERE name = '__diesel_schema_migrations') AS ours, \
     count(*) AS \"all\" FROM sqlite_master WHERE type = 'table'";
#[cfg(feature = "postgres")]
const TABLES_POSTGRES: &str = "SELECT count(*) FILTER (WHERE tablename = '__diesel_schema_migrations') AS ours, \
     count(*) AS \"all\" FROM pg_tables WHERE schemaname = current_schema()";

/// Looks without writing: a read-only look at a database must not create the migrations' own table.
pub(super) fn standing(db: &mut Db) -> Result<Standing, String> {
    let tables: Tables = match db {
        Db::Sqlite(connection) => diesel::sql_query(TABLES_SQLITE).get_result(connection),
        #[cfg(feature = "postgres")]
        Db::Postgres(connection) => diesel::sql_query(TABLES_POSTGRES).get_result(connection),
    }
    .map_err(|error| error.to_string())?;
    if tables.all == 0 {
        return Ok(Standing::Empty);
    }
    if tables.ours == 0 {
        return Ok(Standing::Foreign);
    }
    let known = known_versions()?;
    let applied: Vec<String> = on_engine!(db, |connection| connection.applied_migrations())
        .map_err(|error| error.to_string())?
        .iter()
        .map(ToString::to_string)
        .collect();
    // Another program may write its migrations down in the same way.
    if !applied.is_empty() && known.first().is_some_and(|first| !applied.contains(first)) {
        return Ok(Standing::Foreign);
    }
    if let Some(stranger) = applied.iter().find(|version| !known.contains(version)) {
        return Ok(Standing::Newer(stranger.clone()));
    }
    Ok(match applied.len() {
        0 => Standing::Empty,
        count if count < known.len() => Standing::Older,
        _ => Standing::Current,
    })
}

fn known_versions() -> Result<Vec<String>, String> {
    use diesel::migration::{Migration, MigrationSource};
    let known: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> =
        SQLITE.migrations().map_err(|error| error.to_string())?;
    Ok(known
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect())
}

/// Two instances that start together migrate one after the other.
fn lock(db: &mut Db) -> QueryResult<()> {
    match db {
        Db::Sqlite(_) => Ok(()),
        #[cfg(feature = "postgres")]
        Db::Postgres(connection) => connection.batch_execute(&format!(
            "SET lock_timeout = 0; SET statement_timeout = 0; SELECT pg_advisory_lock({ADVISORY_LOCK})"
        )),
    }
}

fn unlock(db: &mut Db) -> QueryResult<()> {
    match db {
        Db::Sqlite(_) => Ok(()),
        #[cfg(feature = "postgres")]
        Db::Postgres(connection) => connection.batch_execute(&format!(
            "SELECT pg_advisory_unlock({ADVISORY_LOCK}); SET lock_timeout = '5s'; SET statement_timeout = '30s'"
        )),
    }
}
