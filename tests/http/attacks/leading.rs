//! Where answers lead, and what a parameter can put into their heads.

use rejoinder::moderation::Role;

use crate::desk::admin;
use crate::support::{Engine, PASSWORD, Page, Server};

use super::routes::{NOWHERE, Places, all};

/// Values that would lead elsewhere or begin another header, if they reached a head as they are.
const VALUES: [&str; 9] = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "x\r\nX-Injected: yes",
    "x\r\n\r\n<script>",
    "x\nSet-Cookie: injected=1",
    "/moderation/\r\nSet-Cookie: injected=1",
    "x\u{0}y\u{85}z\u{2028}",
];

/// Parameters of all addresses and fields of all forms that name a place, a list or a word to be said again.
const NAMES: [&str; 25] = [
    "next", "view", "from", "sort", "said", "month", "before", "after", "done", "bulk", "id", "q",
    "tab", "did", "version", "hold", "name", "body", "back", "format", "reply_to", "again", "slug",
    "key", "who",
];

#[track_caller]
fn assert_clean(page: &Page, what: &str) {
    assert!(page.status < 500, "{what}: {}", page.text());
    assert_eq!(page.header("x-injected"), None, "{what}");
    for cookie in page.headers_named("set-cookie") {
        assert!(!cookie.contains("injected"), "{what}: {cookie}");
    }
    for location in page.headers_named("location") {
        let own = location.starts_with('/')
            && !location.starts_with("//")
            && !location.starts_with("/\\");
        assert!(own, "{what} leads to {location}");
        assert!(
            location.bytes().all(|byte| byte.is_ascii_graphic()),
            "{what} leads to {location:?}"
        );
    }
}

fn query(name: &str, value: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair(name, value)
        .finish()
}

#[test]
fn no_parameter_leads_elsewhere_or_writes_into_the_head_of_an_answer() {
    let server = Server::with(
        Engine::Sqlite,
        &[("replies.hold", "none"), ("login.per_minute", "100")],
    );
    server.seed("---\ntitle: Ferry\nslug: ferry\naliases: [boat]\n---\nText.\n");
    let reader = server.visitor();
    reader.reply("ferry", "Ama", "Some words.");
    let staff = admin(&server, "Priya");
    let csrf = staff.get("/moderation").value("[name=csrf]");
    let there = Places { id: "1", ..NOWHERE };
    for value in VALUES {
        let whole: String = NAMES.map(|name| query(name, value)).join("&");
        for route in all() {
            let path = route.at(there);
            if route.get {
                let of_lists = ["said", "next", "view", "month", "from", "tab"];
                for name in of_lists {
                    let asked = format!("{path}?{}", query(name, value));
                    assert_clean(&staff.get(&asked), &asked);
                }
                let asked = format!("{path}?{whole}");
                assert_clean(&reader.get(&asked), &asked);
            }
            if route.post && route.pattern != "/logout" {
                let mut fields: Vec<(&str, &str)> =
                    NAMES.iter().map(|name| (*name, value)).collect();
                fields.push(("do", "send"));
                fields.push(("csrf", &csrf));
                assert_clean(&staff.post(&path, &fields), &format!("{path} {value:?}"));
                assert_clean(&reader.post(&path, &fields), &format!("{path} {value:?}"));
            }
        }
        let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let encoded = encoded.replace('+', "%20");
        for path in [
            format!("/articles/boat?{}", query("next", value)),
            format!("/articles/boat/feed.atom?{encoded}"),
            format!("/articles/{encoded}"),
            format!("/replies/{encoded}"),
            format!("/static/{encoded}"),
            format!("/{encoded}"),
            format!("//{encoded}"),
            format!("/moderation/{encoded}"),
            format!("/articles/ferry/{encoded}"),
        ] {
            assert_clean(&reader.get(&path), &path);
        }
    }
}

#[test]
fn neither_step_of_signing_in_leads_anywhere_but_to_the_desk() {
    let server = Server::with(Engine::Sqlite, &[("login.per_minute", "1000")]);
    server.account("Ed", Role::Moderator);
    let (secret, _) = crate::two_factor::set_up(&server, &server.moderator("Dana"));
    for value in VALUES {
        let client = server.visitor();
        let fields = [("name", "Ed"), ("password", PASSWORD), ("next", value)];
        let inside = client.post("/login", &fields);
        assert_eq!(inside.location(), "/moderation", "{value:?}");
        let fields = [("name", "Dana"), ("password", PASSWORD), ("next", value)];
        let owes = client.post("/login", &fields);
        assert_eq!(
            owes.location(),
            "/login/code?next=%2Fmoderation",
            "{value:?}"
        );
        assert_clean(
            &client.get(&format!("/login/code?{}", query("next", value))),
            value,
        );
        server.clock.advance(30_000);
        let right = crate::two_factor::code(&secret, server.now());
        let inside = client.post("/login/code", &[("code", &right), ("next", value)]);
        assert_eq!(inside.location(), "/moderation", "{value:?}");
    }
}
