//! The audit log read: who did what, newest first, and which decisions of it can still be undone.

use std::collections::HashMap;

use diesel::prelude::*;

use super::articles::Seek;
use super::audit_filter::{self, Filter};
use super::connection::Db;
use super::error::Result;
use super::rules::Rule;
use super::schema::{
    articles, audit_entries, audit_texts, bulks, comments, decisions, moderators, rules as rule,
};
use crate::moderation::{About, Ground, Status};
use crate::time::Timestamp;

/// Entries on a page.
pub const ENTRIES: i64 = 50;

/// One line of the log.
#[derive(Debug, Clone)]
pub struct Logged {
    pub id: i64,
    pub at: Timestamp,
    pub who: Who,
    /// The word under which it was written.
    pub act: String,
    pub article: Option<ArticleNamed>,
    pub comment: Option<CommentNamed>,
    pub decision: Option<DecisionLogged>,
    /// It was made, or undone, with many others.
    pub bulk: Option<Bulk>,
    pub facts: serde_json::Value,
    /// Names and notes; empty when there are none, or no more.
    pub text: String,
}

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// By name; empty when there is no such account.
    Moderator(String),
    CommandLine,
    Author,
    Policy,
    /// None that this version knows.
    Unknown,
}

impl Who {
    pub(super) fn of(actor: i16, moderator: Option<String>) -> Self {
        match actor {
            0 => Self::Moderator(moderator.unwrap_or_default()),
            1 => Self::CommandLine,
            2 => Self::Author,
            3 => Self::Policy,
            _ => Self::Unknown,
        }
    }
}

/// The article that an entry is about.
#[derive(Debug, Clone)]
pub struct ArticleNamed {
    pub slug: String,
    pub title: String,
    pub removed: bool,
}

/// The comment that an entry is about.
#[derive(Debug, Clone)]
pub struct CommentNamed {
    pub id: i64,
    /// Its author's; empty once withdrawn.
    pub name: String,
    pub public: bool,
}

/// What is known of the decision that an entry records.
#[derive(Debug, Clone)]
pub struct DecisionLogged {
    pub id: i64,
    pub ground: Option<Ground>,
    pub rule: Option<Rule>,
    /// It is the last on its comment, and no undo itself.
    pub can_be_undone: bool,
    /// Who undid it, and when.
    pub undone: Option<(String, Timestamp)>,
    /// What it undid itself.
    pub original: Option<Original>,
}

/// A decision that was undone.
#[derive(Debug, Clone)]
pub struct Original {
    /// Its moderator's name; empty when there is none.
    pub moderator: String,
    pub to: Status,
    pub about: About,
    /// Of a revision or an appeal: its status.
    pub outcome: Option<i16>,
}

/// Many decisions made at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bulk {
    pub id: i64,
    pub undone: bool,
}

type EntryRow = (
    i64,
    Timestamp,
    i16,
    String,
    String,
    Option<i64>,
    Option<String>,
    Option<String>,
    Option<(String, String, Option<i64>)>,
    Option<(i64, String, Status, i64)>,
);

/// A page of the log.
#[derive(Debug, Clone, Default)]
pub struct LogPage {
    pub rows: Vec<Logged>,
    /// As those of [`Found`](super::audit_filter::Found).
    pub newer: Option<i64>,
    pub older: Option<i64>,
    pub cut: bool,
}

/// A page of the log: the walk of its filter, one statement for the entries, four for what is known of their decisions, however
/// many there are.
///
/// # Errors
/// Those of the engine.
pub fn page(db: &mut Db, filter: &Filter, seek: Seek) -> Result<LogPage> {
    let found = audit_filter::page(db, filter, seek, ENTRIES)?;
    let loaded: Vec<EntryRow> = audit_entries::table
        .left_join(moderators::table.on(audit_entries::moderator_id.eq(moderators::id.nullable())))
        .left_join(articles::table.on(audit_entries::article_id.eq(articles::id.nullable())))
        .left_join(comments::table.on(audit_entries::comment_id.eq(comments::id.nullable())))
        .left_join(audit_texts::table.on(audit_texts::entry_id.eq(audit_entries::id)))
        .filter(audit_entries::id.eq_any(found.ids.clone()))
        .select((
            audit_entries::id,
            audit_entries::at,
            audit_entries::actor,
            audit_entries::act,
            audit_entries::facts,
            audit_entries::decision_id,
            moderators::name.nullable(),
            audit_texts::text.nullable(),
            (articles::slug, articles::title, articles::removed_at).nullable(),
            (
                comments::id,
                comments::name,
                comments::status,
                comments::version,
            )
                .nullable(),
        ))
        .load(db)?;
    let ids: Vec<i64> = loaded.iter().filter_map(|row| row.5).collect();
    let mut known = Known::of(db, &ids)?;
    let mut loaded: HashMap<i64, EntryRow> = loaded.into_iter().map(|row| (row.0, row)).collect();
    let rows = found.ids.iter().filter_map(|id| loaded.remove(id));
    let mut rows: Vec<Logged> = rows.map(|row| logged(row, &mut known)).collect();
    follow_bulks(db, &mut rows)?;
    Ok(LogPage {
        rows,
        newer: found.newer,
        older: found.older,
        cut: found.cut,
    })
}

fn logged(row: EntryRow, known: &mut Known) -> Logged {
    let (id, at, actor, act, facts, decision, moderator, text, article, comment) = row;
    let version = comment.as_ref().map(|(.., version)| *version);
    Logged {
        id,
        at,
        who: Who::of(actor, moderator),
        act,
        article: article.map(|(slug, title, removed_at)| ArticleNamed {
            slug,
            title,
            removed: removed_at.is_some(),
        }),
        comment: comment.map(|(id, name, status, _)| CommentNamed {
            id,
            name,
            public: status.is_public(),
        }),
        decision: decision.and_then(|id| known.take(id, version)),
        bulk: None,
        // What is no JSON is no fact; the sentence is said without it.
        facts: serde_json::from_str(&facts).unwrap_or_default(),
        text: text.unwrap_or_default(),
    }
}

/// Entries name the bulk that they belong to among their facts.
fn follow_bulks(db: &mut Db, rows: &mut [Logged]) -> Result<()> {
    let named = |logged: &Logged| logged.facts.get("bulk").and_then(serde_json::Value::as_i64);
    let ids: Vec<i64> = rows.iter().filter_map(named).collect();
    let undone: HashMap<i64, bool> = bulks::table
        .filter(bulks::id.eq_any(ids))
        .select((bulks::id, bulks::undone.is_not_null()))
        .load::<(i64, bool)>(db)?
        .into_iter()
        .collect();
    for row in rows {
        row.bulk = named(row).and_then(|id| {
            let undone = *undone.get(&id)?;
            Some(Bulk { id, undone })
        });
    }
    Ok(())
}

type DecisionRow = (i64, i64, Option<i16>, Option<Rule>, Option<i64>);

/// What is known of the decisions of a page, by their ids.
struct Known {
    decisions: HashMap<i64, DecisionRow>,
    undone: HashMap<i64, (String, Timestamp)>,
    originals: HashMap<i64, Original>,
}

impl Known {
    fn of(db: &mut Db, ids: &[i64]) -> Result<Self> {
        let rows: Vec<DecisionRow> = decisions::table
            .left_join(rule::table.on(decisions::rule_id.eq(rule::id.nullable())))
            .filter(decisions::id.eq_any(ids.to_vec()))
            .select((
                decisions::id,
                decisions::comment_version,
                decisions::ground,
                Option::<Rule>::as_select(),
                decisions::undoes,
            ))
            .load(db)?;
        let undone = undone_among(db, ids)?;
        let undoes: Vec<i64> = rows.iter().filter_map(|row| row.4).collect();
        Ok(Self {
            decisions: rows.into_iter().map(|row| (row.0, row)).collect(),
            undone,
            originals: originals(db, undoes)?,
        })
    }

    /// The decision, where its comment has this version now.
    fn take(&mut self, id: i64, version: Option<i64>) -> Option<DecisionLogged> {
        let (id, made, ground, rule, undoes) = self.decisions.remove(&id)?;
        let number = rule.as_ref().map(|rule| rule.number);
        Some(DecisionLogged {
            id,
            ground: ground.and_then(|code| Ground::from_code(code, number)),
            rule,
            can_be_undone: undoes.is_none() && version == Some(made),
            undone: self.undone.remove(&id),
            original: undoes.and_then(|id| self.originals.remove(&id)),
        })
    }
}

/// Who undid which of these, and when. Only the last decision on a comment is ever undone, so its undo made the version after
/// it: no other row is looked at.
fn undone_among(db: &mut Db, ids: &[i64]) -> Result<HashMap<i64, (String, Timestamp)>> {
    let undoing = diesel::alias!(decisions as undoing);
    let rows: Vec<(i64, Option<String>, Timestamp)> = decisions::table
        .inner_join(
            undoing.on(undoing
                .field(decisions::comment_id)
                .eq(decisions::comment_id)
                .and(
                    undoing
                        .field(decisions::comment_version)
                        .eq(decisions::comment_version + 1),
                )
                .and(
                    undoing
                        .field(decisions::undoes)
                        .eq(decisions::id.nullable()),
                )),
        )
        .left_join(
            moderators::table.on(undoing
                .field(decisions::moderator_id)
                .eq(moderators::id.nullable())),
        )
        .filter(decisions::id.eq_any(ids.to_vec()))
        .select((
            decisions::id,
            moderators::name.nullable(),
            undoing.field(decisions::at),
        ))
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(|(id, name, at)| (id, (name.unwrap_or_default(), at)))
        .collect())
}

fn originals(db: &mut Db, ids: Vec<i64>) -> Result<HashMap<i64, Original>> {
    type Row = (i64, Option<String>, Status, About, Option<i16>);
    let rows: Vec<Row> = decisions::table
        .left_join(moderators::table.on(decisions::moderator_id.eq(moderators::id.nullable())))
        .filter(decisions::id.eq_any(ids))
        .select((
            decisions::id,
            moderators::name.nullable(),
            decisions::to_status,
            decisions::about,
            decisions::outcome,
        ))
        .load(db)?;
    let original = |(id, moderator, to, about, outcome): Row| {
        let original = Original {
            moderator: moderator.unwrap_or_default(),
            to,
            about,
            outcome,
        };
        (id, original)
    };
    Ok(rows.into_iter().map(original).collect())
}
