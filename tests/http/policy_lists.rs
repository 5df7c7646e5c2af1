//! The lists of the policy: what they call spam, refuse, hold and let go; and the pages on which admins keep them.

use rejoinder::store::{policy, transaction};
use rejoinder::time::{DAY, MINUTE};

use crate::desk::{post, toast};
use crate::policy::{LISTS, list, newsroom, send, why};
use crate::support::{Client, Server, on_each_engine};

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
        let page = dana.get(&removed.location());
        assert_eq!(
            page.only(".note.no"),
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

#[test]
fn entries_first_show_what_they_would_have_done_to_the_last_comments() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        let dana = newsroom(&server);
        let reader = server.visitor();
        for body in ["The first ferry", "No boat", "A ferry, again"] {
            send(&reader, "ferry", body, &[]);
        }
        dana.decide("published", "A ferry, again", "reject", "4");
        let fields = |act: &'static str| {
            [
                ("do", act),
                ("kind", "words"),
                ("patterns", "ferry\nsteamer"),
                ("action", "spam"),
                ("in-text", "yes"),
                ("until", ""),
            ]
        };
        let page = post(&dana, LISTS, &fields("preview"));
        assert_eq!(page.status, 200);
        assert!(
            page.text()
                .contains("Of the last 3 comments, 2 have one of them.")
        );
        assert!(
            page.text()
                .contains("Moderators published 1 of these, and rejected or set aside as spam 1.")
        );
        assert_eq!(page.texts(".log q"), ["A ferry, again", "The first ferry"]);
        assert_eq!(dana.get(LISTS).count(".log li"), 0);
        // The form of that page adds them.
        let mut sent: Vec<(&str, String)> = Vec::new();
        for name in ["kind", "patterns", "action", "in-text", "until"] {
            sent.push((name, page.value(&format!("main [name={name}]"))));
        }
        let mut sent: Vec<(&str, &str)> = sent.iter().map(|(a, b)| (*a, &**b)).collect();
        sent.push(("do", "add"));
        let added = post(&dana, LISTS, &sent);
        assert_eq!(
            toast(&dana, &added),
            "Added. They are in force from the next reply on."
        );
        assert_eq!(dana.get(LISTS).texts(".log b"), ["steamer", "ferry"]);
        assert_eq!(
            dana.get(&format!("{LISTS}?q=FER")).texts(".log b"),
            ["ferry"]
        );
        let twice = post(&dana, LISTS, &fields("preview"));
        assert_eq!(twice.status, 422);
        assert!(
            twice
                .only(".note.no li")
                .contains("“ferry” is in the lists already")
        );
        assert_eq!(twice.value("#patterns"), "ferry\nsteamer");
    });
}

#[test]
fn what_was_taken_off_a_list_elsewhere_is_refused_no_more() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        let dana = newsroom(&server);
        list(&dana, "words", "casino", "refuse");
        let reader = server.visitor();
        assert_eq!(send(&reader, "ferry", "A casino", &[]).status, 422);
        // Not by this server.
        transaction(&mut server.database.connect(), |db| {
            let entries = policy::entries(db)?;
            let by = rejoinder::store::audit::Actor::CommandLine;
            policy::remove(db, entries[0].0, by, server.now())
        })
        .unwrap();
        assert_eq!(send(&reader, "ferry", "A casino", &[]).status, 303);
    });
}

#[test]
fn a_double_click_on_what_a_list_calls_spam_is_one_comment_that_counts_in_its_authors_record() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        let dana = newsroom(&server);
        list(&dana, "words", "pills", "spam");
        let reader = server.visitor();
        let remembered = [("remember", "1")];
        let first = send(&reader, "ferry", "Pills", &remembered).location();
        assert_eq!(
            send(&reader, "ferry", "Pills", &remembered).location(),
            first
        );
        assert_eq!(server.stored_comments(), 1);
        let page = dana.get("/moderation?tab=spam");
        assert!(
            page.only(".item .evid").contains("1 marked as spam"),
            "{}",
            page.text()
        );
        let wrong = rejoinder::store::integrity::counters(&mut server.database.connect()).unwrap();
        assert_eq!(wrong, Vec::<String>::new());
        dana.decide("spam", "Pills", "approve", "");
        let wrong = rejoinder::store::integrity::counters(&mut server.database.connect()).unwrap();
        assert_eq!(wrong, Vec::<String>::new());
    });
}
