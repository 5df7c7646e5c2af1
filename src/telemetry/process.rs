//! What the system tells of the process, under the names that every program has for it.

use std::time::SystemTime;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use prometheus_client::registry::Unit;
use rustix::process::{Resource, getrlimit};
use rustix::time::{ClockId, clock_gettime};

use super::exposition::{Format, Page, Told};

/// The process at the moment of a scrape.
#[derive(Debug)]
pub(super) struct Process {
    pub started: SystemTime,
    pub format: Format,
}

impl Collector for Process {
    fn encode(&self, encoder: DescriptorEncoder) -> Told {
        let mut page = Page::new(encoder, self.format);
        let started = self.started.duration_since(SystemTime::UNIX_EPOCH);
        page.gauge(
            "process_start_time",
            "When the server started, since the epoch",
            Some(Unit::Seconds),
            started.unwrap_or_default().as_secs_f64(),
        )?;
        page.seconds(
            "process_cpu",
            "Time on processors, in the program and in the system for it",
            processor_seconds(),
        )?;
        if let Some(bytes) = resident_memory() {
            page.gauge(
                "process_resident_memory",
                "Memory that the process holds",
                Some(Unit::Bytes),
                bytes,
            )?;
        }
        if let Some(files) = open_files() {
            page.gauge(
                "process_open_fds",
                "Files, connections and what else is open",
                None,
                files,
            )?;
        }
        if let Some(most) = getrlimit(Resource::Nofile).current {
            page.gauge("process_max_fds", "How many may be open", None, most)?;
        }
        Ok(())
    }
}

/// Of all threads.
fn processor_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1_000_000_000.0
}

/// Bytes, where the system tells them as Linux does.
fn resident_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1_024)
}

/// The same; without the one that is open while they are counted.
fn open_files() -> Option<u64> {
    let files = std::fs::read_dir("/proc/self/fd").ok()?.count();
    u64::try_from(files.saturating_sub(1)).ok()
}
