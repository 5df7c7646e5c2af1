//! Forms that other sites send from the browser of somebody who has a receipt, a device or a session here.

use crate::desk::{admin, post};
use crate::support::{Client, Engine, Page, Server, on_each_engine};

use super::routes::{NOWHERE, Places, acts, all};

fn says_foreign(page: &Page) -> bool {
    page.status == 403 && page.texts("h1") == ["This form was sent from another site"]
}

/// Whether these headers are those of a page of ours, by the rule that `ARCHITECTURE` states.
fn is_ours(site: Option<&str>, origin: Option<&str>, host: &str, has_session: bool) -> bool {
    match (site, origin) {
        (Some(site), _) => site == "same-origin" || site == "none",
        (None, Some(origin)) => origin.strip_prefix("http://") == Some(host),
        (None, None) => !has_session,
    }
}

#[test]
fn a_form_of_another_site_is_refused_at_every_address_by_every_combination_of_headers() {
    let server = Server::with(Engine::Sqlite, &[("replies.hold", "none")]);
    server.article("ferry");
    let reader = server.visitor();
    let receipt = reader.reply("ferry", "Ama", "Stays as it is.");
    let report = crate::reporting::report(&reader, 1, &[("ground", "4")]);
    let there = Places {
        id: "1",
        receipt: receipt.strip_prefix("/replies/").unwrap(),
        report: report.strip_prefix("/reports/").unwrap(),
    };
    let staff = admin(&server, "Priya");
    let own_host = server.address.to_string();
    let own_origin = format!("http://{own_host}");
    let sites = [
        None,
        Some("same-origin"),
        Some("none"),
        Some("same-site"),
        Some("cross-site"),
        Some(""),
        Some("Same-Origin"),
        Some("same-origin, none"),
    ];
    let origins = [
        None,
        Some(own_origin.as_str()),
        Some("http://evil.example"),
        Some("null"),
        Some(""),
    ];
    let before = everything(&server);
    let mut refused = 0;
    for route in acts() {
        for site in sites {
            for origin in origins {
                for host in [own_host.as_str(), "evil.example"] {
                    for (client, has_session) in [(&reader, false), (&staff, true)] {
                        let mut headers = vec![("host", host)];
                        headers.extend(site.map(|site| ("sec-fetch-site", site)));
                        headers.extend(origin.map(|origin| ("origin", origin)));
                        let ours = is_ours(site, origin, host, has_session);
                        // What is let through finds nothing that it could change.
                        let path = route.at(if ours { NOWHERE } else { there });
                        let body = b"body=Changed&do=approve&version=1&why=x&ground=4&name=";
                        // With a session, what is let through has a token to be asked for: see below.
                        if ours && has_session {
                            continue;
                        }
                        let page = client.post_raw(&path, body, &headers);
                        let what = format!(
                            "{path} {headers:?}, session: {has_session}: {}",
                            page.text()
                        );
                        assert_eq!(says_foreign(&page), !ours, "{what}");
                        if !ours {
                            assert_eq!(page.header("set-cookie"), None, "{what}");
                            assert_eq!(page.header("access-control-allow-origin"), None, "{what}");
                            refused += 1;
                        }
                    }
                }
            }
        }
    }
    assert!(refused > 3_000, "{refused}");
    assert_eq!(everything(&server), before);
    assert_eq!(staff.get("/moderation").status, 200);
    assert_eq!(reader.get(&receipt).only("h1"), "Your reply is published");
}

/// What an act that got through would have changed.
fn everything(server: &Server) -> (i64, Vec<String>) {
    (server.stored_comments(), crate::moderating::acts(server))
}

#[test]
fn a_form_without_the_sessions_token_is_refused_at_every_address_of_the_desk() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.article("ferry");
        server.visitor().reply("ferry", "Ama", "Stays as it is.");
        let staff = admin(&server, "Priya");
        let colleague = server
            .moderator("Ed")
            .get("/moderation")
            .value("[name=csrf]");
        let own = staff.get("/moderation").value("[name=csrf]");
        let before = everything(&server);
        let there = Places { id: "1", ..NOWHERE };
        for route in acts().into_iter().filter(|route| route.is_desk()) {
            let path = route.at(there);
            for csrf in [None, Some(""), Some(&own[1..]), Some(&colleague)] {
                let mut fields = vec![
                    ("do", "approve"),
                    ("version", "2"),
                    ("view", ""),
                    ("body", "Words"),
                ];
                fields.extend(csrf.map(|csrf| ("csrf", csrf)));
                let page = staff.post(&path, &fields);
                assert_eq!(page.status, 403, "{path} {csrf:?}: {}", page.text());
            }
        }
        assert_eq!(everything(&server), before);
        // The same session with its own token is taken.
        let fields = [("do", "release"), ("view", "")];
        let page = post(&staff, "/moderation/comments/1/claim", &fields);
        assert_ne!(page.status, 403, "{}", page.text());
    });
}

#[test]
fn nothing_is_changed_by_a_link_whatever_method_it_claims() {
    let server = Server::with(Engine::Sqlite, &[("replies.hold", "none")]);
    server.article("ferry");
    let reader = server.visitor();
    let receipt = reader.reply("ferry", "Ama", "Stays as it is.");
    let staff = admin(&server, "Priya");
    let csrf = staff.get("/moderation").value("[name=csrf]");
    let before = everything(&server);
    let there = Places {
        id: "1",
        receipt: receipt.strip_prefix("/replies/").unwrap(),
        ..NOWHERE
    };
    let methods = [
        "x-http-method-override",
        "x-http-method",
        "x-method-override",
    ];
    let headers = methods.map(|name| (name, "POST"));
    for route in all() {
        let path = route.at(there);
        let asked = format!(
            "{path}?_method=POST&do=reject&ground=1&version=2&csrf={csrf}&view=&body=Changed"
        );
        for client in [&reader, &staff] {
            let page = client.get_with(&asked, &headers);
            if !route.get {
                assert_eq!(page.status, 405, "{asked}: {}", page.text());
            }
            assert_eq!(client.head(&asked).status, page.status, "{asked}");
        }
    }
    assert_eq!(everything(&server), before);
    assert!(client_sees(&reader, "Stays as it is."));
    assert_eq!(staff.get("/moderation").status, 200, "signed out by a link");
}

fn client_sees(reader: &Client, words: &str) -> bool {
    reader.get("/articles/ferry").body.contains(words)
}
