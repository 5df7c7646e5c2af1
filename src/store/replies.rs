//! A reply on its way in.

use diesel::prelude::*;

use super::audit::{self, Actor, Entry};
use super::authors::{self, Device, Remembered};
use super::closing::{Closed, Openness};
use super::comments::DEEPEST;
use super::connection::{Db, on_engine};
use super::duplicates;
use super::error::{Error, Result};
use super::glance::Glance;
use super::networks::{self, Network};
use super::outbox::{self, Effect};
use super::policy::InForce;
use super::publication;
use super::reasons;
use super::schema::{articles, comments, decisions};
use super::search::{self, Terms};
use super::values::storable;
use crate::moderation::policy::first_status;
use crate::moderation::{Ground, HoldMode, HoldReason, Status, Submission, Voice};
use crate::time::{MINUTE, Timestamp};

/// A checked and rendered reply. Everything slow has been done.
#[derive(Debug, Clone)]
pub struct NewReply {
    pub slug: String,
    pub parent: Option<i64>,
    pub submission: Submission,
    pub body_html: String,
    pub html_version: i16,
    pub network: Network,
    /// What a search finds it by: [`crate::text::search_terms`] of name and text.
    pub terms: Terms,
    /// Why it is held, as far as that lies in the reply itself and in the lists of the policy.
    pub reasons: Vec<HoldReason>,
    /// The policy that it was checked against.
    pub policy: InForce,
    /// It is stored although the policy has changed since, as it does again and again while long lists are put in.
    pub may_lag: bool,
    /// The site's mode, for articles without one of their own.
    pub hold: HoldMode,
    /// Links in its text.
    pub links: u32,
    /// It is written as `Kind::Update`, and so may change counts that others change too.
    pub may_publish: bool,
    /// By which alone its author is recognised.
    pub device: Device,
    /// The typed name as it is compared with those of staff and of others in the thread.
    pub name_key: String,
    pub receipt: String,
    /// Replies per network and minute; 0 is no limit.
    pub per_minute: i64,
    /// Milliseconds after its publication for which an article takes replies; 0 is for ever.
    pub close_after: i64,
    /// Milliseconds until its author may hear that a list had it treated as spam.
    pub undo_window: i64,
    pub now: Timestamp,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// Stored; `public` when it was published at once, `spam` when a list had it treated as that.
    Stored {
        public: bool,
        spam: bool,
        remembered: Remembered,
    },
    /// Sent before by the same client: the receipt of that one.
    Duplicate {
        receipt: String,
        remembered: Remembered,
    },
    /// Nothing holds it, though it may not be published: write it again as `Kind::Update`. Nothing was stored.
    WouldPublish,
    /// The policy has changed since it was checked. Nothing was stored.
    PolicyChanged,
    /// Too many from this network; try again after so many milliseconds.
    Throttled {
        wait: i64,
    },
    /// The article takes no replies now.
    Closed(Closed),
    /// The article has been removed.
    Gone,
    NoArticle,
    /// The comment answered is not public, or not of this article.
    NoParent,
}

/// Stores a reply. Whatever speaks against it is looked at in the same transaction.
///
/// # Errors
/// Those of the engine.
pub fn submit(db: &mut Db, new: &NewReply) -> Result<Submitted> {
    if !storable(&new.slug) {
        return Ok(Submitted::NoArticle);
    }
    let article: Option<(i64, Openness, Option<i64>, Option<HoldMode>)> =
        on_engine!(db, |connection| articles::table
            .filter(articles::slug.eq(&new.slug))
            .select((
                articles::id,
                Openness::as_select(),
                articles::removed_at,
                articles::hold,
            ))
            .first(connection)
            .optional())?;
    let (article, mode) = match article {
        None => return Ok(Submitted::NoArticle),
        Some((_, _, Some(_), _)) => return Ok(Submitted::Gone),
        Some((id, openness, None, own)) => match openness.closed(new.close_after, new.now) {
            Some(closed) => return Ok(Submitted::Closed(closed)),
            None => (id, own.unwrap_or(new.hold)),
        },
    };
    let author = authors::recognise(db, &new.device, new.now)?;
    let glance = Glance::at(db, article, author, new)?;
    if (glance.same || author.is_some())
        && let Some((receipt, remembered)) = duplicates::find(db, article, author, new)?
    {
        return Ok(Submitted::Duplicate {
            receipt,
            remembered,
        });
    }
    let Some(place) = place(db, article, new.parent)? else {
        return Ok(Submitted::NoParent);
    };
    if let Some(wait) = throttle(db, new, glance.latest)? {
        return Ok(Submitted::Throttled { wait });
    }
    if !new.may_lag && glance.policy != new.policy.version {
        return Ok(Submitted::PolicyChanged);
    }
    let reasons = reasons::of(db, new, (article, mode), author, &place, &glance)?;
    let status = first_status(&reasons);
    let spam = status == Status::Spam;
    let public = status.is_public();
    if public && !new.may_publish {
        return Ok(Submitted::WouldPublish);
    }
    // Before a new author is made: the same reply again shows no token either.
    let digest = duplicates::fingerprint(article, author, new);
    let (author, remembered) = authors::remember(db, &new.device, author, new.now)?;
    let written = &new.submission;
    let row = Row {
        article_id: article,
        parent_id: place.parent,
        root_id: place.root,
        depth: place.depth,
        status: status.code(),
        author_id: author,
        staff: Voice::Reader.code(),
        name: &written.name,
        name_key: &new.name_key,
        email: &written.email,
        email_key: written.email.to_lowercase(),
        website: &written.website,
        body: &written.body,
        body_html: &new.body_html,
        html_version: new.html_version,
        receipt: &new.receipt,
        digest,
        network: Some(&new.network.hashes.now),
        hold: serde_json::to_string(&reasons).map_err(|error| Error::Corrupt(error.to_string()))?,
        risk: HoldReason::risk(&reasons),
        created_at: new.now.0,
        published_at: public.then_some(new.now.0),
        decided_at: spam.then_some(new.now.0),
        ground: spam.then_some(Ground::Spam.code()),
    };
    let id = row.store(db, &new.terms)?;
    networks::note(db, id, &new.network)?;
    if public {
        let change = (Status::Pending, status);
        publication::follow(db, id, article, place.parent, change, 0)?;
        let entry = Entry {
            comment: Some(id),
            article: Some(article),
            ..Entry::new(Actor::Policy, "approved")
        };
        audit::append(db, &entry, new.now)?;
    }
    if spam {
        let change = (Status::Pending, status);
        publication::follow(db, id, article, place.parent, change, 0)?;
        mark_as_spam(db, id, article, new)?;
    }
    Ok(Submitted::Stored {
        public,
        spam,
        remembered,
    })
}

/// A list had it treated as spam: a decision without a moderator, which can be undone and appealed as any other.
fn mark_as_spam(db: &mut Db, id: i64, article: i64, new: &NewReply) -> Result<()> {
    let decision: i64 = diesel::insert_into(decisions::table)
        .values((
            decisions::comment_id.eq(id),
            decisions::at.eq(new.now.0),
            decisions::from_status.eq(Status::Pending.code()),
            decisions::to_status.eq(Status::Spam.code()),
            decisions::ground.eq(Ground::Spam.code()),
            decisions::note.eq(""),
            // That of a row as it is written first.
            decisions::comment_version.eq(1),
        ))
        .returning(decisions::id)
        .get_result(db)?;
    for effect in [Effect::Receipt, Effect::Notice] {
        outbox::post(db, effect, decision, id, new.now.plus(new.undo_window))?;
    }
    let entry = Entry {
        comment: Some(id),
        article: Some(article),
        decision: Some(decision),
        ..Entry::new(Actor::Policy, "spam")
    };
    audit::append(db, &entry, new.now)
}

/// A comment's row as it is written first.
#[derive(Insertable)]
#[diesel(table_name = comments, treat_none_as_default_value = false)]
pub(super) struct Row<'a> {
    pub article_id: i64,
    pub parent_id: Option<i64>,
    pub root_id: Option<i64>,
    pub depth: i16,
    pub status: i16,
    pub author_id: Option<i64>,
    pub staff: i16,
    pub name: &'a str,
    pub name_key: &'a str,
    pub email: &'a str,
    pub email_key: String,
    pub website: &'a str,
    pub body: &'a str,
    pub body_html: &'a str,
    pub html_version: i16,
    pub receipt: &'a str,
    pub digest: Vec<u8>,
    pub network: Option<&'a [u8]>,
    pub hold: String,
    pub risk: i64,
    pub created_at: i64,
    pub published_at: Option<i64>,
    pub decided_at: Option<i64>,
    pub ground: Option<i16>,
}

impl Row<'_> {
    /// Stores it, with what a search finds it by, and says its id.
    pub(super) fn store(&self, db: &mut Db, terms: &Terms) -> Result<i64> {
        let id = on_engine!(db, |connection| diesel::insert_into(comments::table)
            .values(self)
            .returning(comments::id)
            .get_result(connection))?;
        search::add(db, id, terms)?;
        Ok(id)
    }
}

pub(super) struct Place {
    pub parent: Option<i64>,
    pub root: Option<i64>,
    pub depth: i16,
}

/// Where the reply hangs; `None` when its parent cannot be answered.
pub(super) fn place(db: &mut Db, article: i64, parent: Option<i64>) -> Result<Option<Place>> {
    let Some(parent) = parent else {
        return Ok(Some(Place {
            parent: None,
            root: None,
            depth: 0,
        }));
    };
    let found: Option<(Option<i64>, Option<i64>, i16)> = comments::table
        .find(parent)
        .filter(comments::article_id.eq(article))
        .filter(comments::status.eq(Status::Approved.code()))
        .select((comments::parent_id, comments::root_id, comments::depth))
        .first(db)
        .optional()?;
    Ok(found.map(|(above, root, depth)| Place {
        parent: if depth < DEEPEST { Some(parent) } else { above },
        root: root.or(Some(parent)),
        depth: (depth + 1).min(DEEPEST),
    }))
}

/// How long this network has to wait, if it does.
fn throttle(db: &mut Db, new: &NewReply, latest: Option<i64>) -> Result<Option<i64>> {
    let since = new.now.0 - MINUTE;
    if new.per_minute <= 0 || latest.is_none_or(|at| at <= since) {
        return Ok(None);
    }
    let mut recent: Vec<i64> = Vec::new();
    for hash in new.network.hashes.all() {
        let latest: Vec<i64> = comments::table
            .filter(comments::network.eq(hash))
            .filter(comments::created_at.lt(latest_recent(new.now)))
            .order(comments::id.desc())
            .limit(new.per_minute)
            .select(comments::created_at)
            .load(db)?;
        recent.extend(latest.into_iter().filter(|at| *at > since));
    }
    Ok(pause(latest_of(recent, new.per_minute), new.now))
}

/// The latest `limit` of what was posted; `None` when there was less than that.
pub(super) fn latest_of(mut posted: Vec<i64>, limit: i64) -> Option<Vec<i64>> {
    posted.sort_unstable_by(|a, b| b.cmp(a));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    posted.truncate(limit);
    (posted.len() == limit).then_some(posted)
}

/// Where the last minute ends. What lies further ahead was noted before the clock was set back, and counts no more.
pub(super) fn latest_recent(now: Timestamp) -> i64 {
    now.0 + MINUTE
}

/// Milliseconds until the oldest of the latest posts is a minute old.
pub(super) fn pause(latest: Option<Vec<i64>>, now: Timestamp) -> Option<i64> {
    let oldest = *latest?.last()?;
    Some((oldest + MINUTE - now.0).clamp(1, MINUTE))
}
