//! The decisions of a period: one statement along `decisions_at`. A million lengths of time are quicker in order here than in
//! SQLite, and quicker in PostgreSQL than on their way here.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};

use super::{Decisions, QUICK, nearest_rank, within};
use crate::store::connection::Db;
use crate::store::error::Result;
use crate::time::Period;

/// The condition of a decision that stands.
pub(in crate::store) const STANDS: &str =
    "d.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.id)";

/// The decisions made in a period that stand.
pub(in crate::store) fn decisions(db: &mut Db, period: Period) -> Result<Decisions> {
    match db {
        Db::Sqlite(connection) => from_sqlite(connection, period),
        #[cfg(feature = "postgres")]
        Db::Postgres(connection) => from_postgres(connection, period),
    }
}

#[derive(QueryableByName)]
struct Made {
    /// Of first decisions.
    #[diesel(sql_type = Nullable<BigInt>)]
    waited: Option<i64>,
    #[diesel(sql_type = Bool)]
    by_software: bool,
}

fn from_sqlite(connection: &mut SqliteConnection, period: Period) -> Result<Decisions> {
    let made = diesel::sql_query(format!(
        "SELECT d.waited, d.moderator_id IS NULL AS by_software FROM decisions d WHERE {} AND {STANDS}",
        within("d.at", period),
    ))
    .load_iter::<Made, diesel::connection::DefaultLoadingMode>(connection)?;
    let mut decisions = Decisions::default();
    let mut waited = Vec::new();
    for row in made {
        let row = row?;
        decisions.made += 1;
        if row.by_software {
            decisions.by_software += 1;
        } else if let Some(length) = row.waited {
            decisions.quick += i64::from(length <= QUICK);
            waited.push(length);
        }
    }
    decisions.first = i64::try_from(waited.len()).unwrap_or(i64::MAX);
    decisions.median = nearest_rank(&mut waited, 50);
    decisions.ninetieth = nearest_rank(&mut waited, 90);
    Ok(decisions)
}

#[cfg(feature = "postgres")]
fn from_postgres(connection: &mut PgConnection, period: Period) -> Result<Decisions> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        made: i64,
        #[diesel(sql_type = BigInt)]
        by_software: i64,
        #[diesel(sql_type = BigInt)]
        first: i64,
        #[diesel(sql_type = BigInt)]
        quick: i64,
        #[diesel(sql_type = Nullable<BigInt>)]
        median: Option<i64>,
        #[diesel(sql_type = Nullable<BigInt>)]
        ninetieth: Option<i64>,
    }
    // `percentile_disc` is by nearest rank.
    let row: Row = diesel::sql_query(format!(
        "SELECT count(*) AS made, count(*) FILTER (WHERE k.moderator_id IS NULL) AS by_software, count(k.waited) AS first, \
         count(*) FILTER (WHERE k.waited <= {QUICK}) AS quick, \
         percentile_disc(0.5) WITHIN GROUP (ORDER BY k.waited) AS median, \
         percentile_disc(0.9) WITHIN GROUP (ORDER BY k.waited) AS ninetieth \
         FROM (SELECT d.moderator_id, CASE WHEN d.moderator_id IS NOT NULL THEN d.waited END AS waited FROM decisions d \
         WHERE {} AND {STANDS}) k",
        within("d.at", period),
    ))
    .get_result(connection)?;
    Ok(Decisions {
        made: row.made,
        by_software: row.by_software,
        first: row.first,
        quick: row.quick,
        median: row.median,
        ninetieth: row.ninetieth,
    })
}
