//! Requests and how long they took, by the pattern of their route: never by their path, for a receipt is a secret.
//!
//! Counting one is a few additions to atomics; a route's place is looked up once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::store::meters::{Durations, Reading};

/// Routes that are told apart; any more are counted with those that match none.
const MOST: usize = 160;
/// What matches no route.
const NONE: &str = "none";
const METHODS: [&str; 4] = ["GET", "HEAD", "POST", "other"];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// A route's place among the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route(usize);

impl Route {
    /// What matches no route.
    pub const NONE: Self = Self(0);
}

#[derive(Debug, Default)]
struct Cell {
    classes: [AtomicU64; CLASSES.len()],
    durations: Durations,
}

/// The requests of one server.
#[derive(Debug)]
pub struct Requests {
    patterns: Mutex<Vec<String>>,
    cells: Vec<[Cell; METHODS.len()]>,
}

impl Default for Requests {
    fn default() -> Self {
        Self {
            patterns: Mutex::new(vec![NONE.to_owned()]),
            cells: (0..MOST).map(|_| Default::default()).collect(),
        }
    }
}

/// Requests of one route and method.
#[derive(Debug)]
pub(super) struct Counted {
    pub pattern: String,
    pub method: &'static str,
    /// How many were answered with each class of status.
    pub classes: Vec<(&'static str, u64)>,
    /// Microseconds.
    pub durations: Reading,
}

impl Requests {
    /// The place of a route's pattern, such as `/articles/{slug}`. To be asked for once, and kept.
    pub fn route(&self, pattern: &str) -> Route {
        let mut patterns = self.patterns.lock().unwrap_or_else(PoisonError::into_inner);
        let known = patterns.iter().position(|known| known == pattern);
        Route(known.unwrap_or_else(|| {
            if patterns.len() >= MOST {
                return Route::NONE.0;
            }
            patterns.push(pattern.to_owned());
            patterns.len() - 1
        }))
    }

    /// Counts an answered request.
    pub fn count(&self, route: Route, method: &str, status: u16, took: Duration) {
        let method = match method {
            "GET" => 0,
            "HEAD" => 1,
            "POST" => 2,
            _ => 3,
        };
        let class = usize::from(status / 100).clamp(1, CLASSES.len()) - 1;
        let cell = self.cells.get(route.0).and_then(|of| of.get(method));
        let Some((cell, count)) = cell.and_then(|cell| Some((cell, cell.classes.get(class)?)))
        else {
            return;
        };
        count.fetch_add(1, Ordering::Relaxed);
        cell.durations.lasted(took);
    }

    /// What there was since the start.
    pub(super) fn read(&self) -> Vec<Counted> {
        let patterns = self.patterns.lock().unwrap_or_else(PoisonError::into_inner);
        let places = patterns.iter().zip(&self.cells);
        let methods = places.flat_map(|(pattern, cells)| {
            METHODS
                .iter()
                .zip(cells)
                .map(move |(method, cell)| Counted {
                    pattern: pattern.clone(),
                    method,
                    classes: CLASSES
                        .iter()
                        .zip(&cell.classes)
                        .map(|(class, count)| (*class, count.load(Ordering::Relaxed)))
                        .filter(|(_, count)| *count > 0)
                        .collect(),
                    durations: cell.durations.read(),
                })
        });
        methods
            .filter(|counted| !counted.classes.is_empty())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_has_one_place_and_too_many_share_that_of_none() {
        let requests = Requests::default();
        let first = requests.route("/articles/{slug}");
        assert_ne!(first, Route::NONE);
        assert_eq!(requests.route("/articles/{slug}"), first);
        for number in 0..2 * MOST {
            requests.route(&format!("/{number}"));
        }
        assert_eq!(requests.route("/one/more"), Route::NONE);
        assert_eq!(requests.route("/articles/{slug}"), first);
    }

    #[test]
    fn any_method_and_any_status_is_counted() {
        let requests = Requests::default();
        for (method, status) in [("GET", 304), ("BREW", 999), ("POST", 0)] {
            requests.count(Route::NONE, method, status, Duration::from_millis(3));
        }
        let read = requests.read();
        let told: Vec<_> = read.iter().map(|of| (of.method, of.classes[0])).collect();
        assert_eq!(
            told,
            [
                ("GET", ("3xx", 1)),
                ("POST", ("1xx", 1)),
                ("other", ("5xx", 1))
            ]
        );
        assert_eq!(read[0].durations.sum, 3_000);
    }
}
