//! What `rejoinder check` looks at beside the audit log: the file itself, foreign keys, counters, the index of the search.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::connection::{Db, snapshot, transaction};
use super::error::{Error, Result};
use super::{publication, rerendering};

/// Faults of a kind that are said in words.
const SHOWN: usize = 10;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Gives long statements the time that they need.
///
/// # Errors
/// Those of the engine.
pub fn take_time(db: &mut Db) -> Result<()> {
    if !db.is_sqlite() {
        db.batch_execute("SET statement_timeout = 0")?;
    }
    Ok(())
}

/// Everything of `work` in one snapshot, for commands.
///
/// # Errors
/// What `work` returns, or what the engine said.
pub fn at_once<T>(db: &mut Db, work: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
    snapshot(db, work)
}

/// The pages of an SQLite file, and its indexes against its rows. PostgreSQL has tools of its own for that.
///
/// # Errors
/// Those of the engine.
pub fn file(db: &mut Db) -> Result<Vec<String>> {
    if !db.is_sqlite() {
        return Ok(Vec::new());
    }
    let lines: Vec<Line> = diesel::sql_query(format!(
        "SELECT integrity_check AS line FROM pragma_integrity_check LIMIT {SHOWN}"
    ))
    .load(db)?;
    let lines = lines.into_iter().map(|line| line.line);
    Ok(lines.filter(|line| line != "ok").collect())
}

/// Rows that point to rows that are not there. PostgreSQL answers for its constraints, unless somebody switched them off: the
/// constraints that are not valid are named.
///
/// # Errors
/// Those of the engine.
pub fn foreign_keys(db: &mut Db) -> Result<Vec<String>> {
    #[derive(QueryableByName)]
    struct Dangling {
        #[diesel(sql_type = Text)]
        child: String,
        #[diesel(sql_type = Nullable<BigInt>)]
        number: Option<i64>,
        #[diesel(sql_type = Text)]
        parent: String,
    }
    if !db.is_sqlite() {
        return postgres_keys(db);
    }
    let dangling: Vec<Dangling> = diesel::sql_query(format!(
        "SELECT \"table\" AS child, rowid AS number, parent FROM pragma_foreign_key_check LIMIT {SHOWN}"
    ))
    .load(db)?;
    let said = |found: Dangling| {
        let row = found.number.map(|row| row.to_string()).unwrap_or_default();
        format!(
            "row {row} of {} points to a row of {} that is not there",
            found.child, found.parent
        )
    };
    Ok(dangling.into_iter().map(said).collect())
}

#[derive(QueryableByName)]
struct Key {
    #[diesel(sql_type = Text)]
    child: String,
    #[diesel(sql_type = Text)]
    column: String,
    #[diesel(sql_type = Text)]
    parent: String,
    #[diesel(sql_type = Text)]
    target: String,
}

fn postgres_keys(db: &mut Db) -> Result<Vec<String>> {
    let keys: Vec<Key> = diesel::sql_query(
        "SELECT c.conrelid::regclass::text AS child, a.attname::text AS column, \
         c.confrelid::regclass::text AS parent, b.attname::text AS target FROM pg_constraint c \
         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] \
         JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1] \
         WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace AND cardinality(c.conkey) = 1 \
         ORDER BY 1, 2",
    )
    .load(db)?;
    let mut said = Vec::new();
    for Key {
        child,
        column,
        parent,
        target,
    } in keys
    {
        let dangling: Count = diesel::sql_query(format!(
            "SELECT count(*) AS n FROM {child} x WHERE x.{column} IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM {parent} y WHERE y.{target} = x.{column})"
        ))
        .get_result(db)?;
        if dangling.n > 0 {
            said.push(format!(
                "{} rows of {child} point to rows of {parent} that are not there ({column})",
                dangling.n
            ));
        }
    }
    Ok(said)
}

/// Counters that differ from a recount of the rows.
///
/// # Errors
/// Those of the engine.
pub fn counters(db: &mut Db) -> Result<Vec<String>> {
    let (articles, comments, authors) = publication::drift(db)?;
    let reports: Count = diesel::sql_query(
        "SELECT count(*) AS n FROM comments c LEFT JOIN (SELECT comment_id, count(*) AS n FROM reports \
         WHERE status = 0 GROUP BY comment_id) r ON r.comment_id = c.id WHERE c.open_reports <> coalesce(r.n, 0)",
    )
    .get_result(db)?;
    let kinds = [
        (
            articles,
            "articles whose number of comments is not that of their public comments",
        ),
        (
            comments,
            "comments whose number of public replies is not that of the replies",
        ),
        (
            authors,
            "authors whose totals are not those of their comments",
        ),
        (
            reports.n,
            "comments whose number of open reports is not that of the reports",
        ),
    ];
    let wrong = kinds.iter().filter(|(count, _)| *count > 0);
    Ok(wrong
        .map(|(count, what)| format!("{count} {what}"))
        .collect())
}

/// Whether the search finds exactly what it should: each comment has its terms, and the index of SQLite has those terms. Takes the
/// write lock of SQLite for that, and writes nothing. PostgreSQL makes its index from the terms by itself.
///
/// # Errors
/// Those of the engine.
pub fn search(db: &mut Db) -> Result<Vec<String>> {
    let mut said = Vec::new();
    // Comments of an older version get their terms while the server runs; of withdrawn and purged ones nothing is to be found.
    if rerendering::is_done(db)? {
        let without: Count = diesel::sql_query(
            "SELECT count(*) AS n FROM comments c WHERE c.status <> 4 AND c.purged_at IS NULL AND NOT EXISTS \
             (SELECT 1 FROM comment_terms t WHERE t.comment_id = c.id)",
        )
        .get_result(db)?;
        if without.n > 0 {
            said.push(format!("{} comments that no search finds", without.n));
        }
    }
    Ok(said)
}

/// Whether the index of the search is that of the terms. On SQLite it keeps others from writing while it looks.
///
/// # Errors
/// Those of the engine.
pub fn search_index(db: &mut Db) -> Result<Vec<String>> {
    let mut said = Vec::new();
    if db.is_sqlite() {
        let outcome = transaction(db, |db| {
            Ok(db.batch_execute(
                "INSERT INTO comments_search (comments_search, rank) VALUES ('integrity-check', 1)",
            )?)
        });
        match outcome {
            Ok(()) => {}
            Err(Error::Unavailable(cause)) => return Err(Error::Unavailable(cause)),
            Err(_) => said
                .push("the index of the search differs from the terms of the comments".to_owned()),
        }
    }
    Ok(said)
}
