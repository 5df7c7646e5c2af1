//! Replies by moderators: published at once, in the voice of staff.

use diesel::prelude::*;

use super::articles::ArticleLine;
use super::audit::{self, Actor, Entry};
use super::comments::Comment;
use super::connection::Db;
use super::decisions::{self, Decided, Verdict};
use super::duplicates;
use super::error::Result;
use super::history;
use super::moderators;
use super::publication;
use super::queue::LatestDecision;
use super::replies::{self, Row};
use super::schema::{articles, comments};
use super::search::Terms;
use super::token;
use crate::moderation::{Status, Voice};
use crate::text;
use crate::time::Timestamp;

/// What a moderator answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Article(i64),
    Comment(i64),
}

/// A checked and rendered reply.
#[derive(Debug, Clone)]
pub struct StaffReply {
    pub on: On,
    /// The approval of the comment answered, where that one waits: both are done, or neither.
    pub approve: Option<Verdict>,
    pub moderator: i64,
    /// That of the account.
    pub name: String,
    pub body: String,
    pub body_html: String,
    pub html_version: i16,
    pub terms: Terms,
    /// Nobody gets it; every comment has one.
    pub receipt: String,
    pub now: Timestamp,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffReplied {
    /// Published now; or before, by the same moderator, who sent it twice.
    Published {
        comment: i64,
    },
    /// The comment answered is not public; or it is not as the approval has it.
    NotAsSeen,
    /// The article was removed.
    Gone,
    Nothing,
}

/// What is answered, as it stands now.
#[derive(Debug, Clone)]
pub struct Subject {
    pub article: ArticleLine,
    pub removed: bool,
    /// `None` where the article itself is answered.
    pub comment: Option<Comment>,
    /// The decision under which the comment stands.
    pub latest: Option<LatestDecision>,
    /// In which this moderator's reply would be published.
    pub voice: Voice,
}

/// # Errors
/// Those of the engine.
pub fn subject(db: &mut Db, on: On, moderator: i64) -> Result<Option<Subject>> {
    let comment: Option<Comment> = match on {
        On::Article(_) => None,
        On::Comment(id) => {
            let found = comments::table
                .find(id)
                .select(Comment::as_select())
                .first(db)
                .optional()?;
            if found.is_none() {
                return Ok(None);
            }
            found
        }
    };
    let article = match (on, &comment) {
        (_, Some(comment)) => comment.article_id,
        (On::Article(id) | On::Comment(id), None) => id,
    };
    let found: Option<(ArticleLine, Option<i64>)> = articles::table
        .find(article)
        .select((ArticleLine::as_select(), articles::removed_at))
        .first(db)
        .optional()?;
    let Some((article, removed)) = found else {
        return Ok(None);
    };
    let latest = match &comment {
        Some(comment) => history::standing(db, &[comment.id])?.pop(),
        None => None,
    };
    Ok(Some(Subject {
        voice: moderators::voice(db, moderator, &article.byline)?,
        article,
        removed: removed.is_some(),
        comment,
        latest: latest.map(Into::into),
    }))
}

/// Publishes a moderator's reply. Whether the article takes replies from readers does not matter.
///
/// # Errors
/// Those of the engine.
pub fn submit(db: &mut Db, new: &StaffReply) -> Result<StaffReplied> {
    let Some((article, parent)) = place_of(db, new.on)? else {
        return Ok(StaffReplied::Nothing);
    };
    let (byline, removed): (String, Option<i64>) = articles::table
        .find(article)
        .select((articles::byline, articles::removed_at))
        .first(db)?;
    if removed.is_some() {
        return Ok(StaffReplied::Gone);
    }
    let digest = fingerprint(new);
    if let Some(comment) = sent_before(db, &digest, new.now)? {
        return Ok(StaffReplied::Published { comment });
    }
    if let Some(verdict) = &new.approve
        && !matches!(decisions::decide(db, verdict)?, Decided::Done(_))
    {
        // The same form sent twice at the same moment meets its own approval.
        return Ok(match sent_before(db, &digest, new.now)? {
            Some(comment) => StaffReplied::Published { comment },
            None => StaffReplied::NotAsSeen,
        });
    }
    let Some(place) = replies::place(db, article, parent)? else {
        return Ok(StaffReplied::NotAsSeen);
    };
    let voice = moderators::voice(db, new.moderator, &byline)?;
    let row = Row {
        article_id: article,
        parent_id: place.parent,
        root_id: place.root,
        depth: place.depth,
        status: Status::Approved.code(),
        author_id: None,
        staff: voice.code(),
        name: &new.name,
        name_key: &text::mimic_key(&new.name),
        email: "",
        email_key: String::new(),
        website: "",
        body: &new.body,
        body_html: &new.body_html,
        html_version: new.html_version,
        receipt: &new.receipt,
        digest,
        network: None,
        hold: "[]".to_owned(),
        risk: 0,
        created_at: new.now.0,
        published_at: Some(new.now.0),
        decided_at: None,
        ground: None,
    };
    let comment = row.store(db, &new.terms)?;
    let change = (Status::Pending, Status::Approved);
    publication::follow(db, comment, article, place.parent, change, 0)?;
    let entry = Entry {
        comment: Some(comment),
        article: Some(article),
        facts: serde_json::json!({
            "to": parent,
            "as": match voice {
                Voice::ArticleAuthor => "article-author",
                Voice::Moderator | Voice::Reader => "moderator",
            },
        }),
        ..Entry::new(Actor::Moderator(new.moderator), "replied")
    };
    audit::append(db, &entry, new.now)?;
    Ok(StaffReplied::Published { comment })
}

/// The article, and the comment answered.
fn place_of(db: &mut Db, on: On) -> Result<Option<(i64, Option<i64>)>> {
    Ok(match on {
        On::Comment(id) => comments::table
            .find(id)
            .select(comments::article_id)
            .first(db)
            .optional()?
            .map(|article| (article, Some(id))),
        On::Article(id) => articles::table
            .find(id)
            .select(articles::id)
            .first(db)
            .optional()?
            .map(|article| (article, None)),
    })
}

fn fingerprint(new: &StaffReply) -> Vec<u8> {
    let (kind, id) = match new.on {
        On::Article(id) => (b"on article", id),
        On::Comment(id) => (b"on comment", id),
    };
    token::digest(&[
        b"staff",
        &new.moderator.to_be_bytes(),
        kind,
        &id.to_be_bytes(),
        new.body.as_bytes(),
    ])
}

/// The same reply, while it is public and not ten minutes old. The digest of a later one is free again.
fn sent_before(db: &mut Db, digest: &[u8], now: Timestamp) -> Result<Option<i64>> {
    let first: Option<(i64, Timestamp, Status)> = comments::table
        .filter(comments::digest.eq(digest))
        .select((comments::id, comments::created_at, comments::status))
        .first(db)
        .optional()?;
    let Some((id, created_at, status)) = first else {
        return Ok(None);
    };
    if status.is_public() && now.since(created_at) < duplicates::WINDOW {
        return Ok(Some(id));
    }
    diesel::update(comments::table.find(id))
        .set(comments::digest.eq(None::<Vec<u8>>))
        .execute(db)?;
    Ok(None)
}
