//! The front page and article pages: what stands there, how it is counted, and what stands elsewhere.

use rejoinder::store::{articles, closing, transaction};

use crate::support::{Engine, Server, on_each_engine};

#[test]
fn the_front_page_shows_every_article_once_newest_first_by_pages_of_twenty() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        for number in 0..45 {
            // Two a day: the tie is broken by which came later.
            server.seed(&format!(
                "---\ntitle: Story {number}\nslug: s{number}\npublished: 2026-03-{:02}\n---\nText.\n",
                number / 2 + 1
            ));
        }
        let reader = server.visitor();
        let titles = |path: &str| reader.get(path).texts("article h2");
        let expected: Vec<_> = (0..45).rev().map(|n| format!("Story {n}")).collect();

        let first = reader.get("/");
        assert_eq!(first.texts("article h2"), expected[..20]);
        assert_eq!(first.texts(".pager a"), ["Older"]);
        let second_path = first.attribute(".pager a[rel=next]", "href");
        let second = reader.get(&second_path);
        assert_eq!(second.texts("article h2"), expected[20..40]);
        assert_eq!(second.texts(".pager a"), ["Newer", "Older"]);
        let third = reader.get(&second.attribute(".pager a[rel=next]", "href"));
        assert_eq!(third.texts("article h2"), expected[40..]);
        assert_eq!(third.texts(".pager a"), ["Newer"]);
        assert_eq!(
            titles(&third.attribute(".pager a[rel=prev]", "href")),
            expected[20..40]
        );
        assert_eq!(
            titles(&second.attribute(".pager a[rel=prev]", "href")),
            expected[..20]
        );

        // An article that comes meanwhile moves no page below it.
        server.seed("---\ntitle: Late news\nslug: late\npublished: 2026-04-01\n---\nText.\n");
        assert_eq!(titles(&second_path), expected[20..40]);
        assert_eq!(titles("/")[0], "Late news");
    });
}

#[test]
fn an_empty_site_says_how_articles_come_in() {
    let server = Server::start(Engine::Sqlite);
    let page = server.visitor().get("/");
    assert!(page.text().contains("Nothing is published yet."));
    assert_eq!(page.only("main code"), "rejoinder seed PATH");
}

#[test]
fn an_article_page_carries_everything_its_file_says_and_its_counts() {
    let server = Server::start(Engine::Sqlite);
    server.seed(
        "---\ntitle: The Night Ferry\nslug: ferry\nsection: Transport\nsummary: It is late again.\nbyline: Ines Okafor\n\
         published: 2026-05-12\nupdated: 2026-05-13\n---\nA *first* paragraph.\n\nA second.\n",
    );
    let page = server.visitor().get("/articles/ferry");
    assert_eq!(page.only("h1"), "The Night Ferry");
    assert_eq!(page.only("title"), "The Night Ferry · The Test Ledger");
    assert_eq!(page.only(".kicker"), "Transport");
    assert_eq!(page.only(".standfirst"), "It is late again.");
    assert!(page.only(".byline").starts_with("By Ines Okafor, 12 May"));
    assert!(page.only(".byline").contains("Updated 13 May"));
    assert_eq!(page.only(".counts"), "No comments yet · no views yet");
    assert_eq!(page.texts(".prose p"), ["A first paragraph.", "A second."]);
    assert_eq!(page.texts(".reply h2"), ["Leave a Reply"]);
    assert_eq!(
        page.attribute("link[rel=canonical]", "href"),
        "/articles/ferry"
    );
    let times = page.attributes("time", "datetime");
    assert_eq!(times.len(), page.count("time"));
}

#[test]
fn a_view_is_a_whole_page_that_a_reader_got() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let reader = server.visitor();
        let tag = reader
            .get("/articles/ferry")
            .header("etag")
            .unwrap()
            .to_owned();
        assert_eq!(reader.get("/articles/ferry?utm_source=x").status, 200);
        assert_eq!(reader.head("/articles/ferry").status, 200);
        let again = reader.get_with("/articles/ferry", &[("if-none-match", &tag)]);
        assert_eq!(again.status, 304);
        assert_eq!(server.moderator("Dana").get("/articles/ferry").status, 200);

        let server = Server::over(server.stop(), &[]);
        let page = server.visitor().get("/articles/ferry");
        assert_eq!(page.only(".counts"), "No comments yet · 2 views");
        assert!(server.visitor().get("/").text().contains("2 views"));
    });
}

#[test]
fn a_page_that_has_not_changed_is_not_sent_twice() {
    let server = Server::with(Engine::Sqlite, &[("replies.hold", "none")]);
    server.article("ferry");
    let reader = server.visitor();
    for path in ["/", "/articles/ferry", "/rules"] {
        let page = reader.get(path);
        let tag = page.header("etag").unwrap().to_owned();
        assert_eq!(
            page.header("cache-control"),
            Some("public, max-age=0, s-maxage=1, stale-if-error=600"),
            "{path}"
        );
        assert_eq!(
            page.header("cdn-cache-control"),
            Some("max-age=1, stale-if-error=600"),
            "{path}"
        );
        for known in [tag.as_str(), tag.trim_start_matches("W/"), "*"] {
            let listed = format!("\"other\", {known}");
            let again = reader.get_with(path, &[("if-none-match", &listed)]);
            assert_eq!(again.status, 304, "{path} {known}");
            assert_eq!(again.body, "");
            assert_eq!(again.header("etag"), Some(tag.as_str()));
        }
        let head = reader.head(path);
        assert_eq!((head.status, head.body.as_str()), (200, ""));
        assert_eq!(head.header("etag"), Some(tag.as_str()));
        let other = reader.get_with(path, &[("if-none-match", "\"other\"")]);
        assert_eq!(other.status, 200);
    }
    let tag = reader
        .get("/articles/ferry")
        .header("etag")
        .unwrap()
        .to_owned();
    reader.reply("ferry", "Ama", "A new comment.");
    let changed = reader.get_with("/articles/ferry", &[("if-none-match", &tag)]);
    assert_eq!(changed.status, 200);
    assert!(changed.body.contains("A new comment."));
}

#[test]
fn an_earlier_address_leads_on_and_a_removed_article_says_so() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.seed("---\ntitle: Ferry\nslug: ferry\naliases: [old-ferry]\n---\nText.\n");
        let reader = server.visitor();
        let moved = reader.get("/articles/old-ferry");
        assert_eq!(
            (moved.status, moved.location().as_str()),
            (301, "/articles/ferry")
        );

        let receipt = reader.reply("ferry", "Ama", "Kept words.");
        server.beside(|db| {
            transaction(db, |db| articles::remove(db, "ferry", server.now())).unwrap();
        });
        let gone = reader.get("/articles/ferry");
        assert_eq!(gone.status, 410);
        assert_eq!(gone.only("h1"), "This article was removed");
        assert!(!reader.get("/").text().contains("Ferry"));
        // Its receipts live on, without a link to nowhere.
        let page = reader.get(&receipt);
        assert_eq!(page.status, 200);
        assert_eq!(page.only("main .c-body"), "Kept words.");
        assert_eq!(page.count("main a[href='/articles/ferry']"), 0);
        let late = [("name", "Ama"), ("body", "Too late."), ("do", "send")];
        assert_eq!(reader.post("/articles/ferry/replies", &late).status, 410);
    });
}

#[test]
fn what_does_not_exist_is_a_404_page() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let reader = server.visitor();
        for path in [
            "/nothing",
            "/articles",
            "/articles/",
            "/articles/nothing",
            "/articles/ferry/",
            "/articles/Ferry",
            "/articles/%00",
            "/articles/ferry%00",
            "/articles/%ff",
            "/articles/..%2f..%2fetc%2fpasswd",
            "/articles/ferry'%20OR%201=1--",
            "/articles/ferry?from=x",
            "/articles/ferry?from=-1",
            "/articles/ferry?reply_to=9223372036854775808",
            "/articles/ferry?reply_to=1%20OR%201",
            "/?before=99999999999999999999",
            "/?after=x",
            "/comments/0",
            "/comments/1",
            "/comments/-1",
            "/comments/x",
            "/comments/9223372036854775807",
            "/comments/9223372036854775808",
            "/comments/%00",
            "/threads/1",
            "/threads/99999999999999999999",
            "/replies/nobody",
            "/replies/%00",
            "/replies/%ff",
            "/static/app.css",
            "/static/..%2fCargo.toml",
            "/static/%00",
            "/metrics",
        ] {
            let page = reader.get(path);
            assert_eq!(page.status, 404, "{path}");
            assert_eq!(
                page.only("h1"),
                "There is no page at this address",
                "{path}"
            );
            assert_eq!(page.only("main .soft"), "Error 404", "{path}");
            assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
        }
        let fields = [("name", "Ama"), ("body", "Words."), ("do", "send")];
        for slug in ["nothing", "%00", "%ff"] {
            let page = reader.post(&format!("/articles/{slug}/replies"), &fields);
            assert_eq!(page.status, 404, "{slug}");
        }
    });
}

#[test]
fn a_page_answers_in_no_other_way_than_it_should() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let reader = server.visitor();
    for path in [
        "/",
        "/articles/ferry",
        "/rules",
        "/comments/1",
        "/healthz",
        "/moderation",
    ] {
        let page = reader.post(path, &[]);
        assert_eq!(page.status, 405, "{path}");
        assert_eq!(page.only("h1"), "This address does not take such a request");
    }
    for path in [
        "/articles/ferry/replies",
        "/logout",
        "/moderation/comments/1/decide",
    ] {
        assert_eq!(reader.get(path).status, 405, "{path}");
    }
}

#[test]
fn unknown_parameters_change_nothing() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let reader = server.visitor();
    let plain = reader.get("/articles/ferry").body;
    for query in [
        "?utm_source=mail",
        "?sort=sideways",
        "?%ff=%ff",
        "?",
        "?&&=&x",
        "?reply_to=",
        "?reply_to=77",
    ] {
        let page = reader.get(&format!("/articles/ferry{query}"));
        assert_eq!(page.status, 200, "{query}");
        assert_eq!(page.body, plain, "{query}");
    }
}

#[test]
fn a_closed_article_shows_its_discussion_and_says_why_there_is_no_form() {
    let server = Server::with(Engine::Sqlite, &[("replies.hold", "none")]);
    server.article("ferry");
    let reader = server.visitor();
    reader.reply("ferry", "Ama", "In time.");
    server.beside(|db| {
        transaction(db, |db| closing::close(db, "ferry", server.now())).unwrap();
    });
    let page = reader.get("/articles/ferry");
    assert_eq!(page.only(".comment .c-body"), "In time.");
    assert_eq!(page.count("form"), 0);
    assert_eq!(page.count("a[href*=reply_to]"), 0);
    assert!(
        page.only(".reply")
            .starts_with("Leave a Reply The editors closed replies on")
    );
}
