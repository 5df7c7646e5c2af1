//! The public report of moderation, its files, and the desk's day.

use diesel::connection::SimpleConnection;
use rejoinder::time::{DAY, HOUR, MINUTE, Month, SECOND};

use crate::support::{Engine, Server, on_each_engine};

const ZONE: (&str, &str) = ("site.time_zone", "Europe/Berlin");

/// A server at noon of the tenth of next month, so that no test meets the end of a day or a month.
fn server(engine: Engine) -> Server {
    let server = Server::with(engine, &[ZONE]);
    let zone = &server.app.site.zone;
    let now = server.now();
    let month = zone.month(zone.month_of(now)).unwrap();
    server
        .clock
        .advance(month.until.since(now) + 9 * DAY + 12 * HOUR);
    server.article("ferry");
    server
}

fn month(server: &Server) -> Month {
    server.app.site.zone.month_of(server.now())
}

fn spell(month: Month) -> String {
    let names = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    format!("{} {}", names[month.month as usize - 1], month.year)
}

#[test]
fn an_empty_site_says_so_of_the_current_month() {
    on_each_engine(|engine| {
        let server = server(engine);
        let reader = server.visitor();
        let page = reader.get("/transparency");
        assert_eq!(page.status, 200);
        let title = format!(
            "How this discussion was moderated in {}",
            spell(month(&server))
        );
        assert_eq!(page.only("h1"), title);
        assert_eq!(page.only(".standfirst"), "Readers sent no comments.");
        assert_eq!(page.count(".figs dd"), 6);
        assert!(
            page.text()
                .contains("No comment was rejected or treated as spam.")
        );
        assert_eq!(
            page.header("cache-control"),
            Some("public, max-age=0, s-maxage=1, stale-if-error=600")
        );
        let front = reader.get("/");
        assert_eq!(front.count("a[href='/transparency']"), 2);
        let list = reader.get("/transparency/months");
        assert_eq!(list.texts("main li"), [spell(month(&server))]);
    });
}

#[test]
fn a_month_tells_what_was_sent_and_what_became_of_it() {
    on_each_engine(|engine| {
        let server = server(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        for words in ["One", "Two", "Three", "Four", "Five", "Six"] {
            reader.reply("ferry", "Ama", &format!("{words} words."));
        }
        let receipt = reader.reply("ferry", "Ama", "Seven words.");
        server.clock.advance(30 * MINUTE);
        dana.decide("waiting", "One", "approve", "");
        dana.decide("waiting", "Two", "reject", "4");
        dana.decide("waiting", "Three", "reject", "4");
        dana.decide("waiting", "Four", "spam", "");
        server.clock.advance(6 * HOUR);
        dana.decide("waiting", "Five", "reject", "1");
        reader.post(&format!("{receipt}/withdraw"), &[]);
        // What retention lets go of counts on.
        server
            .database
            .connect()
            .batch_execute(
                "UPDATE comments SET body = '', body_html = '', name = '', purged_at = 1 WHERE status IN (2, 3)",
            )
            .unwrap();
        let page = reader.get("/transparency");
        assert_eq!(
            page.only(".standfirst"),
            "Readers sent 7 comments. We published 1 of them, rejected 3 and set aside 1 as spam. One was withdrawn by its \
             author. One still waits."
        );
        let figures = page.texts(".figs dd");
        assert_eq!(
            figures,
            ["30 minutes", "6 hours", "80%", "0 of 0", "0", "0"]
        );
        let grounds = page.texts("main .wide");
        assert_eq!(grounds.len(), 3);
        let rows = page.texts("main table:first-of-type tbody tr");
        assert_eq!(rows[0], "Off topic, rule 42");
        assert_eq!(rows[1], "Personal attack, rule 11");
        assert_eq!(rows[2], "Spam1");
        assert_eq!(page.attributes(".bar", "aria-label"), ["50%", "25%", "25%"]);
        assert!(page.text().contains("A person makes every decision"));

        let form = page.attributes("a[href*='format=csv']", "href");
        let csv = reader.get(&form[0]);
        assert!(csv.header("content-type").unwrap().starts_with("text/csv"));
        assert!(csv.header("content-disposition").unwrap().contains(".csv"));
        assert!(
            csv.body.contains("comments,received,,7\r\n"),
            "{}",
            csv.body
        );
        assert!(csv.body.contains("not_published,rule 4,Off topic,2\r\n"));
        reader.reply("ferry", "Bo", "Eight words.");
        let again = reader.get("/transparency");
        assert!(again.only(".standfirst").starts_with("Readers sent 7"));
        server.clock.advance(MINUTE + SECOND);
        let later = reader.get("/transparency");
        assert!(later.only(".standfirst").starts_with("Readers sent 8"));
        let address = format!("/transparency?month={}&format=json", month(&server));
        let json: serde_json::Value = serde_json::from_str(&reader.get(&address).body).unwrap();
        assert_eq!(json["comments"]["received"], 8);
        assert_eq!(json["decisions"]["made"], 5);
        assert_eq!(
            json["decisions"]["median_ms"].as_i64().unwrap() / MINUTE,
            30
        );
        assert_eq!(json["time_zone"], "Europe/Berlin");
    });
}

#[test]
fn a_title_that_looks_like_a_formula_is_none_in_the_file() {
    on_each_engine(|engine| {
        let server = server(engine);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        reader.reply("ferry", "Ama", "One word.");
        dana.decide("waiting", "One", "reject", "4");
        server
            .database
            .connect()
            .batch_execute("UPDATE rules SET title = '=1+1, \"so\"' WHERE number = 4")
            .unwrap();
        let csv = reader.get(&format!(
            "/transparency?month={}&format=csv",
            month(&server)
        ));
        let line = "not_published,rule 4,\"'=1+1, \"\"so\"\"\",1\r\n";
        assert!(csv.body.contains(line), "{}", csv.body);
    });
}

#[test]
fn months_lead_to_each_other_and_unknown_ones_say_so() {
    on_each_engine(|engine| {
        let server = server(engine);
        let reader = server.visitor();
        reader.reply("ferry", "Ama", "One word.");
        let first = month(&server);
        server.clock.advance(62 * DAY);
        let current = month(&server);
        let page = reader.get("/transparency");
        assert!(
            page.only("h1").ends_with(&spell(first)),
            "the last one with anything"
        );
        let next = first.plus(1).unwrap();
        let links = page.texts("main .acts a");
        assert!(links.contains(&spell(next)), "{links:?}");
        assert!(!links.contains(&spell(first.plus(-1).unwrap())));
        let empty = reader.get(&format!("/transparency?month={next}"));
        assert_eq!(empty.status, 200);
        assert_eq!(empty.only(".standfirst"), "Readers sent no comments.");
        let links = empty.texts("main .acts a");
        assert!(links.contains(&spell(first)) && links.contains(&spell(current)));
        let list = reader.get("/transparency/months");
        assert_eq!(
            list.texts("main li"),
            [spell(current), spell(next), spell(first)]
        );
        for unknown in [
            first.plus(-1).unwrap().to_string(),
            current.plus(1).unwrap().to_string(),
            "9999-12".to_owned(),
            "2026-13".to_owned(),
            "yesterday".to_owned(),
            String::new(),
        ] {
            let page = reader.get(&format!("/transparency?month={unknown}"));
            assert_eq!(page.status, 404, "{unknown}");
            assert_eq!(page.only("h1"), "There is no report of that month");
            assert_eq!(page.count("main li"), 3);
        }
        assert_eq!(reader.get("/transparency?format=xml").status, 400);
        let list = |before: &str| reader.get(&format!("/transparency/months?before={before}"));
        let after = current.plus(1).unwrap().to_string();
        assert_eq!(list(&after).count("main li"), 3);
        assert_eq!(
            list(&current.to_string()).texts("main li"),
            [spell(next), spell(first)]
        );
        for unknown in ["x", "9999-12", &current.plus(2).unwrap().to_string()] {
            let page = list(unknown);
            assert_eq!(page.status, 404, "{unknown}");
            assert_eq!(page.only("h1"), "There is no report of that month");
        }
        assert_eq!(list(&first.to_string()).status, 404);
    });
}

#[test]
fn the_day_shows_the_pace_of_all_and_of_oneself_alone() {
    on_each_engine(|engine| {
        let server = server(engine);
        let (reader, dana, eve) = (
            server.visitor(),
            server.moderator("Dana"),
            server.moderator("Eve"),
        );
        for number in 1..=5 {
            reader.reply("ferry", "Ama", &format!("Number {number}."));
        }
        let empty = dana.get("/moderation/today");
        assert!(empty.text().contains("No decision was made today."));
        server.clock.advance(20 * MINUTE);
        dana.decide("waiting", "Number 1", "approve", "");
        dana.decide("waiting", "Number 2", "approve", "");
        eve.decide("waiting", "Number 3", "spam", "");
        server.clock.advance(HOUR);
        dana.decide("waiting", "Number 4", "approve", "");
        let page = dana.get("/moderation/today");
        assert_eq!(page.header("cache-control"), Some("no-store"));
        let figures = page.texts(".figs dd");
        assert_eq!(figures, ["1", "1 h ago", "0", "0", "5", "4", "20 minutes"]);
        let text = page.text();
        assert!(
            text.contains("4 decisions were made today, 2 an hour."),
            "{text}"
        );
        assert!(
            text.contains("You made 3 decisions today, 2 an hour."),
            "{text}"
        );
        assert!(!page.only("main").contains("Eve"));
        let text = eve.get("/moderation/today").text();
        assert!(text.contains("You made one decision, 1 an hour."), "{text}");
        assert_eq!(page.only(".nav [aria-current=page]"), "Today");
        assert_eq!(reader.get("/moderation/today").status, 303);
        // A session ends after twelve idle hours.
        server.clock.advance(11 * HOUR);
        let tomorrow = dana.get("/moderation/today");
        assert_eq!(tomorrow.texts(".figs dd")[4..6], ["0", "0"]);
    });
}
