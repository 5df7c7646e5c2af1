//! The allow lists: what HTML a comment and an article may hold. Everything made from markup passes here last.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::html_tags::{self, Token};
use super::safe_html::SafeHtml;

const COMMENT_TAGS: [&str; 12] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "ul",
];
const ARTICLE_TAGS: [&str; 36] = [
    "abbr",
    "b",
    "caption",
    "cite",
    "dd",
    "dfn",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "mark",
    "q",
    "s",
    "samp",
    "small",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "var",
];
/// Elements that go with all that is in them; of every other unknown element the text stays.
const DROPPED: [&str; 17] = [
    "audio", "button", "canvas", "embed", "iframe", "math", "noembed", "noframes", "noscript",
    "object", "script", "select", "style", "svg", "template", "title", "video",
];

static COMMENT: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(COMMENT_TAGS))
        .clean_content_tags(HashSet::from(DROPPED))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("nofollow ugc noopener"));
    builder
});

static ARTICLE: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let cell = HashSet::from(["colspan", "rowspan"]);
    let mut builder = Builder::empty();
    builder
        .tags(COMMENT_TAGS.into_iter().chain(ARTICLE_TAGS).collect())
        .clean_content_tags(HashSet::from(DROPPED))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "hreflang", "title"])),
            ("abbr", HashSet::from(["title"])),
            (
                "img",
                HashSet::from(["src", "alt", "title", "width", "height"]),
            ),
            ("ol", HashSet::from(["start", "reversed"])),
            ("td", cell.clone()),
            ("th", cell),
        ]))
        .generic_attributes(HashSet::from(["lang", "dir"]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener"))
        .attribute_filter(|element, attribute, value| {
            let foreign = element == "img" && attribute == "src" && !is_own_path(value);
            (!foreign).then_some(Cow::Borrowed(value))
        });
    builder
});

/// The HTML of a comment, held to the comments' allow list.
pub(super) fn comment_html(html: &str) -> SafeHtml {
    SafeHtml::made(COMMENT.clean(html).to_string())
}

/// The HTML body of an article, held to the articles' allow list. `h1` becomes `h2`, since the page
/// has its title; an image from elsewhere becomes its alternative text.
pub fn article_html(html: &str) -> SafeHtml {
    let clean = |html: &str| ARTICLE.clean(&adapt(html)).to_string();
    // Broken markup says to the parser what it did not say before it was parsed: an image whose address is none, for example.
    // What is clean already stays as it is.
    SafeHtml::made(clean(&clean(html)))
}

/// Rewrites what the allow list would drop without a trace: top headings and foreign images.
fn adapt(html: &str) -> String {
    let mut adapted = String::with_capacity(html.len());
    for token in html_tags::tokens(html) {
        match token {
            Token::Start(tag) if tag.is("img") => {
                let own = tag.attribute("src").is_some_and(|src| is_own_path(&src));
                if own {
                    adapted.push_str(tag.source);
                } else if let Some(alt) = tag.attribute("alt") {
                    html_tags::push_escaped(&mut adapted, &alt);
                }
            }
            Token::Start(tag) if tag.is("h1") => adapted.push_str("<h2>"),
            Token::End(tag) if tag.is("h1") => adapted.push_str("</h2>"),
            other => adapted.push_str(other.source()),
        }
    }
    adapted
}

/// Whether an address is a path on this server: all that the content security policy lets an image load from.
fn is_own_path(address: &str) -> bool {
    address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains(|letter: char| letter == '\\' || letter.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(html: &str) -> String {
        article_html(html).into_string()
    }

    #[test]
    fn an_article_keeps_headings_tables_and_figures() {
        let html = "<h2>Heading</h2><table><tbody><tr><td colspan=\"2\">cell</td></tr></tbody></table>\
            <figure><img src=\"/images/a.png\" alt=\"A\"><figcaption>Words</figcaption></figure>";
        assert_eq!(clean(html), html);
    }

    #[test]
    fn a_top_heading_becomes_one_below_the_title() {
        assert_eq!(
            clean("<H1 class=x>Part <em>one</em></H1>"),
            "<h2>Part <em>one</em></h2>"
        );
    }

    #[test]
    fn an_image_from_elsewhere_becomes_its_alternative_text() {
        assert_eq!(
            clean("<p>See <img src='https://elsewhere.test/a.png' alt='a &lt;b&gt; map'>.</p>"),
            "<p>See a &lt;b&gt; map.</p>"
        );
        for src in [
            "//elsewhere.test/a",
            "/\\elsewhere.test/a",
            "/&#9;/elsewhere.test/a",
            "a.png",
            "data:image/png;base64,AA",
        ] {
            assert_eq!(clean(&format!("<img src=\"{src}\">")), "", "{src}");
        }
    }

    #[test]
    fn nothing_that_runs_or_styles_survives() {
        let html = "<script>alert(1)</script><style>p{}</style><iframe src=/x>in</iframe>\
            <form action=/x><p class=a id=b style='color:red' onclick=x()>Text</p></form>\
            <svg><title>no</title></svg><a href='javascript:alert(1)'>link</a><object data=x>o</object>";
        assert_eq!(clean(html), "<p>Text</p><a rel=\"noopener\">link</a>");
    }

    #[test]
    fn links_of_an_article_may_be_relative() {
        assert_eq!(
            clean("<a href='/articles/one' rel=author target=_blank>one</a>"),
            "<a href=\"/articles/one\" rel=\"noopener\">one</a>"
        );
    }
}
