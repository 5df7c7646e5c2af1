//! Decisions and what they make of comments, held against what moderators asked.

use std::collections::{HashMap, HashSet};

use rejoinder::moderation::{About, AppealStatus, Decision, RevisionStatus, Status};

use super::journal::{Act, Entry};
use super::rows::{Made, Rows};

/// A decision as somebody asked for it.
#[derive(Debug, Clone, Copy)]
struct Wish {
    decision: Decision,
    revision: Option<i64>,
    appeal: Option<i64>,
    in_bulk: bool,
}

/// Moderator, comment, and the version that the decision makes.
type Key = (i64, i64, i64);

/// The decisions that an act asks for.
fn wishes(act: &Act) -> Vec<(Key, Wish)> {
    match act {
        Act::Decide {
            moderator,
            comment,
            version,
            revision,
            appeal,
            decision,
        } => {
            let wish = Wish {
                decision: *decision,
                revision: *revision,
                appeal: *appeal,
                in_bulk: false,
            };
            vec![((*moderator, *comment, version + 1), wish)]
        }
        Act::Bulk {
            moderator,
            picked,
            decision,
            ..
        } => {
            let wish = |revision| Wish {
                decision: *decision,
                revision,
                appeal: None,
                in_bulk: true,
            };
            let all = picked.iter().map(|one| {
                let key = (*moderator, one.comment, one.version + 1);
                (key, wish(one.revision))
            });
            all.collect()
        }
        _ => Vec::new(),
    }
}

pub fn judgements(rows: &Rows, journal: &[&Entry], faults: &mut Vec<String>) {
    let by_id: HashMap<i64, &Made> = rows.decisions.iter().map(|made| (made.id, made)).collect();
    let mut told: HashSet<i64> = HashSet::new();
    let mut asked: HashMap<Key, Vec<Wish>> = HashMap::new();
    let mut undone: HashSet<i64> = HashSet::new();
    let mut undone_bulks: HashSet<i64> = HashSet::new();
    for entry in journal.iter().filter(|entry| entry.may_be_done()) {
        for (key, wish) in wishes(&entry.act) {
            asked.entry(key).or_default().push(wish);
        }
        match &entry.act {
            Act::Undo { decision } => drop(undone.insert(*decision)),
            Act::UndoBulk { bulk } => drop(undone_bulks.insert(*bulk)),
            _ => {}
        }
        let single = matches!(entry.act, Act::Decide { .. } | Act::Undo { .. });
        if !single || !entry.is_done() {
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
        let right = match (&entry.act, wishes(&entry.act).pop()) {
            (Act::Undo { decision }, _) => made.undoes == Some(*decision),
            (_, Some((key, wish))) => {
                made.undoes.is_none() && key_of(made) == key && is_of(made, wish)
            }
            _ => false,
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
                let bulk = by_id.get(&decision).and_then(|undone| undone.bulk_id);
                undone.contains(&decision) || bulk.is_some_and(|id| undone_bulks.contains(&id))
            }
            None => asked
                .get(&key_of(made))
                .is_some_and(|asked| asked.iter().any(|wish| is_of(made, *wish))),
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

fn key_of(made: &Made) -> Key {
    let moderator = made.moderator_id.unwrap_or(0);
    (moderator, made.comment_id, made.comment_version)
}

/// Whether this row is what such a decision makes.
fn is_of(made: &Made, wish: Wish) -> bool {
    let outcome = |code: i16| made.outcome == Some(code);
    wish.in_bulk == made.bulk_id.is_some()
        && match (made.about, wish.decision) {
            (About::Revision, Decision::Approve) => {
                made.revision_id == wish.revision && outcome(RevisionStatus::Accepted.code())
            }
            (About::Revision, Decision::Reject) => {
                made.revision_id == wish.revision && outcome(RevisionStatus::Refused.code())
            }
            // Whoever approves grants the appeal that waits, seen or not.
            (About::Appeal, Decision::Approve) => {
                made.appeal_id.is_some()
                    && made.to_status.is_public()
                    && outcome(AppealStatus::Reversed.code())
            }
            (About::Appeal, Decision::Keep) => {
                made.appeal_id == wish.appeal && outcome(AppealStatus::Upheld.code())
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
    let at_once = rows.published_at_once();
    let first = |comment: &i64| match at_once.contains_key(comment) {
        true => Status::Approved,
        false => Status::Pending,
    };
    for made in &rows.decisions {
        let before = stands.get(&made.comment_id);
        let (status, version) = before.copied().unwrap_or((first(&made.comment_id), 0));
        let by_table = match (made.undoes, made.about) {
            (Some(undone), _) => from.get(&undone) == Some(&made.to_status),
            (None, About::Status) => {
                let decision = Decision::towards(made.to_status);
                decision.and_then(|decision| status.after(decision)) == Some(made.to_status)
            }
            // Granted, a reply is published, unless it is that already.
            (None, About::Appeal) if made.outcome == Some(AppealStatus::Reversed.code()) => {
                made.to_status.is_public() && status != Status::Withdrawn
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
        let decided = decided.map_or_else(|| first(&comment.id), |(status, _)| *status);
        if comment.status != Status::Withdrawn && comment.status != decided {
            faults.push(format!(
                "comment {} is {:?}, decided was {decided:?}",
                comment.id, comment.status
            ));
        }
    }
}
