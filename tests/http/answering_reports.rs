//! Reports answered at the desk: nothing wrong, or removed; undone, repeated, in conflict; and what the reporter reads.

use rejoinder::time::MINUTE;

use crate::reporting::{PROXIED, published, report_from};
use crate::support::{Client, Page, Server, on_each_engine};

const TAB: &str = "/moderation?tab=reported";

/// Sends the form of this item as the page has it.
fn send(moderator: &Client, list: &Page, id: i64, verdict: &str, ground: &str, note: &str) -> Page {
    let form = format!("#c-{id} form[action='/moderation/comments/{id}/decide']");
    let value = |name: &str| list.value(&format!("{form} input[name={name}]"));
    moderator.post(
        &format!("/moderation/comments/{id}/decide"),
        &[
            ("csrf", &value("csrf")),
            ("version", &value("version")),
            ("view", "tab=reported"),
            ("do", verdict),
            ("ground", ground),
            ("note", note),
        ],
    )
}

fn two_reports(server: &Server, comment: i64) -> [String; 2] {
    let reader = server.visitor();
    [("198.51.100.1", "4"), ("198.51.100.2", "spam")].map(|(from, ground)| {
        let sent = report_from(&reader, from, comment, &[("ground", ground)]);
        assert_eq!(sent.status, 303, "{}", sent.text());
        sent.location()
    })
}

#[test]
fn nothing_wrong_answers_every_report_and_can_be_undone() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[PROXIED]);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let receipts = two_reports(&server, comment);
        let list = dana.get(TAB);
        let done = send(&dana, &list, comment, "keep", "", "It is about the boat.");
        assert_eq!(done.status, 303, "{}", done.text());
        let after = dana.get(&done.location());
        assert!(after.only("main .toast p").starts_with("Nothing wrong: "));
        assert_eq!(after.count(".item"), 0);
        assert_eq!(server.visitor().get("/articles/ferry").count(".comment"), 1);
        // Sent twice, it is done once.
        let again = send(&dana, &list, comment, "keep", "", "It is about the boat.");
        assert_eq!(again.location(), done.location());
        // The reporters hear of it when it can no longer be undone.
        for receipt in &receipts {
            assert!(!reader.get(receipt).text().contains("It is about the boat."));
        }
        let undone = dana.undo(&after);
        assert_eq!(undone.status, 303, "{}", undone.text());
        let list = dana.get(TAB);
        assert!(list.text().contains("2 open reports"));
        server.clock.advance(MINUTE);
        for receipt in &receipts {
            assert!(!reader.get(receipt).text().contains("It is about the boat."));
        }
        send(&dana, &list, comment, "keep", "", "It is about the boat.");
        server.clock.advance(MINUTE);
        for receipt in &receipts {
            let told = reader.get(receipt);
            assert_eq!(told.only("h1"), "The comment stays");
            assert!(told.text().contains("It is about the boat."));
        }
        // A decided ground does not come back.
        let sent = report_from(&reader, "198.51.100.3", comment, &[("ground", "4")]);
        assert_eq!(sent.status, 303);
        assert_eq!(dana.get(TAB).count(".item"), 0);
        let other = report_from(&reader, "198.51.100.4", comment, &[("ground", "1")]);
        assert_eq!(other.status, 303);
        assert_eq!(dana.get(TAB).count(".item"), 1);
    });
}

#[test]
fn a_removal_answers_the_reports_and_its_undo_opens_them_again() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[PROXIED]);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let receipts = two_reports(&server, comment);
        let list = dana.get(TAB);
        let done = send(&dana, &list, comment, "reject", "4", "");
        assert_eq!(done.status, 303, "{}", done.text());
        assert_eq!(dana.get(TAB).count(".item"), 0);
        let after = dana.get(&done.location());
        dana.undo(&after);
        let list = dana.get(TAB);
        assert!(list.text().contains("2 open reports"));
        assert_eq!(server.visitor().get("/articles/ferry").count(".comment"), 1);
        send(&dana, &list, comment, "spam", "", "");
        server.clock.advance(MINUTE);
        for receipt in &receipts {
            assert_eq!(reader.get(receipt).only("h1"), "The comment was removed");
        }
    });
}

#[test]
fn a_colleague_who_was_quicker_is_named_and_nothing_is_answered_twice() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[PROXIED]);
        let (dana, eve) = (server.moderator("Dana"), server.moderator("Eve"));
        two_reports(&server, comment);
        let stale = eve.get(TAB);
        let list = dana.get(TAB);
        send(&dana, &list, comment, "keep", "", "");
        let late = send(&eve, &stale, comment, "spam", "", "");
        assert_eq!(late.status, 409);
        assert!(late.text().contains("Dana found nothing wrong with this"));
        let late = send(&eve, &stale, comment, "keep", "", "");
        assert_eq!(late.status, 409);
        assert_eq!(server.visitor().get("/articles/ferry").count(".comment"), 1);
    });
}
