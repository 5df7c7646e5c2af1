//! Where a body that is sent in chunks ends (RFC 9112, 7.1). The parser decides what is one: a body that it refuses has no end here.

/// What comes next of a body in chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chunks {
    /// The line with a chunk's size, of which so much is read; `told` when the digits are over.
    Size { size: u64, told: bool },
    /// So many bytes of a chunk.
    Data(u64),
    /// The end of the line behind a chunk.
    Behind,
    /// A line behind the last chunk; the body ends with the first that is empty.
    Last { empty: bool },
}

impl Default for Chunks {
    fn default() -> Self {
        Self::Size {
            size: 0,
            told: false,
        }
    }
}

impl Chunks {
    /// Takes the next bytes, and says behind which of them the body ends, if it does.
    pub fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            if let Self::Data(left) = *self {
                let here = bytes.len() - at;
                let taken = usize::try_from(left).map_or(here, |left| left.min(here));
                at += taken;
                *self = match left - taken as u64 {
                    0 => Self::Behind,
                    left => Self::Data(left),
                };
                continue;
            }
            at += 1;
            if *byte == b'\n' && *self == (Self::Last { empty: true }) {
                *self = Self::default();
                return Some(at);
            }
            *self = self.after(*byte);
        }
        None
    }

    fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Size { size: 0, .. }, b'\n') => Self::Last { empty: true },
            (Self::Size { size, .. }, b'\n') => Self::Data(size),
            (Self::Size { size, told }, _) => match char::from(byte).to_digit(16) {
                Some(digit) if !told => Self::Size {
                    size: size.saturating_mul(16).saturating_add(u64::from(digit)),
                    told,
                },
                _ => Self::Size { size, told: true },
            },
            (Self::Behind, b'\n') => Self::default(),
            (Self::Last { .. }, b'\n') => Self::Last { empty: true },
            (Self::Last { .. }, byte) if byte != b'\r' => Self::Last { empty: false },
            (same, _) => same,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_ends_behind_its_last_line_wherever_its_pieces_are_parted() {
        for body in [
            &b"0\r\n\r\n"[..],
            b"5\r\nhello\r\n0\r\n\r\n",
            b"6\r\n\r\n\r\nab\r\n1a;x=0\r\nabcdefghijklmnopqrstuvwxyz\r\n000\r\n\r\n",
            b"A\n0\r\n\r\n0\r\n\r\n\r\n0;last\r\nx-one: 1\r\nx-two: 2\r\n\r\n",
        ] {
            let bytes = [body, b"GET / HTTP/1.1\r\n\r\n"].concat();
            for parted in 0..body.len() {
                let mut chunks = Chunks::default();
                let (before, after) = bytes.split_at(parted);
                assert_eq!(chunks.end(before), None, "{parted}");
                assert_eq!(chunks.end(after), Some(body.len() - parted), "{parted}");
                assert_eq!(chunks, Chunks::default());
            }
        }
    }

    #[test]
    fn a_chunk_of_any_size_is_no_end() {
        let mut chunks = Chunks::default();
        assert_eq!(chunks.end(b"ffffffffffffffffffff\r\n0\r\n\r\n"), None);
        assert!(matches!(chunks, Chunks::Data(_)));
    }
}
