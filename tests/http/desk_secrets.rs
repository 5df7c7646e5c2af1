//! What colleagues say of authors among themselves stays on the desk.

use rejoinder::time::MINUTE;

use crate::authors_desk::remembered;
use crate::desk::{claim, date, decide, edit, list, post, reply, reply_from};
use crate::recognising::PROXIED;
use crate::reporting::report;
use crate::support::{Server, on_each_engine};

/// Words that only colleagues read.
const SECRETS: [&str; 8] = [
    "vermilion",
    "heliotrope",
    "aubergine",
    "Ottoline",
    "trusted",
    "author-hold",
    "is reviewing",
    "claimed",
];

#[test]
fn notes_holds_claims_trust_and_titles_are_on_no_page_of_a_reader() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[PROXIED]);
        server.article("ferry");
        let (ama, bo, desk) = (
            server.visitor(),
            server.visitor(),
            server.moderator("Ottoline"),
        );
        let trusted = remembered(&server, &ama, "By whom we trust.");
        let held = reply_from(
            &server,
            &bo,
            "203.0.113.5",
            &[("name", "Bo"), ("body", "Bait."), ("remember", "1")],
        );
        let note = [("view", ""), ("note", "A vermilion note.")];
        for id in [trusted.id, held.id] {
            post(&desk, &format!("/moderation/comments/{id}/notes"), &note);
        }
        let until = date(&server, 9);
        let hold = [
            ("do", "hold"),
            ("until", &*until),
            ("reason", "A heliotrope reason."),
        ];
        post(&desk, &format!("/moderation/authors/{}", 2), &hold);
        let saved = [
            ("do", "add"),
            ("title", "The aubergine one"),
            ("text", "Please be kind."),
        ];
        post(&desk, "/moderation/saved-replies", &saved);
        decide(&desk, "", trusted.id, &[("do", "trust")]);
        let second = remembered(&server, &ama, "Public at once.");
        let third = reply_from(
            &server,
            &bo,
            "203.0.113.5",
            &[("name", "Bo"), ("body", "Bait again.")],
        );
        let rejected = reply(&server, &bo, "Bo", "To be rejected.");
        let menu = list(&desk, "");
        let id = menu.attributes("[name=saved] option", "value")[1].clone();
        decide(
            &desk,
            "",
            rejected.id,
            &[("do", "reject"), ("ground", "1"), ("saved", &id)],
        );
        edit(&ama, &second.receipt, "Edited.");
        let reported = report(&bo, trusted.id, &[("ground", "4")]);
        for id in [trusted.id, second.id, held.id, third.id] {
            claim(&desk, "", id, "claim");
        }
        let desks = list(&desk, "tab=all");
        assert!(desks.body.contains("vermilion") && desks.body.contains("heliotrope"));
        assert!(desks.body.contains("aubergine") && desks.body.contains("You hold this"));

        for later in [0, 2 * MINUTE] {
            server.clock.advance(later);
            let mut paths: Vec<String> = [
                "/",
                "/articles/ferry",
                "/articles/ferry?sort=newest",
                "/articles/ferry?sort=most-replied",
                "/rules",
                "/login",
                "/feed.atom",
                "/articles/ferry/feed.atom",
                "/api/counts?slug=ferry",
                "/sitemap.xml",
                "/robots.txt",
                "/healthz",
                "/readyz",
                "/nothing",
            ]
            .map(str::to_owned)
            .to_vec();
            for one in [&trusted, &held, &second, &third, &rejected] {
                paths.push(one.receipt.clone());
                paths.push(format!("{}/edit", one.receipt));
                paths.push(format!("/comments/{}", one.id));
                paths.push(format!("/comments/{}/report", one.id));
                paths.push(format!("/threads/{}", one.id));
                paths.push(format!("/articles/ferry?reply_to={}", one.id));
            }
            paths.push(reported.clone());
            for reader in [&ama, &bo, &server.visitor(), &desk] {
                for path in &paths {
                    let page = reader.get(path);
                    assert!(page.status < 500, "{path}");
                    let body = page.body.replace("By whom we trust.", "");
                    // Who is signed in is told so.
                    let theirs = std::ptr::eq(reader, &desk);
                    for secret in SECRETS
                        .iter()
                        .filter(|secret| !theirs || **secret != "Ottoline")
                    {
                        assert!(
                            !body.contains(secret),
                            "{secret} at {path}: {}",
                            page.text()
                        );
                    }
                }
            }
        }
        let receipt = bo.get(&rejected.receipt).text();
        assert!(receipt.contains("Please be kind."), "{receipt}");
        assert!(
            bo.get(&third.receipt)
                .text()
                .contains("A moderator reads your replies")
        );
        // The desk's own pages are nobody else's.
        for path in [
            "/moderation",
            "/moderation/counts",
            "/moderation/authors/1",
            "/moderation/comments/2/author",
            "/moderation/saved-replies",
            "/moderation/audit",
        ] {
            let page = bo.get(path);
            assert!(
                page.status == 303 && page.location().starts_with("/login"),
                "{path}"
            );
            assert!(!page.body.contains("vermilion"));
        }
    });
}
