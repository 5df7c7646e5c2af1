//! Decisions and their undoing: one compare-and-set per comment, append-only history, effects that wait.

use diesel::prelude::*;

use super::audit::{self, Actor, Entry};
use super::connection::Db;
use super::error::Result;
use super::publication;
use super::rules::{self, Rule};
use super::schema::{comments, decisions, outbox};
use super::token;
use crate::moderation::{Decision, Ground, Status};
use crate::time::Timestamp;

/// A moderator's verdict on a comment as that moderator saw it.
#[derive(Debug, Clone)]
pub struct Verdict {
    pub comment: i64,
    /// The version that the form carried.
    pub version: i64,
    pub decision: Decision,
    /// The number of the house rule, for a rejection.
    pub rule: Option<i16>,
    /// To the author; may be empty.
    pub note: String,
    pub moderator: i64,
    pub now: Timestamp,
    /// Milliseconds until the author may hear of it.
    pub undo_window: i64,
}

/// What became of a verdict or of an undo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// Made now; or made before by the same moderator, who sent it twice.
    Done(Done),
    /// Somebody else was quicker: nothing was changed.
    Conflict {
        comment: i64,
    },
    NoComment,
    /// A rejection needs a house rule in force.
    NoRule,
}

/// A decision that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub decision: i64,
    pub comment: i64,
    pub article: i64,
    pub to: Status,
    /// The author's name on the comment.
    pub name: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = comments)]
struct Subject {
    id: i64,
    article_id: i64,
    parent_id: Option<i64>,
    status: Status,
    version: i64,
    name: String,
    published_at: Option<Timestamp>,
    public_descendants: i64,
}

fn subject(db: &mut Db, comment: i64) -> Result<Option<Subject>> {
    Ok(comments::table
        .find(comment)
        .select(Subject::as_select())
        .first(db)
        .optional()?)
}

/// Makes a decision.
///
/// # Errors
/// Those of the engine.
pub fn decide(db: &mut Db, verdict: &Verdict) -> Result<Decided> {
    let Some(subject) = subject(db, verdict.comment)? else {
        return Ok(Decided::NoComment);
    };
    if subject.version != verdict.version {
        return repeated(db, &subject, verdict);
    }
    let Some(to) = subject.status.after(verdict.decision) else {
        return Ok(Decided::Conflict {
            comment: subject.id,
        });
    };
    let rule = match (verdict.decision, verdict.rule) {
        (Decision::Reject, Some(number)) => match rules::numbered(db, number)? {
            Some(rule) => Some(rule),
            None => return Ok(Decided::NoRule),
        },
        (Decision::Reject, None) => return Ok(Decided::NoRule),
        _ => None,
    };
    let ground = match verdict.decision {
        Decision::Approve => None,
        Decision::Reject => rule.as_ref().map(Rule::ground),
        Decision::Spam => Some(Ground::Spam),
    };
    let change = Change {
        to,
        ground: ground.map(Ground::code),
        rule: rule.as_ref().map(|rule| rule.id),
        decided_at: Some(verdict.now),
    };
    if !turn(db, &subject, &change, verdict.now)? {
        return Ok(Decided::Conflict {
            comment: subject.id,
        });
    }
    let decision = record(
        db,
        &subject,
        &change,
        (verdict.moderator, &verdict.note, None),
        verdict.now,
    )?;
    if matches!(to, Status::Rejected | Status::Spam) {
        post_effect(
            db,
            decision,
            subject.id,
            verdict.now.plus(verdict.undo_window),
        )?;
    }
    let entry = Entry {
        comment: Some(subject.id),
        article: Some(subject.article_id),
        decision: Some(decision),
        facts: serde_json::json!({
            "from": subject.status.word(),
            "rule": rule.map(|rule| rule.number),
        }),
        text: &verdict.note,
        ..Entry::new(Actor::Moderator(verdict.moderator), to.word())
    };
    audit::append(db, &entry, verdict.now)?;
    Ok(done(decision, subject, to))
}

fn done(decision: i64, subject: Subject, to: Status) -> Decided {
    Decided::Done(Done {
        decision,
        comment: subject.id,
        article: subject.article_id,
        to,
        name: subject.name,
    })
}

/// A stale form: "done" to a moderator who sent the same decision twice, a conflict to everybody else.
fn repeated(db: &mut Db, subject: &Subject, verdict: &Verdict) -> Result<Decided> {
    let mine: Option<(i64, Status)> = decisions::table
        .filter(decisions::comment_id.eq(subject.id))
        .filter(decisions::comment_version.eq(subject.version))
        .filter(decisions::moderator_id.eq(verdict.moderator))
        .filter(decisions::undoes.is_null())
        .select((decisions::id, decisions::to_status))
        .first(db)
        .optional()?;
    Ok(match mine {
        Some((decision, to))
            if subject.version == verdict.version + 1
                && Decision::towards(to) == Some(verdict.decision) =>
        {
            Decided::Done(Done {
                decision,
                comment: subject.id,
                article: subject.article_id,
                to,
                name: subject.name.clone(),
            })
        }
        _ => Decided::Conflict {
            comment: subject.id,
        },
    })
}

struct Change {
    to: Status,
    ground: Option<i16>,
    rule: Option<i64>,
    decided_at: Option<Timestamp>,
}

/// The compare-and-set on the comment's row, then the counts. `false` when another version stands.
fn turn(db: &mut Db, subject: &Subject, change: &Change, now: Timestamp) -> Result<bool> {
    let published_at = match (subject.published_at, change.to) {
        (None, Status::Approved) => Some(now),
        (known, _) => known,
    };
    let touched = diesel::update(
        comments::table
            .find(subject.id)
            .filter(comments::version.eq(subject.version)),
    )
    .set((
        comments::status.eq(change.to.code()),
        comments::version.eq(comments::version + 1),
        comments::digest.eq(None::<Vec<u8>>),
        comments::ground.eq(change.ground),
        comments::rule_id.eq(change.rule),
        comments::decided_at.eq(change.decided_at.map(|at| at.0)),
        comments::published_at.eq(published_at.map(|at| at.0)),
    ))
    .execute(db)?;
    if touched == 0 {
        return Ok(false);
    }
    publication::follow(
        db,
        subject.id,
        subject.article_id,
        subject.parent_id,
        (subject.status, change.to),
        subject.public_descendants,
    )?;
    Ok(true)
}

fn record(
    db: &mut Db,
    subject: &Subject,
    change: &Change,
    (moderator, note, undoes): (i64, &str, Option<i64>),
    now: Timestamp,
) -> Result<i64> {
    Ok(diesel::insert_into(decisions::table)
        .values((
            decisions::comment_id.eq(subject.id),
            decisions::moderator_id.eq(moderator),
            decisions::at.eq(now.0),
            decisions::from_status.eq(subject.status.code()),
            decisions::to_status.eq(change.to.code()),
            decisions::ground.eq(change.ground),
            decisions::rule_id.eq(change.rule),
            decisions::note.eq(note),
            decisions::undoes.eq(undoes),
            decisions::comment_version.eq(subject.version + 1),
        ))
        .returning(decisions::id)
        .get_result(db)?)
}

/// What leaves the server waits in the outbox until the undo window is over. The author's receipt is the first effect.
fn post_effect(db: &mut Db, decision: i64, comment: i64, due: Timestamp) -> Result<()> {
    diesel::insert_into(outbox::table)
        .values((
            outbox::decision_id.eq(decision),
            outbox::comment_id.eq(comment),
            outbox::kind.eq("receipt"),
            outbox::message_id.eq(token::receipt()?),
            outbox::due_at.eq(due.0),
        ))
        .execute(db)?;
    Ok(())
}

/// Undoes a decision by a further one that restores the status before, and calls back effects that have not left.
/// Legal for the last decision of a comment only; undoing it twice changes nothing.
///
/// # Errors
/// Those of the engine.
pub fn undo(db: &mut Db, decision: i64, moderator: i64, now: Timestamp) -> Result<Decided> {
    let undone: Option<(i64, Status, i64, Option<i64>)> = decisions::table
        .find(decision)
        .select((
            decisions::comment_id,
            decisions::from_status,
            decisions::comment_version,
            decisions::undoes,
        ))
        .first(db)
        .optional()?;
    let Some((comment, back_to, version, undoes)) = undone else {
        return Ok(Decided::NoComment);
    };
    let Some(subject) = subject(db, comment)? else {
        return Ok(Decided::NoComment);
    };
    if subject.version != version || undoes.is_some() {
        let already: Option<(i64, Status)> = decisions::table
            .filter(decisions::comment_id.eq(comment))
            .filter(decisions::comment_version.eq(subject.version))
            .filter(decisions::undoes.eq(decision))
            .select((decisions::id, decisions::to_status))
            .first(db)
            .optional()?;
        return Ok(match already {
            Some((id, to)) => done(id, subject, to),
            None => Decided::Conflict { comment },
        });
    }
    let before = latest_reason(db, comment, decision, back_to)?;
    let change = Change {
        to: back_to,
        ground: before.as_ref().and_then(|(ground, _, _)| *ground),
        rule: before.as_ref().and_then(|(_, rule, _)| *rule),
        decided_at: before.map(|(_, _, at)| at),
    };
    if !turn(db, &subject, &change, now)? {
        return Ok(Decided::Conflict { comment });
    }
    let entry_id = record(db, &subject, &change, (moderator, "", Some(decision)), now)?;
    diesel::update(
        outbox::table
            .filter(outbox::decision_id.eq(decision))
            .filter(outbox::claimed_at.is_null())
            .filter(outbox::due_at.gt(now.0)),
    )
    .set(outbox::cancelled_at.eq(now.0))
    .execute(db)?;
    let entry = Entry {
        comment: Some(comment),
        article: Some(subject.article_id),
        decision: Some(entry_id),
        facts: serde_json::json!({
            "undoes": decision,
            "from": subject.status.word(),
            "to": back_to.word(),
        }),
        ..Entry::new(Actor::Moderator(moderator), "undone")
    };
    audit::append(db, &entry, now)?;
    Ok(done(entry_id, subject, back_to))
}

type Reason = (Option<i16>, Option<i64>, Timestamp);

/// The ground under which a comment had its earlier status.
fn latest_reason(db: &mut Db, comment: i64, before: i64, status: Status) -> Result<Option<Reason>> {
    if status == Status::Pending {
        return Ok(None);
    }
    Ok(decisions::table
        .filter(decisions::comment_id.eq(comment))
        .filter(decisions::id.lt(before))
        .filter(decisions::to_status.eq(status.code()))
        .order(decisions::comment_version.desc())
        .select((decisions::ground, decisions::rule_id, decisions::at))
        .first(db)
        .optional()?)
}
