//! What the kept pages show, each with the newest version that is known of it.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Lists of articles that are followed at once; further ones are not kept. Those of the newest articles always have a place.
const MOST_LISTS: usize = 32;

/// A turn before the first one: what was read in it is never current.
const NEVER: i64 = -1;

/// Which articles a list shows, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    pub before: Option<i64>,
    pub after: Option<i64>,
    pub rows: i64,
}

impl Window {
    fn is_first(self) -> bool {
        self.before.is_none() && self.after.is_none()
    }
}

/// What a page shows, in the version that it was rendered from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Article {
        id: i64,
        version: i64,
    },
    Rules {
        version: i64,
    },
    /// `turn` is what [`super::Pages::list`] said before it was read; the fingerprint is that of its articles and their versions.
    List {
        window: Window,
        turn: i64,
        fingerprint: u64,
    },
}

/// Of the articles of a list, each with its version.
pub fn fingerprint(rows: impl Iterator<Item = (i64, i64)>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for row in rows {
        row.hash(&mut hasher);
    }
    hasher.finish()
}

#[derive(Debug)]
struct Article {
    newest: Arc<AtomicI64>,
    /// How many changes had been told when this one's last was.
    told: u64,
}

#[derive(Debug)]
struct List {
    turn: Arc<AtomicI64>,
    fingerprint: Option<u64>,
}

impl List {
    /// It was read like this in that turn. Whether somebody read it otherwise in the same one: what changed it was told by nobody, and
    /// no page of it is current.
    fn reads_otherwise(&mut self, turn: i64, fingerprint: u64) -> bool {
        if turn != self.turn.load(Ordering::Acquire) {
            return false;
        }
        match self.fingerprint {
            Some(known) if known != fingerprint => {
                self.change();
                true
            }
            _ => {
                self.fingerprint = Some(fingerprint);
                false
            }
        }
    }

    /// It may have changed: how it reads now is seen when it is read next.
    fn change(&mut self) {
        self.turn.fetch_add(1, Ordering::AcqRel);
        self.fingerprint = None;
    }
}

#[derive(Debug, Default)]
struct Known {
    articles: HashMap<i64, Article>,
    lists: HashMap<Window, List>,
}

#[derive(Debug, Default)]
pub struct Followed {
    known: Mutex<Known>,
    rules: Arc<AtomicI64>,
    /// Changes that were told since the start.
    told: AtomicU64,
}

impl Followed {
    /// A counter of the newest version, and the version that is shown.
    pub fn follow(&self, mark: Mark) -> (Arc<AtomicI64>, i64) {
        match mark {
            Mark::Article { id, version } => {
                let mut known = self.lock();
                let article = known.articles.entry(id).or_insert_with(|| Article {
                    newest: Arc::default(),
                    told: 0,
                });
                article.newest.fetch_max(version, Ordering::AcqRel);
                (Arc::clone(&article.newest), version)
            }
            Mark::Rules { version } => {
                self.rules.fetch_max(version, Ordering::AcqRel);
                (Arc::clone(&self.rules), version)
            }
            Mark::List {
                window,
                turn,
                fingerprint,
            } => {
                let mut known = self.lock();
                match known.lists.get_mut(&window) {
                    Some(list) => {
                        if list.reads_otherwise(turn, fingerprint) {
                            self.told.fetch_add(1, Ordering::AcqRel);
                        }
                        (Arc::clone(&list.turn), turn)
                    }
                    // There are too many already: never current.
                    None => (Arc::new(AtomicI64::new(i64::MAX)), turn),
                }
            }
        }
    }

    pub fn tell_article(&self, id: i64, version: i64) {
        let mut known = self.lock();
        let told = self.told.fetch_add(1, Ordering::AcqRel) + 1;
        let article = known.articles.entry(id).or_insert_with(|| Article {
            newest: Arc::default(),
            told,
        });
        article.newest.fetch_max(version, Ordering::AcqRel);
        article.told = told;
        // Which lists show it is not known while one is being rendered.
        known.lists.values_mut().for_each(List::change);
    }

    pub fn tell_rules(&self, version: i64) {
        if self.rules.load(Ordering::Acquire) < version {
            self.told.fetch_add(1, Ordering::AcqRel);
            self.rules.fetch_max(version, Ordering::AcqRel);
        }
    }

    /// Whether a newer version of this article is known to be there than any that was told.
    pub fn is_newer(&self, id: i64, version: i64) -> bool {
        let known = self.lock();
        let newest = known.articles.get(&id).map(|article| &article.newest);
        newest.is_some_and(|newest| newest.load(Ordering::Acquire) < version)
    }

    pub fn list(&self, window: Window) -> i64 {
        let mut known = self.lock();
        let is_full = known.lists.len() >= MOST_LISTS && !window.is_first();
        if is_full && !known.lists.contains_key(&window) {
            return NEVER;
        }
        let list = known.lists.entry(window).or_insert_with(|| List {
            turn: Arc::default(),
            fingerprint: None,
        });
        list.turn.load(Ordering::Acquire)
    }

    pub fn tell_list(&self, window: Window, fingerprint: u64) -> bool {
        let mut known = self.lock();
        let Some(list) = known.lists.get_mut(&window) else {
            return true;
        };
        let same = list.fingerprint.is_none_or(|known| known == fingerprint);
        if !same {
            self.told.fetch_add(1, Ordering::AcqRel);
            list.change();
        }
        same
    }

    /// How many changes have been told.
    pub fn told(&self) -> u64 {
        self.told.load(Ordering::Acquire)
    }

    /// Articles and lists that a page shows. The others are forgotten, unless a rendering under way may need them: what was told
    /// after so many changes is kept in any case, and so are all lists while `rendering`.
    pub fn used(&self, told: u64, rendering: bool) -> (Vec<i64>, Vec<Window>) {
        let mut known = self.lock();
        known
            .articles
            .retain(|_, article| Arc::strong_count(&article.newest) > 1 || article.told > told);
        known
            .lists
            .retain(|_, list| rendering || Arc::strong_count(&list.turn) > 1);
        let articles = known.articles.keys().copied().collect();
        let lists = known.lists.keys().copied().collect();
        (articles, lists)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
