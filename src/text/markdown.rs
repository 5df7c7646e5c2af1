//! Markdown to safe HTML, for comments (readers) and for articles (the newsroom).

use pulldown_cmark::{Event, Options, Parser, Tag, html};

use super::comment_events;
use super::depth;
use super::safe_html::SafeHtml;
use super::sanitize;

/// The version of what [`comment`] makes of a source; stored beside it, and raised when the output changes.
pub const HTML_VERSION: i16 = 1;

/// A comment as HTML: paragraphs, emphasis, links, lists, quotes and code. Images show their
/// alternative text, headings are strong paragraphs, raw HTML is shown as typed, a line break typed
/// is a line break shown. Takes time linear in the length of the source.
pub fn comment(source: &str) -> SafeHtml {
    let events = comment_events::read(source);
    let mut made = String::with_capacity(source.len() * 3 / 2);
    html::push_html(&mut made, events.into_iter());
    sanitize::comment_html(&made)
}

/// How many links [`comment`] makes of a source, typed as Markdown or bare; one address twice counts twice.
pub fn link_count(source: &str) -> u32 {
    let events = comment_events::read(source);
    let links = events
        .iter()
        .filter(|event| matches!(event, Event::Start(Tag::Link { .. })));
    u32::try_from(links.count()).unwrap_or(u32::MAX)
}

/// An article's Markdown as HTML. Raw HTML in it is sanitised, not shown as typed.
pub fn article(source: &str) -> SafeHtml {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = depth::cap(Parser::new_ext(source, options));
    let mut made = String::with_capacity(source.len() * 3 / 2);
    html::push_html(&mut made, events.into_iter());
    sanitize::article_html(&made)
}
