//! What people did: counted where it is answered.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::moderation::Decision;
use crate::store::replies::Submitted;

/// What became of a reply that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replied {
    /// It waits for a verdict.
    Held,
    /// It was public at once.
    Published,
    /// A list of the policy had it treated as spam.
    Spam,
    /// Something is wrong with it, or with where it was sent to.
    Refused,
    /// Too many from its network.
    Throttled,
    /// It had been sent before.
    Duplicate,
    /// The database did not take it.
    Failed,
}

impl Replied {
    /// As what the outcome is counted.
    pub fn of(outcome: &Submitted) -> Self {
        match outcome {
            Submitted::Stored { public: true, .. } => Self::Published,
            Submitted::Stored { spam: true, .. } => Self::Spam,
            Submitted::Stored { .. } => Self::Held,
            Submitted::Duplicate { .. } => Self::Duplicate,
            Submitted::Throttled { .. } => Self::Throttled,
            Submitted::PolicyChanged | Submitted::WouldPublish => Self::Failed,
            Submitted::Closed(_) | Submitted::Gone | Submitted::NoArticle | Submitted::NoParent => {
                Self::Refused
            }
        }
    }
}

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reported {
    Stored,
    Refused,
    Throttled,
    Duplicate,
    Failed,
}

const REPLIED: [&str; 7] = [
    "held",
    "published",
    "spam",
    "refused",
    "throttled",
    "duplicate",
    "failed",
];
const REPORTED: [&str; 5] = ["stored", "refused", "throttled", "duplicate", "failed"];

/// Acts since the start.
#[derive(Debug, Default)]
pub struct Acts {
    replies: [AtomicU64; REPLIED.len()],
    reports: [AtomicU64; REPORTED.len()],
    decisions: [AtomicU64; Decision::ALL.len()],
    undone: AtomicU64,
    login_failures: AtomicU64,
}

impl Acts {
    pub fn replied(&self, outcome: Replied) {
        add(self.replies.get(outcome as usize));
    }

    pub fn reported(&self, outcome: Reported) {
        add(self.reports.get(outcome as usize));
    }

    /// A moderator decided.
    pub fn decided(&self, decision: Decision) {
        add(self.decisions.get(decision as usize));
    }

    /// A moderator took a decision back.
    pub fn undid(&self) {
        add(Some(&self.undone));
    }

    /// A password or a code was wrong.
    pub fn login_failed(&self) {
        add(Some(&self.login_failures));
    }

    pub(super) fn replies(&self) -> Vec<(&'static str, u64)> {
        told(&REPLIED, &self.replies)
    }

    pub(super) fn reports(&self) -> Vec<(&'static str, u64)> {
        told(&REPORTED, &self.reports)
    }

    pub(super) fn decisions(&self) -> Vec<(&'static str, u64)> {
        told(&Decision::ALL.map(Decision::word), &self.decisions)
    }

    pub(super) fn undone(&self) -> u64 {
        self.undone.load(Ordering::Relaxed)
    }

    pub(super) fn login_failures(&self) -> u64 {
        self.login_failures.load(Ordering::Relaxed)
    }
}

/// One more; every act has its count.
fn add(count: Option<&AtomicU64>) {
    if let Some(count) = count {
        count.fetch_add(1, Ordering::Relaxed);
    }
}

fn told(words: &[&'static str], counts: &[AtomicU64]) -> Vec<(&'static str, u64)> {
    let counts = counts.iter().map(|count| count.load(Ordering::Relaxed));
    words.iter().copied().zip(counts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_is_counted_under_its_own_word() {
        let acts = Acts::default();
        acts.replied(Replied::Failed);
        acts.replied(Replied::Published);
        acts.reported(Reported::Duplicate);
        acts.decided(Decision::Keep);
        let counted = |rows: Vec<(&'static str, u64)>| -> Vec<&str> {
            let some = rows.into_iter().filter(|(_, count)| *count == 1);
            some.map(|(word, _)| word).collect()
        };
        assert_eq!(counted(acts.replies()), ["published", "failed"]);
        assert_eq!(counted(acts.reports()), ["duplicate"]);
        assert_eq!(counted(acts.decisions()), ["keep"]);
    }
}
