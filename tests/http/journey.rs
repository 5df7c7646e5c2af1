//! The main path: read, reply, approve, see it.

use crate::support::{Server, on_each_engine};

#[test]
fn a_reply_is_read_by_nobody_until_a_moderator_approves_it() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let reader = server.visitor();
        let receipt = reader.reply("ferry", "Ama", "The boat was **late** again.");
        let page = reader.get(&receipt);
        assert_eq!(page.only("h1"), "Your reply is awaiting moderation");
        assert_eq!(page.only(".c-body strong"), "late");

        let moderator = server.moderator("Dana");
        for path in ["/", "/articles/ferry", "/rules"] {
            let page = reader.get(path);
            assert!(!page.body.contains("late"), "{path}");
            assert!(!page.body.contains("Ama"), "{path}");
        }
        assert!(
            reader
                .get("/articles/ferry")
                .text()
                .contains("No comments yet")
        );

        let list = moderator.get("/moderation");
        assert_eq!(list.count(".item"), 1);
        let page = moderator.decide("waiting", "late", "approve", "");
        assert_eq!(page.status, 303);
        let list = moderator.get(&page.location());
        assert!(list.only("main .toast").contains("Approved: Ama."));

        let page = reader.get("/articles/ferry");
        assert_eq!(page.only(".comment .c-body"), "The boat was late again.");
        assert!(page.only(".counts").contains("1 comment"));
        assert!(reader.get("/").text().contains("1 comment"));
        assert_eq!(reader.get(&receipt).only("h1"), "Your reply is published");
    });
}
