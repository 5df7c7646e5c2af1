//! Numbers that are none, or no number of anything.

use crate::desk::admin;
use crate::support::{Client, Page, Server, on_each_engine};

use super::routes::{NOWHERE, Places, all};

const NUMBERS: [&str; 30] = [
    "0",
    "-0",
    "-1",
    "+1",
    "%2B1",
    "%201",
    "1%20",
    "1.0",
    "1e3",
    "0x1",
    "0b1",
    "1_000",
    "1,000",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999999999999",
    "-9223372036854775808",
    "%D9%A1",
    "%EF%BC%91",
    "%C2%B9",
    "%E2%85%A0",
    "NaN",
    "Infinity",
    "null",
    "undefined",
    "1%00",
    "%00",
    "1;2",
];
/// Parameters that hold an id.
const PARAMETERS: [&str; 10] = [
    "from", "reply_to", "before", "after", "done", "bulk", "id", "version", "author", "article",
];

/// Sends a form of the desk with a token that was read once.
fn send(staff: &Client, csrf: &str, path: &str, fields: &[(&str, &str)]) -> Page {
    let mut all = vec![("csrf", csrf)];
    all.extend_from_slice(fields);
    staff.post(path, &all)
}

#[test]
fn a_number_that_is_none_or_out_of_range_is_no_page_and_no_fault() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.article("ferry");
        let reader = server.visitor();
        reader.reply("ferry", "Ama", "Some words.");
        let staff = admin(&server, "Priya");
        let csrf = staff.get("/moderation").value("[name=csrf]");
        let before = crate::moderating::acts(&server);
        for number in NUMBERS {
            let there = Places {
                id: number,
                ..NOWHERE
            };
            for route in all()
                .into_iter()
                .filter(|route| route.pattern.contains("{id}"))
            {
                let path = route.at(there);
                if route.get {
                    let page = staff.get(&path);
                    assert_eq!(page.status, 404, "{path}: {}", page.text());
                }
                if route.post {
                    let fields = [
                        ("do", "approve"),
                        ("version", "1"),
                        ("view", ""),
                        ("ground", "1"),
                        ("note", "x"),
                        ("body", "Words"),
                        ("role", "admin"),
                    ];
                    let page = send(&staff, &csrf, &path, &fields);
                    let refused = (400..500).contains(&page.status);
                    assert!(refused, "{path}: {} {}", page.status, page.text());
                }
            }
            let sitemap = reader.get(&format!("/sitemaps/{number}.xml"));
            assert!(sitemap.status < 500, "{number}");
        }
        assert_eq!(crate::moderating::acts(&server), before);
    });
}

#[test]
fn a_number_of_a_query_that_is_none_or_out_of_range_is_no_fault() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.article("ferry");
        server.visitor().reply("ferry", "Ama", "Some words.");
        let staff = admin(&server, "Priya");
        // One refused parameter hides all others; each comes first once.
        for (turn, number) in NUMBERS.into_iter().enumerate() {
            let mut names = PARAMETERS;
            names.rotate_left(turn % PARAMETERS.len());
            let single = format!("{}={number}", names[0]);
            let whole = names.map(|name| format!("{name}={number}")).join("&");
            for route in all().into_iter().filter(|route| route.get) {
                for query in [&single, &whole] {
                    let path = format!("{}?{query}", route.at(Places { id: "1", ..NOWHERE }));
                    let page = staff.get(&path);
                    assert!(page.status < 500, "{path}: {}", page.text());
                }
            }
        }
        for path in [
            "/articles/ferry",
            "/",
            "/moderation",
            "/moderation/audit",
            "/moderation/people",
            "/moderation/policy/lists",
            "/moderation/articles",
        ] {
            for name in PARAMETERS {
                for number in NUMBERS {
                    let page = staff.get(&format!("{path}?{name}={number}"));
                    assert!(page.status < 500, "{path}?{name}={number}: {}", page.text());
                }
            }
        }
    });
}

#[test]
fn a_number_in_a_field_that_is_none_or_out_of_range_is_refused_and_changes_nothing() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        server.visitor().reply("ferry", "Ama", "Waits.");
        let staff = admin(&server, "Priya");
        let csrf = staff.get("/moderation").value("[name=csrf]");
        let before = crate::moderating::acts(&server);
        let names = [
            "version", "id", "ground", "saved", "parent", "revision", "seen", "undo", "ids",
            "count", "key", "links", "fast",
        ];
        let numbers = NUMBERS.map(|number| {
            number
                .replace("%2B", "+")
                .replace("%20", " ")
                .replace("%00", "\0")
                .replace("%EF%BC%91", "１")
        });
        let routes: Vec<_> = all()
            .into_iter()
            .filter(|route| route.post && route.pattern != "/logout")
            .collect();
        for (turn, number) in numbers.into_iter().enumerate() {
            for route in &routes {
                let path = route.at(Places { id: "1", ..NOWHERE });
                let act = ["reject", "send", "undo", "remove"][turn % 4];
                let mut fields = vec![("do", act), ("view", ""), ("name", "Ama")];
                fields.extend(names.map(|name| (name, number.as_str())));
                let page = send(&staff, &csrf, &path, &fields);
                assert!(
                    page.status < 500,
                    "{path} {act} {number:?}: {}",
                    page.text()
                );
            }
        }
        assert_eq!(crate::moderating::acts(&server), before);
        assert_eq!(staff.get("/moderation").count(".item"), 1);
    });
}
