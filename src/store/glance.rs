//! What speaks against nearly no reply, in one look: on PostgreSQL each statement is a trip to the server, and where nothing is found
//! none of the questions after it need be asked.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};

use super::connection::{Db, on_engine};
use super::error::Result;
use super::fixed::{Value, statement};
use super::policy;
use super::replies::NewReply;

/// What there is of each; the details are asked for where there is something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Glance {
    /// The version of the policy in force; 0 before the first.
    pub policy: i64,
    /// There may be a comment with this fingerprint.
    pub same: bool,
    /// There may be a comment with this text.
    pub text: bool,
    /// When the latest comment from this network was posted, in milliseconds, if it was looked for and there is one.
    pub latest: Latest,
    /// There may be a hold on this network.
    pub held: bool,
    /// There may be a moderator of this name.
    pub staff: bool,
}

/// The latest comment from a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Latest {
    Unknown,
    Known(Option<i64>),
}

const LOOK: &str = "SELECT (SELECT max(version) FROM policies), \
    EXISTS (SELECT 1 FROM comments WHERE digest = ?), \
    EXISTS (SELECT 1 FROM comment_terms WHERE text_key = ? AND text_key <> 0), \
    (SELECT created_at FROM comments WHERE network = ? ORDER BY id DESC LIMIT 1), \
    EXISTS (SELECT 1 FROM author_holds WHERE network = ? AND ended_at IS NULL), \
    EXISTS (SELECT 1 FROM moderators WHERE name_key = ?)";

type Columns = (Nullable<BigInt>, Bool, Bool, Nullable<BigInt>, Bool, Bool);
type Seen = (Option<i64>, bool, bool, Option<i64>, bool, bool);

impl Glance {
    /// Looks for what a reply with this fingerprint may meet.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn at(db: &mut Db, new: &NewReply, digest: &[u8]) -> Result<Self> {
        let hashes = &new.network.hashes;
        // While the site's key changes, rows of one network have two hashes.
        if hashes.all().count() > 1 {
            return Ok(Self {
                policy: policy::version(db)?,
                same: true,
                text: true,
                latest: Latest::Unknown,
                held: true,
                staff: true,
            });
        }
        let values = [
            digest.into(),
            new.terms.text_key.into(),
            hashes.now.as_slice().into(),
            hashes.now.as_slice().into(),
            Value::Words(&new.name_key),
        ];
        let look = statement::<Columns>(LOOK, &values);
        let (policy, same, text, latest, held, staff): Seen =
            on_engine!(db, |connection| look.get_result(connection))?;
        Ok(Self {
            policy: policy.unwrap_or(0),
            same,
            text,
            latest: Latest::Known(latest),
            held,
            staff,
        })
    }
}
