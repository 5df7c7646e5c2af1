//! One turn of a comment's version: the compare-and-set on its row, the row of the history.

use diesel::prelude::*;

use super::connection::{Db, on_engine};
use super::error::Result;
use super::fixed::{Value, statement};
use super::publication;
use super::schema::{comments, decisions};
use crate::moderation::{About, Status};
use crate::time::Timestamp;

#[derive(Queryable, Selectable)]
#[diesel(table_name = comments)]
pub(super) struct Subject {
    pub id: i64,
    pub article_id: i64,
    pub parent_id: Option<i64>,
    pub status: Status,
    pub version: i64,
    pub name: String,
    pub published_at: Option<Timestamp>,
    pub public_descendants: i64,
    pub revision_id: Option<i64>,
    pub open_reports: i64,
    pub ground: Option<i16>,
    pub rule_id: Option<i64>,
    pub decided_at: Option<Timestamp>,
    pub created_at: Timestamp,
    /// Whether the same reply sent again would be told by it.
    #[diesel(select_expression = comments::digest.is_not_null())]
    pub has_digest: bool,
}

pub(super) fn subject(db: &mut Db, comment: i64) -> Result<Option<Subject>> {
    Ok(comments::table
        .find(comment)
        .select(Subject::as_select())
        .first(db)
        .optional()?)
}

/// What becomes of the comment's row.
pub(super) struct Change {
    pub to: Status,
    pub ground: Option<i16>,
    pub rule: Option<i64>,
    pub decided_at: Option<Timestamp>,
}

impl Change {
    /// The version turns, and nothing else.
    pub fn nothing(subject: &Subject) -> Self {
        Self {
            to: subject.status,
            ground: subject.ground,
            rule: subject.rule_id,
            decided_at: subject.decided_at,
        }
    }
}

/// The compare-and-set on the comment's row, then the counts. `false` when another version stands.
pub(super) fn turn(
    db: &mut Db,
    subject: &Subject,
    change: &Change,
    now: Timestamp,
) -> Result<bool> {
    let published_at = match (subject.published_at, change.to) {
        (None, Status::Approved) => Some(now),
        // Back in the queue by an undo: it is published when it is approved, not when somebody slipped.
        (_, Status::Pending) if subject.public_descendants == 0 => None,
        (known, _) => known,
    };
    // An index is written anew whenever its column is set, whatever to.
    let digest = match subject.has_digest {
        true => ", digest = NULL",
        false => "",
    };
    // An edit sent at this moment does not turn the version, and must not be taken for the one that was judged.
    let edit = match subject.revision_id {
        Some(_) => "revision_id = ?",
        None => "revision_id IS NULL",
    };
    // Where the text was let go, nothing is left to be read or published.
    let text = match change.to {
        Status::Pending | Status::Approved => " AND purged_at IS NULL",
        Status::Rejected | Status::Spam | Status::Withdrawn => "",
    };
    let sql = format!(
        "UPDATE comments SET status = ?, version = version + 1, ground = ?, rule_id = ?, decided_at = ?, \
         published_at = ?{digest} WHERE id = ? AND version = ? AND {edit}{text}"
    );
    let mut values = vec![
        Value::Small(Some(change.to.code())),
        Value::Small(change.ground),
        Value::Whole(change.rule),
        Value::Whole(change.decided_at.map(|at| at.0)),
        Value::Whole(published_at.map(|at| at.0)),
        Value::from(subject.id),
        Value::from(subject.version),
    ];
    values.extend(subject.revision_id.map(Value::from));
    let update = statement::<()>(&sql, &values);
    let touched = on_engine!(db, |connection| update.execute(connection))?;
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

/// A row of the history, about to be written.
pub(super) struct NewDecision<'a> {
    pub to: Status,
    pub ground: Option<i16>,
    pub rule: Option<i64>,
    pub moderator: i64,
    pub note: &'a str,
    pub undoes: Option<i64>,
    pub about: About,
    pub outcome: Option<i16>,
    pub revision: Option<i64>,
    pub appeal: Option<i64>,
    pub bulk: Option<i64>,
}

pub(super) fn record(
    db: &mut Db,
    subject: &Subject,
    new: &NewDecision<'_>,
    now: Timestamp,
) -> Result<i64> {
    let first = subject.status == Status::Pending && new.undoes.is_none();
    Ok(diesel::insert_into(decisions::table)
        .values((
            decisions::comment_id.eq(subject.id),
            decisions::moderator_id.eq(new.moderator),
            decisions::at.eq(now.0),
            decisions::from_status.eq(subject.status.code()),
            decisions::to_status.eq(new.to.code()),
            decisions::ground.eq(new.ground),
            decisions::rule_id.eq(new.rule),
            decisions::note.eq(new.note),
            decisions::undoes.eq(new.undoes),
            decisions::comment_version.eq(subject.version + 1),
            decisions::about.eq(new.about.code()),
            decisions::outcome.eq(new.outcome),
            decisions::revision_id.eq(new.revision),
            decisions::appeal_id.eq(new.appeal),
            decisions::bulk_id.eq(new.bulk),
            decisions::waited.eq(first.then(|| now.since(subject.created_at))),
        ))
        .returning(decisions::id)
        .get_result(db)?)
}
