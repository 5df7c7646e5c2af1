//! Articles: what `seed` writes and every page reads.

use diesel::prelude::*;

use super::closing::{self, Openness};
use super::connection::Db;
use super::error::Result;
use super::publication;
use super::schema::{article_aliases, articles};
use super::values::storable;
use crate::moderation::HoldMode;
use crate::time::Timestamp;

/// A whole article. `section`, `summary` and `byline` are empty where there is none.
#[derive(Debug, Clone, Queryable, Selectable)]
pub struct Article {
    pub id: i64,
    pub slug: String,
    pub section: String,
    pub title: String,
    pub summary: String,
    pub byline: String,
    pub body_html: String,
    pub published_at: Timestamp,
    pub updated_at: Option<Timestamp>,
    #[diesel(embed)]
    pub replies: Openness,
    pub removed_at: Option<Timestamp>,
    pub comment_count: i64,
    pub view_count: i64,
    pub page_version: i64,
    /// Which replies wait; `None` is the site's own mode.
    pub hold: Option<HoldMode>,
}

/// An article in a list.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = articles)]
pub struct ArticleLine {
    pub id: i64,
    pub slug: String,
    pub section: String,
    pub title: String,
    pub summary: String,
    pub byline: String,
    pub published_at: Timestamp,
    pub updated_at: Option<Timestamp>,
    #[diesel(embed)]
    pub replies: Openness,
    pub comment_count: i64,
    pub view_count: i64,
    pub page_version: i64,
    /// Which replies wait; `None` is the site's own mode.
    pub hold: Option<HoldMode>,
}

/// What stands at an address.
#[derive(Debug)]
pub enum Found {
    Article(Box<Article>),
    /// An alias: the slug to go to.
    Moved(String),
    /// A removed article.
    Gone,
}

/// # Errors
/// Those of the engine.
pub fn find(db: &mut Db, slug: &str) -> Result<Option<Found>> {
    if !storable(slug) {
        return Ok(None);
    }
    let article = articles::table
        .filter(articles::slug.eq(slug))
        .select(Article::as_select())
        .first(db)
        .optional()?;
    if let Some(article) = article {
        return Ok(Some(if article.removed_at.is_some() {
            Found::Gone
        } else {
            Found::Article(Box::new(article))
        }));
    }
    let moved = article_aliases::table
        .inner_join(articles::table)
        .filter(article_aliases::slug.eq(slug))
        .select(articles::slug)
        .first(db)
        .optional()?;
    Ok(moved.map(Found::Moved))
}

/// A page of a list, and where its neighbours begin.
#[derive(Debug)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// The keyset of the page before: pass it as `after`.
    pub newer: Option<i64>,
    /// The keyset of the page after: pass it as `before`.
    pub older: Option<i64>,
}

/// Which page of a list, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seek {
    First,
    /// Rows older than this id.
    Before(i64),
    /// Rows newer than this id.
    After(i64),
}

/// Articles on a page of the front page.
pub const FRONT_PAGE: i64 = 20;

/// The newest articles, by keyset on the time of publication and the id.
///
/// # Errors
/// Those of the engine.
pub fn newest(db: &mut Db, seek: Seek, limit: i64) -> Result<Page<ArticleLine>> {
    let mark = match seek {
        Seek::First => None,
        Seek::Before(id) | Seek::After(id) => articles::table
            .find(id)
            .select((articles::published_at, articles::id))
            .first::<(i64, i64)>(db)
            .optional()?,
    };
    let base = articles::table
        .filter(articles::removed_at.is_null())
        .select(ArticleLine::as_select())
        .limit(limit + 1)
        .into_boxed();
    let (mut rows, forward): (Vec<ArticleLine>, bool) = match (seek, mark) {
        (Seek::After(_), Some((at, id))) => (
            base.filter(
                articles::published_at
                    .gt(at)
                    .or(articles::published_at.eq(at).and(articles::id.gt(id))),
            )
            .order((articles::published_at.asc(), articles::id.asc()))
            .load(db)?,
            false,
        ),
        (Seek::Before(_), Some((at, id))) => (
            base.filter(
                articles::published_at
                    .lt(at)
                    .or(articles::published_at.eq(at).and(articles::id.lt(id))),
            )
            .order((articles::published_at.desc(), articles::id.desc()))
            .load(db)?,
            true,
        ),
        _ => (
            base.order((articles::published_at.desc(), articles::id.desc()))
                .load(db)?,
            true,
        ),
    };
    Ok(page_of(&mut rows, forward, mark.is_some(), limit, |row| {
        row.id
    }))
}

/// Cuts the row that was read too many, and says where the neighbours are.
/// `forward`: rows were read newest first; else they are turned round. `inside`: there is a page on the near side.
pub(super) fn page_of<T>(
    rows: &mut Vec<T>,
    forward: bool,
    inside: bool,
    limit: i64,
    id: impl Fn(&T) -> i64,
) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    if !forward {
        rows.reverse();
    }
    let (has_newer, has_older) = if forward {
        (inside, more)
    } else {
        (more, inside)
    };
    Page {
        newer: rows.first().filter(|_| has_newer).map(&id),
        older: rows.last().filter(|_| has_older).map(&id),
        rows: std::mem::take(rows),
    }
}

/// An article as a file gave it.
#[derive(Debug, Clone)]
pub struct NewArticle {
    pub slug: String,
    pub aliases: Vec<String>,
    pub section: String,
    pub title: String,
    pub summary: String,
    pub byline: String,
    pub body_html: String,
    /// Of everything the file says: equal digests mean that nothing changed.
    pub digest: Vec<u8>,
    pub published_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
    /// Whether the file says that replies are taken.
    pub open: Option<bool>,
    /// Views to start with.
    pub view_count: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seeded {
    Added,
    Updated,
    Unchanged,
}

/// Adds or updates an article by its slug. Counts are left alone, but for the views a new one starts with.
/// An article that had been removed is there again.
///
/// # Errors
/// Those of the engine.
pub fn seed(db: &mut Db, new: &NewArticle, now: Timestamp) -> Result<Seeded> {
    let known: Option<(i64, Vec<u8>, Option<i64>)> = articles::table
        .filter(articles::slug.eq(&new.slug))
        .select((articles::id, articles::digest, articles::removed_at))
        .first(db)
        .optional()?;
    let texts = (
        articles::section.eq(&new.section),
        articles::title.eq(&new.title),
        articles::summary.eq(&new.summary),
        articles::byline.eq(&new.byline),
        articles::body_html.eq(&new.body_html),
        articles::digest.eq(&new.digest),
        articles::updated_at.eq(new.updated_at.map(|at| at.0)),
    );
    let (id, outcome) = match known {
        Some((id, digest, None)) if digest == new.digest => (id, Seeded::Unchanged),
        Some((id, ..)) => {
            diesel::update(articles::table.find(id))
                .set((texts, articles::removed_at.eq(None::<i64>)))
                .execute(db)?;
            publication::touch(db, id)?;
            if let Some(at) = new.published_at {
                diesel::update(articles::table.find(id))
                    .set(articles::published_at.eq(at.0))
                    .execute(db)?;
            }
            match new.open {
                Some(true) => closing::open(db, &new.slug, 0, now).map(drop)?,
                Some(false) => closing::close(db, &new.slug, now).map(drop)?,
                None => {}
            }
            (id, Seeded::Updated)
        }
        None => {
            let open = new.open.unwrap_or(true);
            let published_at = new.published_at.unwrap_or(now);
            let id = diesel::insert_into(articles::table)
                .values((
                    articles::slug.eq(&new.slug),
                    texts,
                    articles::published_at.eq(published_at.0),
                    articles::comments_open.eq(open),
                    articles::closed_at.eq((!open).then_some(now.0)),
                    articles::view_count.eq(new.view_count),
                    articles::created_at.eq(now.0),
                ))
                .returning(articles::id)
                .get_result::<i64>(db)?;
            (id, Seeded::Added)
        }
    };
    if outcome != Seeded::Unchanged {
        set_aliases(db, id, &new.aliases)?;
    }
    Ok(outcome)
}

/// The file's aliases replace those of before; an address that is another article's stays that one's.
fn set_aliases(db: &mut Db, article: i64, aliases: &[String]) -> Result<()> {
    diesel::delete(article_aliases::table.filter(article_aliases::article_id.eq(article)))
        .execute(db)?;
    for alias in aliases {
        let taken: i64 = article_aliases::table
            .filter(article_aliases::slug.eq(alias))
            .count()
            .get_result(db)?;
        if taken == 0 {
            diesel::insert_into(article_aliases::table)
                .values((
                    article_aliases::slug.eq(alias),
                    article_aliases::article_id.eq(article),
                ))
                .execute(db)?;
        }
    }
    Ok(())
}

/// Removes an article: its address answers 410, its comments and receipts stay. `Some(id)` when there was one.
///
/// # Errors
/// Those of the engine.
pub fn remove(db: &mut Db, slug: &str, now: Timestamp) -> Result<Option<i64>> {
    let id = id_of(db, slug)?;
    if let Some(id) = id {
        diesel::update(articles::table.find(id))
            .set(articles::removed_at.eq(now.0))
            .execute(db)?;
        publication::touch(db, id)?;
    }
    Ok(id)
}

/// Sets which replies to an article wait; `None` is the site's own mode. What waits already goes on waiting. Says which
/// article it was and its mode before; `None` when there is no such article.
///
/// # Errors
/// Those of the engine.
pub fn set_hold(
    db: &mut Db,
    slug: &str,
    mode: Option<HoldMode>,
) -> Result<Option<(i64, Option<HoldMode>)>> {
    let known: Option<(i64, Option<HoldMode>)> = articles::table
        .filter(articles::slug.eq(slug))
        .filter(articles::removed_at.is_null())
        .select((articles::id, articles::hold))
        .first(db)
        .optional()?;
    if let Some((id, before)) = known
        && before != mode
    {
        diesel::update(articles::table.find(id))
            .set(articles::hold.eq(mode.map(HoldMode::code)))
            .execute(db)?;
    }
    Ok(known)
}

fn id_of(db: &mut Db, slug: &str) -> Result<Option<i64>> {
    Ok(articles::table
        .filter(articles::slug.eq(slug))
        .filter(articles::removed_at.is_null())
        .select(articles::id)
        .first(db)
        .optional()?)
}

/// The page versions of these articles, in no order.
///
/// # Errors
/// Those of the engine.
pub fn versions(db: &mut Db, ids: &[i64]) -> Result<Vec<(i64, i64)>> {
    Ok(articles::table
        .filter(articles::id.eq_any(ids))
        .select((articles::id, articles::page_version))
        .load(db)?)
}

/// Adds views that were counted in memory. Views commute, so several servers add up.
///
/// # Errors
/// Those of the engine.
pub fn add_views(db: &mut Db, views: &[(i64, i64)]) -> Result<()> {
    for (id, count) in views {
        diesel::update(articles::table.find(id))
            .set(articles::view_count.eq(articles::view_count + count))
            .execute(db)?;
    }
    Ok(())
}
