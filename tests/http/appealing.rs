//! Appeals: once, for six months, answered in words by another moderator where there is one.

use rejoinder::time::{DAY, MINUTE};

use crate::support::{Client, Engine, Page, Server, on_each_engine};

/// Sends an appeal.
fn appeal(reader: &Client, receipt: &str, why: &str) -> Page {
    reader.post(&format!("{receipt}/appeal"), &[("why", why)])
}

/// A reply by Ama that Dana rejected a minute ago, so that its author knows.
fn rejected(engine: Engine, verdict: &str) -> (Server, Client, Client, String, i64) {
    let server = Server::start(engine);
    server.article("ferry");
    let (reader, dana) = (server.visitor(), server.moderator("Dana"));
    let receipt = reader.reply("ferry", "Ama", "The rank quotes £26.");
    dana.decide("waiting", "£26", verdict, "4");
    server.clock.advance(MINUTE);
    let id = server.comment_at(&receipt);
    (server, reader, dana, receipt, id)
}

/// Answers the appeal on this comment.
fn answer(moderator: &Client, id: i64, verdict: &str, note: &str) -> Page {
    let list = moderator.get("/moderation?tab=appeals");
    let form = format!("#c-{id} form[action='/moderation/comments/{id}/decide']");
    let value = |name: &str| list.value(&format!("{form} input[name={name}]"));
    moderator.post(
        &format!("/moderation/comments/{id}/decide"),
        &[
            ("csrf", &value("csrf")),
            ("version", &value("version")),
            ("appeal", &value("appeal")),
            ("view", "tab=appeals"),
            ("do", verdict),
            ("note", note),
        ],
    )
}

#[test]
fn an_appeal_that_is_granted_publishes_the_reply_where_it_belongs() {
    on_each_engine(|engine| {
        let (server, reader, _dana, receipt, id) = rejected(engine, "reject");
        let yusuf = server.moderator("Yusuf");
        assert!(
            reader
                .get(&receipt)
                .only("#appeal")
                .contains("A different moderator")
        );
        let sent = appeal(&reader, &receipt, "It is about the fare.");
        assert_eq!(
            (sent.status, sent.location().as_str()),
            (303, receipt.as_str())
        );
        let told = reader.get(&receipt);
        assert_eq!(told.count("#appeal"), 0);
        assert!(told.text().contains("It is about the fare."));
        assert!(told.text().contains("A different moderator reads it next."));
        let list = yusuf.get("/moderation?tab=appeals");
        assert_eq!(list.only("[data-n=appeals]:not(h1 *)"), "1");
        assert!(
            list.only(&format!("#c-{id} .note"))
                .contains("against the decision of Dana")
        );
        let panel = format!("#c-{id} form:has(textarea[required])");
        assert_eq!(
            list.attributes(&format!("{panel} button"), "value"),
            ["approve", "keep"]
        );
        assert_eq!(server.visitor().get("/articles/ferry").count(".comment"), 0);
        let done = answer(&yusuf, id, "approve", "You are right.");
        assert_eq!(done.status, 303, "{}", done.text());
        assert_eq!(server.visitor().get("/articles/ferry").count(".comment"), 1);
        let told = reader.get(&receipt);
        assert_eq!(told.only("h1"), "Your reply is published");
        assert!(told.text().contains("The decision was reversed"));
        assert!(told.text().contains("You are right."));
        // Undone, the appeal waits again and the rejection stands with its reason.
        let list = yusuf.get(&done.location());
        yusuf.undo(&list);
        assert_eq!(server.visitor().get("/articles/ferry").count(".comment"), 0);
        assert_eq!(yusuf.get("/moderation?tab=appeals").item_with("£26"), id);
        let told = reader.get(&receipt);
        assert_eq!(told.only("h1"), "Your reply was not published");
        assert_eq!(told.only(".pairs a[href='/rules#rule-4']"), "rule 4");
        assert!(!told.text().contains("You are right."));
    });
}

#[test]
fn an_appeal_that_is_turned_down_has_an_answer_when_it_can_no_longer_be_undone() {
    on_each_engine(|engine| {
        let (server, reader, dana, receipt, id) = rejected(engine, "spam");
        let yusuf = server.moderator("Yusuf");
        assert_eq!(
            reader.get(&receipt).only(".note.no"),
            "Your reply was not published: it was treated as spam. You can appeal."
        );
        appeal(&reader, &receipt, "I sell nothing.");
        // Who decided cannot uphold it, by the page or by hand.
        let own = dana.get("/moderation?tab=appeals");
        assert_eq!(own.count(&format!("#c-{id} button[value=keep]")), 0);
        assert!(
            own.only(&format!("#c-{id} .note"))
                .contains("A colleague answers")
        );
        assert_eq!(answer(&dana, id, "keep", "No.").status, 409);
        // An answer has words.
        assert_eq!(answer(&yusuf, id, "keep", " ").status, 400);
        let done = answer(&yusuf, id, "keep", "It names a shop twice.");
        assert_eq!(done.status, 303, "{}", done.text());
        assert_eq!(
            yusuf.get(&done.location()).only("main .toast p"),
            "Decision upheld: Ama."
        );
        assert!(!reader.get(&receipt).text().contains("names a shop"));
        server.clock.advance(MINUTE);
        let told = reader.get(&receipt);
        assert!(told.text().contains("It names a shop twice."));
        assert!(
            told.text()
                .contains("A different moderator read it. The decision stays.")
        );
        assert_eq!(told.only("h1"), "Your reply was not published");
        assert_eq!(appeal(&reader, &receipt, "Once more.").status, 409);
    });
}

#[test]
fn where_there_is_one_moderator_the_author_is_told_so() {
    on_each_engine(|engine| {
        let (server, reader, dana, receipt, id) = rejected(engine, "reject");
        assert!(
            reader
                .get(&receipt)
                .only("#appeal")
                .contains("this site has one moderator")
        );
        appeal(&reader, &receipt, "Read it again.");
        let list = dana.get("/moderation?tab=appeals");
        assert!(
            list.only(&format!("#c-{id} .note"))
                .contains("no other moderator")
        );
        assert_eq!(answer(&dana, id, "keep", "I did.").status, 303);
        server.clock.advance(MINUTE);
        assert!(
            reader
                .get(&receipt)
                .text()
                .contains("since there is no other")
        );
    });
}

#[test]
fn an_appeal_is_taken_once_and_its_text_is_never_lost() {
    on_each_engine(|engine| {
        let (server, reader, dana, receipt, _) = rejected(engine, "reject");
        assert_eq!(appeal(&reader, &receipt, "First.").status, 303);
        assert_eq!(
            appeal(&reader, &receipt, "First.").status,
            303,
            "a double click"
        );
        let second = appeal(&reader, &receipt, "Second.");
        assert_eq!(
            (second.status, second.value("#body").as_str()),
            (409, "Second.")
        );
        assert!(second.text().contains("You have appealed already"));
        // Nothing to appeal: it waits, its verdict is not known yet, it is published, it is withdrawn.
        let other = reader.reply("ferry", "Ama", "Other");
        assert_eq!(appeal(&reader, &other, "Why?").status, 409);
        dana.decide("waiting", "Other", "reject", "1");
        let early = appeal(&reader, &other, "Why?");
        assert_eq!((early.status, early.value("#body").as_str()), (409, "Why?"));
        assert!(early.text().contains("no decision on this reply"));
        server.clock.advance(184 * DAY);
        let late = appeal(&reader, &other, "Why?");
        assert_eq!(late.status, 409);
        assert!(late.text().contains("six months"));
        assert_eq!(reader.get(&other).count("#appeal"), 0);
        assert_eq!(
            appeal(&reader, &format!("/replies/{}", "x".repeat(24)), "Why?").status,
            404
        );
    });
}

#[test]
fn an_appeal_without_words_or_with_too_many_comes_back_with_them() {
    let (_server, reader, _dana, receipt, _) = rejected(Engine::Sqlite, "reject");
    for (why, wrong) in [
        (" \u{200b}", "Enter why it should be published"),
        (
            &"é".repeat(2_001),
            "The appeal is longer than 2,000 characters",
        ),
        ("a\u{0}b", "Enter the appeal without control characters"),
    ] {
        let refused = appeal(&reader, &receipt, why);
        assert_eq!(refused.status, 422);
        assert_eq!(refused.only("[role=alert] a[href='#why']"), wrong);
        assert_eq!(refused.header("cache-control"), Some("no-store"));
    }
    assert_eq!(appeal(&reader, &receipt, &"é".repeat(2_000)).status, 303);
}

#[test]
fn with_a_withdrawn_reply_its_appeal_is_gone() {
    on_each_engine(|engine| {
        let (server, reader, dana, receipt, id) = rejected(engine, "reject");
        appeal(&reader, &receipt, "My private reasons.");
        reader.post(&format!("{receipt}/withdraw"), &[]);
        assert!(!server.holds("private reasons"));
        assert_eq!(
            dana.get("/moderation?tab=appeals")
                .count(&format!("#c-{id}")),
            0
        );
        assert_eq!(appeal(&reader, &receipt, "Again?").status, 409);
    });
}

#[test]
fn an_appeal_that_nobody_can_send_is_kept_however_it_is_written() {
    let (server, reader, _dana, receipt, _) = rejected(Engine::Sqlite, "reject");
    let waiting = reader.reply("ferry", "Ama", "Waits.");
    let long = "é".repeat(2_001);
    let page = appeal(&reader, &waiting, &long);
    assert_eq!((page.status, page.value("#body")), (409, long.clone()));
    appeal(&reader, &receipt, "First.");
    let page = appeal(&reader, &receipt, &long);
    assert_eq!((page.status, page.value("#body")), (409, long.clone()));
    assert!(page.text().contains("You have appealed already"));
    server.clock.advance(185 * DAY);
    assert_eq!(appeal(&reader, &waiting, " ").status, 409);
    assert_eq!(
        appeal(&reader, &format!("/replies/{}", "x".repeat(24)), &long).status,
        404
    );
}
