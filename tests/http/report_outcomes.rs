//! What becomes of a report: its reporter's receipt, and what is told to nobody else.

use diesel::prelude::*;
use rejoinder::moderation::ReportStatus;
use rejoinder::store::schema::{comments, decisions, outbox, reports as rows};
use rejoinder::store::{reports, transaction};
use rejoinder::time::MINUTE;

use crate::reporting::{PROXIED, counted, edit, published, report, report_from};
use crate::support::{Client, Engine, Server, on_each_engine};

const WAITING: &str = "Your report was received";

fn title(reader: &Client, receipt: &str) -> String {
    let page = reader.get(receipt);
    assert_eq!(page.status, 200);
    page.only("h1")
}

/// Answers the open reports of a comment by its latest decision.
fn answer(server: &Server, comment: i64, status: ReportStatus) -> i64 {
    let mut db = server.database.connect();
    let decision: i64 = decisions::table
        .filter(decisions::comment_id.eq(comment))
        .order(decisions::id.desc())
        .select(decisions::id)
        .first(&mut db)
        .unwrap();
    transaction(&mut db, |db| {
        reports::resolve(db, comment, decision, status, server.now())
    })
    .unwrap();
    decision
}

/// A moderator finds nothing wrong: the decision, with the answer, and the reports.
fn keep(server: &Server, comment: i64, note: &str) -> i64 {
    let mut db = server.database.connect();
    let version: i64 = comments::table
        .find(comment)
        .select(comments::version)
        .first(&mut db)
        .unwrap();
    let decision: i64 = diesel::insert_into(decisions::table)
        .values((
            decisions::comment_id.eq(comment),
            decisions::at.eq(server.now().0),
            decisions::from_status.eq(1_i16),
            decisions::to_status.eq(1_i16),
            decisions::note.eq(note),
            decisions::comment_version.eq(version + 1),
            decisions::about.eq(2_i16),
        ))
        .returning(decisions::id)
        .get_result(&mut db)
        .unwrap();
    diesel::update(comments::table.find(comment))
        .set(comments::version.eq(version + 1))
        .execute(&mut db)
        .unwrap();
    assert_eq!(answer(server, comment, ReportStatus::Kept), decision);
    decision
}

fn undo(server: &Server, comment: i64, decision: i64) -> i64 {
    let mut db = server.database.connect();
    transaction(&mut db, |db| reports::reopen(db, comment, decision)).unwrap()
}

#[test]
fn the_reporter_hears_of_a_removal_when_its_undo_window_is_over() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[PROXIED]);
        let reader = server.visitor();
        let fields = [("ground", "4"), ("explanation", "Buses.")];
        let send = || report_from(&reader, "198.51.100.1", comment, &fields);
        let receipt = send().location();
        let dana = server.moderator("Dana");
        let list = dana.get("/moderation?tab=published");
        let form = format!("#c-{comment} form[action='/moderation/comments/{comment}/decide']");
        let value = |name: &str| list.value(&format!("{form} input[name={name}]"));
        let fields = [
            ("csrf", &*value("csrf")),
            ("version", &value("version")),
            ("view", "tab=published"),
            ("do", "reject"),
            ("ground", "4"),
            ("note", "A word to its author."),
        ];
        let done = dana.post(&format!("/moderation/comments/{comment}/decide"), &fields);
        assert_eq!(done.status, 303);
        answer(&server, comment, ReportStatus::Removed);
        assert_eq!(counted(&server, comment), (1, 0, 0));
        // Everybody can see that it is gone; why is not said before it is certain.
        assert_eq!(title(&reader, &receipt), WAITING);
        assert!(!reader.get(&receipt).body.contains("R-20"));
        server.clock.advance(61_000);
        let page = reader.get(&receipt);
        assert_eq!(page.only("h1"), "The comment was removed");
        assert!(
            page.only(".steps [aria-current]")
                .contains("A moderator removed it after reading the reports.")
        );
        assert_eq!(page.only(".quote .c-body"), "The boat was late.");
        assert!(!page.body.contains("Harbour Sceptic"));
        assert!(!page.body.contains("A word to its author"));
        assert!(!page.body.contains("Dana"));
        assert!(page.text().contains("out-of-court dispute settlement"));
        assert_eq!(page.count(&format!("a[href='/comments/{comment}']")), 0);

        // Whoever is published again is not said to be gone.
        dana.decide("rejected", "boat", "approve", "");
        let page = reader.get(&receipt);
        assert!(page.text().contains("It has been published again since."));
        assert_eq!(page.count(&format!("a[href='/comments/{comment}']")), 1);
    });
}

#[test]
fn the_reporter_of_a_comment_that_stays_reads_the_moderators_answer() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[PROXIED]);
        let reader = server.visitor();
        let first = report_from(&reader, "198.51.100.1", comment, &[("ground", "4")]);
        let second = report_from(&reader, "198.51.100.2", comment, &[("ground", "spam")]);
        let decision = keep(&server, comment, "Buses reach the ferry.");
        assert_eq!(counted(&server, comment), (2, 0, 0));
        let again = || {
            let page = report_from(&reader, "198.51.100.1", comment, &[("ground", "5")]);
            assert_eq!(page.status, 409);
            page.only("h1")
        };
        // An effect of the decision's own may be due later than the window.
        let mut db = server.database.connect();
        diesel::insert_into(outbox::table)
            .values((
                outbox::decision_id.eq(decision),
                outbox::comment_id.eq(comment),
                outbox::kind.eq("receipt"),
                outbox::message_id.eq("message"),
                outbox::due_at.eq(server.now().0 + 2 * MINUTE),
            ))
            .execute(&mut db)
            .unwrap();
        for receipt in [first.location(), second.location()] {
            assert_eq!(title(&reader, &receipt), WAITING);
        }
        assert_eq!(again(), "A report from your connection is waiting");
        server.clock.advance(61_000);
        assert_eq!(title(&reader, &first.location()), WAITING);
        server.clock.advance(MINUTE);
        for receipt in [first.location(), second.location()] {
            let page = reader.get(&receipt);
            assert_eq!(page.only("h1"), "The comment stays");
            assert!(page.text().contains("Buses reach the ferry."));
            assert!(page.body.contains("Harbour Sceptic"));
        }
        assert_eq!(again(), "A report from your connection has been answered");
    });
}

#[test]
fn undoing_a_decision_opens_its_reports_again() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[PROXIED]);
        let reader = server.visitor();
        let receipt = report_from(&reader, "198.51.100.1", comment, &[("ground", "4")]).location();
        let decision = keep(&server, comment, "");
        // One that came after it went with it.
        report_from(&reader, "198.51.100.2", comment, &[("ground", "4")]);
        assert_eq!(counted(&server, comment), (2, 0, 0));
        assert_eq!(undo(&server, comment, decision), 2);
        assert_eq!(counted(&server, comment), (2, 2, 6));
        server.clock.advance(61_000);
        assert_eq!(title(&reader, &receipt), WAITING);
        // Twice changes nothing.
        assert_eq!(undo(&server, comment, decision), 0);
        assert_eq!(counted(&server, comment), (2, 2, 6));
    });
}

#[test]
fn a_decided_ground_is_not_queued_again_unless_the_text_has_changed() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[PROXIED]);
        let reader = server.visitor();
        let send = |network, ground| {
            let page = report_from(&reader, network, comment, &[("ground", ground)]);
            assert_eq!(page.status, 303, "{}", page.text());
            page.location()
        };
        send("198.51.100.1", "4");
        keep(&server, comment, "It is about ferries.");
        server.clock.advance(61_000);
        let late = send("198.51.100.2", "4");
        assert_eq!(counted(&server, comment), (2, 0, 0));
        let page = reader.get(&late);
        assert_eq!(page.only("h1"), "The comment stays");
        assert!(page.text().contains("for the same reason before"));
        assert!(page.text().contains("It is about ferries."));
        // Another ground is another question.
        let other = send("198.51.100.3", "5");
        assert_eq!(title(&reader, &other), WAITING);
        assert_eq!(counted(&server, comment), (3, 1, 3));
        // And so is another text.
        server.clock.advance(MINUTE);
        edit(&server, comment, "<p>About buses now.</p>");
        let after = send("198.51.100.4", "4");
        assert_eq!(title(&reader, &after), WAITING);
        assert_eq!(counted(&server, comment), (4, 2, 6));
        // Once that is answered, it is not asked a third time.
        server.clock.advance(MINUTE);
        keep(&server, comment, "");
        send("198.51.100.5", "4");
        send("198.51.100.6", "5");
        assert_eq!(counted(&server, comment), (6, 0, 0));
    });
}

#[test]
fn a_withdrawn_comment_leaves_no_copy_of_its_text_with_any_report() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[PROXIED]);
        let reader = server.visitor();
        let first = report_from(&reader, "198.51.100.1", comment, &[("ground", "4")]).location();
        keep(&server, comment, "");
        let second = report_from(&reader, "198.51.100.2", comment, &[("ground", "5")]).location();
        server.clock.advance(61_000);
        let mut db = server.database.connect();
        let receipt: String = comments::table
            .find(comment)
            .select(comments::receipt)
            .first(&mut db)
            .unwrap();
        reader.post(&format!("/replies/{receipt}/withdraw"), &[]);
        transaction(&mut db, |db| {
            reports::comment_withdrawn(db, comment, server.now())
        })
        .unwrap();
        assert_eq!(counted(&server, comment), (2, 0, 0));
        let copies: i64 = rows::table
            .filter(rows::body_html.ne(""))
            .count()
            .get_result(&mut db)
            .unwrap();
        assert_eq!(copies, 0);
        for (receipt, said) in [
            (&first, "The comment stays"),
            (&second, "The comment was withdrawn"),
        ] {
            let page = reader.get(receipt);
            assert_eq!(page.only("h1"), said);
            assert_eq!(page.count(".c-body"), 0);
            assert!(page.text().contains("the text is gone"));
        }
        assert!(reader.get(&first).text().contains("not public any more"));
    });
}

#[test]
fn nobody_but_the_site_learns_who_reported() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[]);
        let reader = server.visitor();
        let receipt = report(
            &reader,
            comment,
            &[
                ("ground", "4"),
                ("explanation", "Buses."),
                ("name", "Quillon"),
                ("email", "quillon@secret.example"),
            ],
        );
        let token = receipt.strip_prefix("/reports/").unwrap();
        let form = format!("/comments/{comment}/report");
        let dana = server.moderator("Dana");
        let check = |when: &str| {
            let paths = [
                "/",
                "/articles/ferry",
                "/articles/ferry/feed.atom",
                "/moderation?tab=reported",
                "/moderation?tab=published",
                &form,
                &receipt,
            ];
            for path in paths {
                for client in [&reader, &dana] {
                    let page = client.get(path);
                    for secret in ["secret.example", "Quillon"] {
                        assert!(!page.body.contains(secret), "{secret} at {path} {when}");
                    }
                    if path != receipt {
                        assert!(!page.body.contains(token), "{path} {when}");
                    }
                }
            }
        };
        check("while it waits");
        let list = dana.get("/moderation?tab=reported");
        assert!(list.only(".evid").contains("contact given"));
        let again = reader.post(&form, &[("ground", "5")]);
        assert!(!again.body.contains("Quillon") && !again.body.contains(token));
        keep(&server, comment, "");
        server.clock.advance(61_000);
        check("when it is answered");
        // A report changes nothing that a reader can see.
        assert_eq!(reader.get("/articles/ferry").count(".comment"), 1);
    });
}

#[test]
fn a_receipt_that_nobody_got_is_no_page() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[]);
        let reader = server.visitor();
        let receipt = report(&reader, comment, &[("ground", "4")]);
        let own = reader.reply("ferry", "Ama", "Mine.");
        let token = own.strip_prefix("/replies/").unwrap();
        for path in [
            "/reports/x",
            "/reports/%00",
            "/reports/1",
            // The receipt of a reply is none of a report.
            &format!("/reports/{token}"),
            &receipt.replace("/reports/", "/replies/"),
            &receipt[..receipt.len() - 1],
        ] {
            assert_eq!(reader.get(path).status, 404, "{path}");
        }
        assert_eq!(reader.post(&receipt, &[]).status, 405);
    });
}

#[test]
fn a_receipt_outlives_its_article() {
    let (server, comment) = published(Engine::Sqlite, &[]);
    let reader = server.visitor();
    let receipt = report(&reader, comment, &[("ground", "4")]);
    let mut db = server.database.connect();
    transaction(&mut db, |db| {
        rejoinder::store::articles::remove(db, "ferry", server.now())
    })
    .unwrap();
    let page = reader.get(&receipt);
    assert_eq!(page.status, 200);
    assert_eq!(page.count("a[href^='/articles/']"), 0);
    assert_eq!(page.only(".quote .c-body"), "The boat was late.");
}
