//! The clock of the machine set an hour back, and an hour forward.

use rejoinder::time::{HOUR, MINUTE};

use super::support::{Client, Database, Page, Server, on_each_engine};

fn try_reply(reader: &Client, body: &str) -> Page {
    let fields = [("name", "Ama"), ("body", body), ("do", "send")];
    reader.post("/articles/ferry/replies", &fields)
}

/// Back, forth to where it was, and forward.
const LEAPS: [i64; 3] = [-HOUR, HOUR, HOUR];

#[test]
fn sessions_and_pages_live_through_a_clock_that_leaps() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let mut shown = Vec::new();
        for (n, leap) in [0].into_iter().chain(LEAPS).enumerate() {
            server.clock.advance(leap);
            assert_eq!(dana.get("/moderation").status, 200, "{leap}");
            let body = format!("Reply number {n}.");
            let receipt = reader.reply("ferry", "Ama", &body);
            assert!(reader.get(&receipt).text().contains(&body));
            let done = dana.decide("waiting", &body, "approve", "");
            assert_eq!(done.status, 303, "{}", done.text());
            shown.push(body);
            // In the order in which they came, whatever the clock said.
            let page = reader.get("/articles/ferry");
            assert_eq!(page.texts(".comment .c-body"), shown, "{leap}");
            let undone = dana.undo(&dana.get(&done.location()));
            assert_eq!(undone.status, 303);
            assert_eq!(reader.get("/articles/ferry").count(".comment"), n);
            dana.decide("waiting", shown.last().unwrap(), "approve", "");
            assert_eq!(server.visitor().sign_in("Dana", "nonsense").status, 422);
        }
    });
}

#[test]
fn whoever_had_to_wait_a_minute_does_not_wait_an_hour() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let server = Server::over(
            database,
            &[("replies.per_minute", "3"), ("login.per_minute", "3")],
        );
        server.article("ferry");
        let reader = server.visitor();
        server.moderator("Dana");
        for (round, leap) in [0].into_iter().chain(LEAPS).enumerate() {
            server.clock.advance(leap);
            // Where the clock comes back to the minute of the first round, its replies count again.
            if round == 2 {
                server.clock.advance(2 * MINUTE);
            }
            for n in 0..3 {
                let page = try_reply(&reader, &format!("Round {round}, reply {n}."));
                assert_eq!(page.status, 303, "after {leap}, reply {n}");
            }
            let page = try_reply(&reader, "One too many.");
            assert_eq!(page.status, 429, "after {leap}");
            let wait: i64 = page.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=60).contains(&wait), "{wait}");
            for _ in 0..3 {
                assert_ne!(reader.sign_in("Dana", "wrong and long").status, 429);
            }
            assert_eq!(reader.sign_in("Dana", "wrong and long").status, 429);
        }
    });
}

#[test]
fn a_claim_from_before_the_clock_was_set_back_is_none() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let (dana, eli) = (server.moderator("Dana"), server.moderator("Eli"));
        server.visitor().reply("ferry", "Ama", "Mine or yours?");
        let take = |moderator: &Client| {
            let csrf = moderator.get("/moderation").value("input[name=csrf]");
            let fields = [("csrf", csrf.as_str()), ("view", "")];
            moderator.post_and_follow("/moderation/claims", &fields);
        };
        let claimed = |moderator: &Client| moderator.get("/moderation?claim=mine").count(".item");
        take(&dana);
        take(&eli);
        assert_eq!((claimed(&dana), claimed(&eli)), (1, 0));
        server.clock.advance(-HOUR);
        take(&eli);
        assert_eq!((claimed(&dana), claimed(&eli)), (0, 1));
        server.clock.advance(HOUR);
        take(&dana);
        assert_eq!((claimed(&dana), claimed(&eli)), (1, 0));
    });
}
