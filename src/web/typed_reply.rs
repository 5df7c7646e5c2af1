//! A reply as it was typed: read, checked, and kept for the page that gives it back.

use super::form::Form;
use crate::moderation::submission::Limits;
use crate::moderation::{Field, FieldErrors, Problem, Submission};
use crate::text;
use crate::views::error::{Kept, KeptForm};

/// The field that people cannot see: only programs fill it in.
pub const HONEYPOT: &str = "homepage_url";

/// What was typed, and what is wrong with it.
pub struct Typed {
    pub slug: String,
    pub submission: Submission,
    pub parent: Option<i64>,
    pub remember: bool,
    pub errors: FieldErrors,
    pub hidden_field_filled: bool,
}

/// Reads the fields. One-line fields lose spaces at their ends and characters that only steer the direction of text.
pub fn read(form: &Form, slug: String, max_length: usize) -> Typed {
    let mut errors = FieldErrors::default();
    let mut line = |field| {
        let text = form.text(field, &mut errors);
        // Looked for here, because line breaks are white space, which is folded below. A tab is pasted now and then.
        if text.trim().contains(|c: char| c.is_control() && c != '\t') {
            errors.add(field, Problem::ControlCharacter);
        }
        text
    };
    let (name, email, website) = (line(Field::Name), line(Field::Email), line(Field::Website));
    let parent = line(Field::Parent);
    let remember = !form.text(Field::Remember, &mut errors).is_empty();
    let body = text::normalise(&form.text(Field::Body, &mut errors));
    let submission = Submission {
        name: text::one_line(&name),
        email: text::one_line(&email),
        website: with_scheme(text::one_line(&website)),
        body: body.trim_end().trim_start_matches('\n').to_owned(),
    };
    for error in submission.check(Limits { body: max_length }).0 {
        errors.add(error.field, error.problem);
    }
    for (field, typed) in [
        (Field::Name, &submission.name),
        (Field::Body, &submission.body),
    ] {
        if text::is_blank(typed) && !typed.trim().is_empty() {
            errors.add(field, Problem::NothingToSee);
        }
    }
    let parent = match parent.trim() {
        "" => None,
        id => {
            let id = id.parse::<i64>().ok().filter(|id| *id > 0);
            if id.is_none() {
                errors.add(Field::Parent, Problem::ParentGone);
            }
            id
        }
    };
    Typed {
        slug,
        submission,
        parent,
        remember,
        errors,
        hidden_field_filled: !form.sent(HONEYPOT).text.trim().is_empty(),
    }
}

/// People type `example.org`; browsers that check addresses want the scheme.
fn with_scheme(website: String) -> String {
    let looks_bare = !website.contains(':') && website.contains('.') && !website.contains(' ');
    if looks_bare {
        format!("https://{website}")
    } else {
        website
    }
}

/// What a page of refusal gives back.
pub fn kept(typed: &Typed) -> Kept {
    let written = &typed.submission;
    let article = format!("/articles/{}", typed.slug);
    Kept {
        form: KeptForm::Reply,
        action: format!("{article}/replies"),
        back: article,
        fields: vec![
            ("name", written.name.clone()),
            ("email", written.email.clone()),
            ("website", written.website.clone()),
            (
                "parent",
                typed
                    .parent
                    .map_or_else(String::new, |parent| parent.to_string()),
            ),
            (
                "remember",
                if typed.remember {
                    "1".to_owned()
                } else {
                    String::new()
                },
            ),
        ],
        text: ("body", written.body.clone()),
    }
}
