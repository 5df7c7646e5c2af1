//! Text at the door: one normal form, no control characters, nothing invisible that matters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// The normal form of text that somebody typed: NFC, lines ended by LF alone.
pub fn normalise(text: &str) -> String {
    unix_lines(text).nfc().collect()
}

/// The same text, with lines ended by LF alone.
pub(super) fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// A name or another one-line text: NFC, white space folded to single spaces and trimmed, without
/// direction controls and zero-width characters. The joiners U+200C and U+200D stay: scripts and emoji need them.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut space = false;
    for letter in text.chars().filter(|letter| !is_stripped(*letter)).nfc() {
        if letter.is_whitespace() {
            space = true;
            continue;
        }
        if space && !line.is_empty() {
            line.push(' ');
        }
        space = false;
        line.push(letter);
    }
    line
}

pub(super) fn is_stripped(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Whether the text holds a control character (NUL, other C0, DEL, C1). With `allow_newlines`, line
/// ends and tabs are none.
pub fn has_control(text: &str, allow_newlines: bool) -> bool {
    text.chars().any(|letter| {
        letter.is_control() && !(allow_newlines && matches!(letter, '\n' | '\r' | '\t'))
    })
}

/// Whether nothing in the text can be seen: white space, controls, zero-width characters, marks
/// without a letter.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|letter| {
        letter.is_whitespace()
            || letter.is_control()
            || is_stripped(letter)
            || is_combining_mark(letter)
            || is_invisible(letter)
    })
}

/// Characters without a shape of their own: joiners, fillers, variation selectors, tags.
pub(super) fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200c}' | '\u{200d}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// How many characters a reader would count.
pub fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

/// A key under which names that look alike are equal: compatibility forms, case, accents, white space and punctuation make
/// no difference, nor do letters of other scripts with a Latin shape, nor I, l and 1, nor O and 0.
/// Empty when the name has neither letter nor digit.
pub fn mimic_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    let lower = name.nfkc().flat_map(char::to_lowercase);
    for letter in lower.nfkd().filter(|letter| is_compared(*letter)) {
        match latin_shape(letter) {
            Some(shape) => key.push_str(shape),
            None => key.push(letter),
        }
    }
    key
}

fn is_compared(letter: char) -> bool {
    (letter.is_alphanumeric() || letter == '|') && !is_accent(letter) && !is_invisible(letter)
}

fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// The Latin letters that a letter stands for or is drawn like, itself or its capital.
pub(super) fn latin_shape(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' | 'о' | 'ο' | 'օ' | '0' => "o",
        'đ' | 'ԁ' => "d",
        'а' | 'α' | 'ɑ' => "a",
        'в' | 'β' => "b",
        // Compatibility turns the lunate sigma, which is drawn like c, into a common one.
        'с' | 'σ' | 'ς' => "c",
        'е' | 'ε' => "e",
        'ɡ' | 'ԍ' | 'ց' => "g",
        'һ' | 'н' | 'η' | 'հ' => "h",
        'l' | 'ł' | '1' | '|' | 'ı' | 'і' | 'ι' | 'ӏ' | 'ǀ' => "i",
        'ј' => "j",
        'к' | 'κ' => "k",
        'м' | 'μ' => "m",
        'ո' => "n",
        'р' | 'ρ' => "p",
        'ԛ' => "q",
        'ѕ' => "s",
        'т' | 'τ' => "t",
        'ս' => "u",
        'ν' | 'ѵ' => "v",
        'у' | 'υ' => "y",
        'ԝ' => "w",
        'х' | 'χ' => "x",
        'ζ' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn typed_text_gets_one_normal_form() {
        assert_eq!(normalise("cafe\u{301}\r\na\rb\n"), "café\na\nb\n");
    }

    #[test]
    fn a_name_becomes_one_clean_line() {
        for (typed, line) in [
            ("  Ada \t\n Lovelace ", "Ada Lovelace"),
            ("A\u{202e}da\u{200b} \u{2066}L\u{feff}", "Ada L"),
            ("Ada\u{a0}L\u{ad}o", "Ada Lo"),
            ("e\u{200b}\u{301}", "é"),
            (
                "می\u{200c}خواهم 👩\u{200d}🚀",
                "می\u{200c}خواهم 👩\u{200d}🚀",
            ),
            ("\u{200f} \u{200e}", ""),
        ] {
            assert_eq!(one_line(typed), line, "{typed:?}");
        }
    }

    #[test]
    fn control_characters_are_found() {
        for bad in ["a\0", "\u{1b}[31m", "\u{7f}", "\u{85}"] {
            assert!(has_control(bad, true) && has_control(bad, false), "{bad:?}");
        }
        assert!(!has_control("a\r\n\tb", true));
        assert!(has_control("a\tb", false));
        assert!(!has_control("é\u{200d}\u{202e}", false));
    }

    #[test]
    fn what_cannot_be_seen_is_blank() {
        for blank in [
            "",
            " \t\n",
            "\u{200b}\u{2060}",
            "\u{301}\u{20dd}",
            "\u{3164}\u{2800}",
            "\u{ad}\u{fe0f}\u{e0041}\u{202e}",
        ] {
            assert!(is_blank(blank), "{blank:?}");
        }
        for seen in ["a", ".", " \u{200b}é", "👍", "—"] {
            assert!(!is_blank(seen), "{seen:?}");
        }
    }

    #[test]
    fn graphemes_are_what_a_reader_counts() {
        assert_eq!(graphemes("e\u{301}👨‍👩‍👧 a"), 4);
    }

    #[test]
    fn names_that_look_alike_have_one_key() {
        for name in [
            "Ádám O'Neil",
            "adam oneil",
            "ＡＤＡＭ-ONEIL",
            "A\u{200b}dam  O’Néil.",
            "Аdаm Оneil",
        ] {
            assert_eq!(mimic_key(name), mimic_key("adam oneil"), "{name}");
        }
        for (name, alike) in [
            ("adam oneil", "Adam 0neiI"),
            ("adam oneil", "аdаm\u{3164} οnе|1\u{ffa0}\u{200d}"),
            ("Weiß", "WEISS"),
            ("Lina Hill", "1ina HiII"),
            ("Ilia", "lIla"),
            ("BOB", "ВОВ"),
            ("Helen", "ΗΕLΕN"),
            ("Coco", "ϹΟϲο"),
            ("Γιώργος", "ΓΙΩΡΓΟΣ"),
            ("Юрий", "юрии"),
            ("Łukasz", "iukasz"),
            ("Straße 10", "STRASSE IO"),
        ] {
            assert_eq!(mimic_key(name), mimic_key(alike), "{name} and {alike}");
        }
        for (name, other) in [
            ("Ada", "Adam"),
            ("Ama", "Emma"),
            ("ناديا", "نادر"),
            ("田中", "田口"),
        ] {
            assert_ne!(mimic_key(name), mimic_key(other), "{name} and {other}");
        }
        assert_eq!(mimic_key("★ !"), "");
        assert_eq!(mimic_key("\u{3164}\u{200b}"), "");
    }

    proptest! {
        #[test]
        fn a_clean_line_stays_as_it_is(typed in "\\PC{0,40}") {
            let line = one_line(&typed);
            prop_assert_eq!(one_line(&line), line);
        }
    }
}
