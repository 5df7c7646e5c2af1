//! Every article for the sitemap, in blocks by their ids: a block's address stays, and nothing is counted or loaded whole.

use diesel::prelude::*;

use super::connection::Db;
use super::error::Result;
use super::schema::articles;
use crate::time::Timestamp;

/// Ids in a block: with the pages that every site has, fewer addresses than the 50,000 of a sitemap.
pub const BLOCK: i64 = 45_000;
/// Articles read at once.
const SLICE: i64 = 1_000;

/// An article's place in the sitemap.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = articles)]
pub struct Mapped {
    pub id: i64,
    pub slug: String,
    pub published_at: Timestamp,
    pub updated_at: Option<Timestamp>,
}

/// The numbers of the blocks that have articles. One statement for each.
///
/// # Errors
/// Those of the engine.
pub fn blocks(db: &mut Db) -> Result<Vec<i64>> {
    let mut blocks: Vec<i64> = Vec::new();
    loop {
        let seen = blocks.last().map_or(0, |block| (block + 1) * BLOCK);
        let next: Option<i64> = articles::table
            .filter(articles::removed_at.is_null())
            .filter(articles::id.gt(seen))
            .order(articles::id.asc())
            .select(articles::id)
            .first(db)
            .optional()?;
        match next {
            Some(id) => blocks.push((id - 1) / BLOCK),
            None => return Ok(blocks),
        }
    }
}

/// The next articles of a block, after this id; none at its end.
///
/// # Errors
/// Those of the engine.
pub fn slice(db: &mut Db, block: i64, after: i64) -> Result<Vec<Mapped>> {
    let start = block.saturating_mul(BLOCK);
    Ok(articles::table
        .filter(articles::removed_at.is_null())
        .filter(articles::id.gt(after.max(start)))
        .filter(articles::id.le(start.saturating_add(BLOCK)))
        .order(articles::id.asc())
        .limit(SLICE)
        .select(Mapped::as_select())
        .load(db)?)
}
