//! The program itself, in a process of its own whose memory can be looked at.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::support::Database;

pub struct Spawned {
    child: Child,
    pub address: SocketAddr,
    _database: Database,
}

impl Spawned {
    /// Serves this database.
    pub fn over(database: Database) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rejoinder"))
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--database",
                &database.url,
            ])
            .env("REJOINDER_LOG__FORMAT", "json")
            .env("REJOINDER_REPLIES__PER_MINUTE", "0")
            .current_dir(database.folder())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let address = loop {
            let mut line = String::new();
            assert_ne!(lines.read_line(&mut line).unwrap(), 0, "it ended");
            let rest = line.split_once("127.0.0.1:").map(|(_, rest)| rest);
            let port: Option<String> =
                rest.map(|rest| rest.chars().take_while(char::is_ascii_digit).collect());
            if let Some(port) = port
                .and_then(|port| port.parse::<u16>().ok())
                .filter(|port| *port > 0)
            {
                break SocketAddr::from(([127, 0, 0, 1], port));
            }
        };
        // Whoever writes to a pipe that nobody reads waits for ever.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Self {
            child,
            address,
            _database: database,
        }
    }

    /// Kilobytes of memory in use.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Spawned {
    fn drop(&mut self) {
        // The end of a test, not one of its acts.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Sends these bytes and nothing after them; all that comes back, which may be nothing.
pub fn exchange(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(40)))
        .unwrap();
    stream
        .set_write_timeout(Some(Duration::from_secs(40)))
        .unwrap();
    // A server that has read enough may close before everything is sent.
    drop(stream.write_all(bytes));
    drop(stream.shutdown(Shutdown::Write));
    let mut answer = Vec::new();
    let mut part = [0; 8192];
    while let Ok(read) = stream.read(&mut part) {
        if read == 0 {
            break;
        }
        answer.extend_from_slice(&part[..read]);
    }
    answer
}

/// The statuses of the answers in these bytes.
pub fn statuses(answer: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(answer);
    let heads = text.match_indices("HTTP/1.");
    let starts = heads
        .filter(|(at, _)| *at == 0 || text[..*at].ends_with('\n') || !text[..*at].ends_with(' '));
    starts
        .filter_map(|(at, _)| {
            text.get(at + 9..at + 12)
                .and_then(|status| status.parse().ok())
        })
        .collect()
}
