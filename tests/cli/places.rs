//! The database's file: by whatever name it is called, who may read it, and who waits for whom.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use assert_cmd::cargo::cargo_bin;

use crate::backing_up::{assert_private, newsroom, post};
use crate::program::{Folder, skip};

/// Neither root nor anybody who owns something here.
const SOMEBODY: u32 = 54_321;

#[test]
fn a_database_and_all_that_is_kept_beside_it_are_for_their_owner_alone() {
    let folder = newsroom(3);
    let server = folder.serve();
    assert_eq!(post(&server.base, "A word."), Some(303));
    assert_private(
        &folder,
        &[
            "rejoinder.db",
            "rejoinder.db-wal",
            "rejoinder.db-shm",
            "rejoinder.db.lock",
        ],
    );
    drop(server);
    assert_eq!(folder.run(&["backup", "copy.db"]).code, 0);
    let other = ["restore", "copy.db", "--database", "sqlite://other.db"];
    assert_eq!(folder.run(&other).code, 0);
    assert_private(&folder, &["copy.db", "other.db", "other.db.lock"]);
    // An older schema.
    crate::backing_up::sql(
        &folder.path("other.db"),
        "DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)",
    );
    let served = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--database",
        "sqlite://other.db",
    ];
    // The copy comes first; what is upgraded twice fails afterwards.
    assert_eq!(folder.run(&served).code, 1);
    let entries = fs::read_dir(folder.path("")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let copies: Vec<String> = names
        .filter(|name| name.contains(".before-upgrade-"))
        .collect();
    assert!(!copies.is_empty());
    for name in &copies {
        assert_private(&folder, &[name]);
    }
    // What the owner allows to others stays so.
    let path = folder.path("rejoinder.db");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    drop(folder.serve());
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o640);
}

#[test]
fn two_names_of_a_database_are_one_to_its_servers() {
    let folder = Folder::new();
    fs::create_dir(folder.path("disk")).unwrap();
    // What it leads to is not there yet.
    symlink("disk/news.db", folder.path("rejoinder.db")).unwrap();
    let first = folder.serve();
    for url in [
        "sqlite://disk/news.db",
        "sqlite://rejoinder.db",
        "sqlite://disk/../rejoinder.db",
    ] {
        folder
            .run(&["serve", "--listen", "127.0.0.1:0", "--database", url])
            .assert_fails_with("another server has the database");
    }
    assert_private(&folder, &["disk/news.db", "disk/news.db.lock"]);
    assert!(!folder.exists("rejoinder.db.lock"));
    drop(first);
    assert_eq!(folder.serve().page("/readyz"), "ready\n");
}

#[test]
fn a_server_starts_beside_commands_that_ask_whether_one_runs() {
    let folder = newsroom(3);
    drop(folder.serve());
    let lock = File::options()
        .write(true)
        .open(folder.path("rejoinder.db.lock"))
        .unwrap();
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                // As they do, but without a pause.
                if lock.try_lock().is_ok() {
                    std::thread::yield_now();
                    lock.unlock().unwrap();
                }
            }
        });
        let started = std::panic::catch_unwind(|| {
            (0..5).all(|_| folder.serve().page("/readyz") == "ready\n")
        });
        over.store(true, Ordering::Relaxed);
        assert!(started.unwrap());
    });
}

#[test]
fn what_root_restores_belongs_to_the_owner_of_the_folder() {
    let folder = newsroom(3);
    assert_eq!(folder.run(&["backup", "copy.db"]).code, 0);
    fs::create_dir(folder.path("home")).unwrap();
    if chown(folder.path("home"), Some(SOMEBODY), Some(SOMEBODY)).is_err() {
        return skip("files of others: only root can make them");
    }
    let home = ["restore", "copy.db", "--database", "sqlite://home/news.db"];
    assert_eq!(folder.run(&home).code, 0);
    let list = ["article", "list", "--database", "sqlite://home/other.db"];
    assert_eq!(folder.run(&list).code, 0);
    for name in ["news.db", "news.db.lock", "other.db"] {
        let found = fs::metadata(folder.path("home").join(name)).unwrap();
        assert_eq!((found.uid(), found.gid()), (SOMEBODY, SOMEBODY), "{name}");
    }
    assert_private(&folder, &["home/news.db", "home/other.db"]);
    // A backup stays with whoever made it.
    let copy = ["backup", "home/copy.db"];
    assert_eq!(folder.run(&copy).code, 0);
    assert_eq!(fs::metadata(folder.path("home/copy.db")).unwrap().uid(), 0);
}

#[test]
fn a_restore_at_a_terminal_shows_how_far_it_is_and_says_nothing_of_it_elsewhere() {
    let folder = newsroom(3);
    assert_eq!(folder.run(&["backup", "copy.db"]).code, 0);
    let command = format!(
        "{} restore copy.db --force",
        cargo_bin("rejoinder").display()
    );
    let run = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .current_dir(folder.path(""))
        .output();
    let Ok(run) = run else {
        return skip("a terminal: `script` is not there");
    };
    assert!(run.status.success(), "{run:?}");
    let shown = String::from_utf8_lossy(&run.stdout);
    for words in ["KiB of ", "verifying", "restored from copy.db"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let run = folder.run(&["restore", "copy.db", "--force"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}
