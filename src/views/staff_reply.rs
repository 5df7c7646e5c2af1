//! The page on which a moderator writes into a discussion.

use askama::Template;

use super::dates::{Dates, Moment};
use super::decided;
use super::frame::{Frame, PRODUCT};
use super::held::links_as_text;
use super::item::Badge;
use super::nav::{NavLine, Place, nav};
use super::phrases::Piece;
use super::queue::Desk;
use super::refused::{self, Words};
use super::{Phrases, Site, problems, render, voice};
use crate::moderation::{FieldErrors, Status};
use crate::store::articles::ArticleLine;
use crate::store::staff_replies::Subject;
use crate::text::SafeHtml;
use crate::time::Timestamp;

/// What is answered, and what the form is filled with.
pub struct StaffReplyPage<'a> {
    pub subject: &'a Subject,
    pub body: &'a str,
    pub errors: &'a FieldErrors,
    pub preview: Option<SafeHtml>,
    pub refused: Option<Refusal>,
}

/// Why a reply in order was not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// What it answers is not as the form showed it.
    Changed,
    /// The form carries the token of another session.
    OtherSession,
}

#[derive(Template)]
#[template(path = "moderation/staff_reply.html")]
struct View<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    title: String,
    warning: String,
    error: String,
    /// Whose words are answered, when they were written and where.
    context: Vec<Piece>,
    name: &'a str,
    age: Moment,
    article: &'a ArticleLine,
    removed: bool,
    address: String,
    said: Option<SafeHtml>,
    form: Option<Form>,
    body: &'a str,
    /// Why there is no form.
    closed: String,
    back: (String, String),
}

struct Form {
    action: String,
    /// Of the waiting comment that it approves.
    version: Option<i64>,
    voice: Vec<Piece>,
    badge: Option<Badge>,
    /// Readers cannot reply.
    closed: bool,
    /// The value of `do`.
    act: &'static str,
    send: String,
    preview: Option<SafeHtml>,
}

/// The form, or why there is none.
pub fn page(site: &Site, now: Timestamp, desk: &Desk, reply: StaffReplyPage<'_>) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let subject = reply.subject;
    let comment = subject.comment.as_ref();
    let title = match comment {
        Some(_) => phrases.say("staff-reply-title"),
        None => phrases.say("staff-comment-title"),
    };
    let mut frame = Frame::desk(site, &title);
    if !reply.errors.is_empty() {
        frame = frame.with_errors(&title, PRODUCT);
    }
    let closed = match (subject.removed, comment.map(|comment| comment.status)) {
        (true, _) => phrases.say("staff-gone"),
        (false, None | Some(Status::Approved | Status::Pending)) => String::new(),
        (false, Some(_)) => phrases.say("staff-not-public"),
    };
    let address = match comment {
        Some(comment) if comment.status.is_public() => format!("/comments/{}", comment.id),
        _ => format!("/articles/{}", subject.article.slug),
    };
    render(&View {
        desk,
        nav: nav(
            phrases,
            desk,
            match comment {
                Some(_) => Place::Elsewhere,
                None => Place::Articles,
            },
            None,
        ),
        warning: reply
            .refused
            .map_or_else(String::new, |why| warning(phrases, &dates, subject, why)),
        error: reply
            .errors
            .0
            .first()
            .map_or_else(String::new, |error| problems::sentence(phrases, error)),
        context: match comment {
            Some(_) => phrases.pieces("staff-said", &["name", "time", "article"], &[]),
            None => phrases.pieces("staff-on", &["article"], &[]),
        },
        name: comment.map_or("", |comment| &comment.name),
        age: dates.moment(comment.map_or(now, |comment| comment.created_at)),
        article: &subject.article,
        removed: subject.removed,
        said: comment.map(|comment| links_as_text(&comment.body_html)),
        form: closed
            .is_empty()
            .then(|| form(site, now, subject, reply.preview)),
        back: match comment {
            Some(comment) if comment.status.is_public() && !subject.removed => {
                (address.clone(), phrases.say("staff-back"))
            }
            Some(_) => ("/moderation".to_owned(), phrases.say("staff-back-queue")),
            None => (
                "/moderation/articles".to_owned(),
                phrases.say("staff-back-articles"),
            ),
        },
        body: reply.body,
        page: frame,
        title,
        address,
        closed,
    })
}

fn form(site: &Site, now: Timestamp, subject: &Subject, preview: Option<SafeHtml>) -> Form {
    let phrases = site.phrases;
    let comment = subject.comment.as_ref();
    let waiting = comment.filter(|comment| comment.status == Status::Pending);
    let (act, send) = match (waiting, comment) {
        (Some(_), _) => ("approve", phrases.say("staff-approve-and-post")),
        (None, Some(_)) => ("send", phrases.say("staff-post")),
        (None, None) => ("send", phrases.say("staff-post-comment")),
    };
    Form {
        action: match comment {
            Some(comment) => format!("/moderation/comments/{}/reply", comment.id),
            None => format!("/moderation/articles/{}/reply", subject.article.id),
        },
        version: waiting.map(|comment| comment.version),
        voice: phrases.pieces("staff-voice", &["name", "badge"], &[]),
        badge: voice::badge(phrases, subject.voice),
        closed: subject
            .article
            .replies
            .closed(site.close_after, now)
            .is_some(),
        act,
        send,
        preview,
    }
}

fn warning(phrases: &Phrases, dates: &Dates<'_>, subject: &Subject, why: Refusal) -> String {
    match (why, &subject.latest) {
        (Refusal::OtherSession, _) => phrases.say("staff-stale"),
        (Refusal::Changed, Some(latest)) => {
            let decision = decided::sentence(phrases, dates, latest);
            phrases.say_with("staff-changed-by", &[("decision", &decision)])
        }
        (Refusal::Changed, None) => phrases.say("staff-changed"),
    }
}

/// The page for somebody whose session ended while they wrote: the text, to copy. `sign_in` is the way back. It needs no
/// database.
pub fn signed_out(site: &Site, text: &str, sign_in: String) -> String {
    let phrases = site.phrases;
    refused::show(
        site,
        Words {
            title: phrases.say("staff-signed-out"),
            sentence: phrases.say("staff-signed-out-text"),
            field: ("body", phrases.say("your-text")),
            typed: text,
            hint: String::new(),
            back: (sign_in, phrases.say("sign-in")),
        },
    )
}
