//! "Remember me on this device": the cookie, what it earns, and that nothing else earns it.

use rejoinder::store::authors;
use rejoinder::store::schema::{author_devices, authors as author_rows};
use rejoinder::time::MINUTE;

use super::trusting::{PUBLISHED, WAITS, evidence, heading};
use crate::support::{Client, Engine, Page, Server, on_each_engine};

pub(super) const TARGET: &str = "/articles/ferry/replies";
pub(super) const FIRST: (&str, &str) = ("replies.hold", "first");
pub(super) const PROXIED: (&str, &str) = ("trusted_proxies", "127.0.0.1/32");

pub(super) fn ferry(engine: Engine, settings: &[(&'static str, &str)]) -> Server {
    let server = Server::with(engine, settings);
    server.article("ferry");
    server
}

/// Sends a reply with the box ticked.
pub(super) fn remember(reader: &Client, name: &str, body: &str) -> Page {
    let fields = [
        ("name", name),
        ("email", "ama@a.example"),
        ("body", body),
        ("remember", "1"),
        ("do", "send"),
    ];
    let sent = reader.post(TARGET, &fields);
    assert_eq!(sent.status, 303, "{}", sent.text());
    sent
}

pub(super) fn devices(server: &Server) -> i64 {
    use diesel::{QueryDsl, RunQueryDsl};
    let mut db = server.database.connect();
    author_devices::table.count().get_result(&mut db).unwrap()
}

pub(super) fn known_authors(server: &Server) -> i64 {
    use diesel::{QueryDsl, RunQueryDsl};
    let mut db = server.database.connect();
    author_rows::table.count().get_result(&mut db).unwrap()
}

#[test]
fn the_cookie_comes_with_the_receipt_of_a_ticked_reply_and_says_how_it_may_be_sent() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[]);
        let reader = server.visitor();
        let sent = remember(&reader, "Ama", "Remember me.");
        let cookies = sent.headers_named("set-cookie");
        assert_eq!(cookies.len(), 1, "{cookies:?}");
        let mut parts: Vec<&str> = cookies[0].split("; ").collect();
        parts.sort_unstable();
        let token = reader.cookie("author").unwrap();
        assert_eq!(token.len(), 43);
        assert_eq!(
            parts,
            [
                "HttpOnly",
                "Max-Age=34560000",
                "Path=/",
                "SameSite=Lax",
                &format!("author={token}"),
            ]
        );
        // The database knows its hash alone, and no page has it.
        use diesel::{QueryDsl, RunQueryDsl};
        let stored: Vec<Vec<u8>> = author_devices::table
            .select(author_devices::token_hash)
            .load(&mut server.database.connect())
            .unwrap();
        assert_eq!(stored, [rejoinder::store::token::hash(&token)]);
        assert!(!reader.get(&sent.location()).body.contains(&token));
    });
}

#[test]
fn over_https_the_cookie_is_bound_to_the_host() {
    let https = [("public_url", "https://news.example"), PROXIED];
    let server = ferry(Engine::Sqlite, &https);
    let reader = server.visitor();
    let sent = remember(&reader, "Ama", "Remember me.");
    let cookie = sent.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-author="), "{cookie}");
    for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.split("; ").any(|said| said == part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"));
    let forgotten = reader.post(&format!("{}/forget", sent.location()), &[]);
    let cookie = forgotten.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-author=;") && cookie.contains("Secure"));
    assert!(cookie.contains("Max-Age=0"), "{cookie}");
    // The name without the prefix can be set by a neighbouring host, and is not believed.
    let neighbour = server.visitor();
    remember(&neighbour, "Bo", "Me too.");
    let token = neighbour.cookie("__Host-author").unwrap();
    let other = server.visitor();
    other.set_cookie("author", &token);
    other.reply("ferry", "Bo", "By nobody.");
    let moderator = server.moderator("Dana");
    assert!(evidence(&moderator, "waiting", "By nobody.").starts_with("Not recognised"));
}

#[test]
fn nobody_is_remembered_who_did_not_tick_the_box_or_whose_reply_was_not_taken() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[("replies.per_minute", "1")]);
        let reader = server.visitor();
        let page = reader.get("/articles/ferry");
        assert_eq!(page.count("#reply-form input[name=remember]"), 1);
        assert_eq!(page.count("input[name=remember][checked]"), 0);

        let mut unticked = vec![("name", "Ama"), ("body", "Hello."), ("do", "send")];
        let sent = reader.post(TARGET, &unticked);
        assert_eq!(sent.status, 303);
        // An empty field is no tick.
        unticked.push(("remember", ""));
        let mut answers = vec![sent, reader.post(TARGET, &unticked)];

        let ticked = |name, body, act| {
            let fields = [
                ("name", name),
                ("body", body),
                ("remember", "1"),
                ("do", act),
            ];
            reader.post(TARGET, &fields)
        };
        for (name, body, act, status) in [
            ("", "No name.", "send", 422),
            ("Ama", "Only to look.", "preview", 200),
            ("Ama", "Too soon.", "send", 429),
        ] {
            let page = ticked(name, body, act);
            assert_eq!(page.status, status);
            if status == 429 {
                assert_eq!(page.value("main form [name=remember]"), "1");
            } else {
                assert_eq!(page.count("#reply-form [name=remember][checked]"), 1);
            }
            answers.push(page);
        }
        let twice = b"name=Ama&body=Twice&remember=1&remember=1&do=send";
        let page = reader.post_raw(TARGET, twice, &[("origin", reader.base())]);
        assert_eq!(page.status, 422);
        assert_eq!(
            page.texts("#errors a[href='#remember']"),
            ["Tick “Remember me on this device” once: the form sent it twice"]
        );
        answers.push(page);
        for page in answers {
            assert_eq!(page.header("set-cookie"), None, "{}", page.text());
        }
        assert_eq!((devices(&server), known_authors(&server)), (0, 0));
        assert!(!reader.get("/articles/ferry").body.contains("checked"));
    });
}

#[test]
fn a_database_that_is_busy_remembers_nobody_and_keeps_the_tick() {
    use diesel::connection::SimpleConnection;
    let server = ferry(Engine::Sqlite, &[]);
    let reader = server.visitor();
    let mut other = server.database.connect();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let fields = [
        ("name", "Ama"),
        ("body", "Held up."),
        ("remember", "1"),
        ("do", "send"),
    ];
    let page = reader.post(TARGET, &fields);
    assert_eq!(page.status, 503);
    assert_eq!(page.header("set-cookie"), None);
    assert_eq!(page.value("main form [name=remember]"), "1");
    other.batch_execute("ROLLBACK").unwrap();
    assert!(reader.post(TARGET, &fields).header("set-cookie").is_some());
}

#[test]
fn no_page_differs_by_the_cookie_and_its_owner_is_counted_as_a_reader() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[("replies.hold", "none")]);
        let ama = server.visitor();
        let receipt = remember(&ama, "Ama", "First.").location();
        let stranger = server.visitor();
        for path in [
            "/",
            "/articles/ferry",
            "/articles/ferry?reply_to=1",
            "/threads/1",
            "/rules",
            "/articles/ferry/feed.atom",
            "/api/counts?slug=ferry",
            &receipt,
            "/nothing",
        ] {
            let (hers, anybodys) = (ama.get(path), stranger.get(path));
            assert_eq!(hers.body, anybodys.body, "{path}");
            for name in ["etag", "vary", "cache-control", "set-cookie"] {
                assert_eq!(hers.header(name), anybodys.header(name), "{name} of {path}");
            }
        }
        let database = server.stop();
        let server = Server::over(database, &[]);
        let page = server.visitor().get("/articles/ferry");
        // She and the stranger looked at the article twice each.
        assert!(page.only(".counts").ends_with("4 views"), "{}", page.text());
    });
}

#[test]
fn whoever_is_recognised_and_ticks_again_stays_the_same_author() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[("replies.hold", "none")]);
        let reader = server.visitor();
        remember(&reader, "Ama", "First.");
        let token = reader.cookie("author").unwrap();
        server.clock.advance(48 * 60 * MINUTE);
        let again = remember(&reader, "Ama from the north bank", "Second.");
        assert!(
            again
                .header("set-cookie")
                .unwrap()
                .starts_with(&format!("author={token};"))
        );
        // Without the tick nothing is set, and nothing taken away.
        let third = reader.post(
            TARGET,
            &[("name", "Ama"), ("body", "Third."), ("do", "send")],
        );
        assert_eq!(third.header("set-cookie"), None);
        assert_eq!((devices(&server), known_authors(&server)), (1, 1));
        let page = reader.get("/articles/ferry");
        let mut pictures = page.attributes(".comment [data-i]", "data-i");
        pictures.dedup();
        assert_eq!(pictures.len(), 1);
    });
}

#[test]
fn a_token_that_is_unknown_or_none_is_nobodys() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[FIRST]);
        let long = "A".repeat(5_000);
        for (n, token) in [
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "short",
            "%00%ff",
            "\"quoted\"",
            "a' OR 1=1 --",
            &long,
        ]
        .into_iter()
        .enumerate()
        {
            let reader = server.visitor();
            reader.set_cookie("author", token);
            let fields = [
                ("name", "Ama"),
                ("body", &*format!("Reply {n}.")),
                ("do", "send"),
            ];
            let sent = reader.post(TARGET, &fields);
            assert_eq!(heading(&reader, &sent), WAITS);
            assert_eq!(sent.header("set-cookie"), None);
            // And may ask to be remembered.
            remember(&reader, "Ama", &format!("Remember reply {n}."));
            let new = reader.cookie("author").unwrap();
            assert!(new != token && new.len() == 43);
        }
        assert_eq!((devices(&server), known_authors(&server)), (6, 6));
    });
}

#[test]
fn a_double_click_and_a_reload_lose_no_cookie_and_make_one_author() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[FIRST, PROXIED]);
        let moderator = server.moderator("Dana");
        // Both clicks leave before an answer is there: neither has a cookie yet.
        let (first, second) = (server.visitor(), server.visitor());
        let receipt = remember(&first, "Ama", "Impatient.").location();
        let duplicate = remember(&second, "Ama", "Impatient.");
        assert_eq!(duplicate.location(), receipt);
        let tokens = [first.cookie("author"), second.cookie("author")];
        assert_ne!(tokens[0], tokens[1]);
        assert_eq!((devices(&server), known_authors(&server)), (2, 1));
        // Sent again when the cookie is there, it is still the same reply.
        let reload = remember(&first, "Ama", "Impatient.");
        assert_eq!(reload.location(), receipt);
        assert_eq!(first.cookie("author"), tokens[0]);
        assert_eq!(server.stored_comments(), 1);
        // Either cookie works.
        moderator.decide("waiting", "Impatient.", "approve", "");
        for (client, body) in [(&first, "Reply one."), (&second, "Reply two.")] {
            let sent = client.reply("ferry", "Ama", body);
            assert_eq!(client.get(&sent).only("h1"), PUBLISHED, "{body}");
        }
        // A copy from another network is a stranger's, and so is one that ticks what the first did not.
        let quiet = [("name", "Bo"), ("body", "Quiet."), ("do", "send")];
        let receipt = server.visitor().post(TARGET, &quiet).location();
        let mut loud = quiet.to_vec();
        loud.push(("remember", "1"));
        let late = server.visitor().post(TARGET, &loud);
        assert_eq!(
            (late.location(), late.header("set-cookie")),
            (receipt, None)
        );
        let stranger = server.visitor().post_from("198.51.100.7", TARGET, &loud);
        assert!(stranger.header("set-cookie").is_some());
        assert_eq!(known_authors(&server), 2);
    });
}

#[test]
fn the_same_reply_sent_for_ever_does_not_fill_the_table_of_devices() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[]);
        for _ in 0..25 {
            remember(&server.visitor(), "Ama", "Again and again.");
        }
        assert_eq!((devices(&server), known_authors(&server)), (20, 1));
        assert_eq!(server.stored_comments(), 1);
    });
}

#[test]
fn clicks_at_the_same_moment_make_one_comment_by_one_author() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[]);
        let base = server.visitor().base().to_owned();
        let clicks: Vec<_> = (0..8)
            .map(|_| {
                let base = base.clone();
                std::thread::spawn(move || {
                    let client = Client::new(&base);
                    let receipt = remember(&client, "Ama", "At once.").location();
                    (receipt, client.cookie("author").unwrap())
                })
            })
            .collect();
        let told: Vec<_> = clicks.into_iter().map(|c| c.join().unwrap()).collect();
        assert!(told.iter().all(|(receipt, _)| *receipt == told[0].0));
        assert_eq!((devices(&server), known_authors(&server)), (8, 1));
        assert_eq!(server.stored_comments(), 1);
        let mut db = server.database.connect();
        let mut whose: Vec<Option<i64>> = told
            .iter()
            .map(|(_, token)| {
                let device = authors::Device {
                    token: Some(rejoinder::store::token::hash(token)),
                    new_token: None,
                };
                authors::recognise(&mut db, &device, server.now()).unwrap()
            })
            .collect();
        whose.dedup();
        assert!(matches!(whose[..], [Some(_)]), "{whose:?}");
    });
}
