//! What every answer carries: the policy, what may be kept, no cookies for readers, paths to go on to.

use crate::support::{Engine, Page, Server};

const WITH_SCRIPT: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const WITHOUT_SCRIPT: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// The fixed headers, and a policy that allows a script exactly where there is one.
fn assert_guarded(page: &Page, what: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(page.headers_named(name), [value], "{name} of {what}");
    }
    let scripts = page.attributes("script", "src");
    assert_eq!(
        page.count("script"),
        scripts.len(),
        "inline script in {what}"
    );
    let policy = if scripts.is_empty() {
        WITHOUT_SCRIPT
    } else {
        WITH_SCRIPT
    };
    let sent = page.headers_named("content-security-policy");
    // An answer without a body has no script to allow, and may follow its page.
    if page.body.is_empty() {
        assert!(sent == [WITH_SCRIPT] || sent == [WITHOUT_SCRIPT], "{what}");
    } else {
        assert_eq!(sent, [policy], "{what}");
    }
    assert_eq!(page.count("style, [style], base, iframe"), 0, "{what}");
    for name in ["onclick", "onload", "onerror", "onsubmit"] {
        assert_eq!(page.count(&format!("[{name}]")), 0, "{what}");
    }
    for (selector, attribute) in [
        ("script", "src"),
        ("link", "href"),
        ("form", "action"),
        ("img", "src"),
    ] {
        for address in page.attributes(selector, attribute) {
            assert!(
                address.starts_with('/') && !address.starts_with("//"),
                "{address} in {what}"
            );
        }
    }
}

#[test]
fn every_answer_carries_the_policy_and_allows_a_script_only_where_there_is_one() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let reader = server.visitor();
    let receipt = reader.reply("ferry", "Ama", "Waiting.");
    let moderator = server.moderator("Dana");
    for path in [
        "/",
        "/articles/ferry",
        "/articles/nothing",
        "/nothing",
        "/rules",
        "/login",
        "/healthz",
        "/readyz",
        "/comments/1",
        "/threads/1",
        "/moderation",
        receipt.as_str(),
        "/replies/nobody",
        "/logout",
        "/articles/ferry?from=x",
    ] {
        assert_guarded(&reader.get(path), path);
        assert_guarded(&reader.head(path), path);
    }
    let script = reader.get("/articles/ferry").attribute("script", "src");
    assert_eq!(
        reader.get(&script).headers_named("x-content-type-options"),
        ["nosniff"]
    );
    for path in [
        "/moderation",
        "/moderation?tab=spam",
        "/moderation?tab=nothing",
        "/moderation?done=1",
    ] {
        assert_guarded(&moderator.get(path), path);
    }
    let bad = reader.post("/articles/ferry/replies", &[("do", "send")]);
    assert_eq!(bad.status, 422);
    assert_guarded(&bad, "a refused reply");
    let preview = [("name", "Ama"), ("body", "Look."), ("do", "preview")];
    assert_guarded(
        &reader.post("/articles/ferry/replies", &preview),
        "a preview",
    );
    assert_guarded(
        &reader.post_raw("/logout", b"", &[("origin", "http://evil.example")]),
        "403",
    );
    assert_guarded(&reader.sign_in("Dana", "wrong"), "a failed sign-in");
    let stale = moderator.get("/moderation");
    moderator.decide_from(&stale, 1, "approve", "");
    let conflict = moderator.decide_from(&stale, 1, "spam", "");
    assert_eq!(conflict.status, 409);
    assert_guarded(&conflict, "a decision that came too late");
    assert_guarded(&reader.get("/threads/1"), "a branch");
    let form = "/comments/1/report";
    assert_guarded(&reader.get(form), form);
    assert_guarded(&reader.head(form), form);
    assert_guarded(&reader.post(form, &[]), "a refused report");
    let report = reader.post(form, &[("ground", "4")]).location();
    assert_guarded(&reader.get(&report), "the receipt of a report");
    assert_guarded(&reader.get("/reports/nobody"), "/reports/nobody");
    let again = reader.post(form, &[("ground", "5")]);
    assert_eq!(again.status, 409);
    assert_guarded(&again, "a second report");
    assert_guarded(
        &moderator.get("/moderation?tab=reported"),
        "what is reported",
    );
}

#[test]
fn receipts_forms_with_text_and_the_desk_are_never_kept_and_never_listed() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let reader = server.visitor();
    let receipt = reader.reply("ferry", "Ama", "Waiting.");
    let moderator = server.moderator("Dana");
    let refused = reader.post("/articles/ferry/replies", &[("do", "send")]);
    let pages = [
        reader.get(&receipt),
        reader.head(&receipt),
        refused,
        reader.get("/login"),
        reader.get("/moderation"),
        moderator.get("/moderation"),
        moderator.get("/moderation?tab=spam"),
        moderator.decide("waiting", "Waiting.", "approve", ""),
    ];
    let form = "/comments/1/report";
    let report = reader.post(form, &[("ground", "4")]).location();
    let reports = [
        reader.get(form),
        reader.head(form),
        reader.post(form, &[]),
        reader.get(&report),
        reader.head(&report),
        reader.post(form, &[("ground", "5")]),
        reader.post("/comments/2/report", &[]),
    ];
    for page in &reports {
        assert_eq!(page.header("x-robots-tag"), Some("noindex"));
        assert_eq!(
            page.count("meta[name=robots]"),
            usize::from(!page.body.is_empty())
        );
    }
    for page in pages.iter().chain(&reports) {
        assert_eq!(
            page.header("cache-control"),
            Some("no-store"),
            "{}",
            page.text()
        );
        assert_eq!(page.header("etag"), None);
    }
    assert_eq!(pages[0].header("x-robots-tag"), Some("noindex"));
    assert_eq!(
        pages[0].attribute("meta[name=robots]", "content"),
        "noindex"
    );
    // The desk carries a token beside others' words: compressed, its length would tell (BREACH).
    let plain = moderator.get_with("/moderation", &[("accept-encoding", "gzip, br")]);
    assert!(matches!(
        plain.header("content-encoding"),
        None | Some("identity")
    ));
    let small = reader.get_with("/", &[("accept-encoding", "gzip")]);
    assert_eq!(small.header("content-encoding"), Some("gzip"));
}

#[test]
fn readers_get_no_cookie() {
    let server = Server::with(Engine::Sqlite, &[("replies.hold", "none")]);
    server.article("ferry");
    let reader = server.visitor();
    let reply = [("name", "Ama"), ("body", "A reply."), ("do", "send")];
    let sent = reader.post("/articles/ferry/replies", &reply);
    let receipt = sent.location();
    let mut pages = vec![sent, reader.post("/articles/ferry/replies", &[])];
    for path in [
        "/",
        "/articles/ferry",
        "/rules",
        "/comments/1",
        "/login",
        "/moderation",
        "/nothing",
        &receipt,
    ] {
        pages.push(reader.get(path));
    }
    pages.push(reader.sign_in("Nobody", "not a password"));
    for page in pages {
        assert_eq!(page.header("set-cookie"), None, "{}", page.text());
    }
    // Nor do pages differ by one.
    let other = server.visitor();
    other.set_cookie("session", "made-up");
    assert_eq!(
        other.get("/articles/ferry").body,
        reader.get("/articles/ferry").body
    );
}

#[test]
fn whoever_is_sent_on_is_sent_to_a_path_whatever_host_was_named() {
    let server = Server::with(Engine::Sqlite, &[("replies.hold", "none")]);
    server.seed("---\ntitle: Ferry\nslug: ferry\naliases: [old]\n---\nText.\n");
    let reader = server.visitor();
    let reply = [("name", "Ama"), ("body", "A reply."), ("do", "send")];
    let mut answers = vec![reader.post("/articles/ferry/replies", &reply)];
    for headers in [
        &[("host", "evil.example")][..],
        &[
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-proto", "https"),
        ][..],
        &[("forwarded", "host=evil.example")][..],
    ] {
        for path in [
            "/articles/old",
            "/comments/1",
            "/moderation",
            "/moderation?tab=spam",
        ] {
            answers.push(reader.get_with(path, headers));
        }
        for path in ["/", "/articles/ferry", "/login", "/articles/nothing"] {
            let page = reader.get_with(path, headers);
            assert!(!page.body.contains("evil.example"), "{path}");
        }
    }
    let moderator = server.visitor();
    server.account("Dana", rejoinder::moderation::Role::Moderator);
    answers.push(moderator.sign_in("Dana", crate::support::PASSWORD));
    answers.push(moderator.decide("published", "A reply.", "spam", ""));
    let done = moderator.get(&answers.last().unwrap().location());
    answers.push(moderator.undo(&done));
    let csrf = done.value("input[name=csrf]");
    answers.push(moderator.post("/logout", &[("csrf", &csrf)]));
    for answer in answers {
        assert!((300..400).contains(&answer.status), "{}", answer.text());
        let location = answer.location();
        assert!(
            location.starts_with('/') && !location.starts_with("//"),
            "{location}"
        );
    }
}

#[test]
fn static_files_are_kept_for_ever_under_names_that_change_with_them() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let reader = server.visitor();
    let page = reader.get("/articles/ferry");
    let mut files = page.attributes("link[rel=stylesheet], link[rel=icon]", "href");
    files.extend(page.attributes("script", "src"));
    assert_eq!(files.len(), 3);
    for file in files {
        let sent = reader.get(&file);
        assert_eq!(sent.status, 200, "{file}");
        assert_eq!(
            sent.header("cache-control"),
            Some("public, max-age=31536000, immutable"),
            "{file}"
        );
    }
}
