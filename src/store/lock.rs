//! The lock file beside an SQLite database: a server holds it while it serves, and leaves in it that there is something to lose.

use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::error::OpenError;
use super::files::{self, settled};
use super::target::Target;

/// How long a lock is waited for: commands that ask whether a server runs hold it for a moment.
const PATIENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(20);

/// Takes the lock of the file that the database is, by whatever name it is called.
///
/// # Errors
/// In one sentence, that another server has it.
pub(super) fn take(target: &Target) -> Result<File, OpenError> {
    let begun = Instant::now();
    loop {
        match take_at_once(target) {
            Err(OpenError::Served(_)) if begun.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
            outcome => return outcome,
        }
    }
}

fn take_at_once(target: &Target) -> Result<File, OpenError> {
    let failed = |error: io::Error| OpenError::Unusable(target.shown(), error.to_string());
    let file = files::open_or_create(&path(Path::new(&target.shown()))).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Served(target.shown())),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Leaves in the lock file that the database holds a schema, which is on disk by now: see [`is_marked`].
///
/// # Errors
/// Those of the file.
pub(super) fn mark(mut lock: &File) -> io::Result<()> {
    match lock.metadata()?.len() {
        0 => lock.write_all(b"served\n"),
        _ => Ok(()),
    }
}

/// Whether a server has served this database: then it is not empty.
pub(super) fn is_marked(database: &Path) -> bool {
    std::fs::metadata(path(database)).is_ok_and(|found| found.len() > 0)
}

fn path(database: &Path) -> PathBuf {
    let mut name = settled(database).into_os_string();
    name.push(".lock");
    name.into()
}

/// Whether a server may have this database open: then bulk commands leave it gaps.
pub fn is_served(target: &Target) -> bool {
    !target.is_sqlite()
        || (path(Path::new(&target.shown())).exists()
            && matches!(take_at_once(target), Err(OpenError::Served(_))))
}
