//! What those whom a decision concerns are written about it.

use super::{About, AppealStatus, RevisionStatus, Status};

/// The gist of a message to a comment's author or to those who reported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    Approved,
    Rejected,
    Spam,
    EditAccepted,
    EditRefused,
    AppealReversed,
    AppealUpheld,
    /// To those who reported: nothing is wrong.
    ReportsAnswered,
    /// An earlier message no longer holds.
    Correction,
}

impl Notice {
    /// What a decision says; `outcome` is the status of its revision or appeal. `None` when there is nothing to say.
    pub fn of(about: About, to: Status, outcome: Option<i16>) -> Option<Self> {
        let is = |code: i16| outcome == Some(code);
        Some(match about {
            About::Revision if is(RevisionStatus::Accepted.code()) => Self::EditAccepted,
            About::Revision => Self::EditRefused,
            About::Reports => Self::ReportsAnswered,
            About::Appeal if is(AppealStatus::Reversed.code()) => Self::AppealReversed,
            About::Appeal => Self::AppealUpheld,
            About::Status => match to {
                Status::Approved => Self::Approved,
                Status::Rejected => Self::Rejected,
                Status::Spam => Self::Spam,
                Status::Pending | Status::Withdrawn => return None,
            },
        })
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Spam => "spam",
            Self::EditAccepted => "edit-accepted",
            Self::EditRefused => "edit-refused",
            Self::AppealReversed => "appeal-reversed",
            Self::AppealUpheld => "appeal-upheld",
            Self::ReportsAnswered => "reports-answered",
            Self::Correction => "correction",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_decision_says_one_thing_and_a_return_to_the_queue_nothing() {
        use Status::{Approved, Pending, Rejected, Spam};
        let accepted = Some(RevisionStatus::Accepted.code());
        let refused = Some(RevisionStatus::Refused.code());
        let reversed = Some(AppealStatus::Reversed.code());
        let upheld = Some(AppealStatus::Upheld.code());
        for (about, to, outcome, word) in [
            (About::Status, Approved, None, "approved"),
            (About::Status, Rejected, None, "rejected"),
            (About::Status, Spam, None, "spam"),
            (About::Revision, Approved, accepted, "edit-accepted"),
            (About::Revision, Approved, refused, "edit-refused"),
            (About::Appeal, Approved, reversed, "appeal-reversed"),
            (About::Appeal, Rejected, upheld, "appeal-upheld"),
            (About::Reports, Approved, None, "reports-answered"),
        ] {
            assert_eq!(Notice::of(about, to, outcome).map(Notice::word), Some(word));
        }
        assert_eq!(Notice::of(About::Status, Pending, None), None);
    }
}
