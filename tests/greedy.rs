//! Slow and greedy clients beside honest readers, over the real program. `REJOINDER_TEST_LONG=1` takes ten thousand idle
//! connections and a hundred uploads of a gigabyte; otherwise there are fewer of everything.

#[path = "greedy/clients.rs"]
mod clients;
#[path = "greedy/program.rs"]
mod program;
mod support;

use std::time::{Duration, Instant};

use clients::{Slow, connect, drip, exchange, idle, statuses, upload};
use program::{Program, read};
use support::{Client, Engine, on_each_engine};

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

#[test]
fn readers_are_served_beside_thousands_who_are_idle_or_slow() {
    raise_own_limit();
    on_each_engine(|engine| {
        let program = Program::start(engine, "ulimit -Sn 256");
        let (address, base) = (program.address, program.base());
        let (soft, hard) = program.open_files();
        assert_eq!(soft, hard, "the limit of open files is not raised");
        let requests = figure(200, 2_000);
        read(&base, requests);
        let usual = read(&base, requests);
        let memory = program.memory();

        let begun = Instant::now();
        let resting: Vec<_> = (0..figure(500, 10_000)).map(|_| idle(address)).collect();
        eprintln!("{} idle after {:?}", resting.len(), begun.elapsed());
        let heads = figure(50, 500);
        let bodies = figure(20, 200);
        let later = figure(20, 200);
        let of = |first: &[u8], count: usize| -> Vec<Slow> {
            (0..count)
                .map(|_| Slow::start(connect(address), first))
                .collect()
        };
        let slow_heads = of(HALF_HEAD, heads);
        let slow_bodies = of(slow_body(&base).as_bytes(), bodies);
        let second_heads: Vec<_> = (0..later)
            .map(|_| Slow::start(idle(address), HALF_HEAD))
            .collect();
        let dripping = std::thread::spawn(move || {
            let all = [slow_heads, slow_bodies, second_heads];
            let dripping = all.map(|slow| std::thread::spawn(move || drip(slow)));
            dripping.map(|slow| slow.join().unwrap())
        });

        let beside = read(&base, requests);
        let grown = program.memory();
        let posted = Client::new(&base).reply("ferry", "Ama", "Still answered.");
        assert!(posted.starts_with("/replies/"));
        eprintln!(
            "usual {usual:?}, beside {beside:?}: p99 {:.2} times, median {:.2} times; {memory:.0} MB, then {grown:.0} MB",
            beside.p99.as_secs_f64() / usual.p99.as_secs_f64(),
            beside.median.as_secs_f64() / usual.median.as_secs_f64(),
        );
        assert!(grown < 300.0, "{grown} MB");
        // A bound that only a server which waits for the slow ones breaks.
        assert!(beside.median < usual.median * 10 + Duration::from_millis(50));

        let [cut_heads, cut_bodies, cut_later] = dripping.join().unwrap();
        assert_eq!(
            (cut_heads.len(), cut_bodies.len(), cut_later.len()),
            (heads, bodies, later)
        );
        for leave in &cut_heads {
            assert!(leave.answer.starts_with("HTTP/1.1 408"), "{}", leave.answer);
            assert!(leave.after < Duration::from_secs(60), "{:?}", leave.after);
        }
        // A second request that does not come to an end has nothing to be answered with: the line is closed.
        for leave in &cut_later {
            assert_eq!(leave.answer, "");
            assert!(leave.after < Duration::from_secs(90), "{:?}", leave.after);
        }
        for leave in &cut_bodies {
            assert!(leave.answer.starts_with("HTTP/1.1 408"), "{}", leave.answer);
            assert!(leave.answer.contains("This form did not arrive in time"));
            assert!(
                leave.answer.contains("The boat was late aaaa"),
                "{}",
                leave.answer
            );
            assert!(leave.after > Duration::from_secs(20), "{:?}", leave.after);
            assert!(leave.after < Duration::from_secs(90), "{:?}", leave.after);
        }
        let last = |leaves: &[clients::Leave]| leaves.iter().map(|leave| leave.after).max();
        eprintln!(
            "the last head went after {:?}, second head {:?}, body {:?}",
            last(&cut_heads),
            last(&cut_later),
            last(&cut_bodies)
        );
        let afterwards = read(&base, requests);
        eprintln!("afterwards {afterwards:?}, {:.0} MB", program.memory());
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
    // Unhurried, the idle would be kept for 75 seconds.
    assert!(after < Duration::from_secs(70), "{after:?}");
    drop(resting);
}

#[test]
fn uploads_of_a_gigabyte_are_refused_while_they_arrive() {
    let program = Program::start(Engine::Sqlite, "true");
    let (address, base) = (program.address, program.base());
    read(&base, 50);
    let before = program.most_memory();
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
    let times = figure(1, 10);
    std::thread::scope(|scope| {
        for (head, status) in cases.iter().cycle().take(cases.len() * times) {
            scope.spawn(move || {
                let sent = upload(address, head, head.contains("chunked"), most);
                let line = format!("HTTP/1.1 {status}");
                assert!(sent.answer.starts_with(&line), "{head}: {}", sent.answer);
                assert!(sent.taken < most, "{head} was taken whole");
            });
        }
        let beside = read(&base, figure(50, 1_000));
        eprintln!("readers beside them: {beside:?}");
    });
    let after = program.most_memory();
    eprintln!("{before:.0} MB, then {after:.0} MB");
    assert!(after < before + 32.0, "{before} MB, then {after} MB");
    read(&base, 10);
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
        let answers = statuses(&exchange(program.address, bytes.as_bytes()));
        assert_eq!(answers.len(), paths.len() * rounds + 1);
        for (n, (status, body)) in answers.iter().enumerate() {
            assert_eq!(*status, expected[n % expected.len()], "{n}: {body}");
        }
        assert!(answers[2].1.contains("About ferry"));
    });
}

#[test]
fn heads_without_measure_are_refused_and_cost_nothing() {
    let program = Program::start(Engine::Sqlite, "true");
    let address = program.address;
    read(&program.base(), 50);
    let before = program.memory();
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
    for (head, status) in heads.iter().cycle().take(heads.len() * figure(2, 50)) {
        let heard = exchange(address, head.as_bytes());
        let shown: String = head.chars().take(60).collect();
        // Whoever sends on may find the connection reset before the answer is read.
        let refused = heard.is_empty() || heard.starts_with(&format!("HTTP/1.1 {status}"));
        assert!(refused, "{shown}: {heard}");
    }
    let after = program.memory();
    eprintln!("{before:.0} MB, then {after:.0} MB");
    assert!(after < before + 32.0, "{before} MB, then {after} MB");
    read(&program.base(), 10);
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
