//! What speaks against nearly no reply, in one look: on PostgreSQL each statement is a trip to the server, and where nothing is found
//! none of the questions after it need be asked.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};

use super::connection::{Db, on_engine};
use super::duplicates;
use super::error::Result;
use super::fixed::{Value, statement};
use super::replies::NewReply;

/// What there is of each; the details are asked for where there is something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Glance {
    /// The version of the policy in force; 0 before the first.
    pub policy: i64,
    /// There may be a comment with this fingerprint.
    pub same: bool,
    /// There may be a comment with this text.
    pub text: bool,
    /// When the latest comment from this network was posted, in milliseconds.
    pub latest: Option<i64>,
    /// There may be a hold on this network.
    pub held: bool,
    /// There may be a moderator of this name.
    pub staff: bool,
}

/// The latest hold is asked for, and not whether there is one: SQLite would read all of a few rather than take their index, and goes by
/// figures that may be of a time when they were few.
const LOOK: &str = "SELECT (SELECT max(version) FROM policies), \
    EXISTS (SELECT 1 FROM comments WHERE digest = ?), \
    EXISTS (SELECT 1 FROM comment_terms WHERE text_key = ? AND text_key <> 0), \
    (SELECT created_at FROM comments WHERE network = ? ORDER BY id DESC LIMIT 1), \
    (SELECT until FROM author_holds WHERE network = ? AND until > ? AND ended_at IS NULL \
        ORDER BY until DESC LIMIT 1) IS NOT NULL, \
    EXISTS (SELECT 1 FROM moderators WHERE name_key = ?)";

type Columns = (Nullable<BigInt>, Bool, Bool, Nullable<BigInt>, Bool, Bool);
type Seen = (Option<i64>, bool, bool, Option<i64>, bool, bool);

impl Glance {
    /// Looks for what a reply to this article by this author may meet: under both hashes of its network while the site's key changes.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn at(db: &mut Db, article: i64, author: Option<i64>, new: &NewReply) -> Result<Self> {
        let mut all = Self::default();
        for network in new.network.hashes.all() {
            let digest = duplicates::digest(article, author, new, network);
            let values = [
                digest.as_slice().into(),
                new.terms.text_key.into(),
                network.into(),
                network.into(),
                new.now.0.into(),
                Value::Words(&new.name_key),
            ];
            let look = statement::<Columns>(LOOK, &values);
            let (policy, same, text, latest, held, staff): Seen =
                on_engine!(db, |connection| look.get_result(connection))?;
            all.policy = policy.unwrap_or(0);
            all.same |= same;
            all.text |= text;
            all.latest = all.latest.max(latest);
            all.held |= held;
            all.staff |= staff;
        }
        Ok(all)
    }
}
