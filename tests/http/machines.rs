//! Feeds, counts, the sitemap: what machines read.

use quick_xml::events::Event;
use quick_xml::reader::Reader;

use crate::support::{Page, Server, on_each_engine};

/// The texts of every element of this name, of a document that has to be well-formed.
fn texts(xml: &str, name: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut found, mut inside, mut depth) = (Vec::new(), false, 0);
    loop {
        match reader
            .read_event()
            .unwrap_or_else(|error| panic!("{error} in {xml}"))
        {
            Event::Start(start) => {
                depth += 1;
                inside = start.name().as_ref() == name;
                if inside {
                    found.push(String::new());
                }
            }
            Event::End(_) => {
                depth -= 1;
                inside = false;
            }
            Event::Text(text) if inside => {
                found.last_mut().unwrap().push_str(&text);
            }
            Event::GeneralRef(entity) if inside => {
                found
                    .last_mut()
                    .unwrap()
                    .push_str(&format!("&{};", &*entity));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "{xml}");
    found
}

fn json(page: &Page) -> serde_json::Value {
    serde_json::from_str(&page.body).unwrap()
}

#[test]
fn feeds_are_well_formed_and_carry_what_is_public_alone() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.seed(
            "---\ntitle: Ships & <boats>\nslug: ferry\nsummary: One & all\n---\nA paragraph.\n",
        );
        let reader = server.visitor();
        reader.reply("ferry", "<Ama> & Bo", "It was **late** & `<cold>`.");
        let moderator = server.moderator("Dana");
        let feed = reader.get("/articles/ferry/feed.atom");
        assert_eq!(feed.status, 200);
        assert!(!feed.body.contains("late"));
        assert!(texts(&feed.body, "entry").is_empty());

        moderator.decide("waiting", "late", "approve", "");
        let feed = reader.get("/articles/ferry/feed.atom");
        assert_eq!(
            feed.header("content-type").unwrap(),
            "application/atom+xml; charset=utf-8"
        );
        assert_eq!(texts(&feed.body, "name").len(), 1);
        assert!(feed.body.contains("late"));
        assert!(!feed.body.contains("<boats>") && !feed.body.contains("<Ama>"));
        let id = texts(&feed.body, "id")[1].clone();
        assert!(id.starts_with("urn:uuid:"), "{id}");

        // Ids do not depend on the address by which the feed was asked for.
        let elsewhere = reader.get_with("/articles/ferry/feed.atom", &[("host", "other.example")]);
        assert_eq!(texts(&elsewhere.body, "id")[1], id);

        let site = reader.get("/feed.atom");
        assert_eq!(texts(&site.body, "title").len(), 2);
        let tag = site.header("etag").unwrap().to_owned();
        let again = reader.get_with("/feed.atom", &[("if-none-match", &tag)]);
        assert_eq!((again.status, again.body.as_str()), (304, ""));

        let map = reader.get("/sitemap.xml");
        let addresses = texts(&map.body, "loc");
        assert!(addresses[2].ends_with("/articles/ferry"), "{addresses:?}");
        assert!(
            reader
                .get("/robots.txt")
                .body
                .contains("Disallow: /replies/")
        );
        assert_eq!(reader.get("/articles/nowhere/feed.atom").status, 404);
    });
}

#[test]
fn counts_are_told_to_pages_of_any_site() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.article("ferry");
        server.article("bridge");
        let reader = server.visitor();
        reader.reply("ferry", "Ama", "One.");
        let page = reader.get("/api/counts?slug=ferry&slug=bridge&slug=nowhere");
        assert_eq!(page.header("access-control-allow-origin"), Some("*"));
        assert_eq!(
            json(&page),
            serde_json::json!({
                "ferry": { "comments": 1, "views": 0 },
                "bridge": { "comments": 0, "views": 0 },
            })
        );
        assert_eq!(reader.get("/api/counts").status, 400);
        let many = "slug=a&".repeat(101);
        assert_eq!(reader.get(&format!("/api/counts?{many}")).status, 400);
        assert_eq!(reader.get("/api/counts?slug=%00").status, 400);
        assert_eq!(page.headers_named("set-cookie"), Vec::<String>::new());
    });
}
