//! Rendered pages kept in memory as bytes: found or rendered once, and never handed out once it is known that they changed.
//!
//! What a page shows has a version: that of its article, of the house rules, or of a list of articles. A page keeps the versions
//! that it was rendered from; it is current as long as nobody has told of a newer one. Whoever changes something tells it after
//! the commit and before the answer, and a rendering that had begun before is not current any more when it is done.

mod flights;
mod followed;
mod page;

use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use moka::sync::Cache;
use tokio::time::timeout;

use crate::time::{MINUTE, SECOND, Timestamp};
use flights::Flights;
use followed::Followed;
pub use followed::{Mark, Window, fingerprint};
pub use page::{Encoding, Page};

/// A page of this age, in milliseconds, is rendered anew, for what changes without a version: views, and the year.
const FRESH: i64 = MINUTE;
/// As long as the database does not answer, it is handed out until it is of this age.
const STALE: i64 = 10 * MINUTE;
/// After a failure, so long nobody waits for another: whoever comes is handed the old page at once.
/// When it is back, the next look at it tells of what has changed meanwhile.
const SPARE: i64 = 10 * SECOND;
/// Whoever could be handed an old page that is still true waits no longer than this for a newer one.
const PATIENCE: Duration = Duration::from_secs(2);

/// Bytes of a version that a page follows, with its place among those that are known.
const FOLLOWED: usize = 128;

/// Why there is no page.
#[derive(Debug, Clone)]
pub enum Refusal {
    Nowhere,
    Gone,
    /// To another path.
    Moved(Arc<str>),
    /// The database does not answer now.
    Unavailable(Arc<str>),
    Failed(Arc<str>),
}

/// A page as it was rendered.
#[derive(Debug)]
pub struct Draft {
    pub page: Page,
    /// What it shows, and in which version.
    pub follows: Vec<Mark>,
    /// Milliseconds after which it is rendered anew, whatever it follows.
    pub fresh: i64,
    /// Whether it is the page of its address; else it is handed out once.
    pub keep: bool,
}

impl Draft {
    pub fn new(page: Page, follows: Vec<Mark>) -> Self {
        Self {
            page,
            follows,
            fresh: FRESH,
            keep: true,
        }
    }
}

/// A page that is kept.
#[derive(Debug)]
struct Kept {
    page: Arc<Page>,
    /// Each version that it shows, beside the newest one known.
    follows: Vec<(Arc<AtomicI64>, i64)>,
    at: Timestamp,
    fresh: i64,
    keep: bool,
    /// Until when nobody waits for a newer one, because somebody has waited too long.
    spared_until: AtomicI64,
}

impl Kept {
    fn is_current(&self) -> bool {
        self.follows
            .iter()
            .all(|(newest, shown)| newest.load(Ordering::Acquire) <= *shown)
    }

    /// Whether it is for others than who asked for it. What is handed out once may show things that nobody tells of.
    fn is_good_for_all(&self) -> bool {
        self.keep && self.is_current()
    }

    /// Milliseconds since it was rendered; none where the clock was set back.
    fn age(&self, now: Timestamp) -> Option<i64> {
        (self.at <= now).then(|| now.since(self.at))
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        self.age(now).is_some_and(|age| age < self.fresh)
    }

    fn is_good_for_want_of_another(&self, now: Timestamp) -> bool {
        self.is_current() && self.age(now).is_none_or(|age| age < STALE)
    }
}

/// What the cache has done since the start, and what it holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    pub hits: u64,
    pub misses: u64,
    /// Misses because the page had grown old, not because what it shows had changed.
    pub refreshes: u64,
    /// Old pages handed out because the database did not answer.
    pub stale: u64,
    pub bytes: u64,
    pub entries: u64,
}

#[derive(Debug, Default)]
struct Counters {
    hits: AtomicU64,
    misses: AtomicU64,
    refreshes: AtomicU64,
    stale: AtomicU64,
}

/// The pages in memory.
#[derive(Debug)]
pub struct Pages {
    kept: Option<Cache<Arc<str>, Arc<Kept>>>,
    pinned: OnceLock<HashMap<String, Arc<Page>>>,
    followed: Followed,
    flights: Flights,
    /// Until when nobody waits for a database that did not answer.
    spared_until: AtomicI64,
    counters: Counters,
}

impl Pages {
    /// Keeps at most so many bytes; 0 keeps nothing.
    pub fn new(bytes: u64) -> Self {
        let kept = (bytes > 0).then(|| {
            Cache::builder()
                .max_capacity(bytes)
                .weigher(|address: &Arc<str>, kept: &Arc<Kept>| {
                    let follows = kept.follows.len() * FOLLOWED;
                    let weight = address.len() + kept.page.weight() + follows;
                    u32::try_from(weight).unwrap_or(u32::MAX)
                })
                .time_to_live(Duration::from_millis(STALE.unsigned_abs()))
                .build()
        });
        Self {
            kept,
            pinned: OnceLock::new(),
            followed: Followed::default(),
            flights: Flights::default(),
            spared_until: AtomicI64::new(i64::MIN),
            counters: Counters::default(),
        }
    }

    /// Keeps these for ever, by their addresses; once.
    pub fn pin(&self, pages: impl Iterator<Item = (String, Page)>) {
        self.pinned
            .get_or_init(|| pages.map(|(at, page)| (at, Arc::new(page))).collect());
    }

    pub fn pinned(&self, address: &str) -> Option<&Arc<Page>> {
        self.pinned.get()?.get(address)
    }

    /// The page of an address, if it is here and can be handed out as it is.
    pub fn find(&self, address: &str, now: Timestamp) -> Option<Arc<Page>> {
        let kept = self.kept.as_ref()?.get(address)?;
        let good = kept.is_current() && (kept.is_fresh(now) || self.is_spared(&kept, now));
        if !good {
            return None;
        }
        self.counters.hits.fetch_add(1, Ordering::Relaxed);
        Some(Arc::clone(&kept.page))
    }

    /// Whether an old page is handed out because the database has just not answered, or takes long over this one.
    fn is_spared(&self, kept: &Kept, now: Timestamp) -> bool {
        let spared = [&self.spared_until, &kept.spared_until]
            .into_iter()
            .any(|until| now.0 < until.load(Ordering::Relaxed))
            && kept.is_good_for_want_of_another(now);
        if spared {
            self.counters.stale.fetch_add(1, Ordering::Relaxed);
        }
        spared
    }

    /// The page of an address: found, or rendered by whoever asks first while the others wait for that. Without an address it is
    /// rendered for the one who asks.
    ///
    /// # Errors
    /// Whatever `render` found instead of a page. While the database does not answer, a page is handed out for ten minutes.
    pub async fn get<F>(
        self: &Arc<Self>,
        address: Option<&str>,
        now: Timestamp,
        render: F,
    ) -> Result<Arc<Page>, Refusal>
    where
        F: Future<Output = Result<Draft, Refusal>> + Send + 'static,
    {
        let (Some(cache), Some(address)) = (&self.kept, address) else {
            return render.await.map(|draft| Arc::new(draft.page));
        };
        if let Some(page) = self.find(address, now) {
            return Ok(page);
        }
        self.counters.misses.fetch_add(1, Ordering::Relaxed);
        let begun = Instant::now();
        let old = cache
            .get(address)
            .filter(|kept| kept.is_good_for_want_of_another(now));
        if old.is_some() {
            self.counters.refreshes.fetch_add(1, Ordering::Relaxed);
        }
        let address: Arc<str> = Arc::from(address);
        let pages = Arc::clone(self);
        let to = Arc::clone(&address);
        let work = async move {
            let draft = render.await?;
            Ok(pages.keep(to, draft, now))
        };
        let mut flight = pin!(self.flights.join(&address, &self.followed, work));
        let landed = match &old {
            None => flight.await,
            Some(old) => match timeout(PATIENCE, &mut flight).await {
                Ok(Err(Refusal::Unavailable(cause))) => {
                    spare(&self.spared_until, now, begun);
                    return self
                        .for_want_of_another(old, now)
                        .ok_or(Refusal::Unavailable(cause));
                }
                Ok(landed) => landed,
                Err(_) => match self.for_want_of_another(old, now) {
                    Some(page) => {
                        spare(&old.spared_until, now, begun);
                        return Ok(page);
                    }
                    None => flight.await,
                },
            },
        };
        landed.map(|kept| Arc::clone(&kept.page))
    }

    fn for_want_of_another(&self, old: &Kept, now: Timestamp) -> Option<Arc<Page>> {
        old.is_good_for_want_of_another(now).then(|| {
            self.counters.stale.fetch_add(1, Ordering::Relaxed);
            Arc::clone(&old.page)
        })
    }

    fn keep(&self, address: Arc<str>, draft: Draft, now: Timestamp) -> Arc<Kept> {
        let follows = draft
            .follows
            .into_iter()
            .map(|mark| self.followed.follow(mark))
            .collect();
        let kept = Arc::new(Kept {
            page: Arc::new(draft.page),
            follows,
            at: now,
            fresh: draft.fresh,
            keep: draft.keep,
            spared_until: AtomicI64::new(i64::MIN),
        });
        // What has changed since would be handed to nobody.
        if let (true, Some(cache)) = (kept.is_good_for_all(), &self.kept) {
            cache.insert(address, Arc::clone(&kept));
        }
        kept
    }

    /// An article has changed: this is its version now.
    pub fn tell_article(&self, id: i64, version: i64) {
        self.followed.tell_article(id, version);
    }

    /// An article was found in this version.
    pub fn find_article(&self, id: i64, version: i64) {
        if self.followed.is_newer(id, version) {
            self.followed.tell_article(id, version);
        }
    }

    /// The house rules are in this version now.
    pub fn tell_rules(&self, version: i64) {
        self.followed.tell_rules(version);
    }

    /// How often a list of articles may have changed; to be asked before it is read. [`Mark::List`] carries it on.
    pub fn list(&self, window: Window) -> i64 {
        self.followed.list(window)
    }

    /// A list of articles reads like this now; `false` when a page shows it otherwise.
    pub fn tell_list(&self, window: Window, fingerprint: u64) -> bool {
        self.followed.tell_list(window, fingerprint)
    }

    /// Articles of pages that are kept, and the lists of them: what others may have changed. Those that no page shows any more
    /// are forgotten.
    pub fn followed(&self) -> (Vec<i64>, Vec<Window>) {
        if let Some(cache) = &self.kept {
            // Entries that were replaced hold on to their articles until then.
            cache.run_pending_tasks();
        }
        let told = self.followed.told();
        let oldest = self.flights.oldest();
        self.followed
            .used(oldest.unwrap_or(told).min(told), oldest.is_some())
    }

    pub fn figures(&self) -> Figures {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let cache = self.kept.as_ref();
        if let Some(cache) = cache {
            // What was put in last is counted late.
            cache.run_pending_tasks();
        }
        Figures {
            hits: read(&self.counters.hits),
            misses: read(&self.counters.misses),
            refreshes: read(&self.counters.refreshes),
            stale: read(&self.counters.stale),
            bytes: cache.map_or(0, Cache::weighted_size),
            entries: cache.map_or(0, Cache::entry_count),
        }
    }
}

/// For a while nobody waits.
fn spare(until: &AtomicI64, now: Timestamp, begun: Instant) {
    let waited = i64::try_from(begun.elapsed().as_millis()).unwrap_or(0);
    until.store(now.plus(waited + SPARE).0, Ordering::Relaxed);
}

#[cfg(test)]
mod tests;
