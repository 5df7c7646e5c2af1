//! Decisions and what they make of comments, held against what moderators asked.

use std::collections::{HashMap, HashSet};

use rejoinder::moderation::{About, Decision, RevisionStatus, Status};

use super::journal::{Act, Entry};
use super::verdict::{Made, Rows};

pub fn judgements(rows: &Rows, journal: &[&Entry], faults: &mut Vec<String>) {
    let by_id: HashMap<i64, &Made> = rows.decisions.iter().map(|made| (made.id, made)).collect();
    let mut told: HashSet<i64> = HashSet::new();
    type Key = (i64, i64, i64);
    let mut asked: HashMap<Key, Vec<(Decision, Option<i64>)>> = HashMap::new();
    let mut undone: HashSet<i64> = HashSet::new();
    for entry in journal {
        let live = entry.is_done() || entry.is_unknown();
        let about = match &entry.act {
            Act::Decide {
                moderator,
                comment,
                version,
                revision,
                decision,
            } if live => {
                let key = (*moderator, *comment, version + 1);
                asked.entry(key).or_default().push((*decision, *revision));
                Ok((key, *decision, *revision))
            }
            Act::Undo { decision } if live => {
                undone.insert(*decision);
                Err(*decision)
            }
            _ => continue,
        };
        if !entry.is_done() {
            continue;
        }
        let made = entry.decision().and_then(|id| by_id.get(&id));
        let Some(made) = made else {
            faults.push(format!("lost: {entry:?}"));
            continue;
        };
        if !told.insert(made.id) {
            faults.push(format!("two acts are decision {}", made.id));
        }
        let right = match about {
            Ok((key, decision, revision)) => {
                made.undoes.is_none() && key_of(made) == key && is_of(made, decision, revision)
            }
            Err(decision) => made.undoes == Some(decision),
        };
        if !right {
            faults.push(format!("decision {} is not {:?}", made.id, entry.act));
        }
    }
    let mut undoings: HashMap<i64, usize> = HashMap::new();
    let mut logged: HashMap<i64, usize> = HashMap::new();
    for entry in &rows.log {
        if let Some(decision) = entry.3 {
            *logged.entry(decision).or_default() += 1;
        }
    }
    for made in &rows.decisions {
        let explained = match made.undoes {
            Some(decision) => {
                *undoings.entry(decision).or_default() += 1;
                undone.contains(&decision)
            }
            None => asked.get(&key_of(made)).is_some_and(|asked| {
                asked
                    .iter()
                    .any(|(decision, revision)| is_of(made, *decision, *revision))
            }),
        };
        if !explained {
            faults.push(format!("nobody made decision {}", made.id));
        }
        if logged.get(&made.id) != Some(&1) {
            faults.push(format!("in the log not once: decision {}", made.id));
        }
    }
    for (decision, times) in undoings {
        if times > 1 {
            faults.push(format!("undone {times} times: decision {decision}"));
        }
    }
}

fn key_of(made: &Made) -> (i64, i64, i64) {
    let moderator = made.moderator_id.unwrap_or(0);
    (moderator, made.comment_id, made.comment_version)
}

/// Whether this row is what such a decision makes.
fn is_of(made: &Made, decision: Decision, revision: Option<i64>) -> bool {
    match (made.about, decision) {
        (About::Revision, Decision::Approve) => {
            made.revision_id == revision && made.outcome == Some(RevisionStatus::Accepted.code())
        }
        (About::Revision, Decision::Reject) => {
            made.revision_id == revision && made.outcome == Some(RevisionStatus::Refused.code())
        }
        (About::Status, decision) => Decision::towards(made.to_status) == Some(decision),
        _ => false,
    }
}

/// Each comment's decisions, one after the other, by the table of the house.
pub fn statuses(rows: &Rows, faults: &mut Vec<String>) {
    let mut stands: HashMap<i64, (Status, i64)> = HashMap::new();
    let from: HashMap<i64, Status> = rows
        .decisions
        .iter()
        .map(|made| (made.id, made.from_status))
        .collect();
    for made in &rows.decisions {
        let before = stands.get(&made.comment_id);
        let (status, version) = before.copied().unwrap_or((Status::Pending, 0));
        let by_table = match (made.undoes, made.about) {
            (Some(undone), _) => from.get(&undone) == Some(&made.to_status),
            (None, About::Status) => {
                let decision = Decision::towards(made.to_status);
                decision.and_then(|decision| status.after(decision)) == Some(made.to_status)
            }
            (None, _) => made.to_status == status,
        };
        if made.from_status != status || made.comment_version <= version || !by_table {
            faults.push(format!(
                "decision {} on comment {} goes from {:?} to {:?}, where {status:?} stood",
                made.id, made.comment_id, made.from_status, made.to_status
            ));
        }
        stands.insert(made.comment_id, (made.to_status, made.comment_version));
    }
    for comment in &rows.comments {
        let decided = stands.get(&comment.id);
        let decided = decided.map_or(Status::Pending, |(status, _)| *status);
        if comment.status != Status::Withdrawn && comment.status != decided {
            faults.push(format!(
                "comment {} is {:?}, decided was {decided:?}",
                comment.id, comment.status
            ));
        }
    }
}
