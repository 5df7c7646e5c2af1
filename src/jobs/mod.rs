//! What goes on beside requests.

pub mod deliver;
pub mod expire;
pub mod refresh_planner;
pub mod rerender;
pub mod rotate;
mod seal_audit;
pub mod sweep_pages;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::FutureExt;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::app::App;
use crate::store;

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
        let turn = async {
            app.flush_views().await;
            Ok(())
        };
        if let Err(error) = survived(turn).await {
            tracing::warn!(%error, "views that were counted are lost");
        }
    }
}

/// A turn of a job. A bug that panics costs this turn; the job goes on with the next one.
async fn survived<T>(turn: impl Future<Output = store::Result<T>>) -> store::Result<T> {
    AssertUnwindSafe(turn)
        .catch_unwind()
        .await
        .unwrap_or(Err(store::Error::Panicked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_that_panics_is_over_and_the_next_one_comes() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let mut turns = 0;
        let outcomes = [false, true, false].map(|is_bad| {
            runtime.block_on(survived(async {
                turns += 1;
                assert!(!is_bad, "a bug, on purpose");
                Ok(turns)
            }))
        });
        assert!(matches!(
            outcomes,
            [Ok(1), Err(store::Error::Panicked), Ok(3)]
        ));
    }
}
