//! Logs, to standard error, as text or as JSON lines; and the figures that monitoring reads.

mod acts;
mod exposition;
pub mod metrics;
mod process;
mod requests;
mod throttle;

use std::io::IsTerminal;

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

pub use acts::{Acts, Replied, Reported};
pub use metrics::Metrics;
pub use requests::{Requests, Route};

use crate::config::{Config, LogFormat};
use throttle::Throttle;

/// Starts logging for the process. A second call changes nothing.
pub fn start(config: &Config) {
    // Libraries may warn, and no more: at `debug` the HTML parser repeats every text that it reads.
    let level = config.log_level.as_str();
    let theirs = if level == "error" { level } else { "warn" };
    let filter = EnvFilter::new(format!("{theirs},rejoinder={level}"));
    let throttle = Throttle::default();
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        // It would be said on standard error as well, and panic when nobody reads that any more: with the request, or with the
        // task that waits for a signal.
        .log_internal_errors(false)
        .with_target(false);
    let lines = match config.log_format {
        LogFormat::Text => lines.with_filter(throttle.clone()).boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_filter(throttle.clone())
            .boxed(),
    };
    let started = tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .try_init();
    if let Err(error) = started {
        tracing::debug!(%error, "logging had been started before");
        return;
    }
    if let Err(error) = throttle.tell_what_is_left_out() {
        tracing::warn!(%error, "nothing will be said of lines that are left out");
    }
}
