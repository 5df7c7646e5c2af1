//! Plain text of safe HTML, whole or cut short.

use unicode_segmentation::UnicodeSegmentation;

use super::bidi::balanced;
use super::html_tags::{self, Token};

/// Tags that part words; all others stand inside a line.
const BLOCKS: [&str; 31] = [
    "blockquote",
    "br",
    "caption",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "article",
];

/// The text of sanitised HTML on one line: tags dropped, references decoded, white space folded, and
/// every direction control closed.
pub fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for token in html_tags::tokens(html) {
        match token {
            Token::Start(tag) | Token::End(tag) if BLOCKS.iter().any(|block| tag.is(block)) => {
                text.push(' ');
            }
            Token::Text(piece) => text.push_str(piece),
            _ => {}
        }
    }
    balanced(&fold(&html_tags::decode_serialised(&text))).into_owned()
}

/// The text of sanitised HTML, at most `max_graphemes` long; cut between words and ended by "…" when
/// there is more. What closes a direction control that was cut through comes on top, and is not seen.
pub fn excerpt(html: &str, max_graphemes: usize) -> String {
    let text = plain(html);
    let Some((end, _)) = text.grapheme_indices(true).nth(max_graphemes) else {
        return text;
    };
    if max_graphemes == 0 {
        return String::new();
    }
    // The "…" takes the place of one grapheme.
    let room = text
        .grapheme_indices(true)
        .nth(max_graphemes - 1)
        .map_or(end, |(at, _)| at);
    let words = text
        .split_word_bound_indices()
        .map(|(at, word)| at + word.len())
        .take_while(|end| *end <= room)
        .last()
        .unwrap_or(room);
    let kept = text.get(..words).unwrap_or_default();
    let trimmed = kept.trim_end_matches(|letter: char| {
        letter.is_whitespace() || ",;:-–—([{<‘“«„¿¡".contains(letter)
    });
    format!("{}…", balanced(trimmed))
}

/// White space folded to single spaces, none at the ends. No-break spaces stay.
pub(super) fn fold(text: &str) -> String {
    let space = |letter: char| letter.is_whitespace() && !matches!(letter, '\u{a0}' | '\u{202f}');
    let mut folded = String::with_capacity(text.len());
    for word in text.split(space).filter(|word| !word.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_and_blocks_part_words() {
        let html = "<p>One <em>tw</em>o</p><ul><li>three</li><li>four<br>five</li></ul>\n<pre><code>six\n  seven</code></pre>";
        assert_eq!(plain(html), "One two three four five six seven");
    }

    #[test]
    fn references_are_decoded() {
        assert_eq!(
            plain("<p>a &lt;b&gt; &amp;amp; c&nbsp;d &quot;</p>"),
            "a <b> &amp; c\u{a0}d \""
        );
    }

    #[test]
    fn a_short_text_is_whole() {
        assert_eq!(excerpt("<p>Just so.</p>", 8), "Just so.");
        assert_eq!(excerpt("", 0), "");
    }

    #[test]
    fn a_long_text_is_cut_between_words() {
        let html = "<p>The harbour, the wall and the sea.</p>";
        assert_eq!(excerpt(html, 20), "The harbour, the…");
        assert_eq!(excerpt(html, 14), "The harbour…");
        assert_eq!(excerpt(html, 4), "The…");
        assert_eq!(excerpt(html, 0), "");
    }

    #[test]
    fn a_word_too_long_is_cut_between_graphemes() {
        assert_eq!(excerpt("<p>Donaudampfschiff</p>", 6), "Donau…");
        let family = "👨‍👩‍👧‍👦";
        assert_eq!(
            excerpt(&format!("<p>{}</p>", family.repeat(5)), 3),
            format!("{}…", family.repeat(2))
        );
    }

    #[test]
    fn text_without_spaces_is_cut_too() {
        assert_eq!(
            excerpt("<p>港の壁は古い。町は新しい。</p>", 5)
                .chars()
                .count(),
            5
        );
    }

    #[test]
    fn an_excerpt_never_exceeds_its_limit() {
        for limit in 0..60 {
            let cut = excerpt(
                "<p>It’s “quoted”, e\u{301}t cetera — and so on; (more) 3.5 km.</p>",
                limit,
            );
            assert!(cut.graphemes(true).count() <= limit, "{limit}: {cut}");
        }
    }
}
