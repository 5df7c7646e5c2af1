//! Fills a database with a discussion of any size that looks like one that has grown: through the schema, indexes and triggers of
//! the product, with its own rendering and search terms, and the same rows again for the same plan.
#![allow(dead_code, reason = "each program uses a part of it")]

mod articles;
mod comments;
mod history;
mod names;
mod random;
mod scripts;
mod shape;
mod tables;
mod words;

use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use rejoinder::moderation::{Role, Status};
use rejoinder::store::{self, Db, audit_seals, rerendering, rules};
use rejoinder::text;
use rejoinder::time::{DAY, Timestamp};

use comments::Ground;
use history::{History, Ledger};
use shape::Record;

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
    /// The end of the four months in which everything happens; the same day unless another is given.
    pub until: Timestamp,
    /// Whether the audit log is sealed too; a server does it within some minutes after its start.
    pub seal: bool,
}

/// 2026-01-01.
const END: Timestamp = Timestamp(20_454 * DAY);

/// When the day began, in UTC: the end of a discussion that is still going on.
pub fn today() -> Timestamp {
    let now = Timestamp::now();
    Timestamp(now.0 - now.0.rem_euclid(DAY))
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            articles: 100,
            comments: 10_000,
            pending: 100,
            seed: 1,
            one_article: None,
            until: END,
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

/// Comments that are written in one transaction, and those that are made at once.
const SLICE: usize = 20_000;
const CHUNK: usize = 500;

/// Those who decide, where nobody has an account yet.
const DESK: [&str; 6] = ["Dana", "Femi", "Ksenia", "Marek", "Nora", "Oskar"];
/// Of a password that nobody knows.
const NO_PASSWORD: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGtub3dz$bm9ib2R5IGhhcyB0aGlzIHBhc3N3b3JkLCBub3QgbWU";

/// Adds to a database, whose schema is up to date, what a plan says. `progress` hears how many comments are there after each
/// slice. Nobody else may write at the same time.
///
/// # Errors
/// Those of the engine.
pub fn fill(db: &mut Db, plan: &Plan, progress: &mut dyn FnMut(usize)) -> store::Result<Report> {
    let begun = Instant::now();
    tables::begin(db)?;
    let stories = articles::stories(plan);
    let shape = shape::shape(plan, &stories);
    let [comment, author, decision, entry, outbox, appeal] = tables::next_ids(db)?;
    // Rows of this program are of this program's versions: nothing is to be rendered again at the first start.
    let current = comment == 1 || rerendering::is_done(db)?;
    let rules = rules::current(db)?;
    let articles = store::transaction(db, |db| articles::store(db, plan, &stories))?;
    let (moderators, entry) = store::transaction(db, |db| desk(db, plan, entry))?;
    store::transaction(db, |db| authors(db, plan, &shape.authors, author))?;
    let ledger = Ledger {
        next_decision: decision,
        next_entry: entry,
        next_outbox: outbox,
        next_appeal: appeal,
        moderators,
        rules: rules.clone(),
        articles: articles.clone(),
        first_comment: comment,
    };
    let ground = Ground {
        plan,
        bones: &shape.bones,
        rules: &rules,
        articles: &articles,
        first_comment: comment,
        first_author: author,
    };
    let mut report = Report {
        articles: articles.len(),
        authors: shape.authors.len(),
        ids: (comment, comment + shape.bones.len() as i64 - 1),
        ..count(&shape.bones)
    };
    let mut history = History::new(plan, &shape.bones, ledger);
    write(db, &ground, &mut history, &mut report, progress)?;
    store::transaction(db, |db| tables::count(db, &articles, &shape.public))?;
    if current {
        rerendering::set_done(db)?;
    }
    if plan.seal {
        while store::transaction(db, |db| audit_seals::seal(db, plan.until))? > 0 {}
    }
    tables::end(db)?;
    report.took = begun.elapsed();
    Ok(report)
}

fn count(bones: &[shape::Bone]) -> Report {
    let mut report = Report::default();
    for bone in bones {
        report.comments += 1;
        *match bone.course.status() {
            Status::Pending => &mut report.pending,
            Status::Approved => &mut report.public,
            Status::Rejected => &mut report.rejected,
            Status::Spam => &mut report.spam,
            Status::Withdrawn => &mut report.withdrawn,
        } += 1;
    }
    report
}

/// Comments and what was done to them, slice by slice. Words are made and rendered beside the writing.
fn write(
    db: &mut Db,
    ground: &Ground,
    history: &mut History,
    report: &mut Report,
    progress: &mut dyn FnMut(usize),
) -> store::Result<()> {
    let all = ground.bones.len();
    let makers = std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
    std::thread::scope(|scope| {
        let made: Vec<_> = (0..makers)
            .map(|maker| {
                let (sender, made) = sync_channel(8);
                scope.spawn(move || {
                    for start in (maker * CHUNK..all).step_by(makers * CHUNK) {
                        let rows = ground.rows(start..(start + CHUNK).min(all));
                        if sender.send(rows).is_err() {
                            return;
                        }
                    }
                });
                made
            })
            .collect();
        for start in (0..all).step_by(SLICE) {
            let end = (start + SLICE).min(all);
            let next = ground.bones.get(end).map_or(i64::MAX, |bone| bone.at);
            let done = history.until(next);
            report.decisions += done.decisions.len();
            report.entries += done.entries.len();
            store::transaction(db, |db| {
                for chunk in (start..end).step_by(CHUNK) {
                    // A maker that is gone has panicked, and so does the scope.
                    let Ok(rows) = made[chunk / CHUNK % makers].recv() else {
                        return Err(store::Error::Lost);
                    };
                    rows.put(db)?;
                }
                done.put(db)
            })?;
            progress(end);
        }
        Ok(())
    })
}

/// Those who decide: who has an account, or else a few new ones without a password. And the next entry of the log.
fn desk(db: &mut Db, plan: &Plan, next_entry: i64) -> store::Result<(Vec<i64>, i64)> {
    let known = tables::moderator_ids(db)?;
    if !known.is_empty() {
        return Ok((known, next_entry));
    }
    let since = Timestamp(plan.until.0 - shape::SPAN);
    let mut log = history::Rows::default();
    let rows: Vec<_> = DESK
        .iter()
        .zip(next_entry..)
        .map(|(name, entry)| {
            let line = history::Line {
                at: since,
                actor: 1,
                moderator: None,
                act: "moderator-added",
                article: None,
                comment: None,
                decision: None,
                facts: "{}",
                text: name,
            };
            line.write(plan.seed, entry, &mut log);
            tables::ModeratorRow {
                name: (*name).to_owned(),
                name_key: text::mimic_key(name),
                role: Role::Moderator.code(),
                password_hash: NO_PASSWORD.to_owned(),
                created_at: since.0,
            }
        })
        .collect();
    tables::put_moderators(db, &rows)?;
    log.put(db)?;
    Ok((tables::moderator_ids(db)?, next_entry + DESK.len() as i64))
}

/// The recognised authors, each with a device that no browser has.
fn authors(db: &mut Db, plan: &Plan, records: &[Record], first: i64) -> store::Result<()> {
    let mut rows = Vec::with_capacity(records.len());
    let mut devices = Vec::with_capacity(records.len());
    for (id, record) in (first..).zip(records) {
        rows.push(tables::AuthorRow {
            id,
            created_at: record.since,
            approved_count: record.approved,
            rejected_count: record.rejected,
            spam_count: record.spam,
        });
        devices.push(tables::DeviceRow {
            token_hash: random::Random::of(plan.seed, 40, id as u64)
                .bytes::<32>()
                .to_vec(),
            author_id: id,
            created_at: record.since,
            seen_at: plan.until.0,
        });
    }
    tables::put_authors(db, &rows, &devices)
}
