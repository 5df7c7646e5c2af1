//! The second step of signing in: how long it is open, who is kept waiting, what it tells nobody.

use std::sync::Barrier;

use rejoinder::moderation::Role;
use rejoinder::time::{MINUTE, SECOND};

use crate::support::{PASSWORD, Server, on_each_engine};
use crate::two_factor::{code, is_in, patient, set_up, wrong_code};

#[test]
fn the_second_step_ends_after_five_wrong_codes_or_five_minutes() {
    on_each_engine(|engine| {
        let server = patient(engine);
        let dana = server.moderator("Dana");
        let (secret, _) = set_up(&server, &dana);
        let client = server.visitor();
        client.sign_in("Dana", PASSWORD);
        let token = client.cookie("sign-in").unwrap();
        let wrong = wrong_code(&secret, server.now());
        for _ in 0..4 {
            assert_eq!(client.post("/login/code", &[("code", &wrong)]).status, 422);
        }
        let over = client.post(
            "/login/code",
            &[("code", &wrong), ("next", "/moderation?tab=all")],
        );
        assert_eq!(
            over.location(),
            "/login?again&next=%2Fmoderation%3Ftab%3Dall"
        );
        let door = client.get(&over.location());
        assert!(
            door.only("[role=alert] p")
                .contains("Begin again with the password.")
        );
        // The right code comes too late, and so does whoever kept the cookie.
        client.set_cookie("sign-in", &token);
        let right = code(&secret, server.now());
        assert_eq!(client.post("/login/code", &[("code", &right)]).status, 303);
        assert!(!is_in(&client));

        server.clock.advance(2 * MINUTE);
        client.sign_in("Dana", PASSWORD);
        server.clock.advance(5 * MINUTE + SECOND);
        assert_eq!(client.get("/login/code").status, 303);
        let right = code(&secret, server.now());
        assert_eq!(client.post("/login/code", &[("code", &right)]).status, 303);
        assert!(!is_in(&client));

        // A new password and a disabled account end it too.
        for act in ["password", "disable"] {
            client.sign_in("Dana", PASSWORD);
            assert_eq!(client.get("/login/code").status, 200, "{act}");
            let mut db = server.database.connect();
            rejoinder::store::transaction(&mut db, |db| {
                use rejoinder::store::moderators;
                let account = moderators::find(db, "dana")?.unwrap();
                let hash = moderators::password_hash(db, account.id)?;
                match act {
                    "password" => moderators::set_password(db, account.id, &hash),
                    _ => moderators::set_disabled(db, account.id, Some(server.now())),
                }
            })
            .unwrap();
            assert_eq!(client.get("/login/code").status, 303, "{act}");
        }
    });
}

#[test]
fn wrong_codes_count_like_wrong_passwords() {
    on_each_engine(|engine| {
        let server = Server::with(
            engine,
            &[
                ("trusted_proxies", "127.0.0.1/32"),
                ("login.per_minute", "3"),
            ],
        );
        let dana = server.moderator("Dana");
        let (secret, _) = set_up(&server, &dana);
        let from = |address: &str| {
            let client = server.visitor();
            let fields = [("name", "Dana"), ("password", PASSWORD), ("next", "")];
            let owes = client.post_from(address, "/login", &fields);
            (client, owes)
        };
        let wrong = wrong_code(&secret, server.now());
        let (client, _) = from("198.51.100.1");
        for _ in 0..3 {
            let page = client.post_from("198.51.100.1", "/login/code", &[("code", &wrong)]);
            assert_eq!(page.status, 422);
        }
        // The account has to wait from wherever, now that somebody guesses who knows its password.
        for address in ["198.51.100.1", "203.0.113.9"] {
            client.set_cookie("other", "1");
            let right = code(&secret, server.now());
            let page = client.post_from(address, "/login/code", &[("code", &right)]);
            assert_eq!(page.status, 429, "{address}");
            assert!(page.header("retry-after").is_some());
            assert!(page.only("[role=alert] p").starts_with("Too many attempts"));
        }
        // The network has to wait for passwords too, other networks do not.
        assert_eq!(from("198.51.100.1").1.status, 429);
        assert_eq!(from("203.0.113.9").1.status, 303);
        // Wrong passwords by strangers never keep those waiting who know it.
        server.clock.advance(MINUTE + SECOND);
        for address in ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"] {
            let fields = [("name", "Dana"), ("password", "wrong"), ("next", "")];
            server.visitor().post_from(address, "/login", &fields);
        }
        let (client, owes) = from("203.0.113.9");
        assert_eq!(owes.location(), "/login/code?next=%2Fmoderation");
        let right = code(&secret, server.now());
        let inside = client.post_from("203.0.113.9", "/login/code", &[("code", &right)]);
        assert_eq!(
            (inside.status, inside.location().as_str()),
            (303, "/moderation")
        );
    });
}

#[test]
fn nothing_tells_who_has_it_before_the_right_password() {
    on_each_engine(|engine| {
        let server = patient(engine);
        let (dana, _) = (
            server.moderator("Dana"),
            server.account("Ed", Role::Moderator),
        );
        set_up(&server, &dana);
        let wrong = |name: &str| {
            let page = server.visitor().sign_in(name, "not the password");
            assert_eq!(page.status, 422);
            assert_eq!(page.header("set-cookie"), None);
            page.body.replace(&format!("value=\"{name}\""), "")
        };
        assert_eq!(wrong("Dana"), wrong("Ed"));
        assert_eq!(wrong("Dana"), wrong("Nobody"));
        let stranger = server.visitor();
        for token in ["", "x", "a\"b"] {
            if !token.is_empty() {
                stranger.set_cookie("sign-in", token);
            }
            assert_eq!(stranger.get("/login/code").status, 303);
            assert_eq!(
                stranger.post("/login/code", &[("code", "000000")]).status,
                303
            );
        }
    });
}

#[test]
fn of_many_who_send_the_same_code_at_once_one_is_let_in() {
    on_each_engine(|engine| {
        let server = patient(engine);
        let (secret, codes) = set_up(&server, &server.moderator("Dana"));
        for (round, recovery) in codes.iter().take(6).enumerate() {
            let typed = match round % 2 {
                0 => code(&secret, server.now()),
                _ => recovery.clone(),
            };
            let clients: Vec<_> = (0..6).map(|_| server.visitor()).collect();
            for client in &clients {
                assert_eq!(client.sign_in("Dana", PASSWORD).status, 303);
            }
            let barrier = Barrier::new(clients.len());
            let let_in: usize = std::thread::scope(|scope| {
                let tries: Vec<_> = clients
                    .into_iter()
                    .map(|client| {
                        let (barrier, typed) = (&barrier, &typed);
                        scope.spawn(move || {
                            barrier.wait();
                            client.post("/login/code", &[("code", typed)]);
                            usize::from(is_in(&client))
                        })
                    })
                    .collect();
                tries.into_iter().map(|one| one.join().unwrap()).sum()
            });
            assert_eq!(let_in, 1, "round {round}");
            // Failures of the round before keep nobody waiting.
            server.clock.advance(2 * MINUTE);
        }
    });
}
