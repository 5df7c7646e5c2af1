//! The real program as a child: started, killed, asked to stop.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use super::Database;

/// How long a start or a stop may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Where readers have addresses of their own, as behind a proxy, and nobody is throttled.
const SETTINGS: [(&str, &str); 3] = [
    ("REJOINDER_REPLIES__PER_MINUTE", "0"),
    ("REJOINDER_TRUSTED_PROXIES", "127.0.0.1/32"),
    ("REJOINDER_LOG__FORMAT", "json"),
];

/// The program in this folder, without the settings of whoever runs the tests.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rejoinder"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("REJOINDER_") {
            command.env_remove(name);
        }
    }
    command.envs(SETTINGS).current_dir(folder);
    command
}

/// `rejoinder serve` over this database, on a free port.
pub fn serve(database: &Database) -> Command {
    let mut command = command(&database.folder());
    command.args([
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--database",
        &database.url,
    ]);
    command
}

/// `rejoinder check` over this database, with these anchors: what it printed.
pub fn check(database: &Database, anchors: &[String]) -> Output {
    let mut command = command(&database.folder());
    command.args(["check", "--database", &database.url]);
    for anchor in anchors {
        command.args(["--anchor", anchor]);
    }
    command.output().unwrap()
}

/// A server in a process of its own, killed with this value.
pub struct Program {
    child: Child,
    pub base: String,
}

impl Program {
    /// Starts it, and waits until it says where it serves.
    pub fn start(database: &Database) -> Self {
        Self::run(serve(database))
    }

    /// Starts this command, which runs the server.
    pub fn run(command: Command) -> Self {
        let (program, mut log) = Self::run_and_listen(command);
        // Somebody has to read on, or the program would wait for room in the pipe.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        program
    }

    /// The same with the rest of its log. Once that is dropped, nobody reads what it says.
    pub fn run_and_listen(mut command: Command) -> (Self, BufReader<ChildStderr>) {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut read = String::new();
        let base = loop {
            let mut line = String::new();
            if log.read_line(&mut line).unwrap() == 0 {
                panic!("it ended before it served: {read}");
            }
            let entry: Option<serde_json::Value> = serde_json::from_str(&line).ok();
            if let Some(address) = entry.as_ref().and_then(|entry| entry["address"].as_str()) {
                break address.to_owned();
            }
            read.push_str(&line);
        };
        (Self { child, base }, log)
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, as a service manager does.
    pub fn terminate(&self) {
        self.signal("TERM");
    }

    pub fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(sent.success());
    }

    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    pub fn wait(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            if begun.elapsed() > PATIENCE {
                self.child.kill().unwrap();
                panic!("it does not end");
            }
            std::thread::yield_now();
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}
