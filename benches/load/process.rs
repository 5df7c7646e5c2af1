//! Servers as processes of their own, and what they take of the machine.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::answer::Patient;
use super::request::{Get, free_address};

/// The program as it is shipped.
const REJOINDER: &str = env!("CARGO_BIN_EXE_rejoinder");
/// A server that does not answer within this time has failed.
const PATIENCE: Duration = Duration::from_secs(120);
/// What a server is told other than by default: replies are not throttled, and come through a proxy that says for whom.
pub const SETTINGS: [(&str, &str); 2] = [
    ("replies.per_minute", "0"),
    ("trusted_proxies", "127.0.0.0/8"),
];
/// Units of `/proc/PID/stat` in a second: a constant of Linux for its programs.
const TICKS: u64 = 100;

/// A running server; ended with this value.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
    log: PathBuf,
    /// On PostgreSQL, the name of its database: what works there for this server counts as its own.
    database: Option<String>,
    /// From its start to its first answer.
    pub woke: Duration,
}

/// The program with these settings and no others, whatever the environment says.
pub fn rejoinder(folder: &Path, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(REJOINDER);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("REJOINDER_") {
            command.env_remove(name);
        }
    }
    for (key, value) in settings {
        let name = format!("REJOINDER_{}", key.to_uppercase().replace('.', "__"));
        command.env(name, value);
    }
    command.current_dir(folder).stdin(Stdio::null());
    command
}

impl Process {
    /// `rejoinder serve` with [`SETTINGS`], and these.
    pub fn serve(folder: &Path, database: &str, settings: &[(&str, &str)]) -> Self {
        let address = free_address();
        let mut all = vec![("database_url", database)];
        all.extend(SETTINGS);
        all.extend(settings);
        let mut command = rejoinder(folder, &all);
        command.args(["serve", "--listen", &address.to_string()]);
        let mut process = Self::start(command, address, folder);
        process.database = postgres_name(database);
        process
    }

    /// This program again, as the limit: see `limit::run`.
    pub fn limit(folder: &Path, answers: &Path) -> Self {
        let address = free_address();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("--limit").arg(answers).arg(address.to_string());
        Self::start(command, address, folder)
    }

    fn start(mut command: Command, address: SocketAddr, folder: &Path) -> Self {
        let log = folder.join(format!("{}.log", address.port()));
        let output = File::create(&log).unwrap();
        command.stdout(Stdio::null()).stderr(output);
        let begun = Instant::now();
        let child = command.spawn().unwrap();
        let mut process = Self {
            child,
            address,
            log,
            database: None,
            woke: Duration::ZERO,
        };
        let first = Get::identity("/").bytes();
        while Patient::connect(address)
            .and_then(|mut connection| connection.ask(&first))
            .is_err()
        {
            let ended = process.child.try_wait().unwrap();
            assert!(
                ended.is_none() && begun.elapsed() < PATIENCE,
                "a server did not start: {}",
                std::fs::read_to_string(&process.log).unwrap_or_default()
            );
            std::thread::sleep(Duration::from_micros(500));
        }
        process.woke = begun.elapsed();
        process
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        let ended = self.child.wait().unwrap();
        assert!(ended.success(), "a server ended with {ended}");
    }

    /// Time on the processors since it started, that of its database included.
    pub fn cpu(&self) -> Duration {
        cpu(&format!("/proc/{}/stat", self.child.id())) + backends(self.database.as_deref())
    }

    /// Resident memory, in megabytes of 1,048,576 bytes.
    pub fn memory(&self) -> f64 {
        let status = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(status).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        kilobytes.unwrap_or(0.0) / 1024.0
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that was stopped has gone.
        drop(self.child.kill());
        drop(self.child.wait());
        if !std::thread::panicking() {
            drop(std::fs::remove_file(&self.log));
        }
    }
}

/// Time on the processors of what this `stat` file of `/proc` is about.
pub fn cpu(file: &str) -> Duration {
    let stat = std::fs::read_to_string(file).unwrap_or_default();
    // The second field is a name in parentheses, which may hold anything.
    let fields = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
    let ticks: u64 = fields
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 1_000 / TICKS)
}

/// The name of a PostgreSQL database in its address.
pub fn postgres_name(url: &str) -> Option<String> {
    let (_, name) = url.strip_prefix("postgres://")?.rsplit_once('/')?;
    Some(name.to_owned())
}

/// Time on the processors of the processes that PostgreSQL keeps for this database on this machine. They carry its name in their
/// titles: `postgres: USER NAME ADDRESS idle`.
pub fn backends(database: Option<&str>) -> Duration {
    let Some(database) = database else {
        return Duration::ZERO;
    };
    let name = format!(" {database} ");
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .map(|entry| entry.path())
        .filter(|process| {
            let title = std::fs::read_to_string(process.join("cmdline"));
            title.is_ok_and(|title| title.starts_with("postgres: ") && title.contains(&name))
        })
        .map(|process| cpu(&process.join("stat").display().to_string()))
        .sum()
}
