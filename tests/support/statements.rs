//! What is sent to a database, and how many rows it reads to answer.

use std::cell::Cell;
use std::ffi::{c_char, c_int, c_uint, c_void};
use std::sync::{Arc, Mutex, Once};

use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use libsqlite3_sys as sqlite;
use rejoinder::store::Db;

/// The statements that `work` sends.
pub fn statements(db: &mut Db, work: impl FnOnce(&mut Db)) -> Vec<String> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    db.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            log.lock().unwrap().push(query.to_string());
        }
    });
    work(db);
    db.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    std::mem::take(&mut seen.lock().unwrap())
}

thread_local! {
    /// Steps that SQLite took on this thread.
    static STEPS: Cell<i64> = const { Cell::new(0) };
}

/// Has every connection to SQLite that is opened from now on count its steps.
pub fn count_steps() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the entry point has the signature that SQLite asks for, and lives as long as the process.
        let taken = unsafe { sqlite::sqlite3_auto_extension(Some(on_open)) };
        assert_eq!(taken, sqlite::SQLITE_OK);
    });
}

unsafe extern "C" fn on_open(
    db: *mut sqlite::sqlite3,
    _: *mut *mut c_char,
    _: *const sqlite::sqlite3_api_routines,
) -> c_int {
    let mask = sqlite::SQLITE_TRACE_PROFILE as c_uint;
    // SAFETY: SQLite hands over the connection that it is opening; the callback needs no context.
    unsafe { sqlite::sqlite3_trace_v2(db, mask, Some(on_done), std::ptr::null_mut()) }
}

unsafe extern "C" fn on_done(
    _: c_uint,
    _: *mut c_void,
    statement: *mut c_void,
    _: *mut c_void,
) -> c_int {
    let op = sqlite::SQLITE_STMTSTATUS_VM_STEP;
    // SAFETY: for this event SQLite hands over the statement that has just ended.
    let steps = unsafe { sqlite::sqlite3_stmt_status(statement.cast(), op, 1) };
    STEPS.set(STEPS.get() + i64::from(steps));
    0
}

#[derive(QueryableByName)]
struct Touched {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// What `work` costs the engine: steps of its virtual machine on SQLite (see `count_steps`), rows and index entries read
/// on PostgreSQL.
pub fn cost(db: &mut Db, work: impl FnOnce(&mut Db)) -> i64 {
    if db.is_sqlite() {
        let before = STEPS.get();
        work(db);
        return STEPS.get() - before;
    }
    // Within one transaction these counters are this connection's alone.
    rejoinder::store::transaction(db, |db| {
        let before = touched(db);
        work(db);
        Ok::<_, rejoinder::store::Error>(touched(db) - before)
    })
    .unwrap()
}

fn touched(db: &mut Db) -> i64 {
    let sum: Touched = diesel::sql_query(
        "SELECT coalesce(sum(pg_stat_get_xact_tuples_returned(oid) + pg_stat_get_xact_tuples_fetched(oid)), 0)::bigint \
         AS rows FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')",
    )
    .get_result(db)
    .unwrap();
    sum.rows
}

/// Keeps PostgreSQL from looking after the tables by itself, which it does when it likes, and a statement reads fewer rows
/// once it has: a test that compares says when. SQLite does nothing by itself.
pub fn leave_tables_alone(db: &mut Db) {
    if db.is_sqlite() {
        return;
    }
    db.batch_execute(
        "DO $$ DECLARE t regclass; BEGIN \
         FOR t IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP \
         EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', t); \
         END LOOP; END $$",
    )
    .unwrap();
}

/// Looks after the tables as a site's are sooner or later: figures for the planner and, on PostgreSQL, which rows an index
/// can answer for alone.
pub fn look_after_tables(db: &mut Db) {
    db.batch_execute(if db.is_sqlite() {
        "ANALYZE"
    } else {
        "VACUUM ANALYZE"
    })
    .unwrap();
}
