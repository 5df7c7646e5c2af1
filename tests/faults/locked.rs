//! Another program that keeps SQLite's write lock.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;

use super::load::under_load;
use super::support::program::Program;
use super::support::{Database, Engine, rows};

const READERS: usize = 16;
const LOCKED: Duration = Duration::from_secs(10);

#[test]
fn while_another_program_has_the_database_locked_for_ten_seconds_readers_read_and_nothing_typed_is_lost()
 {
    let database = Database::new(Engine::Sqlite);
    let mut other = database.connect();
    rows::article(&mut other, "ferry");
    let program = Program::start(&database);
    let (unlocked, told) = under_load(std::slice::from_ref(&program.base), READERS, |load| {
        load.wait_for(50);
        // Its turn comes between two writes of the server.
        other
            .batch_execute("PRAGMA busy_timeout = 20000; BEGIN IMMEDIATE")
            .unwrap();
        std::thread::sleep(LOCKED);
        other.batch_execute("ROLLBACK").unwrap();
        let unlocked = Instant::now();
        load.wait_for(50);
        unlocked
    });
    told.assert_civil();
    told.assert_kept(&mut other);
    assert!(told.count(true, 503) > 0, "nobody met the lock");
    let recovery = told.recovery(unlocked, 1);
    eprintln!(
        "locked for {LOCKED:?}: back after {recovery:?}; {}",
        told.summary()
    );
    assert!(recovery < Duration::from_secs(8), "{recovery:?}");
}
