//! Saved replies on the desk: added, changed, removed.

use askama::Template;

use super::frame::Frame;
use super::nav::{NavLine, Place, nav};
use super::queue::Desk;
use super::{Site, render};
use crate::store::queue::TabCounts;
use crate::store::saved_replies::SavedReply;

/// What was typed into a form, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Of the saved reply that is changed; `None` for a new one.
    pub id: Option<i64>,
    pub title: String,
    pub text: String,
    pub title_wrong: bool,
    pub text_wrong: bool,
    /// There are as many as there can be.
    pub full: bool,
}

/// The page.
pub struct Shown {
    pub saved: Vec<SavedReply>,
    pub counts: TabCounts,
    /// A word that says what was done: `added`, `changed`, `removed`; else empty.
    pub said: String,
    pub typed: Typed,
}

#[derive(Template)]
#[template(path = "moderation/saved_replies.html")]
struct SavedView<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    said: String,
    new: Form<'a>,
    forms: Vec<Form<'a>>,
}

/// One form.
struct Form<'a> {
    /// Part of the ids of its fields.
    key: String,
    /// Empty for a new one.
    id: String,
    title: &'a str,
    text: &'a str,
    title_error: String,
    text_error: String,
    full: String,
}

/// The page of saved replies.
pub fn page(site: &Site, desk: &Desk, shown: &Shown) -> String {
    let phrases = site.phrases;
    let heading = phrases.say("nav-saved-replies");
    let typed = &shown.typed;
    let wrong = typed.title_wrong || typed.text_wrong || typed.full;
    let mut frame = Frame::desk(site, &heading);
    if wrong {
        frame = frame.with_errors(&heading, super::frame::PRODUCT);
    }
    let say_if = |is: bool, words: &dyn Fn() -> String| if is { words() } else { String::new() };
    let filled = |id: Option<i64>, key: String| Form {
        key,
        id: id.map_or_else(String::new, |id| id.to_string()),
        title: &typed.title,
        text: &typed.text,
        title_error: say_if(typed.title_wrong, &|| phrases.say("saved-title-wrong")),
        text_error: say_if(typed.text_wrong, &|| phrases.say("saved-text-wrong")),
        full: say_if(typed.full, &|| phrases.say("saved-full")),
    };
    render(&SavedView {
        page: frame,
        desk,
        nav: nav(phrases, desk, Place::SavedReplies, Some(&shown.counts)),
        said: match shown.said.as_str() {
            "added" => phrases.say("saved-added"),
            "changed" => phrases.say("saved-changed"),
            "removed" => phrases.say("saved-removed"),
            _ => String::new(),
        },
        new: match typed.id {
            None => filled(None, "new".to_owned()),
            Some(_) => Form {
                key: "new".to_owned(),
                id: String::new(),
                title: "",
                text: "",
                title_error: String::new(),
                text_error: String::new(),
                full: String::new(),
            },
        },
        forms: shown
            .saved
            .iter()
            .map(|reply| match typed.id == Some(reply.id) {
                true => filled(typed.id, reply.id.to_string()),
                false => Form {
                    key: reply.id.to_string(),
                    id: reply.id.to_string(),
                    title: &reply.title,
                    text: &reply.text,
                    title_error: String::new(),
                    text_error: String::new(),
                    full: String::new(),
                },
            })
            .collect(),
    })
}
