//! Sessions that somebody planted, kept, or was to have lost.

use rejoinder::moderation::Role;
use rejoinder::store::{moderators, transaction};
use rejoinder::text;

use crate::desk::{admin, post};
use crate::support::{Client, PASSWORD, Server, on_each_engine};
use crate::two_factor::{code, patient, set_up};

use super::routes::{NOWHERE, Places, all};

fn is_in(client: &Client) -> bool {
    client.get("/moderation").status == 200
}

#[test]
fn a_session_planted_before_sign_in_is_worth_nothing_afterwards() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let ed = server.moderator("Ed");
        server.account("Dana", Role::Moderator);
        let planted = ed.cookie("session").unwrap();
        // A token of nobody's, and the attacker's own live one.
        for token in ["A".repeat(43), planted.clone()] {
            let victim = server.visitor();
            victim.set_cookie("session", &token);
            assert_eq!(victim.sign_in("Dana", PASSWORD).status, 303);
            assert_ne!(victim.cookie("session").unwrap(), token);
            assert_eq!(victim.get("/moderation").only(".who bdi"), "Dana");
            let attacker = server.visitor();
            attacker.set_cookie("session", &token);
            match token == planted {
                true => assert_eq!(attacker.get("/moderation").only(".who bdi"), "Ed"),
                false => assert!(!is_in(&attacker)),
            }
        }
    });
}

#[test]
fn a_sign_in_half_done_that_was_planted_lets_nobody_else_in() {
    on_each_engine(|engine| {
        let server = patient(engine);
        let (secret, _) = set_up(&server, &server.moderator("Dana"));
        server.account("Ed", Role::Moderator);
        let attacker = server.visitor();
        attacker.sign_in("Dana", PASSWORD);
        let planted = attacker.cookie("sign-in").unwrap();
        let victim = server.visitor();
        victim.set_cookie("sign-in", &planted);
        victim.sign_in("Ed", PASSWORD);
        assert_eq!(victim.get("/moderation").only(".who bdi"), "Ed");
        victim.sign_in("Dana", PASSWORD);
        assert_ne!(victim.cookie("sign-in").unwrap(), planted);
        let right = code(&secret, server.now());
        victim.post("/login/code", &[("code", &right)]);
        assert_eq!(victim.get("/moderation").only(".who bdi"), "Dana");
        attacker.get("/login/code");
        assert!(!is_in(&attacker));
    });
}

/// Whether every address of the desk sends whoever shows this cookie to the door, and nothing is done for them.
fn assert_locked_out(server: &Server, token: &str, csrf: &str, how: &str) {
    let there = Places { id: "1", ..NOWHERE };
    let fields = [
        ("csrf", csrf),
        ("do", "approve"),
        ("version", "1"),
        ("view", ""),
    ];
    for route in all().into_iter().filter(|route| route.is_desk()) {
        let path = route.at(there);
        for verb in ["get", "post"] {
            if (verb == "get" && !route.get) || (verb == "post" && !route.post) {
                continue;
            }
            // A visitor of its own each time: an answer may take the cookie away.
            let client = server.visitor();
            if !token.is_empty() {
                client.set_cookie("session", token);
            }
            let page = match verb {
                "get" => client.get(&path),
                _ => client.post(&path, &fields),
            };
            // A text is kept on a page of its own; everything else leads to the door.
            let refused = match page.status {
                303 => page.location().starts_with("/login?next="),
                status => path.ends_with("/reply") && status == 403,
            };
            assert!(
                refused,
                "{verb} {path} {how}: {} {}",
                page.status,
                page.text()
            );
            assert!(!page.body.contains("Waits here"), "{path} {how}");
        }
    }
}

#[test]
fn a_cookie_kept_from_before_opens_no_page_and_sends_no_form() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        server.visitor().reply("ferry", "Ama", "Waits here.");
        for how in [
            "signed out",
            "password changed",
            "disabled",
            "signed out elsewhere",
        ] {
            let name = format!("Priya {how}");
            let thief = admin(&server, &name);
            let token = thief.cookie("session").unwrap();
            let csrf = thief.get("/moderation").value("[name=csrf]");
            match how {
                "signed out" => {
                    post(&thief, "/logout", &[]);
                }
                "signed out elsewhere" => {
                    let other = server.visitor();
                    other.sign_in(&name, PASSWORD);
                    post(&other, "/moderation/account/sessions", &[("do", "all")]);
                }
                _ => {
                    let mut db = server.database.connect();
                    transaction(&mut db, |db| {
                        let account = moderators::find(db, &text::mimic_key(&name))?.unwrap();
                        let hash = moderators::password_hash(db, account.id)?;
                        match how {
                            "disabled" => {
                                moderators::set_disabled(db, account.id, Some(server.now()))
                            }
                            _ => moderators::set_password(db, account.id, &hash),
                        }
                    })
                    .unwrap();
                }
            }
            assert_locked_out(&server, &token, &csrf, how);
        }
        let dana = server.moderator("Dana");
        assert_eq!(
            dana.get("/moderation").count(".item"),
            1,
            "something was decided"
        );
    });
}

#[test]
fn a_strangers_visit_opens_no_page_of_the_desk() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        server.visitor().reply("ferry", "Ama", "Waits here.");
        let dana = server.moderator("Dana");
        assert_locked_out(&server, "", "", "a stranger");
        assert_eq!(dana.get("/moderation").count(".item"), 1);
    });
}
