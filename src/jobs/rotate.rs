//! Changes the keys under which networks are hashed, and reads them anew often enough to follow another server.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::survived;
use crate::app::App;
use crate::store::{self, Kind, networks};

/// How often the keys are read: more often than a new one takes to be in force.
const READ: Duration = Duration::from_secs(30);

/// Goes on until it is aborted.
pub async fn run(app: Arc<App>) {
    let mut ticks = interval(READ);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = survived(round(&app)).await {
            tracing::warn!(%error, "the keys of networks could not be read");
        }
    }
}

/// Reads the keys, and changes them when their time is over.
///
/// # Errors
/// Those of the engine; then the keys stay as they were read last.
pub async fn round(app: &App) -> store::Result<()> {
    let (kept, now) = (app.config.network_kept, app.config.clock.now());
    let mut keys = app.store.read(move |db| networks::keys(db, now)).await?;
    if networks::is_due(&keys, kept, now) {
        keys = app
            .store
            .write(Kind::Update, move |db| networks::rotate(db, kept, now))
            .await?;
    }
    app.network_keys.set(keys);
    Ok(())
}
