//! The sitemap (sitemaps.org), a piece at a time.

use askama::Template;

use super::{Site, render};
use crate::store::sitemap::Mapped;

/// What a sitemap starts with.
pub const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
    <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
/// What it ends with.
pub const TAIL: &str = "</urlset>\n";
/// The pages that every site has.
const FIXED: [&str; 2] = ["/", "/rules"];

#[derive(Template)]
#[template(path = "feeds/addresses.xml")]
struct Addresses<'a> {
    base: &'a str,
    lines: Vec<(String, String)>,
}

/// The pages that every site has, as lines of its sitemap.
pub fn fixed(base: &str) -> String {
    let lines = FIXED.map(|path| (path.to_owned(), String::new())).into();
    render(&Addresses { base, lines })
}

/// Articles as lines of a sitemap.
pub fn articles(site: &Site, base: &str, articles: &[Mapped]) -> String {
    let line = |article: &Mapped| {
        let changed = article.updated_at.max(Some(article.published_at));
        (
            format!("/articles/{}", article.slug),
            site.zone.iso(changed.unwrap_or(article.published_at)),
        )
    };
    let lines = articles.iter().map(line).collect();
    render(&Addresses { base, lines })
}

#[derive(Template)]
#[template(path = "feeds/sitemap_index.xml")]
struct Index<'a> {
    base: &'a str,
    blocks: &'a [i64],
}

/// The list of the sitemaps of these blocks.
pub fn index(base: &str, blocks: &[i64]) -> String {
    render(&Index { base, blocks })
}
