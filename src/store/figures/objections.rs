//! What readers and authors objected to, and what came of it.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, SmallInt};

use super::{Appeals, Reports, nearest_rank, within};
use crate::moderation::{AppealStatus, ReportStatus};
use crate::store::connection::Db;
use crate::store::error::Result;
use crate::time::Period;

#[derive(QueryableByName)]
struct AppealRow {
    #[diesel(sql_type = SmallInt)]
    status: i16,
    #[diesel(sql_type = BigInt)]
    took: i64,
    #[diesel(sql_type = Bool)]
    answered: bool,
}

/// An appeal that stands as upheld without an answer ended with its comment.
pub(super) fn appeals(db: &mut Db, period: Period) -> Result<Appeals> {
    let rows: Vec<AppealRow> = diesel::sql_query(format!(
        "SELECT a.status, coalesce(a.decided_at - a.created_at, 0) AS took, EXISTS (SELECT 1 FROM decisions d \
         WHERE d.comment_id = a.comment_id AND d.appeal_id = a.id AND d.undoes IS NULL \
         AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.id)) AS answered \
         FROM appeals a WHERE {}",
        within("a.created_at", period),
    ))
    .load(db)?;
    let mut appeals = Appeals::default();
    let mut took = Vec::new();
    for row in rows {
        appeals.received += 1;
        match (AppealStatus::try_from(row.status), row.answered) {
            (Ok(AppealStatus::Reversed), _) => appeals.reversed += 1,
            (Ok(AppealStatus::Upheld), true) => appeals.upheld += 1,
            (Ok(AppealStatus::Upheld), false) => {
                appeals.withdrawn += 1;
                continue;
            }
            (Ok(AppealStatus::Open) | Err(_), _) => {
                appeals.open += 1;
                continue;
            }
        }
        took.push(row.took);
    }
    appeals.median = nearest_rank(&mut took, 50);
    Ok(appeals)
}

#[derive(QueryableByName)]
struct ReportRow {
    #[diesel(sql_type = SmallInt)]
    status: i16,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

pub(super) fn reports(db: &mut Db, period: Period) -> Result<Reports> {
    let rows: Vec<ReportRow> = diesel::sql_query(format!(
        "SELECT status, count(*) AS n FROM reports WHERE {} GROUP BY status",
        within("created_at", period),
    ))
    .load(db)?;
    let mut reports = Reports::default();
    for row in rows {
        reports.received += row.n;
        match ReportStatus::try_from(row.status) {
            Ok(ReportStatus::Removed) => reports.removed += row.n,
            Ok(ReportStatus::Kept) => reports.kept += row.n,
            Ok(ReportStatus::Withdrawn) => reports.withdrawn += row.n,
            Ok(ReportStatus::Open) | Err(_) => reports.open += row.n,
        }
    }
    Ok(reports)
}
