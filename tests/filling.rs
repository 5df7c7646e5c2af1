//! What the generator makes is what the product would have made: the same again for the same plan, and sound.

#[path = "../examples/fill/mod.rs"]
mod fill;
mod support;

use assert_cmd::Command;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use fill::Plan;
use rejoinder::store::schema::{articles, comments};
use rejoinder::store::{Db, Target, Upgrade, open};
use rejoinder::text;
use rejoinder::time::{DAY, Timestamp};
use support::{Database, Engine, on_each_engine};

const TABLES: [&str; 16] = [
    "articles",
    "authors",
    "author_devices",
    "moderators",
    "comments",
    "comment_terms",
    "comment_networks",
    "decisions",
    "outbox",
    "reports",
    "appeals",
    "audit_entries",
    "audit_texts",
    "audit_seals",
    "audit_unsealed",
    "settings",
];

fn plan() -> Plan {
    Plan {
        articles: 12,
        comments: 1_500,
        pending: 90,
        one_article: Some(("ferry".to_owned(), 600)),
        until: Timestamp(20_000 * DAY),
        ..Plan::default()
    }
}

fn filled(engine: Engine, plan: &Plan) -> (Database, fill::Report) {
    let database = Database::new(engine);
    let report = fill::fill(&mut database.connect(), plan, &mut |_| ()).unwrap();
    (database, report)
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Every row of a table, in its own words.
fn rows(db: &mut Db, table: &str) -> Vec<String> {
    let row = if db.is_sqlite() {
        let columns: Vec<Line> = diesel::sql_query(format!(
            "SELECT name AS line FROM pragma_table_info('{table}')"
        ))
        .load(db)
        .unwrap();
        let quoted: Vec<_> = columns
            .iter()
            .map(|column| format!("quote({})", column.line))
            .collect();
        quoted.join(" || ' ' || ")
    } else {
        "t::text".to_owned()
    };
    let lines: Vec<Line> =
        diesel::sql_query(format!("SELECT {row} AS line FROM {table} t ORDER BY 1"))
            .load(db)
            .unwrap();
    lines.into_iter().map(|line| line.line).collect()
}

fn count(db: &mut Db, of: &str) -> i64 {
    diesel::sql_query(format!("SELECT count(*) AS n FROM {of}"))
        .get_result::<Count>(db)
        .unwrap()
        .n
}

#[test]
fn one_plan_makes_the_same_rows_each_time() {
    on_each_engine(|engine| {
        let (one, _) = filled(engine, &plan());
        let (two, _) = filled(engine, &plan());
        let (mut one, mut two) = (one.connect(), two.connect());
        for table in TABLES {
            let (one, two) = (rows(&mut one, table), rows(&mut two, table));
            assert_eq!(one, two, "{table}");
            assert!(!one.is_empty() || table == "audit_unsealed", "{table}");
        }
    });
}

#[test]
fn another_seed_makes_other_texts() {
    let (one, _) = filled(Engine::Sqlite, &plan());
    let (two, _) = filled(Engine::Sqlite, &Plan { seed: 2, ..plan() });
    let (mut one, mut two) = (one.connect(), two.connect());
    assert_ne!(rows(&mut one, "comments"), rows(&mut two, "comments"));
}

#[test]
fn what_was_filled_stands_every_check_even_when_it_was_filled_twice() {
    on_each_engine(|engine| {
        let (database, _) = filled(engine, &plan());
        for further in [false, true] {
            if further {
                let more = Plan { seed: 5, ..plan() };
                let report = fill::fill(&mut database.connect(), &more, &mut |_| ()).unwrap();
                assert_eq!(report.ids, (1_501, 3_000));
            }
            let mut check = Command::cargo_bin("rejoinder").unwrap();
            let check = check.args(["check", "--database", &database.url]).assert();
            let said = String::from_utf8(check.get_output().stdout.clone()).unwrap();
            for part in ["file", "foreign keys", "counters", "search", "audit log"] {
                assert!(said.contains(&format!("{part}: ok")), "{said}");
            }
            check.success();
        }
    });
}

#[test]
fn a_plan_says_how_many_wait_and_what_one_article_has() {
    on_each_engine(|engine| {
        let (database, report) = filled(engine, &plan());
        let mut db = database.connect();
        assert_eq!(report.comments, 1_500);
        assert_eq!(report.pending, 90);
        assert_eq!(count(&mut db, "comments WHERE status = 0"), 90);
        let of_all =
            report.public + report.pending + report.rejected + report.spam + report.withdrawn;
        assert_eq!(of_all, 1_500);
        let ferry = "comments JOIN articles a ON a.id = article_id WHERE a.slug = 'ferry'";
        assert_eq!(count(&mut db, ferry), 600);
        assert_eq!(count(&mut db, "articles"), 13);
        // Every way a discussion can go is in it.
        for some in [
            "comments WHERE depth >= 4",
            "comments WHERE status = 2 AND public_descendants > 0",
            "comments WHERE status = 1 AND author_id IS NOT NULL",
            "comments WHERE status = 3 AND purged_at IS NOT NULL",
            "comments WHERE status = 4 AND name = ''",
            "comments WHERE email_key <> ''",
            "comments WHERE hold LIKE '%\"why\":\"links\"%'",
            "decisions WHERE note <> ''",
        ] {
            assert!(count(&mut db, some) > 0, "{some}");
        }
        assert_eq!(count(&mut db, "audit_unsealed"), 0);
    });
}

#[test]
fn comments_are_rendered_and_found_as_the_product_does_it() {
    let (database, _) = filled(Engine::Sqlite, &plan());
    let mut db = database.connect();
    let texts: Vec<(String, String, String)> = comments::table
        .filter(comments::body.ne(""))
        .select((comments::name, comments::body, comments::body_html))
        .load(&mut db)
        .unwrap();
    for (name, body, html) in &texts {
        assert_eq!(text::comment(body).as_str(), html);
        assert!(
            text::one_line(name) == *name && !text::is_blank(name),
            "{name:?}"
        );
    }
    for script in ["ferry", "é", "мост", "και", "من", "של", "的", "の", "🙂"] {
        let found = texts.iter().filter(|(_, body, _)| body.contains(script));
        assert!(found.count() > 0, "{script}");
    }
}

#[test]
fn a_few_articles_have_most_of_the_comments() {
    let (database, _) = filled(
        Engine::Sqlite,
        &Plan {
            articles: 60,
            one_article: None,
            ..plan()
        },
    );
    let mut db = open(&Target::parse(&database.url).unwrap(), Upgrade::No).unwrap();
    let counts: Vec<i64> = articles::table
        .order(articles::comment_count.desc())
        .select(articles::comment_count)
        .load(&mut db)
        .unwrap();
    let (few, all): (i64, i64) = (counts[..10].iter().sum(), counts.iter().sum());
    assert!(few * 2 > all, "{counts:?}");
}
