//! The hostile corpus in what authors write after they have posted: edits, appeals, and the answers to them.

use rejoinder::text;

use super::hostile::{assert_harmless, elements_of, letters, payloads};
use crate::support::{Client, Engine, Server};

fn edit(reader: &Client, receipt: &str, body: &str) -> u16 {
    let path = format!("{receipt}/edit");
    let seen = reader.get(&path).value("main [name=seen]");
    let fields = [("seen", seen.as_str()), ("body", body), ("do", "send")];
    reader.post(&path, &fields).status
}

#[test]
fn edits_of_the_corpus_are_words_on_every_page_that_shows_them() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let (reader, dana) = (server.visitor(), server.moderator("Dana"));
    let receipt = reader.reply("ferry", "Ama", "Plain *words*.");
    let preview = [("body", "x"), ("do", "preview")];
    let waiting = reader.post(&format!("{receipt}/edit"), &preview);
    dana.decide("waiting", "Plain", "approve", "");
    assert_eq!(edit(&reader, &receipt, "Other words."), 303);
    let own = elements_of(&[
        waiting,
        reader.get(&receipt),
        reader.get(&format!("{receipt}/edit")),
        dana.get("/moderation"),
    ]);
    let mut edited = 0;
    for payload in payloads().into_iter().step_by(5) {
        match edit(&reader, &receipt, &payload) {
            303 => edited += 1,
            status => assert_eq!(status, 422, "{payload:?}"),
        }
        let form = reader.get(&format!("{receipt}/edit"));
        assert_harmless(&form, &own);
        assert_harmless(&reader.get(&receipt), &own);
        let desk = dana.get("/moderation");
        assert_harmless(&desk, &own);
        // What the moderator compares is what was typed, letter for letter.
        let shown = desk.texts(".item .changes").concat();
        let shown = letters(&shown.replace("deleted:", "").replace("inserted:", ""));
        assert!(
            shown.len() >= letters(&form.value("#body")).len(),
            "{payload:?}"
        );
    }
    assert!(edited > 150, "{edited}");
}

#[test]
fn appeals_and_answers_of_the_corpus_are_words_on_every_page_that_shows_them() {
    let server = Server::with(Engine::Sqlite, &[("moderation.undo_seconds", "0")]);
    server.article("ferry");
    let (reader, dana, yusuf) = (
        server.visitor(),
        server.moderator("Dana"),
        server.moderator("Yusuf"),
    );
    let mut texts = vec![String::new()];
    for payload in payloads() {
        let full = |text: &String| text.chars().count() + payload.chars().count() > 990;
        if texts.last().is_none_or(full) {
            texts.push(String::new());
        }
        if let Some(text) = texts.last_mut() {
            text.push_str(&payload.replace('\r', "\n"));
            text.push('\n');
        }
    }
    let appeal = |number: usize, why: &str, answer: &str| {
        let words = format!("Reply number {number}.");
        let receipt = reader.reply("ferry", "Ama", &words);
        dana.decide("waiting", &words, "reject", "1");
        let sent = reader.post(&format!("{receipt}/appeal"), &[("why", why)]);
        assert_eq!(sent.status, 303, "{}", sent.text());
        let list = yusuf.get("/moderation?tab=appeals");
        let id = list.item_with(&words);
        let value = |name: &str| list.value(&format!("#c-{id} form input[name={name}]"));
        let fields = [
            ("csrf", value("csrf")),
            ("version", value("version")),
            ("appeal", value("appeal")),
            ("view", "tab=appeals".to_owned()),
            ("do", "keep".to_owned()),
            ("note", answer.to_owned()),
        ];
        let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let done = yusuf.post(&format!("/moderation/comments/{id}/decide"), &fields);
        assert_eq!(done.status, 303, "{}", done.text());
        (reader.get(&receipt), list)
    };
    let (receipt, list) = appeal(0, "Plain.", "Plain.");
    let own = elements_of(&[receipt, list]);
    for (number, text) in texts.iter().enumerate().skip(1) {
        let text: String = text.chars().take(1_000).collect();
        let (receipt, list) = appeal(number, &text, &text);
        assert_harmless(&receipt, &own);
        assert_harmless(&list, &own);
        let wanted = letters(&text::normalise(&text));
        let typed = receipt.texts("main dd.typed");
        assert!(
            typed.iter().all(|shown| letters(shown) == wanted),
            "{number}"
        );
        assert_eq!(typed.len(), 2);
    }
}
