//! What readers, authors, the audit log and the jobs ask of a large site, beside a small one.

use diesel::connection::SimpleConnection;
use rejoinder::moderation::Status;
use rejoinder::store::articles::{self, Seek};
use rejoinder::store::audit_filter::{By, Filter, Group};
use rejoinder::store::replies::{self, Submitted};
use rejoinder::store::{Db, Result, audit_log, feeds, outbox, receipts, rehearse, retention};

use super::support::statements::look_after_tables;
use super::support::{Database, on_each_engine, rows};
use super::{SMALL, assert_alike, compare, count_steps, fill, large};

/// Of each decision its entry in the log and its notice, all but ten of which have left; and more articles.
fn deepen(db: &mut Db, count: i64) {
    for n in 0..(count / 50).clamp(30, 2_000) {
        rows::article(db, &format!("further-{n}"));
    }
    db.batch_execute(
        "INSERT INTO audit_entries (at, actor, moderator_id, act, article_id, comment_id, decision_id, facts) \
         SELECT at + id, 0, 1, CASE to_status WHEN 1 THEN 'approved' WHEN 2 THEN 'rejected' ELSE 'spam' END, 1, \
         comment_id, id, '{}' FROM decisions; \
         INSERT INTO outbox (decision_id, comment_id, kind, message_id, due_at, claimed_at, delivered_at) \
         SELECT id, comment_id, 'notice', 'message-' || id, at, at, at FROM decisions; \
         UPDATE outbox SET claimed_at = NULL, delivered_at = NULL WHERE id > (SELECT max(id) - 10 FROM outbox); \
         UPDATE comments SET decided_at = published_at WHERE status > 0",
    )
    .unwrap();
    if !db.is_sqlite() {
        // Comments were given their ids.
        db.batch_execute(
            "SELECT setval(pg_get_serial_sequence('comments', 'id'), (SELECT max(id) FROM comments))",
        )
        .unwrap();
    }
    look_after_tables(db);
}

/// Pages of the log by everything that it is narrowed to, from the newest entry and from the middle.
fn logs(middle: i64) -> Vec<(&'static str, Filter, Seek)> {
    let all = Filter::default();
    let by = Filter {
        who: Some(By::Moderator(1)),
        ..all
    };
    let act = Filter {
        act: Group::from_word("rejected"),
        ..all
    };
    assert!(act.act.is_some(), "there is such a group");
    let comment = Filter {
        comment: Some(501),
        ..all
    };
    let day = Filter {
        from: Some(rows::NOW),
        to: Some(rows::NOW.plus(400)),
        ..all
    };
    vec![
        ("log", all, Seek::First),
        ("log further back", all, Seek::Before(middle)),
        ("log of a person", by, Seek::First),
        ("log of an act", act, Seek::First),
        ("log of a comment", comment, Seek::First),
        ("log of a day", day, Seek::First),
    ]
}

#[test]
fn readers_authors_and_jobs_cost_no_more_over_a_large_site_than_over_a_small_one() {
    count_steps();
    on_each_engine(|engine| {
        let databases = [Database::new(engine), Database::new(engine)];
        let mut sites = [databases[0].connect(), databases[1].connect()];
        for (db, count) in sites.iter_mut().zip([SMALL, large()]) {
            fill(db, count);
            deepen(db, count);
        }
        for (what, filter, seek) in logs(SMALL / 2) {
            let read = compare(&mut sites, what, |db| {
                let page = audit_log::page(db, &filter, seek).unwrap();
                assert!(!page.rows.is_empty(), "{what}");
            });
            assert_alike(engine, what, read);
        }
        let mut alike = |what: &str, work: &dyn Fn(&mut Db)| {
            let read = compare(&mut sites, what, work);
            assert_alike(engine, what, read);
        };
        alike("front page", &|db| {
            assert_eq!(
                articles::newest(db, Seek::First, 20).unwrap().rows.len(),
                20
            );
        });
        alike("receipt", &|db| {
            let found = receipts::find(db, "receipt-501", rows::NOW.plus(1_000)).unwrap();
            assert!(found.is_some());
        });
        alike("feed", &|db| {
            assert!(!feeds::comments(db, 1).unwrap().is_empty());
        });
        alike("counts of articles", &|db| {
            let slugs = ["story-1".to_owned(), "further-3".to_owned()];
            assert_eq!(feeds::counts(db, &slugs).unwrap().len(), 2);
        });
        alike("reply", &|db| {
            let new = rows::reply("story-1", "Words that nobody has said here so far.");
            let sent = rehearse(db, |db| replies::submit(db, &new)).unwrap();
            assert!(matches!(sent, Submitted::Stored { .. }), "{sent:?}");
        });
        alike("notices", &|db| {
            let later = rows::NOW.plus(10_000_000);
            let claimed = rehearse(db, |db| {
                assert!(outbox::is_due(db, later)?);
                outbox::claim(db, later)
            });
            assert_eq!(claimed.unwrap().1, 10);
        });
        // Nothing has been kept for long enough: an hour in which there is nothing costs nothing.
        alike("retention", &|db| {
            let before = rows::NOW.plus(-1);
            let gone = rehearse(db, |db| -> Result<_> {
                Ok([
                    retention::texts(db, Status::Rejected, before, rows::NOW)?,
                    retention::texts(db, Status::Spam, before, rows::NOW)?,
                    retention::comment_networks(db, before)?,
                    retention::report_networks(db, before)?,
                    retention::report_contacts(db, before)?,
                    retention::devices(db, before)?,
                ])
            });
            assert_eq!(gone.unwrap(), [0; 6]);
        });
    });
}
