//! What waits in the outbox, and what was done: found by index, however much there is.

use diesel::connection::SimpleConnection;
use rejoinder::moderation::Decision;
use rejoinder::store::articles::Seek;
use rejoinder::store::audit_filter::{By, Filter, Group};
use rejoinder::store::decisions::{self, Decided, Verdict};
use rejoinder::store::{
    Db, audit, audit_filter, audit_log, outbox, rehearse, transaction, undoing,
};

use crate::support::rows;
use crate::support::statements::statements;
use crate::{assert_by_index, assert_unsorted, plan, with_and_without_figures};

#[test]
fn the_outbox_is_looked_through_by_index_alone() {
    with_and_without_figures(|db, _| {
        let late = rows::NOW.plus(120_000);
        let plan = plan(db, |db| {
            let verdict = Verdict {
                comment: 1,
                version: 1,
                decision: Decision::Spam,
                rule: None,
                note: String::new(),
                revision: None,
                appeal: None,
                moderator: 1,
                now: rows::NOW,
                undo_window: 60_000,
                bulk: None,
            };
            let messages = rehearse(db, |db| {
                let Decided::Done(done) = decisions::decide(db, &verdict)? else {
                    panic!("it can be decided");
                };
                assert!(outbox::is_due(db, late)?);
                while outbox::claim(db, rows::NOW)?.1 > 0 {}
                let (messages, _) = outbox::claim(db, late)?;
                outbox::delivered(db, &[messages[0].row], late)?;
                undoing::undo(db, done.decision, 2, late)?;
                Ok(outbox::claim(db, late)?.0)
            });
            assert_eq!(messages.unwrap().len(), 1, "the correction");
        });
        let outbox: Vec<_> = plan
            .into_iter()
            .filter(|step| step.contains("outbox"))
            .collect();
        assert_by_index("outbox", &outbox);
        let due = outbox
            .iter()
            .filter(|step| step.contains("INDEX outbox_due"));
        assert!(due.count() >= 4, "{outbox:#?}");
        assert_unsorted("outbox", &outbox);
    });
}

#[test]
fn a_page_of_the_audit_log_takes_six_statements_and_walks_one_index() {
    with_and_without_figures(|db, article| {
        for n in 0..200 {
            let entry = audit::Entry {
                comment: Some(10 + n),
                article: Some(article),
                decision: Some(10 + n),
                facts: serde_json::json!({ "bulk": 1 }),
                text: "A note",
                ..audit::Entry::new(audit::Actor::Moderator(1), "approved")
            };
            transaction(db, |db| audit::append(db, &entry, rows::NOW)).unwrap();
        }
        // A newsroom of some age: of a table with few rows the planner reads them all.
        db.batch_execute(
            "UPDATE decisions SET undoes = 30 WHERE id IN (60, 100, 160, 180); \
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) \
             INSERT INTO decisions (comment_id, at, from_status, to_status, note, comment_version) \
             SELECT 1 + i % 2000, 0, 0, 1, '', (SELECT count(*) FROM decisions) + i FROM n",
        )
        .unwrap();
        let narrow = [
            Filter {
                who: Some(By::Moderator(1)),
                ..Filter::default()
            },
            Filter {
                who: Some(By::CommandLine),
                act: Some(Group::Appeals),
                ..Filter::default()
            },
            Filter {
                act: Some(Group::Articles),
                ..Filter::default()
            },
            Filter {
                comment: Some(12),
                act: Some(Group::Approved),
                ..Filter::default()
            },
            Filter {
                from: Some(rows::NOW),
                to: Some(rows::NOW),
                ..Filter::default()
            },
        ];
        for filter in &narrow {
            let seeks = [Seek::First, Seek::Before(120), Seek::After(20)];
            for seek in seeks {
                let walk = |db: &mut Db| drop(audit_filter::page(db, filter, seek, 50).unwrap());
                let mut plan = plan(db, walk);
                // What is walked is looked through again.
                plan.retain(|step| step.contains("audit_entries"));
                assert_by_index("audit filter", &plan);
            }
        }
        for seek in [Seek::First, Seek::Before(120), Seek::After(20)] {
            let look = |db: &mut Db| {
                assert_eq!(
                    audit_log::page(db, &Filter::default(), seek)
                        .unwrap()
                        .rows
                        .len(),
                    50
                );
            };
            assert_eq!(statements(db, look).len(), 6);
            let mut plan = plan(db, look);
            // The newest entries are the end of the table itself.
            plan.retain(|step| step != "SCAN audit_entries" || seek != Seek::First);
            assert_by_index("audit log", &plan);
            assert_unsorted("audit log", &plan);
        }
        assert!(
            statements(db, |db| drop(audit_log::page(
                db,
                &Filter::default(),
                Seek::Before(2)
            )))
            .len()
                <= 6
        );
    });
}
