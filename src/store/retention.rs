//! What is let go when its time is over: client networks, texts that were not published, names of people who reported,
//! devices that nobody uses. Each function takes a few rows, and rows that somebody else has in hand are left for the next
//! time; so no decision waits for it.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::audit::{self, Actor};
use super::connection::{Db, on_engine};
use super::error::Result;
use super::schema::{
    appeals, audit_entries, audit_texts, author_devices, author_holds, comment_networks, comments,
    decisions, login_failures, reports, sessions, sign_in_steps, staff_notes,
};
use super::sessions::{ABSOLUTE, FAILURES_KEPT, IDLE};
use super::{claims, revisions, search};
use crate::moderation::{Status, without_words};
use crate::time::{DAY, Timestamp};

/// Rows without texts that are taken at once.
pub const ROWS: usize = 50;
/// Comments with texts that are taken at once.
pub const TEXTS: usize = 5;
/// A device that was not seen for so many milliseconds is forgotten: its cookie has ended by then.
pub const DEVICE_KEPT: i64 = 400 * DAY;
/// Somebody who owes a code for so many milliseconds gives none any more.
const STEPS_KEPT: i64 = DAY;

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// The ids that a statement finds, held until the transaction ends. It ends in its limit.
fn take(db: &mut Db, statement: &str) -> Result<Vec<i64>> {
    // On SQLite the writer is alone.
    let alone = match db.is_sqlite() {
        true => "",
        false => " FOR UPDATE OF t SKIP LOCKED",
    };
    let rows: Vec<Id> = on_engine!(db, |connection| diesel::sql_query(format!(
        "{statement}{alone}"
    ))
    .load(connection)?);
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Takes away the networks of comments that were posted before a moment, and the digests by which the same reply again was
/// known. Says how many rows it took, at most [`ROWS`].
///
/// # Errors
/// Those of the engine.
pub fn comment_networks(db: &mut Db, before: Timestamp) -> Result<usize> {
    let ids = take(
        db,
        &format!(
            "SELECT t.id FROM comments t WHERE t.network IS NOT NULL AND t.created_at < {} ORDER BY t.created_at LIMIT {ROWS}",
            before.0
        ),
    )?;
    forget_networks(db, &ids)?;
    Ok(ids.len())
}

/// Nothing is left of where these comments came from.
pub(super) fn forget_networks(db: &mut Db, ids: &[i64]) -> Result<()> {
    diesel::delete(
        comment_networks::table.filter(comment_networks::comment_id.eq_any(ids.to_vec())),
    )
    .execute(db)?;
    diesel::update(comments::table.filter(comments::id.eq_any(ids.to_vec())))
        .set((
            comments::network.eq(None::<Vec<u8>>),
            comments::digest.eq(None::<Vec<u8>>),
        ))
        .execute(db)?;
    Ok(())
}

/// Takes away the networks of reports, as [`comment_networks`] does those of comments.
///
/// # Errors
/// Those of the engine.
pub fn report_networks(db: &mut Db, before: Timestamp) -> Result<usize> {
    let ids = take(
        db,
        &format!(
            "SELECT t.id FROM reports t WHERE t.network IS NOT NULL AND t.created_at < {} ORDER BY t.created_at LIMIT {ROWS}",
            before.0
        ),
    )?;
    diesel::update(reports::table.filter(reports::id.eq_any(ids.clone())))
        .set((
            reports::network.eq(None::<Vec<u8>>),
            reports::digest.eq(None::<Vec<u8>>),
        ))
        .execute(db)?;
    Ok(ids.len())
}

/// A hold matches a network no longer than networks are kept.
///
/// # Errors
/// Those of the engine.
pub fn hold_networks(db: &mut Db, before: Timestamp) -> Result<usize> {
    Ok(diesel::update(
        author_holds::table
            .filter(author_holds::network.is_not_null())
            .filter(author_holds::created_at.lt(before.0)),
    )
    .set(author_holds::network.eq(None::<Vec<u8>>))
    .execute(db)?)
}

/// Takes away the names and addresses of people whose reports were answered before a moment; at most [`ROWS`].
///
/// # Errors
/// Those of the engine.
pub fn report_contacts(db: &mut Db, before: Timestamp) -> Result<usize> {
    // There is another index that begins alike, over all that were ever answered.
    let index = match db.is_sqlite() {
        true => "INDEXED BY reports_contacts",
        false => "",
    };
    let ids = take(
        db,
        // The condition of the index, to the letter.
        &format!(
            "SELECT t.id FROM reports t {index} WHERE (t.decided_at IS NOT NULL AND (t.contact_name <> '' OR t.contact_email <> '')) \
             AND t.decided_at < {0} AND t.created_at < {0} ORDER BY t.decided_at LIMIT {ROWS}",
            before.0
        ),
    )?;
    diesel::update(reports::table.filter(reports::id.eq_any(ids.clone())))
        .set((
            reports::contact_name.eq(""),
            reports::contact_email.eq(""),
            reports::digest.eq(None::<Vec<u8>>),
        ))
        .execute(db)?;
    Ok(ids.len())
}

/// Lets go of the texts of comments that have this status since before a moment, unless an appeal is open or was answered
/// since; at most [`TEXTS`].
///
/// # Errors
/// Those of the engine.
pub fn texts(db: &mut Db, status: Status, before: Timestamp, now: Timestamp) -> Result<usize> {
    let ids = take(
        db,
        &format!(
            "SELECT t.id FROM comments t WHERE t.status = {0} AND t.status IN (2, 3) AND t.purged_at IS NULL \
             AND t.decided_at < {1} AND NOT EXISTS (SELECT 1 FROM appeals a WHERE a.comment_id = t.id \
             AND (a.status = 0 OR a.decided_at >= {1})) ORDER BY t.decided_at LIMIT {TEXTS}",
            status.code(),
            before.0
        ),
    )?;
    for id in &ids {
        let_go(db, *id, now)?;
    }
    Ok(ids.len())
}

/// Nothing is left of a comment but that it was there, and what was decided under which rule.
fn let_go(db: &mut Db, comment: i64, now: Timestamp) -> Result<()> {
    forget_around(db, comment, Actor::Policy, now)?;
    let hold: String = comments::table
        .find(comment)
        .select(comments::hold)
        .first(db)?;
    diesel::update(comments::table.find(comment))
        .set((
            comments::name.eq(""),
            comments::name_key.eq(""),
            comments::email.eq(""),
            comments::email_key.eq(""),
            comments::website.eq(""),
            comments::body.eq(""),
            comments::body_html.eq(""),
            comments::hold.eq(without_words(&hold)),
            comments::purged_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(())
}

/// What stands around a comment and tells of its author or holds their words goes: edits, the appeal, what reports quote and
/// say, notes, where it came from.
pub(super) fn forget_around(db: &mut Db, comment: i64, actor: Actor, now: Timestamp) -> Result<()> {
    forget_networks(db, &[comment])?;
    search::remove(db, comment)?;
    claims::end(db, comment)?;
    revisions::forget(db, comment)?;
    diesel::update(appeals::table.filter(appeals::comment_id.eq(comment)))
        .set(appeals::text.eq(""))
        .execute(db)?;
    diesel::update(reports::table.filter(reports::comment_id.eq(comment)))
        .set((
            reports::explanation.eq(""),
            reports::contact_name.eq(""),
            reports::contact_email.eq(""),
            reports::body_html.eq(""),
            reports::digest.eq(None::<Vec<u8>>),
        ))
        .execute(db)?;
    diesel::update(decisions::table.filter(decisions::comment_id.eq(comment)))
        .set(decisions::note.eq(""))
        .execute(db)?;
    diesel::delete(staff_notes::table.filter(staff_notes::comment_id.eq(comment))).execute(db)?;
    // What a hold that is in force matches stays with it.
    diesel::update(
        author_holds::table
            .filter(author_holds::comment_id.eq(comment))
            .filter(
                author_holds::until
                    .le(now.0)
                    .or(author_holds::ended_at.is_not_null()),
            ),
    )
    .set((
        author_holds::email_key.eq(""),
        author_holds::network.eq(None::<Vec<u8>>),
        author_holds::reason.eq(""),
    ))
    .execute(db)?;
    let noted: Vec<i64> = audit_entries::table
        .inner_join(audit_texts::table.on(audit_texts::entry_id.eq(audit_entries::id)))
        .filter(audit_entries::comment_id.eq(comment))
        .filter(audit_texts::text.ne(""))
        .select(audit_entries::id)
        .load(db)?;
    audit::erase_texts(db, &noted, actor, now)
}

/// Forgets devices that were not seen for [`DEVICE_KEPT`]; at most [`ROWS`].
///
/// # Errors
/// Those of the engine.
pub fn devices(db: &mut Db, now: Timestamp) -> Result<usize> {
    let tokens: Vec<Vec<u8>> = author_devices::table
        .filter(author_devices::seen_at.lt(now.0 - DEVICE_KEPT))
        .order(author_devices::seen_at.asc())
        .limit(i64::try_from(ROWS).unwrap_or(1))
        .select(author_devices::token_hash)
        .load(db)?;
    for token in &tokens {
        diesel::delete(author_devices::table.find(token)).execute(db)?;
    }
    Ok(tokens.len())
}

/// How long failures to sign in are kept, where networks are for so many milliseconds; 0 is for ever.
pub fn failures_kept(networks: i64) -> i64 {
    match networks {
        0 => FAILURES_KEPT,
        kept => kept.min(FAILURES_KEPT),
    }
}

/// Forgets failures to sign in from before a moment; at most [`ROWS`].
///
/// # Errors
/// Those of the engine.
pub fn login_failures(db: &mut Db, before: Timestamp) -> Result<usize> {
    let ids = take(
        db,
        &format!(
            "SELECT t.id FROM login_failures t WHERE t.at < {} ORDER BY t.at LIMIT {ROWS}",
            before.0
        ),
    )?;
    diesel::delete(login_failures::table.filter(login_failures::id.eq_any(ids.clone())))
        .execute(db)?;
    Ok(ids.len())
}

/// Sweeps away what else signing in leaves behind: sessions that have ended, steps that were not finished. There are no more of
/// either than people who know a password have made.
///
/// # Errors
/// Those of the engine.
pub fn sign_ins(db: &mut Db, now: Timestamp) -> Result<()> {
    diesel::delete(
        sessions::table.filter(
            sessions::seen_at
                .lt(now.0 - IDLE)
                .or(sessions::created_at.lt(now.0 - ABSOLUTE)),
        ),
    )
    .execute(db)?;
    diesel::delete(sign_in_steps::table.filter(sign_in_steps::created_at.lt(now.0 - STEPS_KEPT)))
        .execute(db)?;
    Ok(())
}
