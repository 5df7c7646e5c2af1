//! `rejoinder backup`, `rejoinder restore`: a copy while the server runs, and back.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Common;
use crate::config::Config;
use crate::store::audit_seals::Anchor;
use crate::store::backup::{self, restoring};

/// How far the copy steps back behind the server for the processor, from 0 to 19.
const NICE: i32 = 15;

#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    common: Common,
    /// Where the copy goes
    file: PathBuf,
    /// Replace a file that is there
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    common: Common,
    /// A file that `rejoinder backup` wrote
    file: PathBuf,
    /// Replace the database that is there, which is kept under another name
    #[arg(long)]
    force: bool,
}

pub fn write(options: &Backup) -> anyhow::Result<ExitCode> {
    let config = Config::load(&options.common.flags())?;
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::debug!(%error, "the copy is made at the usual priority");
    }
    let bar = progress();
    let tell = |done, all| advance(&bar, done, all);
    let written = backup::write(&config.database, &options.file, options.force, &tell);
    bar.finish_and_clear();
    let written = written?;
    let file = options.file.display();
    println!(
        "{file}: {} MB, {}, verified",
        written.bytes.div_ceil(1_000_000),
        holdings(&written.rows)
    );
    match &written.head {
        Some(head) => println!("anchor: {head} (kept in {file}.anchor)"),
        None => println!("anchor: none, because nothing of the audit log is sealed yet"),
    }
    Ok(ExitCode::SUCCESS)
}

pub fn restore(options: &Restore) -> anyhow::Result<ExitCode> {
    let config = Config::load(&options.common.flags())?;
    let bar = progress();
    bar.set_message("verifying");
    let tell = |done, all| advance(&bar, done, all);
    let restored = restoring::restore(&config.database, &options.file, options.force, &tell);
    bar.finish_and_clear();
    let restored = restored?;
    println!(
        "{}: restored from {}, {}",
        config.database.shown(),
        options.file.display(),
        holdings(&restored.found.rows)
    );
    anchor(restored.found.head.as_ref());
    if let Some(aside) = &restored.aside {
        println!("the database that was there is kept as {}", aside.display());
    }
    if !restored.found.is_current {
        println!("its schema is older: `rejoinder serve` upgrades it");
    }
    Ok(ExitCode::SUCCESS)
}

fn anchor(head: Option<&Anchor>) {
    if let Some(head) = head {
        println!("anchor: {head}");
    }
}

fn holdings(rows: &backup::Rows) -> String {
    let count = |table: &str| rows.get(table).copied().unwrap_or_default();
    format!(
        "{} articles, {} comments",
        count("articles"),
        count("comments")
    )
}

fn advance(bar: &ProgressBar, done: u64, all: u64) {
    bar.set_length(all);
    bar.set_position(done);
    bar.set_message(if done == all { "verifying" } else { "" });
}

fn progress() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes} {msg}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    bar
}
