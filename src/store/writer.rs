//! Group commit: whatever waits is written in one transaction, and nobody is answered before it is on disk.
//!
//! Jobs of one transaction share its fate at first. Should one of them fail, all are run again, each in a savepoint, so that the
//! one that fails takes back its own rows alone.
//!
//! Each writer is a thread of its own that owns its connection. On SQLite one thread takes jobs of any kind, up to
//! [`SQLITE_BATCH`] at once. On PostgreSQL only pure inserts share a transaction; a job that updates shared rows runs
//! alone, because a savepoint keeps its row locks until the outer commit, and batches of such jobs deadlock.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use tokio::sync::oneshot;

use super::WRITE_TIME;
use super::changes::Listener;
use super::connection::{self, Access, Db, Target};
use super::error::{Error, Result};
use super::job::{Footing, Job, Task};
use super::meters::{WriterMeters, WriterReadings};

/// Jobs that may wait on a channel; one more is refused as `Busy`.
const WAITING: usize = 4_096;
const SQLITE_BATCH: usize = 256;
const POSTGRES_BATCH: usize = 64;
const POSTGRES_WRITERS: usize = 4;
/// How long a job in a batch waits for a lock on PostgreSQL. Batches that hold the same replies in different orders wait
/// for each other; the job that gives up is tried again when its batch is committed, and then it may wait longer.
const BATCH_LOCK_WAIT: &str = "SET LOCAL lock_timeout = '50ms'";
/// How often a job that met another transaction is tried again: to wait for the other, to see what that one left, and once more.
const TRIES_ALONE: usize = 3;
/// Pause before a lost connection is tried again: doubled each time, up to the second figure.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What a job does to rows that others write too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only adds rows: may share a transaction on PostgreSQL.
    Insert,
    /// Updates shared rows: one to a transaction on PostgreSQL.
    Update,
}

enum Message {
    /// With the moment at which it was sent.
    Job(Box<dyn Job>, Instant),
    /// One thread finishes what it holds and ends.
    Stop,
}

type Queue = Arc<Mutex<Receiver<Message>>>;

/// The sending ends, and the threads behind them.
pub struct Writer {
    inserts: SyncSender<Message>,
    updates: SyncSender<Message>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    meters: Arc<WriterMeters>,
}

impl Writer {
    /// `listener` hears of every change once it is committed.
    pub fn start(target: &Target, listener: &Listener) -> std::io::Result<Self> {
        let mut threads = Vec::new();
        let meters = Arc::new(WriterMeters::new());
        let spawn = |queue, batch| spawn(target, listener, queue, batch, &meters);
        let (inserts, insert_queue) = sync_channel(WAITING);
        let insert_queue = Arc::new(Mutex::new(insert_queue));
        let updates = if target.is_sqlite() {
            threads.push(spawn(&insert_queue, SQLITE_BATCH)?);
            inserts.clone()
        } else {
            let (updates, update_queue) = sync_channel(WAITING);
            let update_queue = Arc::new(Mutex::new(update_queue));
            for _ in 0..POSTGRES_WRITERS {
                threads.push(spawn(&insert_queue, POSTGRES_BATCH)?);
                threads.push(spawn(&update_queue, 1)?);
            }
            updates
        };
        Ok(Self {
            inserts,
            updates,
            threads: Mutex::new(threads),
            meters,
        })
    }

    /// Hands a job over; the receiver hears of it after its commit.
    pub fn send<T: Send + 'static>(
        &self,
        kind: Kind,
        work: impl Fn(&mut Db) -> Result<T> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T>>> {
        let (reply, receiver) = oneshot::channel();
        let task = Box::new(Task::new(work, reply));
        let channel = match kind {
            Kind::Insert => &self.inserts,
            Kind::Update => &self.updates,
        };
        self.meters.enters();
        let refusal = match channel.try_send(Message::Job(task, Instant::now())) {
            Ok(()) => return Ok(receiver),
            Err(TrySendError::Full(_)) => Error::Busy,
            Err(TrySendError::Disconnected(_)) => Error::Lost,
        };
        self.meters.turned_away(matches!(refusal, Error::Busy));
        Err(refusal)
    }

    pub fn readings(&self) -> WriterReadings {
        self.meters.read()
    }

    /// Lets every waiting job finish, then ends the threads. Whatever comes later is refused.
    pub fn stop(&self) {
        let threads =
            std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for _ in &threads {
            // A channel whose threads have ended needs no message.
            drop(self.inserts.send(Message::Stop));
            drop(self.updates.send(Message::Stop));
        }
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a writer had died before it was stopped");
            }
        }
    }
}

fn spawn(
    target: &Target,
    listener: &Listener,
    queue: &Queue,
    batch: usize,
    meters: &Arc<WriterMeters>,
) -> std::io::Result<JoinHandle<()>> {
    let line = Line {
        meters: Arc::clone(meters),
        was_open: false,
        target: target.clone(),
        listener: Arc::clone(listener),
        db: None,
        pause: FIRST_PAUSE,
        closed_until: None,
    };
    let queue = Arc::clone(queue);
    std::thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || write_until_closed(line, &queue, batch))
}

fn write_until_closed(mut line: Line, queue: &Queue, batch: usize) {
    let mut stopped = false;
    while !stopped {
        let mut jobs: Vec<Box<dyn Job>> = Vec::new();
        let mut entered: Vec<Instant> = Vec::new();
        {
            let queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
            let mut next = queue.recv().ok();
            loop {
                match next {
                    // Nobody waits for it any more, and it has not begun.
                    Some(Message::Job(job, at)) if at.elapsed() >= WRITE_TIME => {
                        line.meters.begins(&[at]);
                        job.answer(Err(unanswered()));
                    }
                    Some(Message::Job(job, at)) => {
                        jobs.push(job);
                        entered.push(at);
                    }
                    Some(Message::Stop) => stopped = true,
                    None => stopped |= jobs.is_empty(),
                }
                if stopped || jobs.len() >= batch {
                    break;
                }
                let Ok(message) = queue.try_recv() else { break };
                next = Some(message);
            }
        }
        if !jobs.is_empty() {
            line.meters.begins(&entered);
            // What a panic leaves unanswered is told to be lost.
            if catch_unwind(AssertUnwindSafe(|| line.write(jobs))).is_err() {
                tracing::error!(
                    "a writer panicked beside its writes; it goes on with the next ones"
                );
                line.db = None;
            }
        }
    }
    line.close();
}

/// A writer's connection, opened again with growing pauses after it is lost.
struct Line {
    meters: Arc<WriterMeters>,
    /// It has been open before.
    was_open: bool,
    target: Target,
    listener: Listener,
    db: Option<Db>,
    pause: Duration,
    closed_until: Option<Instant>,
}

impl Line {
    fn write(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        let fate = self.attempt(&mut jobs);
        let (again, done): (Vec<_>, Vec<_>) = jobs
            .into_iter()
            .partition(|job| fate.is_ok() && is_contended(job.as_ref()));
        for job in done {
            job.answer(copy(&fate));
        }
        for job in again {
            let mut alone = vec![job];
            let mut fate = Ok(());
            for _ in 0..TRIES_ALONE {
                fate = self.attempt(&mut alone);
                if fate.is_err() || !alone.iter().any(|job| is_contended(job.as_ref())) {
                    break;
                }
            }
            for job in alone {
                job.answer(copy(&fate));
            }
        }
    }

    /// One transaction over all jobs. `Err` means that none of them is known to be on disk.
    fn attempt(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<()> {
        let outcome = self.transact(jobs);
        match outcome {
            Ok(Some(took)) => self.meters.committed(jobs.len(), took),
            // The one job that there was has failed, and wrote nothing.
            Ok(None) => {}
            Err(_) => self.meters.failed(),
        }
        outcome.map(|_| ())
    }

    /// As [`Self::attempt`]; says how long the commit took, if there was one.
    fn transact(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<Option<Duration>> {
        let db = self.open()?;
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            // Jobs seldom fail: only then are they run again, each on a footing of its own.
            match together(db, jobs, Footing::Shared)? {
                None if jobs.len() > 1 => together(db, jobs, Footing::Own),
                took => Ok(took),
            }
        }));
        match outcome {
            Ok(Ok(took)) => {
                self.tell(jobs);
                Ok(took)
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, jobs = jobs.len(), "a batch of writes was not committed");
                self.db = None;
                Err(error)
            }
            Err(_) => {
                tracing::error!(jobs = jobs.len(), "a write panicked; its batch is lost");
                self.db = None;
                Err(Error::Lost)
            }
        }
    }

    /// Tells of what is committed. Whatever becomes of that, it is committed, and whoever waits is told so.
    fn tell(&self, jobs: &[Box<dyn Job>]) {
        let told = catch_unwind(AssertUnwindSafe(|| {
            for change in jobs.iter().flat_map(|job| job.changes()) {
                (self.listener)(*change);
            }
        }));
        if told.is_err() {
            tracing::error!("whoever listens to changes panicked; kept pages may be a second late");
        }
    }

    fn open(&mut self) -> Result<&mut Db> {
        if self.db.is_none() {
            if self
                .closed_until
                .is_some_and(|until| Instant::now() < until)
            {
                return Err(Error::Unavailable("waiting to connect again".to_owned()));
            }
            match Db::open(&self.target, Access::Write) {
                Ok(mut db) => {
                    if std::mem::replace(&mut self.was_open, true) {
                        self.meters.reconnected();
                        connection::empty_log(&mut db);
                    }
                    self.db = Some(db);
                    self.pause = FIRST_PAUSE;
                    self.closed_until = None;
                }
                Err(error) => {
                    self.closed_until = Some(Instant::now() + self.pause);
                    self.pause = (self.pause * 2).min(LONGEST_PAUSE);
                    return Err(Error::Unavailable(error.to_string()));
                }
            }
        }
        self.db.as_mut().ok_or(Error::Lost)
    }

    fn close(mut self) {
        if let Some(db @ Db::Sqlite(_)) = self.db.as_mut()
            && let Err(error) = db.batch_execute("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)")
        {
            tracing::warn!(%error, "the database could not be tidied at the end");
        }
    }
}

/// All jobs in one transaction, and how long its commit took. `None` when it was rolled back, because a job failed that shares
/// its footing with the others.
fn together(db: &mut Db, jobs: &mut [Box<dyn Job>], footing: Footing) -> Result<Option<Duration>> {
    connection::begin(db)?;
    if jobs.len() > 1 && !db.is_sqlite() {
        db.batch_execute(BATCH_LOCK_WAIT)?;
    }
    for job in jobs.iter_mut() {
        job.run(db, footing);
        match job.failed() {
            None => {}
            Some(Error::Unavailable(cause)) => {
                // A dead line, or a full disk: nothing after it would fare better, and nothing may be acknowledged.
                let cause = cause.clone();
                connection::rollback(db);
                return Err(Error::Unavailable(cause));
            }
            Some(_) if footing == Footing::Shared => {
                connection::rollback(db);
                return Ok(None);
            }
            Some(_) => {}
        }
    }
    let begun = Instant::now();
    connection::commit(db)?;
    Ok(Some(begun.elapsed()))
}

/// What a caller is told whose time is over.
pub(super) fn unanswered() -> Error {
    Error::Unavailable(format!("a write was not answered within {WRITE_TIME:?}"))
}

fn is_contended(job: &dyn Job) -> bool {
    matches!(job.failed(), Some(Error::Contended(_)))
}

/// The fate of a batch, for one of its callers.
fn copy(fate: &Result<()>) -> Result<()> {
    match fate {
        Ok(()) => Ok(()),
        Err(Error::Unavailable(cause)) => Err(Error::Unavailable(cause.clone())),
        Err(Error::Contended(cause)) => Err(Error::Contended(cause.clone())),
        Err(Error::Busy) => Err(Error::Busy),
        Err(other) => {
            tracing::error!(error = %other, "a batch of writes failed");
            Err(Error::Lost)
        }
    }
}
