//! A newsroom in which there is something of everything, and requests that are nearly what its pages send.

use std::sync::atomic::{AtomicUsize, Ordering};

use rejoinder::moderation::Role;

use crate::desk::{admin, decide, edit, reply, sign_in};
use crate::reporting::report;
use crate::support::{Client, Database, Engine, PASSWORD, Server};
use crate::two_factor::set_up;

use super::noise::Dice;
use super::routes::{Places, Route, all};

/// Accounts that a request may disable or demote. They are the first, so that every `{id}` below is one of theirs too.
const STAND_INS: usize = 8;

/// A session: its cookie, and the token that its forms carry.
struct Session {
    cookie: String,
    csrf: String,
}

pub struct Newsroom {
    routes: Vec<Route>,
    /// Answers of each route's handler to GET and to POST.
    reached: Vec<[AtomicUsize; 2]>,
    stylesheet: String,
    receipts: Vec<String>,
    reports: Vec<String>,
    /// The cookies of an author who is remembered, and of somebody who owes the second factor.
    reader: String,
    desk: Vec<Session>,
    /// Sessions that a request may end.
    ending: Vec<Session>,
}

fn session(client: &Client) -> Session {
    Session {
        cookie: format!("session={}", client.cookie("session").unwrap()),
        csrf: client.get("/moderation").value("input[name=csrf]"),
    }
}

/// What stands behind the last slash.
fn last(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}

impl Newsroom {
    /// A thread of public comments, one of them edited; a reply that waits, one that was rejected, spam; a report, a bulk, a
    /// remembered author; moderators and an admin who are signed in.
    pub fn new(engine: Engine) -> (Self, Database) {
        let server = Server::with(engine, &[("moderation.undo_seconds", "0")]);
        server.article("ferry");
        server.article("bridge");
        for number in 0..STAND_INS {
            server.account(&format!("Stand-in {number}"), Role::Moderator);
        }
        let (priya, dana) = (admin(&server, "Priya"), server.moderator("Dana"));
        server.account("Lena", Role::Moderator);
        server.account("Sam", Role::Moderator);
        let leaving = ["Lena", "Sam"].repeat(4);
        let (reader, ama) = (server.visitor(), server.visitor());

        let root = reply(&server, &reader, "Bo", "The **boat** was late.");
        decide(&dana, "", root.id, &[("do", "approve")]);
        let answer = reader.answer("ferry", root.id, "Kofi", "Was it?");
        let answer = server.comment_at(&answer);
        decide(&dana, "", answer, &[("do", "approve")]);
        let fields = [
            ("name", "Ama"),
            ("body", "It was [late](https://a.example)."),
            ("remember", "1"),
            ("do", "send"),
        ];
        let remembered = ama.post("/articles/ferry/replies", &fields).location();
        let known = server.comment_at(&remembered);
        decide(&dana, "", known, &[("do", "approve")]);
        edit(&ama, &remembered, "It was on time.");
        let rejected = reply(&server, &reader, "Bo", "Fools, all of you.");
        let fields = [("do", "reject"), ("ground", "1"), ("note", "Be kind.")];
        decide(&dana, "", rejected.id, &fields);
        let spam = reply(&server, &reader, "Bo", "Cheap boats.");
        decide(&dana, "", spam.id, &[("do", "spam")]);
        let waiting = reply(&server, &reader, "Bo", "And now?");
        let reported = report(&reader, root.id, &[("ground", "4")]);
        set_up(&server, &server.moderator("Tess"));
        let half_in = server.visitor();
        half_in.sign_in("Tess", PASSWORD);
        let sheets = reader.get("/").attributes("link[rel=stylesheet]", "href");

        let newsroom = Self {
            reached: all().iter().map(|_| Default::default()).collect(),
            routes: all(),
            stylesheet: sheets[0].clone(),
            receipts: [&waiting.receipt, &rejected.receipt, &remembered]
                .map(|receipt| last(receipt))
                .to_vec(),
            reports: vec![last(&reported)],
            reader: format!(
                "author={}; sign-in={}",
                ama.cookie("author").unwrap(),
                half_in.cookie("sign-in").unwrap()
            ),
            desk: vec![session(&priya), session(&priya), session(&dana)],
            ending: leaving
                .iter()
                .map(|name| session(&sign_in(&server, name)))
                .collect(),
        };
        (newsroom, server.stop())
    }

    /// A request for the route of this number, with a session, a receipt, a comment and a form as they should be, but for a
    /// value here and there. And which route it is, and whether it is posted.
    pub fn near_miss(&self, dice: &mut Dice, number: usize) -> ((usize, bool), Vec<u8>) {
        let at = number % self.routes.len();
        let route = &self.routes[at];
        let id = match route.pattern.as_str() {
            "/moderation/authors/{id}" | "/moderation/bulks/{id}/undo" => "1".to_owned(),
            // The other one goes on taking replies.
            "/moderation/articles/{id}" => "2".to_owned(),
            // The first two stay public.
            "/threads/{id}" | "/comments/{id}/report" => (1 + dice.below(3)).to_string(),
            "/moderation/comments/{id}/decide"
            | "/moderation/bulk"
            | "/moderation/decisions/{id}/undo" => (3 + dice.below(STAND_INS - 2)).to_string(),
            _ => (1 + dice.below(STAND_INS)).to_string(),
        };
        let any = |dice: &mut Dice, of: &[String]| of[dice.below(of.len())].clone();
        let (receipt, report) = (any(dice, &self.receipts), any(dice, &self.reports));
        let mut path = route.at(Places {
            id: &id,
            receipt: &receipt,
            report: &report,
        });
        match route.pattern.as_str() {
            "/api/counts" => path.push_str("?slug=ferry"),
            "/static/{name}" => path.clone_from(&self.stylesheet),
            "/sitemaps/{block}.xml" => "/sitemaps/0.xml".clone_into(&mut path),
            _ => {}
        }
        let post = route.post && (!route.get || dice.below(2) == 0);
        if !post && dice.below(3) == 0 {
            let name = dice.one(&QUERIES);
            let mark = if path.contains('?') { '&' } else { '?' };
            path.push_str(&format!("{mark}{name}={}", value(dice, &id)));
        }
        let ends = ["/logout", "/moderation/account/sessions"].contains(&route.pattern.as_str());
        let session = match (ends, route.is_desk()) {
            (true, _) => &self.ending[dice.below(self.ending.len())],
            (_, true) => &self.desk[dice.below(self.desk.len())],
            _ => &Session {
                cookie: self.reader.clone(),
                csrf: String::new(),
            },
        };
        let method = match (post, dice.below(8)) {
            (true, _) => "POST",
            (_, 0) => "HEAD",
            _ => "GET",
        };
        let body = if post {
            form(dice, &route.pattern, &session.csrf, &id)
        } else {
            String::new()
        };
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: a\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\n",
            session.cookie
        );
        if post {
            request.push_str(&format!(
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
                body.len()
            ));
        }
        request.push_str("Connection: close\r\n\r\n");
        ((at, post), (request + &body).into_bytes())
    }

    /// Counts an answer that only a handler can have given: not that there is no such page or form, nor that one has to sign in.
    pub fn note(&self, (route, post): (usize, bool), status: u16, answer: &[u8]) {
        let turned_away = matches!(status, 400 | 401 | 403 | 404 | 405 | 408 | 413 | 415 | 431)
            || String::from_utf8_lossy(answer).contains("location: /login?next");
        if !turned_away {
            self.reached[route][usize::from(post)].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How often each handler was reached, the rarest first.
    pub fn reached(&self) -> Vec<(usize, String)> {
        let mut reached = Vec::new();
        for (route, counts) in self.routes.iter().zip(&self.reached) {
            for (there, method, count) in [
                (route.get, "GET", &counts[0]),
                (route.post, "POST", &counts[1]),
            ] {
                if there {
                    let count = count.load(Ordering::Relaxed);
                    reached.push((count, format!("{method} {}", route.pattern)));
                }
            }
        }
        reached.sort_unstable();
        reached
    }
}

const QUERIES: [&str; 16] = [
    "from", "reply_to", "sort", "before", "after", "tab", "q", "article", "author", "status",
    "month", "by", "bulk", "said", "slug", "next",
];

/// What a field of no form should hold.
const NASTY: [&str; 20] = [
    "",
    "%00",
    "%ff",
    "%c0%af",
    "%ed%a0%80",
    "%0d%0a",
    "%0a",
    "%e2%80%8b",
    "%e2%80%ae%e2%81%a6",
    "%f0%9f%98%80",
    "-1",
    "0",
    "9223372036854775807",
    "9223372036854775808",
    "%2b1",
    "1e3",
    "0000-00-00",
    "*",
    "%5b%5b%5b%5ba%5d(",
    "%3cscript%3e",
];

/// A value that is likely, or one that is not.
fn value(dice: &mut Dice, id: &str) -> String {
    match dice.below(3) {
        0 => id.to_owned(),
        1 => dice
            .one(&["all", "newest", "waiting", "boat", "ferry", "2026-11"])
            .to_owned(),
        _ => dice.one(&NASTY).to_owned(),
    }
}

/// What the buttons of a route's forms say.
fn verbs(pattern: &str) -> &'static [&'static str] {
    match pattern {
        "/articles/{slug}/replies" | "/replies/{receipt}/edit" => &["send", "preview"],
        "/moderation/comments/{id}/decide" => &["approve", "reject", "spam", "skip", "trust"],
        "/moderation/bulk" => &["approve", "reject", "spam"],
        "/moderation/comments/{id}/claim" => &["claim", "look", "take-over", "release"],
        "/moderation/people" => &["add"],
        "/moderation/people/{id}" => &["disable", "enable", "role", "byline", "password"],
        "/moderation/policy/lists" => &["add", "preview", "change", "remove"],
        "/moderation/saved-replies" => &["add", "change", "remove"],
        "/moderation/account/sessions" => &["end", "end", "end", "all"],
        "/moderation/account/two-factor" => &["propose", "cancel", "confirm", "off", "codes"],
        "/moderation/articles/{id}" => &["open", "close"],
        pattern if pattern.ends_with("/reply") => &["send", "preview", "approve"],
        pattern if pattern.ends_with("/author") || pattern.contains("/authors/") => {
            &["trust", "hold", "free", "untrust", "release"]
        }
        _ => &["save", "publish", "preview", "add", "note", "try"],
    }
}

/// The fields of all forms at once, a few of them with what nobody would type.
fn form(dice: &mut Dice, pattern: &str, csrf: &str, id: &str) -> String {
    let verb = dice.one(verbs(pattern));
    let sel = format!("{id}.1");
    let fields = [
        ("csrf", csrf),
        ("do", verb),
        ("version", "1"),
        ("view", "tab=all"),
        ("ground", dice.one(&["1", "2", "6", "spam"])),
        ("note", "Be+kind."),
        ("id", id),
        ("sel", &sel),
        ("body", "The+*boat*+was+%5blate%5d(https://a.example)."),
        ("text", "A+text."),
        ("title", "A+title"),
        ("name", dice.one(&["Ama", "Bo", "Kofi"])),
        ("email", "ama%40a.example"),
        ("website", ""),
        ("parent", dice.one(&["", "", "1", "2"])),
        ("remember", dice.one(&["", "1"])),
        ("why", "It+was+not+so."),
        ("explanation", "It+is+unkind."),
        ("good_faith", "yes"),
        ("action", dice.one(&["hold", "refuse"])),
        ("kind", dice.one(&["words", "links", "networks", "emails"])),
        ("patterns", "heliotrope%0d%0amauve"),
        ("scope", "text"),
        ("address", ""),
        ("author", ""),
        ("base", "1"),
        ("before", ""),
        ("byline", "The+desk"),
        ("code", "123456"),
        ("current", "x"),
        ("entry", "1"),
        ("everything", dice.one(&["", "1"])),
        ("fast", "0"),
        ("from", ""),
        ("hold", "all"),
        ("key", "k"),
        ("links", "2"),
        ("new", "a+gate+of+wet+iron"),
        ("number", "1"),
        ("again", "a+gate+of+wet+iron"),
        ("reason", "x"),
        ("role", "moderator"),
        ("until", ""),
        ("next", "/moderation"),
    ];
    let mut pairs = Vec::new();
    for (name, usual) in fields {
        // The session's own token and the button are nearly always right: behind them lies what is to be reached.
        let rare = if ["csrf", "do"].contains(&name) {
            120
        } else {
            60
        };
        match dice.below(rare) {
            0 => pairs.push(format!("{name}={}", dice.one(&NASTY))),
            1 if dice.below(4) == 0 => pairs.push(format!("{name}={usual}&{name}=again")),
            2 if dice.below(8) == 0 => pairs.push(format!("{name}={}", "a".repeat(6_000))),
            3 if dice.below(8) == 0 => pairs.push(format!("{name}=%")),
            4 => {}
            _ => pairs.push(format!("{name}={usual}")),
        }
    }
    pairs.join("&")
}
