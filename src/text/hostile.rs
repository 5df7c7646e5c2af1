//! Comments that mean harm: what comes out is parsed again and held to the allow list.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use scraper::{Html, Node};

use super::{comment, excerpt, link_count, plain};

/// What a comment may hold, and what the parser puts around it.
const ELEMENTS: [&str; 14] = [
    "html",
    "body",
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

/// Parses a comment's HTML as a browser would and panics at anything that a comment may not hold.
fn hold_to_allow_list(source: &str) -> Html {
    let made = comment(source);
    let page = Html::parse_fragment(made.as_str());
    for node in page.tree.nodes() {
        match node.value() {
            Node::Element(element) => {
                let name = element.name();
                assert!(ELEMENTS.contains(&name), "<{name}> of {source:?}: {made:?}");
                for (attribute, value) in element.attrs() {
                    let allowed = match (name, attribute) {
                        ("a", "href") => ["http://", "https://", "mailto:"]
                            .iter()
                            .any(|start| value.to_ascii_lowercase().starts_with(start)),
                        ("a", "rel") => value == "nofollow ugc noopener",
                        ("ol", "start") => value.parse::<u64>().is_ok(),
                        _ => false,
                    };
                    assert!(
                        allowed,
                        "{name} {attribute}={value:?} of {source:?}: {made:?}"
                    );
                }
                assert!(
                    name != "a" || element.attr("rel").is_some(),
                    "a link without rel of {source:?}: {made:?}"
                );
            }
            Node::Text(_) | Node::Fragment | Node::Document => {}
            other => panic!("{other:?} of {source:?}: {made:?}"),
        }
    }
    page
}

/// What has passed the allow list passes it again as it is.
fn hold_to_itself(source: &str) {
    let made = comment(source);
    let again = super::sanitize::comment_html(made.as_str());
    assert_eq!(again.as_str(), made.as_str(), "{source:?}");
}

/// Markup that must be seen as it was typed.
const TYPED_HTML: [&str; 44] = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.test/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=\"alert(1)\" srcset=\"https://evil.test/a 1x\">",
    "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\">",
    "<picture><source srcset=https://evil.test/x><img></picture>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math href=javascript:alert(1)>x</math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<style>body{display:none}</style>",
    "<p style=\"position:fixed\">x</p>",
    "<div class=\"badge\" id=\"c-1\">x</div>",
    "<link rel=stylesheet href=//evil.test/x.css>",
    "<meta http-equiv=refresh content=\"0;url=//evil.test\">",
    "<base href=//evil.test/>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=/login><input name=password></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\"https://evil.test\" rel=follow target=_blank>x</a>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><img src=x onerror=alert(1)></template>",
    "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\">",
    "<title><a title=\"</title><img src=x onerror=alert(1)>\">",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext>",
    "<table><td>x</table>",
    "<!-- hidden --> shown",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?php echo 1 ?>",
    "<!DOCTYPE html>",
    "</div></article></body></html>",
];

/// Sources that leave nothing of particular interest to see.
const OTHERS: [&str; 46] = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A;avascript&colon;alert&lpar;1&rpar;)",
    "[x](javascript&#58;alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](java&NewLine;script:alert(1))",
    "[x](\u{1}javascript:alert(1))",
    "[x](&#1;javascript:alert(1))",
    "[x](&#32;javascript:alert(1))",
    "[x](%6aavascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](blob:https://evil.test/1)",
    "[x](file:///etc/passwd)",
    "[x](//evil.test)",
    "[x](/\\evil.test)",
    "[x](/login)",
    "[x](#c-1)",
    "[x](http:evil)",
    "[x](https:\\\\evil.test)",
    "[x](https://)",
    "[x](http://a\"onmouseover=alert(1)//)",
    "[x](http://a'onmouseover='alert(1))",
    "[x](https://a.test \"title\\\" onclick=alert(1)\")",
    "[x](<https://a.test/> onclick=alert(1))",
    "[x](http://a.test/<script>alert(1)</script>)",
    "![x](javascript:alert(1))",
    "![x](https://evil.test/pixel.png)",
    "![x\" onerror=\"alert(1)](https://evil.test/a)",
    "[![x](https://evil.test/a.png)](javascript:alert(1))",
    "![[x](javascript:alert(1))](https://evil.test)",
    "<javascript:alert(1)>",
    "<JAVASCRIPT:alert(1)>",
    "<data:text/html,x>",
    "<vbscript:x>",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "[y]\n\n[y]: data:text/html,<script>alert(1)</script>",
    "[y][]\n\n[y]: <https://a.test> 'on\" onclick=alert(1)'",
    "a\0b <scr\0ipt>alert(1)</scr\0ipt> [x](java\0script:alert(1))",
    "https://a.test/\"><script>alert(1)</script>",
    "https://a.test/?<img/src=x/onerror=alert(1)>&lt;script&gt;",
    "```html\" onmouseover=\"alert(1)\n</code></pre><script>alert(1)</script>\n```",
    "`</code><script>alert(1)</script>`",
];

#[test]
fn html_that_a_reader_typed_is_seen_as_typed_and_does_nothing() {
    for typed in TYPED_HTML {
        for source in [
            typed.to_owned(),
            format!("Hello {typed} there"),
            format!("> - {typed}"),
        ] {
            let page = hold_to_allow_list(&source);
            let shown: String = page.root_element().text().collect();
            // References are decoded, as anywhere in Markdown, and white space is folded.
            let folded = |text: &str| {
                text.replace(char::is_whitespace, "")
                    .replace("&gt;", ">")
                    .replace("&lt;", "<")
            };
            assert!(
                folded(&shown).contains(&folded(typed)),
                "{source:?} shows {shown:?}"
            );
        }
    }
}

#[test]
fn nothing_hostile_passes_the_allow_list() {
    for source in OTHERS {
        hold_to_allow_list(source);
        hold_to_itself(source);
    }
    for typed in TYPED_HTML {
        for around in [
            format!("**{typed}**"),
            format!("[{typed}](https://a.test)"),
            format!("![{typed}](https://a.test)"),
            format!("# {typed}"),
            format!("    {typed}"),
            format!("1. {typed}\n\n   > {typed}"),
            format!("https://a.test/{typed}"),
        ] {
            hold_to_allow_list(&around);
        }
    }
}

#[test]
fn links_to_anywhere_but_the_web_and_mail_are_none() {
    for source in OTHERS.iter().filter(|source| !source.contains("http")) {
        assert_eq!(link_count(source), 0, "{source:?}");
        assert!(!comment(source).as_str().contains("<a"), "{source:?}");
    }
}

#[test]
fn raw_html_is_not_lost_from_an_excerpt() {
    let html = comment("a <b>c</b> & d");
    assert_eq!(plain(html.as_str()), "a <b>c</b> & d");
    assert_eq!(excerpt(html.as_str(), 4), "a…");
}

/// 4,999 characters of nested or endless markup, by name.
fn endless() -> Vec<(&'static str, String)> {
    let fill = |piece: &str| -> String { piece.chars().cycle().take(4_999).collect() };
    let stairs = |mark: &str| -> String {
        let steps = (0..).map(|step| format!("{}{mark} x\n", "  ".repeat(step)));
        let mut source: String = steps.take(120).collect();
        source.truncate(4_999);
        source
    };
    vec![
        ("quotes", fill(">")),
        (
            "quotes with a word",
            format!("{} x", fill(">").split_off(10)),
        ),
        ("spaced quotes", fill("> ")),
        ("a rule of list marks", fill("- ")),
        ("lists on a line", format!("{}x", fill("- ").split_off(2))),
        ("ordered lists on a line", fill("1. ")),
        ("lists and quotes", fill("- > ")),
        ("staircase", stairs("-")),
        ("staircase of quotes", stairs(">")),
        ("quote lines", fill(">>>>>>>>>>>>>>>> a\n")),
        (
            "growing quotes",
            (1..99)
                .map(|depth| format!("{} x\n\n", ">".repeat(depth)))
                .collect(),
        ),
        ("stars", fill("*")),
        ("star words", fill("*a ")),
        ("double star words", fill("**a ")),
        ("closing star words", fill("a* ")),
        ("stars about words", fill("*a_")),
        ("underscores", fill("_")),
        ("underscore words", fill("_a ")),
        ("mixed marks", fill("*_")),
        ("tildes", fill("~a ")),
        ("opening brackets", fill("[")),
        ("images", fill("![")),
        ("brackets with words", fill("[a")),
        ("closing brackets", fill("](")),
        ("links never closed", fill("[a](")),
        ("links in angle brackets", fill("[a](<b")),
        ("links", fill("[a](http://b.c)")),
        (
            "nested images",
            format!("{}a{}", "![".repeat(700), "](b)".repeat(700)),
        ),
        ("reference links", fill("[a][b]")),
        ("definitions", fill("[a]: b\n")),
        (
            "different definitions",
            (0..600).map(|number| format!("[{number}]: b\n")).collect(),
        ),
        (
            "used definition",
            format!("[a]: http://b.c\n\n{}", fill("[a]").split_off(20)),
        ),
        ("backticks", fill("`")),
        (
            "growing backticks",
            (1..99)
                .map(|length| format!("a{}", "`".repeat(length)))
                .collect(),
        ),
        ("code spans", fill("`a")),
        ("less-than signs", fill("<")),
        ("open tags", fill("<a ")),
        ("open attributes", fill("<a b='")),
        ("open comments", fill("a<!--")),
        ("open declarations", fill("a<!A ")),
        ("open CDATA", fill("a<![CDATA[")),
        ("open instructions", fill("a<?")),
        ("tags", fill("<b>")),
        ("ampersands", fill("&")),
        ("references", fill("&amp;")),
        ("open references", fill("&a")),
        ("autolink", format!("<http:{}", fill("a").split_off(10))),
        ("autolinks", fill("<http:a")),
        ("mail autolinks", fill("<a@b")),
        ("addresses", fill("http://")),
        ("addresses with hosts", fill("http://a.test ")),
        ("addresses in brackets", fill("(http://a.test")),
        ("colons and slashes", fill("://")),
        ("letters and colons", fill("a:")),
        (
            "long address",
            format!("https://a.test/{}", fill("(").split_off(20)),
        ),
        ("headings", fill("# a\n")),
        ("rules", fill("---\n")),
        ("hard breaks", fill("a  \n")),
        ("backslashes", fill("\\")),
        ("tables", fill("|a|b|\n|-|-|\n")),
        ("combining marks", fill("a\u{301}")),
    ]
}

#[test]
fn endless_markup_takes_no_time() {
    comment("the allow list is built once");
    for (name, source) in endless() {
        let start = Instant::now();
        let made = comment(&source);
        let alone = start.elapsed();
        link_count(&source);
        plain(made.as_str());
        let all = start.elapsed();
        println!(
            "{name}: {alone:?}, with links counted and plain text {all:?}, {} bytes",
            made.as_str().len()
        );
        assert!(all < Duration::from_secs(1), "{name}: {all:?}");
        hold_to_allow_list(&source);
    }
}

#[test]
fn nothing_comes_out_nested_deeper_than_the_limit() {
    for (name, source) in endless() {
        let page = hold_to_allow_list(&source);
        let deepest = page.tree.nodes().map(|node| node.ancestors().count()).max();
        // The document, `html`, `body` and the text itself come on top.
        assert!(
            deepest.unwrap_or(0) <= super::depth::MAX_DEPTH + 3,
            "{name}: {deepest:?}"
        );
    }
}

proptest! {
    #[test]
    fn whatever_is_typed_passes_the_allow_list(source in "[-a<>/!\\[\\]()*_`#&;:=\"' \n\t\u{0}]{0,80}") {
        hold_to_allow_list(&source);
    }

    #[test]
    fn pieces_of_markup_in_any_order_pass_the_allow_list(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<", ">", "script", "<svg>", "<math>", "</p>", "<style>", "<!--", "-->", "](", "[", "![", ")", "javascript:",
            "https://a.test", "\"", "'", "&lt;", "&#x3c;", "`", "```\n", "\n", "\n\n", "> ", "- ", "1. ", "    ", "**", "_", "~~", "# ",
            "[a]: ", "onerror=", "<img src=x ", "<a href=", "x", "<![CDATA[", "]]>", "\\",
        ]), 0..24),
    ) {
        hold_to_allow_list(&pieces.concat());
        hold_to_itself(&pieces.concat());
    }
}
