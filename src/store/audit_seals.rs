//! The chain over the audit log: each seal's hash goes over the hash before it and everything that its entry says for good.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};

use super::connection::{Db, on_engine};
use super::error::Result;
use super::schema::{audit_seals, audit_unsealed};
use super::{settings, token};
use crate::time::{DAY, Timestamp};

/// Entries that are sealed in one transaction.
pub const BATCH: usize = 500;
/// The advisory lock of the one who seals: "sealrejo" in ASCII.
const ADVISORY_LOCK: i64 = 0x7365_616c_7265_6a6f;
/// What every hash begins with; another way of writing an entry down would begin otherwise.
const FORM: &[u8] = b"rejoinder audit seal 1";
/// When the head was last written to the log of the server, in milliseconds.
const HEAD_LOGGED: &str = "audit_head_logged";

/// What the first seal is chained to.
pub(super) const START: &[u8] = &[];

/// What an entry says for good.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Fixed {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = BigInt)]
    at: i64,
    #[diesel(sql_type = BigInt)]
    actor: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    moderator_id: Option<i64>,
    #[diesel(sql_type = Text)]
    act: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    article_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    comment_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    decision_id: Option<i64>,
    #[diesel(sql_type = Text)]
    facts: String,
    #[diesel(sql_type = Nullable<Binary>)]
    pub digest: Option<Vec<u8>>,
}

/// The columns of [`Fixed`], of entries called `e`. The actor is widened: a small integer would be cut off while it is read.
pub(super) const FIXED: &str = "e.id, e.at, CAST(e.actor AS BIGINT) AS actor, e.moderator_id, e.act, \
     e.article_id, e.comment_id, e.decision_id, e.facts, e.digest";

/// The hash of a seal. Each part is led by its length, and what is not there is shorter than anything that is.
pub(super) fn hash(before: &[u8], seq: i64, entry: &Fixed, at: i64) -> Vec<u8> {
    let number = |value: i64| value.to_be_bytes();
    let optional = |value: Option<i64>| value.map_or_else(Vec::new, |id| number(id).to_vec());
    let digest = match &entry.digest {
        Some(digest) => [b"+".as_slice(), digest].concat(),
        None => Vec::new(),
    };
    token::digest(&[
        FORM,
        before,
        &number(seq),
        &number(at),
        &number(entry.id),
        &number(entry.at),
        &number(entry.actor),
        &optional(entry.moderator_id),
        entry.act.as_bytes(),
        &optional(entry.article_id),
        &optional(entry.comment_id),
        &optional(entry.decision_id),
        entry.facts.as_bytes(),
        &digest,
    ])
}

/// A place of the chain and its hash: `SEQ:DIGEST`. Kept elsewhere, it proves what the log was up to there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    pub seq: i64,
    pub hash: Vec<u8>,
}

impl Display for Anchor {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.seq, token::hex(&self.hash))
    }
}

/// Not an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "an anchor is SEQ:DIGEST, a number and 64 hexadecimal digits, as `rejoinder check` prints it"
)]
pub struct NoAnchor;

impl FromStr for Anchor {
    type Err = NoAnchor;

    fn from_str(text: &str) -> std::result::Result<Self, NoAnchor> {
        let (seq, digits) = text.trim().split_once(':').ok_or(NoAnchor)?;
        let seq = seq.parse().ok().filter(|seq| *seq > 0).ok_or(NoAnchor)?;
        if digits.len() != 64 || !digits.is_ascii() {
            return Err(NoAnchor);
        }
        let byte = |at: usize| {
            let pair = digits.get(at..at + 2).ok_or(NoAnchor)?;
            u8::from_str_radix(pair, 16).map_err(|_| NoAnchor)
        };
        let hash = (0..64).step_by(2).map(byte);
        Ok(Self {
            seq,
            hash: hash.collect::<std::result::Result<_, _>>()?,
        })
    }
}

/// Where the chain ends; `None` while nothing is sealed.
///
/// # Errors
/// Those of the engine.
pub fn head(db: &mut Db) -> Result<Option<Anchor>> {
    let last: Option<(i64, Vec<u8>)> = audit_seals::table
        .order(audit_seals::seq.desc())
        .select((audit_seals::seq, audit_seals::hash))
        .first(db)
        .optional()?;
    Ok(last.map(|(seq, hash)| Anchor { seq, hash }))
}

/// Whether an entry waits for its seal.
///
/// # Errors
/// Those of the engine.
pub fn is_waiting(db: &mut Db) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(
        audit_unsealed::table.select(audit_unsealed::entry_id),
    ))
    .get_result(db)?)
}

/// Seals the entries that wait, at most [`BATCH`] of them, and says how many those were: none while another instance is at
/// it. To be run as an update, alone in its transaction.
///
/// # Errors
/// Those of the engine.
pub fn seal(db: &mut Db, now: Timestamp) -> Result<usize> {
    if !is_my_turn(db)? {
        return Ok(0);
    }
    // What waits without an entry, or is sealed already, was put there by hand: `check` names it, and nothing waits for it.
    let waiting: Vec<Fixed> = diesel::sql_query(format!(
        "SELECT {FIXED} FROM audit_unsealed u JOIN audit_entries e ON e.id = u.entry_id \
         WHERE NOT EXISTS (SELECT 1 FROM audit_seals s WHERE s.entry_id = u.entry_id) \
         ORDER BY u.entry_id LIMIT {BATCH}"
    ))
    .load(db)?;
    let (mut seq, mut before) = match head(db)? {
        Some(head) => (head.seq, head.hash),
        None => (0, START.to_vec()),
    };
    let mut seals = Vec::with_capacity(waiting.len());
    for entry in &waiting {
        seq += 1;
        before = hash(&before, seq, entry, now.0);
        seals.push((
            audit_seals::seq.eq(seq),
            audit_seals::entry_id.eq(entry.id),
            audit_seals::hash.eq(before.clone()),
            audit_seals::at.eq(now.0),
        ));
    }
    on_engine!(db, |connection| diesel::insert_into(audit_seals::table)
        .values(&seals)
        .execute(connection)?);
    let sealed: Vec<i64> = waiting.iter().map(|entry| entry.id).collect();
    diesel::delete(audit_unsealed::table.filter(audit_unsealed::entry_id.eq_any(sealed)))
        .execute(db)?;
    Ok(waiting.len())
}

/// The head, once a day: whoever is given it writes it where the database's owner cannot take it back. To be run as an update.
///
/// # Errors
/// Those of the engine.
pub fn head_of_the_day(db: &mut Db, now: Timestamp) -> Result<Option<Anchor>> {
    if !is_my_turn(db)? {
        return Ok(None);
    }
    let logged = settings::get(db, HEAD_LOGGED)?.and_then(|at| at.parse().ok());
    if logged.is_some_and(|at| now.since(Timestamp(at)) < DAY) {
        return Ok(None);
    }
    let head = head(db)?;
    if head.is_some() {
        settings::set(db, HEAD_LOGGED, &now.0.to_string())?;
    }
    Ok(head)
}

/// On SQLite there is one writer. On PostgreSQL, whoever gets the lock, until the end of the transaction.
fn is_my_turn(db: &mut Db) -> Result<bool> {
    #[derive(QueryableByName)]
    struct Turn {
        #[diesel(sql_type = Bool)]
        mine: bool,
    }
    if db.is_sqlite() {
        return Ok(true);
    }
    let turn: Turn = diesel::sql_query(format!(
        "SELECT pg_try_advisory_xact_lock({ADVISORY_LOCK}) AS mine"
    ))
    .get_result(db)?;
    Ok(turn.mine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_read_as_it_is_written() {
        let anchor = Anchor {
            seq: 812,
            hash: (0..32).collect(),
        };
        assert_eq!(anchor.to_string().parse(), Ok(anchor.clone()));
        let digits = "ab".repeat(32);
        for wrong in [
            String::new(),
            digits.clone(),
            format!("0:{digits}"),
            format!("-1:{digits}"),
            format!("x:{digits}"),
            format!("1:{}", &digits[2..]),
            format!("1:{}zz", &digits[2..]),
            format!("1:{}é", &digits[2..]),
        ] {
            assert_eq!(wrong.parse::<Anchor>(), Err(NoAnchor), "{wrong}");
        }
    }

    #[test]
    fn what_is_missing_hashes_otherwise_than_what_is_empty() {
        let entry = Fixed {
            id: 1,
            at: 2,
            actor: 0,
            moderator_id: None,
            act: "approved".to_owned(),
            article_id: None,
            comment_id: None,
            decision_id: None,
            facts: "{}".to_owned(),
            digest: None,
        };
        let of = |entry: &Fixed| hash(START, 1, entry, 3);
        let known = of(&entry);
        let changed = [
            Fixed {
                moderator_id: Some(0),
                ..entry.clone()
            },
            Fixed {
                article_id: Some(0),
                ..entry.clone()
            },
            Fixed {
                comment_id: Some(0),
                ..entry.clone()
            },
            Fixed {
                digest: Some(Vec::new()),
                ..entry.clone()
            },
            Fixed {
                act: "approved{}".to_owned(),
                facts: String::new(),
                ..entry.clone()
            },
        ];
        for other in &changed {
            assert_ne!(of(other), known, "{other:?}");
        }
        assert_ne!(hash(START, 2, &entry, 3), known);
        assert_ne!(hash(START, 1, &entry, 4), known);
        assert_ne!(hash(&known, 1, &entry, 3), known);
    }
}
