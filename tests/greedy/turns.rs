//! Honest readers alone and beside somebody greedy, by turns: what they had to wait for, and what the server took for it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::clients::PATIENCE;
use super::figure;
use super::program::{Met, Program, read};

/// Rounds, each alone and beside.
const FEW: usize = 3;
const MANY: usize = 7;
/// Where the machine has other things to do, and what is looked for is a server that waits for the greedy: how many times the usual is
/// let pass, and that who is slower by less has not been kept waiting.
const LOOSE: f64 = 5.0;
const FLOOR: Duration = Duration::from_millis(100);

/// Tells the greedy that readers are reading, and readers that the greedy are there.
#[derive(Default)]
pub struct Turn {
    pressing: AtomicBool,
    over: AtomicBool,
}

impl Turn {
    /// The greedy are there.
    pub fn begin(&self) {
        self.pressing.store(true, Ordering::Release);
    }

    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }
}

/// Ends a turn, also when a reader was let down: or the greedy would go on for ever.
struct Ending<'a>(&'a Turn);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.over.store(true, Ordering::Release);
    }
}

/// The work of greedy clients is done on their own machines, in life; here it gives way to what is measured.
pub fn stand_back() {
    rustix::process::nice(19).unwrap();
}

fn middle<T: PartialOrd + Copy>(mut of: Vec<T>) -> T {
    of.sort_by(|a, b| a.partial_cmp(b).unwrap());
    of[of.len() / 2]
}

/// Reads by turns at `quiet` alone and at `pressed` while `press` goes on, prints what was met, and holds it to the promise:
/// one and a half times the usual in the long run, and no more than `megabytes` more memory.
pub fn by_turns(
    name: &str,
    (quiet, pressed): (&Program, &Program),
    megabytes: f64,
    press: impl Fn(&Turn) + Sync,
) {
    let requests = figure(150, 1_000);
    let (there, here) = (quiet.base(), pressed.base());
    for base in [&there, &here] {
        read(base, requests);
    }
    let before = pressed.memory();
    let mut rounds: Vec<(Met, Met)> = Vec::new();
    for _ in 0..figure(FEW, MANY) {
        let alone = read(&there, requests);
        let turn = Turn::default();
        let beside = std::thread::scope(|scope| {
            let pressing = scope.spawn(|| {
                stand_back();
                press(&turn);
            });
            let ending = Ending(&turn);
            let begun = Instant::now();
            while !turn.pressing.load(Ordering::Acquire) {
                let late = begun.elapsed() > PATIENCE || pressing.is_finished();
                assert!(!late, "{name}: nobody pressed");
                std::thread::yield_now();
            }
            let beside = read(&here, requests);
            drop(ending);
            pressing.join().unwrap();
            beside
        });
        rounds.push((alone, beside));
    }
    let most = pressed.most_memory();
    let of = |which: fn(&(Met, Met)) -> Duration| middle(rounds.iter().map(which).collect());
    let (alone, beside) = (of(|round| round.0.p99), of(|round| round.1.p99));
    let (median, median_beside) = (of(|round| round.0.median), of(|round| round.1.median));
    let times = |round: &(Met, Met)| round.1.p99.as_secs_f64() / round.0.p99.as_secs_f64();
    let ratio = middle(rounds.iter().map(times).collect());
    eprintln!(
        "{name}: p99 {alone:.2?} alone, {beside:.2?} beside, {ratio:.2} times (median of {} rounds); median {median:.2?}, \
         {median_beside:.2?}; {before:.0} MB before, {most:.0} MB at most",
        rounds.len()
    );
    assert!(
        most < before + megabytes,
        "{name}: {before} MB, then {most} MB"
    );
    let (limit, floor) = match figure(0, 1) {
        0 => (LOOSE, FLOOR),
        _ => (1.5, Duration::ZERO),
    };
    assert!(
        ratio <= limit || beside <= alone + floor,
        "{name}: {ratio:.2} times: {rounds:?}"
    );
}
