//! Words that are not public, looked for at every public address in every way of asking for it.

use std::collections::{BTreeMap, BTreeSet};

use crate::desk::{decide, edit, reply};
use crate::support::{Client, Server, on_each_engine};

use super::routes::{NOWHERE, Places, all};

const WAITING: &str = "heliotropewaits";
const REJECTED: &str = "heliotroperejected";
const SPAM: &str = "heliotropespam";
const WITHDRAWN: &str = "heliotropewithdrawn";
const EDITED: &str = "heliotropeedit";
const NAME: &str = "Quillonette";

/// Ways of asking: headers of caches, scripts, robots, and of somebody who claims a session.
const WAYS: [&[(&str, &str)]; 6] = [
    &[],
    &[("accept", "application/json")],
    &[
        ("accept", "application/atom+xml"),
        ("accept-language", "de"),
    ],
    &[(
        "cookie",
        "session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; device=x",
    )],
    &[
        ("range", "bytes=0-99"),
        ("x-requested-with", "XMLHttpRequest"),
    ],
    &[
        ("cache-control", "no-cache"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-original-url", "/moderation"),
    ],
];

/// Addresses that a stranger can make up, by the ids that there are and some that are not.
fn made_up() -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for id in [1, 2, 3, 6] {
        let id = id.to_string();
        let there = Places { id: &id, ..NOWHERE };
        paths.extend(
            all()
                .iter()
                .filter(|route| route.get)
                .map(|route| route.at(there)),
        );
        for query in ["reply_to", "from", "before", "after"] {
            paths.insert(format!("/articles/ferry?{query}={id}"));
            paths.insert(format!("/threads/1?{query}={id}"));
            paths.insert(format!("/?{query}={id}"));
            paths.insert(format!("/articles/ferry?sort=newest&{query}={id}"));
        }
        paths.insert(format!("/articles/ferry?unapproved={id}&moderation-hash=x"));
        paths.insert(format!("/articles/ferry?preview={id}&status=pending"));
        paths.insert(format!("/comments/{id}.json"));
        paths.insert(format!("/api/comments/{id}"));
    }
    let more = [
        "/articles/ferry?sort=newest",
        "/articles/ferry?sort=most-replied",
        "/articles/ferry?sort=oldest",
        "/articles/ferry?status=0",
        "/api/counts?slug=ferry&slug=bridge",
        "/api/counts?slug=ferry&status=pending",
        "/sitemap.xml?all=1",
        "/feed.atom?pending=1",
        "/nothing",
        "/articles/heliotrope",
        "/?q=heliotrope",
        "/articles/ferry?q=heliotropewaits",
        "/replies/x",
        "/reports/x",
        "/transparency?month=2026-11",
    ];
    paths.extend(more.map(str::to_owned));
    paths
}

/// The addresses to which public pages lead, besides those.
fn crawled(reader: &Client) -> BTreeSet<String> {
    let mut known = made_up();
    let mut open: Vec<String> = known.iter().cloned().collect();
    while let Some(path) = open.pop() {
        let page = reader.get(&path);
        let mut found = page.headers_named("location");
        if page
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"))
        {
            found.extend(page.attributes("a[href], link[href]", "href"));
        }
        for link in found {
            let link = link.split('#').next().unwrap_or_default().to_owned();
            if link.starts_with('/') && !link.starts_with("//") && known.insert(link.clone()) {
                open.push(link);
            }
        }
    }
    known
}

/// All that a stranger can see of an address: status, head and body, in every way of asking; and what HEAD says.
fn seen(reader: &Client, paths: &BTreeSet<String>) -> BTreeMap<String, Vec<String>> {
    let mut seen = BTreeMap::new();
    for path in paths {
        let mut answers = Vec::new();
        for way in WAYS {
            let page = reader.get_with(path, way);
            let head = |name| page.header(name).unwrap_or_default().to_owned();
            answers.push(format!(
                "{} {} {} {} {} {}",
                page.status,
                head("etag"),
                head("content-length"),
                head("location"),
                head("last-modified"),
                page.body
            ));
        }
        let page = reader.head(path);
        answers.push(format!(
            "{} {:?} {:?}",
            page.status,
            page.header("etag"),
            page.header("content-length")
        ));
        let tag = reader
            .get(path)
            .header("etag")
            .unwrap_or("\"none\"")
            .to_owned();
        answers.push(format!(
            "{}",
            reader.get_with(path, &[("if-none-match", &tag)]).status
        ));
        seen.insert(path.clone(), answers);
    }
    seen
}

/// The figures of moderation tell of every reply that it came, and never which: a promise of its own.
fn counts_all(path: &str) -> bool {
    path.starts_with("/transparency")
}

#[track_caller]
fn assert_unseen(reader: &Client, before: &BTreeMap<String, Vec<String>>, when: &str) {
    let after = seen(reader, &before.keys().cloned().collect());
    for (path, answers) in &after {
        for answer in answers {
            let asked = path.contains("heliotrope") || path.contains("?q=");
            assert!(
                asked || !answer.to_lowercase().contains("heliotrope"),
                "{path} {when}: {answer}"
            );
            assert!(!answer.contains(NAME), "{path} {when}: {answer}");
        }
        if !counts_all(path) {
            assert_eq!(answers, &before[path], "{path} {when}");
        }
    }
}

#[test]
fn words_that_are_not_public_are_at_no_address_and_change_nothing_at_any() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        server.article("bridge");
        let (reader, stranger) = (server.visitor(), server.visitor());
        let desk = server.moderator("Dana");
        let first = reply(&server, &reader, "Ama", "For everybody.");
        decide(&desk, "", first.id, &[("do", "approve")]);
        let paths = crawled(&stranger);
        assert!(paths.len() > 80, "{}", paths.len());
        let before = seen(&stranger, &paths);

        let say = |word: &str| reply(&server, &reader, NAME, &format!("Some {word} here."));
        say(WAITING);
        assert_unseen(&stranger, &before, "while it waits");
        let rejected = say(REJECTED);
        decide(
            &desk,
            "",
            rejected.id,
            &[
                ("do", "reject"),
                ("ground", "1"),
                ("note", "heliotrope note"),
            ],
        );
        let spam = say(SPAM);
        decide(&desk, "", spam.id, &[("do", "spam")]);
        let withdrawn = say(WITHDRAWN);
        reader.post(&format!("{}/withdraw", withdrawn.receipt), &[]);
        edit(&reader, &first.receipt, &format!("An {EDITED} of it."));
        // An answer to what is public waits too.
        reader.answer("ferry", first.id, NAME, &format!("Also {WAITING}, below."));
        assert_unseen(&stranger, &before, "after all of it");
        server.clock.advance(61_000);
        assert_unseen(&stranger, &before, "after the undo window");
        assert!(desk_knows(&server, WAITING) && desk_knows(&server, REJECTED));
    });
}

fn desk_knows(server: &Server, word: &str) -> bool {
    crate::desk::sign_in(server, "Dana")
        .get("/moderation?tab=all")
        .body
        .contains(word)
}

#[test]
fn what_becomes_of_a_reply_is_told_by_no_answer_to_its_form() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let reader = server.visitor();
        let waiting = reply(&server, &reader, NAME, &format!("Some {WAITING}."));
        for parent in [waiting.id, 9_999] {
            let parent = parent.to_string();
            for verb in ["send", "preview"] {
                let fields = [
                    ("name", "Bo"),
                    ("body", "Answer."),
                    ("parent", parent.as_str()),
                    ("do", verb),
                ];
                let page = server.visitor().post("/articles/ferry/replies", &fields);
                assert_eq!(page.status, 422);
                let report = server
                    .visitor()
                    .post(&format!("/comments/{parent}/report"), &[("ground", "4")]);
                assert_eq!(report.status, 404);
                for page in [page, report] {
                    assert!(!page.body.contains(WAITING) && !page.body.contains(NAME));
                }
            }
        }
    });
}
