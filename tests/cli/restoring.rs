//! `rejoinder restore`, and databases that are not what they were.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::PermissionsExt;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::backing_up::{BODIES, newsroom, post, sql, words};
use crate::program::Folder;

const RESTORE: &str = "`rejoinder restore FILE --force`";

/// A newsroom, a backup of it with three comments, and one comment more since.
pub fn backed_up() -> Folder {
    let folder = newsroom(3);
    assert_eq!(folder.run(&["backup", "copy.db"]).code, 0);
    let server = folder.serve();
    assert_eq!(post(&server.base, "Since the backup."), Some(303));
    // Killed with this value: its log stays.
    drop(server);
    folder
}

pub fn bodies(folder: &Folder, file: &str) -> Vec<String> {
    words(&folder.path(file), BODIES)
}

pub fn aside(folder: &Folder) -> String {
    let entries = fs::read_dir(folder.path("")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names = names.filter(|name| name.contains(".before-restore-"));
    names
        .find(|name| name.ends_with('Z'))
        .expect("nothing was set aside")
}

#[test]
fn a_restored_site_is_that_of_the_backup_and_what_was_there_is_kept() {
    let folder = backed_up();
    assert!(fs::metadata(folder.path("rejoinder.db-wal")).unwrap().len() > 0);
    fs::set_permissions(
        folder.path("rejoinder.db"),
        fs::Permissions::from_mode(0o640),
    )
    .unwrap();
    let run = folder.run(&["restore", "copy.db", "--force"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    assert!(
        run.out
            .starts_with("rejoinder.db: restored from copy.db, 1 articles, 3 comments\n"),
        "{}",
        run.out
    );
    let aside = aside(&folder);
    assert!(run.out.contains(&aside), "{}", run.out);
    assert!(!folder.exists("rejoinder.db-wal"));
    let mode = fs::metadata(folder.path("rejoinder.db")).unwrap();
    assert_eq!(mode.permissions().mode() & 0o777, 0o640);
    let server = folder.serve();
    assert!(server.page("/articles/ferry").contains("The ferry"));
    assert_eq!(bodies(&folder, "rejoinder.db"), ["Old 1", "Old 2", "Old 3"]);
    let before = bodies(&folder, &aside);
    assert_eq!(before.last().unwrap(), "Since the backup.");
    assert_eq!(before.len(), 4);
}

#[test]
fn a_backup_is_restored_where_no_database_is() {
    let folder = newsroom(3);
    folder.run(&["backup", "copy.db"]);
    let other = ["restore", "copy.db", "--database", "sqlite://other.db"];
    assert_eq!(folder.run(&other).code, 0);
    assert_eq!(bodies(&folder, "other.db"), bodies(&folder, "rejoinder.db"));
    // The log of a database that is gone would be taken for that of the new one.
    folder.write("third.db-wal", "something");
    let third = ["restore", "copy.db", "--database", "sqlite://third.db"];
    folder
        .run(&third)
        .assert_fails_with("third.db is there already");
}

#[test]
fn a_database_is_not_replaced_unforced_while_it_is_served_or_while_another_program_has_it() {
    let folder = backed_up();
    folder
        .run(&["restore", "copy.db"])
        .assert_fails_with("rejoinder.db is there already");
    let server = folder.serve();
    folder
        .run(&["restore", "copy.db", "--force"])
        .assert_fails_with("another server has the database rejoinder.db open");
    drop(server);
    let path = folder.path("rejoinder.db").display().to_string();
    let mut line = SqliteConnection::establish(&path).unwrap();
    let held = words(&folder.path("rejoinder.db"), BODIES);
    line.batch_execute("BEGIN; SELECT count(*) FROM comments")
        .unwrap();
    folder
        .run(&["restore", "copy.db", "--force"])
        .assert_fails_with("another command or program has the database rejoinder.db open");
    drop(line);
    assert_eq!(held.len(), 4);
    assert_eq!(bodies(&folder, "rejoinder.db"), held);
}

#[test]
fn what_is_no_backup_of_ours_is_refused_and_the_database_stays() {
    let folder = backed_up();
    folder.write("notes.txt", "Milk, eggs.\n".repeat(500));
    folder.write("empty.db", "");
    let copy = |name: &str| fs::copy(folder.path("copy.db"), folder.path(name)).unwrap();
    let length = copy("cut.db");
    let cut = OpenOptions::new().write(true).open(folder.path("cut.db"));
    cut.unwrap().set_len(length / 2).unwrap();
    copy("torn.db");
    let mut bytes = fs::read(folder.path("torn.db")).unwrap();
    let page = bytes.len() / 4096 / 2 * 4096;
    bytes[page..page + 4096].fill(0x5a);
    folder.write("torn.db", &bytes);
    copy("newer.db");
    sql(
        &folder.path("newer.db"),
        "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')",
    );
    sql(
        &folder.path("recipes.db"),
        "CREATE TABLE recipes (name TEXT)",
    );
    sql(
        &folder.path("theirs.db"),
        "CREATE TABLE __diesel_schema_migrations (version TEXT, run_on TEXT); \
         INSERT INTO __diesel_schema_migrations (version) VALUES ('20200101')",
    );
    copy("live.db");
    folder.write("live.db-wal", "something");
    copy("anchored.db");
    folder.write("anchored.db.anchor", format!("9:{}\n", "ab".repeat(32)));
    for (file, said) in [
        ("none.db", "`none.db` cannot be read: No such file"),
        (".", "it is no file"),
        ("notes.txt", "it is not an SQLite database"),
        ("empty.db", "it holds nothing"),
        ("cut.db", "it is damaged ("),
        ("torn.db", "it is damaged ("),
        ("newer.db", "newer Rejoinder (it has the migration `9999`)"),
        ("recipes.db", "it holds tables of another program"),
        ("theirs.db", "it holds tables of another program"),
        ("live.db", "live.db-wal` stands beside it"),
        (
            "anchored.db",
            "does not lead through the anchor kept beside it",
        ),
        ("rejoinder.db", "is the database itself"),
    ] {
        folder
            .run(&["restore", file, "--force"])
            .assert_fails_with(said);
    }
    let postgres = [
        "restore",
        "copy.db",
        "--database",
        "postgres://me@db.example/news",
    ];
    folder.run(&postgres).assert_fails_with("pg_restore");
    assert_eq!(bodies(&folder, "rejoinder.db").len(), 4);
    let left = fs::read_dir(folder.path("")).unwrap();
    let left: Vec<_> = left
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("partial") || name.contains("before-restore"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

/// What a command says of a damaged database; it is left as it is, and a backup helps.
pub fn assert_damaged(folder: &Folder, said: &str) {
    let files = ["rejoinder.db", "rejoinder.db-wal"].map(|name| folder.path(name));
    let before = files.clone().map(|file| fs::read(file).ok());
    for command in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["check"],
        &["backup", "fresh.db"],
        &["article", "list"],
    ] {
        let run = folder.run(command);
        run.assert_fails_with("the database rejoinder.db is damaged and left as it is");
        run.assert_fails_with(RESTORE);
        run.assert_fails_with(said);
    }
    assert!(
        before == files.map(|file| fs::read(file).ok()),
        "it was changed"
    );
    assert!(!folder.exists("fresh.db"));
    let restored = folder.run(&["restore", "copy.db", "--force"]);
    assert_eq!(
        (restored.code, restored.err.as_str()),
        (0, ""),
        "{}",
        restored.out
    );
    assert_eq!(bodies(folder, "rejoinder.db").len(), 3);
    assert!(folder.exists(&aside(folder)));
    drop(folder.serve());
}

pub fn cut(folder: &Folder, file: &str, length: impl FnOnce(u64) -> u64) {
    let file = OpenOptions::new()
        .write(true)
        .open(folder.path(file))
        .unwrap();
    let whole = file.metadata().unwrap().len();
    file.set_len(length(whole)).unwrap();
}

#[test]
fn a_file_that_was_cut_off_is_refused_with_or_without_its_log() {
    let folder = backed_up();
    cut(&folder, "rejoinder.db", |whole| whole / 8192 * 4096);
    assert_damaged(&folder, "its file was cut off: page ");
    let folder = newsroom(3);
    folder.run(&["backup", "copy.db"]);
    assert!(!folder.exists("rejoinder.db-wal"));
    cut(&folder, "rejoinder.db", |whole| whole / 2);
    assert_damaged(&folder, "malformed");
}

#[test]
fn a_file_of_garbage_is_refused() {
    let folder = newsroom(3);
    folder.run(&["backup", "copy.db"]);
    folder.write("rejoinder.db", "Milk, eggs, a new kettle.\n".repeat(1000));
    assert_damaged(&folder, "file is not a database");
}

/// Frames of the log, and its page size.
pub fn frames(folder: &Folder) -> (Vec<u8>, usize, usize) {
    let log = fs::read(folder.path("rejoinder.db-wal")).unwrap();
    let page = u32::from_be_bytes(log[8..12].try_into().unwrap()) as usize;
    let count = (log.len() - 32) / (24 + page);
    (log, 24 + page, count)
}

#[test]
fn a_log_that_is_torn_before_whole_transactions_is_refused() {
    let folder = backed_up();
    let (mut log, frame, count) = frames(&folder);
    assert!(count > 4);
    // A page of the first transaction is not what was synced.
    log[32 + 24 + 100..32 + 24 + 140].fill(0xff);
    assert!(32 + frame < log.len());
    folder.write("rejoinder.db-wal", &log);
    assert_damaged(&folder, "frame 1 of its write-ahead log is torn");
}

#[test]
fn a_log_that_ends_in_half_a_transaction_loses_only_what_nobody_was_told() {
    let folder = backed_up();
    let whole = bodies_of_a_copy(&folder);
    let (mut log, frame, count) = frames(&folder);
    // The power goes while a transaction of two pages is written: its first frame is there, of its second a half, no commit.
    let last = log[32 + frame * (count - 1)..].to_vec();
    let mut begun = last.clone();
    begun[4..8].fill(0);
    log.extend(begun);
    log.extend(&last[..frame / 2]);
    folder.write("rejoinder.db-wal", &log);
    drop(folder.serve());
    let after = bodies(&folder, "rejoinder.db");
    assert_eq!(after, whole);
    assert_eq!(after.last().unwrap(), "Since the backup.");
}

/// What a copy of the database and its log holds.
fn bodies_of_a_copy(folder: &Folder) -> Vec<String> {
    for suffix in ["", "-wal"] {
        let from = folder.path(&format!("rejoinder.db{suffix}"));
        fs::copy(from, folder.path(&format!("looked.db{suffix}"))).unwrap();
    }
    bodies(folder, "looked.db")
}
