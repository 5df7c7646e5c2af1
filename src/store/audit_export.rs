//! The audit log as it is handed out: each entry with everything that it says, and its seal.

use std::collections::HashMap;

use diesel::prelude::*;

use super::articles::Seek;
use super::audit_filter::{self, Filter};
use super::audit_log::Who;
use super::connection::Db;
use super::error::Result;
use super::schema::{articles, audit_entries, audit_seals, audit_texts, moderators};
use crate::time::Timestamp;

/// Entries that are read at once.
pub const PAGE: i64 = 1_000;
/// Entries that one export has at most.
pub const MOST: usize = 100_000;

/// An entry.
#[derive(Debug, Clone)]
pub struct Exported {
    pub id: i64,
    pub at: Timestamp,
    pub who: Who,
    pub act: String,
    /// Its slug.
    pub article: Option<String>,
    pub comment: Option<i64>,
    pub decision: Option<i64>,
    /// JSON.
    pub facts: String,
    pub text: String,
    /// The number and the hash of its seal, once it has one.
    pub seal: Option<(i64, Vec<u8>)>,
}

type Row = (
    i64,
    Timestamp,
    i16,
    Option<String>,
    String,
    Option<String>,
    Option<i64>,
    Option<i64>,
    String,
    Option<String>,
    Option<(i64, Vec<u8>)>,
);

/// The next entries, newest first, and where to go on; a page may be empty and lead on still. `None` at the end.
///
/// # Errors
/// Those of the engine.
pub fn page(db: &mut Db, filter: &Filter, seek: Seek) -> Result<(Vec<Exported>, Option<Seek>)> {
    let found = audit_filter::page(db, filter, seek, PAGE)?;
    let rows: Vec<Row> = audit_entries::table
        .left_join(moderators::table.on(audit_entries::moderator_id.eq(moderators::id.nullable())))
        .left_join(articles::table.on(audit_entries::article_id.eq(articles::id.nullable())))
        .left_join(audit_texts::table.on(audit_texts::entry_id.eq(audit_entries::id)))
        .left_join(audit_seals::table.on(audit_seals::entry_id.eq(audit_entries::id)))
        .filter(audit_entries::id.eq_any(found.ids.clone()))
        .select((
            audit_entries::id,
            audit_entries::at,
            audit_entries::actor,
            moderators::name.nullable(),
            audit_entries::act,
            articles::slug.nullable(),
            audit_entries::comment_id,
            audit_entries::decision_id,
            audit_entries::facts,
            audit_texts::text.nullable(),
            (audit_seals::seq, audit_seals::hash).nullable(),
        ))
        .load(db)?;
    let mut rows: HashMap<i64, Row> = rows.into_iter().map(|row| (row.0, row)).collect();
    let rows = found.ids.iter().filter_map(|id| rows.remove(id));
    Ok((rows.map(exported).collect(), found.older.map(Seek::Before)))
}

fn exported(row: Row) -> Exported {
    let (id, at, actor, moderator, act, article, comment, decision, facts, text, seal) = row;
    Exported {
        id,
        at,
        who: Who::of(actor, moderator),
        act,
        article,
        comment,
        decision,
        facts,
        text: text.unwrap_or_default(),
        seal,
    }
}
