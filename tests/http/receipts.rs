//! The private page on which an author follows a reply.

use rejoinder::time::SECOND;

use crate::support::{Client, Engine, Server, on_each_engine};

/// Rejects under rule 3 with a note.
fn reject(moderator: &Client, id: i64, note: &str) {
    let list = moderator.get("/moderation");
    let form = format!("#c-{id} form");
    let value = |name: &str| list.value(&format!("{form} input[name={name}]"));
    let sent = moderator.post(
        &format!("/moderation/comments/{id}/decide"),
        &[
            ("csrf", &value("csrf")),
            ("version", &value("version")),
            ("view", ""),
            ("do", "reject"),
            ("ground", "3"),
            ("note", note),
        ],
    );
    assert_eq!(sent.status, 303, "{}", sent.text());
}

#[test]
fn a_receipt_shows_the_reply_in_its_place_and_what_happens_next() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let reader = server.visitor();
        let sent = reader.post(
            "/articles/ferry/replies",
            &[
                ("name", "Ama"),
                ("email", "ama@secret.example"),
                ("body", "My *words*."),
                ("do", "send"),
            ],
        );
        assert_eq!(sent.status, 303);
        let receipt = sent.location();
        assert!(receipt.len() >= "/replies/".len() + 22, "{receipt}");
        // Anyone who has the address may read it: it needs no cookie.
        let page = server.visitor().get(&receipt);
        assert_eq!(page.only("h1"), "Your reply is awaiting moderation");
        assert_eq!(page.only("main .c-body em"), "words");
        assert_eq!(page.only("main .quote a"), "About ferry");
        assert_eq!(page.attribute("main .quote a", "href"), "/articles/ferry");
        assert_eq!(
            page.texts(".steps li b"),
            ["Received", "Waiting for a moderator", "Decision"]
        );
        assert_eq!(
            page.value("#address"),
            format!("{}{receipt}", reader.base())
        );
        assert!(!page.body.contains("secret.example"));
        // Its address is a secret: not one letter of another leads anywhere.
        let guess = format!("{}x", &receipt[..receipt.len() - 1]);
        for other in [
            guess,
            receipt.to_uppercase().replace("/REPLIES/", "/replies/"),
            format!("{receipt}x"),
        ] {
            if other != receipt {
                assert_eq!(reader.get(&other).status, 404, "{other}");
            }
        }
    });
}

#[test]
fn a_rejection_reaches_its_author_when_it_can_no_longer_be_undone() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let reader = server.visitor();
        let receipt = reader.reply("ferry", "Ama", "Her street is …");
        reject(
            &server.moderator("Dana"),
            server.comment_at(&receipt),
            "No addresses, please.\n<b>Really</b>.",
        );
        let before = reader.get(&receipt);
        assert_eq!(before.only("h1"), "Your reply is awaiting moderation");
        assert!(!before.body.contains("Private information"));
        server.clock.advance(58 * SECOND);
        assert_eq!(
            reader.get(&receipt).only("h1"),
            "Your reply is awaiting moderation"
        );
        server.clock.advance(3 * SECOND);
        let page = reader.get(&receipt);
        assert_eq!(page.only("h1"), "Your reply was not published");
        let statement = page.texts("main .note dd");
        assert_eq!(
            statement[1],
            "Private information (rule 3): “Keep other people’s private details private.”"
        );
        assert_eq!(statement[2], "No addresses, please. <b>Really</b>.");
        assert_eq!(page.attribute("main .note dd a", "href"), "/rules#rule-3");
        assert_eq!(page.only("main .c-body"), "Her street is …");
        // Nobody is named to the author.
        assert!(!page.body.contains("Dana"));
    });
}

#[test]
fn a_spam_verdict_reaches_its_author_in_the_same_way() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let reader = server.visitor();
        let receipt = reader.reply("ferry", "Ama", "Buy things.");
        server
            .moderator("Dana")
            .decide("waiting", "Buy things.", "spam", "");
        assert_eq!(
            reader.get(&receipt).only("h1"),
            "Your reply is awaiting moderation"
        );
        server.clock.advance(61 * SECOND);
        let page = reader.get(&receipt);
        assert_eq!(page.only("h1"), "Your reply was not published");
        assert!(page.only("main .note").contains("it was treated as spam"));
    });
}

#[test]
fn a_verdict_undone_in_time_is_never_heard_of() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let reader = server.visitor();
        let receipt = reader.reply("ferry", "Ama", "A point.");
        let moderator = server.moderator("Dana");
        let done = moderator.get(
            &moderator
                .decide("waiting", "A point.", "reject", "1")
                .location(),
        );
        moderator.undo(&done);
        server.clock.advance(120 * SECOND);
        assert_eq!(
            reader.get(&receipt).only("h1"),
            "Your reply is awaiting moderation"
        );
        moderator.decide("waiting", "A point.", "approve", "");
        assert_eq!(reader.get(&receipt).only("h1"), "Your reply is published");
        let link = reader.get(&receipt).attribute(".steps a", "href");
        assert_eq!(reader.get(&link).status, 302);
    });
}

#[test]
fn a_published_comment_that_is_rejected_later_stays_published_to_its_author_until_then() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.article("ferry");
        let reader = server.visitor();
        let receipt = reader.reply("ferry", "Ama", "A point.");
        server
            .moderator("Dana")
            .decide("published", "A point.", "reject", "5");
        assert_eq!(reader.get("/articles/ferry").count(".comment"), 0);
        assert_eq!(reader.get(&receipt).only("h1"), "Your reply is published");
        server.clock.advance(61 * SECOND);
        assert_eq!(
            reader.get(&receipt).only("h1"),
            "Your reply was not published"
        );
        assert!(
            reader
                .get(&receipt)
                .only("main .note")
                .contains("Advertising (rule 5)")
        );
    });
}

#[test]
fn the_undo_window_is_a_setting() {
    let server = Server::with(Engine::Sqlite, &[("moderation.undo_seconds", "0")]);
    server.article("ferry");
    let reader = server.visitor();
    let receipt = reader.reply("ferry", "Ama", "A point.");
    server
        .moderator("Dana")
        .decide("waiting", "A point.", "reject", "1");
    assert_eq!(
        reader.get(&receipt).only("h1"),
        "Your reply was not published"
    );
}
