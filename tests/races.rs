//! Many at once on the same rows: moderators on one queue, a double click, a page that is read while it is decided.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::prelude::*;
use futures_util::future::join_all;
use rejoinder::moderation::{Decision, HoldMode, ReportStatus, Status};
use rejoinder::store::claims::{self, Hold};
use rejoinder::store::decisions::{self, Decided, Verdict};
use rejoinder::store::listed::Reader;
use rejoinder::store::listing::{Listing, Order};
use rejoinder::store::queue;
use rejoinder::store::replies::{self, Submitted};
use rejoinder::store::schema::{comments, decisions as decision_rows, reports as report_rows};
use rejoinder::store::{Db, Kind, Store, publication, reports, transaction, undoing};
use support::{Database, on_each_engine, rows};

fn run<F: Future>(work: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work)
}

const COMMENTS: i64 = 200;

#[test]
fn eight_moderators_on_one_queue_make_one_decision_on_each_comment() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        rows::article(&mut db, "ferry");
        let store = Store::serve(&database.target()).unwrap();
        // Half of them answer another one, so that decisions meet on the rows above.
        let parent = {
            let mut new = rows::reply("ferry", "The root");
            new.hold = HoldMode::None;
            transaction(&mut db, |db| replies::submit(db, &new)).unwrap();
            let root: i64 = comments::table.select(comments::id).first(&mut db).unwrap();
            root
        };
        for n in 0..COMMENTS {
            let mut new = rows::reply("ferry", &format!("Reply {n}"));
            new.parent = (n % 2 == 0).then_some(parent);
            new.device = rows::device(n % 3);
            transaction(&mut db, |db| replies::submit(db, &new)).unwrap();
        }
        let ids: Vec<i64> = comments::table
            .filter(comments::status.eq(Status::Pending.code()))
            .order(comments::id.asc())
            .select(comments::id)
            .load(&mut db)
            .unwrap();
        let (done, conflicts) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for n in 0..8_usize {
                let moderator = rows::moderator(&mut db, &format!("Moderator {n}"));
                let (store, ids, done, conflicts) = (&store, &ids, &done, &conflicts);
                scope.spawn(move || {
                    for id in ids {
                        let verdict = Verdict {
                            revision: None,
                            appeal: None,
                            comment: *id,
                            version: 1,
                            decision: [Decision::Approve, Decision::Reject, Decision::Spam][n % 3],
                            rule: Some(1),
                            note: String::new(),
                            moderator,
                            now: rows::NOW,
                            undo_window: 60_000,
                            bulk: None,
                        };
                        let write =
                            store.write(Kind::Update, move |db| decisions::decide(db, &verdict));
                        match run(write).unwrap() {
                            Decided::Done(_) => done.fetch_add(1, Ordering::Relaxed),
                            Decided::Conflict { .. } => conflicts.fetch_add(1, Ordering::Relaxed),
                            other => panic!("{other:?}"),
                        };
                    }
                });
            }
        });
        let decided: i64 = decision_rows::table.count().get_result(&mut db).unwrap();
        assert_eq!(decided, COMMENTS);
        assert_eq!(done.into_inner(), 200);
        assert_eq!(conflicts.into_inner(), 7 * 200);
        assert_eq!(publication::drift(&mut db).unwrap(), (0, 0, 0));
        store.close();
    });
}

#[test]
fn branches_decided_from_both_ends_at_once_never_lock_each_other_out() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        rows::article(&mut db, "ferry");
        let store = Store::serve(&database.target()).unwrap();
        let mut chain: Vec<i64> = Vec::new();
        for n in 0..12 {
            let mut new = rows::reply("ferry", &format!("Level {n}"));
            // By two authors in turn, whose records meet too.
            new.name_key = String::new();
            new.device = rows::device(n % 2);
            new.hold = HoldMode::None;
            new.parent = chain.last().copied();
            transaction(&mut db, |db| replies::submit(db, &new)).unwrap();
            let last = comments::table.select(diesel::dsl::max(comments::id));
            chain.extend(last.first::<Option<i64>>(&mut db).unwrap());
        }
        std::thread::scope(|scope| {
            for n in 0..6 {
                let moderator = rows::moderator(&mut db, &format!("Moderator {n}"));
                let mut mine: Vec<i64> = chain.iter().copied().skip(n % 3).step_by(3).collect();
                if n >= 3 {
                    mine.reverse();
                }
                let store = &store;
                scope.spawn(move || {
                    for round in 0..8_i64 {
                        for id in &mine {
                            let (id, reject) = (*id, (round + moderator) % 2 == 0);
                            let write = store.write(Kind::Update, move |db| {
                                let version = comments::table
                                    .find(id)
                                    .select(comments::version)
                                    .first(db)?;
                                let verdict = Verdict {
                                    revision: None,
                                    appeal: None,
                                    comment: id,
                                    version,
                                    decision: if reject {
                                        Decision::Reject
                                    } else {
                                        Decision::Approve
                                    },
                                    rule: reject.then_some(1),
                                    note: String::new(),
                                    moderator,
                                    now: rows::NOW,
                                    undo_window: 60_000,
                                    bulk: None,
                                };
                                decisions::decide(db, &verdict)
                            });
                            run(write).unwrap();
                        }
                    }
                });
            }
        });
        assert_eq!(publication::drift(&mut db).unwrap(), (0, 0, 0));
        let decided: i64 = decision_rows::table.count().get_result(&mut db).unwrap();
        assert!(decided > 12, "{decided}");
        store.close();
        assert_eq!(deadlocks(&mut db), 0);
    });
}

#[derive(QueryableByName)]
struct Deadlocks {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    deadlocks: i64,
}

/// How many PostgreSQL had to break in this database; SQLite has one writer and none.
fn deadlocks(db: &mut Db) -> i64 {
    if db.is_sqlite() {
        return 0;
    }
    let asked = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    let found: Deadlocks = diesel::sql_query(asked).get_result(db).unwrap();
    found.deadlocks
}

#[test]
fn reports_that_meet_decisions_are_answered_by_them_or_wait_and_never_lie_open_on_a_removed_comment()
 {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        rows::article(&mut db, "ferry");
        let store = Store::serve(&database.target()).unwrap();
        for n in 0..60 {
            let mut new = rows::reply("ferry", &format!("Comment {n}"));
            new.hold = HoldMode::None;
            transaction(&mut db, |db| replies::submit(db, &new)).unwrap();
        }
        let ids: Vec<i64> = comments::table.select(comments::id).load(&mut db).unwrap();
        let moderator = rows::moderator(&mut db, "Dana");
        std::thread::scope(|scope| {
            for reader in 0..4_u8 {
                let (store, ids) = (&store, &ids);
                scope.spawn(move || {
                    for id in ids {
                        let new = rows::report(*id, &[reader]);
                        let write = store.write(Kind::Update, move |db| reports::submit(db, &new));
                        let became = run(write).unwrap();
                        let known = [reports::Submitted::Stored, reports::Submitted::NotPublic];
                        assert!(known.contains(&became), "{became:?}");
                    }
                });
            }
            // Every comment is removed, and every third one brought back.
            for id in &ids {
                let id = *id;
                let write = store.write(Kind::Update, move |db| {
                    let verdict = Verdict {
                        revision: None,
                        appeal: None,
                        comment: id,
                        version: 1,
                        decision: Decision::Spam,
                        rule: None,
                        note: String::new(),
                        moderator,
                        now: rows::NOW,
                        undo_window: 60_000,
                        bulk: None,
                    };
                    let Decided::Done(done) = decisions::decide(db, &verdict)? else {
                        panic!("nobody else decides");
                    };
                    if id % 3 == 0 {
                        undoing::undo(db, done.decision, moderator, rows::NOW)?;
                    }
                    Ok(())
                });
                run(write).unwrap();
            }
        });
        for id in ids {
            let (open, risk, status): (i64, i64, Status) = comments::table
                .find(id)
                .select((comments::open_reports, comments::risk, comments::status))
                .first(&mut db)
                .unwrap();
            let rows: i64 = report_rows::table
                .filter(report_rows::comment_id.eq(id))
                .filter(report_rows::status.eq(ReportStatus::Open.code()))
                .count()
                .get_result(&mut db)
                .unwrap();
            assert_eq!((open, risk), (rows, 3 * rows));
            assert!(
                status.is_public() || open == 0,
                "{id}: {open} on {status:?}"
            );
        }
        store.close();
        assert_eq!(deadlocks(&mut db), 0);
    });
}

#[test]
fn the_same_reply_sent_many_times_at_once_is_one_comment_with_one_receipt() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        rows::article(&mut db, "ferry");
        let store = Store::serve(&database.target()).unwrap();
        let batch: Vec<_> = (0..12)
            .flat_map(|n| (0..10).map(move |_| rows::reply("ferry", &format!("Reply {n}"))))
            .collect();
        let submit = |new: &replies::NewReply| {
            let new = new.clone();
            let receipt = new.receipt.clone();
            let write = store.write(Kind::Insert, move |db| replies::submit(db, &new));
            async move {
                match write.await.unwrap() {
                    Submitted::Stored { public: false, .. } => receipt,
                    Submitted::Duplicate { receipt, .. } => receipt,
                    other => panic!("{other:?}"),
                }
            }
        };
        // In one order and in the other: on PostgreSQL the batches of four writers cross.
        let receipts: Vec<String> = std::thread::scope(|scope| {
            let forwards = scope.spawn(|| run(join_all(batch.iter().map(submit))));
            let backwards = run(join_all(batch.iter().rev().map(submit)));
            let mut receipts = forwards.join().unwrap();
            receipts.extend(backwards);
            receipts
        });
        let stored: Vec<(String, String)> = comments::table
            .select((comments::body, comments::receipt))
            .load(&mut db)
            .unwrap();
        assert_eq!(stored.len(), 12, "{stored:?}");
        for (_, receipt) in &stored {
            assert_eq!(receipts.iter().filter(|told| *told == receipt).count(), 20);
        }
        store.close();
    });
}

#[test]
fn whoever_claims_on_many_screens_from_both_ends_of_a_list_is_never_in_their_own_way() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        rows::article(&mut db, "ferry");
        for n in 0..40 {
            let new = rows::reply("ferry", &format!("Reply {n}"));
            transaction(&mut db, |db| replies::submit(db, &new)).unwrap();
        }
        let ids: Vec<i64> = comments::table.select(comments::id).load(&mut db).unwrap();
        let store = Store::serve(&database.target()).unwrap();
        let people = ["Ama", "Bo"].map(|name| rows::moderator(&mut db, name));
        std::thread::scope(|scope| {
            for screen in 0..8_usize {
                let (store, ids) = (&store, &ids);
                let reader = Reader {
                    moderator: people[screen % 2],
                    now: rows::NOW,
                };
                scope.spawn(move || {
                    for round in 0..25_usize {
                        let list = Listing {
                            order: Some([Order::Oldest, Order::Newest][screen / 2 % 2]),
                            ..Listing::default()
                        };
                        let id = ids[(screen * 7 + round * 3) % ids.len()];
                        let wrote = run(store.write(Kind::Update, move |db| {
                            if (screen + round) % 3 == 0 {
                                claims::claim_next(db, &list, reader, 60_000)?;
                            } else {
                                let hold = [Hold::Light, Hold::Firm, Hold::TakeOver][round % 3];
                                claims::claim(db, id, reader, 60_000, hold)?;
                            }
                            if (screen + round) % 5 == 0 {
                                claims::release(db, id, reader.moderator)?;
                            }
                            claims::renew(db, reader.moderator, reader.now, 60_000)
                        }));
                        assert!(wrote.is_ok(), "{engine:?}: {wrote:?}");
                    }
                });
            }
        });
        store.close();
        assert_eq!(deadlocks(&mut db), 0);
    });
}

#[test]
fn a_row_that_no_version_of_ours_wrote_does_not_hide_the_queue() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        rows::article(&mut db, "ferry");
        for n in 0..3 {
            let new = rows::reply("ferry", &format!("Reply {n}"));
            transaction(&mut db, |db| replies::submit(db, &new)).unwrap();
        }
        for (n, hold) in ["not JSON", r#"[{"why":"of-a-later-version","x":1}]"#]
            .into_iter()
            .enumerate()
        {
            diesel::update(comments::table.filter(comments::body.eq(format!("Reply {n}"))))
                .set(comments::hold.eq(hold))
                .execute(&mut db)
                .unwrap();
        }
        let reader = Reader {
            moderator: 1,
            now: rows::NOW,
        };
        let page = queue::items(&mut db, &Listing::default(), reader).unwrap();
        assert_eq!(page.items.len(), 3);
    });
}
