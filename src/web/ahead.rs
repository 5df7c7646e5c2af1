//! What is read before the parser gets it. The parser gets no byte of what comes behind a head or a body, since that may be very many
//! requests, which it would answer all at once. It begins anew with each piece of a head, so that a long one is handed on in large
//! pieces.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use memchr::memchr_iter;
use tokio::io::{AsyncRead, ReadBuf};

use super::chunks::Chunks;

/// Bytes that are read at a time.
pub const PIECE: usize = 32 * 1_024;

/// What the next bytes belong to.
pub enum Part<'a> {
    /// A head, which ends behind an empty line.
    Head,
    /// A body of a known length: no more than that is asked for.
    Body,
    /// A body in chunks.
    Chunks(&'a mut Chunks),
}

/// Bytes that wait for the parser.
#[derive(Debug, Default)]
pub struct Ahead {
    bytes: Vec<u8>,
    /// How many of them it has.
    given: usize,
    /// The last two bytes that it was given.
    last: [u8; 2],
}

impl Ahead {
    pub fn is_empty(&self) -> bool {
        self.bytes.len() == self.given
    }

    /// What comes is the beginning of a head.
    pub fn forget(&mut self) {
        self.last = [0; 2];
    }

    /// Keeps these bytes for the parser.
    pub fn keep(&mut self, bytes: &[u8]) {
        (self.bytes, self.given) = (bytes.to_vec(), 0);
    }

    /// These bytes are on their way to the parser: what comes behind the end of their part is kept back. Whether it ended there.
    pub fn keep_behind(&mut self, some: &mut ReadBuf<'_>, part: Part<'_>) -> bool {
        let bytes = some.filled();
        let Some(end) = self.end(part, bytes) else {
            return false;
        };
        if let Some(behind) = bytes.get(end..).filter(|behind| !behind.is_empty()) {
            self.keep(behind);
            some.set_filled(end);
        }
        true
    }

    /// Reads a piece from the socket; the number of its bytes, none at the end.
    pub fn poll_fill<S: AsyncRead + Unpin>(
        &mut self,
        socket: &mut S,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<usize>> {
        let mut bytes = vec![0; PIECE];
        let mut piece = ReadBuf::new(&mut bytes);
        ready!(Pin::new(socket).poll_read(context, &mut piece))?;
        let count = piece.filled().len();
        bytes.truncate(count);
        (self.bytes, self.given) = (bytes, 0);
        Poll::Ready(Ok(count))
    }

    /// Gives as many bytes as there is room for, and none behind the end of their part. How many, and whether it ended there.
    pub fn give(&mut self, room: &mut ReadBuf<'_>, part: Part<'_>) -> (usize, bool) {
        let bytes = std::mem::take(&mut self.bytes);
        let waiting = bytes.get(self.given..).unwrap_or_default();
        let some = waiting.get(..room.remaining()).unwrap_or(waiting);
        let end = self.end(part, some);
        let some = some.get(..end.unwrap_or(some.len())).unwrap_or(some);
        room.put_slice(some);
        let count = some.len();
        self.given += count;
        match self.given < bytes.len() {
            true => self.bytes = bytes,
            false => self.given = 0,
        }
        (count, end.is_some())
    }

    /// Where the part ends to which these bytes, which come next, belong.
    fn end(&mut self, part: Part<'_>, bytes: &[u8]) -> Option<usize> {
        match part {
            Part::Head => {
                let end = end_of_head(self.last, bytes);
                match end {
                    Some(_) => self.forget(),
                    None => self.last = latest(self.last, bytes),
                }
                end
            }
            Part::Body => None,
            Part::Chunks(chunks) => chunks.end(bytes),
        }
    }
}

/// The last two bytes after these came behind those two.
fn latest(last: [u8; 2], bytes: &[u8]) -> [u8; 2] {
    match (bytes, last) {
        ([.., one, other], _) => [*one, *other],
        ([one], [_, before]) => [before, *one],
        ([], last) => last,
    }
}

/// Where a head ends in these bytes, which follow those two: behind an empty line (RFC 9112, 2.1; a bare line feed counts, as it does
/// to the parser).
fn end_of_head(last: [u8; 2], bytes: &[u8]) -> Option<usize> {
    let mut feeds = memchr_iter(b'\n', bytes);
    let end = feeds.find(|feed| {
        let before = latest(last, bytes.get(..*feed).unwrap_or_default());
        matches!(before, [_, b'\n'] | [b'\n', b'\r'])
    });
    end.map(|feed| feed + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_ends_behind_its_empty_line_wherever_its_pieces_are_parted() {
        let whole = b"GET / HTTP/1.1\r\nhost: a\r\nx-long: b\r\n\r\nGET /next HTTP/1.1\r\n\r\n";
        let end = 38;
        assert_eq!(&whole[end - 4..end], b"\r\n\r\n");
        for parted in 2..end {
            let (before, after) = whole.split_at(parted);
            let last = [before[parted - 2], before[parted - 1]];
            assert_eq!(end_of_head(last, after), Some(end - parted), "{parted}");
        }
        assert_eq!(end_of_head(*b"aa", b"b\n\nc"), Some(3));
        assert_eq!(end_of_head(*b"aa", b"b\r\nc\r\nd\n"), None);
        assert_eq!(end_of_head(*b"\r\n", b"c\r\n\r"), None);
    }

    #[tokio::test]
    async fn nothing_behind_the_head_is_given_before_it_is_asked_for() {
        let mut ahead = Ahead::default();
        let mut room = [0; 100];
        let mut given = ReadBuf::new(&mut room);
        given.put_slice(b"x-long: b");
        assert!(!ahead.keep_behind(&mut given, Part::Head));
        let mut socket: &[u8] = b"bb\r\n\r\nGET /next";
        let filled = std::future::poll_fn(|context| ahead.poll_fill(&mut socket, context)).await;
        assert_eq!(filled.unwrap(), 15);
        let mut room = [0; 100];
        let mut given = ReadBuf::new(&mut room[..3]);
        assert_eq!(ahead.give(&mut given, Part::Head), (3, false));
        let mut given = ReadBuf::new(&mut room);
        assert_eq!(ahead.give(&mut given, Part::Head), (3, true));
        assert_eq!(given.filled(), b"\n\r\n");
        assert!(!ahead.is_empty());
        let mut given = ReadBuf::new(&mut room);
        assert_eq!(ahead.give(&mut given, Part::Body), (9, false));
        assert!(ahead.is_empty());
    }

    #[test]
    fn what_comes_behind_a_short_head_is_kept_back() {
        let mut ahead = Ahead::default();
        let mut room = [0; 100];
        let mut given = ReadBuf::new(&mut room);
        given.put_slice(b"GET / HTTP/1.1\r\n\r\nGET /next HTTP/1.1\r\n\r\nGET");
        assert!(ahead.keep_behind(&mut given, Part::Head));
        assert_eq!(given.filled(), b"GET / HTTP/1.1\r\n\r\n");
        let mut given = ReadBuf::new(&mut room);
        assert_eq!(ahead.give(&mut given, Part::Head), (22, true));
        assert_eq!(ahead.give(&mut given, Part::Head), (3, false));
        assert!(ahead.is_empty());
    }
}
