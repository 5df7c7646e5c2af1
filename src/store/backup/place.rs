//! Where a copy goes: written under another name beside it, synced, and renamed when it is whole.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::{Path, PathBuf};

use super::super::audit_seals::Anchor;
use super::super::files;
use super::beside;

/// What SQLite keeps beside a database.
pub(super) const COMPANIONS: [&str; 3] = ["-wal", "-journal", "-shm"];

/// An absolute path for a copy.
#[derive(Debug)]
pub(super) struct Place(PathBuf);

impl Place {
    pub(super) fn of(file: &Path) -> io::Result<Self> {
        let path = std::path::absolute(file)?;
        if path.file_name().is_none() || path.is_dir() {
            return Err(io::Error::other("it is a folder"));
        }
        match path.parent().is_some_and(Path::is_dir) {
            true => Ok(Self(path)),
            false => Err(io::Error::other("its folder does not exist")),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn is_taken(&self) -> bool {
        self.0.symlink_metadata().is_ok()
    }

    /// Whether this is a database or one of the files beside it.
    pub(super) fn belongs_to(&self, database: &Path) -> bool {
        let resolved = |path: &Path| {
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
            Some(folder.join(path.file_name()?))
        };
        let is_same = |file: &Path| {
            let ids = |path: &Path| fs::metadata(path).map(|found| (found.dev(), found.ino()));
            resolved(&self.0) == resolved(file)
                || matches!((ids(&self.0), ids(file)), (Ok(one), Ok(other)) if one == other)
        };
        is_same(database)
            || is_same(&beside(database, ".lock"))
            || COMPANIONS
                .iter()
                .any(|suffix| is_same(&beside(database, suffix)))
    }

    /// A log or journal that SQLite would apply to whatever comes to stand here.
    pub(super) fn companion(&self) -> Option<PathBuf> {
        hot(&self.0)
    }

    /// Begins the copy; `None` while another process writes one. What a killed one left is thrown away, and so is a link that
    /// somebody put there: what it leads to is never touched.
    pub(super) fn begin(&self) -> io::Result<Option<Partial>> {
        let path = beside(&self.0, ".partial");
        if is_held(&path)? {
            return Ok(None);
        }
        remove(&path)?;
        let file = match files::create(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(None),
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // Somebody may have taken this very file for what a killed one left.
        let (opened, named) = (file.metadata()?, fs::symlink_metadata(&path));
        if !named.is_ok_and(|named| named.ino() == opened.ino() && named.dev() == opened.dev()) {
            return Ok(None);
        }
        remove(&beside(&path, "-journal"))?;
        Ok(Some(Partial {
            path,
            place: self.0.clone(),
            file,
        }))
    }

    /// Writes the anchor of the copy beside it, or takes away that of an earlier one.
    pub(super) fn keep_anchor(&self, head: Option<&Anchor>) -> io::Result<()> {
        let path = beside(&self.0, ".anchor");
        match head {
            Some(head) => {
                let partial = beside(&path, ".partial");
                remove(&partial)?;
                let mut file = files::create(&partial)?;
                writeln!(file, "{head}")?;
                file.sync_all()?;
                fs::rename(&partial, &path)?;
            }
            None if path.exists() => fs::remove_file(&path)?,
            None => return Ok(()),
        }
        sync_folder(&path)
    }
}

/// A copy that is not yet in its place; taken away with this value unless it got there.
#[derive(Debug)]
pub(super) struct Partial {
    path: PathBuf,
    place: PathBuf,
    /// Held and locked until the end.
    file: File,
}

impl Partial {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    pub(super) fn length(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Gives it the owner and the mode of another file: a server that could open that one can open this one.
    pub(super) fn take_after(&self, other: &Path) -> io::Result<()> {
        let (other, own) = (fs::metadata(other)?, self.file.metadata()?);
        if (other.uid(), other.gid()) != (own.uid(), own.gid()) {
            fchown(&self.file, Some(other.uid()), Some(other.gid()))?;
        }
        self.file.set_permissions(other.permissions())
    }

    /// Where nothing stands that it could take after.
    pub(super) fn give_away(&self) -> io::Result<()> {
        files::give_away(&self.file, &self.place)
    }

    /// Syncs it and gives it its name. Without `replace`, never in place of a file that came to stand there meanwhile.
    pub(super) fn put_in_place(self, replace: bool) -> io::Result<()> {
        self.file.sync_all()?;
        let linked = match replace {
            true => Err(io::Error::from(io::ErrorKind::Unsupported)),
            false => fs::hard_link(&self.path, &self.place),
        };
        match linked {
            Ok(()) => fs::remove_file(&self.path)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
            // Not every file system has links.
            Err(_) => fs::rename(&self.path, &self.place)?,
        }
        sync_folder(&self.place)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Gone already when it is in its place.
        drop(fs::remove_file(&self.path));
        drop(fs::remove_file(beside(&self.path, "-journal")));
    }
}

/// Whether another process writes to this file.
fn is_held(partial: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(partial) {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    }
    match File::open(partial).map(|file| file.try_lock()) {
        Ok(Err(TryLockError::WouldBlock)) => Ok(true),
        Ok(Err(TryLockError::Error(error))) => Err(error),
        // One that cannot be opened is no copy of ours.
        Ok(Ok(())) | Err(_) => Ok(false),
    }
}

/// Takes a file away if there is one; of a link, the link.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A log or journal of a database here that has something in it.
pub(super) fn hot(database: &Path) -> Option<PathBuf> {
    let mut paths = ["-wal", "-journal"]
        .map(|suffix| beside(database, suffix))
        .into_iter();
    paths.find(|path| fs::metadata(path).is_ok_and(|found| found.len() > 0))
}

/// Makes names in the folder of this file last.
pub(super) fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
