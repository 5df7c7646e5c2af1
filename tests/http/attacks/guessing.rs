//! Who guesses learns nothing by the clock, and keeps nobody out.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use rejoinder::moderation::Role;
use rejoinder::store::{moderators, transaction};
use rejoinder::time::MINUTE;

use crate::support::{PASSWORD, Server, on_each_engine};

/// Clients are told apart by what the proxy says.
const PROXIED: (&str, &str) = ("trusted_proxies", "127.0.0.1/32");

#[test]
fn an_unknown_or_disabled_name_takes_as_long_as_a_wrong_password() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("login.per_minute", "1000")]);
        server.account("Dana", Role::Moderator);
        let gone = server.account("Gone", Role::Moderator);
        let mut db = server.database.connect();
        transaction(&mut db, |db| {
            moderators::set_disabled(db, gone, Some(server.now()))
        })
        .unwrap();
        let client = server.visitor();
        let long = "p".repeat(1_000);
        let who = [
            ("Dana", "not her password"),
            ("Nobody", "not her password"),
            ("Gone", PASSWORD),
            ("Nobody", &long),
        ];
        // In turns. What is compared is the work of the threads that hash, and of each the try that cost least: whatever else this
        // machine does only adds to it.
        let threads = hashing_threads(&server);
        let (mut least, mut quickest) = ([Duration::MAX; 4], [Duration::MAX; 4]);
        for _ in 0..25 {
            for (n, (name, password)) in who.iter().enumerate() {
                // Failures of before slow nobody down.
                server.clock.advance(20 * MINUTE);
                let (begun, before) = (Instant::now(), worked(&threads));
                assert_eq!(client.sign_in(name, password).status, 422);
                least[n] = least[n].min(worked(&threads) - before);
                quickest[n] = quickest[n].min(begun.elapsed());
            }
        }
        println!("{engine:?}: work {least:.2?}, time {quickest:.2?}");
        for (kind, times, parts) in [("work", least, 10), ("time", quickest, 4)] {
            let [known, others @ ..] = times;
            for other in others {
                let alike = other.abs_diff(known) < known / parts;
                assert!(
                    alike,
                    "{kind} for Dana: {known:?}; for the others: {others:?}"
                );
            }
        }
    });
}

/// The threads by which this server hashes passwords, as the system has them.
fn hashing_threads(server: &Server) -> Vec<PathBuf> {
    let both = Arc::new(Barrier::new(2));
    let threads = (0..2).map(|_| {
        let both = Arc::clone(&both);
        server.app.logins.pass(move || {
            both.wait();
            fs::canonicalize("/proc/thread-self").unwrap()
        })
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let threads = runtime
        .unwrap()
        .block_on(futures_util::future::join_all(threads));
    threads.into_iter().map(Option::unwrap).collect()
}

/// How long these threads were at work.
fn worked(threads: &[PathBuf]) -> Duration {
    let nanoseconds = threads.iter().map(|thread| {
        let stat = fs::read_to_string(thread.join("schedstat")).unwrap();
        stat.split(' ').next().unwrap().parse::<u64>().unwrap()
    });
    Duration::from_nanos(nanoseconds.sum())
}

#[test]
fn a_flood_of_guesses_keeps_its_owner_neither_out_nor_signed_out() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[PROXIED]);
        let dana = server.moderator("Dana");
        // Two guesses from each of thirty networks; no network is over its limit.
        let guess = |network: usize| {
            let client = server.visitor();
            for _ in 0..2 {
                let fields = [("name", "Dana"), ("password", "wrong"), ("next", "")];
                let page = client.post_from(&format!("198.51.100.{network}"), "/login", &fields);
                assert!([422, 503].contains(&page.status), "{}", page.text());
            }
        };
        std::thread::scope(|scope| {
            for thread in 0..6 {
                scope.spawn(move || (0..5).for_each(|n| guess(10 * thread + n)));
            }
        });
        assert_eq!(dana.get("/moderation").status, 200);
        let begun = Instant::now();
        let fields = [("name", "Dana"), ("password", PASSWORD), ("next", "")];
        let page = server.visitor().post_from("203.0.113.9", "/login", &fields);
        assert_eq!(page.status, 303, "{}", page.text());
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "{:?}",
            begun.elapsed()
        );
    });
}

#[test]
fn of_guesses_that_are_sent_at_once_only_a_few_more_than_the_limit_are_answered() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[PROXIED, ("login.per_minute", "3")]);
        server.account("Dana", Role::Moderator);
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..16)
                .map(|_| {
                    scope.spawn(|| {
                        let fields = [("name", "Dana"), ("password", "wrong"), ("next", "")];
                        server
                            .visitor()
                            .post_from("198.51.100.1", "/login", &fields)
                            .status
                    })
                })
                .collect();
            tries.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let told = statuses.iter().filter(|status| **status == 422).count();
        // From the limit on, those that are on their way are told to wait, whatever they guessed. Two are hashed at a time, and a
        // few are looked at before the failures of the last ones are noted.
        assert!(told <= 7, "{told} guesses were answered: {statuses:?}");
    });
}

#[test]
fn what_cannot_be_read_is_refused_in_the_same_words_whether_it_is_there_or_not() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let reader = server.visitor();
        let nothing = |path: &str| {
            let page = reader.get(path);
            (page.status, page.body.replace(path, ""))
        };
        let waiting = server.comment_at(&reader.reply("ferry", "Ama", "Waits."));
        for form in ["/comments/{}", "/comments/{}/report", "/threads/{}"] {
            let there = form.replace("{}", &waiting.to_string());
            assert_eq!(
                nothing(&there),
                nothing(&form.replace("{}", "9999")),
                "{form}"
            );
        }
        // Behind the door every address looks alike.
        let door = |path: &str| {
            let page = reader.get(path);
            (page.status, page.body)
        };
        for (there, not) in [
            ("/moderation/authors/1", "/moderation/authors/99"),
            (
                "/moderation/comments/1/author",
                "/moderation/comments/99/author",
            ),
        ] {
            assert_eq!(door(there), door(not));
        }
    });
}
