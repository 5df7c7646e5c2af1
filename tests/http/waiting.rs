//! What a receipt promises about the time until a decision: what was measured, or nothing.

use rejoinder::time::{DAY, MINUTE};

use crate::support::{Server, on_each_engine};

#[test]
fn the_median_of_the_last_seven_days_is_promised_once_there_is_enough_of_it() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        server.article("ferry");
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let promise = || {
            // Looked up once a minute.
            server.clock.advance(MINUTE);
            let receipt = reader.reply("ferry", "Ama", &format!("At {}.", server.now().0));
            let said = reader.get(&receipt).only(".steps [aria-current]");
            reader.post(&format!("{receipt}/withdraw"), &[]);
            said
        };
        for number in 0..9 {
            reader.reply("ferry", "Ama", &format!("Reply {number}."));
        }
        server.clock.advance(7 * MINUTE);
        for number in 0..9 {
            dana.decide("waiting", &format!("Reply {number}."), "approve", "");
        }
        assert!(!promise().contains("usually"), "nine are too few");
        reader.reply("ferry", "Ama", "The tenth.");
        server.clock.advance(30 * MINUTE);
        dana.decide("waiting", "The tenth.", "reject", "1");
        assert!(promise().contains("A person reads it next, usually within 7 minutes."));
        server.clock.advance(7 * DAY);
        assert!(!promise().contains("usually"), "too long ago");
    });
}
