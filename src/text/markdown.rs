//! Markdown to safe HTML, for comments (readers) and for articles (the newsroom).

use pulldown_cmark::{Event, Options, Parser, Tag, html};

use super::comment_events;
use super::depth;
use super::safe_html::SafeHtml;
use super::sanitize;

/// The version of what [`comment`] makes of a source; stored beside it, and raised when the output changes.
pub const HTML_VERSION: i16 = 2;

/// A comment as HTML: paragraphs, emphasis, links, lists, quotes and code. Images show their
/// alternative text, headings are strong paragraphs, raw HTML is shown as typed, a line break typed
/// is a line break shown. Takes time linear in the length of the source.
pub fn comment(source: &str) -> SafeHtml {
    comment_with_links(source).0
}

/// The same, and how many links it has, typed as Markdown or bare; one address twice counts twice.
pub fn comment_with_links(source: &str) -> (SafeHtml, u32) {
    let events = comment_events::read(source);
    let links = links_in(&events);
    let mut made = String::with_capacity(source.len() * 3 / 2);
    html::push_html(&mut made, events.into_iter());
    (sanitize::comment_html(&made), links)
}

/// How many links [`comment`] makes of a source.
pub fn link_count(source: &str) -> u32 {
    links_in(&comment_events::read(source))
}

fn links_in(events: &[Event<'_>]) -> u32 {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn made(source: &str) -> String {
        comment(source).into_string().trim().to_owned()
    }

    fn link(address: &str, text: &str) -> String {
        format!("<a href=\"{address}\" rel=\"nofollow ugc noopener\">{text}</a>")
    }

    #[test]
    fn a_comment_has_paragraphs_marks_lists_quotes_and_code() {
        assert_eq!(
            made(
                "One *two* **three** ~~four~~ `five`\n\n> six\n\n- a\n- b\n\n3. c\n\n```rust\nlet x = \"<&>\";\n```"
            ),
            "<p>One <em>two</em> <strong>three</strong> <del>four</del> <code>five</code></p>\n\
             <blockquote>\n<p>six</p>\n</blockquote>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n\
             <ol start=\"3\">\n<li>c</li>\n</ol>\n<pre><code>let x = \"&lt;&amp;&gt;\";\n</code></pre>"
        );
    }

    #[test]
    fn a_line_break_typed_is_a_line_break_shown() {
        assert_eq!(made("one\ntwo  \nthree"), "<p>one<br>\ntwo<br>\nthree</p>");
    }

    #[test]
    fn headings_rules_tables_and_footnotes_are_paragraphs() {
        assert_eq!(made("# One"), "<p><strong>One</strong></p>");
        assert_eq!(made("One\n==="), "<p>One</p>");
        assert_eq!(made("#"), "<p><strong>#</strong></p>");
        assert_eq!(made("a\n\n***\n\nb"), "<p>a</p>\n<p>***</p>\n<p>b</p>");
        assert_eq!(made("|a|\n|-|"), "<p>|a|<br>\n|-|</p>");
        assert_eq!(made("a[^1]"), "<p>a[^1]</p>");
    }

    #[test]
    fn an_image_shows_its_alternative_text_and_fetches_nothing() {
        assert_eq!(
            made("![A *map*](https://a.test/m.png \"title\")"),
            "<p>A <em>map</em></p>"
        );
        let address = "https://a.test/m.png";
        assert_eq!(
            made(&format!("![]({address})")),
            format!("<p>{}</p>", link(address, address))
        );
        assert_eq!(
            made(&format!("[![map](/m.png)]({address})")),
            format!("<p>{}</p>", link(address, "map"))
        );
    }

    #[test]
    fn raw_html_is_shown_as_typed() {
        assert_eq!(
            made("a <b>c</b> &amp; d"),
            "<p>a &lt;b&gt;c&lt;/b&gt; &amp; d</p>"
        );
        assert_eq!(
            made("<div>\n  *a*\n</div>\n\nb"),
            "<p>&lt;div&gt;<br>\n  *a*<br>\n&lt;/div&gt;</p>\n<p>b</p>"
        );
        assert_eq!(
            made("<std::vector> and <javascript:x>"),
            "<p>&lt;std::vector&gt; and &lt;javascript:x&gt;</p>"
        );
    }

    #[test]
    fn links_lead_to_the_web_and_mail_only() {
        assert_eq!(
            made("[a](https://a.test/?b&c \"d\")"),
            format!("<p>{}</p>", link("https://a.test/?b&amp;c", "a"))
        );
        assert_eq!(
            made("[a]\n\n[a]: HTTP://a.test"),
            format!("<p>{}</p>", link("HTTP://a.test", "a"))
        );
        assert_eq!(
            made("<ada@a.test>"),
            format!("<p>{}</p>", link("mailto:ada@a.test", "ada@a.test"))
        );
        assert_eq!(
            made("[a](mailto:ada@a.test)"),
            format!("<p>{}</p>", link("mailto:ada@a.test", "a"))
        );
        assert_eq!(
            made("[](https://a.test)"),
            format!("<p>{}</p>", link("https://a.test", "https://a.test"))
        );
        for other in [
            "[a](/b)",
            "[a](#b)",
            "[a](b)",
            "[a](ftp://b.test)",
            "[a](//b.test)",
        ] {
            assert_eq!(made(other), "<p>a</p>");
        }
    }

    #[test]
    fn bare_addresses_become_links() {
        for (source, address, before, after) in [
            (
                "See https://a.test/b_c_d.",
                "https://a.test/b_c_d",
                "See ",
                ".",
            ),
            ("(http://a.test/x_(y))!", "http://a.test/x_(y)", "(", ")!"),
            (
                "https://a.test/~ada?x=*&y=1, or",
                "https://a.test/~ada?x=*&y=1",
                "",
                ", or",
            ),
            (
                "\u{201c}https://de.test/Köln\u{201d}",
                "https://de.test/Köln",
                "\u{201c}",
                "\u{201d}",
            ),
            ("见https://a.test。", "https://a.test", "见", "。"),
            ("<b>https://a.test</b>", "https://a.test", "<b>", "</b>"),
        ] {
            let text = made(source);
            assert_eq!(link_count(source), 1, "{source}");
            let shown = super::super::plain(&text);
            assert_eq!(shown, format!("{before}{address}{after}"), "{source}");
            let address = address.replace('&', "&amp;");
            assert!(
                text.contains(&format!(">{address}</a>")),
                "{source}: {text}"
            );
        }
        for none in [
            "`https://a.test`",
            "    https://a.test",
            "ftp://a.test",
            "www.a.test",
            "https://",
            "javascript://a.test/%0aalert(1)",
        ] {
            assert_eq!(link_count(none), 0, "{none}");
        }
    }

    #[test]
    fn each_link_is_counted_where_it_stands() {
        assert_eq!(
            link_count(
                "[a](https://a.test) https://a.test <https://a.test> [x](/y) `https://b.test`"
            ),
            3
        );
        assert_eq!(link_count("[https://a.test](https://a.test)"), 1);
        assert_eq!(link_count("nothing"), 0);
    }

    #[test]
    fn a_definition_that_no_link_uses_is_shown_as_typed() {
        assert_eq!(made("[Edit]: sorry"), "<p>[Edit]: sorry</p>");
        assert_eq!(
            made("One\n\n[1]: /no\n\nTwo [1]"),
            "<p>One</p>\n<p>[1]: /no</p>\n<p>Two 1</p>"
        );
        assert_eq!(
            made("Two [1]\n\n[1]: https://a.test"),
            format!("<p>Two {}</p>", link("https://a.test", "1"))
        );
    }

    #[test]
    fn words_of_any_script_stay_as_they_are() {
        let words = "“Curly” — naïve… 中文 שלום 👩\u{200d}🚀 e\u{301}";
        assert_eq!(made(words), format!("<p>{words}</p>"));
    }

    #[test]
    fn an_article_may_have_headings_tables_and_html() {
        let html = article(
            "# One\n\n## Two\n\n|a|b|\n|-|-|\n|1|2|\n\n<b>bold</b> [c](/d) ![e](/f.png) ![g *h*](https://i.test/j.png)\n\n<div class=x>k</div>",
        );
        assert_eq!(
            html.as_str().replace('\n', ""),
            "<h2>One</h2><h2>Two</h2><table><thead><tr><th>a</th><th>b</th></tr></thead>\
             <tbody><tr><td>1</td><td>2</td></tr></tbody></table>\
             <p><b>bold</b> <a href=\"/d\" rel=\"noopener\">c</a> <img src=\"/f.png\" alt=\"e\"> g h</p>k"
        );
    }
}
