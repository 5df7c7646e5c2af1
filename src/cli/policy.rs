//! `rejoinder policy show|set|test`: the policy for scripts.

mod file;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand, ValueEnum};

use self::file::{PolicyFile, line_of, read, said};
use super::Common;
use super::slices::Slices;
use crate::config::Config;
use crate::moderation::listed::ListEntry;
use crate::moderation::policy::{Settings, Standing};
use crate::store::audit::Actor;
use crate::store::policy::{self, Changed};
use crate::store::policy_check::Checker;
use crate::store::policy_trial::{self, Outcome, Trial};
use crate::store::{self, Db, transaction};
use crate::text;
use crate::time::Timestamp;
use crate::views::{Assets, Site, policy as pages};

/// Entries in one transaction.
const SLICE: usize = 50;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print the settings and lists, as `set` takes them
    #[command(after_help = "Example:\n  rejoinder policy show > policy.toml")]
    Show {
        #[command(flatten)]
        common: Common,
        #[arg(long, value_enum, default_value_t = Format::Toml)]
        format: Format,
    },
    /// Put the settings of a file in force, and its lists if it has any
    ///
    /// Settings that the file leaves out stay as they are. With an `entries` list, even an empty one, the lists become those of
    /// the file.
    #[command(
        after_help = "Example:\n  rejoinder policy set policy.toml --dry-run\n\nA file:\n  hold = \"first\"\n  links = 3\n\n  [[entries]]\n  kind = \"words\"        # words, domain, network or email\n  pattern = \"casino*\"\n  action = \"hold\"       # hold, spam or refuse\n  scope = [\"text\", \"name\"]\n  until = \"2027-01-31\""
    )]
    Set {
        #[command(flatten)]
        common: Common,
        file: PathBuf,
        /// Say what would change, and what new entries would have done to the last comments
        #[arg(long)]
        dry_run: bool,
    },
    /// Say what would become of a text, and why
    #[command(after_help = "Example:\n  rejoinder policy test reply.txt --author known")]
    Test(Test),
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Format {
    Toml,
    Json,
}

#[derive(Debug, Args)]
pub struct Test {
    #[command(flatten)]
    common: Common,
    /// The file with the text; `-` for standard input
    file: PathBuf,
    #[arg(long, default_value = "")]
    name: String,
    #[arg(long, default_value = "")]
    email: String,
    #[arg(long, default_value = "")]
    website: String,
    /// The sender's IP address
    #[arg(long)]
    address: Option<IpAddr>,
    #[arg(long, value_enum, default_value_t = Author::New)]
    author: Author,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Author {
    New,
    /// Recognised, with an approved comment
    Known,
    Trusted,
}

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Show { common, format } => show(&common, format)?,
        Command::Set {
            common,
            file,
            dry_run,
        } => set(&common, &file, dry_run)?,
        Command::Test(test) => try_it(&test)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn show(common: &Common, format: Format) -> anyhow::Result<()> {
    let (config, mut db) = common.open()?;
    let (settings, entries) = transaction(&mut db, |db| {
        Ok((policy::in_force(db)?.settings, policy::entries(db)?))
    })?;
    let table = toml::Table::try_from(settings)?;
    let line = |(_, entry): (i64, ListEntry)| line_of(&config.zone, entry);
    let file = PolicyFile {
        settings: table.into_iter().collect(),
        entries: Some(entries.into_iter().map(line).collect()),
    };
    match format {
        Format::Toml => print!("{}", toml::to_string(&file)?),
        Format::Json => println!("{}", serde_json::to_string_pretty(&file)?),
    }
    if let Some(given) = &config.hold {
        eprintln!(
            "replies.hold = {} ({}) is above `hold` here",
            given.value, given.source
        );
    }
    Ok(())
}

fn set(common: &Common, path: &Path, dry_run: bool) -> anyhow::Result<()> {
    let (config, mut db) = common.open()?;
    let now = Timestamp::now();
    let (before, known) = transaction(&mut db, |db| {
        Ok((policy::in_force(db)?, policy::entries(db)?))
    })?;
    let (settings, wanted) = read(path, &config, before.settings, now)?;
    let (added, removed) = match wanted {
        None => (Vec::new(), Vec::new()),
        Some(wanted) => difference(known, wanted),
    };
    if dry_run {
        return foretell(&mut db, (before.settings, settings), added, &removed, now);
    }
    if settings != before.settings {
        let changed = transaction(&mut db, |db| {
            policy::set(db, before.version, &settings, Actor::CommandLine, now)
        })?;
        if changed != Changed::Done {
            bail!("somebody else changed the policy at the same moment: try again");
        }
    }
    let mut slices = Slices::new(store::is_served(&config.database));
    // What is changed leaves the lists in the transaction in which it comes back.
    let place = |entry: &ListEntry| (entry.kind.code(), entry.pattern.clone());
    for slice in added.chunks(SLICE) {
        let places: BTreeSet<_> = slice.iter().map(place).collect();
        let replaced = removed
            .iter()
            .filter(|(_, entry)| places.contains(&place(entry)))
            .map(|(id, _)| *id);
        change(&mut db, &config, replaced.collect(), slice, now)?;
        slices.breathe();
    }
    let places: BTreeSet<_> = added.iter().map(place).collect();
    let gone: Vec<i64> = removed
        .iter()
        .filter(|(_, entry)| !places.contains(&place(entry)))
        .map(|(id, _)| *id)
        .collect();
    for slice in gone.chunks(SLICE) {
        change(&mut db, &config, slice.to_vec(), &[], now)?;
        slices.breathe();
    }
    eprintln!(
        "settings {}; entries added: {}, removed: {}",
        match settings == before.settings {
            true => "unchanged",
            false => "changed",
        },
        added.len(),
        removed.len()
    );
    Ok(())
}

/// Takes entries out of the lists and adds others, at once.
fn change(
    db: &mut Db,
    config: &Config,
    removed: Vec<i64>,
    added: &[ListEntry],
    now: Timestamp,
) -> anyhow::Result<()> {
    let changed = transaction(db, |db| {
        for id in &removed {
            let removed = policy::remove(db, *id, Actor::CommandLine, now)?;
            if !matches!(removed, Changed::Done | Changed::Gone) {
                return Ok(removed);
            }
        }
        match added {
            [] => Ok(Changed::Done),
            added => policy::add(db, added, Actor::CommandLine, now),
        }
    })?;
    match changed {
        Changed::Done | Changed::Gone => Ok(()),
        Changed::Full => bail!("the lists are full: {} are the most", policy::MOST_ENTRIES),
        Changed::Wrong(pattern, problem) => bail!(said(config, &pattern, problem)),
        Changed::Meanwhile => {
            bail!("somebody else changed the policy at the same moment: try again")
        }
    }
}

type Listed = (i64, ListEntry);

/// What is to be added, and what removed, so that the lists become `wanted`.
fn difference(known: Vec<Listed>, wanted: Vec<ListEntry>) -> (Vec<ListEntry>, Vec<Listed>) {
    let key = |entry: &ListEntry| {
        let scope = entry.scope.code();
        let kind = entry.kind.code();
        (
            kind,
            entry.pattern.clone(),
            entry.action,
            scope,
            entry.until,
        )
    };
    let there: BTreeMap<_, ()> = known.iter().map(|(_, entry)| (key(entry), ())).collect();
    let asked: BTreeMap<_, ()> = wanted.iter().map(|entry| (key(entry), ())).collect();
    let removed = known
        .into_iter()
        .filter(|(_, entry)| !asked.contains_key(&key(entry)))
        .collect();
    let added = wanted
        .into_iter()
        .filter(|entry| !there.contains_key(&key(entry)))
        .collect();
    (added, removed)
}

fn foretell(
    db: &mut Db,
    (before, after): (Settings, Settings),
    added: Vec<ListEntry>,
    removed: &[Listed],
    now: Timestamp,
) -> anyhow::Result<()> {
    let (before, after) = (
        toml::Table::try_from(before)?,
        toml::Table::try_from(after)?,
    );
    for (key, value) in after
        .iter()
        .filter(|(key, value)| before.get(*key) != Some(value))
    {
        let was = before.get(key).map(ToString::to_string).unwrap_or_default();
        println!("{key}: {was} -> {value}");
    }
    for (_, entry) in removed {
        println!("- {} {}", entry.kind.word(), entry.pattern);
    }
    for entry in &added {
        let (kind, action) = (entry.kind.word(), entry.action.word());
        println!("+ {kind} {} ({action})", entry.pattern);
    }
    if !added.is_empty() {
        let seen = transaction(db, |db| policy_trial::in_hindsight(db, added.clone(), now))?;
        println!(
            "of the last {} comments, the new entries would have held {}, called {} spam, refused {}; \
             moderators published {} of these",
            seen.looked_at, seen.held, seen.spam, seen.refused, seen.published
        );
    }
    eprintln!("nothing was changed");
    Ok(())
}

fn try_it(test: &Test) -> anyhow::Result<()> {
    let (config, mut db) = test.common.open()?;
    let body = if test.file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        text
    } else {
        let name = test.file.display();
        std::fs::read_to_string(&test.file).with_context(|| format!("cannot read {name}"))?
    };
    let trial = Trial {
        name: text::one_line(&test.name),
        email: text::one_line(&test.email),
        website: text::one_line(&test.website),
        body: text::normalise(&body),
        address: test.address,
        standing: match test.author {
            Author::New => Standing::New,
            Author::Known => Standing::Known,
            Author::Trusted => Standing::Trusted,
        },
    };
    let now = Timestamp::now();
    let outcome = transaction(&mut db, |db| {
        let checker = Checker::load(db)?;
        let mode = config.hold_or(checker.policy().settings.hold);
        policy_trial::of_reply(db, &checker, mode, &trial, now)
    })?;
    let (word, reasons) = match &outcome {
        Outcome::Published => ("published", &[][..]),
        Outcome::Held(reasons) => ("held", &reasons[..]),
        Outcome::Spam(reasons) => ("spam", &reasons[..]),
        Outcome::Refused(reasons) => ("refused", &reasons[..]),
    };
    println!("{word}");
    let zone = config.zone.clone();
    let assets = Assets::default();
    let site = Site::new(
        &config.site_name,
        &config.site_language,
        zone,
        assets,
        config.max_length,
    );
    for reason in pages::reasons(&site, now, reasons) {
        println!("{reason}");
    }
    Ok(())
}
