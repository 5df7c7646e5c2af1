//! `rejoinder serve` where it cannot, wrong usage, and help.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};

use crate::program::{Folder, Serving, skip};

const ANYWHERE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

/// Runs statements on the folder's database, in turn with a server that may be writing to it.
fn sql(folder: &Folder, statements: &str) {
    let path = folder.path("rejoinder.db");
    let mut connection = SqliteConnection::establish(&path.display().to_string()).unwrap();
    connection
        .batch_execute("PRAGMA busy_timeout = 20000")
        .unwrap();
    connection.batch_execute(statements).unwrap();
}

/// Waits until a page shows these words.
#[track_caller]
fn see(server: &Serving, path: &str, words: &str) {
    let begun = Instant::now();
    while !server.page(path).contains(words) {
        assert!(begun.elapsed() < Duration::from_secs(20), "no {words}");
    }
}

#[test]
fn comments_of_an_older_version_are_rendered_anew_even_if_it_is_killed_in_the_middle() {
    let folder = Folder::new();
    folder.write("ferry.md", "# The ferry\n\nText.\n");
    assert_eq!(folder.run(&["seed", "ferry.md"]).code, 0);
    // The oldest is the last to be rendered anew.
    sql(
        &folder,
        "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 3000) \
         INSERT INTO comments (article_id, depth, status, name, email, website, body, body_html, html_version, receipt, \
         hold, risk, created_at) \
         SELECT 1, 0, 1, 'Ama', '', '', 'This is *anew' || i || '*', '<p>As it was.</p>', 1, 'r' || i, '[]', 0, i FROM n",
    );
    let server = folder.serve();
    see(&server, "/articles/ferry?sort=newest", "<em>anew3000</em>");
    let killed_in_time = server.page("/articles/ferry").contains("As it was.");
    drop(server);
    assert!(killed_in_time, "everything was done at once");
    let server = folder.serve();
    see(&server, "/articles/ferry", "<em>anew1</em>");
    assert!(!server.page("/articles/ferry").contains("As it was."));
}

#[test]
fn notices_that_are_due_stand_in_the_log_once_even_if_a_server_was_killed_between() {
    let folder = Folder::new();
    folder.write("ferry.md", "# The ferry\n\nText.\n");
    assert_eq!(folder.run(&["seed", "ferry.md"]).code, 0);
    // The second one was claimed by a server that is no more; the third is not due for an hour.
    sql(
        &folder,
        "INSERT INTO comments (id, article_id, depth, status, name, email, website, body, body_html, html_version, \
         receipt, hold, risk, created_at) VALUES (7, 1, 0, 1, 'Ama', '', '', '', '', 1, 'r', '[]', 0, 0); \
         INSERT INTO decisions (id, comment_id, at, from_status, to_status, note, comment_version) \
         VALUES (1, 7, 0, 0, 2, '', 2), (2, 7, 0, 2, 1, '', 3), (3, 7, 0, 1, 3, '', 4); \
         INSERT INTO outbox (decision_id, comment_id, kind, message_id, due_at, claimed_at) VALUES \
         (1, 7, 'receipt', 'm0', 0, NULL), (1, 7, 'notice', 'm1', 0, NULL), (2, 7, 'notice', 'm2', 1, 2), \
         (3, 7, 'notice', 'm3', 3600000 + unixepoch() * 1000, NULL)",
    );
    let mut server = folder.serve();
    for (message, decision, says) in [("m1", 1, "rejected"), ("m2", 2, "approved")] {
        let line = server.next_line("\"notice\"").unwrap();
        for field in [
            format!("\"message_id\":\"{message}\""),
            format!("\"decision\":{decision}"),
            format!("\"says\":\"{says}\""),
            "\"level\":\"INFO\"".to_owned(),
            "\"kind\":\"notice\"".to_owned(),
            "\"comment\":7".to_owned(),
        ] {
            assert!(line.contains(&field), "{field}: {line}");
        }
    }
    server.ask_to_stop();
    assert!(server.next_line("\"stopped\"").is_some());
    drop(server);
    // The next server has nothing to add.
    sql(
        &folder,
        "INSERT INTO outbox (decision_id, comment_id, kind, message_id, due_at) VALUES (1, 7, 'notice', 'm4', 5)",
    );
    let mut server = folder.serve();
    let line = server.next_line("\"notice\"").unwrap();
    assert!(line.contains("\"m4\""), "{line}");
    // A database that fails is waited for.
    sql(&folder, "ALTER TABLE outbox RENAME TO elsewhere");
    let line = server.next_line("notices wait for the database").unwrap();
    assert!(line.contains("\"WARN\""), "{line}");
    sql(
        &folder,
        "ALTER TABLE elsewhere RENAME TO outbox; \
         INSERT INTO outbox (decision_id, comment_id, kind, message_id, due_at) VALUES (1, 7, 'notice', 'm5', 5)",
    );
    let line = server.next_line("o").unwrap();
    assert!(line.contains("\"m5\""), "it is said once: {line}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let folder = Folder::new();
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = holder.local_addr().unwrap().to_string();
    let run = folder.run(&["serve", "--listen", &address]);
    run.assert_fails_with(&format!("cannot listen on {address}"));
}

#[test]
fn a_second_server_on_the_same_file_ends_and_the_first_goes_on() {
    let folder = Folder::new();
    let first = folder.serve();
    folder
        .run(&ANYWHERE)
        .assert_fails_with("another server has the database rejoinder.db open");
    assert_eq!(first.page("/healthz"), "ok\n");
    drop(first);
    // A killed server leaves nothing behind that keeps the next one out.
    assert_eq!(folder.serve().page("/readyz"), "ready\n");
}

#[test]
fn a_database_of_somebody_else_or_of_another_age_is_left_alone() {
    let folder = Folder::new();
    sql(&folder, "CREATE TABLE recipes (id INTEGER PRIMARY KEY)");
    for command in [&ANYWHERE[..], &["article", "list"]] {
        let run = folder.run(command);
        run.assert_fails_with("rejoinder.db holds tables of another program");
        run.assert_fails_with(
            "`rejoinder restore FILE --force` (one that `rejoinder backup FILE` made)",
        );
    }
    let newer = Folder::new();
    assert_eq!(newer.run(&["article", "list"]).code, 0);
    sql(
        &newer,
        "INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000000')",
    );
    for command in [&ANYWHERE[..], &["article", "list"]] {
        newer.run(command).assert_fails_with(
            "was written by a newer Rejoinder (it has the migration `20991231000000`)",
        );
    }
    let scrap = Folder::new();
    scrap.write(
        "rejoinder.db",
        "This is a letter to my aunt, and no database.".repeat(40),
    );
    scrap
        .run(&ANYWHERE)
        .assert_fails_with("the database rejoinder.db is damaged and left as it is");
    assert!(
        std::fs::read_to_string(scrap.path("rejoinder.db"))
            .unwrap()
            .starts_with("This is a letter")
    );
}

#[test]
fn a_database_of_somebody_else_on_postgresql_is_left_alone_and_its_own_tools_are_named() {
    let Ok(server) = std::env::var("REJOINDER_TEST_POSTGRES") else {
        return skip("PostgreSQL: REJOINDER_TEST_POSTGRES names none");
    };
    let mut line = PgConnection::establish(&server).unwrap();
    let name = format!("strangers_{}", std::process::id());
    line.batch_execute(&format!("DROP DATABASE IF EXISTS {name}"))
        .unwrap();
    line.batch_execute(&format!("CREATE DATABASE {name}"))
        .unwrap();
    let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    PgConnection::establish(&url)
        .unwrap()
        .batch_execute("CREATE TABLE recipes (id BIGINT PRIMARY KEY)")
        .unwrap();
    let folder = Folder::new();
    let run = folder.run(&["article", "list", "--database", &url]);
    line.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"))
        .unwrap();
    run.assert_fails_with("holds tables of another program");
    run.assert_fails_with("`pg_restore` (see the README)");
    assert!(!run.err.contains("rejoinder restore"), "{}", run.err);
}

#[test]
fn a_database_that_cannot_be_is_named() {
    let folder = Folder::new();
    let cases = [
        ("sqlite://missing/news.db", "`missing`"),
        (
            "sqlite://",
            "is not a database URL: write sqlite://FILE or postgres://USER@HOST/NAME",
        ),
        ("news.db", "is not a database URL"),
        ("mysql://root@localhost/news", "is not a database URL"),
        (
            "postgres://nobody@127.0.0.1:1/news",
            "cannot use the database postgres://nobody@127.0.0.1:1/news",
        ),
    ];
    for (url, sentence) in cases {
        for command in [&ANYWHERE[..], &["article", "list"], &["moderator", "list"]] {
            let mut arguments = command.to_vec();
            arguments.extend(["--database", url]);
            folder.run(&arguments).assert_fails_with(sentence);
        }
    }
    std::fs::create_dir(folder.path("folder.db")).unwrap();
    folder
        .run(&["article", "list", "--database", "sqlite://folder.db"])
        .assert_fails_with("folder.db");
}

#[test]
fn wrong_usage_exits_with_2_and_says_what_is_right() {
    let folder = Folder::new();
    for arguments in [
        &[][..],
        &["sreve"],
        &["seed"],
        &["article"],
        &["article", "close"],
        &["moderator", "add"],
        &["moderator", "add", "Dana", "--role", "king"],
        &["serve", "--port", "80"],
        &["config", "extra"],
    ] {
        let run = folder.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(
            run.err.contains("Usage:") || run.err.contains("[possible values: moderator, admin]"),
            "{arguments:?}: {}",
            run.err
        );
    }
    assert!(folder.run(&["sreve"]).err.contains("serve"));
    assert!(!folder.exists("rejoinder.db"));
}

#[test]
fn every_command_has_help_with_an_example() {
    let folder = Folder::new();
    let commands = |help: &str| -> Vec<String> {
        let listed = help.split("Commands:\n").nth(1).unwrap_or_default();
        listed
            .lines()
            .take_while(|line| line.starts_with("  "))
            .filter(|line| !line.starts_with("   "))
            .filter_map(|line| line.split_whitespace().next())
            .filter(|name| *name != "help")
            .map(str::to_owned)
            .collect()
    };
    let mut waiting: Vec<Vec<String>> = commands(&folder.run(&["--help"]).out)
        .into_iter()
        .map(|name| vec![name])
        .collect();
    let mut seen = 0;
    while let Some(path) = waiting.pop() {
        let mut arguments: Vec<&str> = path.iter().map(String::as_str).collect();
        arguments.push("--help");
        let run = folder.run(&arguments);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{path:?}");
        let example = run
            .out
            .split("Example:\n")
            .nth(1)
            .unwrap_or_else(|| panic!("no example for {path:?}: {}", run.out));
        assert!(
            example
                .trim_start()
                .starts_with(&format!("rejoinder {}", path[0])),
            "{path:?}: {example}"
        );
        waiting.extend(commands(&run.out).into_iter().map(|name| {
            let mut below = path.clone();
            below.push(name);
            below
        }));
        seen += 1;
    }
    assert!(seen >= 16, "{seen}");
    let version = folder.run(&["--version"]);
    assert_eq!(
        (version.code, version.out),
        (0, format!("rejoinder {}\n", env!("CARGO_PKG_VERSION")))
    );
}

#[test]
fn the_sample_newsroom_opens_with_two_accounts_articles_and_a_full_queue() {
    let folder = Folder::new();
    let (accounts, newsroom) = folder.demo();
    let front = newsroom.page("/");
    let roles: Vec<_> = accounts
        .iter()
        .filter_map(|line| line.split_once(' '))
        .map(|(role, _)| role)
        .collect();
    assert_eq!(roles, ["admin", "moderator"], "{accounts:?}");
    assert_eq!(front.matches("<h2").count(), 8, "{front}");
}
