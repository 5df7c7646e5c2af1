//! The load generator: one thread, one request in flight on each of its keep-alive connections. It looks at no more of an
//! answer than its status and its length, since it shares the machine with the servers that it drives.

use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use super::answer::Reading;

/// How a server is driven for one round.
#[derive(Debug, Clone, Copy)]
pub struct Wave {
    /// Connections.
    pub clients: usize,
    pub length: Duration,
    /// What every answer must have one of.
    pub statuses: &'static [u16],
}

/// What a round came to.
#[derive(Debug, Clone, Copy)]
pub struct Round {
    pub per_second: f64,
    /// Microseconds.
    pub p50: f64,
    pub p99: f64,
    /// Microseconds of the server's time on the processors, for each request.
    pub cpu: f64,
}

impl Round {
    /// From the times that requests took, in nanoseconds.
    pub fn of(mut times: Vec<u64>, seconds: f64, cpu: Duration) -> Self {
        times.sort_unstable();
        let count = times.len().max(1) as f64;
        Self {
            per_second: times.len() as f64 / seconds,
            p50: percentile(&times, 50) / 1e3,
            p99: percentile(&times, 99) / 1e3,
            cpu: cpu.as_secs_f64() * 1e6 / count,
        }
    }
}

/// Of sorted times; 0 for none.
pub fn percentile(sorted: &[u64], percent: usize) -> f64 {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or(0.0, |time| *time as f64)
}

/// A server that answers nothing for so long has failed. A disk that others write to may keep a commit waiting for half a minute.
const PATIENCE: Duration = Duration::from_secs(300);
/// Larger than any page.
const PIECE: usize = 256 * 1024;

/// Writes the next request of a connection, knowing the last answer on it (of status 0 at first).
pub type Next<'a> = &'a mut dyn FnMut(&Reading, &mut Vec<u8>);

struct Connection {
    stream: TcpStream,
    reading: Reading,
    sent: Instant,
}

/// Drives a server. Each connection begins with a request of its own; what is in flight at the end is waited for. `cpu` reads
/// the time that the server has spent on the processors so far.
pub fn drive(address: SocketAddr, wave: Wave, cpu: impl Fn() -> Duration, next: Next) -> Round {
    let mut poll = Poll::new().unwrap();
    let mut connections: Vec<Connection> = (0..wave.clients)
        .map(|number| {
            let stream = std::net::TcpStream::connect(address).unwrap();
            stream.set_nodelay(true).unwrap();
            stream.set_nonblocking(true).unwrap();
            let mut stream = TcpStream::from_std(stream);
            poll.registry()
                .register(&mut stream, Token(number), Interest::READABLE)
                .unwrap();
            Connection {
                stream,
                reading: Reading::new(false),
                sent: Instant::now(),
            }
        })
        .collect();
    let mut request = Vec::new();
    let mut piece = vec![0; PIECE];
    let mut times = Vec::with_capacity(1 << 16);
    let mut events = Events::with_capacity(1024);
    let spent = cpu();
    let begun = Instant::now();
    let mut in_flight = 0;
    for connection in &mut connections {
        request.clear();
        next(&connection.reading, &mut request);
        connection.send(&request);
        in_flight += 1;
    }
    while in_flight > 0 {
        poll.poll(&mut events, Some(PATIENCE)).unwrap();
        assert!(
            !events.is_empty(),
            "{in_flight} requests were not answered within {PATIENCE:?}; {} were",
            times.len()
        );
        for event in &events {
            let number = event.token().0;
            let connection = &mut connections[number];
            if !connection.receive(&mut piece) {
                continue;
            }
            let reading = &connection.reading;
            assert!(
                wave.statuses.contains(&reading.status),
                "{}",
                reading.head()
            );
            let now = Instant::now();
            times.push(u64::try_from((now - connection.sent).as_nanos()).unwrap_or(u64::MAX));
            if now - begun < wave.length {
                request.clear();
                next(reading, &mut request);
                connection.send(&request);
            } else {
                in_flight -= 1;
            }
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    Round::of(times, seconds, cpu().saturating_sub(spent))
}

impl Connection {
    fn send(&mut self, request: &[u8]) {
        self.reading.forget();
        self.sent = Instant::now();
        // A request is small, and the one before has been answered: there is room for it.
        self.stream.write_all(request).unwrap();
    }

    /// Reads what is there; whether the answer is complete.
    fn receive(&mut self, piece: &mut [u8]) -> bool {
        loop {
            match self.stream.read(piece) {
                Ok(0) => panic!("the server hung up: {}", self.reading.head()),
                Ok(length) => {
                    if self.reading.feed(&piece[..length]) {
                        return true;
                    }
                    // Whatever comes later comes with an event of its own.
                    if length < piece.len() {
                        return false;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return false,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
}
