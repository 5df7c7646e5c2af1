//! Authors on the desk: what they wrote and what became of it, notes, trust.

use rejoinder::time::MINUTE;

use crate::desk::{Sent, admin, day, decide, list, listed, post, reply, reply_from, toast};
use crate::moderating::{acts, ferry};
use crate::reporting::report;
use crate::support::{Client, Engine, Page, Server, on_each_engine};

const ONE: &str = "/moderation/authors/1";
const PUBLISHED: &str = "Your reply is published";
const WAITS: &str = "Your reply is awaiting moderation";

/// A reply by Ama, who is remembered on her device.
pub fn remembered(server: &Server, ama: &Client, body: &str) -> Sent {
    let fields = [("name", "Ama"), ("body", body), ("remember", "1")];
    reply_from(server, ama, "198.51.100.1", &fields)
}

#[test]
fn an_author_has_a_page_with_totals_and_every_comment_with_its_outcome() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (ama, dana) = (server.visitor(), server.moderator("Dana"));
        let sent: Vec<Sent> = (0..30)
            .map(|number| remembered(&server, &ama, &format!("Number {number}.")))
            .collect();
        let other = reply(&server, &server.visitor(), "Bo", "Somebody else's.").id;
        for (at, verdict) in [(0, "approve"), (1, "approve"), (2, "reject"), (3, "spam")] {
            let fields = [("do", verdict), ("ground", "4")];
            decide(&dana, "tab=all&sort=oldest", sent[at].id, &fields);
        }
        report(&server.visitor(), sent[0].id, &[("ground", "4")]);
        server.clock.advance(MINUTE);
        ama.post(&format!("{}/appeal", sent[2].receipt), &[("why", "Why?")]);

        let link = list(&dana, "tab=all&sort=oldest");
        let link = link.attribute(&format!("#c-{} h2 a", sent[0].id), "href");
        assert_eq!(link, ONE);
        let page = dana.get(ONE);
        assert_eq!((page.status, page.only("h1").as_str()), (200, "Ama"));
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(
            page.texts(".figs dt"),
            [
                "approved",
                "rejected",
                "marked as spam",
                "waiting",
                "reports received"
            ]
        );
        assert_eq!(page.texts(".figs dd"), ["2", "1", "1", "26", "1"]);
        let pairs = page.texts(".pairs dd");
        assert_eq!(pairs[0], day(&server, server.now()));
        assert!(
            pairs[1].ends_with(", shared with 1 other comment"),
            "{pairs:?}"
        );
        assert_eq!(pairs[2], "1 sent, 0 granted");
        assert_eq!(
            page.texts(".tabs a"),
            ["All", "Approved 2", "Rejected 1", "Spam 1", "Waiting 26"]
        );
        let tabs = page.attributes(".tabs a", "href");
        let bodies = |page: &Page| page.texts(".log .c-body");
        let numbers = |range: std::ops::Range<usize>| -> Vec<String> {
            range
                .rev()
                .map(|number| format!("Number {number}."))
                .collect()
        };
        assert_eq!(bodies(&page), numbers(5..30));
        assert_eq!(page.texts(".pager a"), ["Older"]);
        let older = dana.get(&page.attribute(".pager a", "href"));
        assert_eq!(bodies(&older), numbers(0..5));
        let lines = older.texts(".log .ctx");
        for (at, said) in [
            (0, "Waiting"),
            (1, "Spam Dana marked this as spam"),
            (2, "Rejected Dana rejected this"),
            (3, "Published Dana approved this"),
            (4, "Published Dana approved this"),
        ] {
            assert!(lines[at].starts_with(said), "{lines:?}");
            assert!(
                lines[at].contains("About ferry · Open on the desk"),
                "{lines:?}"
            );
        }
        let newer = dana.get(&older.attribute(".pager a", "href"));
        assert_eq!(bodies(&newer), bodies(&page));
        assert_eq!(bodies(&dana.get(&tabs[1])), numbers(0..2));
        assert_eq!(bodies(&dana.get(&tabs[2])), ["Number 2."]);
        assert_eq!(bodies(&dana.get(&tabs[3])), ["Number 3."]);
        let waiting = dana.get(&tabs[4]);
        assert_eq!(bodies(&waiting), numbers(5..30));
        let rest = dana.get(&waiting.attribute(".pager a", "href"));
        assert_eq!(bodies(&rest), ["Number 4."]);
        assert_eq!(rest.texts(".tabs [aria-current]"), ["Waiting 26"]);
        assert!(!page.text().contains("Somebody else's."));

        // A comment leads to its author, or to a page about itself alone.
        let of = |id: i64| dana.get(&format!("/moderation/comments/{id}/author"));
        assert_eq!(
            (of(sent[9].id).status, of(sent[9].id).location().as_str()),
            (303, ONE)
        );
        let page = of(other);
        assert_eq!((page.status, page.only("h1").as_str()), (200, "Bo"));
        assert!(
            page.text()
                .contains("Not recognised: what stands here is about one comment alone.")
        );
        assert_eq!(
            (bodies(&page), page.count(".figs"), page.count(".tabs")),
            (vec!["Somebody else's.".to_owned()], 0, 0)
        );
        assert_eq!(page.count("[value=trust]"), 0);
    });
}

#[test]
fn the_pages_of_authors_are_for_moderators_and_for_authors_that_there_are() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (ama, dana) = (server.visitor(), server.moderator("Dana"));
        let id = remembered(&server, &ama, "Number 1.").id;
        let own = format!("/moderation/comments/{id}/author");
        for path in [ONE, &own] {
            let page = ama.get(path);
            assert_eq!(page.status, 303);
            assert!(
                page.location().starts_with("/login?next="),
                "{}",
                page.location()
            );
            let sent = ama.post(path, &[("do", "trust")]);
            assert_eq!(sent.status, 303);
            assert!(sent.location().starts_with("/login"), "{}", sent.location());
            assert_eq!(dana.head(path).status, dana.get(path).status);
            assert_eq!(post(&dana, path, &[("do", "praise")]).status, 400);
            assert_eq!(post(&dana, path, &[]).status, 400);
            let foreign = [("do", "trust"), ("csrf", "x")];
            assert_eq!(dana.post(path, &foreign).status, 403);
        }
        for path in [
            "/moderation/authors/2",
            "/moderation/authors/x",
            "/moderation/authors/0",
            "/moderation/authors/99999999999999999999",
            "/moderation/comments/999/author",
            "/moderation/authors/1?status=gone",
            "/moderation/authors/1?from=x",
        ] {
            assert_eq!(dana.get(path).status, 404, "{path}");
        }
        for (path, act) in [
            ("/moderation/authors/2", "trust"),
            ("/moderation/authors/2", "untrust"),
        ] {
            assert_eq!(post(&dana, path, &[("do", act)]).status, 404, "{act}");
        }
        for path in ["/moderation/authors/2", "/moderation/comments/999/author"] {
            let hold = [
                ("do", "hold"),
                ("until", &*crate::desk::date(&server, 3)),
                ("reason", "Why not."),
            ];
            assert_eq!(post(&dana, path, &hold).status, 404, "{path}");
            assert_eq!(
                post(&dana, path, &[("do", "note"), ("note", "A note.")]).status,
                404,
                "{path}"
            );
        }
        // Nobody is trusted for one comment's sake.
        let bo = reply(&server, &server.visitor(), "Bo", "Unknown.").id;
        let path = format!("/moderation/comments/{bo}/author");
        assert_eq!(post(&dana, &path, &[("do", "trust")]).status, 400);
        assert_eq!(acts(&server), ["signed-in"]);
    });
}

#[test]
fn colleagues_leave_notes_on_an_authors_page() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (ama, dana, ed) = (
            server.visitor(),
            server.moderator("Dana"),
            server.moderator("Ed"),
        );
        let first = remembered(&server, &ama, "Number 1.").id;
        let second = remembered(&server, &ama, "Number 2.").id;
        let answer = post(
            &dana,
            ONE,
            &[("do", "note"), ("note", "Knows <the> harbour.")],
        );
        assert_eq!(answer.location(), format!("{ONE}?said=noted"));
        assert_eq!(toast(&dana, &answer), "The note is saved.");
        let on_comment = [("view", ""), ("note", "On one comment.")];
        post(
            &ed,
            &format!("/moderation/comments/{first}/notes"),
            &on_comment,
        );
        let today = day(&server, server.now());
        let page = ed.get(ONE);
        assert_eq!(
            page.texts(".quote"),
            [
                format!("On one comment.Ed, {today}"),
                format!("Knows <the> harbour.Dana, {today}")
            ]
        );
        let queue = list(&ed, "");
        for id in [first, second] {
            let beside = queue.only(&format!("#c-{id} .evid"));
            assert!(beside.contains("Knows <the> harbour."), "{beside}");
        }
        for text in ["", " \u{200b}", "a\0b"] {
            let fields = [("do", "note"), ("note", text)];
            assert_eq!(post(&dana, ONE, &fields).status, 400, "{text:?}");
        }
        let bo = reply(&server, &server.visitor(), "Bo", "Unknown.").id;
        let path = format!("/moderation/comments/{bo}/author");
        let answer = post(
            &dana,
            &path,
            &[("do", "note"), ("note", "About one comment.")],
        );
        assert_eq!(toast(&dana, &answer), "The note is saved.");
        assert!(
            dana.get(&path)
                .only(".quote")
                .starts_with("About one comment.")
        );
    });
}

#[test]
fn replies_of_a_trusted_author_are_public_at_once_whatever_they_link_to() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (ama, dana) = (server.visitor(), server.moderator("Dana"));
        remembered(&server, &ama, "Number 1.");
        let heading = |sent: &Sent| ama.get(&sent.receipt).only("h1");
        assert_eq!(heading(&remembered(&server, &ama, "Number 2.")), WAITS);
        let answer = post(&dana, ONE, &[("do", "trust")]);
        assert_eq!(answer.location(), format!("{ONE}?said=trusted"));
        assert_eq!(toast(&dana, &answer), "This author is trusted from now on.");
        let page = dana.get(ONE);
        let said = format!("Trusted by Dana since {}:", day(&server, server.now()));
        assert!(page.text().contains(&said), "{}", page.text());
        assert_eq!(page.only("h1 + .badge"), "Trusted");
        assert!(page.text().contains("The author is told nothing of it."));

        // What waited before waits on; what comes now does not.
        assert_eq!(listed(&dana, "").len(), 2);
        let links = "https://a.example https://b.example https://c.example";
        for body in ["Number 3.", links] {
            let sent = remembered(&server, &ama, body);
            assert_eq!(heading(&sent), PUBLISHED, "{body}");
            assert!(
                !ama.get(&sent.receipt)
                    .text()
                    .to_lowercase()
                    .contains("trust")
            );
        }
        // A name or a field that speaks against it holds it still, and nobody else profits.
        let named = [("name", "DANA"), ("body", "I decide."), ("remember", "1")];
        assert_eq!(
            heading(&reply_from(&server, &ama, "198.51.100.1", &named)),
            WAITS
        );
        let filled = [("name", "Ama"), ("body", "Buy."), ("homepage_url", "x")];
        assert_eq!(
            heading(&reply_from(&server, &ama, "198.51.100.1", &filled)),
            WAITS
        );
        let thief = server.visitor();
        let copied = [
            ("name", "Ama"),
            ("email", "ama@a.example"),
            ("body", "It is me."),
        ];
        assert_eq!(
            heading(&reply_from(&server, &thief, "198.51.100.1", &copied)),
            WAITS
        );
        assert_eq!(list(&dana, "tab=all").count("[value=trust]"), 0);

        post(&dana, ONE, &[("do", "trust")]);
        let answer = post(&dana, ONE, &[("do", "untrust")]);
        assert_eq!(
            toast(&dana, &answer),
            "This author is not trusted any more."
        );
        assert_eq!(dana.get(ONE).count("h1 + .badge, [value=untrust]"), 0);
        assert_eq!(heading(&remembered(&server, &ama, "Number 4.")), WAITS);
        assert_eq!(
            acts(&server),
            ["signed-in", "author-trusted", "author-untrusted"]
        );
    });
}

#[test]
fn an_approval_can_trust_its_author_from_then_on() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (ama, dana) = (server.visitor(), server.moderator("Dana"));
        let first = remembered(&server, &ama, "Number 1.").id;
        let bo = reply(&server, &server.visitor(), "Bo", "Unknown.").id;
        let page = list(&dana, "");
        assert_eq!(
            page.texts("[value=trust]"),
            ["Approve, and trust this author from now on"],
            "only who is recognised can be trusted"
        );
        assert_eq!(page.count(&format!("#c-{first} [value=trust]")), 1);
        let done = decide(&dana, "", first, &[("do", "trust")]);
        assert_eq!(toast(&dana, &done), "Approved: Ama.");
        let next = remembered(&server, &ama, "Number 2.");
        assert_eq!(ama.get(&next.receipt).only("h1"), PUBLISHED);
        assert!(dana.get(ONE).text().contains("Trusted by Dana"));
        // Asked for an author who is not recognised, it approves.
        decide(&dana, "", bo, &[("do", "trust")]);
        assert_eq!(listed(&dana, "tab=published"), [next.id, bo, first]);
        // A colleague who was quicker is told, and nobody is trusted by a page that was old.
        post(&dana, ONE, &[("do", "untrust")]);
        let waits = remembered(&server, &ama, "Number 3.").id;
        let stale = list(&dana, "");
        let ed = admin(&server, "Ed");
        decide(&ed, "", waits, &[("do", "spam")]);
        let late = crate::desk::decide_from(&dana, &stale, waits, &[("do", "trust")]);
        assert_eq!(late.status, 409);
        assert!(!dana.get(ONE).text().contains("Trusted by"));
    });
}

#[test]
fn a_page_of_the_desk_names_an_author_whose_comments_are_withdrawn() {
    let server = ferry(Engine::Sqlite);
    let (ama, dana) = (server.visitor(), server.moderator("Dana"));
    let sent = remembered(&server, &ama, "Number 1.");
    ama.post(&format!("{}/withdraw", sent.receipt), &[]);
    let page = dana.get(ONE);
    assert_eq!(page.only("h1"), "An author without a name");
    assert_eq!(page.texts(".figs dd"), ["0", "0", "0", "0", "0"]);
}
