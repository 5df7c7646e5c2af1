//! Notes from colleague to colleague: on a comment, and on its author where that one is recognised.

use std::collections::HashMap;

use diesel::prelude::*;

use super::connection::Db;
use super::error::Result;
use super::schema::{authors, comments, moderators, staff_notes};
use crate::time::Timestamp;

/// Notes beside a comment: the latest.
pub const SHOWN: i64 = 3;
/// Notes on an author's page: the latest.
pub const ON_PAGE: i64 = 50;

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub id: i64,
    /// Of the moderator who wrote it.
    pub name: String,
    pub at: Timestamp,
    pub text: String,
}

/// Writes a note on a comment and its author; `false` when there is no such comment.
///
/// # Errors
/// Those of the engine.
pub fn add(db: &mut Db, comment: i64, text: &str, moderator: i64, now: Timestamp) -> Result<bool> {
    let author: Option<Option<i64>> = comments::table
        .find(comment)
        .select(comments::author_id)
        .first(db)
        .optional()?;
    let Some(author) = author else {
        return Ok(false);
    };
    write(db, (Some(comment), author), text, moderator, now)?;
    Ok(true)
}

/// Writes a note on an author; `false` when there is no such author.
///
/// # Errors
/// Those of the engine.
pub fn add_to_author(
    db: &mut Db,
    author: i64,
    text: &str,
    moderator: i64,
    now: Timestamp,
) -> Result<bool> {
    let known: Option<i64> = authors::table
        .find(author)
        .select(authors::id)
        .first(db)
        .optional()?;
    if known.is_none() {
        return Ok(false);
    }
    write(db, (None, Some(author)), text, moderator, now)?;
    Ok(true)
}

fn write(
    db: &mut Db,
    (comment, author): (Option<i64>, Option<i64>),
    text: &str,
    moderator: i64,
    now: Timestamp,
) -> Result<()> {
    diesel::insert_into(staff_notes::table)
        .values((
            staff_notes::comment_id.eq(comment),
            staff_notes::author_id.eq(author),
            staff_notes::moderator_id.eq(moderator),
            staff_notes::at.eq(now.0),
            staff_notes::text.eq(text),
        ))
        .execute(db)?;
    Ok(())
}

type Row = (Option<i64>, Option<i64>, i64, String, Timestamp, String);

/// The columns of a [`Row`].
macro_rules! columns {
    () => {
        (
            staff_notes::comment_id,
            staff_notes::author_id,
            staff_notes::id,
            moderators::name,
            staff_notes::at,
            staff_notes::text,
        )
    };
}

fn note((_, _, id, name, at, text): Row) -> Note {
    Note { id, name, at, text }
}

/// The latest notes on each of these comments and their authors, latest first. At most three statements.
///
/// # Errors
/// Those of the engine.
pub fn beside(db: &mut Db, on: &[(i64, Option<i64>)]) -> Result<HashMap<i64, Vec<Note>>> {
    let comments: Vec<i64> = on.iter().map(|(comment, _)| *comment).collect();
    let authors: Vec<i64> = on.iter().filter_map(|(_, author)| *author).collect();
    let ids = latest(db, "comment_id", &comments)?;
    let of_authors = latest(db, "author_id", &authors)?;
    let ids = [ids, of_authors].concat();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Row> = staff_notes::table
        .inner_join(moderators::table.on(moderators::id.eq(staff_notes::moderator_id)))
        .filter(staff_notes::id.eq_any(ids))
        .order(staff_notes::id.desc())
        .select(columns!())
        .load(db)?;
    let mut beside: HashMap<i64, Vec<Note>> = HashMap::new();
    for (comment, author) in on {
        let theirs = rows
            .iter()
            .filter(|row| row.0 == Some(*comment) || (author.is_some() && row.1 == *author));
        let notes: Vec<Note> = theirs
            .cloned()
            .map(note)
            .take(usize::try_from(SHOWN).unwrap_or(3))
            .collect();
        if !notes.is_empty() {
            beside.insert(*comment, notes);
        }
    }
    Ok(beside)
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    id: i64,
}

/// The ids of the latest [`SHOWN`] notes that have each of these values in a column.
fn latest(db: &mut Db, column: &str, of: &[i64]) -> Result<Vec<i64>> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let each: Vec<String> = of
        .iter()
        .map(|id| {
            format!(
                "SELECT id FROM (SELECT n.id FROM staff_notes n WHERE n.{column} = {id} ORDER BY n.id DESC LIMIT {SHOWN}) k"
            )
        })
        .collect();
    let ids: Vec<Id> = diesel::sql_query(each.join(" UNION ALL ")).load(db)?;
    Ok(ids.into_iter().map(|row| row.id).collect())
}

/// The latest notes on an author, latest first, at most [`ON_PAGE`].
///
/// # Errors
/// Those of the engine.
pub fn on_author(db: &mut Db, author: i64) -> Result<Vec<Note>> {
    let rows: Vec<Row> = staff_notes::table
        .inner_join(moderators::table.on(moderators::id.eq(staff_notes::moderator_id)))
        .filter(staff_notes::author_id.eq(author))
        .order(staff_notes::id.desc())
        .limit(ON_PAGE)
        .select(columns!())
        .load(db)?;
    Ok(rows.into_iter().map(note).collect())
}
