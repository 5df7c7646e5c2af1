//! The pages of the policy: for admins, and what they say.

use crate::desk::post;
use crate::policy::{LISTS, POLICY, list, newsroom, send, set, why};
use crate::support::{Server, on_each_engine};

#[test]
fn the_policy_is_for_admins_and_nobody_saves_over_a_colleague_unseen() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let dana = newsroom(&server);
        let ed = server.moderator("Ed");
        for path in [POLICY, LISTS] {
            let page = ed.get(path);
            assert_eq!(page.status, 403);
            assert_eq!(page.only("h1"), "This page is for admins");
            assert_eq!(server.visitor().get(path).status, 303);
        }
        for path in [POLICY, LISTS, "/moderation/policy/try"] {
            let csrf = ed.get("/moderation").value("[name=csrf]");
            assert_eq!(
                ed.post(path, &[("csrf", &csrf), ("do", "add")]).status,
                403,
                "{path}"
            );
            assert_eq!(dana.post(path, &[("do", "add")]).status, 403, "{path}");
        }
        let version = dana.get(POLICY).value("[name=version]");
        assert_eq!(set(&dana, &[("links", "4")]).status, 303);
        let page = set(&dana, &[("links", "9"), ("version", &version)]);
        assert_eq!(page.status, 409);
        assert!(
            page.only(".note.no")
                .contains("Somebody else saved the policy")
        );
        assert_eq!(page.value("#links"), "9");
        assert_eq!(dana.get(POLICY).value("#links"), "4");
        let page = set(&dana, &[("links", "many"), ("fast", "3601")]);
        assert_eq!(page.status, 422);
        assert_eq!(page.attributes(".note.no a", "href"), ["#links", "#fast"]);
        assert_eq!(page.value("#links"), "many");
        let log = dana.get("/moderation/audit?act=policy").text();
        assert!(
            log.contains("changed the policy: links that a reply may have, was 2, now 4"),
            "{log}"
        );
    });
}

#[test]
fn a_hold_mode_that_was_given_outside_is_shown_with_its_source_and_stays() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "first")]);
        let dana = newsroom(&server);
        let page = dana.get(POLICY);
        assert_eq!(page.count("#hold[disabled]"), 1);
        assert_eq!(
            page.only("#hold-given"),
            "Set outside the desk, by command line; it cannot be changed here."
        );
        assert_eq!(page.attribute("#hold option[selected]", "value"), "first");
        assert_eq!(set(&dana, &[("hold", "none"), ("links", "1")]).status, 303);
        let page = dana.get(POLICY);
        assert_eq!(page.attribute("#hold option[selected]", "value"), "first");
        assert_eq!(page.value("#links"), "1");
        send(&server.visitor(), "ferry", "A first one", &[]);
        assert_eq!(why(&dana, "waiting").0, ["first replies are always read"]);
    });
}

#[test]
fn a_text_that_is_tried_says_what_would_become_of_it_and_is_not_stored() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        let dana = newsroom(&server);
        list(&dana, "words", "casino", "hold");
        list(&dana, "words", "pills", "spam");
        list(&dana, "network", "2001:db8::/32", "refuse");
        let tried = |body: &str, author: &str, address: &str| {
            let fields = [
                ("body", body),
                ("author", author),
                ("address", address),
                ("name", "Dana"),
            ];
            let page = post(&dana, "/moderation/policy/try", &fields);
            assert_eq!(page.value("#try-body"), body);
            let mut said = page.texts("#outcome h3");
            said.extend(page.texts("#outcome li"));
            (page.status, said)
        };
        let named = "the name is like that of Dana, a moderator";
        for (body, author, address, said) in [
            (
                "A casino",
                "new",
                "",
                vec![
                    "It would wait for a moderator",
                    named,
                    "contains “casino”; listed: “casino”",
                ],
            ),
            (
                "A casino",
                "trusted",
                "",
                vec!["It would wait for a moderator", named],
            ),
            (
                "Pills",
                "trusted",
                "",
                vec![
                    "It would be treated as spam",
                    named,
                    "contains “Pills”; listed: “pills”, as spam",
                ],
            ),
            (
                "Fine",
                "new",
                "2001:db8::7",
                vec![
                    "It would be refused",
                    "came from a listed network, to be refused",
                ],
            ),
        ] {
            assert_eq!(
                tried(body, author, address),
                (200, said.iter().map(|s| (*s).to_owned()).collect())
            );
        }
        assert_eq!(tried("Fine", "new", "nowhere").0, 422);
        assert_eq!(server.stored_comments(), 0);
    });
}
