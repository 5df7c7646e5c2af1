//! Names that a request gives this server.

use crate::support::{Client, Engine, Page, Server};

use super::routes::{NOWHERE, Places, all};

const EVIL: &str = "evil.example";

/// Headers by which proxies name the address that was asked, and by which some frameworks let a client choose another.
pub const NAMING: [(&str, &str); 14] = [
    ("x-forwarded-host", EVIL),
    ("x-forwarded-server", EVIL),
    ("x-host", EVIL),
    ("x-original-host", EVIL),
    ("x-http-host-override", EVIL),
    ("forwarded", "host=evil.example;proto=https"),
    ("x-original-url", "/evil.example"),
    ("x-rewrite-url", "/evil.example"),
    ("x-forwarded-path", "/evil.example"),
    ("x-forwarded-prefix", "/evil.example"),
    ("x-forwarded-proto", "evil.example"),
    ("x-forwarded-scheme", "evil.example"),
    ("x-forwarded-port", "6666"),
    ("referer", "http://evil.example/"),
];

fn site(settings: &[(&'static str, &str)]) -> (Server, String) {
    let mut all = vec![("replies.hold", "none")];
    all.extend_from_slice(settings);
    let server = Server::with(Engine::Sqlite, &all);
    server.seed("---\ntitle: Ferry\nslug: ferry\naliases: [boat]\n---\nText.\n");
    let receipt = server.visitor().reply("ferry", "Ama", "Some words.");
    (server, receipt)
}

/// Every address that a reader can get.
fn paths(receipt: &str) -> Vec<String> {
    let there = Places {
        id: "1",
        receipt: receipt.strip_prefix("/replies/").unwrap(),
        ..NOWHERE
    };
    let pages = all().into_iter().filter(|route| route.get);
    let mut paths: Vec<String> = pages.map(|route| route.at(there)).collect();
    paths.extend([
        "/articles/boat".to_owned(),
        "/nothing".to_owned(),
        "/api/counts?slug=ferry".to_owned(),
    ]);
    paths
}

fn names_evil(page: &Page) -> bool {
    let heads = [
        "location",
        "link",
        "content-location",
        "set-cookie",
        "refresh",
    ];
    page.body.contains(EVIL)
        || heads
            .iter()
            .any(|name| page.headers_named(name).concat().contains(EVIL))
}

#[test]
fn no_header_but_host_names_the_site_and_public_url_is_above_that() {
    for public in [None, Some("http://news.example")] {
        let settings: Vec<_> = public.iter().map(|url| ("public_url", *url)).collect();
        let (server, receipt) = site(&settings);
        let reader = server.visitor();
        for path in paths(&receipt) {
            let plain = reader.get(&path);
            for header in NAMING {
                let page = reader.get_with(&path, &[header]);
                assert_eq!(
                    (page.status, &page.body),
                    (plain.status, &plain.body),
                    "{path} {header:?}"
                );
                assert!(!names_evil(&page), "{path} {header:?}");
            }
            let all = reader.get_with(&path, &NAMING);
            assert_eq!(all.body, plain.body, "{path}");
            let page = reader.get_with(&path, &[("host", EVIL)]);
            // What has absolute addresses in it has to have them from somewhere; no cache may keep them under another name.
            let private = page.header("cache-control") == Some("no-store");
            let absolute = path.ends_with(".atom")
                || path.ends_with(".xml")
                || path.ends_with(".txt")
                || private;
            if public.is_some() || !absolute {
                assert!(!names_evil(&page), "{path}");
            }
        }
    }
}

fn without_names(client: &Client, path: &str, host: &str) -> Page {
    client.get_with(path, &[("host", host)])
}

#[test]
fn a_host_that_is_none_is_repeated_nowhere_and_harms_nothing() {
    let (server, receipt) = site(&[]);
    let reader = server.visitor();
    for host in [
        "\"><script>alert(1)</script>",
        "evil.example/path",
        "evil.example?x",
        "user:pass@evil.example",
        "evil.example:99999",
        "evil.example:80:80",
        "[::1",
        "a b",
        "'",
        "%00",
        "..",
        ":80",
        "xn--",
        "evil.example\\@news.example",
    ] {
        for path in paths(&receipt) {
            let page = without_names(&reader, &path, host);
            assert!(page.status < 500, "{path} {host}: {}", page.text());
            assert!(!page.body.contains("<script>alert"), "{path} {host}");
            assert!(!page.body.contains("user:pass"), "{path} {host}");
            for location in page.headers_named("location") {
                assert!(
                    location.starts_with('/') && !location.starts_with("//"),
                    "{path} {host} {location}"
                );
            }
        }
    }
}
