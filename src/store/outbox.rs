//! What leaves the server waits here until the undo window of its decision is over: written in the deciding transaction,
//! handed over at least once under one message id, called back by the undo's own transaction while it has not left.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::connection::{Db, on_engine};
use super::error::Result;
use super::fixed::{Value, statement};
use super::schema::{decisions, outbox};
use super::token;
use crate::moderation::{About, Notice, Status};
use crate::time::{MINUTE, Timestamp};

/// Rows claimed at once.
pub const BATCH: usize = 100;
/// A claim that led to no delivery within this many milliseconds belongs to a server that has died.
const CLAIM: i64 = MINUTE;

/// What a row of the outbox brings about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The author's receipt, and those of reporters, show the decision from its due moment on. Nothing is handed over.
    Receipt,
    /// Somebody is written to.
    Notice,
}

impl Effect {
    pub fn word(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Notice => "notice",
        }
    }
}

/// Posts an effect of a decision.
pub(super) fn post(
    db: &mut Db,
    effect: Effect,
    decision: i64,
    comment: i64,
    due: Timestamp,
) -> Result<()> {
    diesel::insert_into(outbox::table)
        .values((
            outbox::decision_id.eq(decision),
            outbox::comment_id.eq(comment),
            outbox::kind.eq(effect.word()),
            // The moment leads, so that new ones stand side by side in their index.
            outbox::message_id.eq(format!("{:x}-{}", due.0, token::receipt()?)),
            outbox::due_at.eq(due.0),
        ))
        .execute(db)?;
    Ok(())
}

/// Another status is decided before notices of the one before were due: the author hears of what stands, and of nothing else,
/// as on the receipt. Answers to reports and to edits are not replaced by it.
pub(super) fn replace(db: &mut Db, comment: i64, now: Timestamp) -> Result<()> {
    let values = [
        now.0.into(),
        comment.into(),
        Value::Words(Effect::Notice.word()),
        now.0.into(),
        comment.into(),
    ];
    let update = statement::<()>(
        "UPDATE outbox SET cancelled_at = ? WHERE comment_id = ? AND kind = ? AND claimed_at IS NULL \
         AND cancelled_at IS NULL AND due_at > ? AND decision_id IN (SELECT id FROM decisions \
         WHERE comment_id = ? AND from_status <> to_status)",
        &values,
    );
    on_engine!(db, |connection| update.execute(connection))?;
    Ok(())
}

/// A decision that is being undone.
pub(super) struct Undone {
    pub decision: i64,
    pub at: Timestamp,
    pub comment: i64,
}

/// Calls back what has not left: then it is as if the decision had never been made, and what it had replaced goes out after
/// all. Where its notice has left, or was due to, a correction follows at once.
pub(super) fn recall(db: &mut Db, undone: &Undone, undo: i64, now: Timestamp) -> Result<()> {
    diesel::update(
        outbox::table
            .filter(outbox::decision_id.eq(undone.decision))
            .filter(outbox::claimed_at.is_null())
            .filter(outbox::cancelled_at.is_null())
            .filter(outbox::due_at.gt(now.0)),
    )
    .set(outbox::cancelled_at.eq(now.0))
    .execute(db)?;
    let has_left: bool = diesel::select(exists(
        outbox::table
            .filter(outbox::decision_id.eq(undone.decision))
            .filter(outbox::kind.eq(Effect::Notice.word()))
            .filter(outbox::cancelled_at.is_null()),
    ))
    .get_result(db)?;
    if has_left {
        return post(db, Effect::Notice, undo, undone.comment, now);
    }
    // Cancelled at the moment of the decision, by it, and not by an undo at that same moment.
    let taken_back = decisions::table
        .filter(decisions::comment_id.eq(undone.comment))
        .filter(decisions::undoes.is_not_null())
        .select(decisions::undoes.assume_not_null());
    diesel::update(
        outbox::table
            .filter(outbox::comment_id.eq(undone.comment))
            .filter(outbox::kind.eq(Effect::Notice.word()))
            .filter(outbox::decision_id.lt(undone.decision))
            .filter(outbox::cancelled_at.eq(undone.at.0))
            .filter(outbox::decision_id.ne_all(taken_back)),
    )
    .set(outbox::cancelled_at.eq(None::<i64>))
    .execute(db)?;
    Ok(())
}

/// The author of a withdrawn comment hears of it no more. Those who reported it still get the answer that they were given.
pub(super) fn comment_withdrawn(db: &mut Db, comment: i64, now: Timestamp) -> Result<()> {
    let to_its_author = decisions::table
        .filter(decisions::comment_id.eq(comment))
        .filter(decisions::about.ne(About::Reports.code()))
        .select(decisions::id);
    diesel::update(
        outbox::table
            .filter(outbox::comment_id.eq(comment))
            .filter(outbox::claimed_at.is_null())
            .filter(outbox::delivered_at.is_null())
            .filter(outbox::cancelled_at.is_null())
            .filter(outbox::decision_id.eq_any(to_its_author)),
    )
    .set(outbox::cancelled_at.eq(now.0))
    .execute(db)?;
    Ok(())
}

/// A message to hand over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub row: i64,
    /// Stays the same however often it is handed over.
    pub message_id: String,
    pub comment: i64,
    pub decision: i64,
    /// `None` when there is nothing to say.
    pub says: Option<Notice>,
}

/// Whether anything is due: one read by index.
///
/// # Errors
/// Those of the engine.
pub fn is_due(db: &mut Db, now: Timestamp) -> Result<bool> {
    Ok(diesel::select(exists(
        outbox::table
            .filter(outbox::delivered_at.is_null())
            .filter(outbox::cancelled_at.is_null())
            .filter(outbox::due_at.le(now.0))
            .filter(
                outbox::claimed_at
                    .is_null()
                    .or(outbox::claimed_at.le(now.0 - CLAIM)),
            ),
    ))
    .get_result(db)?)
}

#[derive(QueryableByName)]
struct Claimed {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    message_id: String,
    #[diesel(sql_type = BigInt)]
    comment_id: i64,
    #[diesel(sql_type = BigInt)]
    decision_id: i64,
    #[diesel(sql_type = BigInt)]
    due_at: i64,
}

/// Claims what is due, at most [`BATCH`] rows, and says what there is to hand over, oldest first, and how many rows there were.
/// What needs no handing over is done with. Two servers never claim the same row.
///
/// # Errors
/// Those of the engine.
pub fn claim(db: &mut Db, now: Timestamp) -> Result<(Vec<Message>, usize)> {
    // On SQLite the writer is alone.
    let alone = match db.is_sqlite() {
        true => "",
        false => "FOR UPDATE SKIP LOCKED",
    };
    let receipt = Effect::Receipt.word();
    let statement = format!(
        "UPDATE outbox SET claimed_at = {now}, delivered_at = CASE WHEN kind = '{receipt}' THEN {now} END \
         WHERE id IN (SELECT id FROM outbox WHERE delivered_at IS NULL AND cancelled_at IS NULL AND due_at <= {now} \
         AND (claimed_at IS NULL OR claimed_at <= {stale}) ORDER BY due_at LIMIT {BATCH} {alone}) \
         RETURNING id, kind, message_id, comment_id, decision_id, due_at",
        now = now.0,
        stale = now.0 - CLAIM,
    );
    let mut rows: Vec<Claimed> = on_engine!(db, |connection| diesel::sql_query(statement)
        .load(connection)?);
    let count = rows.len();
    rows.retain(|row| row.kind != receipt);
    rows.sort_by_key(|row| (row.due_at, row.id));
    let mut messages = Vec::with_capacity(rows.len());
    let ids: Vec<i64> = rows.iter().map(|row| row.decision_id).collect();
    type Gist = (i64, About, Status, Option<i16>, Option<i64>);
    let gists: Vec<Gist> = decisions::table
        .filter(decisions::id.eq_any(ids))
        .select((
            decisions::id,
            decisions::about,
            decisions::to_status,
            decisions::outcome,
            decisions::undoes,
        ))
        .load(db)?;
    for row in rows {
        let gist = gists.iter().find(|(id, ..)| *id == row.decision_id);
        messages.push(Message {
            row: row.id,
            message_id: row.message_id,
            comment: row.comment_id,
            decision: row.decision_id,
            says: gist.and_then(|&(_, about, to, outcome, undoes)| match undoes {
                Some(_) => Some(Notice::Correction),
                None => Notice::of(about, to, outcome),
            }),
        });
    }
    Ok((messages, count))
}

/// These were handed over.
///
/// # Errors
/// Those of the engine.
pub fn delivered(db: &mut Db, rows: &[i64], now: Timestamp) -> Result<()> {
    diesel::update(outbox::table.filter(outbox::id.eq_any(rows.to_vec())))
        .set(outbox::delivered_at.eq(now.0))
        .execute(db)?;
    Ok(())
}
