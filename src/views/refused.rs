//! An author's act that came too late or twice: what stands, and the text that was typed, to copy.

use askama::Template;

use super::frame::Frame;
use super::{Site, render};

/// Why an act was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// A moderator has just judged the reply.
    EditWhileDeciding,
    /// The time for edits is over.
    EditTooLate,
    /// The reply was rejected, treated as spam or withdrawn.
    EditFinal,
    /// There is no decision to object to.
    NothingToAppeal,
    /// There was an appeal before.
    AppealedBefore,
    /// Six months are over.
    AppealTooLate,
}

#[derive(Template)]
#[template(path = "articles/refused.html")]
struct View<'a> {
    page: Frame<'a>,
    title: String,
    sentence: String,
    receipt: &'a str,
    text: &'a str,
}

/// `text` is what was typed; empty for nothing.
pub fn page(site: &Site, refused: Refused, receipt: &str, text: &str) -> String {
    let phrases = site.phrases;
    let (title, sentence) = match refused {
        Refused::EditWhileDeciding => (phrases.say("edit-not-saved"), phrases.say("edit-deciding")),
        Refused::EditTooLate => (phrases.say("edit-not-saved"), phrases.say("edit-too-late")),
        Refused::EditFinal => (phrases.say("edit-not-saved"), phrases.say("edit-final")),
        Refused::NothingToAppeal => (
            phrases.say("appeal-not-sent"),
            phrases.say("appeal-nothing"),
        ),
        Refused::AppealedBefore => (phrases.say("appeal-not-sent"), phrases.say("appeal-before")),
        Refused::AppealTooLate => (
            phrases.say("appeal-not-sent"),
            phrases.say("appeal-too-late"),
        ),
    };
    let mut frame = Frame::public(site, &title);
    frame.private = true;
    render(&View {
        page: frame,
        title,
        sentence,
        receipt,
        text,
    })
}
