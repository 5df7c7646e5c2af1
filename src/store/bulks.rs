//! Many decisions made at once, and taken back at once. Each of them is an ordinary decision; a bulk says that they belong
//! together, and what became of those that were asked for.

use diesel::prelude::*;

use super::connection::Db;
use super::error::Result;
use super::listed::{self, Reader};
use super::listing::{Listing, Seek};
use super::schema::{bulks, claims, comments, decisions};
use crate::moderation::{Decision, Status};
use crate::time::Timestamp;

/// Comments of a bulk.
pub const MOST: usize = 500;
/// Pages of a list that are looked through to find them.
const PAGES: usize = 20;

/// A comment as the form of a bulk showed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picked {
    pub comment: i64,
    pub version: i64,
    /// The edit that waited.
    pub revision: Option<i64>,
}

impl Picked {
    /// `ID.VERSION`, or `ID.VERSION.REVISION`.
    pub fn parse(word: &str) -> Option<Self> {
        let mut numbers = word.split('.').map(|number| {
            let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| number.parse::<i64>().ok()).flatten()
        });
        let picked = Self {
            comment: numbers.next()??,
            version: numbers.next()??,
            revision: match numbers.next() {
                Some(number) => Some(number?),
                None => None,
            },
        };
        numbers.next().is_none().then_some(picked)
    }

    pub fn word(self) -> String {
        match self.revision {
            Some(revision) => format!("{}.{}.{revision}", self.comment, self.version),
            None => format!("{}.{}", self.comment, self.version),
        }
    }
}

/// What a bulk would do, shown before it is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// In the order of the list, at most [`MOST`].
    pub picked: Vec<Picked>,
    /// The list has more than these.
    pub more: bool,
    /// Looked at, but nothing would change.
    pub same: usize,
    /// On so many articles.
    pub articles: usize,
    /// Others are looking at so many of them.
    pub claimed: usize,
}

/// Everything in a list that a decision would change. At most [`PAGES`] pages of [`MOST`] comments are looked at.
///
/// # Errors
/// Those of the engine.
pub fn preview(db: &mut Db, list: &Listing, decision: Decision, reader: Reader) -> Result<Preview> {
    let mut preview = Preview::default();
    let mut articles = std::collections::BTreeSet::new();
    let mut at = list.at(Seek::First);
    let mut finished = false;
    for _ in 0..PAGES {
        let found = listed::page(db, &at, reader, 500)?;
        let ids: Vec<i64> = found.places.iter().map(|place| place.id).collect();
        type Row = (i64, i64, i64, Status, Option<i64>, i64, Option<i64>);
        let mut rows: Vec<Row> = comments::table
            .filter(comments::id.eq_any(ids.clone()))
            .select((
                comments::id,
                comments::version,
                comments::article_id,
                comments::status,
                comments::revision_id,
                comments::open_reports,
                comments::purged_at,
            ))
            .load(db)?;
        rows.sort_by_key(|row| ids.iter().position(|id| *id == row.0));
        for (comment, version, article, status, revision, reports, purged) in rows {
            let edit = revision.filter(|_| status.is_public() && list.tab.shows_edits());
            let changes = match (edit, decision) {
                (Some(_), Decision::Approve | Decision::Reject) => true,
                (_, Decision::Keep) => reports > 0,
                (_, decision) => status
                    .after(decision)
                    .is_some_and(|to| purged.is_none() || !to.is_public()),
            };
            if !changes {
                preview.same += 1;
                continue;
            }
            if preview.picked.len() == MOST {
                preview.more = true;
                break;
            }
            articles.insert(article);
            preview.picked.push(Picked {
                comment,
                version,
                revision: edit,
            });
        }
        match found.onward {
            Some(place) if !preview.more => at.seek = Seek::From(place),
            _ => {
                finished = true;
                break;
            }
        }
    }
    preview.more |= !finished;
    preview.articles = articles.len();
    preview.claimed = claimed(db, &preview.picked, reader)?;
    Ok(preview)
}

fn claimed(db: &mut Db, picked: &[Picked], reader: Reader) -> Result<usize> {
    let ids: Vec<i64> = picked.iter().map(|one| one.comment).collect();
    let others: i64 = claims::table
        .filter(claims::comment_id.eq_any(ids))
        .filter(claims::until.gt(reader.now.0))
        .filter(claims::moderator_id.ne(reader.moderator))
        .count()
        .get_result(db)?;
    Ok(usize::try_from(others).unwrap_or(0))
}

/// A bulk and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = bulks)]
pub struct Bulk {
    pub id: i64,
    pub moderator_id: i64,
    pub at: Timestamp,
    pub asked: i64,
    pub done: i64,
    /// Those that somebody had changed meanwhile.
    pub changed: i64,
    /// Of those done, taken back since; `None` when nobody tried.
    pub undone: Option<i64>,
    /// Those that could not be taken back.
    pub undone_changed: Option<i64>,
}

/// Begins a bulk of so many comments.
///
/// # Errors
/// Those of the engine.
pub fn begin(db: &mut Db, moderator: i64, asked: usize, now: Timestamp) -> Result<i64> {
    Ok(diesel::insert_into(bulks::table)
        .values((
            bulks::moderator_id.eq(moderator),
            bulks::at.eq(now.0),
            bulks::asked.eq(i64::try_from(asked).unwrap_or(i64::MAX)),
            bulks::done.eq(0),
            bulks::changed.eq(0),
        ))
        .returning(bulks::id)
        .get_result(db)?)
}

/// Notes what became of it.
///
/// # Errors
/// Those of the engine.
pub fn finish(db: &mut Db, bulk: i64, done: i64, changed: i64) -> Result<()> {
    diesel::update(bulks::table.find(bulk))
        .set((bulks::done.eq(done), bulks::changed.eq(changed)))
        .execute(db)?;
    Ok(())
}

/// Notes what became of a bulk whose end was cut off: what it decided stands.
///
/// # Errors
/// Those of the engine.
pub fn finish_what_was_cut_off(db: &mut Db, bulk: i64) -> Result<()> {
    let Some(cut_off) = find(db, bulk)?.filter(|bulk| bulk.done + bulk.changed < bulk.asked) else {
        return Ok(());
    };
    let done = i64::try_from(decisions(db, bulk)?.len()).unwrap_or(i64::MAX);
    finish(db, bulk, done, cut_off.asked - done)
}

/// Notes how many of its decisions were taken back, besides those that were before.
///
/// # Errors
/// Those of the engine.
pub fn note_undone(db: &mut Db, bulk: i64, undone: i64, changed: i64) -> Result<()> {
    diesel::update(bulks::table.find(bulk))
        .set((bulks::undone.eq(undone), bulks::undone_changed.eq(changed)))
        .execute(db)?;
    Ok(())
}

/// # Errors
/// Those of the engine.
pub fn find(db: &mut Db, bulk: i64) -> Result<Option<Bulk>> {
    Ok(bulks::table
        .find(bulk)
        .select(Bulk::as_select())
        .first(db)
        .optional()?)
}

/// The decisions of a bulk, oldest first.
///
/// # Errors
/// Those of the engine.
pub fn decisions(db: &mut Db, bulk: i64) -> Result<Vec<i64>> {
    Ok(decisions::table
        .filter(decisions::bulk_id.eq(bulk))
        .order(decisions::id.asc())
        .select(decisions::id)
        .load(db)?)
}

/// The bulk that a decision belongs to.
///
/// # Errors
/// Those of the engine.
pub fn of_decision(db: &mut Db, decision: i64) -> Result<Option<i64>> {
    Ok(decisions::table
        .find(decision)
        .select(decisions::bulk_id)
        .first::<Option<i64>>(db)
        .optional()?
        .flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_picked_says_what_was_seen_of_it() {
        for word in ["7.1", "7.12.3"] {
            assert_eq!(Picked::parse(word).unwrap().word(), word);
        }
        for word in [
            "",
            "7",
            "7.",
            ".1",
            "7.1.",
            "7.1.2.3",
            "7.-1",
            "a.b",
            "99999999999999999999.1",
        ] {
            assert_eq!(Picked::parse(word), None, "{word}");
        }
    }
}
