//! The limit of a reply: the rows that the server writes for it, put into a copy of the same database by plain inserts.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use rejoinder::store::schema::{comment_networks, comment_terms, comments};
use rejoinder::store::{Db, token, transaction};

use super::database::connect;
use super::generator::Round;
use super::process::{backends, cpu, postgres_name};

/// A comment's row with what the server writes when a reply comes in.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = comments, treat_none_as_default_value = false)]
struct Row {
    article_id: i64,
    parent_id: Option<i64>,
    root_id: Option<i64>,
    depth: i16,
    status: i16,
    author_id: Option<i64>,
    staff: i16,
    name: String,
    name_key: String,
    email: String,
    email_key: String,
    website: String,
    body: String,
    body_html: String,
    html_version: i16,
    receipt: String,
    digest: Option<Vec<u8>>,
    network: Option<Vec<u8>>,
    hold: String,
    risk: i64,
    created_at: i64,
    published_at: Option<i64>,
    decided_at: Option<i64>,
    ground: Option<i16>,
}

/// With its search terms, the key of its text, and its shortened network.
type Written = (Row, (String, i64), String);

/// As many replies as are read back, to be written again and again under other receipts.
const SAMPLE: i64 = 1_000;

macro_rules! on_engine {
    ($db:expr, |$connection:ident| $body:expr) => {
        match $db {
            Db::Sqlite($connection) => $body,
            Db::Postgres($connection) => $body,
        }
    };
}

pub struct Raw {
    db: Db,
    /// On PostgreSQL, the name of the database.
    name: Option<String>,
    rows: Vec<Written>,
    at: usize,
}

impl Raw {
    /// Takes for its rows the latest replies of `ours`.
    pub fn new(ours: &str, copy: &str) -> Self {
        let rows: Vec<Written> = comments::table
            .inner_join(comment_terms::table.on(comment_terms::comment_id.eq(comments::id)))
            .inner_join(comment_networks::table.on(comment_networks::comment_id.eq(comments::id)))
            .order(comments::id.desc())
            .limit(SAMPLE)
            .select((
                Row::as_select(),
                (comment_terms::terms, comment_terms::text_key),
                comment_networks::shortened,
            ))
            .load(&mut connect(ours))
            .unwrap();
        assert!(!rows.is_empty(), "no reply has been written");
        Self {
            db: connect(copy),
            name: postgres_name(copy),
            rows,
            at: 0,
        }
    }

    /// Inserts for so long, so many replies to a transaction.
    pub fn insert(&mut self, batch: usize, length: Duration) -> Round {
        let mut times = Vec::new();
        let mut inserting = Duration::ZERO;
        let spent = self.cpu();
        while inserting < length {
            // Made before the clock runs: the limit is what the database does.
            let rows = self.next(batch);
            let begun = Instant::now();
            transaction(&mut self.db, |db| {
                on_engine!(db, |connection| {
                    for (row, (terms, text_key), shortened) in &rows {
                        let id: i64 = diesel::insert_into(comments::table)
                            .values(row)
                            .returning(comments::id)
                            .get_result(connection)?;
                        diesel::insert_into(comment_terms::table)
                            .values((
                                comment_terms::comment_id.eq(id),
                                comment_terms::terms.eq(terms),
                                comment_terms::text_key.eq(text_key),
                            ))
                            .execute(connection)?;
                        diesel::insert_into(comment_networks::table)
                            .values((
                                comment_networks::comment_id.eq(id),
                                comment_networks::shortened.eq(shortened),
                            ))
                            .execute(connection)?;
                    }
                });
                Ok(())
            })
            .unwrap();
            let took = begun.elapsed();
            inserting += took;
            let took = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
            times.extend(std::iter::repeat_n(took, batch));
        }
        let cpu = self.cpu().saturating_sub(spent);
        Round::of(times, inserting.as_secs_f64(), cpu)
    }

    fn cpu(&self) -> Duration {
        cpu("/proc/thread-self/stat") + backends(self.name.as_deref())
    }

    fn next(&mut self, batch: usize) -> Vec<Written> {
        (0..batch)
            .map(|_| {
                self.at += 1;
                let mut written = self.rows[self.at % self.rows.len()].clone();
                written.0.receipt = token::receipt().unwrap();
                written.0.digest = Some(token::digest(&[written.0.receipt.as_bytes()]));
                written.0.created_at += 1;
                written
            })
            .collect()
    }
}

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

/// How many rows each table has, but for those that a job of the server fills at times of its own, and those of the search's index.
pub fn rows_by_table(url: &str) -> Vec<(String, i64)> {
    let mut db = connect(url);
    let tables = if db.is_sqlite() {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
    } else {
        "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY name"
    };
    let tables: Vec<Table> = diesel::sql_query(tables).load(&mut db).unwrap();
    tables
        .into_iter()
        .filter(|table| {
            !["comments_search", "audit_seals", "audit_unsealed"]
                .iter()
                .any(|other| table.name.starts_with(other))
        })
        .map(|table| {
            let count = format!("SELECT count(*) AS n FROM {}", table.name);
            let count: Count = diesel::sql_query(count).get_result(&mut db).unwrap();
            (table.name, count.n)
        })
        .collect()
}
