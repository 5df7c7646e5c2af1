//! Anything at all in queries, paths and tokens. `REJOINDER_TEST_CASES` asks for more of it.

use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};

use crate::desk::admin;
use crate::support::{Server, on_each_engine};

use super::routes::{NOWHERE, Places, all};

/// Requests of each test per engine.
const CASES: u32 = 120;

fn runner() -> TestRunner {
    let cases = std::env::var("REJOINDER_TEST_CASES");
    TestRunner::new(Config {
        cases: cases.map_or(CASES, |cases| cases.parse().unwrap()),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "proptest-regressions/garbage.txt",
        ))),
        ..Config::default()
    })
}

/// Nasty queries, a line each, that are sent to every page each time.
fn corpus() -> Vec<String> {
    let lines = include_str!("../../corpus/queries.txt").lines();
    lines
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(str::to_owned)
        .collect()
}

/// A query of names that pages know and of pieces that their values are made of.
fn query() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "from", "reply_to", "before", "after", "sort", "tab", "q", "why", "article", "author",
        "network", "age", "status", "done", "bulk", "said", "next", "month", "by", "act", "to",
        "comment", "id", "until", "hold", "version", "format", "slug", "view",
    ]);
    let piece = prop::sample::select(vec![
        "0",
        "1",
        "-1",
        "9223372036854775807",
        "9223372036854775808",
        "%00",
        "%ff",
        "%",
        "%zz",
        "+",
        "&",
        "=",
        ";",
        "spam",
        "waiting",
        "all",
        "newest",
        "2026-11",
        "0000-00-00",
        "9999-99-99",
        "-9999-01-01",
        "'",
        "%22",
        "\\",
        "*",
        "~",
        ".",
        ",",
        "-",
        "_",
        "%25",
        "%0a",
        "%0d%0a",
        "%f0%9f%98%80",
        "%cc%81",
        "AND",
        "OR",
        "NEAR(",
        ":*",
        "!",
        "(",
        ")",
        "%e2%80%ae",
        "1e9",
        "null",
        "A",
        "a-1-2",
        "1.2.3",
        "1-1",
    ]);
    let value = prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat());
    let pair = (name, value).prop_map(|(name, value)| format!("{name}={value}"));
    prop::collection::vec(pair, 1..5).prop_map(|pairs| pairs.join("&"))
}

#[test]
fn no_query_is_ever_a_fault_of_the_server() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.article("ferry");
        let receipt = server.visitor().reply("ferry", "Ama", "Some words.");
        let staff = admin(&server, "Priya");
        let there = Places {
            id: "1",
            receipt: receipt.strip_prefix("/replies/").unwrap(),
            ..NOWHERE
        };
        let pages: Vec<String> = all()
            .iter()
            .filter(|route| route.get)
            .map(|route| route.at(there))
            .collect();
        for query in corpus() {
            for page in &pages {
                let answer = staff.get(&format!("{page}?{query}"));
                assert!(answer.status < 500, "{page}?{query}: {}", answer.text());
            }
        }
        let outcome = runner().run(&(prop::sample::select(pages), query()), |(page, query)| {
            let answer = staff.get(&format!("{page}?{query}"));
            prop_assert!(answer.status < 500, "{}?{}: {}", page, query, answer.text());
            Ok(())
        });
        outcome.unwrap();
    });
}

#[test]
fn no_path_receipt_or_cookie_is_ever_a_fault_of_the_server() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let reader = server.visitor();
        let text = prop::collection::vec(any::<u8>(), 0..40);
        let places = prop::sample::select(vec![
            "/replies/",
            "/reports/",
            "/articles/",
            "/comments/",
            "/threads/",
            "/static/",
            "/sitemaps/",
            "/",
            "/login/",
        ]);
        let outcome = runner().run(
            &(places, text, "[ -:<-~]{0,60}"),
            |(place, bytes, cookie)| {
                let path: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
                let plain: String = url::form_urlencoded::byte_serialize(&bytes).collect();
                for path in [path, plain] {
                    let cookie = cookie.replace(';', ",");
                    let header = format!("session={cookie}; device={cookie}; sign-in={cookie}");
                    let page = reader.get_with(&format!("{place}{path}"), &[("cookie", &header)]);
                    prop_assert!(page.status < 500, "{}{}: {}", place, path, page.text());
                    let page = reader.get_with("/moderation", &[("cookie", &header)]);
                    prop_assert_eq!(page.status, 303);
                    let page = reader.post(&format!("/replies/{path}/withdraw"), &[]);
                    prop_assert!(
                        page.status == 404 || page.status == 405,
                        "{}: {}",
                        path,
                        page.status
                    );
                }
                Ok(())
            },
        );
        outcome.unwrap();
    });
}

#[test]
fn no_form_is_ever_a_fault_of_the_server() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("login.per_minute", "100000")]);
        server.article("ferry");
        let reader = server.visitor();
        let piece = prop::sample::select(vec![
            "name=",
            "body=",
            "email=",
            "website=",
            "parent=",
            "do=send",
            "do=preview",
            "remember=1",
            "&",
            "&",
            "&",
            "=",
            "%00",
            "%ff",
            "%c3%28",
            "%ed%a0%80",
            "+",
            "A",
            "b",
            "1",
            "-1",
            "99999999999999999999",
            "http://a.example",
            "@a.example",
            "%0a",
            "%0d",
            "%e2%80%8b",
            "%f0%9f%98%80",
            "*",
            "[x](",
            "<",
            ">",
            "`",
            "%25",
            "%",
            "%2",
            "%zz",
        ]);
        let form = prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat());
        let outcome = runner().run(&form, |form| {
            let headers = [("origin", reader.base())];
            for path in [
                "/articles/ferry/replies",
                "/comments/1/report",
                "/replies/x/edit",
                "/login/code",
                "/articles/none/replies",
            ] {
                let page = reader.post_raw(path, form.as_bytes(), &headers);
                prop_assert!(page.status < 500, "{} {}: {}", path, form, page.text());
            }
            Ok(())
        });
        outcome.unwrap();
    });
}
