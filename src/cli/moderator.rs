//! `rejoinder moderator add|list|passwd|byline|disable|enable`

use std::io::Read;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand, ValueEnum};

use super::Common;
use crate::moderation::{Role, password};
use crate::store::audit::{self, Actor, Entry};
use crate::store::moderators::{self, Account};
use crate::store::{Db, transaction};
use crate::time::Timestamp;
use crate::{passwords, text};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add somebody who may sign in
    #[command(after_help = "Example:\n  rejoinder moderator add \"Dana Whitlock\" --role admin")]
    Add {
        #[command(flatten)]
        one: One,
        #[arg(long, value_enum, default_value = "moderator")]
        role: RoleName,
        /// Read the password from standard input instead of asking for it twice
        #[arg(long)]
        password_stdin: bool,
    },
    /// List everybody
    #[command(after_help = "Example:\n  rejoinder moderator list")]
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Set a new password; every session of the account ends
    #[command(after_help = "Example:\n  rejoinder moderator passwd \"Dana Whitlock\"")]
    Passwd {
        #[command(flatten)]
        one: One,
        /// Read the password from standard input instead of asking for it twice
        #[arg(long)]
        password_stdin: bool,
    },
    /// Tie a byline to an account: its replies to articles with that byline get the badge "Author of this article"
    ///
    /// Case, white space and a "By" before it make no difference; of a byline with several names one is enough. An empty
    /// BYLINE unties.
    #[command(
        after_help = "Example:\n  rejoinder moderator byline \"Dana Whitlock\" \"Dana Whitlock\""
    )]
    Byline {
        #[command(flatten)]
        one: One,
        /// As articles have it
        byline: String,
    },
    /// Forbid somebody to sign in; every session of the account ends
    #[command(after_help = "Example:\n  rejoinder moderator disable \"Dana Whitlock\"")]
    Disable(One),
    /// Allow somebody to sign in again
    #[command(after_help = "Example:\n  rejoinder moderator enable \"Dana Whitlock\"")]
    Enable(One),
}

#[derive(Debug, Args)]
pub struct One {
    #[command(flatten)]
    common: Common,
    /// The account's name
    name: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum RoleName {
    Moderator,
    Admin,
}

/// Unicode scalar values of a name.
const NAME_LENGTH: usize = 80;
/// Unicode scalar values of a byline.
const BYLINE_LENGTH: usize = 200;

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Add {
            one,
            role,
            password_stdin,
        } => add(&one, role, password_stdin)?,
        Command::List { common } => list(&common)?,
        Command::Passwd {
            one,
            password_stdin,
        } => passwd(&one, password_stdin)?,
        Command::Byline { one, byline } => set_byline(&one, &byline)?,
        Command::Disable(one) => set_disabled(&one, true)?,
        Command::Enable(one) => set_disabled(&one, false)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn add(one: &One, role: RoleName, password_stdin: bool) -> anyhow::Result<()> {
    let name = text::one_line(&one.name);
    let key = text::mimic_key(&name);
    if key.is_empty() || name.chars().count() > NAME_LENGTH {
        bail!("a name has letters or digits, and at most {NAME_LENGTH} characters");
    }
    let role = match role {
        RoleName::Moderator => Role::Moderator,
        RoleName::Admin => Role::Admin,
    };
    let (_, mut db) = one.common.open()?;
    if moderators::find(&mut db, &key)?.is_some() {
        bail!("there is somebody named `{name}`, or nearly so, already");
    }
    let hash = passwords::hash(&new_password(password_stdin)?)?;
    let now = Timestamp::now();
    let added = transaction(&mut db, |db| {
        let added = moderators::add(db, &name, &key, role, &hash, now)?;
        note(db, "moderator-added", &name, now)?;
        Ok::<_, crate::store::Error>(added)
    })?;
    if added.is_none() {
        bail!("there is somebody named `{name}`, or nearly so, already");
    }
    println!("added\t{}\t{name}", role.word());
    Ok(())
}

fn note(db: &mut Db, act: &str, name: &str, now: Timestamp) -> crate::store::Result<()> {
    let entry = Entry {
        text: name,
        ..Entry::new(Actor::CommandLine, act)
    };
    audit::append(db, &entry, now)
}

/// A password from standard input, its line end taken off; or asked for twice, unechoed.
fn new_password(from_stdin: bool) -> anyhow::Result<String> {
    let password = if from_stdin {
        let mut typed = String::new();
        std::io::stdin()
            .take(64 * 1024)
            .read_to_string(&mut typed)
            .context("cannot read the password from standard input")?;
        let line = typed.strip_suffix('\n').unwrap_or(&typed);
        line.strip_suffix('\r').unwrap_or(line).to_owned()
    } else {
        let ask = |prompt| {
            rpassword::prompt_password(prompt)
                .context("cannot ask for a password here: use --password-stdin")
        };
        let first = ask("Password: ")?;
        password::check(&first)?;
        if ask("The same again: ")? != first {
            bail!("the two passwords differ");
        }
        first
    };
    password::check(&password)?;
    Ok(password)
}

fn list(common: &Common) -> anyhow::Result<()> {
    let (config, mut db) = common.open()?;
    for account in moderators::list(&mut db)? {
        let byline = match account.byline.as_str() {
            "" => String::new(),
            byline => format!("\tbyline {byline}"),
        };
        println!(
            "{}\t{}\t{}\tsince {}{byline}",
            account.name,
            account.role.word(),
            if account.disabled_at.is_some() {
                "disabled"
            } else {
                "enabled"
            },
            config.zone.iso(account.created_at)
        );
    }
    Ok(())
}

fn known(db: &mut Db, one: &One) -> anyhow::Result<Account> {
    let key = text::mimic_key(&text::one_line(&one.name));
    moderators::find(db, &key)?.with_context(|| format!("there is nobody named `{}`", one.name))
}

fn passwd(one: &One, password_stdin: bool) -> anyhow::Result<()> {
    let (_, mut db) = one.common.open()?;
    let account = known(&mut db, one)?;
    let hash = passwords::hash(&new_password(password_stdin)?)?;
    let now = Timestamp::now();
    transaction(&mut db, |db| {
        moderators::set_password(db, account.id, &hash)?;
        note(db, "password-set", &account.name, now)
    })?;
    println!("password set\t{}", account.name);
    Ok(())
}

fn set_byline(one: &One, byline: &str) -> anyhow::Result<()> {
    let byline = text::one_line(byline);
    let nobodys = !byline.is_empty() && text::mimic_key(&byline).is_empty();
    if nobodys || text::has_control(&byline, false) || byline.chars().count() > BYLINE_LENGTH {
        bail!("a byline has letters or digits, and at most {BYLINE_LENGTH} characters");
    }
    let (_, mut db) = one.common.open()?;
    let account = known(&mut db, one)?;
    let now = Timestamp::now();
    let act = match byline.as_str() {
        "" => "byline-untied",
        _ => "byline-tied",
    };
    let said = match byline.as_str() {
        "" => account.name.clone(),
        byline => format!("{}: {byline}", account.name),
    };
    transaction(&mut db, |db| {
        moderators::set_byline(db, account.id, &byline)?;
        note(db, act, &said, now)
    })?;
    match byline.as_str() {
        "" => println!("untied\t{}", account.name),
        byline => println!("tied\t{}\t{byline}", account.name),
    }
    Ok(())
}

fn set_disabled(one: &One, disable: bool) -> anyhow::Result<()> {
    let (_, mut db) = one.common.open()?;
    let account = known(&mut db, one)?;
    let now = Timestamp::now();
    let act = if disable {
        "moderator-disabled"
    } else {
        "moderator-enabled"
    };
    let done = transaction(&mut db, |db| {
        let last_admin = disable
            && account.role == Role::Admin
            && account.disabled_at.is_none()
            && moderators::other_admins(db, account.id)? == 0;
        if last_admin {
            return Ok(false);
        }
        moderators::set_disabled(db, account.id, disable.then_some(now))?;
        note(db, act, &account.name, now)?;
        Ok::<_, crate::store::Error>(true)
    })?;
    if !done {
        bail!(
            "`{}` is the last admin: add another one first",
            account.name
        );
    }
    println!(
        "{}\t{}",
        if disable { "disabled" } else { "enabled" },
        account.name
    );
    Ok(())
}
