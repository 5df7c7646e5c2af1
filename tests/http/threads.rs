//! Discussions: nesting, bounded pages, tombstones, permalinks.

use crate::support::{Client, Engine, Page, Server, on_each_engine};

const FREE: &[(&str, &str)] = &[("replies.hold", "none")];

/// Answers a comment and says which comment that became.
fn answer(server: &Server, reader: &Client, parent: i64, words: &str) -> i64 {
    server.comment_at(&reader.answer("ferry", parent, "Ama", words))
}

fn bodies(page: &Page) -> Vec<String> {
    page.texts(".comment .c-body")
}

#[test]
fn a_thread_shows_three_levels_and_says_how_much_more_there_is() {
    on_each_engine(|engine| {
        let server = Server::with(engine, FREE);
        server.article("ferry");
        let reader = server.visitor();
        let root = server.comment_at(&reader.reply("ferry", "Ama", "Root."));
        let first = answer(&server, &reader, root, "One 1.");
        for number in 2..=22 {
            reader.answer("ferry", root, "Bo", &format!("One {number}."));
        }
        let second = answer(&server, &reader, first, "Two 1.");
        for number in 2..=6 {
            reader.answer("ferry", first, "Cy", &format!("Two {number}."));
        }
        let third = answer(&server, &reader, second, "Three 1.");
        for number in 2..=5 {
            reader.answer("ferry", second, "Di", &format!("Three {number}."));
        }
        let fourth = answer(&server, &reader, third, "Four.");
        let fifth = answer(&server, &reader, fourth, "Five.");

        let page = reader.get("/articles/ferry");
        assert_eq!(page.only(".counts"), "36 comments · no views yet");
        assert_eq!(
            page.texts(".thread > li > .thread > li > .thread > li > .thread .c-body"),
            ["Three 1.", "Three 2.", "Three 3."]
        );
        let mut expected = vec!["Root.".to_owned(), "One 1.".into(), "Two 1.".into()];
        expected.extend((1..=3).map(|n| format!("Three {n}.")));
        expected.extend((2..=5).map(|n| format!("Two {n}.")));
        expected.extend((2..=20).map(|n| format!("One {n}.")));
        assert_eq!(bodies(&page), expected);
        assert_eq!(
            page.texts("a.deeper"),
            [
                "Continue this thread (2 more replies) in reply to Ama",
                "Show 2 more in reply to Ama",
                "Show 1 more in reply to Ama",
                "Show 2 more in reply to Ama"
            ]
        );
        assert_eq!(
            page.attributes("a.deeper", "href"),
            [third, second, first, root].map(|id| format!("/threads/{id}"))
        );
        // What the page leaves out stands on the branch's own page.
        let branch = reader.get(&format!("/threads/{root}"));
        for number in 1..=22 {
            assert!(
                bodies(&branch).contains(&format!("One {number}.")),
                "{number}"
            );
        }
        for (id, words) in [
            (root, "Root."),
            (third, "Three 1."),
            (fourth, "Four."),
            (fifth, "Five."),
        ] {
            let onward = reader.get(&format!("/comments/{id}")).location();
            let (path, anchor) = onward.split_once('#').unwrap();
            let place = reader.get(path).only(&format!("#{anchor} .c-body"));
            assert_eq!(place, words, "{onward}");
        }
    });
}

#[test]
fn a_discussion_is_read_fifty_threads_at_a_time_each_once() {
    on_each_engine(|engine| {
        let server = Server::with(engine, FREE);
        server.article("ferry");
        let reader = server.visitor();
        let mut last = String::new();
        for number in 1..=103 {
            last = reader.reply("ferry", "Ama", &format!("Number {number}."));
        }
        let numbers = |range: std::ops::RangeInclusive<u32>| -> Vec<String> {
            range.map(|n| format!("Number {n}.")).collect()
        };
        let first = reader.get("/articles/ferry");
        assert_eq!(bodies(&first), numbers(1..=50));
        assert_eq!(first.texts(".pager a"), ["Newer", "Last"]);
        let second = reader.get(&first.attribute(".pager a[rel=next]", "href"));
        assert_eq!(bodies(&second), numbers(51..=100));
        assert_eq!(second.texts(".pager a"), ["Older", "Newer", "Last"]);
        let third = reader.get(&second.attribute(".pager a[rel=next]", "href"));
        assert_eq!(bodies(&third), numbers(101..=103));
        assert_eq!(third.texts(".pager a"), ["First", "Older"]);
        assert_eq!(
            bodies(&reader.get(&first.attributes(".pager a", "href")[1])),
            numbers(54..=103)
        );
        let back = reader.get(&third.attribute(".pager a[rel=prev]", "href"));
        assert_eq!(bodies(&back), numbers(51..=100));
        let start = reader.get(&second.attribute(".pager a[rel=prev]", "href"));
        assert_eq!(bodies(&start), numbers(1..=50));

        // A permalink leads to the page on which the comment stands.
        let id = server.comment_at(&last);
        let onward = reader.get(&format!("/comments/{id}"));
        assert_eq!(onward.status, 302);
        assert_eq!(
            onward.location(),
            format!("/articles/ferry?from={id}#c-{id}")
        );
        let (path, anchor) = onward.location().split_once('#').map(own).unwrap();
        assert_eq!(reader.get(&path).count(&format!("#{anchor}")), 1);
    });
}

fn own((path, anchor): (&str, &str)) -> (String, String) {
    (path.to_owned(), anchor.to_owned())
}

#[test]
fn a_removed_comment_leaves_a_tombstone_while_something_public_hangs_below_it() {
    on_each_engine(|engine| {
        let server = Server::with(engine, FREE);
        server.article("ferry");
        let reader = server.visitor();
        let root = server.comment_at(&reader.reply("ferry", "Bertil", "An ugly remark."));
        let child = answer(&server, &reader, root, "A calm answer.");
        let moderator = server.moderator("Dana");
        let list = moderator.get("/moderation?tab=published");
        moderator.decide_from(&list, root, "reject", "1");

        let page = reader.get("/articles/ferry");
        let tombstone = page.only(&format!("#c-{root}"));
        assert!(
            tombstone.starts_with("Removed by a moderator on "),
            "{tombstone}"
        );
        assert!(
            tombstone.ends_with("Reason: personal attack (rule 1)."),
            "{tombstone}"
        );
        assert_eq!(
            page.attribute(&format!("#c-{root} a"), "href"),
            "/rules#rule-1"
        );
        assert!(!page.body.contains("ugly"));
        assert!(!page.body.contains("Bertil"));
        assert_eq!(page.only(".counts"), "1 comment · no views yet");
        assert_eq!(bodies(&page), ["A calm answer."]);
        // A tombstone can be linked to, and not be answered.
        assert_eq!(reader.get(&format!("/comments/{root}")).status, 302);
        assert_eq!(page.count(&format!("#c-{root} a[href*=reply_to]")), 0);

        moderator.decide("published", "A calm answer.", "spam", "");
        let page = reader.get("/articles/ferry");
        assert_eq!(page.count(".comment"), 0);
        assert_eq!(page.only(".counts"), "No comments yet · no views yet");
        assert_eq!(reader.get(&format!("/comments/{root}")).status, 404);
        assert_eq!(reader.get(&format!("/comments/{child}")).status, 404);
    });
}

#[test]
fn a_removed_comment_without_answers_leaves_nothing() {
    let server = Server::with(Engine::Sqlite, FREE);
    server.article("ferry");
    let reader = server.visitor();
    let id = server.comment_at(&reader.reply("ferry", "Ama", "Short lived."));
    assert_eq!(
        reader.get(&format!("/comments/{id}")).location(),
        format!("/articles/ferry#c-{id}")
    );
    server
        .moderator("Dana")
        .decide("published", "Short lived.", "reject", "4");
    assert_eq!(reader.get("/articles/ferry").count("[id^=c-]"), 0);
    assert_eq!(reader.get(&format!("/comments/{id}")).status, 404);
}

#[test]
fn a_thread_deeper_than_thirty_two_goes_on_at_that_depth() {
    on_each_engine(|engine| {
        let server = Server::with(engine, FREE);
        server.article("ferry");
        let reader = server.visitor();
        let mut parent = server.comment_at(&reader.reply("ferry", "Ama", "Level 0."));
        for level in 1..=36 {
            parent = answer(&server, &reader, parent, &format!("Level {level}."));
        }
        let page = reader.get("/articles/ferry");
        assert!(page.only(".counts").starts_with("37 comments"));
        assert_eq!(
            page.texts("a.deeper"),
            ["Continue this thread (33 more replies) in reply to Ama"]
        );
    });
}
