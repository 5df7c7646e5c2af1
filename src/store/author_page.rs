//! What the desk knows about an author: somebody recognised by their device, or just whoever wrote one comment.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::author_holds::{self, AuthorHold, Of};
use super::connection::Db;
use super::error::Result;
use super::listed::Reader;
use super::listing::{Listing, Tab};
use super::notes::{self, Note};
use super::queue::{self, COUNTED, QueueItem, QueuePage};
use super::schema::{authors, comment_networks, comments, moderators};
use crate::moderation::{AppealStatus, Status};
use crate::time::Timestamp;

/// How many there are of what the page counts; each at most [`COUNTED`], and the last four of their latest [`COUNTED`] comments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    pub approved: i64,
    pub rejected: i64,
    pub spam: i64,
    pub waiting: i64,
    /// Reports that readers sent about their comments.
    pub reports: i64,
    pub appeals: i64,
    pub appeals_reversed: i64,
}

/// An author as colleagues see them.
#[derive(Debug, Clone)]
pub struct AuthorPage {
    pub of: Of,
    /// On their latest comment that has a name; may be empty.
    pub name: String,
    /// Of a recognised author.
    pub figures: Option<Figures>,
    pub first_seen: Timestamp,
    /// Since when and by whom they are trusted.
    pub trusted: Option<(Timestamp, String)>,
    pub hold: Option<AuthorHold>,
    pub notes: Vec<Note>,
    /// As typed on their latest comment; may be empty.
    pub email: String,
    /// Of their latest comment.
    pub network: Option<Vec<u8>>,
    /// As much of that one's address as moderators see; empty when it is not kept.
    pub shortened: String,
    /// Other comments from there; at most [`COUNTED`].
    pub from_network: i64,
    /// A comment on which a hold can be made: their latest.
    pub comment: Option<i64>,
    /// Their comments, newest first.
    pub list: Listing,
    pub page: QueuePage,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// What a sum over the latest [`COUNTED`] comments that match comes to, at most that many.
fn count(db: &mut Db, each: &str, which: &str) -> Result<i64> {
    let counted: Counted = diesel::sql_query(format!(
        "SELECT CAST(coalesce(sum({each}), 0) AS BIGINT) AS count FROM (SELECT c.id, c.status, c.author_id \
         FROM comments c WHERE {which} ORDER BY c.id DESC LIMIT {COUNTED}) c"
    ))
    .get_result(db)?;
    Ok(counted.count.min(COUNTED))
}

/// The page of a recognised author. `list` says which of their comments; `None` when there is no such author.
///
/// # Errors
/// Those of the engine.
pub fn of_author(
    db: &mut Db,
    author: i64,
    list: &Listing,
    reader: Reader,
) -> Result<Option<AuthorPage>> {
    type Row = (Timestamp, i64, i64, i64, Option<Timestamp>, Option<String>);
    let found: Option<Row> = authors::table
        .left_join(moderators::table.on(authors::trusted_by.eq(moderators::id.nullable())))
        .filter(authors::id.eq(author))
        .select((
            authors::created_at,
            authors::approved_count,
            authors::rejected_count,
            authors::spam_count,
            authors::trusted_at,
            moderators::name.nullable(),
        ))
        .first(db)
        .optional()?;
    let Some((first_seen, approved, rejected, spam, trusted_at, trusted_by)) = found else {
        return Ok(None);
    };
    let theirs = format!("c.author_id = {author}");
    let pending = format!(
        "CASE WHEN c.status = {} THEN 1 ELSE 0 END",
        Status::Pending.code()
    );
    let reversed = format!(" AND a.status = {}", AppealStatus::Reversed.code());
    let figures = Figures {
        approved,
        rejected,
        spam,
        waiting: count(db, &pending, &theirs)?,
        reports: count(db, &rows("reports", ""), &theirs)?,
        appeals: count(db, &rows("appeals", ""), &theirs)?,
        appeals_reversed: count(db, &rows("appeals", &reversed), &theirs)?,
    };
    type Latest = (i64, String, Option<Vec<u8>>, Option<String>);
    let latest: Option<Latest> = comments::table
        .left_join(comment_networks::table.on(comment_networks::comment_id.eq(comments::id)))
        .filter(comments::author_id.eq(author))
        .order(comments::id.desc())
        .select((
            comments::id,
            comments::email,
            comments::network,
            comment_networks::shortened.nullable(),
        ))
        .first(db)
        .optional()?;
    let (comment, email, network, shortened) = match latest {
        Some((id, email, network, shortened)) => (Some(id), email, network, shortened),
        None => (None, String::new(), None, None),
    };
    let list = Listing {
        tab: Tab::All,
        author: Some(author),
        status: list.status,
        seek: list.seek,
        ..Listing::default()
    };
    let elsewhere = format!("c.author_id IS NULL OR c.author_id <> {author}");
    Ok(Some(AuthorPage {
        of: Of::Author(author),
        name: super::desk::name(db, author)?.unwrap_or_default(),
        figures: Some(figures),
        first_seen,
        trusted: trusted_at.map(|at| (at, trusted_by.unwrap_or_default())),
        hold: author_holds::in_force(db, Of::Author(author), reader.now)?,
        notes: notes::on_author(db, author)?,
        email,
        from_network: from_network(db, network.as_deref(), &elsewhere)?,
        network,
        shortened: shortened.unwrap_or_default(),
        comment,
        page: queue::items(db, &list, reader)?,
        list,
    }))
}

/// How many rows of a table are about a comment; looked up comment by comment.
fn rows(table: &str, which: &str) -> String {
    format!(
        "(SELECT count(*) FROM (SELECT 1 AS one FROM {table} a WHERE a.comment_id = c.id{which} LIMIT {COUNTED}) k)"
    )
}

/// Comments from a network, but for some.
fn from_network(db: &mut Db, network: Option<&[u8]>, elsewhere: &str) -> Result<i64> {
    let Some(network) = network else {
        return Ok(0);
    };
    let bytes = super::token::hex(network);
    let literal = match db.is_sqlite() {
        true => format!("X'{bytes}'"),
        false => format!("'\\x{bytes}'::bytea"),
    };
    count(
        db,
        &format!("CASE WHEN {elsewhere} THEN 1 ELSE 0 END"),
        &format!("c.network = {literal}"),
    )
}

/// The page of whoever wrote a comment and is not recognised. `None` when there is no such comment.
///
/// # Errors
/// Those of the engine.
pub fn of_comment(db: &mut Db, comment: i64, reader: Reader) -> Result<Option<AuthorPage>> {
    let Some(item) = queue::item(db, comment, reader.now)? else {
        return Ok(None);
    };
    let QueueItem {
        email,
        network,
        shortened,
        notes,
        ..
    } = item.clone();
    Ok(Some(AuthorPage {
        of: Of::Comment(comment),
        name: item.comment.name.clone(),
        figures: None,
        first_seen: item.comment.created_at,
        trusted: None,
        hold: author_holds::in_force(db, Of::Comment(comment), reader.now)?,
        notes,
        email,
        from_network: from_network(db, network.as_deref(), &format!("c.id <> {comment}"))?,
        network,
        shortened,
        comment: Some(comment),
        list: Listing::default(),
        page: QueuePage {
            items: vec![item],
            ..QueuePage::default()
        },
    }))
}

/// The latest comment of an author.
///
/// # Errors
/// Those of the engine.
pub fn latest_comment(db: &mut Db, author: i64) -> Result<Option<i64>> {
    Ok(comments::table
        .filter(comments::author_id.eq(author))
        .order(comments::id.desc())
        .select(comments::id)
        .first(db)
        .optional()?)
}

/// The author of a comment, where that one is recognised.
///
/// # Errors
/// Those of the engine.
pub fn author_of(db: &mut Db, comment: i64) -> Result<Option<i64>> {
    Ok(comments::table
        .find(comment)
        .select(comments::author_id)
        .first::<Option<i64>>(db)
        .optional()?
        .flatten())
}
