//! Accounts, as admins manage them from the desk and from the command line. Every act is in the audit log.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};

use super::audit::{self, Actor, Entry};
use super::connection::Db;
use super::error::Result;
use super::moderators::{self, Account};
use super::schema::moderators as table;
use super::two_factor;
use crate::moderation::Role;
use crate::text;
use crate::time::Timestamp;

/// Unicode scalar values of a name.
pub const NAME_LENGTH: usize = 80;
/// Unicode scalar values of a byline.
pub const BYLINE_LENGTH: usize = 200;
/// Accounts of one page.
const PAGE: usize = 50;

/// Whether an account can have this name, which is in one line: it has letters or digits, and at most [`NAME_LENGTH`].
pub fn is_name(name: &str) -> bool {
    name.chars().count() <= NAME_LENGTH
        && !text::has_control(name, false)
        && !text::mimic_key(name).is_empty()
}

/// Whether this byline, which is in one line, can be tied to an account. Empty unties.
pub fn is_byline(byline: &str) -> bool {
    let nobodys = !byline.is_empty() && text::mimic_key(byline).is_empty();
    !nobodys && !text::has_control(byline, false) && byline.chars().count() <= BYLINE_LENGTH
}

/// An account as admins see it.
#[derive(Debug, Clone)]
pub struct Person {
    pub account: Account,
    /// When they last did something, or had a page of the desk open; to within minutes.
    pub seen_at: Option<Timestamp>,
    /// They have yet to choose a password of their own.
    pub must_change: bool,
}

/// A page of accounts, by name.
#[derive(Debug, Clone, Default)]
pub struct People {
    pub rows: Vec<Person>,
    /// The account after which the next page begins.
    pub next: Option<i64>,
}

/// Accounts by name, from the one after `after` on.
///
/// # Errors
/// Those of the engine.
pub fn page(db: &mut Db, after: Option<i64>) -> Result<People> {
    let from: Option<String> = match after {
        None => None,
        Some(id) => table::table
            .find(id)
            .select(table::name_key)
            .first(db)
            .optional()?,
    };
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let mut found: Vec<(Account, bool, Option<i64>, Option<i64>)> = table::table
        .filter(table::name_key.gt(from.unwrap_or_default()))
        .order(table::name_key.asc())
        .limit(limit)
        .select((
            Account::as_select(),
            table::must_change,
            sql::<Nullable<BigInt>>(
                "(SELECT max(s.seen_at) FROM sessions s WHERE s.moderator_id = moderators.id)",
            ),
            // Sessions go; the log stays.
            sql::<Nullable<BigInt>>(
                "(SELECT e.at FROM audit_entries e WHERE e.actor = 0 AND e.moderator_id = moderators.id \
                 ORDER BY e.id DESC LIMIT 1)",
            ),
        ))
        .load(db)?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().map(|row| row.0.id).filter(|_| more);
    let person = |(account, must_change, session, act): (_, _, Option<i64>, Option<i64>)| Person {
        account,
        must_change,
        seen_at: session.max(act).map(Timestamp),
    };
    Ok(People {
        rows: found.into_iter().map(person).collect(),
        next,
    })
}

/// The name of an account.
///
/// # Errors
/// Those of the engine.
pub fn name(db: &mut Db, id: i64) -> Result<Option<String>> {
    Ok(table::table
        .find(id)
        .select(table::name)
        .first(db)
        .optional()?)
}

/// A new account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub name: String,
    pub role: Role,
    pub password_hash: String,
    /// Its person has to choose another password after signing in.
    pub must_change: bool,
}

/// What came of adding an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    Account(i64),
    /// There is somebody of that name, or nearly so.
    Taken,
    /// Who wanted to add it is no admin any more.
    NotAllowed,
}

/// Adds an account.
///
/// # Errors
/// Those of the engine.
pub fn add(db: &mut Db, by: Actor, new: &NewAccount, now: Timestamp) -> Result<Added> {
    if !may(by, &admins(db)?) {
        return Ok(Added::NotAllowed);
    }
    let key = text::mimic_key(&new.name);
    let Some(id) = moderators::add(db, &new.name, &key, new.role, &new.password_hash, now)? else {
        return Ok(Added::Taken);
    };
    if new.must_change {
        diesel::update(table::table.find(id))
            .set(table::must_change.eq(true))
            .execute(db)?;
    }
    note(db, by, "moderator-added", &new.name, now)?;
    Ok(Added::Account(id))
}

/// What can be changed about an account by somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Forbids signing in; every session ends.
    Disable,
    Enable,
    Role(Role),
    /// By its hash; its person has to choose another after signing in. Every session ends.
    Password(String),
    /// For somebody who lost their phone.
    EndTwoFactor,
    /// Empty unties.
    Byline(String),
}

/// What came of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    Done,
    /// It would leave nobody who may manage people.
    LastAdmin,
    /// Who wanted it is no admin any more.
    NotAllowed,
    /// There is no such account.
    Gone,
}

/// Changes an account. What is so already is done, and not noted.
///
/// # Errors
/// Those of the engine.
pub fn change(db: &mut Db, by: Actor, id: i64, change: &Change, now: Timestamp) -> Result<Changed> {
    let admins = admins(db)?;
    if !may(by, &admins) {
        return Ok(Changed::NotAllowed);
    }
    let account: Option<Account> = table::table
        .find(id)
        .select(Account::as_select())
        .first(db)
        .optional()?;
    let Some(account) = account else {
        return Ok(Changed::Gone);
    };
    let takes_an_admin = matches!(change, Change::Disable | Change::Role(Role::Moderator));
    if takes_an_admin && admins == [id] {
        return Ok(Changed::LastAdmin);
    }
    let is_so = match change {
        Change::Disable => account.disabled_at.is_some(),
        Change::Enable => account.disabled_at.is_none(),
        Change::Role(role) => account.role == *role,
        Change::Byline(byline) => account.byline == *byline,
        Change::Password(_) | Change::EndTwoFactor => false,
    };
    if is_so {
        return Ok(Changed::Done);
    }
    apply(db, &account, change, now)?;
    let name = account.name.as_str();
    match change {
        Change::Disable => note(db, by, "moderator-disabled", name, now)?,
        Change::Enable => note(db, by, "moderator-enabled", name, now)?,
        Change::Role(role) => {
            let entry = Entry {
                facts: serde_json::json!({ "to": role.word() }),
                text: name,
                ..Entry::new(by, "role-changed")
            };
            audit::append(db, &entry, now)?;
        }
        Change::Password(_) => note(db, by, "password-set", name, now)?,
        Change::EndTwoFactor => note(db, by, "two-factor-reset", name, now)?,
        Change::Byline(byline) if byline.is_empty() => note(db, by, "byline-untied", name, now)?,
        Change::Byline(byline) => {
            note(db, by, "byline-tied", &format!("{name}: {byline}"), now)?;
        }
    }
    Ok(Changed::Done)
}

fn apply(db: &mut Db, account: &Account, change: &Change, now: Timestamp) -> Result<()> {
    let id = account.id;
    match change {
        Change::Disable => moderators::set_disabled(db, id, Some(now)),
        Change::Enable => moderators::set_disabled(db, id, None),
        Change::Role(role) => {
            diesel::update(table::table.find(id))
                .set(table::role.eq(role.code()))
                .execute(db)?;
            Ok(())
        }
        Change::Password(hash) => {
            moderators::set_password(db, id, hash)?;
            diesel::update(table::table.find(id))
                .set(table::must_change.eq(true))
                .execute(db)?;
            Ok(())
        }
        Change::EndTwoFactor => two_factor::clear(db, id),
        Change::Byline(byline) => moderators::set_byline(db, id, byline),
    }
}

/// An admin may, and the command line.
fn may(by: Actor, admins: &[i64]) -> bool {
    match by {
        Actor::Moderator(id) => admins.contains(&id),
        Actor::CommandLine => true,
        Actor::Author | Actor::Policy => false,
    }
}

/// The admins who may sign in. Their rows are taken until the end of the transaction, in one order, so that two admins who
/// take the role from each other come one after the other; inserts that name a moderator are not kept waiting. On SQLite the
/// writer is alone anyway.
fn admins(db: &mut Db) -> Result<Vec<i64>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let lock = match db.is_sqlite() {
        true => "",
        false => " FOR NO KEY UPDATE",
    };
    let admin = Role::Admin.code();
    let rows: Vec<Row> = diesel::sql_query(format!(
        "SELECT id FROM moderators WHERE role = {admin} AND disabled_at IS NULL ORDER BY id{lock}"
    ))
    .load(db)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

fn note(db: &mut Db, by: Actor, act: &str, name: &str, now: Timestamp) -> Result<()> {
    let entry = Entry {
        text: name,
        ..Entry::new(by, act)
    };
    audit::append(db, &entry, now)
}
