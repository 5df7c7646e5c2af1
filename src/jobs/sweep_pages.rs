//! Follows what other instances and commands change of the pages that are kept: twice a second their versions are compared, so
//! that a change is known within one.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::survived;
use crate::app::App;
use crate::pages::{self, Window};
use crate::store::articles::{self, Seek};
use crate::store::{self, Db, rules};

/// How often.
const LOOK: Duration = Duration::from_millis(500);
/// Articles in one question.
const SLICE: usize = 500;

/// Goes on until it is aborted.
pub async fn run(app: Arc<App>) {
    let mut ticks = interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failing = false;
    loop {
        ticks.tick().await;
        match survived(round(&app)).await {
            Ok(()) => failing = false,
            Err(error) if !failing => {
                tracing::warn!(%error, "kept pages wait for the database to be compared");
                failing = true;
            }
            Err(_) => {}
        }
    }
}

/// Compares everything once.
///
/// # Errors
/// Those of the engine.
pub async fn round(app: &Arc<App>) -> store::Result<()> {
    let (ids, lists) = app.pages.followed();
    let pages = Arc::clone(&app.pages);
    app.store
        .watch(move |db| {
            pages.tell_rules(rules::version(db)?);
            for slice in ids.chunks(SLICE) {
                for (id, version) in articles::versions(db, slice)? {
                    pages.find_article(id, version);
                }
            }
            for window in &lists {
                pages.tell_list(*window, fingerprint(db, *window)?);
            }
            Ok(())
        })
        .await
}

fn fingerprint(db: &mut Db, window: Window) -> store::Result<u64> {
    let seek = match (window.before, window.after) {
        (Some(id), _) => Seek::Before(id),
        (None, Some(id)) => Seek::After(id),
        (None, None) => Seek::First,
    };
    let page = articles::newest(db, seek, window.rows)?;
    let rows = page.rows.iter().map(|row| (row.id, row.page_version));
    Ok(pages::fingerprint(rows))
}
