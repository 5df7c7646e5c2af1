//! Forms from elsewhere, and forms without the desk's token.

use crate::support::{Client, Engine, Page, Server, on_each_engine};

/// Every address that takes a form.
const ACTS: [&str; 21] = [
    "/articles/ferry/replies",
    "/replies/AAAAAAAAAAAAAAAAAAAAAAAA/forget",
    "/login",
    "/login/code",
    "/logout",
    "/moderation/comments/1/decide",
    "/moderation/decisions/1/undo",
    "/moderation/comments/1/reply",
    "/moderation/articles/1",
    "/moderation/articles/1/reply",
    "/moderation/claims",
    "/moderation/comments/1/claim",
    "/moderation/comments/1/notes",
    "/moderation/comments/1/author",
    "/moderation/authors/1",
    "/moderation/saved-replies",
    "/moderation/account/password",
    "/moderation/account/sessions",
    "/moderation/account/two-factor",
    "/moderation/bulk",
    "/moderation/bulks/1/undo",
];

fn ferry(engine: Engine) -> Server {
    let server = Server::start(engine);
    server.article("ferry");
    server
}

fn assert_refused(page: &Page, what: &str) {
    assert_eq!(page.status, 403, "{what}: {}", page.text());
    assert_eq!(
        page.only("h1"),
        "This form was sent from another site",
        "{what}"
    );
    assert_eq!(page.header("set-cookie"), None, "{what}");
    assert_eq!(page.header("access-control-allow-origin"), None, "{what}");
}

#[test]
fn a_form_from_another_site_is_refused_whoever_sends_it() {
    let server = ferry(Engine::Sqlite);
    server.visitor().reply("ferry", "Ama", "Waiting.");
    let reader = server.visitor();
    let dana = server.moderator("Dana");
    let own = reader.base().to_owned();
    let port = server.address.port();
    let lookalike = format!("http://127.0.0.1:{port}.evil.example");
    let other_port = format!("http://127.0.0.1:{}", port ^ 1);
    let user = format!("http://127.0.0.1:{port}@evil.example");
    let foreign: &[&[(&str, &str)]] = &[
        &[("origin", "http://evil.example")],
        &[("origin", "null")],
        &[("origin", "")],
        &[("origin", "nonsense")],
        &[("origin", "file://")],
        &[("origin", &lookalike)],
        &[("origin", &other_port)],
        &[("origin", &user)],
        &[("origin", "http://127.0.0.1")],
        &[("origin", "http://localhost")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "")],
        &[("sec-fetch-site", "cross-site"), ("origin", &own)],
        &[("sec-fetch-site", "same-site"), ("origin", &own)],
        &[
            ("origin", "http://evil.example"),
            ("x-forwarded-host", "evil.example"),
        ],
        &[
            ("origin", "http://evil.example"),
            ("forwarded", "host=evil.example"),
        ],
    ];
    for path in ACTS {
        for headers in foreign {
            for (who, client) in [("a reader", &reader), ("a moderator", &dana)] {
                let body = b"name=Dana&body=Words&do=send&version=1&tab=waiting";
                let page = client.post_raw(path, body, headers);
                assert_refused(&page, &format!("{path} {headers:?} by {who}"));
            }
        }
        // Without a word about where it comes from, it is no browser: never with somebody's session.
        assert_refused(&dana.post_raw(path, b"do=approve", &[]), path);
    }
    // None of this did anything.
    assert_eq!(server.stored_comments(), 1);
    assert_eq!(dana.get("/moderation").count(".item"), 1);
}

#[test]
fn a_form_of_ours_is_taken_by_every_name_of_this_machine() {
    let server = ferry(Engine::Sqlite);
    let reader = server.visitor();
    let port = server.address.port();
    let mut sent = 0;
    let mut post = |headers: &[(&str, &str)]| {
        sent += 1;
        let body = format!("name=Ama&body=Words+{sent}&do=send");
        reader.post_raw(ACTS[0], body.as_bytes(), headers).status
    };
    assert_eq!(post(&[]), 303);
    assert_eq!(post(&[("sec-fetch-site", "same-origin")]), 303);
    assert_eq!(post(&[("sec-fetch-site", "none")]), 303);
    for host in ["localhost", "news.example", "192.168.7.1", "[::1]"] {
        let (host, origin) = (format!("{host}:{port}"), format!("http://{host}:{port}"));
        assert_eq!(post(&[("host", &host), ("origin", &origin)]), 303, "{host}");
    }
    assert_eq!(
        post(&[("host", "news.example"), ("origin", "http://news.example")]),
        303
    );
    assert_eq!(
        post(&[("host", "news.example"), ("origin", "https://news.example")]),
        303
    );
    assert_eq!(
        post(&[("host", "news.example"), ("origin", "http://evil.example")]),
        403
    );
}

/// Sends what the desk's page would send, but for one field.
fn send_with(client: &Client, path: &str, list: &Page, csrf: Option<&str>) -> Page {
    let version = list.value("input[name=version]");
    let mut fields = vec![
        ("version", version.as_str()),
        ("view", ""),
        ("do", "approve"),
    ];
    fields.extend(csrf.map(|csrf| ("csrf", csrf)));
    client.post(path, &fields)
}

#[test]
fn the_desk_takes_no_form_without_the_sessions_own_token() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let reader = server.visitor();
        reader.reply("ferry", "Ama", "Decide on this.");
        reader.reply("ferry", "Ama", "And on this.");
        let (dana, ed) = (server.moderator("Dana"), server.moderator("Ed"));
        let list = dana.get("/moderation");
        let token = list.value("input[name=csrf]");
        let colleagues = ed.get("/moderation").value("input[name=csrf]");
        let again = server.visitor();
        again.sign_in("Dana", crate::support::PASSWORD);
        let other_session = again.get("/moderation").value("input[name=csrf]");
        assert_eq!(dana.get("/moderation").value("input[name=csrf]"), token);
        dana.decide("waiting", "And on this.", "approve", "");
        let id = list.item_with("Decide on this.");
        let decide = format!("/moderation/comments/{id}/decide");
        // Forms that carry a text are refused with it: see `staff_texts`.
        let carries_text = |path: &str| path.ends_with("/reply");
        let desk = ACTS
            .iter()
            .filter(|path| path.starts_with("/moderation/") && !carries_text(path));
        for path in desk.copied().chain([decide.as_str(), "/logout"]) {
            for csrf in [
                None,
                Some(""),
                Some("x"),
                Some(&token[1..]),
                Some(&colleagues),
                Some(&other_session),
            ] {
                assert_refused(
                    &send_with(&dana, path, &list, csrf),
                    &format!("{path} {csrf:?}"),
                );
            }
        }
        assert_eq!(dana.get("/moderation").count(".item"), 1);
        assert_eq!(dana.get("/moderation?tab=published").count(".item"), 1);
        assert_eq!(send_with(&dana, &decide, &list, Some(&token)).status, 303);
    });
}

#[test]
fn the_token_is_nowhere_but_in_the_desks_own_forms() {
    let server = ferry(Engine::Sqlite);
    let dana = server.moderator("Dana");
    let token = dana.get("/moderation").value("input[name=csrf]");
    let cookie = dana.cookie("session").unwrap();
    for path in [
        "/",
        "/articles/ferry",
        "/login",
        "/rules",
        "/nothing",
        "/moderation?tab=none",
    ] {
        let page = dana.get(path);
        assert!(
            !page.body.contains(&token) && !page.body.contains(&cookie),
            "{path}"
        );
    }
    assert!(!dana.get("/moderation").body.contains(&cookie));
}
