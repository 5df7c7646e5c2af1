//! Appeals: each there once, with its words, and as the decisions since then have left it.

use std::collections::HashMap;

use rejoinder::moderation::{AppealStatus, Status};

use super::journal::{Act, Entry};
use super::rows::{Appeal, Comment, Rows};

pub fn appeals(rows: &Rows, journal: &[&Entry], faults: &mut Vec<String>) {
    let comments: HashMap<i64, &Comment> = rows
        .comments
        .iter()
        .map(|comment| (comment.id, comment))
        .collect();
    let mut by_receipt: HashMap<&str, Vec<&Appeal>> = HashMap::new();
    for appeal in &rows.appeals {
        match comments.get(&appeal.comment_id) {
            Some(comment) => by_receipt.entry(&comment.receipt).or_default().push(appeal),
            None => faults.push(format!("appeal {} is on nothing", appeal.id)),
        }
    }
    let mut asked: HashMap<&str, Vec<(String, &Entry)>> = HashMap::new();
    for entry in journal.iter().filter(|entry| entry.may_be_done()) {
        if let Act::Appeal { receipt, word } = &entry.act {
            let text = format!("I object: {word}.");
            asked.entry(receipt).or_default().push((text, entry));
        }
    }
    for (receipt, asked) in &asked {
        let there = by_receipt.get(receipt).map_or(&[][..], Vec::as_slice);
        let done = asked.iter().filter(|(_, entry)| entry.is_done()).count();
        // One is all that an author may send.
        if done > 1 || there.len() > 1 || done > there.len() {
            let n = there.len();
            faults.push(format!("{n} appeals of {receipt}, {done} acknowledged"));
        }
    }
    for appeal in &rows.appeals {
        let Some(comment) = comments.get(&appeal.comment_id) else {
            continue;
        };
        let asked = asked.get(comment.receipt.as_str());
        let asked = asked.map_or(&[][..], Vec::as_slice);
        let known = asked.iter().find(|(_, entry)| entry.is_done());
        let withdrawn = comment.status == Status::Withdrawn;
        let right = match known {
            _ if withdrawn => appeal.text.is_empty() && !asked.is_empty(),
            Some((text, _)) => appeal.text == *text,
            None => asked.iter().any(|(text, _)| appeal.text == *text),
        };
        if !right {
            faults.push(format!("appeal {} has other words: {asked:?}", appeal.id));
        }
        let Some(status) = left(rows, appeal, withdrawn) else {
            faults.push(format!("appeal {} is against no refusal", appeal.id));
            continue;
        };
        if appeal.status != status || appeal.decided_at.is_some() == (status == AppealStatus::Open)
        {
            let (id, stands) = (appeal.id, appeal.status);
            faults.push(format!("appeal {id} is {stands:?}, decided was {status:?}"));
        }
    }
}

/// How the decisions after the one that it is against have left it.
fn left(rows: &Rows, appeal: &Appeal, withdrawn: bool) -> Option<AppealStatus> {
    let refusal = |status| matches!(status, Status::Rejected | Status::Spam);
    let mine = rows
        .decisions
        .iter()
        .filter(|made| made.comment_id == appeal.comment_id);
    let mut mine = mine.skip_while(|made| made.id != appeal.decision_id);
    let against = mine.next()?;
    if against.undoes.is_some() || !refusal(against.to_status) {
        return None;
    }
    let mut stands = AppealStatus::Open;
    for made in mine {
        let own = made.appeal_id == Some(appeal.id);
        stands = match (own, made.undoes) {
            (true, None) => AppealStatus::try_from(made.outcome?).ok()?,
            (true, Some(_)) => AppealStatus::Open,
            // What its author objects to was taken back.
            (false, Some(_)) if stands == AppealStatus::Open && !refusal(made.to_status) => {
                AppealStatus::Reversed
            }
            (false, _) => stands,
        };
    }
    Some(match stands {
        AppealStatus::Open if withdrawn => AppealStatus::Upheld,
        stands => stands,
    })
}
