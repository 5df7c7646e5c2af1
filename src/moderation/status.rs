//! The status of a comment, and the one definition of "public" and "shown".

use super::Decision;

/// Where a comment stands. The numbers are what the database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    Pending = 0,
    Approved = 1,
    Rejected = 2,
    Spam = 3,
    /// By its author; final.
    Withdrawn = 4,
}

impl Status {
    pub const ALL: [Self; 5] = [
        Self::Pending,
        Self::Approved,
        Self::Rejected,
        Self::Spam,
        Self::Withdrawn,
    ];

    pub fn code(self) -> i16 {
        self as i16
    }

    /// The word of the interface and of the audit log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Spam => "spam",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// A public comment is counted, listed, and can be replied to.
    pub fn is_public(self) -> bool {
        self == Self::Approved
    }

    /// Shown is public, or once public with something public below: then a tombstone keeps its place.
    /// Only a public comment can be replied to, so whatever has public descendants was public once.
    pub fn is_shown(self, public_descendants: i64) -> bool {
        self.is_public() || public_descendants > 0
    }

    /// The status after a decision; `None` where the decision cannot be made: on a withdrawn comment, or when it changes nothing.
    pub fn after(self, decision: Decision) -> Option<Self> {
        let to = match decision {
            Decision::Approve => Self::Approved,
            Decision::Reject => Self::Rejected,
            Decision::Spam => Self::Spam,
            Decision::Keep => return None,
        };
        (self != Self::Withdrawn && self != to).then_some(to)
    }
}

/// The number in a status column that is none of ours.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("{0} is not a status, a role or a ground")]
pub struct UnknownCode(pub i16);

impl TryFrom<i16> for Status {
    type Error = UnknownCode;

    fn try_from(code: i16) -> Result<Self, UnknownCode> {
        Self::ALL
            .into_iter()
            .find(|status| status.code() == code)
            .ok_or(UnknownCode(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the house: row, decision, outcome.
    #[test]
    fn every_status_answers_every_decision_as_the_table_says() {
        use Decision::{Approve, Keep, Reject, Spam as MarkSpam};
        use Status::{Approved, Pending, Rejected, Spam, Withdrawn};
        let table = [
            (Pending, Approve, Some(Approved)),
            (Pending, Reject, Some(Rejected)),
            (Pending, MarkSpam, Some(Spam)),
            (Approved, Approve, None),
            (Approved, Reject, Some(Rejected)),
            (Approved, MarkSpam, Some(Spam)),
            (Rejected, Approve, Some(Approved)),
            (Rejected, Reject, None),
            (Rejected, MarkSpam, Some(Spam)),
            (Spam, Approve, Some(Approved)),
            (Spam, Reject, Some(Rejected)),
            (Spam, MarkSpam, None),
            (Withdrawn, Approve, None),
            (Withdrawn, Reject, None),
            (Withdrawn, MarkSpam, None),
            (Approved, Keep, None),
            (Rejected, Keep, None),
        ];
        for (from, decision, to) in table {
            assert_eq!(from.after(decision), to, "{from:?} after {decision:?}");
        }
    }

    #[test]
    fn codes_survive_the_database_and_strangers_do_not() {
        for status in Status::ALL {
            assert_eq!(Status::try_from(status.code()).unwrap(), status);
        }
        assert!(Status::try_from(9).is_err());
    }

    #[test]
    fn only_a_public_comment_or_one_with_public_replies_is_shown() {
        assert!(Status::Approved.is_shown(0));
        assert!(!Status::Rejected.is_shown(0));
        assert!(Status::Rejected.is_shown(1));
        assert!(!Status::Pending.is_public());
    }
}
