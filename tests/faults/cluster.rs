//! PostgreSQL servers of a test's own, which may be stopped and thrown away.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use tempfile::TempDir;

use super::support::{ports, skip};

/// A running server with its files.
pub struct Cluster {
    tools: Tools,
    data: PathBuf,
    pub port: u16,
    _folder: Option<TempDir>,
}

/// PostgreSQL's own programs; root runs them as the user that the package made.
#[derive(Debug, Clone)]
struct Tools {
    folder: PathBuf,
    as_user: bool,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

impl Tools {
    fn find() -> Option<Self> {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        let mut folders: Vec<_> = versions
            .filter_map(|version| Some(version.ok()?.path().join("bin")))
            .filter(|folder| folder.join("initdb").exists())
            .collect();
        folders.sort();
        let mut id = Command::new("id");
        let id = id.arg("-u").output().ok()?;
        Some(Self {
            folder: folders.pop()?,
            as_user: id.stdout == b"0\n",
        })
    }

    fn run(&self, program: &str, arguments: &[&str], within: &Path) {
        let path = self.folder.join(program);
        let mut command = match self.as_user {
            true => {
                let mut command = Command::new("runuser");
                command.args(["-u", "postgres", "--"]).arg(path);
                command
            }
            false => Command::new(path),
        };
        // A server that is started keeps these open.
        let status = command
            .args(arguments)
            .current_dir(within)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "{program} {arguments:?}: {status}");
    }
}

/// The recipe for a replica in docs/OPERATIONS.md.
struct Recipe(Vec<(String, Vec<String>)>);

impl Recipe {
    fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/OPERATIONS.md");
        let text = std::fs::read_to_string(path).unwrap();
        let (_, after) = text
            .split_once("**A replica that loses nothing.**")
            .unwrap();
        let block = after.split("```").nth(1).unwrap();
        let mut steps: Vec<(String, Vec<String>)> = Vec::new();
        for line in block.lines().skip(1).filter(|line| !line.is_empty()) {
            match (line.strip_prefix("# "), steps.last_mut()) {
                (Some(title), _) => steps.push((title.to_owned(), Vec::new())),
                (None, Some((_, lines))) => lines.push(line.to_owned()),
                (None, None) => panic!("the recipe begins with {line}"),
            }
        }
        Self(steps)
    }

    /// The lines of the step with this number.
    fn of(&self, number: &str) -> Vec<String> {
        let step = self.0.iter().find(|(title, _)| title.starts_with(number));
        step.unwrap_or_else(|| panic!("no step {number}")).1.clone()
    }
}

impl Cluster {
    /// A new one, or none where PostgreSQL's tools are not there.
    pub fn make() -> Option<Self> {
        let Some(tools) = Tools::find() else {
            skip("a PostgreSQL of its own: initdb is not there");
            return None;
        };
        let folder = TempDir::new().unwrap();
        if tools.as_user {
            let mut chown = Command::new("chown");
            let given = chown.arg("postgres:").arg(folder.path()).status();
            assert!(given.unwrap().success());
        }
        let data = folder.path().join("data");
        let place = data.display().to_string();
        let how = [
            "-D",
            &place,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ];
        tools.run("initdb", &how, folder.path());
        let cluster = Self {
            tools,
            data,
            port: ports::free(),
            _folder: Some(folder),
        };
        cluster.start();
        Some(cluster)
    }

    /// A copy that follows this one, commit by commit, set up as docs/OPERATIONS.md says, line by line.
    pub fn replica(&self) -> Self {
        let recipe = Recipe::read();
        let mut settings = std::fs::OpenOptions::new()
            .append(true)
            .open(self.data.join("postgresql.conf"))
            .unwrap();
        writeln!(settings, "{}", recipe.of("1. ").join("\n")).unwrap();
        self.stop("fast");
        self.start();
        self.execute(&recipe.of("2. ").join("\n"));
        let replica = Self {
            tools: self.tools.clone(),
            data: self.data.with_file_name("replica"),
            port: ports::free(),
            _folder: None,
        };
        let [copy] = &recipe.of("3. ")[..] else {
            panic!("the recipe copies in one line");
        };
        let place = replica.data.display().to_string();
        let here = copy
            .replace("host=db1", &format!("host=127.0.0.1 port={}", self.port))
            .replace("/var/lib/postgresql/data", &place);
        let (program, arguments) = here.split_once(' ').unwrap();
        // One argument has spaces, and is quoted for them.
        let (mut how, mut quoted) = (Vec::new(), false);
        for piece in arguments.split('\'') {
            match (quoted, how.last_mut()) {
                (true, Some(last)) => *last = format!("{last}{piece}"),
                _ => how.extend(piece.split_whitespace().map(str::to_owned)),
            }
            quoted = !quoted;
        }
        how.extend(["--checkpoint=fast", "--no-sync"].map(str::to_owned));
        let how: Vec<&str> = how.iter().map(String::as_str).collect();
        self.tools.run(program, &how, self.parent());
        replica.start();
        self.wait_until("state = 'streaming' AND application_name = 'standby1'");
        for statement in recipe.of("4. ") {
            self.execute(&statement);
        }
        self.wait_until("sync_state = 'sync'");
        replica
    }

    /// Waits until a standby is that.
    fn wait_until(&self, condition: &str) {
        let begun = Instant::now();
        let followed = format!("SELECT count(*) AS n FROM pg_stat_replication WHERE {condition}");
        while self.count(&followed) != 1 {
            assert!(begun.elapsed() < Duration::from_secs(30), "nothing follows");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn parent(&self) -> &Path {
        self.data.parent().unwrap()
    }

    pub fn start(&self) {
        let sockets = self.parent().display();
        let options = format!(
            "-p {} -k {sockets} -c listen_addresses=127.0.0.1 -c max_connections=80 -c shared_buffers=16MB",
            self.port
        );
        let (place, log) = (
            self.data.display().to_string(),
            format!("{}.log", self.data.display()),
        );
        let how = [
            "-D", &place, "-l", &log, "-w", "-t", "60", "-o", &options, "start",
        ];
        self.tools.run("pg_ctl", &how, self.parent());
    }

    /// `fast` ends every line in order, `immediate` is a crash.
    pub fn stop(&self, mode: &str) {
        let place = self.data.display().to_string();
        let how = ["-D", &place, "-m", mode, "-w", "stop"];
        self.tools.run("pg_ctl", &how, self.parent());
    }

    /// Makes the replica the one that is written to.
    pub fn promote(&self) {
        let place = self.data.display().to_string();
        let how = ["-D", &place, "-w", "promote"];
        self.tools.run("pg_ctl", &how, self.parent());
    }

    pub fn execute(&self, statement: &str) {
        self.connect().batch_execute(statement).unwrap();
    }

    fn count(&self, query: &str) -> i64 {
        let counted: Count = diesel::sql_query(query)
            .get_result(&mut self.connect())
            .unwrap();
        counted.n
    }

    fn connect(&self) -> PgConnection {
        let url = format!("postgres://postgres@127.0.0.1:{}/postgres", self.port);
        PgConnection::establish(&url).unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.data.join("postmaster.pid").exists() {
            let stop = || self.stop("immediate");
            // One that is gone already needs no stop, and a test that fails is to say why.
            drop(std::panic::catch_unwind(std::panic::AssertUnwindSafe(stop)));
        }
    }
}
