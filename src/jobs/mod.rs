//! What goes on beside requests.

pub mod deliver;
pub mod expire;
pub mod refresh_planner;
pub mod rerender;
pub mod rotate;
mod seal_audit;
pub mod sweep_pages;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::app::App;

/// View counts are written this often.
const FLUSH_VIEWS: Duration = Duration::from_secs(5);

/// Starts every job; each ends when it is aborted.
pub fn start(app: &Arc<App>) -> Vec<JoinHandle<()>> {
    vec![
        tokio::spawn(flush_views(Arc::clone(app))),
        tokio::spawn(sweep_pages::run(Arc::clone(app))),
        tokio::spawn(deliver::run(Arc::clone(app))),
        tokio::spawn(seal_audit::run(Arc::clone(app))),
        tokio::spawn(rotate::run(Arc::clone(app))),
        tokio::spawn(expire::run(Arc::clone(app))),
        tokio::spawn(rerender::until_done(Arc::clone(app))),
        tokio::spawn(refresh_planner::run(Arc::clone(app))),
    ]
}

async fn flush_views(app: Arc<App>) {
    let mut ticks = interval(FLUSH_VIEWS);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        app.flush_views().await;
    }
}
