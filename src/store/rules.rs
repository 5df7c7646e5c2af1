//! The house rules in force.

use diesel::dsl::{count, count_star};
use diesel::prelude::*;

use super::connection::Db;
use super::error::Result;
use super::schema::rules;
use crate::moderation::Ground;

/// A numbered house rule. Its `kind` is `illegal` for exactly one of them, else `conduct`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
pub struct Rule {
    pub id: i64,
    pub number: i16,
    pub kind: String,
    /// "Personal attack"
    pub title: String,
    /// The sentence.
    pub text: String,
}

impl Rule {
    pub fn ground(&self) -> Ground {
        if self.kind == "illegal" {
            Ground::Illegal(self.number)
        } else {
            Ground::Rule(self.number)
        }
    }
}

/// Those in force, by number.
///
/// # Errors
/// Those of the engine.
pub fn current(db: &mut Db) -> Result<Vec<Rule>> {
    Ok(rules::table
        .filter(rules::until.is_null())
        .order(rules::number.asc())
        .select(Rule::as_select())
        .load(db)?)
}

/// How often rules were put in force or taken out of it: a number that grows with every change.
///
/// # Errors
/// Those of the engine.
pub fn version(db: &mut Db) -> Result<i64> {
    let (put, ended): (i64, i64) = rules::table
        .select((count_star(), count(rules::until)))
        .first(db)?;
    Ok(put + ended)
}

/// The rule of this number in force.
///
/// # Errors
/// Those of the engine.
pub fn numbered(db: &mut Db, number: i16) -> Result<Option<Rule>> {
    Ok(rules::table
        .filter(rules::until.is_null())
        .filter(rules::number.eq(number))
        .select(Rule::as_select())
        .first(db)
        .optional()?)
}
