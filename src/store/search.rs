//! What comments are searched by: terms of their names and texts, and a key that is equal for equal texts.

use diesel::prelude::*;

use super::connection::{Db, on_engine};
use super::error::Result;
use super::schema::{comment_terms, comments, revisions};
use super::token;
use crate::text;

/// What a search finds a comment by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// [`text::search_terms`] of name and text.
    pub terms: String,
    /// The first eight bytes of the SHA-256 of the text's terms; 0 for a text without any.
    pub text_key: i64,
}

impl Terms {
    pub fn of(name: &str, body: &str) -> Self {
        let said = text::search_terms(body);
        let text_key = match said.as_str() {
            "" => 0,
            said => key(said),
        };
        let named = text::search_terms(name);
        let terms = [named, said]
            .into_iter()
            .filter(|terms| !terms.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        Self { terms, text_key }
    }

    /// With the words of an edit that waits, if there is one.
    #[must_use]
    pub fn with_edit(mut self, edit: Option<&str>) -> Self {
        if let Some(edit) = edit {
            let edit = text::search_terms(edit);
            self.terms = format!("{} {edit}", self.terms).trim().to_owned();
        }
        self
    }
}

fn key(said: &str) -> i64 {
    let digest = token::digest(&[said.as_bytes()]);
    let first = digest.iter().take(8);
    first.fold(0, |key, byte| (key << 8) | i64::from(*byte))
}

/// Adds what a new comment is searched by.
///
/// # Errors
/// Those of the engine.
pub fn add(db: &mut Db, comment: i64, terms: &Terms) -> Result<()> {
    on_engine!(db, |connection| diesel::insert_into(comment_terms::table)
        .values((
            comment_terms::comment_id.eq(comment),
            comment_terms::terms.eq(&terms.terms),
            comment_terms::text_key.eq(terms.text_key),
        ))
        .execute(connection))?;
    Ok(())
}

/// Follows another text of a comment, or an edit that waits: words of both are found.
///
/// # Errors
/// Those of the engine.
pub(super) fn follow(db: &mut Db, comment: i64) -> Result<()> {
    let (name, body, edit): (String, String, Option<String>) = comments::table
        .left_join(revisions::table.on(comments::revision_id.eq(revisions::id.nullable())))
        .filter(comments::id.eq(comment))
        .select((comments::name, comments::body, revisions::body.nullable()))
        .first(db)?;
    let terms = Terms::of(&name, &body).with_edit(edit.as_deref());
    replace(db, comment, &terms)
}

/// Puts other terms in place of those that a comment had.
///
/// # Errors
/// Those of the engine.
pub fn replace(db: &mut Db, comment: i64, terms: &Terms) -> Result<()> {
    let touched = diesel::update(comment_terms::table.find(comment))
        .set((
            comment_terms::terms.eq(&terms.terms),
            comment_terms::text_key.eq(terms.text_key),
        ))
        .execute(db)?;
    if touched == 0 {
        add(db, comment, terms)?;
    }
    Ok(())
}

/// Takes away what a comment was searched by.
///
/// # Errors
/// Those of the engine.
pub fn remove(db: &mut Db, comment: i64) -> Result<()> {
    diesel::delete(comment_terms::table.find(comment)).execute(db)?;
    Ok(())
}
