//! Renders anew what an older version rendered, and makes anew the terms that a search finds it by, once after a start that
//! finds such a database.

use std::sync::Arc;
use std::time::Duration;

use super::survived;
use crate::app::App;
use crate::store::rerendering::{self, Change, Slice, StoredComment, StoredRevision};
use crate::store::search::Terms;
use crate::store::slices::pause_after;
use crate::store::{self, Db, Kind, Store};
use crate::text::{self, HTML_VERSION};

/// Until the next attempt, when the database did not answer.
const AGAIN: Duration = Duration::from_secs(30);

/// Goes on until everything is rendered anew.
pub async fn until_done(app: Arc<App>) {
    loop {
        match survived(run(&app.store)).await {
            Ok(0) => return,
            Ok(rows) => {
                return tracing::info!(rows, "comments of an older version are rendered anew");
            }
            Err(error) => tracing::warn!(%error, "rendering anew waits for the database"),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Renders anew what is to be, and says how many rows it wrote. What was done before a start that ended early stays done.
///
/// # Errors
/// Those of the engine.
pub async fn run(store: &Store) -> store::Result<usize> {
    if store.read(rerendering::is_done).await? {
        return Ok(0);
    }
    let mut rows = 0;
    loop {
        let written = walk(store, &REVISIONS).await? + walk(store, &COMMENTS).await?;
        // An edit accepted meanwhile may have brought an old text back to where the walk had been: only a walk that
        // finds nothing to do is the last.
        if written == 0 {
            break;
        }
        rows += written;
    }
    store.write(Kind::Update, rerendering::set_done).await?;
    Ok(rows)
}

/// How the rows of one table are read, rendered and written.
struct Table<T> {
    page: fn(&mut Db, i64) -> store::Result<Vec<T>>,
    id: fn(&T) -> i64,
    /// The row as it should be; `None` when it is so.
    anew: fn(&T) -> Option<T>,
    write: fn(&mut Db, &[Change<T>]) -> store::Result<Slice>,
}

const COMMENTS: Table<StoredComment> = Table {
    page: rerendering::comments,
    id: |row| row.text.id,
    anew: comment_anew,
    write: rerendering::write_comments,
};

const REVISIONS: Table<StoredRevision> = Table {
    page: rerendering::revisions,
    id: |row| row.id,
    anew: revision_anew,
    write: rerendering::write_revisions,
};

/// From the newest row to the oldest; says how many were written.
async fn walk<T: Send + Sync + 'static>(store: &Store, table: &Table<T>) -> store::Result<usize> {
    let &Table {
        page,
        id,
        anew,
        write,
    } = table;
    let (mut before, mut written) = (i64::MAX, 0);
    loop {
        let rows = store.read(move |db| page(db, before)).await?;
        let Some(last) = rows.last().map(id) else {
            return Ok(written);
        };
        before = last;
        let changes = tokio::task::spawn_blocking(move || -> Arc<[Change<T>]> {
            let change = |before| anew(&before).map(|after| Change { before, after });
            rows.into_iter().filter_map(change).collect()
        })
        .await
        .map_err(|_| store::Error::Lost)?;
        let mut through = 0;
        while through < changes.len() {
            let shared = Arc::clone(&changes);
            let slice = store
                .write(Kind::Update, move |db| {
                    write(db, shared.get(through..).unwrap_or_default())
                })
                .await?;
            through += slice.through;
            written += slice.written;
            tokio::time::sleep(pause_after(slice.took)).await;
        }
    }
}

fn comment_anew(row: &StoredComment) -> Option<StoredComment> {
    let mut anew = row.clone();
    let (old, new) = (&row.text, &mut anew.text);
    if old.html_version != HTML_VERSION {
        new.body_html = text::comment(&old.body).into_string();
        new.html_version = HTML_VERSION;
    }
    if old.name_key.is_empty() {
        new.name_key = text::mimic_key(&old.name);
    }
    if old.email_key.is_empty() {
        new.email_key = old.email.to_lowercase();
    }
    let same = old.html_version == new.html_version
        && old.name_key == new.name_key
        && old.email_key == new.email_key;
    anew.terms = Some(Terms::of(&old.name, &old.body).with_edit(row.edit.as_deref()));
    (!same || row.terms != anew.terms).then_some(anew)
}

/// The text that an accepted revision replaced carries no version of its own.
fn revision_anew(row: &StoredRevision) -> Option<StoredRevision> {
    let mut anew = row.clone();
    if row.html_version != HTML_VERSION {
        anew.body_html = text::comment(&row.body).into_string();
        anew.html_version = HTML_VERSION;
    }
    if !row.previous_body.is_empty() {
        anew.previous_html = text::comment(&row.previous_body).into_string();
    }
    let same = row.html_version == anew.html_version && row.previous_html == anew.previous_html;
    (!same).then_some(anew)
}
