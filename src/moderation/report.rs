//! A reader's notice about a published comment: where it stands, what it says, and what can be wrong with it.

use validator::{Validate, ValidateArgs, ValidationError};

use super::review::codes;
use super::submission::{
    CONTROL, EMAIL_LENGTH, LONG, MISSING, NAME_LENGTH, NOT_EMAIL, check_email, check_line,
    longer_than, refuse,
};
use super::{Ground, Problem, submission};

/// Unicode scalar values of an explanation.
pub const EXPLANATION_LENGTH: usize = 2_000;
/// What one open report adds to the risk of its comment.
pub const WEIGHT: i64 = 3;

/// Where a report stands. The numbers are what the database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReportStatus {
    /// It waits for a moderator.
    Open = 0,
    /// The comment was removed.
    Removed = 1,
    /// The comment stays.
    Kept = 2,
    /// The comment's author was quicker.
    Withdrawn = 3,
}

impl ReportStatus {
    pub const ALL: [Self; 4] = [Self::Open, Self::Removed, Self::Kept, Self::Withdrawn];
}

codes!(ReportStatus: Open, Removed, Kept, Withdrawn);

/// What a reader reports. One-line fields are trimmed; the explanation's line ends are `\n`. A report of illegal content
/// says why it is illegal, by whom, and in good faith (Regulation (EU) 2022/2065, article 16(2)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Validate)]
#[validate(context = "Demands")]
pub struct Report {
    /// None was chosen, or none that is in force.
    #[validate(required)]
    pub ground: Option<Ground>,
    #[validate(custom(function = "check_explanation", use_context))]
    pub explanation: String,
    #[validate(custom(function = "check_name", use_context))]
    pub name: String,
    #[validate(custom(function = "check_contact", use_context))]
    pub email: String,
    /// It concerns sexual abuse of a child: then nobody has to say who they are.
    pub child_abuse: bool,
    /// The statement that what it says is right, to the best of the reporter's knowledge.
    #[validate(custom(function = "check_good_faith", use_context))]
    pub good_faith: bool,
}

/// What a report has to bring, by its ground.
#[derive(Debug, Clone, Copy)]
pub struct Demands {
    /// Why, and in good faith.
    reasons: bool,
    /// Name and e-mail.
    contact: bool,
}

/// A field of the report form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReportField {
    /// The comment as it was when the form was opened.
    Comment,
    Ground,
    Explanation,
    Name,
    Email,
    ChildAbuse,
    GoodFaith,
    /// The one that people cannot see.
    Hidden,
}

impl ReportField {
    /// Those that the validator looks at, in the order of the form.
    const CHECKED: [Self; 5] = [
        Self::Ground,
        Self::Explanation,
        Self::Name,
        Self::Email,
        Self::GoodFaith,
    ];

    /// Its name in the form.
    pub fn key(self) -> &'static str {
        match self {
            Self::Comment => "seen",
            Self::Ground => "ground",
            Self::Explanation => "explanation",
            Self::Name => "name",
            Self::Email => "email",
            Self::ChildAbuse => "child_abuse",
            Self::GoodFaith => "good_faith",
            Self::Hidden => "homepage_url",
        }
    }
}

/// At most one per field, in the order of the form.
pub type ReportErrors = submission::FieldErrors<ReportField>;

impl Report {
    /// Whether it is a notice of illegal content.
    pub fn is_of_illegal(&self) -> bool {
        matches!(self.ground, Some(Ground::Illegal(_)))
    }

    /// Everything that is wrong with it.
    pub fn check(&self) -> ReportErrors {
        let mut errors = ReportErrors::default();
        let demands = Demands {
            reasons: self.is_of_illegal(),
            contact: self.is_of_illegal() && !self.child_abuse,
        };
        let Err(found) = self.validate_with_args(&demands) else {
            return errors;
        };
        let found = found.field_errors();
        for field in ReportField::CHECKED {
            if let Some(first) = found.get(field.key()).and_then(|all| all.first()) {
                errors.add(field, problem(first, field));
            }
        }
        errors
    }
}

fn problem(error: &ValidationError, field: ReportField) -> Problem {
    match error.code.as_ref() {
        LONG => Problem::TooLong {
            limit: match field {
                ReportField::Name => NAME_LENGTH,
                ReportField::Email => EMAIL_LENGTH,
                _ => EXPLANATION_LENGTH,
            } as u64,
        },
        CONTROL => Problem::ControlCharacter,
        NOT_EMAIL => Problem::NotAnEmail,
        _ => Problem::Missing,
    }
}

fn check_explanation(text: &str, demands: &Demands) -> Result<(), ValidationError> {
    if demands.reasons && text.trim().is_empty() {
        return refuse(MISSING);
    }
    if longer_than(text, EXPLANATION_LENGTH) {
        return refuse(LONG);
    }
    if text
        .chars()
        .any(|c| c.is_control() && c != '\n' && c != '\t')
    {
        return refuse(CONTROL);
    }
    Ok(())
}

fn check_name(name: &str, demands: &Demands) -> Result<(), ValidationError> {
    if demands.contact && name.trim().is_empty() {
        return refuse(MISSING);
    }
    check_line(name, NAME_LENGTH)
}

fn check_contact(email: &str, demands: &Demands) -> Result<(), ValidationError> {
    if demands.contact && email.is_empty() {
        return refuse(MISSING);
    }
    check_email(email)
}

fn check_good_faith(stated: &bool, demands: &Demands) -> Result<(), ValidationError> {
    if demands.reasons && !stated {
        return refuse(MISSING);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(report: &Report) -> Vec<(ReportField, Problem)> {
        let found = report.check().0;
        found.into_iter().map(|e| (e.field, e.problem)).collect()
    }

    fn illegal() -> Report {
        Report {
            ground: Some(Ground::Illegal(6)),
            explanation: "It sells stolen bicycles.".into(),
            name: "Ama".into(),
            email: "ama@example.org".into(),
            child_abuse: false,
            good_faith: true,
        }
    }

    #[test]
    fn a_ground_is_all_that_most_reports_need() {
        for ground in [Ground::Rule(4), Ground::Spam] {
            let bare = Report {
                ground: Some(ground),
                ..Report::default()
            };
            assert!(problems(&bare).is_empty(), "{ground:?}");
        }
        assert_eq!(
            problems(&Report::default()),
            [(ReportField::Ground, Problem::Missing)]
        );
    }

    #[test]
    fn illegal_content_needs_reasons_a_person_and_good_faith() {
        use ReportField::{Email, Explanation, GoodFaith, Name};
        assert!(problems(&illegal()).is_empty());
        let mut bare = Report {
            ground: Some(Ground::Illegal(6)),
            ..Report::default()
        };
        let missing = |fields: &[ReportField]| -> Vec<_> {
            fields.iter().map(|f| (*f, Problem::Missing)).collect()
        };
        assert_eq!(
            problems(&bare),
            missing(&[Explanation, Name, Email, GoodFaith])
        );
        bare.child_abuse = true;
        assert_eq!(problems(&bare), missing(&[Explanation, GoodFaith]));
    }

    #[test]
    fn each_field_names_its_problem_whatever_the_ground() {
        for ground in [Ground::Illegal(6), Ground::Spam] {
            let of = |change: fn(&mut Report)| {
                let mut report = Report {
                    ground: Some(ground),
                    ..illegal()
                };
                change(&mut report);
                problems(&report)
            };
            assert_eq!(
                of(|r| r.explanation = "é".repeat(2_001)),
                [(ReportField::Explanation, Problem::TooLong { limit: 2_000 })]
            );
            assert!(of(|r| r.explanation = "😀".repeat(2_000)).is_empty());
            assert!(of(|r| r.explanation = "a\n\tb".into()).is_empty());
            assert_eq!(
                of(|r| r.explanation = "a\0b".into()),
                [(ReportField::Explanation, Problem::ControlCharacter)]
            );
            assert_eq!(
                of(|r| r.name = "n".repeat(81)),
                [(ReportField::Name, Problem::TooLong { limit: 80 })]
            );
            assert_eq!(
                of(|r| r.email = "ama at example".into()),
                [(ReportField::Email, Problem::NotAnEmail)]
            );
            assert_eq!(
                of(|r| r.email = format!("a@{}.example", "a".repeat(254))),
                [(ReportField::Email, Problem::TooLong { limit: 254 })]
            );
        }
    }

    #[test]
    fn codes_survive_the_database_and_strangers_do_not() {
        for status in ReportStatus::ALL {
            assert_eq!(ReportStatus::try_from(status.code()).unwrap(), status);
        }
        assert!(ReportStatus::try_from(4).is_err());
    }
}
