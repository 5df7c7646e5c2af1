//! Articles in HTML files: where their title, summary, byline and body are.

use std::ops::Range;

use super::excerpt::{fold, plain};
use super::html_tags::{self, HtmlTag, Token};

/// What an HTML page says of itself; empty where it says nothing.
#[derive(Debug, Default, PartialEq)]
pub(super) struct HtmlPage {
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) byline: String,
    /// The inside of `article`, else `main`, else `body`, else the whole page; without the heading that repeats the title.
    pub(super) body: String,
}

/// Reads a page or a fragment of one. `title` is the title if it is known from elsewhere; else that
/// of the page is taken, or else its first `h1`.
pub(super) fn read(html: &str, title: &str) -> HtmlPage {
    let tokens: Vec<Token<'_>> = html_tags::tokens(html).collect();
    let heading = element(&tokens, "h1");
    let mut page = HtmlPage {
        title: title.to_owned(),
        summary: meta(&tokens, "description"),
        byline: meta(&tokens, "author"),
        body: String::new(),
    };
    if page.title.is_empty() {
        page.title = title_of(&tokens);
    }
    if page.title.is_empty() {
        page.title = heading
            .as_ref()
            .map(|heading| heading.text(html))
            .unwrap_or_default();
    }

    let body = ["article", "main", "body"]
        .iter()
        .find_map(|name| element(&tokens, name));
    let inside = body.map_or(0..html.len(), |body| body.inside);
    let repeated = heading.filter(|heading| {
        heading.text(html) == fold(&page.title)
            && inside.start <= heading.outside.start
            && heading.outside.end <= inside.end
    });
    let parts = match repeated {
        Some(heading) => [
            inside.start..heading.outside.start,
            heading.outside.end..inside.end,
        ],
        None => [inside, 0..0],
    };
    page.body = parts
        .into_iter()
        .filter_map(|part| html.get(part))
        .collect();
    page
}

/// Byte ranges of an element in the document.
struct Element {
    outside: Range<usize>,
    inside: Range<usize>,
}

impl Element {
    fn text(&self, html: &str) -> String {
        let inside = html.get(self.inside.clone()).unwrap_or_default();
        fold(&html_tags::decode(&plain_source(inside)))
    }
}

/// The text between tags with its references as written.
fn plain_source(html: &str) -> String {
    // `plain` decodes what a serialiser writes; protecting the ampersands leaves that to one decoder.
    plain(&html.replace('&', "&amp;"))
}

/// The first element of this name, to its matching end tag; unclosed, it goes on to the end.
fn element(tokens: &[Token<'_>], name: &str) -> Option<Element> {
    let mut first: Option<HtmlTag<'_>> = None;
    let mut depth = 0_usize;
    let mut last = 0;
    for token in tokens {
        match token {
            Token::Start(tag) if tag.is(name) => {
                first.get_or_insert(*tag);
                depth += 1;
            }
            Token::End(tag) if tag.is(name) && depth > 0 => {
                depth -= 1;
                if let (0, Some(start)) = (depth, first) {
                    return Some(Element {
                        outside: start.at..tag.end(),
                        inside: start.end()..tag.at,
                    });
                }
            }
            _ => {}
        }
        last += token.source().len();
    }
    first.map(|start| Element {
        outside: start.at..last,
        inside: start.end()..last,
    })
}

fn title_of(tokens: &[Token<'_>]) -> String {
    let mut pairs = tokens.iter().zip(tokens.iter().skip(1));
    let inside = pairs.find_map(|pair| match pair {
        (Token::Start(tag), Token::Raw(inside)) if tag.is("title") => Some(*inside),
        _ => None,
    });
    fold(&html_tags::decode(inside.unwrap_or_default()))
}

fn meta(tokens: &[Token<'_>], name: &str) -> String {
    let content = tokens.iter().find_map(|token| match token {
        Token::Start(tag) if tag.is("meta") => {
            let named = tag
                .attribute("name")
                .is_some_and(|found| found.trim().eq_ignore_ascii_case(name));
            named.then(|| tag.attribute("content"))?
        }
        _ => None,
    });
    fold(&content.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_its_title_summary_byline_and_body() {
        let page = read(
            "<!doctype html><html><head><!-- <title>No</title> --><script>'<title>No</title>'</script>\
             <TITLE>\n The &ldquo;Wall&rdquo; &amp; &eacute; </TITLE><meta name=\"Description\" content='What it&#8217;s for'>\
             <meta content=\"Ada Byron\" name=author></head><body><nav>Menu</nav><main><article class=x>\
             <h1>The “Wall” &amp; <em>é</em></h1><p>One</p><article>inner</article></article></main><footer>No</footer></body></html>",
            "",
        );
        assert_eq!(page.title, "The “Wall” & é");
        assert_eq!(page.summary, "What it’s for");
        assert_eq!(page.byline, "Ada Byron");
        assert_eq!(page.body.trim(), "<p>One</p><article>inner</article>");
    }

    #[test]
    fn without_a_title_the_first_heading_is_one() {
        let page = read("<h1>One\n two</h1><p>Text</p><h1>Three</h1>", "");
        assert_eq!(
            (page.title.as_str(), page.body.as_str()),
            ("One two", "<p>Text</p><h1>Three</h1>")
        );
    }

    #[test]
    fn a_heading_that_says_something_else_stays() {
        let page = read("<title>One</title><body><h1>Two</h1><p>Text</p></body>", "");
        assert_eq!(
            (page.title.as_str(), page.body.as_str()),
            ("One", "<h1>Two</h1><p>Text</p>")
        );
        let page = read("<title>One</title><main><h1>Two</h1>Text</main>", "Two");
        assert_eq!((page.title.as_str(), page.body.as_str()), ("Two", "Text"));
    }

    #[test]
    fn the_body_is_the_innermost_that_is_marked() {
        for (html, body) in [
            ("<body>a<main>b</main>c</body>", "b"),
            ("<body>a</body>", "a"),
            ("a<p>b", "a<p>b"),
            ("<article>a<p>b", "a<p>b"),
            ("<article></article>x", ""),
        ] {
            assert_eq!(read(html, "T").body, body, "{html}");
        }
    }

    #[test]
    fn an_empty_page_has_nothing() {
        assert_eq!(read("", ""), HtmlPage::default());
        assert_eq!(read("<title></title>", "").title, "");
    }
}
