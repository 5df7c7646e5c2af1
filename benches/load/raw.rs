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

/// Connections on which the server inserts at once on PostgreSQL; on SQLite it has one. See `store::writer`.
pub const POSTGRES_WRITERS: usize = 4;

pub struct Raw {
    lines: Vec<Line>,
    /// On PostgreSQL, the name of the database.
    name: Option<String>,
    rows: Vec<Written>,
}

/// A connection with a thread of its own, and where it is among the rows.
struct Line {
    db: Db,
    at: usize,
}

/// What a line did in a round.
struct Inserted {
    /// Of each reply, in nanoseconds.
    times: Vec<u64>,
    inserting: Duration,
    /// Of its thread, on the processors.
    cpu: Duration,
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
        let name = postgres_name(copy);
        let writers = match &name {
            None => 1,
            Some(_) => POSTGRES_WRITERS,
        };
        let line = |number: usize| Line {
            db: connect(copy),
            at: number * rows.len() / writers,
        };
        Self {
            lines: (0..writers).map(line).collect(),
            name,
            rows,
        }
    }

    /// Inserts for so long what so many clients would have sent. On SQLite one connection commits all that they have waiting at
    /// once, as the server's writer does. On PostgreSQL the server has several connections for that, each with its share of what waits:
    /// so has the limit, with batches of as many as each of the server's gets when all share alike. One client has one row waiting, and
    /// one connection writes it.
    pub fn insert(&mut self, clients: usize, length: Duration) -> Round {
        let count = self.lines.len().min(clients);
        let batch = clients / count;
        let lines = &mut self.lines[..count];
        let rows = self.rows.as_slice();
        let name = self.name.as_deref();
        let spent = backends(name);
        let inserted: Vec<Inserted> = std::thread::scope(|scope| {
            let threads: Vec<_> = lines
                .iter_mut()
                .map(|line| scope.spawn(move || line.insert(rows, batch, length)))
                .collect();
            let inserted = threads.into_iter().map(|thread| thread.join().unwrap());
            inserted.collect()
        });
        let mut cpu = backends(name).saturating_sub(spent);
        let mut inserting = Duration::ZERO;
        let mut times = Vec::new();
        for line in inserted {
            cpu += line.cpu;
            inserting += line.inserting;
            times.extend(line.times);
        }
        // They insert beside one another.
        Round::of(times, inserting.as_secs_f64() / count as f64, cpu)
    }
}

impl Line {
    /// Inserts for so long, so many replies to a transaction.
    fn insert(&mut self, rows: &[Written], batch: usize, length: Duration) -> Inserted {
        let thread = "/proc/thread-self/stat";
        let mut times = Vec::new();
        let mut inserting = Duration::ZERO;
        let spent = cpu(thread);
        while inserting < length {
            // Made before the clock runs: the limit is what the database does.
            let rows = self.next(rows, batch);
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
        Inserted {
            times,
            inserting,
            cpu: cpu(thread).saturating_sub(spent),
        }
    }

    fn next(&mut self, rows: &[Written], batch: usize) -> Vec<Written> {
        (0..batch)
            .map(|_| {
                self.at += 1;
                let mut written = rows[self.at % rows.len()].clone();
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
