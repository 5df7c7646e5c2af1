//! The store under strain: batches with bad jobs in them, a full channel, a lost engine, races.

#[path = "storage/reading.rs"]
mod reading;
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use futures_util::future::{join_all, poll_immediate};
use rejoinder::store::schema::settings;
use rejoinder::store::{Db, Error, Kind, Listener, Result, Store, closing};
use rejoinder::time::Timestamp;
use support::{Database, Engine, on_each_engine, rows};

/// How long anything that recovers by itself may take.
const PATIENCE: Duration = Duration::from_secs(8);

fn run<F: Future>(work: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work)
}

/// An open store over a database of its own.
struct Open {
    store: Arc<Store>,
    database: Database,
}

impl Open {
    fn new(engine: Engine) -> Self {
        let database = Database::new(engine);
        let store = Arc::new(Store::serve(&database.target()).unwrap());
        Self { store, database }
    }

    /// How many settings a connection beside the store's sees.
    fn keys(&self) -> i64 {
        count_keys(&mut self.database.connect())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.store.close();
    }
}

fn count_keys(db: &mut Db) -> i64 {
    settings::table.count().get_result(db).unwrap()
}

/// Adds a row; a key that is there already is refused by the engine.
fn add(db: &mut Db, key: &str) -> Result<()> {
    diesel::insert_into(settings::table)
        .values((settings::key.eq(key), settings::value.eq("")))
        .execute(db)?;
    Ok(())
}

/// Keeps a writer from its next batch until the sender is dropped or used.
fn hold_writer(store: &Arc<Store>) -> (std::sync::mpsc::Sender<()>, std::thread::JoinHandle<()>) {
    let (release, released) = channel::<()>();
    let (started, has_started) = channel();
    let released = std::sync::Mutex::new(released);
    let store = Arc::clone(store);
    let holder = std::thread::spawn(move || {
        let held = store.write(Kind::Insert, move |_| {
            started.send(()).unwrap();
            assert!(released.lock().unwrap().recv().is_err());
            Ok(())
        });
        run(held).unwrap();
    });
    has_started.recv().unwrap();
    (release, holder)
}

#[test]
fn a_write_that_fails_is_taken_back_alone() {
    on_each_engine(|engine| {
        let open = Open::new(engine);
        let (release, holder) = hold_writer(&open.store);
        let writes = (0..20).map(|n| {
            open.store.write(Kind::Insert, move |db| {
                add(db, &format!("key {n}"))?;
                if n % 5 == 0 {
                    return Err(Error::Corrupt(format!("{n} is bad")));
                }
                Ok(n)
            })
        });
        let answers = run(async {
            let mut writes = Box::pin(join_all(writes));
            assert!(poll_immediate(&mut writes).await.is_none());
            drop(release);
            writes.await
        });
        holder.join().unwrap();
        for (n, answer) in answers.into_iter().enumerate() {
            if n % 5 == 0 {
                assert!(matches!(answer, Err(Error::Corrupt(_))), "{answer:?}");
            } else {
                assert_eq!(answer.unwrap(), n);
            }
        }
        assert_eq!(open.keys(), 16);
    });
}

fn panic_for_a_test() -> Result<()> {
    panic!("a bug, on purpose")
}

#[test]
fn a_panic_loses_its_batch_and_the_writer_lives_on() {
    on_each_engine(|engine| {
        let open = Open::new(engine);
        let lost = run(open.store.write(Kind::Insert, |db| {
            add(db, "never")?;
            panic_for_a_test()
        }));
        assert!(matches!(lost, Err(Error::Lost)), "{lost:?}");
        run(open.store.write(Kind::Insert, |db| add(db, "after"))).unwrap();
        assert_eq!(open.keys(), 1);
    });
}

#[test]
fn whoever_listens_to_changes_may_panic_and_what_was_committed_is_acknowledged() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let heard = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&heard);
        let listener: Listener = Arc::new(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            panic!("a bug, on purpose")
        });
        let store = Store::serve_telling(&database.target(), &listener).unwrap();
        let article = rows::article(&mut database.connect(), "ferry");
        // More than there are writers.
        for n in 1..=10 {
            let closed = run(store.write(Kind::Update, move |db| match n % 2 {
                0 => closing::open(db, "ferry", 0, Timestamp(n)).map(drop),
                _ => closing::close(db, "ferry", Timestamp(n)).map(drop),
            }));
            assert!(closed.is_ok(), "{closed:?}");
            assert_eq!(heard.load(Ordering::Relaxed), n as usize, "{article}");
        }
        store.close();
    });
}

#[test]
fn an_answer_comes_only_after_others_can_see_the_row() {
    on_each_engine(|engine| {
        let open = Open::new(engine);
        let mut beside = open.database.connect();
        for n in 1..=50 {
            let kind = if n % 2 == 0 {
                Kind::Insert
            } else {
                Kind::Update
            };
            run(open.store.write(kind, move |db| add(db, &n.to_string()))).unwrap();
            assert_eq!(count_keys(&mut beside), n);
        }
    });
}

#[test]
fn a_thousand_writes_at_once_all_land() {
    on_each_engine(|engine| {
        let open = Open::new(engine);
        let writes = (0..1_000).map(|n| {
            let kind = if n % 4 == 0 {
                Kind::Update
            } else {
                Kind::Insert
            };
            open.store
                .write(kind, move |db| add(db, &format!("key {n}")))
        });
        for answer in run(join_all(writes)) {
            answer.unwrap();
        }
        assert_eq!(open.keys(), 1_000);
    });
}

#[test]
fn closing_finishes_what_waits_and_refuses_what_comes_later() {
    on_each_engine(|engine| {
        let open = Open::new(engine);
        let (release, holder) = hold_writer(&open.store);
        let writes = (0..30).map(|n| {
            open.store
                .write(Kind::Insert, move |db| add(db, &format!("key {n}")))
        });
        let answers = run(async {
            let mut writes = Box::pin(join_all(writes));
            assert!(poll_immediate(&mut writes).await.is_none());
            // Every job stands in the queue; whoever closes comes behind them.
            let store = Arc::clone(&open.store);
            let closing = std::thread::spawn(move || store.close());
            drop(release);
            closing.join().unwrap();
            writes.await
        });
        holder.join().unwrap();
        assert!(answers.iter().all(std::result::Result::is_ok));
        assert_eq!(open.keys(), 30);
        let late = run(open.store.write(Kind::Insert, |db| add(db, "late")));
        assert!(matches!(late, Err(Error::Lost)), "{late:?}");
    });
}

#[test]
fn one_write_too_many_is_refused_as_busy_and_the_rest_land() {
    let open = Open::new(Engine::Sqlite);
    let (release, holder) = hold_writer(&open.store);
    let refused = run(async {
        let mut waiting = Vec::new();
        let mut refused = Vec::new();
        for n in 0..4_097 {
            let write = open
                .store
                .write(Kind::Insert, move |db| add(db, &n.to_string()));
            let mut write = Box::pin(write);
            // The first look hands the job over.
            match poll_immediate(&mut write).await {
                Some(answer) => refused.push(answer),
                None => waiting.push(write),
            }
        }
        drop(release);
        for answer in join_all(waiting).await {
            answer.unwrap();
        }
        refused
    });
    holder.join().unwrap();
    assert!(matches!(refused[..], [Err(Error::Busy)]), "{refused:?}");
    assert_eq!(open.keys(), 4_096);
}

/// Tries until it works, and says with what it failed before.
fn eventually<T>(mut work: impl FnMut() -> Result<T>) -> (T, Vec<Error>) {
    let begun = Instant::now();
    let mut failures = Vec::new();
    loop {
        match work() {
            Ok(value) => return (value, failures),
            Err(error) => failures.push(error),
        }
        assert!(begun.elapsed() < PATIENCE, "{failures:?}");
        std::thread::yield_now();
    }
}

#[test]
fn a_file_that_stays_locked_is_unavailable_and_served_again_afterwards() {
    let open = Open::new(Engine::Sqlite);
    let mut other = open.database.connect();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let refused = run(open.store.write(Kind::Insert, |db| add(db, "refused")));
    assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
    run(open.store.read(|db| Ok(count_keys(db)))).unwrap();
    other.batch_execute("ROLLBACK").unwrap();
    run(open.store.write(Kind::Insert, |db| add(db, "taken"))).unwrap();
    assert_eq!(open.keys(), 1);
}

#[test]
fn after_postgres_cut_every_line_reads_and_writes_are_back_by_themselves() {
    if !support::engines().contains(&Engine::Postgres) {
        return;
    }
    let open = Open::new(Engine::Postgres);
    // Several lines of each sort are in use before the cut.
    let reads = (0..8).map(|_| open.store.read(|db| Ok(count_keys(db))));
    run(join_all(reads));
    let writes = (0..64).map(|n| {
        let kind = if n % 2 == 0 {
            Kind::Insert
        } else {
            Kind::Update
        };
        open.store.write(kind, move |db| add(db, &n.to_string()))
    });
    run(join_all(writes));
    let mut beside = open.database.connect();
    beside
        .batch_execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .unwrap();
    // Every line has to be found dead and opened again: none of them may fail in another way.
    for round in 0..12 {
        let (_, failures) = eventually(|| {
            run(open
                .store
                .read(|db| Ok(settings::table.count().get_result::<i64>(db)?)))
        });
        assert!(
            failures
                .iter()
                .all(|error| matches!(error, Error::Unavailable(_))),
            "{failures:?}"
        );
        for kind in [Kind::Insert, Kind::Update] {
            let key = format!("after {round} {kind:?}");
            let (_, failures) = eventually(|| {
                let key = key.clone();
                run(open.store.write(kind, move |db| add(db, &key)))
            });
            assert!(
                failures
                    .iter()
                    .all(|error| matches!(error, Error::Unavailable(_))),
                "{failures:?}"
            );
        }
    }
    assert_eq!(count_keys(&mut beside), 64 + 24);
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = diesel::sql_types::Text)]
    value: String,
}

fn synchronous_commit(db: &mut Db) -> String {
    let asked = "SELECT current_setting('synchronous_commit') AS value";
    let setting: Setting = diesel::sql_query(asked).get_result(db).unwrap();
    setting.value
}

#[test]
fn whoever_writes_to_postgres_waits_for_the_disk_whatever_the_database_is_set_to() {
    if !support::engines().contains(&Engine::Postgres) {
        return;
    }
    let database = Database::new(Engine::Postgres);
    let (_, name) = database.url.rsplit_once('/').unwrap();
    // Others than `off` are chosen for replicas.
    for (set, found) in [("off", "on"), ("local", "local")] {
        let statement = format!("ALTER DATABASE {name} SET synchronous_commit = {set}");
        database.connect().batch_execute(&statement).unwrap();
        let store = Store::serve(&database.target()).unwrap();
        for kind in [Kind::Insert, Kind::Update] {
            let asked = store.write(kind, |db| Ok(synchronous_commit(db)));
            assert_eq!(run(asked).unwrap(), found, "{kind:?}");
        }
        let read = store.read(|db| Ok(synchronous_commit(db)));
        assert_eq!(run(read).unwrap(), set);
        store.close();
    }
}

#[derive(QueryableByName)]
struct Used {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    used: i32,
}

/// See `.cargo/config.toml`: what SQLite is compiled with comes from the environment, and is easily lost.
#[test]
fn sqlite_keeps_the_plan_of_a_statement_whatever_is_bound_to_it() {
    let mut db = Database::new(Engine::Sqlite).connect();
    let asked = "SELECT sqlite_compileoption_used('ENABLE_QPSG') AS used";
    let found: Used = diesel::sql_query(asked).get_result(&mut db).unwrap();
    assert_eq!(found.used, 1);
}
