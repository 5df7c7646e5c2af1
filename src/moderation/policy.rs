//! Which replies wait for a moderator.

use std::fmt;
use std::str::FromStr;

use super::review::codes;
use super::{HoldReason, Status};

/// More links than this hold a comment.
pub const LINK_LIMIT: u32 = 2;

/// What waits when nothing else is the matter: `replies.hold`, unless an article has a mode of its own. The numbers are what
/// the database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldMode {
    All = 0,
    /// Everything but replies of recognised authors with an approved comment.
    First = 1,
    None = 2,
}

codes!(HoldMode: All, First, None);

impl HoldMode {
    pub const ALL: [Self; 3] = [Self::All, Self::First, Self::None];

    /// The word of settings, commands and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::First => "first",
            Self::None => "none",
        }
    }

    /// The reason for which it holds any reply, if it holds one.
    pub fn reason(self) -> Option<HoldReason> {
        match self {
            Self::All => Some(HoldReason::EveryReply),
            Self::First => Some(HoldReason::FirstReply),
            Self::None => None,
        }
    }
}

impl FromStr for HoldMode {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|mode| mode.word() == word)
            .ok_or_else(|| format!("`{word}` is not one of all, first, none"))
    }
}

impl fmt::Display for HoldMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What is known of a reply before the database is asked.
#[derive(Debug, Clone)]
pub struct Facts {
    pub links: u32,
    pub hidden_field_filled: bool,
}

/// Every reason to hold a reply that lies in itself and needs no look at the database. Whose name it carries is looked up
/// where it is stored, and so is the mode of its article.
pub fn found_reasons(facts: &Facts) -> Vec<HoldReason> {
    let mut reasons = Vec::new();
    if facts.hidden_field_filled {
        reasons.push(HoldReason::HiddenField);
    }
    reasons.extend(links(facts.links));
    reasons
}

/// The reason for so many links, if they are too many.
pub fn links(count: u32) -> Option<HoldReason> {
    (count > LINK_LIMIT).then_some(HoldReason::Links {
        count,
        limit: LINK_LIMIT,
    })
}

/// The status a reply starts with.
pub fn first_status(reasons: &[HoldReason]) -> Status {
    if reasons.is_empty() {
        Status::Approved
    } else {
        Status::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> Facts {
        Facts {
            links: 0,
            hidden_field_filled: false,
        }
    }

    #[test]
    fn a_plain_reply_is_published_only_where_nothing_is_held() {
        assert!(found_reasons(&plain()).is_empty());
        assert_eq!(HoldMode::All.reason(), Some(HoldReason::EveryReply));
        assert_eq!(HoldMode::First.reason(), Some(HoldReason::FirstReply));
        assert_eq!(HoldMode::None.reason(), None);
    }

    #[test]
    fn a_mode_survives_the_database_and_its_word() {
        for mode in HoldMode::ALL {
            assert_eq!(HoldMode::try_from(mode.code()).unwrap(), mode);
            assert_eq!(mode.word().parse(), Ok(mode));
        }
        assert!(HoldMode::try_from(3).is_err());
        assert!("some".parse::<HoldMode>().is_err());
    }

    #[test]
    fn the_link_limit_itself_is_allowed() {
        let at = Facts {
            links: 2,
            ..plain()
        };
        let over = Facts {
            links: 3,
            ..plain()
        };
        assert!(found_reasons(&at).is_empty());
        assert_eq!(
            found_reasons(&over),
            [HoldReason::Links { count: 3, limit: 2 }]
        );
        assert_eq!(first_status(&found_reasons(&over)), Status::Pending);
    }

    #[test]
    fn reasons_survive_being_stored() {
        let reasons = vec![
            HoldReason::EveryReply,
            HoldReason::Links { count: 3, limit: 2 },
            HoldReason::StaffName {
                name: "Dana".into(),
            },
            HoldReason::ThreadName,
        ];
        let json = serde_json::to_string(&reasons).unwrap();
        assert_eq!(
            serde_json::from_str::<Vec<HoldReason>>(&json).unwrap(),
            reasons
        );
    }
}
