//! The append-only audit log. Fixed facts stand in the entry; words that erasure may take away stand beside it, and the
//! entry keeps their salted digest.

use diesel::prelude::*;

use super::connection::Db;
use super::error::Result;
use super::schema::{audit_entries, audit_texts};
use super::token;
use crate::time::Timestamp;

/// Who acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    Moderator(i64),
    CommandLine,
    Author,
    Policy,
}

impl Actor {
    fn code(self) -> i16 {
        match self {
            Self::Moderator(_) => 0,
            Self::CommandLine => 1,
            Self::Author => 2,
            Self::Policy => 3,
        }
    }

    /// The account that acted, if one did.
    pub(super) fn moderator(self) -> Option<i64> {
        match self {
            Self::Moderator(id) => Some(id),
            Self::CommandLine | Self::Author | Self::Policy => None,
        }
    }
}

/// One line of the log.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    pub actor: Actor,
    /// What was done, in a word that never changes: `approved`, `undone`, `signed-in`, …
    pub act: &'a str,
    pub article: Option<i64>,
    pub comment: Option<i64>,
    pub decision: Option<i64>,
    /// Facts that name nobody, as JSON.
    pub facts: serde_json::Value,
    /// Names and notes; empty when there are none.
    pub text: &'a str,
}

impl<'a> Entry<'a> {
    pub fn new(actor: Actor, act: &'a str) -> Self {
        Self {
            actor,
            act,
            article: None,
            comment: None,
            decision: None,
            facts: serde_json::Value::Null,
            text: "",
        }
    }
}

/// Appends an entry in the acting transaction.
///
/// # Errors
/// Those of the engine.
pub fn append(db: &mut Db, entry: &Entry, now: Timestamp) -> Result<()> {
    let salt = token::random::<16>()?;
    let digest = (!entry.text.is_empty()).then(|| token::digest(&[&salt, entry.text.as_bytes()]));
    let facts = if entry.facts.is_null() {
        String::from("{}")
    } else {
        entry.facts.to_string()
    };
    let id: i64 = diesel::insert_into(audit_entries::table)
        .values((
            audit_entries::at.eq(now.0),
            audit_entries::actor.eq(entry.actor.code()),
            audit_entries::moderator_id.eq(entry.actor.moderator()),
            audit_entries::act.eq(entry.act),
            audit_entries::article_id.eq(entry.article),
            audit_entries::comment_id.eq(entry.comment),
            audit_entries::decision_id.eq(entry.decision),
            audit_entries::facts.eq(facts),
            audit_entries::digest.eq(digest),
        ))
        .returning(audit_entries::id)
        .get_result(db)?;
    if !entry.text.is_empty() {
        diesel::insert_into(audit_texts::table)
            .values((
                audit_texts::entry_id.eq(id),
                audit_texts::salt.eq(salt.as_slice()),
                audit_texts::text.eq(entry.text),
            ))
            .execute(db)?;
    }
    Ok(())
}
