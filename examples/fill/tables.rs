//! The tables as the generator writes them: row by row through prepared statements on SQLite, by COPY on PostgreSQL.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use rejoinder::store::schema::{
    appeals, articles, audit_entries, audit_texts, audit_unsealed, author_devices, authors,
    comment_networks, comment_terms, comments, decisions, moderators, outbox, reports,
};
use rejoinder::store::{self, Db};

use super::random::Random;
use super::{comments as texts, history};

/// Rows of a table, with the columns that are not left as they are by default.
macro_rules! rows {
    ($name:ident of $table:ident { $($column:ident: $type:ty,)+ }) => {
        #[derive(Debug, Default, Insertable)]
        #[diesel(table_name = $table, treat_none_as_default_value = false)]
        pub struct $name { $(pub $column: $type,)+ }
    };
}

rows!(AuthorRow of authors {
    id: i64, created_at: i64, approved_count: i64, rejected_count: i64, spam_count: i64,
});
rows!(DeviceRow of author_devices {
    token_hash: Vec<u8>, author_id: i64, created_at: i64, seen_at: i64,
});
rows!(ModeratorRow of moderators {
    name: String, name_key: String, role: i16, password_hash: String, created_at: i64,
});
rows!(CommentRow of comments {
    id: i64, article_id: i64, parent_id: Option<i64>, root_id: Option<i64>, depth: i16, status: i16, version: i64,
    author_id: Option<i64>, staff: i16, name: String, name_key: String, email: String, email_key: String, website: String,
    body: String, body_html: String, html_version: i16, receipt: String, digest: Option<Vec<u8>>,
    network: Option<Vec<u8>>, hold: String, risk: i64, created_at: i64, published_at: Option<i64>,
    decided_at: Option<i64>, ground: Option<i16>, rule_id: Option<i64>, public_descendants: i64, open_reports: i64,
    purged_at: Option<i64>,
});
rows!(TermRow of comment_terms { comment_id: i64, terms: String, text_key: i64, });
rows!(NetworkRow of comment_networks { comment_id: i64, shortened: String, });
rows!(ReportRow of reports {
    comment_id: i64, receipt: String, ground: i16, rule_id: Option<i64>, explanation: String, contact_name: String,
    contact_email: String, child_abuse: bool, good_faith: bool, body_html: String, created_at: i64, status: i16,
});
rows!(DecisionRow of decisions {
    id: i64, comment_id: i64, moderator_id: Option<i64>, at: i64, from_status: i16, to_status: i16, ground: Option<i16>,
    rule_id: Option<i64>, note: String, comment_version: i64, about: i16, waited: Option<i64>,
});
rows!(OutboxRow of outbox {
    id: i64, decision_id: i64, comment_id: i64, kind: &'static str, message_id: String, due_at: i64,
    claimed_at: Option<i64>, delivered_at: Option<i64>,
});
rows!(AppealRow of appeals {
    id: i64, comment_id: i64, decision_id: i64, status: i16, text: String, created_at: i64,
});
rows!(EntryRow of audit_entries {
    id: i64, at: i64, actor: i16, moderator_id: Option<i64>, act: &'static str, article_id: Option<i64>,
    comment_id: Option<i64>, decision_id: Option<i64>, facts: String, digest: Option<Vec<u8>>,
});
rows!(TextRow of audit_texts { entry_id: i64, salt: Vec<u8>, text: String, });
rows!(UnsealedRow of audit_unsealed { entry_id: i64, });

macro_rules! put {
    ($db:expr, $table:ident, $rows:expr) => {{
        let rows = $rows;
        match $db {
            Db::Sqlite(connection) => {
                for row in rows {
                    diesel::insert_into($table::table)
                        .values(row)
                        .execute(connection)?;
                }
            }
            #[cfg(feature = "postgres")]
            Db::Postgres(connection) => {
                if !rows.is_empty() {
                    diesel::copy_from($table::table)
                        .from_insertable(rows)
                        .execute(connection)?;
                }
            }
        }
    }};
}

impl texts::Rows {
    pub fn put(&self, db: &mut Db) -> store::Result<()> {
        put!(db, comments, &self.comments);
        put!(db, comment_terms, &self.terms);
        put!(db, comment_networks, &self.networks);
        put!(db, reports, &self.reports);
        Ok(())
    }
}

impl history::Rows {
    pub fn put(&self, db: &mut Db) -> store::Result<()> {
        put!(db, decisions, &self.decisions);
        put!(db, outbox, &self.outbox);
        put!(db, appeals, &self.appeals);
        put!(db, audit_entries, &self.entries);
        put!(db, audit_texts, &self.texts);
        put!(db, audit_unsealed, &self.unsealed);
        Ok(())
    }
}

pub fn put_authors(db: &mut Db, rows: &[AuthorRow], devices: &[DeviceRow]) -> store::Result<()> {
    put!(db, authors, rows);
    put!(db, author_devices, devices);
    Ok(())
}

pub fn put_moderators(db: &mut Db, rows: &[ModeratorRow]) -> store::Result<()> {
    put!(db, moderators, rows);
    Ok(())
}

/// The accounts that there are.
pub fn moderator_ids(db: &mut Db) -> store::Result<Vec<i64>> {
    Ok(moderators::table
        .order(moderators::id.asc())
        .select(moderators::id)
        .load(db)?)
}

pub fn article_id(db: &mut Db, slug: &str) -> store::Result<i64> {
    Ok(articles::table
        .filter(articles::slug.eq(slug))
        .select(articles::id)
        .first(db)?)
}

/// Adds what was published to the counts of the articles.
pub fn count(db: &mut Db, ids: &[i64], public: &[i64]) -> store::Result<()> {
    for (id, public) in ids.iter().zip(public) {
        diesel::update(articles::table.find(id))
            .set((
                articles::comment_count.eq(articles::comment_count + public),
                articles::page_version.eq(articles::page_version + public),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// The ids that come next, of comments, authors, decisions, entries, outbox rows and appeals.
pub fn next_ids(db: &mut Db) -> store::Result<[i64; 6]> {
    use diesel::dsl::max;
    let last = [
        comments::table
            .select(max(comments::id))
            .first::<Option<i64>>(db)?,
        authors::table.select(max(authors::id)).first(db)?,
        decisions::table.select(max(decisions::id)).first(db)?,
        audit_entries::table
            .select(max(audit_entries::id))
            .first(db)?,
        outbox::table.select(max(outbox::id)).first(db)?,
        appeals::table.select(max(appeals::id)).first(db)?,
    ];
    Ok(last.map(|last| last.unwrap_or(0) + 1))
}

/// Makes a connection fast at the cost of what a power cut would do to the file, which is filled anew then.
pub fn begin(db: &mut Db) -> store::Result<()> {
    db.batch_execute(match db.is_sqlite() {
        true => {
            "PRAGMA synchronous = OFF; PRAGMA secure_delete = OFF; PRAGMA cache_size = -262144; \
             PRAGMA wal_autocheckpoint = 20000"
        }
        false => "SET statement_timeout = 0; SET synchronous_commit = off",
    })?;
    Ok(())
}

/// Gives the connection back as it was, and the planner its figures, as it gets them sooner or later by itself.
pub fn end(db: &mut Db) -> store::Result<()> {
    if db.is_sqlite() {
        db.batch_execute(
            "PRAGMA analysis_limit = 1000; ANALYZE; PRAGMA analysis_limit = 0; PRAGMA wal_checkpoint(TRUNCATE); \
             PRAGMA wal_autocheckpoint = 1000; PRAGMA cache_size = -2000; PRAGMA secure_delete = ON; PRAGMA synchronous = FULL",
        )?;
        return Ok(());
    }
    for table in [
        "comments",
        "authors",
        "decisions",
        "audit_entries",
        "outbox",
        "appeals",
    ] {
        // What was copied in has numbers of its own.
        db.batch_execute(&format!(
            "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)"
        ))?;
    }
    db.batch_execute("VACUUM ANALYZE")?;
    db.batch_execute("SET statement_timeout = '30s'; SET synchronous_commit = on")?;
    Ok(())
}

/// What addresses a receipt: as long as the product's, and the same again.
pub fn code(seed: u64, purpose: u64, number: i64) -> String {
    URL_SAFE_NO_PAD.encode(Random::of(seed, purpose, number as u64).bytes::<18>())
}
