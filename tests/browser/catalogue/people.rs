//! Accounts: everybody's for an admin, one's own, and two-factor sign-in.

use rejoinder::moderation::Role;
use rejoinder::store::audit::Actor;
use rejoinder::store::people::{self, NewAccount};
use rejoinder::store::{transaction, two_factor};
use rejoinder::time::HOUR;

use super::Catalogue;
use crate::support::PASSWORD;

const PEOPLE: &str = "/moderation/people";
const ACCOUNT: &str = "/moderation/account";
const TWO_FACTOR: &str = "/moderation/account/two-factor";
const LONG: &str = "Bartholomew Featherstonehaugh-Cholmondeley";

impl Catalogue {
    /// Accounts in every state.
    pub(super) fn people(&mut self) {
        self.server(&[("login.per_minute", "1000")]);
        let Some(server) = self.servers.last() else {
            return;
        };
        let dana_id = server.account("Dana", Role::Moderator);
        let (ada_id, long_id) = (
            server.account("Ada", Role::Admin),
            server.account(LONG, Role::Moderator),
        );
        let (ada, dana, new) = (server.visitor(), server.visitor(), server.visitor());
        ada.sign_in("Ada", PASSWORD);
        dana.sign_in("Dana", PASSWORD);
        let now = server.now();
        let hash = rejoinder::passwords::hash(PASSWORD).unwrap();
        transaction(&mut server.database.connect(), |db| {
            let account = NewAccount {
                name: "New".to_owned(),
                role: Role::Moderator,
                password_hash: hash.clone(),
                must_change: true,
            };
            people::add(db, Actor::CommandLine, &account, now)?;
            two_factor::propose(db, dana_id, Some(&[7; 20]))?;
            two_factor::turn_on(db, dana_id, (&[7; 20], 1), &[vec![1]], now)
        })
        .unwrap();
        new.sign_in("New", PASSWORD);
        // Looking at all pages takes longer than a step lives: this one begins in an hour.
        let owes = server.visitor();
        server.clock.advance(HOUR);
        owes.sign_in("Dana", PASSWORD);
        server.clock.advance(-HOUR);
        let of_ada = ada.get(ACCOUNT).value("[name=csrf]");
        let of_dana = dana.get(ACCOUNT).value("[name=csrf]");
        let path = |id: i64| format!("{PEOPLE}/{id}");
        let disable = [("csrf", &*of_ada), ("do", "disable")];
        ada.post(&path(long_id), &disable);
        let tie = [
            ("csrf", &*of_ada),
            ("do", "byline"),
            ("byline", "Dana Whitlock"),
        ];
        let done = ada.post(&path(dana_id), &tie).location();
        ada.post(TWO_FACTOR, &[("csrf", &of_ada), ("do", "propose")]);

        self.get("people", &ada, 200, PEOPLE);
        self.get("people, done", &ada, 200, &done);
        self.get("people, refused", &dana, 403, PEOPLE);
        let wrong = [
            ("csrf", &*of_ada),
            ("name", "..."),
            ("role", "admin"),
            ("password", "short"),
        ];
        self.post("people, errors", &ada, 422, PEOPLE, &wrong);
        let wrong = [("csrf", &*of_ada), ("do", "byline"), ("byline", "...")];
        self.post("people, byline", &ada, 422, &path(dana_id), &wrong);
        self.post("people, last admin", &ada, 409, &path(ada_id), &disable);
        let reset = [("csrf", &*of_ada), ("do", "password")];
        self.post("password, once", &ada, 200, &path(long_id), &reset);
        self.get("account", &ada, 200, ACCOUNT);
        self.get("account, two-factor", &dana, 200, ACCOUNT);
        self.get("account, password due", &new, 200, ACCOUNT);
        let wrong = [
            ("csrf", &*of_dana),
            ("current", "x"),
            ("new", "short"),
            ("again", ""),
        ];
        let password = "/moderation/account/password";
        self.post("account, errors", &dana, 422, password, &wrong);
        let wrong = [
            ("csrf", &*of_dana),
            ("do", "off"),
            ("password", "x"),
            ("code", "1"),
        ];
        self.post("account, wrong code", &dana, 422, TWO_FACTOR, &wrong);
        self.get("two-factor", &ada, 200, TWO_FACTOR);
        let wrong = [("csrf", &*of_ada), ("do", "confirm"), ("code", "1")];
        self.post("two-factor, wrong code", &ada, 422, TWO_FACTOR, &wrong);
        self.get("code", &owes, 200, "/login/code");
        self.get("code, over", &new, 200, "/login?again");
    }
}
