//! The policy as a file.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::moderation::listed::{Action, EntryKind, EntryProblem, ListEntry, Scope};
use crate::moderation::policy::Settings;
use crate::store::policy_check::checked;
use crate::time::{Timestamp, Zone};
use crate::views::{Phrases, policy_lists};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PolicyFile {
    #[serde(flatten)]
    pub settings: BTreeMap<String, toml::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entries: Option<Vec<EntryLine>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryLine {
    kind: EntryKind,
    pattern: String,
    action: Action,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scope: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

/// An entry as a file has it.
pub(super) fn line_of(zone: &Zone, entry: ListEntry) -> EntryLine {
    let scope = entry.scope.words().map(str::to_owned).collect();
    let has_scope = entry.kind.scope() != Scope::NOWHERE;
    EntryLine {
        kind: entry.kind,
        pattern: entry.pattern,
        action: entry.action,
        scope: has_scope.then_some(scope),
        until: entry.until.map(|until| zone.date(Timestamp(until))),
    }
}

/// Settings and lists of a file. Settings that it leaves out are those in force.
///
/// # Errors
/// What is wrong with it, in a sentence; also when an entry stands in it twice.
pub(super) fn read(
    path: &Path,
    config: &Config,
    in_force: Settings,
    now: Timestamp,
) -> anyhow::Result<(Settings, Option<Vec<ListEntry>>)> {
    let name = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    let file: PolicyFile = match path.extension().is_some_and(|kind| kind == "json") {
        true => serde_json::from_str(&text).with_context(|| format!("{name} is no policy"))?,
        false => toml::from_str(&text)
            .map_err(|error| anyhow!("{name} is no policy: {}", error.message()))?,
    };
    let mut table = toml::Table::try_from(in_force)?;
    table.extend(file.settings);
    let settings: Settings =
        toml::Value::Table(table)
            .try_into()
            .map_err(|error: toml::de::Error| {
                anyhow!("{name} has a setting that is wrong: {}", error.message())
            })?;
    settings
        .check()
        .map_err(|wrong| anyhow!("{name}: {wrong}"))?;
    let Some(lines) = file.entries else {
        return Ok((settings, None));
    };
    let mut entries: Vec<ListEntry> = Vec::with_capacity(lines.len());
    let mut there = HashSet::new();
    for line in lines {
        let entry = entry_of(line, config, now).map_err(|wrong| anyhow!("{name}: {wrong}"))?;
        let Some(entry) = entry else { continue };
        if !there.insert((entry.kind.code(), entry.pattern.clone())) {
            bail!("{name}: `{}` stands in it twice", entry.pattern);
        }
        entries.push(entry);
    }
    Ok((settings, Some(entries)))
}

/// An entry; `None` when its end has passed.
fn entry_of(line: EntryLine, config: &Config, now: Timestamp) -> Result<Option<ListEntry>, String> {
    let pattern = line.pattern.clone();
    let until = match &line.until {
        None => None,
        Some(date) => {
            let end = config.zone.end_of_day(date);
            Some(end.ok_or_else(|| format!("`{date}` is not a date"))?.0)
        }
    };
    let mut scope = line.kind.scope();
    if let Some(words) = &line.scope {
        let mut code = 0;
        for word in words {
            let known = Scope::WORDS.iter().find(|(known, _)| known == word);
            code |= known
                .ok_or_else(|| format!("`{word}` is not one of text, name, website"))?
                .1;
        }
        scope = Scope::from_code(code);
    }
    let entry = ListEntry {
        kind: line.kind,
        pattern: line.pattern,
        action: line.action,
        scope,
        until,
    };
    match checked(entry, now) {
        Ok(entry) => Ok(Some(entry)),
        Err(EntryProblem::Ended) => Ok(None),
        Err(problem) => Err(said(config, &pattern, problem)),
    }
}

/// What is wrong with an entry, in words.
pub(super) fn said(config: &Config, pattern: &str, problem: EntryProblem) -> String {
    policy_lists::problem(Phrases::of(&config.site_language), pattern, problem)
}
