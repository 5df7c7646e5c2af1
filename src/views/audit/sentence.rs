//! What an entry of the audit log says. An act that has no sentence yet is said by its word.

use crate::moderation::{About, RevisionStatus, Status};
use crate::store::audit_log::{CommentNamed, Logged, Original, Who};
use crate::time::Timestamp;
use crate::views::dates::Dates;
use crate::views::{Phrases, decided};

mod settings;

/// A stretch of a sentence.
pub(super) enum Part {
    Words(String),
    Who(String),
    Name(String),
    Link(Link),
}

pub(super) struct Link {
    pub address: String,
    pub words: String,
}

pub(super) fn named(phrases: &Phrases, moderator: &str) -> String {
    if moderator.is_empty() {
        return phrases.say("audit-moderator-gone");
    }
    moderator.to_owned()
}

/// An entry on its way into words.
pub(super) struct Sentence<'a> {
    pub phrases: &'a Phrases,
    pub dates: &'a Dates<'a>,
    pub entry: &'a Logged,
}

impl Sentence<'_> {
    pub fn parts(&self) -> Vec<Part> {
        let ground = self.ground();
        let ground = ground.as_deref();
        match self.entry.act.as_str() {
            "signed-in" => match self.word("with") {
                "code" => self.say("audit-signed-in-code", &[]),
                "recovery-code" => self.say("audit-signed-in-recovery", &[]),
                _ => self.say("audit-signed-in", &[]),
            },
            "signed-out" => self.say("audit-signed-out", &[]),
            "approved" => self.say("audit-approved", &[]),
            "rejected" => match ground {
                Some(ground) => self.say("audit-rejected-ground", &[("ground", ground)]),
                None => self.say("audit-rejected", &[]),
            },
            "spam" => self.say("audit-spam", &[]),
            "revision-accepted" => self.say("audit-edit-accepted", &[]),
            "revision-refused" => match ground {
                Some(ground) => self.say("audit-edit-refused-ground", &[("ground", ground)]),
                None => self.say("audit-edit-refused", &[]),
            },
            "reports-kept" => self.say("audit-reports-kept", &[]),
            "appeal-reversed" => self.say("audit-appeal-reversed", &[]),
            "appeal-upheld" => self.say("audit-appeal-upheld", &[]),
            "withdrawn" => self.say("audit-withdrawn", &[]),
            "undone" => match self.undone() {
                Some(what) => self.say("audit-undone-of", &[("what", &what)]),
                None => self.say("audit-undone", &[]),
            },
            "author-held" => {
                let until = self.fact("until").map(Timestamp);
                let day = until.map_or_else(String::new, |until| self.dates.date(until));
                self.say("audit-author-held", &[("day", &day)])
            }
            "author-released" if self.entry.comment.is_some() => {
                self.say("audit-author-of-released", &[])
            }
            "author-released" => self.say("audit-author-released", &[]),
            "erased" => {
                let of = |what| self.phrases.number(self.fact(what).unwrap_or_default());
                let said = [("comments", of("comments")), ("reports", of("reports"))];
                let said = said.each_ref().map(|(what, n)| (*what, n.as_str()));
                self.say("audit-erased", &said)
            }
            "author-trusted" => self.say("audit-author-trusted", &[]),
            "author-untrusted" => self.say("audit-author-untrusted", &[]),
            "replied" => self.say("audit-replied", &[]),
            "byline-tied" => self.say("audit-byline-tied", &[]),
            "byline-untied" => self.say("audit-byline-untied", &[]),
            "saved-reply-added" => self.say("audit-saved-reply-added", &[]),
            "saved-reply-changed" => self.say("audit-saved-reply-changed", &[]),
            "saved-reply-removed" => self.say("audit-saved-reply-removed", &[]),
            "moderator-added" => self.say("audit-moderator-added", &[]),
            "password-set" => self.say("audit-password-set", &[]),
            "moderator-disabled" => self.say("audit-moderator-disabled", &[]),
            "moderator-enabled" => self.say("audit-moderator-enabled", &[]),
            "role-changed" => match self.word("to") {
                "admin" => self.say("audit-role-admin", &[]),
                _ => self.say("audit-role-moderator", &[]),
            },
            "two-factor-reset" => self.say("audit-two-factor-reset", &[]),
            "two-factor-on" => self.say("audit-two-factor-on", &[]),
            "two-factor-off" => self.say("audit-two-factor-off", &[]),
            "recovery-codes-made" => self.say("audit-recovery-codes-made", &[]),
            "recovery-code-used" => {
                let left = self.fact("left").unwrap_or_default();
                let left = self.phrases.count("audit-codes-left", left);
                self.say("audit-recovery-code-used", &[("left", &left)])
            }
            "password-changed" => self.say("audit-password-changed", &[]),
            "session-ended" => self.say("audit-session-ended", &[]),
            "sessions-ended" => self.say("audit-sessions-ended", &[]),
            "article-added" => self.say("audit-article-added", &[]),
            "article-updated" => self.say("audit-article-updated", &[]),
            "article-opened" => self.say("audit-article-opened", &[]),
            "article-closed" => self.say("audit-article-closed", &[]),
            "article-removed" => self.say("audit-article-removed", &[]),
            "policy-changed" => {
                let changes = settings::changes(self.phrases, &self.entry.facts);
                self.say("audit-policy-changed", &[("changes", &changes)])
            }
            "list-entry-added" => self.say("audit-list-entry-added", &[]),
            "list-entry-removed" => self.say("audit-list-entry-removed", &[]),
            "hold-mode" => self.say("audit-hold-mode", &[("mode", &self.hold_mode())]),
            "rule-added" => self.say("audit-rule-added", &[("number", &self.rule_number())]),
            "rule-changed" => self.say("audit-rule-changed", &[("number", &self.rule_number())]),
            "rule-removed" => self.say("audit-rule-removed", &[("number", &self.rule_number())]),
            "texts-erased" => {
                let named = self
                    .entry
                    .facts
                    .get("entries")
                    .and_then(|all| all.as_array());
                let count = named.map_or(0, Vec::len).to_string();
                self.say("audit-texts-erased", &[("count", &count)])
            }
            other => {
                let act = [("act", other)];
                match (&self.entry.comment, &self.entry.article) {
                    (Some(_), _) => self.say("audit-other-comment", &act),
                    (None, Some(_)) => self.say("audit-other-article", &act),
                    (None, None) => self.say("audit-other", &act),
                }
            }
        }
    }

    /// A phrase with its slots filled.
    fn say(&self, key: &str, values: &[(&'static str, &str)]) -> Vec<Part> {
        const SLOTS: [&str; 6] = ["who", "subject", "article", "name", "other", "author"];
        let mut parts = Vec::new();
        for piece in self.phrases.pieces(key, &SLOTS, values) {
            match piece.slot {
                "who" => parts.push(Part::Who(self.who())),
                "subject" => self.subject(&mut parts),
                "article" => parts.push(self.article()),
                "name" => parts.push(Part::Name(self.name())),
                "author" => parts.push(self.author()),
                "other" => {
                    let original = self.original().map_or("", |of| of.moderator.as_str());
                    parts.push(Part::Name(named(self.phrases, original)));
                }
                _ => parts.push(Part::Words(piece.text)),
            }
        }
        parts
    }

    fn who(&self) -> String {
        match &self.entry.who {
            Who::Moderator(name) => named(self.phrases, name),
            Who::CommandLine => self.phrases.say("audit-command-line"),
            Who::Author => self.phrases.say("audit-its-author"),
            Who::Policy => self.phrases.say("hold-policy"),
            Who::Unknown => self.phrases.say("audit-unknown-who"),
        }
    }

    /// The account or the saved reply that the act was about.
    fn name(&self) -> String {
        if self.entry.text.is_empty() {
            return self.phrases.say("audit-no-name");
        }
        self.entry.text.clone()
    }

    fn fact(&self, name: &str) -> Option<i64> {
        self.entry.facts.get(name)?.as_i64()
    }

    /// A fact that is a word; empty when it is not there.
    fn word(&self, name: &str) -> &str {
        let fact = self.entry.facts.get(name);
        fact.and_then(serde_json::Value::as_str).unwrap_or_default()
    }

    /// The number of the house rule that was changed.
    fn rule_number(&self) -> String {
        self.fact("number").unwrap_or_default().to_string()
    }

    /// Which replies of an article wait from then on.
    fn hold_mode(&self) -> String {
        let to = self.entry.facts.get("to").and_then(|mode| mode.as_str());
        match to {
            Some("all") => self.phrases.say("audit-hold-all"),
            Some("first") => self.phrases.say("audit-hold-first"),
            Some("none") => self.phrases.say("audit-hold-none"),
            _ => self.phrases.say("audit-hold-site"),
        }
    }

    /// A recognised author, who has a page and no name.
    fn author(&self) -> Part {
        let id = self.fact("author").unwrap_or_default().to_string();
        Part::Link(Link {
            words: self
                .phrases
                .say_with("audit-author", &[("number", id.as_str())]),
            address: format!("/moderation/authors/{id}"),
        })
    }

    /// "comment 2198 by Osman Rahimi on Night ferry to stay"
    fn subject(&self, parts: &mut Vec<Part>) {
        let Some(comment) = &self.entry.comment else {
            return;
        };
        if self.entry.article.is_none() {
            return self.comment(comment, parts);
        }
        let slots = ["comment", "article"];
        for piece in self.phrases.pieces("audit-subject", &slots, &[]) {
            match piece.slot {
                "comment" => self.comment(comment, parts),
                "article" => parts.push(self.article()),
                _ => parts.push(Part::Words(piece.text)),
            }
        }
    }

    /// With its author's name, while there is one.
    fn comment(&self, comment: &CommentNamed, parts: &mut Vec<Part>) {
        if comment.name.is_empty() {
            return parts.push(self.number(comment));
        }
        let slots = ["comment", "name"];
        for piece in self.phrases.pieces("audit-comment-by", &slots, &[]) {
            parts.push(match piece.slot {
                "comment" => self.number(comment),
                "name" => Part::Name(comment.name.clone()),
                _ => Part::Words(piece.text),
            });
        }
    }

    /// Only a public comment has an address.
    fn number(&self, comment: &CommentNamed) -> Part {
        let number = comment.id.to_string();
        let number = [("number", number.as_str())];
        let words = self.phrases.say_with("audit-comment", &number);
        if !comment.public {
            return Part::Words(words);
        }
        Part::Link(Link {
            address: format!("/comments/{}", comment.id),
            words,
        })
    }

    fn article(&self) -> Part {
        match &self.entry.article {
            Some(article) if article.removed => Part::Name(article.title.clone()),
            Some(article) => Part::Link(Link {
                address: format!("/articles/{}", article.slug),
                words: article.title.clone(),
            }),
            None => {
                let slug = self.entry.facts.get("slug");
                let slug = slug.and_then(serde_json::Value::as_str);
                Part::Name(slug.unwrap_or_default().to_owned())
            }
        }
    }

    /// "personal attack (rule 1)"
    fn ground(&self) -> Option<String> {
        let decision = self.entry.decision.as_ref()?;
        let title = decision.rule.as_ref().map_or("", |rule| &rule.title);
        Some(decided::ground(self.phrases, decision.ground?, title))
    }

    fn original(&self) -> Option<&Original> {
        self.entry.decision.as_ref()?.original.as_ref()
    }

    /// What an undo took back: "rejection".
    fn undone(&self) -> Option<String> {
        let of = self.original()?;
        let accepted = of.outcome == Some(RevisionStatus::Accepted.code());
        Some(match of.about {
            About::Revision if accepted => self.phrases.say("audit-what-edit-accepted"),
            About::Revision => self.phrases.say("audit-what-edit-refused"),
            About::Reports => self.phrases.say("audit-what-reports"),
            About::Appeal => self.phrases.say("audit-what-appeal"),
            About::Status => match of.to {
                Status::Approved => self.phrases.say("audit-what-approval"),
                Status::Spam => self.phrases.say("audit-what-spam"),
                Status::Rejected => self.phrases.say("audit-what-rejection"),
                Status::Pending | Status::Withdrawn => self.phrases.say("audit-what-return"),
            },
        })
    }
}
