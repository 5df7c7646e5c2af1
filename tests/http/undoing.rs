//! Taking a decision back.

use crate::moderating::{acts, ferry, statuses};
use crate::support::{Engine, on_each_engine};

#[test]
fn undoing_restores_status_page_count_and_ground() {
    on_each_engine(|engine| {
        let server = ferry(engine);
        let reader = server.visitor();
        let receipt = reader.reply("ferry", "Ama", "A point.");
        let moderator = server.moderator("Dana");
        let waiting = ("Your reply is awaiting moderation".to_owned(), 0);
        let done = moderator.get(
            &moderator
                .decide("waiting", "A point.", "approve", "")
                .location(),
        );
        assert_eq!(
            statuses(&reader, &receipt),
            ("Your reply is published".to_owned(), 1)
        );
        let undone = moderator.get(&moderator.undo(&done).location());
        assert_eq!(
            undone.only("main .toast p"),
            "Undone: Ama is back in the queue."
        );
        assert_eq!(undone.count("main .toast form"), 0);
        assert_eq!(statuses(&reader, &receipt), waiting);
        assert!(
            reader
                .get("/articles/ferry")
                .only(".counts")
                .starts_with("No comments yet")
        );
        assert_eq!(undone.count(".item"), 1);

        // Twice is "done" as well.
        let again = moderator.undo(&done);
        assert_eq!(again.status, 303);
        assert_eq!(statuses(&reader, &receipt), waiting);

        // Undoing a change of mind brings back the ground before.
        moderator.decide("waiting", "A point.", "reject", "4");
        let page = moderator.decide("rejected", "A point.", "reject", "1");
        assert_eq!(page.status, 409, "rejected is rejected already");
        let page = moderator.get(
            &moderator
                .decide("rejected", "A point.", "spam", "")
                .location(),
        );
        moderator.undo(&page);
        let rejected = moderator.get("/moderation?tab=rejected");
        assert!(rejected.only(".evid").contains("off topic (rule 4)"));
        assert_eq!(moderator.get("/moderation?tab=spam").count(".item"), 0);
        server.clock.advance(61_000);
        let page = reader.get(&receipt);
        assert_eq!(page.only("h1"), "Your reply was not published");
        assert!(page.only("main .note").contains("Off topic (rule 4)"));
        assert_eq!(
            acts(&server),
            [
                "signed-in",
                "approved",
                "undone",
                "rejected",
                "spam",
                "undone"
            ]
        );
    });
}

#[test]
fn only_the_last_decision_can_be_undone() {
    let server = ferry(Engine::Sqlite);
    server.visitor().reply("ferry", "Ama", "A point.");
    let moderator = server.moderator("Dana");
    let first = moderator.get(
        &moderator
            .decide("waiting", "A point.", "approve", "")
            .location(),
    );
    let second = server.moderator("Ed");
    second.decide("published", "A point.", "spam", "");
    let late = moderator.undo(&first);
    assert_eq!(late.status, 409);
    assert!(late.only(".note").starts_with("Ed marked this as spam at "));
    let csrf = first.value("input[name=csrf]");
    let fields = [("csrf", csrf.as_str()), ("view", "")];
    for path in [
        "/moderation/decisions/999/undo",
        "/moderation/decisions/x/undo",
        "/moderation/decisions/99999999999999999999/undo",
    ] {
        assert_eq!(moderator.post(path, &fields).status, 404, "{path}");
    }
}
