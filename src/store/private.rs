//! Files for the eyes of their owner alone: a database and its copies hold receipts, and what people sign in with.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::Path;

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
