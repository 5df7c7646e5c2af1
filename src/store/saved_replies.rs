//! Saved replies: what moderators often write to authors when they reject.

use diesel::prelude::*;

use super::audit::{self, Actor, Entry};
use super::connection::Db;
use super::error::Result;
use super::schema::saved_replies;
use crate::time::Timestamp;

/// Saved replies of a site: as many as a menu can hold.
pub const MOST: i64 = 50;

/// A saved reply.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = saved_replies)]
pub struct SavedReply {
    pub id: i64,
    pub title: String,
    pub text: String,
}

/// All of them, by title.
///
/// # Errors
/// Those of the engine.
pub fn all(db: &mut Db) -> Result<Vec<SavedReply>> {
    let mut all: Vec<SavedReply> = saved_replies::table
        .order(saved_replies::id.asc())
        .limit(MOST)
        .select(SavedReply::as_select())
        .load(db)?;
    all.sort_by_key(|reply| reply.title.to_lowercase());
    Ok(all)
}

/// The text of one.
///
/// # Errors
/// Those of the engine.
pub fn text(db: &mut Db, id: i64) -> Result<Option<String>> {
    Ok(saved_replies::table
        .find(id)
        .select(saved_replies::text)
        .first(db)
        .optional()?)
}

/// Saves one; `false` when there are [`MOST`] already.
///
/// # Errors
/// Those of the engine.
pub fn add(db: &mut Db, title: &str, text: &str, moderator: i64, now: Timestamp) -> Result<bool> {
    let count: i64 = saved_replies::table.count().get_result(db)?;
    if count >= MOST {
        return Ok(false);
    }
    let id: i64 = diesel::insert_into(saved_replies::table)
        .values((
            saved_replies::title.eq(title),
            saved_replies::text.eq(text),
            saved_replies::moderator_id.eq(moderator),
            saved_replies::created_at.eq(now.0),
        ))
        .returning(saved_replies::id)
        .get_result(db)?;
    note(db, "saved-reply-added", id, title, (moderator, now))?;
    Ok(true)
}

/// Changes one; `false` when it is gone.
///
/// # Errors
/// Those of the engine.
pub fn change(
    db: &mut Db,
    (id, title, text): (i64, &str, &str),
    moderator: i64,
    now: Timestamp,
) -> Result<bool> {
    let touched = diesel::update(saved_replies::table.find(id))
        .set((saved_replies::title.eq(title), saved_replies::text.eq(text)))
        .execute(db)?;
    if touched > 0 {
        note(db, "saved-reply-changed", id, title, (moderator, now))?;
    }
    Ok(touched > 0)
}

/// Removes one; decisions that were made with it keep its words.
///
/// # Errors
/// Those of the engine.
pub fn remove(db: &mut Db, id: i64, moderator: i64, now: Timestamp) -> Result<bool> {
    let title: Option<String> = diesel::delete(saved_replies::table.find(id))
        .returning(saved_replies::title)
        .get_result(db)
        .optional()?;
    if let Some(title) = &title {
        note(db, "saved-reply-removed", id, title, (moderator, now))?;
    }
    Ok(title.is_some())
}

fn note(
    db: &mut Db,
    act: &str,
    id: i64,
    title: &str,
    (moderator, now): (i64, Timestamp),
) -> Result<()> {
    let entry = Entry {
        facts: serde_json::json!({ "saved-reply": id }),
        text: title,
        ..Entry::new(Actor::Moderator(moderator), act)
    };
    audit::append(db, &entry, now)
}
