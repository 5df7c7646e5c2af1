//! What the sample newsroom's own people do in its discussions.

use anyhow::{Context, anyhow};

use crate::moderation::HoldMode;
use crate::store::search::Terms;
use crate::store::staff_replies::{self, On, StaffReplied, StaffReply};
use crate::store::{Db, articles, moderators, notes, saved_replies, token};
use crate::text;
use crate::time::Timestamp;

/// Of the article that the demo's moderator wrote.
const BYLINE: &str = "Tomasz Renner";
/// An article with a hold mode of its own.
const LENIENT: &str = "seven-weeks-without-a-goal";

/// Ties the moderator to a byline.
pub(super) fn prepare(db: &mut Db, moderator: i64) -> anyhow::Result<()> {
    moderators::set_byline(db, moderator, BYLINE)?;
    Ok(())
}

/// What the moderator keeps at hand, once the comments are in: saved replies, a note on the author of one, and an article
/// with a hold mode of its own.
pub(super) fn keep_at_hand(
    db: &mut Db,
    moderator: i64,
    comment: i64,
    now: Timestamp,
) -> anyhow::Result<()> {
    articles::set_hold(db, LENIENT, Some(HoldMode::First))?;
    let saved = [
        (
            "Off topic, not unwelcome",
            "Your reply is about something else than this article. Under an article on that subject it would be read.",
        ),
        (
            "Say it without the person",
            "What you say about the matter is welcome. Send it again without the remark about the other reader.",
        ),
    ];
    for (title, text) in saved {
        saved_replies::add(db, title, text, moderator, now)?;
    }
    let note =
        "Writes in Turkish and translates it himself. So far the translations have been fair.";
    if !notes::add(db, comment, note, moderator, now)? {
        return Err(anyhow!(
            "there is no comment {comment} to note something on"
        ));
    }
    Ok(())
}

/// A reply by the account of this name. Says its id.
pub(super) fn speak(
    db: &mut Db,
    name: &str,
    parent: i64,
    body: &str,
    at: Timestamp,
) -> anyhow::Result<i64> {
    let account = moderators::find(db, &text::mimic_key(name))?
        .with_context(|| format!("no account `{name}`"))?;
    let body = text::normalise(body).trim().to_owned();
    let reply = StaffReply {
        on: On::Comment(parent),
        approve: None,
        moderator: account.id,
        body_html: text::comment(&body).into_string(),
        html_version: text::HTML_VERSION,
        terms: Terms::of(&account.name, &body),
        receipt: token::receipt()?,
        now: at,
        name: account.name,
        body,
    };
    match staff_replies::submit(db, &reply)? {
        StaffReplied::Published { comment } => Ok(comment),
        other => Err(anyhow!("a reply of {name} was not published: {other:?}")),
    }
}
