//! The page on which an author edits a reply.

use askama::Template;

use super::frame::Frame;
use super::{Site, problems, render};
use crate::moderation::FieldErrors;
use crate::text::SafeHtml;

/// What the form is filled with.
pub struct EditPage<'a> {
    pub receipt: &'a str,
    /// It is published: the edit will be a revision that a moderator reads.
    pub published: bool,
    /// The text in the form.
    pub body: &'a str,
    /// The mark of the text that its author saw when they began.
    pub seen: &'a str,
    pub errors: &'a FieldErrors,
    pub preview: Option<SafeHtml>,
    /// How the text reads now that it was changed in another window.
    pub changed: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "articles/edit.html")]
struct View<'a> {
    page: Frame<'a>,
    title: String,
    form: &'a EditPage<'a>,
    error: String,
}

/// The form, with what is wrong with it, or a preview.
pub fn page(site: &Site, form: &EditPage<'_>) -> String {
    let phrases = site.phrases;
    let title = phrases.say("edit-title");
    let mut frame = Frame::public(site, &title);
    if !form.errors.is_empty() {
        frame = frame.with_errors(&title, &site.name);
    }
    frame.private = true;
    let first = form.errors.0.first();
    render(&View {
        page: frame,
        title,
        error: first.map_or_else(String::new, |error| problems::sentence(phrases, error)),
        form,
    })
}
