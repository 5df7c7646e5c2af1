//! The sample newsroom, as `demo/` writes it, and how it gets into a database: through the same acts as everything else.

use std::collections::HashMap;

use anyhow::{Context, anyhow};
use rust_embed::RustEmbed;
use serde::Deserialize;

use super::{demo_staff, seed};
use crate::moderation::{Decision, Ground, HoldMode, HoldReason, Report, Submission};
use crate::store::appeals::{self, Appealed, NewAppeal};
use crate::store::authors::Device;
use crate::store::decisions::{self, Verdict};
use crate::store::policy::InForce;
use crate::store::replies::{self, NewReply};
use crate::store::reports::{self, NewReport};
use crate::store::revisions::{self, Edit, Edited};
use crate::store::rules::{self, Rule};
use crate::store::search::Terms;
use crate::store::{Db, closing, comments, outbox, token};
use crate::text::{self, Format};
use crate::time::{DAY, MINUTE, Timestamp, Zone};

#[derive(RustEmbed)]
#[folder = "demo/"]
struct Files;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Newsroom {
    author: Vec<Author>,
    comment: Vec<Comment>,
    report: Vec<Reported>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Author {
    key: String,
    name: String,
    #[serde(default)]
    email: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Standing {
    Approved,
    Pending,
    Rejected,
    Spam,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Comment {
    key: String,
    article: String,
    parent: Option<String>,
    author: Option<String>,
    name: Option<String>,
    #[serde(default)]
    email: String,
    #[serde(default)]
    website: String,
    #[serde(default)]
    staff: bool,
    minutes_ago: i64,
    status: Standing,
    #[serde(default)]
    was_public: bool,
    rule: Option<i16>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    hold: Vec<HoldReason>,
    body: String,
    /// What its author objects, once it was rejected.
    #[serde(default)]
    appeal: String,
    /// What its author would rather have written, once it was published.
    #[serde(default)]
    edit: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reported {
    comment: String,
    rule: Option<i16>,
    minutes_ago: i64,
    explanation: String,
}

/// Between a reply and a moderator's verdict in the sample's past.
const READING_TIME: i64 = 7 * MINUTE;

/// Fills an empty database, in the caller's transaction. `moderator` is whose decisions they are.
pub fn fill(db: &mut Db, zone: &Zone, moderator: i64, now: Timestamp) -> anyhow::Result<()> {
    let mut closed = Vec::new();
    for name in Files::iter().filter(|name| name.ends_with(".md")) {
        let file = Files::get(&name).with_context(|| name.to_string())?;
        let stem = name.trim_start_matches("articles/").trim_end_matches(".md");
        let article = text::read(&file.data, Format::Markdown, stem, zone.rules())
            .with_context(|| name.to_string())?;
        let mut new = seed::new_article(&article);
        // A sample that looks read: more for what is longer on the page.
        new.view_count = new
            .published_at
            .map_or(0, |at| now.since(at) / (9 * MINUTE))
            + 211;
        if new.open == Some(false) {
            // Closed once its comments are in.
            new.open = None;
            closed.push(new.slug.clone());
        }
        seed::write(db, &new, now)?;
    }
    let file = Files::get("discussion.toml").context("demo/discussion.toml")?;
    let newsroom: Newsroom = toml::from_str(std::str::from_utf8(&file.data)?)?;
    let authors: HashMap<String, Author> = newsroom
        .author
        .into_iter()
        .map(|author| (author.key.clone(), author))
        .collect();
    let mut comments = newsroom.comment;
    comments.sort_by_key(|comment| std::cmp::Reverse(comment.minutes_ago));
    let mut ids: HashMap<String, i64> = HashMap::new();
    demo_staff::prepare(db, moderator)?;
    for comment in &comments {
        if comment.staff {
            let parent = comment.parent.as_ref().and_then(|key| ids.get(key));
            let parent = *parent.with_context(|| format!("`{}` answers nothing", comment.key))?;
            let name = comment.name.as_deref().unwrap_or_default();
            let at = now.plus(-comment.minutes_ago * MINUTE);
            let id = demo_staff::speak(db, name, parent, &comment.body, at)?;
            ids.insert(comment.key.clone(), id);
            continue;
        }
        let (id, receipt) = post(db, comment, &authors, &ids, now)?;
        judge(db, comment, id, moderator, now)?;
        reconsider(db, comment, receipt, now)?;
        ids.insert(comment.key.clone(), id);
    }
    let noted = *ids.get("park-tr").context("no comment `park-tr`")?;
    demo_staff::keep_at_hand(db, moderator, noted, now.plus(-DAY))?;
    // What was public long enough to be answered, and is not any more.
    for comment in comments.iter().filter(|comment| comment.was_public) {
        let id = *ids.get(&comment.key).context("a comment was not stored")?;
        reject(
            db,
            comment,
            id,
            moderator,
            now.plus(-comment.minutes_ago * MINUTE / 2),
        )?;
    }
    for said in &newsroom.report {
        let id = *ids
            .get(&said.comment)
            .with_context(|| format!("no comment `{}`", said.comment))?;
        report(db, said, id, now)?;
    }
    for slug in closed {
        closing::close(db, &slug, now.plus(-DAY))?;
    }
    tell_everybody(db, now)
}

/// What was decided so long ago is no news: nothing of it is handed over at the first start.
fn tell_everybody(db: &mut Db, now: Timestamp) -> anyhow::Result<()> {
    loop {
        let (notices, claimed) = outbox::claim(db, now)?;
        let rows: Vec<i64> = notices.iter().map(|notice| notice.row).collect();
        outbox::delivered(db, &rows, now)?;
        if claimed < outbox::BATCH {
            return Ok(());
        }
    }
}

fn post(
    db: &mut Db,
    comment: &Comment,
    authors: &HashMap<String, Author>,
    ids: &HashMap<String, i64>,
    now: Timestamp,
) -> anyhow::Result<(i64, String)> {
    let (device, name, email) = match &comment.author {
        Some(key) => {
            let author = authors
                .get(key)
                .ok_or_else(|| anyhow!("no author `{key}`"))?;
            (remembered(key), author.name.clone(), author.email.clone())
        }
        None => {
            let name = comment.name.clone().unwrap_or_default();
            (Device::default(), name, comment.email.clone())
        }
    };
    let parent = match &comment.parent {
        Some(key) => Some(*ids.get(key).ok_or_else(|| anyhow!("no comment `{key}`"))?),
        None => None,
    };
    let body = text::normalise(&comment.body).trim().to_owned();
    let receipt = token::receipt()?;
    let reply = NewReply {
        slug: comment.article.clone(),
        parent,
        body_html: text::comment(&body).as_str().to_owned(),
        html_version: text::HTML_VERSION,
        network: token::digest(&[comment.author.as_ref().unwrap_or(&name).as_bytes()]).into(),
        reasons: comment
            .hold
            .iter()
            .filter(|why| ![HoldReason::EveryReply, HoldReason::FirstReply].contains(why))
            .cloned()
            .collect(),
        may_lag: false,
        hold: if comment.hold.contains(&HoldReason::FirstReply) {
            HoldMode::First
        } else {
            HoldMode::All
        },
        policy: InForce::default(),
        links: text::link_count(&body),
        may_publish: false,
        device,
        name_key: text::mimic_key(&name),
        terms: Terms::of(&name, &body),
        receipt: receipt.clone(),
        per_minute: 0,
        close_after: 0,
        undo_window: 0,
        now: now.plus(-comment.minutes_ago * MINUTE),
        submission: Submission {
            name,
            email,
            website: comment.website.clone(),
            body,
        },
    };
    let outcome = replies::submit(db, &reply)?;
    let id = comments::of_receipt(db, &receipt)?
        .ok_or_else(|| anyhow!("`{}` was not stored: {outcome:?}", comment.key))?;
    Ok((id, receipt))
}

/// What its author does when the verdict is known.
fn reconsider(
    db: &mut Db,
    comment: &Comment,
    receipt: String,
    now: Timestamp,
) -> anyhow::Result<()> {
    if !comment.appeal.is_empty() {
        let appeal = NewAppeal {
            receipt: receipt.clone(),
            text: comment.appeal.trim().to_owned(),
            now: now.plus(-40 * MINUTE),
        };
        let outcome = appeals::submit(db, &appeal)?;
        if outcome != Appealed::Done {
            return Err(anyhow!("the appeal of `{}`: {outcome:?}", comment.key));
        }
    }
    if !comment.edit.is_empty() {
        let body = text::normalise(&comment.edit).trim().to_owned();
        let edit = Edit {
            receipt,
            body_html: text::comment(&body).as_str().to_owned(),
            html_version: text::HTML_VERSION,
            reasons: Vec::new(),
            links: text::link_count(&body),
            seen: revisions::mark(text::normalise(&comment.body).trim()),
            window: comment.minutes_ago * MINUTE,
            now: now.plus(-9 * MINUTE),
            body,
        };
        let outcome = revisions::edit(db, &edit)?;
        if outcome != Edited::Done {
            return Err(anyhow!("the edit of `{}`: {outcome:?}", comment.key));
        }
    }
    Ok(())
}

/// The device of a regular: remembered by their first comment, and recognised from then on. No browser has its token.
fn remembered(key: &str) -> Device {
    let token = token::digest(&[b"demo author", key.as_bytes()]);
    Device {
        token: Some(token.clone()),
        new_token: Some(token),
    }
}

fn judge(
    db: &mut Db,
    comment: &Comment,
    id: i64,
    moderator: i64,
    now: Timestamp,
) -> anyhow::Result<()> {
    let at = now.plus((-comment.minutes_ago * MINUTE + READING_TIME).min(-MINUTE));
    match comment.status {
        Standing::Pending => Ok(()),
        Standing::Rejected if !comment.was_public => reject(db, comment, id, moderator, at),
        Standing::Approved | Standing::Rejected => {
            make(db, (id, 1), Decision::Approve, (None, ""), moderator, at)
        }
        Standing::Spam => make(db, (id, 1), Decision::Spam, (None, ""), moderator, at),
    }
}

fn reject(
    db: &mut Db,
    comment: &Comment,
    id: i64,
    moderator: i64,
    at: Timestamp,
) -> anyhow::Result<()> {
    let version = if comment.was_public { 2 } else { 1 };
    let ground = (comment.rule, comment.note.as_str());
    make(db, (id, version), Decision::Reject, ground, moderator, at)
}

fn report(db: &mut Db, said: &Reported, comment: i64, now: Timestamp) -> anyhow::Result<()> {
    let rule = match said.rule {
        Some(number) => rules::numbered(db, number)?,
        None => None,
    };
    let new = NewReport {
        comment,
        seen: 0,
        report: Report {
            ground: Some(rule.as_ref().map_or(Ground::Spam, Rule::ground)),
            explanation: said.explanation.clone(),
            ..Report::default()
        },
        rule: rule.map(|rule| rule.id),
        network: token::digest(&[b"report", said.comment.as_bytes()]).into(),
        receipt: token::receipt()?,
        per_minute: 0,
        undo_window: 0,
        now: now.plus(-said.minutes_ago * MINUTE),
    };
    match reports::submit(db, &new)? {
        reports::Submitted::Stored => Ok(()),
        other => Err(anyhow!("`{}` was not reported: {other:?}", said.comment)),
    }
}

fn make(
    db: &mut Db,
    (comment, version): (i64, i64),
    decision: Decision,
    (rule, note): (Option<i16>, &str),
    moderator: i64,
    now: Timestamp,
) -> anyhow::Result<()> {
    let verdict = Verdict {
        comment,
        version,
        decision,
        rule,
        note: note.to_owned(),
        revision: None,
        appeal: None,
        moderator,
        now,
        undo_window: 0,
        bulk: None,
    };
    match decisions::decide(db, &verdict)? {
        decisions::Decided::Done(_) => Ok(()),
        other => Err(anyhow!("comment {comment} could not be judged: {other:?}")),
    }
}
