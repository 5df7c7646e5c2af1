//! Direction controls in a reader's text: what a run opens it closes, so that nothing around it is reordered.

use std::borrow::Cow;

use pulldown_cmark::{Event, TextMergeStream};

/// LRE, RLE, LRO, RLO; closed by [`POP`].
const EMBEDDINGS: [char; 4] = ['\u{202a}', '\u{202b}', '\u{202d}', '\u{202e}'];
const POP: char = '\u{202c}';
/// LRI, RLI, FSI; closed by [`POP_ISOLATE`], which closes the embeddings within too.
const ISOLATES: [char; 3] = ['\u{2066}', '\u{2067}', '\u{2068}'];
const POP_ISOLATE: char = '\u{2069}';

/// The same text, in every line of which each direction control is closed and closes something: what is left open
/// is closed at the line's end, and what closes nothing is left out. Every other character stays.
pub(super) fn balanced(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len() + 16);
    let mut open = Vec::new();
    for letter in text.chars() {
        if ends_line(letter) {
            close(&mut kept, &mut open);
        }
        if EMBEDDINGS.contains(&letter) {
            open.push(POP);
        } else if ISOLATES.contains(&letter) {
            open.push(POP_ISOLATE);
        } else if letter == POP {
            // An isolate hides what was opened before it.
            if open.pop_if(|closing| *closing == POP).is_none() {
                continue;
            }
        } else if letter == POP_ISOLATE {
            let Some(at) = open.iter().rposition(|closing| *closing == POP_ISOLATE) else {
                continue;
            };
            open.truncate(at);
        }
        kept.push(letter);
    }
    close(&mut kept, &mut open);
    Cow::Owned(kept)
}

/// The same events, the text between two tags [`balanced`].
pub(super) fn balance<'a>(events: impl Iterator<Item = Event<'a>>) -> Vec<Event<'a>> {
    TextMergeStream::new(events)
        .map(|event| match event {
            Event::Text(text) if text.contains(is_control) => {
                Event::Text(balanced(&text).into_owned().into())
            }
            Event::Code(text) if text.contains(is_control) => {
                Event::Code(balanced(&text).into_owned().into())
            }
            other => other,
        })
        .collect()
}

/// Whether a character has no shape and a say in direction: a control, or one of LRM, RLM and ALM, which close nothing.
pub(super) fn is_mark(letter: char) -> bool {
    is_control(letter) || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{61c}')
}

fn is_control(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether the Unicode bidirectional algorithm begins anew after it.
fn ends_line(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{2029}')
}

fn close(kept: &mut String, open: &mut Vec<char>) {
    while let Some(closing) = open.pop() {
        kept.push(closing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{comment, excerpt, plain};
    use proptest::prelude::*;
    use scraper::Html;

    fn made(source: &str) -> String {
        comment(source).into_string().trim().to_owned()
    }

    #[test]
    fn what_is_left_open_is_closed_and_what_closes_nothing_goes() {
        for (typed, kept) in [
            ("a\u{202e}b", "a\u{202e}b\u{202c}"),
            ("a\u{2067}b\u{202a}c", "a\u{2067}b\u{202a}c\u{202c}\u{2069}"),
            ("a\u{202c}b\u{2069}c", "abc"),
            ("\u{202e}a\u{202c}\u{202c}b", "\u{202e}a\u{202c}b"),
            // A PDF does not reach out of an isolate; a PDI closes what stands within.
            (
                "\u{202b}a\u{2068}b\u{202c}c\u{2069}d",
                "\u{202b}a\u{2068}bc\u{2069}d\u{202c}",
            ),
            (
                "\u{2066}a\u{202d}b\u{2069}c\u{202c}",
                "\u{2066}a\u{202d}b\u{2069}c",
            ),
            ("\u{202e}a\nb\u{202c}", "\u{202e}a\u{202c}\nb"),
            ("\u{2067}a\u{2029}b", "\u{2067}a\u{2069}\u{2029}b"),
        ] {
            assert_eq!(balanced(typed), kept, "{typed:?}");
        }
    }

    #[test]
    fn text_from_right_to_left_stays_byte_for_byte() {
        for words in [
            "تأخرت العبارة \u{2066}Ferry 3\u{2069} مرة أخرى",
            "שלום \u{202a}C++\u{202c}\u{200f}! \u{200e}(x)\u{61c}",
            "\u{2068}אב\u{2067}ג\u{2069}\u{2069} \u{202b}\u{202d}12\u{202c}\u{202c}",
        ] {
            assert!(matches!(balanced(words), Cow::Borrowed(_)) || balanced(words) == words);
            assert_eq!(made(words), format!("<p>{words}</p>"));
        }
    }

    #[test]
    fn a_link_is_not_reordered_by_the_text_around_it_nor_that_by_the_link() {
        let html = made(
            "\u{202e}before [in\u{2067}side](https://a.test) after\u{202c} `co\u{202e}de` end",
        );
        assert!(html.contains("<p>\u{202e}before \u{202c}<a "), "{html}");
        assert!(
            html.contains(">in\u{2067}side\u{2069}</a> after <code>"),
            "{html}"
        );
        assert!(
            html.contains("<code>co\u{202e}de\u{202c}</code> end"),
            "{html}"
        );
        let html = made("\u{202e}https://a.test\u{202c} x");
        assert!(html.starts_with("<p>\u{202e}\u{202c}<a "), "{html}");
        assert!(html.ends_with("</a> x</p>"), "{html}");
    }

    #[test]
    fn every_line_and_paragraph_is_on_its_own() {
        assert_eq!(
            made("a\u{202e}b\nc\u{202c}\n\n> &#x2067;d\n\n    e\u{202d}\n    f\n"),
            "<p>a\u{202e}b\u{202c}<br>\nc</p>\n<blockquote>\n<p>\u{2067}d\u{2069}</p>\n</blockquote>\n\
             <pre><code>e\u{202d}\u{202c}\nf\n</code></pre>"
        );
    }

    #[test]
    fn an_excerpt_closes_what_it_cuts_through() {
        let html = comment("one \u{202e}two three\u{202c} four").into_string();
        assert_eq!(plain(&html), "one \u{202e}two three\u{202c} four");
        assert_eq!(excerpt(&html, 9), "one \u{202e}two\u{202c}…");
    }

    /// What is open at the end, and how often something was closed that was not open.
    fn open_and_stray(text: &str) -> (usize, usize) {
        let (mut open, mut stray) = (String::new(), 0);
        for letter in text.chars() {
            match letter {
                '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => open.push('e'),
                '\u{2066}'..='\u{2068}' => open.push('i'),
                '\u{202c}' if open.ends_with('e') => {
                    open.pop();
                }
                '\u{2069}' if open.contains('i') => {
                    open.truncate(open.rfind('i').unwrap());
                }
                '\u{202c}' | '\u{2069}' => stray += 1,
                '\n' | '\u{2029}' if !open.is_empty() => return (open.len(), stray),
                _ => {}
            }
        }
        (open.len(), stray)
    }

    proptest! {
        #[test]
        fn a_balanced_text_leaves_nothing_open_and_loses_no_letter(
            typed in "[ab \n\u{2029}\u{200f}א\u{202a}-\u{202e}\u{2066}-\u{2069}]{0,40}"
        ) {
            let kept = balanced(&typed);
            for line in kept.split(['\n', '\u{2029}']) {
                prop_assert_eq!(open_and_stray(line), (0, 0));
            }
            let letters = |text: &str| text.replace(is_control, "");
            prop_assert_eq!(letters(&kept), letters(&typed));
            prop_assert_eq!(balanced(&kept), kept.clone());
            if typed.split(['\n', '\u{2029}']).all(|line| open_and_stray(line) == (0, 0)) {
                prop_assert_eq!(&kept, &typed);
            }
        }

        #[test]
        fn every_run_of_a_comment_is_balanced(pieces in prop::collection::vec(prop::sample::select(vec![
            "a", " ", "א", "\n", "\n\n", "> ", "- ", "    ", "*", "**", "~~", "`", "```\n", "[x](https://a.test)", "https://b.test",
            "[", "](https://c.test)", "<b>", "&#x202e;", "&#8297;", "\u{202a}", "\u{202b}", "\u{202c}", "\u{202d}", "\u{202e}",
            "\u{2066}", "\u{2067}", "\u{2068}", "\u{2069}",
        ]), 0..24)) {
            let html = comment(&pieces.concat()).into_string();
            let page = Html::parse_fragment(&html);
            for run in page.root_element().text() {
                for line in run.split('\n') {
                    prop_assert_eq!(open_and_stray(line), (0, 0), "{:?} of {:?}", run, &html);
                }
            }
            for limit in [0, 3, 9] {
                prop_assert_eq!(open_and_stray(&excerpt(&html, limit)), (0, 0));
            }
        }
    }
}
