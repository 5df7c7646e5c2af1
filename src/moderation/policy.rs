//! Which replies wait for a moderator.

use std::fmt;
use std::str::FromStr;

use super::{HoldReason, Status};

/// More links than this hold a comment.
pub const LINK_LIMIT: u32 = 2;

/// `replies.hold`: what waits when nothing else is the matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldMode {
    All,
    /// Everything but replies of recognised authors with an approved comment.
    First,
    None,
}

impl FromStr for HoldMode {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "all" => Ok(Self::All),
            "first" => Ok(Self::First),
            "none" => Ok(Self::None),
            other => Err(format!("`{other}` is not one of all, first, none")),
        }
    }
}

impl fmt::Display for HoldMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::All => "all",
            Self::First => "first",
            Self::None => "none",
        })
    }
}

/// What is known of a reply before the database is asked.
#[derive(Debug, Clone)]
pub struct Facts {
    pub links: u32,
    pub hidden_field_filled: bool,
}

/// Every reason to hold a reply that needs no look at the database. Whose name it carries is looked up where it is stored,
/// and so is whether it is its author's first.
pub fn hold_reasons(mode: HoldMode, facts: &Facts) -> Vec<HoldReason> {
    let mut reasons = Vec::new();
    if facts.hidden_field_filled {
        reasons.push(HoldReason::HiddenField);
    }
    reasons.extend(links(facts.links));
    match mode {
        HoldMode::All => reasons.push(HoldReason::EveryReply),
        HoldMode::First => reasons.push(HoldReason::FirstReply),
        HoldMode::None => {}
    }
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
        assert!(hold_reasons(HoldMode::None, &plain()).is_empty());
        assert_eq!(
            hold_reasons(HoldMode::All, &plain()),
            [HoldReason::EveryReply]
        );
        assert_eq!(
            hold_reasons(HoldMode::First, &plain()),
            [HoldReason::FirstReply]
        );
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
        assert!(hold_reasons(HoldMode::None, &at).is_empty());
        assert_eq!(
            hold_reasons(HoldMode::None, &over),
            [HoldReason::Links { count: 3, limit: 2 }]
        );
        assert_eq!(
            first_status(&hold_reasons(HoldMode::None, &over)),
            Status::Pending
        );
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
