//! PostgreSQL that neither answers nor closes: a machine that hangs, or a proxy in between that does.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rejoinder::time::MINUTE;
use url::Url;

use super::load::{ARTICLE, under_load};
use super::support::program::{self, Program};
use super::support::{Database, Engine, Server, rows, skip};

const READERS: usize = 16;
/// Whoever posts is told within twenty seconds, and has waited for a processor besides.
const TOLD: Duration = Duration::from_secs(25);

/// Stands between a server and PostgreSQL.
struct Relay {
    port: u16,
    holds: Arc<AtomicBool>,
    lines: Arc<Mutex<Vec<TcpStream>>>,
}

impl Relay {
    fn to(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let relay = Self {
            port: listener.local_addr().unwrap().port(),
            holds: Arc::default(),
            lines: Arc::default(),
        };
        let (holds, lines) = (Arc::clone(&relay.holds), Arc::clone(&relay.lines));
        std::thread::spawn(move || {
            for near in listener.incoming() {
                let near = near.unwrap();
                let far = TcpStream::connect(&target).unwrap();
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let holds = Arc::clone(&holds);
                    std::thread::spawn(move || carry(from, to, &holds));
                }
                lines.lock().unwrap().extend([near, far]);
            }
        });
        relay
    }

    /// From now on whatever comes is taken and not handed on.
    fn hold(&self) {
        self.holds.store(true, Ordering::Relaxed);
    }

    /// Hands on what it has taken, and all that comes.
    fn go_on(&self) {
        self.holds.store(false, Ordering::Relaxed);
    }

    /// Breaks all lines, with whatever it has taken from them, and hands on what comes by new ones.
    fn begin_anew(&self) {
        for line in self.lines.lock().unwrap().drain(..) {
            // One that has ended cannot be ended.
            drop(line.shutdown(Shutdown::Both));
        }
        self.go_on();
    }
}

/// Lets the relay go on, whatever becomes of a test: the server's stop waits for the database.
struct Released<'a>(&'a Relay);

impl Drop for Released<'_> {
    fn drop(&mut self) {
        self.0.go_on();
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, holds: &AtomicBool) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count) = from.read(&mut bytes) {
        while holds.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(1));
        }
        if count == 0 || to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    drop(to.shutdown(Shutdown::Both));
}

/// A database of PostgreSQL and the way to it through a relay, where there is one.
fn behind_a_relay() -> Option<(Database, Relay, Database)> {
    if std::env::var_os("REJOINDER_TEST_POSTGRES").is_none() {
        skip("PostgreSQL: REJOINDER_TEST_POSTGRES names none");
        return None;
    }
    let database = Database::new(Engine::Postgres);
    let mut url = Url::parse(&database.url).unwrap();
    let target = format!("{}:{}", url.host().unwrap(), url.port().unwrap_or(5432));
    let relay = Relay::to(target);
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(relay.port)).unwrap();
    let through = Database::at(url.as_str());
    Some((database, relay, through))
}

#[test]
fn while_postgresql_hangs_pages_are_read_nothing_typed_is_lost_and_afterwards_all_is_well() {
    let Some((database, relay, through)) = behind_a_relay() else {
        return;
    };
    rows::article(&mut database.connect(), "ferry");
    let program = Program::start(&through);
    let (back, told) = under_load(std::slice::from_ref(&program.base), READERS, |load| {
        [
            ("goes on", Relay::go_on as fn(&Relay)),
            ("is gone", Relay::begin_anew),
        ]
        .map(|(how, end)| {
            load.wait_for(50);
            relay.hold();
            load.wait_for_refusals(READERS);
            end(&relay);
            let back = Instant::now();
            load.wait_for(50);
            (how, back)
        })
    });
    told.assert_civil();
    told.assert_kept(&mut database.connect());
    for (how, back) in back {
        let recovery = told.recovery(back, 1);
        eprintln!("PostgreSQL hangs and {how}: back after {recovery:?}");
        assert!(recovery < Duration::from_secs(15), "{how}: {recovery:?}");
    }
    let (post, page) = (told.slowest(true), told.slowest(false));
    eprintln!(
        "the slowest answer to a post in {post:?}; {}",
        told.summary()
    );
    assert!(post < TOLD, "{post:?}");
    assert!(page < Duration::from_secs(5), "{page:?}");
    drop(program);
    let check = program::check(&database, &[]);
    assert!(check.status.success(), "{check:?}");
}

#[test]
fn while_postgresql_hangs_old_pages_are_handed_out_at_once_and_everybody_else_is_told() {
    let Some((_database, relay, through)) = behind_a_relay() else {
        return;
    };
    let server = Server::over(through, &[]);
    let _released = Released(&relay);
    server.article("ferry");
    let (reader, dana) = (server.visitor(), server.moderator("Dana"));
    assert_eq!(reader.get(ARTICLE).status, 200);
    server.clock.advance(2 * MINUTE);
    relay.hold();
    let timed = &|path: &str| {
        let begun = Instant::now();
        (server.visitor().get(path).status, begun.elapsed())
    };
    for _ in 0..5 {
        let (status, took) = timed(ARTICLE);
        assert_eq!(status, 200);
        assert!(took < Duration::from_secs(5), "{took:?}");
    }
    let (answered, over) = channel::<()>();
    let (dana, reader) = std::thread::scope(|scope| {
        let answered = answered;
        let relay = &relay;
        scope.spawn(move || {
            // Nobody is to wait for ever, where a deadline is missing.
            assert!(over.recv_timeout(2 * TOLD).is_err());
            relay.go_on();
        });
        // More than there are lines.
        let lost: Vec<_> = (0..40)
            .map(|n| {
                scope.spawn(move || {
                    let (status, took) = timed(&format!("/comments/{n}"));
                    assert_eq!(status, 503);
                    assert!(took < Duration::from_secs(15), "{took:?}");
                })
            })
            .collect();
        let desk = scope.spawn(move || {
            let begun = Instant::now();
            let (status, took) = (dana.get("/moderation").status, begun.elapsed());
            assert_eq!(status, 503);
            assert!(took < Duration::from_secs(15), "{took:?}");
            dana
        });
        let form = scope.spawn(move || {
            let body = "Typed while it hangs.";
            let fields = [("name", "Ama"), ("body", body), ("do", "send")];
            let begun = Instant::now();
            let page = reader.post("/articles/ferry/replies", &fields);
            assert_eq!(
                (page.status, page.value("[name=body]")),
                (503, body.to_owned())
            );
            assert!(page.header("retry-after").is_some());
            assert!(begun.elapsed() < TOLD, "{:?}", begun.elapsed());
            reader
        });
        for reader in lost {
            reader.join().unwrap();
        }
        let clients = (desk.join().unwrap(), form.join().unwrap());
        drop(answered);
        clients
    });
    let begun = Instant::now();
    while dana.get("/moderation").status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(15), "it hangs on");
    }
    reader.reply("ferry", "Ama", "Typed afterwards.");
}
