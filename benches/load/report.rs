//! The results, with what they were measured on.

use std::path::PathBuf;
use std::process::Command;

use diesel::prelude::*;
use rejoinder::store::Db;

use super::cases::{Run, UNCACHED};
use super::database::FAST_SECONDS;
use super::options::Options;
use super::process::SETTINGS;

pub fn text(run: &Run) -> String {
    let mut text = format!(
        "## {}\n\n`cargo bench --bench load -- {}`, {}, at {}\n\n- {}\n- {}\n- {}\n\n{}",
        run.options.engine.name(),
        std::env::args()
            .skip(1)
            .filter(|word| word != "--bench")
            .collect::<Vec<_>>()
            .join(" "),
        date(),
        said(Command::new("git").args(["rev-parse", "--short", "HEAD"])),
        machine(),
        versions(run),
        settings(),
        run.table.text(),
    );
    if !run.notes.is_empty() {
        text.push('\n');
    }
    for note in &run.notes {
        text.push_str(&format!("- {note}\n"));
    }
    if run.options.smoke {
        text.push_str("\nEvery case was run; the figures mean nothing.\n");
    }
    text
}

const HEAD: &str = "# Results of the benchmark

Full runs of `cargo bench --bench load`, one for each engine, each put here by `--write`. What the cases are and how they are measured
stands in `CONTRIBUTING.md`.

";

/// Puts the results in place of the former ones of this engine.
pub fn write(options: &Options, text: &str) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/RESULTS.md");
    let before = std::fs::read_to_string(&file).unwrap_or_default();
    let ours = format!("## {}\n", options.engine.name());
    let (head, rest) = match before.split_once(&ours) {
        Some((head, old)) => {
            let rest = old
                .split_once("\n## ")
                .map(|(_, rest)| format!("\n## {rest}"));
            (head.to_owned(), rest.unwrap_or_default())
        }
        None if before.is_empty() => (HEAD.to_owned(), String::new()),
        None => (before + "\n", String::new()),
    };
    std::fs::write(&file, format!("{head}{text}{rest}")).unwrap();
}

fn date() -> String {
    said(Command::new("date").args(["-u", "+%Y-%m-%d %H:%M UTC"]))
}

fn machine() -> String {
    let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    let named = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.split_once(':'));
        value.map_or(String::new(), |(_, value)| value.trim().to_owned())
    };
    format!(
        "{} × {}, {} of memory, Linux {}",
        std::thread::available_parallelism().map_or(0, usize::from),
        named(&read("/proc/cpuinfo"), "model name"),
        named(&read("/proc/meminfo"), "MemTotal"),
        read("/proc/sys/kernel/osrelease").trim(),
    )
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

fn versions(run: &Run) -> String {
    let mut db = run.database();
    let statement = match &db {
        Db::Sqlite(_) => "SELECT sqlite_version() AS version",
        Db::Postgres(_) => {
            "SELECT current_setting('server_version') || ' with fsync = ' || current_setting('fsync') || \
             ' and synchronous_commit = ' || current_setting('synchronous_commit') AS version"
        }
    };
    let engine: Version = diesel::sql_query(statement).get_result(&mut db).unwrap();
    format!(
        "{}, {} {}, {}",
        said(Command::new("rustc").arg("--version")),
        run.options.engine.name(),
        engine.version,
        match cfg!(debug_assertions) {
            true => "debug build",
            false => "release build",
        }
    )
}

/// Whatever is not as it is by default.
fn settings() -> String {
    let named = |settings: &[(&str, &str)]| -> String {
        let named = settings
            .iter()
            .map(|(key, value)| format!("`{key} = {value}`"));
        named.collect::<Vec<_>>().join(", ")
    };
    format!(
        "settings other than by default: {}; in the desk's policy `fast-seconds = {FAST_SECONDS}`; for what is uncached {}",
        named(&SETTINGS),
        named(&UNCACHED),
    )
}

/// What a program prints; nothing where it is not there.
fn said(command: &mut Command) -> String {
    let output = command.output();
    output.map_or(String::new(), |output| {
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    })
}
