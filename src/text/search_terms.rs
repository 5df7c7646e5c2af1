//! What a search looks for: one function for stored texts and for what is typed into the search field.

use super::pieces::{Kind, pieces};

/// Goes up whenever [`search_terms`] makes something else of a text: the terms of all comments are made anew then.
pub const TERMS_VERSION: i16 = 1;

/// Bytes of the terms of one text. PostgreSQL takes one million for a comment, which has a name, a text and perhaps another
/// text that waits.
const MOST: usize = 300_000;

/// The terms of a text, parted by single spaces; each has 1 to 64 letters, digits and marks, and begins with no mark.
///
/// A word is a term. Where a script puts no space between words, each two neighbouring characters are a term, and so is the
/// last one alone: whatever is typed, be it one character, is then the beginning of a term.
pub fn search_terms(text: &str) -> String {
    let mut line = String::new();
    for term in terms(text) {
        if line.len() + term.text.len() >= MOST {
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&term.text);
    }
    line
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) text: String,
    pub(super) kind: TermKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TermKind {
    Word,
    /// Two characters that stand side by side.
    Pair,
    /// A character without neighbours.
    Single,
    /// The last of several characters: also in the pair before.
    Last,
}

pub(super) fn terms(text: &str) -> impl Iterator<Item = Term> {
    let mut pieces = pieces(text).peekable();
    std::iter::from_fn(move || {
        let mut piece = pieces.next()?;
        let kind = match piece.kind {
            Kind::Word => TermKind::Word,
            Kind::Character { joined } => match pieces.peek() {
                Some(next) if next.kind == (Kind::Character { joined: true }) => {
                    piece.text.push_str(&next.text);
                    TermKind::Pair
                }
                _ if joined => TermKind::Last,
                _ => TermKind::Single,
            },
        };
        Some(Term {
            text: piece.text,
            kind,
        })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::{Duration, Instant};

    use proptest::prelude::*;
    use unicode_normalization::char::is_combining_mark;

    use super::*;
    use crate::text::folding::is_unspaced;

    #[test]
    fn words_are_parted_and_folded_as_people_type_them() {
        for (text, expected) in [
            ("The *late* ferry!", "the late ferry"),
            ("l’eau, don't, O'Brien", "l eau don t o brien"),
            ("м\u{2bc}ята, м'ята", "м ята м ята"),
            (
                "e-mail snake_case soft\u{ad}hyphen",
                "e mail snake case softhyphen",
            ),
            ("https://a.example/x?y=1", "https a example x y 1"),
            (
                "Straße STRASSE İstanbul ılık Łódź",
                "strasse strasse istanbul ilik lodz",
            ),
            ("ΟΔΟΣ οδός", "οδοσ οδοσ"),
            ("Ещё ёж, й", "еще еж й"),
            ("إِلَى مَدْرَسَةٌ ـــ كـتاب", "الي مدرسه كتاب"),
            ("שָׁלוֹם צה״ל", "שלום צה ל"),
            ("日本語 日 2024年", "日本 本語 語 日 2024 年"),
            ("カフェー", "カフ フェ ェー ー"),
            ("한국어 문장", "한국어 문장"),
            ("हिन्दी में", "हिन्दी में"),
            ("แมว", "แม มว ว"),
            ("Tiếng Việt Đà", "tieng viet da"),
            ("½ x² ①", "1 2 x2 1"),
            ("😀 👨\u{200d}👩\u{200d}👧 … --- \u{301}", ""),
        ] {
            assert_eq!(search_terms(text), expected, "{text}");
        }
    }

    #[test]
    fn hostile_texts_take_linear_time_and_stay_bounded() {
        for hostile in [
            "\u{fdfa}",
            "a\u{301}",
            "\u{301}",
            "日",
            "ᄀ\u{1161}",
            "\u{94d}",
            "a ",
            "\u{200d}",
        ] {
            let begun = Instant::now();
            let terms = search_terms(&hostile.repeat(50_000));
            assert!(terms.len() <= MOST, "{hostile:?}");
            assert!(begun.elapsed() < Duration::from_secs(5), "{hostile:?}");
        }
    }

    #[test]
    fn every_character_keeps_the_shape_of_terms() {
        for letter in '\0'..=char::MAX {
            hold_shape(&letter.to_string());
        }
    }

    fn hold_shape(text: &str) {
        let line = search_terms(text);
        for term in line.split(' ').filter(|_| !line.is_empty()) {
            let letters = term.chars().count();
            assert!((1..=64).contains(&letters), "{text:?}: {term:?}");
            assert!(
                term.chars()
                    .all(|letter| letter.is_alphanumeric() || is_combining_mark(letter)),
                "{text:?}: {term:?}"
            );
            assert!(!term.starts_with(is_combining_mark), "{text:?}: {term:?}");
        }
        let again = search_terms(&line);
        if line.contains(is_unspaced) {
            // The characters of a pair are terms of their own the second time.
            let again: BTreeSet<&str> = again.split(' ').collect();
            assert!(line.split(' ').all(|term| again.contains(term)), "{text:?}");
        } else {
            assert_eq!(again, line, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_keeps_the_shape_of_terms(text in any::<String>()) {
            hold_shape(&text);
        }

        #[test]
        fn mixed_scripts_keep_the_shape_of_terms(
            text in "[a-zéßıØ \u{300}-\u{305}'\u{600}-\u{6ff}\u{900}-\u{94d}\u{e01}-\u{e4f}\u{1100}-\u{11ff}\u{3040}-\u{30ff}一-丐ﾞ\u{3131}-\u{318e}가-각]{0,40}"
        ) {
            hold_shape(&text);
        }
    }
}
