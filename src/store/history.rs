//! Decisions looked back upon: by colleagues, and by the author, who hears of a rejection when its undo window is over.

use std::collections::HashMap;

use diesel::prelude::*;

use super::connection::Db;
use super::error::{Error, Result};
use super::outbox::Effect;
use super::rules::Rule;
use super::schema::{comments, decisions, moderators, outbox, revisions, rules as rule};
use crate::moderation::{About, Ground, RevisionStatus, Status};
use crate::time::Timestamp;

/// A decision as it is shown to its author or to colleagues.
#[derive(Debug, Clone)]
pub struct Shown {
    pub id: i64,
    pub comment: i64,
    pub moderator_id: Option<i64>,
    /// Empty when no moderator took part.
    pub moderator: String,
    pub at: Timestamp,
    pub from: Status,
    pub to: Status,
    pub ground: Option<Ground>,
    pub rule: Option<Rule>,
    pub note: String,
    /// The decision that this one took back.
    pub undoes: Option<i64>,
    pub about: About,
    /// Of a revision or an appeal: its status.
    pub outcome: Option<i16>,
}

type Row = (
    i64,
    i64,
    Timestamp,
    Status,
    Status,
    Option<i16>,
    String,
    Option<String>,
    Option<Rule>,
    Option<i64>,
    About,
    Option<i16>,
    Option<i64>,
);

/// The columns of a [`Row`].
macro_rules! columns {
    () => {
        (
            decisions::id,
            decisions::comment_id,
            decisions::at,
            decisions::from_status,
            decisions::to_status,
            decisions::ground,
            decisions::note,
            moderators::name.nullable(),
            Option::<Rule>::as_select(),
            decisions::undoes,
            decisions::about,
            decisions::outcome,
            decisions::moderator_id,
        )
    };
}

fn shown(row: Row) -> Shown {
    let (
        id,
        comment,
        at,
        from,
        to,
        ground,
        note,
        moderator,
        rule,
        undoes,
        about,
        outcome,
        moderator_id,
    ) = row;
    let number = rule.as_ref().map(|rule| rule.number);
    Shown {
        id,
        comment,
        moderator_id,
        moderator: moderator.unwrap_or_default(),
        at,
        from,
        to,
        ground: ground.and_then(|code| Ground::from_code(code, number)),
        rule,
        note,
        undoes,
        about,
        outcome,
    }
}

/// The decision under which each of these comments has its status of now, where it has one. A decision and the version of
/// the comment that it made carry the same number: so there is one at most, and nothing older is read.
///
/// # Errors
/// Those of the engine.
pub fn standing(db: &mut Db, ids: &[i64]) -> Result<Vec<Shown>> {
    let rows: Vec<Row> = decisions::table
        .inner_join(
            comments::table.on(decisions::comment_id
                .eq(comments::id)
                .and(decisions::comment_version.eq(comments::version))),
        )
        .left_join(moderators::table.on(decisions::moderator_id.eq(moderators::id.nullable())))
        .left_join(rule::table.on(decisions::rule_id.eq(rule::id.nullable())))
        .filter(comments::id.eq_any(ids.to_vec()))
        .select(columns!())
        .load(db)?;
    Ok(rows.into_iter().map(shown).collect())
}

/// Decisions on a comment's status, latest first, at most `limit`.
fn of_comment(db: &mut Db, comment: i64, limit: i64) -> Result<Vec<Shown>> {
    let rows: Vec<Row> = decisions::table
        .left_join(moderators::table.on(decisions::moderator_id.eq(moderators::id.nullable())))
        .left_join(rule::table.on(decisions::rule_id.eq(rule::id.nullable())))
        .filter(decisions::comment_id.eq(comment))
        .filter(decisions::from_status.ne(decisions::to_status))
        .order(decisions::comment_version.desc())
        .limit(limit)
        .select(columns!())
        .load(db)?;
    Ok(rows.into_iter().map(shown).collect())
}

/// The latest decision of which the author may know: an approval at once, anything else once its effect is due. What was
/// undone, and the undoing itself, are as if they had never been; a decision that another one replaced before it was due
/// is never heard of.
///
/// # Errors
/// Those of the engine.
pub fn known_to_author(db: &mut Db, comment: i64, now: Timestamp) -> Result<Option<Shown>> {
    /// Within one undo window no comment is decided more often than this.
    const LOOK_BACK: i64 = 50;
    let history = of_comment(db, comment, LOOK_BACK)?;
    let due: HashMap<i64, Timestamp> = outbox::table
        .filter(outbox::decision_id.eq_any(history.iter().map(|d| d.id).collect::<Vec<_>>()))
        .filter(outbox::kind.eq(Effect::Receipt.word()))
        .select((outbox::decision_id, outbox::due_at))
        .load(db)?
        .into_iter()
        .collect();
    let undone: Vec<i64> = history.iter().filter_map(|d| d.undoes).collect();
    let mut replaced_at: Option<Timestamp> = None;
    for decision in history {
        if decision.undoes.is_some() || undone.contains(&decision.id) {
            continue;
        }
        let heard = due
            .get(&decision.id)
            .is_none_or(|due| *due <= now && replaced_at.is_none_or(|at| at >= *due));
        if heard {
            return Ok(Some(decision));
        }
        replaced_at = Some(decision.at);
    }
    Ok(None)
}

/// Whether the comment was public before anybody decided on it.
///
/// # Errors
/// Those of the engine.
pub fn was_published_by_policy(db: &mut Db, comment: i64) -> Result<bool> {
    let published: Option<(Option<Timestamp>, Timestamp)> = comments::table
        .find(comment)
        .select((comments::published_at, comments::created_at))
        .first(db)
        .optional()?;
    let first: Option<Status> = decisions::table
        .filter(decisions::comment_id.eq(comment))
        .order(decisions::comment_version.asc())
        .select(decisions::from_status)
        .first(db)
        .optional()?;
    match (published, first) {
        (None, _) => Err(Error::Corrupt(format!("comment {comment} is gone"))),
        (Some((published_at, _)), None) => Ok(published_at.is_some()),
        (Some(_), Some(from)) => Ok(from == Status::Approved),
    }
}

/// A decision, for the message that it was made: and whether it is itself an undo.
///
/// # Errors
/// Those of the engine.
pub fn done(db: &mut Db, decision: i64) -> Result<Option<(super::decisions::Done, bool)>> {
    type Row = (i64, i64, Status, String, Option<i64>, About, Option<i16>);
    let found: Option<Row> = decisions::table
        .inner_join(comments::table.on(decisions::comment_id.eq(comments::id)))
        .filter(decisions::id.eq(decision))
        .select((
            comments::id,
            comments::article_id,
            decisions::to_status,
            comments::name,
            decisions::undoes,
            decisions::about,
            decisions::outcome,
        ))
        .first(db)
        .optional()?;
    Ok(
        found.map(|(comment, article, to, name, undoes, about, outcome)| {
            let done = super::decisions::Done {
                decision,
                comment,
                article,
                to,
                about,
                outcome,
                name,
            };
            (done, undoes.is_some())
        }),
    )
}

/// An edit as its author may see it now.
#[derive(Debug, Clone)]
pub struct OwnRevision {
    pub body_html: String,
    pub created_at: Timestamp,
    /// Waiting until a refusal may be heard.
    pub status: RevisionStatus,
    pub rule: Option<Rule>,
    pub note: String,
}

/// The latest edit of a comment after its publication, for its author.
///
/// # Errors
/// Those of the engine.
pub fn revision_for_author(
    db: &mut Db,
    comment: i64,
    now: Timestamp,
) -> Result<Option<OwnRevision>> {
    type Latest = (i64, String, Timestamp, RevisionStatus, Option<i64>);
    let found: Option<Latest> = revisions::table
        .inner_join(comments::table.on(revisions::comment_id.eq(comments::id)))
        .filter(revisions::comment_id.eq(comment))
        .filter(revisions::body.ne(""))
        .order(revisions::id.desc())
        .select((
            revisions::id,
            revisions::body_html,
            revisions::created_at,
            revisions::status,
            comments::revision_id,
        ))
        .first(db)
        .optional()?;
    let Some((id, body_html, created_at, status, waiting)) = found else {
        return Ok(None);
    };
    // One that an undo opened again after its author had sent another, and had taken that one back, waits for nobody.
    if status == RevisionStatus::Waiting && waiting != Some(id) {
        return Ok(None);
    }
    let mut own = OwnRevision {
        body_html,
        created_at,
        status,
        rule: None,
        note: String::new(),
    };
    if status == RevisionStatus::Refused {
        let refused: Option<(String, Option<Rule>, Option<Timestamp>)> = decisions::table
            .left_join(rule::table.on(decisions::rule_id.eq(rule::id.nullable())))
            .left_join(
                outbox::table.on(outbox::decision_id
                    .eq(decisions::id)
                    .and(outbox::kind.eq(Effect::Receipt.word()))),
            )
            .filter(decisions::comment_id.eq(comment))
            .filter(decisions::revision_id.eq(id))
            .filter(decisions::undoes.is_null())
            .order(decisions::id.desc())
            .select((
                decisions::note,
                Option::<Rule>::as_select(),
                outbox::due_at.nullable(),
            ))
            .first(db)
            .optional()?;
        match refused {
            Some((note, rule, due)) if due.is_none_or(|due| due <= now) => {
                own.note = note;
                own.rule = rule;
            }
            _ => own.status = RevisionStatus::Waiting,
        }
    }
    Ok(Some(own))
}
