//! What the receipt of a reply says: all that its author may know now, and can do.

use diesel::prelude::*;

use super::appeals::{self, Own};
use super::author_holds::{self, Of};
use super::comments::{Comment, Parent};
use super::connection::Db;
use super::error::Result;
use super::history::{self, OwnRevision};
use super::moderators;
use super::rules::Rule;
use super::schema::{articles, comments};
use super::values::storable;
use crate::moderation::hold::MatchedBy;
use crate::moderation::{Ground, HoldReason, Status};
use crate::time::Timestamp;

/// A reply as its author may see it now.
#[derive(Debug, Clone)]
pub struct ReceiptView {
    pub receipt: String,
    pub article_slug: String,
    pub article_title: String,
    pub article_removed: bool,
    pub comment: Comment,
    pub published_at: Option<Timestamp>,
    /// When its text was let go.
    pub purged_at: Option<Timestamp>,
    pub parent: Option<Parent>,
    /// A rejection only when the undo window is over.
    pub shown_status: Status,
    pub decided_at: Option<Timestamp>,
    pub ground: Option<Ground>,
    /// The rule as it stood when the decision was made.
    pub rule: Option<Rule>,
    pub note: String,
    pub decision_id: Option<i64>,
    /// The decision was made without a moderator, by a list of the site.
    pub by_software: bool,
    /// Software found a reason to have it read.
    pub held_by_software: bool,
    /// A moderator holds its author, who is recognised, until then.
    pub held_until: Option<Timestamp>,
    /// The latest edit since it was published.
    pub revision: Option<OwnRevision>,
    pub appeal: Option<Own>,
    /// Somebody else than the one who decided would read an appeal.
    pub another_reads: bool,
}

/// The reply behind a receipt.
///
/// # Errors
/// Those of the engine.
pub fn find(db: &mut Db, receipt: &str, now: Timestamp) -> Result<Option<ReceiptView>> {
    if !storable(receipt) {
        return Ok(None);
    }
    type Row = (
        Comment,
        (Option<Timestamp>, Option<Timestamp>),
        String,
        String,
        String,
        Option<i64>,
    );
    let found: Option<Row> = comments::table
        .inner_join(articles::table)
        .filter(comments::receipt.eq(receipt))
        .select((
            Comment::as_select(),
            (comments::published_at, comments::purged_at),
            comments::hold,
            articles::slug,
            articles::title,
            articles::removed_at,
        ))
        .first(db)
        .optional()?;
    let Some((comment, times, hold, article_slug, article_title, removed_at)) = found else {
        return Ok(None);
    };
    let (published_at, purged_at) = times;
    let parent = match comment.parent_id {
        Some(id) => comments::table
            .find(id)
            .filter(comments::status.eq(Status::Approved.code()))
            .select(Parent::as_select())
            .first(db)
            .optional()?,
        None => None,
    };
    let known = history::known_to_author(db, comment.id, now)?;
    let shown_status = match (&known, comment.status) {
        (_, Status::Withdrawn) => Status::Withdrawn,
        (Some(decision), _) => decision.to,
        // Published by policy, and perhaps judged since, which the author is not to hear of yet.
        (None, _) if history::was_published_by_policy(db, comment.id)? => Status::Approved,
        (None, _) => Status::Pending,
    };
    let revision = match shown_status {
        Status::Approved => history::revision_for_author(db, comment.id, now)?,
        _ => None,
    };
    let appeal = match shown_status {
        Status::Withdrawn => None,
        _ => appeals::for_author(db, comment.id, now)?,
    };
    let another_reads = match known.as_ref().and_then(|decision| decision.moderator_id) {
        Some(moderator) if matches!(shown_status, Status::Rejected | Status::Spam) => {
            moderators::has_others(db, moderator)?
        }
        _ => true,
    };
    let held: Vec<HoldReason> = serde_json::from_str(&hold).unwrap_or_default();
    // What was stored when it came in does not know of a hold that was ended since.
    let is_held = |reason: &HoldReason| {
        let device = MatchedBy::Device;
        matches!(reason, HoldReason::AuthorHold { by, .. } if *by == device)
    };
    let held_until = match comment.author_id.filter(|_| held.iter().any(is_held)) {
        Some(author) => author_holds::in_force(db, Of::Author(author), now)?.map(|hold| hold.until),
        None => None,
    };
    Ok(Some(ReceiptView {
        receipt: receipt.to_owned(),
        article_slug,
        article_title,
        article_removed: removed_at.is_some(),
        comment,
        published_at,
        purged_at,
        parent,
        shown_status,
        decided_at: known.as_ref().map(|decision| decision.at),
        ground: known.as_ref().and_then(|decision| decision.ground),
        decision_id: known.as_ref().map(|decision| decision.id),
        note: known
            .as_ref()
            .map(|decision| decision.note.clone())
            .unwrap_or_default(),
        by_software: known
            .as_ref()
            .is_some_and(|decision| decision.moderator_id.is_none()),
        rule: known.and_then(|decision| decision.rule),
        held_by_software: held.iter().any(HoldReason::is_found),
        held_until,
        revision,
        appeal,
        another_reads,
    }))
}
