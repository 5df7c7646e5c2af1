//! Seals the audit log as it grows, and writes its head to the log of the server once a day: whoever keeps that elsewhere can
//! prove what the audit log was.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::survived;
use crate::app::App;
use crate::store::slices::pause_after;
use crate::store::{self, Kind, audit_seals};
use crate::time::{HOUR, Timestamp};

/// How often is looked for what waits.
const LOOK: Duration = Duration::from_secs(1);

/// Goes on until it is aborted. A clean stop seals what is left.
pub async fn run(app: Arc<App>) {
    let mut ticks = interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failing = false;
    let mut asked = None;
    loop {
        ticks.tick().await;
        match survived(round(&app, &mut asked)).await {
            Ok(()) => failing = false,
            Err(error) if !failing => {
                tracing::warn!(%error, "the audit log waits for the database to be sealed");
                failing = true;
            }
            Err(_) => {}
        }
    }
}

/// `asked` is when the database was last asked whether the head is due.
async fn round(app: &App, asked: &mut Option<Timestamp>) -> store::Result<()> {
    while let Some(took) = app.seal_audit().await? {
        tokio::time::sleep(pause_after(took)).await;
    }
    let now = app.config.clock.now();
    if asked.is_some_and(|asked| now.since(asked) < HOUR) {
        return Ok(());
    }
    let head = app
        .store
        .write(Kind::Update, move |db| {
            audit_seals::head_of_the_day(db, now)
        })
        .await?;
    *asked = Some(now);
    if let Some(head) = head {
        tracing::info!(%head, "the audit log is sealed up to here");
    }
    Ok(())
}
