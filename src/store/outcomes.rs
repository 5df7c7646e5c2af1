//! The strip beside a comment: what became of its author's latest comments.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, SmallInt};

use super::connection::Db;
use super::error::Result;
use crate::moderation::Status;

/// Comments of an author that a strip shows.
pub const SHOWN: i64 = 12;

#[derive(QueryableByName)]
struct Outcome {
    #[diesel(sql_type = BigInt)]
    author: i64,
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = SmallInt)]
    status: i16,
}

/// The status of the latest [`SHOWN`] comments of each of these authors, oldest first. One statement, which reads those
/// comments and no others.
///
/// # Errors
/// Those of the engine.
pub fn latest(db: &mut Db, authors: &[i64]) -> Result<HashMap<i64, Vec<Status>>> {
    let mut authors = authors.to_vec();
    authors.sort_unstable();
    authors.dedup();
    if authors.is_empty() {
        return Ok(HashMap::new());
    }
    let each: Vec<String> = authors
        .iter()
        .map(|author| {
            format!(
                "SELECT k.author, k.id, k.status FROM (SELECT c.author_id AS author, c.id, c.status FROM comments c \
                 WHERE c.author_id = {author} ORDER BY c.id DESC LIMIT {SHOWN}) k"
            )
        })
        .collect();
    let mut rows: Vec<Outcome> = diesel::sql_query(each.join(" UNION ALL ")).load(db)?;
    rows.sort_unstable_by_key(|row| row.id);
    let mut strips: HashMap<i64, Vec<Status>> = HashMap::new();
    for row in rows {
        if let Ok(status) = Status::try_from(row.status) {
            strips.entry(row.author).or_default().push(status);
        }
    }
    Ok(strips)
}
