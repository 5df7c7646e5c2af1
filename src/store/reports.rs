//! Readers' reports: on their way in, and answered by a decision on their comment.

use diesel::prelude::*;

use super::audit::{self, Actor, Entry};
use super::connection::Db;
use super::duplicates;
use super::error::Result;
use super::networks::Hashes;
use super::outbox::Effect;
use super::replies::{latest_of, latest_recent, pause};
use super::schema::{articles, comments, decisions, outbox, reports};
use super::token;
use crate::moderation::report::WEIGHT;
use crate::moderation::{Ground, Report, ReportStatus, Status};
use crate::time::{MINUTE, Timestamp};

/// A checked report.
#[derive(Debug, Clone)]
pub struct NewReport {
    pub comment: i64,
    /// [`Reportable::seen`] of the text that its reporter read.
    pub seen: i64,
    pub report: Report,
    /// The house rule of its ground.
    pub rule: Option<i64>,
    /// The client's network.
    pub network: Hashes,
    pub receipt: String,
    /// Reports per network and minute; 0 is no limit.
    pub per_minute: i64,
    /// Milliseconds until anybody may hear of a decision.
    pub undo_window: i64,
    pub now: Timestamp,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    Stored,
    /// Sent before by the same client: the receipt of that one.
    Duplicate {
        receipt: String,
    },
    /// This client has reported this comment before, in other words or longer ago.
    Again {
        answered: bool,
    },
    /// Too many from this network; try again after so many milliseconds.
    Throttled {
        wait: i64,
    },
    /// The comment is not public, or is none at all.
    NotPublic,
    /// The comment is not any more what the reporter read.
    Edited,
}

/// A public comment as it is shown to somebody who is about to report it.
#[derive(Debug, Clone)]
pub struct Reportable {
    pub id: i64,
    pub name: String,
    pub body_html: String,
    pub created_at: Timestamp,
    /// Differs when the text does: the moment of its last edit, else 0.
    pub seen: i64,
    pub article_removed: bool,
}

/// The comment of this id, if it is public.
///
/// # Errors
/// Those of the engine.
pub fn reportable(db: &mut Db, comment: i64) -> Result<Option<Reportable>> {
    type Row = (String, String, Timestamp, Option<i64>, Option<i64>);
    let found: Option<Row> = comments::table
        .inner_join(articles::table)
        .filter(comments::id.eq(comment))
        .filter(comments::status.eq(Status::Approved.code()))
        .select((
            comments::name,
            comments::body_html,
            comments::created_at,
            comments::edited_at,
            articles::removed_at,
        ))
        .first(db)
        .optional()?;
    Ok(found.map(
        |(name, body_html, created_at, edited_at, removed_at)| Reportable {
            id: comment,
            name,
            body_html,
            created_at,
            seen: edited_at.unwrap_or(0),
            article_removed: removed_at.is_some(),
        },
    ))
}

/// Stores a report. Whatever speaks against it is looked at in the same transaction.
///
/// # Errors
/// Those of the engine.
pub fn submit(db: &mut Db, new: &NewReport) -> Result<Submitted> {
    lock(db, new.comment)?;
    let subject = reportable(db, new.comment)?;
    let Some(subject) = subject.filter(|subject| !subject.article_removed) else {
        return Ok(Submitted::NotPublic);
    };
    if let Some(first) = from_same_network(db, new)? {
        let mut digests = new.network.all().map(|network| fingerprint(new, network));
        let same = digests.any(|digest| first.digest.as_ref() == Some(&digest));
        return Ok(
            if same && new.now.since(first.created_at) < duplicates::WINDOW {
                Submitted::Duplicate {
                    receipt: first.receipt,
                }
            } else {
                let heard = match first.decision_id {
                    Some(id) => heard_at(db, id, new.undo_window)?,
                    None => None,
                };
                Submitted::Again {
                    answered: heard.is_some_and(|at| at <= new.now),
                }
            },
        );
    }
    if new.seen != subject.seen {
        return Ok(Submitted::Edited);
    }
    if let Some(wait) = throttle(db, new)? {
        return Ok(Submitted::Throttled { wait });
    }
    let precedent = precedent(db, new, subject.seen)?;
    let status = match precedent {
        Some(_) => ReportStatus::Kept,
        None => ReportStatus::Open,
    };
    if precedent.is_some() {
        let entry = Entry {
            comment: Some(new.comment),
            ..Entry::new(Actor::Policy, "reports-kept")
        };
        audit::append(db, &entry, new.now)?;
    }
    let said = &new.report;
    diesel::insert_into(reports::table)
        .values((
            (
                reports::comment_id.eq(new.comment),
                reports::receipt.eq(&new.receipt),
                reports::digest.eq(fingerprint(new, &new.network.now)),
                reports::network.eq(&new.network.now),
                reports::ground.eq(said.ground.map_or(0, Ground::code)),
                reports::rule_id.eq(new.rule),
                reports::explanation.eq(&said.explanation),
                reports::contact_name.eq(&said.name),
                reports::contact_email.eq(&said.email),
            ),
            (
                reports::child_abuse.eq(said.child_abuse),
                reports::good_faith.eq(said.good_faith),
                reports::body_html.eq(&subject.body_html),
                reports::created_at.eq(new.now.0),
                reports::status.eq(status.code()),
                reports::decided_at.eq(precedent.map(|(_, at)| at.0)),
                reports::decision_id.eq(precedent.map(|(decision, _)| decision)),
            ),
        ))
        .execute(db)?;
    if status == ReportStatus::Open {
        add_open(db, new.comment, 1)?;
    }
    Ok(Submitted::Stored)
}

/// Takes the comment's row before anything is read, so that a decision comes before or after, not between.
/// On SQLite the writer is alone anyway.
fn lock(db: &mut Db, comment: i64) -> Result<()> {
    if !db.is_sqlite() {
        diesel::sql_query(format!(
            "SELECT id FROM comments WHERE id = {comment} FOR UPDATE"
        ))
        .execute(db)?;
    }
    Ok(())
}

/// What makes two reports the same: the comment, every field, and the client's network.
fn fingerprint(new: &NewReport, network: &[u8]) -> Vec<u8> {
    let said = &new.report;
    token::digest(&[
        &new.comment.to_be_bytes(),
        &said.ground.map_or(0, Ground::code).to_be_bytes(),
        &new.rule.unwrap_or(0).to_be_bytes(),
        said.explanation.as_bytes(),
        said.name.as_bytes(),
        said.email.as_bytes(),
        &[u8::from(said.child_abuse), u8::from(said.good_faith)],
        network,
    ])
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = reports)]
struct Earlier {
    digest: Option<Vec<u8>>,
    receipt: String,
    created_at: Timestamp,
    decision_id: Option<i64>,
}

fn from_same_network(db: &mut Db, new: &NewReport) -> Result<Option<Earlier>> {
    for network in new.network.all() {
        let earlier = reports::table
            .filter(reports::comment_id.eq(new.comment))
            .filter(reports::network.eq(network))
            .select(Earlier::as_select())
            .first(db)
            .optional()?;
        if earlier.is_some() {
            return Ok(earlier);
        }
    }
    Ok(None)
}

/// How long this network has to wait, if it does.
fn throttle(db: &mut Db, new: &NewReport) -> Result<Option<i64>> {
    if new.per_minute <= 0 {
        return Ok(None);
    }
    let mut recent: Vec<i64> = Vec::new();
    for network in new.network.all() {
        let latest: Vec<i64> = reports::table
            .filter(reports::network.eq(network))
            .filter(reports::created_at.gt(new.now.0 - MINUTE))
            .filter(reports::created_at.lt(latest_recent(new.now)))
            .order(reports::created_at.desc())
            .limit(new.per_minute)
            .select(reports::created_at)
            .load(db)?;
        recent.extend(latest);
    }
    Ok(pause(latest_of(recent, new.per_minute), new.now))
}

/// The decision, and its moment, by which this very text was found to be right on this very ground.
fn precedent(db: &mut Db, new: &NewReport, edited_at: i64) -> Result<Option<(i64, Timestamp)>> {
    let same = reports::table
        .filter(reports::comment_id.eq(new.comment))
        .filter(reports::status.eq(ReportStatus::Kept.code()))
        .filter(reports::ground.eq(new.report.ground.map_or(0, Ground::code)))
        .order(reports::id.desc())
        .select((reports::decision_id, reports::decided_at))
        .into_boxed();
    let same = match new.rule {
        Some(rule) => same.filter(reports::rule_id.eq(rule)),
        None => same,
    };
    let latest: Option<(Option<i64>, Option<Timestamp>)> = same.first(db).optional()?;
    Ok(match latest {
        Some((Some(decision), Some(at))) if edited_at <= at.0 => Some((decision, at)),
        _ => None,
    })
}

fn add_open(db: &mut Db, comment: i64, more: i64) -> Result<()> {
    diesel::update(comments::table.find(comment))
        .set((
            comments::open_reports.eq(comments::open_reports + more),
            comments::risk.eq(comments::risk + more * WEIGHT),
        ))
        .execute(db)?;
    Ok(())
}

/// When reporters may hear of a decision: once its effects are due.
pub(super) fn heard_at(db: &mut Db, decision: i64, undo_window: i64) -> Result<Option<Timestamp>> {
    let due: Option<Timestamp> = outbox::table
        .filter(outbox::decision_id.eq(decision))
        .filter(outbox::kind.eq(Effect::Receipt.word()))
        .order(outbox::due_at.asc())
        .select(outbox::due_at)
        .first(db)
        .optional()?;
    if due.is_some() {
        return Ok(due);
    }
    let made: Option<Timestamp> = decisions::table
        .find(decision)
        .select(decisions::at)
        .first(db)
        .optional()?;
    Ok(made.map(|at| at.plus(undo_window)))
}

/// Answers every open report of a comment by a decision, in the deciding transaction. Says how many there were.
///
/// # Errors
/// Those of the engine.
pub fn resolve(
    db: &mut Db,
    comment: i64,
    decision: i64,
    status: ReportStatus,
    now: Timestamp,
) -> Result<i64> {
    let reported = diesel::update(
        comments::table
            .find(comment)
            .filter(comments::open_reports.gt(0)),
    )
    .set((
        comments::risk.eq(comments::risk - comments::open_reports * WEIGHT),
        comments::open_reports.eq(0),
    ))
    .execute(db)?;
    if reported == 0 {
        return Ok(0);
    }
    let answered = diesel::update(open_of(comment))
        .set((
            reports::status.eq(status.code()),
            reports::decision_id.eq(decision),
            reports::decided_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(i64::try_from(answered).unwrap_or(i64::MAX))
}

/// Opens again what a decision had answered, in the transaction that undoes it. Says how many there were.
///
/// # Errors
/// Those of the engine.
pub fn reopen(db: &mut Db, comment: i64, decision: i64) -> Result<i64> {
    lock(db, comment)?;
    let opened = diesel::update(
        reports::table
            .filter(reports::decision_id.eq(decision))
            .filter(reports::comment_id.eq(comment)),
    )
    .set((
        reports::status.eq(ReportStatus::Open.code()),
        reports::decision_id.eq(None::<i64>),
        reports::decided_at.eq(None::<i64>),
    ))
    .execute(db)?;
    let opened = i64::try_from(opened).unwrap_or(i64::MAX);
    if opened > 0 {
        add_open(db, comment, opened)?;
    }
    Ok(opened)
}

/// What becomes of a comment's reports when its author withdraws it, in the same transaction: nothing is left to decide,
/// and no copy of the text is left.
///
/// # Errors
/// Those of the engine.
pub fn comment_withdrawn(db: &mut Db, comment: i64, now: Timestamp) -> Result<()> {
    diesel::update(comments::table.find(comment))
        .set((comments::open_reports.eq(0), comments::risk.eq(0)))
        .execute(db)?;
    diesel::update(open_of(comment))
        .set((
            reports::status.eq(ReportStatus::Withdrawn.code()),
            reports::decided_at.eq(now.0),
        ))
        .execute(db)?;
    diesel::update(reports::table.filter(reports::comment_id.eq(comment)))
        .set(reports::body_html.eq(""))
        .execute(db)?;
    Ok(())
}

type Open = diesel::dsl::Filter<
    diesel::dsl::Filter<reports::table, diesel::dsl::Eq<reports::comment_id, i64>>,
    diesel::dsl::Eq<reports::status, i16>,
>;

fn open_of(comment: i64) -> Open {
    reports::table
        .filter(reports::comment_id.eq(comment))
        .filter(reports::status.eq(ReportStatus::Open.code()))
}
