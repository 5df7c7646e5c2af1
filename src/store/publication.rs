//! Counts that follow the status of comments: per article, per comment of the public ones below it, and per author.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::changes::{self, Change};
use super::connection::{Db, on_engine};
use super::error::Result;
use super::fixed::statement;
use super::schema::{authors, comments};
use crate::moderation::Status;

/// Brings the counts in line with a comment that went from one status to another, and marks the article's page as changed
/// if readers can see a difference. Rows are taken child before parent, then the author and the article last, always: so
/// no two transactions wait for each other.
///
/// # Errors
/// Those of the engine.
pub fn follow(
    db: &mut Db,
    comment: i64,
    article: i64,
    parent: Option<i64>,
    (from, to): (Status, Status),
    public_descendants: i64,
) -> Result<()> {
    let change = i64::from(to.is_public()) - i64::from(from.is_public());
    if change != 0 {
        for ancestor in ancestors(db, parent)? {
            let values = [change.into(), ancestor.into()];
            let update = statement::<()>(
                "UPDATE comments SET public_descendants = public_descendants + ? WHERE id = ?",
                &values,
            );
            on_engine!(db, |connection| update.execute(connection))?;
        }
    }
    follow_author(db, comment, from, to)?;
    let visible = change != 0 || public_descendants > 0;
    if visible {
        count(db, article, change)?;
        tracing::debug!(comment, article, change, "counts followed");
    }
    Ok(())
}

/// Marks an article's page as changed, where no count did.
///
/// # Errors
/// Those of the engine.
pub fn touch(db: &mut Db, article: i64) -> Result<()> {
    count(db, article, 0)
}

/// A new version of an article's page, with so many more public comments.
fn count(db: &mut Db, id: i64, change: i64) -> Result<()> {
    let values = [change.into(), id.into()];
    let update = statement::<BigInt>(
        "UPDATE articles SET comment_count = comment_count + ?, page_version = page_version + 1 WHERE id = ? \
         RETURNING page_version",
        &values,
    );
    let version: Option<i64> =
        on_engine!(db, |connection| update.get_result(connection).optional())?;
    if let Some(version) = version {
        changes::note(Change::Article { id, version });
    }
    Ok(())
}

/// The record of the comment's author, if they are recognised.
fn follow_author(db: &mut Db, comment: i64, from: Status, to: Status) -> Result<()> {
    let change = |status| i64::from(to == status) - i64::from(from == status);
    let [approved, rejected, spam] = [Status::Approved, Status::Rejected, Status::Spam].map(change);
    if [approved, rejected, spam] == [0; 3] {
        return Ok(());
    }
    let author: Option<i64> = comments::table
        .find(comment)
        .select(comments::author_id)
        .first(db)?;
    if let Some(author) = author {
        diesel::update(authors::table.find(author))
            .set((
                authors::approved_count.eq(authors::approved_count + approved),
                authors::rejected_count.eq(authors::rejected_count + rejected),
                authors::spam_count.eq(authors::spam_count + spam),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// The chain upwards, nearest first; at most as long as threads are deep.
fn ancestors(db: &mut Db, parent: Option<i64>) -> Result<Vec<i64>> {
    let Some(parent) = parent else {
        return Ok(Vec::new());
    };
    let values = [parent.into()];
    let chain = statement::<BigInt>(
        "WITH RECURSIVE up (id, parent_id, depth) AS ( \
         SELECT id, parent_id, depth FROM comments WHERE id = ? \
         UNION ALL SELECT c.id, c.parent_id, c.depth FROM comments c JOIN up ON c.id = up.parent_id) \
         SELECT id FROM up ORDER BY depth DESC",
        &values,
    );
    Ok(on_engine!(db, |connection| chain.load(connection))?)
}

#[derive(QueryableByName)]
struct Drift {
    #[diesel(sql_type = BigInt)]
    articles: i64,
    #[diesel(sql_type = BigInt)]
    comments: i64,
    #[diesel(sql_type = BigInt)]
    authors: i64,
}

/// How many articles, comments and authors have a counter that differs from a recount of the rows, in this order.
///
/// # Errors
/// Those of the engine.
pub fn drift(db: &mut Db) -> Result<(i64, i64, i64)> {
    let found: Drift = diesel::sql_query(
        "WITH RECURSIVE below (ancestor, id) AS ( \
         SELECT parent_id, id FROM comments WHERE parent_id IS NOT NULL \
         UNION ALL SELECT c.parent_id, below.id FROM below JOIN comments c ON c.id = below.ancestor \
         WHERE c.parent_id IS NOT NULL), \
         counted AS (SELECT below.ancestor AS id, count(*) AS n FROM below JOIN comments c ON c.id = below.id \
         WHERE c.status = 1 GROUP BY below.ancestor) \
         SELECT (SELECT count(*) FROM articles a WHERE a.comment_count <> \
         (SELECT count(*) FROM comments c WHERE c.article_id = a.id AND c.status = 1)) AS articles, \
         (SELECT count(*) FROM comments c LEFT JOIN counted ON counted.id = c.id \
         WHERE c.public_descendants <> coalesce(counted.n, 0)) AS comments, \
         (SELECT count(*) FROM authors a WHERE \
         a.approved_count <> (SELECT count(*) FROM comments c WHERE c.author_id = a.id AND c.status = 1) OR \
         a.rejected_count <> (SELECT count(*) FROM comments c WHERE c.author_id = a.id AND c.status = 2) OR \
         a.spam_count <> (SELECT count(*) FROM comments c WHERE c.author_id = a.id AND c.status = 3)) AS authors",
    )
    .get_result(db)?;
    Ok((found.articles, found.comments, found.authors))
}
