//! The address a page is best known by, and what is shown where it is shared.

use crate::support::{Client, Engine, Page, Server, on_each_engine};

const FULL: &str = "---\ntitle: Ships & \"boats\"\nslug: ferry\nsection: Harbour\nsummary: It <leaves>.\nbyline: Ines Okafor\n\
    published: 2026-05-12T18:40\nupdated: 2026-05-13T09:00\naliases: [boat]\n---\nText.\n";

#[track_caller]
fn canonical(client: &Client, path: &str) -> String {
    let page = client.get(path);
    assert_eq!(page.status, 200, "{path}");
    let links = page.attributes("link[rel=canonical]", "href");
    assert_eq!(links.len(), 1, "{path}: {links:?}");
    links[0].clone()
}

fn shared(page: &Page, property: &str) -> Vec<String> {
    page.attributes(&format!("meta[property='{property}']"), "content")
}

#[test]
fn what_is_shared_names_the_article_and_the_site() {
    on_each_engine(|engine| {
        let settings = [
            ("public_url", "http://news.example"),
            ("site.language", "pt-BR"),
        ];
        let server = Server::with(engine, &settings);
        server.seed(FULL);
        server.article("bare");
        let reader = server.visitor();
        let page = reader.get("/articles/ferry");
        for (property, content) in [
            ("og:title", "Ships & \"boats\""),
            ("og:type", "article"),
            ("og:site_name", "The Test Ledger"),
            ("og:description", "It <leaves>."),
            ("og:locale", "pt_BR"),
            ("og:url", "http://news.example/articles/ferry"),
            ("article:published_time", "2026-05-12T18:40Z"),
            ("article:modified_time", "2026-05-13T09:00Z"),
            ("article:section", "Harbour"),
            ("article:author", "Ines Okafor"),
        ] {
            assert_eq!(shared(&page, property), [content], "{property}");
        }
        let bare = reader.get("/articles/bare");
        for property in [
            "og:description",
            "article:modified_time",
            "article:section",
            "article:author",
        ] {
            assert!(shared(&bare, property).is_empty(), "{property}");
        }
        let front = reader.get("/");
        assert_eq!(shared(&front, "og:type"), ["website"]);
        assert_eq!(shared(&front, "og:url"), ["http://news.example/"]);
        assert_eq!(
            front.attributes("link[rel=alternate]", "href"),
            ["/feed.atom"]
        );
    });
}

#[test]
fn no_page_repeats_the_host_that_it_was_asked_by() {
    on_each_engine(|engine| {
        for (settings, base) in [
            (&[][..], ""),
            (
                &[("public_url", "http://news.example")][..],
                "http://news.example",
            ),
        ] {
            let server = Server::with(engine, settings);
            server.seed(FULL);
            server.visitor().reply("ferry", "Ama", "Waits.");
            let reader = server.visitor();
            for path in ["/", "/articles/ferry", "/rules"] {
                let page = reader.get_with(path, &[("host", "evil.example")]);
                assert!(!page.body.contains("evil.example"), "{path}");
                assert_eq!(
                    page.attributes("link[rel=canonical]", "href"),
                    [format!("{base}{path}")]
                );
                assert_eq!(shared(&page, "og:url").is_empty(), base.is_empty());
            }
        }
    });
}

#[test]
fn every_way_to_the_same_comments_has_one_address() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.article("ferry");
        let reader = server.visitor();
        for n in 0..120 {
            reader.reply("ferry", "Ama", &format!("Comment number {n}."));
        }
        let first = canonical(&reader, "/articles/ferry");
        assert_eq!(first, "/articles/ferry");
        let id = reader.get("/articles/ferry").item_with("number 0.");
        for same in [
            format!("?reply_to={id}"),
            "?sort=oldest".to_owned(),
            "?sort=newest".to_owned(),
            format!("?sort=newest&from={}", id + 60),
            "?sort=most-replied".to_owned(),
            "?utm_source=x".to_owned(),
            format!("?from={id}"),
            "?from=0".to_owned(),
            format!("?from={}", id + 100_000),
        ] {
            assert_eq!(
                canonical(&reader, &format!("/articles/ferry{same}")),
                first,
                "{same}"
            );
        }
        // A page further on has comments that no other has.
        let onward = reader
            .get("/articles/ferry")
            .attribute(".pager a[rel=next]", "href");
        let path = onward.strip_suffix("#discussion").unwrap();
        assert_eq!(canonical(&reader, path), path);
        assert_eq!(
            canonical(&reader, &format!("{path}&reply_to={id}&x=1")),
            path
        );
        // Whatever number was asked for, it is the first comment shown.
        let second = reader.get("/articles/ferry").item_with("number 1.");
        let mut db = server.database.connect();
        hide(&mut db, second + 60);
        assert_eq!(
            canonical(&reader, &format!("/articles/ferry?from={}", second + 60)),
            format!("/articles/ferry?from={}", second + 61)
        );
        assert_eq!(
            canonical(&reader, &format!("/threads/{id}")),
            format!("/threads/{id}")
        );
    });
}

fn hide(db: &mut rejoinder::store::Db, id: i64) {
    use diesel::prelude::*;
    use rejoinder::store::schema::comments;
    diesel::update(comments::table.find(id))
        .set(comments::status.eq(0_i16))
        .execute(db)
        .unwrap();
}

#[test]
fn pages_of_the_front_page_keep_their_place() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        for n in 0..45 {
            server.article(&format!("story-{n}"));
        }
        let reader = server.visitor();
        assert_eq!(canonical(&reader, "/?utm_source=x"), "/");
        let older = reader.get("/").attribute(".pager a[rel=next]", "href");
        assert_eq!(canonical(&reader, &older), older);
        let back = reader.get(&older).attribute(".pager a[rel=prev]", "href");
        assert_eq!(
            canonical(&reader, &back),
            "/",
            "the first page, from behind"
        );
    });
}

#[test]
fn pages_for_one_reader_are_nobodys_to_share() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let reader = server.visitor();
    let receipt = reader.reply("ferry", "Ama", "Waits.");
    for path in [receipt.as_str(), "/login", "/nowhere"] {
        let page = reader.get(path);
        assert_eq!(page.count("link[rel=canonical]"), 0, "{path}");
        assert_eq!(page.count("meta[property]"), 0, "{path}");
    }
}

#[test]
fn an_alias_leads_on_with_its_query() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.seed(FULL);
        let reader = server.visitor();
        for (from, to) in [
            ("/articles/boat", "/articles/ferry"),
            (
                "/articles/boat?from=7&sort=newest",
                "/articles/ferry?from=7&sort=newest",
            ),
            ("/articles/boat?x=%0d%0aX:y", "/articles/ferry?x=%0d%0aX:y"),
            (
                "/articles/boat/feed.atom?x=1",
                "/articles/ferry/feed.atom?x=1",
            ),
        ] {
            let page = reader.get(from);
            assert_eq!((page.status, page.location().as_str()), (301, to));
        }
    });
}
