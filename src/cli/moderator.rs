//! `rejoinder moderator add|list|passwd|byline|role|totp-off|disable|enable`

use std::io::Read;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand, ValueEnum};

use super::Common;
use crate::moderation::{Role, password};
use crate::store::audit::{self, Actor, Entry};
use crate::store::moderators::{self, Account};
use crate::store::people::{self, Added, BYLINE_LENGTH, Change, Changed, NAME_LENGTH, NewAccount};
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
    /// Make somebody an admin, or a moderator
    #[command(after_help = "Example:\n  rejoinder moderator role \"Dana Whitlock\" admin")]
    Role {
        #[command(flatten)]
        one: One,
        #[arg(value_enum)]
        role: RoleName,
    },
    /// Turn two-factor sign-in off, for somebody who lost their phone
    #[command(after_help = "Example:\n  rejoinder moderator totp-off \"Dana Whitlock\"")]
    TotpOff(One),
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

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Moderator => Self::Moderator,
            RoleName::Admin => Self::Admin,
        }
    }
}

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
        Command::Role { one, role } => {
            let role = Role::from(role);
            let name = change(&one, &Change::Role(role))?;
            println!("{}\t{name}", role.word());
        }
        Command::TotpOff(one) => {
            let name = change(&one, &Change::EndTwoFactor)?;
            println!("two-factor off\t{name}");
        }
        Command::Disable(one) => {
            let name = change(&one, &Change::Disable)?;
            println!("disabled\t{name}");
        }
        Command::Enable(one) => {
            let name = change(&one, &Change::Enable)?;
            println!("enabled\t{name}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn add(one: &One, role: RoleName, password_stdin: bool) -> anyhow::Result<()> {
    let name = text::one_line(&one.name);
    if !people::is_name(&name) {
        bail!("a name has letters or digits, and at most {NAME_LENGTH} characters");
    }
    let role = Role::from(role);
    let (_, mut db) = one.common.open()?;
    if moderators::find(&mut db, &text::mimic_key(&name))?.is_some() {
        bail!("there is somebody named `{name}`, or nearly so, already");
    }
    let new = NewAccount {
        password_hash: passwords::hash(&new_password(password_stdin)?)?,
        name,
        role,
        must_change: false,
    };
    let now = Timestamp::now();
    let added = transaction(&mut db, |db| people::add(db, Actor::CommandLine, &new, now))?;
    let name = new.name;
    if !matches!(added, Added::Account(_)) {
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
        let two_factor = match account.totp_since {
            Some(_) => "\ttwo-factor",
            None => "",
        };
        println!(
            "{}\t{}\t{}\tsince {}{two_factor}{byline}",
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
    if !people::is_byline(&byline) {
        bail!("a byline has letters or digits, and at most {BYLINE_LENGTH} characters");
    }
    let name = change(one, &Change::Byline(byline.clone()))?;
    match byline.as_str() {
        "" => println!("untied\t{name}"),
        byline => println!("tied\t{name}\t{byline}"),
    }
    Ok(())
}

/// Changes an account, and says its name.
fn change(one: &One, change: &Change) -> anyhow::Result<String> {
    let (_, mut db) = one.common.open()?;
    let account = known(&mut db, one)?;
    let now = Timestamp::now();
    let changed = transaction(&mut db, |db| {
        people::change(db, Actor::CommandLine, account.id, change, now)
    })?;
    let name = account.name;
    match changed {
        Changed::Done => Ok(name),
        Changed::LastAdmin => bail!("`{name}` is the last admin: add another one first"),
        Changed::Gone | Changed::NotAllowed => bail!("there is nobody named `{name}`"),
    }
}
