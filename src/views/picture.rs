//! A QR code as the outline of an SVG path: no inline style, no image from anywhere.

use qrcodegen::{QrCode, QrCodeEcc};

/// Modules of light ground around the code, without which scanners do not find it.
const QUIET: i32 = 4;

/// A picture to scan.
pub(super) struct QrPicture {
    /// Modules of its width and height, the quiet zone included.
    pub side: i32,
    /// The outline of the dark modules.
    pub path: String,
}

impl QrPicture {
    /// `None` when the text is too long for any code.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        let size = code.size();
        let mut path = String::new();
        for y in 0..size {
            let mut x = 0;
            while x < size {
                let start = x;
                while code.get_module(x, y) {
                    x += 1;
                }
                if x > start {
                    let (left, top, run) = (start + QUIET, y + QUIET, x - start);
                    path.push_str(&format!("M{left} {top}h{run}v1h-{run}z"));
                }
                x += 1;
            }
        }
        Some(Self {
            side: size + 2 * QUIET,
            path,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outline_covers_exactly_the_dark_modules() {
        let text =
            "otpauth://totp/Ledger:Dana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Ledger";
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).unwrap();
        let picture = QrPicture::of(text).unwrap();
        assert_eq!(picture.side, code.size() + 8);
        let mut drawn = std::collections::BTreeSet::new();
        for run in picture.path.split('M').skip(1) {
            let mut numbers = run.split(|c: char| !c.is_ascii_digit());
            let mut next = || numbers.next().unwrap().parse::<i32>().unwrap();
            let (left, top, width) = (next(), next(), next());
            drawn.extend((left..left + width).map(|x| (x - 4, top - 4)));
        }
        let all = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        let dark: std::collections::BTreeSet<_> =
            all.filter(|(x, y)| code.get_module(*x, *y)).collect();
        assert_eq!(drawn, dark);
        assert!(QrPicture::of(&"x".repeat(3_000)).is_none());
    }
}
