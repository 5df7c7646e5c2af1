//! `rejoinder article list|show|open|close|hold|remove`

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand, ValueEnum};

use super::Common;
use crate::config::Config;
use crate::moderation::HoldMode;
use crate::store::article_desk::hold_facts;
use crate::store::articles::{self, Found, Seek};
use crate::store::audit::{self, Actor, Entry};
use crate::store::closing::{self, Closed, Openness};
use crate::store::{self, Db, policy, transaction};
use crate::time::{DAY, Timestamp, Zone};

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
    /// Let an article take replies. One that replies.close_after_days had closed stays open until it is closed again
    #[command(after_help = "Example:\n  rejoinder article open night-ferry")]
    Open(One),
    /// Stop an article from taking replies; its discussion stays
    #[command(after_help = "Example:\n  rejoinder article close night-ferry")]
    Close(One),
    /// Say which replies to an article wait, in place of replies.hold; what waits already goes on waiting
    #[command(
        after_help = "Example:\n  rejoinder article hold night-ferry first\n  rejoinder article hold night-ferry site"
    )]
    Hold {
        #[command(flatten)]
        one: One,
        #[arg(value_enum)]
        mode: Mode,
    },
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

/// Which replies wait.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Mode {
    /// Every reply
    All,
    /// Unless the author is recognised and has an approved comment
    First,
    /// Nothing that has no other reason to wait
    None,
    /// As replies.hold says
    Site,
}

impl Mode {
    fn own(self) -> Option<HoldMode> {
        match self {
            Self::All => Some(HoldMode::All),
            Self::First => Some(HoldMode::First),
            Self::None => Some(HoldMode::None),
            Self::Site => None,
        }
    }
}

pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::List { common } => list(&common)?,
        Command::Show(one) => show(&one)?,
        Command::Open(one) => open(&one)?,
        Command::Close(one) => change(&one, "article-closed", "closed", |db, slug, now| {
            closing::close(db, slug, now)
        })?,
        Command::Hold { one, mode } => hold(&one, mode.own())?,
        Command::Remove(one) => change(&one, "article-removed", "removed", |db, slug, now| {
            articles::remove(db, slug, now)
        })?,
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
                "{}\t{}\t{}\t{} comments\t{} views\t{}\thold {}",
                line.slug,
                day(&config.zone, line.published_at),
                match line.replies.closed(config.close_after, now) {
                    None => "open",
                    Some(_) => "closed",
                },
                line.comment_count,
                line.view_count,
                line.title,
                word(line.hold)
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
        Some(Found::Article(article)) => {
            let replies = replies(&config, &article.replies, Timestamp::now());
            let desk = policy::in_force(&mut db)?.settings;
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
                ("replies", replies),
                (
                    "hold",
                    match article.hold {
                        Some(own) => own.word().to_owned(),
                        None => format!("{}, as the site", config.hold_or(desk.hold)),
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

/// Whether an article takes replies, until when, or since when and why not.
fn replies(config: &Config, replies: &Openness, now: Timestamp) -> String {
    match replies.closed(config.close_after, now) {
        None => match replies.ends(config.close_after) {
            None => "open".to_owned(),
            Some(end) => format!("open until {}", config.zone.iso(end)),
        },
        Some(Closed::ByEditors { at: None }) => "closed".to_owned(),
        Some(Closed::ByEditors { at: Some(at) }) => {
            format!("closed since {} by the editors", config.zone.iso(at))
        }
        Some(Closed::ByTime { at, days }) => format!(
            "closed since {}, {days} days after publication (replies.close_after_days)",
            config.zone.iso(at)
        ),
    }
}

fn open(one: &One) -> anyhow::Result<()> {
    let (config, mut db) = one.common.open()?;
    let now = Timestamp::now();
    let opened = transaction(&mut db, |db| {
        let opened = closing::open(db, &one.slug, config.close_after, now)?;
        if let Some((id, _)) = opened {
            log(db, "article-opened", id, now)?;
        }
        Ok::<_, store::Error>(opened)
    })?;
    let Some((_, openness)) = opened else {
        bail!("there is no article `{}`", one.slug);
    };
    println!("open\t{}", one.slug);
    let days = config.close_after / DAY;
    if let Some(end) = openness.ends(config.close_after) {
        eprintln!(
            "it closes by itself on {}, {days} days after publication (replies.close_after_days)",
            day(&config.zone, end)
        );
    } else if openness.kept_open {
        eprintln!(
            "it is older than replies.close_after_days allows ({days} days): it stays open until you close it"
        );
    }
    Ok(())
}

fn word(mode: Option<HoldMode>) -> &'static str {
    mode.map_or("site", HoldMode::word)
}

fn hold(one: &One, mode: Option<HoldMode>) -> anyhow::Result<()> {
    let (_, mut db) = one.common.open()?;
    let now = Timestamp::now();
    let found = transaction(&mut db, |db| {
        let found = articles::set_hold(db, &one.slug, mode)?;
        if let Some((id, before)) = found
            && before != mode
        {
            let entry = Entry {
                article: Some(id),
                facts: hold_facts(before, mode),
                ..Entry::new(Actor::CommandLine, "hold-mode")
            };
            audit::append(db, &entry, now)?;
        }
        Ok::<_, store::Error>(found)
    })?;
    if found.is_none() {
        bail!("there is no article `{}`", one.slug);
    }
    println!("hold {}\t{}", word(mode), one.slug);
    Ok(())
}

fn change(
    one: &One,
    act: &str,
    outcome: &str,
    change: impl Fn(&mut Db, &str, Timestamp) -> store::Result<Option<i64>>,
) -> anyhow::Result<()> {
    let (_, mut db) = one.common.open()?;
    let now = Timestamp::now();
    let found = transaction(&mut db, |db| {
        let found = change(db, &one.slug, now)?;
        if let Some(id) = found {
            log(db, act, id, now)?;
        }
        Ok::<_, store::Error>(found)
    })?;
    if found.is_none() {
        bail!("there is no article `{}`", one.slug);
    }
    println!("{outcome}\t{}", one.slug);
    Ok(())
}

fn log(db: &mut Db, act: &str, article: i64, now: Timestamp) -> store::Result<()> {
    let entry = Entry {
        article: Some(article),
        ..Entry::new(Actor::CommandLine, act)
    };
    audit::append(db, &entry, now).map(drop)
}
