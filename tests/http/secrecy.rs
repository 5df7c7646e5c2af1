//! What is not public stands at its receipt and on the desk, and nowhere else.

use crate::support::{Client, Server, on_each_engine};

const WORDS: &str = "heliotrope";
const NAME: &str = "Quillon";

/// Every answer that a stranger can get, with everything in it that could tell.
fn everything(reader: &Client, id: i64) -> String {
    let mut all = String::new();
    let id = id.to_string();
    for path in [
        "/",
        "/articles/ferry",
        "/rules",
        "/login",
        "/moderation",
        "/nothing",
        "/readyz",
        "/articles/ferry?from=1",
        "/articles/ferry?sort=newest",
        "/?before=1",
        "/replies/x",
        &format!("/comments/{id}"),
        &format!("/threads/{id}"),
        &format!("/articles/ferry?reply_to={id}"),
        &format!("/articles/ferry?from={id}"),
    ] {
        let page = reader.get(path);
        all += &format!(
            "{path} {} {:?} {:?} {}\n",
            page.status,
            page.header("etag"),
            page.header("location"),
            page.body.replace(&format!("?from={id}"), "")
        );
        let head = reader.head(path);
        all += &format!(
            "{} {:?} {:?}\n",
            head.status,
            head.header("etag"),
            head.header("content-length")
        );
    }
    for verb in ["send", "preview"] {
        let fields = [
            ("name", "Bo"),
            ("body", "Answer."),
            ("parent", id.as_str()),
            ("do", verb),
        ];
        let page = reader.post("/articles/ferry/replies", &fields);
        assert_eq!(page.status, 422);
        all += &page.body;
    }
    all
}

#[test]
fn a_reply_that_is_not_public_changes_nothing_that_a_stranger_can_see() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let reader = server.visitor();
        // The comment that comes next has this id, or none has.
        let nothing = everything(&reader, 1);
        let receipt = reader.reply("ferry", NAME, &format!("Some {WORDS}, waiting."));
        let id = server.comment_at(&receipt);
        assert_eq!(id, 1);
        assert_eq!(everything(&reader, id), nothing, "while it waits");

        let moderator = server.moderator("Dana");
        let decide = |tab: &str, verdict: &str| {
            let list = moderator.get(&format!("/moderation?tab={tab}"));
            let done = moderator.decide_from(&list, id, verdict, "1");
            moderator.get(&done.location())
        };
        for (tab, verdict, lands_on) in [
            ("waiting", "reject", "rejected"),
            ("rejected", "spam", "spam"),
        ] {
            decide(tab, verdict);
            assert_eq!(everything(&reader, id), nothing, "after {verdict}");
            server.clock.advance(61_000);
            assert_eq!(everything(&reader, id), nothing, "long after {verdict}");
            assert!(reader.get(&receipt).body.contains(WORDS));
            let list = moderator.get(&format!("/moderation?tab={lands_on}"));
            assert!(list.body.contains(WORDS));
        }
        let done = decide("spam", "approve");
        assert!(reader.get("/articles/ferry").body.contains(WORDS));
        moderator.undo(&done);
        assert_eq!(everything(&reader, id), nothing, "after the undoing");
        assert!(!nothing.contains(WORDS) && !nothing.contains(NAME));
    });
}

#[test]
fn a_receipt_is_mentioned_nowhere() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("replies.hold", "none")]);
        server.article("ferry");
        let reader = server.visitor();
        let receipt = reader.reply("ferry", NAME, WORDS);
        let token = receipt.strip_prefix("/replies/").unwrap().to_owned();
        let moderator = server.moderator("Dana");
        for path in [
            "/",
            "/articles/ferry",
            "/comments/1",
            "/threads/1",
            "/articles/ferry?reply_to=1",
        ] {
            assert!(!reader.get(path).body.contains(&token), "{path}");
        }
        assert!(
            !moderator
                .get("/moderation?tab=published")
                .body
                .contains(&token)
        );
        moderator.decide("published", WORDS, "spam", "");
        assert!(!moderator.get("/moderation?tab=spam").body.contains(&token));
    });
}
