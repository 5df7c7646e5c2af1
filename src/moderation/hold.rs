//! Why a comment waits, as facts that `views` turns into sentences.

use serde::{Deserialize, Serialize};

use super::listed::{Action, EntryKind, FoundIn};

/// One reason to hold a comment. Stored as JSON beside the comment; a new kind is a new variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum HoldReason {
    /// The site holds every reply.
    EveryReply,
    /// The site holds replies of authors without an approved comment.
    FirstReply,
    Links {
        count: u32,
        limit: u32,
    },
    /// The field that people cannot see was filled in.
    HiddenField,
    /// The typed name is a moderator's, or looks like it.
    StaffName {
        name: String,
    },
    /// The typed name is that of somebody else in the thread, or looks like it. Whose is not kept: names can be withdrawn.
    ThreadName,
    /// A moderator holds this author until a date.
    AuthorHold {
        /// Of that moderator.
        name: String,
        /// Milliseconds since 1970 UTC.
        until: i64,
        /// For colleagues.
        reason: String,
        by: MatchedBy,
    },
    /// An entry of the site's lists.
    Listed {
        kind: EntryKind,
        /// As the list has it.
        pattern: String,
        /// As the reply has it; of a network nothing but the entry is said.
        matched: String,
        at: FoundIn,
        action: Action,
    },
    /// The same text was sent to other articles.
    DuplicateText {
        /// How often, counted up to a few.
        times: u32,
    },
    /// It came within so many seconds after another reply from the same network.
    TooFast {
        seconds: u32,
        limit: u32,
    },
    /// It has a link, and its author no approved comment.
    NewAuthorLink,
}

/// By what a reply was found to be by somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatchedBy {
    /// The token on their device.
    Device,
    Email,
    Network,
}

impl HoldReason {
    /// What this reason adds to the risk by which a queue is sorted.
    pub fn weight(&self) -> i64 {
        match self {
            Self::EveryReply => 0,
            Self::FirstReply => 1,
            Self::Links { .. } | Self::TooFast { .. } | Self::NewAuthorLink => 2,
            Self::StaffName { .. } | Self::ThreadName => 3,
            Self::Listed { .. } | Self::DuplicateText { .. } => 3,
            Self::AuthorHold { .. } => 4,
            Self::HiddenField => 5,
        }
    }

    /// Whether the reason lies in the text, and goes when the text does.
    pub fn lies_in_text(&self) -> bool {
        match self {
            Self::Links { .. } | Self::DuplicateText { .. } | Self::NewAuthorLink => true,
            Self::Listed { at, .. } => matches!(at, FoundIn::Text | FoundIn::Link),
            _ => false,
        }
    }

    /// Whether a list has it treated as spam.
    pub fn is_spam(&self) -> bool {
        self.action() == Some(Action::Spam)
    }

    /// Whether a list has it refused.
    pub fn is_refusal(&self) -> bool {
        self.action() == Some(Action::Refuse)
    }

    fn action(&self) -> Option<Action> {
        match self {
            Self::Listed { action, .. } => Some(*action),
            _ => None,
        }
    }

    /// Whether replies of trusted authors are published in spite of it: unless it says that somebody else may be writing.
    pub fn is_waived_by_trust(&self) -> bool {
        match self {
            Self::EveryReply
            | Self::FirstReply
            | Self::Links { .. }
            | Self::DuplicateText { .. }
            | Self::TooFast { .. }
            | Self::NewAuthorLink => true,
            Self::Listed { action, .. } => *action == Action::Hold,
            Self::HiddenField
            | Self::StaffName { .. }
            | Self::ThreadName
            | Self::AuthorHold { .. } => false,
        }
    }

    /// Whether software found it in this reply; else the site has every such reply read.
    pub fn is_found(&self) -> bool {
        !matches!(
            self,
            Self::EveryReply | Self::FirstReply | Self::AuthorHold { .. }
        )
    }

    /// Risk without reports: the sum of the weights.
    pub fn risk(reasons: &[Self]) -> i64 {
        reasons.iter().map(Self::weight).sum()
    }
}
