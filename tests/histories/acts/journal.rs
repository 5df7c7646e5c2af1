//! What clients asked and what they were answered.

use std::collections::BTreeMap;

use rejoinder::moderation::Decision;
use rejoinder::store::bulks::Picked;

/// Something that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Post {
        article: usize,
        parent: Option<i64>,
        word: String,
    },
    Edit {
        receipt: String,
        word: String,
    },
    Withdraw {
        receipt: String,
    },
    Decide {
        moderator: i64,
        comment: i64,
        version: i64,
        /// The edit that the form showed.
        revision: Option<i64>,
        /// The appeal that the form showed.
        appeal: Option<i64>,
        decision: Decision,
    },
    Undo {
        decision: i64,
    },
    /// An author's objection.
    Appeal {
        receipt: String,
        word: String,
    },
    /// Many decisions at once.
    Bulk {
        moderator: i64,
        picked: Vec<Picked>,
        decision: Decision,
        /// Sent from the page that says what would happen.
        shown_before: bool,
    },
    UndoBulk {
        bulk: i64,
    },
    Report {
        comment: i64,
        word: String,
        network: String,
    },
    /// Opens or closes an article to replies.
    Turn {
        article: usize,
        open: bool,
    },
}

/// What whoever asked knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Acknowledged: where the answer led.
    Done(String),
    /// Answered with this status: nothing was changed.
    Refused(u16),
    /// The line broke, or the server said that it cannot tell.
    Unknown,
}

#[derive(Debug, Clone)]
pub struct Entry {
    pub act: Act,
    pub outcome: Outcome,
    /// How often it was sent.
    pub tries: u32,
}

impl Entry {
    /// The path of its receipt.
    pub fn receipt(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Done(path) => path.rsplit('/').next(),
            _ => None,
        }
    }

    /// The decision that the answer named.
    pub fn decision(&self) -> Option<i64> {
        self.named("done=")
    }

    /// The bulk that the answer named.
    pub fn bulk(&self) -> Option<i64> {
        self.named("bulk=")
    }

    fn named(&self, parameter: &str) -> Option<i64> {
        let Outcome::Done(path) = &self.outcome else {
            return None;
        };
        let told = path.split(parameter).nth(1)?;
        told.split(['&', '#']).next()?.parse().ok()
    }

    /// Whether it was done, or may have been.
    pub fn may_be_done(&self) -> bool {
        self.is_done() || self.is_unknown()
    }

    pub fn is_done(&self) -> bool {
        matches!(self.outcome, Outcome::Done(_))
    }

    pub fn is_unknown(&self) -> bool {
        self.outcome == Outcome::Unknown
    }
}

/// A word that stands nowhere else.
pub fn word(round: u64, client: usize, serial: usize) -> String {
    format!("zq{round}x{client}x{serial}qz")
}

/// Every such word in a page.
pub fn words(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find("zq") {
        rest = &rest[at..];
        match rest.find("qz") {
            Some(end) if end < 40 => {
                found.push(rest[..end + 2].to_owned());
                rest = &rest[end + 2..];
            }
            _ => rest = &rest[2..],
        }
    }
    found
}

impl Act {
    /// What such acts are called when they are counted.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Post { .. } => "replies",
            Self::Edit { .. } => "edits",
            Self::Withdraw { .. } => "withdrawals",
            Self::Report { .. } => "reports",
            Self::Appeal { .. } => "appeals",
            Self::Decide { appeal, .. } if appeal.is_some() => "appeals answered",
            Self::Decide { .. } => "decisions",
            Self::Undo { .. } => "undone",
            Self::Bulk { .. } => "bulks",
            Self::UndoBulk { .. } => "bulks undone",
            Self::Turn { .. } => "openings and closings",
        }
    }
}

/// How often what was done, in a line.
pub fn summary(journal: &[&Entry]) -> String {
    let mut done: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in journal.iter().filter(|entry| entry.is_done()) {
        *done.entry(entry.act.name()).or_default() += 1;
    }
    let acts: Vec<String> = done.iter().map(|(name, n)| format!("{n} {name}")).collect();
    let unknown = journal.iter().filter(|entry| entry.is_unknown()).count();
    let all: usize = done.values().sum();
    format!(
        "{all} acknowledged ({}), {} refused, {unknown} never answered",
        acts.join(", "),
        journal.len() - all - unknown,
    )
}
