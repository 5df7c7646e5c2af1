//! Rows that an older version rendered, and what they become: texts rendered anew, the keys of names and addresses that
//! rows of the first schema lack, and the terms that a search finds comments by. Pages are read from the newest row down, and rows are taken in that order too:
//! a reply before what it answers, as everywhere, and the articles last.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use super::connection::Db;
use super::error::Result;
use super::publication;
use super::schema::{comment_terms, comments, revisions};
use super::search::{self, Terms};
use super::settings;
use super::slices::is_over;
use crate::moderation::Status;
use crate::text::{HTML_VERSION, TERMS_VERSION};

/// Rows of a page.
const PAGE: i64 = 100;
/// The versions that have been through all rows.
const MARK: &str = "rendered_with";

/// The versions of the renderer and of the terms: another one of either goes through all rows.
fn versions() -> String {
    format!("{HTML_VERSION}.{TERMS_VERSION}")
}

/// Whether these versions have been through all rows.
///
/// # Errors
/// Those of the engine.
pub fn is_done(db: &mut Db) -> Result<bool> {
    Ok(settings::get(db, MARK)?.is_some_and(|mark| mark == versions()))
}

/// Marks the end, so that the next start has nothing to do.
///
/// # Errors
/// Those of the engine.
pub fn set_done(db: &mut Db) -> Result<()> {
    settings::set(db, MARK, &versions())
}

/// A comment as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = comments)]
pub struct StoredText {
    pub id: i64,
    pub body: String,
    pub body_html: String,
    pub html_version: i16,
    pub name: String,
    pub email: String,
    pub name_key: String,
    pub email_key: String,
    /// The edit that waits.
    pub revision_id: Option<i64>,
}

/// A comment, and what belongs to it.
#[derive(Debug, Clone)]
pub struct StoredComment {
    pub text: StoredText,
    /// The text of the edit that waits.
    pub edit: Option<String>,
    /// What it is found by; `None` in a database of before there was a search.
    pub terms: Option<Terms>,
}

/// A page of the comments that have a text, older than `before`.
///
/// # Errors
/// Those of the engine.
pub fn comments(db: &mut Db, before: i64) -> Result<Vec<StoredComment>> {
    type Row = (StoredText, Option<String>, Option<(String, i64)>);
    let rows: Vec<Row> = comments::table
        .left_join(revisions::table.on(comments::revision_id.eq(revisions::id.nullable())))
        .left_join(comment_terms::table.on(comment_terms::comment_id.eq(comments::id)))
        .filter(comments::id.lt(before))
        .filter(comments::body.ne(""))
        .order(comments::id.desc())
        .limit(PAGE)
        .select((
            StoredText::as_select(),
            revisions::body.nullable(),
            (comment_terms::terms, comment_terms::text_key).nullable(),
        ))
        .load(db)?;
    let stored = |(text, edit, terms): Row| StoredComment {
        text,
        edit,
        terms: terms.map(|(terms, text_key)| Terms { terms, text_key }),
    };
    Ok(rows.into_iter().map(stored).collect())
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
            if through > 0 && is_over(begun.elapsed()) {
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

/// Writes comments, and marks the pages on which readers see another one now. Terms are written with the row of the comment
/// held, so that an edit at the same moment finds them or is seen here.
///
/// # Errors
/// Those of the engine.
pub fn write_comments(db: &mut Db, rows: &[Change<StoredComment>]) -> Result<Slice> {
    let mut pages = BTreeSet::new();
    let (slice, begun) = Slice::work(rows, |change| {
        let Some((article, status)) = write_text(db, &change.before.text, &change.after.text)?
        else {
            return Ok(false);
        };
        if status.is_public() && change.before.text.body_html != change.after.text.body_html {
            pages.insert(article);
        }
        if let Some(terms) = &change.after.terms
            && change.before.terms != change.after.terms
        {
            search::replace(db, change.before.text.id, terms)?;
        }
        Ok(true)
    })?;
    for article in pages {
        publication::touch(db, article)?;
    }
    let took = begun.elapsed();
    Ok(Slice { took, ..slice })
}

/// The article and the status of the comment, if its texts are still the same.
fn write_text(db: &mut Db, old: &StoredText, new: &StoredText) -> Result<Option<(i64, Status)>> {
    let same_edit = sql::<Bool>("coalesce(comments.revision_id, 0) = ")
        .bind::<BigInt, _>(old.revision_id.unwrap_or(0));
    Ok(diesel::update(
        comments::table
            .find(old.id)
            .filter(comments::body.eq(&old.body))
            .filter(comments::name.eq(&old.name))
            .filter(comments::email.eq(&old.email))
            .filter(same_edit),
    )
    .set((
        comments::body_html.eq(&new.body_html),
        comments::html_version.eq(new.html_version),
        comments::name_key.eq(&new.name_key),
        comments::email_key.eq(&new.email_key),
    ))
    .returning((comments::article_id, comments::status))
    .get_result(db)
    .optional()?)
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
