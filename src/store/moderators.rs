//! People of the desk.

use diesel::prelude::*;

use super::audit::{self, Actor, Entry};
use super::connection::Db;
use super::error::Result;
use super::schema::{moderators, sessions, sign_in_steps};
use crate::moderation::{Role, Voice};
use crate::text;
use crate::time::Timestamp;

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
pub struct Moderator {
    pub id: i64,
    pub name: String,
    pub role: Role,
}

/// An account as the command line lists it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = moderators)]
pub struct Account {
    pub id: i64,
    pub name: String,
    pub role: Role,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    /// The byline that an admin tied to it; empty for none.
    pub byline: String,
    /// Since when signing in asks for a code besides the password.
    pub totp_since: Option<Timestamp>,
}

/// What signing in needs of an account.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = moderators)]
pub struct Credentials {
    pub id: i64,
    pub name: String,
    pub role: Role,
    pub password_hash: String,
    /// Since when signing in asks for a code besides the password.
    pub totp_since: Option<Timestamp>,
}

/// Adds an account; `None` when the name, or one that looks like it, is taken. `name_key` is the name as names are compared.
///
/// # Errors
/// Those of the engine.
pub fn add(
    db: &mut Db,
    name: &str,
    name_key: &str,
    role: Role,
    password_hash: &str,
    now: Timestamp,
) -> Result<Option<i64>> {
    if find(db, name_key)?.is_some() {
        return Ok(None);
    }
    Ok(Some(
        diesel::insert_into(moderators::table)
            .values((
                moderators::name.eq(name),
                moderators::name_key.eq(name_key),
                moderators::role.eq(role.code()),
                moderators::password_hash.eq(password_hash),
                moderators::created_at.eq(now.0),
            ))
            .returning(moderators::id)
            .get_result(db)?,
    ))
}

/// Everybody, by name. A desk has tens of people, not thousands.
///
/// # Errors
/// Those of the engine.
pub fn list(db: &mut Db) -> Result<Vec<Account>> {
    Ok(moderators::table
        .order(moderators::name.asc())
        .select(Account::as_select())
        .load(db)?)
}

/// # Errors
/// Those of the engine.
pub fn find(db: &mut Db, name_key: &str) -> Result<Option<Account>> {
    Ok(moderators::table
        .filter(moderators::name_key.eq(name_key))
        .select(Account::as_select())
        .first(db)
        .optional()?)
}

/// The account that may sign in under this name.
///
/// # Errors
/// Those of the engine.
pub fn credentials(db: &mut Db, name_key: &str) -> Result<Option<Credentials>> {
    Ok(moderators::table
        .filter(moderators::name_key.eq(name_key))
        .filter(moderators::disabled_at.is_null())
        .select(Credentials::as_select())
        .first(db)
        .optional()?)
}

/// The hash of an account's password.
///
/// # Errors
/// Those of the engine.
pub fn password_hash(db: &mut Db, id: i64) -> Result<String> {
    Ok(moderators::table
        .find(id)
        .select(moderators::password_hash)
        .first(db)?)
}

/// Replaces the password and ends every session of the account.
///
/// # Errors
/// Those of the engine.
pub fn set_password(db: &mut Db, id: i64, password_hash: &str) -> Result<()> {
    diesel::update(moderators::table.find(id))
        .set((
            moderators::password_hash.eq(password_hash),
            moderators::must_change.eq(false),
        ))
        .execute(db)?;
    end_sessions(db, id)
}

/// A password that its own person changes.
#[derive(Debug, Clone)]
pub struct OwnPassword {
    pub moderator: i64,
    /// The hash that the present password was found to fit.
    pub old_hash: String,
    pub new_hash: String,
    /// The session it is changed from, and what that is known by afterwards.
    pub session: Vec<u8>,
    pub new_session: Vec<u8>,
    pub now: Timestamp,
}

/// Replaces one's own password: every other session ends, this one gets a new token. `false`, and nothing is done, when the
/// session has ended or the password was replaced meanwhile.
///
/// # Errors
/// Those of the engine.
pub fn change_own_password(db: &mut Db, new: &OwnPassword) -> Result<bool> {
    let known: Option<i64> = sessions::table
        .filter(sessions::token_hash.eq(&new.session))
        .filter(sessions::moderator_id.eq(new.moderator))
        .select(sessions::moderator_id)
        .first(db)
        .optional()?;
    if known.is_none() {
        return Ok(false);
    }
    let account = moderators::table
        .find(new.moderator)
        .filter(moderators::password_hash.eq(&new.old_hash));
    let replaced = diesel::update(account)
        .set((
            moderators::password_hash.eq(&new.new_hash),
            moderators::must_change.eq(false),
        ))
        .execute(db)?;
    if replaced == 0 {
        return Ok(false);
    }
    diesel::update(sessions::table.find(&new.session))
        .set(sessions::token_hash.eq(&new.new_session))
        .execute(db)?;
    let others = sessions::table
        .filter(sessions::moderator_id.eq(new.moderator))
        .filter(sessions::token_hash.ne(&new.new_session));
    diesel::delete(others).execute(db)?;
    end_steps(db, new.moderator)?;
    let entry = Entry::new(Actor::Moderator(new.moderator), "password-changed");
    audit::append(db, &entry, new.now)?;
    Ok(true)
}

/// Whether the account may still sign in with the password of this hash, and with two-factor sign-in as it was. Holds the
/// account's row until the transaction ends: a change of password comes before or after, never between.
///
/// # Errors
/// Those of the engine.
pub fn still_signs_in(db: &mut Db, account: &Credentials) -> Result<bool> {
    let same = moderators::table
        .find(account.id)
        .filter(moderators::disabled_at.is_null())
        .filter(moderators::password_hash.eq(&account.password_hash));
    let kept = diesel::update(same)
        .set(moderators::totp_step.eq(moderators::totp_step))
        .returning(moderators::totp_since)
        .get_result::<Option<i64>>(db)
        .optional()?;
    Ok(kept.is_some_and(|since| since.is_some() == account.totp_since.is_some()))
}

/// Forbids signing in and ends every session; or allows it again.
///
/// # Errors
/// Those of the engine.
pub fn set_disabled(db: &mut Db, id: i64, disabled_at: Option<Timestamp>) -> Result<()> {
    diesel::update(moderators::table.find(id))
        .set(moderators::disabled_at.eq(disabled_at.map(|at| at.0)))
        .execute(db)?;
    if disabled_at.is_some() {
        end_sessions(db, id)?;
    }
    Ok(())
}

/// Ties a byline to the account: from then on its replies to articles with that byline are their author's. Empty unties.
///
/// # Errors
/// Those of the engine.
pub fn set_byline(db: &mut Db, id: i64, byline: &str) -> Result<()> {
    diesel::update(moderators::table.find(id))
        .set(moderators::byline.eq(byline))
        .execute(db)?;
    Ok(())
}

/// The voice in which an account speaks on an article with this byline.
///
/// # Errors
/// Those of the engine.
pub fn voice(db: &mut Db, id: i64, byline: &str) -> Result<Voice> {
    let tied: String = moderators::table
        .find(id)
        .select(moderators::byline)
        .first(db)?;
    // In one normal form: a file may have come from anywhere.
    Ok(Voice::of_staff(
        &text::one_line(&tied),
        &text::one_line(byline),
    ))
}

/// Ends every session of an account, and every sign-in that is half done.
///
/// # Errors
/// Those of the engine.
pub(super) fn end_sessions(db: &mut Db, id: i64) -> Result<()> {
    diesel::delete(sessions::table.filter(sessions::moderator_id.eq(id))).execute(db)?;
    end_steps(db, id)
}

fn end_steps(db: &mut Db, id: i64) -> Result<()> {
    diesel::delete(sign_in_steps::table.filter(sign_in_steps::moderator_id.eq(id))).execute(db)?;
    Ok(())
}

/// Whether anybody else can decide.
///
/// # Errors
/// Those of the engine.
pub fn has_others(db: &mut Db, moderator: i64) -> Result<bool> {
    let other: Option<i64> = moderators::table
        .filter(moderators::id.ne(moderator))
        .filter(moderators::disabled_at.is_null())
        .select(moderators::id)
        .first(db)
        .optional()?;
    Ok(other.is_some())
}
