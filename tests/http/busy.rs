//! A database that cannot answer: nothing is acknowledged, nothing typed is lost, and all is well afterwards.

use diesel::connection::SimpleConnection;

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
