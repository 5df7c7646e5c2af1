//! Branches of a discussion on pages of their own, and the page on which a comment stands.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::closing::Openness;
use super::comments::{self as page, Below, Comment, Discussion, REPLIES, ROOTS, Sort};
use super::connection::Db;
use super::error::Result;
use super::schema::{articles, comments};
use super::siblings::{self, Way};

/// A comment and what stands below it.
#[derive(Debug, Clone)]
pub struct Branch {
    pub article: i64,
    /// Of the article.
    pub page_version: i64,
    pub article_slug: String,
    pub article_title: String,
    pub openness: Openness,
    pub head: Comment,
    pub replies: Discussion,
}

/// What stands at the address of a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<T> {
    Here(T),
    /// Its article was removed.
    Gone,
    /// The comment has no place in a discussion.
    Nowhere,
}

/// The branch below a comment, a page of it.
///
/// # Errors
/// Those of the engine.
pub fn find(db: &mut Db, id: i64, from: i64) -> Result<Found<Branch>> {
    type Row = (Comment, (i64, i64), String, String, Openness, Option<i64>);
    let found: Option<Row> = comments::table
        .inner_join(articles::table)
        .filter(comments::id.eq(id))
        .filter(siblings::shown())
        .select((
            Comment::as_select(),
            (articles::id, articles::page_version),
            articles::slug,
            articles::title,
            Openness::as_select(),
            articles::removed_at,
        ))
        .first(db)
        .optional()?;
    let (head, (article, page_version), article_slug, article_title, openness) = match found {
        Some((head, of, slug, title, openness, None)) => (head, of, slug, title, openness),
        Some(_) => return Ok(Found::Gone),
        None => return Ok(Found::Nowhere),
    };
    let replies = page::discussion(db, Below::Comment(id), Sort::Oldest, from)?;
    Ok(Found::Here(Branch {
        article,
        page_version,
        article_slug,
        article_title,
        openness,
        head,
        replies,
    }))
}

/// The page on which a comment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The article's page that starts at this root comment; 0 is the first page.
    Article { slug: String, from: i64 },
    /// The page of the branch below `head` that starts at the comment itself; 0 is the first page.
    Branch { head: i64, from: i64 },
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Where a permalink leads.
///
/// # Errors
/// Those of the engine.
pub fn place(db: &mut Db, id: i64) -> Result<Found<Place>> {
    let found: Option<(i64, String, Option<i64>, Option<i64>)> = comments::table
        .inner_join(articles::table)
        .filter(comments::id.eq(id))
        .filter(siblings::shown())
        .select((
            comments::article_id,
            articles::slug,
            comments::parent_id,
            articles::removed_at,
        ))
        .first(db)
        .optional()?;
    let (article, slug, parent) = match found {
        Some((article, slug, parent, None)) => (article, slug, parent),
        Some(_) => return Ok(Found::Gone),
        None => return Ok(Found::Nowhere),
    };
    let path = path_down_to(db, id)?;
    let on_article_page = path.len() <= REPLIES.len() + 1 && stands_near(db, &path)?;
    let (below, start) = match (parent, path.first()) {
        (Some(head), _) if !on_article_page => (Below::Comment(head), id),
        (_, Some(root)) => (Below::Article(article), *root),
        (_, None) => return Ok(Found::Nowhere),
    };
    let first_page = siblings::ids(db, below, Way::Onward(0), ROOTS)?;
    let from = if first_page.contains(&start) {
        0
    } else {
        start
    };
    Ok(Found::Here(match below {
        Below::Article(_) => Place::Article { slug, from },
        Below::Comment(head) => Place::Branch { head, from },
    }))
}

/// From the root comment down to this one.
fn path_down_to(db: &mut Db, id: i64) -> Result<Vec<i64>> {
    let steps: Vec<Step> = diesel::sql_query(format!(
        "WITH RECURSIVE up (id, parent_id, depth) AS ( \
         SELECT id, parent_id, depth FROM comments WHERE id = {id} \
         UNION ALL SELECT c.id, c.parent_id, c.depth FROM comments c JOIN up ON c.id = up.parent_id) \
         SELECT id FROM up ORDER BY depth"
    ))
    .load(db)?;
    Ok(steps.into_iter().map(|step| step.id).collect())
}

/// Whether every step of the path is among the replies that an article's page shows of its parent.
fn stands_near(db: &mut Db, path: &[i64]) -> Result<bool> {
    for (pair, limit) in path.windows(2).zip(REPLIES) {
        let [parent, reply] = pair else { continue };
        let shown = siblings::ids(db, Below::Comment(*parent), Way::Onward(0), limit)?;
        if !shown.contains(reply) {
            return Ok(false);
        }
    }
    Ok(true)
}
