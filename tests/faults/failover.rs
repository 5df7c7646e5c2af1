//! PostgreSQL's primary crashes, and its synchronous replica takes over, as docs/OPERATIONS.md says:
//! `REJOINDER_TEST_FAILOVER=1 cargo test --test faults failover`.

use std::time::{Duration, Instant};

use super::cluster::Cluster;
use super::crowd::{Crowd, prepare};
use super::support::program::{self, Program};
use super::support::{Database, rows};

const READERS: usize = 24;

#[test]
fn a_failover_to_a_synchronous_replica_loses_nothing_and_needs_nobody() {
    if std::env::var_os("REJOINDER_TEST_FAILOVER").is_none() {
        return;
    }
    let Some(primary) = Cluster::make() else {
        return;
    };
    primary.execute("CREATE DATABASE news");
    let replica = primary.replica();
    // libpq tries one after the other until it finds the one that takes writes.
    let database = Database::at(&format!(
        "postgres://postgres@127.0.0.1:{},127.0.0.1:{}/news?target_session_attrs=read-write",
        primary.port, replica.port
    ));
    let accounts = prepare(&mut database.connect());
    rows::article(&mut database.connect(), "ferry");
    let programs = [
        Program::start(&database),
        Program::start(&Database::at(&database.url)),
    ];
    let bases = programs.each_ref().map(|program| program.base.clone());
    let mut crowd = Crowd::sign_in(&bases[0], &accounts);
    let ((crashed, promoted), told) = crowd.under_load(&bases, READERS, |load| {
        load.wait_for(100);
        primary.stop("immediate");
        let crashed = Instant::now();
        load.wait_for_refusals(20);
        replica.promote();
        let promoted = Instant::now();
        load.wait_for(100);
        (crashed, promoted)
    });
    told.assert_civil();
    told.assert_kept(&mut database.connect());
    crowd.assert_kept(&mut database.connect());
    let recovery = told.recovery(promoted, 2);
    eprintln!(
        "failed over: {:?} without a primary, both servers back {recovery:?} after the replica was promoted; {}",
        promoted - crashed,
        told.summary()
    );
    assert!(recovery < Duration::from_secs(10), "{recovery:?}");
    drop(programs);
    let check = program::check(&database, &[]);
    assert!(check.status.success(), "{check:?}");
}
