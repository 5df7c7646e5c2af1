//! What is let go when its time is over: found by index, so that an hour in which there is nothing costs nothing.

use diesel::connection::SimpleConnection;
use rejoinder::moderation::Status;
use rejoinder::store::{Result, rehearse, retention};

use crate::support::rows;
use crate::{assert_by_index, assert_unsorted, plan, with_and_without_figures};

#[test]
fn what_was_kept_for_long_enough_is_found_by_index() {
    with_and_without_figures(|db, _| {
        let later = rows::NOW.plus(1_000_000);
        let plan = plan(db, |db| {
            let took = rehearse(db, |db| -> Result<_> {
                db.batch_execute(
                    "UPDATE comments SET network = X'01', decided_at = 1 WHERE id < 1000; \
                     INSERT INTO login_failures (at, network, account) VALUES (1, X'02', X'03'); \
                     INSERT INTO authors (id, created_at) VALUES (7007, 1); \
                     INSERT INTO author_devices (token_hash, author_id, created_at, seen_at) VALUES (X'07', 7007, 1, 1); \
                     INSERT INTO reports (comment_id, receipt, network, ground, explanation, contact_name, contact_email, \
                     child_abuse, good_faith, body_html, created_at, status, decided_at) \
                     VALUES (1, 'kept', X'02', 3, '', 'Bo', '', 0, 0, '', 1, 2, 1)",
                )?;
                Ok([
                    retention::texts(db, Status::Rejected, later, later)?,
                    retention::texts(db, Status::Spam, later, later)?,
                    retention::comment_networks(db, later)?,
                    retention::report_networks(db, later)?,
                    retention::report_contacts(db, later)?,
                    retention::devices(db, later)?,
                    retention::login_failures(db, later)?,
                ])
            })
            .unwrap();
            assert!(took.iter().all(|rows| *rows > 0), "{took:?}");
        });
        assert_by_index("keeping", &plan);
        assert_unsorted("keeping", &plan);
        let contacts = plan.iter().any(|step| step.contains("reports_contacts"));
        assert!(contacts, "{plan:#?}");
    });
}
