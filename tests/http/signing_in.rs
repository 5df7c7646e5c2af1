//! Sessions of staff: how they begin, how they end, and who is kept waiting.

use rejoinder::moderation::Role;
use rejoinder::store::{moderators, transaction};
use rejoinder::text;
use rejoinder::time::{HOUR, SECOND};

use crate::support::{Client, Engine, PASSWORD, Server, on_each_engine};

/// What `rejoinder moderator` does to an account.
fn change(server: &Server, name: &str, disabled: Option<bool>) {
    let mut db = server.database.connect();
    transaction(&mut db, |db| {
        let account = moderators::find(db, &text::mimic_key(name))?.unwrap();
        match disabled {
            Some(disabled) => {
                moderators::set_disabled(db, account.id, disabled.then(|| server.now()))
            }
            None => moderators::set_password(
                db,
                account.id,
                &rejoinder::passwords::hash("another, longer bell").unwrap(),
            ),
        }
    })
    .unwrap();
}

fn is_in(client: &Client) -> bool {
    client.get("/moderation").status == 200
}

#[test]
fn the_desk_sends_strangers_to_the_door_and_back_to_where_they_wanted() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.account("Dana Whitlock", Role::Moderator);
        let client = server.visitor();
        let away = client.get("/moderation?tab=spam");
        assert_eq!(away.status, 303);
        assert_eq!(away.location(), "/login?next=%2Fmoderation%3Ftab%3Dspam");
        let door = client.get(&away.location());
        assert_eq!(door.only("h1"), "Sign in");
        // However the name is written.
        let fields = [
            ("name", "  dana WHITLOCK "),
            ("password", PASSWORD),
            ("next", &door.value("input[name=next]")),
        ];
        let inside = client.post("/login", &fields);
        assert_eq!(
            (inside.status, inside.location().as_str()),
            (303, "/moderation?tab=spam")
        );
        let cookie = inside.header("set-cookie").unwrap();
        for part in ["session=", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
        assert_eq!(
            client.get("/moderation?tab=spam").only(".who bdi"),
            "Dana Whitlock"
        );
    });
}

#[test]
fn a_form_sent_without_a_session_is_not_sent_again_and_the_door_says_so() {
    let server = Server::start(Engine::Sqlite);
    let client = server.visitor();
    for path in [
        "/moderation/comments/1/decide",
        "/moderation/decisions/1/undo",
        "/logout",
    ] {
        let away = client.post(path, &[("do", "approve")]);
        assert_eq!(away.status, 303, "{path}");
        let door = client.get(&away.location());
        assert_eq!(
            door.only(".note"),
            "Sign in to continue. Your decision has not been made yet."
        );
    }
    server.account("Dana", Role::Moderator);
    let fields = [
        ("name", "Dana"),
        ("password", PASSWORD),
        ("next", "/moderation?midway"),
    ];
    assert_eq!(client.post("/login", &fields).location(), "/moderation");
}

#[test]
fn nobody_is_sent_anywhere_but_to_the_desk() {
    let server = Server::start(Engine::Sqlite);
    server.account("Dana", Role::Moderator);
    for next in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/moderation@evil.example",
        "/moderation\\..\\..",
        "/moderation/\r\nSet-Cookie: a=b",
        "/moderationx",
        "/",
        "",
        "%2F%2Fevil.example",
        " //evil.example",
        "/moderation\u{e9}",
    ] {
        let client = server.visitor();
        let query: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let door = client.get(&format!("/login?next={query}"));
        assert_eq!(door.value("input[name=next]"), "/moderation", "{next}");
        let fields = [("name", "Dana"), ("password", PASSWORD), ("next", next)];
        let inside = client.post("/login", &fields);
        assert_eq!(
            (inside.status, inside.location().as_str()),
            (303, "/moderation"),
            "{next}"
        );
        assert_eq!(inside.headers_named("set-cookie").len(), 1);
    }
}

#[test]
fn a_session_ends_at_sign_out_and_when_the_account_changes() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let client = server.moderator("Dana");
        let (other, token) = (server.visitor(), client.cookie("session").unwrap());
        other.sign_in("Dana", PASSWORD);
        let csrf = client.get("/moderation").value("input[name=csrf]");
        let out = client.post("/logout", &[("csrf", &csrf)]);
        assert_eq!((out.status, out.location().as_str()), (303, "/login"));
        assert_eq!(client.cookie("session"), None);
        // The cookie is worth nothing afterwards, and the other device stays signed in.
        client.set_cookie("session", &token);
        assert!(!is_in(&client));
        assert!(is_in(&other));

        change(&server, "Dana", None);
        assert!(!is_in(&other));
        assert_eq!(other.sign_in("Dana", PASSWORD).status, 422);
        assert_eq!(other.sign_in("Dana", "another, longer bell").status, 303);
        assert!(is_in(&other));
        change(&server, "Dana", Some(true));
        assert!(!is_in(&other));
        assert_eq!(other.sign_in("Dana", "another, longer bell").status, 422);
        change(&server, "Dana", Some(false));
        assert!(!is_in(&other), "an old session came back to life");
    });
}

#[test]
fn a_session_ends_after_half_a_day_of_silence_and_after_thirty_days_of_work() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let client = server.moderator("Dana");
        server.clock.advance(11 * HOUR);
        assert!(is_in(&client));
        server.clock.advance(11 * HOUR);
        assert!(is_in(&client));
        server.clock.advance(12 * HOUR + SECOND);
        assert!(!is_in(&client));
        client.sign_in("Dana", PASSWORD);
        for _ in 0..65 {
            server.clock.advance(11 * HOUR);
            assert!(is_in(&client));
        }
        server.clock.advance(11 * HOUR);
        assert!(!is_in(&client));
    });
}

#[test]
fn every_sign_in_makes_a_token_of_its_own_and_takes_none_from_outside() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.account("Dana", Role::Moderator);
        let client = server.visitor();
        client.set_cookie("session", "planted");
        assert!(!is_in(&client));
        client.sign_in("Dana", PASSWORD);
        let first = client.cookie("session").unwrap();
        assert_ne!(first, "planted");
        client.sign_in("Dana", PASSWORD);
        let second = client.cookie("session").unwrap();
        assert_ne!(first, second);
        assert!(second.len() >= 43, "{second}");
        for forged in ["planted", "", "a\"b", &first[1..], &"x".repeat(4_000)] {
            let stranger = server.visitor();
            stranger.set_cookie("session", forged);
            assert_eq!(stranger.get("/moderation").status, 303, "{forged}");
        }
    });
}

#[test]
fn behind_https_the_cookie_travels_over_https_alone() {
    let server = Server::with(
        Engine::Sqlite,
        &[
            ("public_url", "https://news.example"),
            ("trusted_proxies", "127.0.0.1/32"),
        ],
    );
    server.account("Dana", Role::Moderator);
    let client = server.visitor();
    let inside = client.sign_in("Dana", PASSWORD);
    let cookie = inside.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-session="), "{cookie}");
    assert!(cookie.contains("Secure"), "{cookie}");
    assert!(is_in(&client));
    // A cookie of the plain name, which a neighbouring host could set, is not looked at.
    let other = server.visitor();
    other.set_cookie("session", &client.cookie("__Host-session").unwrap());
    assert!(!is_in(&other));
}

#[test]
fn an_unknown_name_reads_like_a_wrong_password() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("login.per_minute", "100")]);
        server.account("Dana", Role::Moderator);
        server.account("Gone", Role::Moderator);
        change(&server, "Gone", Some(true));
        let client = server.visitor();
        let long = "p".repeat(1_100);
        let page = |name: &str, password: &str| {
            let page = client.sign_in(name, password);
            assert_eq!(page.status, 422, "{name}");
            assert_eq!(page.only(".note p"), "The name or password does not match.");
            assert_eq!(page.value("#name"), name);
            assert_eq!(page.value("#password"), "");
            page.body.replace(&format!("value=\"{name}\""), "")
        };
        let wrong = page("Dana", "not her password");
        for (name, password) in [
            ("Nobody", "not her password"),
            ("Gone", PASSWORD),
            ("Dana", ""),
            ("Dana", &long),
            ("Dan\u{1}a", "x"),
        ] {
            assert_eq!(page(name, password), wrong, "{name}");
        }
        assert_eq!(client.sign_in("D\0ana", "x").status, 422);
        assert_eq!(client.cookie("session"), None);
    });
}

#[test]
fn a_network_that_guesses_has_to_wait_and_nobody_else_does() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("trusted_proxies", "127.0.0.1/32")]);
        server.account("Dana", Role::Moderator);
        let client = server.visitor();
        let sign_in = |address: &str, name: &str, password: &str| {
            let fields = [("name", name), ("password", password), ("next", "")];
            client.post_from(address, "/login", &fields)
        };
        // Spread over accounts, and over the addresses of one household.
        for number in 1..=5 {
            let page = sign_in(
                &format!("2001:db8::{number}"),
                &format!("Name {number}"),
                "wrong",
            );
            assert_eq!(page.status, 422);
        }
        for name in ["Dana", "Nobody"] {
            let page = sign_in("2001:db8::9", name, PASSWORD);
            assert_eq!(page.status, 429, "{name}");
            let wait: u64 = page.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=60).contains(&wait), "{wait}");
            assert!(
                page.only(".note p")
                    .starts_with("Too many attempts in a short time.")
            );
            assert_eq!(page.value("#name"), name);
        }
        assert_eq!(sign_in("198.51.100.1", "Dana", PASSWORD).status, 303);
        server.clock.advance(61 * SECOND);
        assert_eq!(sign_in("2001:db8::9", "Dana", PASSWORD).status, 303);
    });
}
