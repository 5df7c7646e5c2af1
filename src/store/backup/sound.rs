//! Whether a file is a whole database of ours. Looks without writing, and without the log beside a database in use.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::sqlite::SqliteConnection;

use super::super::audit_check;
use super::super::audit_seals::{self, Anchor};
use super::super::connection::Db;
use super::super::integrity;
use super::super::migrations::{self, Standing};
use super::Rows;

/// Tables from which no row is ever deleted.
const KEPT: [&str; 4] = ["articles", "comments", "decisions", "audit_entries"];

/// What a sound file holds.
#[derive(Debug)]
pub struct Sound {
    /// Whether its schema is that of this program.
    pub is_current: bool,
    pub rows: Rows,
    /// Where its audit log ends.
    pub head: Option<Anchor>,
}

/// What is wrong with a file. Each completes a sentence.
#[derive(Debug, thiserror::Error)]
pub enum Flaw {
    #[error("it is not an SQLite database")]
    NoDatabase,
    #[error("it holds nothing")]
    Empty,
    #[error("it holds tables of another program")]
    Foreign,
    #[error("it was written by a newer Rejoinder (it has the migration `{0}`)")]
    Newer(String),
    #[error("it is damaged ({0})")]
    Unsound(String),
}

/// Looks at every page, every index and every foreign key of a file that nobody writes to.
///
/// # Errors
/// What is wrong with it.
pub(super) fn inspect(file: &Path) -> Result<Sound, Flaw> {
    let mut db = open(file)?;
    let is_current = match migrations::standing(&mut db).map_err(told)? {
        Standing::Current => true,
        Standing::Older => false,
        Standing::Empty => return Err(Flaw::Empty),
        Standing::Newer(version) => return Err(Flaw::Newer(version)),
        Standing::Foreign => return Err(Flaw::Foreign),
    };
    let unsound = |error: super::super::Error| Flaw::Unsound(error.to_string());
    let mut faults = integrity::file(&mut db).map_err(unsound)?;
    faults.extend(integrity::foreign_keys(&mut db).map_err(unsound)?);
    if let Some(first) = faults.into_iter().next() {
        // The engine heads some of its lines with another.
        let said: Vec<&str> = first
            .lines()
            .filter(|line| !line.starts_with("***"))
            .collect();
        return Err(Flaw::Unsound(said.join("; ")));
    }
    let rows = rows(&mut db).map_err(|error| Flaw::Unsound(error.to_string()))?;
    let head = match has_table(&mut db, "audit_seals").map_err(|error| told(error.to_string()))? {
        true => audit_seals::head(&mut db).map_err(unsound)?,
        false => None,
    };
    Ok(Sound {
        is_current,
        rows,
        head,
    })
}

/// Whether the audit log of a sound file leads through a place that is known of it.
///
/// # Errors
/// The first broken line, or why it cannot be followed.
pub(super) fn leads_through(file: &Path, anchor: &Anchor) -> Result<(), String> {
    let mut db = open(file).map_err(|flaw| flaw.to_string())?;
    let anchors = std::slice::from_ref(anchor);
    let verdict =
        audit_check::verify(&mut db, anchors, |_| {}).map_err(|error| error.to_string())?;
    match verdict.faults.first() {
        None => Ok(()),
        Some(fault) => Err(fault.to_string()),
    }
}

/// Opens a file as it lies there: nothing is written, and nothing that stands beside it is looked at.
fn open(file: &Path) -> Result<Db, Flaw> {
    let unreadable = || Flaw::Unsound("its name cannot be written as an address".to_owned());
    let path = std::path::absolute(file).map_err(|_| unreadable())?;
    let address = url::Url::from_file_path(path).map_err(|()| unreadable())?;
    let mut line = SqliteConnection::establish(&format!("{address}?mode=ro&immutable=1"))
        .map_err(|error| told(error.to_string()))?;
    line.batch_execute("PRAGMA query_only = ON; PRAGMA cache_size = -32768")
        .map_err(|error| told(error.to_string()))?;
    Ok(Db::Sqlite(line))
}

fn told(cause: String) -> Flaw {
    match cause.contains("not a database") {
        true => Flaw::NoDatabase,
        false => Flaw::Unsound(cause),
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many rows the tables have from which none is ever deleted.
pub(super) fn rows(db: &mut Db) -> QueryResult<Rows> {
    let mut rows = Rows::new();
    for table in KEPT {
        let count: Count =
            diesel::sql_query(format!("SELECT count(*) AS n FROM {table}")).get_result(db)?;
        rows.insert(table, count.n);
    }
    Ok(rows)
}

fn has_table(db: &mut Db, name: &str) -> QueryResult<bool> {
    let count: Count = diesel::sql_query(format!(
        "SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name = '{name}'"
    ))
    .get_result(db)?;
    Ok(count.n > 0)
}
