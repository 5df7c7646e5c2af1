//! Entries of the site's lists: words and phrases, link domains, networks, e-mail domains; and what each does.

use serde::{Deserialize, Serialize};

use super::review::codes;

/// What an entry is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    Words = 0,
    /// The hosts of links.
    Domain = 1,
    /// The client's address.
    Network = 2,
    /// The domain of the e-mail address.
    Email = 3,
}

codes!(EntryKind: Words, Domain, Network, Email);

impl EntryKind {
    pub const ALL: [Self; 4] = [Self::Words, Self::Domain, Self::Network, Self::Email];

    /// The word of forms, files and commands.
    pub fn word(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Domain => "domain",
            Self::Network => "network",
            Self::Email => "email",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Where entries of this kind can be looked for.
    pub fn scope(self) -> Scope {
        match self {
            Self::Words => Scope::EVERYWHERE,
            Self::Domain => Scope {
                name: false,
                ..Scope::EVERYWHERE
            },
            Self::Network | Self::Email => Scope::NOWHERE,
        }
    }
}

/// What happens to a reply in which an entry is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It waits for a moderator.
    Hold = 0,
    /// It is treated as spam, without a moderator.
    Spam = 1,
    /// It is not taken; its author is told by what.
    Refuse = 2,
}

codes!(Action: Hold, Spam, Refuse);

impl Action {
    pub const ALL: [Self; 3] = [Self::Hold, Self::Spam, Self::Refuse];

    /// The word of forms, files and commands.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Spam => "spam",
            Self::Refuse => "refuse",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }
}

/// In which fields an entry is looked for. Networks and e-mail domains have a field of their own, and no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    pub text: bool,
    pub name: bool,
    pub website: bool,
}

impl Scope {
    pub const EVERYWHERE: Self = Self {
        text: true,
        name: true,
        website: true,
    };
    pub const NOWHERE: Self = Self {
        text: false,
        name: false,
        website: false,
    };
    /// The words of forms, files and commands, with what each adds to the number that the database holds.
    pub const WORDS: [(&'static str, i16); 3] = [("text", 1), ("name", 2), ("website", 4)];

    /// What the database holds.
    pub fn code(self) -> i16 {
        i16::from(self.text) + 2 * i16::from(self.name) + 4 * i16::from(self.website)
    }

    pub fn from_code(code: i16) -> Self {
        Self {
            text: code & 1 != 0,
            name: code & 2 != 0,
            website: code & 4 != 0,
        }
    }

    /// The fields of both.
    pub fn and(self, other: Self) -> Self {
        Self::from_code(self.code() & other.code())
    }

    /// Its words, in order.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        let code = self.code();
        let holds = move |(_, bit): &(&str, i16)| code & bit != 0;
        Self::WORDS.into_iter().filter(holds).map(|(word, _)| word)
    }
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListEntry {
    pub kind: EntryKind,
    pub pattern: String,
    pub action: Action,
    pub scope: Scope,
    /// Milliseconds since 1970 UTC from which on it is not looked for any more.
    pub until: Option<i64>,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryProblem {
    /// Neither a letter nor a digit.
    NothingToFind,
    StarInside,
    StemTooShort,
    NoDomain,
    NoNetwork,
    /// The whole of the internet.
    EveryNetwork,
    /// It is looked for nowhere.
    NoScope,
    TooLong,
    /// Its end has passed.
    Ended,
    /// It stands in the list.
    Known,
}

/// Unicode characters of a pattern.
pub const PATTERN_LENGTH: usize = 200;

/// In which field of a reply an entry was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FoundIn {
    Text,
    Name,
    Website,
    /// The host of a link in the text.
    Link,
    Network,
    Email,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_codes_lead_back() {
        for kind in EntryKind::ALL {
            assert_eq!(EntryKind::from_word(kind.word()), Some(kind));
            assert_eq!(EntryKind::try_from(kind.code()).ok(), Some(kind));
        }
        for action in Action::ALL {
            assert_eq!(Action::from_word(action.word()), Some(action));
            assert_eq!(Action::try_from(action.code()).ok(), Some(action));
        }
        for code in 0..8 {
            assert_eq!(Scope::from_code(code).code(), code);
        }
        let words: Vec<&str> = EntryKind::Domain.scope().words().collect();
        assert_eq!(words, ["text", "website"]);
        assert_eq!(EntryKind::Network.scope(), Scope::NOWHERE);
    }
}
