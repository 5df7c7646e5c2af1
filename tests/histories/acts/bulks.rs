//! Bulks and what became of each comment in them: decided, or changed by somebody meanwhile; and none forgotten when all of
//! it was taken back.

use std::collections::{HashMap, HashSet};

use rejoinder::store::bulks::Bulk;

use super::journal::{Act, Entry};
use super::rows::{Made, Rows};

/// What happened to a comment besides a decision.
struct Otherwise<'a> {
    rows: &'a Rows,
    /// Edited or withdrawn, or perhaps.
    by_author: HashSet<i64>,
}

impl<'a> Otherwise<'a> {
    fn of(rows: &'a Rows, journal: &[&Entry]) -> Self {
        let ids: HashMap<&str, i64> = rows
            .comments
            .iter()
            .map(|comment| (comment.receipt.as_str(), comment.id))
            .collect();
        let by_author = journal.iter().filter(|entry| entry.may_be_done());
        let by_author = by_author.filter_map(|entry| match &entry.act {
            Act::Edit { receipt, .. } | Act::Withdraw { receipt } => {
                ids.get(receipt.as_str()).copied()
            }
            _ => None,
        });
        Self {
            rows,
            by_author: by_author.collect(),
        }
    }

    /// Whether a comment may have been found changed after this version.
    fn changed(&self, comment: i64, version: i64) -> bool {
        let later = |made: &Made| made.comment_id == comment && made.comment_version > version;
        self.by_author.contains(&comment) || self.rows.decisions.iter().any(later)
    }
}

pub fn bulks(rows: &Rows, journal: &[&Entry], faults: &mut Vec<String>) {
    let by_id: HashMap<i64, &Bulk> = rows.bulks.iter().map(|bulk| (bulk.id, bulk)).collect();
    let mut made: HashMap<i64, Vec<&Made>> = HashMap::new();
    for decision in &rows.decisions {
        if let Some(bulk) = decision.bulk_id {
            made.entry(bulk).or_default().push(decision);
            let by = by_id.get(&bulk).map(|bulk| bulk.moderator_id);
            if by != decision.moderator_id {
                faults.push(format!(
                    "bulk {bulk} is not that of decision {}",
                    decision.id
                ));
            }
        }
    }
    let undone: HashSet<i64> = rows
        .decisions
        .iter()
        .filter_map(|made| made.undoes)
        .collect();
    let otherwise = Otherwise::of(rows, journal);
    let mut told: HashSet<i64> = HashSet::new();
    // Each time that it is sent begins one.
    let mut begun: HashMap<i64, i64> = HashMap::new();
    for entry in journal {
        let bulk = match &entry.act {
            Act::Bulk { moderator, .. } => {
                *begun.entry(*moderator).or_default() += i64::from(entry.tries);
                entry.bulk()
            }
            Act::UndoBulk { bulk } => Some(*bulk),
            _ => continue,
        };
        if !entry.is_done() {
            continue;
        }
        let Some(bulk) = bulk.and_then(|id| by_id.get(&id)) else {
            faults.push(format!("lost: {entry:?}"));
            continue;
        };
        let made = made.get(&bulk.id).map_or(&[][..], Vec::as_slice);
        let count = i64::try_from(made.len()).unwrap();
        if let Act::Bulk { picked, .. } = &entry.act {
            if !told.insert(bulk.id) {
                faults.push(format!("two acts are bulk {}", bulk.id));
            }
            let asked = i64::try_from(picked.len()).unwrap();
            if bulk.done != count || bulk.asked != asked || bulk.done + bulk.changed != asked {
                faults.push(format!("of {asked} were decided {count}: {bulk:?}"));
            }
            for one in picked {
                let decided = made.iter().any(|made| made.comment_id == one.comment);
                if !decided && !otherwise.changed(one.comment, one.version) {
                    faults.push(format!("bulk {} left out {one:?}", bulk.id));
                }
            }
        } else {
            let back = made.iter().filter(|made| undone.contains(&made.id)).count();
            let (noted, changed) = (bulk.undone.unwrap_or(0), bulk.undone_changed.unwrap_or(0));
            if noted + changed != count || noted > i64::try_from(back).unwrap() {
                faults.push(format!("of {count} were taken back {back}: {bulk:?}"));
            }
            for made in made.iter().filter(|made| !undone.contains(&made.id)) {
                if !otherwise.changed(made.comment_id, made.comment_version) {
                    let (bulk, decision) = (bulk.id, made.id);
                    faults.push(format!(
                        "the undo of bulk {bulk} forgot decision {decision}"
                    ));
                }
            }
        }
    }
    for bulk in &rows.bulks {
        let left = begun.entry(bulk.moderator_id).or_default();
        *left -= 1;
        if *left < 0 {
            faults.push(format!("nobody began bulk {}", bulk.id));
        }
    }
}
