//! Appeals: an author's one objection to a decision, read by another moderator where there is one.

use diesel::prelude::*;

use super::connection::Db;
use super::error::{Error, Result};
use super::history;
use super::outbox::Effect;
use super::schema::{appeals, comments, decisions, moderators, outbox};
use super::values::storable;
use crate::moderation::{AppealStatus, Status};
use crate::time::{DAY, Timestamp};

/// An appeal can be sent for six months (Digital Services Act, article 20(1)), counted at their longest.
pub const WINDOW: i64 = 184 * DAY;

/// An objection on its way in.
#[derive(Debug, Clone)]
pub struct NewAppeal {
    pub receipt: String,
    pub text: String,
    pub now: Timestamp,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appealed {
    Done,
    NoReceipt,
    /// There is no decision to object to, as far as the author knows.
    NothingToAppeal,
    Already,
    TooLate,
    /// What it is about was let go.
    TextGone,
}

/// Stores an appeal. The same words again are "done".
///
/// # Errors
/// Those of the engine; `Contended` when a decision is made at the same moment, to be tried again.
pub fn submit(db: &mut Db, new: &NewAppeal) -> Result<Appealed> {
    if !storable(&new.receipt) {
        return Ok(Appealed::NoReceipt);
    }
    let found: Option<(i64, Status, i64, Option<i64>)> = comments::table
        .filter(comments::receipt.eq(&new.receipt))
        .select((
            comments::id,
            comments::status,
            comments::version,
            comments::purged_at,
        ))
        .first(db)
        .optional()?;
    let Some((comment, status, version, purged_at)) = found else {
        return Ok(Appealed::NoReceipt);
    };
    let earlier: Option<String> = appeals::table
        .filter(appeals::comment_id.eq(comment))
        .select(appeals::text)
        .first(db)
        .optional()?;
    if let Some(text) = earlier {
        return Ok(if text == new.text {
            Appealed::Done
        } else {
            Appealed::Already
        });
    }
    let known = history::known_to_author(db, comment, new.now)?;
    let against = known.filter(|decision| {
        decision.to == status && matches!(status, Status::Rejected | Status::Spam)
    });
    let Some(against) = against else {
        return Ok(Appealed::NothingToAppeal);
    };
    if purged_at.is_some() {
        return Ok(Appealed::TextGone);
    }
    if new.now >= against.at.plus(WINDOW) {
        return Ok(Appealed::TooLate);
    }
    // Takes the row, so that no decision is made between this look and the appeal.
    let taken = diesel::update(
        comments::table
            .find(comment)
            .filter(comments::version.eq(version))
            .filter(comments::purged_at.is_null()),
    )
    .set(comments::risk.eq(comments::risk))
    .execute(db)?;
    if taken == 0 {
        return Err(Error::Contended("a decision was quicker".to_owned()));
    }
    diesel::insert_into(appeals::table)
        .values((
            appeals::comment_id.eq(comment),
            appeals::decision_id.eq(against.id),
            appeals::status.eq(AppealStatus::Open.code()),
            appeals::text.eq(&new.text),
            appeals::created_at.eq(new.now.0),
        ))
        .execute(db)?;
    Ok(Appealed::Done)
}

/// An appeal that waits for its answer.
#[derive(Debug, Clone)]
pub struct Open {
    pub id: i64,
    pub comment: i64,
    pub text: String,
    pub created_at: Timestamp,
    /// Who made the decision, and their name.
    pub moderator: Option<i64>,
    pub moderator_name: String,
}

/// The appeals that wait on these comments.
///
/// # Errors
/// Those of the engine.
pub fn open_on(db: &mut Db, ids: &[i64]) -> Result<Vec<Open>> {
    type Row = (i64, i64, String, Timestamp, Option<i64>, Option<String>);
    let rows: Vec<Row> = appeals::table
        .inner_join(decisions::table.on(appeals::decision_id.eq(decisions::id)))
        .left_join(moderators::table.on(decisions::moderator_id.eq(moderators::id.nullable())))
        .filter(appeals::comment_id.eq_any(ids.to_vec()))
        .filter(appeals::status.eq(AppealStatus::Open.code()))
        .select((
            appeals::id,
            appeals::comment_id,
            appeals::text,
            appeals::created_at,
            decisions::moderator_id,
            moderators::name.nullable(),
        ))
        .load(db)?;
    let open = |(id, comment, text, created_at, moderator, name): Row| Open {
        id,
        comment,
        text,
        created_at,
        moderator,
        moderator_name: name.unwrap_or_default(),
    };
    Ok(rows.into_iter().map(open).collect())
}

/// The appeal that waits on a comment.
pub(super) fn open(db: &mut Db, comment: i64) -> Result<Option<Open>> {
    // Hardly ever is there one: a statement of this form is prepared once.
    let waits: Option<i64> = appeals::table
        .filter(appeals::comment_id.eq(comment))
        .filter(appeals::status.eq(AppealStatus::Open.code()))
        .select(appeals::id)
        .first(db)
        .optional()?;
    match waits {
        Some(_) => Ok(open_on(db, &[comment])?.pop()),
        None => Ok(None),
    }
}

pub(super) fn decide(db: &mut Db, appeal: i64, reversed: bool, now: Timestamp) -> Result<()> {
    let status = if reversed {
        AppealStatus::Reversed
    } else {
        AppealStatus::Upheld
    };
    diesel::update(appeals::table.find(appeal))
        .set((
            appeals::status.eq(status.code()),
            appeals::decided_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(())
}

/// Undoes [`decide`].
pub(super) fn reopen(db: &mut Db, appeal: i64) -> Result<()> {
    diesel::update(appeals::table.find(appeal))
        .set((
            appeals::status.eq(AppealStatus::Open.code()),
            appeals::decided_at.eq(None::<i64>),
        ))
        .execute(db)?;
    Ok(())
}

/// With a withdrawn comment its appeal ends, and the words of it are gone.
pub(super) fn forget(db: &mut Db, comment: i64, now: Timestamp) -> Result<()> {
    diesel::update(
        appeals::table
            .filter(appeals::comment_id.eq(comment))
            .filter(appeals::status.eq(AppealStatus::Open.code())),
    )
    .set((
        appeals::status.eq(AppealStatus::Upheld.code()),
        appeals::decided_at.eq(now.0),
    ))
    .execute(db)?;
    diesel::update(appeals::table.filter(appeals::comment_id.eq(comment)))
        .set(appeals::text.eq(""))
        .execute(db)?;
    Ok(())
}

/// An appeal as its author may see it now.
#[derive(Debug, Clone)]
pub struct Own {
    pub text: String,
    pub created_at: Timestamp,
    /// Open until the answer may be heard.
    pub status: AppealStatus,
    pub decided_at: Option<Timestamp>,
    /// The moderator's answer.
    pub answer: String,
    /// Whether somebody else answered than had decided.
    pub by_another: bool,
}

/// The appeal of a comment, for its author.
///
/// # Errors
/// Those of the engine.
pub fn for_author(db: &mut Db, comment: i64, now: Timestamp) -> Result<Option<Own>> {
    type Row = (
        i64,
        String,
        Timestamp,
        AppealStatus,
        Option<i64>,
        Option<Timestamp>,
    );
    let found: Option<Row> = appeals::table
        .inner_join(decisions::table.on(appeals::decision_id.eq(decisions::id)))
        .filter(appeals::comment_id.eq(comment))
        .select((
            appeals::id,
            appeals::text,
            appeals::created_at,
            appeals::status,
            decisions::moderator_id,
            appeals::decided_at,
        ))
        .first(db)
        .optional()?;
    let Some((id, text, created_at, status, first_moderator, decided_at)) = found else {
        return Ok(None);
    };
    let mut own = Own {
        text,
        created_at,
        status: AppealStatus::Open,
        decided_at: None,
        answer: String::new(),
        by_another: false,
    };
    if status == AppealStatus::Open {
        return Ok(Some(own));
    }
    let answered: Option<(Timestamp, String, Option<i64>, Option<Timestamp>)> = decisions::table
        .left_join(
            outbox::table.on(outbox::decision_id
                .eq(decisions::id)
                .and(outbox::kind.eq(Effect::Receipt.word()))),
        )
        .filter(decisions::comment_id.eq(comment))
        .filter(decisions::appeal_id.eq(id))
        .filter(decisions::undoes.is_null())
        .order(decisions::id.desc())
        .select((
            decisions::at,
            decisions::note,
            decisions::moderator_id,
            outbox::due_at.nullable(),
        ))
        .first(db)
        .optional()?;
    if answered.is_none() && status == AppealStatus::Reversed {
        // The decision itself was taken back: nobody had to answer.
        own.status = status;
        own.decided_at = decided_at;
    }
    if let Some((at, answer, moderator, due)) = answered
        && due.is_none_or(|due| due <= now)
    {
        own.status = status;
        own.decided_at = Some(at);
        own.answer = answer;
        own.by_another = moderator != first_moderator;
    }
    Ok(Some(own))
}
