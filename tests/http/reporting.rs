//! Reporting a comment: the form, and that one report is one report.

use diesel::prelude::*;
use rejoinder::store::schema::{comments, reports};
use rejoinder::store::{closing, transaction};
use rejoinder::time::{MINUTE, SECOND};

use crate::support::{Client, Engine, Page, Server, on_each_engine};

/// Clients are told apart by what the proxy says.
pub const PROXIED: (&str, &str) = ("trusted_proxies", "127.0.0.1/32");
/// The rule of kind `illegal`.
pub const ILLEGAL: &str = "6";

/// A server with a published comment.
pub fn published(engine: Engine, settings: &[(&'static str, &str)]) -> (Server, i64) {
    let mut all = vec![("replies.hold", "none")];
    all.extend_from_slice(settings);
    let server = Server::with(engine, &all);
    server.article("ferry");
    let receipt = server
        .visitor()
        .reply("ferry", "Harbour Sceptic", "The **boat** was late.");
    let comment = server.comment_at(&receipt);
    (server, comment)
}

/// Reports a comment and says at which receipt the report is.
pub fn report(reader: &Client, comment: i64, fields: &[(&str, &str)]) -> String {
    let page = reader.post(&format!("/comments/{comment}/report"), fields);
    assert_eq!(page.status, 303, "{}", page.text());
    page.location()
}

/// The same from a network of its own.
pub fn report_from(reader: &Client, network: &str, comment: i64, fields: &[(&str, &str)]) -> Page {
    reader.post_from(network, &format!("/comments/{comment}/report"), fields)
}

/// How many reports are stored; and what their comment says of it: open ones and risk.
pub fn counted(server: &Server, comment: i64) -> (i64, i64, i64) {
    let mut db = server.database.connect();
    let stored = reports::table.count().get_result(&mut db).unwrap();
    let (open, risk) = comments::table
        .find(comment)
        .select((comments::open_reports, comments::risk))
        .first(&mut db)
        .unwrap();
    (stored, open, risk)
}

#[test]
fn a_comment_is_reported_from_its_link_to_its_receipt() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[]);
        let reader = server.visitor();
        let page = reader.get("/articles/ferry");
        let link = format!("#c-{comment} > p a[href$='/report']");
        assert_eq!(page.only(&link), "Report comment by Harbour Sceptic");
        let form = reader.get(&page.attribute(&link, "href"));
        assert_eq!(form.status, 200);
        assert_eq!(form.only("h1"), "Report a comment");
        assert!(form.only("#comment > p").starts_with("Harbour Sceptic, "));
        assert_eq!(form.only("#comment .c-body strong"), "boat");
        assert_eq!(
            form.texts(".check:has([name=ground])"),
            [
                "Personal attack",
                "Hatred or discrimination",
                "Private information",
                "Off topic",
                "Advertising",
                "Unlawful content",
                "Spam"
            ]
        );
        let address = form.only(".if-illegal code");
        assert_eq!(address, format!("{}/comments/{comment}", reader.base()));
        assert_eq!(reader.head(&form_path(comment)).status, 200);

        let receipt = report(
            &reader,
            comment,
            &[
                ("seen", &form.value("[name=seen]")),
                ("ground", "4"),
                ("explanation", "It is about buses.\r\n\r\nNot boats."),
                ("name", " Bo\u{200b}  Ek "),
                ("email", "bo@secret.example"),
            ],
        );
        let page = reader.get(&receipt);
        assert_eq!(page.only("h1"), "Your report was received");
        assert_eq!(
            page.only(".steps [aria-current] b"),
            "Waiting for a moderator"
        );
        assert_eq!(page.only(".quote .c-body"), "The boat was late.");
        assert_eq!(
            page.texts(".pairs dd"),
            [
                "Off topic (rule 4): “Keep to the subject of the article.”",
                "It is about buses. Not boats."
            ]
        );
        assert_eq!(
            page.value("#address"),
            format!("{}{receipt}", reader.base())
        );
        assert_eq!(counted(&server, comment), (1, 1, 3));
        let mut db = server.database.connect();
        let stored: (String, String, String) = reports::table
            .select((
                reports::explanation,
                reports::contact_name,
                reports::contact_email,
            ))
            .first(&mut db)
            .unwrap();
        assert_eq!(
            stored,
            (
                "It is about buses.\n\nNot boats.".to_owned(),
                "Bo Ek".to_owned(),
                "bo@secret.example".to_owned()
            )
        );
    });
}

/// Where a comment is reported.
pub fn form_path(comment: i64) -> String {
    format!("/comments/{comment}/report")
}

#[test]
fn a_closed_discussion_takes_reports_all_the_same() {
    let (server, comment) = published(Engine::Sqlite, &[]);
    let mut db = server.database.connect();
    transaction(&mut db, |db| closing::close(db, "ferry", server.now())).unwrap();
    let reader = server.visitor();
    for path in ["/articles/ferry", &format!("/threads/{comment}")] {
        let page = reader.get(path);
        assert_eq!(page.count("a[href*=reply_to]"), 0);
        assert_eq!(
            page.texts(".comment > .c-body + p a"),
            ["Report comment by Harbour Sceptic"]
        );
    }
    report(&reader, comment, &[("ground", "spam")]);
    assert_eq!(counted(&server, comment), (1, 1, 3));
}

#[test]
fn illegal_content_is_reported_by_somebody_or_for_a_child_by_anybody() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[PROXIED]);
        let reader = server.visitor();
        let named = [
            ("ground", ILLEGAL),
            ("explanation", "It sells stolen bicycles."),
            ("name", "Bo"),
            ("email", "bo@secret.example"),
            ("good_faith", "yes"),
        ];
        let unnamed = [
            ("ground", ILLEGAL),
            ("explanation", "It shows what nobody may show."),
            ("child_abuse", "yes"),
            ("good_faith", "yes"),
        ];
        let first = report_from(&reader, "198.51.100.1", comment, &named);
        assert_eq!(first.status, 303, "{}", first.text());
        let second = report_from(&reader, "198.51.100.2", comment, &unnamed);
        assert_eq!(second.status, 303, "{}", second.text());
        assert_eq!(counted(&server, comment), (2, 2, 6));
        let page = reader.get(&first.location());
        assert_eq!(
            page.texts(".pairs dd")[0],
            "Unlawful content (rule 6): “Nothing the law forbids.”"
        );
    });
}

/// Gives a comment another text, as an accepted revision does.
pub fn edit(server: &Server, comment: i64, html: &str) {
    let mut db = server.database.connect();
    diesel::update(comments::table.find(comment))
        .set((
            comments::body_html.eq(html),
            comments::edited_at.eq(server.now().0),
        ))
        .execute(&mut db)
        .unwrap();
}

#[test]
fn one_network_reports_a_comment_once() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[PROXIED]);
        let reader = server.visitor();
        let words = "It is about buses.";
        let fields = [("ground", "4"), ("explanation", words)];
        let send = |network, fields: &[_]| report_from(&reader, network, comment, fields);
        let first = send("198.51.100.1", &fields).location();
        // The same again is the same: a second click.
        assert_eq!(send("198.51.100.1", &fields).location(), first);
        server.clock.advance(9 * MINUTE);
        assert_eq!(send("198.51.100.1", &fields).location(), first);
        // Anything else from there is not taken, and is not led to the first one's receipt.
        let others: [&[(&str, &str)]; 5] = [
            &[("ground", "5"), ("explanation", words)],
            &[("ground", "4"), ("explanation", "Other words.")],
            &[("ground", "4"), ("explanation", words), ("name", "Bo")],
            &[
                ("ground", "4"),
                ("explanation", words),
                ("email", "bo@a.example"),
            ],
            &[
                ("ground", "4"),
                ("explanation", words),
                ("good_faith", "yes"),
            ],
        ];
        let token = first.strip_prefix("/reports/").unwrap();
        for other in others {
            let page = send("198.51.100.1", other);
            assert_eq!(page.status, 409, "{other:?}");
            assert_eq!(page.only("h1"), "A report from your connection is waiting");
            assert_eq!(page.value("textarea[readonly]"), other[1].1);
            assert!(!page.body.contains(token));
            assert_eq!(page.header("location"), None);
            assert_eq!(page.header("cache-control"), Some("no-store"));
        }
        assert_eq!(counted(&server, comment), (1, 1, 3));
        // A stranger's copy is a report of its own.
        let copy = send("198.51.100.2", &fields).location();
        assert_ne!(copy, first);
        assert_eq!(counted(&server, comment), (2, 2, 6));
        // And after ten minutes nobody can tell whose click it was.
        server.clock.advance(2 * MINUTE);
        assert_eq!(send("198.51.100.1", &fields).status, 409);
        assert_eq!(counted(&server, comment), (2, 2, 6));
    });
}

#[test]
fn many_clicks_at_once_are_one_report_and_many_readers_at_once_as_many() {
    on_each_engine(|engine| {
        let (server, comment) = published(engine, &[PROXIED]);
        let base = server.visitor().base().to_owned();
        let at_once = |of: fn(usize) -> (String, String)| -> Vec<(u16, Option<String>)> {
            let clicks: Vec<_> = (0..8)
                .map(|n| {
                    let (base, (network, words)) = (base.clone(), of(n));
                    std::thread::spawn(move || {
                        let fields = [("ground", "4"), ("explanation", &*words)];
                        let page = report_from(&Client::new(&base), &network, comment, &fields);
                        (page.status, page.header("location").map(str::to_owned))
                    })
                })
                .collect();
            clicks.into_iter().map(|c| c.join().unwrap()).collect()
        };
        let mut same = at_once(|_| ("198.51.100.1".into(), "Impatient.".into()));
        same.dedup();
        assert_eq!(same.len(), 1, "{same:?}");
        assert_eq!(counted(&server, comment), (1, 1, 3));
        let unlike = at_once(|n| ("198.51.100.2".into(), format!("Window {n}.")));
        let taken = unlike.iter().filter(|(status, _)| *status == 303).count();
        let refused = unlike.iter().filter(|(status, _)| *status == 409).count();
        assert_eq!((taken, refused), (1, 7), "{unlike:?}");
        let readers = at_once(|n| (format!("198.51.100.{}", n + 10), String::new()));
        assert!(readers.iter().all(|(status, _)| *status == 303));
        assert_eq!(counted(&server, comment), (10, 10, 30));
    });
}

#[test]
fn too_many_reports_from_one_network_wait_and_lose_nothing() {
    on_each_engine(|engine| {
        let (server, first) = published(engine, &[PROXIED, ("replies.per_minute", "2")]);
        let reader = server.visitor();
        let ids: Vec<i64> = ["One.", "Two."]
            .iter()
            .map(|body| {
                server.clock.advance(MINUTE);
                server.comment_at(&reader.reply("ferry", "Ama", body))
            })
            .collect();
        server.clock.advance(MINUTE);
        let fields = [
            ("seen", "0"),
            ("ground", ILLEGAL),
            ("name", "Bo & \"Co\""),
            ("email", "bo@a.example"),
            ("child_abuse", "yes"),
            ("good_faith", "yes"),
            ("explanation", "One\n\n</textarea> two."),
        ];
        let send = |network, comment| report_from(&reader, network, comment, &fields);
        assert_eq!(send("198.51.100.1", first).status, 303);
        assert_eq!(send("198.51.100.1", ids[0]).status, 303);
        server.clock.advance(20 * SECOND);
        let page = send("198.51.100.1", ids[1]);
        assert_eq!(page.status, 429);
        assert_eq!(page.only("h1"), "Too many reports in a short time");
        let wait: i64 = page.header("retry-after").unwrap().parse().unwrap();
        assert!((30..=40).contains(&wait), "{wait}");
        assert_eq!(page.attribute("main form", "action"), form_path(ids[1]));
        for (name, value) in fields {
            assert_eq!(page.value(&format!("main form [name={name}]")), value);
        }
        assert_eq!(counted(&server, ids[1]).1, 0);
        // Neighbours are free, a second click is no new report, replies are counted apart, and time heals.
        assert_eq!(send("198.51.100.2", ids[1]).status, 303);
        assert_eq!(send("198.51.100.1", ids[0]).status, 303);
        server.clock.advance(wait * SECOND + 1_000);
        assert_eq!(send("198.51.100.1", ids[1]).status, 303);
        assert_eq!(counted(&server, ids[1]), (4, 2, 6));
    });
}

#[test]
fn a_locked_database_keeps_every_field_of_a_report() {
    use diesel::connection::SimpleConnection;
    let (server, comment) = published(Engine::Sqlite, &[]);
    let reader = server.visitor();
    let fields = [
        ("ground", "4"),
        ("name", "Bo <b>"),
        ("email", "bo@a.example"),
        ("explanation", "First line.\nSecond \"line\"."),
    ];
    let mut other = server.database.connect();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let page = reader.post(&form_path(comment), &fields);
    assert_eq!(page.status, 503);
    assert!(page.header("retry-after").is_some());
    let form = format!("form[action='{}']", form_path(comment));
    for (name, value) in fields {
        assert_eq!(page.value(&format!("{form} [name={name}]")), value);
    }
    other.batch_execute("ROLLBACK").unwrap();
    report(&reader, comment, &fields);
}
