//! Reports of months, kept in memory for a while: whoever reads them costs the database nothing.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Column, Figures};
use crate::store::error::{Error, Result};
use crate::store::{Db, Store};
use crate::time::{MINUTE, Month, Period, Timestamp, Zone};

/// For so long the report of a month that goes on is kept, in milliseconds.
const RUNNING: i64 = MINUTE;
/// And that of a finished month, which changes by late decisions alone.
const FINISHED: i64 = 10 * MINUTE;
/// Reports that are kept at once: two years of months.
const MOST: usize = 24;

/// The figures of a period, and those of the year that ends with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub period: Period,
    pub figures: Figures,
    pub year: Vec<Column>,
}

impl Report {
    /// Seven statements.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn of(db: &mut Db, zone: &Zone, period: Period) -> Result<Self> {
        Ok(Self {
            period,
            figures: super::of(db, period)?,
            year: super::year(db, zone, zone.month_of(period.until.plus(-1)))?,
        })
    }
}

/// The reports that are kept. One is made at a time, whoever asks meanwhile waits for it.
#[derive(Debug, Default)]
pub struct Kept {
    known: Mutex<Vec<Known>>,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Known {
    month: Month,
    at: Timestamp,
    report: Arc<Report>,
}

impl Kept {
    /// The report of a month of this zone.
    ///
    /// # Errors
    /// Those of the engine; `Corrupt` for a month beyond the calendar.
    pub async fn month(
        &self,
        store: &Store,
        zone: &Zone,
        month: Month,
        now: Timestamp,
    ) -> Result<Arc<Report>> {
        if let Some(report) = self.find(zone, month, now) {
            return Ok(report);
        }
        let _turn = self.turn.lock().await;
        if let Some(report) = self.find(zone, month, now) {
            return Ok(report);
        }
        let period = zone
            .month(month)
            .ok_or_else(|| Error::Corrupt(format!("the month {month}")))?;
        let zone = zone.clone();
        let report = store
            .read_at_length(move |db| Report::of(db, &zone, period))
            .await
            .map(Arc::new)?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|known| known.month != month);
        if known.len() >= MOST {
            // The one that was made first.
            known.remove(0);
        }
        known.push(Known {
            month,
            at: now,
            report: Arc::clone(&report),
        });
        Ok(report)
    }

    fn find(&self, zone: &Zone, month: Month, now: Timestamp) -> Option<Arc<Report>> {
        let keep = if month < zone.month_of(now) {
            FINISHED
        } else {
            RUNNING
        };
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.iter().find(|known| known.month == month)?;
        // A clock that was set back says nothing about age.
        let fresh = found.at <= now && now.since(found.at) < keep;
        fresh.then(|| Arc::clone(&found.report))
    }
}
