//! What moderators type is checked, and never lost.

use diesel::connection::SimpleConnection;

use crate::moderating::ferry;
use crate::staff_replies::{published, reply_path, send_from};
use crate::support::{Engine, Server, on_each_engine};

#[test]
fn what_is_wrong_with_a_moderators_text_is_said_and_the_text_kept() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.max_length", "40")]);
        server.article("ferry");
        let dana = server.moderator("Dana");
        let id = published(&server, "A point.");
        let form = dana.get(&reply_path(id));
        let long = "x".repeat(41);
        for (body, why) in [
            ("", "Enter a comment"),
            ("  \n ", "Enter a comment"),
            ("\u{200b}\u{200d}", "Enter a comment that can be seen"),
            ("a\u{1}b", "Enter the comment without control characters"),
            (long.as_str(), "The comment is longer than 40 characters"),
        ] {
            for act in ["send", "preview"] {
                let page = send_from(&dana, &form, body, act);
                assert_eq!(page.status, 422, "{body:?}");
                assert!(page.only("title").starts_with("Error: "));
                assert_eq!(page.only("#errors a"), why);
                assert_eq!(page.value("textarea").trim(), body.trim());
            }
        }
        let page = send_from(&dana, &form, "Some *thing*.", "preview");
        assert_eq!(
            (page.status, page.only("#preview em")),
            (200, "thing".to_owned())
        );
        assert_eq!(page.value("textarea").trim(), "Some *thing*.");
        for fields in [
            &[("do", "delete")][..],
            &[("do", "approve")],
            &[("do", "approve"), ("version", "x")],
        ] {
            let csrf = form.value("main form [name=csrf]");
            let mut sent = vec![("csrf", csrf.as_str()), ("body", "Words.")];
            sent.extend(fields);
            assert_eq!(dana.post(&reply_path(id), &sent).status, 400, "{fields:?}");
        }
        assert_eq!(server.stored_comments(), 1);
        assert_eq!(send_from(&dana, &page, "Some *thing*.", "send").status, 303);
    });
}

#[test]
fn only_signed_in_moderators_reply_as_such_and_a_lost_session_loses_no_text() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let dana = server.moderator("Dana");
        let id = published(&server, "A point.");
        let path = reply_path(id);
        let form = dana.get(&path);
        let stranger = server.visitor();
        let next = format!("/login?next=%2Fmoderation%2Fcomments%2F{id}%2Freply");
        assert_eq!(stranger.get(&path).location(), next);
        assert!(
            stranger
                .post(&path, &[("do", "send")])
                .location()
                .starts_with("/login?")
        );
        let kept = send_from(&stranger, &form, "Long thoughts.", "send");
        assert_eq!(kept.status, 403);
        assert_eq!(kept.only("h1"), "You are signed out");
        assert_eq!(kept.value("textarea[readonly]").trim(), "Long thoughts.");
        assert_eq!(kept.attribute("main a", "href"), next);

        for csrf in [&[][..], &[("csrf", "x")], &[("csrf", "x"), ("csrf", "y")]] {
            let mut sent = vec![("body", "Long thoughts."), ("do", "send")];
            sent.extend(csrf);
            let refused = dana.post(&path, &sent);
            assert_eq!(refused.status, 403);
            assert_eq!(refused.value("textarea").trim(), "Long thoughts.");
            assert!(refused.only(".note.warn").contains("nothing was published"));
        }
        assert_eq!(server.stored_comments(), 1);
    });
}

#[test]
fn a_reply_that_the_database_cannot_take_is_kept() {
    let server = ferry(Engine::Sqlite);
    let dana = server.moderator("Dana");
    let id = published(&server, "A point.");
    let form = dana.get(&reply_path(id));
    let mut other = server.database.connect();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let page = send_from(&dana, &form, "Long thoughts.", "send");
    assert_eq!(page.status, 503);
    assert_eq!(page.value("textarea").trim(), "Long thoughts.");
    other.batch_execute("ROLLBACK").unwrap();
    let fields = [
        ("csrf", page.value("main form [name=csrf]")),
        ("body", page.value("main form [name=body]")),
        ("do", page.attribute("main form button", "value")),
    ];
    let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let again = dana.post(&page.attribute("main form", "action"), &fields);
    assert_eq!(again.status, 303, "{}", again.text());
    assert_eq!(server.stored_comments(), 2);
}
