//! Upgrades killed at random moments, while the copy before them is made too. Random by `REJOINDER_TEST_SEED`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use rejoinder::store::{Access, Db, Target};

use super::generator::Generator;
use super::support::{Engine, on_each_engine};
use super::{Serving, all, applied, assert_sound, copies, filled, grow, of_schema, rows, start};

/// Kills from each schema; PostgreSQL takes its time to make a database.
fn kills(engine: Engine) -> usize {
    match engine {
        Engine::Sqlite => 4,
        Engine::Postgres => 2,
    }
}

/// A copy that has its name is whole, whenever it was cut off.
fn assert_whole(copy: &Path, migrations: i64, comments: i64) {
    let mut db = Db::open(&Target::Sqlite(copy.to_owned()), Access::Read).unwrap();
    assert_eq!(applied(&mut db), migrations);
    assert_eq!(rows(&mut db)["comments"], comments);
}

/// Once it serves, a program lets go of what is too old, but of no row of these.
fn assert_kept(before: &BTreeMap<String, i64>, now: &BTreeMap<String, i64>) {
    for table in [
        "articles",
        "comments",
        "decisions",
        "moderators",
        "authors",
        "audit_entries",
        "revisions",
        "appeals",
        "reports",
    ] {
        if let Some(n) = before.get(table) {
            assert!(now[table] >= *n, "{table}: {n} before, {} now", now[table]);
        }
    }
}

#[test]
fn an_upgrade_from_any_schema_killed_at_any_moment_loses_no_row_and_is_made_up_for() {
    let seed = std::env::var("REJOINDER_TEST_SEED");
    let seed = seed.map_or(u64::from(std::process::id()), |seed| seed.parse().unwrap());
    eprintln!("to repeat: REJOINDER_TEST_SEED={seed} cargo test --test upgrading");
    on_each_engine(|engine| {
        let mut random = Generator::new(seed);
        for migrations in 1..filled::KNOWN {
            let old = i64::try_from(migrations).unwrap();
            let fresh = || {
                let database = of_schema(engine, migrations);
                let mut db = Db::open(&database.target(), Access::Write).unwrap();
                grow(&mut db);
                let before = rows(&mut db);
                (database, before)
            };
            // How long it takes when nobody kills it.
            let (whole, _) = fresh();
            let begun = Instant::now();
            drop(Serving::start(&whole));
            let took = u64::try_from(begun.elapsed().as_millis()).unwrap();
            drop(whole);
            let (mut database, mut before) = fresh();
            let mut cut_off = 0;
            for _ in 0..kills(engine) {
                let mut child = start(&database);
                std::thread::sleep(Duration::from_millis(random.between(0, took + 1)));
                child.kill().unwrap();
                child.wait().unwrap();
                let mut db = Db::open(&database.target(), Access::Write).unwrap();
                let stands = applied(&mut db);
                let now = rows(&mut db);
                drop(db);
                assert_kept(&before, &now);
                if engine == Engine::Sqlite {
                    for copy in copies(&database).iter().filter(|copy| {
                        let name = copy.display().to_string();
                        !name.contains(".partial") && !name.ends_with("-journal")
                    }) {
                        assert_whole(copy, old, before["comments"]);
                    }
                }
                if stands == old {
                    cut_off += 1;
                    assert_eq!(now, before, "schema {migrations}");
                    continue;
                }
                assert_eq!(stands, all(engine), "schema {migrations} is half upgraded");
                drop(Serving::start(&database));
                assert_sound(&database);
                (database, before) = fresh();
            }
            drop(Serving::start(&database));
            let mut db = Db::open(&database.target(), Access::Write).unwrap();
            assert_eq!(applied(&mut db), all(engine));
            assert_kept(&before, &rows(&mut db));
            drop(db);
            assert_sound(&database);
            eprintln!(
                "{engine:?}, schema {migrations}: {took} ms, killed {} times, {cut_off} of them before its end",
                kills(engine)
            );
        }
    });
}
