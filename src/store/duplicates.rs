//! The same reply again: a double click, a reload, a form sent once more because its first answer was lost.

use diesel::prelude::*;

use super::authors::{self, Remembered};
use super::connection::{Db, on_engine};
use super::error::Result;
use super::replies::NewReply;
use super::schema::comments;
use super::token;
use crate::moderation::Status;
use crate::time::{MINUTE, Timestamp};

/// The same reply again within so many milliseconds is the first one.
pub const WINDOW: i64 = 10 * MINUTE;

/// The receipt of the same reply sent before, if that one waits, and by which token the device that sent it again is
/// remembered.
pub(super) fn find(
    db: &mut Db,
    article: i64,
    author: Option<i64>,
    new: &NewReply,
) -> Result<Option<(String, Remembered)>> {
    let mut first = None;
    for network in new.network.hashes.all() {
        if first.is_none() {
            let digest = digest(article, author, new, network);
            first = first_of_its_kind(db, &digest, new.now)?;
        }
        if let (None, Some(author)) = (&first, author) {
            let digest = digest(article, None, new, network);
            first = first_without_token(db, author, &digest, new.now)?;
        }
    }
    let Some((receipt, first)) = first else {
        return Ok(None);
    };
    let remembered = authors::remember_again(db, &new.device, first, author, new.now)?;
    Ok(Some((receipt, remembered)))
}

/// What makes two replies the same: article, parent, every field, the client's network, and its author if recognised.
pub(super) fn fingerprint(article: i64, author: Option<i64>, new: &NewReply) -> Vec<u8> {
    digest(article, author, new, &new.network.hashes.now)
}

/// The same, of a client whose network has this hash.
pub(super) fn digest(article: i64, author: Option<i64>, new: &NewReply, network: &[u8]) -> Vec<u8> {
    let written = &new.submission;
    token::digest(&[
        &article.to_be_bytes(),
        &new.parent.unwrap_or(0).to_be_bytes(),
        written.name.as_bytes(),
        written.email.as_bytes(),
        written.website.as_bytes(),
        written.body.as_bytes(),
        network,
        &author.unwrap_or(0).to_be_bytes(),
    ])
}

/// The receipt of the same reply and its author, while that one waits and is not ten minutes old. The digest of a later
/// one is free again.
fn first_of_its_kind(
    db: &mut Db,
    digest: &[u8],
    now: Timestamp,
) -> Result<Option<(String, Option<i64>)>> {
    type First = (i64, String, Timestamp, Status, i64, Option<i64>);
    let first: Option<First> = on_engine!(db, |connection| comments::table
        .filter(comments::digest.eq(digest))
        .select((
            comments::id,
            comments::receipt,
            comments::created_at,
            comments::status,
            comments::version,
            comments::author_id,
        ))
        .first(connection)
        .optional())?;
    let Some((id, receipt, created_at, status, version, author)) = first else {
        return Ok(None);
    };
    // What a list has treated as spam at once is to its author as what waits.
    let untouched = status == Status::Spam && version == 1;
    if (status == Status::Pending || untouched) && now.since(created_at) < WINDOW {
        return Ok(Some((receipt, author)));
    }
    diesel::update(comments::table.find(id))
        .set(comments::digest.eq(None::<Vec<u8>>))
        .execute(db)?;
    Ok(None)
}

/// The receipt of the same reply by the same author, sent when their device had no token yet: it was remembered by that.
fn first_without_token(
    db: &mut Db,
    author: i64,
    digest: &[u8],
    now: Timestamp,
) -> Result<Option<(String, Option<i64>)>> {
    let receipt: Option<String> = comments::table
        .filter(comments::digest.eq(digest))
        .filter(comments::author_id.eq(author))
        .filter(
            comments::status
                .eq(Status::Pending.code())
                .or(comments::status
                    .eq(Status::Spam.code())
                    .and(comments::version.eq(1))),
        )
        .filter(comments::created_at.gt(now.0 - WINDOW))
        .select(comments::receipt)
        .first(db)
        .optional()?;
    Ok(receipt.map(|receipt| (receipt, None)))
}
