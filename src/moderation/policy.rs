//! Which replies wait for a moderator.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::listed::FoundIn;
use super::review::codes;
use super::{Field, FieldErrors, HoldReason, Problem, Status};

/// What waits when nothing else is the matter: `replies.hold`, unless an article has a mode of its own. The numbers are what
/// the database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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

/// Links that hold a comment, and seconds between two replies, at most.
pub const MOST_LINKS: u32 = 100;
pub const MOST_SECONDS: u32 = 3_600;

/// What the desk's settings say of holds. Their names are those of files and of `rejoinder policy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// What waits when nothing else is the matter; `replies.hold` is above it where it is given.
    pub hold: HoldMode,
    /// More links than this hold a comment.
    pub links: u32,
    /// Text that was sent to another article before is held.
    pub duplicates: bool,
    /// A reply that comes within so many seconds after another from the same network is held; 0 is off.
    pub fast_seconds: u32,
    /// A link by an author without an approved comment is held.
    pub new_author_link: bool,
    /// Trusted authors are published at once, unless somebody else may be writing in their name.
    pub trust: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hold: HoldMode::All,
            links: 2,
            duplicates: true,
            fast_seconds: 10,
            new_author_link: false,
            trust: true,
        }
    }
}

impl Settings {
    /// Whether its numbers are within their bounds.
    ///
    /// # Errors
    /// Which is not, in a sentence.
    pub fn check(&self) -> Result<(), String> {
        if self.links > MOST_LINKS {
            return Err(format!("`links` is a number from 0 to {MOST_LINKS}"));
        }
        if self.fast_seconds > MOST_SECONDS {
            return Err(format!(
                "`fast-seconds` is a number from 0 to {MOST_SECONDS}"
            ));
        }
        Ok(())
    }

    /// The reason for so many links, if they are too many.
    pub fn links(&self, count: u32) -> Option<HoldReason> {
        (count > self.links).then_some(HoldReason::Links {
            count,
            limit: self.links,
        })
    }
}

/// What is known of whoever wrote a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// No approved comment is known.
    New,
    /// Recognised, with an approved comment.
    Known,
    /// A moderator trusts them.
    Trusted,
}

/// Every reason that remains when the settings, the mode of the article and the standing of the author are counted in;
/// `found` are the reasons found so far, `links` the links in the text.
pub fn weigh(
    settings: &Settings,
    mode: HoldMode,
    standing: Standing,
    found: Vec<HoldReason>,
    links: u32,
) -> Vec<HoldReason> {
    let mut reasons = found;
    reasons.extend(settings.links(links));
    if settings.new_author_link && links > 0 && standing == Standing::New {
        reasons.push(HoldReason::NewAuthorLink);
    }
    let of_mode = mode.reason();
    reasons
        .extend(of_mode.filter(|why| *why != HoldReason::FirstReply || standing == Standing::New));
    if settings.trust && standing == Standing::Trusted {
        reasons.retain(|reason| !reason.is_waived_by_trust());
    }
    reasons
}

/// Notes beside its field what a list has refused.
pub fn refuse(reasons: &[HoldReason], errors: &mut FieldErrors) {
    for reason in reasons.iter().filter(|reason| reason.is_refusal()) {
        if let HoldReason::Listed { at, matched, .. } = reason {
            let field = match at {
                FoundIn::Name => Field::Name,
                FoundIn::Website => Field::Website,
                FoundIn::Email => Field::Email,
                FoundIn::Text | FoundIn::Link | FoundIn::Network => Field::Body,
            };
            errors.add(field, Problem::Refused(matched.clone()));
        }
    }
}

/// The status a reply starts with.
pub fn first_status(reasons: &[HoldReason]) -> Status {
    if reasons.iter().any(HoldReason::is_spam) {
        Status::Spam
    } else if reasons.is_empty() {
        Status::Approved
    } else {
        Status::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::super::listed::{Action, EntryKind};
    use super::*;

    #[test]
    fn what_no_mode_holds_is_published() {
        assert_eq!(HoldMode::All.reason(), Some(HoldReason::EveryReply));
        assert_eq!(HoldMode::First.reason(), Some(HoldReason::FirstReply));
        assert_eq!(HoldMode::None.reason(), None);
        assert_eq!(first_status(&[]), Status::Approved);
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
        let settings = Settings::default();
        assert_eq!(settings.links(2), None);
        let over = settings.links(3).unwrap();
        assert_eq!(over, HoldReason::Links { count: 3, limit: 2 });
        assert_eq!(first_status(&[over]), Status::Pending);
    }

    #[test]
    fn trust_waives_what_others_are_held_for_unless_the_site_says_otherwise() {
        let settings = Settings {
            new_author_link: true,
            ..Settings::default()
        };
        let weighed = |settings: &Settings, standing| {
            let found = vec![HoldReason::HiddenField];
            weigh(settings, HoldMode::First, standing, found, 3)
        };
        let links = HoldReason::Links { count: 3, limit: 2 };
        assert_eq!(
            weighed(&settings, Standing::New),
            [
                HoldReason::HiddenField,
                links.clone(),
                HoldReason::NewAuthorLink,
                HoldReason::FirstReply
            ]
        );
        assert_eq!(
            weighed(&settings, Standing::Known),
            [HoldReason::HiddenField, links]
        );
        assert_eq!(
            weighed(&settings, Standing::Trusted),
            [HoldReason::HiddenField]
        );
        let without = Settings {
            trust: false,
            ..settings
        };
        assert_eq!(weighed(&without, Standing::Trusted).len(), 2);
    }

    #[test]
    fn settings_survive_being_stored_and_unknown_ones_are_refused() {
        let stored = r#"{"links":5,"hold":"first"}"#;
        let read: Settings = serde_json::from_str(stored).unwrap();
        assert_eq!((read.links, read.hold), (5, HoldMode::First));
        assert!(read.duplicates);
        let again = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&again).unwrap(), read);
        assert!(serde_json::from_str::<Settings>(r#"{"link":5}"#).is_err());
    }

    #[test]
    fn what_a_list_calls_spam_is_spam_whatever_else_is_the_matter() {
        let listed = |action| HoldReason::Listed {
            kind: EntryKind::Words,
            pattern: "casino".into(),
            matched: "Casino".into(),
            at: FoundIn::Text,
            action,
        };
        let held = [HoldReason::EveryReply, listed(Action::Hold)];
        assert_eq!(first_status(&held), Status::Pending);
        let spam = [HoldReason::EveryReply, listed(Action::Spam)];
        assert_eq!(first_status(&spam), Status::Spam);
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
