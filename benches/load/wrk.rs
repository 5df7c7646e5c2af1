//! `wrk`, where it is installed: another load generator, to see that ours tells the same.

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use super::request::Get;
use super::table::median;

/// A program that is in the path.
pub struct Wrk {
    /// As it names itself.
    pub version: String,
}

impl Wrk {
    pub fn found() -> Option<Self> {
        let output = Command::new("wrk").arg("--version").output().ok()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let version: Vec<&str> = said.split_whitespace().take(2).collect();
        Some(Self {
            version: version.join(" "),
        })
    }

    /// Requests per second, ours and the limit's by turns, medians of so many rounds.
    pub fn compare(
        &self,
        (ours, limit): (SocketAddr, SocketAddr),
        get: &Get,
        clients: usize,
        (rounds, length): (usize, Duration),
    ) -> Option<(f64, f64)> {
        let mut found = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            found.0.push(rate(ours, get, clients, length)?);
            found.1.push(rate(limit, get, clients, length)?);
        }
        Some((median(found.0), median(found.1)))
    }
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
