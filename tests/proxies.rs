//! The recipes of docs/OPERATIONS.md, run as they stand there but for ports, names and certificates, where nginx and Caddy are
//! installed (in `/usr`, or where `REJOINDER_TEST_NGINX` and `REJOINDER_TEST_CADDY` say).

mod support;

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use support::{Client, Engine, Server, ports, skip};
use tempfile::TempDir;

/// A proxy in a process of its own, ended with this value.
struct Proxy(Child);

impl Drop for Proxy {
    fn drop(&mut self) {
        // nginx passes a quick stop on to its workers; a kill would leave them behind.
        let stop = format!("kill -TERM {}", self.0.id());
        drop(Command::new("sh").args(["-c", &stop]).status());
        drop(self.0.wait());
    }
}

fn program(variable: &str, usual: &str) -> Option<PathBuf> {
    let path = std::env::var_os(variable).map_or_else(|| PathBuf::from(usual), PathBuf::from);
    if path.exists() {
        return Some(path);
    }
    skip(&format!("a proxy: {} is not there", path.display()));
    None
}

/// The first block of this language in docs/OPERATIONS.md.
fn recipe(language: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/OPERATIONS.md");
    let document = fs::read_to_string(path).unwrap();
    let (_, after) = document.split_once(&format!("```{language}\n")).unwrap();
    after.split_once("```").unwrap().0.to_owned()
}

/// Puts what a test needs in the place of what a site has; each has to be there.
fn replaced(recipe: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(recipe.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the recipe has no {from}");
        text.replace(from, to)
    })
}

fn started(command: &mut Command, port: u16, folder: &Path) -> Proxy {
    let log = fs::File::create(folder.join("said")).unwrap();
    let mut proxy = Proxy(command.stdout(Stdio::null()).stderr(log).spawn().unwrap());
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        let ended = proxy.0.try_wait().unwrap();
        let said = || fs::read_to_string(folder.join("said")).unwrap();
        assert!(
            ended.is_none() && begun.elapsed() < Duration::from_secs(20),
            "{}",
            said()
        );
        std::thread::yield_now();
    }
    proxy
}

/// What a site behind a proxy has to do.
fn hold_to_the_recipe(base: &str) {
    let reader = Client::new(base);
    let page = reader.get("/articles/ferry");
    assert_eq!(page.status, 200);
    assert_eq!(
        page.header("cache-control"),
        Some("public, max-age=0, s-maxage=1, stale-if-error=600")
    );
    let tag = page.header("etag").unwrap().to_owned();
    assert_eq!(
        reader
            .get_with("/articles/ferry", &[("if-none-match", &tag)])
            .status,
        304
    );

    // A form is taken, from here and from nowhere else.
    let receipt = reader.reply("ferry", "Ama", "Through the proxy.");
    assert_eq!(
        reader.get(&receipt).header("cache-control"),
        Some("no-store")
    );
    let form = b"name=Ama&body=Words&do=send";
    let target = "/articles/ferry/replies";
    let foreign = reader.post_raw(target, form, &[("origin", "https://evil.example")]);
    assert_eq!(foreign.status, 403);
    let large = vec![b'a'; 3 << 20];
    assert_eq!(
        reader
            .post_raw(target, &large, &[("origin", reader.base())])
            .status,
        413
    );

    // Networks are those of the clients, whatever they claim: two replies a minute, and each claim is another's.
    let mut taken = 0;
    for n in 0..4 {
        let claim = format!("203.0.113.{n}");
        let body = format!("name=Ama&body=Words+{n}&do=send");
        let sent = reader.post_raw(
            target,
            body.as_bytes(),
            &[("origin", reader.base()), ("x-forwarded-for", &claim)],
        );
        taken += i32::from(sent.status == 303);
    }
    assert_eq!(taken, 1, "the first of this minute was the one above");
}

/// Somebody who begins a request and says no more.
fn begin_a_head(port: u16) -> (TcpStream, Instant) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: news.example\r\nx-slow: ")
        .unwrap();
    (stream, Instant::now())
}

/// The proxy waits for a head as long as the recipe says: 15 seconds.
fn assert_let_go((mut stream, begun): (TcpStream, Instant)) {
    stream
        .set_read_timeout(Some(Duration::from_secs(40)))
        .unwrap();
    let mut heard = Vec::new();
    // A line that is reset is closed too.
    let ended = stream.read_to_end(&mut heard).map_err(|error| error.kind());
    let after = begun.elapsed();
    let silent = matches!(ended, Err(ErrorKind::WouldBlock | ErrorKind::TimedOut));
    let in_time = after > Duration::from_secs(14) && after < Duration::from_secs(25);
    assert!(!silent && in_time, "{ended:?} after {after:?}");
}

fn behind(port: u16, proxy: &str) -> Server {
    let server = Server::with(
        Engine::Sqlite,
        &[
            ("trusted_proxies", proxy),
            ("public_url", &format!("http://127.0.0.1:{port}")),
            ("replies.per_minute", "2"),
        ],
    );
    server.article("ferry");
    server
}

#[test]
fn a_site_behind_nginx_works_as_the_recipe_has_it() {
    let Some(nginx) = program("REJOINDER_TEST_NGINX", "/usr/sbin/nginx") else {
        return;
    };
    let folder = TempDir::new().unwrap();
    let port = ports::free();
    // The test's readers are at 127.0.0.1 too: nginx gets another address, or they would be taken for proxies.
    let server = behind(port, "127.0.0.3/32");
    let path = folder.path().display();
    let site = replaced(
        &recipe("nginx"),
        &[
            ("127.0.0.1:8080", &server.address.to_string()),
            ("/var/cache/nginx/rejoinder", &format!("{path}/cache")),
            (
                "listen 443 ssl http2;",
                &format!("listen 127.0.0.1:{port};"),
            ),
            ("    ssl_certificate     /etc/ssl/news.example.pem;\n", ""),
            ("    ssl_certificate_key /etc/ssl/news.example.key;\n", ""),
        ],
    );
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("{kind}_temp_path {path}/{kind};\n"))
        .collect();
    let whole = format!(
        "daemon off; pid {path}/pid; error_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\nproxy_bind 127.0.0.3;\n{temporary}{site}}}\n"
    );
    fs::write(folder.path().join("nginx.conf"), whole).unwrap();
    let mut command = Command::new(nginx);
    command
        .arg("-p")
        .arg(folder.path())
        .args(["-e", "stderr", "-c"])
        .arg(folder.path().join("nginx.conf"));
    let proxy = started(&mut command, port, folder.path());
    let base = format!("http://127.0.0.1:{port}");
    let slow = begin_a_head(port);
    hold_to_the_recipe(&base);
    assert_let_go(slow);

    // The cache in front goes on when the server is away.
    assert_eq!(Client::new(&base).get("/articles/ferry").status, 200);
    drop(server);
    assert_eq!(Client::new(&base).get("/articles/ferry").status, 200);
    drop(proxy);
}

#[test]
fn a_site_behind_caddy_works_as_the_recipe_has_it() {
    let Some(caddy) = program("REJOINDER_TEST_CADDY", "/usr/bin/caddy") else {
        return;
    };
    let folder = TempDir::new().unwrap();
    let port = ports::free();
    let server = behind(port, "127.0.0.1/32");
    let site = replaced(
        &recipe("caddy"),
        &[
            ("127.0.0.1:8080", &server.address.to_string()),
            ("news.example {", &format!("http://127.0.0.1:{port} {{")),
            (
                "{\n    servers {",
                "{\n    admin off\n    auto_https off\n    servers {",
            ),
        ],
    );
    let file = folder.path().join("Caddyfile");
    fs::write(&file, site).unwrap();
    let mut command = Command::new(caddy);
    command
        .args(["run", "--adapter", "caddyfile", "--config"])
        .arg(&file)
        .env("HOME", folder.path())
        .env("XDG_DATA_HOME", folder.path())
        .env("XDG_CONFIG_HOME", folder.path());
    let proxy = started(&mut command, port, folder.path());
    let slow = begin_a_head(port);
    hold_to_the_recipe(&format!("http://127.0.0.1:{port}"));
    assert_let_go(slow);
    drop(proxy);
}
