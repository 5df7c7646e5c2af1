//! Comments that stand side by side, in the order of an index that has them so.
//!
//! Once a thread is large, both planners have reasons to leave that index: SQLite to walk the whole table by id, PostgreSQL
//! to read all of the thread and sort it. So SQLite is told which index to take, and PostgreSQL is asked for a range of
//! owner and id together, which has no other order.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::comments::{COLUMNS, Comment};
use super::connection::Db;
use super::error::Result;
use super::fixed::{Fixed, fixed};

/// Whether a comment has a place on the page: public, or a tombstone above something public.
/// Words for words the condition of the partial indexes.
pub(super) fn shown() -> Fixed {
    fixed("(status = 1 OR public_descendants > 0)")
}

/// Whose comments stand side by side at the top of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Below {
    /// The root comments of an article.
    Article(i64),
    /// The replies to a comment.
    Comment(i64),
}

/// Which way to go, and from where.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    /// Oldest first, from this id on.
    Onward(i64),
    /// Newest first, from this id back.
    Back(i64),
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// The next comments that have a place on a page.
pub(super) fn rows(db: &mut Db, below: Below, way: Way, limit: i64) -> Result<Vec<Comment>> {
    let rest = walk(db, below, way, limit);
    Ok(diesel::sql_query(format!("SELECT {COLUMNS} FROM comments c {rest}")).load(db)?)
}

/// The ids of the next comments that have a place on a page.
pub(super) fn ids(db: &mut Db, below: Below, way: Way, limit: i64) -> Result<Vec<i64>> {
    let rest = walk(db, below, way, limit);
    let ids: Vec<Id> = diesel::sql_query(format!("SELECT c.id FROM comments c {rest}")).load(db)?;
    Ok(ids.into_iter().map(|row| row.id).collect())
}

/// What follows `FROM comments c`.
fn walk(db: &Db, below: Below, way: Way, limit: i64) -> String {
    let (index, owner, id, root) = match below {
        Below::Article(id) => ("comments_roots", "article_id", id, "IS NULL"),
        Below::Comment(id) => ("comments_replies", "parent_id", id, "IS NOT NULL"),
    };
    let (compare, bound, against, direction) = match way {
        Way::Onward(from) => (">=", from, "<=", "ASC"),
        Way::Back(to) => ("<=", to, ">=", "DESC"),
    };
    let (hint, range) = if db.is_sqlite() {
        (
            format!("INDEXED BY {index} "),
            format!("c.{owner} = {id} AND c.id {compare} {bound}"),
        )
    } else {
        (
            String::new(),
            format!("(c.{owner}, c.id) {compare} ({id}, {bound}) AND c.{owner} {against} {id}"),
        )
    };
    format!(
        "{hint}WHERE {range} AND c.parent_id {root} AND (c.status = 1 OR c.public_descendants > 0) \
         ORDER BY c.{owner} {direction}, c.id {direction} LIMIT {limit}"
    )
}

/// The first `limit` of the replies to each of these comments that have a place on a page, in one statement that walks
/// nothing but those rows of the index.
pub(super) fn replies(db: &mut Db, parents: &[i64], limit: i64) -> Result<Vec<Comment>> {
    let parents = parents
        .iter()
        .map(i64::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    let shown = "(i.status = 1 OR i.public_descendants > 0)";
    // SQLite knows no LATERAL, and keeps to the order of a CROSS JOIN.
    let statement = if db.is_sqlite() {
        format!(
            "SELECT {COLUMNS} FROM comments p CROSS JOIN comments c INDEXED BY comments_replies \
             WHERE c.parent_id = p.id AND p.id IN ({parents}) AND (c.status = 1 OR c.public_descendants > 0) \
             AND c.id <= (SELECT max(k.id) FROM (SELECT i.id FROM comments i INDEXED BY comments_replies \
             WHERE i.parent_id = p.id AND {shown} ORDER BY i.id LIMIT {limit}) k) ORDER BY c.parent_id, c.id"
        )
    } else {
        format!(
            "SELECT {COLUMNS} FROM unnest(ARRAY[{parents}]::bigint[]) p (id) CROSS JOIN LATERAL \
             (SELECT * FROM comments i WHERE (i.parent_id, i.id) >= (p.id, 0) AND i.parent_id <= p.id \
             AND {shown} ORDER BY i.parent_id, i.id LIMIT {limit}) c ORDER BY c.parent_id, c.id"
        )
    };
    Ok(diesel::sql_query(statement).load(db)?)
}
