//! Decisions taken back: by a further one that restores what was before, and calls back effects that have not left.

use diesel::prelude::*;

use super::audit::{self, Actor, Entry};
use super::connection::Db;
use super::decisions::{Decided, done};
use super::error::Result;
use super::schema::decisions;
use super::turn::{Change, NewDecision, record, subject, turn};
use super::{appeals, author_holds, outbox, publication, reports, revisions};
use crate::moderation::{About, RevisionStatus, Status};
use crate::time::Timestamp;

#[derive(Queryable, Selectable)]
#[diesel(table_name = decisions)]
struct Undone {
    comment_id: i64,
    at: Timestamp,
    from_status: Status,
    to_status: Status,
    comment_version: i64,
    moderator_id: Option<i64>,
    undoes: Option<i64>,
    about: About,
    outcome: Option<i16>,
    revision_id: Option<i64>,
    appeal_id: Option<i64>,
}

/// Undoes a decision. Legal for the last decision of a comment only; undoing it twice changes nothing.
///
/// # Errors
/// Those of the engine.
pub fn undo(db: &mut Db, decision: i64, moderator: i64, now: Timestamp) -> Result<Decided> {
    let undone: Option<Undone> = decisions::table
        .find(decision)
        .select(Undone::as_select())
        .first(db)
        .optional()?;
    let Some(undone) = undone else {
        return Ok(Decided::NoComment);
    };
    let comment = undone.comment_id;
    let Some(subject) = subject(db, comment)? else {
        return Ok(Decided::NoComment);
    };
    if subject.version != undone.comment_version || undone.undoes.is_some() {
        let already: Option<(i64, Status)> = decisions::table
            .filter(decisions::comment_id.eq(comment))
            .filter(decisions::comment_version.eq(subject.version))
            .filter(decisions::undoes.eq(decision))
            .select((decisions::id, decisions::to_status))
            .first(db)
            .optional()?;
        return Ok(match already {
            Some((id, to)) => done(id, subject, to, undone.about, None),
            None => Decided::Conflict { comment },
        });
    }
    let back_to = undone.from_status;
    let change = if back_to == undone.to_status {
        Change::nothing(&subject)
    } else {
        let before = latest_reason(db, comment, decision, back_to)?;
        Change {
            to: back_to,
            ground: before.as_ref().and_then(|(ground, _, _)| *ground),
            rule: before.as_ref().and_then(|(_, rule, _)| *rule),
            decided_at: before.map(|(_, _, at)| at),
        }
    };
    if !turn(db, &subject, &change, now)? {
        return Ok(Decided::Conflict { comment });
    }
    let further = NewDecision {
        to: back_to,
        ground: change.ground,
        rule: change.rule,
        moderator,
        note: "",
        undoes: Some(decision),
        about: undone.about,
        outcome: None,
        revision: undone.revision_id,
        appeal: undone.appeal_id,
        bulk: None,
    };
    let id = record(db, &subject, &further, now)?;
    if let Some(revision) = undone.revision_id {
        if undone.outcome == Some(RevisionStatus::Accepted.code()) {
            revisions::take_out(db, revision, comment)?;
            publication::touch(db, subject.article_id)?;
        } else {
            revisions::wait_again(db, revision, comment)?;
        }
    }
    reports::reopen(db, comment, decision)?;
    if let Some(appeal) = undone.appeal_id {
        appeals::reopen(db, appeal)?;
    } else if !matches!(back_to, Status::Rejected | Status::Spam)
        && let Some(open) = appeals::open(db, comment)?
    {
        // What its author objects to is taken back.
        appeals::decide(db, open.id, true, now)?;
    }
    author_holds::undo_trust(db, &subject, undone.moderator_id, undone.at)?;
    let undone_row = outbox::Undone {
        decision,
        at: undone.at,
        comment,
    };
    outbox::recall(db, &undone_row, id, now)?;
    let entry = Entry {
        comment: Some(comment),
        article: Some(subject.article_id),
        decision: Some(id),
        facts: serde_json::json!({
            "undoes": decision,
            "from": subject.status.word(),
            "to": back_to.word(),
        }),
        ..Entry::new(Actor::Moderator(moderator), "undone")
    };
    audit::append(db, &entry, now)?;
    Ok(done(id, subject, back_to, undone.about, None))
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
        .filter(decisions::from_status.ne(decisions::to_status))
        .order(decisions::comment_version.desc())
        .select((decisions::ground, decisions::rule_id, decisions::at))
        .first(db)
        .optional()?)
}
