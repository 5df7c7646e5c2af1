//! What was kept for long enough is let go: by the clock, and what pages say of it then.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use rejoinder::jobs::expire;
use rejoinder::store::schema::{author_devices, author_holds, comments, login_failures, sessions};
use rejoinder::time::{DAY, HOUR, MINUTE};

use crate::desk::{date, decide, decide_from, list, listed, post, reply, reply_from, sign_in};
use crate::recognising::PROXIED;
use crate::reporting::report_from;
use crate::rotating::run;
use crate::support::{Server, on_each_engine};

const HOME: &str = "198.51.100.1";

fn expire(server: &Server) -> expire::Expired {
    run(expire::round(&server.app)).unwrap()
}

#[test]
fn networks_are_shown_shortened_and_gone_after_their_days() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[PROXIED, ("replies.hold", "none")]);
        server.article("ferry");
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let sent = reply_from(
            &server,
            &reader,
            HOME,
            &[("name", "Ama"), ("body", "Hello.")],
        );
        let six = reply_from(
            &server,
            &reader,
            "2001:db8:7::1",
            &[("name", "Bo"), ("body", "H.")],
        );
        assert_eq!(
            report_from(&reader, HOME, six.id, &[("ground", "4")]).status,
            303
        );
        let author = format!("/moderation/comments/{}/author", sent.id);
        let until = date(&server, 60);
        let hold = [("do", "hold"), ("until", &*until), ("reason", "Baits.")];
        assert_eq!(post(&dana, &author, &hold).status, 303);
        let page = list(&dana, "tab=all");
        let network = |id: i64| page.texts(&format!("#c-{id} .evid dd a")).concat();
        assert!(network(sent.id).starts_with("Network 198.51.100.0/24 ("));
        assert!(network(six.id).starts_with("Network 2001:db8:7::/48 ("));
        assert!(dana.get(&author).text().contains("198.51.100.0/24 ("));
        assert!(!page.body.contains(HOME));

        server.clock.advance(14 * DAY - HOUR);
        assert_eq!(expire(&server).networks, 0);
        server.clock.advance(2 * HOUR);
        assert_eq!(expire(&server).networks, 4);
        assert_eq!(expire(&server), expire::Expired::default());
        assert!(!server.holds("198.51.100") && !server.holds("2001:db8"));
        let mut db = server.database.connect();
        let kept: i64 = comments::table
            .filter(
                comments::network
                    .is_not_null()
                    .or(comments::digest.is_not_null()),
            )
            .count()
            .get_result(&mut db)
            .unwrap();
        let held: i64 = author_holds::table
            .filter(author_holds::network.is_not_null())
            .count()
            .get_result(&mut db)
            .unwrap();
        assert_eq!((kept, held), (0, 0));
        let dana = sign_in(&server, "Dana");
        assert_eq!(list(&dana, "tab=all").count(".evid dd a[href*=network]"), 0);
        // The hold goes on by what else it matches, and not by this.
        let neighbour = reply_from(&server, &reader, HOME, &[("name", "Cy"), ("body", "New.")]);
        assert!(!listed(&dana, "").contains(&neighbour.id));
    });
}

#[test]
fn nothing_is_let_go_where_the_settings_say_for_ever() {
    on_each_engine(|engine| {
        let settings = [
            PROXIED,
            ("privacy.network_days", "0"),
            ("privacy.rejected_days", "0"),
            ("privacy.spam_days", "0"),
        ];
        let server = Server::with(engine, &settings);
        server.article("ferry");
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        for (body, verdict) in [("Quagmires.", "reject"), ("Frobnicate.", "spam")] {
            let sent = reply_from(&server, &reader, HOME, &[("name", "Ama"), ("body", body)]);
            decide(&dana, "", sent.id, &[("do", verdict), ("ground", "4")]);
        }
        server.clock.advance(2_000 * DAY);
        assert_eq!(expire(&server), expire::Expired::default());
        for words in ["Quagmires", "Frobnicate", "198.51.100.0/24"] {
            assert!(server.holds(words), "{words}");
        }
    });
}

#[test]
fn a_text_that_was_not_published_is_let_go_and_receipt_and_desk_say_so() {
    on_each_engine(|engine| {
        for (verdict, tab, days) in [("reject", "rejected", 180), ("spam", "spam", 30)] {
            let server = Server::start(engine);
            server.article("ferry");
            let (reader, dana) = (server.visitor(), server.moderator("Dana"));
            let fields = [
                ("name", "Amarante"),
                ("email", "ama@a.example"),
                ("website", "https://amaweb.example"),
                ("body", "The gulls are unionised."),
                ("do", "send"),
            ];
            let receipt = reader.post("/articles/ferry/replies", &fields).location();
            let id = server.comment_at(&receipt);
            post(
                &dana,
                &format!("/moderation/comments/{id}/notes"),
                &[("note", "Knows a lot of gullspeak."), ("view", "")],
            );
            let verdict = [
                ("do", verdict),
                ("ground", "4"),
                ("note", "No birdtalk here."),
            ];
            let decided = decide(&dana, "", id, &verdict);
            assert_eq!(decided.status, 303);
            let open = list(&dana, &format!("tab={tab}"));
            server.clock.advance(days * DAY - MINUTE);
            expire(&server);
            assert!(server.holds("unionised"));
            server.clock.advance(2 * MINUTE);
            let expired = expire(&server);
            assert_eq!(expired.rejected + expired.spam, 1);
            for words in [
                "unionised",
                "Amarante",
                "amarante",
                "ama@a.example",
                "amaweb",
                "gullspeak",
                "birdtalk",
            ] {
                assert!(!server.holds(words), "{words}");
            }

            let page = reader.get(&receipt);
            assert_eq!(page.only("h1"), "Your reply was not published");
            let told = format!("{days} days after the decision. Nobody can read it any more.");
            assert!(page.text().contains(&told), "{}", page.text());
            assert_eq!(page.count("#appeal"), 0);
            let appeal = [("why", "Because of the gulls.")];
            let late = reader.post(&format!("{receipt}/appeal"), &appeal);
            assert_eq!(late.status, 409);
            assert!(late.text().contains("there is nothing to appeal for"));

            let dana = sign_in(&server, "Dana");
            let page = list(&dana, &format!("tab={tab}"));
            assert!(
                page.text().contains("The text was let go on"),
                "{}",
                page.text()
            );
            assert!(page.text().contains("Name not kept"));
            assert_eq!(page.count(&format!("#c-{id} button[value=approve]")), 0);
            assert!(
                dana.get(&format!("/moderation/comments/{id}/author"))
                    .status
                    == 200
            );
            // A form of before, and one made up.
            drop(open);
            let late = decide_from(&dana, &page, id, &[("do", "approve")]);
            assert_eq!(late.status, 409);
            assert!(late.text().contains("nothing left that could be published"));
            assert_eq!(late.count("form[action$='/decide']"), 0);
            let csrf = page.value("input[name=csrf]");
            let undo = [("csrf", &*csrf), ("view", "")];
            let undone = dana.post("/moderation/decisions/1/undo", &undo);
            assert_eq!(undone.status, 409);
            assert!(
                undone
                    .text()
                    .contains("nothing left that could be published")
            );
            assert!(
                reader
                    .get("/articles/ferry")
                    .text()
                    .contains("No comments yet")
            );
            assert_eq!(reader.post(&format!("{receipt}/withdraw"), &[]).status, 303);
        }
    });
}

#[test]
fn a_text_stays_while_an_appeal_is_open() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let sent = reply(&server, &reader, "Ama", "The gulls are unionised.");
        decide(&dana, "", sent.id, &[("do", "reject"), ("ground", "4")]);
        server.clock.advance(2 * MINUTE);
        let appeal = [("why", "Birdlore matters.")];
        assert_eq!(
            reader
                .post(&format!("{}/appeal", sent.receipt), &appeal)
                .status,
            303
        );
        server.clock.advance(400 * DAY);
        assert_eq!(expire(&server).rejected, 0);
        let dana = sign_in(&server, "Dana");
        let page = list(&dana, "tab=appeals");
        let form = format!("#c-{} form[action$='/decide'] input[name=appeal]", sent.id);
        let seen = page.value(&form);
        let keep = [("do", "keep"), ("appeal", &*seen), ("note", "It stays so.")];
        assert_eq!(decide_from(&dana, &page, sent.id, &keep).status, 303);
        // Its author has the answer for as long as others have a decision.
        assert_eq!(expire(&server).rejected, 0);
        server.clock.advance(180 * DAY + MINUTE);
        assert_eq!(expire(&server).rejected, 1);
        assert!(!server.holds("unionised") && !server.holds("Birdlore"));
        assert!(!server.holds("stays so"));
        assert_eq!(reader.get(&sent.receipt).status, 200);
    });
}

#[test]
fn contacts_devices_sessions_and_failures_go_in_their_time() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[PROXIED, ("replies.hold", "none")]);
        server.article("ferry");
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let fields = [("name", "Ama"), ("body", "Hello."), ("remember", "1")];
        let sent = reply_from(&server, &reader, HOME, &fields);
        let report = [
            ("ground", "4"),
            ("name", "Quentin Reporter"),
            ("email", "quentin@r.example"),
        ];
        assert_eq!(report_from(&reader, HOME, sent.id, &report).status, 303);
        decide(&dana, "tab=reported", sent.id, &[("do", "keep")]);
        let wrong = [("name", "Dana"), ("password", "wrong"), ("next", "")];
        reader.post("/login", &wrong);
        // More than one slice takes.
        for _ in 0..7 {
            let double = "INSERT INTO login_failures (at, network, account) SELECT at, network, account FROM login_failures";
            server.database.connect().batch_execute(double).unwrap();
        }
        server.clock.advance(180 * DAY + MINUTE);
        let expired = expire(&server);
        assert_eq!((expired.contacts, expired.devices), (1, 0));
        assert!(!server.holds("Quentin") && !server.holds("quentin@r.example"));
        let mut db = server.database.connect();
        let mut left = || -> (i64, i64, i64) {
            (
                author_devices::table.count().get_result(&mut db).unwrap(),
                sessions::table.count().get_result(&mut db).unwrap(),
                login_failures::table.count().get_result(&mut db).unwrap(),
            )
        };
        assert_eq!(left(), (1, 0, 0));
        server.clock.advance(220 * DAY);
        assert_eq!(expire(&server).devices, 1);
        assert_eq!(left(), (0, 0, 0));
    });
}
