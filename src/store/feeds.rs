//! What machines read: the newest public comments, and counts by slug.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::comments::Comment;
use super::connection::Db;
use super::error::Result;
use super::schema::{articles, comments};

/// Comments in the feed of an article.
pub const COMMENTS: i64 = 50;
/// Articles in the site's feed.
pub const ARTICLES: i64 = 30;
/// Articles in the sitemap: the newest.
pub const MAPPED: i64 = 5_000;

/// The newest public comments of an article.
///
/// # Errors
/// Those of the engine.
pub fn comments(db: &mut Db, article: i64) -> Result<Vec<Comment>> {
    Ok(comments::table
        .filter(comments::article_id.eq(article))
        // Words for words the condition of the partial index.
        .filter(sql::<Bool>("status = 1"))
        .order(comments::id.desc())
        .limit(COMMENTS)
        .select(Comment::as_select())
        .load(db)?)
}

/// The slug of an article, its public comments, its views.
pub type Counts = (String, i64, i64);

/// Counts of those of these articles that are there.
///
/// # Errors
/// Those of the engine.
pub fn counts(db: &mut Db, slugs: &[String]) -> Result<Vec<Counts>> {
    Ok(articles::table
        .filter(articles::slug.eq_any(slugs.to_vec()))
        .filter(articles::removed_at.is_null())
        .select((
            articles::slug,
            articles::comment_count,
            articles::view_count,
        ))
        .load(db)?)
}
