//! Discussions that are closed, by their editors or by themselves, and articles that were removed.

use rejoinder::store::{articles, closing};
use rejoinder::time::{DAY, Timestamp};

use crate::support::{Client, Page, Server, on_each_engine};

const FORTNIGHT: [(&str, &str); 2] = [("replies.close_after_days", "14"), ("replies.hold", "none")];

/// "12 May", as this page would say it now.
fn day(at: Timestamp) -> String {
    let zone = rejoinder::time::Zone::utc();
    let parts = zone.parts(at);
    let months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    format!(
        "{} {}",
        parts.day,
        months[usize::try_from(parts.month - 1).unwrap()]
    )
}

#[track_caller]
fn assert_taken(reader: &Client, words: &str) {
    assert_eq!(reader.get("/articles/ferry").count("#reply form"), 1);
    reader.reply("ferry", "Ama", words);
}

/// Page, branch and both buttons agree that nothing is taken, and why.
#[track_caller]
fn assert_refused(reader: &Client, id: i64, why: &str) {
    let page = reader.get("/articles/ferry");
    assert_eq!(page.count("#reply form"), 0);
    assert!(page.only("#reply").contains(why), "{}", page.only("#reply"));
    assert!(page.text().contains("In time."));
    assert_eq!(page.count("a[href*=reply_to]"), 0);
    let branch = reader.get(&format!("/threads/{id}"));
    assert_eq!(branch.count("a[href*=reply_to]"), 0);
    let asked = reader.get(&format!("/articles/ferry?reply_to={id}"));
    assert_eq!(asked.count("#reply form"), 0);
    for act in ["send", "preview"] {
        let page = late(reader, act);
        assert_eq!(page.status, 409, "{act}");
        assert_eq!(page.value("textarea[readonly]"), "Too late, alas.");
        assert!(page.text().contains(why), "{act}: {}", page.text());
        assert!(page.text().contains("Your text is below, to copy."));
        assert_eq!(page.count("a[href='/articles/ferry']"), 1);
    }
}

fn late(reader: &Client, act: &str) -> Page {
    let fields = [("name", "Bo"), ("body", "Too late, alas."), ("do", act)];
    reader.post("/articles/ferry/replies", &fields)
}

#[test]
fn a_discussion_closes_when_its_days_are_over_and_keeps_what_came_too_late() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &FORTNIGHT);
        server.article("ferry");
        let published = server.now();
        let reader = server.visitor();
        assert_taken(&reader, "In time.");
        let id = reader.get("/articles/ferry").item_with("In time.");
        server.clock.advance(14 * DAY);
        let end = day(published.plus(14 * DAY));
        assert_refused(
            &reader,
            id,
            &format!("Replies closed on {end}, 14 days after publication."),
        );
    });
}

#[test]
fn editors_close_and_open_a_discussion() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.article("ferry");
        let reader = server.visitor();
        assert_taken(&reader, "In time.");
        let id = reader.get("/articles/ferry").item_with("In time.");
        let then = server.now();
        server.beside(|db| closing::close(db, "ferry", then).unwrap());
        let why = format!("The editors closed replies on {}", day(then));
        assert_refused(&reader, id, &why);
        // Closing what is closed changes nothing.
        server.clock.advance(2 * DAY);
        server.beside(|db| closing::close(db, "ferry", server.now()).unwrap());
        assert_refused(&reader, id, &why);
        server.beside(|db| closing::open(db, "ferry", 0, server.now()).unwrap());
        assert_taken(&reader, "Again.");
    });
}

#[test]
fn an_article_can_be_closed_by_its_file() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        let file = |comments: &str| {
            server.seed(&format!(
                "---\ntitle: Ferry\nslug: ferry\n{comments}---\nText.\n"
            ));
        };
        file("");
        let reader = server.visitor();
        assert_taken(&reader, "In time.");
        let id = reader.get("/articles/ferry").item_with("In time.");
        file("comments: closed\n");
        assert_refused(&reader, id, "The editors closed replies on");
        // A file that says nothing of comments leaves them as they are.
        file("summary: New.\n");
        assert_refused(&reader, id, "The editors closed replies on");
        file("comments: open\n");
        assert_taken(&reader, "Again.");
    });
}

#[test]
fn what_editors_open_after_its_time_stays_open_until_they_close_it() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &FORTNIGHT);
        server.article("ferry");
        let reader = server.visitor();
        assert_taken(&reader, "In time.");
        let id = reader.get("/articles/ferry").item_with("In time.");
        // Opened before its time is over, it closes all the same.
        server.beside(|db| closing::close(db, "ferry", server.now()).unwrap());
        server.beside(|db| closing::open(db, "ferry", 14 * DAY, server.now()).unwrap());
        server.clock.advance(15 * DAY);
        assert_refused(&reader, id, "14 days after publication.");
        server.beside(|db| closing::open(db, "ferry", 14 * DAY, server.now()).unwrap());
        assert_taken(&reader, "Second wind.");
        server.clock.advance(90 * DAY);
        assert_taken(&reader, "Still open.");
        server.beside(|db| closing::close(db, "ferry", server.now()).unwrap());
        assert_refused(&reader, id, "The editors closed replies on");
    });
}

#[test]
fn everything_of_a_removed_article_is_gone_but_its_receipts() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.seed("---\ntitle: Ferry\nslug: ferry\naliases: [boat]\n---\nText.\n");
        let (reader, moderator) = (server.visitor(), server.moderator("Dana"));
        let receipt = reader.reply("ferry", "Ama", "In time.");
        let id = server.comment_at(&receipt);
        let hidden = server.comment_at(&reader.reply("ferry", "Bo", "Not for long."));
        moderator.decide("published", "Not for long.", "spam", "");
        server.beside(|db| articles::remove(db, "ferry", server.now()).unwrap());
        for path in [
            "/articles/ferry".to_owned(),
            "/articles/ferry/feed.atom".to_owned(),
            format!("/articles/ferry?reply_to={id}"),
            format!("/threads/{id}"),
            format!("/comments/{id}"),
        ] {
            let page = reader.get(&path);
            assert_eq!(page.status, 410, "{path}");
            assert_eq!(page.only("h1"), "This article was removed");
        }
        // What was not public is not there, as before.
        assert_eq!(reader.get(&format!("/comments/{hidden}")).status, 404);
        assert_eq!(reader.get(&format!("/threads/{hidden}")).status, 404);
        assert_eq!(reader.get("/articles/boat").location(), "/articles/ferry");
        assert_eq!(late(&reader, "send").status, 410);
        assert_eq!(reader.get(&receipt).status, 200);
    });
}
