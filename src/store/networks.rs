//! Client networks as the database knows them: keyed hashes, and for moderators a shortened address. The keys change, so
//! that nobody who comes by a database can tell who wrote what some weeks ago.

use diesel::prelude::*;

use super::connection::{Db, on_engine};
use super::error::Result;
use super::schema::{comment_networks, secrets};
use super::token;
use crate::time::{DAY, MINUTE, Timestamp};

/// A key is written under for no longer than this, in milliseconds.
const LONGEST: i64 = 7 * DAY;
/// A key is in force so many milliseconds after it was made: until then every server has read it.
pub const LEAD: i64 = 3 * MINUTE;

const NEWEST: &str = "network";
const BEFORE: &str = "network-before";

/// A network, or an account's name, as keyed hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hashes {
    /// Under the key in force: what is written.
    pub now: Vec<u8>,
    /// Under the key before, or the one about to come: rows may have it.
    pub other: Option<Vec<u8>>,
}

impl Hashes {
    /// What rows of this network have, the latest first.
    pub fn all(&self) -> impl Iterator<Item = &[u8]> {
        let other = self.other.iter().map(Vec::as_slice);
        std::iter::once(self.now.as_slice()).chain(other)
    }

    /// Whether a row that has this hash is of this network.
    pub fn has(&self, stored: &[u8]) -> bool {
        self.all().any(|hash| hash == stored)
    }
}

impl From<Vec<u8>> for Hashes {
    fn from(now: Vec<u8>) -> Self {
        Self { now, other: None }
    }
}

/// A client's network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    pub hashes: Hashes,
    /// For moderators: `203.0.113.0/24`, `2001:db8:1::/48`; empty for none.
    pub shortened: String,
}

impl From<Vec<u8>> for Network {
    fn from(now: Vec<u8>) -> Self {
        Self {
            hashes: now.into(),
            shortened: String::new(),
        }
    }
}

/// A key, and since when it is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub bytes: Vec<u8>,
    pub since: Timestamp,
}

/// The keys that there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    pub newest: Key,
    pub before: Option<Key>,
}

impl Keys {
    /// The key under which is written now, and the other one.
    pub fn at(&self, now: Timestamp) -> (&Key, Option<&Key>) {
        match &self.before {
            Some(before) if self.newest.since > now => (before, Some(&self.newest)),
            before => (&self.newest, before.as_ref()),
        }
    }
}

/// For how long a key is written under, when networks are kept for so many milliseconds; 0 is for ever.
fn period(kept: i64) -> i64 {
    match kept {
        0 => LONGEST,
        kept => kept.min(LONGEST),
    }
}

/// The keys; made at first use.
///
/// # Errors
/// Those of the engine, or of the system's randomness.
pub fn keys(db: &mut Db, now: Timestamp) -> Result<Keys> {
    if let Some(newest) = find(db, NEWEST)? {
        let before = find(db, BEFORE)?;
        return Ok(Keys { newest, before });
    }
    let newest = Key {
        bytes: token::random::<32>()?.to_vec(),
        since: now,
    };
    put(db, NEWEST, &newest)?;
    Ok(Keys {
        newest,
        before: None,
    })
}

/// Whether [`rotate`] has anything to do.
pub fn is_due(keys: &Keys, kept: i64, now: Timestamp) -> bool {
    let period = period(kept);
    now >= keys.newest.since.plus(period)
        || (keys.before.as_ref()).is_some_and(|key| now >= key.since.plus(2 * period + LEAD))
}

/// Puts a new key in the place of one whose time is over, and lets go of one under which nothing is kept any more. Of several
/// servers at the same moment one does it, and all are told the same keys.
///
/// # Errors
/// As [`keys`].
pub fn rotate(db: &mut Db, kept: i64, now: Timestamp) -> Result<Keys> {
    let known = keys(db, now)?;
    let period = period(kept);
    if now >= known.newest.since.plus(period) {
        // Nothing was written under it lately: then it is of no use, and nobody else is there to be told.
        let stale = now >= known.newest.since.plus(2 * period + LEAD);
        let fresh = token::random::<32>()?.to_vec();
        let since = if stale { now } else { now.plus(LEAD) };
        let first = diesel::update(
            secrets::table
                .find(NEWEST)
                .filter(secrets::created_at.eq(known.newest.since.0)),
        )
        .set((secrets::key.eq(fresh), secrets::created_at.eq(since.0)))
        .execute(db)?;
        if first > 0 {
            remove(db, BEFORE)?;
            if !stale {
                put(db, BEFORE, &known.newest)?;
            }
        }
    } else if let Some(before) = &known.before
        && now >= before.since.plus(2 * period + LEAD)
    {
        remove(db, BEFORE)?;
    }
    keys(db, now)
}

fn find(db: &mut Db, purpose: &str) -> Result<Option<Key>> {
    let found: Option<(Vec<u8>, Timestamp)> = secrets::table
        .find(purpose)
        .select((secrets::key, secrets::created_at))
        .first(db)
        .optional()?;
    Ok(found.map(|(bytes, since)| Key { bytes, since }))
}

fn put(db: &mut Db, purpose: &str, key: &Key) -> Result<()> {
    diesel::insert_into(secrets::table)
        .values((
            secrets::purpose.eq(purpose),
            secrets::key.eq(&key.bytes),
            secrets::created_at.eq(key.since.0),
        ))
        .execute(db)?;
    Ok(())
}

fn remove(db: &mut Db, purpose: &str) -> Result<()> {
    diesel::delete(secrets::table.find(purpose)).execute(db)?;
    Ok(())
}

/// Keeps the shortened network beside a comment, where there is one.
pub(super) fn note(db: &mut Db, comment: i64, network: &Network) -> Result<()> {
    if network.shortened.is_empty() {
        return Ok(());
    }
    on_engine!(db, |connection| diesel::insert_into(
        comment_networks::table
    )
    .values((
        comment_networks::comment_id.eq(comment),
        comment_networks::shortened.eq(&network.shortened),
    ))
    .execute(connection))?;
    Ok(())
}
