//! A reply taken back by its author: final, and its text, name and e-mail are gone at once.

use diesel::prelude::*;

use super::audit::{self, Actor, Entry};
use super::connection::Db;
use super::error::{Error, Result};
use super::schema::comments;
use super::values::storable;
use super::{appeals, author_holds, claims, outbox, publication, reports, revisions, search};
use crate::moderation::Status;
use crate::time::Timestamp;

#[derive(Queryable, Selectable)]
#[diesel(table_name = comments)]
pub(super) struct Subject {
    pub id: i64,
    article_id: i64,
    parent_id: Option<i64>,
    pub status: Status,
    version: i64,
    public_descendants: i64,
}

/// Withdraws the reply of a receipt; doing it again changes nothing. `false` when there is no such receipt.
///
/// # Errors
/// Those of the engine; `Contended` when a decision is made at the same moment, to be tried again.
pub fn withdraw(db: &mut Db, receipt: &str, now: Timestamp) -> Result<bool> {
    if !storable(receipt) {
        return Ok(false);
    }
    let found = comments::table
        .filter(comments::receipt.eq(receipt))
        .select(Subject::as_select())
        .first(db)
        .optional()?;
    let Some(subject) = found else {
        return Ok(false);
    };
    if subject.status == Status::Withdrawn {
        return Ok(true);
    }
    take_out(db, &subject, now)?;
    let entry = Entry {
        comment: Some(subject.id),
        article: Some(subject.article_id),
        facts: serde_json::json!({ "from": subject.status.word() }),
        ..Entry::new(Actor::Author, "withdrawn")
    };
    audit::append(db, &entry, now)?;
    Ok(true)
}

/// The comment of this id, with what [`take_out`] has to know of it.
pub(super) fn subject(db: &mut Db, comment: i64) -> Result<Option<Subject>> {
    Ok(comments::table
        .find(comment)
        .select(Subject::as_select())
        .first(db)
        .optional()?)
}

/// Takes a comment out of the discussion for good: what was said, and what tells of it.
pub(super) fn take_out(db: &mut Db, subject: &Subject, now: Timestamp) -> Result<()> {
    let touched = diesel::update(
        comments::table
            .find(subject.id)
            .filter(comments::version.eq(subject.version)),
    )
    .set((
        comments::status.eq(Status::Withdrawn.code()),
        comments::version.eq(comments::version + 1),
        comments::name.eq(""),
        comments::email.eq(""),
        comments::name_key.eq(""),
        comments::email_key.eq(""),
        comments::website.eq(""),
        comments::body.eq(""),
        comments::body_html.eq(""),
        comments::hold.eq("[]"),
        comments::risk.eq(0),
        comments::digest.eq(None::<Vec<u8>>),
        comments::revision_id.eq(None::<i64>),
        comments::ground.eq(None::<i16>),
        comments::rule_id.eq(None::<i64>),
        comments::decided_at.eq(now.0),
    ))
    .execute(db)?;
    if touched == 0 {
        return Err(Error::Contended("a decision was quicker".to_owned()));
    }
    search::remove(db, subject.id)?;
    claims::end(db, subject.id)?;
    author_holds::forget_email(db, subject.id)?;
    revisions::forget(db, subject.id)?;
    appeals::forget(db, subject.id, now)?;
    reports::comment_withdrawn(db, subject.id, now)?;
    outbox::comment_withdrawn(db, subject.id, now)?;
    publication::follow(
        db,
        subject.id,
        subject.article_id,
        subject.parent_id,
        (subject.status, Status::Withdrawn),
        subject.public_descendants,
    )
}
