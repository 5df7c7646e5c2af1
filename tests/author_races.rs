//! Authors and moderators at the same moment: what was acknowledged is there, and nobody decides on words that they have not seen.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::prelude::*;
use rejoinder::moderation::{Decision, Status};
use rejoinder::store::appeals::{self, Appealed, NewAppeal};
use rejoinder::store::decisions::{self, Decided, Verdict};
use rejoinder::store::revisions::{self, Edit, Edited};
use rejoinder::store::schema::{appeals as appeal_rows, comments};
use rejoinder::store::{Db, Kind, Store, publication, replies, transaction, withdrawals};
use rejoinder::time::Timestamp;
use support::{Database, Engine, on_each_engine, rows};

const COMMENTS: usize = 60;
const UNDO_WINDOW: i64 = 60_000;

fn run<T>(work: impl Future<Output = rejoinder::store::Result<T>>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work).unwrap()
}

/// Replies that wait: their ids and receipts.
fn newsroom(engine: Engine) -> (Database, Db, Vec<(i64, String)>) {
    let database = Database::new(engine);
    let mut db = database.connect();
    rows::article(&mut db, "ferry");
    for n in 0..COMMENTS {
        let new = rows::reply("ferry", &format!("Reply {n}"));
        transaction(&mut db, |db| replies::submit(db, &new)).unwrap();
    }
    let waiting = comments::table
        .order(comments::id.asc())
        .select((comments::id, comments::receipt))
        .load(&mut db)
        .unwrap();
    (database, db, waiting)
}

fn verdict(comment: i64, moderator: i64, decision: Decision) -> Verdict {
    Verdict {
        comment,
        version: 1,
        decision,
        rule: Some(1),
        note: String::new(),
        revision: None,
        appeal: None,
        moderator,
        now: rows::NOW,
        undo_window: UNDO_WINDOW,
        bulk: None,
    }
}

fn edit(receipt: &str, n: usize) -> Edit {
    Edit {
        receipt: receipt.to_owned(),
        body: format!("Edit {n}"),
        body_html: format!("<p>Edit {n}</p>"),
        html_version: 1,
        reasons: Vec::new(),
        links: 0,
        seen: revisions::mark(&format!("Reply {n}")),
        window: 900_000,
        now: rows::NOW,
    }
}

#[test]
fn an_edit_a_withdrawal_and_a_verdict_at_once_leave_one_story() {
    on_each_engine(|engine| {
        let (database, mut db, waiting) = newsroom(engine);
        let moderator = rows::moderator(&mut db, "Dana");
        let store = Store::serve(&database.target()).unwrap();
        let (approved, edited) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            let (store, waiting) = (&store, &waiting);
            let (approved, edited) = (&approved, &edited);
            scope.spawn(move || {
                for (id, _) in waiting {
                    let verdict = verdict(*id, moderator, Decision::Approve);
                    let told =
                        run(store.write(Kind::Update, move |db| decisions::decide(db, &verdict)));
                    match told {
                        Decided::Done(_) => approved.fetch_add(1, Ordering::Relaxed),
                        Decided::Conflict { .. } => 0,
                        other => panic!("{other:?}"),
                    };
                }
            });
            scope.spawn(move || {
                for (n, (_, receipt)) in waiting.iter().enumerate().rev() {
                    let edit = edit(receipt, n);
                    match run(store.write(Kind::Update, move |db| revisions::edit(db, &edit))) {
                        Edited::Done => edited.fetch_add(1, Ordering::Relaxed),
                        Edited::Final => 0,
                        other => panic!("{other:?}"),
                    };
                }
            });
            scope.spawn(move || {
                for (_, receipt) in waiting.iter().step_by(4) {
                    let receipt = receipt.clone();
                    let found = run(store.write(Kind::Update, move |db| {
                        withdrawals::withdraw(db, &receipt, rows::NOW)
                    }));
                    assert!(found);
                }
            });
        });
        assert!(approved.into_inner() > 0 && edited.into_inner() > 0);
        for (n, (id, _)) in waiting.iter().enumerate() {
            let (status, version, body, revision): (i16, i64, String, Option<i64>) =
                comments::table
                    .find(id)
                    .select((
                        comments::status,
                        comments::version,
                        comments::body,
                        comments::revision_id,
                    ))
                    .first(&mut db)
                    .unwrap();
            let (old, new) = (format!("Reply {n}"), format!("Edit {n}"));
            match Status::try_from(status).unwrap() {
                // The moderator saw version 1, and that is what stands; the edit waits beside it.
                Status::Approved => assert_eq!((body, version, revision.is_some()), (old, 2, true)),
                Status::Pending => assert_eq!((body, version, revision), (new, 2, None)),
                Status::Withdrawn => assert_eq!((body.as_str(), revision), ("", None)),
                other => panic!("{other:?}"),
            }
            assert_eq!(n % 4 == 0, status == Status::Withdrawn.code());
        }
        assert_eq!(publication::drift(&mut db).unwrap(), (0, 0, 0));
        store.close();
    });
}

#[test]
fn an_appeal_sent_from_many_windows_at_once_is_one_appeal() {
    on_each_engine(|engine| {
        let (database, mut db, waiting) = newsroom(engine);
        let moderator = rows::moderator(&mut db, "Dana");
        for (id, _) in &waiting {
            let verdict = verdict(*id, moderator, Decision::Reject);
            transaction(&mut db, |db| decisions::decide(db, &verdict)).unwrap();
        }
        let store = Store::serve(&database.target()).unwrap();
        let done = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for window in 0..4 {
                let (store, waiting, done) = (&store, &waiting, &done);
                scope.spawn(move || {
                    for (_, receipt) in waiting {
                        let new = NewAppeal {
                            receipt: receipt.clone(),
                            text: format!("From window {window}"),
                            now: Timestamp(rows::NOW.0 + UNDO_WINDOW),
                        };
                        let told =
                            run(store.write(Kind::Update, move |db| appeals::submit(db, &new)));
                        match told {
                            Appealed::Done => done.fetch_add(1, Ordering::Relaxed),
                            Appealed::Already => 0,
                            other => panic!("{other:?}"),
                        };
                    }
                });
            }
        });
        let stored: i64 = appeal_rows::table.count().get_result(&mut db).unwrap();
        assert_eq!(stored, i64::try_from(COMMENTS).unwrap());
        assert_eq!(done.into_inner(), COMMENTS);
        store.close();
    });
}
