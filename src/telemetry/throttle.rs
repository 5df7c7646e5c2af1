//! A warning that is said over and over is said some times, and then counted: when the database is gone, the log tells of it and
//! does not fill the disk.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::callsite::Identifier;
use tracing::{Event, Level, Metadata};
use tracing_subscriber::layer::{Context, Filter};

/// Lines that one place in the program may write in each [`SPAN`].
const LINES: u64 = 50;
const SPAN: Duration = Duration::from_secs(10);

/// Lines that this process has left out.
static LEFT_OUT: AtomicU64 = AtomicU64::new(0);

/// Log lines that were left out since the process began.
pub(super) fn left_out() -> u64 {
    LEFT_OUT.load(Ordering::Relaxed)
}

/// What one place in the program has written lately.
#[derive(Debug)]
struct Place {
    at: String,
    since: Instant,
    lines: u64,
    left_out: u64,
}

#[derive(Debug, Default)]
struct Places(Mutex<HashMap<Identifier, Place>>);

impl Places {
    /// Whether the line may be written now.
    fn admits(&self, metadata: &Metadata<'_>, now: Instant) -> bool {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = places.entry(metadata.callsite()).or_insert_with(|| Place {
            at: format!(
                "{}:{}",
                metadata.file().unwrap_or_default(),
                metadata.line().unwrap_or_default()
            ),
            since: now,
            lines: 0,
            left_out: 0,
        });
        if now.saturating_duration_since(place.since) >= SPAN {
            place.since = now;
            place.lines = 0;
        }
        place.lines += 1;
        let admitted = place.lines <= LINES;
        if !admitted {
            place.left_out += 1;
            LEFT_OUT.fetch_add(1, Ordering::Relaxed);
        }
        admitted
    }

    /// Where lines were left out since this was asked last, and how many.
    fn take(&self) -> Vec<(String, u64)> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        places
            .values_mut()
            .filter(|place| place.left_out > 0)
            .map(|place| (place.at.clone(), std::mem::take(&mut place.left_out)))
            .collect()
    }
}

/// Lets warnings and errors through as long as their place has not written too many. Everything else is let through: notices
/// and the heads of the audit log are lines that somebody counts on.
#[derive(Debug, Clone, Default)]
pub(super) struct Throttle(Arc<Places>);

impl Throttle {
    /// Tells every so often, from a thread of its own, what was left out.
    pub fn tell_what_is_left_out(&self) -> std::io::Result<()> {
        let places = Arc::clone(&self.0);
        let tell = move || {
            loop {
                std::thread::sleep(SPAN);
                for (at, lines) in places.take() {
                    tracing::warn!(at, lines, "lines like others before were left out");
                }
            }
        };
        std::thread::Builder::new()
            .name("log".to_owned())
            .spawn(tell)
            .map(drop)
    }
}

impl<S> Filter<S> for Throttle {
    fn enabled(&self, _: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        true
    }

    fn event_enabled(&self, event: &Event<'_>, _: &Context<'_, S>) -> bool {
        let metadata = event.metadata();
        *metadata.level() > Level::WARN || self.0.admits(metadata, Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use tracing_subscriber::Layer;
    use tracing_subscriber::layer::SubscriberExt;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn lines(log: &Log, words: &str) -> u64 {
        let written = log.0.lock().unwrap();
        String::from_utf8_lossy(&written).matches(words).count() as u64
    }

    #[test]
    fn a_flood_of_one_warning_is_cut_off_and_counted_and_other_lines_go_on() {
        let (log, throttle) = (Log::default(), Throttle::default());
        let to = log.clone();
        let layer = tracing_subscriber::fmt::layer().with_writer(move || to.clone());
        let subscriber = tracing_subscriber::registry().with(layer.with_filter(throttle.clone()));
        let before = left_out();
        tracing::subscriber::with_default(subscriber, || {
            for _ in 0..3 * LINES {
                tracing::warn!("the database is gone");
                tracing::info!("a notice");
            }
            tracing::error!("something else");
        });
        assert_eq!(lines(&log, "the database is gone"), LINES);
        assert_eq!(lines(&log, "a notice"), 3 * LINES);
        assert_eq!(lines(&log, "something else"), 1);
        assert!(left_out() - before >= 2 * LINES);
        let taken = throttle.0.take();
        assert_eq!(taken.len(), 1);
        assert!(taken[0].0.contains("throttle.rs:"), "{taken:?}");
        assert_eq!(taken[0].1, 2 * LINES);
        assert!(throttle.0.take().is_empty(), "told once");
    }

    #[test]
    fn after_a_while_the_warning_is_said_again() {
        let places = Places::default();
        let metadata = warning();
        let begun = Instant::now();
        for _ in 0..LINES {
            assert!(places.admits(metadata, begun));
        }
        assert!(!places.admits(metadata, begun + SPAN / 2));
        assert!(places.admits(metadata, begun + SPAN));
    }

    /// The metadata of some warning.
    fn warning() -> &'static Metadata<'static> {
        use tracing::callsite::Callsite;
        let callsite = tracing::callsite! { name: "test", kind: tracing::metadata::Kind::EVENT, fields: message };
        callsite.metadata()
    }
}
