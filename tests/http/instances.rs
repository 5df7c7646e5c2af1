//! Two servers on one PostgreSQL, not knowing of each other: what one counts, the other counts too.

use crate::support::{Database, Engine, PASSWORD, Server, engines, skip};

/// Two servers over one database, or nothing where there is no PostgreSQL.
fn two(settings: &[(&'static str, &str)]) -> Option<[Server; 2]> {
    if !engines().contains(&Engine::Postgres) {
        skip("two servers share a database on PostgreSQL alone");
        return None;
    }
    let one = Server::with(Engine::Postgres, settings);
    let beside = Database::beside(&one.database);
    // The first one goes last: its database goes with it.
    Some([Server::over(beside, settings), one])
}

fn flush(server: &Server) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    runtime.unwrap().block_on(server.app.flush_views());
}

#[test]
fn views_add_up() {
    let Some([other, one]) = two(&[]) else { return };
    one.article("ferry");
    for _ in 0..7 {
        one.visitor().get("/articles/ferry");
    }
    for _ in 0..5 {
        other.visitor().get("/articles/ferry");
    }
    flush(&one);
    flush(&other);
    for server in [&one, &other] {
        server.clock.advance(2 * rejoinder::time::MINUTE);
        let counts = server.visitor().get("/articles/ferry").only(".counts");
        assert!(counts.ends_with("12 views"), "{counts}");
    }
}

/// What a server hands out from memory costs the database nothing, and so one more server is as many readers more.
#[test]
fn a_second_server_reads_each_page_once() {
    let Some([other, one]) = two(&[]) else { return };
    one.article("ferry");
    let addresses = ["/articles/ferry", "/", "/rules", "/api/counts?slug=ferry"];
    let reads = |server: &Server| server.app.store.pool_readings().waits.count();
    let before = (reads(&one), reads(&other));
    for _ in 0..50 {
        for address in addresses {
            assert_eq!(other.visitor().get(address).status, 200);
        }
    }
    assert_eq!(reads(&one), before.0, "the first server had nothing to do");
    let asked = reads(&other) - before.1;
    assert!(
        asked <= addresses.len() as u64,
        "{asked} reads for {} pages",
        addresses.len()
    );
}

#[test]
fn replies_of_a_network_are_counted_together() {
    let Some([other, one]) = two(&[("replies.per_minute", "3")]) else {
        return;
    };
    one.article("ferry");
    one.visitor().reply("ferry", "Ama", "One.");
    other.visitor().reply("ferry", "Ama", "Two.");
    one.visitor().reply("ferry", "Ama", "Three.");
    for (server, body) in [(&one, "Four."), (&other, "Five.")] {
        let fields = [("name", "Ama"), ("body", body), ("do", "send")];
        let page = server.visitor().post("/articles/ferry/replies", &fields);
        assert_eq!(page.status, 429);
        assert_eq!(page.value("textarea[name=body]"), body);
    }
    assert_eq!(one.stored_comments(), 3);
}

#[test]
fn failures_to_sign_in_are_counted_together() {
    let Some([other, one]) = two(&[("login.per_minute", "4")]) else {
        return;
    };
    one.account("Dana", rejoinder::moderation::Role::Moderator);
    for server in [&one, &other, &one, &other] {
        let page = server
            .visitor()
            .sign_in("Nobody", "wrong horse, no battery");
        assert_eq!(page.status, 422);
    }
    for server in [&one, &other] {
        assert_eq!(server.visitor().sign_in("Dana", PASSWORD).status, 429);
    }
}

#[test]
fn whoever_signs_in_with_one_is_signed_in_with_the_other_and_out_again() {
    let Some([other, one]) = two(&[]) else { return };
    let dana = one.moderator("Dana");
    let cookie = dana.cookie("session").unwrap();
    let there = other.visitor();
    there.set_cookie("session", &cookie);
    assert_eq!(there.get("/moderation").status, 200);
    let csrf = there
        .get("/moderation")
        .value("form[action='/logout'] input[name=csrf]");
    assert_eq!(there.post("/logout", &[("csrf", &csrf)]).status, 303);
    assert_eq!(dana.get("/moderation").status, 303, "the session is over");
}

#[test]
fn a_comment_decided_with_one_is_a_conflict_with_the_other() {
    let Some([other, one]) = two(&[]) else { return };
    one.article("ferry");
    one.visitor().reply("ferry", "Ama", "Decided twice.");
    let (dana, eli) = (one.moderator("Dana"), other.moderator("Eli"));
    let list = eli.get("/moderation");
    let id = list.item_with("Decided twice.");
    assert_eq!(
        dana.decide("waiting", "Decided twice.", "approve", "")
            .status,
        303
    );
    let page = eli.decide_from(&list, id, "spam", "");
    assert_eq!(page.status, 409);
    assert!(page.text().contains("Dana"));
    assert_eq!(other.visitor().get("/articles/ferry").count(".comment"), 1);
}
