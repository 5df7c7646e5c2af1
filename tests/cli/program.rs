//! The program under test: its folder, its environment, its answers.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Stdio};
use std::time::Duration;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder in which the program is run, gone with this value.
pub struct Folder(TempDir);

/// Prints straight to standard error why something is left out; under `REJOINDER_TEST_REQUIRE_ALL` that is a failure.
pub fn skip(reason: &str) {
    let line = format!("skipped: {reason}\n");
    assert!(
        std::env::var_os("REJOINDER_TEST_REQUIRE_ALL").is_none(),
        "{line}"
    );
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

/// What a run said and how it ended.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Settings in the environment of whoever runs the tests.
fn testers_own() -> Vec<OsString> {
    let names = std::env::vars_os().map(|(name, _)| name);
    names
        .filter(|name| name.to_string_lossy().starts_with("REJOINDER_"))
        .collect()
}

impl Folder {
    pub fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn exists(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[], "")
    }

    /// Runs with these variables and this standard input; nothing of the tester's own environment says anything.
    pub fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Run {
        let mut command = Command::new(cargo_bin("rejoinder"));
        command.current_dir(self.0.path()).args(arguments);
        for name in testers_own() {
            command.env_remove(name);
        }
        command.envs(variables.iter().copied());
        // A server that should have refused would serve on.
        let output = command
            .timeout(PATIENCE)
            .write_stdin(input)
            .output()
            .unwrap();
        Run {
            code: output.status.code().expect("it did not end in time"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Starts a server on a free port and waits until it says where.
    pub fn serve(&self) -> Serving {
        self.serve_with(&[])
    }

    /// The same with these variables.
    pub fn serve_with(&self, variables: &[(&str, &str)]) -> Serving {
        let mut command = std::process::Command::new(cargo_bin("rejoinder"));
        for name in testers_own() {
            command.env_remove(name);
        }
        let mut child = command
            .current_dir(self.0.path())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("REJOINDER_LOG__FORMAT", "json")
            .envs(variables.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let (mut line, mut told) = (String::new(), String::new());
        while !line.contains("\"serving\"") {
            line.clear();
            let length = log.read_line(&mut line).unwrap();
            assert!(length > 0, "the server ended without serving");
            told.push_str(&line);
        }
        let address = line.split("http://").nth(1).unwrap();
        let base = address.split('"').next().unwrap();
        Serving {
            base: format!("http://{base}"),
            told,
            child,
            log: Some(log),
        }
    }
}

impl Folder {
    /// Starts the sample newsroom on a free port: its accounts as they are printed, and its address.
    pub fn demo(&self) -> (Vec<String>, Serving) {
        let mut command = std::process::Command::new(cargo_bin("rejoinder"));
        for name in testers_own() {
            command.env_remove(name);
        }
        let mut child = command
            .current_dir(self.0.path())
            .args(["demo", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let accounts = out.by_ref().map_while(Result::ok).take(2).collect();
        let address = log.by_ref().lines().map_while(Result::ok).find_map(|line| {
            let (_, address) = line.split_once("open at ")?;
            Some(address.trim_end_matches('/').to_owned())
        });
        let base = address.expect("the newsroom did not open");
        let server = Serving {
            base,
            told: String::new(),
            child,
            log: Some(log),
        };
        (accounts, server)
    }
}

impl Run {
    /// The run failed, and said why in one sentence on standard error.
    pub fn assert_fails_with(&self, sentence: &str) {
        assert_eq!(self.code, 1, "{}{}", self.out, self.err);
        assert_eq!(self.err.trim_end().lines().count(), 1, "{}", self.err);
        assert!(self.err.starts_with("rejoinder: "), "{}", self.err);
        assert!(self.err.contains(sentence), "{}", self.err);
    }

    /// The run went well and said nothing but its data.
    pub fn assert_says(&self, out: &str) {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.out);
        assert_eq!(self.out, out);
    }
}

/// A running server, killed with this value.
pub struct Serving {
    pub base: String,
    /// What its log said until it served.
    pub told: String,
    child: Child,
    /// Kept open: the server goes on writing to it.
    log: Option<BufReader<ChildStderr>>,
}

impl Serving {
    pub fn page(&self, path: &str) -> String {
        let mut answer = ureq::get(format!("{}{path}", self.base)).call().unwrap();
        answer.body_mut().read_to_string().unwrap()
    }

    /// The next line of the log that has these words; none when the server ends before.
    pub fn next_line(&mut self, words: &str) -> Option<String> {
        loop {
            let mut line = String::new();
            let log = self.log.as_mut().expect("the log is read elsewhere");
            if log.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            if line.contains(words) {
                return Some(line);
            }
        }
    }

    /// Reads on from the log, or a server with much to say would wait for room in the pipe.
    pub fn read_on(&mut self) {
        if let Some(mut log) = self.log.take() {
            std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        }
    }

    /// Asks the server to stop, and waits until it says that it has: then the audit log is sealed.
    pub fn stop(mut self) {
        self.ask_to_stop();
        assert!(self.next_line("\"stopped\"").is_some());
    }

    /// Asks the server to stop.
    pub fn ask_to_stop(&self) {
        let id = self.child.id().to_string();
        let asked = std::process::Command::new("kill").arg(id).status().unwrap();
        assert!(asked.success());
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // One that was asked to stop may have gone.
        drop(self.child.kill());
        self.child.wait().unwrap();
    }
}
