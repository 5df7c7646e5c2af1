//! An act that came too late or twice: why it was not taken, and the text that was typed, to copy.

use askama::Template;

use super::frame::Frame;
use super::{Site, render};

/// Why an author's act was not taken.
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
    /// The text was let go.
    TextGone,
}

/// The page's words, and where it leads.
pub(super) struct Words<'a> {
    pub title: String,
    pub sentence: String,
    /// The field that was typed into, and what it is called here.
    pub field: (&'static str, String),
    /// What was typed; empty for nothing.
    pub typed: &'a str,
    /// Empty for none.
    pub hint: String,
    /// An address of ours, and the words of the link to it.
    pub back: (String, String),
}

#[derive(Template)]
#[template(path = "refused.html")]
struct View<'a> {
    page: Frame<'a>,
    words: Words<'a>,
}

/// The page of an author's act; `typed` is empty for nothing.
pub fn page(site: &Site, refused: Refused, receipt: &str, typed: &str) -> String {
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
        Refused::TextGone => (
            phrases.say("appeal-not-sent"),
            phrases.say("privacy-appeal-gone"),
        ),
    };
    show(
        site,
        Words {
            title,
            sentence,
            field: ("body", phrases.say("your-text")),
            typed,
            hint: String::new(),
            back: (
                format!("/replies/{receipt}"),
                phrases.say("back-to-receipt"),
            ),
        },
    )
}

/// The page that says so. It needs no database.
pub(super) fn show(site: &Site, words: Words<'_>) -> String {
    let mut page = Frame::public(site, &words.title);
    page.private = true;
    render(&View { page, words })
}
