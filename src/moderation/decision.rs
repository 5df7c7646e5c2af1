//! A moderator's verdict, before it meets a comment.

use super::Status;

/// What a moderator can decide. On a waiting revision, approving accepts it and rejecting refuses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    Approve,
    Reject,
    Spam,
    /// Everything stays as it is: nothing is wrong with what was reported, or the decision appealed stands.
    Keep,
}

impl Decision {
    pub const ALL: [Self; 4] = [Self::Approve, Self::Reject, Self::Spam, Self::Keep];

    /// The word that forms send and the audit log keeps.
    pub fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Spam => "spam",
            Self::Keep => "keep",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.word() == word)
    }

    /// The verdict that leads to this status, if one does.
    pub fn towards(status: Status) -> Option<Self> {
        match status {
            Status::Approved => Some(Self::Approve),
            Status::Rejected => Some(Self::Reject),
            Status::Spam => Some(Self::Spam),
            Status::Pending | Status::Withdrawn => None,
        }
    }
}
