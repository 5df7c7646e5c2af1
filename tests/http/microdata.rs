//! What a machine reads in the pages for people: schema.org microdata.

use scraper::{ElementRef, Html};

use crate::support::{Page, Server, on_each_engine};

/// An item and its properties, as the HTML standard has them read.
#[derive(Debug, Default)]
struct Item {
    kind: String,
    properties: Vec<(String, Value)>,
}

#[derive(Debug)]
enum Value {
    Text(String),
    Item(Item),
}

impl Item {
    fn values<'a>(&'a self, name: &str) -> Vec<&'a Value> {
        let named = self.properties.iter().filter(|(n, _)| n == name);
        named.map(|(_, value)| value).collect()
    }

    fn texts(&self, name: &str) -> Vec<&str> {
        self.values(name)
            .into_iter()
            .filter_map(|value| match value {
                Value::Text(text) => Some(text.as_str()),
                Value::Item(_) => None,
            })
            .collect()
    }

    fn items(&self, name: &str) -> Vec<&Item> {
        self.values(name)
            .into_iter()
            .filter_map(|value| match value {
                Value::Item(item) => Some(item),
                Value::Text(_) => None,
            })
            .collect()
    }

    #[track_caller]
    fn text(&self, name: &str) -> &str {
        let texts = self.texts(name);
        assert_eq!(texts.len(), 1, "`{name}` of {self:#?}");
        texts[0]
    }

    #[track_caller]
    fn item(&self, name: &str) -> &Item {
        let items = self.items(name);
        assert_eq!(items.len(), 1, "`{name}` of {self:#?}");
        items[0]
    }
}

/// The items of a page that are nobody's property.
fn items(page: &Page) -> Vec<Item> {
    let html = Html::parse_document(&page.body);
    let mut found = Item::default();
    walk(html.root_element(), &mut found);
    found
        .properties
        .into_iter()
        .map(|(name, value)| match value {
            Value::Item(item) if name.is_empty() => item,
            other => panic!("`{name}` is no item's property: {other:?}"),
        })
        .collect()
}

fn walk(element: ElementRef, item: &mut Item) {
    for child in element.children().filter_map(ElementRef::wrap) {
        let (name, kind) = (child.attr("itemprop"), child.attr("itemtype"));
        if child.attr("itemscope").is_some() {
            let mut inner = Item {
                kind: kind.unwrap_or_default().to_owned(),
                ..Item::default()
            };
            walk(child, &mut inner);
            let value = Value::Item(inner);
            item.properties
                .push((name.unwrap_or_default().to_owned(), value));
            continue;
        }
        assert_eq!(kind, None, "a type without an item");
        if let Some(name) = name {
            let value = Value::Text(text_of(child));
            item.properties.push((name.to_owned(), value));
        }
        walk(child, item);
    }
}

fn text_of(element: ElementRef) -> String {
    let attribute = match element.value().name() {
        "meta" => "content",
        "a" | "link" => "href",
        "time" => "datetime",
        _ => return element.text().collect(),
    };
    element.attr(attribute).unwrap_or_default().to_owned()
}

const ARTICLE: &str = "https://schema.org/NewsArticle";
const COMMENT: &str = "https://schema.org/Comment";
const PERSON: &str = "https://schema.org/Person";

#[test]
fn a_machine_reads_the_article_and_its_threads() {
    on_each_engine(|engine| {
        let server = Server::with(
            engine,
            &[("replies.hold", "none"), ("site.name", "A <b> C")],
        );
        server.seed(
            "---\ntitle: Ships & <boats>\nslug: ferry\nsection: Harbour\nsummary: It leaves.\nbyline: Ines Okafor\n\
             published: 2026-05-12T18:40\nupdated: 2026-05-13T09:00\n---\nA **paragraph**.\n",
        );
        let reader = server.visitor();
        let fields = [
            ("name", "<Ama> & \"Bo\""),
            ("website", "https://ama.example/"),
            ("body", "It was *late*."),
            ("do", "send"),
        ];
        reader.post("/articles/ferry/replies", &fields);
        let root = reader.get("/articles/ferry").item_with("It was late.");
        reader.answer("ferry", root, "Cy", "An answer.");
        let answer = reader.get("/articles/ferry").item_with("An answer.");
        reader.answer("ferry", answer, "Di", "Another.");
        reader.reply("ferry", "Ed", "Second.");

        let page = reader.get("/articles/ferry");
        let found = items(&page);
        assert_eq!(found.len(), 1);
        let article = &found[0];
        assert_eq!(article.kind, ARTICLE);
        assert_eq!(article.text("headline"), "Ships & <boats>");
        assert_eq!(article.text("description"), "It leaves.");
        assert_eq!(article.text("articleSection"), "Harbour");
        assert_eq!(article.text("datePublished"), "2026-05-12T18:40Z");
        assert_eq!(article.text("dateModified"), "2026-05-13T09:00Z");
        assert_eq!(article.text("commentCount"), "4");
        assert_eq!(article.text("articleBody").trim(), "A paragraph.");
        assert_eq!(article.item("author").kind, PERSON);
        assert_eq!(article.item("author").text("name"), "Ines Okafor");
        assert_eq!(article.item("publisher").text("name"), "A <b> C");
        let seen = article.item("interactionStatistic");
        assert_eq!(
            seen.text("interactionType"),
            "https://schema.org/ViewAction"
        );
        assert_eq!(seen.text("userInteractionCount"), "0");

        let roots = article.items("comment");
        assert_eq!(roots.len(), 2);
        for comment in &roots {
            assert_eq!(comment.kind, COMMENT);
            assert_eq!(comment.item("author").kind, PERSON);
        }
        assert_eq!(roots[0].text("text").trim(), "It was late.");
        assert_eq!(roots[0].item("author").text("name"), "<Ama> & \"Bo\"");
        assert_eq!(roots[0].item("author").text("url"), "https://ama.example/");
        let at: jiff::Timestamp = format!("{}:00Z", &roots[0].text("datePublished")[..16])
            .parse()
            .unwrap();
        assert!((server.now().0 - at.as_millisecond()).abs() < 120_000);
        let answers = roots[0].items("comment");
        assert_eq!(answers.len(), 1);
        assert_eq!(answers[0].item("author").text("name"), "Cy");
        let deepest = answers[0].items("comment");
        assert_eq!(deepest[0].text("text").trim(), "Another.");
        assert_eq!(roots[1].item("author").text("name"), "Ed");
        assert!(roots[1].items("comment").is_empty());

        // A branch is of the same article, and its comments nest as they do there.
        let branch = items(&reader.get(&format!("/threads/{root}")));
        assert_eq!(branch[0].kind, ARTICLE);
        assert_eq!(branch[0].text("headline"), "Ships & <boats>");
        assert_eq!(branch[0].text("url"), "/articles/ferry");
        let head = branch[0].item("comment");
        assert_eq!(head.item("comment").item("author").text("name"), "Cy");

        let front = items(&reader.get("/"));
        assert_eq!(front[0].kind, ARTICLE);
        assert_eq!(front[0].text("headline"), "Ships & <boats>");
        assert_eq!(front[0].text("datePublished"), "2026-05-12T18:40Z");
    });
}

#[test]
fn a_tombstone_says_nothing_to_machines_and_its_answers_hang_on_what_is_above() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.article("ferry");
        let (reader, moderator) = (server.visitor(), server.moderator("Dana"));
        reader.reply("ferry", "Quillon", "Heliotrope.");
        let root = reader.get("/articles/ferry").item_with("Heliotrope.");
        reader.answer("ferry", root, "Cy", "An answer.");
        let list = moderator.get("/moderation?tab=published");
        moderator.decide_from(&list, root, "reject", "1");
        let page = reader.get("/articles/ferry");
        assert!(page.text().contains("Removed by a moderator"));
        let article = &items(&page)[0];
        assert_eq!(article.text("commentCount"), "1");
        let comments = article.items("comment");
        assert_eq!(comments.len(), 1);
        assert_eq!(comments[0].text("text").trim(), "An answer.");
        assert!(!format!("{article:?}").contains("Quillon"));
    });
}

#[test]
fn an_article_without_summary_section_or_byline_says_nothing_of_them() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let article = &items(&server.visitor().get("/articles/ferry"))[0];
        for name in [
            "description",
            "articleSection",
            "dateModified",
            "author",
            "comment",
        ] {
            assert_eq!(article.values(name).len(), 0, "{name}");
        }
        assert!(!article.text("datePublished").is_empty());
    });
}
