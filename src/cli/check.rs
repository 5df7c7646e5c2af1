//! `rejoinder check`: whether the database is what it should be.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget};

use super::Common;
use crate::store::audit_check::{self, Verdict};
use crate::store::audit_seals::Anchor;
use crate::store::{self, Db, integrity};
use crate::time::{SECOND, Timestamp};

#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    common: Common,
    /// Where the audit log ended once, as an earlier check or the log of the server printed it; may be given several times
    #[arg(long = "anchor", value_name = "SEQ:DIGEST")]
    anchors: Vec<Anchor>,
}

/// A part of the check, and what it found wrong.
type Part = (&'static str, fn(&mut Db) -> store::Result<Vec<String>>);

const PARTS: [Part; 4] = [
    ("file", integrity::file),
    ("foreign keys", integrity::foreign_keys),
    ("counters", integrity::counters),
    ("search", integrity::search),
];

pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let (config, mut db) = options.common.open()?;
    integrity::take_time(&mut db)?;
    let mut sound = true;
    let mut parts = PARTS.to_vec();
    match config.database.is_sqlite() && store::is_served(&config.database) {
        // It would keep replies waiting for as long as it takes.
        true => eprintln!("the index of the search is looked at while no server runs"),
        false => parts.push(("search index", integrity::search_index)),
    }
    for (name, part) in parts {
        let wrong = part(&mut db)?;
        sound &= wrong.is_empty();
        if wrong.is_empty() {
            println!("{name}: ok");
        }
        for sentence in wrong {
            println!("{name}: {sentence}");
        }
    }
    let bar = progress(audit_check::length(&mut db)?);
    let verdict = integrity::at_once(&mut db, |db| {
        audit_check::verify(db, &options.anchors, |seals| {
            bar.inc(u64::try_from(seals).unwrap_or_default());
        })
    })?;
    bar.finish_and_clear();
    sound &= verdict.faults.is_empty();
    report(&verdict);
    Ok(match sound {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn progress(seals: i64) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(seals).unwrap_or_default());
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    bar
}

fn report(verdict: &Verdict) {
    match verdict.faults.split_first() {
        None => println!("audit log: ok, {} sealed entries", verdict.seals),
        Some((first, others)) => {
            println!("audit log: the first broken line is {first}");
            for fault in others {
                println!("audit log: {fault}");
            }
            if verdict.more > 0 {
                println!("audit log: and {} more", verdict.more);
            }
        }
    }
    if let Some(oldest) = verdict.oldest_waiting {
        println!(
            "audit log: {} entries wait for their seal, the oldest for {}",
            verdict.waiting,
            age(oldest)
        );
    }
    if let Some(head) = &verdict.head {
        println!("anchor: {head}");
    }
}

/// How long ago, in the unit that says enough.
fn age(since: Timestamp) -> String {
    let seconds = Timestamp::now().since(since).max(0) / SECOND;
    let (count, unit) = match seconds {
        0..120 => (seconds, "seconds"),
        120..7_200 => (seconds / 60, "minutes"),
        7_200..172_800 => (seconds / 3_600, "hours"),
        _ => (seconds / 86_400, "days"),
    };
    format!("{count} {unit}")
}
