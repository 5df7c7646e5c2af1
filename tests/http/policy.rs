//! The policy: what each of its settings and lists does to a reply, and what moderators and readers read of it.

use rejoinder::moderation::Role;
use rejoinder::store::{policy, transaction};
use rejoinder::time::{DAY, MINUTE, SECOND};

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
fn send(client: &Client, slug: &str, body: &str, fields: &[(&str, &str)]) -> Page {
    let mut all = vec![("do", "send"), ("body", body)];
    if !fields.iter().any(|(name, _)| *name == "name") {
        all.push(("name", "Ama"));
    }
    all.extend(fields);
    client.post(&format!("/articles/{slug}/replies"), &all)
}

/// Why the newest comment of a list is there, and what is marked in it.
fn why(admin: &Client, tab: &str) -> (Vec<String>, Vec<String>) {
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
        assert_eq!(reasons, ["came from the listed network 203.0.113.0/24"]);
        assert_eq!(
            from("2001:db8:0:9::1", "By six"),
            "Your reply is awaiting moderation"
        );
        let (reasons, _) = why(&dana, "waiting");
        assert_eq!(reasons, ["came from the listed network 2001:db8::/48"]);
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
                "has a link, and its author no approved comment yet"
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

#[test]
fn what_a_list_calls_spam_is_spam_without_a_moderator_and_can_be_appealed_and_undone() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        let dana = newsroom(&server);
        list(&dana, "words", "cheap pills", "spam");
        let reader = server.visitor();
        let receipt = send(&reader, "ferry", "Cheap pills for sale", &[]).location();
        assert_eq!(
            reader.get(&receipt).only("h1"),
            "Your reply is awaiting moderation"
        );
        assert_eq!(reader.get("/articles/ferry").count(".comment"), 0);
        let (reasons, marked) = why(&dana, "spam");
        assert_eq!(
            reasons,
            ["contains “Cheap pills”; listed: “cheap pills”, as spam"]
        );
        assert_eq!(marked, ["Cheap pills"]);
        server.clock.advance(MINUTE);
        let told = reader.get(&receipt);
        assert!(
            told.text()
                .contains("Your reply was not published: it was treated as spam. You can appeal.")
        );
        let log = dana.get("/moderation/audit");
        assert!(
            log.text()
                .contains("marked comment 1 by Ama on About ferry as spam")
        );
        reader.post(&format!("{receipt}/appeal"), &[("why", "I sell nothing.")]);
        let appeals = dana.get("/moderation?tab=appeals");
        assert_eq!(appeals.count(".item"), 1);
        let undo = log.attribute(".log form[action$=undo]", "action");
        let undone = post(&dana, &undo, &[]);
        assert_eq!(undone.status, 303);
        assert_eq!(dana.get("/moderation").count(".item"), 1);
    });
}

#[test]
fn what_a_list_refuses_comes_back_with_everything_that_was_typed() {
    on_each_engine(|engine| {
        let server = Server::with(
            engine,
            &[("replies.hold", "none"), ("trusted_proxies", "127.0.0.1")],
        );
        let dana = newsroom(&server);
        list(&dana, "words", "casino", "refuse");
        list(&dana, "domain", "lark.example", "refuse");
        list(&dana, "email", "lark.example", "refuse");
        list(&dana, "network", "203.0.113.9", "refuse");
        let reader = server.visitor();
        for (body, fields, says, kept) in [
            (
                "A Casino",
                &[][..],
                "This site takes no comment with “Casino” in it",
                "#body",
            ),
            (
                "Fine",
                &[("name", "casino")],
                "This site takes no name with “casino” in it",
                "#name",
            ),
            (
                "Fine",
                &[("website", "https://lark.example")],
                "This site takes no website with “lark.example” in it",
                "#website",
            ),
            (
                "Fine",
                &[("email", "a@lark.example")],
                "This site takes no email address at lark.example",
                "#email",
            ),
            (
                "At lark.example/x",
                &[],
                "This site takes no comment with “lark.example” in it",
                "#body",
            ),
        ] {
            let page = send(&reader, "ferry", body, fields);
            assert_eq!(page.status, 422, "{body} {fields:?}");
            assert_eq!(page.texts(".note.no a"), [says]);
            assert_eq!(page.attribute(".note.no a", "href"), kept);
            assert_eq!(page.value("#body"), body);
        }
        let fields = [("name", "Ama"), ("body", "From nine"), ("do", "send")];
        let page = reader.post_from("203.0.113.9", "/articles/ferry/replies", &fields);
        assert_eq!(page.status, 422);
        assert_eq!(
            page.texts(".note.no a"),
            ["This site takes no replies from your network"]
        );
        assert_eq!(server.stored_comments(), 0);
        // An edit is held to the same.
        let receipt = send(&reader, "ferry", "Fine words", &[]).location();
        let form = reader.get(&format!("{receipt}/edit"));
        let seen = form.value("main [name=seen]");
        let fields = [
            ("seen", &*seen),
            ("body", "A casino after all"),
            ("do", "send"),
        ];
        let page = reader.post(&format!("{receipt}/edit"), &fields);
        assert_eq!(page.status, 422);
        assert!(
            page.text()
                .contains("This site takes no comment with “casino” in it")
        );
        assert_eq!(page.value("textarea"), "A casino after all");
    });
}

#[test]
fn an_edit_is_held_by_what_it_adds_and_freed_of_what_it_takes_out() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let dana = newsroom(&server);
        list(&dana, "words", "casino", "hold");
        let reader = server.visitor();
        let receipt = send(&reader, "ferry", "The casino", &[]).location();
        assert_eq!(why(&dana, "waiting").0.len(), 2);
        let edit = |body: &str| {
            let form = reader.get(&format!("{receipt}/edit"));
            let seen = form.value("main [name=seen]");
            let fields = [("seen", &*seen), ("body", body), ("do", "send")];
            assert_eq!(reader.post(&format!("{receipt}/edit"), &fields).status, 303);
        };
        edit("The theatre");
        assert_eq!(why(&dana, "waiting").0, ["every reply is read first"]);
        edit("The theatre, or a casino");
        let (reasons, marked) = why(&dana, "waiting");
        assert_eq!(reasons[0], "contains “casino”; listed: “casino”");
        assert_eq!(marked, ["casino"]);
    });
}

#[test]
fn an_entry_ends_at_its_date_and_when_it_is_removed() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        let dana = newsroom(&server);
        let tomorrow = rejoinder::time::Zone::utc().date(server.now().plus(DAY));
        let fields = [
            ("do", "add"),
            ("kind", "words"),
            ("patterns", "casino"),
            ("action", "hold"),
            ("in-text", "yes"),
            ("until", &*tomorrow),
        ];
        assert_eq!(post(&dana, LISTS, &fields).status, 303);
        let reader = server.visitor();
        let says = |body: &str| {
            reader
                .get(&send(&reader, "ferry", body, &[]).location())
                .only("h1")
        };
        assert_eq!(says("A casino"), "Your reply is awaiting moderation");
        server.clock.advance(2 * DAY);
        assert_eq!(says("A casino later"), "Your reply is published");
        let dana = admin_again(&server);
        assert!(dana.get(LISTS).only(".log li").contains("ended on"));
        // One that has ended is put in force again by removing and adding it.
        let id = dana.get(LISTS).value(".log [name=id]");
        let removed = post(&dana, LISTS, &[("do", "remove"), ("id", &id)]);
        assert_eq!(toast(&dana, &removed), "Removed.");
        let removed = post(&dana, LISTS, &[("do", "remove"), ("id", &id)]);
        assert_eq!(
            toast(&dana, &removed),
            "Somebody else removed it before you."
        );
        list(&dana, "words", "casino", "hold");
        assert_eq!(
            says("A casino once more"),
            "Your reply is awaiting moderation"
        );
    });
}

fn admin_again(server: &Server) -> Client {
    let dana = server.visitor();
    dana.sign_in("Dana", crate::support::PASSWORD);
    dana
}

#[test]
fn a_change_by_command_is_in_force_for_the_next_reply() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[]);
        let dana = newsroom(&server);
        let reader = server.visitor();
        let says = |body: &str| {
            reader
                .get(&send(&reader, "ferry", body, &[]).location())
                .only("h1")
        };
        assert_eq!(says("One"), "Your reply is awaiting moderation");
        for (hold, published) in [("none", true), ("all", false), ("none", true)] {
            // Not by this server: its memory knows nothing of it.
            let mut db = server.database.connect();
            transaction(&mut db, |db| {
                let before = policy::in_force(db)?;
                let settings = rejoinder::moderation::policy::Settings {
                    hold: hold.parse().unwrap(),
                    ..before.settings
                };
                let by = rejoinder::store::audit::Actor::CommandLine;
                policy::set(db, before.version, &settings, by, server.now())
            })
            .unwrap();
            let title = says(&format!(
                "After {hold}, {published}, {}",
                server.stored_comments()
            ));
            assert_eq!(title == "Your reply is published", published, "{hold}");
        }
        let log = dana.get("/moderation/audit").text();
        assert!(
            log.contains("Command line changed the policy: replies that wait, was all, now none"),
            "{log}"
        );
    });
}
