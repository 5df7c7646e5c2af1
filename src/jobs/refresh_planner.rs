//! Keeps what SQLite's planner knows of the tables fresh: at start, and once an hour. PostgreSQL does so by itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval};

use super::survived;
use crate::app::App;
use crate::store::{self, Kind, planner};

/// Reading connections learn of new figures when they are opened, and none is kept for longer than half an hour.
const OFTEN: Duration = Duration::from_secs(60 * 60);

/// Goes on until it is aborted; on PostgreSQL there is nothing to do.
pub async fn run(app: Arc<App>) {
    if !app.store.target().is_sqlite() {
        return;
    }
    let mut ticks = interval(OFTEN);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let begun = Instant::now();
        match survived(round(&app)).await {
            Ok(()) => tracing::debug!(took = ?begun.elapsed(), "the planner's figures are fresh"),
            Err(error) => tracing::warn!(%error, "the planner's figures stay as they were"),
        }
    }
}

/// # Errors
/// Those of the engine; then the figures stay as they were.
pub async fn round(app: &App) -> store::Result<()> {
    app.store.write(Kind::Update, planner::refresh).await
}
