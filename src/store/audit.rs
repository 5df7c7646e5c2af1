//! The append-only audit log. Fixed facts stand in the entry; words that erasure may take away stand beside it, and the
//! entry keeps their salted digest. A new entry waits for its seal.

use diesel::prelude::*;

use super::connection::Db;
use super::error::Result;
use super::schema::{audit_entries, audit_texts, audit_unsealed};
use super::token;
use crate::time::Timestamp;

/// The act of an entry that names the entries whose texts were erased, under `entries` among its facts.
pub const TEXTS_ERASED: &str = "texts-erased";
/// Bytes of the salt that goes into the digest of a text; all zero once the text is erased.
pub const SALT: usize = 16;
/// Entries that one such entry names at most.
const NAMED: usize = 500;

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
    let salt = match entry.text.is_empty() {
        true => None,
        false => Some(token::random::<SALT>()?),
    };
    let digest = salt.map(|salt| text_digest(&salt, entry.text));
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
    diesel::insert_into(audit_unsealed::table)
        .values(audit_unsealed::entry_id.eq(id))
        .execute(db)?;
    if let Some(salt) = salt {
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

/// What an entry keeps of its text: nobody can guess the text from it without the salt.
pub(super) fn text_digest(salt: &[u8], text: &str) -> Vec<u8> {
    token::digest(&[salt, text.as_bytes()])
}

/// Empties the texts of these entries, and appends entries that name those that were emptied: that is how `rejoinder check`
/// tells an erasure from a tampering. Entries without a text, or with one erased before, are passed over.
///
/// # Errors
/// Those of the engine.
pub fn erase_texts(db: &mut Db, entries: &[i64], actor: Actor, now: Timestamp) -> Result<()> {
    for slice in entries.chunks(NAMED) {
        let full = audit_texts::table
            .filter(audit_texts::entry_id.eq_any(slice.to_vec()))
            .filter(audit_texts::text.ne(""));
        let mut emptied: Vec<i64> = full.select(audit_texts::entry_id).load(db)?;
        if emptied.is_empty() {
            continue;
        }
        emptied.sort_unstable();
        diesel::update(audit_texts::table.filter(audit_texts::entry_id.eq_any(emptied.clone())))
            .set((
                audit_texts::text.eq(""),
                audit_texts::salt.eq([0_u8; SALT].as_slice()),
            ))
            .execute(db)?;
        let entry = Entry {
            facts: serde_json::json!({ "entries": emptied }),
            ..Entry::new(actor, TEXTS_ERASED)
        };
        append(db, &entry, now)?;
    }
    Ok(())
}
