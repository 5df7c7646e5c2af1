//! `rejoinder audit export`

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Subcommand, ValueEnum};

use super::Common;
use crate::store::articles::Seek;
use crate::store::audit_export;
use crate::store::audit_filter::Filter;
use crate::time::{Timestamp, Zone};
use crate::views::audit_export::Format;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the entries of the audit log to standard output, newest first
    #[command(after_help = "Example:\n  rejoinder audit export --format jsonl > audit.jsonl")]
    Export {
        #[command(flatten)]
        common: Common,
        #[arg(long, value_enum, default_value = "csv")]
        format: FormatName,
        /// From this day on, in the site's time zone
        #[arg(long, value_name = "YYYY-MM-DD")]
        from: Option<String>,
        /// Up to this day, and with it
        #[arg(long, value_name = "YYYY-MM-DD")]
        to: Option<String>,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum FormatName {
    /// Comma-separated values that no spreadsheet takes for formulas
    Csv,
    /// One JSON object a line
    Jsonl,
}

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Export {
        common,
        format,
        from,
        to,
    } = command;
    let (config, mut db) = common.open()?;
    let day = |date: Option<String>, moment: fn(&Zone, &str) -> Option<Timestamp>| {
        date.map(|date| {
            moment(&config.zone, &date)
                .with_context(|| format!("`{date}` is no day; write it like 2026-05-12"))
        })
        .transpose()
    };
    let filter = Filter {
        from: day(from, Zone::start_of_day)?,
        to: day(to, Zone::end_of_day)?,
        ..Filter::default()
    };
    let format = match format {
        FormatName::Csv => Format::Csv,
        FormatName::Jsonl => Format::JsonLines,
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let failed = "cannot write to standard output";
    out.write_all(format.head().as_bytes()).context(failed)?;
    let mut next = Some(Seek::First);
    while let Some(seek) = next {
        let (entries, then) = audit_export::page(&mut db, &filter, seek)?;
        for entry in &entries {
            let line = format.line(&config.zone, entry);
            out.write_all(line.as_bytes()).context(failed)?;
        }
        next = then;
    }
    out.flush().context(failed)?;
    Ok(ExitCode::SUCCESS)
}
