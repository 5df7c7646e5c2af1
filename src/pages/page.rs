//! A rendered answer as bytes, with its ETag, and compressed once for everybody.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

/// Brotli's quality, of 11: what is above costs several times the processor for a few bytes in a hundred.
const BROTLI_QUALITY: u32 = 5;
/// Brotli's window, as a power of two of bytes: a whole page, and no more, since it takes memory of some times its size.
const BROTLI_WINDOW: std::ops::RangeInclusive<u32> = 16..=20;

/// How a body is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Identity,
    Gzip,
    Brotli,
}

impl Encoding {
    /// What a client likes best of what we have, by its `Accept-Encoding` (RFC 9110, 12.5.3). At equal likes the smaller one
    /// wins.
    pub fn accepted(header: &str) -> Self {
        let mut best = (Self::Identity, 0);
        let mut rest = (0, false);
        let mut named = [false; 2];
        for part in header.split(',') {
            let (name, weight) = weighed(part);
            match name {
                "br" => {
                    named[0] = true;
                    best = better(best, (Self::Brotli, weight));
                }
                "gzip" | "x-gzip" => {
                    named[1] = true;
                    best = better(best, (Self::Gzip, weight));
                }
                "identity" => best = better(best, (Self::Identity, weight)),
                "*" => rest = (weight, true),
                _ => {}
            }
        }
        if let (weight, true) = rest {
            for (named, encoding) in named.into_iter().zip([Self::Brotli, Self::Gzip]) {
                if !named {
                    best = better(best, (encoding, weight));
                }
            }
        }
        best.0
    }

    /// Its name in `Content-Encoding`; `None` for bytes as they are.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }
}

fn better(one: (Encoding, u32), other: (Encoding, u32)) -> (Encoding, u32) {
    let rank = |encoding| match encoding {
        Encoding::Identity => 0,
        Encoding::Gzip => 1,
        Encoding::Brotli => 2,
    };
    let wins = other.1 > 0 && (other.1, rank(other.0)) > (one.1, rank(one.0));
    if wins { other } else { one }
}

/// `gzip;q=0.5` is `("gzip", 500)`.
fn weighed(part: &str) -> (&str, u32) {
    let (name, parameter) = part.split_once(';').unwrap_or((part, ""));
    let weight = match parameter.trim().strip_prefix("q=") {
        None => 1_000,
        Some(number) => number
            .trim()
            .parse::<f32>()
            .map_or(0, |q| (q.clamp(0.0, 1.0) * 1_000.0) as u32),
    };
    (name.trim(), weight)
}

/// An answer that is the same for everybody.
#[derive(Debug)]
pub struct Page {
    /// Its `Content-Type`.
    pub kind: &'static str,
    /// Whether the page runs a script of ours.
    pub scripted: bool,
    /// Whether its address stands for these bytes for ever.
    pub forever: bool,
    /// Headers that this answer alone has.
    pub extra: Vec<(&'static str, Bytes)>,
    /// Where a reading of it is counted.
    pub views: Option<Arc<AtomicI64>>,
    /// Weak, because it is one for all encodings: `W/"…"`.
    pub etag: Bytes,
    whole: Bytes,
    gzip: OnceCell<Bytes>,
    brotli: OnceCell<Bytes>,
}

type Squeeze = fn(&[u8]) -> std::io::Result<Vec<u8>>;

impl Page {
    pub fn new(kind: &'static str, body: Bytes) -> Self {
        let whole = exactly(&body);
        let digest = Sha256::digest(&whole);
        let mut etag = String::from("W/\"");
        for byte in digest.iter().take(12) {
            for half in [byte >> 4, byte & 15] {
                etag.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
            }
        }
        etag.push('"');
        Self {
            kind,
            scripted: false,
            forever: false,
            extra: Vec::new(),
            views: None,
            etag: Bytes::from(etag),
            whole,
            gzip: OnceCell::new(),
            brotli: OnceCell::new(),
        }
    }

    /// The page runs a script of ours.
    pub fn scripted(self) -> Self {
        Self {
            scripted: true,
            ..self
        }
    }

    /// Its address stands for these bytes for ever.
    pub fn forever(self) -> Self {
        Self {
            forever: true,
            ..self
        }
    }

    /// Readings of it are counted there.
    pub fn counted(self, views: Arc<AtomicI64>) -> Self {
        Self {
            views: Some(views),
            ..self
        }
    }

    /// It has a header that others have not.
    pub fn with(mut self, name: &'static str, value: impl Into<Bytes>) -> Self {
        self.extra.push((name, value.into()));
        self
    }

    /// Whether a client that sent this `If-None-Match` has the page already.
    pub fn is_known(&self, if_none_match: &str) -> bool {
        let own = opaque(&self.etag);
        if_none_match
            .split(',')
            .map(str::trim)
            .any(|tag| tag == "*" || opaque(tag.as_bytes()) == own)
    }

    /// The body, if it has been made like this before.
    pub fn made(&self, encoding: Encoding) -> Option<Bytes> {
        match encoding {
            Encoding::Identity => Some(self.whole.clone()),
            Encoding::Gzip => self.gzip.get().cloned(),
            Encoding::Brotli => self.brotli.get().cloned(),
        }
    }

    /// The body and how it is sent; compressed on the blocking pool the first time that somebody wants it so.
    pub async fn body(&self, encoding: Encoding) -> (Encoding, Bytes) {
        let (cell, squeeze): (_, Squeeze) = match encoding {
            Encoding::Identity => return (encoding, self.whole.clone()),
            Encoding::Gzip => (&self.gzip, gzipped),
            Encoding::Brotli => (&self.brotli, brotlied),
        };
        let whole = self.whole.clone();
        let make = || async move {
            let work = tokio::task::spawn_blocking(move || squeeze(&whole));
            let made = work.await.map_err(std::io::Error::other).flatten();
            made.map(|made| exactly(&made))
        };
        match cell.get_or_try_init(make).await {
            Ok(body) => (encoding, body.clone()),
            Err(error) => {
                tracing::error!(%error, "a page could not be compressed");
                (Encoding::Identity, self.whole.clone())
            }
        }
    }

    /// Bytes it takes in memory, with what its compressed forms will take (a fifth each is usual for pages), and as much again for
    /// the gaps that pages of other sizes leave behind.
    pub fn weight(&self) -> usize {
        const FRAME: usize = 512;
        FRAME + 2 * self.whole.len()
    }
}

/// In as much memory as they need: what grew as it was written has up to as much again. And in a place of their own: where they were
/// made, much that is gone by now stood around them, and they would keep all of that from being given back.
fn exactly(bytes: &[u8]) -> Bytes {
    Bytes::copy_from_slice(bytes)
}

/// A tag without the mark of weakness, which does not count here (RFC 9110, 13.1.2).
fn opaque(tag: &[u8]) -> &[u8] {
    tag.strip_prefix(b"W/").unwrap_or(tag)
}

fn gzipped(whole: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(whole)?;
    gzip.finish()
}

fn brotlied(whole: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut made = Vec::new();
    let window = whole.len().next_power_of_two().trailing_zeros();
    let window = window.clamp(*BROTLI_WINDOW.start(), *BROTLI_WINDOW.end());
    let mut brotli = brotli::CompressorWriter::new(&mut made, 4_096, BROTLI_QUALITY, window);
    brotli.write_all(whole)?;
    // What is left is written when the writer goes.
    drop(brotli);
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_encoding_that_a_client_likes_is_sent() {
        for (header, encoding) in [
            ("", Encoding::Identity),
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip, deflate", Encoding::Gzip),
            ("br;q=0.2, gzip;q=0.8", Encoding::Gzip),
            ("br;q=0, gzip;q=0", Encoding::Identity),
            ("*", Encoding::Brotli),
            ("br;q=0, *", Encoding::Gzip),
            ("br;q=0, gzip;q=0, *", Encoding::Identity),
            ("*;q=0", Encoding::Identity),
            ("identity", Encoding::Identity),
            ("br;q=0.1, identity;q=1", Encoding::Identity),
            ("br;q=1, identity;q=1", Encoding::Brotli),
            ("identity;q=0.5, gzip;q=0.6", Encoding::Gzip),
            ("br;q=nonsense", Encoding::Identity),
            ("x-gzip", Encoding::Gzip),
        ] {
            assert_eq!(Encoding::accepted(header), encoding, "{header}");
        }
    }

    #[test]
    fn a_client_that_names_the_tag_has_the_page() {
        let page = Page::new("text/html", Bytes::from_static(b"<p>Hello</p>"));
        let tag = String::from_utf8(page.etag.to_vec()).unwrap();
        let strong = tag.trim_start_matches("W/").to_owned();
        assert!(page.is_known(&tag));
        assert!(page.is_known(&strong));
        assert!(page.is_known(&format!("\"other\", {tag}")));
        assert!(page.is_known("*"));
        assert!(!page.is_known("\"other\""));
        assert!(!page.is_known(""));
        let other = Page::new("text/html", Bytes::from_static(b"<p>Goodbye</p>"));
        assert!(!other.is_known(&tag));
    }

    #[tokio::test]
    async fn every_encoding_holds_the_same_bytes() {
        use std::io::Read;
        let text = "Comments wait here until somebody reads them. ".repeat(500);
        let page = Page::new("text/html", Bytes::from(text.clone()));
        assert!(page.made(Encoding::Brotli).is_none());
        let (_, brotli) = page.body(Encoding::Brotli).await;
        let (_, gzip) = page.body(Encoding::Gzip).await;
        assert!(brotli.len() < text.len() / 10 && gzip.len() < text.len() / 10);
        assert_eq!(page.made(Encoding::Brotli).unwrap(), brotli);
        let mut plain = String::new();
        brotli::Decompressor::new(&brotli[..], 4_096)
            .read_to_string(&mut plain)
            .unwrap();
        assert_eq!(plain, text);
        plain.clear();
        flate2::read::GzDecoder::new(&gzip[..])
            .read_to_string(&mut plain)
            .unwrap();
        assert_eq!(plain, text);
    }
}
