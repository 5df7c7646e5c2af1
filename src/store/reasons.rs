//! Why a reply is held: what was found before, and what its article, its author's record, its name, its network and the texts
//! before it say.

use diesel::prelude::*;

use super::author_holds::{self, Traits};
use super::authors;
use super::connection::{Db, on_engine};
use super::error::Result;
use super::fixed::fixed;
use super::glance::Glance;
use super::replies::{NewReply, Place};
use super::schema::{comment_terms, comments, moderators};
use crate::moderation::policy::Standing;
use crate::moderation::{HoldMode, HoldReason, policy};
use crate::time::SECOND;

/// Texts with fewer Unicode characters are said by many.
pub const SHORTEST_DUPLICATE: usize = 30;
/// The same text is counted up to this.
const DUPLICATES: i64 = 10;
/// Of the comments with the same text, so many are looked at.
const LOOKED_AT: i64 = 200;

/// Every reason to hold it; `mode` is that of its article.
pub(super) fn of(
    db: &mut Db,
    new: &NewReply,
    (article, mode): (i64, HoldMode),
    author: Option<i64>,
    place: &Place,
    glance: &Glance,
) -> Result<Vec<HoldReason>> {
    let settings = new.policy.settings;
    let standing = standing(db, author)?;
    let mut found = new.reasons.clone();
    if settings.duplicates && glance.text {
        found.extend(duplicate(
            db,
            &new.submission.body,
            new.terms.text_key,
            Some(article),
        )?);
    }
    found.extend(too_fast(new, glance.latest));
    let mut reasons = policy::weigh(&settings, mode, standing, found, new.links);
    let trusted = settings.trust && standing == Standing::Trusted;
    let email_key = new.submission.email.to_lowercase();
    let traits = Traits {
        author,
        email_key: &email_key,
        network: glance.held.then_some(&new.network.hashes),
    };
    // Who is trusted is on hold no more; a hold of somebody else with the same network is not theirs.
    if !trusted {
        reasons.extend(author_holds::reason(db, traits, new.now)?);
    }
    if let Some(root) = place.root
        && authors::is_anothers_name(db, root, &new.name_key, (author, &new.network.hashes))?
    {
        reasons.insert(0, HoldReason::ThreadName);
    }
    if glance.staff
        && let Some(name) = staff_named(db, &new.name_key)?
    {
        reasons.insert(0, HoldReason::StaffName { name });
    }
    Ok(reasons)
}

/// What is known of an author.
fn standing(db: &mut Db, author: Option<i64>) -> Result<Standing> {
    let Some(author) = author else {
        return Ok(Standing::New);
    };
    Ok(if author_holds::is_trusted(db, author)? {
        Standing::Trusted
    } else if authors::has_approved(db, author)? {
        Standing::Known
    } else {
        Standing::New
    })
}

/// The same text under other articles than this one.
pub(super) fn duplicate(
    db: &mut Db,
    body: &str,
    text_key: i64,
    article: Option<i64>,
) -> Result<Option<HoldReason>> {
    if text_key == 0 || body.chars().count() < SHORTEST_DUPLICATE {
        return Ok(None);
    }
    // The newest alone: one text may have been sent to one article very often.
    let same: Vec<i64> = on_engine!(db, |connection| comment_terms::table
        .filter(comment_terms::text_key.eq(text_key))
        // As the index has it, to the letter: from a bound value SQLite concludes nothing, and reads everybody's.
        .filter(fixed("text_key <> 0"))
        .order(comment_terms::comment_id.desc())
        .limit(LOOKED_AT)
        .select(comment_terms::comment_id)
        .load(connection))?;
    if same.is_empty() {
        return Ok(None);
    }
    let same: Vec<i64> = comments::table
        .filter(comments::id.eq_any(same))
        .filter(comments::article_id.ne(article.unwrap_or(0)))
        .limit(DUPLICATES)
        .select(comments::id)
        .load(db)?;
    let times = u32::try_from(same.len()).unwrap_or(u32::MAX);
    Ok((times > 0).then_some(HoldReason::DuplicateText { times }))
}

/// How soon it came after the last reply from the same network.
fn too_fast(new: &NewReply, last: Option<i64>) -> Option<HoldReason> {
    let limit = new.policy.settings.fast_seconds;
    let seconds = last.map(|last| (new.now.0 - last).max(0) / SECOND);
    let seconds = seconds.and_then(|seconds| u32::try_from(seconds).ok());
    let soon = seconds.filter(|seconds| *seconds < limit);
    soon.map(|seconds| HoldReason::TooFast { seconds, limit })
}

/// The moderator whose name the typed one is, however it is written.
pub(super) fn staff_named(db: &mut Db, name_key: &str) -> Result<Option<String>> {
    // A name without a letter or digit has no key, and is nobody's.
    if name_key.is_empty() {
        return Ok(None);
    }
    Ok(on_engine!(db, |connection| moderators::table
        .filter(moderators::name_key.eq(name_key))
        .select(moderators::name)
        .first(connection)
        .optional())?)
}
