//! The policy: what each of its settings and lists does to a reply, and what moderators and readers read of it.

use rejoinder::moderation::Role;
use rejoinder::time::{MINUTE, SECOND};

use crate::desk::{post, toast};
use crate::support::{Client, Page, Server, on_each_engine};

pub const POLICY: &str = "/moderation/policy";
pub const LISTS: &str = "/moderation/policy/lists";

/// A newsroom with two articles, and an admin.
pub fn newsroom(server: &Server) -> Client {
    server.article("ferry");
    server.article("bakery");
    admin(server)
}

pub fn admin(server: &Server) -> Client {
    server.account("Dana", Role::Admin);
    let dana = server.visitor();
    dana.sign_in("Dana", crate::support::PASSWORD);
    dana
}

/// Adds entries that are looked for everywhere, until removed.
pub fn list(admin: &Client, kind: &str, patterns: &str, action: &str) -> Page {
    let fields = [
        ("do", "add"),
        ("kind", kind),
        ("patterns", patterns),
        ("action", action),
        ("in-text", "yes"),
        ("in-name", "yes"),
        ("in-website", "yes"),
        ("until", ""),
    ];
    post(admin, LISTS, &fields)
}

/// Saves settings: those named, and the others as the form has them.
pub fn set(admin: &Client, changes: &[(&str, &str)]) -> Page {
    let form = admin.get(POLICY);
    let mut fields: Vec<(String, String)> = vec![("version".into(), form.value("[name=version]"))];
    for name in ["links", "fast"] {
        fields.push((name.into(), form.value(&format!("main [name={name}]"))));
    }
    let hold = form.attribute("#hold option[selected]", "value");
    fields.push(("hold".into(), hold));
    for name in ["duplicates", "new-author-link", "trust"] {
        if form.count(&format!("[name={name}][checked]")) > 0 {
            fields.push((name.into(), "yes".into()));
        }
    }
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).into(), (*value).into()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (&**a, &**b)).collect();
    post(admin, POLICY, &fields)
}

/// Sends a reply with these fields besides; the answer.
pub fn send(client: &Client, slug: &str, body: &str, fields: &[(&str, &str)]) -> Page {
    let mut all = vec![("do", "send"), ("body", body)];
    if !fields.iter().any(|(name, _)| *name == "name") {
        all.push(("name", "Ama"));
    }
    all.extend(fields);
    client.post(&format!("/articles/{slug}/replies"), &all)
}

/// Why the newest comment of a list is there, and what is marked in it.
pub fn why(admin: &Client, tab: &str) -> (Vec<String>, Vec<String>) {
    let page = admin.get(&format!("/moderation?tab={tab}&sort=newest"));
    let first = ".item:first-of-type";
    let why = page.texts(&format!("{first} .evid div:first-child li"));
    (why, page.texts(&format!("{first} mark")))
}

#[test]
fn each_reason_stands_in_the_queue_in_words_with_its_match_marked_and_what_looks_alike_does_not() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        let dana = newsroom(&server);
        for (kind, pattern) in [
            ("words", "casino"),
            ("words", "buy now"),
            ("words", "bonus*"),
            ("words", "казино"),
            ("domain", "lark.example"),
            ("email", "mailinator.example"),
            ("network", "203.0.113.0/24"),
        ] {
            assert_eq!(list(&dana, kind, pattern, "hold").status, 303, "{pattern}");
        }
        let reader = server.visitor();
        let url = |n| format!("http://a.example/{n}");
        let (one, two, three) = (url(1), url(2), url(3));
        type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a [&'a str]);
        let caught: &[Case] = &[
            (
                "Off to the C.a.s.i.n.o today",
                &[],
                "contains “C.a.s.i.n.o”; listed: “casino”",
                &["C.a.s.i.n.o"],
            ),
            (
                "A cаsinо, in two scripts",
                &[],
                "contains “cаsinо”; listed: “casino”",
                &["cаsinо"],
            ),
            (
                "CÁSINO again",
                &[],
                "contains “CÁSINO”; listed: “casino”",
                &["CÁSINO"],
            ),
            (
                "So *buy* now, all of you",
                &[],
                "contains “buy now”; listed: “buy now”",
                &["buy", "now"],
            ),
            (
                "Bonuses for all",
                &[],
                "contains “Bonuses”; listed: “bonus*”",
                &["Bonuses"],
            ),
            (
                "Пойдём в КАЗИНО",
                &[],
                "contains “КАЗИНО”; listed: “казино”",
                &["КАЗИНО"],
            ),
            (
                "Fine words.",
                &[("name", "Casino Royal")],
                "the name contains “Casino”; listed: “casino”",
                &["Casino"],
            ),
            (
                "Fine words 2.",
                &[("website", "https://x.lark.example")],
                "the website is at “x.lark.example”; listed: “lark.example”",
                &["x.lark.example"],
            ),
            (
                "See https://www.lark.example/a",
                &[],
                "links to or names www.lark.example; listed: lark.example",
                &["www.lark.example"],
            ),
            (
                "Fine words 3.",
                &[("email", "a@mx.mailinator.example")],
                "the email address is at the listed domain mailinator.example",
                &[],
            ),
            (
                &format!("{one} {two} {three}"),
                &[],
                "contains 3 links; the limit is 2",
                &[&one, &two, &three],
            ),
        ];
        for (body, fields, reason, marks) in caught {
            let answer = send(&reader, "ferry", body, fields);
            assert_eq!(answer.status, 303, "{body}");
            let (reasons, marked) = why(&dana, "waiting");
            assert_eq!(reasons, [*reason], "{body}");
            assert_eq!(marked, *marks, "{body}");
            assert!(!reader.get("/articles/ferry").text().contains(body));
        }
        let waiting = dana.get("/moderation").count(".item");
        for (body, fields) in [
            ("The occasional casinos", &[][..]),
            ("C. A. Sino wrote it", &[]),
            ("I would buy it now", &[]),
            ("A bonu for you", &[]),
            ("Касиро", &[]),
            ("Fine 4", &[("name", "Casinova")]),
            ("Fine 5", &[("website", "https://skylark.example")]),
            ("See https://lark.example.org/ for more", &[]),
            ("Fine 6", &[("email", "a@notmailinator.example")]),
            (&format!("{one} {two}"), &[]),
        ] {
            let answer = send(&reader, "ferry", body, fields);
            let receipt = reader.get(&answer.location());
            assert_eq!(receipt.only("h1"), "Your reply is published", "{body}");
        }
        assert_eq!(dana.get("/moderation").count(".item"), waiting);
    });
}

#[test]
fn a_listed_network_is_that_of_the_client_and_of_no_neighbour() {
    on_each_engine(|engine| {
        let server = Server::with(
            engine,
            &[("replies.hold", "none"), ("trusted_proxies", "127.0.0.1")],
        );
        let dana = newsroom(&server);
        list(&dana, "network", "203.0.113.0/24\n2001:db8::/48", "hold");
        let reader = server.visitor();
        let from = |address: &str, body: &str| {
            let fields = [("name", "Ama"), ("body", body), ("do", "send")];
            let answer = reader.post_from(address, "/articles/ferry/replies", &fields);
            reader.get(&answer.location()).only("h1")
        };
        assert_eq!(
            from("203.0.114.7", "By a neighbour"),
            "Your reply is published"
        );
        assert_eq!(
            from("2001:db8:1::1", "By another"),
            "Your reply is published"
        );
        assert_eq!(
            from("203.0.113.7", "From there"),
            "Your reply is awaiting moderation"
        );
        let (reasons, _) = why(&dana, "waiting");
        assert_eq!(reasons, ["came from a listed network"]);
        assert_eq!(
            from("2001:db8:0:9::1", "By six"),
            "Your reply is awaiting moderation"
        );
        let (reasons, _) = why(&dana, "waiting");
        assert_eq!(reasons, ["came from a listed network"]);
    });
}

#[test]
fn settings_hold_repeated_texts_haste_and_links_of_newcomers_and_spare_those_who_are_trusted() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        let dana = newsroom(&server);
        let changed = set(
            &dana,
            &[("fast", "10"), ("new-author-link", "yes"), ("links", "0")],
        );
        assert_eq!(
            toast(&dana, &changed),
            "Saved. It is in force from the next reply on."
        );
        let same = "The same thirty characters and a few more.";
        let reader = server.visitor();
        let remembered = [("remember", "1")];
        let says = |answer: &Page| reader.get(&answer.location()).only("h1");
        let published = "Your reply is published";
        assert_eq!(says(&send(&reader, "ferry", same, &remembered)), published);
        server.clock.advance(4 * SECOND);
        send(&reader, "bakery", same, &remembered);
        let (reasons, _) = why(&dana, "waiting");
        assert_eq!(
            reasons,
            [
                "the same text was sent to another article",
                "sent 4 seconds after another reply from the same network; the least is 10"
            ]
        );
        server.clock.advance(10 * SECOND);
        assert_eq!(
            says(&send(&reader, "bakery", "Not too fast.", &remembered)),
            published
        );
        server.clock.advance(MINUTE);
        // Short texts are said by many.
        assert_eq!(
            says(&send(&reader, "ferry", "Not too fast.", &remembered)),
            published
        );
        server.clock.advance(MINUTE);
        let link = "More at https://a.example/";
        send(&server.visitor(), "ferry", link, &[("name", "Bo")]);
        let (reasons, marked) = why(&dana, "waiting");
        assert_eq!(
            reasons,
            [
                "contains 1 link; the limit is 0",
                "has a link, and its author has no approved comment yet"
            ]
        );
        assert_eq!(marked, ["https://a.example/"]);
        server.clock.advance(MINUTE);
        set(&dana, &[("links", "2")]);
        assert_eq!(says(&send(&reader, "bakery", link, &remembered)), published);
        // Trust skips what others wait for, and no more.
        list(&dana, "words", "casino", "hold");
        let page = dana.get("/moderation?tab=published&sort=newest");
        let author = page.attribute(".item:first-of-type .c-name", "href");
        post(&dana, &author, &[("do", "trust")]);
        assert_eq!(
            says(&send(
                &reader,
                "bakery",
                "At the casino, at once",
                &remembered
            )),
            published
        );
        set(&dana, &[("trust", "")]);
        let answer = send(&reader, "bakery", "At the casino, once more", &remembered);
        assert_eq!(says(&answer), "Your reply is awaiting moderation");
    });
}
