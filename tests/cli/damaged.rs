//! What SQLite would take for an empty database, or an empty log, and is not.

use std::fs;
use std::os::unix::fs::symlink;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::backing_up::newsroom;
use crate::program::Folder;
use crate::restoring::{assert_damaged, backed_up, bodies, cut};

#[test]
fn a_log_whose_head_is_damaged_is_refused() {
    // Its mark, the size of pages, the salts, the checksum; and all of it.
    for damage in [0..4, 8..12, 16..24, 24..32, 0..32] {
        let folder = backed_up();
        let mut log = fs::read(folder.path("rejoinder.db-wal")).unwrap();
        log[damage].fill(0x5a);
        folder.write("rejoinder.db-wal", &log);
        assert_damaged(&folder, "the head of its write-ahead log is damaged");
    }
}

#[test]
fn half_a_head_before_a_log_that_is_in_the_database_loses_nothing() {
    let folder = backed_up();
    let whole = bodies(&folder, "rejoinder.db");
    // The last line to a database takes its log away: so the files are taken while one is open.
    let path = folder.path("rejoinder.db").display().to_string();
    let mut line = SqliteConnection::establish(&path).unwrap();
    line.batch_execute("UPDATE articles SET summary = 'Another.'; PRAGMA wal_checkpoint(FULL)")
        .unwrap();
    let (database, log) = ("rejoinder.db", "rejoinder.db-wal");
    let (database, log) = (folder.path(database), folder.path(log));
    let (database, log) = (fs::read(database).unwrap(), fs::read(log).unwrap());
    drop(line);
    assert!(log.len() > 32 + 4096);
    // SQLite begins the log anew: the number of the checkpoint, the salts and the checksum are other ones. The power goes when
    // so many bytes of that are written.
    let mut next = log[..32].to_vec();
    next[12..32].fill(0xa7);
    for written in [13, 16, 18, 20, 24, 28, 31] {
        let mut torn = log.clone();
        torn[..written].copy_from_slice(&next[..written]);
        let other = Folder::new();
        other.write("rejoinder.db", &database);
        other.write("rejoinder.db-wal", &torn);
        drop(other.serve());
        assert_eq!(bodies(&other, "rejoinder.db"), whole, "{written}");
    }
    // The same log, but the database is from before it.
    let other = Folder::new();
    fs::copy(folder.path("copy.db"), other.path("rejoinder.db")).unwrap();
    fs::copy(folder.path("copy.db"), other.path("copy.db")).unwrap();
    let mut torn = log;
    torn[..16].copy_from_slice(&next[..16]);
    other.write("rejoinder.db-wal", &torn);
    assert_damaged(&other, "the head of its write-ahead log is damaged");
}

#[test]
fn an_empty_file_from_which_a_server_has_served_is_refused() {
    let folder = newsroom(3);
    folder.run(&["backup", "copy.db"]);
    // It has moved its log into the file.
    folder.serve().stop();
    for name in ["rejoinder.db-wal", "rejoinder.db-shm"] {
        // Taken away with the last line, if that came before the end.
        drop(fs::remove_file(folder.path(name)));
    }
    cut(&folder, "rejoinder.db", |_| 0);
    assert_damaged(
        &folder,
        "its file is empty, and a server has served from it",
    );
}

#[test]
fn an_empty_file_with_a_log_is_refused() {
    let folder = backed_up();
    cut(&folder, "rejoinder.db", |_| 0);
    fs::remove_file(folder.path("rejoinder.db.lock")).unwrap();
    assert_damaged(&folder, "its file ");
    // With all pages in its log: SQLite throws that away.
    let folder = newsroom(3);
    folder.run(&["backup", "copy.db"]);
    let path = folder.path("rejoinder.db").display().to_string();
    let mut line = SqliteConnection::establish(&path).unwrap();
    line.batch_execute("VACUUM").unwrap();
    let other = Folder::new();
    for name in ["copy.db", "rejoinder.db-wal"] {
        fs::copy(folder.path(name), other.path(name)).unwrap();
    }
    other.write("rejoinder.db", "");
    assert_damaged(&other, "its file is empty, and its write-ahead log is not");
}

#[test]
fn a_first_start_that_was_killed_before_it_made_anything_is_no_damage() {
    let folder = Folder::new();
    folder.write("rejoinder.db", "");
    folder.write("rejoinder.db.lock", "");
    assert_eq!(folder.serve().page("/readyz"), "ready\n");
    // Whoever takes the database away wants a new one.
    let folder = newsroom(3);
    drop(folder.serve());
    for name in ["rejoinder.db", "rejoinder.db-wal", "rejoinder.db-shm"] {
        fs::remove_file(folder.path(name)).unwrap();
    }
    assert_eq!(folder.serve().page("/readyz"), "ready\n");
}

#[test]
fn a_damaged_log_is_found_where_a_link_leads() {
    let folder = backed_up();
    fs::create_dir(folder.path("disk")).unwrap();
    for name in ["rejoinder.db", "rejoinder.db-wal"] {
        let there = folder.path("disk").join(name);
        fs::rename(folder.path(name), there).unwrap();
    }
    symlink("disk/rejoinder.db", folder.path("rejoinder.db")).unwrap();
    let mut log = fs::read(folder.path("disk/rejoinder.db-wal")).unwrap();
    log[32 + 24 + 100..32 + 24 + 140].fill(0xff);
    folder.write("disk/rejoinder.db-wal", &log);
    for command in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["article", "list"],
    ] {
        let run = folder.run(command);
        run.assert_fails_with("frame 1 of its write-ahead log is torn");
    }
    let restored = folder.run(&["restore", "copy.db", "--force"]);
    assert_eq!((restored.code, restored.err.as_str()), (0, ""));
    let link = fs::symlink_metadata(folder.path("rejoinder.db")).unwrap();
    assert!(link.is_symlink(), "the link is no more");
    assert_eq!(bodies(&folder, "disk/rejoinder.db").len(), 3);
    drop(folder.serve());
}
