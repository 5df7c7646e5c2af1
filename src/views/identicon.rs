//! The small mirrored pictures beside names, drawn by the style sheet. Decoration: they say who is who only on one page, and
//! come from ids alone.

use crate::store::comments::Comment;

/// Rows of a picture, each of three squares and their mirror.
const ROWS: usize = 5;

/// A picture as `data-i` has it: a letter for each row, 64 in all so that `[data-i*=A]` finds one row and no other, and a
/// digit for the hue.
pub fn of(comment: &Comment) -> String {
    // Of the author where one is known, so that it stays the same from comment to comment; never of name or e-mail.
    let seed = match comment.author_id {
        Some(author) => mix(author.cast_unsigned() ^ (1 << 63)),
        None => mix(comment.id.cast_unsigned()),
    };
    let mut state = seed;
    loop {
        state = mix(state);
        let rows: [u8; ROWS] = std::array::from_fn(|row| (state >> (3 * row) & 7) as u8);
        // Neither nearly empty nor nearly full.
        let squares: u32 = rows.iter().map(|row| filled(*row)).sum();
        if (7..=18).contains(&squares) {
            return letters(rows, (seed >> 61) as u8);
        }
    }
}

/// Squares of a row of five: bit 2 stands for both ends, bit 1 for their neighbours, bit 0 for the middle.
fn filled(row: u8) -> u32 {
    2 * (row >> 1).count_ones() + u32::from(row & 1)
}

fn letters(rows: [u8; ROWS], hue: u8) -> String {
    let first = [b'A', b'I', b'Q', b'a', b'i'];
    rows.iter()
        .zip(first)
        .map(|(row, first)| first + row)
        .chain([b'0' + hue])
        .map(char::from)
        .collect()
}

/// One step of SplitMix64 (Steele, Lea, Flood 2014): near seeds give unlike pictures.
fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::views::fixtures::comment;

    #[test]
    fn near_numbers_have_unlike_pictures_and_every_letter_is_of_one_row() {
        let pictures: HashSet<String> = (0..1000).map(|id| of(&comment(id))).collect();
        assert!(pictures.len() > 980, "{} of 1000", pictures.len());
        for picture in pictures {
            let rows = [
                'A'..='H',
                'I'..='P',
                'Q'..='X',
                'a'..='h',
                'i'..='p',
                '0'..='7',
            ];
            assert_eq!(picture.len(), rows.len());
            for (letter, row) in picture.chars().zip(rows) {
                assert!(row.contains(&letter), "{picture}");
            }
        }
    }

    #[test]
    fn one_author_has_one_picture_and_a_name_has_none() {
        let mut first = comment(1);
        let mut second = comment(2);
        first.author_id = Some(9);
        second.author_id = Some(9);
        second.name = "Another name".into();
        assert_eq!(of(&first), of(&second));
        second.author_id = None;
        assert_ne!(of(&first), of(&second));
    }

    #[test]
    fn an_author_and_a_comment_of_the_same_number_are_not_taken_for_one() {
        let mut by_author = comment(7);
        by_author.author_id = Some(7);
        assert_ne!(of(&by_author), of(&comment(7)));
    }

    #[test]
    fn the_style_sheet_draws_every_letter() {
        let style = include_str!("../../static/app.css");
        for letter in ('B'..='H').chain('J'..='P').chain('R'..='X') {
            assert!(style.contains(&format!("[data-i*={letter}]")), "{letter}");
        }
        for letter in ('b'..='h').chain('j'..='p') {
            assert!(style.contains(&format!("[data-i*={letter}]")), "{letter}");
        }
        assert_eq!(filled(0b101), 3);
        assert_eq!(letters([0, 1, 2, 3, 7], 4), "AJSdp4");
    }
}
