//! Why a comment was not published.

/// The ground of a rejection or a spam verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Ground {
    /// A house rule, by its number.
    Rule(i16),
    /// The one rule of kind `illegal`, by its number.
    Illegal(i16),
    Spam,
}

impl Ground {
    /// What the database holds: 1 rule, 2 illegal, 3 spam. The rule itself is a column of its own.
    pub fn code(self) -> i16 {
        match self {
            Self::Rule(_) => 1,
            Self::Illegal(_) => 2,
            Self::Spam => 3,
        }
    }

    /// The ground from its code and, for the first two, the rule's number. `None` when they do not belong together.
    pub fn from_code(code: i16, rule_number: Option<i16>) -> Option<Self> {
        match (code, rule_number) {
            (1, Some(number)) => Some(Self::Rule(number)),
            (2, Some(number)) => Some(Self::Illegal(number)),
            (3, _) => Some(Self::Spam),
            _ => None,
        }
    }
}
