//! The database: the only folder that knows Diesel. Its whole interface is `Store::read` and `Store::write` over plain
//! functions that take a connection.

pub mod appeals;
pub mod article_desk;
pub mod articles;
pub mod audit;
pub mod audit_check;
pub mod audit_export;
pub mod audit_filter;
mod audit_groups;
pub mod audit_log;
pub mod audit_seals;
pub mod author_holds;
pub mod author_page;
pub mod authors;
pub mod backup;
pub mod branches;
pub mod bulks;
pub mod changes;
pub mod claims;
pub mod closing;
pub mod comments;
mod connection;
pub mod decisions;
pub mod desk;
pub mod dossier;
mod duplicates;
pub mod erasure;
pub mod error;
pub mod feeds;
pub mod figures;
mod files;
mod fixed;
mod glance;
pub mod history;
pub mod house_rules;
pub mod integrity;
mod job;
pub mod listed;
pub mod listing;
mod lock;
pub mod meters;
mod migrations;
pub mod moderators;
mod name_keys;
pub mod networks;
pub mod notes;
pub mod outbox;
pub mod outcomes;
pub mod people;
pub mod person;
pub mod planner;
pub mod policy;
pub mod policy_check;
pub mod policy_trial;
pub mod publication;
pub mod queue;
mod readers;
pub mod reasons;
pub mod receipts;
pub mod replies;
pub mod reported;
pub mod reports;
pub mod rerendering;
pub mod retention;
pub mod revisions;
pub mod rules;
pub mod saved_replies;
pub mod schema;
pub mod search;
pub mod sessions;
pub mod settings;
mod siblings;
pub mod sign_in_steps;
pub mod sitemap;
pub mod slices;
pub mod staff_replies;
mod target;
pub mod tidying;
pub mod today;
pub mod token;
mod turn;
pub mod two_factor;
pub mod undoing;
mod values;
pub mod vitals;
pub mod waiting;
mod wal;
mod walk;
pub mod withdrawals;
mod writer;

use std::fs::File;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

pub use changes::{Change, Listener};
pub use connection::{Access, Db, rehearse, snapshot, transaction};
pub use error::{Error, OpenError, Result};
pub use lock::is_served;
pub use migrations::Upgrade;
pub use target::{Target, shown};
pub use writer::Kind;

use meters::{PoolReadings, WriterReadings};
use readers::Readers;
use writer::Writer;

/// How long whoever reads waits in all. Twice what a lock may be waited for: by then the engine answers or fails, unless it hangs.
const READ_TIME: Duration = Duration::from_secs(10);
/// The same for what goes through many rows, as reports do. A statement is given up after 30 seconds, and a request after 150.
const LONG_READ_TIME: Duration = Duration::from_secs(100);
/// How long whoever writes waits in all: for a batch that is under way, for a lock, and for further tries. What became of the write is
/// unknown then. To send it again is harmless: replies have a digest, decisions a version.
const WRITE_TIME: Duration = Duration::from_secs(20);

/// An open database: a pool to read from and the writer.
pub struct Store {
    target: Target,
    readers: Readers,
    /// One connection, for whoever may not wait for readers.
    watch: Readers,
    writer: Writer,
    /// Held while a server serves an SQLite file.
    _lock: Option<File>,
}

impl Store {
    /// Opens the database to serve it: brings the schema up to date, takes the file's lock, starts the writer.
    ///
    /// # Errors
    /// In one sentence, why it cannot be used.
    pub fn serve(target: &Target) -> std::result::Result<Self, OpenError> {
        Self::serve_telling(target, &(Arc::new(drop::<Change>) as Listener))
    }

    /// The same; `listener` hears what readers see otherwise, after each commit.
    ///
    /// # Errors
    /// In one sentence, why it cannot be used.
    pub fn serve_telling(
        target: &Target,
        listener: &Listener,
    ) -> std::result::Result<Self, OpenError> {
        let failed = |error: String| OpenError::Unusable(target.shown(), error);
        let lock = match target {
            Target::Sqlite(path) => {
                connection::check_folder(path)?;
                Some(lock::take(target)?)
            }
            Target::Postgres(_) => None,
        };
        drop(open(target, Upgrade::Yes)?);
        if let Some(lock) = &lock {
            lock::mark(lock).map_err(|error| failed(error.to_string()))?;
        }
        let readers = std::thread::available_parallelism().map_or(4, |cores| cores.get() * 2);
        let readers = u32::try_from(readers.clamp(4, 16)).unwrap_or(4);
        let threads = Arc::new(scheduled_thread_pool::ScheduledThreadPool::new(1));
        let writer = Writer::start(target, listener).map_err(|error| failed(error.to_string()))?;
        Ok(Self {
            target: target.clone(),
            readers: Readers::new(target, readers, 1, &threads),
            watch: Readers::new(target, 1, 0, &threads),
            writer,
            _lock: lock,
        })
    }

    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Reads on the blocking pool. A line that died since its last use is replaced once.
    ///
    /// # Errors
    /// `Unavailable` when no connection comes free within two seconds or the engine does not answer within ten; `Panicked` for a
    /// bug in `work`.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Db) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.readers.read(READ_TIME, work).await
    }

    /// The same for what may take long.
    ///
    /// # Errors
    /// As [`Self::read`], but it waits for so long as a request may.
    pub async fn read_at_length<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Db) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.readers.read(LONG_READ_TIME, work).await
    }

    /// The same on a connection of its own: however many read, it waits for none of them. For one caller at a time.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn watch<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Db) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.watch.read(READ_TIME, work).await
    }

    /// Writes through the group-commit writer; the answer comes after the commit.
    ///
    /// # Errors
    /// `Busy` when too much waits; `Unavailable` or `Lost` when the engine did not take it, or said nothing for twenty seconds;
    /// else what `work` returned.
    pub async fn write<T: Send + 'static>(
        &self,
        kind: Kind,
        work: impl Fn(&mut Db) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let answer = self.writer.send(kind, work)?;
        match timeout(WRITE_TIME, answer).await {
            Ok(answer) => answer.unwrap_or(Err(Error::Lost)),
            Err(_) => Err(writer::unanswered()),
        }
    }

    /// The writer's work since the start.
    pub fn writer_readings(&self) -> WriterReadings {
        self.writer.readings()
    }

    /// The connections that are read from, and how long they were waited for since the start.
    pub fn pool_readings(&self) -> PoolReadings {
        self.readers.readings()
    }

    /// Finishes what waits to be written and ends the writer. Blocks until it has.
    pub fn close(&self) {
        self.writer.stop();
    }
}

/// Opens one connection for a command, with the schema checked, created or upgraded.
///
/// # Errors
/// In one sentence, why it cannot be used.
pub fn open(target: &Target, upgrade: Upgrade) -> std::result::Result<Db, OpenError> {
    let mut db = look_and_open(target, Access::Write)?;
    migrations::bring_up_to_date(&mut db, target, upgrade)?;
    let probe = connection::begin(&mut db);
    connection::rollback(&mut db);
    probe.map_err(|error| OpenError::unusable(target.shown(), error.to_string()))?;
    Ok(db)
}

/// Opens a connection, unless an SQLite file has lost what was on disk once: opening it would take that for its end.
fn look_and_open(target: &Target, access: Access) -> std::result::Result<Db, OpenError> {
    if let Target::Sqlite(path) = target {
        wal::look(path).map_err(|cause| OpenError::Damaged(target.shown(), cause))?;
    }
    Db::open(target, access)
}

/// Whether the database has no tables at all. Writes nothing, but that a missing SQLite file is made by looking.
///
/// # Errors
/// In one sentence, why it cannot be used.
pub fn is_empty(target: &Target) -> std::result::Result<bool, OpenError> {
    let mut db = look_and_open(target, Access::Read)?;
    migrations::is_empty(&mut db, target)
}
