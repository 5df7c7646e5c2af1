//! Another program that keeps what the server writes to: SQLite's write lock, a table of PostgreSQL.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;

use super::crowd::{Crowd, prepare};
use super::support::program::{self, Program};
use super::support::{Database, Engine, on_each_engine, rows};

const READERS: usize = 16;
const LOCKED: Duration = Duration::from_secs(10);

/// Its turn comes between two writes of the server. On PostgreSQL nobody can read comments either.
fn lock(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "PRAGMA busy_timeout = 20000; BEGIN IMMEDIATE",
        Engine::Postgres => "BEGIN; LOCK TABLE comments IN ACCESS EXCLUSIVE MODE",
    }
}

#[test]
fn while_another_program_has_the_database_locked_for_ten_seconds_readers_read_and_nothing_typed_is_lost()
 {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut other = database.connect();
        let accounts = prepare(&mut other);
        rows::article(&mut other, "ferry");
        let program = Program::start(&database);
        let mut crowd = Crowd::sign_in(&program.base, &accounts);
        let bases = std::slice::from_ref(&program.base);
        let (unlocked, told) = crowd.under_load(bases, READERS, |load| {
            load.wait_for(50);
            other.batch_execute(lock(engine)).unwrap();
            std::thread::sleep(LOCKED);
            other.batch_execute("ROLLBACK").unwrap();
            let unlocked = Instant::now();
            load.wait_for(50);
            unlocked
        });
        told.assert_civil();
        told.assert_kept(&mut other);
        crowd.assert_kept(&mut other);
        // On PostgreSQL a job that has waited in vain is tried again, and may succeed then.
        let met = told.count(true, 503) + crowd.unanswered() > 0 || told.slowest(true) > LOCKED / 2;
        assert!(met, "nobody met the lock");
        let recovery = told.recovery(unlocked, 1);
        eprintln!(
            "{engine:?} locked for {LOCKED:?}: back after {recovery:?}; {}",
            told.summary()
        );
        assert!(recovery < Duration::from_secs(8), "{recovery:?}");
        drop(program);
        let check = program::check(&database, &[]);
        assert!(check.status.success(), "{check:?}");
    });
}
