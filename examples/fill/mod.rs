//! Fills a database with a discussion of any size that looks like one that has grown: through the schema, indexes and triggers of
//! the product, with its own rendering and search terms, and the same rows again for the same plan.
#![allow(dead_code, reason = "each program uses a part of it")]

mod articles;
mod history;
mod names;
mod random;
mod scripts;
mod shape;
mod tables;
mod words;

use std::time::{Duration, Instant};

use rejoinder::store::{self, Db, audit_seals, rerendering};
use rejoinder::time::{DAY, Timestamp};

/// What is to be made.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Ordinary articles: a few with very many comments, many with few.
    pub articles: usize,
    /// Comments in all.
    pub comments: usize,
    /// How many of them wait; mostly the latest.
    pub pending: usize,
    /// Equal plans make equal rows.
    pub seed: u64,
    /// An article of this slug that has so many of the comments; it is made if it is not there.
    pub one_article: Option<(String, usize)>,
    /// The end of the four months in which everything happens.
    pub until: Timestamp,
    /// Whether the audit log is sealed too; a server does it within some minutes after its start.
    pub seal: bool,
}

impl Default for Plan {
    fn default() -> Self {
        let now = Timestamp::now();
        Self {
            articles: 100,
            comments: 10_000,
            pending: 100,
            seed: 1,
            one_article: None,
            until: Timestamp(now.0 - now.0.rem_euclid(DAY)),
            seal: true,
        }
    }
}

/// What was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    pub articles: usize,
    pub comments: usize,
    pub public: usize,
    pub pending: usize,
    pub rejected: usize,
    pub spam: usize,
    pub withdrawn: usize,
    pub authors: usize,
    pub decisions: usize,
    /// Of the audit log.
    pub entries: usize,
    /// The first comment's id, and the last one's.
    pub ids: (i64, i64),
    /// With everything, the figures of the planner included.
    pub took: Duration,
}

/// Comments that are written in one transaction.
const SLICE: usize = 20_000;

/// Adds to a database, whose schema is up to date, what a plan says. `progress` hears how many comments are there after each
/// slice. Nobody else may write at the same time.
///
/// # Errors
/// Those of the engine.
pub fn fill(db: &mut Db, plan: &Plan, progress: &mut dyn FnMut(usize)) -> store::Result<Report> {
    let begun = Instant::now();
    let was_done = tables::begin(db)? || rerendering::is_done(db)?;
    let mut report = tables::fill(db, plan, SLICE, progress)?;
    if was_done {
        rerendering::set_done(db)?;
    }
    if plan.seal {
        let seal = |db: &mut Db| audit_seals::seal(db, plan.until);
        while store::transaction(db, seal)? > 0 {}
    }
    tables::end(db)?;
    report.took = begun.elapsed();
    Ok(report)
}
