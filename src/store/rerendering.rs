//! Rows that an older version rendered, and what they become: texts rendered anew, and the keys of names and addresses
//! that rows of the first schema lack. Pages are read from the newest row down, and rows are taken in that order too:
//! a reply before what it answers, as everywhere, and the articles last.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use diesel::prelude::*;

use super::connection::Db;
use super::error::Result;
use super::schema::{articles, comments, revisions};
use super::settings;
use super::slices::SLICE;
use crate::moderation::Status;

/// Rows of a page.
const PAGE: i64 = 100;
/// The version of the renderer that has been through all rows.
const MARK: &str = "rendered_with";

/// Whether this version of the renderer has been through all rows.
///
/// # Errors
/// Those of the engine.
pub fn is_done(db: &mut Db, version: i16) -> Result<bool> {
    Ok(settings::get(db, MARK)?.is_some_and(|mark| mark == version.to_string()))
}

/// Marks the end, so that the next start has nothing to do.
///
/// # Errors
/// Those of the engine.
pub fn set_done(db: &mut Db, version: i16) -> Result<()> {
    settings::set(db, MARK, &version.to_string())
}

/// A comment as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = comments)]
pub struct StoredComment {
    pub id: i64,
    pub body: String,
    pub body_html: String,
    pub html_version: i16,
    pub name: String,
    pub email: String,
    pub name_key: String,
    pub email_key: String,
}

/// A page of the comments that have a text, older than `before`.
///
/// # Errors
/// Those of the engine.
pub fn comments(db: &mut Db, before: i64) -> Result<Vec<StoredComment>> {
    Ok(comments::table
        .filter(comments::id.lt(before))
        .filter(comments::body.ne(""))
        .order(comments::id.desc())
        .limit(PAGE)
        .select(StoredComment::as_select())
        .load(db)?)
}

/// A revision as it is stored, with the text that it replaced.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = revisions)]
pub struct StoredRevision {
    pub id: i64,
    pub body: String,
    pub body_html: String,
    pub html_version: i16,
    pub previous_body: String,
    pub previous_html: String,
}

/// A page of the revisions that have a text, older than `before`.
///
/// # Errors
/// Those of the engine.
pub fn revisions(db: &mut Db, before: i64) -> Result<Vec<StoredRevision>> {
    Ok(revisions::table
        .filter(revisions::id.lt(before))
        .filter(revisions::body.ne(""))
        .order(revisions::id.desc())
        .limit(PAGE)
        .select(StoredRevision::as_select())
        .load(db)?)
}

/// A row before and after.
#[derive(Debug, Clone)]
pub struct Change<T> {
    pub before: T,
    pub after: T,
}

/// What one slice of writing did.
#[derive(Debug, Clone, Copy)]
pub struct Slice {
    /// Rows gone through, from the first: the rest is for the next slice.
    pub through: usize,
    /// Rows written. Those whose text is another one by now were left as they are.
    pub written: usize,
    pub took: Duration,
}

impl Slice {
    /// Does row after row until the time is up; one at least.
    fn work<T>(rows: &[T], mut write: impl FnMut(&T) -> Result<bool>) -> Result<(Self, Instant)> {
        let begun = Instant::now();
        let (mut through, mut written) = (0, 0);
        for row in rows {
            if through > 0 && begun.elapsed() >= SLICE {
                break;
            }
            written += usize::from(write(row)?);
            through += 1;
        }
        let slice = Self {
            through,
            written,
            took: begun.elapsed(),
        };
        Ok((slice, begun))
    }
}

/// Writes comments, and marks the pages on which readers see another one now.
///
/// # Errors
/// Those of the engine.
pub fn write_comments(db: &mut Db, rows: &[Change<StoredComment>]) -> Result<Slice> {
    let mut pages = BTreeSet::new();
    let (slice, begun) = Slice::work(rows, |Change { before, after }| {
        let written: Option<(i64, Status)> = diesel::update(
            comments::table
                .find(before.id)
                .filter(comments::body.eq(&before.body))
                .filter(comments::name.eq(&before.name))
                .filter(comments::email.eq(&before.email)),
        )
        .set((
            comments::body_html.eq(&after.body_html),
            comments::html_version.eq(after.html_version),
            comments::name_key.eq(&after.name_key),
            comments::email_key.eq(&after.email_key),
        ))
        .returning((comments::article_id, comments::status))
        .get_result(db)
        .optional()?;
        if let Some((article, status)) = written
            && status.is_public()
            && before.body_html != after.body_html
        {
            pages.insert(article);
        }
        Ok(written.is_some())
    })?;
    for article in pages {
        diesel::update(articles::table.find(article))
            .set(articles::page_version.eq(articles::page_version + 1))
            .execute(db)?;
    }
    let took = begun.elapsed();
    Ok(Slice { took, ..slice })
}

/// Writes revisions.
///
/// # Errors
/// Those of the engine.
pub fn write_revisions(db: &mut Db, rows: &[Change<StoredRevision>]) -> Result<Slice> {
    let (slice, _) = Slice::work(rows, |Change { before, after }| {
        let written = diesel::update(
            revisions::table
                .find(before.id)
                .filter(revisions::body.eq(&before.body))
                .filter(revisions::previous_body.eq(&before.previous_body)),
        )
        .set((
            revisions::body_html.eq(&after.body_html),
            revisions::html_version.eq(after.html_version),
            revisions::previous_html.eq(&after.previous_html),
        ))
        .execute(db)?;
        Ok(written > 0)
    })?;
    Ok(slice)
}
