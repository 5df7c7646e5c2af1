//! What can go wrong with the database. Knows no HTTP.

use diesel::result::{DatabaseErrorKind, Error as Diesel};

use super::target::Target;

/// A failed read or write. "Not there" is an `Option`, never one of these.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The engine refused a statement: our mistake.
    #[error("the database refused a statement: {0}")]
    Query(Diesel),
    /// The engine cannot answer now: locked, full, restarted, gone. Worth trying again later.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    /// Two transactions were in each other's way; the writer tries again a few times.
    #[error("the database asks to try again: {0}")]
    Contended(String),
    /// Too much is waiting already.
    #[error("too many writes are waiting")]
    Busy,
    /// A bug in what was to be done: it may fail each time.
    #[error("it panicked")]
    Panicked,
    /// The writer lost the work before it could say what became of it.
    #[error("the write was lost on the way")]
    Lost,
    /// A stored value that no version of this program writes.
    #[error("the database holds a value that makes no sense: {0}")]
    Corrupt(String),
}

pub type Result<T> = std::result::Result<T, Error>;

/// What SQLite says of a lock that is another's (SQLITE_BUSY).
pub(super) const LOCKED: &str = "database is locked";

/// Pieces of messages by which the engines say that they cannot answer now.
const UNAVAILABLE: &[&str] = &[
    LOCKED,
    "database table is locked",
    "disk is full",
    "disk I/O error",
    "unable to open database file",
    "attempt to write a readonly database",
    "server closed the connection",
    "terminating connection",
    "the database system is",
    "no connection to the server",
    "connection not open",
    "could not connect",
    "could not receive data",
    "could not send data",
    "No space left",
    "SSL connection has been closed",
    "canceling statement due to",
    "read-only transaction",
];

/// Pieces of messages by which PostgreSQL says that another transaction was in the way.
const CONTENDED: &[&str] = &["deadlock detected", "due to lock timeout"];

impl From<Diesel> for Error {
    fn from(error: Diesel) -> Self {
        match &error {
            Diesel::BrokenTransactionManager => Self::Unavailable(error.to_string()),
            Diesel::DatabaseError(kind, information) => {
                let message = information.message();
                match kind {
                    DatabaseErrorKind::ClosedConnection
                    | DatabaseErrorKind::UnableToSendCommand
                    | DatabaseErrorKind::ReadOnlyTransaction => {
                        Self::Unavailable(message.to_owned())
                    }
                    DatabaseErrorKind::SerializationFailure
                    | DatabaseErrorKind::UniqueViolation => Self::Contended(message.to_owned()),
                    _ if CONTENDED.iter().any(|piece| message.contains(piece)) => {
                        Self::Contended(message.to_owned())
                    }
                    _ if UNAVAILABLE.iter().any(|piece| message.contains(piece)) => {
                        Self::Unavailable(message.to_owned())
                    }
                    _ => Self::Query(error),
                }
            }
            Diesel::DeserializationError(cause) => Self::Corrupt(cause.to_string()),
            _ => Self::Query(error),
        }
    }
}

/// Why a database cannot be used at all: one sentence for standard error.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("`{0}` is not a database URL: write sqlite://FILE or postgres://USER@HOST/NAME")]
    Url(String),
    #[error("this build speaks to SQLite only: build it with the feature `postgres`")]
    NoPostgres,
    #[error("the folder `{0}` of the database file does not exist")]
    NoFolder(String),
    #[error("cannot use the database {0}: {1}")]
    Unusable(String, String),
    #[error(
        "the database {0} was written by a newer Rejoinder (it has the migration `{1}`): start that version"
    )]
    Newer(String, String),
    #[error(
        "the database {0} has an older schema: start `rejoinder serve` once to upgrade it, then run this command again"
    )]
    Older(String),
    #[error("the database {0} holds tables of another program: name another one, or {1}")]
    Foreign(String, &'static str),
    #[error(
        "the database {0} is damaged and left as it is ({1}): put the last backup in its place with \
         `rejoinder restore FILE --force` (one that `rejoinder backup FILE` made); the damaged one is kept aside"
    )]
    Damaged(String, String),
    #[error("the database {0} was not upgraded, because no copy of it could be made first: {1}")]
    NoCopy(String, String),
    #[error(
        "another server has the database {0} open: stop it first, or give this one a database of its own"
    )]
    Served(String),
}

/// Pieces of messages by which SQLite says that a file is not, or no longer, a database.
const DAMAGED: &[&str] = &["file is not a database", "malformed"];

impl OpenError {
    /// Another program's database, and how a backup comes in its place.
    pub(super) fn foreign(target: &Target) -> Self {
        let help = match target.is_sqlite() {
            true => {
                "put a backup in its place with `rejoinder restore FILE --force` (one that `rejoinder backup FILE` made)"
            }
            false => {
                "make an empty one with `createdb` and put a dump that `pg_dump` made into it with `pg_restore` (see the README)"
            }
        };
        Self::Foreign(target.shown(), help)
    }

    /// Why a database of this name cannot be used, from what the engine said.
    pub(super) fn unusable(name: String, cause: String) -> Self {
        match DAMAGED.iter().any(|piece| cause.contains(piece)) {
            true => Self::Damaged(name, cause),
            false => Self::Unusable(name, cause),
        }
    }
}
