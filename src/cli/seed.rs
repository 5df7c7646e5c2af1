//! `rejoinder seed`: articles from files, one transaction a file.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget};

use super::Common;
use super::slices::Slices;
use crate::config::Config;
use crate::store::articles::{self, NewArticle, Seeded};
use crate::store::audit::{self, Actor, Entry};
use crate::store::{self, Db, Target, Upgrade, rehearse, token};
use crate::text::{self, ArticleFile, Format};
use crate::time::{Timestamp, Zone};

/// A larger file is no article.
const LARGEST: u64 = 5 * 1024 * 1024;
/// From so many files on, a terminal gets a progress bar.
const MANY: u64 = 50;

#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    common: Common,
    /// Files, or folders to search for .md, .html and .txt files
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// How often each outcome came about.
#[derive(Debug, Default)]
struct Tally {
    added: u64,
    updated: u64,
    unchanged: u64,
    failed: u64,
}

pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let config = Config::load(&options.common.flags())?;
    let mut db = open(&config, options.dry_run)?;
    let mut tally = Tally::default();
    let mut seen: HashMap<String, PathBuf> = HashMap::new();
    let mut slices = Slices::new(store::is_served(&config.database));
    let progress = progress(&options.paths);
    for path in files(&options.paths) {
        let outcome = path.and_then(|path| {
            let file = read(&path, &config.zone)?;
            claim_slug(&mut seen, &file.slug, &path)?;
            let seeded = seed(db.as_mut(), &file, options.dry_run)
                .with_context(|| path.display().to_string())?;
            Ok((path, file.slug, seeded))
        });
        progress.suspend(|| report(outcome, &mut tally));
        progress.inc(1);
        slices.breathe();
    }
    progress.finish_and_clear();
    println!(
        "{} added, {} updated, {} unchanged, {} failed{}",
        tally.added,
        tally.updated,
        tally.unchanged,
        tally.failed,
        if options.dry_run {
            " (nothing was written)"
        } else {
            ""
        }
    );
    Ok(if tally.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A dry run on an SQLite file that does not exist makes none.
fn open(config: &Config, dry_run: bool) -> anyhow::Result<Option<Db>> {
    if let Target::Sqlite(path) = &config.database
        && dry_run
        && !path.exists()
    {
        return Ok(None);
    }
    Ok(Some(store::open(&config.database, Upgrade::No)?))
}

fn progress(paths: &[PathBuf]) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let count = files(paths).count() as u64;
    if count < MANY {
        return ProgressBar::hidden();
    }
    ProgressBar::with_draw_target(Some(count), ProgressDrawTarget::stderr())
}

/// The files to read, in a folder by name; one at a time, so that ten thousand need no memory.
fn files(paths: &[PathBuf]) -> impl Iterator<Item = anyhow::Result<PathBuf>> {
    paths.iter().flat_map(|path| {
        let given = path.clone();
        walkdir::WalkDir::new(path)
            .sort_by_file_name()
            .into_iter()
            .filter_map(move |entry| match entry {
                Ok(entry) if entry.file_type().is_dir() => None,
                Ok(entry) => {
                    let named = entry.path() == given;
                    (named || Format::of(entry.path()).is_some())
                        .then(|| Ok(entry.path().to_owned()))
                }
                Err(error) => Some(Err(unreadable(&error))),
            })
    })
}

fn unreadable(error: &walkdir::Error) -> anyhow::Error {
    let path = error.path().unwrap_or(Path::new("")).display();
    match error.io_error() {
        Some(cause) => anyhow::anyhow!("{path}: {cause}"),
        None => anyhow::anyhow!("{path}: the folder leads back to itself"),
    }
}

fn read(path: &Path, zone: &Zone) -> anyhow::Result<ArticleFile> {
    let name = || path.display().to_string();
    let format = Format::of(path)
        .with_context(|| format!("{}: its name does not end in .md, .html or .txt", name()))?;
    let size = std::fs::metadata(path).with_context(name)?.len();
    anyhow::ensure!(size <= LARGEST, "{}: it is larger than 5 MiB", name());
    let bytes = std::fs::read(path).with_context(name)?;
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    text::read(&bytes, format, stem.unwrap_or_default(), zone.rules()).with_context(name)
}

fn claim_slug(seen: &mut HashMap<String, PathBuf>, slug: &str, path: &Path) -> anyhow::Result<()> {
    if let Some(first) = seen.get(slug) {
        anyhow::bail!(
            "{}: the slug `{slug}` is that of {} already",
            path.display(),
            first.display()
        );
    }
    seen.insert(slug.to_owned(), path.to_owned());
    Ok(())
}

/// Writes one article; a dry run takes it back.
fn seed(db: Option<&mut Db>, file: &ArticleFile, dry_run: bool) -> store::Result<Seeded> {
    let Some(db) = db else {
        return Ok(Seeded::Added);
    };
    let new = new_article(file);
    if dry_run {
        return rehearse(db, |db| articles::seed(db, &new, Timestamp::now()));
    }
    store::transaction(db, |db| write(db, &new, Timestamp::now()))
}

/// Adds or updates an article, and says so in the audit log.
///
/// # Errors
/// Those of the engine.
pub fn write(db: &mut Db, new: &NewArticle, now: Timestamp) -> store::Result<Seeded> {
    let seeded = articles::seed(db, new, now)?;
    let act = match seeded {
        Seeded::Added => "article-added",
        Seeded::Updated => "article-updated",
        Seeded::Unchanged => return Ok(seeded),
    };
    let entry = Entry {
        facts: serde_json::json!({ "slug": new.slug }),
        ..Entry::new(Actor::CommandLine, act)
    };
    audit::append(db, &entry, now)?;
    Ok(seeded)
}

/// An article as it is stored, with the digest of everything its file says.
pub fn new_article(file: &ArticleFile) -> NewArticle {
    let published = file.published_at.unwrap_or_default().to_be_bytes();
    let updated = file.updated_at.unwrap_or_default().to_be_bytes();
    let digest = token::digest(&[
        &text::HTML_VERSION.to_be_bytes(),
        file.section.as_bytes(),
        file.title.as_bytes(),
        file.summary.as_bytes(),
        file.byline.as_bytes(),
        file.body.as_str().as_bytes(),
        file.aliases.join("\n").as_bytes(),
        &published,
        &updated,
        &[file.open.map_or(2, u8::from)],
    ]);
    NewArticle {
        slug: file.slug.clone(),
        aliases: file.aliases.clone(),
        section: file.section.clone(),
        title: file.title.clone(),
        summary: file.summary.clone(),
        byline: file.byline.clone(),
        body_html: file.body.as_str().to_owned(),
        digest,
        published_at: file.published_at.map(Timestamp),
        updated_at: file.updated_at.map(Timestamp),
        open: file.open,
        view_count: file.view_count,
    }
}

fn report(outcome: anyhow::Result<(PathBuf, String, Seeded)>, tally: &mut Tally) {
    match outcome {
        Ok((path, slug, seeded)) => {
            let word = match seeded {
                Seeded::Added => {
                    tally.added += 1;
                    "added"
                }
                Seeded::Updated => {
                    tally.updated += 1;
                    "updated"
                }
                Seeded::Unchanged => {
                    tally.unchanged += 1;
                    "unchanged"
                }
            };
            println!("{word}\t{}\t/articles/{slug}", path.display());
        }
        Err(error) => {
            tally.failed += 1;
            eprintln!("rejoinder: {error:#}");
        }
    }
}
