//! What an author is written about a decision, and when: never before it can no longer be undone, and only what stands.

use diesel::prelude::*;
use rejoinder::store::schema::outbox;
use rejoinder::time::{MINUTE, SECOND};

use crate::moderating::ferry;
use crate::support::{Client, Engine, Page, Server, on_each_engine};

const WAITING: &str = "Your reply is awaiting moderation";
const REJECTED: &str = "Your reply was not published";

/// A server with two replies that wait, the second one to show that what is due is delivered.
pub fn two_waiting(engine: Engine) -> (Server, Client, i64, i64) {
    let server = ferry(engine);
    let reader = server.visitor();
    let first = server.comment_at(&reader.reply("ferry", "Ama", "The first."));
    let second = server.comment_at(&reader.reply("ferry", "Bo", "The second."));
    (server, reader, first, second)
}

/// Decides, and shows the list with its undo.
pub fn decide(moderator: &Client, tab: &str, text: &str, verdict: &str) -> Page {
    let answer = moderator.decide(tab, text, verdict, "4");
    assert_eq!(answer.status, 303, "{}", answer.text());
    moderator.get(&answer.location())
}

fn said(comment: i64, says: &str) -> (i64, String) {
    (comment, says.to_owned())
}

#[test]
fn each_decision_is_written_about_once_when_its_undo_window_is_over() {
    on_each_engine(|engine| {
        let (server, reader, first, second) = two_waiting(engine);
        let third = server.comment_at(&reader.reply("ferry", "Cyd", "The third."));
        let dana = server.moderator("Dana");
        decide(&dana, "waiting", "The first.", "approve");
        decide(&dana, "waiting", "The second.", "reject");
        server.clock.advance(20 * SECOND);
        decide(&dana, "waiting", "The third.", "spam");
        server.clock.advance(25 * SECOND);
        assert_eq!(server.notices(), [], "the window is open");
        server.clock.advance(16 * SECOND);
        let lines = server.deliver();
        let of = |name: &str| -> Vec<_> { lines.iter().map(|line| line[name].clone()).collect() };
        assert_eq!(of("comment"), [first, second]);
        assert_eq!(of("says"), ["approved", "rejected"]);
        assert_eq!(of("kind"), ["notice", "notice"]);
        assert_eq!(of("level"), ["INFO", "INFO"]);
        assert_ne!(lines[0]["message_id"], lines[1]["message_id"]);
        assert!(of("decision").iter().all(serde_json::Value::is_i64));
        for words in ["Ama", "Bo", "Dana", "The first."] {
            assert!(!format!("{lines:?}").contains(words), "{words}");
        }
        server.clock.advance(20 * SECOND);
        assert_eq!(server.notices(), [said(third, "spam")]);
        server.clock.advance(10 * MINUTE);
        assert_eq!(server.notices(), [], "each once");
        let waiting: i64 = outbox::table
            .filter(outbox::delivered_at.is_null())
            .count()
            .get_result(&mut server.database.connect())
            .unwrap();
        assert_eq!(waiting, 0, "what a receipt has shown is done with too");
    });
}

#[test]
fn a_decision_undone_within_its_window_is_never_written_about() {
    on_each_engine(|engine| {
        let (server, reader, first, second) = two_waiting(engine);
        let dana = server.moderator("Dana");
        let done = decide(&dana, "waiting", "The first.", "reject");
        server.clock.advance(59 * SECOND);
        assert_eq!(dana.undo(&done).status, 303);
        decide(&dana, "waiting", "The second.", "approve");
        server.clock.advance(MINUTE);
        assert_eq!(server.notices(), [said(second, "approved")]);
        // Decided anew, it is heard of as if for the first time.
        decide(&dana, "waiting", "The first.", "approve");
        server.clock.advance(MINUTE);
        assert_eq!(server.notices(), [said(first, "approved")]);
        assert_eq!(reader.get("/articles/ferry").count(".comment"), 2);
    });
}

#[test]
fn a_decision_undone_after_its_window_is_corrected_at_once() {
    on_each_engine(|engine| {
        let (server, _, first, second) = two_waiting(engine);
        let dana = server.moderator("Dana");
        let early = decide(&dana, "waiting", "The first.", "reject");
        let late = decide(&dana, "waiting", "The second.", "approve");
        server.clock.advance(MINUTE);
        assert_eq!(server.deliver().len(), 2);
        dana.undo(&early);
        // Pressed twice, it is one undo and one correction.
        dana.undo(&early);
        assert_eq!(server.notices(), [said(first, "correction")]);
        // Due and not delivered yet is too late as well: its receipt has shown it.
        decide(&dana, "waiting", "The first.", "spam");
        server.clock.advance(MINUTE);
        let page = dana.get("/moderation?tab=spam");
        assert_eq!(page.count(".item"), 1);
        dana.undo(&late);
        assert_eq!(
            server.notices(),
            [said(first, "spam"), said(second, "correction")]
        );
        assert_eq!(server.notices(), []);
    });
}

#[test]
fn a_notice_that_is_due_when_its_decision_is_undone_goes_out_and_is_corrected() {
    on_each_engine(|engine| {
        let (server, _, first, _) = two_waiting(engine);
        let dana = server.moderator("Dana");
        let done = decide(&dana, "waiting", "The first.", "reject");
        server.clock.advance(MINUTE);
        dana.undo(&done);
        assert_eq!(
            server.notices(),
            [said(first, "rejected"), said(first, "correction")]
        );
    });
}

#[test]
fn an_author_hears_only_of_the_decision_that_stands() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let receipts = ["The first.", "The second."].map(|text| reader.reply("ferry", "Ama", text));
        let [first, second] = receipts
            .each_ref()
            .map(|receipt| server.comment_at(receipt));
        decide(&dana, "waiting", "The first.", "approve");
        decide(&dana, "waiting", "The second.", "reject");
        server.clock.advance(30 * SECOND);
        decide(&dana, "published", "The first.", "reject");
        let undone = decide(&dana, "rejected", "The second.", "approve");
        server.clock.advance(29 * SECOND);
        // The approval is undone: so the rejection before it stands, and is heard of when it was to be.
        dana.undo(&undone);
        assert_eq!(reader.get(&receipts[1]).only("h1"), WAITING);
        server.clock.advance(SECOND);
        assert_eq!(server.notices(), [said(second, "rejected")]);
        assert_eq!(reader.get(&receipts[1]).only("h1"), REJECTED);
        server.clock.advance(30 * SECOND);
        assert_eq!(server.notices(), [said(first, "rejected")]);
        server.clock.advance(MINUTE);
        assert_eq!(server.notices(), []);
        for receipt in &receipts {
            assert_eq!(reader.get(receipt).only("h1"), REJECTED);
        }
    });
}

#[test]
fn a_withdrawn_reply_is_written_about_no_more() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let receipt = reader.reply("ferry", "Ama", "The first.");
        let second = server.comment_at(&reader.reply("ferry", "Bo", "The second."));
        decide(&dana, "waiting", "The first.", "reject");
        decide(&dana, "waiting", "The second.", "approve");
        reader.post(&format!("{receipt}/withdraw"), &[]);
        server.clock.advance(MINUTE);
        assert_eq!(server.notices(), [said(second, "approved")]);
    });
}

#[test]
fn an_approval_shows_on_the_receipt_at_once_although_its_notice_waits() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let receipt = reader.reply("ferry", "Ama", "The first.");
        decide(&dana, "waiting", "The first.", "approve");
        assert_eq!(reader.get(&receipt).only("h1"), "Your reply is published");
        assert_eq!(server.notices(), []);
    });
}

#[test]
fn what_a_server_claimed_and_did_not_deliver_is_delivered_again_under_the_same_id() {
    on_each_engine(|engine| {
        let (server, _, first, second) = two_waiting(engine);
        let dana = server.moderator("Dana");
        decide(&dana, "waiting", "The first.", "approve");
        decide(&dana, "waiting", "The second.", "approve");
        server.clock.advance(MINUTE);
        let mut db = server.database.connect();
        let claimed: String = diesel::update(
            outbox::table
                .filter(outbox::comment_id.eq(first))
                .filter(outbox::kind.eq("notice")),
        )
        .set(outbox::claimed_at.eq(server.now().0))
        .returning(outbox::message_id)
        .get_result(&mut db)
        .unwrap();
        assert_eq!(server.notices(), [said(second, "approved")]);
        server.clock.advance(59 * SECOND);
        assert_eq!(server.notices(), [], "its server may be at it still");
        server.clock.advance(SECOND);
        let again = server.deliver();
        assert_eq!(again.len(), 1);
        assert_eq!(again[0]["message_id"], claimed);
        assert_eq!(again[0]["comment"], first);
        assert_eq!(server.notices(), []);
    });
}

#[test]
fn edits_reports_and_appeals_are_written_about_as_what_they_are() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let receipt = reader.reply("ferry", "Ama", "The first.");
        let id = server.comment_at(&receipt);
        decide(&dana, "waiting", "The first.", "approve");
        server.clock.advance(MINUTE);
        assert_eq!(server.notices(), [said(id, "approved")]);

        for (verdict, says) in [("reject", "edit-refused"), ("approve", "edit-accepted")] {
            let form = reader.get(&format!("{receipt}/edit"));
            let seen = form.value("main [name=seen]");
            let body = format!("The first, {verdict}ed.");
            let fields = [("seen", &*seen), ("body", &*body), ("do", "send")];
            assert_eq!(reader.post(&format!("{receipt}/edit"), &fields).status, 303);
            answer(&dana, "waiting", id, verdict, "revision");
            server.clock.advance(59 * SECOND);
            assert_eq!(server.notices(), []);
            server.clock.advance(SECOND);
            assert_eq!(server.notices(), [said(id, says)]);
        }

        let seen = reader
            .get(&format!("/comments/{id}/report"))
            .value("main [name=seen]");
        let fields = [("ground", "4"), ("seen", &*seen), ("explanation", "Off.")];
        let sent = reader.post(&format!("/comments/{id}/report"), &fields);
        assert_eq!(sent.status, 303, "{}", sent.text());
        answer(&dana, "reported", id, "keep", "");
        // Rejected for another reason in the same minute, those who reported are told all the same.
        decide(&dana, "published", "The first", "reject");
        server.clock.advance(MINUTE);
        assert_eq!(
            server.notices(),
            [said(id, "reports-answered"), said(id, "rejected")]
        );

        let sent = reader.post(&format!("{receipt}/appeal"), &[("why", "It was not.")]);
        assert_eq!(sent.status, 303, "{}", sent.text());
        let ed = server.moderator("Ed");
        let upheld = answer(&ed, "appeals", id, "keep", "appeal");
        server.clock.advance(MINUTE);
        assert_eq!(server.notices(), [said(id, "appeal-upheld")]);
        ed.undo(&ed.get(&upheld.location()));
        assert_eq!(server.notices(), [said(id, "correction")]);
        answer(&ed, "appeals", id, "approve", "appeal");
        server.clock.advance(MINUTE);
        assert_eq!(server.notices(), [said(id, "appeal-reversed")]);
    });
}

/// Sends the form of a list with what it shows besides the comment itself.
pub fn answer(moderator: &Client, tab: &str, id: i64, verdict: &str, shown: &str) -> Page {
    let list = moderator.get(&format!("/moderation?tab={tab}"));
    let form = format!("#c-{id} form[action='/moderation/comments/{id}/decide']");
    let value = |name: &str| list.value(&format!("{form} input[name={name}]"));
    let mut fields = vec![
        ("csrf", value("csrf")),
        ("version", value("version")),
        ("tab", tab.to_owned()),
        ("do", verdict.to_owned()),
        ("ground", "4".to_owned()),
        ("note", "A word.".to_owned()),
    ];
    if !shown.is_empty() {
        fields.push((
            match shown {
                "appeal" => "appeal",
                _ => "revision",
            },
            value(shown),
        ));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let answer = moderator.post(&format!("/moderation/comments/{id}/decide"), &fields);
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer
}
