//! The filters above the audit log: what was asked for, and the choices.

use super::filters::Choice;
use super::{Phrases, Site};
use crate::store::audit_filter::Group;
use crate::store::moderators::Account;

/// What was asked for, as it was typed. Empty for everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The id of a moderator, or `command-line`, `authors`, `policy`.
    pub who: String,
    /// The word of a [`Group`].
    pub act: String,
    /// The number of a comment.
    pub comment: String,
    /// Days, as a field for dates has them.
    pub from: String,
    pub to: String,
}

impl Asked {
    /// As an address has it after the question mark; empty where nothing was asked for.
    pub fn words(&self) -> String {
        let mut words = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.fields() {
            if !value.is_empty() {
                words.append_pair(name, value);
            }
        }
        words.finish()
    }

    pub fn is_empty(&self) -> bool {
        self.fields().iter().all(|(_, value)| value.is_empty())
    }

    fn fields(&self) -> [(&'static str, &str); 5] {
        [
            ("who", &self.who),
            ("act", &self.act),
            ("comment", &self.comment),
            ("from", &self.from),
            ("to", &self.to),
        ]
    }
}

/// What cannot be read of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wrong {
    pub comment: bool,
    pub from: bool,
    pub to: bool,
}

impl Wrong {
    pub fn any(self) -> bool {
        self.comment || self.from || self.to
    }
}

/// The form.
pub(super) struct AuditFilters {
    pub asked: Asked,
    pub people: Vec<Choice>,
    pub groups: Vec<Choice>,
    pub comment_error: String,
    pub from_error: String,
    pub to_error: String,
    pub narrowed: bool,
}

impl AuditFilters {
    pub fn new(site: &Site, asked: &Asked, wrong: Wrong, people: &[Account]) -> Self {
        let phrases = site.phrases;
        let say_if = |is: bool, words: String| if is { words } else { String::new() };
        let choice = |value: &str, words: String| Choice {
            chosen: asked.who == value,
            value: value.to_owned(),
            words,
        };
        let mut who: Vec<Choice> = people
            .iter()
            .map(|account| choice(&account.id.to_string(), account.name.clone()))
            .collect();
        who.push(choice("command-line", phrases.say("audit-command-line")));
        who.push(choice("authors", phrases.say("log-authors")));
        who.push(choice("policy", phrases.say("hold-policy")));
        Self {
            people: who,
            groups: Group::ALL
                .iter()
                .map(|group| Choice {
                    value: group.word().to_owned(),
                    words: name(phrases, *group),
                    chosen: asked.act == group.word(),
                })
                .collect(),
            comment_error: say_if(wrong.comment, phrases.say("log-comment-wrong")),
            from_error: say_if(wrong.from, phrases.say("log-day-wrong")),
            to_error: say_if(wrong.to, phrases.say("log-day-wrong")),
            narrowed: !asked.is_empty(),
            asked: asked.clone(),
        }
    }
}

fn name(phrases: &Phrases, group: Group) -> String {
    match group {
        Group::Approved => phrases.say("log-approved"),
        Group::Rejected => phrases.say("log-rejected"),
        Group::Spam => phrases.say("log-spam"),
        Group::Edits => phrases.say("log-edits"),
        Group::Reports => phrases.say("log-reports"),
        Group::Appeals => phrases.say("log-appeals"),
        Group::Undone => phrases.say("log-undone"),
        Group::Withdrawn => phrases.say("log-withdrawn"),
        Group::Replied => phrases.say("log-replied"),
        Group::Authors => phrases.say("log-holds"),
        Group::Articles => phrases.say("log-articles"),
        Group::SavedReplies => phrases.say("log-saved-replies"),
        Group::Policy => phrases.say("log-policy"),
        Group::Rules => phrases.say("log-rules"),
        Group::SigningIn => phrases.say("log-signing-in"),
        Group::People => phrases.say("log-people"),
        Group::Erased => phrases.say("log-erased"),
    }
}
