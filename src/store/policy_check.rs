//! The lists made ready to be looked for, and a reply held against them. Needs no database: replies are checked off the writer.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;

use super::connection::Db;
use super::error::Result;
use super::policy::{self, InForce};
use crate::moderation::HoldReason;
use crate::moderation::listed::{
    Action, EntryKind, EntryProblem, FoundIn, ListEntry, PATTERN_LENGTH, Scope,
};
use crate::text::{self, BadPattern, SafeHtml, WordList};
use crate::time::Timestamp;

/// What of a reply is held against the lists.
#[derive(Debug, Clone, Default)]
pub struct Written {
    pub name: String,
    pub email: String,
    pub website: String,
    /// The words of the text as readers would see them.
    pub words: String,
    /// Of its links, and those that it names.
    pub hosts: Vec<String>,
    /// The client's; none where it is not known any more.
    pub address: Option<IpAddr>,
}

impl Written {
    /// The text alone, as rendered; the fields beside it are left empty.
    pub fn of_text(html: &SafeHtml) -> Self {
        let words = text::plain(html.as_str());
        Self {
            hosts: text::hosts(html, &words),
            words,
            ..Self::default()
        }
    }
}

/// The policy of one version, ready to check replies.
#[derive(Debug, Default)]
pub struct Checker {
    policy: InForce,
    entries: Vec<ListEntry>,
    words: WordList,
    /// By domain, in the form of [`text::domain`].
    domains: HashMap<String, Vec<usize>>,
    emails: HashMap<String, Vec<usize>>,
    networks: HashMap<IpNet, Vec<usize>>,
    /// The lengths that `networks` has, so that an address is looked up once for each.
    prefixes: Vec<u8>,
}

impl Checker {
    /// Makes entries ready. What is wrong with one by today's rules is left out: it was checked when it was added.
    pub fn new(policy: InForce, entries: Vec<ListEntry>) -> Self {
        let mut checker = Self {
            policy,
            ..Self::default()
        };
        for (number, entry) in entries.iter().enumerate() {
            let pattern = entry.pattern.as_str();
            match entry.kind {
                EntryKind::Words => {}
                EntryKind::Domain => {
                    if let Some(domain) = text::domain(pattern) {
                        checker.domains.entry(domain).or_default().push(number);
                    }
                }
                EntryKind::Email => {
                    if let Some(domain) = text::domain(pattern) {
                        checker.emails.entry(domain).or_default().push(number);
                    }
                }
                EntryKind::Network => {
                    if let Some(network) = network(pattern) {
                        checker.networks.entry(network).or_default().push(number);
                    }
                }
            }
        }
        let mut prefixes: Vec<u8> = checker.networks.keys().map(IpNet::prefix_len).collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        checker.prefixes = prefixes;
        let words = entries.iter().enumerate();
        let words = words.filter(|(_, entry)| entry.kind == EntryKind::Words);
        checker.words = WordList::new(words.map(|(number, entry)| (number, &*entry.pattern)));
        checker.entries = entries;
        checker
    }

    /// Reads the policy in force and makes it ready.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn load(db: &mut Db) -> Result<Self> {
        let policy = policy::in_force(db)?;
        let entries = policy::entries(db)?;
        let entries = entries.into_iter().map(|(_, entry)| entry).collect();
        Ok(Self::new(policy, entries))
    }

    /// The settings that were in force when it was loaded.
    pub fn policy(&self) -> InForce {
        self.policy
    }

    pub fn version(&self) -> i64 {
        self.policy.version
    }

    /// Every entry that a reply matches, as reasons: what refuses it first, then what makes it spam, then what holds it.
    pub fn check(&self, written: &Written, now: Timestamp) -> Vec<HoldReason> {
        let mut found: Vec<HoldReason> = Vec::new();
        for (at, field) in [
            (FoundIn::Text, &written.words),
            (FoundIn::Name, &written.name),
            (FoundIn::Website, &written.website),
        ] {
            for hit in self.words.find(field) {
                let matched = field.get(hit.from..hit.to).unwrap_or_default();
                self.keep(&mut found, hit.number, at, matched, now);
            }
        }
        for host in &written.hosts {
            self.keep_host(&mut found, FoundIn::Link, host, now);
        }
        if let Some(host) = text::host_of(&written.website) {
            self.keep_host(&mut found, FoundIn::Website, &host, now);
        }
        let email = written.email.rsplit_once('@');
        if let Some(domain) = email.and_then(|(_, domain)| text::domain(domain)) {
            let above = text::domains_of(&domain).filter_map(|domain| self.emails.get(domain));
            for number in above.flatten() {
                self.keep(&mut found, *number, FoundIn::Email, &domain, now);
            }
        }
        if let Some(address) = written.address {
            for number in self.networks_of(address) {
                self.keep(&mut found, number, FoundIn::Network, "", now);
            }
        }
        found.sort_by_key(|reason| match reason {
            HoldReason::Listed { action, .. } => std::cmp::Reverse(*action),
            _ => std::cmp::Reverse(Action::Hold),
        });
        found
    }

    fn keep_host(&self, found: &mut Vec<HoldReason>, at: FoundIn, host: &str, now: Timestamp) {
        let above = text::domains_of(host).filter_map(|domain| self.domains.get(domain));
        for number in above.flatten() {
            self.keep(found, *number, at, host, now);
        }
    }

    fn networks_of(&self, address: IpAddr) -> Vec<usize> {
        let network = |length: &u8| {
            let network = IpNet::new(address, *length).ok()?;
            self.networks.get(&network.trunc())
        };
        let found = self.prefixes.iter().filter_map(network);
        found.flatten().copied().collect()
    }

    /// Notes an entry that was found, if it is looked for there and its end has not passed.
    fn keep(
        &self,
        found: &mut Vec<HoldReason>,
        number: usize,
        at: FoundIn,
        matched: &str,
        now: Timestamp,
    ) {
        let Some(entry) = self.entries.get(number) else {
            return;
        };
        let wanted = match at {
            FoundIn::Text | FoundIn::Link => entry.scope.text,
            FoundIn::Name => entry.scope.name,
            FoundIn::Website => entry.scope.website,
            FoundIn::Network | FoundIn::Email => true,
        };
        if wanted && entry.until.is_none_or(|until| now.0 < until) {
            found.push(HoldReason::Listed {
                kind: entry.kind,
                // A listed network may be one address, which is kept with no comment.
                pattern: match at {
                    FoundIn::Network => String::new(),
                    _ => entry.pattern.clone(),
                },
                matched: matched.to_owned(),
                at,
                action: entry.action,
            });
        }
    }
}

/// The pattern for the log: of networks no more than moderators see, a /24 or a /48.
pub(super) fn shortened(entry: &ListEntry) -> String {
    let shown = match (entry.kind, network(&entry.pattern)) {
        (EntryKind::Network, Some(IpNet::V4(network))) if network.prefix_len() > 24 => {
            IpNet::new(network.network().into(), 24).ok()
        }
        (EntryKind::Network, Some(IpNet::V6(network))) if network.prefix_len() > 48 => {
            IpNet::new(network.network().into(), 48).ok()
        }
        _ => None,
    };
    let within = |network: IpNet| format!("… {}", network.trunc());
    shown.map_or_else(|| entry.pattern.clone(), within)
}

/// A network as lists have it, or a single address.
fn network(pattern: &str) -> Option<IpNet> {
    let single = || pattern.parse::<IpAddr>().ok().map(IpNet::from);
    let network = pattern.parse::<IpNet>().ok().or_else(single)?;
    Some(network.trunc())
}

/// An entry as it goes into the lists: its pattern in the one form of its kind, its scope within what its kind has.
///
/// # Errors
/// What is wrong with it.
pub fn checked(
    mut entry: ListEntry,
    now: Timestamp,
) -> std::result::Result<ListEntry, EntryProblem> {
    let typed: String = text::one_line(&entry.pattern)
        .chars()
        .filter(|letter| !letter.is_control())
        .collect();
    if typed.chars().count() > PATTERN_LENGTH {
        return Err(EntryProblem::TooLong);
    }
    entry.pattern = match entry.kind {
        EntryKind::Words => {
            text::check_pattern(&typed).map_err(|wrong| match wrong {
                BadPattern::NothingToFind => EntryProblem::NothingToFind,
                BadPattern::StarInside => EntryProblem::StarInside,
                BadPattern::StemTooShort => EntryProblem::StemTooShort,
            })?;
            typed
        }
        EntryKind::Domain => text::domain(&typed).ok_or(EntryProblem::NoDomain)?,
        EntryKind::Email => {
            let bare = typed.rsplit_once('@').map_or(&*typed, |(_, domain)| domain);
            text::domain(bare).ok_or(EntryProblem::NoDomain)?
        }
        EntryKind::Network => {
            let network = network(&typed).ok_or(EntryProblem::NoNetwork)?;
            if network.prefix_len() == 0 {
                return Err(EntryProblem::EveryNetwork);
            }
            network.to_string()
        }
    };
    let within = entry.kind.scope();
    entry.scope = entry.scope.and(within);
    if entry.scope == Scope::NOWHERE && within != Scope::NOWHERE {
        return Err(EntryProblem::NoScope);
    }
    if entry.until.is_some_and(|until| until <= now.0) {
        return Err(EntryProblem::Ended);
    }
    Ok(entry)
}

/// The checker of the latest version that this instance has seen.
#[derive(Debug, Default)]
pub struct Latest {
    checker: Mutex<Arc<Checker>>,
}

impl Latest {
    pub fn new(checker: Checker) -> Self {
        Self {
            checker: Mutex::new(Arc::new(checker)),
        }
    }

    pub fn get(&self) -> Arc<Checker> {
        let checker = self.checker.lock();
        Arc::clone(&checker.unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps one that was loaded, unless a later one is there.
    pub fn put(&self, loaded: Checker) -> Arc<Checker> {
        let mut checker = self.checker.lock().unwrap_or_else(PoisonError::into_inner);
        if checker.version() <= loaded.version() {
            *checker = Arc::new(loaded);
        }
        Arc::clone(&checker)
    }
}
