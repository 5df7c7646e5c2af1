//! Discussions that close by themselves.

use rejoinder::time::DAY;

use crate::support::{Server, on_each_engine};

#[test]
fn a_discussion_closes_when_its_days_are_over_and_keeps_what_came_too_late() {
    on_each_engine(|engine| {
        let settings = [("replies.close_after_days", "14"), ("replies.hold", "none")];
        let server = Server::with(engine, &settings);
        server.article("ferry");
        let reader = server.visitor();
        reader.reply("ferry", "Ama", "In time.");
        let page = reader.get("/articles/ferry");
        assert_eq!(page.count("#reply form"), 1);
        let id = page.item_with("In time.");

        server.clock.advance(14 * DAY);
        let page = reader.get("/articles/ferry");
        assert_eq!(page.count("#reply form"), 0);
        assert!(page.only("#reply").contains("Replies closed on"));
        assert!(page.text().contains("In time."));
        assert_eq!(page.count("a[href*=reply_to]"), 0);
        let branch = reader.get(&format!("/threads/{id}"));
        assert_eq!(branch.count("a[href*=reply_to]"), 0);
        for act in ["send", "preview"] {
            let fields = [("name", "Bo"), ("body", "Too late, alas."), ("do", act)];
            let page = reader.post("/articles/ferry/replies", &fields);
            assert_eq!(page.status, 409, "{act}");
            assert!(page.body.contains("Too late, alas."), "{act}");
        }
    });
}
