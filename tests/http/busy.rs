//! A database that cannot answer: nothing is acknowledged, nothing typed is lost, and all is well afterwards.

use diesel::connection::SimpleConnection;
use rejoinder::time::MINUTE;

use crate::support::{Engine, Server};

#[test]
fn a_locked_database_gets_a_page_that_keeps_every_field_and_recovers_by_itself() {
    // On PostgreSQL no other program can lock the whole database; that its loss is survived is in `storage.rs`.
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let reader = server.visitor();
    let mut other = server.database.connect();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();

    let fields = [
        ("name", "Ama <b>"),
        ("email", "ama@example.org"),
        ("website", "https://ama.example/"),
        ("body", "First line.\nSecond \"line\"."),
        ("do", "send"),
    ];
    let page = reader.post("/articles/ferry/replies", &fields);
    assert_eq!(page.status, 503);
    assert!(page.header("retry-after").is_some());
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let form = "form[action='/articles/ferry/replies']";
    for (name, value) in &fields[..4] {
        assert_eq!(&page.value(&format!("{form} [name={name}]")), value);
    }
    assert_eq!(page.count("h1"), 1);
    // Reading goes on meanwhile.
    assert_eq!(reader.get("/articles/ferry").status, 200);

    other.batch_execute("ROLLBACK").unwrap();
    let again = reader.post_and_follow("/articles/ferry/replies", &fields);
    assert_eq!(again.only("h1"), "Your reply is awaiting moderation");
    let moderator = server.moderator("Dana");
    assert_eq!(moderator.get("/moderation").count(".item"), 1);
}

#[test]
fn an_edit_and_an_appeal_are_kept_too_and_can_be_sent_again() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let (reader, dana) = (server.visitor(), server.moderator("Dana"));
    let rejected = reader.reply("ferry", "Ama", "Not here.");
    dana.decide("waiting", "Not here.", "reject", "4");
    server.clock.advance(MINUTE);
    let waiting = reader.reply("ferry", "Ama", "First words.");
    let seen = reader
        .get(&format!("{waiting}/edit"))
        .value("main [name=seen]");
    let mut other = server.database.connect();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let (edit, appeal) = (format!("{waiting}/edit"), format!("{rejected}/appeal"));
    let typed = "Second \"words\" <b>,\nin two lines.";
    for (path, fields) in [
        (
            &edit,
            vec![("seen", &*seen), ("body", typed), ("do", "send")],
        ),
        (&appeal, vec![("why", typed)]),
    ] {
        let page = reader.post(path, &fields);
        assert_eq!(page.status, 503, "{path}");
        for (name, value) in fields.iter().filter(|(name, _)| *name != "do") {
            let field = format!("form[action='{path}'] [name={name}]");
            assert_eq!(&page.value(&field), value, "{path}");
        }
    }
    other.batch_execute("ROLLBACK").unwrap();
    let fields = [("seen", &*seen), ("body", typed), ("do", "send")];
    let edited = reader.post_and_follow(&edit, &fields);
    assert!(edited.text().contains("in two lines."));
    let appealed = reader.post_and_follow(&appeal, &[("why", typed)]);
    assert!(appealed.text().contains("in two lines."));
}
