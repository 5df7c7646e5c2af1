//! The history that clients saw, held against the rows: every acknowledged act is there once, and nothing else is.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;
use rejoinder::moderation::{About, Decision, RevisionStatus, Status};
use rejoinder::store::Db;
use rejoinder::store::schema::{articles, audit_entries, comments, decisions, reports, revisions};

use super::journal::{Act, Entry};

#[derive(Queryable, Selectable)]
#[diesel(table_name = comments)]
struct Comment {
    id: i64,
    article_id: i64,
    parent_id: Option<i64>,
    status: Status,
    name: String,
    body: String,
    receipt: String,
    decided_at: Option<i64>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = decisions)]
struct Made {
    id: i64,
    comment_id: i64,
    moderator_id: Option<i64>,
    from_status: Status,
    to_status: Status,
    undoes: Option<i64>,
    comment_version: i64,
    about: About,
    outcome: Option<i16>,
    revision_id: Option<i64>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = reports)]
struct Report {
    comment_id: i64,
    receipt: String,
    explanation: String,
}

type Logged = (String, Option<i64>, Option<i64>, Option<i64>);

struct Rows {
    comments: Vec<Comment>,
    decisions: Vec<Made>,
    revisions: Vec<(i64, String)>,
    reports: Vec<Report>,
    open: BTreeMap<i64, bool>,
    log: Vec<Logged>,
}

impl Rows {
    fn read(db: &mut Db) -> Self {
        let open: Vec<(i64, bool)> = articles::table
            .select((articles::id, articles::comments_open))
            .load(db)
            .unwrap();
        Self {
            comments: comments::table
                .order(comments::id)
                .select(Comment::as_select())
                .load(db)
                .unwrap(),
            decisions: decisions::table
                .order((decisions::comment_id, decisions::comment_version))
                .select(Made::as_select())
                .load(db)
                .unwrap(),
            revisions: revisions::table
                .filter(revisions::body.ne(""))
                .select((revisions::comment_id, revisions::body))
                .load(db)
                .unwrap(),
            reports: reports::table.select(Report::as_select()).load(db).unwrap(),
            open: open.into_iter().collect(),
            log: audit_entries::table
                .select((
                    audit_entries::act,
                    audit_entries::article_id,
                    audit_entries::comment_id,
                    audit_entries::decision_id,
                ))
                .load(db)
                .unwrap(),
        }
    }
}

/// Everything that is there and should not be, and the other way about.
pub fn faults(db: &mut Db, journal: &[&Entry]) -> Vec<String> {
    let rows = Rows::read(db);
    let mut faults = Vec::new();
    replies(&rows, journal, &mut faults);
    texts(&rows, journal, &mut faults);
    judgements(&rows, journal, &mut faults);
    statuses(&rows, &mut faults);
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
        // Sent again after a moderator had judged the first, it is a new reply.
        let again = |comment: &Comment| entry.tries > 1 && comment.decided_at.is_some();
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
            Act::Edit { receipt, .. } if entry.is_done() || entry.is_unknown() => {
                edits.entry(receipt).or_default().push(entry);
            }
            Act::Withdraw { receipt } if entry.is_done() || entry.is_unknown() => {
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

fn judgements(rows: &Rows, journal: &[&Entry], faults: &mut Vec<String>) {
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
fn statuses(rows: &Rows, faults: &mut Vec<String>) {
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
