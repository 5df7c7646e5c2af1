//! A reply as its author typed it, and what can be wrong with it. One validator for every path.

use std::borrow::Cow;

use validator::{Validate, ValidateArgs, ValidateEmail, ValidationError};

/// Unicode scalar values of a name.
pub const NAME_LENGTH: usize = 80;
/// RFC 5321, 4.5.3.1.3: a path has at most 256 octets, two of them the angle brackets.
pub const EMAIL_LENGTH: usize = 254;
/// Unicode scalar values of a website's address.
pub const WEBSITE_LENGTH: usize = 500;

/// The fields of a reply, empty where nothing was given. One-line fields are trimmed; the body's line ends are `\n`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Validate)]
#[validate(context = "Limits")]
pub struct Submission {
    #[validate(custom(function = "check_name"))]
    pub name: String,
    #[validate(custom(function = "check_email"))]
    pub email: String,
    #[validate(custom(function = "check_website"))]
    pub website: String,
    #[validate(custom(function = "check_body", use_context))]
    pub body: String,
}

/// What the site allows.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Unicode scalar values of a comment.
    pub body: usize,
}

/// A field of the reply form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    Name,
    Email,
    Website,
    Body,
    Parent,
    /// A tick: "Remember me on this device".
    Remember,
}

impl Field {
    /// In the order of the form, but `Parent`.
    pub const ALL: [Self; 6] = [
        Self::Name,
        Self::Email,
        Self::Website,
        Self::Body,
        Self::Parent,
        Self::Remember,
    ];

    /// Its name in the form.
    pub fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Website => "website",
            Self::Body => "body",
            Self::Parent => "parent",
            Self::Remember => "remember",
        }
    }
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    Missing,
    /// Over so many Unicode scalar values.
    TooLong {
        limit: u64,
    },
    /// Not UTF-8.
    NotText,
    ControlCharacter,
    /// The form carried the field more than once.
    Twice,
    NotAnEmail,
    NotAWebsite,
    /// The comment answered is not public, or stands under another article.
    ParentGone,
    /// Only spaces and invisible characters.
    NothingToSee,
    /// The site takes no reply with this in it; empty for one from its client's network.
    Refused(String),
}

/// A problem with a field of the reply form, or of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError<F = Field> {
    pub field: F,
    pub problem: Problem,
}

/// At most one per field, in the order of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldErrors<F = Field>(pub Vec<FieldError<F>>);

impl<F> Default for FieldErrors<F> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<F: Copy + Ord> FieldErrors<F> {
    /// Notes a problem, unless the field has one already.
    pub fn add(&mut self, field: F, problem: Problem) {
        if !self.0.iter().any(|error| error.field == field) {
            self.0.push(FieldError { field, problem });
            self.0.sort_by_key(|error| error.field);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Submission {
    /// Everything that is wrong with the text of the fields.
    pub fn check(&self, limits: Limits) -> FieldErrors {
        let mut errors = FieldErrors::default();
        let Err(found) = self.validate_with_args(&limits) else {
            return errors;
        };
        for field in Field::ALL {
            if let Some(first) = found
                .field_errors()
                .get(field.key())
                .and_then(|e| e.first())
            {
                errors.add(field, problem(first, field, limits));
            }
        }
        errors
    }
}

fn problem(error: &ValidationError, field: Field, limits: Limits) -> Problem {
    match error.code.as_ref() {
        MISSING => Problem::Missing,
        CONTROL => Problem::ControlCharacter,
        NOT_EMAIL => Problem::NotAnEmail,
        NOT_WEBSITE => Problem::NotAWebsite,
        _ => Problem::TooLong {
            limit: match field {
                Field::Name => NAME_LENGTH,
                Field::Email => EMAIL_LENGTH,
                Field::Website => WEBSITE_LENGTH,
                Field::Body | Field::Parent | Field::Remember => limits.body,
            } as u64,
        },
    }
}

pub(super) const MISSING: &str = "missing";
pub(super) const LONG: &str = "long";
pub(super) const CONTROL: &str = "control";
pub(super) const NOT_EMAIL: &str = "not-email";
const NOT_WEBSITE: &str = "not-website";

pub(super) fn refuse(code: &'static str) -> Result<(), ValidationError> {
    Err(ValidationError::new(code))
}

/// Counts without walking a text that is far over the limit.
pub(super) fn longer_than(text: &str, limit: usize) -> bool {
    text.len() > limit && text.chars().nth(limit).is_some()
}

pub(super) fn check_line(text: &str, limit: usize) -> Result<(), ValidationError> {
    if longer_than(text, limit) {
        return refuse(LONG);
    }
    if text.chars().any(char::is_control) {
        return refuse(CONTROL);
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), ValidationError> {
    if name.trim().is_empty() {
        return refuse(MISSING);
    }
    check_line(name, NAME_LENGTH)
}

pub(super) fn check_email(email: &str) -> Result<(), ValidationError> {
    check_line(email, EMAIL_LENGTH)?;
    if email.is_empty() || Cow::Borrowed(email).validate_email() {
        return Ok(());
    }
    refuse(NOT_EMAIL)
}

fn check_website(website: &str) -> Result<(), ValidationError> {
    check_line(website, WEBSITE_LENGTH)?;
    if website.is_empty() {
        return Ok(());
    }
    let address = url::Url::parse(website).ok();
    let is_web = address.is_some_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| !host.is_empty())
            && url.username().is_empty()
            && url.password().is_none()
    });
    if is_web { Ok(()) } else { refuse(NOT_WEBSITE) }
}

fn check_body(body: &str, limits: &Limits) -> Result<(), ValidationError> {
    if body.trim().is_empty() {
        return refuse(MISSING);
    }
    if longer_than(body, limits.body) {
        return refuse(LONG);
    }
    if body
        .chars()
        .any(|c| c.is_control() && c != '\n' && c != '\t')
    {
        return refuse(CONTROL);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { body: 20 };

    fn good() -> Submission {
        Submission {
            name: "Ama".into(),
            email: "ama@example.org".into(),
            website: "https://ama.example/".into(),
            body: "Well said.".into(),
        }
    }

    fn problem_of(change: impl Fn(&mut Submission)) -> Vec<(Field, Problem)> {
        let mut submission = good();
        change(&mut submission);
        let found = submission.check(LIMITS).0;
        found.into_iter().map(|e| (e.field, e.problem)).collect()
    }

    #[test]
    fn a_good_reply_has_no_problem_and_email_and_website_may_be_missing() {
        assert!(problem_of(|_| {}).is_empty());
        assert!(
            problem_of(|s| {
                s.email.clear();
                s.website.clear();
            })
            .is_empty()
        );
    }

    #[test]
    fn each_field_names_its_problem() {
        use Problem::{ControlCharacter, Missing, NotAWebsite, NotAnEmail, TooLong};
        assert_eq!(
            problem_of(|s| s.name = "  ".into()),
            [(Field::Name, Missing)]
        );
        assert_eq!(
            problem_of(|s| s.name = "é".repeat(81)),
            [(Field::Name, TooLong { limit: 80 })]
        );
        assert!(problem_of(|s| s.name = "é".repeat(80)).is_empty());
        assert_eq!(
            problem_of(|s| s.email = "ama.at.example".into()),
            [(Field::Email, NotAnEmail)]
        );
        assert_eq!(
            problem_of(|s| s.email = "a@example.org\r\nBcc: b@example.org".into()),
            [(Field::Email, ControlCharacter)]
        );
        for address in [
            "javascript:alert(1)",
            "ftp://a.example",
            "a.example",
            "https://u:p@a.example",
            "http://",
        ] {
            assert_eq!(
                problem_of(|s| s.website = address.into()),
                [(Field::Website, NotAWebsite)],
                "{address}"
            );
        }
        assert_eq!(
            problem_of(|s| s.body = "x".repeat(21)),
            [(Field::Body, TooLong { limit: 20 })]
        );
        assert!(problem_of(|s| s.body = "😀".repeat(20)).is_empty());
        assert_eq!(
            problem_of(|s| s.body = "a\0b".into()),
            [(Field::Body, ControlCharacter)]
        );
        assert!(problem_of(|s| s.body = "a\n\tb".into()).is_empty());
    }

    #[test]
    fn problems_come_in_the_order_of_the_form() {
        let fields: Vec<_> = problem_of(|s| *s = Submission::default())
            .into_iter()
            .map(|(field, _)| field)
            .collect();
        assert_eq!(fields, [Field::Name, Field::Body]);
    }
}
