//! The figures of one server as a text that Prometheus reads.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, text};
use prometheus_client::registry::{Registry, Unit};

pub use super::exposition::Format;
use super::exposition::{Labels, Page, Told, labelled};
use super::process::Process;
use super::{Acts, Requests, throttle};
use crate::pages;
use crate::store::meters::{PoolReadings, Reading, WriterReadings};
use crate::store::vitals::{COUNTED, Vitals};
use crate::time::Timestamp;

/// What a server counts of its own work. A value: each server of a process has its own.
#[derive(Debug)]
pub struct Metrics {
    pub requests: Requests,
    pub acts: Acts,
    /// Clients that are connected now.
    pub connections: AtomicUsize,
    started: SystemTime,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            requests: Requests::default(),
            acts: Acts::default(),
            connections: AtomicUsize::new(0),
            started: SystemTime::now(),
        }
    }
}

/// Everything there is to tell at one moment.
#[derive(Debug)]
pub struct Scrape {
    pub metrics: Arc<Metrics>,
    pub writer: WriterReadings,
    pub pool: PoolReadings,
    pub pages: pages::Figures,
    /// `None` when the database does not answer.
    pub vitals: Option<Vitals>,
    pub now: Timestamp,
    pub format: Format,
}

impl Scrape {
    /// The whole text, to its end mark where it has one.
    ///
    /// # Errors
    /// None, as a string takes whatever is written.
    pub fn text(self) -> Result<String, std::fmt::Error> {
        let format = self.format;
        let process = Process {
            started: self.metrics.started,
            format,
        };
        let mut ours = Registry::with_prefix("rejoinder");
        ours.register_collector(Box::new(self));
        let mut everyones = Registry::default();
        everyones.register_collector(Box::new(process));
        let mut text = String::new();
        text::encode_registry(&mut text, &ours)?;
        text::encode_registry(&mut text, &everyones)?;
        if format == Format::OpenMetrics {
            text::encode_eof(&mut text)?;
        }
        Ok(text)
    }
}

impl Collector for Scrape {
    fn encode(&self, encoder: DescriptorEncoder) -> Told {
        let mut page = Page::new(encoder, self.format);
        self.tell_requests(&mut page)?;
        self.tell_acts(&mut page)?;
        self.tell_writer(&mut page)?;
        self.tell_pool(&mut page)?;
        self.tell_pages(&mut page)?;
        self.tell_vitals(&mut page)?;
        self.tell_program(&mut page)
    }
}

impl Scrape {
    fn tell_requests(&self, page: &mut Page) -> Told {
        let open = self.metrics.connections.load(Ordering::Relaxed);
        page.gauge(
            "http_connections",
            "Clients that are connected now, in the middle of a request or not",
            None,
            i64::try_from(open).unwrap_or(i64::MAX),
        )?;
        let counted = self.metrics.requests.read();
        let by = |of: &super::requests::Counted| -> Labels {
            vec![
                ("route", of.pattern.clone()),
                ("method", of.method.to_owned()),
            ]
        };
        let mut rows: Vec<(Labels, u64)> = Vec::new();
        for of in &counted {
            for (class, count) in &of.classes {
                let mut labels = by(of);
                labels.push(("status", (*class).to_owned()));
                rows.push((labels, *count));
            }
        }
        page.counters(
            "http_requests",
            "Requests that were answered, by the pattern of their route and the class of their status",
            rows,
        )?;
        let durations = counted
            .iter()
            .map(|of| (by(of), of.durations.clone()))
            .collect();
        page.histogram(
            "http_request_duration",
            "Time from a request's head to its answer",
            Some(Unit::Seconds),
            durations,
        )
    }

    fn tell_acts(&self, page: &mut Page) -> Told {
        let acts = &self.metrics.acts;
        page.counters(
            "replies",
            "Replies that readers sent, by what became of them",
            labelled("outcome", acts.replies()),
        )?;
        page.counters(
            "reports",
            "Reports that readers sent, by what became of them",
            labelled("outcome", acts.reports()),
        )?;
        page.counters(
            "decisions",
            "Decisions of moderators through this server",
            labelled("verdict", acts.decisions()),
        )?;
        page.counter("decisions_undone", "Decisions taken back", acts.undone())?;
        page.counter(
            "login_failures",
            "Passwords and codes that were wrong",
            acts.login_failures(),
        )
    }

    fn tell_writer(&self, page: &mut Page) -> Told {
        let writer = &self.writer;
        let one = |reading: &Reading| vec![(Vec::new(), reading.clone())];
        page.counter(
            "writer_batches",
            "Transactions that were committed",
            writer.jobs.count(),
        )?;
        page.histogram(
            "writer_batch_jobs",
            "Writes that shared a transaction",
            None,
            one(&writer.jobs),
        )?;
        page.histogram(
            "writer_queue_wait",
            "Time that a write waited until its transaction began",
            Some(Unit::Seconds),
            one(&writer.waits),
        )?;
        page.histogram(
            "writer_commit_duration",
            "Time that a commit took, until it was on disk",
            Some(Unit::Seconds),
            one(&writer.commits),
        )?;
        page.gauge(
            "writer_queue_length",
            "Writes that wait for their transaction",
            None,
            writer.waiting,
        )?;
        page.counter(
            "writer_refused",
            "Writes refused because too many waited",
            writer.refused,
        )?;
        page.counter(
            "writer_failed_batches",
            "Transactions that were not committed",
            writer.failed,
        )?;
        page.counter(
            "writer_reconnections",
            "Writing connections opened in place of one that was lost",
            writer.reconnections,
        )
    }

    fn tell_pool(&self, page: &mut Page) -> Told {
        let pool = &self.pool;
        for (name, help, value) in [
            (
                "pool_connections_max",
                "Reading connections that there may be",
                pool.most,
            ),
            (
                "pool_connections",
                "Reading connections that are open",
                pool.connections,
            ),
            (
                "pool_connections_idle",
                "Reading connections that nobody uses",
                pool.idle,
            ),
        ] {
            page.gauge(name, help, None, i64::from(value))?;
        }
        page.histogram(
            "pool_wait",
            "Time that a read waited for its connection",
            Some(Unit::Seconds),
            vec![(Vec::new(), pool.waits.clone())],
        )?;
        page.counter(
            "pool_timeouts",
            "Reads that got no connection in time",
            pool.timeouts,
        )
    }

    fn tell_pages(&self, page: &mut Page) -> Told {
        let pages = self.pages;
        for (name, help, count) in [
            (
                "page_cache_hits",
                "Requests answered from memory",
                pages.hits,
            ),
            (
                "page_cache_misses",
                "Requests that found no page to hand out: it was rendered, or waited for",
                pages.misses,
            ),
            (
                "page_cache_refreshes",
                "Misses because a page had grown old, not because what it shows had changed",
                pages.refreshes,
            ),
            (
                "page_cache_stale",
                "Requests answered with an older page while the database did not answer",
                pages.stale,
            ),
        ] {
            page.counter(name, help, count)?;
        }
        page.gauge(
            "page_cache_size",
            "Bytes that the pages kept in memory are counted as: their bodies, their packed forms and what keeps them",
            Some(Unit::Bytes),
            pages.bytes,
        )?;
        page.gauge(
            "page_cache_entries",
            "Pages kept in memory",
            None,
            pages.entries,
        )
    }

    fn tell_vitals(&self, page: &mut Page) -> Told {
        page.gauge(
            "database_up",
            "Whether the database answered within the time of a scrape; what it would have told is left out when it did not",
            None,
            i64::from(self.vitals.is_some()),
        )?;
        let Some(vitals) = self.vitals else {
            return Ok(());
        };
        let age = |since: Option<Timestamp>| {
            since.map_or(0.0, |since| self.now.since(since).max(0) as f64 / 1_000.0)
        };
        let lists = [
            ("waiting", vitals.waiting),
            ("reported", vitals.reported),
            ("appeals", vitals.appeals),
        ];
        page.gauges(
            "queue_length",
            &format!("Comments in a list of the desk, counted up to {COUNTED}"),
            None,
            labelled("list", lists.to_vec()),
        )?;
        page.gauge(
            "queue_oldest_age",
            "Time since the oldest waiting comment was sent, 0 when none waits",
            Some(Unit::Seconds),
            age(vitals.oldest_waiting),
        )?;
        page.gauge(
            "outbox_length",
            &format!("Effects of decisions that have not left, counted up to {COUNTED}; most wait for the end of the undo window"),
            None,
            vitals.outbox,
        )?;
        page.gauge(
            "outbox_oldest_age",
            "Time for which the oldest of them is overdue, 0 when none is",
            Some(Unit::Seconds),
            age(vitals.overdue_since),
        )?;
        page.gauge(
            "database_size",
            "Size of the database, on SQLite with its write-ahead log",
            Some(Unit::Bytes),
            vitals.bytes,
        )
    }

    fn tell_program(&self, page: &mut Page) -> Told {
        page.counter(
            "log_lines_left_out",
            "Warnings and errors not written to the log because the same place had written many",
            throttle::left_out(),
        )?;
        let labels = [("version", env!("CARGO_PKG_VERSION"))];
        page.info("build", "Which Rejoinder this is", &labels)
    }
}
