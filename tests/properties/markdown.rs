//! Markdown and HTML: only what is allowed comes out, once and for all, and no deeper or later than it may.

use proptest::prelude::*;
use rejoinder::text::{article, article_html, comment, excerpt, link_count, plain};
use scraper::{Html, Node};

use super::{assert_linear, corpus, hold};

const COMMENT: [&str; 12] = [
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
const ARTICLE: [&str; 36] = [
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
const ATTRIBUTES: [&str; 13] = [
    "href", "hreflang", "title", "src", "alt", "width", "height", "start", "reversed", "colspan",
    "rowspan", "lang", "dir",
];
/// Elements within each other, the document and the text itself included.
const DEEPEST: usize = 40;

/// Parses as a browser would, and holds every element and attribute to the lists.
fn hold_to_lists(html: &str, of_article: bool) -> Result<usize, TestCaseError> {
    let page = Html::parse_fragment(html);
    let mut deepest = 0;
    for node in page.tree.nodes() {
        deepest = deepest.max(node.ancestors().count());
        match node.value() {
            Node::Element(element) => {
                let name = element.name();
                let known = COMMENT.contains(&name)
                    || name == "html"
                    || name == "body"
                    || (of_article && (ARTICLE.contains(&name) || name == "var"));
                prop_assert!(known, "<{}> in {:?}", name, html);
                for (attribute, value) in element.attrs() {
                    let known = match (name, attribute) {
                        ("a", "rel") => value.contains("noopener"),
                        ("a", "href") | ("img", "src") => harmless(value, of_article),
                        ("ol", "start") => true,
                        (_, attribute) => of_article && ATTRIBUTES.contains(&attribute),
                    };
                    prop_assert!(known, "{} {}={:?} in {:?}", name, attribute, value, html);
                }
            }
            Node::Text(_) | Node::Fragment | Node::Document => {}
            other => prop_assert!(false, "{:?} in {:?}", other, html),
        }
    }
    Ok(deepest)
}

/// Whether a browser would go to the web, to mail or to a page of this site.
fn harmless(address: &str, of_article: bool) -> bool {
    let base = url::Url::parse("https://news.example/").unwrap();
    let Ok(resolved) = base.join(address) else {
        return true;
    };
    let absolute = ["http", "https", "mailto"].contains(&resolved.scheme());
    absolute && (of_article || url::Url::parse(address).is_ok())
}

/// Markup of every kind in any order.
fn markup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<",
        ">",
        "</",
        "/>",
        "script",
        "<svg>",
        "<math>",
        "<style>",
        "<table>",
        "<td colspan=2>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?",
        "](",
        "[",
        "![",
        ")",
        "[a]: ",
        "javascript:",
        "https://a.example/",
        "mailto:a@b.example",
        "//b.example",
        "\"",
        "'",
        "=",
        "&lt;",
        "&#x3c;",
        "&colon;",
        "&Tab;",
        "`",
        "```\n",
        "~~~\n",
        "\n",
        "\n\n",
        "\r\n",
        "> ",
        "- ",
        "1. ",
        "    ",
        "\t",
        "**",
        "_",
        "~~",
        "# ",
        "|",
        "|-|\n",
        " onerror=",
        "<img src=x ",
        "<a href=",
        "<p style=",
        "<h1>",
        "<ol start=",
        "<abbr title=",
        "\\",
        "\0",
        "\u{202e}",
        "é",
        "日本",
        "x",
    ]);
    let soup = prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat());
    prop_oneof![4 => soup, 1 => any::<String>()]
}

fn hold_to_rules(source: &str) -> Result<(), TestCaseError> {
    let made = comment(source);
    let deepest = hold_to_lists(made.as_str(), false)?;
    prop_assert!(deepest <= DEEPEST, "{} deep: {:?}", deepest, source);
    prop_assert!(
        made.as_str().len() <= 60 * source.len() + 200,
        "{} from {}",
        made.as_str().len(),
        source.len()
    );
    let second = comment(source);
    prop_assert_eq!(second.as_str(), made.as_str());
    link_count(source);
    let words = plain(made.as_str());
    prop_assert!(excerpt(made.as_str(), 20).chars().count() <= words.chars().count().max(1) + 1);

    let whole = article(source);
    hold_to_lists(whole.as_str(), true)?;
    // What was cleaned is clean: nothing in it changes when it is cleaned again.
    // (A mark of the byte order at the beginning of a text is none of its letters.)
    for html in [whole.as_str(), article_html(source).as_str()] {
        let html = html.trim_start_matches('\u{feff}');
        let deepest = hold_to_lists(html, true)?;
        prop_assert!(deepest <= DEEPEST, "{} deep: {:?}", deepest, source);
        let again = article_html(html);
        hold_to_lists(again.as_str(), true)?;
        prop_assert_eq!(again.as_str(), html);
    }
    Ok(())
}

#[test]
fn whatever_is_written_comes_out_as_what_is_allowed_and_stays_so() {
    for source in corpus() {
        hold_to_rules(&source).unwrap();
    }
    hold(markup(), |source| hold_to_rules(&source));
}

/// Ampersands are not among these: each is a piece of text of its own to the sanitiser, and a build with assertions looks through
/// all the text before each. `hostile` in the crate holds them to a second at the usual length of a comment.
#[test]
fn markup_takes_time_in_proportion_to_its_length() {
    for piece in [
        "> ", "- ", "[", "![", "](", "*a ", "_", "`", "~", "<", "<a ", "<!--", "\\", "1. ", "a:",
        "http://", "|a", "\n\n", "#", "x", "[a](", "[a](<b", "[a][b]",
    ] {
        let input = |size: usize| piece.chars().cycle().take(size).collect::<String>();
        super::assert_linear(piece, input, |source| {
            comment(source);
        });
    }
    let nested = |size: usize| format!("{}x{}", "<b>".repeat(size / 8), "</b>".repeat(size / 8));
    assert_linear("nested elements", nested, |source| {
        comment(source);
    });
}

/// What `replies.max_length` may be set to.
const PERMITTED: usize = 100_000;

#[test]
fn the_longest_text_that_may_be_permitted_takes_no_more_than_its_share() {
    let setting = |value: usize| {
        let flags = rejoinder::config::Flags {
            values: vec![("replies.max_length", value.to_string())],
            alone: true,
            ..rejoinder::config::Flags::default()
        };
        rejoinder::config::Config::load(&flags).is_ok()
    };
    assert!(setting(PERMITTED) && !setting(PERMITTED + 1));
    for piece in [
        "[", "![", "[a](", "[a](<b", "[a][b]", "](", "*a_", "***a", "`a", "<", "<!--", "a<?",
        "http://", "[a]: b\n", "> ", "1. ",
    ] {
        let input = |size: usize| piece.chars().cycle().take(size).collect::<String>();
        let (small, large) = super::worth(3, &input(PERMITTED / 8), &input(PERMITTED), |source| {
            let made = comment(source);
            link_count(source);
            plain(made.as_str());
        });
        // Eight times as much; a square would take sixty-four times as long.
        assert!(large < small * 40, "{piece}: {small:?}, then {large:?}");
    }
}
