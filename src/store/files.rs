//! The files of an SQLite database: where they are, and that they are for the eyes of their owner alone. They hold receipts, and
//! what people sign in with.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

/// Links that are followed, one leading to the next.
const LINKS: usize = 8;

/// The file that a database is: SQLite follows links, and keeps its log beside what they lead to, which need not be there yet.
pub(super) fn settled(path: &Path) -> PathBuf {
    let mut place = path.to_owned();
    for _ in 0..LINKS {
        if let Ok(found) = place.canonicalize() {
            return found;
        }
        let Ok(next) = place.read_link() else { break };
        place = place.parent().unwrap_or(Path::new("")).join(next);
    }
    place
}

/// Makes the file of a database that is not there yet. SQLite would make it as everybody's to read; its log takes after it.
///
/// # Errors
/// Those of a file that was made. Why none could be made is for SQLite to say.
pub(super) fn make_missing(database: &Path) -> io::Result<()> {
    if database.exists() {
        return Ok(());
    }
    let place = settled(database);
    match create(&place) {
        Ok(file) => give_away(&file, &place),
        Err(error) => {
            tracing::debug!(%error, "the database file was not made");
            Ok(())
        }
    }
}

/// Makes a file; fails where anything stands, a link too.
///
/// # Errors
/// Those of the file.
pub(super) fn create(path: &Path) -> io::Result<File> {
    options().create_new(true).open(path)
}

/// Opens a file to write, and makes it where there is none.
///
/// # Errors
/// Those of the file.
pub(super) fn open_or_create(path: &Path) -> io::Result<File> {
    match create(path) {
        Ok(file) => {
            give_away(&file, path)?;
            Ok(file)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            OpenOptions::new().write(true).open(path)
        }
        Err(error) => Err(error),
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    options
}

/// What root has made belongs to the owner of its folder, so that the service which lives there can open it.
///
/// # Errors
/// Those of the file.
pub(super) fn give_away(file: &File, path: &Path) -> io::Result<()> {
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = std::fs::metadata(folder.unwrap_or(Path::new(".")))?;
    match (folder.uid(), folder.gid()) {
        // Root's own folder, which a group may share, or all.
        (0, _) => Ok(()),
        (owner, group) => fchown(file, Some(owner), Some(group)),
    }
}
