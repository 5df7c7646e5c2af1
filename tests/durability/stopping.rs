//! A stop under load, seen from the wire: whoever had sent a whole request before the signal is answered.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use rejoinder::store::schema::comments;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::program::{PATIENCE, Program};
use crate::support::{Database, on_each_engine, rows};

const ROUNDS: usize = 4;
const CLIENTS: usize = 48;
/// Answers after which a round ends.
const ENOUGH: usize = 400;
/// How long a stop may take.
const STOP: Duration = Duration::from_secs(10);

/// A request that was sent whole.
struct Sent {
    /// What was posted, if anything was.
    body: Option<String>,
    at: Instant,
    /// `None` when the line ended first.
    status: Option<u16>,
}

/// A kept connection.
struct Line {
    stream: BufReader<TcpStream>,
    address: String,
}

impl Line {
    fn open(address: &str) -> Option<Self> {
        let stream = TcpStream::connect(address).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Some(Self {
            stream: BufReader::new(stream),
            address: address.to_owned(),
        })
    }

    /// Sends a request in one piece; `false` when the line is closed.
    fn send(&mut self, body: Option<&str>) -> bool {
        let host = &self.address;
        let request = match body {
            None => format!("GET /articles/ferry HTTP/1.1\r\nHost: {host}\r\n\r\n"),
            Some(body) => {
                let form = format!("name=Ama&do=send&body={body}");
                let length = form.len();
                format!(
                    "POST /articles/ferry/replies HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n\
                     Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
                )
            }
        };
        self.stream.get_mut().write_all(request.as_bytes()).is_ok()
    }

    /// The status of a whole answer, and whether the line is kept; `None` when it ended before that.
    fn answer(&mut self) -> Option<(u16, bool)> {
        let (mut status, mut length, mut kept) = (None, 0, true);
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim_end().to_ascii_lowercase();
            if status.is_none() {
                status = line.split(' ').nth(1).and_then(|word| word.parse().ok());
                continue;
            }
            match line.split_once(": ") {
                Some(("content-length", value)) => length = value.parse().unwrap(),
                Some(("connection", value)) => kept = value != "close",
                Some(("transfer-encoding", value)) => panic!("an answer is {value}"),
                Some(_) => {}
                None => break,
            }
        }
        let mut page = vec![0; length];
        self.stream.read_exact(&mut page).ok()?;
        Some((status?, kept))
    }
}

/// Asks without a pause over one line, and over a new one when that was closed in order, until none is to be had.
fn ask(address: &str, round: usize, client: usize, answered: &AtomicUsize) -> Vec<Sent> {
    let mut sent = Vec::new();
    let Some(mut line) = Line::open(address) else {
        return sent;
    };
    for n in 0.. {
        let body = (n % 3 > 0).then(|| format!("Round.{round}.client.{client}.reply.{n}"));
        if !line.send(body.as_deref()) {
            break;
        }
        let at = Instant::now();
        let answer = line.answer();
        sent.push(Sent {
            body,
            at,
            status: answer.map(|(status, _)| status),
        });
        let Some((_, kept)) = answer else { break };
        answered.fetch_add(1, Ordering::Relaxed);
        if !kept {
            match Line::open(address) {
                Some(open) => line = open,
                None => break,
            }
        }
    }
    sent
}

#[test]
fn whoever_sent_a_whole_request_before_a_stop_is_answered() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        rows::article(&mut database.connect(), "ferry");
        let (mut before, mut posted) = (0, Vec::new());
        for round in 0..ROUNDS {
            let mut program = Program::start(&database);
            let address = program.base.strip_prefix("http://").unwrap().to_owned();
            let (answered, all) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
            let signalled = std::thread::scope(|scope| {
                for client in 0..CLIENTS {
                    let (address, answered, all) = (&address, &answered, &all);
                    scope.spawn(move || {
                        let sent = ask(address, round, client, answered);
                        all.lock().unwrap().extend(sent);
                    });
                }
                let begun = Instant::now();
                while answered.load(Ordering::Relaxed) < ENOUGH {
                    assert!(begun.elapsed() < PATIENCE, "hardly anything is answered");
                    std::thread::yield_now();
                }
                let pid = Pid::from_raw(i32::try_from(program.id()).unwrap()).unwrap();
                let signalled = Instant::now();
                kill_process(pid, Signal::TERM).unwrap();
                assert_eq!(program.wait().code(), Some(0));
                assert!(signalled.elapsed() < STOP, "{:?}", signalled.elapsed());
                signalled
            });
            let all = all.into_inner().unwrap();
            let early: Vec<&Sent> = all.iter().filter(|sent| sent.at < signalled).collect();
            let lost = early.iter().filter(|sent| sent.status.is_none()).count();
            assert_eq!(lost, 0, "of {} sent before the signal", early.len());
            for sent in &all {
                let civil = [None, Some(200), Some(303), Some(503)].contains(&sent.status);
                assert!(civil, "{:?}", sent.status);
            }
            before += early.len();
            posted.extend(all.into_iter().filter(|sent| sent.body.is_some()));
        }
        let stored: Vec<String> = comments::table
            .select(comments::body)
            .load(&mut database.connect())
            .unwrap();
        let mut stored: std::collections::HashSet<String> = stored.into_iter().collect();
        for sent in &posted {
            let body = sent.body.as_deref().unwrap();
            let told = sent.status == Some(303);
            assert_eq!(stored.remove(body), told, "told {:?}: {body}", sent.status);
        }
        assert!(stored.is_empty(), "nobody sent {stored:?}");
        eprintln!("{engine:?}: {ROUNDS} stops, {before} requests sent before, all answered");
    });
}

/// Requests that are sent at once before a stop: more than are read at a time.
const AT_ONCE: usize = 400;

#[test]
fn whoever_sent_many_requests_at_once_before_a_stop_has_all_of_them_answered() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        rows::article(&mut database.connect(), "ferry");
        let mut program = Program::start(&database);
        let address = program.base.strip_prefix("http://").unwrap().to_owned();
        let mut line = Line::open(&address).unwrap();
        let request = format!("GET /articles/ferry HTTP/1.1\r\nHost: {address}\r\n\r\n");
        let all = request.repeat(AT_ONCE);
        line.stream.get_mut().write_all(all.as_bytes()).unwrap();
        assert_eq!(line.answer(), Some((200, true)));
        let pid = Pid::from_raw(i32::try_from(program.id()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
        for n in 1..AT_ONCE {
            let status = line.answer().map(|(status, _)| status);
            assert_eq!(status, Some(200), "request {n} on {engine:?}");
        }
        assert_eq!(program.wait().code(), Some(0));
    });
}
