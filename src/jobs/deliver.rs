//! Hands over what the outbox holds once it is due. The one transport there is writes to the log.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval};

use super::survived;
use crate::app::App;
use crate::store::outbox::{self, BATCH, Effect, Message};
use crate::store::slices::pause_after;
use crate::store::{self, Kind, Store};
use crate::time::Timestamp;

/// How often is looked for what is due.
const LOOK: Duration = Duration::from_secs(1);

/// Goes on until it is aborted. What was claimed and not handed over by then is claimed anew a minute later.
pub async fn run(app: Arc<App>) {
    let mut ticks = interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failing = false;
    loop {
        ticks.tick().await;
        match survived(round(&app.store, app.config.clock.now())).await {
            Ok(_) => failing = false,
            Err(error) if !failing => {
                tracing::warn!(%error, "notices wait for the database");
                failing = true;
            }
            Err(_) => {}
        }
    }
}

/// Hands over everything that is due, in batches with pauses between, and says how many messages there were. When nothing is due,
/// that is one read.
///
/// # Errors
/// Those of the engine; what was claimed then is claimed anew a minute later, under the same message id.
pub async fn round(store: &Store, now: Timestamp) -> store::Result<usize> {
    let mut handed_over = 0;
    if !store.read(move |db| outbox::is_due(db, now)).await? {
        return Ok(handed_over);
    }
    loop {
        let (messages, claimed, took) = store
            .write(Kind::Update, move |db| {
                let begun = Instant::now();
                let (messages, claimed) = outbox::claim(db, now)?;
                Ok((messages, claimed, begun.elapsed()))
            })
            .await?;
        messages.iter().for_each(write_to_log);
        handed_over += messages.len();
        let rows: Vec<i64> = messages.iter().map(|message| message.row).collect();
        if !rows.is_empty() {
            store
                .write(Kind::Update, move |db| outbox::delivered(db, &rows, now))
                .await?;
        }
        if claimed < BATCH {
            return Ok(handed_over);
        }
        tokio::time::sleep(pause_after(took)).await;
    }
}

/// The transport: nobody's words and nobody's name, as logs are kept by others.
fn write_to_log(message: &Message) {
    let Some(says) = message.says else { return };
    tracing::info!(
        message_id = message.message_id,
        kind = Effect::Notice.word(),
        comment = message.comment,
        decision = message.decision,
        says = says.word(),
        "notice"
    );
}
