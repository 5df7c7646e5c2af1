//! Reports looked at: by the reader who made one, and on the desk beside the comment.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, SmallInt, Text};

use super::connection::Db;
use super::error::Result;
use super::reports::heard_at;
use super::rules::Rule;
use super::schema::{articles, comments, decisions, reports, rules};
use super::values::storable;
use crate::moderation::{Ground, ReportStatus, Status};
use crate::time::Timestamp;

/// What the receipt of a report says. Who made it is not among it.
#[derive(Debug, Clone)]
pub struct ReportReceipt {
    pub receipt: String,
    pub comment: i64,
    /// Of the comment; empty while it is not public.
    pub name: String,
    pub is_public: bool,
    pub article_slug: String,
    pub article_title: String,
    pub article_removed: bool,
    /// The comment as it was reported; empty when its author withdrew it.
    pub body_html: String,
    pub ground: Option<Ground>,
    /// The rule as it stood when the report was made.
    pub rule: Option<Rule>,
    pub explanation: String,
    pub created_at: Timestamp,
    /// What its reporter may know now: an outcome only when the undo window is over.
    pub status: ReportStatus,
    pub decided_at: Option<Timestamp>,
    pub decision_id: Option<i64>,
    /// The moderator's, to those who reported a comment that stays; may be empty.
    pub answer: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = reports)]
struct Stored {
    comment_id: i64,
    ground: i16,
    explanation: String,
    body_html: String,
    created_at: Timestamp,
    status: ReportStatus,
    decided_at: Option<Timestamp>,
    decision_id: Option<i64>,
}

/// The report behind a receipt. `undo_window` is for decisions without effects of their own.
///
/// # Errors
/// Those of the engine.
pub fn receipt(
    db: &mut Db,
    receipt: &str,
    undo_window: i64,
    now: Timestamp,
) -> Result<Option<ReportReceipt>> {
    if !storable(receipt) {
        return Ok(None);
    }
    type Row = (
        Stored,
        Option<Rule>,
        (String, Status),
        (String, String, Option<i64>),
    );
    let found: Option<Row> = reports::table
        .inner_join(comments::table.on(comments::id.eq(reports::comment_id)))
        .inner_join(articles::table.on(articles::id.eq(comments::article_id)))
        .left_join(rules::table.on(reports::rule_id.eq(rules::id.nullable())))
        .filter(reports::receipt.eq(receipt))
        .select((
            Stored::as_select(),
            Option::<Rule>::as_select(),
            (comments::name, comments::status),
            (articles::slug, articles::title, articles::removed_at),
        ))
        .first(db)
        .optional()?;
    let Some((stored, rule, (name, status), (article_slug, article_title, removed_at))) = found
    else {
        return Ok(None);
    };
    let is_public = status.is_public() && removed_at.is_none();
    let heard = match stored.decision_id {
        Some(id) => heard_at(db, id, undo_window)?.is_some_and(|at| at <= now),
        None => true,
    };
    let answer = match (stored.status, stored.decision_id) {
        (ReportStatus::Kept, Some(id)) if heard => decisions::table
            .find(id)
            .select(decisions::note)
            .first(db)
            .optional()?
            .unwrap_or_default(),
        _ => String::new(),
    };
    Ok(Some(ReportReceipt {
        receipt: receipt.to_owned(),
        comment: stored.comment_id,
        name: if is_public { name } else { String::new() },
        is_public,
        article_slug,
        article_title,
        article_removed: removed_at.is_some(),
        body_html: stored.body_html,
        ground: Ground::from_code(stored.ground, rule.as_ref().map(|rule| rule.number)),
        rule,
        explanation: stored.explanation,
        created_at: stored.created_at,
        status: if heard {
            stored.status
        } else {
            ReportStatus::Open
        },
        decided_at: stored.decided_at.filter(|_| heard),
        decision_id: stored.decision_id.filter(|_| heard),
        answer,
    }))
}

/// The open reports of a comment, as the desk shows them.
#[derive(Debug, Clone, Default)]
pub struct Reported {
    /// How many on each ground, no ground counted further than [`COUNTED`].
    pub grounds: Vec<ReportedGround>,
    /// The first few on each kind of ground.
    pub reports: Vec<OpenReport>,
}

/// Open reports on one ground.
#[derive(Debug, Clone, QueryableByName)]
pub struct ReportedGround {
    #[diesel(sql_type = BigInt)]
    comment_id: i64,
    #[diesel(sql_type = SmallInt)]
    ground: i16,
    #[diesel(sql_type = Nullable<SmallInt>)]
    number: Option<i16>,
    /// Of the rule; empty for spam.
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = BigInt)]
    pub count: i64,
}

/// A report that waits for a moderator. Of its reporter it says only whether they can be written to.
#[derive(Debug, Clone, QueryableByName)]
pub struct OpenReport {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = BigInt)]
    comment_id: i64,
    #[diesel(sql_type = SmallInt)]
    ground: i16,
    #[diesel(sql_type = Nullable<SmallInt>)]
    number: Option<i16>,
    /// Of the rule; empty for spam.
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = Text)]
    pub explanation: String,
    #[diesel(sql_type = Bool)]
    pub child_abuse: bool,
    #[diesel(sql_type = Bool)]
    pub contact: bool,
    /// The comment as its reporter saw it.
    #[diesel(sql_type = Text)]
    pub body_html: String,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    /// Of the latest other reports from the same network: those that led to a removal, and those that did not.
    #[diesel(sql_type = BigInt)]
    pub removed_before: i64,
    #[diesel(sql_type = BigInt)]
    pub kept_before: i64,
}

impl ReportedGround {
    pub fn ground(&self) -> Option<Ground> {
        Ground::from_code(self.ground, self.number)
    }
}

impl OpenReport {
    pub fn ground(&self) -> Option<Ground> {
        Ground::from_code(self.ground, self.number)
    }

    pub fn created_at(&self) -> Timestamp {
        Timestamp(self.created_at)
    }
}

/// Reports of one comment on one kind of ground are counted up to here.
pub const COUNTED: i64 = 1_000;
/// Reports of one comment that are shown of each kind of ground: so a flood on one hides none on another.
pub const SHOWN: i64 = 3;

/// The open reports of these comments. Two statements, and no more rows than the limits above allow.
///
/// # Errors
/// Those of the engine.
pub fn open(db: &mut Db, comments: &[i64]) -> Result<HashMap<i64, Reported>> {
    let mut found: HashMap<i64, Reported> = HashMap::new();
    if comments.is_empty() {
        return Ok(found);
    }
    let grounds: Vec<ReportedGround> = diesel::sql_query(format!(
        "SELECT r.comment_id, r.ground, u.number, coalesce(u.title, '') AS title, count(*) AS count {} \
         GROUP BY r.comment_id, r.ground, r.rule_id, u.number, u.title \
         ORDER BY r.ground, u.number",
        first_of_each(comments, COUNTED)
    ))
    .load(db)?;
    for ground in grounds {
        let of = found.entry(ground.comment_id).or_default();
        of.grounds.push(ground);
    }
    let shown: Vec<OpenReport> = diesel::sql_query(format!(
        "SELECT r.id, r.comment_id, r.ground, u.number, coalesce(u.title, '') AS title, r.explanation, r.child_abuse, \
         (r.contact_name <> '' OR r.contact_email <> '') AS contact, r.body_html, r.created_at, {} AS removed_before, {} AS kept_before {} \
         ORDER BY r.id",
        earlier(ReportStatus::Removed),
        earlier(ReportStatus::Kept),
        first_of_each(comments, SHOWN)
    ))
    .load(db)?;
    for report in shown {
        let of = found.entry(report.comment_id).or_default();
        of.reports.push(report);
    }
    Ok(found)
}

/// Reports of one network that its record looks back on.
const RECORD: i64 = 20;

/// How many of the latest other reports of the same network ended so.
fn earlier(status: ReportStatus) -> String {
    format!(
        "(SELECT count(*) FROM (SELECT e.status FROM reports e WHERE e.network = r.network AND e.id <> r.id \
         ORDER BY e.created_at DESC LIMIT {RECORD}) h WHERE h.status = {})",
        status.code()
    )
}

/// The first `limit` open reports of each comment and kind of ground, with their rule: found by walking those rows of the
/// index alone. Ids are digits, so they may stand in the statement.
fn first_of_each(comments: &[i64], limit: i64) -> String {
    let comments = comments
        .iter()
        .map(i64::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    format!(
        "FROM comments p CROSS JOIN (SELECT 1 AS ground UNION ALL SELECT 2 UNION ALL SELECT 3) g \
         JOIN reports r ON r.comment_id = p.id AND r.status = 0 AND r.ground = g.ground \
         LEFT JOIN rules u ON u.id = r.rule_id \
         WHERE p.id IN ({comments}) AND r.id <= (SELECT max(k.id) FROM (SELECT i.id FROM reports i \
         WHERE i.comment_id = p.id AND i.status = 0 AND i.ground = g.ground ORDER BY i.id LIMIT {limit}) k)"
    )
}
