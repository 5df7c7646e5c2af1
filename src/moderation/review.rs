//! What a decision can be about besides the status of a comment: an edit of it, reports on it, its author's appeal.

/// The subject of a decision. The numbers are what the database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Status = 0,
    Revision = 1,
    Reports = 2,
    Appeal = 3,
}

/// Where an edit of a published comment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevisionStatus {
    Waiting = 0,
    Accepted = 1,
    Refused = 2,
}

/// Where an author's objection to a decision stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppealStatus {
    Open = 0,
    /// The comment was published after all.
    Reversed = 1,
    /// The decision stays.
    Upheld = 2,
}

/// What the database holds of a state, and back.
macro_rules! codes {
    ($state:ident: $($variant:ident),+) => {
        impl $state {
            pub fn code(self) -> i16 {
                self as i16
            }
        }

        impl TryFrom<i16> for $state {
            type Error = $crate::moderation::status::UnknownCode;

            fn try_from(code: i16) -> Result<Self, Self::Error> {
                [$(Self::$variant),+]
                    .into_iter()
                    .find(|state| state.code() == code)
                    .ok_or($crate::moderation::status::UnknownCode(code))
            }
        }
    };
}

pub(super) use codes;

codes!(About: Status, Revision, Reports, Appeal);
codes!(RevisionStatus: Waiting, Accepted, Refused);
codes!(AppealStatus: Open, Reversed, Upheld);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_survive_the_database_and_strangers_do_not() {
        assert_eq!(
            About::try_from(About::Appeal.code()).ok(),
            Some(About::Appeal)
        );
        assert_eq!(
            RevisionStatus::try_from(2).ok(),
            Some(RevisionStatus::Refused)
        );
        assert_eq!(AppealStatus::try_from(1).ok(), Some(AppealStatus::Reversed));
        assert!(About::try_from(4).is_err());
        assert!(RevisionStatus::try_from(-1).is_err());
        assert!(AppealStatus::try_from(3).is_err());
    }
}
