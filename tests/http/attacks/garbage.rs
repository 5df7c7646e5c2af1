//! Anything at all in queries, paths, tokens and forms. `REJOINDER_TEST_CASES` asks for more of it.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};
use rejoinder::time::{MINUTE, SECOND};

use crate::desk::admin;
use crate::support::{PASSWORD, Server, on_each_engine};
use crate::two_factor::set_up;

use super::routes::{NOWHERE, Places, all};

/// Requests of each test per engine.
const CASES: u32 = 120;

fn cases() -> u32 {
    let cases = std::env::var("REJOINDER_TEST_CASES");
    cases.map_or(CASES, |cases| cases.parse().unwrap())
}

fn runner() -> TestRunner {
    TestRunner::new(Config {
        cases: cases(),
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

/// Pieces of forms in any order; the edit form of this text is among them.
fn form(seen: &str) -> impl Strategy<Value = String> {
    let known = [
        "name=",
        "body=",
        "email=",
        "website=",
        "parent=",
        "do=send",
        "do=preview",
        "remember=1",
        "ground=4",
        "ground=spam",
        "explanation=",
        "code=",
        "next=",
        "&",
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
        "123456",
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
    ];
    let mut pieces = Vec::from(known.map(str::to_owned));
    pieces.push(format!("&seen={seen}&"));
    let piece = prop::sample::select(pieces);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Holds that a handler has seen enough of what was sent: not what is no form at all, nor what leads nowhere.
fn assert_reached(what: &str, times: &Cell<u32>) {
    println!("{what} was reached {} times", times.get());
    assert!(times.get() >= cases() / 20, "{what}: {}", times.get());
}

#[test]
fn no_form_is_ever_a_fault_of_the_server() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.article("ferry");
        let reader = server.visitor();
        let receipt = reader.reply("ferry", "Ama", "Some words.");
        let comment = server.comment_at(&receipt);
        let edit = format!("{receipt}/edit");
        let seen = reader.get(&edit).value("main [name=seen]");
        let there = [
            "/articles/ferry/replies",
            &format!("/comments/{comment}/report"),
            &edit,
        ];
        let nowhere = [
            "/articles/none/replies",
            "/comments/9999/report",
            "/replies/x/edit",
            "/login/code",
        ];
        let reached: [Cell<u32>; 3] = Default::default();
        let outcome = runner().run(&form(&seen), |form| {
            let headers = [("origin", reader.base())];
            for (path, times) in there.iter().zip(&reached) {
                let page = reader.post_raw(path, form.as_bytes(), &headers);
                prop_assert!(page.status < 500, "{} {}: {}", path, form, page.text());
                prop_assert!(page.status != 404, "{} {}", path, form);
                times.set(times.get() + u32::from(page.status != 400));
            }
            for path in nowhere {
                let page = reader.post_raw(path, form.as_bytes(), &headers);
                prop_assert!(page.status < 500, "{} {}: {}", path, form, page.text());
            }
            Ok(())
        });
        outcome.unwrap();
        for (path, times) in there.iter().zip(&reached) {
            assert_reached(path, times);
        }
    });
}

#[test]
fn no_form_of_the_second_step_is_ever_a_fault_of_the_server() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        set_up(&server, &server.moderator("Tess"));
        let half_in = server.visitor();
        let reached = Cell::new(0);
        let outcome = runner().run(&form(""), |form| {
            // Failures of a minute ago slow nobody down; a step that is over is begun anew.
            server.clock.advance(MINUTE + SECOND);
            if half_in.cookie("sign-in").is_none() {
                let owes = half_in.sign_in("Tess", PASSWORD);
                prop_assert_eq!(owes.location(), "/login/code?next=%2Fmoderation");
            }
            let form = format!("code=1{form}");
            let headers = [("origin", half_in.base())];
            let page = half_in.post_raw("/login/code", form.as_bytes(), &headers);
            prop_assert!(page.status < 500, "{}: {}", form, page.text());
            reached.set(reached.get() + u32::from(page.status == 422));
            Ok(())
        });
        outcome.unwrap();
        assert_reached("/login/code", &reached);
    });
}
