//! Counts, the sitemap, robots.txt: what machines read beside feeds.

use diesel::connection::SimpleConnection;

use crate::support::{Client, Engine, Page, Server, on_each_engine};
use crate::xml::Element;

fn json(page: &Page) -> serde_json::Value {
    serde_json::from_str(&page.body).unwrap()
}

#[test]
fn counts_are_told_to_pages_of_any_site() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.seed("---\ntitle: Ferry\nslug: ferry\naliases: [boat]\n---\nText.\n");
        server.article("bridge");
        let reader = server.visitor();
        reader.reply("ferry", "Ama", "One.");
        let page = reader.get("/api/counts?slug=ferry&slug=bridge&slug=nowhere&slug=boat");
        assert_eq!(page.header("access-control-allow-origin"), Some("*"));
        assert_eq!(page.header("content-type"), Some("application/json"));
        assert_eq!(
            json(&page),
            serde_json::json!({
                "ferry": { "comments": 1, "views": 0 },
                "boat": { "comments": 1, "views": 0 },
                "bridge": { "comments": 0, "views": 0 },
            })
        );
        assert_eq!(page.headers_named("set-cookie"), Vec::<String>::new());
        let unknown = reader.get("/api/counts?slug=%00&slug=nowhere");
        assert_eq!(json(&unknown), serde_json::json!({}));
        let tag = page.header("etag").unwrap();
        let again = reader.get_with(
            "/api/counts?slug=ferry&slug=bridge&slug=boat",
            &[("if-none-match", tag)],
        );
        assert_eq!(again.status, 304);
        assert_eq!(again.header("access-control-allow-origin"), Some("*"));

        let mut db = server.database.connect();
        rejoinder::store::articles::remove(&mut db, "ferry", server.now()).unwrap();
        let page = reader.get("/api/counts?slug=ferry&slug=boat");
        assert_eq!(json(&page), serde_json::json!({}));
    });
}

#[test]
fn a_script_that_asks_for_too_many_counts_is_told_so() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let reader = server.visitor();
    let asked = |n: usize| {
        let slugs: Vec<String> = (1..n).map(|n| format!("slug=story-{n}")).collect();
        reader.get(&format!("/api/counts?slug=ferry&{}", slugs.join("&")))
    };
    assert_eq!(asked(100).status, 200);
    assert_eq!(json(&asked(100))["ferry"]["comments"], 0);
    for (page, words) in [
        (
            asked(101),
            "101 slugs were asked for; 100 can be answered at once",
        ),
        (
            reader.get("/api/counts"),
            "ask for at least one article: /api/counts?slug=…",
        ),
    ] {
        assert_eq!(page.status, 400);
        assert_eq!(json(&page), serde_json::json!({ "error": words }));
        assert_eq!(page.header("access-control-allow-origin"), Some("*"));
    }
}

#[test]
fn no_other_answer_is_for_pages_of_other_sites() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let reader = server.visitor();
    for path in [
        "/",
        "/articles/ferry",
        "/articles/ferry/feed.atom",
        "/feed.atom",
        "/sitemap.xml",
        "/robots.txt",
        "/login",
        "/healthz",
        "/nowhere",
    ] {
        let page = reader.get_with(path, &[("origin", "https://other.example")]);
        assert_eq!(page.header("access-control-allow-origin"), None, "{path}");
    }
}

/// The addresses of a sitemap, with their dates.
#[track_caller]
fn addresses(client: &Client, path: &str) -> Vec<(String, Option<String>)> {
    let page = client.get(path);
    assert_eq!(page.status, 200);
    assert_eq!(
        page.header("content-type"),
        Some("application/xml; charset=utf-8")
    );
    let map = Element::read(&page.body);
    assert_eq!(map.name, "urlset");
    assert_eq!(
        map.attribute("xmlns"),
        Some("http://www.sitemaps.org/schemas/sitemap/0.9")
    );
    assert!((1..=50_000).contains(&map.children.len()));
    map.children
        .iter()
        .map(|url| {
            assert_eq!(url.name, "url");
            let address = url.only("loc").text.clone();
            assert!(
                address.starts_with(&format!("{}/", client.base())),
                "{address}"
            );
            let changed = url
                .all("lastmod")
                .next()
                .map(|changed| changed.text.clone());
            if let Some(changed) = &changed {
                changed.parse::<jiff::Timestamp>().unwrap();
            }
            (address, changed)
        })
        .collect()
}

#[test]
fn the_sitemap_has_every_article_that_is_there() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let reader = server.visitor();
        let fixed = [
            format!("{}/", reader.base()),
            format!("{}/rules", reader.base()),
        ];
        let locations = || -> Vec<String> {
            let all = addresses(&reader, "/sitemap.xml").into_iter();
            all.map(|(address, _)| address).collect()
        };
        assert_eq!(locations(), fixed);
        server.seed(
            "---\ntitle: Ferry\nslug: ferry\naliases: [boat]\npublished: 2026-05-12\nupdated: 2026-06-01T10:00\n---\nText.\n",
        );
        server.article("bridge");
        let all = addresses(&reader, "/sitemap.xml");
        assert_eq!(
            all[2],
            (
                format!("{}/articles/ferry", reader.base()),
                Some("2026-06-01T10:00:00+00:00".to_owned())
            )
        );
        assert_eq!(all.len(), 4);
        let mut db = server.database.connect();
        rejoinder::store::articles::remove(&mut db, "ferry", server.now()).unwrap();
        assert_eq!(locations().len(), 3);
        assert_eq!(reader.head("/sitemap.xml").status, 200);
        assert_eq!(reader.get("/sitemaps/1.xml").status, 404);
        assert_eq!(reader.get("/sitemaps/99999999999999999.xml").status, 404);
        assert_eq!(reader.get("/sitemaps/x.xml").status, 404);

        let robots = reader.get("/robots.txt");
        let lines: Vec<&str> = robots.body.lines().collect();
        assert_eq!(lines[0], "User-agent: *");
        for private in ["/replies/", "/reports/", "/moderation", "/login"] {
            assert!(lines.contains(&format!("Disallow: {private}").as_str()));
        }
        let map = format!("Sitemap: {}/sitemap.xml", reader.base());
        assert_eq!(lines.last(), Some(&map.as_str()));
    });
}

#[test]
fn a_sitemap_of_more_articles_than_one_may_have_comes_in_parts() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let mut db = server.database.connect();
        let (digest, open) = match engine {
            Engine::Sqlite => ("x''", "1"),
            Engine::Postgres => ("''", "TRUE"),
        };
        // The second part of the ids is empty.
        db.batch_execute(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 46000) \
             INSERT INTO articles (id, slug, section, title, summary, byline, body_html, digest, published_at, \
             comments_open, created_at) \
             SELECT CASE WHEN i <= 45000 THEN i ELSE i + 50000 END, 'story-' || i, '', 'T', '', '', '', {digest}, \
             {now}, {open}, {now} FROM n",
            now = server.now().0
        ))
        .unwrap();
        let reader = server.visitor();
        let page = reader.get("/sitemap.xml");
        let index = Element::read(&page.body);
        assert_eq!(index.name, "sitemapindex");
        let parts: Vec<String> = index
            .children
            .iter()
            .map(|part| part.only("loc").text.clone())
            .collect();
        let part = |n: i64| format!("{}/sitemaps/{n}.xml", reader.base());
        assert_eq!(parts, [part(0), part(2)]);
        let mut all: Vec<String> = Vec::new();
        for part in parts {
            let path = part.strip_prefix(reader.base()).unwrap();
            let found = addresses(&reader, path).into_iter();
            all.extend(found.map(|(address, _)| address));
        }
        assert_eq!(all.len(), 46_002);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 46_002);
        assert_eq!(reader.get("/sitemaps/1.xml").status, 404);
    });
}
