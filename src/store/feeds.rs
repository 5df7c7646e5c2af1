//! What machines read: the newest public comments, and counts by slug.

use std::collections::HashSet;

use diesel::prelude::*;

use super::comments::Comment;
use super::connection::Db;
use super::error::Result;
use super::fixed::fixed;
use super::schema::{article_aliases, articles, comments};
use super::values::storable;
use crate::time::Timestamp;

/// Comments in the feed of an article.
pub const COMMENTS: i64 = 50;
/// Articles in the site's feed.
pub const ARTICLES: i64 = 30;

/// A public comment and when its text became what it is.
#[derive(Debug)]
pub struct Published {
    pub comment: Comment,
    /// When it was published first, or edited since.
    pub updated_at: Timestamp,
}

/// The public comments of an article that were published last, however long they had waited; what changed last comes first.
///
/// # Errors
/// Those of the engine.
pub fn comments(db: &mut Db, article: i64) -> Result<Vec<Published>> {
    let rows: Vec<(Comment, Option<Timestamp>, Option<Timestamp>)> = comments::table
        .filter(comments::article_id.eq(article))
        // Words for words the condition of the partial index.
        .filter(fixed("status = 1"))
        .order((comments::published_at.desc(), comments::id.desc()))
        .limit(COMMENTS)
        .select((
            Comment::as_select(),
            comments::published_at,
            comments::edited_at,
        ))
        .load(db)?;
    let mut rows: Vec<Published> = rows
        .into_iter()
        .map(|(comment, published_at, edited_at)| Published {
            updated_at: edited_at.max(published_at).unwrap_or(comment.created_at),
            comment,
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.updated_at));
    Ok(rows)
}

/// What is counted of an article.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Counts {
    /// As it was asked for: the article's own, or an alias.
    pub slug: String,
    /// Public ones.
    pub comments: i64,
    pub views: i64,
    pub article: i64,
    pub page_version: i64,
}

/// Counts of those of these articles that are there, each by the slug it was asked for, in the order of the slugs.
///
/// # Errors
/// Those of the engine.
pub fn counts(db: &mut Db, slugs: &[String]) -> Result<Vec<Counts>> {
    let wanted: Vec<String> = slugs.iter().filter(|s| storable(s)).cloned().collect();
    let counted = (
        articles::comment_count,
        articles::view_count,
        articles::id,
        articles::page_version,
    );
    let mut found: Vec<Counts> = articles::table
        .filter(articles::slug.eq_any(wanted.clone()))
        .filter(articles::removed_at.is_null())
        .select((articles::slug, counted.0, counted.1, counted.2, counted.3))
        .load(db)?;
    let known: HashSet<String> = found.iter().map(|row| row.slug.clone()).collect();
    let moved: Vec<Counts> = article_aliases::table
        .inner_join(articles::table)
        .filter(article_aliases::slug.eq_any(wanted))
        .filter(articles::removed_at.is_null())
        .select((
            article_aliases::slug,
            counted.0,
            counted.1,
            counted.2,
            counted.3,
        ))
        .load(db)?;
    found.extend(moved.into_iter().filter(|row| !known.contains(&row.slug)));
    // Equal counts are equal bytes, whatever order the engine finds them in.
    found.sort_unstable_by(|one, other| one.slug.cmp(&other.slug));
    Ok(found)
}
