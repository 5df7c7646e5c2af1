//! `rejoinder demo`: a sample newsroom, on a database of its own.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;

use super::{demo_content, serve};
use crate::config::{Config, Flags};
use crate::moderation::Role;
use crate::store::{self, Db, Target, Upgrade, moderators, settings, token};
use crate::time::Timestamp;
use crate::{passwords, telemetry, text};

/// The mark of a database that is a demo.
const MARK: &str = "demo";
const PEOPLE: [(&str, Role); 2] = [("Dana", Role::Admin), ("Tomasz", Role::Moderator)];

#[derive(Debug, Args)]
pub struct Options {
    /// HOST:PORT, or unix:PATH
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: String,
    /// The demo's own database
    #[arg(long, value_name = "URL", default_value = "sqlite://rejoinder-demo.db")]
    database: String,
}

pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let config = Config::load(&Flags {
        config: None,
        values: vec![
            ("listen", options.listen.clone()),
            ("database_url", options.database.clone()),
            ("site.name", "The Eastmere Ledger".to_owned()),
            ("site.time_zone", "Europe/London".to_owned()),
        ],
        alone: true,
    })?;
    telemetry::start(&config);
    let passwords = prepare(&config)?;
    serve::serve(config, |address| {
        let mut out = std::io::stdout().lock();
        for ((name, role), password) in PEOPLE.iter().zip(&passwords) {
            writeln!(out, "{} {name} {password}", role.word())?;
        }
        out.flush()?;
        eprintln!(
            "\nThe newsroom is open at {address}/\nThe desk is at {address}/moderation: sign in as above.\n"
        );
        Ok(())
    })
}

/// Makes the newsroom if there is none, and gives both accounts new passwords.
fn prepare(config: &Config) -> anyhow::Result<Vec<String>> {
    let target = &config.database;
    if is_a_strangers(target)? {
        bail!(
            "the database {} is not a demo: it is left alone",
            target.shown()
        );
    }
    let mut db = store::open(target, Upgrade::Yes)?;
    let is_new = settings::get(&mut db, MARK)?.is_none();
    let now = Timestamp::now();
    let mut fresh = Vec::new();
    for _ in PEOPLE {
        let password = token::receipt()?;
        fresh.push((passwords::hash(&password)?, password));
    }
    let outcome: anyhow::Result<()> = within(&mut db, |db| {
        if is_new {
            settings::set(db, MARK, "1")?;
        }
        for ((name, role), (hash, _)) in PEOPLE.iter().zip(&fresh) {
            let key = text::mimic_key(name);
            match moderators::find(db, &key)? {
                Some(account) => moderators::set_password(db, account.id, hash)?,
                None => {
                    moderators::add(db, name, &key, *role, hash, now)?;
                }
            }
        }
        if is_new {
            let (name, _) = PEOPLE[1];
            let moderator = moderators::find(db, &text::mimic_key(name))?
                .context("the demo's moderator is missing")?;
            demo_content::fill(db, &config.zone, moderator.id, now)?;
        }
        Ok(())
    });
    outcome.context("the sample newsroom could not be made")?;
    Ok(fresh.into_iter().map(|(_, password)| password).collect())
}

/// One transaction around work whose failures are not all the engine's.
fn within(db: &mut Db, work: impl FnOnce(&mut Db) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let mut failure = None;
    let outcome = store::transaction(db, |db| {
        work(db).map_err(|error| {
            failure = Some(error);
            store::Error::Lost
        })
    });
    match failure {
        Some(error) => Err(error),
        None => Ok(outcome?),
    }
}

/// Whether the database is there, not empty, and without the mark. Looks before anything is written to it.
fn is_a_strangers(target: &Target) -> anyhow::Result<bool> {
    if let Target::Sqlite(path) = target
        && !path.exists()
    {
        return Ok(false);
    }
    Ok(!store::is_empty(target)? && {
        let mut db = store::open(target, Upgrade::No)?;
        settings::get(&mut db, MARK)?.is_none()
    })
}
