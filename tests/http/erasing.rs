//! A person erased: by receipt, by author, by e-mail; no trace of them is left, and everything else stands.

use diesel::prelude::*;
use rejoinder::store::person::{self, Whose};
use rejoinder::store::schema::{audit_entries, author_devices, authors, comments};
use rejoinder::store::tidying::{self, Tidied};
use rejoinder::store::{Db, dossier, erasure, publication};
use rejoinder::time::MINUTE;

use crate::desk::{Sent, admin, date, decide, edit, post, reply, reply_from};
use crate::recognising::PROXIED;
use crate::reporting::report_from;
use crate::support::{Engine, Server, on_each_engine};

const HOME: &str = "198.51.100.1";
const EMAIL: &str = "quillon@birds.example";

/// Words that stand nowhere but in what Quillon wrote or what was written about her.
const TRACES: [&str; 16] = [
    "Quillon",
    "quillon",
    "Featherby",
    "quillon@birds.example",
    "birdsite",
    "gullunion",
    "plumagefact",
    "moultedit",
    "wingappeal",
    "beakreport",
    "Beakwitness",
    "nestnote",
    "crestreason",
    "talonanswer",
    "198.51.100.0/24",
    "elsewherenote",
];

/// A newsroom where Quillon has left every kind of trace, and others have answered her.
struct Newsroom {
    server: Server,
    public: Sent,
    rejected: Sent,
    hashes: Vec<Vec<u8>>,
}

fn newsroom(engine: Engine) -> Newsroom {
    let server = Server::with(engine, &[PROXIED, ("site.name", "Ledger")]);
    server.article("ferry");
    let (quillon, bo, dana) = (server.visitor(), server.visitor(), admin(&server, "Dana"));
    let typed = |body| {
        [
            ("name", "Quillon Featherby"),
            ("email", "Quillon@Birds.example"),
            ("website", "https://birdsite.example"),
            ("body", body),
            ("remember", "1"),
        ]
    };
    let public = reply_from(&server, &quillon, HOME, &typed("The gullunion rules."));
    decide(&dana, "", public.id, &[("do", "approve")]);
    let answer = bo.answer("ferry", public.id, "Bo", "They always did.");
    decide(&dana, "", server.comment_at(&answer), &[("do", "approve")]);
    edit(
        &quillon,
        &public.receipt,
        "The gullunion rules. A moultedit.",
    );
    decide(&dana, "", public.id, &[("do", "approve")]);
    let rejected = reply_from(&server, &quillon, HOME, &typed("A plumagefact."));
    let no = [
        ("do", "reject"),
        ("ground", "4"),
        ("note", "No talonanswer."),
    ];
    decide(&dana, "", rejected.id, &no);
    server.clock.advance(2 * MINUTE);
    let appeal = [("why", "My wingappeal.")];
    quillon.post(&format!("{}/appeal", rejected.receipt), &appeal);
    let note = [("note", "Mind the nestnote."), ("view", "")];
    post(
        &dana,
        &format!("/moderation/comments/{}/notes", public.id),
        &note,
    );
    let until = date(&server, 9);
    let hold = [
        ("do", "hold"),
        ("until", &*until),
        ("reason", "A crestreason."),
    ];
    assert_eq!(post(&dana, "/moderation/authors/1", &hold).status, 303);
    // Somebody else from there, whose reply quotes why she is held; and one where a colleague names her.
    reply_from(
        &server,
        &bo,
        HOME,
        &[("name", "Cy"), ("body", "From next door.")],
    );
    let other = reply(&server, &bo, "Bo", "Something else.");
    let named = [
        ("note", "elsewherenote: ask quillon featherby"),
        ("view", ""),
    ];
    post(
        &dana,
        &format!("/moderation/comments/{}/notes", other.id),
        &named,
    );
    decide(&dana, "", other.id, &[("do", "approve")]);
    let report = [
        ("ground", "4"),
        ("explanation", "A beakreport."),
        ("name", "Beakwitness"),
        ("email", EMAIL),
    ];
    let sent = report_from(&quillon, HOME, other.id, &report);
    assert_eq!(sent.status, 303, "{}", sent.text());
    let hashes = comments::table
        .filter(comments::network.is_not_null())
        .filter(comments::id.eq(public.id))
        .select(comments::network.assume_not_null())
        .load(&mut server.database.connect())
        .unwrap();
    assert_eq!(hashes.len(), 1);
    Newsroom {
        server,
        public,
        rejected,
        hashes,
    }
}

impl Newsroom {
    fn erase(&self, whose: Whose) -> person::Counts {
        let mut db = self.server.database.connect();
        let person = person::find(&mut db, &whose).unwrap().unwrap();
        let counts = person::counts(&mut db, &person).unwrap();
        let now = self.server.now();
        let erased = erasure::erase(&mut db, &person, now, || ()).unwrap();
        self.server.sweep();
        assert_eq!(erased, counts);
        assert_eq!(publication::drift(&mut db).unwrap(), (0, 0, 0));
        erased
    }

    fn db(&self) -> Db {
        self.server.database.connect()
    }
}

#[test]
fn everything_of_an_email_is_gone_and_pages_follow_at_once() {
    on_each_engine(|engine| {
        let room = newsroom(engine);
        let reader = room.server.visitor();
        assert!(reader.get("/articles/ferry").text().contains("moultedit"));
        for trace in TRACES {
            assert!(room.server.holds(trace), "{trace}");
        }
        let erased = room.erase(Whose::Email(" QUILLON@birds.example".into()));
        assert_eq!((erased.comments, erased.reports, erased.authors), (2, 1, 1));
        assert_eq!((erased.devices, erased.holds, erased.notes), (1, 1, 1));
        for trace in TRACES {
            // Somebody else's reply from the same network keeps that until its days are over.
            if trace != "198.51.100.0/24" {
                assert!(!room.server.holds(trace), "{trace}");
            }
        }
        let article = reader.get("/articles/ferry");
        assert!(article.text().contains("Withdrawn by its author."));
        assert!(article.text().contains("They always did."));
        assert_eq!(article.only(".counts"), "2 comments · no views yet");
        for sent in [&room.public, &room.rejected] {
            assert_eq!(
                reader.get(&sent.receipt).only("h1"),
                "Your reply is withdrawn"
            );
        }
        let dana = crate::desk::sign_in(&room.server, "Dana");
        for path in [
            "/moderation?tab=all",
            "/moderation/audit",
            "/moderation?tab=appeals",
        ] {
            assert_eq!(dana.get(path).status, 200, "{path}");
        }
        let log = dana.get("/moderation/audit").text();
        assert!(log.contains("erased what one person had written"), "{log}");
        let facts: Vec<String> = audit_entries::table
            .filter(audit_entries::act.eq("erased"))
            .select(audit_entries::facts)
            .load(&mut room.db())
            .unwrap();
        assert_eq!(facts.len(), 1);
        assert!(facts[0].contains("\"comments\":2"), "{facts:?}");
        let whose = Whose::Email(EMAIL.into());
        assert_eq!(person::find(&mut room.db(), &whose).unwrap(), None);
    });
}

#[test]
fn an_author_is_erased_with_their_devices_and_is_recognised_no_more() {
    on_each_engine(|engine| {
        let room = newsroom(engine);
        let erased = room.erase(Whose::Author(1));
        assert_eq!((erased.comments, erased.authors, erased.devices), (2, 1, 1));
        // The report came with an address, and not from this device.
        assert_eq!(erased.reports, 0);
        let mut db = room.db();
        let authors: i64 = authors::table.count().get_result(&mut db).unwrap();
        let devices: i64 = author_devices::table.count().get_result(&mut db).unwrap();
        assert_eq!((authors, devices), (0, 0));
        for trace in [
            "gullunion",
            "plumagefact",
            "wingappeal",
            "nestnote",
            "crestreason",
        ] {
            assert!(!room.server.holds(trace), "{trace}");
        }
        assert!(room.server.holds("beakreport"));
        assert_eq!(person::find(&mut db, &Whose::Author(1)).unwrap(), None);
        assert_eq!(person::find(&mut db, &Whose::Author(99)).unwrap(), None);
    });
}

#[test]
fn a_receipt_erases_its_own_comment_or_report_and_no_other() {
    on_each_engine(|engine| {
        let room = newsroom(engine);
        let token = |receipt: &str| receipt.rsplit('/').next().unwrap().to_owned();
        let erased = room.erase(Whose::Receipt(token(&room.rejected.receipt)));
        assert_eq!((erased.comments, erased.reports, erased.authors), (1, 0, 0));
        for trace in ["plumagefact", "wingappeal", "talonanswer"] {
            assert!(!room.server.holds(trace), "{trace}");
        }
        for trace in ["gullunion", "beakreport", "quillon@birds.example"] {
            assert!(room.server.holds(trace), "{trace}");
        }
        let report: String = rejoinder::store::schema::reports::table
            .select(rejoinder::store::schema::reports::receipt)
            .first(&mut room.db())
            .unwrap();
        let erased = room.erase(Whose::Receipt(report.clone()));
        assert_eq!((erased.comments, erased.reports), (0, 1));
        assert!(!room.server.holds("beakreport") && !room.server.holds("Beakwitness"));
        let reader = room.server.visitor();
        assert_eq!(reader.get(&format!("/reports/{report}")).status, 200);
        let nobody = Whose::Receipt("no\0body".into());
        assert_eq!(person::find(&mut room.db(), &nobody).unwrap(), None);
    });
}

#[test]
fn an_export_holds_everything_about_somebody_and_nobody_else() {
    on_each_engine(|engine| {
        let room = newsroom(engine);
        let mut db = room.db();
        let person = person::find(&mut db, &Whose::Email(EMAIL.into()));
        let all = dossier::of(&mut db, &person.unwrap().unwrap(), room.server.now()).unwrap();
        let text = all.to_string();
        for trace in TRACES {
            if !["quillon", "elsewherenote"].contains(&trace) {
                assert!(text.contains(trace), "{trace}: {text}");
            }
        }
        for others in [
            "They always did",
            "Something else",
            "From next door",
            "Dana",
        ] {
            assert!(!text.contains(others), "{others}");
        }
        let comments = all["comments"].as_array().unwrap();
        assert_eq!(comments.len(), 2);
        assert_eq!(comments[0]["status"], "rejected");
        assert_eq!(comments[0]["decisions"][0]["rule"]["title"], "Off topic");
        assert_eq!(comments[0]["appeal"]["status"], "open");
        assert_eq!(comments[1]["edits"][0]["status"], "accepted");
        assert_eq!(all["authors"][0]["device_count"], 1);
        assert_eq!(all["reports"][0]["email"], EMAIL);
    });
}

/// The places where SQLite could keep what is gone: the file, and its log.
fn bytes(server: &Server) -> Vec<u8> {
    let folder = server.database.folder();
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap_or_default();
    [read("test.db"), read("test.db-wal")].concat()
}

fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

/// In any part of a term that an index may keep apart.
fn assert_no_trace(bytes: &[u8], room: &Newsroom) {
    for trace in TRACES {
        assert!(!holds(bytes, trace.as_bytes()), "{trace}");
    }
    // What a search index keeps of a word after the letters that it shares with the one before.
    for end in ["llunion", "magefact", "ltedit", "illon", "atherby"] {
        assert!(!holds(bytes, end.as_bytes()), "{end}");
    }
    for hash in &room.hashes {
        assert!(!holds(bytes, hash), "the hash of the network");
    }
}

#[test]
fn no_byte_of_the_database_file_keeps_what_was_erased() {
    let room = newsroom(Engine::Sqlite);
    let seen = bytes(&room.server);
    for trace in TRACES {
        assert!(holds(&seen, trace.as_bytes()), "{trace}");
    }
    assert!(holds(&seen, &room.hashes[0]));
    // Whoever else writes from there would keep the network.
    diesel::delete(rejoinder::store::schema::comment_networks::table)
        .execute(&mut room.db())
        .unwrap();
    diesel::update(comments::table)
        .set(comments::network.eq(None::<Vec<u8>>))
        .execute(&mut room.db())
        .unwrap();
    room.erase(Whose::Email(EMAIL.into()));
    let target = room.server.database.target();
    // Beside a server: overwritten, and the log is empty.
    assert_eq!(tidying::tidy(&mut room.db(), &target).unwrap(), Tidied::Log);
    assert_no_trace(&bytes(&room.server), &room);
}
