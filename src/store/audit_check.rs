//! Verifies the audit log: the chain of its seals in pages, the texts beside its entries, and that nothing stands there that
//! no seal has or will have.

use std::collections::{HashMap, HashSet};
use std::fmt::{self, Display, Formatter};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};

use super::audit::{SALT, TEXTS_ERASED, text_digest};
use super::audit_seals::{Anchor, FIXED, Fixed, START, hash};
use super::connection::Db;
use super::error::Result;
use super::schema::audit_seals;
use crate::time::{HOUR, Timestamp};

/// Seals that are looked at together.
const PAGE: i64 = 1_000;
/// Faults that are kept in words; the rest is counted.
const SHOWN: usize = 10;
/// On PostgreSQL an entry may be committed after a later one was sealed, but not by so much.
const LATE: i64 = HOUR;

/// A line of the log that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The number of its seal, if that is known.
    pub seq: Option<i64>,
    /// The id of its entry, if that is known.
    pub entry: Option<i64>,
    pub what: String,
}

impl Display for Fault {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match (self.seq, self.entry) {
            (Some(seq), Some(entry)) => write!(formatter, "seal {seq}, entry {entry}: ")?,
            (Some(seq), None) => write!(formatter, "seal {seq}: ")?,
            (None, Some(entry)) => write!(formatter, "entry {entry}: ")?,
            (None, None) => {}
        }
        formatter.write_str(&self.what)
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Verdict {
    pub seals: i64,
    /// Where the chain ends: to be kept elsewhere.
    pub head: Option<Anchor>,
    /// Entries that wait for their seal, and when the oldest was written.
    pub waiting: i64,
    pub oldest_waiting: Option<Timestamp>,
    /// The first faults, in the order of the chain.
    pub faults: Vec<Fault>,
    /// How many more there are; of each kind that is looked for beside the chain, at most some.
    pub more: usize,
}

impl Verdict {
    fn fault(&mut self, seq: Option<i64>, entry: Option<i64>, what: impl Into<String>) {
        if self.faults.len() == SHOWN {
            self.more += 1;
            return;
        }
        let what = what.into();
        self.faults.push(Fault { seq, entry, what });
    }
}

#[derive(QueryableByName)]
struct Side {
    #[diesel(sql_type = BigInt)]
    entry_id: i64,
    #[diesel(sql_type = Binary)]
    salt: Vec<u8>,
    #[diesel(sql_type = Text)]
    text: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Verifies the log, and that it still goes through these anchors. `tick` hears how many seals were looked at. To be run in one
/// snapshot.
///
/// # Errors
/// Those of the engine.
pub fn verify(db: &mut Db, anchors: &[Anchor], mut tick: impl FnMut(i64)) -> Result<Verdict> {
    let mut verdict = Verdict::default();
    let erased = erased(db)?;
    let mut chain = Chain::new(db.is_sqlite());
    let mut after = i64::MIN;
    loop {
        let seals: Vec<Seal> = audit_seals::table
            .filter(audit_seals::seq.gt(after))
            .order(audit_seals::seq.asc())
            .limit(PAGE)
            .load(db)?;
        let Some(&(last, ..)) = seals.last() else {
            break;
        };
        let range = format!("audit_seals s WHERE s.seq > {after} AND s.seq <= {last}");
        let (mut entries, mut texts) = (entries(db, &range)?, texts(db, &range)?);
        for seal in &seals {
            let entry = entries.remove(&seal.1);
            chain.follow(&mut verdict, seal, entry.as_ref());
            let digest = entry.and_then(|entry| entry.digest);
            let wrong = text_fault(digest.as_deref(), texts.remove(&seal.1), &erased);
            if let Some(what) = wrong {
                verdict.fault(Some(seal.0), Some(seal.1), what);
            }
        }
        after = last;
        tick(i64::try_from(seals.len()).unwrap_or(i64::MAX));
        verdict.seals += i64::try_from(seals.len()).unwrap_or(i64::MAX);
    }
    verdict.head = super::audit_seals::head(db)?;
    hold_to(db, &mut verdict, anchors)?;
    waiting(db, &mut verdict, &erased)?;
    strays(db, &mut verdict)?;
    Ok(verdict)
}

/// The number of seals, as the measure of the way.
///
/// # Errors
/// Those of the engine.
pub fn length(db: &mut Db) -> Result<i64> {
    Ok(audit_seals::table.count().get_result(db)?)
}

/// Number, entry, hash, time.
type Seal = (i64, i64, Vec<u8>, i64);

/// How far the chain was followed.
struct Chain {
    /// The number that comes next.
    next: i64,
    /// The hashes that the next seal may go over: the one that stands there, and the one that should. None after a gap, which
    /// was named already.
    before: Vec<Vec<u8>>,
    /// The highest entry sealed so far, and when.
    highest: (i64, i64),
    in_order: bool,
}

impl Chain {
    fn new(in_order: bool) -> Self {
        Self {
            next: 1,
            before: vec![START.to_vec()],
            highest: (i64::MIN, i64::MIN),
            in_order,
        }
    }

    fn follow(&mut self, verdict: &mut Verdict, seal: &Seal, entry: Option<&Fixed>) {
        let (seq, id, stored, at) = seal;
        if *seq != self.next {
            let missing = match (self.next, seq - 1) {
                (_, last) if last < self.next => {
                    "its number is none that a seal can have".to_owned()
                }
                (first, last) if first == last => "it is missing".to_owned(),
                (_, last) => format!("it and those up to {last} are missing"),
            };
            let named = if *seq < self.next { *seq } else { self.next };
            verdict.fault(Some(named), None, missing);
            self.before.clear();
        }
        self.next = seq.saturating_add(1);
        let Some(entry) = entry else {
            verdict.fault(Some(*seq), Some(*id), "the entry is missing");
            self.before = vec![stored.clone()];
            return;
        };
        let (highest, when) = self.highest;
        if *id < highest && (self.in_order || at.saturating_sub(when) > LATE) {
            let what = format!("it was sealed after entry {highest}, which is later than it");
            verdict.fault(Some(*seq), Some(*id), what);
        }
        if *id > highest {
            self.highest = (*id, *at);
        }
        let right = self
            .before
            .iter()
            .map(|before| hash(before, *seq, entry, *at));
        let right: Vec<Vec<u8>> = right.collect();
        if self.before.is_empty() || right.contains(stored) {
            self.before = vec![stored.clone()];
            return;
        }
        verdict.fault(
            Some(*seq),
            Some(*id),
            "the entry or its seal is not what was sealed",
        );
        // The next one tells which of the two was altered; either way it is not broken by this one.
        self.before = right;
        self.before.push(stored.clone());
    }
}

fn entries(db: &mut Db, range: &str) -> Result<HashMap<i64, Fixed>> {
    let (from, condition) = range.split_once(" WHERE ").unwrap_or((range, "1 = 1"));
    let rows: Vec<Fixed> = diesel::sql_query(format!(
        "SELECT {FIXED} FROM {from} JOIN audit_entries e ON e.id = s.entry_id WHERE {condition}"
    ))
    .load(db)?;
    Ok(rows.into_iter().map(|entry| (entry.id, entry)).collect())
}

fn texts(db: &mut Db, range: &str) -> Result<HashMap<i64, Side>> {
    let (from, condition) = range.split_once(" WHERE ").unwrap_or((range, "1 = 1"));
    let rows: Vec<Side> = diesel::sql_query(format!(
        "SELECT t.entry_id, t.salt, t.text FROM {from} JOIN audit_texts t ON t.entry_id = s.entry_id WHERE {condition}"
    ))
    .load(db)?;
    Ok(rows.into_iter().map(|side| (side.entry_id, side)).collect())
}

/// What is wrong with the text beside an entry of this digest.
fn text_fault(
    digest: Option<&[u8]>,
    side: Option<Side>,
    erased: &HashSet<i64>,
) -> Option<&'static str> {
    match (digest, side) {
        (None, None) => None,
        (None, Some(_)) => Some("a text stands beside it that it was not written with"),
        (Some(_), None) => Some("the text beside it is missing"),
        (Some(digest), Some(side)) if text_digest(&side.salt, &side.text) == digest => None,
        (Some(_), Some(side)) if side.text.is_empty() => {
            let zeros = side.salt == [0; SALT];
            let named = erased.contains(&side.entry_id);
            (!zeros || !named)
                .then_some("the text beside it was emptied, and not by an erasure that the log has")
        }
        (Some(_), Some(_)) => Some("the text beside it is not the one it was written with"),
    }
}

/// The entries whose texts were erased, by the entries that say so.
fn erased(db: &mut Db) -> Result<HashSet<i64>> {
    #[derive(QueryableByName)]
    struct Erasure {
        #[diesel(sql_type = BigInt)]
        id: i64,
        #[diesel(sql_type = Text)]
        facts: String,
    }
    let mut erased = HashSet::new();
    let mut after = i64::MIN;
    loop {
        let page: Vec<Erasure> = diesel::sql_query(format!(
            "SELECT e.id, e.facts FROM audit_entries e WHERE e.act = '{TEXTS_ERASED}' AND e.id > {after} AND \
             (EXISTS (SELECT 1 FROM audit_seals s WHERE s.entry_id = e.id) OR \
             EXISTS (SELECT 1 FROM audit_unsealed u WHERE u.entry_id = e.id)) ORDER BY e.id LIMIT {PAGE}"
        ))
        .load(db)?;
        let Some(last) = page.last() else {
            return Ok(erased);
        };
        after = last.id;
        for erasure in &page {
            let facts: serde_json::Value = serde_json::from_str(&erasure.facts).unwrap_or_default();
            let named = facts.get("entries").and_then(serde_json::Value::as_array);
            erased.extend(
                named
                    .into_iter()
                    .flatten()
                    .filter_map(serde_json::Value::as_i64),
            );
        }
    }
}

/// Whether the chain still goes through each of these places.
fn hold_to(db: &mut Db, verdict: &mut Verdict, anchors: &[Anchor]) -> Result<()> {
    for anchor in anchors {
        let stored: Option<Vec<u8>> = audit_seals::table
            .find(anchor.seq)
            .select(audit_seals::hash)
            .first(db)
            .optional()?;
        let end = verdict.head.as_ref().map_or(0, |head| head.seq);
        match stored {
            Some(hash) if hash == anchor.hash => {}
            Some(_) => verdict.fault(
                Some(anchor.seq),
                None,
                "the log was rewritten: its hash is not that of the anchor",
            ),
            None if anchor.seq > end => verdict.fault(
                Some(end + 1),
                None,
                format!(
                    "the end of the log was cut off: there is an anchor for seal {}, and the last one is {end}",
                    anchor.seq
                ),
            ),
            // Named as missing already.
            None => {}
        }
    }
    Ok(())
}

/// The entries that wait for their seal, with their texts.
fn waiting(db: &mut Db, verdict: &mut Verdict, erased: &HashSet<i64>) -> Result<()> {
    #[derive(QueryableByName)]
    struct Tail {
        #[diesel(sql_type = BigInt)]
        count: i64,
        #[diesel(sql_type = Nullable<BigInt>)]
        oldest: Option<i64>,
    }
    let tail: Tail = diesel::sql_query(
        "SELECT count(*) AS count, min(e.at) AS oldest FROM audit_unsealed u JOIN audit_entries e ON e.id = u.entry_id",
    )
    .get_result(db)?;
    verdict.waiting = tail.count;
    verdict.oldest_waiting = tail.oldest.map(Timestamp);
    let mut after = i64::MIN;
    loop {
        let ids: Vec<Number> = diesel::sql_query(format!(
            "SELECT entry_id AS id FROM audit_unsealed WHERE entry_id > {after} ORDER BY entry_id LIMIT {PAGE}"
        ))
        .load(db)?;
        let Some(last) = ids.last().map(|number| number.id) else {
            return Ok(());
        };
        let range = format!("audit_unsealed s WHERE s.entry_id > {after} AND s.entry_id <= {last}");
        let (mut entries, mut texts) = (entries(db, &range)?, texts(db, &range)?);
        for Number { id } in ids {
            let Some(entry) = entries.remove(&id) else {
                verdict.fault(None, Some(id), "it waits for a seal, and is missing");
                continue;
            };
            if let Some(what) = text_fault(entry.digest.as_deref(), texts.remove(&id), erased) {
                verdict.fault(None, Some(id), what);
            }
        }
        after = last;
    }
}

/// What no chain leads to.
fn strays(db: &mut Db, verdict: &mut Verdict) -> Result<()> {
    let kinds = [
        (
            "SELECT e.id FROM audit_entries e WHERE NOT EXISTS (SELECT 1 FROM audit_seals s WHERE s.entry_id = e.id) \
             AND NOT EXISTS (SELECT 1 FROM audit_unsealed u WHERE u.entry_id = e.id) ORDER BY e.id",
            "it has no seal and waits for none: it was put there by hand, or its seal was taken away",
        ),
        (
            "SELECT u.entry_id AS id FROM audit_unsealed u JOIN audit_seals s ON s.entry_id = u.entry_id ORDER BY u.entry_id",
            "it waits for a seal although it has one",
        ),
        (
            "SELECT t.entry_id AS id FROM audit_texts t WHERE NOT EXISTS (SELECT 1 FROM audit_entries e WHERE e.id = t.entry_id) \
             ORDER BY t.entry_id",
            "a text is left of it, and the entry is missing",
        ),
    ];
    for (statement, what) in kinds {
        let found: Vec<Number> =
            diesel::sql_query(format!("{statement} LIMIT {}", SHOWN + 1)).load(db)?;
        for Number { id } in found {
            verdict.fault(None, Some(id), what);
        }
    }
    Ok(())
}
