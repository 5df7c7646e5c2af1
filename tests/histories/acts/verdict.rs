//! The history that clients saw, held against the rows: every acknowledged act is there once, and nothing else is.

use std::collections::{HashMap, HashSet};

use rejoinder::moderation::Status;
use rejoinder::store::Db;

use super::appeals::appeals;
use super::bulks::bulks;
use super::journal::{Act, Entry};
use super::judgements::{judgements, statuses};
use super::people::publishes;
use super::rows::{Comment, Logged, Report, Rows};

/// Everything that is there and should not be, and the other way about.
pub fn faults(db: &mut Db, journal: &[&Entry]) -> Vec<String> {
    let rows = Rows::read(db);
    let mut faults = Vec::new();
    replies(&rows, journal, &mut faults);
    texts(&rows, journal, &mut faults);
    judgements(&rows, journal, &mut faults);
    statuses(&rows, &mut faults);
    bulks(&rows, journal, &mut faults);
    appeals(&rows, journal, &mut faults);
    notices(&rows, journal, &mut faults);
    turns(&rows, journal, &mut faults);
    faults
}

pub fn first_text(word: &str) -> String {
    format!("I say {word}.")
}

fn edited_text(word: &str) -> String {
    format!("I say {word} now.")
}

fn replies(rows: &Rows, journal: &[&Entry], faults: &mut Vec<String>) {
    let mut by_receipt: HashMap<&str, Vec<&Comment>> = HashMap::new();
    let mut by_text: HashMap<&str, Vec<&Comment>> = HashMap::new();
    for comment in &rows.comments {
        by_receipt
            .entry(&comment.receipt)
            .or_default()
            .push(comment);
        by_text.entry(&comment.body).or_default().push(comment);
    }
    let at_once = rows.published_at_once();
    let mut explained: HashSet<i64> = HashSet::new();
    for entry in journal {
        let Act::Post {
            article,
            parent,
            word,
        } = &entry.act
        else {
            continue;
        };
        let text = first_text(word);
        let same = by_text.get(text.as_str()).map_or(&[][..], Vec::as_slice);
        if let Some(receipt) = entry.receipt() {
            let there = by_receipt.get(receipt).map_or(&[][..], Vec::as_slice);
            let [comment] = there else {
                faults.push(format!("{} replies of {receipt}: {word}", there.len()));
                continue;
            };
            if !explained.insert(comment.id) {
                faults.push(format!("two replies share a receipt: {word}"));
            }
            let place = (i64::try_from(*article).unwrap() + 1, *parent);
            // Too deep a reply attaches higher.
            if comment.article_id != place.0 || comment.parent_id.is_some() != place.1.is_some() {
                faults.push(format!("in another place: {word}"));
            }
        } else if !entry.is_unknown() {
            continue;
        }
        let others: Vec<_> = same
            .iter()
            .filter(|comment| Some(comment.receipt.as_str()) != entry.receipt())
            .collect();
        // Sent again after the first was judged or published, it is a new reply.
        let again = |comment: &Comment| {
            let waited = comment.decided_at.is_none() && !at_once.contains_key(&comment.id);
            entry.tries > 1 && !waited
        };
        let allowed = usize::from(entry.is_unknown());
        let doubled = others.iter().filter(|comment| !again(comment)).count();
        if doubled > allowed {
            faults.push(format!("{} times there: {word}", same.len()));
        }
        explained.extend(others.iter().map(|comment| comment.id));
    }
    for comment in &rows.comments {
        if !explained.contains(&comment.id) {
            let Comment { id, body, .. } = comment;
            faults.push(format!("nobody sent comment {id}: {body}"));
        }
        let article = usize::try_from(comment.article_id).unwrap() - 1;
        let times = at_once.get(&comment.id).copied().unwrap_or(0);
        if times != usize::from(publishes(article)) {
            let id = comment.id;
            faults.push(format!("published at once {times} times: comment {id}"));
        }
    }
}

/// Edits and withdrawals.
fn texts(rows: &Rows, journal: &[&Entry], faults: &mut Vec<String>) {
    let mut first: HashMap<&str, &str> = HashMap::new();
    let mut edits: HashMap<&str, Vec<&Entry>> = HashMap::new();
    let mut withdrawals: HashMap<&str, &Entry> = HashMap::new();
    for entry in journal {
        match &entry.act {
            Act::Post { word, .. } => {
                first.extend(entry.receipt().map(|receipt| (receipt, word.as_str())));
            }
            Act::Edit { receipt, .. } if entry.may_be_done() => {
                edits.entry(receipt).or_default().push(entry);
            }
            Act::Withdraw { receipt } if entry.may_be_done() => {
                withdrawals.insert(receipt, entry);
            }
            _ => {}
        }
    }
    let mut revised: HashMap<i64, Vec<&str>> = HashMap::new();
    for (comment, body) in &rows.revisions {
        revised.entry(*comment).or_default().push(body);
    }
    let gone = |entry: &&Logged| entry.0 == "withdrawn";
    let mut logged: HashMap<i64, usize> = HashMap::new();
    for entry in rows.log.iter().filter(gone) {
        *logged.entry(entry.2.unwrap()).or_default() += 1;
    }
    for comment in &rows.comments {
        let receipt = comment.receipt.as_str();
        let withdrawn = comment.status == Status::Withdrawn;
        let revisions = revised.get(&comment.id).map_or(&[][..], Vec::as_slice);
        let asked = withdrawals.get(receipt);
        if withdrawn != asked.is_some() && !asked.is_some_and(|entry| entry.is_unknown()) {
            faults.push(format!("withdrawn: {withdrawn}, asked: {asked:?}"));
        }
        if [comment.name.is_empty(), comment.body.is_empty()] != [withdrawn; 2]
            || withdrawn && !revisions.is_empty()
            || logged.get(&comment.id).copied().unwrap_or(0) != usize::from(withdrawn)
        {
            faults.push(format!("half withdrawn: comment {}", comment.id));
        }
        if withdrawn {
            continue;
        }
        let Some(first) = first.get(receipt) else {
            // Nobody knows its receipt to edit it.
            continue;
        };
        let edits = edits.get(receipt).map_or(&[][..], Vec::as_slice);
        let mut known = vec![(first_text(first), true)];
        for entry in edits {
            if let Act::Edit { word, .. } = &entry.act {
                known.push((edited_text(word), entry.is_done()));
            }
        }
        let mut there = revisions.to_vec();
        there.push(&comment.body);
        for text in &there {
            if !known.iter().any(|(known, _)| known == text) {
                faults.push(format!("nobody wrote in comment {}: {text}", comment.id));
            }
        }
        // The last acknowledged text, and whatever may have come after it.
        let last = known.iter().rposition(|(_, done)| *done).unwrap();
        let latest = &known[last..];
        if !latest
            .iter()
            .any(|(text, _)| there.contains(&text.as_str()))
        {
            faults.push(format!("lost of comment {}: {:?}", comment.id, latest));
        }
        for (text, _) in latest {
            let times = revisions.iter().filter(|body| *body == text).count();
            if times > 1 {
                faults.push(format!("{times} revisions: {text}"));
            }
        }
    }
}

fn notices(rows: &Rows, journal: &[&Entry], faults: &mut Vec<String>) {
    let mut by_text: HashMap<&str, Vec<&Report>> = HashMap::new();
    for report in &rows.reports {
        by_text.entry(&report.explanation).or_default().push(report);
    }
    for entry in journal {
        let Act::Report { comment, word, .. } = &entry.act else {
            continue;
        };
        let text = format!("It says {word}.");
        let there = by_text.remove(text.as_str()).unwrap_or_default();
        let right = match (entry.receipt(), &there[..]) {
            (Some(receipt), [report]) => report.receipt == receipt && report.comment_id == *comment,
            (None, [report]) => entry.is_unknown() && report.comment_id == *comment,
            (receipt, there) => receipt.is_none() && there.is_empty(),
        };
        if !right {
            faults.push(format!("{} reports for {entry:?}", there.len()));
        }
    }
    for text in by_text.keys() {
        faults.push(format!("nobody reported: {text}"));
    }
}

fn turns(rows: &Rows, journal: &[&Entry], faults: &mut Vec<String>) {
    for (article, open) in &rows.open {
        let mine: Vec<_> = journal
            .iter()
            .filter_map(|entry| match &entry.act {
                Act::Turn { article: at, open } if i64::try_from(*at).unwrap() + 1 == *article => {
                    Some((*open, entry.is_done()))
                }
                _ => None,
            })
            .collect();
        let done = mine.iter().filter(|(_, done)| *done).count();
        let logged = rows.log.iter().filter(|entry| {
            entry.1 == Some(*article) && matches!(&*entry.0, "article-opened" | "article-closed")
        });
        let logged = logged.count();
        let known = mine.iter().rev().find(|(_, done)| *done);
        let known = known.is_none_or(|(open, _)| *open);
        let last = mine.last();
        let right = match last {
            Some((asked, false)) if logged == done + 1 => open == asked,
            _ => logged == done && *open == known,
        };
        if !right {
            faults.push(format!(
                "article {article} is open: {open}; {done} turns acknowledged, {logged} logged, the last {last:?}"
            ));
        }
    }
}
