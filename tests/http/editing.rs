//! Edits by the author: in place while a reply waits, as a revision once it is published.

use rejoinder::time::MINUTE;

use crate::support::{Client, Engine, Page, Server, on_each_engine};

fn edit(reader: &Client, receipt: &str, body: &str) -> Page {
    let form = reader.get(&format!("{receipt}/edit"));
    assert_eq!(form.status, 200, "{}", form.text());
    send(reader, receipt, &form, body)
}

/// Sends the form of this very page, however old it is.
fn send(reader: &Client, receipt: &str, form: &Page, body: &str) -> Page {
    let fields = [
        ("seen", form.value("main [name=seen]")),
        ("body", body.to_owned()),
        ("do", "send".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    reader.post(&format!("{receipt}/edit"), &fields)
}

/// A server with a published comment "Twice." by Ama.
fn published(engine: Engine) -> (Server, Client, Client, String, i64) {
    let server = Server::start(engine);
    server.article("ferry");
    let (reader, dana) = (server.visitor(), server.moderator("Dana"));
    let receipt = reader.reply("ferry", "Ama", "Twice.");
    dana.decide("waiting", "Twice.", "approve", "");
    let id = server.comment_at(&receipt);
    (server, reader, dana, receipt, id)
}

fn decide_edit(dana: &Client, id: i64, verdict: &str, ground: &str, note: &str) -> Page {
    let list = dana.get("/moderation");
    decide_edit_from(dana, &list, id, verdict, ground, note)
}

fn decide_edit_from(
    dana: &Client,
    list: &Page,
    id: i64,
    verdict: &str,
    ground: &str,
    note: &str,
) -> Page {
    let form = format!("#c-{id} form[action='/moderation/comments/{id}/decide']");
    let value = |name: &str| list.value(&format!("{form} input[name={name}]"));
    dana.post(
        &format!("/moderation/comments/{id}/decide"),
        &[
            ("csrf", &value("csrf")),
            ("version", &value("version")),
            ("revision", &value("revision")),
            ("view", ""),
            ("do", verdict),
            ("ground", ground),
            ("note", note),
        ],
    )
}

#[test]
fn while_it_waits_an_edit_replaces_the_text_and_a_moderator_never_decides_on_unseen_words() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let receipt = reader.reply("ferry", "Ama", "First words");
        let stale = dana.get("/moderation");
        let id = stale.item_with("First words");
        let sent = edit(&reader, &receipt, "Second *words*");
        assert_eq!(
            (sent.status, sent.location().as_str()),
            (303, receipt.as_str())
        );
        assert_eq!(reader.get(&receipt).only("main .c-body em"), "words");
        let late = dana.decide_from(&stale, id, "approve", "");
        assert_eq!(late.status, 409);
        assert!(late.text().contains("changed while you were reading it"));
        assert!(late.text().contains("Second words"));
        assert_eq!(server.visitor().get("/articles/ferry").count(".comment"), 0);
        dana.decide("waiting", "Second words", "approve", "");
        let page = server.visitor().get("/articles/ferry");
        assert_eq!(page.texts(".comment .c-body"), ["Second words"]);
    });
}

#[test]
fn an_edit_of_what_waits_is_held_for_its_links_anew() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let (reader, dana) = (server.visitor(), server.moderator("Dana"));
    let receipt = reader.reply("ferry", "Ama", "Plain.");
    assert!(!dana.get("/moderation").text().contains("contains 3 links"));
    edit(
        &reader,
        &receipt,
        "https://a.example https://b.example https://c.example",
    );
    assert!(
        dana.get("/moderation")
            .text()
            .contains("contains 3 links; the limit is 2")
    );
    edit(&reader, &receipt, "Plain again.");
    assert!(!dana.get("/moderation").text().contains("contains 3 links"));
}

#[test]
fn a_published_comment_stays_as_it_was_until_a_moderator_accepts_the_edit() {
    on_each_engine(|engine| {
        let (server, reader, dana, receipt, id) = published(engine);
        assert_eq!(edit(&reader, &receipt, "Twice a week.").status, 303);
        let open = || {
            server
                .visitor()
                .get("/articles/ferry")
                .texts(".comment .c-body")
        };
        assert_eq!(open(), ["Twice."]);
        assert_eq!(
            reader.get(&receipt).only(".note.warn h2"),
            "Your edit waits for a moderator"
        );
        let list = dana.get("/moderation");
        let item = format!("#c-{id}");
        assert_eq!(list.texts(&format!("{item} ins")), ["inserted: a week"]);
        assert_eq!(list.count(&format!("{item} del")), 0);
        let done = decide_edit(&dana, id, "approve", "", "");
        assert_eq!(done.status, 303, "{}", done.text());
        let after = dana.get(&done.location());
        assert_eq!(after.only("main .toast p"), "Edit accepted: Ama.");
        assert_eq!(after.count(&item), 0);
        assert_eq!(open(), ["Twice a week."]);
        assert_eq!(
            reader.get(&receipt).only(".note.ok h2"),
            "Your edit was accepted"
        );
        // Undone, the old text is back and the edit waits.
        let undone = dana.undo(&after);
        assert_eq!(undone.status, 303);
        assert_eq!(open(), ["Twice."]);
        assert!(dana.get("/moderation").text().contains("inserted: a week"));
        assert_eq!(
            reader.get(&receipt).only(".note.warn h2"),
            "Your edit waits for a moderator"
        );
    });
}

#[test]
fn a_refused_edit_reaches_its_author_with_the_rule_when_it_can_no_longer_be_undone() {
    on_each_engine(|engine| {
        let (server, reader, dana, receipt, id) = published(engine);
        edit(&reader, &receipt, "Twice, you fool.");
        let done = decide_edit(&dana, id, "reject", "1", "Leave her alone.");
        assert_eq!(done.status, 303, "{}", done.text());
        assert_eq!(
            dana.get(&done.location()).only("main .toast p"),
            "Edit refused: Ama."
        );
        assert_eq!(
            reader.get(&receipt).only(".note h2"),
            "Your edit waits for a moderator"
        );
        server.clock.advance(MINUTE);
        let told = reader.get(&receipt);
        assert_eq!(told.only(".note.no h2"), "Your edit was not accepted");
        assert!(told.text().contains("Leave her alone."));
        assert_eq!(told.only(".note.no a[href='/rules#rule-1']"), "rule 1");
        let page = server.visitor().get("/articles/ferry");
        assert_eq!(page.texts(".comment .c-body"), ["Twice."]);
    });
}

#[test]
fn a_moderator_who_saw_an_older_edit_accepts_nothing() {
    on_each_engine(|engine| {
        let (server, reader, dana, receipt, id) = published(engine);
        edit(&reader, &receipt, "Twice a week.");
        let stale = dana.get("/moderation");
        edit(&reader, &receipt, "Buy at https://casino.example");
        let late = decide_edit_from(&dana, &stale, id, "approve", "", "");
        assert_eq!(late.status, 409, "{}", late.text());
        let page = server.visitor().get("/articles/ferry");
        assert_eq!(page.texts(".comment .c-body"), ["Twice."]);
        // The undo of what was decided before is not disturbed by an edit; a decision sent twice is done once.
        let list = dana.get("/moderation");
        let first = decide_edit_from(&dana, &list, id, "approve", "", "");
        let again = decide_edit_from(&dana, &list, id, "approve", "", "");
        assert_eq!((first.status, again.status), (303, 303));
        assert_eq!(first.location(), again.location());
    });
}

#[test]
fn back_to_the_published_words_takes_the_edit_back() {
    let (_server, reader, dana, receipt, id) = published(Engine::Sqlite);
    edit(&reader, &receipt, "Twice a week.");
    edit(&reader, &receipt, "Twice.");
    assert_eq!(dana.get("/moderation").count(&format!("#c-{id}")), 0);
    assert_eq!(reader.get(&receipt).count(".note"), 0);
}

#[test]
fn an_edit_in_two_windows_overwrites_nothing_unseen() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let reader = server.visitor();
        let receipt = reader.reply("ferry", "Ama", "One");
        let (left, right) = (
            reader.get(&format!("{receipt}/edit")),
            reader.get(&format!("{receipt}/edit")),
        );
        assert_eq!(send(&reader, &receipt, &left, "Two").status, 303);
        let late = send(&reader, &receipt, &right, "Three");
        assert_eq!(late.status, 409);
        assert_eq!(late.only("h1"), "Edit your reply");
        assert_eq!(late.only("main blockquote"), "Two");
        assert_eq!(late.value("#body"), "Three");
        assert_eq!(send(&reader, &receipt, &late, "Three").status, 303);
        assert!(reader.get(&receipt).text().contains("Three"));
        // The same edit twice, as by a double click.
        let form = reader.get(&format!("{receipt}/edit"));
        assert_eq!(send(&reader, &receipt, &form, "Four").status, 303);
        assert_eq!(send(&reader, &receipt, &form, "Four").status, 303);
    });
}

#[test]
fn an_edit_that_comes_too_late_keeps_its_text() {
    on_each_engine(|engine| {
        let (server, reader, dana, receipt, _) = published(engine);
        let form = reader.get(&format!("{receipt}/edit"));
        server.clock.advance(15 * MINUTE);
        let late = send(&reader, &receipt, &form, "Too late.");
        assert_eq!(late.status, 409);
        assert_eq!(late.only("h1"), "Your edit was not saved");
        assert_eq!(late.value("#body"), "Too late.");
        assert_eq!(reader.get(&format!("{receipt}/edit")).status, 409);
        // One that was just rejected says no more than that somebody decides.
        let second = reader.reply("ferry", "Ama", "Second");
        let form = reader.get(&format!("{second}/edit"));
        dana.decide("waiting", "Second", "reject", "1");
        assert_eq!(reader.get(&format!("{second}/edit")).status, 200);
        let deciding = send(&reader, &second, &form, "Third");
        assert_eq!(deciding.status, 409);
        assert!(deciding.text().contains("deciding on this reply right now"));
        assert_eq!(deciding.value("#body"), "Third");
        server.clock.advance(MINUTE);
        let over = send(&reader, &second, &form, "Third");
        assert_eq!((over.status, over.value("#body").as_str()), (409, "Third"));
        assert!(over.text().contains("can no longer be edited"));
        assert_eq!(reader.get(&format!("{second}/edit")).status, 409);
    });
}

#[test]
fn an_edit_is_checked_as_a_reply_is_and_can_be_previewed() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let reader = server.visitor();
    let receipt = reader.reply("ferry", "Ama", "One");
    let path = format!("{receipt}/edit");
    for (body, wrong) in [
        ("", "Enter a comment"),
        (" \u{200b} ", "Enter a comment that can be seen"),
        (
            &"x".repeat(5_001),
            "The comment is longer than 5,000 characters",
        ),
        ("a\u{7}b", "Enter the comment without control characters"),
    ] {
        let refused = reader.post(&path, &[("body", body), ("do", "send")]);
        assert_eq!(refused.status, 422, "{body:?}");
        assert!(refused.only("title").starts_with("Error: "));
        assert_eq!(refused.only("[role=alert] a[href='#body']"), wrong);
    }
    let preview = reader.post(&path, &[("body", "*Two*"), ("do", "preview")]);
    assert_eq!(
        (preview.status, preview.only("#preview em").as_str()),
        (200, "Two")
    );
    assert!(reader.get(&receipt).text().contains("One"));
    for page in [reader.get(&path), preview] {
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(page.header("x-robots-tag"), Some("noindex"));
    }
    let nobody = format!("/replies/{}/edit", "x".repeat(24));
    assert_eq!(reader.get(&nobody).status, 404);
    assert_eq!(reader.post(&nobody, &[("body", "x")]).status, 404);
}

#[test]
fn without_minutes_for_edits_a_published_comment_is_final() {
    let server = Server::with(
        Engine::Sqlite,
        &[("replies.edit_minutes", "0"), ("replies.hold", "none")],
    );
    server.article("ferry");
    let reader = server.visitor();
    let receipt = reader.reply("ferry", "Ama", "One");
    assert_eq!(reader.get(&receipt).count("a[href$='/edit']"), 0);
    assert_eq!(reader.get(&format!("{receipt}/edit")).status, 409);
}

#[test]
fn of_a_withdrawn_comment_no_edit_is_left() {
    on_each_engine(|engine| {
        let (server, reader, dana, receipt, id) = published(engine);
        edit(&reader, &receipt, "Twice a secret week.");
        reader.post(&format!("{receipt}/withdraw"), &[]);
        assert_eq!(dana.get("/moderation").count(&format!("#c-{id}")), 0);
        assert!(!server.holds("secret week"));
        assert_eq!(reader.get(&format!("{receipt}/edit")).status, 409);
    });
}

#[test]
fn an_edit_taken_back_leaves_no_older_one_waiting_on_the_receipt() {
    on_each_engine(|engine| {
        let (_server, reader, dana, receipt, id) = published(engine);
        edit(&reader, &receipt, "Twice a week.");
        let done = decide_edit(&dana, id, "reject", "1", "");
        let after = dana.get(&done.location());
        edit(&reader, &receipt, "Twice a month.");
        dana.undo(&after);
        edit(&reader, &receipt, "Twice.");
        assert_eq!(dana.get("/moderation").count(&format!("#c-{id}")), 0);
        assert_eq!(reader.get(&receipt).count(".note"), 0);
    });
}

#[test]
fn a_preview_carries_on_what_its_window_saw() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let reader = server.visitor();
    let receipt = reader.reply("ferry", "Ama", "One");
    let path = format!("{receipt}/edit");
    let early = reader.get(&path);
    edit(&reader, &receipt, "Two");
    let seen = early.value("main [name=seen]");
    for (body, act) in [("Three", "preview"), ("", "send")] {
        let page = reader.post(&path, &[("seen", &seen), ("body", body), ("do", act)]);
        assert_eq!(send(&reader, &receipt, &page, "Three").status, 409, "{act}");
    }
    assert!(reader.get(&receipt).text().contains("Two"));
}

#[test]
fn what_its_author_writes_after_an_approval_was_undone_replaces_the_edit_that_waited_beside_it() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let receipt = reader.reply("ferry", "Ama", "Twice.");
        let approved = dana.decide("waiting", "Twice.", "approve", "");
        let approved = dana.get(&approved.location());
        edit(&reader, &receipt, "Thrice.");
        assert_eq!(dana.undo(&approved).status, 303);
        assert_eq!(edit(&reader, &receipt, "Four times.").status, 303);
        dana.decide("waiting", "Four times.", "approve", "");
        let page = server.visitor().get("/articles/ferry");
        assert_eq!(page.texts(".comment .c-body"), ["Four times."]);
        // The older edit does not wait to overwrite the newer text.
        assert_eq!(dana.get("/moderation").count(".item"), 0);
        assert!(!server.holds("Thrice."));
    });
}
