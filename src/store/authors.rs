//! Authors: people recognised by a token on their device, never by what they type.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, SmallInt};

use super::connection::Db;
use super::error::Result;
use super::networks::Hashes;
use super::schema::{author_devices, authors, comments};
use crate::moderation::Voice;
use crate::time::{DAY, Timestamp};

/// Use of a device is noted at most this often, so that posting seldom updates.
const NOTED: i64 = DAY;
/// Devices of an author that the same reply sent again may add.
const MOST_DEVICES: i64 = 20;
/// Comments with the same e-mail that are looked at.
const SAME_EMAIL: i64 = 20;

/// What comes with a reply of the device that sent it. Both are SHA-256 hashes of tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Device {
    /// The token that the device showed.
    pub token: Option<Vec<u8>>,
    /// A token made for it, because it asks to be remembered.
    pub new_token: Option<Vec<u8>>,
}

/// By which token a device that asked for it is remembered now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remembered {
    /// It did not ask, or could not be remembered.
    No,
    /// By the one made for it.
    New,
    /// By the one that it showed, as before.
    Already,
}

/// An author's record: how many of their comments have which status now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    pub approved: i64,
    pub rejected: i64,
    pub spam: i64,
    pub first_seen: Timestamp,
    /// By moderators: published at once.
    pub trusted: bool,
}

/// What moderators are told of the author of a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acquaintance {
    Recognised(Record),
    /// The typed e-mail is that of a recognised author with so many approved comments, which proves nothing.
    SameEmail {
        approved: i64,
    },
    None,
}

/// The author whose device has this token, and whether its use should be noted.
fn of_token(db: &mut Db, token: &[u8], now: Timestamp) -> Result<Option<(i64, bool)>> {
    let found: Option<(i64, Timestamp)> = author_devices::table
        .find(token)
        .select((author_devices::author_id, author_devices::seen_at))
        .first(db)
        .optional()?;
    Ok(found.map(|(author, seen_at)| (author, now.since(seen_at) > NOTED)))
}

/// Whose device this is; nobody's, when the token is unknown or forgotten.
///
/// # Errors
/// Those of the engine.
pub fn recognise(db: &mut Db, device: &Device, now: Timestamp) -> Result<Option<i64>> {
    let Some(token) = &device.token else {
        return Ok(None);
    };
    let Some((author, stale)) = of_token(db, token, now)? else {
        return Ok(None);
    };
    if stale {
        diesel::update(author_devices::table.find(token))
            .set(author_devices::seen_at.eq(now.0))
            .execute(db)?;
    }
    Ok(Some(author))
}

/// Whether an author has an approved comment.
///
/// # Errors
/// Those of the engine.
pub fn has_approved(db: &mut Db, author: i64) -> Result<bool> {
    let approved: Option<i64> = authors::table
        .find(author)
        .select(authors::approved_count)
        .first(db)
        .optional()?;
    Ok(approved.is_some_and(|count| count > 0))
}

/// Remembers a device that asks for it: as that of `known`, or of a new author. The author, and by which token.
///
/// # Errors
/// Those of the engine.
pub fn remember(
    db: &mut Db,
    device: &Device,
    known: Option<i64>,
    now: Timestamp,
) -> Result<(Option<i64>, Remembered)> {
    let Some(new_token) = &device.new_token else {
        return Ok((known, Remembered::No));
    };
    if known.is_some() {
        return Ok((known, Remembered::Already));
    }
    // The job may run twice, and the first time may have been committed.
    if let Some((author, _)) = of_token(db, new_token, now)? {
        return Ok((Some(author), Remembered::New));
    }
    let author: i64 = diesel::insert_into(authors::table)
        .values(authors::created_at.eq(now.0))
        .returning(authors::id)
        .get_result(db)?;
    add_device(db, author, new_token, now)?;
    Ok((Some(author), Remembered::New))
}

/// The same reply again, which may have come because its first answer was lost, and the token with it: its device gets one
/// that works. `first` is the author of the reply that is there, `known` that of the device.
///
/// # Errors
/// Those of the engine.
pub fn remember_again(
    db: &mut Db,
    device: &Device,
    first: Option<i64>,
    known: Option<i64>,
    now: Timestamp,
) -> Result<Remembered> {
    let Some(new_token) = &device.new_token else {
        return Ok(Remembered::No);
    };
    if known.is_some() {
        return Ok(Remembered::Already);
    }
    let Some(author) = first else {
        return Ok(Remembered::No);
    };
    if of_token(db, new_token, now)?.is_some() {
        return Ok(Remembered::New);
    }
    let devices: i64 = author_devices::table
        .filter(author_devices::author_id.eq(author))
        .count()
        .get_result(db)?;
    if devices >= MOST_DEVICES {
        return Ok(Remembered::No);
    }
    add_device(db, author, new_token, now)?;
    Ok(Remembered::New)
}

fn add_device(db: &mut Db, author: i64, token: &[u8], now: Timestamp) -> Result<()> {
    diesel::insert_into(author_devices::table)
        .values((
            author_devices::token_hash.eq(token),
            author_devices::author_id.eq(author),
            author_devices::created_at.eq(now.0),
            author_devices::seen_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(())
}

/// Forgets a device: whoever shows its token is nobody. Its author keeps comments, record and other devices.
///
/// # Errors
/// Those of the engine.
pub fn forget(db: &mut Db, token: &[u8]) -> Result<()> {
    diesel::delete(author_devices::table.find(token)).execute(db)?;
    Ok(())
}

/// Whether somebody else has a public comment in this thread under a name like this. Who is recognised is compared with
/// others who are; everybody else by network, as long as that is kept. Staff are compared by their own names.
///
/// # Errors
/// Those of the engine.
pub fn is_anothers_name(
    db: &mut Db,
    root: i64,
    name_key: &str,
    (author, network): (Option<i64>, &Hashes),
) -> Result<bool> {
    /// Comments of one name in one thread that are looked at.
    const LOOKED_AT: i64 = 100;
    // A name without a letter or digit has no key, and is nobody's.
    if name_key.is_empty() {
        return Ok(false);
    }
    let is_other = |(theirs, from): (Option<i64>, Option<Vec<u8>>)| match theirs {
        Some(theirs) => author != Some(theirs),
        None => !from.is_some_and(|from| network.has(&from)),
    };
    let namesakes = || {
        comments::table
            .filter(comments::name_key.eq(name_key))
            .filter(comments::status.eq(crate::moderation::Status::Approved.code()))
            .filter(comments::staff.eq(Voice::Reader.code()))
            .select((comments::author_id, comments::network))
    };
    let at_root = namesakes()
        .filter(comments::id.eq(root))
        .first(db)
        .optional()?;
    if at_root.is_some_and(is_other) {
        return Ok(true);
    }
    let below: Vec<(Option<i64>, Option<Vec<u8>>)> = namesakes()
        .filter(comments::root_id.eq(root))
        .limit(LOOKED_AT)
        .load(db)?;
    Ok(below.into_iter().any(is_other))
}

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = BigInt)]
    comment: i64,
    #[diesel(sql_type = SmallInt)]
    staff: i16,
    #[diesel(sql_type = Nullable<BigInt>)]
    approved: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    rejected: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    spam: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    first_seen: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    same_email: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    trusted_at: Option<i64>,
}

/// What is known of the authors of these comments, staff left out. One statement; of the comments with an e-mail it reads
/// the first few alone.
///
/// # Errors
/// Those of the engine.
pub fn acquaintances(db: &mut Db, comments: &[i64]) -> Result<HashMap<i64, Acquaintance>> {
    if comments.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = comments
        .iter()
        .map(i64::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    let known: Vec<Known> = diesel::sql_query(format!(
        "SELECT c.id AS comment, c.staff, a.approved_count AS approved, a.rejected_count AS rejected, \
         a.spam_count AS spam, a.created_at AS first_seen, a.trusted_at, \
         CASE WHEN c.author_id IS NULL AND c.email_key <> '' THEN \
         (SELECT max(b.approved_count) FROM (SELECT i.author_id FROM comments i WHERE i.email_key = c.email_key \
         AND i.email_key <> '' AND i.author_id IS NOT NULL ORDER BY i.id LIMIT {SAME_EMAIL}) k \
         JOIN authors b ON b.id = k.author_id) END AS same_email \
         FROM comments c LEFT JOIN authors a ON a.id = c.author_id WHERE c.id IN ({ids})"
    ))
    .load(db)?;
    Ok(known
        .into_iter()
        .filter(|row| row.staff == Voice::Reader.code())
        .map(|row| (row.comment, acquaintance(&row)))
        .collect())
}

fn acquaintance(row: &Known) -> Acquaintance {
    match (row.first_seen, row.same_email) {
        (Some(first_seen), _) => Acquaintance::Recognised(Record {
            approved: row.approved.unwrap_or_default(),
            rejected: row.rejected.unwrap_or_default(),
            spam: row.spam.unwrap_or_default(),
            first_seen: Timestamp(first_seen),
            trusted: row.trusted_at.is_some(),
        }),
        (None, Some(approved)) => Acquaintance::SameEmail { approved },
        (None, None) => Acquaintance::None,
    }
}
