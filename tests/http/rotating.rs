//! Networks across a change of the keys under which they are hashed.

use std::future::Future;

use diesel::prelude::*;
use rejoinder::jobs::rotate;
use rejoinder::store::schema::{comments, secrets};
use rejoinder::store::{networks, transaction};
use rejoinder::time::{DAY, MINUTE, SECOND};

use crate::desk::{date, listed, post, reply_from, sign_in};
use crate::recognising::PROXIED;
use crate::reporting::report_from;
use crate::support::{Database, PASSWORD, Server, on_each_engine};

const HOME: &str = "198.51.100.1";

/// Runs a job of the server to its end.
pub fn run<T>(job: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(job)
}

/// Lets the key's time be over. Until the new one is in force, there are three minutes.
fn change_keys(server: &Server) {
    server.clock.advance(7 * DAY);
    run(rotate::round(&server.app)).unwrap();
}

fn network_of(server: &Server, comment: i64) -> Option<Vec<u8>> {
    comments::table
        .find(comment)
        .select(comments::network)
        .first(&mut server.database.connect())
        .unwrap()
}

fn keys(server: &Server) -> Vec<Vec<u8>> {
    secrets::table
        .order(secrets::created_at.asc())
        .select(secrets::key)
        .load(&mut server.database.connect())
        .unwrap()
}

#[test]
fn limits_and_double_clicks_know_a_network_under_the_key_before() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[PROXIED, ("replies.per_minute", "2")]);
        server.article("ferry");
        let reader = server.visitor();
        let first = keys(&server);
        change_keys(&server);
        assert_eq!(keys(&server).len(), 2);
        assert_eq!(keys(&server)[0], first[0]);

        server.clock.advance(3 * MINUTE - 20 * SECOND);
        let fields = [("name", "Ama"), ("body", "One.")];
        let one = reply_from(&server, &reader, HOME, &fields);
        let two = reply_from(&server, &reader, HOME, &[("name", "Ama"), ("body", "Two.")]);
        server.clock.advance(30 * SECOND);
        let again = reply_from(&server, &reader, HOME, &fields);
        assert_eq!(again.receipt, one.receipt);
        let three = [("name", "Ama"), ("body", "Three."), ("do", "send")];
        let third = reader.post_from(HOME, "/articles/ferry/replies", &three);
        assert_eq!(third.status, 429);
        server.clock.advance(MINUTE);
        let three = reply_from(&server, &reader, HOME, &three[..2]);
        assert_eq!(network_of(&server, one.id), network_of(&server, two.id));
        assert_ne!(network_of(&server, one.id), network_of(&server, three.id));

        // The first key has been there for two weeks: it is of no use any more.
        change_keys(&server);
        let now = keys(&server);
        assert_eq!(now.len(), 2);
        assert!(!now.contains(&first[0]));
        server.clock.advance(15 * DAY);
        run(rotate::round(&server.app)).unwrap();
        assert_eq!(keys(&server).len(), 1);
    });
}

#[test]
fn holds_reports_names_and_sign_ins_know_a_network_under_the_key_before() {
    on_each_engine(|engine| {
        let settings = [PROXIED, ("replies.hold", "none"), ("login.per_minute", "2")];
        let server = Server::with(engine, &settings);
        server.article("ferry");
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let ama = reply_from(
            &server,
            &reader,
            HOME,
            &[("name", "Ama"), ("body", "First.")],
        );
        let other = reply_from(
            &server,
            &reader,
            "203.0.113.9",
            &[("name", "Bo"), ("body", "B.")],
        );
        let report = [("ground", "4")];
        assert_eq!(report_from(&reader, HOME, other.id, &report).status, 303);
        change_keys(&server);
        server.clock.advance(3 * MINUTE - 20 * SECOND);
        for _ in 0..2 {
            let fields = [("name", "Dana"), ("password", "wrong"), ("next", "")];
            assert_eq!(reader.post_from(HOME, "/login", &fields).status, 422);
        }
        server.clock.advance(30 * SECOND);
        let fields = [("name", "Dana"), ("password", PASSWORD), ("next", "")];
        assert_eq!(reader.post_from(HOME, "/login", &fields).status, 429);
        // Once, and under each key.
        assert_eq!(report_from(&reader, HOME, other.id, &report).status, 409);
        // Her own name is not somebody else's.
        let parent = ama.id.to_string();
        let own = [("name", "Ama"), ("body", "Me again."), ("parent", &*parent)];
        let own = reply_from(&server, &reader, HOME, &own);
        drop(dana);
        let dana = sign_in(&server, "Dana");
        assert!(!listed(&dana, "").contains(&own.id));
        // A hold made for the comment that has the hash of before.
        let until = date(&server, 3);
        let hold = [("do", "hold"), ("until", &*until), ("reason", "Baits.")];
        let path = format!("/moderation/comments/{}/author", ama.id);
        assert_eq!(post(&dana, &path, &hold).status, 303);
        let held = reply_from(&server, &reader, HOME, &[("name", "Cy"), ("body", "Held?")]);
        assert!(listed(&dana, "").contains(&held.id));
    });
}

#[test]
fn of_several_servers_one_changes_the_key_and_all_have_the_same() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let now = crate::support::rows::NOW;
        let first = networks::keys(&mut database.connect(), now).unwrap();
        let later = now.plus(7 * DAY);
        let gate = std::sync::Barrier::new(4);
        let told: Vec<networks::Keys> = std::thread::scope(|scope| {
            let server = || {
                let mut db = database.connect();
                gate.wait();
                transaction(&mut db, |db| networks::rotate(db, 14 * DAY, later)).unwrap()
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(server)).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        for keys in &told {
            assert_eq!(keys, &told[0]);
            assert_eq!(keys.before.as_ref(), Some(&first.newest));
            // Nobody writes under a key that another server has not read yet.
            assert_eq!(keys.at(later).0, &first.newest);
            assert_eq!(keys.at(later.plus(networks::LEAD)).0, &keys.newest);
        }
    });
}
