//! The copy that is made of an SQLite database before its schema is upgraded.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::connection::Db;
use super::place::Place;
use super::{BackupError, beside, copy};
use crate::time::{Timestamp, Zone};

/// What stands between the name of the database and the date of a copy.
const MARK: &str = ".before-upgrade-";
/// Copies that are kept, this one included.
const KEPT: usize = 2;

/// Copies the database to a dated name beside it, takes away older copies of the kind, and says where the copy is.
///
/// # Errors
/// In one sentence, why there is none.
pub(in crate::store) fn copy_first(db: &mut Db, database: &Path) -> Result<PathBuf, BackupError> {
    let path = free_name(database, MARK);
    let place = Place::of(&path)
        .map_err(|error| BackupError::Failed(path.display().to_string(), error.to_string()))?;
    copy(db, &place, false, &|_, _| {})?;
    for old in copies(database).into_iter().rev().skip(KEPT) {
        for file in [beside(&old, ".anchor"), old] {
            if let Err(error) = fs::remove_file(&file)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(%error, file = %file.display(), "an old copy could not be removed");
            }
        }
    }
    Ok(path)
}

/// A dated name beside the database that nothing has yet: `rejoinder.db.before-upgrade-20260512T191200Z`.
pub(super) fn free_name(database: &Path, mark: &str) -> PathBuf {
    let now = Zone::utc().iso(Timestamp::now());
    let date: String = now
        .chars()
        .take(19)
        .filter(|c| !"-:".contains(*c))
        .collect();
    let name = beside(database, &format!("{mark}{date}Z"));
    let others = (2..).map(|n| beside(&name, &format!("-{n}")));
    std::iter::once(name.clone())
        .chain(others)
        .find(|path| path.symlink_metadata().is_err())
        .unwrap_or(name)
}

/// The copies that were made before upgrades, oldest first.
fn copies(database: &Path) -> Vec<PathBuf> {
    let folder = database
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let Some(start) = database.file_name().and_then(|name| name.to_str()) else {
        return Vec::new();
    };
    let start = format!("{start}{MARK}");
    let is_a_copy = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        let date = name.and_then(|name| name.strip_prefix(&start));
        date.is_some_and(|date| !date.contains('.'))
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(is_a_copy)
        .collect();
    found.sort();
    found
}
