//! Many clients against the real program, which is killed (`kill -9`) and started again at random moments; afterwards everything
//! that anybody was told is held against the database and the pages. Random by `REJOINDER_TEST_SEED`; as many rounds as
//! `REJOINDER_TEST_ROUNDS` says, or for `REJOINDER_TEST_MINUTES` (0.5 is half of one) on each engine, of as many clients as
//! `REJOINDER_TEST_CLIENTS` says.

mod support;

#[path = "histories/acts/mod.rs"]
mod acts;
#[path = "histories/newsroom.rs"]
mod newsroom;
#[path = "histories/pages.rs"]
mod pages;
#[path = "histories/trace.rs"]
mod trace;
#[path = "histories/traced.rs"]
mod traced;

use std::time::{Duration, Instant};

use acts::generator::Generator;
use newsroom::Newsroom;
use support::{Engine, on_each_engine};

/// Rounds per engine, each of which ends with a kill, unless `REJOINDER_TEST_ROUNDS` says otherwise.
const ROUNDS: u64 = 4;
const CLIENTS: u64 = 24;

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().unwrap())
}

/// How long to play, in whole minutes or in parts of one; without that it is by rounds.
fn time() -> Option<Duration> {
    let minutes = std::env::var("REJOINDER_TEST_MINUTES").ok()?;
    let minutes: f64 = minutes.parse().unwrap();
    Some(Duration::from_secs_f64(60.0 * minutes))
}

#[test]
fn after_kill_9_every_acknowledged_act_is_there_exactly_once() {
    let seed = number(
        "REJOINDER_TEST_SEED",
        u64::from(std::process::id()) ^ now_in_nanoseconds(),
    );
    on_each_engine(|engine| play(engine, seed));
}

fn now_in_nanoseconds() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    u64::from(now.unwrap().subsec_nanos())
}

fn play(engine: Engine, seed: u64) {
    let rounds = number("REJOINDER_TEST_ROUNDS", ROUNDS);
    let time = time();
    let clients = usize::try_from(number("REJOINDER_TEST_CLIENTS", CLIENTS)).unwrap();
    let again = format!("REJOINDER_TEST_SEED={seed} cargo test --test histories");
    // Of a panic on the way the seed is all that is left.
    let until = time.map_or_else(|| format!("{rounds} rounds"), |time| format!("{time:?}"));
    eprintln!("{engine:?}: {until} of {clients} clients; to repeat: {again}");
    let begun = Instant::now();
    let mut random = Generator::new(seed);
    let mut newsroom = Newsroom::open(engine, clients, seed);
    let goes_on = |round| match time {
        None => round < rounds,
        Some(time) => begun.elapsed() < time,
    };
    for round in (0..).take_while(|round| goes_on(*round)) {
        let enough = random.between(1, 6) * number("REJOINDER_TEST_CLIENTS", CLIENTS);
        let after = Duration::from_millis(random.between(0, 300));
        newsroom.play(round, enough, after, &again);
        if random.one_in(5) {
            newsroom.kill_while_starting(Duration::from_millis(random.between(0, 400)));
        }
        // The whole is looked at in the end; on the way often enough to say in which round it was lost.
        if round % 10 == 9 {
            newsroom.judge(&again);
        }
    }
    newsroom.judge(&again);
    newsroom.judge_pages(&again);
    eprintln!(
        "{engine:?}: {} in {:?}",
        newsroom.summary(),
        begun.elapsed()
    );
}
