//! Every page there is, in every state, and the way to it.

mod desk;
mod log;
mod people;
mod policy;
mod reports;
mod staff;

use rejoinder::moderation::Role;
use rejoinder::store::{articles, closing, transaction};
use rejoinder::time::{HOUR, MINUTE, SECOND};

use crate::support::{Client, Engine, Page, Server};

/// The sights take their time. Whoever is refused for haste has done something in each of so many minutes, so that he still is
/// when his sight is looked at.
const MINUTES_OF_HASTE: i64 = 15;

/// One page to look at.
pub struct Sight {
    pub name: &'static str,
    pub base: String,
    /// The cookie of a session, where the page is the desk's.
    pub session: Option<String>,
    /// The cookie of a sign-in half done.
    pub step: Option<String>,
    pub way: Way,
    pub status: u16,
    /// A script that brings the page into the state to look at.
    pub then: &'static str,
}

pub enum Way {
    Get(String),
    Post(String, Vec<(String, String)>),
    /// The same from another site's page.
    Foreign(String),
}

impl Sight {
    /// The page as it comes over the wire.
    pub fn fetch(&self) -> Page {
        let client = Client::new(&self.base);
        if let Some(session) = &self.session {
            client.set_cookie("session", session);
        }
        if let Some(step) = &self.step {
            client.set_cookie("sign-in", step);
        }
        match &self.way {
            Way::Get(path) => client.get(path),
            Way::Post(path, fields) => {
                let fields: Vec<_> = fields.iter().map(|(k, v)| (&**k, &**v)).collect();
                client.post(path, &fields)
            }
            Way::Foreign(path) => client.post_raw(path, b"do=send", &[("origin", "null")]),
        }
    }
}

/// All sights, and the servers behind them.
pub struct Catalogue {
    pub sights: Vec<Sight>,
    pub servers: Vec<Server>,
}

const ARTICLE: &str = "---\ntitle: The last ferry\nslug: ferry\nsection: Harbour\nsummary: It leaves at 00:40.\n\
    byline: Ines Calloway\npublished: 2026-05-12T18:40\nupdated: 2026-05-12T21:05\n---\n\
    A first paragraph with a [link](https://council.example/minutes).\n\n## What it costs\n\n> Four hundred letters.\n\n\
    - boats\n- people\n\n1. fares\n2. fuel\n\n| Boat | Seats |\n|---|---|\n| Ada | 120 |\n\n`code` and ![a chart](chart.png)\n";
pub const LIVELY: &str = "**Late** again, and _wet_.\n\n> by rota\n\n- one\n- two\n\n```\nlong_line_of_code_that_does_not_break_anywhere_at_all_and_goes_on_and_on()\n```\n\n\
    https://council.example/a/very/long/address/that/does/not/break/anywhere/at/all/and/goes/on 🙂";
pub const ARABIC: &str = "تأخرت العبارة مرة أخرى هذا الصباح";

impl Catalogue {
    pub fn new() -> Self {
        let mut all = Self {
            sights: Vec::new(),
            servers: Vec::new(),
        };
        all.refusals_for_haste();
        all.quiet_town();
        all.long_lists();
        all.newsroom();
        all.reports();
        all.too_many_reports();
        all.authors();
        all.staff();
        all.people();
        all.policy();
        all.desk();
        all.log();
        all
    }

    pub fn server(&mut self, settings: &[(&'static str, &str)]) -> String {
        let server = Server::with(Engine::Sqlite, settings);
        let base = format!("http://{}", server.address);
        self.servers.push(server);
        base
    }

    fn add(&mut self, name: &'static str, client: &Client, status: u16, way: Way) {
        self.sights.push(Sight {
            name,
            base: client.base().to_owned(),
            session: client.cookie("session"),
            step: client.cookie("sign-in"),
            way,
            status,
            then: "",
        });
    }

    pub fn get(&mut self, name: &'static str, client: &Client, status: u16, path: &str) {
        self.add(name, client, status, Way::Get(path.to_owned()));
    }

    pub fn post(
        &mut self,
        name: &'static str,
        client: &Client,
        status: u16,
        path: &str,
        form: &[(&str, &str)],
    ) {
        let fields = form
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        self.add(name, client, status, Way::Post(path.to_owned(), fields));
    }

    /// Somebody who writes too much, and somebody who guesses passwords.
    fn refusals_for_haste(&mut self) {
        self.server(&[("replies.per_minute", "1"), ("login.per_minute", "1")]);
        let server = &self.servers[0];
        server.article("ferry");
        let reader = server.visitor();
        for minute in 0..MINUTES_OF_HASTE {
            reader.reply("ferry", "Ama", &format!("Number {minute}."));
            reader.sign_in(&format!("Nobody {minute}"), "not the password");
            server.clock.advance(MINUTE + SECOND);
        }
        server.clock.advance(-MINUTES_OF_HASTE * (MINUTE + SECOND));
        let form = [("name", "Ama"), ("body", LIVELY), ("do", "send")];
        self.post(
            "too many replies",
            &reader,
            429,
            "/articles/ferry/replies",
            &form,
        );
        let form = [("name", "Dana"), ("password", "guess"), ("next", "")];
        self.post(
            "too many attempts to sign in",
            &reader,
            429,
            "/login",
            &form,
        );
    }

    /// Nothing published, nothing waiting.
    fn quiet_town(&mut self) {
        self.server(&[]);
        let server = &self.servers[1];
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        self.get("empty front page", &reader, 200, "/");
        for (name, path) in [
            ("empty queue", "/moderation"),
            ("nothing reported", "/moderation?tab=reported"),
            ("nothing published", "/moderation?tab=published"),
            ("nothing rejected", "/moderation?tab=rejected"),
            ("no spam", "/moderation?tab=spam"),
            ("no appeals", "/moderation?tab=appeals"),
        ] {
            self.get(name, &dana, 200, path);
        }
    }

    /// More than fits on a page.
    fn long_lists(&mut self) {
        self.server(&[("replies.hold", "none")]);
        let server = &self.servers[2];
        for number in 1..=21 {
            server.article(&format!("article-{number}"));
        }
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        for number in 1..=51 {
            reader.reply("article-1", "Ama", &format!("Reply number {number}."));
        }
        let head = reader.get("/articles/article-1").item_with("number 1.");
        for number in 1..=51 {
            reader.answer("article-1", head, "Bo", &format!("Answer number {number}."));
        }
        self.get("front page with a pager", &reader, 200, "/");
        self.get(
            "branch with a pager",
            &reader,
            200,
            &format!("/threads/{head}"),
        );
        self.get("article with a pager", &reader, 200, "/articles/article-1");
        self.get(
            "published, with a pager",
            &dana,
            200,
            "/moderation?tab=published",
        );
    }

    /// A server in the middle of its work.
    fn newsroom(&mut self) {
        self.server(&[]);
        let server = &self.servers[3];
        let (reader, dana, eve) = (
            server.visitor(),
            server.moderator("Dana"),
            server.moderator("Eve"),
        );
        server.account("Tomasz", Role::Moderator);
        server.seed(ARTICLE);
        for slug in ["quiet", "closed", "gone"] {
            server.article(slug);
        }
        let published = reader.reply("ferry", "Ama", LIVELY);
        approve(&dana, "Late");
        let root = reader.get("/articles/ferry").item_with("Late");
        reader.answer("ferry", root, "Ben", ARABIC);
        approve(&dana, ARABIC);
        let answer = reader.get("/articles/ferry").item_with(ARABIC);
        for (parent, name, body) in [(answer, "Cyd", "Third level."), (root, "Dov", "Gone soon.")] {
            reader.answer("ferry", parent, name, body);
            approve(&dana, body);
        }
        let soon = reader.get("/articles/ferry").item_with("Gone soon.");
        reader.answer("ferry", soon, "Eli", "Below a tombstone.");
        approve(&dana, "Below a tombstone.");
        dana.decide("published", "Gone soon.", "reject", "4");
        let rejected = reader.reply("ferry", "Fay", "Off to the shops.");
        dana.decide("waiting", "shops", "reject", "4");
        let spam = reader.reply("ferry", "Gil", "Cheap socks.");
        dana.decide("waiting", "socks", "spam", "");
        let withdrawn = reader.reply("ferry", "Guy", "On second thoughts.");
        reader.post(&format!("{withdrawn}/withdraw"), &[]);
        // The author hears of it an hour later.
        server.clock.advance(HOUR);

        reader.reply("ferry", "Hal", "About to be taken by two.");
        let stale = eve.get("/moderation");
        let taken = stale.item_with("taken by two");
        let done = approve(&dana, "taken by two").location();
        let field = |name: &str| stale.value(&format!("#c-{taken} form input[name={name}]"));
        let conflict = [
            ("csrf", field("csrf")),
            ("version", field("version")),
            ("view", field("view")),
            ("do", "reject".to_owned()),
            ("ground", "4".to_owned()),
            ("note", "Keep to the ferry.".to_owned()),
        ];
        let pending = reader.reply("ferry", "Ida", LIVELY);
        reader.answer("ferry", root, "Tomasz", "I am staff, believe me.");
        reader.post(
            "/articles/ferry/replies",
            &[
                ("name", "Jo"),
                ("website", "https://jo.example"),
                ("body", ARABIC),
                ("homepage_url", "x"),
                ("do", "send"),
            ],
        );
        let mut db = server.database.connect();
        transaction(&mut db, |db| {
            closing::close(db, "closed", server.now())?;
            articles::remove(db, "gone", server.now())
        })
        .unwrap();

        self.get("front page", &reader, 200, "/");
        self.get("article", &reader, 200, "/articles/ferry");
        for (name, path) in [
            ("newest first", "/articles/ferry?sort=newest".to_owned()),
            (
                "most replied",
                "/articles/ferry?sort=most-replied".to_owned(),
            ),
            ("branch", format!("/threads/{root}")),
            ("branch below a tombstone", format!("/threads/{soon}")),
        ] {
            self.get(name, &reader, 200, &path);
        }
        self.get("article without comments", &reader, 200, "/articles/quiet");
        self.get("closed article", &reader, 200, "/articles/closed");
        self.get(
            "replying",
            &reader,
            200,
            &format!("/articles/ferry?reply_to={root}"),
        );
        let parent = root.to_string();
        let form = [
            ("name", ""),
            ("email", "no"),
            ("website", "no"),
            ("parent", &*parent),
            ("do", "send"),
        ];
        self.post("errors", &reader, 422, "/articles/ferry/replies", &form);
        let form = [
            ("name", "Ama"),
            ("body", LIVELY),
            ("parent", &*parent),
            ("do", "preview"),
        ];
        self.post("preview", &reader, 200, "/articles/ferry/replies", &form);
        for (name, receipt) in [
            ("receipt, published", published),
            ("receipt, rejected", rejected),
            ("receipt, spam", spam),
            ("receipt, withdrawn", withdrawn),
            ("receipt, waiting", pending.clone()),
        ] {
            self.get(name, &reader, 200, &receipt);
        }
        self.get("about to withdraw", &reader, 200, &pending);
        self.then("document.querySelector('.drop').open = true");
        self.get("house rules", &reader, 200, "/rules");
        self.get("sign-in", &reader, 200, "/login");
        self.get(
            "sign-in midway",
            &reader,
            200,
            "/login?next=/moderation%3Fmidway",
        );
        let form = [("name", "Dana"), ("password", "guess"), ("next", "")];
        self.post("failed sign-in", &reader, 422, "/login", &form);
        self.get("not found", &reader, 404, "/nowhere");
        self.get("not allowed", &reader, 405, "/logout");
        self.get("removed article", &reader, 410, "/articles/gone");
        let form = [("name", "Ama"), ("body", LIVELY), ("do", "send")];
        self.post(
            "closed meanwhile",
            &reader,
            409,
            "/articles/closed/replies",
            &form,
        );
        let long = "x".repeat(100_000);
        let form = [("name", "Ama"), ("body", &*long), ("do", "send")];
        self.post("too large", &reader, 413, "/articles/ferry/replies", &form);
        let foreign = Way::Foreign("/articles/ferry/replies".to_owned());
        self.add("from another site", &reader, 403, foreign);

        self.get("queue", &dana, 200, "/moderation");
        self.get("reject menu", &dana, 200, "/moderation");
        self.then("document.querySelector('.drop').open = true");
        self.get("keys", &dana, 200, "/moderation");
        self.then("document.querySelector('[data-keys]').click()");
        self.get("queue after a decision", &dana, 200, &done);
        self.get("audit log", &dana, 200, "/moderation/audit");
        for (name, path) in [
            ("published", "/moderation?tab=published"),
            ("rejected", "/moderation?tab=rejected"),
            ("spam", "/moderation?tab=spam"),
        ] {
            self.get(name, &dana, 200, path);
        }
        let conflict: Vec<_> = conflict
            .iter()
            .map(|(key, value)| (*key, &**value))
            .collect();
        let path = format!("/moderation/comments/{taken}/decide");
        self.post("decided by a colleague", &eve, 409, &path, &conflict);
        let senseless = [conflict[0], ("do", "nothing")];
        self.post("a form without sense", &eve, 400, &path, &senseless);
        self.get("replying in place", &reader, 200, "/articles/ferry");
        self.then("document.querySelector('.comment a[href*=reply_to]').click()");
    }

    /// What happens on the latest sight before it is looked at.
    pub fn then(&mut self, script: &'static str) {
        self.sights.last_mut().unwrap().then = script;
    }
}

pub fn approve(moderator: &Client, words: &str) -> Page {
    let page = moderator.decide("waiting", words, "approve", "");
    assert_eq!(page.status, 303, "{}", page.text());
    page
}
