//! Where values come from: flags, variables, the file, the defaults.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use super::Flags;
use super::keys::{KEYS, nearest};

/// The file that is read when there is one and no other is named.
const FILE: &str = "rejoinder.toml";
/// Variables of ours that are not settings start so.
const TEST_VARIABLES: &str = "REJOINDER_TEST_";

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Default,
    File(PathBuf),
    Variable(String),
    Flag,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Flag => f.write_str("command line"),
        }
    }
}

/// A setting as `rejoinder config` shows it.
#[derive(Debug, Clone)]
pub struct Setting {
    pub key: &'static str,
    /// Secrets masked.
    pub value: String,
    pub source: Source,
}

pub(super) struct Settings {
    values: BTreeMap<&'static str, (String, Source)>,
    pub errors: Vec<String>,
}

impl Settings {
    pub fn read(flags: &Flags, variables: impl Iterator<Item = (OsString, OsString)>) -> Self {
        let mut settings = Self {
            values: KEYS
                .iter()
                .map(|key| (key.name, (key.default.to_owned(), Source::Default)))
                .collect(),
            errors: Vec::new(),
        };
        if !flags.alone {
            settings.read_file(flags);
            settings.read_variables(variables);
        }
        for (key, value) in &flags.values {
            settings.set(key, value.clone(), Source::Flag);
        }
        settings
    }

    fn set(&mut self, key: &str, value: String, source: Source) {
        if let Some(slot) = self.values.get_mut(key) {
            *slot = (value, source);
            return;
        }
        let hint = nearest(key).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        self.errors
            .push(format!("unknown setting `{key}` in {source}{hint}"));
    }

    fn read_file(&mut self, flags: &Flags) {
        let named = flags
            .config
            .clone()
            .or_else(|| std::env::var_os("REJOINDER_CONFIG").map(PathBuf::from));
        let path = named.clone().unwrap_or_else(|| PathBuf::from(FILE));
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => return,
            Err(error) => {
                self.errors
                    .push(format!("cannot read {}: {error}", path.display()));
                return;
            }
        };
        match text.parse::<toml::Table>() {
            Ok(table) => self.read_table(&table, "", &path),
            Err(error) => self
                .errors
                .push(format!("{} is not TOML: {error}", path.display())),
        }
    }

    fn read_table(&mut self, table: &toml::Table, prefix: &str, path: &Path) {
        for (name, value) in table {
            let key = format!("{prefix}{name}");
            if let toml::Value::Table(inner) = value {
                self.read_table(inner, &format!("{key}."), path);
            } else {
                self.set(&key, plain(value), Source::File(path.to_owned()));
            }
        }
    }

    fn read_variables(&mut self, variables: impl Iterator<Item = (OsString, OsString)>) {
        for (name, value) in variables {
            let Some(name) = name.to_str() else { continue };
            let Some(rest) = name.strip_prefix("REJOINDER_") else {
                continue;
            };
            if name == "REJOINDER_CONFIG" || name.starts_with(TEST_VARIABLES) {
                continue;
            }
            let key = rest.to_lowercase().replace("__", ".");
            match value.into_string() {
                Ok(value) => self.set(&key, value, Source::Variable(name.to_owned())),
                Err(_) => self.errors.push(format!("{name} is not UTF-8")),
            }
        }
    }

    /// The value of a key, or `fallback` with a sentence among the errors.
    pub fn parse<T>(
        &self,
        key: &str,
        errors: &mut Vec<String>,
        parse: impl Fn(&str) -> Result<T, String>,
        fallback: T,
    ) -> T {
        let Some((value, source)) = self.values.get(key) else {
            return fallback;
        };
        match parse(value) {
            Ok(parsed) => parsed,
            Err(reason) => {
                errors.push(format!("`{key}` ({source}): {reason}"));
                fallback
            }
        }
    }

    /// Where a value was given; `None` for the default.
    pub fn given(&self, key: &str) -> Option<Source> {
        let (_, source) = self.values.get(key)?;
        (*source != Source::Default).then(|| source.clone())
    }

    pub fn shown(&self) -> Vec<Setting> {
        KEYS.iter()
            .filter_map(|key| {
                let (value, source) = self.values.get(key.name)?;
                Some(Setting {
                    key: key.name,
                    value: super::masked(key.name, value),
                    source: source.clone(),
                })
            })
            .collect()
    }
}

/// A TOML value as a variable would spell it; lists are parted by commas.
fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}
