//! The figures of a month equal those recounted from its rows, over random histories; and a large site is counted along indexes.
//! `REJOINDER_TEST_COMMENTS` says how large; what it took is printed.

#[path = "figures/histories.rs"]
mod histories;
#[path = "figures/recount.rs"]
mod recount;
mod support;

use std::time::Instant;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use rejoinder::store::figures::{self, Report};
use rejoinder::store::today::Day;
use rejoinder::store::{Db, snapshot};
use rejoinder::time::{DAY, Month, Period, Timestamp, Zone};
use support::statements::statements;
use support::{Database, on_each_engine, rows};

/// Comments of the random site.
const RANDOM: i64 = 100_000;
/// Comments of the large one, unless the environment says otherwise.
const LARGE: i64 = 100_000;

#[test]
fn the_figures_of_each_month_are_those_recounted_from_its_rows() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        let zone = Zone::named("Europe/Berlin").unwrap();
        histories::fill(&mut db, &zone, RANDOM);
        let rows = recount::Rows::load(&mut db);
        let mut received = 0;
        for month in [
            "2026-08", "2026-09", "2026-10", "2026-11", "2026-12", "2027-01",
        ] {
            let month = Month::parse(month).unwrap();
            let counted = figures::of(&mut db, zone.month(month).unwrap()).unwrap();
            assert_eq!(counted, rows.figures(&zone, &month.to_string()), "{month}");
            received += counted.comments.received;
        }
        assert_eq!(received, rows.by_readers());
        let last = Month::parse("2026-12").unwrap();
        for column in figures::year(&mut db, &zone, last).unwrap() {
            let comments = rows.figures(&zone, &column.month.to_string()).comments;
            assert_eq!(column.comments, comments, "{}", column.month);
        }
        let months = figures::months(&mut db, &zone, Timestamp(histories::END)).unwrap();
        assert_eq!(months.first.to_string(), "2026-08");
    });
}

/// A site with so many comments, received over so many days, of which nine in ten were decided.
fn fill(db: &mut Db, count: i64, days: i64) {
    if !db.is_sqlite() {
        db.batch_execute("SET statement_timeout = 0").unwrap();
    }
    rows::article(db, "ferry");
    rows::moderator(db, "Dana");
    let (now, step) = (rows::NOW.0, days * DAY / count);
    let text =
        "Some words of an ordinary length, as a reader may have typed them, and typed them again.";
    db.batch_execute(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO comments (id, article_id, depth, status, name, email, website, body, body_html, html_version, receipt, \
         hold, risk, created_at, published_at, ground, rule_id) \
         SELECT i, 1, 0, CASE i % 10 WHEN 0 THEN 0 WHEN 1 THEN 2 + i / 10 % 2 ELSE 1 END, 'Ama', '', '', '{text}', \
         '<p>{text}</p>', 1, 'receipt-' || i, '[]', 0, {now} + i * CAST({step} AS BIGINT), {now} + i * CAST({step} AS BIGINT) + i % 7, \
         CASE i % 20 WHEN 1 THEN 1 WHEN 11 THEN 3 END, CASE i % 20 WHEN 1 THEN 1 + i / 20 % 6 END FROM n; \
         INSERT INTO decisions (comment_id, moderator_id, at, from_status, to_status, note, comment_version, waited) \
         SELECT id, 1, created_at + id * 7919 % 14400000, 0, status, '', 1, id * 7919 % 14400000 \
         FROM comments WHERE status > 0 ORDER BY created_at + id * 7919 % 14400000; \
         INSERT INTO decisions (comment_id, moderator_id, at, from_status, to_status, note, comment_version, undoes) \
         SELECT comment_id, 1, at + 1000, to_status, 0, '', 2, id FROM decisions WHERE id % 50 = 0; \
         INSERT INTO reports (comment_id, receipt, ground, explanation, contact_name, contact_email, child_abuse, good_faith, \
         body_html, created_at, status) \
         SELECT id, 'report-' || id, 3, 'Why', '', '', {no}, {no}, '', created_at, id / 100 % 4 FROM comments WHERE id % 100 = 2; \
         INSERT INTO appeals (comment_id, decision_id, status, text, created_at) \
         SELECT comment_id, id, 0, 'Why?', at FROM decisions WHERE to_status = 2 AND id % 5 = 0",
        no = if db.is_sqlite() { "0" } else { "FALSE" },
    ))
    .unwrap();
    db.batch_execute(if db.is_sqlite() {
        "ANALYZE"
    } else {
        "VACUUM ANALYZE"
    })
    .unwrap();
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct PostgresStep {
    #[diesel(sql_type = Text)]
    #[diesel(column_name = "QUERY PLAN")]
    detail: String,
}

/// How the engine goes about every statement that `work` sends.
fn plan(db: &mut Db, work: impl FnOnce(&mut Db)) -> Vec<String> {
    let sent = statements(db, work);
    let mut plan = Vec::new();
    for statement in sent {
        let statement = statement.split(" -- binds").next().unwrap();
        if !statement.starts_with("SELECT") {
            continue;
        }
        if db.is_sqlite() {
            let explained = format!("EXPLAIN QUERY PLAN {statement}");
            let steps: Vec<Step> = diesel::sql_query(explained).load(db).unwrap();
            plan.extend(steps.into_iter().map(|step| step.detail));
        } else {
            let explained = format!("EXPLAIN {statement}");
            let steps: Vec<PostgresStep> = diesel::sql_query(explained).load(db).unwrap();
            plan.extend(steps.into_iter().map(|step| step.detail));
        }
    }
    plan
}

#[test]
fn a_report_is_counted_along_indexes_in_as_many_statements_for_any_site() {
    let large = std::env::var("REJOINDER_TEST_COMMENTS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(LARGE);
    on_each_engine(|engine| {
        let zone = Zone::utc();
        let month = |moment: Timestamp| zone.month(zone.month_of(moment)).unwrap();
        // A year's comments, of which a month is read by index.
        let database = Database::new(engine);
        let mut db = database.connect();
        fill(&mut db, large, 365);
        let period = month(rows::NOW.plus(100 * DAY));
        let report = |db: &mut Db, period: Period| {
            let report = Report::of(db, &zone, period).unwrap();
            assert!(report.figures.decisions.median.is_some());
            figures::months(db, &zone, period.until).unwrap();
        };
        let plans = plan(&mut db, |db| report(db, period));
        for table in ["comments", "decisions", "reports"] {
            let whole = |step: &&String| {
                step.contains(&format!("Seq Scan on {table}"))
                    || step.starts_with("SCAN ") && !step.starts_with("SCAN k")
            };
            assert_eq!(plans.iter().find(whole), None, "{table}: {plans:#?}");
        }
        for index in [
            "comments_created",
            "decisions_at",
            "reports_created",
            "appeals_created",
        ] {
            let used = plans.iter().any(|step| step.contains(index));
            assert!(used, "{index}: {plans:#?}");
        }
        let sent = statements(&mut db, |db| report(db, period)).len();
        assert_eq!(
            sent, 7,
            "six for the figures and the year, one for the months"
        );
        let day = Period {
            from: period.from,
            until: period.from.plus(DAY),
        };
        let today = statements(&mut db, |db| drop(Day::of(db, day, 1).unwrap())).len();
        assert_eq!(today, 3);
        time(&mut db, "of a twelfth", &zone, period);

        // And all of them in one month.
        let database = Database::new(engine);
        let mut db = database.connect();
        fill(&mut db, large, 4);
        let period = month(rows::NOW);
        assert_eq!(statements(&mut db, |db| report(db, period)).len(), sent);
        time(&mut db, "of all", &zone, period);
    });
}

/// Prints the best of three.
fn time(db: &mut Db, what: &str, zone: &Zone, period: Period) {
    let mut best = None;
    let mut received = 0;
    for _ in 0..3 {
        let start = Instant::now();
        let report = snapshot(db, |db| Report::of(db, zone, period)).unwrap();
        let took = start.elapsed();
        received = report.figures.comments.received;
        best = Some(best.map_or(took, |known: std::time::Duration| known.min(took)));
    }
    eprintln!("a month's report {what}: {received} comments in {best:?}");
}
