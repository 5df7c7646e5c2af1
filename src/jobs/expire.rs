//! Lets go of what was kept for long enough: at start, and once an hour.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval};

use super::survived;
use crate::app::App;
use crate::moderation::Status;
use crate::store::retention::{self, ROWS, TEXTS};
use crate::store::slices::{is_over, pause_after};
use crate::store::{self, Db, Kind};
use crate::time::Timestamp;

const OFTEN: Duration = Duration::from_secs(60 * 60);

/// What one run let go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Expired {
    /// Networks of comments, reports and holds.
    pub networks: usize,
    /// Texts of rejected comments, and of spam.
    pub rejected: usize,
    pub spam: usize,
    /// Names and addresses of people who reported.
    pub contacts: usize,
    pub devices: usize,
}

/// Goes on until it is aborted.
pub async fn run(app: Arc<App>) {
    let mut ticks = interval(OFTEN);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match survived(round(&app)).await {
            Ok(expired) if expired == Expired::default() => {}
            Ok(expired) => tracing::info!(
                networks = expired.networks,
                rejected = expired.rejected,
                spam = expired.spam,
                contacts = expired.contacts,
                devices = expired.devices,
                "let go of what was kept for long enough"
            ),
            Err(error) => tracing::warn!(%error, "what was kept for long enough is kept longer"),
        }
    }
}

/// Lets go of everything whose time is over now.
///
/// # Errors
/// Those of the engine; what was let go before stays so.
pub async fn round(app: &App) -> store::Result<Expired> {
    let now = app.config.clock.now();
    let config = &app.config;
    // For ever is for ever.
    let before = |kept: i64| (kept > 0).then(|| now.plus(-kept));
    let mut expired = Expired::default();
    if let Some(before) = before(config.network_kept) {
        for table in [
            retention::comment_networks as fn(&mut Db, Timestamp) -> store::Result<usize>,
            retention::report_networks,
        ] {
            expired.networks += slices(app, ROWS, move |db| table(db, before)).await?;
        }
        expired.networks += app
            .store
            .write(Kind::Update, move |db| retention::hold_networks(db, before))
            .await?;
    }
    if let Some(before) = before(config.rejected_kept) {
        let rejected = move |db: &mut Db| retention::texts(db, Status::Rejected, before, now);
        expired.rejected = slices(app, TEXTS, rejected).await?;
        let contacts = move |db: &mut Db| retention::report_contacts(db, before);
        expired.contacts = slices(app, ROWS, contacts).await?;
    }
    if let Some(before) = before(config.spam_kept) {
        let spam = move |db: &mut Db| retention::texts(db, Status::Spam, before, now);
        expired.spam = slices(app, TEXTS, spam).await?;
    }
    expired.devices = slices(app, ROWS, move |db| retention::devices(db, now)).await?;
    let failed = now.plus(-retention::failures_kept(config.network_kept));
    slices(app, ROWS, move |db| retention::login_failures(db, failed)).await?;
    app.store
        .write(Kind::Update, move |db| retention::sign_ins(db, now))
        .await?;
    Ok(expired)
}

/// Works until a slice is not full; each is short, and readers' posts slip between. Says how many rows there were.
async fn slices(
    app: &App,
    full: usize,
    work: impl Fn(&mut Db) -> store::Result<usize> + Clone + Send + 'static,
) -> store::Result<usize> {
    let mut rows = 0;
    loop {
        let one = work.clone();
        let (found, more, took) = app
            .store
            .write(Kind::Update, move |db| {
                let begun = Instant::now();
                let mut found = 0;
                loop {
                    let taken = one(db)?;
                    found += taken;
                    if taken < full || is_over(begun.elapsed()) {
                        return Ok((found, taken >= full, begun.elapsed()));
                    }
                }
            })
            .await?;
        rows += found;
        if !more {
            return Ok(rows);
        }
        tokio::time::sleep(pause_after(took)).await;
    }
}
