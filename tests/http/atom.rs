//! An Atom validator: what RFC 4287 asks of a feed, and what feed readers trip over.

use std::collections::BTreeSet;

use crate::xml::Element;

/// A feed that has been found valid.
#[derive(Debug)]
pub struct Feed {
    pub id: String,
    pub title: String,
    pub updated: jiff::Timestamp,
    pub entries: Vec<Entry>,
}

#[derive(Debug)]
pub struct Entry {
    pub id: String,
    pub title: String,
    pub author: String,
    pub link: String,
    pub published: jiff::Timestamp,
    pub updated: jiff::Timestamp,
    /// HTML; empty where there is none.
    pub content: String,
    pub summary: String,
}

impl Feed {
    pub fn ids(&self) -> Vec<&str> {
        self.entries.iter().map(|entry| entry.id.as_str()).collect()
    }
}

/// Reads a feed that was got from `address`.
#[track_caller]
pub fn validate(xml: &str, address: &str) -> Feed {
    assert!(xml.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>"));
    let feed = Element::read(xml);
    assert_eq!(feed.name, "feed");
    assert_eq!(feed.attribute("xmlns"), Some("http://www.w3.org/2005/Atom"));
    only_known(
        &feed,
        &[
            "id",
            "title",
            "updated",
            "link",
            "generator",
            "entry",
            "author",
            "subtitle",
        ],
    );
    let own = link(&feed, "self");
    assert_eq!(own, address, "the feed says where it is");
    absolute(&link(&feed, "alternate"));
    let entries: Vec<Entry> = feed.all("entry").map(entry).collect();
    if feed.all("author").next().is_none() {
        assert!(entries.iter().all(|entry| !entry.author.is_empty()));
    }
    let ids: BTreeSet<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids.len(), entries.len(), "an id for each entry");
    let id = identity(&feed);
    assert!(!ids.contains(id.as_str()));
    let updated = moment(&feed.only("updated").text);
    for pair in entries.windows(2) {
        assert!(pair[0].updated >= pair[1].updated, "the newest come first");
    }
    if let Some(first) = entries.first() {
        assert_eq!(updated, first.updated, "a feed is as new as its entries");
    }
    Feed {
        id,
        title: text(&feed, "title"),
        updated,
        entries,
    }
}

#[track_caller]
fn entry(entry: &Element) -> Entry {
    only_known(
        entry,
        &[
            "id",
            "title",
            "updated",
            "published",
            "link",
            "author",
            "summary",
            "content",
        ],
    );
    let author = entry.only("author").only("name").text.clone();
    assert!(!author.trim().is_empty(), "an author has a name: {entry:?}");
    let content = entry.all("content").next().map(|content| {
        assert_eq!(content.attribute("type"), Some("html"));
        assert_eq!(content.attribute("src"), None);
        assert!(content.children.is_empty(), "HTML is escaped: {content:?}");
        content.text.clone()
    });
    let (published, updated) = (
        moment(&entry.only("published").text),
        moment(&entry.only("updated").text),
    );
    assert!(published <= updated);
    let link = link(entry, "alternate");
    absolute(&link);
    Entry {
        id: identity(entry),
        title: text(entry, "title"),
        author,
        link,
        published,
        updated,
        content: content.unwrap_or_default(),
        summary: entry
            .all("summary")
            .next()
            .map(|_| text(entry, "summary"))
            .unwrap_or_default(),
    }
}

#[track_caller]
fn only_known(element: &Element, known: &[&str]) {
    for child in &element.children {
        assert!(known.contains(&child.name.as_str()), "{child:?}");
    }
    let between = element.text.trim();
    assert_eq!(between, "", "text between elements");
}

/// A text construct of type "text".
#[track_caller]
fn text(element: &Element, name: &str) -> String {
    let text = element.only(name);
    assert!(matches!(text.attribute("type"), None | Some("text")));
    assert!(text.children.is_empty(), "{text:?}");
    text.text.clone()
}

#[track_caller]
fn identity(element: &Element) -> String {
    let id = element.only("id").text.clone();
    assert_eq!(id.trim(), id);
    url::Url::parse(&id).expect("an id is an absolute IRI");
    id
}

/// The address of the only link of a relation.
#[track_caller]
fn link(element: &Element, relation: &str) -> String {
    let mut links = element
        .all("link")
        .filter(|link| link.attribute("rel").unwrap_or("alternate") == relation);
    let link = links.next().expect("a link");
    assert!(links.next().is_none(), "one link of a kind");
    link.attribute("href").expect("an address").to_owned()
}

#[track_caller]
fn absolute(address: &str) {
    let address = url::Url::parse(address).expect("an absolute address");
    assert!(matches!(address.scheme(), "http" | "https"));
}

/// A date of RFC 3339: with T, seconds, and an offset or Z.
#[track_caller]
fn moment(text: &str) -> jiff::Timestamp {
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    assert!(
        [
            "0000-00-00T00:00:00Z",
            "0000-00-00T00:00:00+00:00",
            "0000-00-00T00:00:00-00:00"
        ]
        .contains(&shape.as_str()),
        "{text}"
    );
    text.parse().unwrap()
}
