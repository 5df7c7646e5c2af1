//! The real program in a process of its own, with limits of its own, whose memory can be looked at.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::support::{Database, Engine, rows};

pub struct Program {
    child: Child,
    pub address: SocketAddr,
    _database: Database,
}

impl Program {
    /// Serves an article `ferry`, after the shell's `limits` were set.
    pub fn start(engine: Engine, limits: &str) -> Self {
        let database = Database::new(engine);
        rows::article(&mut database.connect(), "ferry");
        let mut child = Command::new("sh")
            .args(["-c", &format!("{limits}; exec \"$0\" \"$@\"")])
            .arg(env!("CARGO_BIN_EXE_rejoinder"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(["--database", &database.url])
            .env("REJOINDER_REPLIES__PER_MINUTE", "0")
            .env("REJOINDER_LOG__FORMAT", "json")
            .current_dir(database.folder())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let address = loop {
            let mut line = String::new();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "it ended");
            let entry: serde_json::Value = serde_json::from_str(&line).unwrap();
            if let Some(address) = entry["address"].as_str() {
                break address.trim_start_matches("http://").parse().unwrap();
            }
        };
        // Somebody has to read on, or the program would wait for room in the pipe.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self {
            child,
            address,
            _database: database,
        }
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Megabytes of memory in use.
    pub fn memory(&self) -> f64 {
        self.told("VmRSS:") / 1_024.0
    }

    /// Megabytes of memory in use when it was most.
    pub fn most_memory(&self) -> f64 {
        self.told("VmHWM:") / 1_024.0
    }

    /// The limit of open files, the one in force and the most there may be.
    pub fn open_files(&self) -> (String, String) {
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", self.child.id())).unwrap();
        let line = limits
            .lines()
            .find(|line| line.starts_with("Max open files"))
            .unwrap();
        let mut words = line.split_whitespace().skip(3).map(str::to_owned);
        (words.next().unwrap(), words.next().unwrap())
    }

    fn told(&self, name: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What honest readers met with.
#[derive(Debug, Clone, Copy)]
pub struct Met {
    pub median: Duration,
    /// Of a hundred requests the slowest but one.
    pub p99: Duration,
}

/// Four readers read the article and the front page by turns; each page has to be there.
pub fn read(base: &str, requests: usize) -> Met {
    let mut times = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..4)
            .map(|_| scope.spawn(move || one_reader(base, requests)))
            .collect();
        let times = readers
            .into_iter()
            .flat_map(|reader| reader.join().unwrap());
        times.collect::<Vec<_>>()
    });
    times.sort();
    Met {
        median: times[times.len() / 2],
        p99: times[times.len() * 99 / 100],
    }
}

fn one_reader(base: &str, requests: usize) -> Vec<Duration> {
    let agent = ureq::Agent::new_with_defaults();
    let read = |n: usize| {
        let begun = std::time::Instant::now();
        let path = ["/articles/ferry", "/"][n % 2];
        let mut answer = agent.get(format!("{base}{path}")).call().unwrap();
        assert!(
            answer
                .body_mut()
                .read_to_string()
                .unwrap()
                .contains("About ferry")
        );
        begun.elapsed()
    };
    (0..requests).map(read).collect()
}
