//! House rules changed, and as they were: a rule that changes is a new row, so that a decision keeps the rule that it was made
//! under.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::audit::{self, Actor, Entry};
use super::connection::Db;
use super::error::Result;
use super::rules::{self, Rule};
use super::schema::rules as rule;
use crate::moderation::house_rules::Draft;
use crate::time::Timestamp;

/// The advisory lock of whoever changes the rules: "rulerejo" in ASCII.
const ADVISORY_LOCK: i64 = 0x7275_6c65_7265_6a6f;

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Added,
    Changed,
    Removed,
}

impl Act {
    /// As the command line says it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }

    /// As the audit log has it.
    fn entry(self) -> &'static str {
        match self {
            Self::Added => "rule-added",
            Self::Changed => "rule-changed",
            Self::Removed => "rule-removed",
        }
    }
}

/// A rule that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub act: Act,
    pub number: i16,
    pub title: String,
}

/// How it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replaced {
    /// In the order of the numbers; empty when the rules were like that already.
    Done(Vec<Change>),
    /// Other rules are in force than those that the change was made from.
    Stale,
}

/// Puts these rules in force in place of those that are. `base` has the rows that the change was made from, where somebody saw
/// them.
///
/// # Errors
/// Those of the engine.
pub fn replace(
    db: &mut Db,
    drafts: &[Draft],
    base: Option<&[i64]>,
    actor: Actor,
    now: Timestamp,
) -> Result<Replaced> {
    if !db.is_sqlite() {
        // Two who add a rule each touch no row that the other does.
        diesel::sql_query(format!("SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")).execute(db)?;
    }
    let current = rules::current(db)?;
    let known = |id: i64| current.iter().find(|rule| rule.id == id);
    let seen_all = base.is_none_or(|base| {
        base.len() == current.len() && base.iter().all(|id| known(*id).is_some())
    });
    let continued = drafts.iter().filter_map(|draft| draft.was);
    if !seen_all || continued.into_iter().any(|id| known(id).is_none()) {
        return Ok(Replaced::Stale);
    }
    let goes_on = |rule: &Rule| drafts.iter().find(|draft| draft.was == Some(rule.id));
    let changed = |rule: &&Rule| goes_on(rule).is_none_or(|draft| !is_same(rule, draft));
    let ended: Vec<i64> = current.iter().filter(changed).map(|rule| rule.id).collect();
    diesel::update(rule::table.filter(rule::id.eq_any(ended)))
        .set(rule::until.eq(now.0))
        .execute(db)?;
    let mut changes = Vec::new();
    for removed in current.iter().filter(|rule| goes_on(rule).is_none()) {
        let facts = serde_json::json!({ "rule": removed.id, "number": removed.number });
        let change = (Act::Removed, removed.number, removed.title.as_str());
        changes.push(note(db, change, facts, (actor, now))?);
    }
    for draft in drafts {
        let was = draft.was.and_then(known);
        if was.is_some_and(|rule| is_same(rule, draft)) {
            continue;
        }
        let id: i64 = diesel::insert_into(rule::table)
            .values((
                rule::number.eq(draft.number),
                rule::kind.eq(kind(draft)),
                rule::title.eq(&draft.title),
                rule::text.eq(&draft.text),
                rule::since.eq(now.0),
            ))
            .returning(rule::id)
            .get_result(db)?;
        let (act, facts) = match was {
            None => (
                Act::Added,
                serde_json::json!({ "rule": id, "number": draft.number }),
            ),
            Some(was) => {
                let was = serde_json::json!({ "rule": was.id, "number": was.number });
                let facts = serde_json::json!({ "rule": id, "number": draft.number, "was": was });
                (Act::Changed, facts)
            }
        };
        let change = (act, draft.number, draft.title.as_str());
        changes.push(note(db, change, facts, (actor, now))?);
    }
    changes.sort_by_key(|change| change.number);
    if !changes.is_empty() {
        let version = rules::version(db)?;
        super::changes::note(super::Change::Rules { version });
    }
    Ok(Replaced::Done(changes))
}

fn kind(draft: &Draft) -> &'static str {
    if draft.illegal { "illegal" } else { "conduct" }
}

fn is_same(rule: &Rule, draft: &Draft) -> bool {
    rule.number == draft.number
        && rule.kind == kind(draft)
        && rule.title == draft.title
        && rule.text == draft.text
}

fn note(
    db: &mut Db,
    (act, number, title): (Act, i16, &str),
    facts: serde_json::Value,
    (actor, now): (Actor, Timestamp),
) -> Result<Change> {
    let entry = Entry {
        facts,
        text: title,
        ..Entry::new(actor, act.entry())
    };
    audit::append(db, &entry, now)?;
    Ok(Change {
        act,
        number,
        title: title.to_owned(),
    })
}

/// Whether a draft continues a rule.
type Fits = fn(&Rule, &Draft) -> bool;

/// Says of each draft which rule in force it continues: one that is the same but for its number, else the one of its number.
pub fn continue_from(current: &[Rule], drafts: &mut [Draft]) {
    let mut free: Vec<&Rule> = current.iter().collect();
    let same_words = |rule: &Rule, draft: &Draft| {
        rule.title == draft.title && rule.text == draft.text && rule.kind == kind(draft)
    };
    let same_number = |rule: &Rule, draft: &Draft| rule.number == draft.number;
    let ways: [Fits; 3] = [is_same, same_words, same_number];
    for fits in ways {
        for draft in drafts.iter_mut().filter(|draft| draft.was.is_none()) {
            if let Some(at) = free.iter().position(|rule| fits(rule, draft)) {
                draft.was = Some(free.remove(at).id);
            }
        }
    }
}

/// A set of rules and when it was in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// From 1 on.
    pub number: usize,
    /// `None` for the first rules, which nobody put in force.
    pub since: Option<Timestamp>,
    /// `None` while it is in force.
    pub until: Option<Timestamp>,
}

/// Every set of rules that was ever in force, the first one first.
///
/// # Errors
/// Those of the engine.
pub fn versions(db: &mut Db) -> Result<Vec<Version>> {
    #[derive(QueryableByName)]
    struct Turn {
        #[diesel(sql_type = BigInt)]
        at: i64,
    }
    let turns: Vec<Turn> = diesel::sql_query(
        "SELECT since AS at FROM rules UNION SELECT until FROM rules WHERE until IS NOT NULL ORDER BY at",
    )
    .load(db)?;
    let turns: Vec<Timestamp> = turns.into_iter().map(|turn| Timestamp(turn.at)).collect();
    let version = |(at, since): (usize, &Timestamp)| Version {
        number: at + 1,
        since: Some(*since).filter(|since| since.0 > 0),
        until: turns.get(at + 1).copied(),
    };
    Ok(turns.iter().enumerate().map(version).collect())
}

/// The rules of a version, by number.
///
/// # Errors
/// Those of the engine.
pub fn of_version(db: &mut Db, version: &Version) -> Result<Vec<Rule>> {
    let since = version.since.map_or(0, |since| since.0);
    Ok(rule::table
        .filter(rule::since.le(since))
        .filter(rule::until.is_null().or(rule::until.gt(since)))
        .order(rule::number.asc())
        .select(Rule::as_select())
        .load(db)?)
}
