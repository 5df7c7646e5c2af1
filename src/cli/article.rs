//! `rejoinder article list|show|open|close|remove`

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};

use super::Common;
use crate::store::articles::{self, Found, Seek, is_over};
use crate::store::audit::{self, Actor, Entry};
use crate::store::{self, transaction};
use crate::time::{Timestamp, Zone};

/// Articles read at once for the list.
const PAGE: i64 = 200;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List every article, newest first
    #[command(after_help = "Example:\n  rejoinder article list")]
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Show an article
    #[command(after_help = "Example:\n  rejoinder article show night-ferry")]
    Show(One),
    /// Let an article take replies
    #[command(after_help = "Example:\n  rejoinder article open night-ferry")]
    Open(One),
    /// Stop an article from taking replies; its discussion stays
    #[command(after_help = "Example:\n  rejoinder article close night-ferry")]
    Close(One),
    /// Remove an article: its page answers 410, receipts live on
    #[command(after_help = "Example:\n  rejoinder article remove night-ferry")]
    Remove(One),
}

#[derive(Debug, Args)]
pub struct One {
    #[command(flatten)]
    common: Common,
    /// The article's slug
    slug: String,
}

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::List { common } => list(&common)?,
        Command::Show(one) => show(&one)?,
        Command::Open(one) => change(&one, "article-opened", "open")?,
        Command::Close(one) => change(&one, "article-closed", "closed")?,
        Command::Remove(one) => change(&one, "article-removed", "removed")?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(common: &Common) -> anyhow::Result<()> {
    let (config, mut db) = common.open()?;
    let mut seek = Seek::First;
    let now = Timestamp::now();
    loop {
        let page = articles::newest(&mut db, seek, PAGE)?;
        for line in &page.rows {
            println!(
                "{}\t{}\t{}\t{} comments\t{} views\t{}",
                line.slug,
                day(&config.zone, line.published_at),
                if line.open && !is_over(line.published_at, config.close_after, now) {
                    "open"
                } else {
                    "closed"
                },
                line.comment_count,
                line.view_count,
                line.title
            );
        }
        match page.older {
            Some(id) => seek = Seek::Before(id),
            None => return Ok(()),
        }
    }
}

fn day(zone: &Zone, at: Timestamp) -> String {
    zone.iso(at).chars().take(10).collect()
}

fn show(one: &One) -> anyhow::Result<()> {
    let (config, mut db) = one.common.open()?;
    match articles::find(&mut db, &one.slug)? {
        Some(Found::Article(mut article)) => {
            article.keep_time(config.close_after, Timestamp::now());
            let fields = [
                ("slug", article.slug),
                ("title", article.title),
                ("section", article.section),
                ("summary", article.summary),
                ("byline", article.byline),
                ("published", config.zone.iso(article.published_at)),
                (
                    "updated",
                    article
                        .updated_at
                        .map(|at| config.zone.iso(at))
                        .unwrap_or_default(),
                ),
                (
                    "replies",
                    match (article.open, article.closed_at) {
                        (true, _) => "open".to_owned(),
                        (false, Some(at)) => format!("closed since {}", config.zone.iso(at)),
                        (false, None) => "closed".to_owned(),
                    },
                ),
                ("comments", article.comment_count.to_string()),
                ("views", article.view_count.to_string()),
            ];
            for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
                println!("{name:<10} {value}");
            }
            Ok(())
        }
        Some(Found::Moved(slug)) => bail!("`{}` is an alias of `{slug}`", one.slug),
        Some(Found::Gone) => bail!("the article `{}` has been removed", one.slug),
        None => bail!("there is no article `{}`", one.slug),
    }
}

fn change(one: &One, act: &str, outcome: &str) -> anyhow::Result<()> {
    let (_, mut db) = one.common.open()?;
    let now = Timestamp::now();
    let found = transaction(&mut db, |db| {
        let found = match act {
            "article-removed" => articles::remove(db, &one.slug, now)?,
            _ => articles::open_or_close(db, &one.slug, act == "article-opened", now)?,
        };
        if found.is_some() {
            let entry = Entry {
                article: found,
                ..Entry::new(Actor::CommandLine, act)
            };
            audit::append(db, &entry, now)?;
        }
        Ok::<_, store::Error>(found)
    })?;
    if found.is_none() {
        bail!("there is no article `{}`", one.slug);
    }
    println!("{outcome}\t{}", one.slug);
    Ok(())
}
