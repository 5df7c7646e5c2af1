//! Claims: who is looking at which comment. They expire by themselves, and block nobody.

use std::collections::HashMap;

use diesel::prelude::*;

use super::connection::{Db, on_engine};
use super::error::Result;
use super::fixed::statement;
use super::listed::{self, Reader};
use super::listing::{Listing, Seek};
use super::schema::{claims, comments, moderators};
use crate::moderation::Status;
use crate::time::{MINUTE, Timestamp};

/// Comments that "Take 10" takes.
pub const TAKEN: usize = 10;
/// Comments that are looked at to find those.
const LOOKED_AT: i64 = 200;
/// The advisory lock of whoever claims: "claimrej" in ASCII.
const ADVISORY_LOCK: i64 = 0x636c_6169_6d72_656a;

/// A claim that has not expired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub comment: i64,
    pub moderator: i64,
    /// The moderator's name.
    pub name: String,
    pub since: Timestamp,
}

/// How a comment is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// By looking at it: gives way to the next one that its moderator looks at, and to anybody's claim that is there.
    Light,
    /// By asking for it, unless somebody else has it.
    Firm,
    /// From whoever has it.
    TakeOver,
}

/// The claims on these comments.
///
/// # Errors
/// Those of the engine.
pub fn on(db: &mut Db, ids: &[i64], now: Timestamp) -> Result<HashMap<i64, Claim>> {
    let rows: Vec<(i64, i64, String, Timestamp)> = claims::table
        .inner_join(moderators::table.on(moderators::id.eq(claims::moderator_id)))
        .filter(claims::comment_id.eq_any(ids.to_vec()))
        .filter(claims::until.gt(now.0))
        .filter(claims::since.le(latest_start(now)))
        .select((
            claims::comment_id,
            claims::moderator_id,
            moderators::name,
            claims::since,
        ))
        .load(db)?;
    let claim = |(comment, moderator, name, since)| Claim {
        comment,
        moderator,
        name,
        since,
    };
    Ok(rows.into_iter().map(|row| (row.0, claim(row))).collect())
}

/// A claim from further ahead was made before the clock was set back, and is none.
fn latest_start(now: Timestamp) -> i64 {
    now.0 + MINUTE
}

/// Waits until nobody else claims anything, to the end of the transaction. Else two who claim the same comments, each in the order
/// of their own list, would wait for one another. SQLite has one writer.
fn take_turns(db: &mut Db) -> Result<()> {
    if !db.is_sqlite() {
        diesel::sql_query(format!("SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")).execute(db)?;
    }
    Ok(())
}

/// Claims a comment for `span` milliseconds; `Some(false)` when somebody else has it, `None` when there is nothing to claim.
///
/// # Errors
/// Those of the engine.
pub fn claim(
    db: &mut Db,
    comment: i64,
    reader: Reader,
    span: i64,
    hold: Hold,
) -> Result<Option<bool>> {
    let Reader { moderator, now } = reader;
    take_turns(db)?;
    let there: Option<i64> = comments::table
        .find(comment)
        .filter(comments::status.ne(Status::Withdrawn.code()))
        .select(comments::id)
        .first(db)
        .optional()?;
    if there.is_none() {
        return Ok(None);
    }
    if hold == Hold::Light {
        diesel::delete(
            claims::table
                .filter(claims::moderator_id.eq(moderator))
                .filter(claims::comment_id.ne(comment))
                .filter(claims::light.eq(true)),
        )
        .execute(db)?;
    }
    let latest = latest_start(now);
    let now = now.0;
    let until = now + span;
    let light = if hold == Hold::Light { "TRUE" } else { "FALSE" };
    let own = format!(
        "claims.moderator_id = {moderator} AND claims.until > {now} AND claims.since <= {latest}"
    );
    let may = match hold {
        Hold::TakeOver => String::new(),
        _ => format!(
            " WHERE claims.moderator_id = {moderator} OR claims.until <= {now} OR claims.since > {latest}"
        ),
    };
    let claimed = diesel::sql_query(format!(
        "INSERT INTO claims (comment_id, moderator_id, since, until, light) \
         VALUES ({comment}, {moderator}, {now}, {until}, {light}) ON CONFLICT (comment_id) DO UPDATE SET \
         since = CASE WHEN {own} THEN claims.since ELSE {now} END, \
         light = CASE WHEN {own} THEN claims.light AND {light} ELSE {light} END, \
         moderator_id = {moderator}, until = {until}{may}"
    ))
    .execute(db)?;
    Ok(Some(claimed > 0))
}

/// Claims the first [`TAKEN`] comments of a list that nobody has; says how many.
///
/// # Errors
/// Those of the engine.
pub fn claim_next(db: &mut Db, list: &Listing, reader: Reader, span: i64) -> Result<usize> {
    take_turns(db)?;
    let found = listed::page(db, &list.at(Seek::First), reader, LOOKED_AT)?;
    let ids: Vec<i64> = found.places.iter().map(|place| place.id).collect();
    let taken = on(db, &ids, reader.now)?;
    let mut count = 0;
    for id in ids {
        let mine = taken
            .get(&id)
            .is_some_and(|claim| claim.moderator == reader.moderator);
        if count == TAKEN {
            break;
        }
        if mine || !taken.contains_key(&id) {
            let claimed = claim(db, id, reader, span, Hold::Firm)?;
            count += usize::from(claimed == Some(true));
        }
    }
    Ok(count)
}

/// Gives a comment back, if this moderator has it.
///
/// # Errors
/// Those of the engine.
pub fn release(db: &mut Db, comment: i64, moderator: i64) -> Result<()> {
    diesel::delete(
        claims::table
            .find(comment)
            .filter(claims::moderator_id.eq(moderator)),
    )
    .execute(db)?;
    Ok(())
}

/// The comment is decided: nobody has to look at it any more.
pub(super) fn end(db: &mut Db, comment: i64) -> Result<()> {
    diesel::delete(claims::table.find(comment)).execute(db)?;
    Ok(())
}

/// Activity: what a moderator has claimed stays claimed for another `span`, in milliseconds. It waits for nobody: a claim that
/// another transaction changes at this moment is renewed there, ended, or somebody else's.
///
/// # Errors
/// Those of the engine.
pub fn renew(db: &mut Db, moderator: i64, now: Timestamp, span: i64) -> Result<()> {
    let values = [(now.0 + span).into(), moderator.into(), now.0.into()];
    let sql = match db.is_sqlite() {
        true => "UPDATE claims SET until = ? WHERE moderator_id = ? AND until > ?",
        false => {
            "UPDATE claims SET until = ? WHERE comment_id IN (SELECT comment_id FROM claims \
             WHERE moderator_id = ? AND until > ? FOR UPDATE SKIP LOCKED)"
        }
    };
    let update = statement::<()>(sql, &values);
    on_engine!(db, |connection| update.execute(connection))?;
    Ok(())
}
