//! What monitoring reads: on an address of its own, by the rules of the format, and true.

use std::time::Instant;

use diesel::connection::SimpleConnection;
use rejoinder::time::{MINUTE, SECOND};

use crate::desk::admin;
use crate::exposition::{monitored, scrape, value};
use crate::policy::list;
use crate::reporting::report;
use crate::support::{Client, Engine, on_each_engine};

/// All of a name, told as the difference to another time.
fn counts(monitor: &Client, name: &str) -> Vec<(String, f64)> {
    let start = format!("rejoinder_{name}{{");
    let families = scrape(monitor);
    let all = families.values().flat_map(|family| &family.samples);
    all.filter(|(sample, value)| sample.starts_with(&start) && **value > 0.0)
        .map(|(sample, value)| {
            let label = sample.split('"').nth(1).unwrap();
            (label.to_owned(), *value)
        })
        .collect()
}

#[test]
fn labels_are_patterns_of_routes_and_never_what_somebody_asked_for() {
    on_each_engine(|engine| {
        let (server, monitor) = monitored(engine, &[]);
        server.article("ferry");
        let reader = server.visitor();
        let receipt = reader.reply("ferry", "Ama", "A word.");
        let secret = receipt.strip_prefix("/replies/").unwrap();
        reader.get(&receipt);
        reader.get("/articles/ferry");
        reader.get("/articles/ferry");
        reader.head("/articles/ferry");
        reader.get("/nowhere/ferry");
        reader.get("/articles/no-such-ferry");
        // From another site: turned away before it reaches its route.
        reader.post_raw(
            "/articles/ferry/replies",
            b"",
            &[("origin", "https://evil.example")],
        );
        let text = monitor.get("/metrics").body;
        for told in [secret, "ferry", "nowhere", "evil"] {
            assert!(!text.contains(told), "{told}");
        }
        for (route, method, status, count) in [
            ("/articles/{slug}", "GET", "2xx", 2.0),
            ("/articles/{slug}", "GET", "4xx", 1.0),
            ("/articles/{slug}", "HEAD", "2xx", 1.0),
            ("/articles/{slug}/replies", "POST", "3xx", 1.0),
            ("/articles/{slug}/replies", "POST", "4xx", 1.0),
            ("/replies/{receipt}", "GET", "2xx", 1.0),
            ("none", "GET", "4xx", 1.0),
        ] {
            let labels = format!("route=\"{route}\",method=\"{method}\"");
            let sample = format!("http_requests_total{{{labels},status=\"{status}\"}}");
            assert_eq!(value(&monitor, &sample), Some(count), "{sample}");
        }
        let labels = "route=\"/articles/{slug}\",method=\"GET\"";
        let duration =
            |end: &str| value(&monitor, &format!("http_request_duration_seconds_{end}")).unwrap();
        assert_eq!(duration(&format!("count{{{labels}}}")), 3.0);
        assert_eq!(duration(&format!("bucket{{le=\"+Inf\",{labels}}}")), 3.0);
        let sum = duration(&format!("sum{{{labels}}}"));
        assert!(sum > 0.0 && sum < 60.0, "{sum}");
    });
}

#[test]
fn what_people_do_is_counted_by_what_became_of_it() {
    on_each_engine(|engine| {
        let (server, monitor) = monitored(engine, &[("replies.per_minute", "7")]);
        server.article("ferry");
        let (reader, dana) = (server.visitor(), admin(&server, "Dana"));
        list(&dana, "words", "pills", "spam");
        reader.reply("ferry", "Ama", "First.");
        reader.reply("ferry", "Ama", "Second.");
        reader.reply("ferry", "Ama", "Second.");
        reader.reply("ferry", "Ama", "Buy pills.");
        let send = |body: &str| {
            let fields = [("name", "Ama"), ("body", body), ("do", "send")];
            reader.post("/articles/ferry/replies", &fields).status
        };
        assert_eq!(send(""), 422);
        let preview = [("name", "Ama"), ("body", "A look."), ("do", "preview")];
        assert_eq!(reader.post("/articles/ferry/replies", &preview).status, 200);
        for number in 3..=6 {
            assert_eq!(send(&format!("Number {number}.")), 303);
        }
        assert_eq!(send("One too many."), 429);
        let told = |label: &str, count: f64| (label.to_owned(), count);
        assert_eq!(
            counts(&monitor, "replies_total"),
            [
                told("duplicate", 1.0),
                told("held", 6.0),
                told("refused", 1.0),
                told("spam", 1.0),
                told("throttled", 1.0),
            ]
        );
        assert_eq!(value(&monitor, "queue_length{list=\"waiting\"}"), Some(6.0));
        server.clock.advance(MINUTE);
        assert_about(value(&monitor, "queue_oldest_age_seconds"), 60.0);

        dana.decide("waiting", "First.", "approve", "");
        let page = dana.decide("waiting", "Second.", "reject", "4");
        dana.undo(&dana.get(&page.location()));
        let listed = dana.get("/moderation");
        let picked = listed.attributes("input[name=sel]", "value");
        let csrf = listed.value("input[name=csrf]");
        let mut fields = vec![("csrf", csrf.as_str()), ("view", ""), ("do", "spam")];
        fields.extend(picked.iter().map(|one| ("sel", one.as_str())));
        let bulk = dana.post("/moderation/bulk", &fields);
        assert_eq!(bulk.status, 303, "{}", bulk.text());
        assert_eq!(
            counts(&monitor, "decisions_total"),
            [told("approve", 1.0), told("reject", 1.0), told("spam", 5.0)]
        );
        assert_eq!(value(&monitor, "decisions_undone_total"), Some(1.0));
        assert_eq!(value(&monitor, "queue_length{list=\"waiting\"}"), Some(0.0));
        assert_eq!(value(&monitor, "queue_oldest_age_seconds"), Some(0.0));

        let public = server.database.connect();
        let comment = first_public(public);
        report(&reader, comment, &[("ground", "1")]);
        assert_eq!(counts(&monitor, "reports_total"), [told("stored", 1.0)]);
        assert_eq!(
            value(&monitor, "queue_length{list=\"reported\"}"),
            Some(1.0)
        );

        assert_eq!(value(&monitor, "login_failures_total"), Some(0.0));
        server.visitor().sign_in("Dana", "a wrong guess at it");
        assert_eq!(value(&monitor, "login_failures_total"), Some(1.0));
    });
}

/// Seconds that a clock set ahead has gone by, and what the test itself took.
fn assert_about(told: Option<f64>, seconds: f64) {
    let told = told.unwrap();
    assert!(told >= seconds && told < seconds + 55.0, "{told}");
}

fn first_public(mut db: rejoinder::store::Db) -> i64 {
    use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
    use rejoinder::store::schema::comments;
    comments::table
        .filter(comments::status.eq(1))
        .select(comments::id)
        .first(&mut db)
        .unwrap()
}

#[test]
fn what_leaves_late_the_writer_the_pool_and_the_size_of_the_database_are_told() {
    on_each_engine(|engine| {
        let (server, monitor) = monitored(engine, &[]);
        server.article("ferry");
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        // After the first one the policy is known.
        reader.reply("ferry", "Ama", "Before.");
        let jobs = value(&monitor, "writer_batch_jobs_sum").unwrap();
        reader.reply("ferry", "Ama", "First.");
        let after = scrape(&monitor);
        let of = |name: &str| after[name].samples.values().sum::<f64>();
        let sample = |family: &str, name: &str| after[family].samples[&format!("{family}_{name}")];
        assert_eq!(sample("rejoinder_writer_batch_jobs", "sum"), jobs + 1.0);
        let waits = sample("rejoinder_writer_queue_wait_seconds", "count");
        assert_eq!(waits, jobs + 1.0, "each job waited");
        let commits = sample("rejoinder_writer_commit_duration_seconds", "count");
        assert_eq!(commits, of("rejoinder_writer_batches"));
        assert_eq!(of("rejoinder_writer_queue_length"), 0.0);
        assert!(of("rejoinder_pool_connections") >= of("rejoinder_pool_connections_idle"));
        assert!(of("rejoinder_pool_connections_max") >= 4.0);
        assert!(sample("rejoinder_pool_wait_seconds", "count") > 0.0);
        assert!(of("rejoinder_database_size_bytes") > 100_000.0);
        assert!(of("process_resident_memory_bytes") > 1_000_000.0);

        // The author's receipt, and a notice.
        dana.decide("waiting", "First.", "reject", "4");
        assert_eq!(value(&monitor, "outbox_length"), Some(2.0));
        assert_eq!(value(&monitor, "outbox_oldest_age_seconds"), Some(0.0));
        let window = server.app.config.undo_window;
        server.clock.advance(window + 90 * SECOND);
        assert_about(value(&monitor, "outbox_oldest_age_seconds"), 90.0);
    });
}

#[test]
fn the_address_tells_nothing_else_and_the_public_one_tells_none() {
    on_each_engine(|engine| {
        let (server, monitor) = monitored(engine, &[]);
        for path in ["/", "/moderation", "/metrics/", "/healthz"] {
            assert_eq!(monitor.get(path).status, 404, "{path}");
        }
        assert_eq!(monitor.post("/metrics", &[]).status, 404);
        assert_eq!(server.visitor().get("/metrics").status, 404);
        assert_eq!(admin(&server, "Dana").get("/metrics").status, 404);
    });
}

#[test]
fn a_database_that_does_not_answer_is_told_in_time_and_everything_else_with_it() {
    on_each_engine(|engine| {
        let (server, monitor) = monitored(engine, &[]);
        assert_eq!(value(&monitor, "database_up"), Some(1.0));
        let mut other = server.database.connect();
        let (away, back) = match engine {
            Engine::Sqlite => (
                "ALTER TABLE outbox RENAME TO elsewhere",
                "ALTER TABLE elsewhere RENAME TO outbox",
            ),
            // Whoever reads it now waits.
            Engine::Postgres => (
                "BEGIN; LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE",
                "ROLLBACK",
            ),
        };
        other.batch_execute(away).unwrap();
        for _ in 0..2 {
            let begun = Instant::now();
            let families = scrape(&monitor);
            assert!(begun.elapsed().as_secs_f64() < 2.0, "{:?}", begun.elapsed());
            let up = &families["rejoinder_database_up"].samples;
            assert_eq!(up["rejoinder_database_up"], 0.0);
            assert!(!families.contains_key("rejoinder_queue_length"));
            assert!(families.contains_key("rejoinder_writer_batches"));
        }
        other.batch_execute(back).unwrap();
        // The question that hung is over soon after its lock.
        let answered = (0..5).any(|_| value(&monitor, "database_up") == Some(1.0));
        assert!(answered);
    });
}
