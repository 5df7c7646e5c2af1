//! Times are those of the site's zone, which the page names.

use diesel::prelude::*;
use rejoinder::store::schema::comments;

use crate::support::{Server, on_each_engine};

/// Clocks in Berlin go back on 25 October 2026 at 01:00 UTC.
const BEFORE: &str = "2026-10-25T00:30:00Z";
const AFTER: &str = "2026-10-25T01:30:00Z";

#[test]
fn times_follow_the_zone_through_a_change_of_clocks() {
    on_each_engine(|engine| {
        let settings = [
            ("site.time_zone", "Europe/Berlin"),
            ("replies.hold", "none"),
        ];
        let server = Server::with(engine, &settings);
        server.article("ferry");
        let reader = server.visitor();
        let mut db = server.database.connect();
        for (words, at) in [("Before.", BEFORE), ("After.", AFTER)] {
            let id = server.comment_at(&reader.reply("ferry", "Ama", words));
            let at: jiff::Timestamp = at.parse().unwrap();
            diesel::update(comments::table.find(id))
                .set(comments::created_at.eq(at.as_millisecond()))
                .execute(&mut db)
                .unwrap();
        }
        let page = reader.get("/articles/ferry");
        let times = page.texts(".comment time");
        // The same hour twice; what machines read tells the one from the other.
        assert!(
            times.iter().all(|time| time.ends_with("02:30")),
            "{times:?}"
        );
        assert_eq!(
            page.attributes(".comment time", "datetime"),
            ["2026-10-25T00:30Z", "2026-10-25T01:30Z"]
        );
        let feed = reader.get("/articles/ferry/feed.atom").body;
        assert!(feed.contains("2026-10-25T02:30:00+02:00"), "{feed}");
        assert!(feed.contains("2026-10-25T02:30:00+01:00"), "{feed}");
    });
}

#[test]
fn pages_with_times_name_their_zone() {
    on_each_engine(|engine| {
        let server = Server::with(engine, &[("site.time_zone", "America/New_York")]);
        server.article("ferry");
        let (reader, moderator) = (server.visitor(), server.moderator("Dana"));
        let receipt = reader.reply("ferry", "Ama", "Waits.");
        let zone = "Times are in America/New York.";
        moderator.decide("waiting", "Waits.", "approve", "");
        let report = format!("/comments/{}/report", server.comment_at(&receipt));
        let reported = reader.post(&report, &[("ground", "4")]).location();
        for path in [
            "/articles/ferry",
            receipt.as_str(),
            report.as_str(),
            reported.as_str(),
        ] {
            let page = reader.get(path);
            assert!(page.texts(".foot p").contains(&zone.to_owned()), "{path}");
        }
        assert!(moderator.get("/moderation").text().contains(zone));
        for path in ["/rules", "/nowhere"] {
            assert!(!reader.get(path).text().contains(zone), "{path}");
        }
    });
}
