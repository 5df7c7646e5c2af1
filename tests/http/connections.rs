//! Connections, counted and bounded.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::{Client, Engine, Server};

/// As many as the address for metrics takes.
const MOST: usize = 64;

fn open(monitor: &Client) -> usize {
    let page = monitor.get("/metrics");
    let line = page
        .body
        .lines()
        .find_map(|line| line.strip_prefix("rejoinder_http_connections "));
    line.expect("they are not told").parse().unwrap()
}

fn monitored() -> (Server, Client) {
    let server = Server::with(Engine::Sqlite, &[("metrics.listen", "127.0.0.1:0")]);
    let monitor = Client::new(&format!("http://{}", server.metrics.unwrap()));
    (server, monitor)
}

#[track_caller]
fn wait_for(monitor: &Client, count: usize) {
    let begun = Instant::now();
    while open(monitor) != count {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "{} of {count}",
            open(monitor)
        );
    }
}

#[test]
fn clients_that_are_connected_are_told_while_they_are() {
    let (server, monitor) = monitored();
    wait_for(&monitor, 0);
    let lines: Vec<_> = (0..7)
        .map(|_| TcpStream::connect(server.address).unwrap())
        .collect();
    wait_for(&monitor, 7);
    drop(lines);
    wait_for(&monitor, 0);
}

#[test]
fn whoever_opens_many_lines_for_metrics_keeps_others_waiting_and_takes_no_more_than_there_are() {
    let (server, monitor) = monitored();
    let at = server.metrics.unwrap();
    let _idle: Vec<_> = (0..MOST).map(|_| TcpStream::connect(at).unwrap()).collect();
    // Taken when an idle one is let go, after five seconds.
    let begun = Instant::now();
    assert_eq!(monitor.get("/metrics").status, 200);
    assert!(
        begun.elapsed() > Duration::from_secs(1),
        "{:?}",
        begun.elapsed()
    );
}
