//! `rejoinder erase`, `rejoinder export --person`: what one person has a right to.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::Common;
use super::slices::Slices;
use crate::store::person::{self, Counts, Person, Whose};
use crate::store::tidying::{self, Tidied};
use crate::store::{Db, dossier, erasure, is_served};

/// Who is meant.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Who {
    /// The receipt of a reply or a report: the last part of its private page's address
    #[arg(long, value_name = "RECEIPT")]
    receipt: Option<String>,
    /// The number of a recognised author, from the address of their page on the desk
    #[arg(long, value_name = "ID")]
    author: Option<i64>,
    /// An e-mail address, as typed with replies and reports
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
}

impl Who {
    fn whose(&self) -> Whose {
        match (&self.receipt, self.author) {
            // The whole address will do.
            (Some(receipt), _) => {
                let last = receipt.trim_end_matches('/').rsplit('/').next();
                Whose::Receipt(last.unwrap_or_default().to_owned())
            }
            (None, Some(author)) => Whose::Author(author),
            (None, None) => Whose::Email(self.email.clone().unwrap_or_default()),
        }
    }

    fn find(&self, db: &mut Db) -> anyhow::Result<Person> {
        match person::find(db, &self.whose())? {
            Some(person) => Ok(person),
            None => bail!("there is nothing of theirs here"),
        }
    }
}

#[derive(Debug, Args)]
pub struct Erase {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    who: Who,
    /// Say how much there is and erase nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    common: Common,
    /// Everything about one person
    #[arg(long, required = true)]
    person: bool,
    #[command(flatten)]
    who: Who,
    #[arg(long, value_enum, default_value = "json")]
    format: Format,
    /// Say how much there is and print nothing of it
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Format {
    Json,
}

pub fn erase(options: &Erase) -> anyhow::Result<ExitCode> {
    let (config, mut db) = options.common.open()?;
    let person = options.who.find(&mut db)?;
    if options.dry_run {
        say("would erase", person::counts(&mut db, &person)?);
        return Ok(ExitCode::SUCCESS);
    }
    let mut slices = Slices::new(is_served(&config.database));
    let now = config.clock.now();
    let erased = erasure::erase(&mut db, &person, now, || slices.breathe())?;
    say("erased", erased);
    match tidying::tidy(&mut db, &config.database)? {
        Tidied::Whole | Tidied::NotOurs => {}
        Tidied::Log => eprintln!(
            "A server has the database open: what was erased was overwritten, but the file was not written anew. \
             For that, stop the server and run `sqlite3 FILE VACUUM`."
        ),
        Tidied::Nothing => eprintln!(
            "The database is being read, and its log ({}-wal) holds older pages until the server has stopped.",
            config.database.shown()
        ),
    }
    Ok(ExitCode::SUCCESS)
}

pub fn export(options: &Export) -> anyhow::Result<ExitCode> {
    let (config, mut db) = options.common.open()?;
    let person = options.who.find(&mut db)?;
    if options.dry_run {
        say("would export", person::counts(&mut db, &person)?);
        return Ok(ExitCode::SUCCESS);
    }
    let Format::Json = options.format;
    let all = dossier::of(&mut db, &person, config.clock.now())?;
    println!("{}", serde_json::to_string_pretty(&all)?);
    Ok(ExitCode::SUCCESS)
}

/// One line for each kind: what was done, how many, what.
fn say(done: &str, counts: Counts) {
    for (count, what) in [
        (counts.comments, "comments"),
        (counts.reports, "reports sent"),
        (counts.authors, "recognised authors"),
        (usize::try_from(counts.devices).unwrap_or(0), "devices"),
        (counts.holds, "holds"),
        (counts.notes, "notes among colleagues"),
        (counts.mentions, "other texts of colleagues that name them"),
    ] {
        println!("{done}\t{count}\t{what}");
    }
}
