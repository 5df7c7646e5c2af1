//! Comments that are not public: their links are shown as text, so that nobody follows one by accident.

use crate::text::SafeHtml;

/// The same HTML with each link as plain text, followed by its address where the text hides it.
/// `html` is what `text` made: quoted attributes, no links within links.
pub(super) fn links_as_text(html: &str) -> SafeHtml {
    as_text(html, "span class=\"soft\"", "span")
}

/// The same, with the links marked: they are why the comment is held.
pub(super) fn links_marked(html: &str) -> SafeHtml {
    as_text(html, "mark", "mark")
}

fn as_text(html: &str, opening: &str, closing: &str) -> SafeHtml {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, link)) = split_at_link(rest) {
        out.push_str(before);
        let Some((tag, inside)) = split_tag(link) else {
            // Never closed: not HTML that text made. What follows is dropped rather than guessed at.
            return SafeHtml::stored(out);
        };
        let (words, after) = inside.split_once("</a>").unwrap_or((inside, ""));
        out.push_str(&format!("<{opening}>{words}</{closing}>"));
        let address = href(tag).replace('<', "&lt;").replace('>', "&gt;");
        if !shows(words, &address) {
            out.push_str(" (");
            out.push_str(&address);
            out.push(')');
        }
        rest = after;
    }
    out.push_str(rest);
    SafeHtml::stored(out)
}

/// The text up to the next link, and from its `<a` on.
fn split_at_link(html: &str) -> Option<(&str, &str)> {
    let starts = |at: &usize| {
        let next = html.as_bytes().get(at + 2);
        next.is_some_and(|byte| *byte == b'>' || byte.is_ascii_whitespace())
    };
    let at = html.match_indices("<a").map(|(at, _)| at).find(starts)?;
    html.split_at_checked(at)
}

/// A tag and what follows it; a `>` inside a quoted value does not end it.
fn split_tag(html: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, byte) in html.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return html.split_at_checked(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

fn href(tag: &str) -> &str {
    tag.split_once(" href=\"")
        .and_then(|(_, value)| value.split_once('"'))
        .map_or("", |(address, _)| address)
}

/// Whether the words of a link are its address, with or without the scheme and a last slash.
fn shows(words: &str, address: &str) -> bool {
    let bare = |text: &str| {
        let text = ["https://", "http://", "mailto:"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme))
            .unwrap_or(text);
        text.trim_end_matches('/').to_owned()
    };
    address.is_empty() || bare(words) == bare(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> String {
        links_as_text(html).as_str().to_owned()
    }

    #[test]
    fn a_bare_address_becomes_text() {
        assert_eq!(
            shown(
                r#"<p>See <a href="https://a.example/" rel="nofollow">https://a.example</a>.</p>"#
            ),
            r#"<p>See <span class="soft">https://a.example</span>.</p>"#
        );
        assert_eq!(
            shown(r#"<a href="http://lark.example/r/24">lark.example/r/24</a>"#),
            r#"<span class="soft">lark.example/r/24</span>"#
        );
    }

    #[test]
    fn an_address_that_the_words_hide_is_written_out() {
        assert_eq!(
            shown(
                r#"<a rel="x" href="https://b.example/?a=1&amp;b=2">the <em>agenda</em></a>, <a href="mailto:me@b.example">write</a>"#
            ),
            r#"<span class="soft">the <em>agenda</em></span> (https://b.example/?a=1&amp;b=2), <span class="soft">write</span> (mailto:me@b.example)"#
        );
    }

    #[test]
    fn an_address_cannot_break_out_of_its_text() {
        assert_eq!(
            shown(r#"<a href="https://c.example/<script>alert(1)</script>">x</a>"#),
            r#"<span class="soft">x</span> (https://c.example/&lt;script&gt;alert(1)&lt;/script&gt;)"#
        );
    }

    #[test]
    fn other_elements_and_broken_ends_are_left_alone() {
        assert_eq!(shown("<p><abbr>a</abbr> é</p>"), "<p><abbr>a</abbr> é</p>");
        assert_eq!(shown("<p>a</p><a href=\"é"), "<p>a</p>");
        assert_eq!(shown("<a>é</a>"), "<span class=\"soft\">é</span>");
    }
}
