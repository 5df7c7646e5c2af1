//! `wrk`, where it is installed: another load generator, to see that ours tells the same.

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use super::cases::{BROTLI, IDENTITY, KNOWN, Read, Run};
use super::goals::AS_THE_LIMIT;
use super::request::Get;
use super::site::Site;
use super::table::{grouped, median};

impl Run {
    /// The pages from memory once more, driven by another generator, on the smallest site; with the same goal.
    pub fn again_by_wrk(&mut self, cases: &[Read]) {
        let Some(wrk) = Wrk::found() else {
            return;
        };
        let site = &self.sites[0];
        let rounds = (self.options.rounds, self.options.length);
        for (case, clients, get) in cases {
            if ![IDENTITY, BROTLI, KNOWN].contains(case) || !self.options.wants(case) {
                continue;
            }
            eprintln!("{case}, by {}", wrk.version);
            let what = format!(
                "{case}, {} comments, by {}",
                grouped(site.size),
                wrk.version
            );
            let Some([ours, limit, ratio]) = compare(site, *get, *clients, rounds) else {
                self.notes.push(format!("{what}: it met errors"));
                continue;
            };
            self.notes.push(format!(
                "{what}: {} requests/s, limit {}, ratio {ratio:.2}",
                grouped(ours as usize),
                grouped(limit as usize),
            ));
            let what = format!("{case}, by wrk: requests/s to the limit");
            self.table.at_least(&what, Some(ratio), AS_THE_LIMIT);
        }
    }
}

/// A program that is in the path.
struct Wrk {
    /// As it names itself.
    version: String,
}

impl Wrk {
    fn found() -> Option<Self> {
        let output = Command::new("wrk").arg("--version").output().ok()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let version: Vec<&str> = said.split_whitespace().take(2).collect();
        Some(Self {
            version: version.join(" "),
        })
    }
}

/// Requests per second, ours and the limit's by turns, and ours to the limit's round by round: medians of so many rounds.
fn compare(
    site: &Site,
    get: fn(&Site) -> Get,
    clients: usize,
    (rounds, length): (usize, Duration),
) -> Option<[f64; 3]> {
    let server = site.limit()?;
    let mut found: [Vec<f64>; 3] = Default::default();
    for _ in 0..rounds {
        // Looked up anew: a page that has changed meanwhile has another tag.
        let get = get(site);
        let ours = rate(site.ours().address, &get, clients, length)?;
        let limit = rate(server.address, &get, clients, length)?;
        for (values, value) in found.iter_mut().zip([ours, limit, ours / limit]) {
            values.push(value);
        }
    }
    Some(found.map(median))
}

/// `None` when it tells none, or met errors.
fn rate(server: SocketAddr, get: &Get, clients: usize, length: Duration) -> Option<f64> {
    let mut command = Command::new("wrk");
    command.args(["-t1", &format!("-c{clients}")]);
    command.arg(format!("-d{}s", length.as_secs().max(1)));
    command.args(["-H", &format!("accept-encoding: {}", get.encoding)]);
    if let Some(tag) = &get.known {
        command.args(["-H", &format!("if-none-match: {tag}")]);
    }
    command.arg(format!("http://{server}{}", get.path));
    let output = command.output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout);
    if said.contains("Socket errors") || said.contains("Non-2xx or 3xx") {
        return None;
    }
    let line = said
        .lines()
        .find_map(|line| line.strip_prefix("Requests/sec:"))?;
    line.trim().parse().ok()
}
