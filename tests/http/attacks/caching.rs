//! What one visitor sends must not change what the next one gets.

use crate::support::{Client, Engine, Page, Server};

use super::hosts::NAMING;
use super::routes::{NOWHERE, Places, all};

/// Headers that differ from reader to reader.
const OTHERS: [(&str, &str); 16] = [
    ("accept", "application/json"),
    ("accept-language", "de, tlh"),
    ("accept-encoding", "gzip"),
    ("accept-encoding", "br;q=1, *;q=0"),
    ("user-agent", "poison<script>"),
    (
        "cookie",
        "session=poison; device=poison; sign-in=poison; theme=poison",
    ),
    ("x-forwarded-for", "203.0.113.66"),
    ("x-http-method-override", "DELETE"),
    ("range", "bytes=0-9"),
    ("if-modified-since", "Thu, 01 Jan 2099 00:00:00 GMT"),
    ("if-none-match", "\"poison\""),
    ("cache-control", "no-store, max-age=0"),
    ("pragma", "no-cache"),
    ("authorization", "Basic cG9pc29uOnBvaXNvbg=="),
    ("sec-fetch-site", "cross-site"),
    ("origin", "http://poison.example"),
];

/// What a cache would keep.
fn kept(page: &Page) -> (u16, Option<String>, Option<String>, String) {
    let header = |name| page.header(name).map(str::to_owned);
    (
        page.status,
        header("etag"),
        header("content-type"),
        page.body.clone(),
    )
}

/// Every address that a cache may keep.
fn public(reader: &Client) -> Vec<String> {
    let pages = all()
        .into_iter()
        .filter(|route| route.get && !route.is_desk());
    let there = Places { id: "1", ..NOWHERE };
    let mut paths: Vec<String> = pages.map(|route| route.at(there)).collect();
    paths.extend(
        [
            "/articles/boat",
            "/nothing",
            "/api/counts?slug=ferry",
            "/articles/ferry?sort=newest",
        ]
        .map(str::to_owned),
    );
    paths.retain(|path| reader.get(path).header("cache-control") != Some("no-store"));
    assert!(paths.len() > 10, "{paths:?}");
    paths
}

#[test]
fn nothing_that_one_visitor_sends_changes_what_the_next_one_gets() {
    let server = Server::with(Engine::Sqlite, &[("replies.hold", "none")]);
    server.seed("---\ntitle: Ferry\nslug: ferry\naliases: [boat]\n---\nText.\n");
    let reader = server.visitor();
    reader.reply("ferry", "Ama", "Some words.");
    for path in public(&reader) {
        let clean = kept(&reader.get(&path));
        for header in NAMING
            .into_iter()
            .chain(OTHERS)
            .chain([("host", "evil.example")])
        {
            server.visitor().get_with(&path, &[header]);
            assert_eq!(
                kept(&server.visitor().get(&path)),
                clean,
                "{path} after {header:?}"
            );
        }
        let unknown = [
            "utm_source=poison",
            "callback=poison",
            "_method=POST",
            "preview=1",
            "status=0",
            "all=1",
            "lang=de",
            "debug=1",
            "__proto__%5Bx%5D=1",
            "%00=%ff",
            "%3Cscript%3E=1",
            "cb=%3Cscript%3E",
        ];
        for parameter in unknown {
            let joint = if path.contains('?') { '&' } else { '?' };
            let page = reader.get(&format!("{path}{joint}{parameter}"));
            // The address that an alias leads on to carries its query; nothing else says it again.
            if page.status != 301 {
                assert_eq!(kept(&page), clean, "{path} {parameter}");
            }
            assert_eq!(kept(&reader.get(&path)), clean, "{path} after {parameter}");
        }
    }
}

#[test]
fn what_is_sent_packed_says_so_and_is_given_to_nobody_who_did_not_ask() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let reader = server.visitor();
    let encodings = ["gzip", "br"];
    let mut times = [0; 2];
    for path in public(&reader) {
        let plain = reader.get(&path);
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        for (encoding, times) in encodings.into_iter().zip(&mut times) {
            let packed = reader.get_with(&path, &[("accept-encoding", encoding)]);
            if let Some(by) = packed.header("content-encoding") {
                assert_eq!(by, encoding, "{path}");
                *times += 1;
                let vary = packed.headers_named("vary").join(",").to_ascii_lowercase();
                assert!(vary.contains("accept-encoding"), "{path}: {vary}");
            }
            assert_eq!(
                kept(&reader.get(&path)),
                kept(&plain),
                "{path} after {encoding}"
            );
        }
    }
    // The front page, the article, the rules, the feeds and more.
    assert!(times.iter().all(|times| *times > 5), "{times:?}");
}

#[test]
fn nothing_of_the_desk_or_of_a_receipt_is_kept_by_a_cache() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let reader = server.visitor();
    let receipt = reader.reply("ferry", "Ama", "Waits.");
    let staff = crate::desk::admin(&server, "Priya");
    let there = Places {
        id: "1",
        receipt: receipt.strip_prefix("/replies/").unwrap(),
        ..NOWHERE
    };
    for route in all().into_iter().filter(|route| route.get) {
        let private = route.is_desk()
            || route.pattern.starts_with("/replies/")
            || route.pattern.starts_with("/login");
        if !private {
            continue;
        }
        let path = route.at(there);
        for client in [&reader, &staff] {
            let page = client.get(&path);
            assert_eq!(
                page.header("cache-control"),
                Some("no-store"),
                "{path} {}",
                page.status
            );
            assert_eq!(page.header("etag"), None, "{path}");
        }
        // An ending that caches keep by habit makes no other page of it.
        for ending in [
            "/x.css",
            ".css",
            "%2f..%2fstatic%2fapp.css",
            ";x.js",
            "%0ax.css",
            "/../../static/x.css",
        ] {
            let page = staff.get(&format!("{path}{ending}"));
            assert!(
                page.status == 404 || page.header("cache-control") == Some("no-store"),
                "{path}{ending}"
            );
        }
    }
}
