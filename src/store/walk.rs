//! The statements that walk a list of the desk: along one index, and looking up the rest row by row.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::connection::Db;
use super::error::Result;
use super::listed::{Reader, WINDOW};
use super::listing::{Age, Listing, Order, Position, Seek, Tab, Why};
use super::token::hex;
use crate::moderation::Status;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    risk: i64,
}

/// The index that a list is walked along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Track {
    Risk,
    Search,
    Same,
    Mine,
    Author,
    Network,
    Article,
    Tab,
}

/// A list, with how it is walked.
pub(super) struct Walk<'a> {
    list: &'a Listing,
    reader: Reader,
    track: Track,
    sqlite: bool,
    /// Against the list's order, from a place back.
    pub backwards: bool,
    pub place: Option<Position>,
}

impl<'a> Walk<'a> {
    /// How a list is walked from its place on.
    pub fn new(db: &Db, list: &'a Listing, reader: Reader) -> Self {
        let track = if list.order() == Order::Risk {
            Track::Risk
        } else if list.query().is_some() {
            Track::Search
        } else if list.mine {
            Track::Mine
        } else if list.same.is_some() {
            Track::Same
        } else if list.author.is_some() {
            Track::Author
        } else if list.network.is_some() {
            Track::Network
        } else if list.article.is_some() {
            Track::Article
        } else {
            Track::Tab
        };
        let (backwards, place) = match list.seek {
            Seek::First => (false, None),
            Seek::From(place) => (false, Some(place)),
            Seek::Until(place) => (true, Some(place)),
        };
        Self {
            list,
            reader,
            track,
            sqlite: db.is_sqlite(),
            backwards,
            place,
        }
    }

    /// The next places, at most `most`.
    pub fn run(&self, db: &mut Db, most: i64) -> Result<Vec<Position>> {
        let asked = self.asked();
        let statement = if asked.is_empty() {
            self.along(most, 0)
        } else {
            // Both engines read the window in its order, and no further than the page needs. SQLite keeps to the order of a
            // CROSS JOIN; PostgreSQL would rather read the whole table than look up rows one by one, unless it has to.
            let (window, asked) = (self.along(WINDOW, 0), asked.join(" AND "));
            if self.sqlite {
                format!(
                    "SELECT c.id, c.risk FROM ({window}) k CROSS JOIN comments c WHERE c.id = k.id AND {asked} LIMIT {most}"
                )
            } else {
                let order = self.order("k.id", "k.risk");
                format!(
                    "SELECT c.id, c.risk FROM ({window}) k CROSS JOIN LATERAL \
                     (SELECT c.id, c.risk FROM comments c WHERE c.id = k.id AND {asked} LIMIT 1) c \
                     ORDER BY {order} LIMIT {most}"
                )
            }
        };
        self.load(db, statement)
    }

    /// How many rows the index has for it, up to `most`.
    pub fn count(&self, db: &mut Db, most: i64) -> Result<i64> {
        let rows = self.along(most, 0);
        let counted: Row = diesel::sql_query(format!(
            "SELECT count(*) AS id, CAST(0 AS BIGINT) AS risk FROM ({rows}) k"
        ))
        .get_result(db)?;
        Ok(counted.id)
    }

    /// The last place of the window, if the list goes on behind it.
    pub fn window_end(&self, db: &mut Db) -> Result<Option<Position>> {
        if self.asked().is_empty() {
            return Ok(None);
        }
        Ok(self.load(db, self.along(1, WINDOW - 1))?.pop())
    }

    fn load(&self, db: &mut Db, statement: String) -> Result<Vec<Position>> {
        let words = self.list.query().map(|query| match self.sqlite {
            true => query.sqlite(),
            false => query.postgres(),
        });
        let statement = diesel::sql_query(statement);
        let rows: Vec<Row> = match words {
            Some(words) => statement.bind::<Text, _>(words).load(db)?,
            None => statement.load(db)?,
        };
        let place = |row: Row| Position {
            id: row.id,
            risk: row.risk,
        };
        Ok(rows.into_iter().map(place).collect())
    }

    /// The rows of the index, in order.
    fn along(&self, most: i64, offset: i64) -> String {
        let list = self.list;
        let (table, id, hint) = match self.track {
            Track::Search if self.sqlite => ("comments_search c", "c.rowid", ""),
            Track::Search | Track::Same => ("comment_terms c", "c.comment_id", ""),
            Track::Mine => ("claims c", "c.comment_id", ""),
            Track::Tab if list.tab == Tab::Appeals => {
                ("appeals c", "c.comment_id", "INDEXED BY appeals_open")
            }
            _ => ("comments c", "c.id", self.index()),
        };
        let hint = if self.sqlite { hint } else { "" };
        let mut conditions = self.implied();
        conditions.extend(self.beyond(id));
        let risk = match self.track {
            Track::Risk => "c.risk",
            _ => "CAST(0 AS BIGINT)",
        };
        let conditions = match conditions.is_empty() {
            true => String::new(),
            false => format!(" WHERE {}", conditions.join(" AND ")),
        };
        let offset = match offset {
            0 => String::new(),
            rows => format!(" OFFSET {rows}"),
        };
        format!(
            "SELECT {id} AS id, {risk} AS risk FROM {table} {hint}{conditions} ORDER BY {} LIMIT {most}{offset}",
            self.order(id, "c.risk"),
        )
    }

    /// The index of comments, for SQLite, which would rather sort a guess than be told that a list is short.
    fn index(&self) -> &'static str {
        let waiting = self.list.tab == Tab::Waiting;
        match self.track {
            Track::Risk if waiting => "INDEXED BY comments_waiting_risk",
            Track::Risk => "INDEXED BY comments_reported_risk",
            Track::Author => "INDEXED BY comments_author",
            Track::Network => "INDEXED BY comments_network",
            Track::Article if waiting => "INDEXED BY comments_waiting_article",
            Track::Article => "INDEXED BY comments_article",
            _ => match self.list.tab {
                Tab::Waiting => "INDEXED BY comments_waiting",
                Tab::Reported => "INDEXED BY comments_reported",
                Tab::Published | Tab::Rejected | Tab::Spam => "INDEXED BY comments_status",
                Tab::Appeals | Tab::All => "",
            },
        }
    }

    /// What holds for all rows along the way.
    fn implied(&self) -> Vec<String> {
        let list = self.list;
        let tab = || tab(list.tab).map(str::to_owned).into_iter().collect();
        match self.track {
            Track::Tab | Track::Risk => tab(),
            Track::Search if self.sqlite => vec!["comments_search MATCH $1".to_owned()],
            Track::Search => vec!["c.vector @@ $1::tsquery".to_owned()],
            Track::Same => {
                let key = list.same.unwrap_or_default();
                vec![format!("c.text_key = {key} AND c.text_key <> 0")]
            }
            Track::Mine => vec![self.claimed()],
            Track::Author => vec![format!("c.author_id = {}", list.author.unwrap_or(0))],
            Track::Network => vec![self.network()],
            Track::Article => {
                let mut conditions = vec![format!("c.article_id = {}", list.article.unwrap_or(0))];
                if list.tab == Tab::Waiting {
                    conditions.extend(tab());
                }
                conditions
            }
        }
    }

    /// What is asked of each comment besides.
    fn asked(&self) -> Vec<String> {
        let list = self.list;
        let mut asked = Vec::new();
        let known = match self.track {
            Track::Tab | Track::Risk => true,
            Track::Article => list.tab == Tab::Waiting,
            _ => false,
        };
        if !known {
            asked.extend(tab_of_comment(list.tab).map(str::to_owned));
        }
        if let Some(id) = list.article.filter(|_| self.track != Track::Article) {
            asked.push(format!("c.article_id = {id}"));
        }
        if let Some(id) = list.author.filter(|_| self.track != Track::Author) {
            asked.push(format!("c.author_id = {id}"));
        }
        if list.network.is_some() && self.track != Track::Network {
            asked.push(self.network());
        }
        if let Some(key) = list.same.filter(|_| self.track != Track::Same) {
            asked.push(format!(
                "EXISTS (SELECT 1 FROM comment_terms t WHERE t.comment_id = c.id AND t.text_key = {key} AND t.text_key <> 0)"
            ));
        }
        if list.mine && self.track != Track::Mine {
            let claimed = self.claimed().replace("c.", "m.");
            asked.push(format!(
                "EXISTS (SELECT 1 FROM claims m WHERE m.comment_id = c.id AND {claimed})"
            ));
        }
        if let Some(status) = list.status {
            asked.push(format!("c.status = {}", status.code()));
        }
        asked.extend(list.age.map(|age| self.age(age)));
        asked.extend(list.why.map(why));
        asked
    }

    fn age(&self, age: Age) -> String {
        let (span, over) = age.bound();
        let since = self.reader.now.0 - span;
        match over {
            true => format!("c.created_at < {since}"),
            false => format!("c.created_at >= {since}"),
        }
    }

    fn claimed(&self) -> String {
        let Reader { moderator, now } = self.reader;
        format!("c.moderator_id = {moderator} AND c.until > {}", now.0)
    }

    fn network(&self) -> String {
        let bytes = hex(self.list.network.as_deref().unwrap_or_default());
        match self.sqlite {
            true => format!("c.network = X'{bytes}'"),
            false => format!("c.network = '\\x{bytes}'::bytea"),
        }
    }

    /// Beyond the place where the page begins, in the direction of the walk.
    fn beyond(&self, id: &str) -> Option<String> {
        let place = self.place?;
        let upwards = (self.list.order() != Order::Newest) != self.backwards;
        let compare = if upwards { '>' } else { '<' };
        if self.track != Track::Risk {
            return Some(format!("{id} {compare} {}", place.id));
        }
        // Of equal risk, those of a higher id come later; of another, those of a lower risk do.
        let lower = if upwards { '<' } else { '>' };
        let Position { id: at, risk } = place;
        Some(format!(
            "c.risk {lower}= {risk} AND (c.risk {lower} {risk} OR {id} {compare} {at})"
        ))
    }

    /// Where the other way has to begin for the place itself to be seen: an empty page has no comment to begin at.
    pub fn place_itself(&self) -> Option<Position> {
        let upwards = (self.list.order() != Order::Newest) != self.backwards;
        let step = if upwards { 1 } else { -1 };
        self.place.map(|place| Position {
            id: place.id.saturating_add(step).max(0),
            ..place
        })
    }

    fn order(&self, id: &str, risk: &str) -> String {
        let (up, down) = match self.backwards {
            false => ("ASC", "DESC"),
            true => ("DESC", "ASC"),
        };
        match self.list.order() {
            Order::Risk => format!("{risk} {down}, {id} {up}"),
            Order::Oldest => format!("{id} {up}"),
            Order::Newest => format!("{id} {down}"),
        }
    }
}

/// The condition of a tab: words for words those of the partial indexes. An `OR` would send SQLite through every published
/// comment.
fn tab(tab: Tab) -> Option<&'static str> {
    Some(match tab {
        Tab::Waiting => {
            "(CASE WHEN c.status = 1 THEN c.revision_id IS NOT NULL ELSE c.status = 0 END)"
        }
        Tab::Reported => "(c.open_reports > 0)",
        // Of an appeal, which the way goes along.
        Tab::Appeals => "c.status = 0",
        Tab::Published => "c.status = 1",
        Tab::Rejected => "c.status = 2",
        Tab::Spam => "c.status = 3",
        Tab::All => return None,
    })
}

/// The same, asked of a comment.
fn tab_of_comment(of: Tab) -> Option<&'static str> {
    match of {
        Tab::Appeals => {
            Some("EXISTS (SELECT 1 FROM appeals a WHERE a.comment_id = c.id AND a.status = 0)")
        }
        other => tab(other),
    }
}

/// Why a comment is held; of a published one with a waiting edit, why that is.
fn why(why: Why) -> String {
    match why {
        Why::Edited => format!(
            "c.revision_id IS NOT NULL AND c.status = {}",
            Status::Approved.code()
        ),
        Why::Reported => "c.open_reports > 0".to_owned(),
        kind => format!(
            "(CASE WHEN c.revision_id IS NULL THEN c.hold \
             ELSE (SELECT r.hold FROM revisions r WHERE r.id = c.revision_id) END) LIKE '%\"why\":\"{}\"%'",
            kind.word()
        ),
    }
}
