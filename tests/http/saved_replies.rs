//! Saved replies: kept by moderators, sent with rejections, read on receipts.

use rejoinder::time::MINUTE;

use crate::desk::{decide, list, post, reply, toast};
use crate::moderating::{acts, ferry};
use crate::support::client::Fields;
use crate::support::{Client, Page, on_each_engine};

const PATH: &str = "/moderation/saved-replies";

fn add(moderator: &Client, title: &str, text: &str) -> Page {
    post(
        moderator,
        PATH,
        &[("do", "add"), ("title", title), ("text", text)],
    )
}

/// The number of a saved reply, as the menu of a rejection has it.
fn number(moderator: &Client, title: &str) -> String {
    let page = list(moderator, "tab=all");
    let options = page.texts(".item:first-of-type [name=saved] option");
    let at = options.iter().position(|option| option == title).unwrap();
    page.attributes(".item:first-of-type [name=saved] option", "value")[at].clone()
}

#[test]
fn a_saved_reply_is_added_changed_and_removed() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (dana, ed) = (server.moderator("Dana"), server.moderator("Ed"));
        reply(&server, &server.visitor(), "Ama", "It waits.");
        assert_eq!(dana.get(PATH).count(".saved"), 0);
        assert_eq!(list(&dana, "").count("[name=saved]"), 0);
        let answer = add(&dana, " Ask for a <source> ", " Please name\r\na source. ");
        assert_eq!(answer.location(), format!("{PATH}?said=added"));
        assert_eq!(toast(&dana, &answer), "It is saved.");
        add(&ed, "A word of thanks", "Thanks.");
        let page = ed.get(PATH);
        assert_eq!(
            page.texts(".saved summary"),
            ["A word of thanks", "Ask for a <source>"]
        );
        assert_eq!(
            page.value(".saved:nth-of-type(2) textarea"),
            "Please name\na source."
        );
        assert_eq!(
            list(&dana, "").texts("[name=saved] option"),
            ["None", "A word of thanks", "Ask for a <source>"]
        );
        let id = page.value(".saved:nth-of-type(2) [name=id]");
        let change = [
            ("do", "change"),
            ("id", &*id),
            ("title", "Zebra"),
            ("text", "Other words."),
        ];
        assert_eq!(
            toast(&ed, &post(&ed, PATH, &change)),
            "The change is saved."
        );
        let page = dana.get(PATH);
        assert_eq!(page.texts(".saved summary"), ["A word of thanks", "Zebra"]);
        let remove = [("do", "remove"), ("id", &*id)];
        assert_eq!(toast(&dana, &post(&dana, PATH, &remove)), "It is removed.");
        assert_eq!(dana.get(PATH).texts(".saved summary"), ["A word of thanks"]);
        // Removed twice is removed; changed by somebody who had it open, it can be saved anew.
        assert_eq!(post(&ed, PATH, &remove).status, 303);
        let late = post(&ed, PATH, &change);
        assert_eq!(late.status, 409);
        assert_eq!(late.value("#title-new"), "Zebra");
        assert_eq!(late.value("#text-new"), "Other words.");
        assert_eq!(
            acts(&server)[2..],
            [
                "saved-reply-added",
                "saved-reply-added",
                "saved-reply-changed",
                "saved-reply-removed"
            ]
        );
    });
}

#[test]
fn a_saved_reply_needs_a_title_and_a_text_and_keeps_what_was_typed() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let dana = server.moderator("Dana");
        add(&dana, "First", "Words.");
        let id = dana.get(PATH).value(".saved [name=id]");
        let (long_title, long_text) = ("t".repeat(81), "x".repeat(1_001));
        let (title_wrong, text_wrong) = (
            "Enter a title of at most 80 characters",
            "Enter a text of at most 1,000 characters",
        );
        for (title, text, expected) in [
            ("", "Words.", vec![title_wrong]),
            ("\u{200b}", "Words.", vec![title_wrong]),
            (long_title.as_str(), "Words.", vec![title_wrong]),
            ("a\0b", "Words.", vec![title_wrong]),
            ("Title", "", vec![text_wrong]),
            ("<b>Title</b>", long_text.as_str(), vec![text_wrong]),
            ("Title", "a\0b", vec![text_wrong]),
            ("", " ", vec![title_wrong, text_wrong]),
        ] {
            for (key, act, number) in [("new", "add", ""), (id.as_str(), "change", id.as_str())] {
                let fields = [
                    ("do", act),
                    ("id", number),
                    ("title", title),
                    ("text", text),
                ];
                let page = post(&dana, PATH, &fields);
                assert_eq!(page.status, 422, "{act} {title:?} {text:?}");
                assert_eq!(page.texts("[role=alert] li"), expected);
                let links = page.attributes("[role=alert] a", "href");
                assert!(
                    links.iter().all(|link| link.ends_with(&format!("-{key}"))),
                    "{links:?}"
                );
                // What no page can hold is gone; all else is there.
                if !title.contains(['\0', '\u{200b}']) && !text.contains('\0') {
                    assert_eq!(page.value(&format!("#title-{key}")), title);
                    assert_eq!(page.value(&format!("#text-{key}")), text.trim());
                }
            }
        }
        for fields in [
            &[("do", "steal")][..],
            &[("title", "T"), ("text", "W")],
            &[("do", "change"), ("id", "x"), ("title", "T"), ("text", "W")],
            &[("do", "remove")],
            &[("do", "add"), ("title", "T"), ("title", "U"), ("text", "W")],
        ] {
            assert_eq!(post(&dana, PATH, fields).status, 400, "{fields:?}");
        }
        assert_eq!(dana.get(PATH).texts(".saved summary"), ["First"]);
        let most = [
            ("do", "add"),
            ("title", &long_title[1..]),
            ("text", &long_text[1..]),
        ];
        assert_eq!(post(&dana, PATH, &most).status, 303);
        assert_eq!(server.visitor().get(PATH).status, 303);
        assert_eq!(server.visitor().post(PATH, &most).status, 303);
        assert_eq!(dana.get(PATH).count(".saved"), 2);
    });
}

#[test]
fn a_rejection_is_sent_with_a_saved_reply_with_what_was_typed_or_with_both() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let sent: Vec<_> = (1..=5)
            .map(|number| reply(&server, &reader, "Ama", &format!("Number {number}.")))
            .collect();
        add(&dana, "Ask for a source", "Please name a source.");
        let saved = number(&dana, "Ask for a source");
        let cases: [(Fields, &str); 5] = [
            (&[("saved", &saved), ("note", "")], "Please name a source."),
            (
                &[("saved", ""), ("note", "No buses here.")],
                "No buses here.",
            ),
            (
                &[("saved", &saved), ("note", "No buses here.")],
                "Please name a source. No buses here.",
            ),
            // With the script it stands in the field already, and is not said twice.
            (
                &[
                    ("saved", &saved),
                    ("note", "Hello Ama. Please name a source."),
                ],
                "Hello Ama. Please name a source.",
            ),
            // A saved reply that a colleague removed meanwhile is none.
            (&[("saved", "999"), ("note", "Only this.")], "Only this."),
        ];
        for (one, (fields, _)) in sent.iter().zip(cases) {
            let mut all = vec![("do", "reject"), ("ground", "4")];
            all.extend_from_slice(fields);
            assert_eq!(decide(&dana, "", one.id, &all).status, 303, "{fields:?}");
            assert_eq!(
                reader.get(&one.receipt).only("h1"),
                "Your reply is awaiting moderation"
            );
        }
        server.clock.advance(MINUTE);
        for (one, (fields, note)) in sent.iter().zip(cases) {
            let receipt = reader.get(&one.receipt);
            assert_eq!(receipt.only("h1"), "Your reply was not published");
            assert!(
                receipt.text().contains(note),
                "{fields:?}: {}",
                receipt.text()
            );
            assert!(
                !receipt.text().contains("Ask for a source"),
                "titles are for colleagues"
            );
            assert_eq!(
                receipt.text().matches("Please name a source.").count(),
                note.matches("Please").count()
            );
        }
        // Changed or removed, it is what it was on what was sent.
        let change = [
            ("do", "change"),
            ("id", &*saved),
            ("title", "T"),
            ("text", "Quite other words."),
        ];
        post(&dana, PATH, &change);
        assert!(
            reader
                .get(&sent[0].receipt)
                .text()
                .contains("Please name a source.")
        );
        post(&dana, PATH, &[("do", "remove"), ("id", &saved)]);
        assert!(
            reader
                .get(&sent[0].receipt)
                .text()
                .contains("Please name a source.")
        );
        assert!(
            list(&dana, "tab=rejected")
                .text()
                .contains("Please name a source.")
        );

        // A saved reply and a typed one together may be as long as each may.
        let (long, typed) = ("s".repeat(1_000), "t".repeat(1_000));
        let more = [
            reply(&server, &reader, "Ama", "Number 6."),
            reply(&server, &reader, "Ama", "Number 7."),
        ];
        add(&dana, "Long", &long);
        let saved = number(&dana, "Long");
        let fields = [
            ("do", "reject"),
            ("ground", "4"),
            ("saved", &*saved),
            ("note", &*typed),
        ];
        assert_eq!(decide(&dana, "", more[0].id, &fields).status, 303);
        for (saved, note) in [("x", ""), (&*saved, &*format!("{typed}t")), ("-1", "")] {
            let fields = [
                ("do", "reject"),
                ("ground", "4"),
                ("saved", saved),
                ("note", note),
            ];
            assert_eq!(
                decide(&dana, "", more[1].id, &fields).status,
                400,
                "{saved}"
            );
        }
        server.clock.advance(MINUTE);
        let receipt = reader.get(&more[0].receipt).body;
        assert!(receipt.contains(&long) && receipt.contains(&typed));
    });
}

#[test]
fn there_are_fifty_saved_replies_at_most() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let dana = server.moderator("Dana");
        for count in 1..=50 {
            assert_eq!(add(&dana, &format!("Title {count}"), "Words.").status, 303);
        }
        let page = add(&dana, "One too many", "Its <words>.");
        assert_eq!(page.status, 409);
        assert_eq!(
            page.only("[role=alert]"),
            "There are 50 saved replies already. Remove one first."
        );
        assert_eq!(page.value("#title-new"), "One too many");
        assert_eq!(page.value("#text-new"), "Its <words>.");
        assert_eq!(page.count(".saved"), 50);
        let id = page.value(".saved [name=id]");
        post(&dana, PATH, &[("do", "remove"), ("id", &id)]);
        assert_eq!(add(&dana, "One too many", "Its <words>.").status, 303);
    });
}
