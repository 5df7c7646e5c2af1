//! Who may manage people, and that there is always somebody who may.

use std::sync::Barrier;

use rejoinder::moderation::Role;
use rejoinder::store::audit::Actor;
use rejoinder::store::people::{self, Change, Changed};
use rejoinder::store::transaction;

use crate::desk::{admin, post};
use crate::people::{ACCOUNT, PEOPLE, act, id, is_in};
use crate::support::{Server, on_each_engine};

#[test]
fn the_last_admin_can_be_neither_disabled_nor_demoted() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let priya = admin(&server, "Priya");
        server.moderator("Dana");
        let gone = admin(&server, "Gone");
        act(&server, &priya, "Gone", &[("do", "disable")]);
        assert!(!is_in(&gone));
        for fields in [
            &[("do", "disable")][..],
            &[("do", "role"), ("role", "moderator")],
        ] {
            let page = act(&server, &priya, "Priya", fields);
            assert_eq!(page.status, 409);
            assert_eq!(
                page.only("[role=alert] p"),
                "Priya is the last admin who can sign in. Make somebody else an admin first."
            );
            assert!(is_in(&priya));
        }
        // One's own password and phone are a matter of one's own page.
        for own in ["password", "two-factor"] {
            assert_eq!(
                act(&server, &priya, "Priya", &[("do", own)]).location(),
                ACCOUNT
            );
        }
        act(
            &server,
            &priya,
            "Dana",
            &[("do", "role"), ("role", "admin")],
        );
        let fields = [("do", "role"), ("role", "moderator")];
        let given_up = act(&server, &priya, "Priya", &fields);
        assert_eq!(priya.get(&given_up.location()).status, 200);
        assert_eq!(priya.get(PEOPLE).status, 403);
    });
}

#[test]
fn two_admins_who_take_the_role_from_each_other_at_once_do_not_both_succeed() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let a = server.account("Ada", Role::Admin);
        let b = server.account("Bea", Role::Admin);
        let now = server.now();
        for round in 0..40 {
            let change = match round % 2 {
                0 => Change::Disable,
                _ => Change::Role(Role::Moderator),
            };
            let barrier = Barrier::new(2);
            let outcomes: Vec<Changed> = std::thread::scope(|scope| {
                let tries: Vec<_> = [(a, b), (b, a)]
                    .into_iter()
                    .map(|(by, to)| {
                        let (server, change, barrier) = (&server, &change, &barrier);
                        scope.spawn(move || {
                            let mut db = server.database.connect();
                            barrier.wait();
                            transaction(&mut db, |db| {
                                people::change(db, Actor::Moderator(by), to, change, now)
                            })
                            .unwrap()
                        })
                    })
                    .collect();
                tries.into_iter().map(|one| one.join().unwrap()).collect()
            });
            let done = outcomes.iter().filter(|one| **one == Changed::Done).count();
            assert_eq!(done, 1, "{round}: {outcomes:?}");
            let mut db = server.database.connect();
            transaction(&mut db, |db| {
                for id in [a, b] {
                    people::change(db, Actor::CommandLine, id, &Change::Enable, now)?;
                    people::change(db, Actor::CommandLine, id, &Change::Role(Role::Admin), now)?;
                }
                // By the command line, which nobody's role stands in the way of, too.
                assert_eq!(
                    people::change(db, Actor::CommandLine, a, &Change::Disable, now)?,
                    Changed::Done
                );
                assert_eq!(
                    people::change(db, Actor::CommandLine, b, &change, now)?,
                    Changed::LastAdmin
                );
                people::change(db, Actor::CommandLine, a, &Change::Enable, now)
            })
            .unwrap();
        }
    });
}

#[test]
fn people_are_for_admins_and_forms_carry_their_sessions_token() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let (priya, dana) = (admin(&server, "Priya"), server.moderator("Dana"));
        let one = format!("{PEOPLE}/{}", id(&server, "Dana"));
        for line in [
            dana.get(PEOPLE),
            post(&dana, PEOPLE, &[("name", "Ed"), ("role", "admin")]),
        ] {
            assert_eq!(line.status, 403);
            assert!(line.text().contains("admin"), "{}", line.text());
        }
        for act in [
            "disable",
            "enable",
            "role",
            "password",
            "two-factor",
            "byline",
        ] {
            let fields = [("do", act), ("role", "admin"), ("byline", "Dana")];
            assert_eq!(post(&dana, &one, &fields).status, 403, "{act}");
            let stranger = server.visitor();
            assert!(
                stranger
                    .post(&one, &fields)
                    .location()
                    .starts_with("/login")
            );
            // Of an admin, but without the token, or with that of another session.
            let foreign = dana.get("/moderation").value("[name=csrf]");
            for csrf in ["", "x", &foreign] {
                let mut all = vec![("csrf", csrf)];
                all.extend_from_slice(&fields);
                assert_eq!(priya.post(&one, &all).status, 403, "{act}");
            }
        }
        assert_eq!(
            dana.get("/moderation")
                .count("nav a[href='/moderation/people']"),
            0
        );
        assert_eq!(
            priya
                .get("/moderation")
                .count("nav a[href='/moderation/people']"),
            1
        );
        assert_eq!(
            priya.get(PEOPLE).texts(".item h2"),
            ["Dana moderator", "Priya admin you"]
        );
        assert!(is_in(&dana));
    });
}
