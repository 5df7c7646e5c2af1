//! What being recognised earns: under `replies.hold = first` a reply need not wait, and moderators see a record.

use rejoinder::store::schema::authors as author_rows;

use super::recognising::{FIRST, PROXIED, TARGET, devices, ferry, known_authors, remember};
use crate::support::{Client, Page, Server, on_each_engine};

/// The evidence about the author of the item with these words.
pub(super) fn evidence(moderator: &Client, tab: &str, words: &str) -> String {
    let list = moderator.get(&format!("/moderation?tab={tab}"));
    let id = list.item_with(words);
    let terms = list.texts(&format!("#c-{id} .evid dt"));
    let at = terms.iter().position(|term| term == "Author").unwrap();
    list.texts(&format!("#c-{id} .evid dd")).swap_remove(at)
}

pub(super) fn heading(reader: &Client, sent: &Page) -> String {
    reader.get(&sent.location()).only("h1")
}

pub(super) const WAITS: &str = "Your reply is awaiting moderation";
pub(super) const PUBLISHED: &str = "Your reply is published";

#[test]
fn an_authors_first_reply_waits_and_after_its_approval_the_next_does_not() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[FIRST]);
        let moderator = server.moderator("Dana");
        let (ama, bo) = (server.visitor(), server.visitor());
        let first = remember(&ama, "Ama", "Reply one.");
        assert_eq!(heading(&ama, &first), WAITS);
        assert_eq!(heading(&ama, &remember(&ama, "Ama", "Reply two.")), WAITS);
        let said = moderator.decide("waiting", "Reply one.", "approve", "");
        let third = remember(&ama, "Ama", "Reply three.");
        assert_eq!(heading(&ama, &third), PUBLISHED);
        // What waited before waits on, and nobody else profits.
        assert_eq!(moderator.get("/moderation").count(".item"), 1);
        let bos = bo.reply("ferry", "Ama", "By Bo.");
        assert_eq!(bo.get(&bos).only("h1"), WAITS);
        // More than the first reply is looked at.
        let links = "https://a.example https://b.example https://c.example";
        assert_eq!(heading(&ama, &remember(&ama, "Ama", links)), WAITS);

        // Undone, and everything published later rejected: then replies wait again.
        moderator.undo(&moderator.get(&said.location()));
        let rejected = moderator.decide("published", "Reply three.", "reject", "1");
        let fourth = remember(&ama, "Ama", "Reply four.");
        assert_eq!(heading(&ama, &fourth), WAITS);
        assert_eq!(
            evidence(&moderator, "waiting", "Reply four."),
            format!(
                "Recognised: 0 approved, 1 rejected, first seen {}",
                today(&server)
            )
        );
        // The rejection undone, they do not.
        moderator.undo(&moderator.get(&rejected.location()));
        assert_eq!(
            heading(&ama, &remember(&ama, "Ama", "Reply five.")),
            PUBLISHED
        );
    });
}

/// The day of the server's clock, as pages write it.
fn today(server: &Server) -> String {
    let site = rejoinder::views::Site::new(
        "Test",
        "en",
        rejoinder::time::Zone::utc(),
        rejoinder::web::assets::addresses(),
        1,
    );
    rejoinder::views::dates::Dates::new(&site, server.now())
        .day(server.now())
        .text
}

#[test]
fn a_forgotten_device_is_nobodys() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[FIRST]);
        let moderator = server.moderator("Dana");
        let ama = server.visitor();
        let receipt = remember(&ama, "Ama", "Reply one.").location();
        moderator.decide("waiting", "Reply one.", "approve", "");
        let plain = |body| ama.reply("ferry", "Ama", body);
        assert_eq!(ama.get(&plain("Reply two.")).only("h1"), PUBLISHED);

        let form = format!("form[action='{receipt}/forget']");
        assert_eq!(ama.get(&receipt).count(&form), 1);
        let forged = ama.post_raw(
            &format!("{receipt}/forget"),
            b"",
            &[("origin", "http://evil.example")],
        );
        assert_eq!((forged.status, devices(&server)), (403, 1));
        let token = ama.cookie("author").unwrap();
        let answer = ama.post(&format!("{receipt}/forget"), &[]);
        assert_eq!(answer.status, 303);
        assert_eq!(answer.location(), format!("{receipt}#forgotten"));
        assert_eq!(
            ama.get(&receipt).only("#forgotten"),
            "This device is forgotten. Replies from it are not recognised any more."
        );
        assert_eq!(ama.cookie("author"), None);
        assert_eq!(ama.get(&plain("Reply three.")).only("h1"), WAITS);
        // Whoever kept the token has nothing of it.
        let thief = server.visitor();
        thief.set_cookie("author", &token);
        let stolen = thief.reply("ferry", "Ama", "Reply four.");
        assert_eq!(thief.get(&stolen).only("h1"), WAITS);
        assert_eq!((devices(&server), known_authors(&server)), (0, 1));
        // Again, and without a cookie, does no harm; a receipt that is none forgets nothing.
        let again = ama.post(&format!("{receipt}/forget"), &[]);
        assert_eq!((again.status, again.header("set-cookie")), (303, None));
        remember(&ama, "Ama", "Reply five.");
        let nowhere = ama.post("/replies/AAAAAAAAAAAAAAAAAAAAAAAA/forget", &[]);
        assert_eq!(nowhere.status, 404);
        assert_eq!(ama.get(&format!("{receipt}/forget")).status, 405);
        assert_eq!(devices(&server), 1);
        // A reply that nobody is remembered by has no such form.
        let unknown = server.visitor().reply("ferry", "Bo", "Who, me?");
        assert_eq!(ama.get(&unknown).count("form[action$='/forget']"), 0);
    });
}

#[test]
fn somebody_elses_name_and_email_earn_nothing() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[FIRST, PROXIED]);
        let moderator = server.moderator("Dana");
        let (ama, thief) = (server.visitor(), server.visitor());
        let fields = |body: &'static str, remember: &'static str| {
            [
                ("name", "Ama Serwaa"),
                ("email", "Ama@A.example"),
                ("website", "https://ama.example/"),
                ("body", body),
                ("remember", remember),
                ("do", "send"),
            ]
        };
        for (body, act) in [
            ("Bad one.", "reject"),
            ("Sold one.", "spam"),
            ("Good one.", "approve"),
        ] {
            ama.post_from("198.51.100.1", TARGET, &fields(body, "1"));
            let done = moderator.decide("waiting", body, act, "1");
            assert_eq!(done.status, 303);
        }
        let genuine = ama.post_from("198.51.100.1", TARGET, &fields("The genuine one.", ""));
        assert_eq!(heading(&ama, &genuine), PUBLISHED);
        let record = format!(
            "Recognised: 2 approved, 1 rejected, 1 marked as spam, first seen {}",
            today(&server)
        );
        assert_eq!(
            evidence(&moderator, "published", "The genuine one."),
            record
        );

        // The thief types everything that she types, in any case of letters, from her network even, with and without the tick.
        for (body, network, remember) in [
            ("Stolen one.", "198.51.100.9", ""),
            ("Stolen two.", "198.51.100.1", ""),
            ("Stolen three.", "198.51.100.9", "1"),
        ] {
            let mut typed = fields(body, remember);
            typed[1].1 = "aMa@a.EXAMPLE";
            let sent = thief.post_from(network, TARGET, &typed);
            assert_eq!(heading(&thief, &sent), WAITS, "{body}");
            let said = evidence(&moderator, "waiting", body);
            if remember.is_empty() {
                assert_eq!(
                    said,
                    "Same e-mail as an author with 2 approved comments, unconfirmed"
                );
            } else {
                let new = format!(
                    "Recognised: 0 approved, 0 rejected, first seen {}",
                    today(&server)
                );
                assert_eq!(said, new);
            }
            moderator.decide("waiting", body, "approve", "");
        }
        // Approved, they stand beside hers with other pictures, and her record is what it was.
        let page = ama.get("/articles/ferry");
        let picture = |body: &str| {
            let id = page.item_with(body);
            page.attribute(&format!("#c-{id} [data-i]"), "data-i")
        };
        assert_eq!(picture("Good one."), picture("The genuine one."));
        for body in ["Stolen one.", "Stolen two.", "Stolen three."] {
            assert_ne!(picture(body), picture("Good one."), "{body}");
        }
        assert_eq!(
            evidence(&moderator, "published", "The genuine one."),
            record
        );
        let list = moderator.get("/moderation?tab=published");
        assert!(!list.body.to_lowercase().contains("ama@a.example"));
    });
}

#[test]
fn twenty_replies_of_one_author_at_once_are_counted_exactly() {
    on_each_engine(|engine| {
        let server = ferry(engine, &[FIRST]);
        let moderator = server.moderator("Dana");
        let ama = server.visitor();
        remember(&ama, "Ama", "Reply one.");
        moderator.decide("waiting", "Reply one.", "approve", "");
        let token = ama.cookie("author").unwrap();
        let base = ama.base().to_owned();
        let senders: Vec<_> = (0..20)
            .map(|n| {
                let (base, token) = (base.clone(), token.clone());
                std::thread::spawn(move || {
                    let client = Client::new(&base);
                    client.set_cookie("author", &token);
                    let receipt = client.reply("ferry", "Ama", &format!("At once {n}."));
                    assert_eq!(client.get(&receipt).only("h1"), PUBLISHED);
                })
            })
            .collect();
        for sender in senders {
            sender.join().unwrap();
        }
        let mut db = server.database.connect();
        use diesel::{QueryDsl, RunQueryDsl};
        let approved: i64 = author_rows::table
            .select(author_rows::approved_count)
            .first(&mut db)
            .unwrap();
        assert_eq!(approved, 21);
        let drift = rejoinder::store::publication::drift(&mut db).unwrap();
        assert_eq!(drift, (0, 0, 0));
        let page = ama.get("/articles/ferry");
        assert!(page.only(".counts").starts_with("21 comments"));
    });
}
