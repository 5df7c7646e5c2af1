//! The small mirrored pictures beside names. Decoration: they say who is who only on one page, and come from ids alone.

use crate::store::comments::Comment;

/// Bytes of a path: a page carries one for each of up to 300 comments.
const LONGEST: usize = 50;

/// A picture: its hue is a class of the style sheet, its path fills a 5 × 5 view box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identicon {
    pub hue: u8,
    pub path: String,
}

impl Identicon {
    /// Of the author where one is known, so that it stays the same from comment to comment; never of name or e-mail.
    pub fn of(comment: &Comment) -> Self {
        let seed = match comment.author_id {
            Some(author) => mix(author.cast_unsigned() ^ (1 << 63)),
            None => mix(comment.id.cast_unsigned()),
        };
        Self {
            hue: (seed >> 61) as u8,
            path: path(seed),
        }
    }
}

/// The filled squares as one SVG path: 5 × 5, mirrored left to right, never nearly empty or nearly full.
pub fn path(seed: u64) -> String {
    let mut state = seed;
    loop {
        state = mix(state);
        let cells = Cells::of(state);
        if (7..=18).contains(&cells.filled()) {
            let path = cells.path();
            if path.len() <= LONGEST {
                return path;
            }
        }
    }
}

/// One step of SplitMix64 (Steele, Lea, Flood 2014): near seeds give unlike pictures.
fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// 25 squares, bit `5 * row + column`.
struct Cells(u32);

impl Cells {
    fn of(state: u64) -> Self {
        let mut cells = 0;
        for at in 0..15 {
            if state >> at & 1 == 1 {
                let (row, column) = (at / 3, at % 3);
                cells |= 1 << (5 * row + column) | 1 << (5 * row + 4 - column);
            }
        }
        Self(cells)
    }

    fn filled(&self) -> u32 {
        self.0.count_ones()
    }

    /// Whether all squares of a rectangle are filled.
    fn full(&self, (x, y): (u32, u32), width: u32, height: u32) -> bool {
        let mask = rectangle((x, y), width, height);
        self.0 & mask == mask
    }

    /// Rectangles that together cover the filled squares, as wide and then as high as they go. A fill closes each by itself.
    fn path(&self) -> String {
        let mut path = String::with_capacity(LONGEST);
        let mut drawn = 0;
        for (y, x) in (0..5).flat_map(|y| (0..5).map(move |x| (y, x))) {
            let at = (x, y);
            if !self.full(at, 1, 1) || drawn & rectangle(at, 1, 1) != 0 {
                continue;
            }
            let fits_wide = |width: &u32| self.full(at, *width, 1);
            let width = (1..=5 - x).take_while(fits_wide).last().unwrap_or(1);
            let fits_high = |height: &u32| self.full(at, width, *height);
            let height = (1..=5 - y).take_while(fits_high).last().unwrap_or(1);
            drawn |= rectangle(at, width, height);
            path.push_str(&format!("M{x} {y}h{width}v{height}H{x}"));
        }
        path
    }
}

fn rectangle((x, y): (u32, u32), width: u32, height: u32) -> u32 {
    let row = ((1 << width) - 1) << x;
    (y..y + height).fold(0, |mask, row_at| mask | row << (5 * row_at))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::views::fixtures::comment;

    #[test]
    fn a_picture_is_bounded_and_near_seeds_differ() {
        let pictures: HashSet<String> = (0..1000).map(path).collect();
        assert!(pictures.len() > 500, "{} of 1000", pictures.len());
        for picture in pictures {
            assert!(
                picture.starts_with('M') && picture.len() <= LONGEST,
                "{picture}"
            );
        }
    }

    #[test]
    fn one_author_has_one_picture_and_a_name_has_none() {
        let mut first = comment(1);
        let mut second = comment(2);
        first.author_id = Some(9);
        second.author_id = Some(9);
        second.name = "Another name".into();
        assert_eq!(Identicon::of(&first), Identicon::of(&second));
        second.author_id = None;
        assert_ne!(Identicon::of(&first).path, Identicon::of(&second).path);
    }

    #[test]
    fn an_author_and_a_comment_of_the_same_number_are_not_taken_for_one() {
        let mut by_author = comment(7);
        by_author.author_id = Some(7);
        assert_ne!(Identicon::of(&by_author), Identicon::of(&comment(7)));
    }

    #[test]
    fn rectangles_cover_exactly_the_filled_squares() {
        let cells = Cells(0b11111_10001_10101_10001_11111);
        assert_eq!(
            cells.path(),
            "M0 0h5v1H0M0 1h1v4H0M4 1h1v4H4M2 2h1v1H2M1 4h4v1H1"
        );
    }
}
