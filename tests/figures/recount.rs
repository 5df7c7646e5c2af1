//! The figures once more: every row is read, and each month is told from the calendar of its moments.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use rejoinder::moderation::Ground;
use rejoinder::store::Db;
use rejoinder::store::figures::{Appeals, Comments, Decisions, Figures, OnGround, Reports};
use rejoinder::store::schema::{appeals, comments, decisions, reports, rules};
use rejoinder::time::{Timestamp, Zone};

type CommentRow = (i64, i64, i16, i16, Option<i64>, Option<i16>, Option<i64>);
type DecisionRow = (i64, i64, Option<i64>, i64, i16, Option<i64>, Option<i64>);

/// All rows that figures come from.
pub struct Rows {
    comments: Vec<CommentRow>,
    decisions: Vec<DecisionRow>,
    appeals: Vec<(i64, i64, i16, Option<i64>)>,
    reports: Vec<(i64, i16)>,
    /// Number, title, and whether it is in force.
    rules: HashMap<i64, (i16, String, bool)>,
    created: HashMap<i64, i64>,
    undone: HashSet<i64>,
}

impl Rows {
    pub fn load(db: &mut Db) -> Self {
        let comments: Vec<CommentRow> = comments::table
            .select((
                comments::id,
                comments::created_at,
                comments::status,
                comments::staff,
                comments::published_at,
                comments::ground,
                comments::rule_id,
            ))
            .load(db)
            .unwrap();
        let decisions: Vec<DecisionRow> = decisions::table
            .select((
                decisions::id,
                decisions::comment_id,
                decisions::moderator_id,
                decisions::at,
                decisions::from_status,
                decisions::undoes,
                decisions::appeal_id,
            ))
            .load(db)
            .unwrap();
        let rules: Vec<(i64, i16, String, Option<i64>)> = rules::table
            .select((rules::id, rules::number, rules::title, rules::until))
            .load(db)
            .unwrap();
        Self {
            appeals: appeals::table
                .select((
                    appeals::id,
                    appeals::created_at,
                    appeals::status,
                    appeals::decided_at,
                ))
                .load(db)
                .unwrap(),
            reports: reports::table
                .select((reports::created_at, reports::status))
                .load(db)
                .unwrap(),
            rules: rules
                .into_iter()
                .map(|(id, number, title, until)| (id, (number, title, until.is_none())))
                .collect(),
            created: comments.iter().map(|row| (row.0, row.1)).collect(),
            undone: decisions.iter().filter_map(|row| row.5).collect(),
            comments,
            decisions,
        }
    }

    pub fn by_readers(&self) -> i64 {
        self.comments.iter().filter(|row| row.3 == 0).count() as i64
    }

    fn stands(&self, decision: &DecisionRow) -> bool {
        decision.5.is_none() && !self.undone.contains(&decision.0)
    }

    /// The figures of "2026-10".
    pub fn figures(&self, zone: &Zone, month: &str) -> Figures {
        let is_in = |at: i64| zone.date(Timestamp(at)).starts_with(month);
        let mut figures = Figures::default();
        let mut grounds: BTreeMap<(i16, i16, String), (i64, bool)> = BTreeMap::new();
        for (_, created, status, staff, published, ground, rule) in &self.comments {
            if *staff != 0 || !is_in(*created) {
                continue;
            }
            let count: &mut Comments = &mut figures.comments;
            count.received += 1;
            count.at_once += i64::from(*published == Some(*created));
            match status {
                0 => count.waiting += 1,
                1 => count.published += 1,
                2 => count.rejected += 1,
                3 => count.spam += 1,
                4 => count.withdrawn += 1,
                other => panic!("{other}"),
            }
            if matches!(status, 2 | 3) {
                let rule = rule.map(|rule| self.rules[&rule].clone());
                let (number, title, in_force) = rule.unwrap_or((i16::MAX, String::new(), false));
                let of = (ground.unwrap_or(0), number, title);
                let known = grounds.entry(of).or_default();
                known.0 += 1;
                known.1 |= in_force;
            }
        }
        figures.grounds = grounds
            .into_iter()
            .map(|((ground, number, title), (comments, in_force))| OnGround {
                ground: match ground {
                    1 => Some(Ground::Rule(number)),
                    2 => Some(Ground::Illegal(number)),
                    3 => Some(Ground::Spam),
                    _ => None,
                },
                title,
                in_force,
                comments,
            })
            .collect();
        let number = |of: &OnGround| match of.ground {
            Some(Ground::Rule(number) | Ground::Illegal(number)) => number,
            _ => i16::MAX,
        };
        figures
            .grounds
            .sort_by_key(|of| (-of.comments, number(of), of.title.clone()));
        figures.decisions = self.decisions(&is_in);
        figures.appeals = self.appeals(&is_in);
        for (_, status) in self.reports.iter().filter(|(at, _)| is_in(*at)) {
            let count: &mut Reports = &mut figures.reports;
            count.received += 1;
            match status {
                0 => count.open += 1,
                1 => count.removed += 1,
                2 => count.kept += 1,
                _ => count.withdrawn += 1,
            }
        }
        figures
    }

    fn decisions(&self, is_in: &impl Fn(i64) -> bool) -> Decisions {
        let mut counted = Decisions::default();
        let mut waits = Vec::new();
        let mut decided = BTreeSet::new();
        for decision in &self.decisions {
            let (_, comment, moderator, at, from, ..) = decision;
            if !self.stands(decision) || !is_in(*at) {
                continue;
            }
            counted.made += 1;
            match moderator {
                None => counted.by_software += 1,
                Some(_) if *from == 0 => {
                    assert!(decided.insert(*comment), "one first decision each");
                    waits.push(at - self.created[comment]);
                }
                Some(_) => {}
            }
        }
        waits.sort_unstable();
        counted.first = waits.len() as i64;
        counted.quick = waits.iter().filter(|wait| **wait <= 14_400_000).count() as i64;
        counted.median = at_rank(&waits, 0.5);
        counted.ninetieth = at_rank(&waits, 0.9);
        counted
    }

    fn appeals(&self, is_in: &impl Fn(i64) -> bool) -> Appeals {
        let answered: HashSet<i64> = self
            .decisions
            .iter()
            .filter(|decision| self.stands(decision))
            .filter_map(|decision| decision.6)
            .collect();
        let mut counted = Appeals::default();
        let mut took = Vec::new();
        for (id, sent, status, decided) in self.appeals.iter().filter(|row| is_in(row.1)) {
            counted.received += 1;
            match status {
                0 => counted.open += 1,
                1 => counted.reversed += 1,
                _ if answered.contains(id) => counted.upheld += 1,
                _ => counted.withdrawn += 1,
            }
            if *status == 1 || *status == 2 && answered.contains(id) {
                took.push(decided.unwrap() - sent);
            }
        }
        took.sort_unstable();
        counted.median = at_rank(&took, 0.5);
        counted
    }
}

/// The smallest value that at least this share of all does not exceed.
fn at_rank(sorted: &[i64], share: f64) -> Option<i64> {
    let of = sorted.len() as f64;
    let enough = |at: usize| (at + 1) as f64 >= share * of - 1e-9;
    (0..sorted.len())
        .find(|at| enough(*at))
        .map(|at| sorted[at])
}
