//! What the writer and the pool count of their own work: plain atomics, told by whoever serves figures.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Upper bounds in microseconds: from a page kept in memory to a database that is given up.
const MICROSECONDS: [u64; 17] = [
    50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
    1_000_000, 2_500_000, 5_000_000, 10_000_000,
];
/// Jobs that share a commit: up to the largest batch there is.
const JOBS: [u64; 9] = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/// Whole numbers counted by size. Counting is one addition for the value and one for the place it falls in.
#[derive(Debug)]
pub struct Histogram<const N: usize> {
    bounds: [u64; N],
    cells: [AtomicU64; N],
    over: AtomicU64,
    sum: AtomicU64,
}

/// Lengths of time, in microseconds.
pub type Durations = Histogram<17>;

impl<const N: usize> Histogram<N> {
    const fn new(bounds: [u64; N]) -> Self {
        Self {
            bounds,
            cells: [const { AtomicU64::new(0) }; N],
            over: AtomicU64::new(0),
            sum: AtomicU64::new(0),
        }
    }

    pub fn observe(&self, value: u64) {
        let mut cells = self.bounds.iter().zip(&self.cells);
        let cell = cells
            .find(|(bound, _)| value <= **bound)
            .map_or(&self.over, |(_, cell)| cell);
        cell.fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    pub fn read(&self) -> Reading {
        let cells = self.bounds.iter().zip(&self.cells);
        Reading {
            cells: cells
                .map(|(bound, cell)| (*bound, cell.load(Ordering::Relaxed)))
                .collect(),
            over: self.over.load(Ordering::Relaxed),
            sum: self.sum.load(Ordering::Relaxed),
        }
    }
}

impl Default for Durations {
    fn default() -> Self {
        Self::new(MICROSECONDS)
    }
}

impl Durations {
    pub fn lasted(&self, time: Duration) {
        self.observe(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    }
}

/// A histogram at one moment: upper bounds with what lies between each and the one before, and what lies above them all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub cells: Vec<(u64, u64)>,
    pub over: u64,
    pub sum: u64,
}

impl Reading {
    pub fn count(&self) -> u64 {
        self.cells.iter().map(|(_, count)| count).sum::<u64>() + self.over
    }
}

/// What the writer counts. Each job costs two looks at the clock and a few additions.
#[derive(Debug)]
pub(super) struct WriterMeters {
    waiting: AtomicI64,
    refused: AtomicU64,
    jobs: Histogram<9>,
    waits: Durations,
    commits: Durations,
    failed: AtomicU64,
    reconnections: AtomicU64,
}

impl WriterMeters {
    pub const fn new() -> Self {
        Self {
            waiting: AtomicI64::new(0),
            refused: AtomicU64::new(0),
            jobs: Histogram::new(JOBS),
            waits: Histogram::new(MICROSECONDS),
            commits: Histogram::new(MICROSECONDS),
            failed: AtomicU64::new(0),
            reconnections: AtomicU64::new(0),
        }
    }

    /// A job is about to be put into the queue.
    pub fn enters(&self) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
    }

    /// It was not taken after all; `busy` when the queue was full.
    pub fn turned_away(&self, busy: bool) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        self.refused.fetch_add(u64::from(busy), Ordering::Relaxed);
    }

    /// The batch of these jobs, which entered the queue at these moments, begins.
    pub fn begins(&self, entered: &[Instant]) {
        let now = Instant::now();
        for entered in entered {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            self.waits.lasted(now.saturating_duration_since(*entered));
        }
    }

    pub fn committed(&self, jobs: usize, took: Duration) {
        self.jobs.observe(jobs as u64);
        self.commits.lasted(took);
    }

    pub fn failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    pub fn reconnected(&self) {
        self.reconnections.fetch_add(1, Ordering::Relaxed);
    }

    pub fn read(&self) -> WriterReadings {
        WriterReadings {
            waiting: self.waiting.load(Ordering::Relaxed).max(0),
            refused: self.refused.load(Ordering::Relaxed),
            jobs: self.jobs.read(),
            waits: self.waits.read(),
            commits: self.commits.read(),
            failed: self.failed.load(Ordering::Relaxed),
            reconnections: self.reconnections.load(Ordering::Relaxed),
        }
    }
}

/// The writer since the start.
#[derive(Debug, Clone)]
pub struct WriterReadings {
    /// Jobs in the queue now.
    pub waiting: i64,
    /// Jobs that found the queue full.
    pub refused: u64,
    /// Jobs in each batch that was committed.
    pub jobs: Reading,
    /// Microseconds from the queue's door to the batch's begin.
    pub waits: Reading,
    /// Microseconds that commits took.
    pub commits: Reading,
    /// Batches that were not committed.
    pub failed: u64,
    /// Connections opened in place of one that was lost.
    pub reconnections: u64,
}

/// What reading counts.
#[derive(Debug, Default)]
pub(super) struct PoolMeters {
    waits: Durations,
    timeouts: AtomicU64,
}

impl PoolMeters {
    pub fn lent(&self, waited: Duration) {
        self.waits.lasted(waited);
    }

    pub fn timed_out(&self) {
        self.timeouts.fetch_add(1, Ordering::Relaxed);
    }

    pub fn read(&self, state: &r2d2::State, most: u32) -> PoolReadings {
        PoolReadings {
            most,
            connections: state.connections,
            idle: state.idle_connections,
            waits: self.waits.read(),
            timeouts: self.timeouts.load(Ordering::Relaxed),
        }
    }
}

/// The connections that are read from.
#[derive(Debug, Clone)]
pub struct PoolReadings {
    /// As many as there may be.
    pub most: u32,
    /// Those that are open.
    pub connections: u32,
    /// Those of them that nobody uses.
    pub idle: u32,
    /// Microseconds that a read waited for its connection.
    pub waits: Reading,
    /// Reads that got none in time.
    pub timeouts: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_falls_below_the_first_bound_that_holds_it() {
        let histogram = Histogram::new(JOBS);
        for jobs in [1, 1, 2, 3, 256, 257] {
            histogram.observe(jobs);
        }
        let read = histogram.read();
        let cells: Vec<u64> = read.cells.iter().map(|(_, count)| *count).collect();
        assert_eq!(cells, [2, 1, 1, 0, 0, 0, 0, 0, 1]);
        assert_eq!((read.over, read.sum, read.count()), (1, 520, 6));
    }

    #[test]
    fn bounds_rise() {
        assert!(MICROSECONDS.is_sorted_by(|a, b| a < b));
        assert!(JOBS.is_sorted_by(|a, b| a < b));
    }
}
