//! The policy: settings in versions, and the site's lists. Replies are checked against it before they are written, and the
//! version is read once more where they are: what an admin changes is in force for the next reply on every instance.

use diesel::dsl::max;
use diesel::prelude::*;

use super::articles::{Page, Seek, page_of};
use super::audit::{self, Actor, Entry};
use super::connection::{Db, on_engine};
use super::error::{Error, Result};
use super::policy_check;
use super::schema::{moderators, policies, policy_entries};
use super::values::storable;
use crate::moderation::listed::{Action, EntryKind, EntryProblem, ListEntry, Scope};
use crate::moderation::policy::Settings;
use crate::time::Timestamp;

/// Entries of a site's lists, all kinds together.
pub const MOST_ENTRIES: i64 = 20_000;
/// Entries on a page.
pub const PAGE: i64 = 50;

#[diesel::declare_sql_function]
extern "SQL" {
    /// The text in small letters; of others than ASCII, SQLite leaves the case as it is.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// The settings in force.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InForce {
    /// 0 until anything was changed.
    pub version: i64,
    pub settings: Settings,
}

/// An entry with who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: i64,
    pub entry: ListEntry,
    pub created_at: Timestamp,
    /// Empty for the command line.
    pub by: String,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    Done,
    /// Somebody changed the policy meanwhile; nothing was done.
    Meanwhile,
    /// The lists are full.
    Full,
    /// An entry cannot be added. Nothing was done.
    Wrong(String, EntryProblem),
    /// There is no such entry any more.
    Gone,
}

/// The version in force: one index row.
///
/// # Errors
/// Those of the engine.
pub fn version(db: &mut Db) -> Result<i64> {
    let latest: Option<i64> = on_engine!(db, |connection| policies::table
        .select(max(policies::version))
        .first(connection))?;
    Ok(latest.unwrap_or(0))
}

/// The settings in force.
///
/// # Errors
/// Those of the engine; `Corrupt` when they are none that this version knows.
pub fn in_force(db: &mut Db) -> Result<InForce> {
    let latest: Option<(i64, String)> = policies::table
        .order(policies::version.desc())
        .select((policies::version, policies::settings))
        .first(db)
        .optional()?;
    let Some((version, settings)) = latest else {
        return Ok(InForce::default());
    };
    let settings = serde_json::from_str(&settings)
        .map_err(|error| Error::Corrupt(format!("policy {version}: {error}")))?;
    Ok(InForce { version, settings })
}

type EntryRow = (i64, EntryKind, String, Action, i16, Option<i64>);

/// The columns of an [`EntryRow`].
type EntryColumns = (
    policy_entries::id,
    policy_entries::kind,
    policy_entries::pattern,
    policy_entries::action,
    policy_entries::scope,
    policy_entries::until,
);

const ENTRY: EntryColumns = (
    policy_entries::id,
    policy_entries::kind,
    policy_entries::pattern,
    policy_entries::action,
    policy_entries::scope,
    policy_entries::until,
);

fn entry_of((id, kind, pattern, action, scope, until): EntryRow) -> (i64, ListEntry) {
    let scope = Scope::from_code(scope);
    let entry = ListEntry {
        kind,
        pattern,
        action,
        scope,
        until,
    };
    (id, entry)
}

/// Every entry in force, ended ones included: an end is looked at when a reply comes.
///
/// # Errors
/// Those of the engine.
pub fn entries(db: &mut Db) -> Result<Vec<(i64, ListEntry)>> {
    let rows: Vec<EntryRow> = policy_entries::table
        .filter(policy_entries::removed_at.is_null())
        .order(policy_entries::id.asc())
        .limit(MOST_ENTRIES)
        .select(ENTRY)
        .load(db)?;
    Ok(rows.into_iter().map(entry_of).collect())
}

/// How many entries there are.
///
/// # Errors
/// Those of the engine.
pub fn count(db: &mut Db) -> Result<i64> {
    Ok(policy_entries::table
        .filter(policy_entries::removed_at.is_null())
        .count()
        .get_result(db)?)
}

/// A page of the lists, newest first; of those whose pattern has `sought` in it, which is looked for in [`MOST_ENTRIES`] rows
/// at most.
///
/// # Errors
/// Those of the engine.
pub fn page(db: &mut Db, seek: Seek, sought: &str) -> Result<Page<Listed>> {
    type Row = (EntryRow, Timestamp, Option<String>);
    let rows = policy_entries::table
        .left_join(moderators::table.on(policy_entries::moderator_id.eq(moderators::id.nullable())))
        .filter(policy_entries::removed_at.is_null())
        .select((
            ENTRY,
            policy_entries::created_at,
            moderators::name.nullable(),
        ))
        .limit(PAGE + 1)
        .into_boxed();
    let rows = match sought {
        "" => rows,
        sought => {
            let literal = sought
                .to_lowercase()
                .replace('\\', "\\\\")
                .replace('%', "\\%")
                .replace('_', "\\_");
            rows.filter(
                lower(policy_entries::pattern)
                    .like(format!("%{literal}%"))
                    .escape('\\'),
            )
        }
    };
    let newest = policy_entries::id.desc();
    let (mut rows, forward): (Vec<Row>, bool) = match seek {
        Seek::First => (rows.order(newest).load(db)?, true),
        Seek::Before(id) => {
            let older = rows.filter(policy_entries::id.lt(id));
            (older.order(newest).load(db)?, true)
        }
        Seek::After(id) => {
            let newer = rows.filter(policy_entries::id.gt(id));
            (newer.order(policy_entries::id.asc()).load(db)?, false)
        }
    };
    let page = page_of(&mut rows, forward, seek != Seek::First, PAGE, |row| row.0.0);
    let listed = |(row, created_at, by): Row| {
        let (id, entry) = entry_of(row);
        let by = by.unwrap_or_default();
        Listed {
            id,
            entry,
            created_at,
            by,
        }
    };
    Ok(Page {
        rows: page.rows.into_iter().map(listed).collect(),
        newer: page.newer,
        older: page.older,
    })
}

/// Puts other settings in force, if the ones in force are still those of version `seen`.
///
/// # Errors
/// Those of the engine.
pub fn set(
    db: &mut Db,
    seen: i64,
    settings: &Settings,
    actor: Actor,
    now: Timestamp,
) -> Result<Changed> {
    let before = in_force(db)?;
    if before.version != seen {
        return Ok(Changed::Meanwhile);
    }
    if before.settings == *settings {
        return Ok(Changed::Done);
    }
    if !turn(db, seen, settings, actor, now)? {
        return Ok(Changed::Meanwhile);
    }
    let entry = Entry {
        facts: serde_json::json!({ "from": before.settings, "to": settings }),
        ..Entry::new(actor, "policy-changed")
    };
    audit::append(db, &entry, now)?;
    Ok(Changed::Done)
}

/// Adds checked entries to the lists; one that stands there already is [`EntryProblem::Known`].
///
/// # Errors
/// Those of the engine.
pub fn add(db: &mut Db, new: &[ListEntry], actor: Actor, now: Timestamp) -> Result<Changed> {
    if count(db)? + i64::try_from(new.len()).unwrap_or(i64::MAX) > MOST_ENTRIES {
        return Ok(Changed::Full);
    }
    for entry in new {
        if find(db, entry.kind, &entry.pattern)?.is_some() {
            let pattern = entry.pattern.clone();
            return Ok(Changed::Wrong(pattern, EntryProblem::Known));
        }
    }
    if !next(db, actor, now)? {
        return Ok(Changed::Meanwhile);
    }
    for entry in new {
        diesel::insert_into(policy_entries::table)
            .values((
                policy_entries::kind.eq(entry.kind.code()),
                policy_entries::pattern.eq(&entry.pattern),
                policy_entries::action.eq(entry.action.code()),
                policy_entries::scope.eq(entry.scope.code()),
                policy_entries::until.eq(entry.until),
                policy_entries::moderator_id.eq(actor.moderator()),
                policy_entries::created_at.eq(now.0),
            ))
            .execute(db)?;
        note(db, "list-entry-added", entry, (actor, now))?;
    }
    Ok(Changed::Done)
}

/// Takes an entry out of the lists.
///
/// # Errors
/// Those of the engine.
pub fn remove(db: &mut Db, id: i64, actor: Actor, now: Timestamp) -> Result<Changed> {
    let row: Option<EntryRow> = policy_entries::table
        .find(id)
        .filter(policy_entries::removed_at.is_null())
        .select(ENTRY)
        .first(db)
        .optional()?;
    let Some(row) = row else {
        return Ok(Changed::Gone);
    };
    if !next(db, actor, now)? {
        return Ok(Changed::Meanwhile);
    }
    diesel::update(policy_entries::table.find(id))
        // Names and addresses stay in no list that is not in force.
        .set((
            policy_entries::removed_at.eq(now.0),
            policy_entries::pattern.eq(""),
        ))
        .execute(db)?;
    note(db, "list-entry-removed", &entry_of(row).1, (actor, now))?;
    Ok(Changed::Done)
}

/// The entry with this pattern, if it stands in the lists.
///
/// # Errors
/// Those of the engine.
pub fn find(db: &mut Db, kind: EntryKind, pattern: &str) -> Result<Option<i64>> {
    if !storable(pattern) {
        return Ok(None);
    }
    Ok(policy_entries::table
        .filter(policy_entries::kind.eq(kind.code()))
        .filter(policy_entries::pattern.eq(pattern))
        .filter(policy_entries::removed_at.is_null())
        .select(policy_entries::id)
        .first(db)
        .optional()?)
}

/// A next version with the settings in force: the lists have changed.
fn next(db: &mut Db, actor: Actor, now: Timestamp) -> Result<bool> {
    let current = in_force(db)?;
    turn(db, current.version, &current.settings, actor, now)
}

/// Writes the version after `seen`; `false` when somebody else has.
fn turn(db: &mut Db, seen: i64, settings: &Settings, actor: Actor, now: Timestamp) -> Result<bool> {
    let version = seen + 1;
    let insert = format!(
        "INSERT INTO policies (version, at, settings) VALUES ({version}, {}, '') ON CONFLICT DO NOTHING",
        now.0
    );
    let written = on_engine!(db, |connection| diesel::sql_query(insert)
        .execute(connection)?);
    if written == 0 {
        return Ok(false);
    }
    let settings =
        serde_json::to_string(settings).map_err(|error| Error::Corrupt(error.to_string()))?;
    diesel::update(policies::table.find(version))
        .set((
            policies::moderator_id.eq(actor.moderator()),
            policies::settings.eq(settings),
        ))
        .execute(db)?;
    Ok(true)
}

fn note(db: &mut Db, act: &str, entry: &ListEntry, (actor, now): (Actor, Timestamp)) -> Result<()> {
    let logged = Entry {
        facts: serde_json::json!({
            "kind": entry.kind,
            "action": entry.action,
            "scope": entry.scope.code(),
            "until": entry.until,
        }),
        text: &policy_check::shortened(entry),
        ..Entry::new(actor, act)
    };
    audit::append(db, &logged, now)
}
