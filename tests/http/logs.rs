//! The log of the real program: what it never says, and that one event stays one line whatever somebody sends.

use std::fs;
use std::time::{Duration, Instant};

use rejoinder::moderation::Role;

use crate::attacks::spawned::{exchange, statuses};
use crate::support::program::serve;
use crate::support::{Client, Database, Engine, PASSWORD, Server, on_each_engine};

/// Where readers and moderators seem to be, as the proxy has it.
const ADDRESS: &str = "198.51.100.77";
const FORGED: &str = "FORGED: an admin signed in";

/// A server whose log is a file; the address is in its last line when it serves.
struct Logged {
    program: std::process::Child,
    log: std::path::PathBuf,
    base: String,
}

impl Logged {
    fn start(database: &Database, format: &str) -> Self {
        let log = database.folder().join(format!("log.{format}"));
        let mut command = serve(database);
        command
            .env("REJOINDER_LOG__FORMAT", format)
            .env("REJOINDER_LOG__LEVEL", "debug")
            .stdout(std::process::Stdio::null())
            .stderr(fs::File::create(&log).unwrap());
        let program = command.spawn().unwrap();
        let begun = Instant::now();
        let base = loop {
            let said = fs::read_to_string(&log).unwrap();
            let line = said
                .lines()
                .find(|line| line.contains("serving") && said.ends_with('\n'));
            if let Some((_, rest)) = line.and_then(|line| line.split_once("http://127.0.0.1:")) {
                let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
                break format!("http://127.0.0.1:{port}");
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{said}");
            std::thread::yield_now();
        };
        Self { program, log, base }
    }

    /// Ends it, and says all that it wrote.
    fn end(mut self) -> String {
        let kill = format!("kill -TERM {}", self.program.id());
        let sent = std::process::Command::new("sh")
            .args(["-c", &kill])
            .status();
        assert!(sent.unwrap().success());
        assert!(self.program.wait().unwrap().success());
        fs::read_to_string(&self.log).unwrap()
    }
}

/// A newsroom with Dana, over whose database the program is started.
fn newsroom(engine: Engine) -> Database {
    let server = Server::start(engine);
    server.article("ferry");
    server.account("Dana", Role::Moderator);
    server.stop()
}

/// Signs in, fails to, posts, reads the receipt, reports, decides. What of it is nobody's business but the database's.
fn work(base: &str) -> Vec<String> {
    let (reader, dana) = (Client::new(base), Client::new(base));
    let fields = [
        ("name", "Quillonette"),
        ("password", "hushed-heron-reed"),
        ("next", ""),
    ];
    let failed = Client::new(base).post_from(ADDRESS, "/login", &fields);
    assert_eq!(failed.status, 422);
    let fields = [("name", "Dana"), ("password", PASSWORD), ("next", "")];
    assert_eq!(dana.post_from(ADDRESS, "/login", &fields).status, 303);
    let fields = [
        ("name", "Zephyrine"),
        ("email", "zephyrine@mail.example"),
        ("website", "https://zephyr.example/about"),
        ("body", "Heliotrope words."),
        ("remember", "1"),
        ("do", "send"),
    ];
    let sent = reader.post_from(ADDRESS, "/articles/ferry/replies", &fields);
    let receipt = sent.location();
    assert_eq!(reader.get(&receipt).status, 200);
    assert_eq!(
        reader.get(&format!("{receipt}/edit?q=gooseberry")).status,
        200
    );
    let decided = dana.decide("waiting", "Heliotrope", "approve", "");
    assert_eq!(decided.status, 303);
    let fields = [("ground", "4"), ("explanation", "Marmalade reasons.")];
    let reported = reader.post("/comments/1/report", &fields).location();
    assert_eq!(reader.get(&reported).status, 200);
    let found = dana.get("/moderation?tab=all&q=heliotrope");
    let csrf = found.value("input[name=csrf]");
    let last = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let mut secrets: Vec<String> = [
        "Quillonette",
        "hushed-heron-reed",
        "Dana",
        PASSWORD,
        "Zephyrine",
        "mail.example",
        "zephyr.example",
        "Heliotrope",
        "Marmalade",
        "gooseberry",
        ADDRESS,
        "198.51.100.0",
        "NosyBrowser",
    ]
    .map(str::to_owned)
    .to_vec();
    secrets.extend([last(&receipt), last(&reported), csrf]);
    secrets.extend(["session"].map(|name| dana.cookie(name).unwrap()));
    secrets.extend(["author"].map(|name| reader.cookie(name).unwrap()));
    secrets
}

/// Ends of lines and commands to a terminal in every place that a request has. How many of these were answered.
fn forge(base: &str) -> usize {
    let address = base.trim_start_matches("http://").parse().unwrap();
    let client = Client::new(base);
    let broken = format!("x\r\n{FORGED}\u{1b}[31m\u{2028}\u{85}\0");
    for fields in [
        [
            ("name", broken.as_str()),
            ("password", "x"),
            ("next", &broken),
        ],
        [("name", "Ama"), ("body", &broken), ("do", "send")],
        [("do", broken.as_str()), ("parent", &broken), ("body", "x")],
    ] {
        for path in ["/login", "/articles/ferry/replies", "/comments/1/report"] {
            client.post(path, &fields);
        }
    }
    let encoded: String = url::form_urlencoded::byte_serialize(broken.as_bytes()).collect();
    let encoded = encoded.replace('+', "%20");
    let mut answered = 9;
    let raw = format!("x\u{1b}[31m{FORGED}");
    for head in [
        format!("GET /{encoded} HTTP/1.1"),
        format!("GET /articles/{encoded}?q={encoded} HTTP/1.1"),
        format!("GET /replies/{encoded} HTTP/1.1"),
        format!("POST /login?{encoded} HTTP/1.1"),
        "FORGED GET / HTTP/1.1".to_owned(),
        "FORGED-METHOD / HTTP/1.1".to_owned(),
        format!("GET / HTTP/1.1\r\nuser-agent: NosyBrowser {raw}"),
        format!("GET / HTTP/1.1\r\nreferer: {raw}\r\nx-request-id: {raw}"),
        format!("GET / HTTP/1.1\r\nx-forwarded-for: {raw}\r\ntraceparent: {raw}"),
        format!("GET /moderation HTTP/1.1\r\ncookie: session={raw}"),
        format!("GET / HTTP/1.1\r\nuser-agent: a\r\n {FORGED}"),
        format!("GET /{raw} HTTP/1.1"),
    ] {
        let request = format!("{head}\r\nhost: a\r\nconnection: close\r\n\r\n");
        answered += statuses(&exchange(address, request.as_bytes())).len();
    }
    answered
}

/// One line in each format: a moment, a level, and nothing that moves a cursor.
#[track_caller]
fn assert_one_event(line: &str, format: &str) {
    let control = line.chars().any(char::is_control);
    assert!(!control, "{}", line.escape_debug());
    let levels = ["ERROR", "WARN", "INFO", "DEBUG"];
    match format {
        "json" => {
            let event: serde_json::Value = serde_json::from_str(line).unwrap();
            assert!(event["timestamp"].is_string(), "{line}");
            assert!(levels.contains(&event["level"].as_str().unwrap()), "{line}");
        }
        _ => {
            let mut words = line.split_whitespace();
            let moment = words.next().unwrap();
            assert!(moment.starts_with("20") && moment.ends_with('Z'), "{line}");
            assert!(levels.contains(&words.next().unwrap()), "{line}");
        }
    }
}

#[test]
fn the_log_tells_what_was_done_and_no_address_name_password_or_text_and_one_event_in_one_line() {
    on_each_engine(|engine| {
        for format in ["text", "json"] {
            let database = newsroom(engine);
            let server = Logged::start(&database, format);
            let secrets = work(&server.base);
            let forged = forge(&server.base);
            let log = server.end();
            for line in log.lines() {
                assert_one_event(line, format);
            }
            for secret in &secrets {
                let there = log
                    .lines()
                    .find(|line| line.to_lowercase().contains(&secret.to_lowercase()));
                assert_eq!(there, None, "{format}: {secret} is in the log");
            }
            assert!(!log.contains("FORGED"), "{log}");
            // It does tell of them: a line for each request that got as far as being one, and one for what came of it.
            let lines = |words: &str| log.lines().filter(|line| line.contains(words)).count();
            assert!(lines("answered") > forged.min(15), "{log}");
            assert_eq!(lines("signing in failed"), 1 + 3, "{log}");
            assert_eq!(lines("signed in"), 1, "{log}");
            assert!(lines("/replies/{receipt}") > 0, "{log}");
        }
    });
}
