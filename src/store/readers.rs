//! Connections to read from.

use std::sync::Arc;
use std::time::{Duration, Instant};

use scheduled_thread_pool::ScheduledThreadPool;
use tokio::time::timeout;

use super::connection::{self, Db, Manager};
use super::error::{Error, OpenError, Result};
use super::meters::{PoolMeters, PoolReadings};
use super::target::Target;

/// How long a read waits for a free connection.
const WAIT: Duration = Duration::from_secs(2);

/// Some of them, and how long they were waited for.
pub struct Readers {
    pool: r2d2::Pool<Manager>,
    meters: Arc<PoolMeters>,
}

impl Readers {
    /// At most so many, of which some are kept open while nobody reads. They are opened by these threads.
    pub fn new(target: &Target, most: u32, idle: u32, threads: &Arc<ScheduledThreadPool>) -> Self {
        let pool = r2d2::Pool::builder()
            .max_size(most)
            .min_idle(Some(idle))
            .test_on_check_out(false)
            .connection_timeout(WAIT)
            .thread_pool(Arc::clone(threads))
            .error_handler(Box::new(LogPool))
            .build_unchecked(Manager {
                target: target.clone(),
            });
        Self {
            pool,
            meters: Arc::default(),
        }
    }

    /// Reads on the blocking pool. A line that died since its last use is replaced once. One that is given up after `time` goes on by
    /// itself and keeps its connection until the engine answers or its line breaks.
    ///
    /// # Errors
    /// `Unavailable` when no connection comes free or the engine does not answer in time; `Panicked` for a bug in `work`.
    pub async fn read<T: Send + 'static>(
        &self,
        time: Duration,
        work: impl Fn(&mut Db) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (pool, meters) = (self.pool.clone(), Arc::clone(&self.meters));
        let mut reading =
            tokio::task::spawn_blocking(move || match read_once(&pool, &meters, &work)? {
                Err(Error::Unavailable(_)) => read_once(&pool, &meters, &work)?,
                other => other,
            });
        match timeout(time, &mut reading).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(error)) if error.is_panic() => Err(Error::Panicked),
            Ok(Err(_)) => Err(Error::Lost),
            Err(_) => {
                // One that has not begun yet never will.
                reading.abort();
                Err(Error::Unavailable(format!(
                    "a read was not answered within {time:?}"
                )))
            }
        }
    }

    pub fn readings(&self) -> PoolReadings {
        self.meters.read(&self.pool.state(), self.pool.max_size())
    }
}

/// What `work` read, or why not; an error outside that when no connection came free.
fn read_once<T>(
    pool: &r2d2::Pool<Manager>,
    meters: &PoolMeters,
    work: &impl Fn(&mut Db) -> Result<T>,
) -> Result<Result<T>> {
    let asked = Instant::now();
    let mut lent = pool.get().map_err(|error| {
        meters.timed_out();
        Error::Unavailable(error.to_string())
    })?;
    meters.lent(asked.elapsed());
    let outcome = connection::snapshot(&mut lent.db, |db| work(db));
    lent.dead = matches!(outcome, Err(Error::Unavailable(_)));
    Ok(outcome)
}

#[derive(Debug)]
struct LogPool;

impl r2d2::HandleError<OpenError> for LogPool {
    fn handle_error(&self, error: OpenError) {
        tracing::warn!(%error, "a reading connection could not be opened");
    }
}
