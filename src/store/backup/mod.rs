//! A consistent copy of an SQLite database while others write to it: verified, on disk, and in its place at once or not at all.

mod place;
pub mod restoring;
mod sound;
pub mod upgrading;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::audit_seals::Anchor;
use super::connection::{Access, Db, Target};
use super::error::OpenError;
use super::files::settled;
use super::migrations::{self, Standing};
use place::Place;
pub use sound::{Flaw, Sound};

/// How often what was copied is sent to the disk: so that it never has much to write at once, and replies need not wait behind it.
const RHYTHM: Duration = Duration::from_millis(50);

/// Hears how many bytes of how many are copied.
pub type Tell<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// How many rows the tables have from which nothing is ever deleted.
pub type Rows = BTreeMap<&'static str, i64>;

/// A finished backup.
#[derive(Debug)]
pub struct Backup {
    /// Length of the file.
    pub bytes: u64,
    pub rows: Rows,
    /// Where the audit log of the copy ends; kept beside it too. `None` while nothing is sealed.
    pub head: Option<Anchor>,
}

/// Why there is no backup: one sentence for standard error.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(
        "PostgreSQL is backed up by its own tools: `pg_dump --format=custom --file=FILE DATABASE_URL` makes a consistent copy \
         while servers run, and `pg_restore` puts it back (see the README)"
    )]
    Postgres,
    #[error("there is no database {0}")]
    Missing(String),
    #[error("the database {0} is empty: there is nothing to copy")]
    Empty(String),
    #[error("`{0}` is there already: name another file, or have it replaced with --force")]
    Exists(String),
    #[error("`{0}` belongs to the database itself: name another file")]
    Itself(String),
    #[error("`{0}` stands there, which belongs to a database of that name: name another file")]
    Companion(String),
    #[error("another backup is being written to `{0}`")]
    Taken(String),
    #[error(
        "the disk is full: the backup takes about {needed} MB in the folder of `{file}`, and was not made"
    )]
    Full { file: String, needed: u64 },
    #[error("the backup `{0}` was not made: {1}")]
    Failed(String, String),
    #[error("the copy was thrown away: {0}; `rejoinder check` says more of the database")]
    Unsound(Flaw),
}

/// Writes a backup of the database to `file`, readable by its owner alone, and its anchor to `file.anchor`.
///
/// # Errors
/// In one sentence, why there is none; then nothing is left behind.
pub fn write(
    target: &Target,
    file: &Path,
    replace: bool,
    tell: Tell,
) -> Result<Backup, BackupError> {
    let Target::Sqlite(database) = target else {
        return Err(BackupError::Postgres);
    };
    let shown = || file.display().to_string();
    let failed = |cause: String| BackupError::Failed(shown(), cause);
    if !database.exists() {
        return Err(BackupError::Missing(target.shown()));
    }
    let place = Place::of(file).map_err(|error| failed(error.to_string()))?;
    if place.belongs_to(&settled(database)) {
        return Err(BackupError::Itself(shown()));
    }
    if !replace && place.is_taken() {
        return Err(BackupError::Exists(shown()));
    }
    let mut db = super::look_and_open(target, Access::Write)?;
    match migrations::standing(&mut db)
        .map_err(|cause| OpenError::unusable(target.shown(), cause))?
    {
        Standing::Current | Standing::Older => {}
        Standing::Empty => return Err(BackupError::Empty(target.shown())),
        Standing::Newer(version) => return Err(OpenError::Newer(target.shown(), version).into()),
        Standing::Foreign => return Err(OpenError::foreign(target).into()),
    }
    copy(&mut db, &place, replace, tell)
}

/// Copies a database of ours into its place beside it, and verifies the copy before it takes that place.
fn copy(db: &mut Db, place: &Place, replace: bool, tell: Tell) -> Result<Backup, BackupError> {
    let shown = || place.path().display().to_string();
    let failed = |cause: String| BackupError::Failed(shown(), cause);
    if let Some(companion) = place.companion() {
        return Err(BackupError::Companion(companion.display().to_string()));
    }
    let needed = length(db).map_err(|error| failed(error.to_string()))?;
    let known = sound::rows(db).map_err(|error| failed(error.to_string()))?;
    let partial = match place.begin() {
        Ok(Some(partial)) => partial,
        Ok(None) => return Err(BackupError::Taken(shown())),
        Err(error) => return Err(failed(error.to_string())),
    };
    let full = |cause: String| match cause.contains("full") || cause.contains("No space left") {
        true => BackupError::Full {
            file: shown(),
            needed: needed.div_ceil(1_000_000),
        },
        false => failed(cause),
    };
    vacuum_into(db, &partial, needed, tell).map_err(full)?;
    // What piled up in the write-ahead log meanwhile is moved into the database here, rather than by the next reader's reply.
    if let Err(error) = db.batch_execute("PRAGMA wal_checkpoint(PASSIVE)") {
        tracing::debug!(%error, "the write-ahead log was left as it is");
    }
    let found = sound::inspect(partial.path()).map_err(BackupError::Unsound)?;
    // Others write meanwhile: what was there before the copy began is in it, and perhaps more.
    for (table, before) in &known {
        let copied = found.rows.get(table).copied().unwrap_or_default();
        if copied < *before {
            let flaw = Flaw::Unsound(format!("it has {copied} of {before} rows of {table}"));
            return Err(BackupError::Unsound(flaw));
        }
    }
    let bytes = partial.length().map_err(|error| full(error.to_string()))?;
    tell(bytes, bytes);
    partial
        .put_in_place(replace)
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => BackupError::Exists(shown()),
            _ => full(error.to_string()),
        })?;
    place
        .keep_anchor(found.head.as_ref())
        .map_err(|error| full(error.to_string()))?;
    Ok(Backup {
        bytes,
        rows: found.rows,
        head: found.head,
    })
}

/// `VACUUM INTO` reads one snapshot and blocks no writer. A second thread sends what it wrote to the disk all the while.
fn vacuum_into(
    db: &mut Db,
    partial: &place::Partial,
    needed: u64,
    tell: Tell,
) -> Result<(), String> {
    let path = partial
        .path()
        .to_str()
        .ok_or("its name is not UTF-8")?
        .to_owned();
    let (done, waiting) = channel::<()>();
    std::thread::scope(|scope| {
        let pacing = scope.spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = waiting.recv_timeout(RHYTHM) {
                partial.sync()?;
                tell(partial.length()?.min(needed), needed);
            }
            partial.sync()
        });
        let copied = diesel::sql_query("VACUUM INTO ?")
            .bind::<Text, _>(path)
            .execute(db)
            .map_err(|error| error.to_string());
        drop(done);
        let synced = match pacing.join() {
            Ok(outcome) => outcome.map_err(|error| error.to_string()),
            Err(_) => Err("the thread that syncs it ended".to_owned()),
        };
        copied.and(synced)
    })
}

/// About how many bytes a copy of the database takes.
fn length(db: &mut Db) -> QueryResult<u64> {
    #[derive(QueryableByName)]
    struct Pages {
        #[diesel(sql_type = BigInt)]
        bytes: i64,
    }
    let pages: Pages = diesel::sql_query(
        "SELECT (p.page_count - f.freelist_count) * s.page_size AS bytes \
         FROM pragma_page_count p, pragma_freelist_count f, pragma_page_size s",
    )
    .get_result(db)?;
    Ok(u64::try_from(pages.bytes).unwrap_or_default())
}

/// A path with something appended to its last name.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
