//! Requests that are none: broken heads, bodies, escapes and letters. `REJOINDER_TEST_LONG=1` sends a hundred thousand.

use std::collections::BTreeMap;

use crate::support::{Database, Engine, on_each_engine};

use super::newsroom::Newsroom;
use super::noise::{Dice, garbage};
use super::routes::{NOWHERE, Places, all};
use super::spawned::{Spawned, exchange, statuses};

/// Requests that every run sends.
const FEW: u64 = 3_000;
const MANY: u64 = 100_000;
/// Kilobytes by which the server's memory may grow meanwhile.
const GROWTH: u64 = 64 * 1024;
/// Requests before memory is looked at first: by then every pool and cache is there.
const WARM_UP: u64 = 1_500;
/// Answers by which every route has to show that its handler was reached.
const REACHED: usize = 2;

fn paths() -> Vec<String> {
    let there = Places { id: "1", ..NOWHERE };
    all().iter().map(|route| route.at(there)).collect()
}

/// What came of the requests.
#[derive(Default)]
struct Told {
    answered: usize,
    /// Answered by more than a word that this is no request.
    read: usize,
    statuses: BTreeMap<u16, usize>,
}

impl Told {
    fn with(mut self, other: Self) -> Self {
        self.answered += other.answered;
        self.read += other.read;
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
        self
    }
}

/// Sends so many from four clients at once, the ones of this seed: half of them are nearly what the pages of the newsroom send.
fn send(server: &Spawned, newsroom: &Newsroom, count: u64, seed: u64) -> Told {
    let paths = paths();
    let one = &|client: u64, number: u64, told: &mut Told| {
        let mut dice = Dice(seed ^ (client << 40) ^ number);
        let (route, request) = match dice.below(2) {
            0 => {
                let number = usize::try_from(number + client).unwrap();
                let (route, request) = newsroom.near_miss(&mut dice, number);
                (Some(route), request)
            }
            _ => (None, garbage(&mut dice, &paths)),
        };
        let answer = exchange(server.address, &request);
        let heard = statuses(&answer);
        for status in &heard {
            // A version that nobody speaks is a 400 of the parser's, a method that nobody knows a 405.
            let (said, sent) = (String::from_utf8_lossy(&answer), request.escape_ascii());
            assert!(*status < 500, "{client}/{number}: {sent} got {said}");
            *told.statuses.entry(*status).or_default() += 1;
        }
        if let (Some(route), Some(status)) = (route, heard.first()) {
            newsroom.note(route, *status, &answer);
        }
        told.answered += usize::from(!answer.is_empty());
        told.read += usize::from(heard.iter().any(|status| *status != 400));
    };
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|client| {
                scope.spawn(move || {
                    let mut told = Told::default();
                    (0..count / 4).for_each(|number| one(client, number, &mut told));
                    told
                })
            })
            .collect();
        let told = clients.into_iter().map(|client| client.join().unwrap());
        told.fold(Told::default(), Told::with)
    })
}

/// Requests that were nasty once, or look it: one a line, with `\r`, `\n`, `\0` and `\xNN`.
fn corpus() -> Vec<Vec<u8>> {
    let lines = include_str!("../../corpus/requests.txt").lines();
    lines
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(|line| {
            let mut bytes = Vec::new();
            let mut rest = line.as_bytes().iter();
            while let Some(byte) = rest.next() {
                let escape = if *byte == b'\\' { rest.next() } else { None };
                bytes.push(match escape {
                    None => *byte,
                    Some(b'r') => b'\r',
                    Some(b'n') => b'\n',
                    Some(b'0') => 0,
                    Some(b'x') => {
                        let digits = [*rest.next().unwrap(), *rest.next().unwrap()];
                        u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
                    }
                    Some(other) => *other,
                });
            }
            bytes
        })
        .collect()
}

#[test]
fn requests_that_are_none_are_no_fault_of_the_server_which_lives_and_keeps_its_size() {
    on_each_engine(|engine| {
        let (newsroom, database) = Newsroom::new(engine);
        let server = Spawned::over(database);
        let fresh = server.memory();
        for request in corpus() {
            let answer = exchange(server.address, &request);
            let wrong = statuses(&answer).into_iter().find(|status| *status >= 500);
            assert_eq!(wrong, None, "{}", request.escape_ascii());
        }
        send(&server, &newsroom, WARM_UP, 1);
        let before = server.memory();
        let count = match std::env::var_os("REJOINDER_TEST_LONG") {
            Some(_) => MANY,
            None => FEW,
        };
        let told = send(&server, &newsroom, count, 2);
        let after = server.memory();
        let (answered, read) = (told.answered, told.read);
        println!(
            "{count} sent, {answered} answered, {read} of them read; {fresh} kB when it had started, {before} kB after the corpus and \
             {WARM_UP} requests to warm it up, {after} kB in the end; {:?}",
            told.statuses
        );
        let all = usize::try_from(count).unwrap();
        assert!(answered > all / 3, "{answered} of {count}");
        // Garbage that no handler ever sees would prove little.
        assert!(read > all / 4, "{read} of {count}");
        let reached = newsroom.reached();
        println!("the handlers reached least: {:?}", &reached[..8]);
        let missed: Vec<_> = reached
            .iter()
            .filter(|(times, _)| *times < REACHED)
            .collect();
        assert!(missed.is_empty(), "{missed:?}");
        assert!(
            after < before + GROWTH,
            "{before} kB after the warm-up, {after} kB in the end"
        );
        let alive = exchange(
            server.address,
            b"GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        );
        assert_eq!(statuses(&alive), [200]);
    });
}

/// Whether two requests were read where one was sent: what a proxy in front would not have seen.
#[test]
fn a_request_whose_length_is_told_twice_is_read_by_nobody() {
    let server = Spawned::over(Database::new(Engine::Sqlite));
    let hidden = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    for head in [
        "Content-Length: 6\r\nContent-Length: 5",
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Transfer-Encoding: identity\r\nContent-Length: 4",
        "Content-Length: 0x4",
        "Content-Length: +4",
        "Content-Length: -4",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    ] {
        let request = format!(
            "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n{head}\r\n\r\n0\r\n\r\n{hidden}"
        );
        let answer = exchange(server.address, request.as_bytes());
        let told = statuses(&answer);
        assert!(
            !told.contains(&200),
            "{head}: {told:?} {}",
            String::from_utf8_lossy(&answer)
        );
    }
}
