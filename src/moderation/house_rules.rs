//! What a set of house rules has to be.

/// Rules that can be in force at once: as many as anybody reads.
pub const MOST: usize = 20;
/// The highest number of a rule.
pub const HIGHEST: i16 = 99;
/// Unicode scalar values of a title, and of the sentence.
pub const TITLE_LENGTH: usize = 80;
pub const TEXT_LENGTH: usize = 500;

/// A rule as somebody wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The row of the rule in force that it continues; `None` for a new one.
    pub was: Option<i64>,
    /// What is no number is 0.
    pub number: i16,
    pub illegal: bool,
    pub title: String,
    pub text: String,
}

/// What is wrong with one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    Number,
    NumberTwice,
    Title,
    Text,
}

/// What is wrong with all of them together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetProblem {
    TooMany,
    /// There has to be exactly one rule of kind `illegal`.
    Illegal,
}

/// The problems of each draft by its place, and that of the set.
pub fn problems(drafts: &[Draft]) -> (Vec<(usize, Problem)>, Option<SetProblem>) {
    let mut found = Vec::new();
    let wrong = |text: &str, most: usize| {
        text.is_empty() || text.chars().count() > most || text.chars().any(char::is_control)
    };
    for (at, draft) in drafts.iter().enumerate() {
        let same = |other: &&Draft| other.number == draft.number;
        if !(1..=HIGHEST).contains(&draft.number) {
            found.push((at, Problem::Number));
        } else if drafts.iter().take(at).any(|other| same(&other)) {
            found.push((at, Problem::NumberTwice));
        }
        if wrong(&draft.title, TITLE_LENGTH) {
            found.push((at, Problem::Title));
        }
        if wrong(&draft.text, TEXT_LENGTH) {
            found.push((at, Problem::Text));
        }
    }
    let illegal = drafts.iter().filter(|draft| draft.illegal).count();
    let whole = if drafts.len() > MOST {
        Some(SetProblem::TooMany)
    } else {
        (illegal != 1).then_some(SetProblem::Illegal)
    };
    (found, whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(number: i16, illegal: bool) -> Draft {
        Draft {
            was: None,
            number,
            illegal,
            title: "Title".to_owned(),
            text: "Text.".to_owned(),
        }
    }

    #[test]
    fn a_set_has_numbers_titles_texts_and_one_illegal_rule() {
        let good = [draft(1, false), draft(99, true)];
        assert_eq!(problems(&good), (vec![], None));
        assert_eq!(problems(&good[..1]).1, Some(SetProblem::Illegal));
        assert_eq!(problems(&[]).1, Some(SetProblem::Illegal));
        let two = [draft(1, true), draft(2, true)];
        assert_eq!(problems(&two).1, Some(SetProblem::Illegal));
        let many: Vec<Draft> = (1..=21).map(|number| draft(number, number == 1)).collect();
        assert_eq!(problems(&many), (vec![], Some(SetProblem::TooMany)));
        assert_eq!(problems(&many[..20]), (vec![], None));
        let wrong = [
            draft(0, true),
            draft(100, false),
            draft(5, false),
            draft(5, false),
            Draft {
                title: "t".repeat(81),
                text: "x".repeat(501),
                ..draft(6, false)
            },
            Draft {
                title: String::new(),
                text: "a\nb".to_owned(),
                ..draft(7, false)
            },
        ];
        assert_eq!(
            problems(&wrong).0,
            [
                (0, Problem::Number),
                (1, Problem::Number),
                (3, Problem::NumberTwice),
                (4, Problem::Title),
                (4, Problem::Text),
                (5, Problem::Title),
                (5, Problem::Text),
            ]
        );
    }
}
