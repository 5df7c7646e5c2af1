//! `rejoinder backup`

use std::collections::HashSet;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::program::{Folder, skip};

const PATIENCE: Duration = Duration::from_secs(60);
const WRITERS: usize = 8;

pub fn sql(file: &Path, statements: &str) {
    let mut line = SqliteConnection::establish(&file.display().to_string()).unwrap();
    line.batch_execute("PRAGMA busy_timeout = 20000; PRAGMA synchronous = FULL")
        .unwrap();
    line.batch_execute(statements).unwrap();
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

/// The answers to a query with a column `word`.
pub fn words(file: &Path, query: &str) -> Vec<String> {
    let mut line = SqliteConnection::establish(&file.display().to_string()).unwrap();
    line.batch_execute("PRAGMA busy_timeout = 20000").unwrap();
    let rows: Vec<Word> = diesel::sql_query(query).load(&mut line).unwrap();
    rows.into_iter().map(|row| row.word).collect()
}

pub const BODIES: &str = "SELECT body AS word FROM comments ORDER BY id";

/// A newsroom with one article, where nobody is throttled, and so many comments.
pub fn newsroom(comments: usize) -> Folder {
    let folder = Folder::new();
    folder.write("rejoinder.toml", "[replies]\nper_minute = 0\n");
    folder.write("ferry.md", "# The ferry\n\nText.\n");
    assert_eq!(folder.run(&["seed", "ferry.md"]).code, 0);
    let database = folder.path("rejoinder.db");
    sql(
        &database,
        &format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {comments}) \
             INSERT INTO comments (article_id, depth, status, name, email, website, body, body_html, html_version, \
             receipt, hold, risk, created_at) SELECT 1, 0, 0, 'Ama', '', '', 'Old ' || i, hex(randomblob(400)), 1, \
             'old' || i, '[]', 0, i FROM n"
        ),
    );
    folder
}

/// Posts a reply: its status, and nothing when the line broke.
pub fn post(base: &str, body: &str) -> Option<u16> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .build()
        .new_agent();
    let form = [("name", "Ama"), ("body", body), ("do", "send")];
    let sent = agent
        .post(format!("{base}/articles/ferry/replies"))
        .header("origin", base)
        .send_form(form);
    sent.ok().map(|answer| answer.status().as_u16())
}

/// What stands in the folder whose name has this word.
fn named(folder: &Folder, word: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder.path("")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.contains(word)).collect();
    names.sort();
    names
}

#[test]
fn a_backup_while_readers_post_has_all_that_was_acknowledged_before_and_fails_no_reply() {
    let folder = newsroom(30_000);
    let mut server = folder.serve();
    server.read_on();
    let (posted, failed) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
    let (counted, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (before, backup) = std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (posted, failed, counted, over, base) =
                (&posted, &failed, &counted, &over, &server.base);
            scope.spawn(move || {
                for n in 0.. {
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                    let body = format!("Writer {writer}, reply {n}.");
                    match post(base, &body) {
                        Some(303) => posted.lock().unwrap().push(body),
                        _ => drop(failed.fetch_add(1, Ordering::Relaxed)),
                    }
                    counted.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let begun = Instant::now();
        while counted.load(Ordering::Relaxed) < 100 && begun.elapsed() < PATIENCE {
            std::thread::yield_now();
        }
        let before: Vec<String> = posted.lock().unwrap().clone();
        let backup = folder.run(&["backup", "copy.db"]);
        over.store(true, Ordering::Relaxed);
        (before, backup)
    });
    assert_eq!(
        (backup.code, backup.err.as_str()),
        (0, ""),
        "{}",
        backup.out
    );
    assert_eq!(failed.load(Ordering::Relaxed), 0);
    assert!(
        posted.lock().unwrap().len() > before.len(),
        "nobody posted meanwhile"
    );
    assert!(before.len() >= 90);

    let copied: HashSet<String> = words(&folder.path("copy.db"), BODIES).into_iter().collect();
    for body in &before {
        assert!(copied.contains(body), "{body}");
    }
    assert!(copied.contains("Old 30000"));
    let (figures, _) = backup.out.split_once('\n').unwrap();
    assert!(figures.starts_with("copy.db: "), "{figures}");
    assert!(figures.ends_with(&format!(
        ", 1 articles, {} comments, verified",
        copied.len()
    )));
    let mode = std::fs::metadata(folder.path("copy.db"))
        .unwrap()
        .permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);
    assert!(named(&folder, "partial").is_empty());
    let copied = format!("sqlite://{}", folder.path("copy.db").display());
    let check = folder.run(&["check", "--database", &copied]);
    assert!(
        check.out.contains("file: ok") && check.out.contains("audit log: ok"),
        "{}",
        check.out
    );
}

#[test]
fn the_anchor_of_the_copy_is_printed_and_kept_beside_it() {
    let folder = newsroom(1);
    let unsealed = folder.run(&["backup", "early.db"]);
    assert!(unsealed.out.contains("anchor: none"), "{}", unsealed.out);
    assert!(!folder.exists("early.db.anchor"));
    let mut server = folder.serve();
    server.ask_to_stop();
    server.next_line("\"stopped\"").unwrap();
    let backup = folder.run(&["backup", "copy.db"]);
    let anchor = std::fs::read_to_string(folder.path("copy.db.anchor")).unwrap();
    let anchor = anchor.trim_end();
    assert!(
        backup
            .out
            .ends_with(&format!("anchor: {anchor} (kept in copy.db.anchor)\n")),
        "{}",
        backup.out
    );
    let check = folder.run(&["check", "--anchor", anchor]);
    assert!(
        check.out.contains(&format!("anchor: {anchor}\n")),
        "{}",
        check.out
    );
    // A copy without a seal in the place of one with an anchor takes that away.
    std::fs::rename(folder.path("early.db"), folder.path("rejoinder.db")).unwrap();
    assert_eq!(folder.run(&["backup", "copy.db", "--force"]).code, 0);
    assert!(!folder.exists("copy.db.anchor"));
}

#[test]
fn nothing_is_overwritten_unless_it_is_forced_and_never_the_database_itself() {
    let folder = newsroom(3);
    folder.write("copy.db", "dear diary");
    folder
        .run(&["backup", "copy.db"])
        .assert_fails_with("`copy.db` is there already");
    assert_eq!(
        std::fs::read(folder.path("copy.db")).unwrap(),
        b"dear diary"
    );
    assert_eq!(folder.run(&["backup", "copy.db", "--force"]).code, 0);
    assert_eq!(words(&folder.path("copy.db"), BODIES).len(), 3);

    std::fs::hard_link(folder.path("rejoinder.db"), folder.path("same.db")).unwrap();
    for file in [
        "rejoinder.db",
        "./rejoinder.db-wal",
        "rejoinder.db.lock",
        "same.db",
    ] {
        folder
            .run(&["backup", file, "--force"])
            .assert_fails_with("belongs to the database itself");
    }
    assert_eq!(words(&folder.path("rejoinder.db"), BODIES).len(), 3);
    // A log that would be taken for that of the copy.
    folder.write("other.db-wal", "something");
    folder
        .run(&["backup", "other.db"])
        .assert_fails_with("other.db-wal` stands there");
}

#[test]
fn what_cannot_be_backed_up_is_said_in_one_sentence_and_leaves_nothing() {
    let empty = Folder::new();
    empty
        .run(&["backup", "copy.db"])
        .assert_fails_with("there is no database rejoinder.db");
    assert!(named(&empty, "").iter().all(|name| !name.contains(".db")));
    empty
        .run(&[
            "backup",
            "copy.db",
            "--database",
            "postgres://me@db.example/news",
        ])
        .assert_fails_with("pg_dump --format=custom");
    let folder = newsroom(3);
    for (file, said) in [
        ("none/copy.db", "its folder does not exist"),
        (".", "it is a folder"),
    ] {
        folder.run(&["backup", file]).assert_fails_with(said);
    }
    assert_eq!(folder.run(&["backup"]).code, 2);
    let database = folder.path("rejoinder.db");
    for (statements, said) in [
        (
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')",
            "newer Rejoinder",
        ),
        (
            "DELETE FROM __diesel_schema_migrations WHERE version = '9999'; PRAGMA foreign_keys = OFF; \
             INSERT INTO sessions (token_hash, moderator_id, created_at, seen_at) VALUES (X'00', 99, 0, 0)",
            "the copy was thrown away: it is damaged (row 1 of sessions points to a row of moderators",
        ),
        (
            "DROP TABLE __diesel_schema_migrations",
            "tables of another program",
        ),
    ] {
        sql(&database, statements);
        folder.run(&["backup", "copy.db"]).assert_fails_with(said);
        assert_eq!(
            named(&folder, "copy.db"),
            Vec::<String>::new(),
            "{statements}"
        );
    }
}

#[test]
fn what_a_killed_backup_left_is_no_hindrance() {
    let folder = newsroom(3);
    folder.write("copy.db.partial", vec![7; 100_000]);
    assert_eq!(folder.run(&["backup", "copy.db"]).code, 0);
    assert_eq!(words(&folder.path("copy.db"), BODIES).len(), 3);
    assert!(named(&folder, "partial").is_empty());
}

#[test]
fn a_full_disk_is_said_and_nothing_is_left_on_it() {
    let folder = newsroom(3_000);
    std::fs::create_dir(folder.path("small")).unwrap();
    let script = "mount -t tmpfs -o size=1m none small || exit 77; \"$PROGRAM\" backup small/copy.db; \
                  code=$?; ls -A small; exit $code";
    let run = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script])
        .env("PROGRAM", cargo_bin("rejoinder"))
        .current_dir(folder.path(""))
        .output();
    let run = match run {
        Ok(run) if run.status.code() != Some(77) => run,
        other => {
            return skip(&format!(
                "no small file system can be mounted here: {other:?}"
            ));
        }
    };
    assert_eq!(run.status.code(), Some(1), "{run:?}");
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(
        said.starts_with("rejoinder: the disk is full: the backup takes about "),
        "{said}"
    );
    assert!(said.contains(" MB in the folder of "), "{said}");
    assert!(
        run.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&run.stdout)
    );
}

#[test]
fn a_script_completes_the_commands_of_every_shell() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = folder.run(&["completions", shell]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{shell}");
        for word in ["restore", "policy", "password-stdin"] {
            assert!(run.out.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(folder.run(&["completions", "tcsh"]).code, 2);
    let script = folder.run(&["completions", "bash"]).out;
    folder.write("complete.bash", script);
    let checked = Command::new("bash")
        .args(["-n", "complete.bash"])
        .current_dir(folder.path(""))
        .status();
    assert!(checked.is_ok_and(|status| status.success()));
}
