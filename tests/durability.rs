//! The real program as a child: killed or stopped while readers post. What was acknowledged is there, once.

#[path = "durability/stopping.rs"]
mod stopping;
mod support;

use std::collections::HashMap;
use std::io::Read;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use diesel::prelude::*;
use rejoinder::store::schema::{articles, comments};
use support::program::{PATIENCE, Program, serve};
use support::{Client, Database, Engine, on_each_engine, rows};

const CLIENTS: usize = 32;
const ROUNDS: usize = 3;
/// Acknowledged replies after which a round ends.
const ENOUGH: usize = 300;

/// What became of a reply that was sent.
enum Told {
    /// Answered with 303: the path of its receipt.
    Receipt(String),
    /// Answered with another status.
    Refused(u16),
    /// The line broke.
    Nothing,
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .new_agent()
}

fn post(agent: &ureq::Agent, base: &str, body: &str) -> Told {
    let form = [("name", "Ama"), ("body", body), ("do", "send")];
    let sent = agent
        .post(format!("{base}/articles/ferry/replies"))
        .header("origin", base)
        .send_form(form);
    match sent {
        Err(_) => Told::Nothing,
        Ok(answer) if answer.status() == 303 => {
            let path = answer.headers().get("location").unwrap();
            Told::Receipt(path.to_str().unwrap().to_owned())
        }
        Ok(answer) => Told::Refused(answer.status().as_u16()),
    }
}

/// What all readers together know.
#[derive(Default)]
struct Known {
    /// Body and receipt of every acknowledged reply.
    acknowledged: HashMap<String, String>,
    /// Bodies of those that were sent and never answered.
    unanswered: Vec<String>,
}

/// Many readers post until the line breaks; `interrupt` is called when enough is acknowledged.
fn post_until_it_breaks(base: &str, round: usize, known: &mut Known, interrupt: impl FnOnce()) {
    let shared = Mutex::new(known);
    let acknowledged = AtomicUsize::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (shared, acknowledged) = (&shared, &acknowledged);
            scope.spawn(move || {
                let agent = agent();
                for n in 0.. {
                    assert!(begun.elapsed() < PATIENCE * 2, "the line does not break");
                    let body = format!("Round {round}, reader {client}, reply {n}.");
                    match post(&agent, base, &body) {
                        Told::Receipt(path) => {
                            shared.lock().unwrap().acknowledged.insert(body, path);
                            acknowledged.fetch_add(1, Ordering::Relaxed);
                        }
                        Told::Refused(status) => panic!("{status} for: {body}"),
                        Told::Nothing => {
                            shared.lock().unwrap().unanswered.push(body);
                            break;
                        }
                    }
                }
            });
        }
        while acknowledged.load(Ordering::Relaxed) < ENOUGH {
            assert!(
                begun.elapsed() < PATIENCE,
                "hardly anything is acknowledged"
            );
            std::thread::yield_now();
        }
        interrupt();
    });
}

/// How often each body is stored.
fn stored(database: &Database) -> HashMap<String, usize> {
    let bodies: Vec<String> = comments::table
        .select(comments::body)
        .load(&mut database.connect())
        .unwrap();
    let mut counted = HashMap::new();
    for body in bodies {
        *counted.entry(body).or_default() += 1;
    }
    counted
}

#[test]
fn after_kill_9_every_acknowledged_reply_is_there_once() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        rows::article(&mut database.connect(), "ferry");
        let mut known = Known::default();
        let mut program = Program::start(&database);
        for round in 0..ROUNDS {
            let base = program.base.clone();
            post_until_it_breaks(&base, round, &mut known, || program.kill());
            program = Program::start(&database);

            // Whoever got no answer sends again, and is answered as if nothing had happened.
            for body in std::mem::take(&mut known.unanswered) {
                match post(&agent(), &program.base, &body) {
                    Told::Receipt(path) => drop(known.acknowledged.insert(body, path)),
                    _ => panic!("no receipt for: {body}"),
                }
            }
            let stored = stored(&database);
            let reader = Client::new(&program.base);
            for (body, receipt) in &known.acknowledged {
                assert_eq!(stored.get(body), Some(&1), "{body}");
                if body.starts_with(&format!("Round {round},")) {
                    let page = reader.get(receipt);
                    assert_eq!(page.status, 200, "{body}");
                    assert!(page.text().contains(body), "{body}");
                }
            }
            assert_eq!(stored.len(), known.acknowledged.len());
        }
    });
}

#[test]
fn a_stop_under_load_answers_whatever_it_took_and_keeps_the_views() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        rows::article(&mut database.connect(), "ferry");
        let mut program = Program::start(&database);
        let reader = Client::new(&program.base);
        for _ in 0..7 {
            assert_eq!(reader.get("/articles/ferry").status, 200);
        }
        let mut known = Known::default();
        let begun = Mutex::new(Instant::now());
        let base = program.base.clone();
        post_until_it_breaks(&base, 0, &mut known, || {
            program.terminate();
            *begun.lock().unwrap() = Instant::now();
            let status = program.wait();
            assert_eq!(status.code(), Some(0));
        });
        eprintln!("stopped after {:?}", begun.lock().unwrap().elapsed());

        // Nothing was stored without its reader being told.
        let stored = stored(&database);
        for body in &known.unanswered {
            assert!(!stored.contains_key(body), "stored, never answered: {body}");
        }
        for body in known.acknowledged.keys() {
            assert_eq!(stored.get(body), Some(&1), "{body}");
        }
        let views: i64 = articles::table
            .select(articles::view_count)
            .first(&mut database.connect())
            .unwrap();
        assert_eq!(views, 7);
    });
}

#[test]
fn a_second_server_on_the_same_file_ends_with_one_sentence() {
    let database = Database::new(Engine::Sqlite);
    let first = Program::start(&database);
    let mut second = serve(&database)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    second
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    let printed = second.wait_with_output().unwrap();
    assert_eq!(printed.status.code(), Some(1));
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("rejoinder: "), "{said}");
    assert!(said.contains("another server has the database"), "{said}");
    assert!(printed.stdout.is_empty());
    assert_eq!(Client::new(&first.base).get("/healthz").status, 200);
}
