//! One connection type over both engines, opened by the URL's scheme, and the r2d2 manager that hands it out.

use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::R2D2Connection;
use diesel::sqlite::SqliteConnection;

use super::error::{Error, LOCKED, OpenError};
use super::files;
pub(super) use super::target::{Target, shown};

/// How long a lock of SQLite is waited for; as `busy_timeout` says it, in milliseconds.
const LOCK_WAIT: Duration = Duration::from_secs(5);
/// How often what SQLite does not wait for is tried.
const NEXT_TRY: Duration = Duration::from_millis(10);

/// A connection to SQLite or PostgreSQL.
#[derive(diesel::MultiConnection)]
pub enum Db {
    Sqlite(SqliteConnection),
    #[cfg(feature = "postgres")]
    Postgres(PgConnection),
}

/// Runs one body on whichever engine the connection has: for statements that the common type cannot carry.
macro_rules! on_engine {
    ($db:expr, |$connection:ident| $body:expr) => {
        match $db {
            $crate::store::Db::Sqlite($connection) => $body,
            #[cfg(feature = "postgres")]
            $crate::store::Db::Postgres($connection) => $body,
        }
    };
}
pub(crate) use on_engine;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// `query_only` on SQLite.
    Read,
    Write,
}

impl Db {
    /// Opens a connection; an SQLite file is created when it is missing.
    ///
    /// # Errors
    /// In one sentence, why it cannot be opened.
    pub fn open(target: &Target, access: Access) -> Result<Self, OpenError> {
        match target {
            Target::Sqlite(path) => open_sqlite(path, access),
            Target::Postgres(url) => open_postgres(url, access),
        }
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

/// Copies SQLite's log back as far as nobody reads in it, so that its room can be used again: on a disk that is full that may be all
/// the room there is.
pub fn empty_log(db: &mut Db) {
    if let Db::Sqlite(connection) = db
        && let Err(error) = connection.batch_execute("PRAGMA wal_checkpoint(PASSIVE)")
    {
        tracing::debug!(%error, "the log was not copied back");
    }
}

/// # Errors
/// When the folder of a database file does not exist.
pub fn check_folder(path: &Path) -> Result<(), OpenError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    match folder.filter(|folder| !folder.is_dir()) {
        Some(missing) => Err(OpenError::NoFolder(missing.display().to_string())),
        None => Ok(()),
    }
}

fn open_sqlite(path: &Path, access: Access) -> Result<Db, OpenError> {
    check_folder(path)?;
    let name = path.display().to_string();
    files::make_missing(path)
        .map_err(|error| OpenError::Unusable(name.clone(), error.to_string()))?;
    let mut connection = SqliteConnection::establish(&name)
        .map_err(|error| OpenError::unusable(name.clone(), error.to_string()))?;
    // FULL, because in WAL mode NORMAL may lose acknowledged commits when the power goes. And what a reader takes back is
    // overwritten where it stood, rather than left there until something else takes its place.
    let mut pragmas = String::from(
        "PRAGMA foreign_keys = ON; \
         PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;",
    );
    match access {
        Access::Read => pragmas.push_str("PRAGMA query_only = ON;"),
        // Kilobytes. What the writer has read stays true, since nobody else writes but the command line now and then.
        Access::Write => pragmas.push_str("PRAGMA cache_size = -16384;"),
    }
    keep_log(&mut connection)
        .and_then(|()| connection.batch_execute(&pragmas))
        .map_err(|error| OpenError::unusable(name, error.to_string()))?;
    Ok(Db::Sqlite(connection))
}

/// Turns on the write-ahead log. Of several that make a database at the same moment SQLite lets one do that, and tells the others that
/// it is locked without waiting: so they wait here, as long as for any lock.
fn keep_log(connection: &mut SqliteConnection) -> diesel::QueryResult<()> {
    let begun = Instant::now();
    connection.batch_execute("PRAGMA busy_timeout = 5000")?;
    loop {
        match connection.batch_execute("PRAGMA journal_mode = WAL") {
            Err(error) if begun.elapsed() < LOCK_WAIT && error.to_string() == LOCKED => {
                std::thread::sleep(NEXT_TRY);
            }
            done => return done,
        }
    }
}

/// What is answered for is on disk. Other values than `off` are left: they say how far replicas are waited for.
#[cfg(feature = "postgres")]
const ON_DISK: &str = "; SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

#[cfg(feature = "postgres")]
fn open_postgres(url: &str, access: Access) -> Result<Db, OpenError> {
    let mut connection = PgConnection::establish(&with_times(url)).map_err(|error| {
        let cause = error.to_string();
        let cause = cause.lines().next().unwrap_or_default().trim().to_owned();
        OpenError::Unusable(shown(url), cause)
    })?;
    let mut settings = String::from(
        "SET client_min_messages = warning; SET lock_timeout = '5s'; SET statement_timeout = '30s'",
    );
    if access == Access::Write {
        settings.push_str(ON_DISK);
    }
    connection
        .batch_execute(&settings)
        .map_err(|error| OpenError::Unusable(shown(url), error.to_string()))?;
    Ok(Db::Postgres(connection))
}

/// A server that does not answer is given up, unless the URL says otherwise: after five seconds while a line to it is opened; on an
/// open line after ten in which nothing that was sent arrives, or eleven in which a line that is waited on gives no sign of life. The
/// system's own limits are a quarter of an hour and two hours.
#[cfg(feature = "postgres")]
const TIMES: [(&str, u32); 5] = [
    ("connect_timeout", 5),
    ("tcp_user_timeout", 10_000),
    ("keepalives_idle", 5),
    ("keepalives_interval", 2),
    ("keepalives_count", 3),
];

#[cfg(feature = "postgres")]
fn with_times(url: &str) -> String {
    let mut whole = url.to_owned();
    for (name, value) in TIMES {
        if !url.contains(&format!("{name}=")) {
            let joint = if whole.contains('?') { '&' } else { '?' };
            whole.push_str(&format!("{joint}{name}={value}"));
        }
    }
    whole
}

#[cfg(not(feature = "postgres"))]
fn open_postgres(_: &str, _: Access) -> Result<Db, OpenError> {
    Err(OpenError::NoPostgres)
}

/// A pooled connection and whether a statement found its line dead.
pub struct Lent {
    pub db: Db,
    pub dead: bool,
}

/// Opens and judges pooled reading connections.
#[derive(Debug)]
pub struct Manager {
    pub target: Target,
}

impl r2d2::ManageConnection for Manager {
    type Connection = Lent;
    type Error = OpenError;

    fn connect(&self) -> Result<Lent, OpenError> {
        Db::open(&self.target, Access::Read).map(|db| Lent { db, dead: false })
    }

    fn is_valid(&self, lent: &mut Lent) -> Result<(), OpenError> {
        lent.db
            .ping()
            .map_err(|error| OpenError::Unusable(self.target.shown(), error.to_string()))
    }

    fn has_broken(&self, lent: &mut Lent) -> bool {
        lent.dead || lent.db.is_broken()
    }
}

/// Runs `work` in a transaction; on SQLite it takes the write lock at once.
///
/// # Errors
/// What `work` returns, or what the engine said to begin or commit.
pub fn transaction<T>(
    db: &mut Db,
    work: impl FnOnce(&mut Db) -> Result<T, Error>,
) -> Result<T, Error> {
    begin(db)?;
    match work(db) {
        Ok(value) => {
            commit(db)?;
            Ok(value)
        }
        Err(error) => {
            rollback(db);
            Err(error)
        }
    }
}

/// Runs `work` in a transaction that is taken back in any case: to see what it would do.
///
/// # Errors
/// As [`transaction`].
pub fn rehearse<T>(
    db: &mut Db,
    work: impl FnOnce(&mut Db) -> Result<T, Error>,
) -> Result<T, Error> {
    begin(db)?;
    let outcome = work(db);
    rollback(db);
    outcome
}

/// Reads in one snapshot: every statement of `work` sees the same rows.
///
/// # Errors
/// As [`transaction`].
pub fn snapshot<T>(
    db: &mut Db,
    work: impl FnOnce(&mut Db) -> Result<T, Error>,
) -> Result<T, Error> {
    use diesel::connection::{AnsiTransactionManager, TransactionManager};
    match db {
        Db::Sqlite(connection) => AnsiTransactionManager::begin_transaction(connection)?,
        #[cfg(feature = "postgres")]
        Db::Postgres(connection) => AnsiTransactionManager::begin_transaction_sql(
            connection,
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        )?,
    }
    let outcome = work(db);
    rollback(db);
    outcome
}

/// Begins a writing transaction.
///
/// # Errors
/// What the engine said.
pub fn begin(db: &mut Db) -> Result<(), Error> {
    use diesel::connection::{AnsiTransactionManager, TransactionManager};
    match db {
        Db::Sqlite(connection) => {
            AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")?;
        }
        #[cfg(feature = "postgres")]
        Db::Postgres(connection) => AnsiTransactionManager::begin_transaction(connection)?,
    }
    Ok(())
}

/// # Errors
/// What the engine said; the transaction is over either way.
pub fn commit(db: &mut Db) -> Result<(), Error> {
    use diesel::connection::TransactionManager;
    Ok(<Db as Connection>::TransactionManager::commit_transaction(
        db,
    )?)
}

/// Rolls back; a connection on which that fails is found broken at its next use.
pub fn rollback(db: &mut Db) {
    use diesel::connection::TransactionManager;
    if let Err(error) = <Db as Connection>::TransactionManager::rollback_transaction(db) {
        tracing::debug!(%error, "rollback failed");
    }
}

#[cfg(all(test, feature = "postgres"))]
mod tests {
    use super::*;

    #[test]
    fn a_dead_line_is_found_in_seconds_unless_the_url_says_otherwise() {
        assert_eq!(
            with_times("postgres://me@one/news"),
            "postgres://me@one/news?connect_timeout=5&tcp_user_timeout=10000&keepalives_idle=5&keepalives_interval=2\
             &keepalives_count=3"
        );
        assert_eq!(
            with_times("postgres://me@one/news?keepalives_idle=60&connect_timeout=1"),
            "postgres://me@one/news?keepalives_idle=60&connect_timeout=1&tcp_user_timeout=10000&keepalives_interval=2\
             &keepalives_count=3"
        );
    }
}
