//! Names as they are compared, made anew when the database is brought up to date: an older program may have compared them
//! differently, or not at all.

use diesel::prelude::*;

use super::connection::Db;
use super::error::Result;
use super::schema::{comments, moderators};
use crate::text;

/// Comments read at once.
const SLICE: i64 = 1_000;

/// Gives every moderator and every comment without one the key of this program.
///
/// # Errors
/// Those of the engine.
pub fn renew(db: &mut Db) -> Result<()> {
    renew_moderators(db)?;
    fill_comments(db)
}

/// Somebody whose new key is another's already keeps the old one, and cannot sign in until they get another name.
fn renew_moderators(db: &mut Db) -> Result<()> {
    let all: Vec<(i64, String, String)> = moderators::table
        .order(moderators::id.asc())
        .select((moderators::id, moderators::name, moderators::name_key))
        .load(db)?;
    for (id, name, old) in all {
        let key = text::mimic_key(&name);
        if key == old {
            continue;
        }
        let taken = diesel::select(diesel::dsl::exists(
            moderators::table.filter(moderators::name_key.eq(&key)),
        ));
        if taken.get_result(db)? {
            tracing::warn!(%name, "this name is too like a colleague's: add the account again under another");
            continue;
        }
        diesel::update(moderators::table.find(id))
            .set(moderators::name_key.eq(key))
            .execute(db)?;
    }
    Ok(())
}

fn fill_comments(db: &mut Db) -> Result<()> {
    let mut last = 0;
    loop {
        let slice: Vec<(i64, String)> = comments::table
            .filter(comments::id.gt(last))
            .filter(comments::name_key.eq(""))
            .filter(comments::name.ne(""))
            .order(comments::id.asc())
            .limit(SLICE)
            .select((comments::id, comments::name))
            .load(db)?;
        let Some((end, _)) = slice.last() else {
            return Ok(());
        };
        last = *end;
        for (id, name) in slice {
            diesel::update(comments::table.find(id))
                .set(comments::name_key.eq(text::mimic_key(&name)))
                .execute(db)?;
        }
    }
}
