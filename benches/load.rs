//! What pages cost, side by side with the limit: `cargo bench --bench load`. With `--smoke` each case runs briefly and the
//! figures mean nothing.

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use support::crowds::{self, ORDINARY};
use support::{Client, Engine, Server, engines};

/// How long a case is measured: rounds of so many requests, ours and the limit by turns.
#[derive(Clone, Copy)]
struct Effort {
    rounds: usize,
    requests: usize,
}

fn main() {
    let smoke = std::env::args().any(|argument| argument == "--smoke");
    let effort = if smoke {
        Effort {
            rounds: 5,
            requests: 10,
        }
    } else {
        Effort {
            rounds: 21,
            requests: 40,
        }
    };
    println!(
        "{:<58}{:>10}{:>10}{:>8}",
        "median of a request", "ours", "limit", "ratio"
    );
    for engine in engines() {
        huge_threads(engine, effort);
    }
}

/// Pages over a root with 100,000 replies and a chain of 1,000, against the same pages of an ordinary discussion.
fn huge_threads(engine: Engine, effort: Effort) {
    let server = Server::start(engine);
    let mut db = server.database.connect();
    let plain = crowds::discussion(&mut db, "plain", ORDINARY, 160, 120);
    let huge = crowds::discussion(&mut db, "huge", ORDINARY, 100_000, 1_000);
    let client = server.visitor();
    for (what, ours, limit) in [
        (
            "an article",
            "/articles/huge".to_owned(),
            "/articles/plain".to_owned(),
        ),
        (
            "a branch",
            format!("/threads/{}?from={}", huge.crowd, huge.crowd + 50_001),
            format!("/threads/{}?from={}", plain.crowd, plain.crowd + 51),
        ),
        (
            "a permalink",
            format!("/comments/{}", huge.crowd + 77_777),
            format!("/comments/{}", plain.crowd + 130),
        ),
    ] {
        let case = format!("huge thread, {what}, {engine:?}");
        compare(
            &case,
            effort,
            || get(&client, &ours),
            || get(&client, &limit),
        );
    }
}

fn get(client: &Client, path: &str) {
    let page = client.get(path);
    assert!(matches!(page.status, 200 | 302), "{path}: {}", page.status);
}

/// Runs both by turns and prints their medians and the ratio of these.
fn compare(case: &str, effort: Effort, ours: impl Fn(), limit: impl Fn()) {
    let mut times = [Vec::new(), Vec::new()];
    ours();
    limit();
    for _ in 0..effort.rounds {
        times[0].push(round(effort.requests, &ours));
        times[1].push(round(effort.requests, &limit));
    }
    let [ours, limit] = times.map(median);
    println!(
        "{case:<58}{:>8.0}µs{:>8.0}µs{:>8.2}",
        ours * 1e6,
        limit * 1e6,
        ours / limit
    );
}

fn round(requests: usize, request: &impl Fn()) -> Duration {
    let start = Instant::now();
    for _ in 0..requests {
        request();
    }
    start.elapsed() / u32::try_from(requests).unwrap_or(1)
}

/// In seconds.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}
