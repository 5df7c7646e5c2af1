//! Letters as a search compares them: of one case, without what people leave out when they type.

use unicode_normalization::UnicodeNormalization;

use super::one_line::{is_invisible, is_stripped};

/// Whether a character changes nothing in what is found: joiners, soft hyphens, direction controls, variation selectors.
pub(super) fn is_ignored(letter: char) -> bool {
    letter >= '\u{ad}' && (is_stripped(letter) || is_invisible(letter))
}

/// The folded form of a stretch of text: compatibility forms, case and accents make no difference.
/// The stretch is a character with the marks that belong to it.
pub(super) fn fold(stretch: &str) -> String {
    let mut letters = String::with_capacity(stretch.len());
    let shown = stretch.chars().filter(|letter| !is_ignored(*letter));
    for letter in shown.nfkc().flat_map(char::to_lowercase) {
        // Й and ї are letters of their own; only ё is written as е.
        if matches!(letter, '\u{400}'..='\u{52f}') {
            push(letter, &mut letters);
            continue;
        }
        for part in std::iter::once(letter).nfd() {
            push(part, &mut letters);
        }
    }
    letters.nfc().collect()
}

fn push(letter: char, letters: &mut String) {
    if is_accent(letter) || is_ignored(letter) {
        return;
    }
    if let Some(shape) = latin(letter) {
        letters.push_str(shape);
        return;
    }
    letters.push(other(letter).unwrap_or_else(|| digit(letter)));
}

/// Marks that people leave out: accents, the points of Hebrew and Arabic, the stretcher of Arabic, the nukta of Devanagari.
/// Vowel signs stay, and so do the voiced marks of kana.
fn is_accent(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}'
        // Hebrew, without its punctuation.
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}'
        // Arabic.
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}'
        | '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{898}'..='\u{89f}'
        | '\u{8ca}'..='\u{8e1}' | '\u{8e3}'..='\u{8ff}'
        | '\u{93c}')
}

/// Latin letters that no accent explains.
fn latin(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'ı' | 'ɨ' => "i",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' | 'ɗ' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ŧ' => "t",
        'ɓ' => "b",
        'ƙ' => "k",
        'ƴ' => "y",
        _ => return None,
    })
}

/// Letters of other scripts for which people type another one.
fn other(letter: char) -> Option<char> {
    Some(match letter {
        'ς' => 'σ',
        'ё' | 'ѐ' => 'е',
        'ѝ' => 'и',
        // Alef wasla; yeh without dots and that of Persian; teh marbuta; the kaf of Persian.
        '\u{671}' => '\u{627}',
        '\u{649}' | '\u{6cc}' => '\u{64a}',
        '\u{629}' => '\u{647}',
        '\u{6a9}' => '\u{643}',
        // Chandrabindu and anusvara of Devanagari.
        '\u{901}' => '\u{902}',
        // Apostrophes that count as letters part words as the others do, which people type for them.
        '\u{2b9}'..='\u{2bf}' | '\u{2c8}' | '\u{a78b}' | '\u{a78c}' => '\'',
        _ => return None,
    })
}

/// The digits of other scripts as ours.
fn digit(letter: char) -> char {
    const ZEROS: [u32; 18] = [
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50,
        0xed0, 0xf20, 0x1040, 0x17e0, 0x1810,
    ];
    let code = u32::from(letter);
    let zero = ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&code));
    zero.and_then(|zero| char::from_digit(code - zero, 10))
        .unwrap_or(letter)
}

/// Whether words of a letter's script stand without spaces between them: Chinese, Japanese, Thai, Lao, Khmer, Burmese and
/// their neighbours.
pub(super) fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{1950}'..='\u{19df}'
        | '\u{1a20}'..='\u{1aaf}' | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}'
        | '\u{3031}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{a9e0}'..='\u{a9ff}' | '\u{aa60}'..='\u{aadf}' | '\u{f900}'..='\u{faff}'
        | '\u{1aff0}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_lose_what_people_leave_out() {
        for (text, folded) in [
            ("É", "e"),
            ("İ", "i"),
            ("ı", "i"),
            ("ẞ", "ss"),
            ("Ǿ", "o"),
            ("Ữ", "u"),
            ("Ё", "е"),
            ("Й", "й"),
            ("а\u{301}", "а"),
            ("Ώ", "ω"),
            ("ς", "σ"),
            ("שׁ", "ש"),
            ("أ", "ا"),
            ("لا", "لا"),
            ("ﻼ", "لا"),
            ("٣", "3"),
            ("ｶﾞ", "ガ"),
            ("が", "が"),
            ("क़", "क"),
            ("한", "한"),
            ("ㅎㅏ", "하"),
            ("❤\u{fe0f}", "❤"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }
}
