//! What is wrong with a field of a form, as the sentence that says what to enter.

use super::Phrases;
use crate::moderation::report::ReportField;
use crate::moderation::{Field, FieldError, FieldErrors, Problem};

/// The sentence for one problem.
pub fn sentence(phrases: &Phrases, error: &FieldError) -> String {
    let field = error.field.key();
    let of_field = [("field", field)];
    if error.field == Field::Parent {
        return phrases.say("problem-parent");
    }
    match &error.problem {
        Problem::Missing => phrases.say_with("problem-missing", &of_field),
        Problem::NothingToSee => phrases.say_with("problem-nothing-to-see", &of_field),
        Problem::TooLong { limit } => {
            let limit = phrases.number(i64::try_from(*limit).unwrap_or(i64::MAX));
            phrases.say_with("problem-too-long", &[("field", field), ("limit", &limit)])
        }
        Problem::NotText => phrases.say_with("problem-not-text", &of_field),
        Problem::ControlCharacter => phrases.say_with("problem-control", &of_field),
        Problem::Twice => phrases.say_with("problem-twice", &of_field),
        Problem::NotAnEmail => phrases.say("problem-not-email"),
        Problem::NotAWebsite => phrases.say("problem-not-website"),
        Problem::ParentGone => phrases.say("problem-parent"),
        Problem::Refused(what) if what.is_empty() => phrases.say("problem-refused-network"),
        Problem::Refused(what) => {
            phrases.say_with("problem-refused", &[("field", field), ("what", what)])
        }
    }
}

/// The sentence for one problem of a report.
pub(super) fn report_sentence(phrases: &Phrases, error: &FieldError<ReportField>) -> String {
    let as_in_reply = |field| {
        let problem = error.problem.clone();
        sentence(phrases, &FieldError { field, problem })
    };
    match (error.field, &error.problem) {
        (ReportField::Comment, _) => phrases.say("problem-edited"),
        (ReportField::Ground, _) => phrases.say("problem-ground"),
        (ReportField::Explanation, Problem::TooLong { limit }) => {
            let limit = phrases.number(i64::try_from(*limit).unwrap_or(i64::MAX));
            phrases.say_with("problem-explanation-long", &[("limit", &limit)])
        }
        (ReportField::Explanation, Problem::NotText) => phrases.say("problem-explanation-not-text"),
        (ReportField::Explanation, Problem::ControlCharacter) => {
            phrases.say("problem-explanation-control")
        }
        (ReportField::Explanation, Problem::Twice) => phrases.say("problem-explanation-twice"),
        (ReportField::Explanation, _) => phrases.say("problem-explanation-missing"),
        (ReportField::Name, Problem::Missing) => phrases.say("problem-your-name-missing"),
        (ReportField::Name, _) => as_in_reply(Field::Name),
        (ReportField::Email, _) => as_in_reply(Field::Email),
        (ReportField::ChildAbuse, _) => phrases.say("problem-child-abuse"),
        (ReportField::GoodFaith, _) => phrases.say("problem-good-faith"),
        (ReportField::Hidden, _) => phrases.say("problem-hidden-field"),
    }
}

/// One line of the error summary.
pub(super) struct Line {
    /// The id of the element to go to.
    pub target: &'static str,
    pub sentence: String,
}

/// Every problem, in order, for the summary above the form.
pub(super) fn summary(phrases: &Phrases, errors: &FieldErrors) -> Vec<Line> {
    let line = |error: &FieldError| Line {
        target: match error.field {
            Field::Parent => "replying",
            field => field.key(),
        },
        sentence: sentence(phrases, error),
    };
    errors.0.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_what_to_enter() {
        let phrases = Phrases::of("en");
        let say = |field, problem| sentence(phrases, &FieldError { field, problem });
        assert_eq!(
            say(Field::Name, Problem::Missing),
            "Enter the name to publish with your reply"
        );
        assert_eq!(
            say(Field::Email, Problem::NotAnEmail),
            "Enter an email address in the form name@example.org"
        );
        assert_eq!(say(Field::Body, Problem::Missing), "Enter a comment");
        assert_eq!(
            say(Field::Body, Problem::TooLong { limit: 5000 }),
            "The comment is longer than 5,000 characters"
        );
        assert_eq!(
            say(Field::Website, Problem::NotAWebsite),
            "Enter a web address that starts with http:// or https://"
        );
        assert_eq!(
            say(Field::Name, Problem::Twice),
            "Enter one name: the form sent two"
        );
    }
}
