//! Both migration folders against `src/store/schema.rs`, down and up again; and databases that are not ours to touch.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use rejoinder::store::{self, Db, OpenError, Upgrade};
use support::{Database, Engine, on_each_engine, rows};

fn folder(engine: Engine) -> PathBuf {
    let name = match engine {
        Engine::Sqlite => "migrations/sqlite",
        Engine::Postgres => "migrations/postgres",
    };
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn both_engines_have_the_same_migrations_up_and_down() {
    let (sqlite, postgres) = (folder(Engine::Sqlite), folder(Engine::Postgres));
    assert_eq!(names(&sqlite), names(&postgres));
    assert!(!names(&sqlite).is_empty());
    for folder in [sqlite, postgres] {
        for name in names(&folder) {
            assert_eq!(
                names(&folder.join(&name)),
                ["down.sql", "up.sql"],
                "{name} in {}",
                folder.display()
            );
        }
    }
}

/// A column as an engine or `schema.rs` has it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    on: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

/// What `schema.rs` says, in the words of an engine.
fn wanted(engine: Engine) -> BTreeSet<Column> {
    let text = concat!(
        include_str!("../src/store/schema.rs"),
        include_str!("../src/store/schema/desk.rs")
    );
    let mut columns = BTreeSet::new();
    let mut table = "";
    for line in text.lines().map(str::trim) {
        if let Some(head) = line.strip_suffix(") {") {
            table = head.split_once(" (").unwrap().0;
        } else if let Some((name, kind)) = line.split_once(" -> ")
            && let Some(kind) = kind.strip_suffix(',')
        {
            let inner = kind
                .strip_prefix("Nullable<")
                .and_then(|kind| kind.strip_suffix('>'));
            columns.insert(Column {
                on: table.to_owned(),
                name: name.to_owned(),
                kind: word_of(engine, inner.unwrap_or(kind)).to_owned(),
                nullable: inner.is_some(),
            });
        }
    }
    columns
}

fn word_of(engine: Engine, kind: &str) -> &'static str {
    match (engine, kind) {
        (Engine::Sqlite, "BigInt" | "SmallInt" | "Bool") => "INTEGER",
        (Engine::Sqlite, "Text") => "TEXT",
        (Engine::Sqlite, "Binary") => "BLOB",
        (Engine::Postgres, "BigInt") => "bigint",
        (Engine::Postgres, "SmallInt") => "smallint",
        (Engine::Postgres, "Bool") => "boolean",
        (Engine::Postgres, "Text") => "text",
        (Engine::Postgres, "Binary") => "bytea",
        _ => panic!("schema.rs has the type {kind}, which the engines do not share"),
    }
}

fn found(db: &mut Db) -> BTreeSet<Column> {
    let statement = if db.is_sqlite() {
        "SELECT t.name AS \"on\", c.name AS name, c.type AS kind, (c.\"notnull\" = 0 AND c.pk = 0) AS nullable \
         FROM sqlite_master t JOIN pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND t.name <> '__diesel_schema_migrations' AND t.name NOT LIKE 'comments_search%'"
    } else {
        "SELECT table_name::text AS \"on\", column_name::text AS name, data_type::text AS kind, \
         is_nullable = 'YES' AS nullable FROM information_schema.columns \
         WHERE table_schema = current_schema() AND table_name <> '__diesel_schema_migrations' AND column_name <> 'vector'"
    };
    let columns: Vec<Column> = diesel::sql_query(statement).load(db).unwrap();
    columns.into_iter().collect()
}

#[test]
fn the_tables_of_each_engine_are_those_of_the_schema() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let (wanted, found) = (wanted(engine), found(&mut database.connect()));
        let missing: Vec<_> = wanted.difference(&found).collect();
        let unknown: Vec<_> = found.difference(&wanted).collect();
        assert!(
            missing.is_empty() && unknown.is_empty(),
            "{missing:#?} are in schema.rs alone, {unknown:#?} in the database alone"
        );
        assert!(wanted.len() > 100, "schema.rs was not read");
    });
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

fn list(db: &mut Db, (sqlite, postgres): (&str, &str)) -> Vec<String> {
    let statement = if db.is_sqlite() { sqlite } else { postgres };
    let names: Vec<Name> = diesel::sql_query(statement).load(db).unwrap();
    names.into_iter().map(|row| row.name).collect()
}

const TABLES: (&str, &str) = (
    "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name",
    "SELECT relname::text AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace \
     AND relkind IN ('r', 'v', 'm', 'S') ORDER BY relname",
);
const INDEXES: (&str, &str) = (
    "SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    "SELECT indexname::text AS name FROM pg_indexes WHERE schemaname = current_schema() \
     AND indexname NOT LIKE '%\\_pkey' AND indexname NOT LIKE '%\\_key' AND indexname <> 'comments_search' ORDER BY indexname COLLATE \"C\"",
);

#[test]
fn both_engines_have_the_same_indexes() {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for engine in support::engines() {
        let database = Database::new(engine);
        found.insert(
            format!("{engine:?}"),
            list(&mut database.connect(), INDEXES),
        );
    }
    let all: BTreeSet<_> = found.values().collect();
    assert_eq!(all.len(), 1, "{found:#?}");
}

#[test]
fn every_migration_can_be_taken_back_and_made_again() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        let before = found(&mut db);
        let source = FileBasedMigrations::from_path(folder(engine)).unwrap();
        let down = |db: &mut Db| {
            let source = source.clone();
            match db {
                Db::Sqlite(line) => line.revert_all_migrations(source).unwrap().len(),
                Db::Postgres(line) => line.revert_all_migrations(source).unwrap().len(),
            }
        };
        assert_eq!(down(&mut db), names(&folder(engine)).len());
        assert_eq!(list(&mut db, TABLES), ["__diesel_schema_migrations"]);
        let mut db = store::open(&database.target(), Upgrade::Yes).unwrap();
        assert_eq!(found(&mut db), before);
    });
}

#[test]
fn a_command_creates_what_is_empty_and_refuses_what_is_older() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        assert!(store::is_empty(&database.target()).unwrap());
        drop(store::open(&database.target(), Upgrade::No).unwrap());
        assert!(!store::is_empty(&database.target()).unwrap());

        // All but the first migration are taken back, one at a time.
        for _ in 1..names(&folder(engine)).len() {
            let source = FileBasedMigrations::from_path(folder(engine)).unwrap();
            let mut db = database.connect();
            match &mut db {
                Db::Sqlite(line) => drop(line.revert_last_migration(source).unwrap()),
                Db::Postgres(line) => drop(line.revert_last_migration(source).unwrap()),
            }
            let refused = store::open(&database.target(), Upgrade::No).err();
            assert!(matches!(refused, Some(OpenError::Older(_))), "{refused:?}");
        }
        assert!(store::open(&database.target(), Upgrade::Yes).is_ok());
    });
}

#[test]
fn a_database_of_a_newer_version_is_left_alone_and_its_migration_named() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        database
            .connect()
            .batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')")
            .unwrap();
        for upgrade in [Upgrade::Yes, Upgrade::No] {
            let refused = store::open(&database.target(), upgrade).err().unwrap();
            assert!(matches!(refused, OpenError::Newer(..)), "{refused:?}");
            let sentence = refused.to_string();
            assert!(sentence.contains("newer Rejoinder"), "{sentence}");
            assert!(sentence.contains("`9999`"), "{sentence}");
        }
    });
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = Db::open(&database.target(), store::Access::Write).unwrap();
        db.batch_execute("CREATE TABLE recipes (name TEXT)")
            .unwrap();
        for upgrade in [Upgrade::Yes, Upgrade::No] {
            let refused = store::open(&database.target(), upgrade).err().unwrap();
            assert!(matches!(refused, OpenError::Foreign(..)), "{refused:?}");
        }
        assert_eq!(list(&mut db, TABLES), ["recipes"]);
    });
}

#[test]
fn a_file_that_is_no_database_and_a_missing_folder_are_said_in_one_line() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, "Milk, eggs, a new kettle.\n".repeat(100)).unwrap();
    let url = |path: &Path| format!("sqlite://{}", path.display());
    for (url, part) in [
        (url(&file), "notes.txt"),
        (url(&folder.path().join("none/a.db")), "does not exist"),
        (url(folder.path()), "cannot use the database"),
        (
            "postgres://nobody@127.0.0.1:1/none".to_owned(),
            "127.0.0.1:1",
        ),
    ] {
        let target = store::Target::parse(&url).unwrap();
        let sentence = store::open(&target, Upgrade::Yes)
            .err()
            .unwrap()
            .to_string();
        assert!(sentence.contains(part), "{sentence}");
        assert_eq!(sentence.lines().count(), 1, "{sentence}");
    }
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(kept.starts_with("Milk"));
}

#[test]
fn many_that_start_at_once_on_an_empty_database_create_it_once() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let openers: Vec<_> = (0..6)
            .map(|_| {
                let target = database.target();
                std::thread::spawn(move || store::open(&target, Upgrade::Yes).map(drop))
            })
            .collect();
        for opener in openers {
            opener.join().unwrap().unwrap();
        }
    });
}

#[test]
fn names_of_an_older_program_are_compared_as_this_one_does_after_the_upgrade() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        rows::article(&mut db, "ferry");
        let source = FileBasedMigrations::from_path(folder(engine)).unwrap();
        for _ in 1..names(&folder(engine)).len() {
            let source = source.clone();
            match &mut db {
                Db::Sqlite(line) => drop(line.revert_last_migration(source).unwrap()),
                Db::Postgres(line) => drop(line.revert_last_migration(source).unwrap()),
            }
        }
        db.batch_execute(
            "INSERT INTO moderators (name, name_key, role, password_hash, created_at) VALUES \
             ('Dana Whitlock', 'danawhitlock', 0, 'x', 1), ('Ian', 'ian', 0, 'x', 1), ('Lan', 'lan', 0, 'x', 1); \
             INSERT INTO comments (article_id, depth, status, name, email, website, body, body_html, html_version, \
             receipt, hold, risk, created_at) VALUES \
             (1, 0, 1, 'Lena 10', '', '', 'b', 'b', 1, 'r1', '[]', 0, 1), \
             (1, 0, 4, '', '', '', '', '', 1, 'r2', '[]', 0, 1)",
        )
        .unwrap();
        let mut db = store::open(&database.target(), Upgrade::Yes).unwrap();
        let keys = |db: &mut Db, table: &str| {
            let statement = format!("SELECT name_key AS name FROM {table} ORDER BY id");
            list(db, (&statement, &statement))
        };
        // Of two names that are too like each other now, the second stays as it was.
        assert_eq!(keys(&mut db, "moderators"), ["danawhitiock", "ian", "lan"]);
        assert_eq!(keys(&mut db, "comments"), ["ienaio", ""]);
    });
}
