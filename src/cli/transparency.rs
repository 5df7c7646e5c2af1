//! `rejoinder transparency`

use std::io::Write;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::Common;
use crate::store::figures::{self, Report};
use crate::store::snapshot;
use crate::time::{Month, Period, Zone};
use crate::web::transparency::{self, Format};

#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    common: Common,
    /// The first day, 2026-04-01, or month, 2026-04, in the site's time zone; without it, that of the first comment
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// The last day or month; without it, today. Without both: the last complete month in which anything happened
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    #[arg(long, value_enum, default_value = "csv")]
    format: FormatName,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatName {
    Csv,
    Json,
    /// A page that stands alone
    Html,
}

/// What a wrong use of the command ends with.
const USAGE: u8 = 2;

pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let (config, mut db) = options.common.open()?;
    let zone = &config.zone;
    let now = config.clock.now();
    let mut named = [&options.from, &options.to].map(|word| {
        word.as_deref()
            .map(|word| stretch(zone, word).ok_or_else(|| word.to_owned()))
    });
    let mut wrong = None;
    for end in &mut named {
        if let Some(Err(word)) = end {
            wrong.get_or_insert(format!(
                "`{word}` is no day and no month: write 2026-04-30 or 2026-04"
            ));
        }
    }
    let [from, to] = named.map(|end| end.and_then(Result::ok));
    let months = figures::months(&mut db, zone, now)?;
    let today = zone.day_of(now);
    let period = match (from, to) {
        (None, None) => zone.month(months.shown),
        (from, to) => from
            .or_else(|| zone.month(months.first))
            .zip(to.or(today))
            .map(|(from, to)| Period {
                from: from.from,
                until: to.until,
            }),
    };
    let Some(period) = period.filter(|period| period.from < period.until && wrong.is_none()) else {
        let wrong = wrong.unwrap_or_else(|| "--to is before --from".to_owned());
        eprintln!("rejoinder: {wrong}");
        return Ok(ExitCode::from(USAGE));
    };
    let report = snapshot(&mut db, |db| Report::of(db, zone, period))?;
    let format = match options.format {
        FormatName::Csv => Format::Csv,
        FormatName::Json => Format::Json,
        FormatName::Html => Format::Html,
    };
    let file = transparency::file(&config, &report, format);
    std::io::stdout().lock().write_all(file.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// A day or a month.
fn stretch(zone: &Zone, word: &str) -> Option<Period> {
    match Month::parse(word) {
        Some(month) => zone.month(month),
        None => zone.day(word),
    }
}
