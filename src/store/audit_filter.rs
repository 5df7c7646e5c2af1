//! What the audit log can be narrowed to, and how it is then walked: along one index, and looking at the rest row by row, for a
//! bounded number of rows a page.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::articles::Seek;
pub use super::audit_groups::Group;
use super::connection::Db;
use super::error::Result;
use super::schema::audit_entries;
use crate::time::Timestamp;

/// Rows of an index that are looked through for one page.
pub const WINDOW: i64 = 5_000;

/// Whose acts are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Moderator(i64),
    CommandLine,
    Authors,
    Policy,
}

impl By {
    /// The condition that names them, and the order in which the index has their entries beside one another.
    fn condition(self) -> String {
        match self {
            Self::Moderator(id) => format!("actor = 0 AND moderator_id = {id}"),
            Self::CommandLine => "actor = 1 AND moderator_id IS NULL".to_owned(),
            Self::Authors => "actor = 2 AND moderator_id IS NULL".to_owned(),
            Self::Policy => "actor = 3 AND moderator_id IS NULL".to_owned(),
        }
    }
}

/// What is shown of the log. Everything by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    pub who: Option<By>,
    pub act: Option<Group>,
    pub comment: Option<i64>,
    /// The first moment that is shown, and the last one.
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

/// The entries of a page, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    pub ids: Vec<i64>,
    /// The keyset of the page before: pass it as `after`.
    pub newer: Option<i64>,
    /// The keyset of the page after: pass it as `before`.
    pub older: Option<i64>,
    /// The window ended before the page was full: there may be more where it goes on.
    pub cut: bool,
}

/// The index that is walked along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Track {
    Comment,
    At,
    Actor,
    Act,
    Id,
}

/// The entries that a filter shows at this place, at most `most`. Two statements, and one more where the window ended the page.
///
/// # Errors
/// Those of the engine.
pub fn page(db: &mut Db, filter: &Filter, seek: Seek, most: i64) -> Result<Found> {
    let walk = Walk::new(db, *filter, seek)?;
    let mut ids = walk.run(db, most + 1)?;
    let full = i64::try_from(ids.len()).unwrap_or(i64::MAX) > most;
    ids.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let (ahead, cut) = if full {
        (ids.last().copied(), false)
    } else {
        let end = walk.window_end(db)?;
        (end, end.is_some())
    };
    if walk.backwards {
        ids.reverse();
    }
    let (first, last) = (ids.first().copied(), ids.last().copied());
    // Where nothing was found, the way back begins with the place itself.
    let (newer, older) = match seek {
        Seek::First => (None, ahead),
        Seek::Before(id) => (Some(first.unwrap_or(id.saturating_sub(1))), ahead),
        Seek::After(id) => (ahead, Some(last.unwrap_or(id.saturating_add(1)))),
    };
    Ok(Found {
        ids,
        newer,
        older,
        cut,
    })
}

struct Walk {
    filter: Filter,
    track: Track,
    backwards: bool,
    /// Its id, and its time where that is walked along.
    place: Option<(i64, i64)>,
    sqlite: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

impl Walk {
    fn new(db: &mut Db, filter: Filter, seek: Seek) -> Result<Self> {
        let track = if filter.comment.is_some() {
            Track::Comment
        } else if filter.from.is_some() || filter.to.is_some() {
            Track::At
        } else if filter.who.is_some() {
            Track::Actor
        } else if filter.act.is_some() {
            Track::Act
        } else {
            Track::Id
        };
        let (backwards, id) = match seek {
            Seek::First => (false, None),
            Seek::Before(id) => (false, Some(id)),
            Seek::After(id) => (true, Some(id)),
        };
        let place = match id {
            Some(id) if track == Track::At => {
                let at: Option<i64> = audit_entries::table
                    .filter(audit_entries::id.le(id))
                    .order(audit_entries::id.desc())
                    .select(audit_entries::at)
                    .first(db)
                    .optional()?;
                Some((id, at.unwrap_or(0)))
            }
            Some(id) => Some((id, 0)),
            None => None,
        };
        Ok(Self {
            filter,
            track,
            backwards,
            place,
            sqlite: db.is_sqlite(),
        })
    }

    fn run(&self, db: &mut Db, most: i64) -> Result<Vec<i64>> {
        let asked = self.asked();
        let statement = if asked.is_empty() {
            self.along(most, 0)
        } else {
            format!(
                "SELECT k.id FROM ({}) k WHERE {} ORDER BY {} LIMIT {most}",
                self.along(WINDOW, 0),
                asked.join(" AND "),
                self.order()
            )
        };
        load(db, &statement)
    }

    /// The last entry of the window, if the log goes on behind it.
    fn window_end(&self, db: &mut Db) -> Result<Option<i64>> {
        if self.asked().is_empty() {
            return Ok(None);
        }
        Ok(load(db, &self.along(1, WINDOW - 1))?.pop())
    }

    /// The entries of the index, in order.
    fn along(&self, most: i64, offset: i64) -> String {
        let Filter {
            who,
            act,
            comment,
            from,
            to,
        } = self.filter;
        let part = |condition: Option<String>, index: &str, most: i64, offset: i64| {
            let conditions: Vec<String> = condition.into_iter().chain(self.beyond()).collect();
            let conditions = match conditions.is_empty() {
                true => String::new(),
                false => format!(" WHERE {}", conditions.join(" AND ")),
            };
            let hint = match self.sqlite && !index.is_empty() {
                true => format!(" INDEXED BY {index}"),
                false => String::new(),
            };
            let order = match (self.track, self.sqlite) {
                // PostgreSQL does not see that one moderator is the same moderator throughout, where it is none.
                (Track::Actor, false) => {
                    let down = if self.backwards { "ASC" } else { "DESC" };
                    format!("actor {down}, moderator_id {down}, {}", self.order())
                }
                _ => self.order(),
            };
            format!(
                "SELECT id, at, actor, moderator_id, act FROM audit_entries{hint}{conditions} ORDER BY {order} \
                 LIMIT {most} OFFSET {offset}"
            )
        };
        match self.track {
            Track::Comment => {
                let comment = comment.unwrap_or_default();
                let condition = format!("comment_id = {comment}");
                part(Some(condition), "audit_entries_comment", most, offset)
            }
            Track::At => {
                let from = from.map(|from| format!("at >= {}", from.0));
                let to = to.map(|to| format!("at <= {}", to.0));
                let span: Vec<String> = from.into_iter().chain(to).collect();
                part(Some(span.join(" AND ")), "audit_entries_at", most, offset)
            }
            Track::Actor => {
                let who = who.map(By::condition);
                part(who, "audit_entries_actor", most, offset)
            }
            // One walk for each act, merged: the index has them in order only one by one.
            Track::Act => {
                let acts = act.map_or(&[][..], Group::acts).iter().map(|act| {
                    let condition = Some(format!("act = '{act}'"));
                    let walk = part(condition, "audit_entries_act", most + offset, 0);
                    format!("SELECT * FROM ({walk}) AS walk")
                });
                let acts: Vec<String> = acts.collect();
                format!(
                    "SELECT * FROM ({}) AS merged ORDER BY {} LIMIT {most} OFFSET {offset}",
                    acts.join(" UNION ALL "),
                    self.order()
                )
            }
            Track::Id => part(None, "", most, offset),
        }
    }

    /// What is asked of each entry besides.
    fn asked(&self) -> Vec<String> {
        let Filter {
            who, act, from, to, ..
        } = self.filter;
        let mut asked = Vec::new();
        asked.extend(
            who.filter(|_| self.track != Track::Actor)
                .map(By::condition),
        );
        asked.extend(
            act.filter(|_| self.track != Track::Act)
                .map(Group::condition),
        );
        if self.track != Track::At {
            asked.extend(from.map(|from| format!("at >= {}", from.0)));
            asked.extend(to.map(|to| format!("at <= {}", to.0)));
        }
        asked
    }

    fn beyond(&self) -> Option<String> {
        let (id, at) = self.place?;
        let compare = if self.backwards { '>' } else { '<' };
        Some(match self.track {
            Track::At => {
                format!("at {compare}= {at} AND (at {compare} {at} OR id {compare} {id})")
            }
            _ => format!("id {compare} {id}"),
        })
    }

    fn order(&self) -> String {
        let down = if self.backwards { "ASC" } else { "DESC" };
        match self.track {
            Track::At => format!("at {down}, id {down}"),
            _ => format!("id {down}"),
        }
    }
}

fn load(db: &mut Db, statement: &str) -> Result<Vec<i64>> {
    let rows: Vec<Row> = diesel::sql_query(statement).load(db)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
