//! What stands around a list of the desk: the choices of its filters, and what was done today.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::connection::Db;
use super::error::Result;
use super::listing::Listing;
use super::schema::{articles, comments, decisions, moderators};
use crate::moderation::Status;
use crate::time::Timestamp;

/// Articles that can be chosen from: the newest.
const ARTICLES: i64 = 50;

/// What filters can be set to, and what those without a field are set to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Id and title, the newest first, and the chosen one in any case.
    pub articles: Vec<(i64, String)>,
    /// The latest name of the chosen author; empty for none.
    pub author: String,
}

/// What a list's filters can be set to.
///
/// # Errors
/// Those of the engine.
pub fn chosen(db: &mut Db, list: &Listing) -> Result<Chosen> {
    let mut found: Vec<(i64, String)> = articles::table
        .filter(articles::removed_at.is_null())
        .order((articles::published_at.desc(), articles::id.desc()))
        .limit(ARTICLES)
        .select((articles::id, articles::title))
        .load(db)?;
    if let Some(id) = list.article
        && !found.iter().any(|(known, _)| *known == id)
    {
        let further: Option<(i64, String)> = articles::table
            .find(id)
            .select((articles::id, articles::title))
            .first(db)
            .optional()?;
        found.extend(further);
    }
    let author = match list.author {
        Some(author) => name(db, author)?.unwrap_or_default(),
        None => String::new(),
    };
    Ok(Chosen {
        articles: found,
        author,
    })
}

/// The name on the latest comment of an author that has one.
///
/// # Errors
/// Those of the engine.
pub fn name(db: &mut Db, author: i64) -> Result<Option<String>> {
    /// Withdrawn comments have no name; so many of the latest are looked at.
    const LOOKED_AT: i64 = 50;
    let names: Vec<String> = comments::table
        .filter(comments::author_id.eq(author))
        .order(comments::id.desc())
        .limit(LOOKED_AT)
        .select(comments::name)
        .load(db)?;
    Ok(names.into_iter().find(|name| !name.is_empty()))
}

/// What was decided since a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Today {
    /// First verdicts on what waited, by everybody together; at most [`super::queue::COUNTED`].
    pub decisions: i64,
    /// Who made the latest of them, and when.
    pub latest: Option<(String, Timestamp)>,
}

/// What was decided since a moment, through the index of first verdicts.
///
/// # Errors
/// Those of the engine.
pub fn since(db: &mut Db, moment: Timestamp) -> Result<Today> {
    let pending = Status::Pending.code();
    let verdicts = || {
        decisions::table
            .filter(sql::<diesel::sql_types::Bool>(&format!(
                "decisions.from_status = {pending}"
            )))
            .filter(decisions::undoes.is_null())
            .filter(decisions::at.ge(moment.0))
    };
    let counted: Vec<i64> = verdicts()
        .order(decisions::at.desc())
        .limit(super::queue::COUNTED)
        .select(sql::<BigInt>("decisions.at"))
        .load(db)?;
    let latest: Option<(String, Timestamp)> = verdicts()
        .inner_join(moderators::table.on(decisions::moderator_id.eq(moderators::id.nullable())))
        .order(decisions::at.desc())
        .select((moderators::name, decisions::at))
        .first(db)
        .optional()?;
    Ok(Today {
        decisions: i64::try_from(counted.len()).unwrap_or(i64::MAX),
        latest,
    })
}
