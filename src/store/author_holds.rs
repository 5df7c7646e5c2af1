//! What moderators decided about an author rather than a comment: trust, and holds until a date.

use diesel::prelude::*;

use super::audit::{self, Actor, Entry};
use super::connection::{Db, on_engine};
use super::error::Result;
use super::fixed::fixed;
use super::networks::Hashes;
use super::schema::{author_holds, authors, comments, moderators};
use super::turn::Subject;
use crate::moderation::HoldReason;
use crate::moderation::hold::MatchedBy;
use crate::time::Timestamp;

/// What a reply is compared by.
#[derive(Debug, Clone, Copy)]
pub struct Traits<'a> {
    pub author: Option<i64>,
    /// The e-mail in small letters; empty for none.
    pub email_key: &'a str,
    pub network: Option<&'a Hashes>,
}

/// A hold that is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorHold {
    pub id: i64,
    /// For colleagues.
    pub reason: String,
    /// Of the moderator who made it.
    pub name: String,
    pub created_at: Timestamp,
    pub until: Timestamp,
}

/// A hold about to be made.
#[derive(Debug, Clone)]
pub struct NewHold {
    /// The comment whose author is meant.
    pub comment: i64,
    pub reason: String,
    pub until: Timestamp,
    pub moderator: i64,
    pub now: Timestamp,
}

/// Holds an author until a date: whoever is recognised as the one of this comment, or has its e-mail, or comes from its
/// network. `false` when there is no such comment, or nothing is left of it.
///
/// # Errors
/// Those of the engine.
pub fn hold(db: &mut Db, new: &NewHold) -> Result<bool> {
    type Row = (Option<i64>, String, Option<Vec<u8>>, i16);
    let found: Option<Row> = comments::table
        .find(new.comment)
        .select((
            comments::author_id,
            comments::email_key,
            comments::network,
            comments::staff,
        ))
        .first(db)
        .optional()?;
    let Some((author, email_key, network, staff)) = found else {
        return Ok(false);
    };
    if staff != 0 || (author.is_none() && email_key.is_empty() && network.is_none()) {
        return Ok(false);
    }
    // A further hold takes the place of those before.
    end(
        db,
        author.map_or(Of::Comment(new.comment), Of::Author),
        new.moderator,
        new.now,
    )?;
    diesel::insert_into(author_holds::table)
        .values((
            author_holds::comment_id.eq(new.comment),
            author_holds::author_id.eq(author),
            author_holds::email_key.eq(email_key),
            author_holds::network.eq(network),
            author_holds::reason.eq(&new.reason),
            author_holds::moderator_id.eq(new.moderator),
            author_holds::created_at.eq(new.now.0),
            author_holds::until.eq(new.until.0),
        ))
        .execute(db)?;
    // Whoever is held is not trusted.
    if let Some(author) = author {
        set_trust(db, author, None)?;
    }
    let entry = Entry {
        comment: Some(new.comment),
        facts: serde_json::json!({ "author": author, "until": new.until.0 }),
        text: &new.reason,
        ..Entry::new(Actor::Moderator(new.moderator), "author-held")
    };
    audit::append(db, &entry, new.now)?;
    Ok(true)
}

/// Ends the holds of an author, or those made on a comment without one.
///
/// # Errors
/// Those of the engine.
pub fn release(db: &mut Db, of: Of, moderator: i64, now: Timestamp) -> Result<()> {
    let touched = end(db, of, moderator, now)?;
    if touched == 0 {
        return Ok(());
    }
    let entry = Entry {
        comment: of.comment(),
        facts: serde_json::json!({ "author": of.author() }),
        ..Entry::new(Actor::Moderator(moderator), "author-released")
    };
    audit::append(db, &entry, now)
}

/// Whom a moderator means: a recognised author, or whoever wrote a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Author(i64),
    Comment(i64),
}

impl Of {
    fn author(self) -> Option<i64> {
        match self {
            Self::Author(id) => Some(id),
            Self::Comment(_) => None,
        }
    }

    fn comment(self) -> Option<i64> {
        match self {
            Self::Author(_) => None,
            Self::Comment(id) => Some(id),
        }
    }
}

/// The hold in force on an author, or on whoever wrote a comment; the one that ends last.
///
/// # Errors
/// Those of the engine.
pub fn in_force(db: &mut Db, of: Of, now: Timestamp) -> Result<Option<AuthorHold>> {
    type Row = (i64, String, String, Timestamp, Timestamp);
    let held = author_holds::table
        .inner_join(moderators::table.on(moderators::id.eq(author_holds::moderator_id)))
        .filter(author_holds::ended_at.is_null())
        .filter(author_holds::until.gt(now.0))
        .order(author_holds::until.desc())
        .select((
            author_holds::id,
            author_holds::reason,
            moderators::name,
            author_holds::created_at,
            author_holds::until,
        ))
        .into_boxed();
    let found: Option<Row> = match of {
        Of::Author(id) => held.filter(author_holds::author_id.eq(id)),
        Of::Comment(id) => held.filter(author_holds::comment_id.eq(id)),
    }
    .first(db)
    .optional()?;
    Ok(
        found.map(|(id, reason, name, created_at, until)| AuthorHold {
            id,
            reason,
            name,
            created_at,
            until,
        }),
    )
}

/// Trusts an author from now on, which ends their holds; or trusts them no longer. `false` when there is no such author.
///
/// # Errors
/// Those of the engine.
pub fn trust(
    db: &mut Db,
    author: i64,
    trusted: bool,
    moderator: i64,
    now: Timestamp,
) -> Result<bool> {
    let known: Option<Option<i64>> = authors::table
        .find(author)
        .select(authors::trusted_at)
        .first(db)
        .optional()?;
    let Some(since) = known else {
        return Ok(false);
    };
    if since.is_some() == trusted {
        return Ok(true);
    }
    set_trust(db, author, trusted.then_some((moderator, now)))?;
    if trusted {
        release(db, Of::Author(author), moderator, now)?;
    }
    let act = if trusted {
        "author-trusted"
    } else {
        "author-untrusted"
    };
    let entry = Entry {
        facts: serde_json::json!({ "author": author }),
        ..Entry::new(Actor::Moderator(moderator), act)
    };
    audit::append(db, &entry, now)?;
    Ok(true)
}

/// Trusts the author of a comment, if that one is recognised.
///
/// # Errors
/// Those of the engine.
pub fn trust_author_of(db: &mut Db, comment: i64, moderator: i64, now: Timestamp) -> Result<()> {
    let author: Option<Option<i64>> = comments::table
        .find(comment)
        .select(comments::author_id)
        .first(db)
        .optional()?;
    if let Some(author) = author.flatten() {
        trust(db, author, true, moderator, now)?;
    }
    Ok(())
}

/// Takes back the trust that came with a decision, and puts the holds that it ended in force again.
pub(super) fn undo_trust(
    db: &mut Db,
    subject: &Subject,
    moderator: Option<i64>,
    at: Timestamp,
) -> Result<()> {
    let author: Option<i64> = comments::table
        .find(subject.id)
        .select(comments::author_id)
        .first(db)?;
    let (Some(author), Some(moderator)) = (author, moderator) else {
        return Ok(());
    };
    let touched = diesel::update(
        authors::table
            .find(author)
            .filter(authors::trusted_at.eq(at.0))
            .filter(authors::trusted_by.eq(moderator)),
    )
    .set((
        authors::trusted_at.eq(None::<i64>),
        authors::trusted_by.eq(None::<i64>),
    ))
    .execute(db)?;
    if touched > 0 {
        diesel::update(author_holds::table)
            .filter(author_holds::author_id.eq(author))
            .filter(author_holds::ended_at.eq(at.0))
            .filter(author_holds::ended_by.eq(moderator))
            .set((
                author_holds::ended_at.eq(None::<i64>),
                author_holds::ended_by.eq(None::<i64>),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// The e-mail of a withdrawn comment is gone, here too; what else a hold matches stays.
pub(super) fn forget_email(db: &mut Db, comment: i64) -> Result<()> {
    diesel::update(author_holds::table)
        .filter(author_holds::comment_id.eq(comment))
        .set(author_holds::email_key.eq(""))
        .execute(db)?;
    Ok(())
}

/// Ends the holds in force, and says how many there were.
fn end(db: &mut Db, of: Of, moderator: i64, now: Timestamp) -> Result<usize> {
    let ended = (
        author_holds::ended_at.eq(now.0),
        author_holds::ended_by.eq(moderator),
    );
    let open = author_holds::ended_at.is_null();
    Ok(match of {
        Of::Author(id) => diesel::update(author_holds::table)
            .filter(author_holds::author_id.eq(id))
            .filter(open)
            .set(ended)
            .execute(db)?,
        Of::Comment(id) => diesel::update(author_holds::table)
            .filter(author_holds::comment_id.eq(id))
            .filter(open)
            .set(ended)
            .execute(db)?,
    })
}

fn set_trust(db: &mut Db, author: i64, by: Option<(i64, Timestamp)>) -> Result<()> {
    diesel::update(authors::table.find(author))
        .set((
            authors::trusted_at.eq(by.map(|(_, at)| at.0)),
            authors::trusted_by.eq(by.map(|(moderator, _)| moderator)),
        ))
        .execute(db)?;
    Ok(())
}

/// Whether moderators trust this author.
///
/// # Errors
/// Those of the engine.
pub fn is_trusted(db: &mut Db, author: i64) -> Result<bool> {
    let since: Option<Option<i64>> = authors::table
        .find(author)
        .select(authors::trusted_at)
        .first(db)
        .optional()?;
    Ok(since.flatten().is_some())
}

/// Why a reply is held for its author, if it is. Each comparison goes by an index of its own.
///
/// # Errors
/// Those of the engine.
pub fn reason(db: &mut Db, traits: Traits<'_>, now: Timestamp) -> Result<Option<HoldReason>> {
    type Row = (String, String, Timestamp);
    let held = || {
        author_holds::table
            .inner_join(moderators::table.on(moderators::id.eq(author_holds::moderator_id)))
            .filter(fixed("ended_at IS NULL"))
            .filter(author_holds::until.gt(now.0))
            .order(author_holds::until.desc())
            .select((author_holds::reason, moderators::name, author_holds::until))
    };
    let mut found: Option<(Row, MatchedBy)> = None;
    if let Some(author) = traits.author {
        let row = held()
            .filter(author_holds::author_id.eq(author))
            .first(db)
            .optional()?;
        found = row.map(|row| (row, MatchedBy::Device));
    }
    if found.is_none() && !traits.email_key.is_empty() {
        let row = held()
            .filter(author_holds::email_key.eq(traits.email_key))
            .filter(fixed("email_key <> ''"))
            .first(db)
            .optional()?;
        found = row.map(|row| (row, MatchedBy::Email));
    }
    for network in traits.network.iter().flat_map(|network| network.all()) {
        if found.is_none() {
            let row = on_engine!(db, |connection| held()
                .filter(author_holds::network.eq(network))
                .first(connection)
                .optional())?;
            found = row.map(|row| (row, MatchedBy::Network));
        }
    }
    Ok(
        found.map(|((reason, name, until), by)| HoldReason::AuthorHold {
            name,
            until: until.0,
            reason,
            by,
        }),
    )
}
