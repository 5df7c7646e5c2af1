//! `rejoinder backup` and `rejoinder restore` killed at random moments, and in which order a backup reaches the disk.

use std::hash::{BuildHasher, Hasher};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;

use crate::backing_up::{newsroom, post, words};
use crate::program::{Folder, skip};
use crate::trace::{Call, Trace};

const COMMENTS: usize = 12_000;
const KILLS: u32 = 8;

/// Some part of this time.
fn part_of(time: Duration) -> Duration {
    let random = std::hash::RandomState::new().build_hasher().finish() % 1_000;
    time * u32::try_from(random).unwrap() / 1_000
}

/// Runs this and kills it after a while, which begins when this file is there, if one is named; whether it had ended before.
fn run_and_kill(folder: &Folder, arguments: &[&str], since: Option<&str>, after: Duration) -> bool {
    let mut child = Command::new(cargo_bin("rejoinder"))
        .args(arguments)
        .current_dir(folder.path(""))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    if let Some(name) = since {
        while !folder.exists(name) && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
    }
    std::thread::sleep(after);
    let ended = child.try_wait().unwrap().is_some();
    child.kill().unwrap();
    child.wait().unwrap();
    ended
}

/// How many comments a whole database has.
fn whole(file: &Path) -> usize {
    assert_eq!(
        words(
            file,
            "SELECT integrity_check AS word FROM pragma_integrity_check"
        ),
        ["ok"],
        "{}",
        file.display()
    );
    let counted = words(file, "SELECT CAST(count(*) AS TEXT) AS word FROM comments");
    counted[0].parse().unwrap()
}

/// What stands in the folder whose name has this word, but what is in the making.
fn named(folder: &Folder, word: &str) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder.path("")).unwrap();
    let names = entries.map(|entry| entry.unwrap().path());
    let unfinished = |path: &Path| {
        let name = path.display().to_string();
        [".partial", ".anchor", "-wal", "-shm", "-journal"]
            .iter()
            .any(|part| name.contains(part))
    };
    names
        .filter(|path| path.display().to_string().contains(word) && !unfinished(path))
        .collect()
}

/// How long this takes when nobody kills it.
fn takes(folder: &Folder, arguments: &[&str]) -> Duration {
    let begun = Instant::now();
    let run = folder.run(arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    begun.elapsed()
}

#[test]
fn a_backup_that_is_killed_leaves_the_earlier_one_or_none_and_the_next_one_is_made() {
    let folder = newsroom(COMMENTS);
    let took = takes(&folder, &["backup", "copy.db"]);
    let mut cut_off = 0;
    for round in 0..KILLS {
        let replaces = round % 2 == 0;
        let arguments = match replaces {
            true => &["backup", "copy.db", "--force"][..],
            false => &["backup", "new.db"],
        };
        cut_off += u32::from(!run_and_kill(&folder, arguments, None, part_of(took)));
        assert_eq!(whole(&folder.path("copy.db")), COMMENTS);
        if folder.exists("new.db") {
            assert_eq!(whole(&folder.path("new.db")), COMMENTS);
        }
        let again = folder.run(&["backup", "new.db", "--force"]);
        assert_eq!((again.code, again.err.as_str()), (0, ""));
        assert_eq!(whole(&folder.path("new.db")), COMMENTS);
        assert_eq!(named(&folder, "new.db").len(), 1);
        std::fs::remove_file(folder.path("new.db")).unwrap();
    }
    eprintln!("a backup takes {took:?}; of {KILLS} killed, {cut_off} had not ended");
    assert!(cut_off > 0, "all of them had ended");
}

#[test]
fn a_restore_that_is_killed_leaves_one_database_whole_and_the_next_one_succeeds() {
    let folder = newsroom(COMMENTS);
    takes(&folder, &["backup", "copy.db"]);
    let arguments = ["restore", "copy.db", "--force"];
    let database = folder.path("rejoinder.db");
    let mut took = takes(&folder, &arguments);
    let mut cut_off = 0;
    for round in 0..KILLS {
        // The server is killed too, so that its log is to be folded into what is set aside.
        let server = folder.serve();
        let body = format!("Since the backup, {round}.");
        assert_eq!(post(&server.base, &body), Some(303));
        drop(server);
        for file in named(&folder, ".before-restore-") {
            std::fs::remove_file(file).unwrap();
        }
        // It verifies for most of the time: half of the kills come when it has begun to write.
        let (since, within) = match round % 2 {
            0 => (None, took),
            _ => (Some("rejoinder.db.partial"), took / 3),
        };
        let ended = run_and_kill(&folder, &arguments, since, part_of(within));
        cut_off += u32::from(!ended);
        let there = whole(&database);
        let aside = named(&folder, ".before-restore-");
        for file in &aside {
            assert_eq!(whole(file), COMMENTS + 1);
        }
        match there - COMMENTS {
            // The new one; then the old one is beside it.
            0 => assert_eq!(aside.len(), 1),
            1 => assert!(words(&database, "SELECT body AS word FROM comments").contains(&body)),
            _ => panic!("{there} comments"),
        }
        let begun = Instant::now();
        let again = folder.run(&arguments);
        took = begun.elapsed();
        assert_eq!((again.code, again.err.as_str()), (0, ""));
        assert_eq!(whole(&database), COMMENTS);
        let check = folder.run(&["check"]);
        assert_eq!(check.code, 0, "{}{}", check.out, check.err);
    }
    eprintln!("a restore takes {took:?}; of {KILLS} killed, {cut_off} had not ended");
    assert!(cut_off > 0, "all of them had ended");
}

/// The calls by which a backup with these arguments reaches the disk.
fn traced(folder: &Folder, arguments: &[&str]) -> Trace {
    let calls = "trace=write,pwrite64,fsync,fdatasync,link,linkat,rename,renameat,renameat2";
    let run = Command::new("strace")
        .args(["-f", "-y", "-s", "200", "-e", calls, "-o", "trace"])
        .arg(cargo_bin("rejoinder"))
        .args(arguments)
        .current_dir(folder.path(""))
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}");
    Trace::read(&std::fs::read_to_string(folder.path("trace")).unwrap())
}

#[test]
fn a_backup_is_synced_before_it_has_its_name_and_its_name_is_synced_before_it_is_told() {
    let mut may = Command::new("strace");
    let may = may.args(["-f", "-o", "/dev/null", "true"]).status();
    if !may.is_ok_and(|status| status.success()) {
        return skip("strace: it is not there, or may not trace");
    }
    let folder = newsroom(200);
    let place = std::fs::canonicalize(folder.path("")).unwrap();
    let on = |call: &Call, name: &str| {
        let path = place.join(name).display().to_string();
        call.descriptor()
            .ends_with(&format!("<{}>", path.trim_end_matches('/')))
    };
    let forced = ["backup", "copy.db", "--force"];
    for arguments in [&forced[..2], &forced] {
        let trace = traced(&folder, arguments);
        let first = |after, names: &[&str], is: &dyn Fn(&Call) -> bool| {
            let called = |call: &Call| call.is(names) && call.text.contains("= 0") && is(call);
            trace
                .first(after, called)
                .map(|call| (call.begun, call.ended))
        };
        let naming = ["link(", "linkat(", "rename(", "renameat(", "renameat2("];
        let named = |call: &Call| call.text.contains("copy.db.partial\"");
        let named = first(0, &naming, &named).expect("it never got its name");
        // The last write to the file, and a sync between that and its name.
        let mut written = 0;
        while let Some(call) = trace.first(written, |call| {
            call.is(&["write(", "pwrite64("]) && on(call, "copy.db.partial")
        }) {
            written = call.begun + 1;
        }
        assert!(
            written > 0 && written <= named.0,
            "written after it was named"
        );
        let synced = first(written, &["fsync("], &|call| on(call, "copy.db.partial"));
        let synced = synced.expect("the file is not synced");
        assert!(
            synced.1 < named.0,
            "named in {named:?}, synced in {synced:?}"
        );
        let folder_synced = first(named.1, &["fsync("], &|call| on(call, ""));
        let folder_synced = folder_synced.expect("its folder is not synced");
        let told = trace.first(0, |call| {
            call.is(&["write("]) && call.text.contains("verified")
        });
        let told = told.expect("nothing is said").begun;
        assert!(folder_synced.1 < told, "said in {told}, {folder_synced:?}");
    }
}
