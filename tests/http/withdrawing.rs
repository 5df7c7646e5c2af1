//! Authors who take a reply back.

use crate::support::{Server, on_each_engine};

#[test]
fn a_withdrawn_reply_is_gone_from_every_page_and_from_the_database() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let reader = server.visitor();
        let moderator = server.moderator("Dana");
        let fields = [
            ("name", "Amarante"),
            ("email", "amarante@example.org"),
            ("body", "The gulls are unionised."),
            ("do", "send"),
        ];
        let receipt = reader.post("/articles/ferry/replies", &fields).location();
        moderator.decide("waiting", "unionised", "approve", "");
        let id = reader.get("/articles/ferry").item_with("unionised");
        reader.answer("ferry", id, "Bo", "They always were.");
        moderator.decide("waiting", "always", "approve", "");

        let page = reader.post_and_follow(&format!("{receipt}/withdraw"), &[]);
        assert_eq!(page.only("h1"), "Your reply is withdrawn");
        assert_eq!(page.count("form"), 0);
        let article = reader.get("/articles/ferry");
        assert!(article.text().contains("Withdrawn by its author."));
        assert!(article.text().contains("They always were."));
        assert_eq!(article.only(".counts"), "1 comment · no views yet");
        for path in [
            "/articles/ferry",
            &receipt,
            "/articles/ferry/feed.atom",
            &format!("/threads/{id}"),
        ] {
            let page = reader.get(path);
            assert!(!page.body.contains("unionised"), "{path}");
            assert!(!page.body.contains("Amarante"), "{path}");
        }
        for tab in ["waiting", "published", "rejected", "spam"] {
            let page = moderator.get(&format!("/moderation?tab={tab}"));
            assert!(!page.body.contains("unionised"), "{tab}");
            assert!(!page.body.contains("Amarante"), "{tab}");
        }
        let again = reader.post_and_follow(&format!("{receipt}/withdraw"), &[]);
        assert_eq!(again.only("h1"), "Your reply is withdrawn");
    });
}

#[test]
fn a_waiting_reply_can_be_withdrawn_and_then_not_be_decided() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let reader = server.visitor();
        let moderator = server.moderator("Dana");
        let receipt = reader.reply("ferry", "Ama", "On second thoughts.");
        let list = moderator.get("/moderation");
        let id = list.item_with("second thoughts");
        reader.post(&format!("{receipt}/withdraw"), &[]);
        assert!(moderator.get("/moderation").text().contains("Queue clear"));
        let late = moderator.decide_from(&list, id, "approve", "");
        assert_eq!(late.status, 409);
        assert!(!late.body.contains("second thoughts"));
        assert!(
            reader
                .get("/articles/ferry")
                .text()
                .contains("No comments yet")
        );
    });
}

#[test]
fn a_strangers_receipt_or_site_withdraws_nothing() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let reader = server.visitor();
        let receipt = reader.reply("ferry", "Ama", "Stays.");
        let foreign = reader.post("/replies/AAAAAAAAAAAAAAAAAAAAAAAA/withdraw", &[]);
        assert_eq!(foreign.status, 404);
        let forged = reader.post_raw(
            &format!("{receipt}/withdraw"),
            b"",
            &[("origin", "http://evil.example")],
        );
        assert_eq!(forged.status, 403);
        assert_eq!(reader.get(&format!("{receipt}/withdraw")).status, 405);
        assert_eq!(
            reader.get(&receipt).only("h1"),
            "Your reply is awaiting moderation"
        );
    });
}

#[test]
fn an_address_that_can_be_no_receipt_is_not_found() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let reader = server.visitor();
        for act in ["withdraw", "forget", "edit", "appeal"] {
            let fields = [("body", "x"), ("why", "x"), ("do", "send")];
            let page = reader.post(&format!("/replies/a%00b/{act}"), &fields);
            assert_eq!(page.status, 404, "{act} on {engine:?}");
        }
    });
}
