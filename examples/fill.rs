//! Fills a database with a large discussion, for benchmarks and for looking at how the product grows:
//! `cargo run --release --example fill -- --database sqlite:large.db --articles 500 --comments 1000000 --pending 20000`.

#[path = "fill/mod.rs"]
mod fill;

use std::io::Write;
use std::time::Instant;

use clap::Parser;
use rejoinder::store::{self, Target, Upgrade};
use rejoinder::time::{Timestamp, Zone};

/// Fills a database with a large discussion; an empty one with the same again for the same options
#[derive(Debug, Parser)]
struct Options {
    /// sqlite:FILE or postgres://…; what is there stays
    #[arg(long, value_name = "URL")]
    database: String,
    /// Ordinary articles
    #[arg(long, default_value_t = 100)]
    articles: usize,
    /// Comments in all
    #[arg(long, default_value_t = 10_000)]
    comments: usize,
    /// How many of them wait for a moderator
    #[arg(long, default_value_t = 100)]
    pending: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// An article that has so many of the comments; may be there already
    #[arg(long, value_name = "SLUG:COUNT", value_parser = one_article)]
    one_article: Option<(String, usize)>,
    /// The day before which everything happens, as YYYY-MM-DD or as `today` (UTC), which suits a site that is to be served or measured;
    /// 2026-01-01 when it is not given
    #[arg(long, value_name = "DATE", value_parser = until)]
    until: Option<Timestamp>,
    /// Leave it to the server to seal the audit log
    #[arg(long)]
    unsealed: bool,
}

fn one_article(given: &str) -> Result<(String, usize), String> {
    let parts = given
        .rsplit_once(':')
        .and_then(|(slug, count)| Some((slug, count.parse().ok()?)));
    match parts {
        Some((slug, count)) if rejoinder::text::is_slug(slug) => Ok((slug.to_owned(), count)),
        _ => Err("an article is SLUG:COUNT, as in ferry:1000000".to_owned()),
    }
}

fn until(given: &str) -> Result<Timestamp, String> {
    match given {
        "today" => Ok(fill::today()),
        date => Zone::utc()
            .start_of_day(date)
            .ok_or_else(|| format!("`{date}` is not a date, as 2026-01-01 is, nor `today`")),
    }
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let target = Target::parse(&options.database)?;
    anyhow::ensure!(
        !target.is_sqlite() || !store::is_served(&target),
        "a server is running on this database"
    );
    let mut db = store::open(&target, Upgrade::Yes)?;
    let mut plan = fill::Plan {
        articles: options.articles,
        comments: options.comments,
        pending: options.pending,
        seed: options.seed,
        one_article: options.one_article,
        seal: !options.unsealed,
        ..fill::Plan::default()
    };
    if let Some(until) = options.until {
        plan.until = until;
    }
    let begun = Instant::now();
    let report = fill::fill(&mut db, &plan, &mut |done| {
        let rate = done as f64 / begun.elapsed().as_secs_f64();
        print!(
            "\r{done} of {} comments, {rate:.0} a second ",
            options.comments
        );
        let _ = std::io::stdout().flush();
    })?;
    let rate = report.comments as f64 / report.took.as_secs_f64();
    println!(
        "\n{} comments on {} articles ({} public, {} pending, {} rejected, {} spam, {} withdrawn), {} authors, \
         {} decisions, {} entries of the audit log",
        report.comments,
        report.articles,
        report.public,
        report.pending,
        report.rejected,
        report.spam,
        report.withdrawn,
        report.authors,
        report.decisions,
        report.entries,
    );
    println!(
        "{:.1} s, {rate:.0} comments a second",
        report.took.as_secs_f64()
    );
    Ok(())
}
