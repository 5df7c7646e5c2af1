//! Articles as the desk lists them, and what moderators change about them.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::articles::{self, ArticleLine, Page, Seek};
use super::audit::{self, Actor, Entry};
use super::closing;
use super::connection::Db;
use super::error::Result;
use super::queue::COUNTED;
use super::schema::articles as table;
use crate::moderation::HoldMode;
use crate::time::Timestamp;

/// Articles on a page.
const ARTICLES: i64 = 25;

/// An article with what waits on it.
#[derive(Debug, Clone)]
pub struct DeskArticle {
    pub line: ArticleLine,
    /// Its waiting comments, at most [`COUNTED`].
    pub waiting: i64,
}

/// What a moderator can do to an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Open,
    Close,
    /// Sets which replies wait; `None` is the site's own mode.
    Hold(Option<HoldMode>),
}

/// A page of the articles, newest first; removed ones are left out.
///
/// # Errors
/// Those of the engine.
pub fn page(db: &mut Db, seek: Seek) -> Result<Page<DeskArticle>> {
    let page = articles::newest(db, seek, ARTICLES)?;
    Ok(Page {
        rows: with_waiting(db, page.rows)?,
        newer: page.newer,
        older: page.older,
    })
}

/// One article, unless it was removed.
///
/// # Errors
/// Those of the engine.
pub fn one(db: &mut Db, id: i64) -> Result<Option<ArticleLine>> {
    Ok(table::table
        .find(id)
        .filter(table::removed_at.is_null())
        .select(ArticleLine::as_select())
        .first(db)
        .optional()?)
}

#[derive(QueryableByName)]
struct Waiting {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    waiting: i64,
}

/// Counts what waits on each, in one statement that reads at most [`COUNTED`] rows of the index for any of them.
fn with_waiting(db: &mut Db, lines: Vec<ArticleLine>) -> Result<Vec<DeskArticle>> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = lines.iter().map(|line| format!("({})", line.id)).collect();
    let ids = ids.join(", ");
    // PostgreSQL is asked for a range in the order of the index, as in `siblings`: else it reads all of a bitmap to count a part.
    let (hint, range) = if db.is_sqlite() {
        (
            "INDEXED BY comments_waiting_article",
            "c.article_id = ids.id",
        )
    } else {
        (
            "",
            "(c.article_id, c.id) >= (ids.id, 0) AND c.article_id <= ids.id",
        )
    };
    // The condition of the partial index, to the letter.
    let counts: Vec<Waiting> = diesel::sql_query(format!(
        "WITH ids (id) AS (VALUES {ids}) SELECT CAST(id AS BIGINT) AS id, (SELECT count(*) FROM (SELECT 1 FROM comments c {hint} \
         WHERE {range} AND (CASE WHEN c.status = 1 THEN c.revision_id IS NOT NULL ELSE c.status = 0 END) \
         ORDER BY c.article_id, c.id LIMIT {COUNTED}) w) AS waiting FROM ids"
    ))
    .load(db)?;
    let counts: HashMap<i64, i64> = counts
        .into_iter()
        .map(|count| (count.id, count.waiting))
        .collect();
    Ok(lines
        .into_iter()
        .map(|line| DeskArticle {
            waiting: counts.get(&line.id).copied().unwrap_or(0),
            line,
        })
        .collect())
}

/// Changes an article in a moderator's name; what is so already is left alone. `close_after` is that of the site, in
/// milliseconds after publication. `false` when there is no such article.
///
/// # Errors
/// Those of the engine.
pub fn change(
    db: &mut Db,
    id: i64,
    change: Change,
    moderator: i64,
    close_after: i64,
    now: Timestamp,
) -> Result<bool> {
    let Some(line) = one(db, id)? else {
        return Ok(false);
    };
    let (act, facts) = match change {
        Change::Open if line.replies.closed(close_after, now).is_none() => return Ok(true),
        Change::Open => {
            closing::open(db, &line.slug, close_after, now)?;
            ("article-opened", serde_json::Value::Null)
        }
        Change::Close if !line.replies.open => return Ok(true),
        Change::Close => {
            closing::close(db, &line.slug, now)?;
            ("article-closed", serde_json::Value::Null)
        }
        Change::Hold(mode) if mode == line.hold => return Ok(true),
        Change::Hold(mode) => {
            articles::set_hold(db, &line.slug, mode)?;
            ("hold-mode", hold_facts(line.hold, mode))
        }
    };
    let entry = Entry {
        article: Some(id),
        facts,
        ..Entry::new(Actor::Moderator(moderator), act)
    };
    audit::append(db, &entry, now)?;
    Ok(true)
}

/// What the audit log keeps of a change of mode; `site` is the site's own.
pub fn hold_facts(from: Option<HoldMode>, to: Option<HoldMode>) -> serde_json::Value {
    let word = |mode: Option<HoldMode>| mode.map_or("site", HoldMode::word);
    serde_json::json!({ "from": word(from), "to": word(to) })
}
