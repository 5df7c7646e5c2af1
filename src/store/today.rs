//! The desk's day: what came in, what was decided, hour by hour; of a person only to themselves.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::connection::Db;
use super::error::Result;
use super::figures::{self, Comments, Decisions};
use crate::time::{HOUR, Period, Timestamp};

/// What happened today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// From the first moment of the day to that of the next.
    pub period: Period,
    pub comments: Comments,
    pub decisions: Decisions,
    /// Decisions of moderators that stand, by the hours of the day, of which some days have 23 or 25.
    pub hours: Vec<Hour>,
}

/// An hour of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour {
    pub from: Timestamp,
    pub decisions: i64,
    /// Of these, the reader's.
    pub own: i64,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    hour: i64,
    #[diesel(sql_type = BigInt)]
    decisions: i64,
    #[diesel(sql_type = BigInt)]
    own: i64,
}

impl Day {
    /// The day as this moderator may see it. Three statements, which read the rows of the day.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn of(db: &mut Db, period: Period, moderator: i64) -> Result<Self> {
        let from = period.from.0;
        let rows: Vec<Row> = diesel::sql_query(format!(
            "SELECT (d.at - {from}) / {HOUR} AS hour, count(*) AS decisions, \
             count(*) FILTER (WHERE d.moderator_id = {moderator}) AS own FROM decisions d \
             WHERE {} AND d.moderator_id IS NOT NULL AND {} GROUP BY 1",
            figures::within("d.at", period),
            figures::STANDS,
        ))
        .load(db)?;
        let count = period.until.since(period.from).div_euclid(HOUR);
        let hours = (0..count)
            .map(|place| {
                let row = rows.iter().find(|row| row.hour == place);
                Hour {
                    from: period.from.plus(place * HOUR),
                    decisions: row.map_or(0, |row| row.decisions),
                    own: row.map_or(0, |row| row.own),
                }
            })
            .collect();
        Ok(Self {
            period,
            comments: figures::comments(db, &[period])?.pop().unwrap_or_default(),
            decisions: figures::decisions(db, period)?,
            hours,
        })
    }
}
