//! The acts of the audit log in groups, as a filter offers them.

/// Acts that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Approved,
    Rejected,
    Spam,
    Edits,
    Reports,
    Appeals,
    Undone,
    Withdrawn,
    Replied,
    Authors,
    Articles,
    SavedReplies,
    Policy,
    Rules,
    SigningIn,
    People,
    Erased,
}

impl Group {
    pub const ALL: [Self; 17] = [
        Self::Approved,
        Self::Rejected,
        Self::Spam,
        Self::Edits,
        Self::Reports,
        Self::Appeals,
        Self::Undone,
        Self::Withdrawn,
        Self::Replied,
        Self::Authors,
        Self::Articles,
        Self::SavedReplies,
        Self::Policy,
        Self::Rules,
        Self::SigningIn,
        Self::People,
        Self::Erased,
    ];

    /// As addresses have it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Spam => "spam",
            Self::Edits => "edits",
            Self::Reports => "reports",
            Self::Appeals => "appeals",
            Self::Undone => "undone",
            Self::Withdrawn => "withdrawn",
            Self::Replied => "replied",
            Self::Authors => "authors",
            Self::Articles => "articles",
            Self::SavedReplies => "saved-replies",
            Self::Policy => "policy",
            Self::Rules => "rules",
            Self::SigningIn => "signing-in",
            Self::People => "people",
            Self::Erased => "erased",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.word() == word)
    }

    /// The words under which they are written.
    pub(super) fn acts(self) -> &'static [&'static str] {
        match self {
            Self::Approved => &["approved"],
            Self::Rejected => &["rejected"],
            Self::Spam => &["spam"],
            Self::Edits => &["revision-accepted", "revision-refused"],
            Self::Reports => &["reports-kept"],
            Self::Appeals => &["appeal-reversed", "appeal-upheld"],
            Self::Undone => &["undone"],
            Self::Withdrawn => &["withdrawn"],
            Self::Replied => &["replied"],
            Self::Authors => &[
                "author-held",
                "author-released",
                "author-trusted",
                "author-untrusted",
            ],
            Self::Articles => &[
                "article-added",
                "article-updated",
                "article-opened",
                "article-closed",
                "article-removed",
                "hold-mode",
            ],
            Self::SavedReplies => &[
                "saved-reply-added",
                "saved-reply-changed",
                "saved-reply-removed",
            ],
            Self::Policy => &["policy-changed", "list-entry-added", "list-entry-removed"],
            Self::Rules => &["rule-added", "rule-changed", "rule-removed"],
            Self::SigningIn => &[
                "signed-in",
                "signed-out",
                "password-changed",
                "session-ended",
                "sessions-ended",
                "two-factor-on",
                "two-factor-off",
                "recovery-codes-made",
                "recovery-code-used",
            ],
            Self::People => &[
                "moderator-added",
                "moderator-disabled",
                "moderator-enabled",
                "role-changed",
                "two-factor-reset",
                "password-set",
                "byline-tied",
                "byline-untied",
            ],
            Self::Erased => &["erased", super::audit::TEXTS_ERASED],
        }
    }

    pub(super) fn condition(self) -> String {
        let acts: Vec<String> = self.acts().iter().map(|act| format!("'{act}'")).collect();
        format!("act IN ({})", acts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every act that has a sentence is found by one group.
    #[test]
    fn every_act_belongs_to_one_group() {
        let sentences = include_str!("../views/audit/sentence.rs");
        let (_, arms) = sentences
            .split_once("match self.entry.act.as_str() {")
            .unwrap();
        let (arms, _) = arms.split_once("other => {").unwrap();
        let mut acts: Vec<&str> = arms
            .lines()
            // Those of the match itself, and of none within it.
            .filter(|line| line.starts_with("            \"") && line.contains("=>"))
            .filter_map(|line| line.split('"').nth(1))
            .collect();
        acts.dedup();
        assert!(acts.len() > 40, "{acts:?}");
        for act in acts {
            let of = |group: &&Group| group.acts().contains(&act);
            assert_eq!(Group::ALL.iter().filter(of).count(), 1, "{act}");
        }
    }
}
