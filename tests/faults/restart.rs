//! PostgreSQL stopped and started again under two servers.

use std::time::{Duration, Instant};

use super::cluster::Cluster;
use super::crowd::{Crowd, prepare};
use super::support::program::{self, Program};
use super::support::{Database, rows};

const READERS: usize = 24;
const AWAY: Duration = Duration::from_secs(3);

#[test]
fn two_servers_live_through_a_restart_of_postgresql_and_lose_nothing() {
    let Some(cluster) = Cluster::make() else {
        return;
    };
    cluster.execute("CREATE DATABASE news");
    let database = Database::at(&format!(
        "postgres://postgres@127.0.0.1:{}/news",
        cluster.port
    ));
    let accounts = prepare(&mut database.connect());
    rows::article(&mut database.connect(), "ferry");
    let programs = [
        Program::start(&database),
        Program::start(&Database::at(&database.url)),
    ];
    let bases = programs.each_ref().map(|program| program.base.clone());
    let mut crowd = Crowd::sign_in(&bases[0], &accounts);
    let (back, told) = crowd.under_load(&bases, READERS, |load| {
        ["fast", "immediate"].map(|mode| {
            load.wait_for(50);
            cluster.stop(mode);
            std::thread::sleep(AWAY);
            load.wait_for_refusals(20);
            cluster.start();
            let back = Instant::now();
            load.wait_for(50);
            (mode, back)
        })
    });
    told.assert_civil();
    told.assert_kept(&mut database.connect());
    crowd.assert_kept(&mut database.connect());
    for (mode, back) in back {
        let recovery = told.recovery(back, 2);
        eprintln!("PostgreSQL stopped ({mode}): both servers back after {recovery:?}");
        assert!(recovery < Duration::from_secs(10), "{mode}: {recovery:?}");
    }
    eprintln!("{}", told.summary());
    drop(programs);
    let check = program::check(&database, &[]);
    assert!(check.status.success(), "{check:?}");
}
