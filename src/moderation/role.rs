//! The two roles of the desk.

use super::status::UnknownCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Moderator = 0,
    /// A moderator who may also manage people and settings.
    Admin = 1,
}

impl Role {
    pub fn code(self) -> i16 {
        self as i16
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Moderator => "moderator",
            Self::Admin => "admin",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Moderator, Self::Admin]
            .into_iter()
            .find(|role| role.word() == word)
    }
}

impl TryFrom<i16> for Role {
    type Error = UnknownCode;

    fn try_from(code: i16) -> Result<Self, UnknownCode> {
        match code {
            0 => Ok(Self::Moderator),
            1 => Ok(Self::Admin),
            other => Err(UnknownCode(other)),
        }
    }
}
