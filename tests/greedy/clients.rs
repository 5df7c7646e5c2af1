//! Clients that nobody wants: idle, slow, and without end.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// How long a test waits for anything.
pub const PATIENCE: Duration = Duration::from_secs(180);

pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Connects, and asks once for a small page, so that the connection is one of those that are kept.
pub fn idle(address: SocketAddr) -> TcpStream {
    let mut stream = connect(address);
    ask(&mut stream);
    stream
}

fn ask(stream: &mut TcpStream) {
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n")
        .unwrap();
    let mut heard = Vec::new();
    while !heard.windows(4).any(|four| four == b"\r\n\r\n") {
        let mut some = [0; 1_024];
        let count = stream.read(&mut some).unwrap();
        assert_ne!(
            count,
            0,
            "closed after {:?}",
            String::from_utf8_lossy(&heard)
        );
        heard.extend_from_slice(&some[..count]);
    }
    assert!(
        heard.starts_with(b"HTTP/1.1 200"),
        "{:?}",
        String::from_utf8_lossy(&heard)
    );
}

/// Somebody who sends a byte now and then.
pub struct Slow {
    stream: TcpStream,
    begun: Instant,
    heard: Vec<u8>,
}

/// How the server took leave of a slow client.
pub struct Leave {
    pub after: Duration,
    pub answer: String,
}

impl Slow {
    /// Sends `first` at once.
    pub fn start(mut stream: TcpStream, first: &[u8]) -> Self {
        stream.write_all(first).unwrap();
        stream.set_nonblocking(true).unwrap();
        Self {
            stream,
            begun: Instant::now(),
            heard: Vec::new(),
        }
    }

    /// Sends one byte more, and hears what there is. The server's leave, when it has taken it.
    fn drip(&mut self) -> Option<Leave> {
        // When this fails the reading says why.
        drop(self.stream.write(b"a"));
        let mut some = [0; 4_096];
        loop {
            match self.stream.read(&mut some) {
                Ok(0) => break,
                Ok(count) => self.heard.extend_from_slice(&some[..count]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return None,
                Err(_) => break,
            }
        }
        Some(Leave {
            after: self.begun.elapsed(),
            answer: String::from_utf8_lossy(&self.heard).into_owned(),
        })
    }
}

/// Drips until the server has taken leave of every one.
pub fn drip(mut slow: Vec<Slow>) -> Vec<Leave> {
    let begun = Instant::now();
    let mut leaves = Vec::new();
    while !slow.is_empty() {
        assert!(begun.elapsed() < PATIENCE, "{} are still there", slow.len());
        leaves.extend(drip_once(&mut slow));
    }
    leaves
}

/// One drop from each, and the second that passes before the next: that is what they are slow by. Those of whom the server
/// has taken leave.
pub fn drip_once(slow: &mut Vec<Slow>) -> Vec<Leave> {
    let mut leaves = Vec::new();
    slow.retain_mut(|one| match one.drip() {
        None => true,
        Some(leave) => {
            leaves.push(leave);
            false
        }
    });
    std::thread::sleep(Duration::from_secs(1));
    leaves
}

/// What became of a body without end.
pub struct Upload {
    pub answer: String,
    /// Bytes of the body until the server took no more.
    pub taken: usize,
}

/// Sends a head and begins a body; waits for the answer, then goes on until the connection breaks or `most` bytes are sent.
pub fn upload(address: SocketAddr, head: &str, chunked: bool, most: usize) -> Upload {
    let mut stream = connect(address);
    stream.write_all(head.as_bytes()).unwrap();
    let mut piece = vec![b'a'; 65_536];
    if chunked {
        piece.splice(0..0, *b"10000\r\n");
        piece.extend_from_slice(b"\r\n");
    }
    let mut taken = 0;
    let mut answer = Vec::new();
    stream
        .set_read_timeout(Some(Duration::from_millis(1)))
        .unwrap();
    while taken < most && stream.write_all(&piece).is_ok() {
        taken += piece.len();
        let mut some = [0; 16_384];
        if let Ok(count) = stream.read(&mut some) {
            answer.extend_from_slice(&some[..count]);
        }
    }
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // Reset in the middle: what was heard before is what counts.
    drop(stream.read_to_end(&mut answer));
    Upload {
        answer: String::from_utf8_lossy(&answer).into_owned(),
        taken,
    }
}

/// Sends all of it, as far as it is taken, and hears all that comes back.
pub fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = connect(address);
    let mut sending = stream.try_clone().unwrap();
    let mut heard = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(move || drop(sending.write_all(bytes)));
        drop(stream.read_to_end(&mut heard));
    });
    String::from_utf8_lossy(&heard).into_owned()
}

/// The status lines of answers that follow one another, each with a length.
pub fn statuses(answers: &str) -> Vec<(u16, String)> {
    let mut rest = answers;
    let mut found = Vec::new();
    while let Some((head, after)) = rest.split_once("\r\n\r\n") {
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.parse::<usize>().unwrap())
        });
        let (body, next) = after.split_at(length.unwrap());
        found.push((status, body.to_owned()));
        rest = next;
    }
    assert_eq!(rest, "");
    found
}
