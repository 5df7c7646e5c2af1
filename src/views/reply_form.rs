//! **Leave a Reply**: the form under an article, with what was typed, what is wrong, or a preview.

use super::field::Input;
use super::problems::{self, Line};
use super::{Phrases, Site};
use crate::moderation::submission::NAME_LENGTH;
use crate::moderation::{Field, FieldErrors};
use crate::store::comments::Parent;
use crate::store::rules::Rule;
use crate::text::{self, SafeHtml};

/// Characters of a parent quoted above the form.
const QUOTED: usize = 240;

/// What the form is filled with.
#[derive(Default)]
pub struct ReplyForm {
    pub name: String,
    pub email: String,
    pub website: String,
    pub body: String,
    /// The comment answered; `None` answers the article.
    pub parent: Option<Parent>,
    /// Ticked by whoever posted it; never before, for the page is everybody's.
    pub remember: bool,
    pub errors: FieldErrors,
    pub preview: Option<SafeHtml>,
}

impl ReplyForm {
    /// Whether it answers a post, so that its page stands at the address that was posted to.
    pub(super) fn was_posted(&self) -> bool {
        self.has_errors() || self.preview.is_some()
    }

    pub(super) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }
}

/// The form as the template draws it.
pub(super) struct Form<'a> {
    pub action: String,
    pub slug: &'a str,
    /// Address of the article's page, where the form is empty.
    pub article: String,
    pub errors: Vec<Line>,
    pub parent: Option<Quoted<'a>>,
    pub name: Input,
    pub email: Input,
    pub website: Input,
    pub body: &'a str,
    pub body_error: String,
    pub remember: bool,
    pub remember_error: String,
    pub preview: Option<&'a SafeHtml>,
    pub rules: &'a [Rule],
    pub max: usize,
    pub left: String,
}

/// The comment answered.
pub(super) struct Quoted<'a> {
    pub id: i64,
    pub name: &'a str,
    pub excerpt: String,
}

impl<'a> Quoted<'a> {
    pub fn of(parent: &'a Parent) -> Self {
        Self {
            id: parent.id,
            name: &parent.name,
            excerpt: text::excerpt(&parent.body_html, QUOTED),
        }
    }
}

impl<'a> Form<'a> {
    pub fn new(site: &Site, slug: &'a str, rules: &'a [Rule], form: &'a ReplyForm) -> Self {
        let phrases = site.phrases;
        let error = |field| first(phrases, &form.errors, field);
        let article = format!("/articles/{slug}");
        Self {
            action: format!("{article}/replies"),
            slug,
            article,
            errors: problems::summary(phrases, &form.errors),
            parent: form.parent.as_ref().map(Quoted::of),
            name: Input {
                name: "name",
                kind: "text",
                label: phrases.say("label-name"),
                autocomplete: "name",
                required: true,
                value: form.name.clone(),
                max: NAME_LENGTH,
                error: error(Field::Name),
                ..Input::default()
            },
            email: Input {
                name: "email",
                kind: "email",
                label: phrases.say("label-email"),
                optional: phrases.say("optional-unpublished"),
                autocomplete: "email",
                value: form.email.clone(),
                error: error(Field::Email),
                ..Input::default()
            },
            website: Input {
                name: "website",
                kind: "url",
                label: phrases.say("label-website"),
                optional: phrases.say("optional"),
                autocomplete: "url",
                verbatim: true,
                value: form.website.clone(),
                error: error(Field::Website),
                ..Input::default()
            },
            body: &form.body,
            body_error: error(Field::Body),
            remember: form.remember,
            remember_error: error(Field::Remember),
            preview: form.preview.as_ref(),
            rules,
            max: site.max_length,
            left: phrases.say_with("characters-left", &[("left", "{n}")]),
        }
    }
}

/// The first problem of a field; empty when there is none.
fn first(phrases: &Phrases, errors: &FieldErrors, field: Field) -> String {
    let found = errors.0.iter().find(|error| error.field == field);
    found.map_or_else(String::new, |error| problems::sentence(phrases, error))
}
