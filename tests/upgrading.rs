//! Databases of every schema so far, with rows in every table: upgraded, killed on the way, copied before; and PostgreSQL's own
//! way to back up.

#[path = "upgrading/filled.rs"]
mod filled;
#[path = "histories/acts/generator.rs"]
#[allow(dead_code, reason = "one kind of draw is used")]
mod generator;
#[path = "upgrading/killed.rs"]
mod killed;
mod support;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use rejoinder::store::{self, Access, Db, Upgrade};
use support::{Database, Engine, on_each_engine};

const PATIENCE: Duration = Duration::from_secs(60);
/// Upgrades until one of them is killed in time.
const TRIES: usize = 8;

fn source(engine: Engine) -> FileBasedMigrations {
    let folder = match engine {
        Engine::Sqlite => "migrations/sqlite",
        Engine::Postgres => "migrations/postgres",
    };
    FileBasedMigrations::from_path(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap()
}

/// A database with the first so many migrations, and rows in all of its tables.
fn of_schema(engine: Engine, migrations: usize) -> Database {
    let database = Database::new(engine);
    let mut db = Db::open(&database.target(), Access::Write).unwrap();
    for _ in 0..migrations {
        match &mut db {
            Db::Sqlite(line) => drop(line.run_next_migration(source(engine)).unwrap()),
            Db::Postgres(line) => drop(line.run_next_migration(source(engine)).unwrap()),
        }
    }
    filled::fill(&mut db, migrations);
    database
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn count(db: &mut Db, query: &str) -> i64 {
    let row: Count = diesel::sql_query(query).get_result(db).unwrap();
    row.n
}

/// How many rows every table has.
fn rows(db: &mut Db) -> BTreeMap<String, i64> {
    let statement = match db.is_sqlite() {
        true => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
             AND name NOT LIKE 'comments_search_%' AND name <> '__diesel_schema_migrations'"
        }
        false => {
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema() \
             AND tablename <> '__diesel_schema_migrations'"
        }
    };
    let names: Vec<Name> = diesel::sql_query(statement).load(db).unwrap();
    let mut rows = BTreeMap::new();
    for Name { name } in names {
        let n = count(db, &format!("SELECT count(*) AS n FROM {name}"));
        rows.insert(name, n);
    }
    rows
}

fn applied(db: &mut Db) -> i64 {
    count(db, "SELECT count(*) AS n FROM __diesel_schema_migrations")
}

fn all(engine: Engine) -> i64 {
    use diesel::migration::{Migration, MigrationSource};
    let found: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> =
        source(engine).migrations().unwrap();
    i64::try_from(found.len()).unwrap()
}

fn program(database: &Database, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rejoinder"));
    command
        .args(arguments)
        .args(["--database", &database.url])
        .env("REJOINDER_LOG__FORMAT", "json")
        .current_dir(database.folder());
    command
}

fn assert_sound(database: &Database) {
    let check = program(database, &["check"]).output().unwrap();
    let said = String::from_utf8_lossy(&check.stdout);
    let failed = String::from_utf8_lossy(&check.stderr);
    assert!(check.status.success(), "{said}{failed}");
    assert!(said.contains("counters: ok"), "{said}");
}

/// The copies that were made before upgrades, oldest first.
fn copies(database: &Database) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(database.folder()).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.display().to_string().contains(".before-upgrade-"))
        .filter(|path| path.extension().is_none_or(|ending| ending != "anchor"))
        .collect();
    paths.sort();
    paths
}

#[test]
fn a_database_of_each_schema_with_rows_in_every_table_is_upgraded_and_sound() {
    on_each_engine(|engine| {
        let known = i64::try_from(filled::KNOWN).unwrap();
        assert_eq!(known, all(engine), "a migration has no rows in filled.rs");
        for migrations in 1..=filled::KNOWN {
            let database = of_schema(engine, migrations);
            let before = rows(&mut Db::open(&database.target(), Access::Write).unwrap());
            let empty: Vec<_> = before.iter().filter(|(_, n)| **n == 0).collect();
            assert!(empty.is_empty(), "schema {migrations}: {empty:?}");

            let mut db = store::open(&database.target(), Upgrade::Yes).unwrap();
            assert_eq!(applied(&mut db), all(engine));
            let after = rows(&mut db);
            for (table, n) in &before {
                assert!(after[table] >= *n, "schema {migrations}: {table}");
            }
            drop(db);
            assert_sound(&database);
        }
    });
}

#[test]
fn an_sqlite_database_is_copied_before_its_upgrade_and_the_last_two_copies_are_kept() {
    let database = of_schema(Engine::Sqlite, 1);
    for round in 1..=3 {
        let mut db = Db::open(&database.target(), Access::Write).unwrap();
        let Db::Sqlite(line) = &mut db else {
            panic!("another engine");
        };
        while line.applied_migrations().unwrap().len() > 1 {
            line.revert_last_migration(source(Engine::Sqlite)).unwrap();
        }
        db.batch_execute(&format!("UPDATE articles SET summary = 'Round {round}'"))
            .unwrap();
        drop(db);
        drop(store::open(&database.target(), Upgrade::Yes).unwrap());
        // Nothing is to be upgraded now, and nothing is copied.
        drop(store::open(&database.target(), Upgrade::Yes).unwrap());
        assert_eq!(copies(&database).len(), round.min(2));
    }
    for (copy, round) in copies(&database).iter().zip(2..) {
        let target = store::Target::Sqlite(copy.clone());
        let mut db = Db::open(&target, Access::Read).unwrap();
        assert_eq!(applied(&mut db), 1);
        let summary: Name = diesel::sql_query("SELECT summary AS name FROM articles")
            .get_result(&mut db)
            .unwrap();
        assert_eq!(summary.name, format!("Round {round}"));
    }
}

#[test]
fn without_a_sound_copy_a_database_is_not_upgraded() {
    let database = of_schema(Engine::Sqlite, 1);
    let mut db = Db::open(&database.target(), Access::Write).unwrap();
    db.batch_execute(
        "PRAGMA foreign_keys = OFF; INSERT INTO sessions (token_hash, moderator_id, created_at, seen_at) VALUES (X'00', 99, 0, 0)",
    )
    .unwrap();
    let refused = store::open(&database.target(), Upgrade::Yes).err().unwrap();
    let sentence = refused.to_string();
    assert!(sentence.contains("was not upgraded"), "{sentence}");
    assert!(
        sentence.contains("points to a row of moderators"),
        "{sentence}"
    );
    assert_eq!(applied(&mut db), 1);
    assert!(copies(&database).is_empty());
}

#[test]
fn an_older_backup_is_restored_and_upgraded_at_the_next_start() {
    let database = of_schema(Engine::Sqlite, 2);
    let file = database.folder().join("old.db");
    let file = file.to_str().unwrap();
    let backup = program(&database, &["backup", file]).output().unwrap();
    assert!(backup.status.success(), "{backup:?}");
    let restored = program(&database, &["restore", file, "--force"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&restored.stdout);
    assert!(restored.status.success(), "{restored:?}");
    assert!(said.contains("`rejoinder serve` upgrades it"), "{said}");
    drop(Serving::start(&database));
    assert_sound(&database);
}

/// The program as it serves, killed with this value.
struct Serving(Child);

impl Serving {
    /// Starts it, and waits until it serves.
    fn start(database: &Database) -> Self {
        let mut child = start(database);
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        while !said.contains("\"serving\"") {
            let length = log.read_line(&mut said).unwrap();
            assert!(length > 0, "it ended before it served: {said}");
        }
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self(child)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn start(database: &Database) -> Child {
    program(database, &["serve", "--listen", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Enough comments that an upgrade takes a while.
fn grow(db: &mut Db) {
    db.batch_execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000) \
         INSERT INTO comments (id, article_id, depth, status, name, email, website, body, body_html, html_version, receipt, \
         hold, risk, created_at) SELECT i + 100, 1, 0, 0, 'Lena ' || i, '', '', 'b', 'b', 1, 'g' || i, '[]', 0, i FROM n",
    )
    .unwrap();
}

/// Waits until the upgrade is under way, or over.
fn wait_for_upgrade(child: &mut Child, database: &Database, engine: Engine) {
    if engine == Engine::Sqlite {
        let mut log = BufReader::new(child.stderr.as_mut().unwrap());
        let mut said = String::new();
        while !said.contains("the database is upgraded") {
            assert!(log.read_line(&mut said).unwrap() > 0, "{said}");
        }
        return;
    }
    let mut db = Db::open(&database.target(), Access::Read).unwrap();
    let begun = Instant::now();
    let locks = "SELECT count(*) AS n FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
                 WHERE d.datname = current_database() AND l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock'";
    while count(&mut db, locks) == 0 && applied(&mut db) == 1 {
        assert!(begun.elapsed() < PATIENCE, "no upgrade begins");
        std::thread::yield_now();
    }
}

/// A database whose upgrade was killed before it was over and left it as it was, and its rows.
fn cut_off(engine: Engine) -> (Database, BTreeMap<String, i64>) {
    for _ in 0..TRIES {
        let database = of_schema(engine, 1);
        let mut db = Db::open(&database.target(), Access::Write).unwrap();
        grow(&mut db);
        let before = rows(&mut db);
        drop(db);
        let mut child = start(&database);
        wait_for_upgrade(&mut child, &database, engine);
        child.kill().unwrap();
        child.wait().unwrap();
        let mut db = Db::open(&database.target(), Access::Write).unwrap();
        // To count its rows is to wait until PostgreSQL has let go of the upgrade.
        let after = rows(&mut db);
        let stands = applied(&mut db);
        drop(db);
        if stands == 1 {
            assert_eq!(after, before);
            return (database, before);
        }
        // The kill came too late.
        assert_eq!(stands, all(engine), "it is half upgraded");
        eprintln!("{engine:?}: it was over before it was killed; once more");
    }
    panic!("{engine:?}: each of {TRIES} was over before it was killed");
}

#[test]
fn an_upgrade_that_is_killed_leaves_one_schema_whole_and_the_next_start_goes_on() {
    on_each_engine(|engine| {
        let (database, before) = cut_off(engine);
        drop(Serving::start(&database));
        let mut db = Db::open(&database.target(), Access::Write).unwrap();
        assert_eq!(applied(&mut db), all(engine));
        assert_eq!(rows(&mut db)["comments"], before["comments"]);
        drop(db);
        assert_sound(&database);
    });
}

/// PostgreSQL's own tools, the newest that are there.
fn tool(name: &str) -> Option<PathBuf> {
    let installed = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let mut found: Vec<PathBuf> = installed
        .map(|entry| entry.unwrap().path().join("bin").join(name))
        .filter(|path| path.exists())
        .collect();
    found.sort();
    found.pop().or_else(|| {
        let path = PathBuf::from(name);
        let runs = Command::new(&path).arg("--version").output();
        runs.is_ok().then_some(path)
    })
}

#[test]
fn a_dump_by_postgresqls_own_tools_is_restored_whole() {
    if !support::engines().contains(&Engine::Postgres) {
        return;
    }
    let (Some(dump), Some(restore)) = (tool("pg_dump"), tool("pg_restore")) else {
        return support::skip("pg_dump and pg_restore are not there");
    };
    let database = of_schema(Engine::Postgres, filled::KNOWN);
    let mut db = store::open(&database.target(), Upgrade::Yes).unwrap();
    let before = rows(&mut db);
    let refused = program(&database, &["backup", "copy.db"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("pg_dump --format=custom"));

    let file = database.folder().join("news.dump");
    let dumped = Command::new(dump)
        .arg("--format=custom")
        .arg(format!("--file={}", file.display()))
        .arg(&database.url)
        .output()
        .unwrap();
    assert!(dumped.status.success(), "{dumped:?}");
    let other = Database::new(Engine::Postgres);
    let restored = Command::new(restore)
        .args(["--no-owner", "--exit-on-error", "--single-transaction"])
        .arg(format!("--dbname={}", other.url))
        .arg(&file)
        .output()
        .unwrap();
    assert!(restored.status.success(), "{restored:?}");
    assert_eq!(
        rows(&mut Db::open(&other.target(), Access::Read).unwrap()),
        before
    );
    assert_sound(&other);
    drop(Serving::start(&other));
}
