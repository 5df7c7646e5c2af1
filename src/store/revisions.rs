//! Edits by the author: of a reply that waits, in place; of a published comment, as a revision that a moderator accepts or
//! refuses, while the comment stays as it is. The revision that waits is the one to which its comment points.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;

use super::connection::Db;
use super::error::{Error, Result};
use super::schema::{comments, revisions};
use super::token;
use super::values::storable;
use super::{history, search};
use crate::moderation::{HoldReason, RevisionStatus, Status, report};
use crate::time::Timestamp;

/// A checked and rendered edit.
#[derive(Debug, Clone)]
pub struct Edit {
    pub receipt: String,
    pub body: String,
    pub body_html: String,
    pub html_version: i16,
    /// Reasons to hold it that lie in its text.
    pub reasons: Vec<HoldReason>,
    /// Links in its text.
    pub links: u32,
    /// The [`mark`] of the text that was edited.
    pub seen: String,
    /// Milliseconds after publication within which a comment can be edited; 0 is not at all.
    pub window: i64,
    pub now: Timestamp,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edited {
    Done,
    NoReceipt,
    /// The text was changed in another window: this is how it stands.
    Changed {
        body: String,
    },
    /// A moderator has judged it, and its author hears of it soon.
    Deciding,
    /// It was published too long ago.
    TooLate,
    /// It was rejected, treated as spam or withdrawn.
    Final,
}

/// A text that its author may edit.
#[derive(Debug, Clone)]
pub struct Editable {
    pub id: i64,
    pub article_id: i64,
    pub name: String,
    pub status: Status,
    /// As it stands, or as its waiting revision has it.
    pub body: String,
    pub published_at: Option<Timestamp>,
    version: i64,
    published_body: String,
    revision: Option<i64>,
    hold: String,
    open_reports: i64,
}

/// A text's mark: a form carries that of the text it shows, so that two windows do not overwrite each other.
pub fn mark(body: &str) -> String {
    let digest = token::digest(&[body.as_bytes()]);
    URL_SAFE_NO_PAD.encode(digest.get(..9).unwrap_or_default())
}

/// Whether a comment that was published then can still be edited; `window` in milliseconds.
pub fn is_in_time(published_at: Option<Timestamp>, window: i64, now: Timestamp) -> bool {
    published_at.is_some_and(|at| window > 0 && now < at.plus(window))
}

/// The text behind a receipt.
///
/// # Errors
/// Those of the engine.
pub fn find(db: &mut Db, receipt: &str) -> Result<Option<Editable>> {
    if !storable(receipt) {
        return Ok(None);
    }
    #[derive(Queryable, Selectable)]
    #[diesel(table_name = comments)]
    struct Row {
        id: i64,
        article_id: i64,
        name: String,
        status: Status,
        version: i64,
        body: String,
        published_at: Option<Timestamp>,
        revision_id: Option<i64>,
        hold: String,
        open_reports: i64,
    }
    let found: Option<(Row, Option<String>)> = comments::table
        .left_join(revisions::table.on(comments::revision_id.eq(revisions::id.nullable())))
        .filter(comments::receipt.eq(receipt))
        .select((Row::as_select(), revisions::body.nullable()))
        .first(db)
        .optional()?;
    Ok(found.map(|(row, waiting)| Editable {
        id: row.id,
        article_id: row.article_id,
        name: row.name,
        status: row.status,
        body: waiting
            .filter(|_| row.status.is_public())
            .unwrap_or_else(|| row.body.clone()),
        published_at: row.published_at,
        version: row.version,
        published_body: row.body,
        revision: row.revision_id,
        hold: row.hold,
        open_reports: row.open_reports,
    }))
}

/// Stores an edit. The same text again changes nothing and is "done".
///
/// # Errors
/// Those of the engine; `Contended` when a decision is made at the same moment, to be tried again.
pub fn edit(db: &mut Db, edit: &Edit) -> Result<Edited> {
    let Some(text) = find(db, &edit.receipt)? else {
        return Ok(Edited::NoReceipt);
    };
    match text.status {
        Status::Pending => {}
        Status::Approved if is_in_time(text.published_at, edit.window, edit.now) => {}
        Status::Approved => return Ok(Edited::TooLate),
        Status::Withdrawn => return Ok(Edited::Final),
        Status::Rejected | Status::Spam => {
            let known = history::known_to_author(db, text.id, edit.now)?;
            let heard = known.is_some_and(|decision| decision.to == text.status);
            return Ok(if heard {
                Edited::Final
            } else {
                Edited::Deciding
            });
        }
    }
    if text.body == edit.body {
        return Ok(Edited::Done);
    }
    if edit.seen != mark(&text.body) {
        return Ok(Edited::Changed { body: text.body });
    }
    let touched = if text.status == Status::Pending {
        edit_in_place(db, &text, edit)?
    } else {
        revise(db, &text, edit)?
    };
    if touched == 0 {
        return Err(Error::Contended("a decision was quicker".to_owned()));
    }
    follow(db, text.id)?;
    Ok(Edited::Done)
}

/// The version turns, so that nobody decides on words that they have not seen.
fn edit_in_place(db: &mut Db, text: &Editable, edit: &Edit) -> Result<usize> {
    let mut reasons: Vec<HoldReason> = serde_json::from_str(&text.hold).unwrap_or_default();
    // Whether its author is new has not changed.
    let linked = |reason: &HoldReason| *reason == HoldReason::NewAuthorLink && edit.links > 0;
    reasons.retain(|reason| !reason.lies_in_text() || linked(reason));
    reasons.splice(0..0, edit.reasons.iter().cloned());
    replace(db, text)?;
    Ok(diesel::update(
        comments::table
            .find(text.id)
            .filter(comments::version.eq(text.version)),
    )
    .set((
        comments::body.eq(&edit.body),
        comments::body_html.eq(&edit.body_html),
        comments::html_version.eq(edit.html_version),
        comments::hold.eq(stored(&reasons)?),
        comments::risk.eq(HoldReason::risk(&reasons) + text.open_reports * report::WEIGHT),
        comments::version.eq(comments::version + 1),
        comments::revision_id.eq(None::<i64>),
    ))
    .execute(db)?)
}

/// The comment's version stays: a moderator's undo of what was decided before is not disturbed by an edit.
fn revise(db: &mut Db, text: &Editable, edit: &Edit) -> Result<usize> {
    let revision: Option<i64> = if edit.body == text.published_body {
        None
    } else {
        let id = diesel::insert_into(revisions::table)
            .values((
                revisions::comment_id.eq(text.id),
                revisions::status.eq(RevisionStatus::Waiting.code()),
                revisions::body.eq(&edit.body),
                revisions::body_html.eq(&edit.body_html),
                revisions::html_version.eq(edit.html_version),
                revisions::hold.eq(stored(&edit.reasons)?),
                revisions::created_at.eq(edit.now.0),
            ))
            .returning(revisions::id)
            .get_result(db)?;
        Some(id)
    };
    replace(db, text)?;
    Ok(diesel::update(
        comments::table
            .find(text.id)
            .filter(comments::version.eq(text.version)),
    )
    .set(comments::revision_id.eq(revision))
    .execute(db)?)
}

/// Lets go of the edit that waited: its author has written another one. It waits beside a reply in the queue too, when the
/// approval after which it was sent was undone.
fn replace(db: &mut Db, text: &Editable) -> Result<()> {
    if let Some(replaced) = text.revision {
        diesel::update(revisions::table.find(replaced))
            .set((
                revisions::body.eq(""),
                revisions::body_html.eq(""),
                revisions::hold.eq("[]"),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// What stands beside the text follows it: the words it is found by, and its risk, which is that of the edit while one waits.
fn follow(db: &mut Db, comment: i64) -> Result<()> {
    let (hold, reports, edit): (String, i64, Option<String>) = comments::table
        .left_join(revisions::table.on(comments::revision_id.eq(revisions::id.nullable())))
        .filter(comments::id.eq(comment))
        .select((
            comments::hold,
            comments::open_reports,
            revisions::hold.nullable(),
        ))
        .first(db)?;
    let reasons: Vec<HoldReason> = serde_json::from_str(&edit.unwrap_or(hold)).unwrap_or_default();
    diesel::update(comments::table.find(comment))
        .set(comments::risk.eq(HoldReason::risk(&reasons) + reports * report::WEIGHT))
        .execute(db)?;
    search::follow(db, comment)
}

fn stored(reasons: &[HoldReason]) -> Result<String> {
    serde_json::to_string(reasons).map_err(|error| Error::Corrupt(error.to_string()))
}

/// The text of an accepted revision becomes the comment's; what it replaces stays with the revision, for an undo.
pub(super) fn accept(db: &mut Db, revision: i64, comment: i64, now: Timestamp) -> Result<()> {
    let (body, html, version): (String, String, i16) = revisions::table
        .find(revision)
        .select((
            revisions::body,
            revisions::body_html,
            revisions::html_version,
        ))
        .first(db)?;
    let (old_body, old_html): (String, String) = comments::table
        .find(comment)
        .select((comments::body, comments::body_html))
        .first(db)?;
    diesel::update(revisions::table.find(revision))
        .set((
            revisions::status.eq(RevisionStatus::Accepted.code()),
            revisions::decided_at.eq(now.0),
            revisions::previous_body.eq(old_body),
            revisions::previous_html.eq(old_html),
        ))
        .execute(db)?;
    diesel::update(comments::table.find(comment))
        .set((
            comments::body.eq(body),
            comments::body_html.eq(html),
            comments::html_version.eq(version),
            comments::revision_id.eq(None::<i64>),
            comments::edited_at.eq(now.0),
        ))
        .execute(db)?;
    follow(db, comment)
}

pub(super) fn refuse(db: &mut Db, revision: i64, comment: i64, now: Timestamp) -> Result<()> {
    diesel::update(revisions::table.find(revision))
        .set((
            revisions::status.eq(RevisionStatus::Refused.code()),
            revisions::decided_at.eq(now.0),
        ))
        .execute(db)?;
    diesel::update(comments::table.find(comment))
        .set(comments::revision_id.eq(None::<i64>))
        .execute(db)?;
    follow(db, comment)
}

/// Undoes [`accept`]: the text before stands again, and the revision waits.
pub(super) fn take_out(db: &mut Db, revision: i64, comment: i64) -> Result<()> {
    let (old_body, old_html): (String, String) = revisions::table
        .find(revision)
        .select((revisions::previous_body, revisions::previous_html))
        .first(db)?;
    let edited_before: Option<Timestamp> = revisions::table
        .filter(revisions::comment_id.eq(comment))
        .filter(revisions::status.eq(RevisionStatus::Accepted.code()))
        .filter(revisions::id.ne(revision))
        .order(revisions::id.desc())
        .select(revisions::decided_at)
        .first::<Option<Timestamp>>(db)
        .optional()?
        .flatten();
    diesel::update(comments::table.find(comment))
        .set((
            comments::body.eq(old_body),
            comments::body_html.eq(old_html),
            comments::edited_at.eq(edited_before.map(|at| at.0)),
        ))
        .execute(db)?;
    wait_again(db, revision, comment)
}

/// The revision waits as before, unless its author has sent another one since.
pub(super) fn wait_again(db: &mut Db, revision: i64, comment: i64) -> Result<()> {
    diesel::update(revisions::table.find(revision))
        .set((
            revisions::status.eq(RevisionStatus::Waiting.code()),
            revisions::decided_at.eq(None::<i64>),
            revisions::previous_body.eq(""),
            revisions::previous_html.eq(""),
        ))
        .execute(db)?;
    diesel::update(
        comments::table
            .find(comment)
            .filter(comments::revision_id.is_null()),
    )
    .set(comments::revision_id.eq(revision))
    .execute(db)?;
    follow(db, comment)
}

/// Nothing is left of the texts of a comment's edits.
pub(super) fn forget(db: &mut Db, comment: i64) -> Result<()> {
    diesel::update(revisions::table.filter(revisions::comment_id.eq(comment)))
        .set((
            revisions::body.eq(""),
            revisions::body_html.eq(""),
            revisions::previous_body.eq(""),
            revisions::previous_html.eq(""),
            revisions::hold.eq("[]"),
        ))
        .execute(db)?;
    Ok(())
}

/// A waiting revision as the desk shows it, beside its comment's text as typed.
#[derive(Debug, Clone, Queryable)]
pub struct Waiting {
    pub id: i64,
    pub comment: i64,
    pub created_at: Timestamp,
    pub old: String,
    pub new: String,
    pub body_html: String,
    pub hold: String,
}

/// The revisions that wait on these comments.
///
/// # Errors
/// Those of the engine.
pub fn waiting_on(db: &mut Db, ids: &[i64]) -> Result<Vec<Waiting>> {
    Ok(comments::table
        .inner_join(revisions::table.on(comments::revision_id.eq(revisions::id.nullable())))
        .filter(comments::id.eq_any(ids.to_vec()))
        .filter(comments::status.eq(Status::Approved.code()))
        .select((
            revisions::id,
            comments::id,
            revisions::created_at,
            comments::body,
            revisions::body,
            revisions::body_html,
            revisions::hold,
        ))
        .load(db)?)
}
