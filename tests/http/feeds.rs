//! Atom feeds: valid whatever is in them, the same entries for ever, and not sent twice.

use diesel::prelude::*;
use rejoinder::store::schema::{articles, comments};
use rejoinder::time::{DAY, HOUR, MINUTE};
use scraper::{Html, Selector};

use crate::atom::{self, Feed};
use crate::hostile::payloads;
use crate::support::{Client, Engine, Page, Server, on_each_engine};

const FEED: &str = "/articles/ferry/feed.atom";

#[track_caller]
fn read(client: &Client, path: &str) -> (Page, Feed) {
    let page = client.get(path);
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(
        page.header("content-type"),
        Some("application/atom+xml; charset=utf-8")
    );
    let feed = atom::validate(&page.body, &format!("{}{path}", client.base()));
    (page, feed)
}

fn published(engine: Engine) -> Server {
    let server = Server::with(engine, &[("replies.hold", "none")]);
    server.article("ferry");
    server
}

#[test]
fn a_feed_carries_what_is_public_and_nothing_else() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.seed(
            "---\ntitle: Ships & <boats>\nslug: ferry\nsummary: One & all\nbyline: Ines\npublished: 2026-05-12T18:40\n\
             updated: 2026-05-13T09:00\n---\nA paragraph.\n",
        );
        let reader = server.visitor();
        reader.reply("ferry", "<Ama> & Bo", "It was **late** & `<cold>`.");
        let moderator = server.moderator("Dana");
        let (page, feed) = read(&reader, FEED);
        assert!(feed.entries.is_empty() && !page.body.contains("late"));
        assert_eq!(feed.title, "Comments on Ships & <boats>");
        assert_eq!(feed.updated.to_string(), "2026-05-12T18:40:00Z");

        moderator.decide("waiting", "late", "approve", "");
        let (_, feed) = read(&reader, FEED);
        let entry = &feed.entries[0];
        assert_eq!(entry.author, "<Ama> & Bo");
        assert_eq!(entry.title, "It was late & <cold>.");
        assert_eq!(
            entry.content.trim_end(),
            "<p>It was <strong>late</strong> &amp; <code>&lt;cold&gt;</code>.</p>"
        );
        let place = entry.link.strip_prefix(reader.base()).unwrap();
        assert_eq!(reader.get(place).status, 302);

        let (_, site) = read(&reader, "/feed.atom");
        let entry = &site.entries[0];
        assert_eq!(
            (
                entry.title.as_str(),
                entry.author.as_str(),
                entry.summary.as_str()
            ),
            ("Ships & <boats>", "Ines", "One & all")
        );
        assert_eq!(entry.updated.to_string(), "2026-05-13T09:00:00Z");
        assert_eq!(entry.published.to_string(), "2026-05-12T18:40:00Z");
        assert_eq!(reader.get("/articles/nowhere/feed.atom").status, 404);
    });
}

#[test]
fn a_feed_without_entries_is_valid_and_stays_as_it_is() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let reader = server.visitor();
        let (page, feed) = read(&reader, "/feed.atom");
        assert!(feed.entries.is_empty());
        assert_eq!(feed.updated.to_string(), "1970-01-01T00:00:00Z");
        server.clock.advance(DAY);
        assert_eq!(reader.get("/feed.atom").body, page.body);
        server.article("ferry");
        let (page, _) = read(&reader, FEED);
        server.clock.advance(DAY);
        assert_eq!(reader.get(FEED).body, page.body);
    });
}

#[test]
fn ids_stay_over_a_restart_a_new_title_an_edit_and_another_address() {
    on_each_engine(|engine| {
        let server = published(engine);
        let reader = server.visitor();
        let receipt = reader.reply("ferry", "Ama", "One.");
        let id = server.comment_at(&receipt);
        reader.reply("ferry", "Bo", "Two.");
        let both = |client: &Client| {
            let (_, one) = read(client, FEED);
            let (_, site) = read(client, "/feed.atom");
            let mut ids = vec![one.id.clone(), site.id.clone()];
            ids.extend(one.ids().into_iter().map(str::to_owned));
            ids.extend(site.ids().into_iter().map(str::to_owned));
            ids.sort();
            ids
        };
        let ids = both(&reader);
        assert_eq!(ids.len(), 5);
        server.seed("---\ntitle: Another title\nslug: ferry\naliases: [boat]\n---\nText.\n");
        diesel::update(comments::table.find(id))
            .set((
                comments::body_html.eq("<p>One, edited.</p>"),
                comments::edited_at.eq((server.now().0 + HOUR) / 1_000 * 1_000),
            ))
            .execute(&mut server.database.connect())
            .unwrap();
        assert_eq!(both(&reader), ids);
        let server = Server::over(server.stop(), &[("public_url", "http://news.example")]);
        let reader = server.visitor();
        let page = reader.get_with(FEED, &[("host", "evil.example")]);
        let feed = atom::validate(&page.body, &format!("http://news.example{FEED}"));
        assert!(feed.ids().iter().all(|id| ids.contains(&(*id).to_owned())));
        assert!(!page.body.contains("evil.example"));
        // Edited last, it comes first.
        assert_eq!(feed.entries[0].content, "<p>One, edited.</p>");
        let alias = reader.get("/articles/boat/feed.atom?from=reader");
        assert_eq!(alias.status, 301);
        assert_eq!(alias.location(), format!("{FEED}?from=reader"));
    });
}

#[test]
fn a_reply_that_had_waited_long_is_new_when_it_is_published() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let (reader, moderator) = (server.visitor(), server.moderator("Dana"));
        reader.reply("ferry", "Ama", "Waited.");
        let mut db = server.database.connect();
        let article: i64 = articles::table.select(articles::id).first(&mut db).unwrap();
        let now = server.now().0;
        // More than a feed has, all of them written and published later.
        for n in 0..60_i64 {
            let mut reply = crate::support::rows::reply("ferry", &format!("Later {n}."));
            reply.policy.version = rejoinder::store::policy::version(&mut db).unwrap();
            let sent = rejoinder::store::transaction(&mut db, |db| {
                rejoinder::store::replies::submit(db, &reply)
            });
            assert!(sent.is_ok());
        }
        diesel::update(comments::table.filter(comments::body.like("Later%")))
            .set((
                comments::status.eq(1_i16),
                comments::created_at.eq(now - HOUR),
                comments::published_at.eq(now - MINUTE),
            ))
            .execute(&mut db)
            .unwrap();
        diesel::update(comments::table.filter(comments::article_id.eq(article)))
            .filter(comments::body.eq("Waited."))
            .set(comments::created_at.eq(now - DAY))
            .execute(&mut db)
            .unwrap();
        let (_, feed) = read(&reader, FEED);
        assert_eq!(feed.entries.len(), 50);
        moderator.decide("waiting", "Waited.", "approve", "");
        let (_, feed) = read(&reader, FEED);
        assert_eq!(feed.entries[0].title, "Waited.");
        assert!(feed.entries[0].published < feed.entries[1].published);
    });
}

#[test]
fn a_feed_that_has_not_changed_is_not_sent_again() {
    on_each_engine(|engine| {
        let server = published(engine);
        let reader = server.visitor();
        reader.reply("ferry", "Ama", "One.");
        for path in [FEED, "/feed.atom"] {
            let (page, _) = read(&reader, path);
            let tag = page.header("etag").unwrap().to_owned();
            let again = reader.get_with(path, &[("if-none-match", &tag)]);
            assert_eq!((again.status, again.body.as_str()), (304, ""));
            assert_eq!(again.header("etag"), Some(tag.as_str()));
            let list = format!("\"other\", {tag}");
            let again = reader.get_with(path, &[("if-none-match", &list)]);
            assert_eq!(again.status, 304);
            let other = reader.get_with(path, &[("if-none-match", "\"other\"")]);
            assert_eq!(other.status, 200);
        }
        let (page, _) = read(&reader, FEED);
        let tag = page.header("etag").unwrap().to_owned();
        reader.reply("ferry", "Bo", "Two.");
        let again = reader.get_with(FEED, &[("if-none-match", &tag)]);
        assert_eq!(again.status, 200);
    });
}

#[test]
fn a_feed_from_memory_leads_to_the_public_url_or_else_to_the_host_that_was_asked() {
    on_each_engine(|engine| {
        let server = published(engine);
        server.visitor().reply("ferry", "Ama", "One.");
        let ask = |server: &Server, path: &str, host: &str| {
            let page = server.visitor().get_with(path, &[("host", host)]);
            assert_eq!(page.status, 200, "{path} of {host}");
            page
        };
        let in_memory = |server: &Server, path| server.app.pages.find(path, server.now()).is_some();
        let hosts = ["one.example", "two.example:8080"];
        for path in [FEED, "/feed.atom"] {
            // Of each the second one comes from memory.
            for host in [hosts, hosts].concat() {
                let page = ask(&server, path, host);
                atom::validate(&page.body, &format!("http://{host}{path}"));
                let other = hosts.iter().find(|other| **other != host).unwrap();
                assert!(!page.body.contains(other), "{path} of {host}");
            }
            assert!(!in_memory(&server, path), "{path} is of no host");
        }
        let server = Server::over(server.stop(), &[("public_url", "http://news.example")]);
        for path in [FEED, "/feed.atom"] {
            let first = ask(&server, path, "one.example");
            atom::validate(&first.body, &format!("http://news.example{path}"));
            assert!(!first.body.contains("one.example"));
            assert!(in_memory(&server, path), "{path}");
            let again = ask(&server, path, "two.example");
            assert_eq!(again.body, first.body);
            assert_eq!(again.headers(), first.headers(), "{path}");
        }
    });
}

#[test]
fn the_feed_of_a_closed_article_goes_on_and_that_of_a_removed_one_is_gone() {
    on_each_engine(|engine| {
        let server = published(engine);
        let reader = server.visitor();
        reader.reply("ferry", "Ama", "One.");
        server.beside(|db| rejoinder::store::closing::close(db, "ferry", server.now()).unwrap());
        assert_eq!(read(&reader, FEED).1.entries.len(), 1);
        server.beside(|db| {
            rejoinder::store::articles::remove(db, "ferry", server.now()).unwrap();
        });
        assert_eq!(reader.get(FEED).status, 410);
        assert!(read(&reader, "/feed.atom").1.entries.is_empty());
    });
}

#[test]
fn feeds_carry_the_corpus_as_words() {
    let server = Server::with(Engine::Sqlite, &[("replies.hold", "none")]);
    let reader = server.visitor();
    let allowed =
        Selector::parse("a, blockquote, br, code, del, em, li, ol, p, pre, strong, ul, html")
            .unwrap();
    let everything = Selector::parse("*").unwrap();
    for (number, some) in payloads().chunks(45).enumerate() {
        let slug = format!("ferry-{number}");
        server.article(&slug);
        let mut db = server.database.connect();
        let title = some.concat();
        diesel::update(articles::table.filter(articles::slug.eq(&slug)))
            .set((
                articles::title.eq(&title),
                articles::summary.eq(&title),
                articles::byline.eq(format!("Ines {title}")),
            ))
            .execute(&mut db)
            .unwrap();
        for payload in some {
            let name: String = rejoinder::text::one_line(payload)
                .chars()
                .take(80)
                .collect();
            for name in [name.trim(), "Mallory"] {
                let fields = [("name", name), ("body", payload.as_str()), ("do", "send")];
                let answer = reader.post(&format!("/articles/{slug}/replies"), &fields);
                if answer.status == 303 {
                    break;
                }
            }
        }
        let (_, feed) = read(&reader, &format!("/articles/{slug}/feed.atom"));
        let public: i64 = articles::table
            .filter(articles::slug.eq(&slug))
            .select(articles::comment_count)
            .first(&mut db)
            .unwrap();
        assert_eq!(feed.entries.len(), usize::try_from(public).unwrap());
        assert!(public > 3, "{public}");
        for entry in &feed.entries {
            let html = Html::parse_fragment(&entry.content);
            for element in html.select(&everything) {
                assert!(allowed.matches(&element), "{}", entry.content);
            }
        }
    }
    let (_, site) = read(&reader, "/feed.atom");
    assert!(site.entries.len() > 10);
}
