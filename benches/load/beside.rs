//! Posting while the command line works on the same database: `rejoinder seed` of many files, `rejoinder backup`.

use std::fmt;
use std::fs::File;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::answer::Patient;
use super::discussion::HUNDRED;
use super::generator::percentile;
use super::process::rejoinder;
use super::replies;
use super::site::Site;
use super::table::grouped;
use super::words;

/// Replies come in at this rate, whatever the server does: one that is answered late counts from when it was due.
const PER_SECOND: u32 = 100;
/// Posting at once, so that a late answer holds up no other reply.
const CLIENTS: u32 = 16;

/// How posts fared.
pub struct Posted {
    count: usize,
    /// Milliseconds.
    p50: f64,
    pub p99: f64,
    longest: f64,
    /// For how long, in seconds.
    seconds: f64,
}

impl fmt::Display for Posted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "p99 {:.1} ms, median {:.1} ms, longest {:.1} ms, {} posts in {:.1} s",
            self.p99, self.p50, self.longest, self.count, self.seconds
        )
    }
}

/// Posts with nothing beside, while files are seeded, and while a backup is made: how that went, or why it was not done. PostgreSQL is
/// backed up by tools of its own.
pub fn run(
    site: &Site,
    folder: &Path,
    smoke: bool,
    posted: &AtomicU64,
) -> Vec<(String, Result<Posted, String>)> {
    let (files, least) = match smoke {
        true => (100, Duration::from_millis(500)),
        false => (10_000, Duration::from_secs(10)),
    };
    let articles = articles(folder, files).display().to_string();
    let backup = folder.join("backup.db");
    // A run before may have left it.
    drop(std::fs::remove_file(&backup));
    let copy = backup.display().to_string();
    let seeding = format!("a post while {} files are seeded", grouped(files as usize));
    let (adding, backing_up) = (["seed", articles.as_str()], ["backup", copy.as_str()]);
    let mut cases: Vec<(&str, &[&str])> =
        vec![("a post with nothing beside it", &[]), (&seeding, &adding)];
    if site.url.starts_with("sqlite:") {
        cases.push(("a post while a backup is made", &backing_up));
    }
    let run = |(what, words): (&str, &[&str])| {
        eprintln!("{what}");
        let outcome = match words.first() {
            Some(word) if !knows(folder, word) => Err(format!("there is no `{word}`")),
            // Beside a command, for as long as the command takes: what comes after it would only dilute the figure.
            Some(_) => {
                let complaints = folder.join("complaints");
                let mut child = command(folder, &site.url, words, &complaints);
                let over = || child.try_wait().unwrap().is_some();
                let fared = post_steadily(site.ours().address, HUNDRED, posted, over);
                match child.wait().unwrap().success() {
                    true => Ok(fared),
                    false => Err(complaint(words[0], &complaints)),
                }
            }
            None => {
                let begun = Instant::now();
                let over = || begun.elapsed() > least;
                Ok(post_steadily(site.ours().address, HUNDRED, posted, over))
            }
        };
        (what.to_owned(), outcome)
    };
    let outcomes = cases.into_iter().map(run).collect();
    drop(std::fs::remove_dir_all(&articles));
    drop(std::fs::remove_file(&backup));
    outcomes
}

/// Posts to an article at a steady rate until `is_over`.
fn post_steadily(
    address: SocketAddr,
    slug: &str,
    posted: &AtomicU64,
    mut is_over: impl FnMut() -> bool,
) -> Posted {
    let over = AtomicBool::new(false);
    let begun = Instant::now();
    let mut times: Vec<u64> = std::thread::scope(|scope| {
        let over = &over;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                scope.spawn(move || {
                    let mut connection = Patient::connect(address).unwrap();
                    let mut times = Vec::new();
                    let mut request = Vec::new();
                    for turn in 0.. {
                        let due =
                            begun + Duration::from_secs(1) * (turn * CLIENTS + client) / PER_SECOND;
                        std::thread::sleep(due.saturating_duration_since(Instant::now()));
                        if over.load(Ordering::Relaxed) {
                            break;
                        }
                        request.clear();
                        let number = posted.fetch_add(1, Ordering::Relaxed);
                        replies::write(&mut request, slug, number);
                        let answer = connection.ask(&request).unwrap();
                        assert_eq!(answer.status, 303, "{}", answer.text());
                        times.push(u64::try_from(due.elapsed().as_nanos()).unwrap());
                    }
                    times
                })
            })
            .collect();
        while !is_over() {
            std::thread::sleep(Duration::from_millis(20));
        }
        over.store(true, Ordering::Relaxed);
        let times = clients.into_iter().map(|client| client.join().unwrap());
        times.flatten().collect()
    });
    times.sort_unstable();
    Posted {
        count: times.len(),
        p50: percentile(&times, 50) / 1e6,
        p99: percentile(&times, 99) / 1e6,
        longest: times.last().map_or(0.0, |longest| *longest as f64 / 1e6),
        seconds: begun.elapsed().as_secs_f64(),
    }
}

/// A folder of so many articles.
fn articles(folder: &Path, count: u64) -> PathBuf {
    let articles = folder.join("articles");
    // A run before may have left it.
    drop(std::fs::remove_dir_all(&articles));
    std::fs::create_dir_all(&articles).unwrap();
    for number in 0..count {
        let mut file = File::create(articles.join(format!("{number:06}.md"))).unwrap();
        writeln!(
            file,
            "---\ntitle: Report {number}\nslug: report-{number}\n---\n"
        )
        .unwrap();
        for paragraph in 0..8 {
            writeln!(file, "{}\n", words::comment(number * 8 + paragraph)).unwrap();
        }
    }
    articles
}

/// A command on the same database, as somebody would type it; what it complains of goes to a file.
fn command(folder: &Path, database: &str, words: &[&str], complaints: &Path) -> Child {
    rejoinder(folder, &[("database_url", database)])
        .args(words)
        .stdout(Stdio::null())
        .stderr(File::create(complaints).unwrap())
        .spawn()
        .unwrap()
}

/// What a command said last before it failed.
fn complaint(command: &str, complaints: &Path) -> String {
    let said = std::fs::read_to_string(complaints).unwrap_or_default();
    let last = said.lines().next_back().unwrap_or("without a word");
    format!("`{command}` failed: {last}")
}

/// Whether the program has this command.
fn knows(folder: &Path, word: &str) -> bool {
    let mut command = rejoinder(folder, &[]);
    command
        .args([word, "--help"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().unwrap().success()
}
