//! A backup put in the place of a database: verified first, at once or not at all, and what was there is kept aside.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::super::audit_seals::Anchor;
use super::super::connection::{self, Access, Db, Target};
use super::super::error::OpenError;
use super::super::files::settled;
use super::super::lock;
use super::place::{COMPANIONS, Place, hot, sync_folder};
use super::sound::{self, Flaw, Sound};
use super::upgrading::free_name;
use super::{Tell, beside};

/// Bytes that are copied between two looks at how far it is.
const PIECE: u64 = 4 << 20;

/// A finished restore.
#[derive(Debug)]
pub struct Restored {
    /// What was found in the backup.
    pub found: Sound,
    /// The database that was there before, whole, under another name.
    pub aside: Option<PathBuf>,
}

/// Why nothing was restored: one sentence for standard error.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(
        "PostgreSQL is restored by its own tools: `createdb` a database, then `pg_restore --no-owner --exit-on-error \
         --dbname=DATABASE_URL FILE` while no server runs (see the README)"
    )]
    Postgres,
    #[error("`{0}` cannot be read: {1}")]
    Unreadable(String, String),
    #[error("`{0}` is not restored: {1}")]
    Unsound(String, Flaw),
    #[error(
        "`{0}` is not restored: `{1}` stands beside it, so it is no backup but a database in use or left by a crash; \
         make a backup of it with `rejoinder backup --database sqlite://{0} FILE`"
    )]
    Live(String, String),
    #[error(
        "`{0}` is not restored: its audit log does not lead through the anchor kept beside it in `{0}.anchor` ({1})"
    )]
    Anchor(String, String),
    #[error("`{0}` is the database itself: name a backup")]
    Itself(String),
    #[error(
        "the database {0} is there already: --force puts the backup in its place and keeps what is there under another name"
    )]
    Exists(String),
    #[error("another command or program has the database {0} open: end it first")]
    InUse(String),
    #[error("the backup was not put in the place of {0}: {1}")]
    Failed(String, String),
}

/// Puts a backup in the place of the database. `replace` allows that there is one.
///
/// # Errors
/// In one sentence, why not; then the database is what it was.
pub fn restore(
    target: &Target,
    file: &Path,
    replace: bool,
    tell: Tell,
) -> Result<Restored, RestoreError> {
    let Target::Sqlite(database) = target else {
        return Err(RestoreError::Postgres);
    };
    connection::check_folder(database)?;
    let failed = |error: io::Error| RestoreError::Failed(target.shown(), error.to_string());
    let place = Place::of(&settled(database)).map_err(failed)?;
    let found = verify(file, &place)?;
    let _lock = lock::take(target)?;
    let exists = place.is_taken() || place.companion().is_some();
    if exists && !replace {
        return Err(RestoreError::Exists(target.shown()));
    }
    let Some(mut partial) = place.begin().map_err(failed)? else {
        return Err(RestoreError::InUse(target.shown()));
    };
    let mut source = File::open(file)
        .map_err(|error| RestoreError::Unreadable(file.display().to_string(), error.to_string()))?;
    let all = source.metadata().map_err(failed)?.len();
    let mut done = 0;
    loop {
        tell(done, all);
        match io::copy(&mut (&mut source).take(PIECE), partial.file()).map_err(failed)? {
            0 => break,
            more => done += more,
        }
    }
    match place.is_taken() {
        true => partial.take_after(place.path()),
        false => partial.give_away(),
    }
    .map_err(failed)?;
    partial.sync().map_err(failed)?;
    // The file could have been another one by now.
    sound::inspect(partial.path())
        .map_err(|flaw| RestoreError::Unsound(file.display().to_string(), flaw))?;
    let aside = match exists {
        true => {
            fold_log(target)?;
            Some(set_aside(place.path()).map_err(failed)?)
        }
        false => None,
    };
    partial.put_in_place(exists).map_err(failed)?;
    Ok(Restored { found, aside })
}

/// Whether the file is a backup of ours that this program can serve.
fn verify(file: &Path, place: &Place) -> Result<Sound, RestoreError> {
    let shown = || file.display().to_string();
    let unreadable = |error: io::Error| RestoreError::Unreadable(shown(), error.to_string());
    if !fs::metadata(file).map_err(unreadable)?.is_file() {
        return Err(unreadable(io::Error::other("it is no file")));
    }
    if place.belongs_to(file) {
        return Err(RestoreError::Itself(shown()));
    }
    if let Some(companion) = hot(file) {
        return Err(RestoreError::Live(shown(), companion.display().to_string()));
    }
    let found = sound::inspect(file).map_err(|flaw| RestoreError::Unsound(shown(), flaw))?;
    match fs::read_to_string(beside(file, ".anchor")) {
        Ok(text) => {
            let anchor: Anchor =
                text.parse()
                    .map_err(|error: super::super::audit_seals::NoAnchor| {
                        RestoreError::Anchor(shown(), error.to_string())
                    })?;
            sound::leads_through(file, &anchor)
                .map_err(|fault| RestoreError::Anchor(shown(), fault))?;
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(unreadable(error)),
    }
    Ok(found)
}

/// Moves the log of the old database into it, which works only while nobody else has it open. One too damaged for that is set
/// aside with its log.
fn fold_log(target: &Target) -> Result<(), RestoreError> {
    #[derive(QueryableByName)]
    struct Mode {
        #[diesel(sql_type = Text)]
        journal_mode: String,
    }
    let in_use = || RestoreError::InUse(target.shown());
    let is_locked = |cause: &str| cause.contains("locked");
    let mut db = match super::super::look_and_open(target, Access::Write) {
        Ok(db) => db,
        Err(error) if is_locked(&error.to_string()) => return Err(in_use()),
        Err(_) => return Ok(()),
    };
    let Db::Sqlite(line) = &mut db else {
        return Ok(());
    };
    match diesel::sql_query("PRAGMA journal_mode = DELETE").get_result::<Mode>(line) {
        Ok(mode) if mode.journal_mode == "delete" => Ok(()),
        Ok(_) => Err(in_use()),
        Err(error) if is_locked(&error.to_string()) => Err(in_use()),
        Err(_) => Ok(()),
    }
}

/// Gives the old database a second name, with its log where it still has one, and takes that log away from the first name: the
/// new database must never meet it. In this order the old one stands whole under one name or the other at every moment.
fn set_aside(database: &Path) -> io::Result<PathBuf> {
    let aside = free_name(database, ".before-restore-");
    let there = |path: &Path| path.symlink_metadata().is_ok();
    let mut replaced = Vec::new();
    for suffix in ["-wal", "-journal", ""] {
        let (from, to) = (beside(database, suffix), beside(&aside, suffix));
        if there(&from) && fs::hard_link(&from, &to).is_err() {
            replaced.push((from, to));
        }
    }
    sync_folder(database)?;
    // A file system without links: renamed, which leaves a moment without a database.
    for (from, to) in replaced {
        fs::rename(from, to)?;
    }
    for suffix in COMPANIONS {
        let companion = beside(database, suffix);
        if there(&companion) {
            fs::remove_file(companion)?;
        }
    }
    sync_folder(database)?;
    Ok(aside)
}
