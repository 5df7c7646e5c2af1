//! Everybody's own account: the password, and where one is signed in.

use rejoinder::time::{HOUR, MINUTE, SECOND};

use crate::auditing::{LOG, sentences};
use crate::desk::{post, toast};
use crate::support::{Client, Engine, PASSWORD, Page, Server, on_each_engine};

const ACCOUNT: &str = "/moderation/account";
const NEW: &str = "dry slate, quick bell";

fn change(client: &Client, current: &str, new: &str, again: &str) -> Page {
    let fields = [("current", current), ("new", new), ("again", again)];
    post(client, "/moderation/account/password", &fields)
}

fn is_in(client: &Client) -> bool {
    client.get("/moderation").status == 200
}

/// Signs in with a browser of this name.
fn with_browser(server: &Server, name: &str, browser: &str) -> Client {
    let client = server.visitor();
    let body = format!("name={name}&password={}&next=", PASSWORD.replace(' ', "+"));
    let origin = client.base().to_owned();
    let headers = [("origin", origin.as_str()), ("user-agent", browser)];
    assert_eq!(
        client.post_raw("/login", body.as_bytes(), &headers).status,
        303
    );
    client
}

#[test]
fn a_new_password_ends_every_other_session_and_gives_this_one_a_new_token() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let (dana, ed) = (server.moderator("Dana"), server.moderator("Ed"));
        let other = server.visitor();
        other.sign_in("Dana", PASSWORD);
        let before = dana.cookie("session").unwrap();
        let csrf = dana.get("/moderation").value("[name=csrf]");
        let done = change(&dana, PASSWORD, NEW, NEW);
        let after = dana.cookie("session").unwrap();
        assert_eq!(
            toast(&dana, &done),
            "The password is changed. Your other sessions have ended."
        );
        assert_ne!(before, after);
        assert!(is_in(&dana) && is_in(&ed) && !is_in(&other));
        let thief = server.visitor();
        thief.set_cookie("session", &before);
        assert!(!is_in(&thief), "the old token still opens the desk");
        let page = dana.post(
            "/moderation/account/sessions",
            &[("csrf", &csrf), ("do", "all")],
        );
        assert_eq!(page.status, 403, "a form of the old session is of no use");
        assert_eq!(other.sign_in("Dana", PASSWORD).status, 422);
        assert_eq!(other.sign_in("Dana", NEW).status, 303);
        assert_eq!(sentences(&ed.get(LOG))[1], "Dana changed their password");
    });
}

#[test]
fn a_password_that_is_not_taken_says_why_and_is_never_shown() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("login.per_minute", "100")]);
        let dana = server.moderator("Dana");
        let long = "zy".repeat(513);
        for (current, new, again, links) in [
            ("not her password", NEW, NEW, &["#current"][..]),
            ("", NEW, NEW, &["#current"]),
            (&long, NEW, NEW, &["#current"]),
            (PASSWORD, "short", "short", &["#new"]),
            (PASSWORD, "qwerty123456", "qwerty123456", &["#new"]),
            (PASSWORD, &long, &long, &["#new"]),
            (PASSWORD, PASSWORD, PASSWORD, &["#new"]),
            (PASSWORD, NEW, "dry slate", &["#again"]),
            (PASSWORD, "", "x", &["#new", "#again"]),
        ] {
            let page = change(&dana, current, new, again);
            assert_eq!(page.status, 422, "{new}");
            assert_eq!(page.attributes("[role=alert] a", "href"), links);
            assert!(page.texts("title")[0].starts_with("Error: "));
            for field in ["#current", "#new", "#again"] {
                assert_eq!(page.value(field), "");
            }
        }
        assert!(is_in(&dana));
        assert_eq!(server.visitor().sign_in("Dana", PASSWORD).status, 303);
    });
}

#[test]
fn guessing_ones_own_password_is_kept_waiting_like_signing_in() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("login.per_minute", "2")]);
        let dana = server.moderator("Dana");
        for _ in 0..2 {
            assert_eq!(change(&dana, "not her password", NEW, NEW).status, 422);
        }
        let page = change(&dana, PASSWORD, NEW, NEW);
        assert_eq!(page.status, 429);
        assert!(page.header("retry-after").is_some());
        assert!(page.only("[role=alert] p").starts_with("Too many attempts"));
        assert_eq!(server.visitor().sign_in("Dana", PASSWORD).status, 429);
        assert!(is_in(&dana));
        server.clock.advance(MINUTE + SECOND);
        assert_eq!(change(&dana, PASSWORD, NEW, NEW).status, 303);
    });
}

#[test]
fn sessions_are_listed_with_device_and_last_use_and_ended_one_by_one_or_all() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let (dana, ed) = (server.moderator("Dana"), server.moderator("Ed"));
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let laptop = with_browser(&server, "Dana", firefox);
        server.clock.advance(2 * HOUR);
        let phone = with_browser(&server, "Dana", "<i>Nobody knows</i> (iPhone)");
        let page = laptop.get(ACCOUNT);
        assert!(!server.holds("x86_64") && !server.holds("Nobody knows"));
        let lines = page.texts("#sessions ~ .log li");
        assert_eq!(lines.len(), 3, "{lines:?}");
        let line = |words: &str| {
            let found = lines.iter().position(|line| line.contains(words));
            found.unwrap_or_else(|| panic!("no `{words}` in {lines:?}"))
        };
        // What an admin does not see, nor anybody else.
        assert_eq!(ed.get(ACCOUNT).count("#sessions ~ .log li"), 1);
        assert!(lines[line("Firefox on Linux")].contains("This one"));
        assert!(
            lines[line("A browser on iPhone")].starts_with("now")
                || lines[line("iPhone")].contains("just now"),
            "{lines:?}"
        );
        assert_eq!(page.texts("#sessions ~ .log .badge"), ["This one"]);
        assert_eq!(
            page.count("#sessions ~ .log [name=key]"),
            2,
            "this one has Sign out"
        );

        let key = page.value(&format!(
            "#sessions ~ .log li:nth-of-type({}) [name=key]",
            line("iPhone") + 1
        ));
        let end = |by: &Client| {
            post(
                by,
                "/moderation/account/sessions",
                &[("do", "end"), ("key", &key)],
            )
        };
        end(&ed);
        assert!(is_in(&phone), "somebody ended another's session");
        assert_eq!(toast(&laptop, &end(&laptop)), "The session has ended.");
        assert!(!is_in(&phone) && is_in(&laptop) && is_in(&dana));
        assert_eq!(end(&laptop).status, 303, "ended twice is ended");
        let csrf = laptop.get(ACCOUNT).value("[name=csrf]");
        for (csrf, act, status) in [("", "all", 403), ("x", "end", 403), (&*csrf, "some", 400)] {
            let fields = [("csrf", csrf), ("do", act)];
            assert_eq!(
                laptop.post("/moderation/account/sessions", &fields).status,
                status
            );
        }
        let out = post(&laptop, "/moderation/account/sessions", &[("do", "all")]);
        assert_eq!(out.location(), "/login");
        assert_eq!(laptop.cookie("session"), None);
        assert!(!is_in(&laptop) && !is_in(&dana) && is_in(&ed));
        assert_eq!(
            sentences(&ed.get(LOG))[..2],
            [
                "Dana signed out everywhere",
                "Dana ended one of their sessions"
            ]
        );
        // Sessions that ended by themselves are not listed.
        laptop.sign_in("Dana", PASSWORD);
        server.clock.advance(13 * HOUR);
        laptop.sign_in("Dana", PASSWORD);
        assert_eq!(laptop.get(ACCOUNT).count("#sessions ~ .log li"), 1);
    });
}

#[test]
fn ones_account_is_for_who_is_signed_in() {
    let server = Server::start(Engine::Sqlite);
    server.moderator("Dana");
    let stranger = server.visitor();
    for path in [ACCOUNT, "/moderation/account/two-factor"] {
        assert!(stranger.get(path).location().starts_with("/login?next="));
    }
    for path in ["password", "sessions", "two-factor"] {
        let page = stranger.post(&format!("{ACCOUNT}/{path}"), &[("do", "all")]);
        assert!(page.location().starts_with("/login?next="), "{path}");
    }
}
