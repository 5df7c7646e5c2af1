//! The hostile corpus in every field of a report: words to its reporter and to the desk, and nothing else.

use rejoinder::text;

use crate::hostile::{assert_harmless, elements_of, letters, payloads};
use crate::reporting::{PROXIED, edit, form_path, published, report_from};
use crate::support::Engine;

#[test]
fn explanations_of_the_corpus_are_words_on_the_receipt_and_on_the_desk() {
    let (server, comment) = published(Engine::Sqlite, &[PROXIED]);
    let reader = server.visitor();
    let dana = server.moderator("Dana");
    let plain = [("ground", "4"), ("explanation", "Plain words.")];
    let plain = report_from(&reader, "198.51.100.1", comment, &plain).location();
    edit(&server, comment, "<p>Other words.</p>");
    let own = elements_of(&[
        reader.get(&plain),
        dana.get("/moderation?tab=reported"),
        reader.get(&form_path(comment)),
    ]);
    let mut bundle = String::new();
    let mut taken = 0;
    let payloads = payloads();
    for (number, payload) in payloads.iter().enumerate() {
        bundle.push_str(&payload.replace('\r', "\n"));
        bundle.push('\n');
        let full = bundle.chars().count() > 1_500 || number + 1 == payloads.len();
        if !full {
            continue;
        }
        let said: String = bundle.chars().take(2_000).collect();
        bundle.clear();
        taken += 1;
        // Each stands on a comment of its own, so that the desk shows it.
        let receipt = reader.reply("ferry", "Ama", &format!("Comment {taken}."));
        let id = server.comment_at(&receipt);
        let network = format!("203.0.113.{taken}");
        let fields = [("ground", "spam"), ("explanation", &*said)];
        let sent = report_from(&reader, &network, id, &fields);
        assert_eq!(sent.status, 303, "{}", sent.text());
        let page = reader.get(&sent.location());
        assert_harmless(&page, &own);
        let shown = page.texts("dd.typed").concat();
        assert_eq!(letters(&shown), letters(&text::normalise(&said)));
        let seek = format!("/moderation?tab=reported&from={}", id - 1);
        let page = dana.get(&seek);
        assert_harmless(&page, &own);
        let shown = page.texts(".evid .typed").concat();
        assert_eq!(letters(&shown), letters(&text::normalise(&said)));
    }
    assert!(taken > 10, "{taken}");
}

#[test]
fn fields_of_the_corpus_are_given_back_as_they_were_typed() {
    let (server, comment) = published(Engine::Sqlite, &[]);
    let reader = server.visitor();
    let own = elements_of(&[reader.post(&form_path(comment), &[])]);
    for payload in payloads().into_iter().step_by(7) {
        let fields = [
            ("seen", payload.as_str()),
            ("ground", &payload),
            ("explanation", &payload),
            ("name", &payload),
            ("email", &payload),
            ("child_abuse", &payload),
            ("good_faith", &payload),
        ];
        let page = reader.post(&form_path(comment), &fields);
        assert_eq!(page.status, 422, "{payload:?}");
        assert_harmless(&page, &own);
        let line = text::one_line(&payload);
        assert_eq!(page.value("#name"), line);
        assert_eq!(page.value("#email"), line);
        assert_eq!(
            page.value("#explanation"),
            text::normalise(&payload)
                .trim_end()
                .trim_start_matches('\n')
        );
        // A page that is made without the database keeps them as harmlessly.
        let late = reader.post(&form_path(comment + 1), &fields);
        assert_eq!(late.status, 404);
        assert_harmless(&late, &own);
    }
}
