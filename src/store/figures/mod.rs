//! Figures of a stretch of time, for everybody to read. They are counted from rows that stay when texts, names and networks go.
//!
//! A comment is one by a reader; replies by staff are not counted. A decision stands as long as none takes it back: one that
//! was undone is counted nowhere, and neither is the undoing. Percentiles are by nearest rank: of `n` lengths of time in
//! order, the one whose place is `n` times the share, rounded up.

mod kept;
mod objections;
mod sql;

pub use kept::{Kept, Report};
pub(super) use sql::{STANDS, decisions};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, SmallInt, Text};

use super::connection::Db;
use super::error::Result;
use crate::moderation::{Ground, Status};
use crate::time::{HOUR, Month, Period, Timestamp, Zone};

/// A decision within this time is a quick one. Milliseconds.
pub const QUICK: i64 = 4 * HOUR;

/// What happened in a stretch of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    pub comments: Comments,
    pub grounds: Vec<OnGround>,
    pub decisions: Decisions,
    pub appeals: Appeals,
    pub reports: Reports,
}

/// Comments received, each counted once by how it stands now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Comments {
    pub received: i64,
    pub published: i64,
    pub rejected: i64,
    pub spam: i64,
    /// Taken back by their authors, whatever had been decided before.
    pub withdrawn: i64,
    pub waiting: i64,
    /// Of those received: published as they came in, because nothing held them, however they stand now.
    pub at_once: i64,
}

impl Comments {
    /// Rejected or treated as spam.
    pub fn refused(&self) -> i64 {
        self.rejected + self.spam
    }
}

/// Comments received that stand rejected or as spam, by ground.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnGround {
    /// `None` for a rejection that names no rule.
    pub ground: Option<Ground>,
    /// The rule's title when the decision was made; empty for spam.
    pub title: String,
    /// A rule of that number and title is in force.
    pub in_force: bool,
    pub comments: i64,
}

/// Decisions made that stand: on comments, edits, reports and appeals, whenever they came in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Decisions {
    pub made: i64,
    /// Without a moderator.
    pub by_software: i64,
    /// First decisions on a comment by a moderator: those that ended its waiting.
    pub first: i64,
    /// Of the first decisions: within [`QUICK`] of the comment's arrival.
    pub quick: i64,
    /// Milliseconds from a comment's arrival to the first decision on it.
    pub median: Option<i64>,
    /// The 90th percentile of the same.
    pub ninetieth: Option<i64>,
}

/// Appeals received, each by how it stands now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Appeals {
    pub received: i64,
    /// The comment was published after all, by an answer or because the decision was taken back.
    pub reversed: i64,
    /// The decision stays.
    pub upheld: i64,
    /// Ended because the comment's author withdrew it.
    pub withdrawn: i64,
    pub open: i64,
    /// Milliseconds from the arrival of those reversed or upheld to the answer.
    pub median: Option<i64>,
}

/// Reports received, each by how it stands now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reports {
    pub received: i64,
    /// The comment was removed.
    pub removed: i64,
    /// The comment stays.
    pub kept: i64,
    /// The comment's author was quicker.
    pub withdrawn: i64,
    pub open: i64,
}

/// A month of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub month: Month,
    pub comments: Comments,
}

/// The value at a percentile by nearest rank; `None` of nothing. The order of the values is lost.
pub fn nearest_rank(values: &mut [i64], percent: usize) -> Option<i64> {
    let place = (values.len() * percent).div_ceil(100).checked_sub(1)?;
    let (_, value, _) = values.select_nth_unstable(place);
    Some(*value)
}

/// The figures of a stretch of time. Six statements, each along an index by time.
///
/// # Errors
/// Those of the engine.
pub fn of(db: &mut Db, period: Period) -> Result<Figures> {
    let comments = comments(db, &[period])?.pop().unwrap_or_default();
    Ok(Figures {
        grounds: grounds(db, period, comments.spam)?,
        comments,
        decisions: decisions(db, period)?,
        appeals: objections::appeals(db, period)?,
        reports: objections::reports(db, period)?,
    })
}

/// The comments of each month of the year that ends with this one, oldest first. One statement.
///
/// # Errors
/// Those of the engine.
pub fn year(db: &mut Db, zone: &Zone, last: Month) -> Result<Vec<Column>> {
    let (months, periods): (Vec<Month>, Vec<Period>) = (-11..=0)
        .filter_map(|back| {
            let month = last.plus(back)?;
            Some((month, zone.month(month)?))
        })
        .unzip();
    let counted = comments(db, &periods)?;
    let column = |(month, comments)| Column { month, comments };
    Ok(months.into_iter().zip(counted).map(column).collect())
}

/// The months that there is something to say of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Months {
    /// That of the first comment.
    pub first: Month,
    /// The last complete one in which anything happened; else the current one.
    pub shown: Month,
    pub current: Month,
}

#[derive(QueryableByName)]
struct Bounds {
    #[diesel(sql_type = Nullable<BigInt>)]
    first: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    last: Option<i64>,
}

/// One statement, which reads the ends of five indexes.
///
/// # Errors
/// Those of the engine.
pub fn months(db: &mut Db, zone: &Zone, now: Timestamp) -> Result<Months> {
    let current = zone.month_of(now);
    let before = zone.month(current).map_or(now, |month| month.from).0;
    let latest = |what: &str, of: &str, also: &str| {
        format!("SELECT max({what}) AS at FROM {of} WHERE {what} < {before}{also}")
    };
    let each = [
        latest("created_at", "comments", " AND staff = 0"),
        latest("at", "decisions", " AND undoes IS NULL"),
        latest("created_at", "reports", ""),
        latest("created_at", "appeals", ""),
    ];
    let bounds: Bounds = diesel::sql_query(format!(
        "SELECT (SELECT min(created_at) FROM comments WHERE staff = 0) AS first, max(k.at) AS last FROM ({}) k",
        each.join(" UNION ALL ")
    ))
    .get_result(db)?;
    let month = |at: Option<i64>| at.map_or(current, |at| zone.month_of(Timestamp(at)));
    let first = month(bounds.first).min(current);
    Ok(Months {
        first,
        shown: month(bounds.last).max(first),
        current,
    })
}

/// The condition of a moment in a period.
pub(super) fn within(column: &str, period: Period) -> String {
    format!(
        "{column} >= {} AND {column} < {}",
        period.from.0, period.until.0
    )
}

#[derive(QueryableByName)]
struct CommentRow {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = BigInt)]
    received: i64,
    #[diesel(sql_type = BigInt)]
    published: i64,
    #[diesel(sql_type = BigInt)]
    rejected: i64,
    #[diesel(sql_type = BigInt)]
    spam: i64,
    #[diesel(sql_type = BigInt)]
    withdrawn: i64,
    #[diesel(sql_type = BigInt)]
    at_once: i64,
}

/// The comments of each period. One statement, from `comments_created` alone.
///
/// # Errors
/// Those of the engine.
pub fn comments(db: &mut Db, periods: &[Period]) -> Result<Vec<Comments>> {
    if periods.is_empty() {
        return Ok(Vec::new());
    }
    let of = |status: Status| format!("count(*) FILTER (WHERE status = {})", status.code());
    let each: Vec<String> = periods
        .iter()
        .enumerate()
        .map(|(place, period)| {
            format!(
                "SELECT CAST({place} AS BIGINT) AS place, count(*) AS received, {} AS published, {} AS rejected, {} AS spam, \
                 {} AS withdrawn, count(*) FILTER (WHERE published_at = created_at) AS at_once \
                 FROM comments WHERE {} AND staff = 0",
                of(Status::Approved),
                of(Status::Rejected),
                of(Status::Spam),
                of(Status::Withdrawn),
                within("created_at", *period),
            )
        })
        .collect();
    let mut rows: Vec<CommentRow> = diesel::sql_query(each.join(" UNION ALL ")).load(db)?;
    rows.sort_unstable_by_key(|row| row.place);
    let comments = |row: CommentRow| Comments {
        received: row.received,
        published: row.published,
        rejected: row.rejected,
        spam: row.spam,
        withdrawn: row.withdrawn,
        waiting: row.received - row.published - row.rejected - row.spam - row.withdrawn,
        at_once: row.at_once,
    };
    Ok(rows.into_iter().map(comments).collect())
}

#[derive(QueryableByName)]
struct GroundRow {
    #[diesel(sql_type = Nullable<SmallInt>)]
    ground: Option<i16>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    number: Option<i16>,
    #[diesel(sql_type = Nullable<Text>)]
    title: Option<String>,
    #[diesel(sql_type = Bool)]
    in_force: bool,
    #[diesel(sql_type = BigInt)]
    comments: i64,
}

/// Why comments were not published; the commonest ground first. Versions of a rule that had one number and title are one.
fn grounds(db: &mut Db, period: Period, spam: i64) -> Result<Vec<OnGround>> {
    // A sum, so that no index by status is taken: it would lead through all rejections there ever were.
    let rows: Vec<GroundRow> = diesel::sql_query(format!(
        "SELECT k.ground, r.number, r.title, (r.id IS NOT NULL AND r.until IS NULL) AS in_force, k.n AS comments \
         FROM (SELECT ground, rule_id, count(*) AS n FROM comments WHERE {} AND staff = 0 AND status + 0 = {} \
         GROUP BY ground, rule_id) k LEFT JOIN rules r ON r.id = k.rule_id",
        within("created_at", period),
        Status::Rejected.code(),
    ))
    .load(db)?;
    let mut grounds: Vec<OnGround> = Vec::new();
    for row in rows {
        let ground = row
            .ground
            .and_then(|code| Ground::from_code(code, row.number));
        let title = row.title.unwrap_or_default();
        match grounds
            .iter_mut()
            .find(|known| known.ground == ground && known.title == title)
        {
            Some(known) => {
                known.comments += row.comments;
                known.in_force |= row.in_force;
            }
            None => grounds.push(OnGround {
                ground,
                title,
                in_force: row.in_force,
                comments: row.comments,
            }),
        }
    }
    if spam > 0 {
        grounds.push(OnGround {
            ground: Some(Ground::Spam),
            title: String::new(),
            in_force: false,
            comments: spam,
        });
    }
    let number = |ground: Option<Ground>| match ground {
        Some(Ground::Rule(number) | Ground::Illegal(number)) => number,
        Some(Ground::Spam) | None => i16::MAX,
    };
    grounds.sort_by(|one, other| {
        (other.comments.cmp(&one.comments))
            .then(number(one.ground).cmp(&number(other.ground)))
            .then(one.title.cmp(&other.title))
    });
    Ok(grounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_rank_is_a_value_that_is_there() {
        assert_eq!(nearest_rank(&mut [], 50), None);
        assert_eq!(nearest_rank(&mut [7], 50), Some(7));
        assert_eq!(nearest_rank(&mut [9, 1], 50), Some(1));
        assert_eq!(nearest_rank(&mut [3, 1, 2], 50), Some(2));
        let mut ten: Vec<i64> = (1..=10).rev().collect();
        assert_eq!(nearest_rank(&mut ten, 90), Some(9));
        let mut eleven: Vec<i64> = (1..=11).collect();
        assert_eq!(nearest_rank(&mut eleven, 90), Some(10));
    }
}
