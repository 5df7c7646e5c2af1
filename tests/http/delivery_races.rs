//! Deliveries at the same moment as each other, and as what they would tell is taken back.

use std::collections::BTreeMap;

use diesel::prelude::*;
use rejoinder::store::schema::decisions;
use rejoinder::store::{Kind, Store, undoing};
use rejoinder::time::{MINUTE, SECOND};

use crate::delivering::{decide, two_waiting};
use crate::moderating::ferry;
use crate::support::notices::deliver;
use crate::support::{Engine, on_each_engine};

#[test]
fn servers_that_deliver_at_the_same_time_deliver_each_notice_once() {
    for engine in crate::support::engines() {
        // One SQLite file has one server.
        if engine == Engine::Sqlite {
            continue;
        }
        let (server, ..) = two_waiting(engine);
        let dana = server.moderator("Dana");
        decide(&dana, "waiting", "The first.", "approve");
        let mut db = server.database.connect();
        diesel::connection::SimpleConnection::batch_execute(
            &mut db,
            "INSERT INTO outbox (decision_id, comment_id, kind, message_id, due_at) \
             SELECT decision_id, comment_id, kind, 'copy ' || n, due_at FROM outbox, generate_series(1, 2000) n \
             WHERE kind = 'notice'",
        )
        .unwrap();
        server.clock.advance(MINUTE);
        let now = server.now();
        let target = server.database.target();
        let mut ids: Vec<String> = std::thread::scope(|scope| {
            let servers: Vec<_> = (0..4)
                .map(|_| {
                    let target = &target;
                    scope.spawn(move || {
                        let store = Store::serve(target).unwrap();
                        let lines = deliver(&store, now);
                        store.close();
                        lines
                    })
                })
                .collect();
            servers
                .into_iter()
                .flat_map(|server| server.join().unwrap())
                .map(|line| line["message_id"].as_str().unwrap().to_owned())
                .collect()
        });
        assert_eq!(ids.len(), 2_001);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 2_001);
    }
}

#[test]
fn a_decision_undone_while_it_is_delivered_is_never_heard_of_or_is_corrected() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        for number in 1..=40 {
            let text = format!("Number {number}.");
            reader.reply("ferry", "Ama", &text);
            dana.decide("waiting", &text, "approve", "");
        }
        let made: Vec<i64> = decisions::table
            .select(decisions::id)
            .load(&mut server.database.connect())
            .unwrap();
        // By the clock of the server that undoes them they are not due, by that of the one that delivers they are.
        let (early, late) = (server.now().plus(SECOND), server.now().plus(MINUTE));
        let store = &server.app.store;
        let lines = std::thread::scope(|scope| {
            scope.spawn(|| {
                for decision in &made {
                    let decision = *decision;
                    let undone = store.write(Kind::Update, move |db| {
                        undoing::undo(db, decision, 1, early)
                    });
                    tokio::runtime::Builder::new_current_thread()
                        .enable_time()
                        .build()
                        .unwrap()
                        .block_on(undone)
                        .unwrap();
                }
            });
            let mut lines = Vec::new();
            for _ in 0..60 {
                lines.extend(deliver(store, late));
            }
            lines
        });
        let mut heard: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for line in lines.into_iter().chain(deliver(store, late)) {
            let said = heard.entry(line["comment"].as_i64().unwrap());
            said.or_default()
                .push(line["says"].as_str().unwrap().to_owned());
        }
        for (comment, said) in heard {
            assert_eq!(said, ["approved", "correction"], "comment {comment}");
        }
        assert_eq!(dana.get("/moderation?tab=published").count(".item"), 0);
    });
}
