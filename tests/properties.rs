//! What holds of any text: Markdown, article files, lists of words, search terms. `REJOINDER_TEST_CASES` asks for more cases;
//! those that failed once are in `proptest-regressions/`, nasty ones from elsewhere in `tests/corpus/`, and both run each time.

#[path = "properties/files.rs"]
mod files;
#[path = "properties/markdown.rs"]
mod markdown;
#[path = "properties/searching.rs"]
mod searching;
#[path = "properties/tokens.rs"]
mod tokens;
#[path = "properties/words.rs"]
mod words;

use std::fmt::Debug;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestCaseResult, TestRunner};

/// Cases of each property.
const CASES: u32 = 96;

/// Holds a property to so many cases.
#[track_caller]
fn hold<S: Strategy>(strategy: S, property: impl Fn(S::Value) -> TestCaseResult)
where
    S::Value: Debug,
{
    let cases = std::env::var("REJOINDER_TEST_CASES");
    let path = "proptest-regressions/properties.txt";
    let config = Config {
        cases: cases.map_or(CASES, |cases| cases.parse().unwrap()),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(path))),
        ..Config::default()
    };
    TestRunner::new(config).run(&strategy, property).unwrap();
}

/// Nasty texts: one a line, with `\n`, `\r` and `\0`.
fn corpus() -> Vec<String> {
    let files = [
        include_str!("corpus/hostile.txt"),
        include_str!("corpus/markdown.txt"),
    ];
    let lines = files.into_iter().flat_map(str::lines);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(|line| {
            line.replace("\\n", "\n")
                .replace("\\r", "\r")
                .replace("\\0", "\0")
        })
        .collect()
}

/// Time that this thread was at work: what else the machine does is not counted.
fn at_work() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = stat
        .split_whitespace()
        .next()
        .and_then(|first| first.parse().ok());
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    nanoseconds.map_or_else(|| BEGUN.elapsed(), Duration::from_nanos)
}

/// The quickest of several tries at each of two inputs, and nothing below what the clock can tell.
fn worth<T>(tries: usize, small: &T, large: &T, work: impl Fn(&T)) -> (Duration, Duration) {
    let time = |input: &T| {
        let tries = (0..tries).map(|_| {
            let begun = at_work();
            work(input);
            at_work() - begun
        });
        tries.min().unwrap().max(Duration::from_millis(5))
    };
    (time(small), time(large))
}

/// Holds work to time that grows with its input as the input does: eight times as much may take at most forty times as long.
/// A square would take sixty-four times.
#[track_caller]
fn assert_linear<T>(name: &str, input: impl Fn(usize) -> T, work: impl Fn(&T)) {
    let (small, large) = worth(3, &input(2_000), &input(16_000), work);
    assert!(
        large < small * 40,
        "{name}: {small:?} for 2,000, {large:?} for 16,000"
    );
}
