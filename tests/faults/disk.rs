//! A full disk: a file system of a few megabytes that only the server sees, filled and emptied by its `/proc/PID/root`.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::crowd::{Crowd, prepare};
use super::load::{ARTICLE, agent};
use super::support::program::{self, Program};
use super::support::{Database, Engine, rows, skip};

const READERS: usize = 8;

/// The database stands on a disk of 16 MB, with room for its log.
const SERVE: &str = "mount -t tmpfs -o size=16m none small && cp test.db small/test.db && \
    exec \"$PROGRAM\" serve --listen 127.0.0.1:0 --database sqlite:small/test.db";

/// Writes until nothing more goes in.
fn fill(file: &Path) -> usize {
    let mut file = std::fs::File::create(file).unwrap();
    let mut written = 0;
    for piece in [64 * 1024, 4 * 1024, 512] {
        let piece = vec![7; piece];
        while let Ok(length) = file.write(&piece) {
            written += length;
        }
    }
    written
}

#[test]
fn a_full_disk_keeps_the_readers_text_and_is_over_once_there_is_room() {
    let mut may = Command::new("unshare");
    let mounts = [
        "--map-root-user",
        "--mount",
        "mount",
        "-t",
        "tmpfs",
        "none",
        "/mnt",
    ];
    let may = may.args(mounts).stderr(Stdio::null()).status();
    if !may.is_ok_and(|status| status.success()) {
        return skip("a full disk: no small file system can be mounted here");
    }
    let database = Database::new(Engine::Sqlite);
    let folder = database.folder();
    std::fs::create_dir(folder.join("small")).unwrap();
    let mut db = database.connect();
    let accounts = prepare(&mut db);
    rows::article(&mut db, "ferry");
    // With the last connection its log is gone.
    drop(db);
    let plain = program::command(&folder);
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", SERVE]);
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
        .env("PROGRAM", plain.get_program())
        .current_dir(&folder);
    let program = Program::run(command);
    let mut crowd = Crowd::sign_in(&program.base, &accounts);
    let disk = Path::new("/proc")
        .join(program.id().to_string())
        .join("root")
        .join(folder.strip_prefix("/").unwrap())
        .join("small");
    let filler = disk.join("filler");
    let (room, told) = crowd.under_load(std::slice::from_ref(&program.base), READERS, |load| {
        load.wait_for(40);
        assert!(fill(&filler) > 1_000_000);
        load.wait_for_refusals(40);
        // Pages are in memory; others are read from the disk, which is full and not gone.
        for path in [ARTICLE, "/", "/rules", "/healthz"] {
            let page = agent().get(format!("{}{path}", program.base)).call();
            assert_eq!(page.unwrap().status(), 200, "{path}");
        }
        std::fs::remove_file(&filler).unwrap();
        let room = Instant::now();
        load.wait_for(40);
        room
    });
    told.assert_civil();
    let recovery = told.recovery(room, 1);
    eprintln!("a full disk: back after {recovery:?}; {}", told.summary());
    assert!(recovery < Duration::from_secs(8), "{recovery:?}");
    // As a crash would leave it. SQLite itself would follow the link to another disk.
    program.signal("STOP");
    for name in ["test.db", "test.db-wal"] {
        std::fs::copy(disk.join(name), folder.join(name)).unwrap();
    }
    program.kill();
    let mut db = database.connect();
    told.assert_kept(&mut db);
    crowd.assert_kept(&mut db);
    let check = program::check(&database, &[]);
    assert!(check.status.success(), "{check:?}");
}
