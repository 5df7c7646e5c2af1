//! What machines read: Atom (RFC 4287).

use askama::Template;

use super::{Site, render};
use crate::store::articles::{Article, ArticleLine};
use crate::store::feeds::Published;
use crate::store::token;
use crate::text;
use crate::time::Timestamp;

/// Graphemes of a title made from a comment's words.
const TITLE: usize = 80;

/// When a feed that has never had an entry changed last: always the same, so that it is not sent again and again.
const NEVER: Timestamp = Timestamp(0);

/// Where a feed's links lead, and what its ids are made of.
#[derive(Debug, Clone, Copy)]
pub struct Home<'a> {
    /// Scheme and host, without a slash at the end.
    pub base: &'a str,
    pub site_id: &'a str,
}

#[derive(Template)]
#[template(path = "feeds/feed.xml")]
struct Feed<'a> {
    language: &'a str,
    id: String,
    title: String,
    own_address: String,
    page_address: String,
    updated: String,
    entries: Vec<Entry>,
}

struct Entry {
    id: String,
    title: String,
    address: String,
    author: String,
    published: String,
    updated: String,
    /// HTML; empty where the entry is a summary alone.
    html: String,
    summary: String,
}

/// The newest articles as Atom.
pub fn articles(site: &Site, home: &Home<'_>, articles: &[ArticleLine]) -> String {
    let changed = |article: &ArticleLine| {
        let updated = article.updated_at.unwrap_or(article.published_at);
        updated.max(article.published_at)
    };
    let entries: Vec<Entry> = articles
        .iter()
        .map(|article| Entry {
            id: home.id("article", article.id),
            title: clean(&article.title),
            address: format!("{}/articles/{}", home.base, article.slug),
            author: clean(if article.byline.is_empty() {
                &site.name
            } else {
                &article.byline
            }),
            published: site.zone.iso(article.published_at),
            updated: site.zone.iso(changed(article)),
            html: String::new(),
            summary: clean(&article.summary),
        })
        .collect();
    let latest = articles.iter().map(changed).max();
    render(&Feed {
        language: &site.language,
        id: home.id("site", 0),
        title: clean(&site.name),
        own_address: format!("{}/feed.atom", home.base),
        page_address: format!("{}/", home.base),
        updated: site.zone.iso(latest.unwrap_or(NEVER)),
        entries,
    })
}

/// The newest comments of an article as Atom.
pub fn comments(site: &Site, home: &Home<'_>, article: &Article, comments: &[Published]) -> String {
    let page_address = format!("{}/articles/{}", home.base, article.slug);
    let entries = comments
        .iter()
        .map(
            |Published {
                 comment,
                 updated_at,
             }| Entry {
                id: home.id("comment", comment.id),
                title: clean(&text::excerpt(&comment.body_html, TITLE)),
                address: format!("{}/comments/{}", home.base, comment.id),
                author: clean(&comment.name),
                published: site.zone.iso(comment.created_at),
                updated: site.zone.iso(*updated_at),
                html: clean(&comment.body_html),
                summary: String::new(),
            },
        )
        .collect();
    let latest = comments.iter().map(|comment| comment.updated_at).max();
    let title = [("article", article.title.as_str())];
    render(&Feed {
        language: &site.language,
        id: home.id("comments", article.id),
        title: clean(&site.phrases.say_with("comments-on", &title)),
        own_address: format!("{page_address}/feed.atom"),
        page_address,
        updated: site.zone.iso(latest.unwrap_or(article.published_at)),
        entries,
    })
}

impl Home<'_> {
    /// An id that stays when the site changes its address: a UUID of version 8 (RFC 9562) made from the site's own id, the
    /// kind of thing and its number.
    fn id(&self, kind: &str, number: i64) -> String {
        let digest = token::digest(&[
            self.site_id.as_bytes(),
            kind.as_bytes(),
            &number.to_be_bytes(),
        ]);
        let mut hex = String::from("urn:uuid:");
        for (at, byte) in digest.iter().take(16).enumerate() {
            let byte = match at {
                6 => byte & 0x0f | 0x80,
                8 => byte & 0x3f | 0x80,
                _ => *byte,
            };
            if matches!(at, 4 | 6 | 8 | 10) {
                hex.push('-');
            }
            hex.push_str(&format!("{byte:02x}"));
        }
        hex
    }
}

/// Without the characters that XML 1.0 cannot carry, not even escaped.
fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| {
            matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use quick_xml::events::Event;

    use super::*;
    use crate::views::fixtures;

    fn home() -> Home<'static> {
        Home {
            base: "https://news.example",
            site_id: "one",
        }
    }

    #[test]
    fn ids_stay_and_differ_by_site_kind_and_number() {
        let elsewhere = Home {
            base: "https://other.example",
            ..home()
        };
        assert_eq!(home().id("comment", 7), elsewhere.id("comment", 7));
        let other_site = Home {
            site_id: "two",
            ..home()
        };
        let ids = [
            home().id("comment", 7),
            home().id("comment", 8),
            home().id("article", 7),
            other_site.id("comment", 7),
        ];
        for (at, id) in ids.iter().enumerate() {
            assert_eq!(id.len(), "urn:uuid:".len() + 36);
            assert!(!ids[..at].contains(id));
        }
    }

    #[test]
    fn a_feed_carries_words_as_words() {
        let mut article = fixtures::article();
        article.title = format!("{}\u{8}\u{fffe}", fixtures::HOSTILE);
        let mut comment = fixtures::comment(7);
        comment.name = fixtures::HOSTILE.into();
        let published = [Published {
            comment,
            updated_at: fixtures::AT,
        }];
        let feed = comments(&fixtures::hostile_site(), &home(), &article, &published);
        assert!(!feed.contains("<script"));
        assert!(!feed.contains('\u{8}') && !feed.contains('\u{fffe}'));
        assert!(feed.starts_with("<?xml"));
    }

    /// Reads a feed as strictly as a machine does.
    fn hold_to_xml(feed: &str) {
        let mut reader = quick_xml::reader::Reader::from_str(feed);
        reader.config_mut().check_end_names = true;
        let mut open = 0;
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => {
                    start
                        .attributes()
                        .for_each(|attribute| drop(attribute.unwrap()));
                    open += 1;
                }
                Event::End(_) => open -= 1,
                Event::Eof => break,
                Event::Comment(_) | Event::PI(_) | Event::DocType(_) | Event::CData(_) => {
                    panic!("no feed of ours has these: {feed}")
                }
                _ => {}
            }
        }
        assert_eq!(open, 0);
        assert_eq!(clean(feed), feed);
    }

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn a_feed_of_any_words_is_well_formed(
            title in any::<String>(),
            name in "(\\PC|\\x00|\\x08|\u{fffe}|<|&|]]>|\"){0,20}",
            source in "(\\PC|\n|\\x00|<!--|]]>|&amp;|&#0;|<b>|`|\\*){0,40}",
            base in "https?://[a-z<&\"']{1,9}",
        ) {
            let mut article = fixtures::article();
            article.title = title;
            let mut comment = fixtures::comment(7);
            comment.name = name;
            comment.body_html = text::comment(&source).into_string();
            let published = [Published { comment, updated_at: fixtures::AT }];
            let home = Home { base: &base, ..home() };
            hold_to_xml(&comments(&fixtures::hostile_site(), &home, &article, &published));
        }
    }
}
