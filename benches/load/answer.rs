//! Answers as they come over a connection: read piece by piece, counted, and kept only where somebody wants to look at them.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What follows the head of an answer.
enum Left {
    Head,
    /// So many bytes of a body.
    Bytes(usize),
    /// The length of the next chunk, as far as it has been read.
    ChunkLength(usize),
    /// So many bytes of a chunk, with its line end.
    Chunk(usize),
    /// So many bytes of the line end after the last chunk.
    End(usize),
}

/// One answer after the other, on one connection.
pub struct Reading {
    head: Vec<u8>,
    left: Left,
    /// Of the answer that was read last.
    pub status: u16,
    /// Bytes of its body; what they were, where `keeping`.
    pub length: usize,
    pub body: Vec<u8>,
    keeping: bool,
}

impl Reading {
    pub fn new(keeping: bool) -> Self {
        Self {
            head: Vec::new(),
            left: Left::Head,
            status: 0,
            length: 0,
            body: Vec::new(),
            keeping,
        }
    }

    /// Reads on; whether the answer is complete.
    pub fn feed(&mut self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            match &mut self.left {
                Left::Head => {
                    let before = self.head.len();
                    self.head.extend_from_slice(bytes);
                    let from = before.saturating_sub(3);
                    let Some(end) = self.head[from..].windows(4).position(|w| w == b"\r\n\r\n")
                    else {
                        return false;
                    };
                    let end = from + end + 4;
                    bytes = &bytes[end - before..];
                    self.head.truncate(end);
                    self.begin();
                }
                Left::Bytes(left) => {
                    let here = bytes.len().min(*left);
                    *left -= here;
                    self.take(&bytes[..here]);
                    bytes = &bytes[here..];
                }
                Left::ChunkLength(length) => {
                    let byte = bytes[0];
                    bytes = &bytes[1..];
                    if let Some(digit) = char::from(byte).to_digit(16) {
                        *length = *length * 16 + digit as usize;
                    } else if byte == b'\n' {
                        self.left = match *length {
                            0 => Left::End(2),
                            length => Left::Chunk(length + 2),
                        };
                    }
                }
                Left::Chunk(left) => {
                    let here = bytes.len().min(*left);
                    let text = here.min(left.saturating_sub(2));
                    *left -= here;
                    if *left == 0 {
                        self.left = Left::ChunkLength(0);
                    }
                    self.take(&bytes[..text]);
                    bytes = &bytes[here..];
                }
                Left::End(left) => {
                    let here = bytes.len().min(*left);
                    *left -= here;
                    bytes = &bytes[here..];
                }
            }
            if matches!(self.left, Left::Bytes(0) | Left::End(0)) {
                assert!(bytes.is_empty(), "more came than one answer");
                self.left = Left::Head;
                return true;
            }
        }
        false
    }

    fn take(&mut self, bytes: &[u8]) {
        self.length += bytes.len();
        if self.keeping {
            self.body.extend_from_slice(bytes);
        }
    }

    /// The head is there.
    fn begin(&mut self) {
        self.status = std::str::from_utf8(&self.head[9..12])
            .ok()
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(0);
        self.length = 0;
        self.left = match self.status {
            304 | 204 => Left::Bytes(0),
            _ => match self.number("content-length") {
                Some(length) => Left::Bytes(length),
                None => Left::ChunkLength(0),
            },
        };
    }

    fn number(&self, name: &str) -> Option<usize> {
        self.head.split(|byte| *byte == b'\n').find_map(|line| {
            let value = line.get(name.len() + 1..)?;
            if !line[..name.len()].eq_ignore_ascii_case(name.as_bytes()) {
                return None;
            }
            std::str::from_utf8(value).ok()?.trim().parse().ok()
        })
    }

    /// Makes room for the next answer.
    pub fn forget(&mut self) {
        self.head.clear();
        self.body.clear();
    }

    /// The head of the answer, for messages.
    pub fn head(&self) -> String {
        String::from_utf8_lossy(&self.head).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let mut headers = self.headers().into_iter();
        headers
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    fn headers(&self) -> Vec<(String, String)> {
        let head = self.head();
        head.lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect()
    }
}

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A connection that asks, waits, and looks at what it gets.
pub struct Patient(TcpStream, Reading);

impl Patient {
    pub fn connect(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(300)))?;
        Ok(Self(stream, Reading::new(true)))
    }

    pub fn ask(&mut self, request: &[u8]) -> std::io::Result<Answer> {
        let Self(stream, reading) = self;
        stream.write_all(request)?;
        let mut piece = vec![0; 64 * 1024];
        reading.forget();
        loop {
            let length = stream.read(&mut piece)?;
            if length == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if reading.feed(&piece[..length]) {
                break;
            }
        }
        Ok(Answer {
            status: reading.status,
            headers: reading.headers(),
            body: std::mem::take(&mut reading.body),
        })
    }
}
