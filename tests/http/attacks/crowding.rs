//! Lists of the policy that would cost more than they are worth.

use rejoinder::moderation::listed::{Action, EntryKind, ListEntry, Scope};
use rejoinder::store::audit::Actor;
use rejoinder::store::policy::{self, Changed, MOST_ENTRIES};
use rejoinder::store::transaction;

use crate::policy::{LISTS, list, newsroom, send};
use crate::support::{Engine, Server, on_each_engine};

fn entry(pattern: String) -> ListEntry {
    ListEntry {
        kind: EntryKind::Words,
        pattern,
        action: Action::Hold,
        scope: Scope {
            text: true,
            name: true,
            website: true,
        },
        until: None,
    }
}

#[test]
fn a_full_list_of_the_most_expensive_entries_still_lets_replies_through_and_takes_no_more() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        let dana = newsroom(&server);
        // Each is the beginning, the end and a part of many others, and stands at every place of the text below.
        let mut patterns: Vec<String> = (3..60).map(|n| format!("*{}*", "a".repeat(n))).collect();
        patterns.extend((2..90).map(|n| "a ".repeat(n).trim().to_owned()));
        // Filling the lists takes long where every statement is a round trip.
        let most = match engine {
            Engine::Sqlite => usize::try_from(MOST_ENTRIES).unwrap(),
            Engine::Postgres => 3_000,
        };
        patterns.extend((patterns.len()..most).map(|n| format!("*aaaaaaaaaaaa{n}")));
        let mut db = server.database.connect();
        let entries: Vec<ListEntry> = patterns.into_iter().map(entry).collect();
        let by = Actor::CommandLine;
        let mut add = |entries: &[ListEntry]| {
            transaction(&mut db, |db| policy::add(db, entries, by, server.now())).unwrap()
        };
        for some in entries.chunks(2_000) {
            assert_eq!(add(some), Changed::Done);
        }
        if engine == Engine::Sqlite {
            assert_eq!(add(&[entry("one too many".to_owned())]), Changed::Full);
            // By form too.
            assert_eq!(list(&dana, "words", "another", "hold").status, 409);
        }
        for text in [
            "a".repeat(4_999),
            "a ".repeat(2_499),
            "a.".repeat(2_499),
            format!("{}!", "aaaaaaaaaaaa1 ".repeat(350)),
        ] {
            let sent = send(&server.visitor(), "ferry", &text, &[]);
            assert_eq!(sent.status, 303, "{}", sent.text());
        }
        let page = dana.get("/moderation");
        assert_eq!((page.status, page.count(".item")), (200, 4));
        assert_eq!(dana.get(LISTS).status, 200);
    });
}

#[test]
fn entries_that_are_too_many_too_long_or_found_everywhere_are_refused_by_name() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let dana = newsroom(&server);
        let many: String = (0..101).map(|n| format!("word{n}\n")).collect();
        let long = "x".repeat(10_000);
        let stars = "*".repeat(500);
        let nested = format!("{}a{}", "(".repeat(2_000), "+)+".repeat(2_000));
        for patterns in [
            "",
            "*",
            "**",
            "a*",
            "*ab*",
            "a*b*c",
            stars.as_str(),
            &many,
            &long,
            &nested,
            "\u{301}",
            "\u{200b}",
            "(a+)+$*x",
        ] {
            let page = list(&dana, "words", patterns, "refuse");
            assert_eq!(page.status, 422, "{patterns:.40}: {}", page.text());
        }
        // What means something to a machine of patterns means nothing here.
        assert_eq!(list(&dana, "words", "(a+)+$", "refuse").status, 303);
        let text = format!("{}!", "a".repeat(40));
        assert_eq!(send(&server.visitor(), "ferry", &text, &[]).status, 303);
    });
}
