//! Everything the server holds while it runs: built once, stopped once.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use scheduled_thread_pool::ScheduledThreadPool;
use tokio::sync::Semaphore;

use crate::config::Config;
use crate::pages::Pages;
use crate::store::audit_seals::Anchor;
use crate::store::figures;
use crate::store::networks::{self, Keys};
use crate::store::policy_check::{Checker, Latest};
use crate::store::waiting::MedianWait;
use crate::store::{self, Change, Kind, Listener, OpenError, Store, audit_seals, settings};
use crate::telemetry::Metrics;
use crate::views::{Assets, Site};

/// Passwords hashed at once, and attempts that may wait for their turn: 19 MiB and a core each.
const HASHES: usize = 2;
const HASHES_WAITING: usize = 32;
/// Exports that are sent at once: each reads page after page, of a thousand entries.
const EXPORTS: usize = 2;
/// Articles whose views are written in one transaction.
const VIEWS_AT_ONCE: usize = 200;

/// The running server's state.
pub struct App {
    pub config: Config,
    pub store: Store,
    pub site: Site,
    /// Rendered pages: what the writer changes is told to them before anybody is answered.
    pub pages: Arc<Pages>,
    pub views: ViewCounts,
    pub logins: LoginGate,
    pub waits: MedianWait,
    /// The policy, as this instance saw it last; where a reply is stored, its version is compared.
    pub policy: Latest,
    policy_turn: tokio::sync::Mutex<()>,
    pub reports: figures::Kept,
    pub network_keys: NetworkKeys,
    /// Goes into the ids of feeds, so that they never change.
    pub site_id: String,
    pub metrics: Arc<Metrics>,
    /// Held by whoever asks the database for the figures of a scrape.
    pub scrapes: Arc<Semaphore>,
    /// Held by each export while it is sent.
    pub exports: Arc<Semaphore>,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("the database could not be prepared: {0}")]
    Prepare(#[from] store::Error),
}

impl App {
    /// Opens and upgrades the database, and readies the site's look.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub fn build(config: Config, assets: Assets) -> Result<Self, StartError> {
        let pages = Arc::new(Pages::new(config.cache_bytes));
        let store = Store::serve_telling(&config.database, &listener(&pages))?;
        let now = config.clock.now();
        let mut db = store::open(&config.database, store::Upgrade::No)?;
        let kept = config.network_kept;
        let (keys, site_id, policy) = store::transaction(&mut db, |db| {
            Ok((
                networks::rotate(db, kept, now)?,
                settings::site_id(db)?,
                Checker::load(db)?,
            ))
        })?;
        let base = config.public_url.as_ref();
        let site = Site {
            base: base.map_or_else(String::new, |url| url.origin().ascii_serialization()),
            close_after: config.close_after,
            ..Site::new(
                &config.site_name,
                &config.site_language,
                config.zone.clone(),
                assets,
                config.max_length,
            )
        };
        Ok(Self {
            config,
            store,
            site,
            pages,
            views: ViewCounts::default(),
            logins: LoginGate::new(),
            waits: MedianWait::default(),
            policy: Latest::new(policy),
            policy_turn: tokio::sync::Mutex::new(()),
            reports: figures::Kept::default(),
            network_keys: NetworkKeys::new(keys),
            site_id,
            metrics: Arc::default(),
            scrapes: Arc::new(Semaphore::new(1)),
            exports: Arc::new(Semaphore::new(EXPORTS)),
        })
    }

    /// The policy in force: read anew when another instance or a command has changed it.
    ///
    /// # Errors
    /// Those of the engine.
    pub async fn policy_in_force(&self) -> store::Result<Arc<Checker>> {
        // One reads it; who waits for that finds it read.
        let _turn = self.policy_turn.lock().await;
        let known = self.policy.get();
        let version = known.version();
        let newer = self
            .store
            .read(move |db| match store::policy::version(db)? {
                latest if latest == version => Ok(None),
                _ => Checker::load(db).map(Some),
            })
            .await?;
        Ok(match newer {
            Some(newer) => self.policy.put(newer),
            None => known,
        })
    }

    /// Writes the views that were counted since the last time. Those that could not be written stay counted.
    pub async fn flush_views(&self) {
        let mut counted = self.views.take();
        // In one order on every server, so that no two of them wait for each other's articles.
        counted.sort_unstable();
        let mut failed = false;
        for slice in counted.chunks(VIEWS_AT_ONCE) {
            if !failed {
                let rows = slice.to_vec();
                let written = self
                    .store
                    .write(Kind::Update, move |db| {
                        store::articles::add_views(db, &rows)
                    })
                    .await;
                if let Err(error) = written {
                    tracing::warn!(%error, "view counts wait for the database");
                    failed = true;
                }
            }
            if failed {
                self.views.give_back(slice);
            }
        }
    }

    /// Seals a batch of what the audit log has that waits for it, and says how long that took when more may wait. While nothing
    /// waits, that is one read.
    ///
    /// # Errors
    /// Those of the engine; what is not sealed goes on waiting.
    pub async fn seal_audit(&self) -> store::Result<Option<Duration>> {
        if !self.store.read(audit_seals::is_waiting).await? {
            return Ok(None);
        }
        let now = self.config.clock.now();
        let (sealed, took) = self
            .store
            .write(Kind::Update, move |db| {
                let begun = Instant::now();
                let sealed = audit_seals::seal(db, now)?;
                Ok((sealed, begun.elapsed()))
            })
            .await?;
        Ok((sealed >= audit_seals::BATCH).then_some(took))
    }

    /// Seals the audit log to its end, without a pause, as nobody else writes any more; and says where that is.
    async fn seal_to_the_end(&self) -> store::Result<Option<Anchor>> {
        while self.seal_audit().await?.is_some() {}
        self.store.read(audit_seals::head).await
    }

    /// Flushes what is kept in memory, seals the audit log to its end, and closes the database.
    pub async fn stop(&self) {
        self.flush_views().await;
        match self.seal_to_the_end().await {
            Ok(Some(head)) => tracing::info!(%head, "the audit log is sealed up to here"),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "entries of the audit log wait for their seal"),
        }
        self.store.close();
    }
}

/// The keys for the hashes of networks and account names, as they were read last.
#[derive(Debug)]
pub struct NetworkKeys(RwLock<Arc<Keys>>);

impl NetworkKeys {
    fn new(keys: Keys) -> Self {
        Self(RwLock::new(Arc::new(keys)))
    }

    pub fn get(&self) -> Arc<Keys> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn set(&self, keys: Keys) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }
}

fn listener(pages: &Arc<Pages>) -> Listener {
    let pages = Arc::clone(pages);
    Arc::new(move |change| match change {
        Change::Article { id, version } => pages.tell_article(id, version),
        Change::Rules { version } => pages.tell_rules(version),
    })
}

/// Views counted in memory, by article. A page that is kept holds its article's counter.
#[derive(Debug, Default)]
pub struct ViewCounts {
    counts: Mutex<HashMap<i64, Arc<AtomicI64>>>,
}

impl ViewCounts {
    /// Where the readings of an article are counted.
    pub fn counter(&self, article: i64) -> Arc<AtomicI64> {
        Arc::clone(self.lock().entry(article).or_default())
    }

    fn take(&self) -> Vec<(i64, i64)> {
        let mut counts = self.lock();
        let mut taken: Vec<_> = counts
            .iter()
            .map(|(article, views)| (*article, views.swap(0, Ordering::Relaxed)))
            .filter(|(_, views)| *views != 0)
            .collect();
        // Nobody can count on these any more: counters are handed out under this lock.
        counts
            .retain(|_, views| Arc::strong_count(views) > 1 || views.load(Ordering::Relaxed) != 0);
        // By id, so that several servers take the rows in one order.
        taken.sort_unstable();
        taken
    }

    fn give_back(&self, counted: &[(i64, i64)]) {
        for (article, views) in counted {
            self.counter(*article).fetch_add(*views, Ordering::Relaxed);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<i64, Arc<AtomicI64>>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bounds the passwords that are hashed at once and those that wait. They are hashed by threads of their own: an allocator keeps
/// the memory of each thread that ever hashed one, and the blocking pool has hundreds.
pub struct LoginGate {
    places: Arc<Semaphore>,
    threads: ScheduledThreadPool,
}

impl LoginGate {
    fn new() -> Self {
        Self {
            places: Arc::new(Semaphore::new(HASHES + HASHES_WAITING)),
            threads: ScheduledThreadPool::new(HASHES),
        }
    }

    /// Runs `work` when its turn comes, unless nobody waits for it any more; `None` when too many wait.
    pub async fn pass<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let (tell, told) = tokio::sync::oneshot::channel();
        self.threads.execute(move || {
            // Whoever goes away leaves the place when the work is done, and not before.
            let _place = place;
            if !tell.is_closed() {
                drop(tell.send(work()));
            }
        });
        told.await.ok()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn passwords_are_hashed_by_two_threads_and_no_more_wait_than_may() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(async {
            let gate = LoginGate::new();
            // Nobody's work ends before everybody has asked.
            let door = Arc::new(RwLock::new(()));
            let shut = door.write().unwrap();
            let at_once = || {
                let door = Arc::clone(&door);
                gate.pass(move || {
                    drop(door.read());
                    std::thread::current().id()
                })
            };
            let all =
                futures_util::future::join_all((0..HASHES + HASHES_WAITING + 5).map(|_| at_once()));
            let (answers, ()) = tokio::join!(all, async { drop(shut) });
            let told: Vec<_> = answers.iter().flatten().collect();
            assert_eq!(told.len(), HASHES + HASHES_WAITING);
            let mut threads: HashSet<_> = told.into_iter().collect();
            assert!(threads.len() <= HASHES, "{threads:?}");
            // A panic costs its own work, and no thread.
            for _ in 0..2 * HASHES {
                let nothing: Option<()> = gate.pass(|| panic!("for the test")).await;
                assert_eq!(nothing, None);
            }
            let after = at_once().await.unwrap();
            threads.insert(&after);
            assert!(threads.len() <= HASHES, "{threads:?}");
        });
    }
}
