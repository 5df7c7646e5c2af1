//! The command line: one file per command.

mod article;
mod audit;
mod backup;
mod check;
mod completions;
mod config;
mod demo;
mod demo_content;
mod demo_staff;
mod moderator;
mod person;
mod policy;
mod rules;
pub mod seed;
mod serve;
mod slices;
mod transparency;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, Flags};
use crate::store::{self, Db, Upgrade};

/// Article pages, readers' replies, and a queue for moderators.
#[derive(Debug, Parser)]
#[command(name = "rejoinder", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a sample newsroom to click through
    ///
    /// Makes ./rejoinder-demo.db at the first start. Each start gives the two demo accounts new passwords and prints them.
    #[command(after_help = "Example:\n  rejoinder demo --listen 127.0.0.1:8080")]
    Demo(demo::Options),
    /// Serve article pages, replies and the desk
    ///
    /// Brings the database up to date first.
    #[command(
        after_help = "Example:\n  rejoinder serve --database sqlite://news.db --listen 0.0.0.0:8080"
    )]
    Serve(serve::Options),
    /// Add or update articles from files or folders (.md, .html, .txt)
    #[command(after_help = "Example:\n  rejoinder seed articles/ extra/ferry.txt --dry-run")]
    Seed(seed::Options),
    /// Articles, and whether they take replies
    #[command(
        subcommand,
        after_help = "Example:\n  rejoinder article close night-ferry"
    )]
    Article(article::Command),
    /// People of the desk
    #[command(
        subcommand,
        after_help = "Example:\n  rejoinder moderator add \"Dana Whitlock\" --role admin"
    )]
    Moderator(moderator::Command),
    /// What waits for a moderator, and why: settings and lists
    #[command(subcommand, after_help = "Example:\n  rejoinder policy show")]
    Policy(policy::Command),
    /// Figures of moderation between two days, as /transparency has them
    #[command(
        after_help = "Example:\n  rejoinder transparency --from 2026-01 --to 2026-03 --format csv > quarter.csv"
    )]
    Transparency(transparency::Options),
    /// The house rules
    #[command(
        subcommand,
        after_help = "Example:\n  rejoinder rules show > rules.toml\n  rejoinder rules set rules.toml --dry-run"
    )]
    Rules(rules::Command),
    /// The audit log
    #[command(
        subcommand,
        after_help = "Example:\n  rejoinder audit export --format csv --from 2026-05-01 --to 2026-05-31 > may.csv"
    )]
    Audit(audit::Command),
    /// Verify the database: the file, foreign keys, counters, the search, and the chain of the audit log
    ///
    /// Prints an anchor, which says where the audit log ends now. Keep it elsewhere: given to a later check, it proves that nothing
    /// before it was changed and that the end was not cut off.
    #[command(after_help = "Example:\n  rejoinder check --anchor 812:5f0c…")]
    Check(check::Options),
    /// Copy an SQLite database while the server runs
    ///
    /// The copy is consistent, verified and on disk before it gets its name, and readable by its owner alone. The anchor that
    /// `rejoinder check` prints is kept beside it.
    #[command(after_help = "Example:\n  rejoinder backup /var/backups/news-monday.db")]
    Backup(backup::Backup),
    /// Put a backup in the place of the database
    ///
    /// The backup is verified first. Refuses while a server runs; with --force, a database that is there is kept under another name.
    #[command(after_help = "Example:\n  rejoinder restore /var/backups/news-monday.db --force")]
    Restore(backup::Restore),
    /// Take away what one person wrote, and every trace of them
    ///
    /// A public comment with replies becomes "withdrawn". What colleagues wrote about them goes too: on their comments, and
    /// wherever it names them by their address or a name of two words. The audit log keeps its lines and loses these words.
    #[command(after_help = "Example:\n  rejoinder erase --email ama@example.org --dry-run")]
    Erase(person::Erase),
    /// Print everything that is held about one person, as JSON
    #[command(
        after_help = "Example:\n  rejoinder export --person --email ama@example.org > ama.json"
    )]
    Export(person::Export),
    /// A script by which a shell completes commands and options
    #[command(
        after_help = "Example:\n  rejoinder completions bash > ~/.local/share/bash-completion/completions/rejoinder"
    )]
    Completions(completions::Options),
    /// The effective settings, and where each came from
    #[command(after_help = "Example:\n  rejoinder config --check")]
    Config(config::Options),
}

/// Options of commands that open a database.
#[derive(Debug, Clone, Default, Args)]
pub struct Common {
    /// Read settings from this file instead of ./rejoinder.toml
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// sqlite://FILE or postgres://USER@HOST/NAME
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl Common {
    fn flags(&self) -> Flags {
        let database = self.database.clone();
        Flags {
            config: self.config.clone(),
            values: database
                .map(|url| ("database_url", url))
                .into_iter()
                .collect(),
            alone: false,
        }
    }

    /// The configuration, and the database with its schema checked.
    fn open(&self) -> anyhow::Result<(Config, Db)> {
        let config = Config::load(&self.flags())?;
        let db = store::open(&config.database, Upgrade::No)?;
        Ok((config, db))
    }
}

impl Cli {
    /// # Errors
    /// Whatever the command could not do; its chain of causes is what standard error gets.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Demo(options) => demo::run(&options),
            Command::Serve(options) => serve::run(&options),
            Command::Seed(options) => seed::run(&options),
            Command::Article(command) => article::run(command),
            Command::Moderator(command) => moderator::run(command),
            Command::Policy(command) => policy::run(command),
            Command::Transparency(options) => transparency::run(&options),
            Command::Rules(command) => rules::run(command),
            Command::Audit(command) => audit::run(command),
            Command::Check(options) => check::run(&options),
            Command::Backup(options) => backup::write(&options),
            Command::Restore(options) => backup::restore(&options),
            Command::Erase(options) => person::erase(&options),
            Command::Export(options) => person::export(&options),
            Command::Completions(options) => completions::run(&options),
            Command::Config(options) => Ok(config::run(&options)),
        }
    }
}
