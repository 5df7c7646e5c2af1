//! Slow and greedy clients beside honest readers, over the real program. `REJOINDER_TEST_LONG=1` takes ten thousand idle
//! connections and a hundred uploads of a gigabyte; otherwise there are fewer of everything.

#[path = "greedy/asking.rs"]
mod asking;
#[path = "greedy/clients.rs"]
mod clients;
#[path = "greedy/program.rs"]
mod program;
mod support;
#[path = "greedy/turns.rs"]
mod turns;

use std::time::{Duration, Instant};

use clients::{Leave, Slow, connect, drip, drip_once, exchange, idle, statuses, upload};
use program::{Program, read};
use support::{Client, Engine, on_each_engine};
use turns::{Turn, by_turns, stand_back};

/// The figure for everybody, or the one for the long run.
fn figure(few: usize, many: usize) -> usize {
    match std::env::var_os("REJOINDER_TEST_LONG") {
        Some(_) => many,
        None => few,
    }
}

const HALF_HEAD: &[u8] = b"GET /articles/ferry HTTP/1.1\r\nhost: a\r\nx-slow: ";
/// The text of a form that does not come to its end.
const HALF_FORM: &str = "name=Ama&body=The+boat+was+late+";

fn slow_body(base: &str) -> String {
    format!(
        "POST /articles/ferry/replies HTTP/1.1\r\nhost: {}\r\norigin: {base}\r\ncontent-length: 4000\r\n\
         content-type: application/x-www-form-urlencoded\r\n\r\n{HALF_FORM}",
        base.trim_start_matches("http://")
    )
}

/// What the slow may be let go within: their limit, and what the second between two drops and a busy machine add to it.
const HEADS: [u64; 2] = [14, 22];
/// A later head is looked at every 15 seconds.
const LATER_HEADS: [u64; 2] = [14, 36];
const BODIES: [u64; 2] = [29, 40];

#[track_caller]
fn assert_within(leave: &Leave, [from, to]: [u64; 2]) {
    let (from, to) = (Duration::from_secs(from), Duration::from_secs(to));
    let after = leave.after;
    assert!(after > from && after < to, "{after:?}: {}", leave.answer);
}

fn slow(count: usize, first: &[u8], connect: impl Fn() -> std::net::TcpStream) -> Vec<Slow> {
    (0..count).map(|_| Slow::start(connect(), first)).collect()
}

#[test]
fn readers_are_served_beside_thousands_who_are_idle_or_slow() {
    raise_own_limit();
    on_each_engine(|engine| {
        let quiet = Program::start(engine, "true");
        let program = Program::start(engine, "ulimit -Sn 256");
        let address = program.address;
        let (soft, hard) = program.open_files();
        assert_eq!(soft, hard, "the limit of open files is not raised");
        // Held through all the rounds: to open and close so many each time would use up the ports of this machine.
        let resting = figure(500, 10_000);
        read(&program.base(), 50);
        let idle: Vec<_> = (0..resting).map(|_| idle(address)).collect();
        let name = format!("{resting} idle on {engine:?}");
        let megabytes = figure(64, 200) as f64;
        by_turns(&name, (&quiet, &program), megabytes, Turn::begin);
        drop(idle);

        let (heads, bodies) = (figure(50, 500), figure(20, 200));
        let body = slow_body(&program.base());
        for (name, count, first) in [
            ("slow heads", heads, HALF_HEAD),
            ("slow bodies", bodies, body.as_bytes()),
        ] {
            let name = format!("{count} {name} on {engine:?}");
            by_turns(&name, (&program, &program), 64.0, |turn| {
                let mut slow = slow(count, first, || connect(address));
                turn.begin();
                while !turn.is_over() {
                    drip_once(&mut slow);
                }
            });
        }
    });
}

#[test]
fn slow_heads_and_bodies_are_let_go_when_their_time_is_over() {
    raise_own_limit();
    on_each_engine(|engine| {
        let program = Program::start(engine, "true");
        let (address, base) = (program.address, program.base());
        let resting: Vec<_> = (0..figure(500, 10_000)).map(|_| idle(address)).collect();
        let (heads, few) = (figure(50, 500), figure(20, 200));
        let all = [
            slow(heads, HALF_HEAD, || connect(address)),
            slow(few, slow_body(&base).as_bytes(), || connect(address)),
            slow(few, HALF_HEAD, || clients::idle(address)),
        ];
        let dripping = all.map(|slow| std::thread::spawn(move || drip(slow)));
        let posted = Client::new(&base).reply("ferry", "Ama", "Still answered.");
        assert!(posted.starts_with("/replies/"));
        let [cut_heads, cut_bodies, cut_later] = dripping.map(|slow| slow.join().unwrap());
        assert_eq!(
            (cut_heads.len(), cut_bodies.len(), cut_later.len()),
            (heads, few, few)
        );
        for leave in &cut_heads {
            assert!(leave.answer.starts_with("HTTP/1.1 408"), "{}", leave.answer);
            assert_within(leave, HEADS);
        }
        // A second request that does not come to an end has nothing to be answered with: the line is closed.
        for leave in &cut_later {
            assert_eq!(leave.answer, "");
            assert_within(leave, LATER_HEADS);
        }
        for leave in &cut_bodies {
            assert!(leave.answer.starts_with("HTTP/1.1 408"), "{}", leave.answer);
            assert!(leave.answer.contains("This form did not arrive in time"));
            assert!(
                leave.answer.contains("The boat was late aaaa"),
                "{}",
                leave.answer
            );
            assert_within(leave, BODIES);
        }
        let between = |leaves: &[Leave]| {
            let after = || leaves.iter().map(|leave| leave.after);
            (after().min().unwrap(), after().max().unwrap())
        };
        eprintln!(
            "let go between: heads {:.1?}, second heads {:.1?}, bodies {:.1?}",
            between(&cut_heads),
            between(&cut_later),
            between(&cut_bodies)
        );
        drop(resting);
    });
}

#[test]
fn who_comes_when_every_line_is_taken_gets_in_when_the_idle_are_let_go() {
    let program = Program::start(Engine::Sqlite, "ulimit -n 400");
    let begun = Instant::now();
    // 400 files leave 144 lines; more than three quarters of them are taken by clients who ask once and then keep silent.
    let resting: Vec<_> = (0..144).map(|_| idle(program.address)).collect();
    read(&program.base(), 2);
    let after = begun.elapsed();
    eprintln!("in after {after:?}");
    // Nobody gets in beside them: the idle are let go after 15 seconds. Unhurried, they would be kept for 75.
    assert!(after > Duration::from_secs(14), "{after:?}");
    assert!(after < Duration::from_secs(70), "{after:?}");
    drop(resting);
}

/// What the server reads of a body that it has answered, and the buffers of the system on both sides.
const TAKEN: usize = 16 << 20;

#[test]
fn uploads_of_a_gigabyte_are_refused_while_they_arrive() {
    let program = Program::start(Engine::Sqlite, "true");
    let (address, base) = (program.address, program.base());
    let most = figure(256, 1_024) << 20;
    let head = |path: &str, length: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\norigin: {base}\r\n{length}\r\n\
             content-type: application/x-www-form-urlencoded\r\n\r\n"
        )
    };
    let announced = "content-length: 1073741824";
    let chunked = "transfer-encoding: chunked";
    let cases = [
        (head("/articles/ferry/replies", announced), 413),
        (head("/articles/ferry/replies", chunked), 413),
        (head("/login", announced), 413),
        (head("/login", chunked), 413),
        (head("/nowhere", announced), 404),
        (head("/nowhere", chunked), 404),
        (head("/comments/1/report", chunked), 413),
        (head("/articles/ferry", announced), 405),
        (
            head("/articles/ferry", announced).replacen("POST", "GET", 1),
            200,
        ),
        (head("/healthz", chunked).replacen("POST", "GET", 1), 200),
    ];
    let at_once = cases.len() * figure(1, 10);
    let name = format!("{at_once} uploads of {} MB", most >> 20);
    by_turns(&name, (&program, &program), 32.0, |turn| {
        std::thread::scope(|scope| {
            for (head, status) in cases.iter().cycle().take(at_once) {
                scope.spawn(move || {
                    stand_back();
                    // One after the other, for as long as somebody reads.
                    loop {
                        let sent = upload(address, head, head.contains("chunked"), most);
                        let line = format!("HTTP/1.1 {status}");
                        assert!(sent.answer.starts_with(&line), "{head}: {}", sent.answer);
                        let taken = sent.taken;
                        assert!(taken < TAKEN, "{head}: {taken} bytes were taken");
                        if turn.is_over() {
                            break;
                        }
                    }
                });
            }
            turn.begin();
        });
    });
}

#[test]
fn pipelined_requests_are_answered_in_their_order() {
    on_each_engine(|engine| {
        let program = Program::start(engine, "true");
        let paths = [
            "/healthz",
            "/nowhere",
            "/articles/ferry",
            "/moderation",
            "/rules",
            "/readyz",
        ];
        let expected = [200, 404, 200, 303, 200, 200];
        let rounds = 100;
        let mut bytes = String::new();
        for path in paths.iter().cycle().take(paths.len() * rounds) {
            bytes.push_str(&format!("GET {path} HTTP/1.1\r\nhost: a.example\r\n\r\n"));
        }
        bytes.push_str("GET /healthz HTTP/1.1\r\nhost: a.example\r\nconnection: close\r\n\r\n");
        let hear = || {
            let answers = statuses(&exchange(program.address, bytes.as_bytes()));
            assert_eq!(answers.len(), paths.len() * rounds + 1);
            for (n, (status, body)) in answers.iter().enumerate() {
                assert_eq!(*status, expected[n % expected.len()], "{n}: {body}");
            }
            assert!(answers[2].1.contains("About ferry"));
        };
        hear();
        let count = figure(2, 10);
        let name = format!(
            "{count} who send {} requests at once on {engine:?}",
            paths.len() * rounds
        );
        by_turns(&name, (&program, &program), 64.0, |turn| {
            std::thread::scope(|scope| {
                for _ in 0..count {
                    scope.spawn(|| {
                        stand_back();
                        while !turn.is_over() {
                            hear();
                        }
                    });
                }
                turn.begin();
            });
        });
    });
}

/// Of so many who send the same huge head one after the other, one hears why it is refused.
const TRIES: usize = 20;

#[test]
fn heads_without_measure_are_refused_and_cost_nothing() {
    let program = Program::start(Engine::Sqlite, "true");
    let address = program.address;
    let long = "x".repeat(1 << 20);
    let crowd: String = (0..200).map(|n| format!("x-{n}: {n}\r\n")).collect();
    let many: String = (0..20_000).map(|n| format!("x-{n}: {n}\r\n")).collect();
    let heads = [
        (
            format!("GET / HTTP/1.1\r\nhost: a\r\nx-long: {long}\r\n\r\n"),
            "431",
        ),
        (
            format!("GET / HTTP/1.1\r\nhost: a\r\n{long}: x\r\n\r\n"),
            "431",
        ),
        (format!("GET /{long} HTTP/1.1\r\nhost: a\r\n\r\n"), "431"),
        (
            format!("GET / HTTP/1.1\r\nhost: a\r\ncookie: {long}\r\n\r\n"),
            "431",
        ),
        (format!("GET / HTTP/1.1\r\nhost: a\r\n{many}\r\n"), "431"),
        (format!("GET / HTTP/1.1\r\nhost: a\r\n{crowd}\r\n"), "431"),
        (format!("{long} / HTTP/1.1\r\nhost: a\r\n\r\n"), "431"),
    ];
    // Whether it was heard why.
    let refuse = |(head, status): &(String, &str)| {
        let heard = exchange(address, head.as_bytes());
        // Whoever sends on may find the connection reset before the answer is read.
        // Where the processors are taken, a head may take its sender longer than a head may take.
        let told = heard.starts_with(&format!("HTTP/1.1 {status}"));
        let refused = told || heard.is_empty() || heard.starts_with("HTTP/1.1 408");
        assert!(refused, "{head:.60}: {heard}");
        told
    };
    let count = figure(2, 8);
    let name = format!("{count} who send huge heads");
    by_turns(&name, (&program, &program), 32.0, |turn| {
        std::thread::scope(|scope| {
            for first in 0..count {
                let (heads, refuse) = (&heads, &refuse);
                scope.spawn(move || {
                    stand_back();
                    for head in heads.iter().cycle().skip(first) {
                        refuse(head);
                        if turn.is_over() {
                            break;
                        }
                    }
                });
            }
            turn.begin();
        });
    });
    for head in &heads {
        let told = (0..TRIES).any(|_| refuse(head));
        assert!(told, "never answered by {}: {:.60}", head.1, head.0);
    }
}

#[test]
fn a_request_with_two_lengths_is_refused_and_nothing_after_it_is_read() {
    let program = Program::start(Engine::Sqlite, "true");
    let hidden = "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n";
    let length = hidden.len();
    for lengths in [
        format!("content-length: 0\r\ncontent-length: {length}"),
        format!("content-length: {length}\r\ntransfer-encoding: chunked"),
        format!("transfer-encoding: chunked\r\ncontent-length: {length}"),
        "transfer-encoding: chunked, identity".to_owned(),
        "content-length: +5".to_owned(),
    ] {
        let request = format!("POST /login HTTP/1.1\r\nhost: a\r\n{lengths}\r\n\r\n{hidden}");
        let heard = exchange(program.address, request.as_bytes());
        assert!(heard.starts_with("HTTP/1.1 400"), "{lengths}: {heard}");
        assert_eq!(heard.matches("HTTP/1.1").count(), 1, "{lengths}: {heard}");
    }
}

#[test]
fn who_asks_and_never_takes_the_answers_is_let_go() {
    if std::env::var_os("REJOINDER_TEST_LONG").is_none() {
        eprintln!("only with REJOINDER_TEST_LONG=1: it takes a minute");
        return;
    }
    let program = Program::start(Engine::Sqlite, "true");
    read(&program.base(), 50);
    let before = program.memory();
    let begun = Instant::now();
    let asking: Vec<_> = (0..100)
        .map(|_| {
            let address = program.address;
            std::thread::spawn(move || {
                let mut stream = connect(address);
                let request =
                    b"GET /articles/ferry HTTP/1.1\r\nhost: a.example\r\n\r\n".repeat(1_000);
                // It ends when the server resets the connection.
                while std::io::Write::write_all(&mut stream, &request).is_ok() {}
            })
        })
        .collect();
    for one in asking {
        one.join().unwrap();
    }
    let (after, grown) = (begun.elapsed(), program.most_memory());
    eprintln!("let go after {after:?}; {before:.0} MB, then {grown:.0} MB");
    assert!(grown < before + 64.0, "{before} MB, then {grown} MB");
    assert!(after < Duration::from_secs(150), "{after:?}");
    read(&program.base(), 10);
}

/// The test holds as many connections as the server.
fn raise_own_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised).unwrap();
    let most = limit.maximum.unwrap_or(u64::MAX);
    let needed = figure(1_000, 12_000) as u64;
    assert!(most > needed, "the limit of open files is {most}");
}
