//! The accounts of the desk: who may manage them, and what comes of it.

use rejoinder::moderation::Role;
use rejoinder::store::{moderators, transaction};

use crate::auditing::{LOG, sentences};
use crate::desk::{admin, post, toast};
use crate::support::client::Fields;
use crate::support::{Client, PASSWORD, Page, Server, on_each_engine};

pub const PEOPLE: &str = "/moderation/people";
pub const ACCOUNT: &str = "/moderation/account";

pub fn id(server: &Server, name: &str) -> i64 {
    let mut db = server.database.connect();
    let key = rejoinder::text::mimic_key(name);
    moderators::find(&mut db, &key).unwrap().unwrap().id
}

/// Does something to the account of this name.
pub fn act(server: &Server, by: &Client, name: &str, fields: Fields) -> Page {
    post(by, &format!("{PEOPLE}/{}", id(server, name)), fields)
}

/// What the list says of an account.
fn row(by: &Client, server: &Server, name: &str) -> String {
    by.get(PEOPLE).only(&format!("#p-{} h2", id(server, name)))
}

pub fn is_in(client: &Client) -> bool {
    client.get("/moderation").status == 200
}

#[test]
fn an_admin_adds_an_account_whose_password_is_shown_once_and_changed_at_the_first_sign_in() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let priya = admin(&server, "Priya");
        let fields = [
            ("name", "  Dana \t Whitlock "),
            ("role", "admin"),
            ("password", ""),
        ];
        let shown = post(&priya, PEOPLE, &fields);
        assert_eq!(shown.status, 200, "{}", shown.text());
        assert_eq!(shown.header("cache-control"), Some("no-store"));
        assert_eq!(shown.only("h1"), "A password for Dana Whitlock");
        let password = shown.only(".once");
        assert_eq!(password.len(), 24, "{password}");
        assert!(!server.holds(&password));
        assert!(!priya.get(PEOPLE).body.contains(&password));
        let page = priya.get(PEOPLE);
        assert_eq!(
            page.texts(".item h2"),
            ["Dana Whitlock admin", "Priya admin you"]
        );
        let facts = format!("#p-{}", id(&server, "Dana Whitlock"));
        let facts = page.only(&facts);
        for fact in [
            "Last seen never",
            "Two-factor sign-in off",
            "Byline none",
            "Has yet to choose",
        ] {
            let flat = facts.replace("Last seennever", "Last seen never");
            let flat = flat
                .replace("sign-inoff", "sign-in off")
                .replace("Bylinenone", "Byline none");
            assert!(flat.contains(fact), "{fact} in {facts}");
        }

        let dana = server.visitor();
        assert_eq!(dana.sign_in("Dana Whitlock", &password).status, 303);
        for path in ["/moderation", PEOPLE, LOG, "/moderation/account/two-factor"] {
            let away = dana.get(path);
            assert_eq!(
                (away.status, away.location().as_str()),
                (303, ACCOUNT),
                "{path}"
            );
        }
        let account = dana.get(ACCOUNT);
        assert_eq!(account.count("form[action$='/password']"), 1);
        assert_eq!(account.count("#sessions") + account.count("#two-factor"), 0);
        let csrf = account.value("main [name=csrf]");
        for (path, fields) in [
            (
                PEOPLE,
                &[("name", "Ed"), ("role", "admin"), ("password", "")][..],
            ),
            ("/moderation/account/two-factor", &[("do", "propose")]),
            ("/moderation/account/sessions", &[("do", "all")]),
            (
                "/moderation/saved-replies",
                &[("do", "add"), ("title", "T"), ("text", "W")],
            ),
        ] {
            let mut all = vec![("csrf", csrf.as_str())];
            all.extend_from_slice(fields);
            assert_eq!(dana.post(path, &all).location(), ACCOUNT, "{path}");
        }
        assert_eq!(priya.get(PEOPLE).count(".item"), 2, "nothing was done");
        let own = |new: &str| {
            let fields = [
                ("csrf", &*csrf),
                ("current", &password),
                ("new", new),
                ("again", new),
            ];
            dana.post("/moderation/account/password", &fields)
        };
        assert_eq!(own(&password).status, 422, "the same is not one's own");
        assert_eq!(own("wet slate, quick bell").status, 303);
        assert!(is_in(&dana));
        assert!(!row(&priya, &server, "Dana Whitlock").contains("yet to choose"));
        assert_eq!(
            sentences(&priya.get(LOG))[..3],
            [
                "Dana Whitlock changed their password",
                "Dana Whitlock signed in",
                "Priya added the account Dana Whitlock"
            ]
        );
    });
}

#[test]
fn a_typed_password_is_taken_never_shown_and_changed_too() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let priya = admin(&server, "Priya");
        let add = |name: &str, role: &str, password: &str| {
            post(
                &priya,
                PEOPLE,
                &[("name", name), ("role", role), ("password", password)],
            )
        };
        let done = add("Ed", "moderator", PASSWORD);
        assert_eq!(toast(&priya, &done), "Added: Ed.");
        let ed = server.visitor();
        ed.sign_in("Ed", PASSWORD);
        assert_eq!(ed.get("/moderation").location(), ACCOUNT);
        let long = "x".repeat(81);
        for (name, password, links) in [
            ("", PASSWORD, &["#name"][..]),
            ("...", PASSWORD, &["#name"]),
            ("a\0b", PASSWORD, &["#name"]),
            (&long, "short", &["#name", "#password"]),
            ("<b>Zoe</b>", "short", &["#password"]),
            ("Zoe", "qwerty123456", &["#password"]),
            ("еd", PASSWORD, &["#name"]),
        ] {
            let page = add(name, "admin", password);
            assert_eq!(page.status, 422, "{name}");
            assert_eq!(page.attributes("[role=alert] a", "href"), links, "{name}");
            assert_eq!(page.value("#password"), "");
            assert_eq!(page.value("#role [selected]"), "admin");
            if !name.contains('\0') {
                assert_eq!(page.value("#name"), name);
            }
        }
        for role in ["", "owner"] {
            assert_eq!(add("Zoe", role, PASSWORD).status, 400);
        }
        assert_eq!(priya.get(PEOPLE).count(".item"), 2);
    });
}

#[test]
fn what_an_admin_changes_takes_effect_at_the_next_request_and_is_in_the_log() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let (priya, dana) = (admin(&server, "Priya"), server.moderator("Dana"));
        let change = |fields: Fields| act(&server, &priya, "Dana", fields);
        let done = change(&[("do", "role"), ("role", "admin")]);
        assert_eq!(toast(&priya, &done), "The role is set: Dana.");
        assert_eq!(dana.get(PEOPLE).status, 200);
        change(&[("do", "role"), ("role", "moderator")]);
        assert_eq!(dana.get(PEOPLE).status, 403);
        let done = change(&[("do", "byline"), ("byline", " Dana  Q. Whitlock ")]);
        assert_eq!(toast(&priya, &done), "The byline is set: Dana.");
        let field = format!("#byline-{}", id(&server, "Dana"));
        assert_eq!(priya.get(PEOPLE).value(&field), "Dana Q. Whitlock");
        let long = "x".repeat(201);
        for wrong in ["...", "a\0b", &long] {
            let page = change(&[("do", "byline"), ("byline", wrong)]);
            assert_eq!(page.status, 422);
            assert_eq!(page.attribute("[role=alert] a", "href"), field);
        }
        change(&[("do", "byline"), ("byline", "")]);
        let done = change(&[("do", "disable")]);
        assert_eq!(
            toast(&priya, &done),
            "Disabled: Dana. Their sessions have ended."
        );
        assert!(!is_in(&dana));
        assert_eq!(dana.sign_in("Dana", PASSWORD).status, 422);
        assert_eq!(row(&priya, &server, "Dana"), "Dana moderator disabled");
        assert_eq!(change(&[("do", "disable")]).status, 303, "done is done");
        assert_eq!(
            toast(&priya, &change(&[("do", "enable")])),
            "Enabled: Dana."
        );
        assert!(!is_in(&dana), "an old session came back to life");
        assert_eq!(dana.sign_in("Dana", PASSWORD).status, 303);
        assert!(is_in(&dana));
        let shown = change(&[("do", "password")]);
        assert_eq!(shown.header("cache-control"), Some("no-store"));
        let password = shown.only(".once");
        assert!(!is_in(&dana));
        assert_eq!(dana.sign_in("Dana", PASSWORD).status, 422);
        assert_eq!(dana.sign_in("Dana", &password).status, 303);
        assert_eq!(dana.get("/moderation").location(), ACCOUNT);
        for fields in [
            &[("do", "steal")][..],
            &[],
            &[("do", "role"), ("role", "owner")],
        ] {
            assert_eq!(change(fields).status, 400);
        }
        for path in ["/moderation/people/999", "/moderation/people/x"] {
            assert_eq!(
                post(&priya, path, &[("do", "disable")]).status,
                404,
                "{path}"
            );
        }
        let mut said: Vec<String> = sentences(&priya.get(LOG));
        said.retain(|line| line.starts_with("Priya") && !line.contains("signed in"));
        said.reverse();
        assert_eq!(
            said,
            [
                "Priya made Dana an admin",
                "Priya made Dana a moderator",
                "Priya tied an account to a byline: Dana: Dana Q. Whitlock",
                "Priya untied an account from its byline: Dana",
                "Priya disabled the account Dana",
                "Priya enabled the account Dana",
                "Priya set the password of Dana",
            ]
        );
    });
}

#[test]
fn accounts_are_listed_by_pages_of_fifty() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let priya = admin(&server, "Priya");
        let mut db = server.database.connect();
        transaction(&mut db, |db| {
            for n in 0..60 {
                let name = format!("Moderator {n:02}");
                let key = rejoinder::text::mimic_key(&name);
                moderators::add(db, &name, &key, Role::Moderator, "none", server.now())?;
            }
            Ok(())
        })
        .unwrap();
        let first = priya.get(PEOPLE);
        assert_eq!(first.count(".item"), 50);
        let second = priya.get(&first.attribute(".pager a", "href"));
        assert_eq!(second.count(".item"), 11);
        assert_eq!(second.attributes(".pager a", "href"), [PEOPLE]);
        let mut all = first.attributes(".item", "id");
        all.extend(second.attributes(".item", "id"));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 61);
        assert_eq!(priya.get("/moderation/people?after=x").status, 404);
        // What is done from a page leads back to it, and so does what is wrong.
        let form = second.attribute(
            ".item:not(:has(.badge + .badge)) form:has([name=byline])",
            "action",
        );
        let tie = |byline: &str| post(&priya, &form, &[("do", "byline"), ("byline", byline)]);
        let wrong = tie("...");
        assert_eq!(wrong.status, 422);
        assert_eq!(wrong.count("[aria-invalid]"), 1);
        let done = priya.get(&tie("Nora Field").location());
        assert_eq!(
            done.attributes(".item", "id"),
            second.attributes(".item", "id")
        );
    });
}
