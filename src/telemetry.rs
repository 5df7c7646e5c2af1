//! Logs: to standard error, as text or as JSON lines.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// Starts logging for the process. A second call changes nothing.
pub fn start(config: &Config) {
    let filter = EnvFilter::new(format!(
        "{level},actix_server=warn,actix_web=warn,h2=warn",
        level = config.log_level
    ));
    let base = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    let started = match config.log_format {
        LogFormat::Text => base.try_init(),
        LogFormat::Json => base.json().flatten_event(true).try_init(),
    };
    if let Err(error) = started {
        tracing::debug!(%error, "logging had been started before");
    }
}
