//! `rejoinder check`, `rejoinder audit export`

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use rejoinder::store::{self, Target, Upgrade};

use crate::program::Folder;

const PASSWORD: &str = "wet gravel, slow bell\n";

fn sql(folder: &Folder, statements: &str) {
    let path = folder.path("rejoinder.db").display().to_string();
    let mut connection = SqliteConnection::establish(&path).unwrap();
    connection
        .batch_execute("PRAGMA busy_timeout = 20000")
        .unwrap();
    connection.batch_execute(statements).unwrap();
}

/// A database with a sealed log of three entries.
fn sealed() -> Folder {
    let folder = Folder::new();
    folder.write("ferry.md", "# The ferry\n\nText.\n");
    assert_eq!(folder.run(&["seed", "ferry.md"]).code, 0);
    for name in ["Dana", "Ed"] {
        let add = ["moderator", "add", name, "--password-stdin"];
        assert_eq!(folder.run_with(&add, &[], PASSWORD).code, 0);
    }
    let waiting = folder.run(&["check"]);
    assert_eq!(waiting.code, 0, "{}{}", waiting.out, waiting.err);
    assert!(
        waiting
            .out
            .contains("audit log: 3 entries wait for their seal, the oldest for ")
    );
    // What an older version may have left is known not to be there.
    let target = Target::Sqlite(folder.path("rejoinder.db"));
    let mut db = store::open(&target, Upgrade::No).unwrap();
    store::rerendering::set_done(&mut db).unwrap();
    drop(db);
    let mut server = folder.serve();
    server.ask_to_stop();
    let head = server.next_line("the audit log is sealed up to here");
    assert!(head.is_some_and(|line| line.contains("\"head\":\"3:")));
    server.next_line("\"stopped\"").unwrap();
    drop(server);
    folder
}

#[test]
fn a_sound_database_passes_and_names_the_anchor_that_a_later_check_holds_it_to() {
    let folder = sealed();
    let check = folder.run(&["check"]);
    assert_eq!((check.code, check.err.as_str()), (0, ""), "{}", check.out);
    let lines: Vec<&str> = check.out.lines().collect();
    assert_eq!(
        lines[..6],
        [
            "file: ok",
            "foreign keys: ok",
            "counters: ok",
            "search: ok",
            "search index: ok",
            "audit log: ok, 3 sealed entries"
        ]
    );
    let anchor = lines[6].strip_prefix("anchor: ").unwrap().to_owned();
    assert!(anchor.starts_with("3:"), "{anchor}");
    let held = ["check", "--anchor", &anchor];
    assert_eq!(folder.run(&held).code, 0);
    sql(
        &folder,
        "DELETE FROM audit_texts WHERE entry_id = 3; DELETE FROM audit_seals WHERE seq = 3; DELETE FROM audit_entries WHERE id = 3",
    );
    assert_eq!(folder.run(&["check"]).code, 0, "nothing else knows of it");
    let cut = folder.run(&held);
    assert_eq!(cut.code, 1);
    assert!(
        cut.out
            .contains("the first broken line is seal 3: the end of the log was cut off"),
        "{}",
        cut.out
    );
    let wrong = folder.run(&["check", "--anchor", "3:abc"]);
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.err.contains("an anchor is SEQ:DIGEST"),
        "{}",
        wrong.err
    );
}

#[test]
fn what_is_wrong_is_named_and_the_check_fails() {
    for (statements, said) in [
        (
            "UPDATE audit_entries SET act = 'moderator-removed' WHERE id = 2",
            "audit log: the first broken line is seal 2, entry 2: the entry or its seal is not what was sealed",
        ),
        (
            "UPDATE articles SET comment_count = 7",
            "counters: 1 articles whose number of comments is not that of their public comments",
        ),
        (
            "PRAGMA foreign_keys = OFF; INSERT INTO sessions (token_hash, moderator_id, created_at, seen_at) VALUES (X'00', 99, 0, 0)",
            "of sessions points to a row of moderators that is not there",
        ),
        (
            "INSERT INTO comments (id, article_id, depth, status, name, email, website, body, body_html, html_version, receipt, \
             hold, risk, created_at) VALUES (7, 1, 0, 0, 'Ama', '', '', '', '', 1, 'r', '[]', 0, 0)",
            "search: 1 comments that no search finds",
        ),
        (
            "INSERT INTO comments_search (rowid, terms) VALUES (99, 'nobody')",
            "search index: the index of the search differs from the terms of the comments",
        ),
    ] {
        let folder = sealed();
        sql(&folder, statements);
        let check = folder.run(&["check"]);
        assert_eq!(check.code, 1, "{statements}: {}", check.out);
        assert!(check.out.contains(said), "{statements}: {}", check.out);
    }
}

#[test]
fn the_log_is_exported_whole_or_by_days() {
    let folder = sealed();
    let csv = folder.run(&["audit", "export"]);
    assert_eq!(csv.code, 0, "{}", csv.err);
    let lines: Vec<&str> = csv.out.lines().collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[0].starts_with("id,at,who,"));
    assert!(lines[1].starts_with("3,") && lines[1].contains(",command-line,,moderator-added,"));
    assert!(lines[1].contains(",Ed,3,"), "{}", lines[1]);
    let json = folder.run(&[
        "audit",
        "export",
        "--format",
        "jsonl",
        "--from",
        "2000-01-01",
    ]);
    assert_eq!(json.out.lines().count(), 3);
    assert!(
        json.out
            .lines()
            .all(|line| line.starts_with('{') && line.ends_with('}'))
    );
    let none = folder.run(&["audit", "export", "--format", "jsonl", "--to", "2000-01-01"]);
    assert_eq!((none.code, none.out.as_str()), (0, ""));
    folder
        .run(&["audit", "export", "--from", "12 May"])
        .assert_fails_with("`12 May` is no day; write it like 2026-05-12");
}
