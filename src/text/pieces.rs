//! A text in the pieces that a search compares: words, and single characters of scripts that put no space between words.

use std::collections::VecDeque;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::folding::{fold, is_ignored, is_unspaced};

/// Characters of a word; what is longer becomes several.
const LONGEST: usize = 64;
/// Marks on one character that are compared.
const MARKS: usize = 8;
/// Characters that are normalised together at most. No script needs as many.
const STRETCH: usize = 32;

/// A folded word or character: letters, digits and marks alone, never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// Where it stands in the text, in bytes.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// A character of a script without spaces; `joined` when another one stands right before it.
    Character {
        joined: bool,
    },
}

/// The pieces of a text, in order; takes time linear in its length. An apostrophe or a hyphen parts words as a space does,
/// so that *eau* is found in *l’eau* and *mail* in *e-mail*.
pub(super) fn pieces(text: &str) -> Pieces<'_> {
    Pieces {
        rest: text,
        at: 0,
        unit: None,
        word: None,
        joined: false,
        ready: VecDeque::new(),
    }
}

pub(super) struct Pieces<'a> {
    rest: &'a str,
    at: usize,
    /// A letter or digit that may yet get marks.
    unit: Option<Unit>,
    /// A word that may go on.
    word: Option<Unit>,
    /// Whether the last piece was a character, and nothing came after it.
    joined: bool,
    ready: VecDeque<Piece>,
}

struct Unit {
    text: String,
    letters: usize,
    from: usize,
    to: usize,
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        while self.ready.is_empty() {
            if self.rest.is_empty() {
                self.end_word();
                break;
            }
            if let [first, rest @ ..] = self.rest.as_bytes()
                && first.is_ascii()
                && rest.first().is_none_or(u8::is_ascii)
            {
                self.feed_plain(char::from(first.to_ascii_lowercase()));
                self.rest = self.rest.get(1..).unwrap_or_default();
                self.at += 1;
                continue;
            }
            let (stretch, rest) = self.rest.split_at(stretch_length(self.rest));
            let (from, to) = (self.at, self.at + stretch.len());
            (self.rest, self.at) = (rest, to);
            for letter in fold(stretch).chars() {
                self.feed(letter, from, to);
            }
        }
        self.ready.pop_front()
    }
}

impl Pieces<'_> {
    /// An ASCII character that no mark follows, as most are: it needs no folding, and waits for nothing.
    fn feed_plain(&mut self, letter: char) {
        if !letter.is_ascii_alphanumeric() {
            self.end_word();
            self.joined = false;
            return;
        }
        self.end_unit();
        self.joined = false;
        let (from, to) = (self.at, self.at + 1);
        match &mut self.word {
            Some(word) if word.letters < LONGEST => {
                word.text.push(letter);
                word.letters += 1;
                word.to = to;
            }
            _ => {
                self.give_word();
                self.word = Some(Unit {
                    text: String::from(letter),
                    letters: 1,
                    from,
                    to,
                });
            }
        }
    }

    fn feed(&mut self, letter: char, from: usize, to: usize) {
        if is_combining_mark(letter) {
            if let Some(unit) = &mut self.unit {
                unit.to = to;
                if unit.letters <= MARKS {
                    unit.text.push(letter);
                    unit.letters += 1;
                }
            }
        } else if letter.is_alphanumeric() {
            self.end_unit();
            self.unit = Some(Unit {
                text: letter.to_string(),
                letters: 1,
                from,
                to,
            });
        } else {
            self.end_word();
            self.joined = false;
        }
    }

    fn end_unit(&mut self) {
        let Some(unit) = self.unit.take() else {
            return;
        };
        if unit.text.starts_with(is_unspaced) {
            self.give_word();
            let joined = std::mem::replace(&mut self.joined, true);
            self.give(unit, Kind::Character { joined });
            return;
        }
        self.joined = false;
        match &mut self.word {
            Some(word) if word.letters + unit.letters <= LONGEST => {
                word.text.push_str(&unit.text);
                word.letters += unit.letters;
                word.to = unit.to;
            }
            _ => {
                self.give_word();
                self.word = Some(unit);
            }
        }
    }

    fn end_word(&mut self) {
        self.end_unit();
        self.give_word();
    }

    fn give_word(&mut self) {
        if let Some(word) = self.word.take() {
            self.give(word, Kind::Word);
        }
    }

    fn give(&mut self, unit: Unit, kind: Kind) {
        self.ready.push_back(Piece {
            text: unit.text,
            from: unit.from,
            to: unit.to,
            kind,
        });
    }
}

/// Bytes of the first character and of what must be normalised with it.
fn stretch_length(text: &str) -> usize {
    let mut letters = text.char_indices();
    let begins = letters
        .next()
        .is_some_and(|(_, first)| first.is_alphanumeric());
    letters
        .take(STRETCH)
        .enumerate()
        .find(|(nth, (_, letter))| !begins || nth + 1 == STRETCH || !goes_on(*letter))
        .map_or(text.len(), |(_, (at, _))| at)
}

/// Whether a character belongs to the one before: marks, what is ignored, and the vowels and ends of Korean syllables.
fn goes_on(letter: char) -> bool {
    if letter < '\u{300}' {
        return letter == '\u{ad}';
    }
    is_combining_mark(letter)
        || is_ignored(letter)
        || (matches!(letter, '\u{1160}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' | '\u{d7b0}'..='\u{d7ff}' | '\u{ff9e}'..='\u{ffdc}')
            && std::iter::once(letter).nfkd().next().is_some_and(|letter| {
                is_combining_mark(letter)
                    || matches!(letter, '\u{1160}'..='\u{11ff}' | '\u{d7b0}'..='\u{d7ff}')
            }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_knows_where_it_stands() {
        for (text, expected) in [
            ("Cafe\u{301}, né", vec!["Cafe\u{301}", "né"]),
            ("東京Tower", vec!["東", "京", "Tower"]),
            ("ｶﾞス", vec!["ｶﾞ", "ス"]),
            ("की x\u{200d}y", vec!["की", "x\u{200d}y"]),
            ("㎏/m²", vec!["㎏", "m²"]),
        ] {
            let found: Vec<&str> = pieces(text)
                .map(|piece| &text[piece.from..piece.to])
                .collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn plain_letters_are_as_those_that_are_folded() {
        // A soft hyphen changes nothing, and has each letter before it folded.
        let folded = |text: &str| {
            text.chars()
                .flat_map(|letter| [letter, '\u{ad}'])
                .collect::<String>()
        };
        let long = "Ab9".repeat(50);
        for text in [
            "It's e-mail, A1 and b2!",
            "x",
            "",
            " 東a京 b",
            "né A",
            long.as_str(),
        ] {
            let found = |text: &str| -> Vec<(String, Kind)> {
                pieces(text).map(|piece| (piece.text, piece.kind)).collect()
            };
            assert_eq!(found(text), found(&folded(text)), "{text}");
        }
    }

    #[test]
    fn a_very_long_word_and_very_many_marks_are_cut() {
        let long = "a\u{94d}".repeat(1000);
        let lengths: Vec<usize> = pieces(&long)
            .map(|piece| piece.text.chars().count())
            .collect();
        assert_eq!(lengths.iter().sum::<usize>(), 2000);
        assert!(lengths.iter().all(|length| *length <= LONGEST));
        let marked = format!("a{}", "\u{94d}".repeat(100_000));
        let found: Vec<Piece> = pieces(&marked).collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].text.chars().count(), 1 + MARKS);
        assert_eq!(found[0].to, marked.len());
    }
}
