//! `rejoinder rules show|set`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};

use super::Common;
use crate::moderation::house_rules::{
    self as limits, Draft, HIGHEST, MOST, Problem, SetProblem, TEXT_LENGTH, TITLE_LENGTH,
};
use crate::store::audit::Actor;
use crate::store::house_rules::{self, Replaced};
use crate::store::rules::{self, Rule};
use crate::store::{rehearse, transaction};
use crate::text;
use crate::time::Timestamp;

/// A larger file holds no rules.
const LARGEST: u64 = 1024 * 1024;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print the rules in force, as `set` takes them
    #[command(after_help = "Example:\n  rejoinder rules show > rules.toml")]
    Show {
        #[command(flatten)]
        common: Common,
        #[arg(long, value_enum, default_value = "toml")]
        format: Format,
    },
    /// Put the rules of a file in force, in place of those that are
    ///
    /// A rule that changes leaves the decisions made under it with its old words; /rules shows earlier rules.
    #[command(after_help = "Example:\n  rejoinder rules set rules.toml --dry-run")]
    Set {
        #[command(flatten)]
        common: Common,
        /// TOML or JSON, as `show` prints it
        file: PathBuf,
        /// Say what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Format {
    Toml,
    Json,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rule: Vec<Written>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    number: i64,
    #[serde(default = "conduct")]
    kind: String,
    title: String,
    text: String,
}

fn conduct() -> String {
    "conduct".to_owned()
}

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Show { common, format } => show(&common, format)?,
        Command::Set {
            common,
            file,
            dry_run,
        } => set(&common, &file, dry_run)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn show(common: &Common, format: Format) -> anyhow::Result<()> {
    let (_, mut db) = common.open()?;
    let written = |rule: Rule| Written {
        number: i64::from(rule.number),
        kind: rule.kind,
        title: rule.title,
        text: rule.text,
    };
    let file = File {
        rule: rules::current(&mut db)?.into_iter().map(written).collect(),
    };
    match format {
        Format::Toml => print!("{}", toml::to_string(&file)?),
        Format::Json => println!("{}", serde_json::to_string_pretty(&file)?),
    }
    Ok(())
}

fn set(common: &Common, path: &Path, dry_run: bool) -> anyhow::Result<()> {
    let mut drafts = read(path).with_context(|| path.display().to_string())?;
    let (_, mut db) = common.open()?;
    let now = Timestamp::now();
    let work = |db: &mut crate::store::Db| {
        let current = rules::current(db)?;
        house_rules::continue_from(&current, &mut drafts);
        house_rules::replace(db, &drafts, None, Actor::CommandLine, now)
    };
    let replaced = match dry_run {
        true => rehearse(&mut db, work)?,
        false => transaction(&mut db, work)?,
    };
    let Replaced::Done(changes) = replaced else {
        bail!("somebody changed the rules at this moment; try again");
    };
    for change in &changes {
        println!("{}\t{}\t{}", change.act.word(), change.number, change.title);
    }
    if changes.is_empty() {
        println!("unchanged");
    }
    if dry_run {
        eprintln!("nothing was written");
    }
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<Vec<Draft>> {
    if std::fs::metadata(path)?.len() > LARGEST {
        bail!("the file is too large to hold rules");
    }
    let written = std::fs::read_to_string(path)?;
    let json = path
        .extension()
        .is_some_and(|extension| extension == "json");
    let file: File = match json {
        true => serde_json::from_str(&written)?,
        false => toml::from_str(&written)?,
    };
    let mut drafts = Vec::new();
    for rule in file.rule {
        let illegal = match rule.kind.as_str() {
            "illegal" => true,
            "conduct" => false,
            other => bail!(
                "rule {}: `{other}` is no kind of rule; it is `conduct` or `illegal`",
                rule.number
            ),
        };
        drafts.push(Draft {
            was: None,
            number: i16::try_from(rule.number).unwrap_or_default(),
            illegal,
            title: line(&rule.title),
            text: line(&rule.text),
        });
    }
    let (problems, whole) = limits::problems(&drafts);
    if let Some((at, problem)) = problems.first() {
        let number = drafts.get(*at).map_or(0, |draft| draft.number);
        let place = at + 1;
        match problem {
            Problem::Number => bail!("the rule in place {place} has no number from 1 to {HIGHEST}"),
            Problem::NumberTwice => bail!("there are two rules with the number {number}"),
            Problem::Title => bail!(
                "rule {number}: a title has at least one character and at most {TITLE_LENGTH}"
            ),
            Problem::Text => {
                bail!("rule {number}: a text has at least one character and at most {TEXT_LENGTH}")
            }
        }
    }
    match whole {
        None => Ok(drafts),
        Some(SetProblem::TooMany) => bail!("there are {} rules; {MOST} are the most", drafts.len()),
        Some(SetProblem::Illegal) => {
            bail!("exactly one rule has to be of kind `illegal`, for what the law forbids")
        }
    }
}

/// As a page shows it; empty where nothing would be seen.
fn line(text: &str) -> String {
    match text::is_blank(text) {
        true => String::new(),
        false => text::one_line(text),
    }
}
