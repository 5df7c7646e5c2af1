//! Comments that stand side by side, in the order of their ids.
//!
//! Whose they are is asked for by way of `(SELECT …)`: so both planners go by what an owner has on average. Told of an owner
//! with most of the table, they would walk the whole table in the order of ids instead of the owner's index.

use diesel::dsl::sql;
use diesel::expression::{SqlLiteral, UncheckedBind};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use super::connection::MultiBackend;
use super::schema::comments;

/// Whether a comment has a place on the page: public, or a tombstone above something public.
/// Words for words the condition of the partial indexes.
pub(super) fn shown() -> SqlLiteral<Bool> {
    sql::<Bool>("(status = 1 OR public_descendants > 0)")
}

/// Whose comments stand side by side at the top of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Below {
    /// The root comments of an article.
    Article(i64),
    /// The replies to a comment.
    Comment(i64),
}

type Siblings = comments::BoxedQuery<'static, MultiBackend>;

/// Those that have a place on a page, oldest first, from this id on.
pub(super) fn onward(below: Below, from: i64) -> Siblings {
    all(below)
        .filter(comments::id.ge(from))
        .order(comments::id.asc())
}

/// Those that have a place on a page, newest first, from this id back.
pub(super) fn back(below: Below, to: i64) -> Siblings {
    all(below)
        .filter(comments::id.le(to))
        .order(comments::id.desc())
}

/// Those that have a place on a page, with most public comments below them first.
pub(super) fn most_replied(below: Below) -> Siblings {
    all(below).order((comments::public_descendants.desc(), comments::id.asc()))
}

fn all(below: Below) -> Siblings {
    let shown = comments::table.filter(shown()).into_boxed();
    match below {
        Below::Article(id) => shown
            .filter(comments::parent_id.is_null())
            .filter(owned("article_id", id)),
        // A reply is younger than what it answers.
        Below::Comment(id) => shown
            .filter(owned("parent_id", id))
            .filter(comments::id.gt(id)),
    }
}

fn owned(
    owner: &str,
    id: i64,
) -> SqlLiteral<Bool, UncheckedBind<SqlLiteral<Bool>, diesel::dsl::AsExprOf<i64, BigInt>>> {
    sql::<Bool>(&format!("{owner} = (SELECT "))
        .bind::<BigInt, _>(id)
        .sql(")")
}
