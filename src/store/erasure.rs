//! Everything about a person taken away: what they wrote, what tells of them, and where colleagues name them. That there was a
//! comment, and what was decided, stays.

use diesel::prelude::*;

use super::audit::{self, Actor, Entry};
use super::connection::{Db, transaction};
use super::error::{Error, Result};
use super::person::{self, Counts, Person};
use super::schema::{
    author_devices, author_holds, authors, comments, decisions, reports, staff_notes,
};
use super::{retention, withdrawals};
use crate::moderation::{HoldReason, Status, without_words};
use crate::time::Timestamp;

/// How often a comment that somebody decides on at the same moment is tried again.
const TRIES: usize = 3;
/// Rows that are emptied in one transaction.
const ROWS: usize = 200;
/// Rows that are read at once.
const PAGE: i64 = 1_000;

/// Erases a person, a short transaction at a time; `between` is called after each. What was done before an end that came early
/// stays done, and doing it again does the rest: what they are found by goes last.
///
/// # Errors
/// Those of the engine.
pub fn erase(
    db: &mut Db,
    person: &Person,
    now: Timestamp,
    mut between: impl FnMut(),
) -> Result<Counts> {
    let counts = person::counts(db, person)?;
    let holds = person::holds(db, person)?;
    let notes = person::notes(db, person)?;
    let mentions = person::mentions(db, person)?;
    let reasons: Vec<String> = author_holds::table
        .filter(author_holds::id.eq_any([&holds[..], &mentions.holds[..]].concat()))
        .filter(author_holds::reason.ne(""))
        .select(author_holds::reason)
        .load(db)?;
    for slice in person.reports.chunks(ROWS) {
        transaction(db, |db| sent_reports(db, slice))?;
        between();
    }
    for slice in [&notes[..], &mentions.notes[..]].concat().chunks(ROWS) {
        transaction(db, |db| {
            let notes = staff_notes::table.filter(staff_notes::id.eq_any(slice.to_vec()));
            Ok(diesel::delete(notes).execute(db)?)
        })?;
        between();
    }
    for slice in mentions.decisions.chunks(ROWS) {
        transaction(db, |db| {
            let answers = decisions::table.filter(decisions::id.eq_any(slice.to_vec()));
            Ok(diesel::update(answers)
                .set(decisions::note.eq(""))
                .execute(db)?)
        })?;
        between();
    }
    transaction(db, |db| {
        let named = author_holds::table.filter(author_holds::id.eq_any(mentions.holds.clone()));
        diesel::update(named)
            .set(author_holds::reason.eq(""))
            .execute(db)?;
        end_holds(db, &holds, now)?;
        audit::erase_texts(db, &mentions.entries, Actor::CommandLine, now)
    })?;
    between();
    if !reasons.is_empty() {
        forget_reasons(db, &reasons, &mut between)?;
    }
    for id in &person.comments {
        let mut tries = 1;
        while let Err(error) = transaction(db, |db| comment(db, *id, now)) {
            if !matches!(error, Error::Contended(_)) || tries == TRIES {
                return Err(error);
            }
            tries += 1;
        }
        between();
    }
    for id in &person.authors {
        transaction(db, |db| author(db, *id))?;
        between();
    }
    transaction(db, |db| {
        let entry = Entry {
            facts: serde_json::to_value(counts).unwrap_or_default(),
            ..Entry::new(Actor::CommandLine, "erased")
        };
        audit::append(db, &entry, now)
    })?;
    Ok(counts)
}

/// Reports that they sent say nothing any more, and not who sent them.
fn sent_reports(db: &mut Db, ids: &[i64]) -> Result<()> {
    diesel::update(reports::table.filter(reports::id.eq_any(ids.to_vec())))
        .set((
            reports::explanation.eq(""),
            reports::contact_name.eq(""),
            reports::contact_email.eq(""),
            reports::digest.eq(None::<Vec<u8>>),
            reports::network.eq(None::<Vec<u8>>),
        ))
        .execute(db)?;
    Ok(())
}

/// A comment goes as if its author had withdrawn it, and everything around it too. Whose it was is not known any more.
fn comment(db: &mut Db, id: i64, now: Timestamp) -> Result<()> {
    let Some(subject) = withdrawals::subject(db, id)? else {
        return Ok(());
    };
    if subject.status != Status::Withdrawn {
        withdrawals::take_out(db, &subject, now)?;
    }
    retention::forget_around(db, id, Actor::CommandLine, now)?;
    diesel::update(comments::table.find(id))
        .set((
            comments::author_id.eq(None::<i64>),
            comments::purged_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(())
}

/// Nobody is matched by these any more.
fn end_holds(db: &mut Db, holds: &[i64], now: Timestamp) -> Result<()> {
    let open = author_holds::table
        .filter(author_holds::id.eq_any(holds.to_vec()))
        .filter(author_holds::ended_at.is_null());
    diesel::update(open)
        .set(author_holds::ended_at.eq(now.0))
        .execute(db)?;
    diesel::update(author_holds::table.filter(author_holds::id.eq_any(holds.to_vec())))
        .set((
            author_holds::author_id.eq(None::<i64>),
            author_holds::email_key.eq(""),
            author_holds::network.eq(None::<Vec<u8>>),
            author_holds::reason.eq(""),
        ))
        .execute(db)?;
    Ok(())
}

/// The author's row and devices go: whoever shows their token is nobody.
fn author(db: &mut Db, id: i64) -> Result<()> {
    diesel::update(comments::table.filter(comments::author_id.eq(id)))
        .set(comments::author_id.eq(None::<i64>))
        .execute(db)?;
    diesel::delete(author_devices::table.filter(author_devices::author_id.eq(id))).execute(db)?;
    diesel::delete(authors::table.find(id)).execute(db)?;
    Ok(())
}

/// Replies of others from the same network quote why somebody was held. Every comment that was held for an author is looked at.
fn forget_reasons(db: &mut Db, reasons: &[String], between: &mut impl FnMut()) -> Result<()> {
    let mut after = 0;
    loop {
        let page: Vec<(i64, String)> = comments::table
            .filter(comments::id.gt(after))
            .filter(comments::hold.like("%author-hold%"))
            .order(comments::id.asc())
            .limit(PAGE)
            .select((comments::id, comments::hold))
            .load(db)?;
        let Some((last, _)) = page.last() else {
            return Ok(());
        };
        after = *last;
        let quotes = |hold: &str| {
            let held: Vec<HoldReason> = serde_json::from_str(hold).unwrap_or_default();
            held.iter().any(|why| {
                matches!(why, HoldReason::AuthorHold { reason, .. } if reasons.contains(reason))
            })
        };
        for (id, hold) in page.into_iter().filter(|(_, hold)| quotes(hold)) {
            transaction(db, |db| {
                diesel::update(comments::table.find(id))
                    .set(comments::hold.eq(without_words(&hold)))
                    .execute(db)?;
                Ok::<_, Error>(())
            })?;
            between();
        }
    }
}
