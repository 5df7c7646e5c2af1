//! What pages ask of SQLite goes by an index, and takes as many statements for two thousand comments as for forty.

#[path = "queries/articles.rs"]
mod articles_of_the_desk;
#[path = "queries/effects.rs"]
mod effects;
#[path = "queries/keeping.rs"]
mod keeping;
#[path = "queries/lists.rs"]
mod lists;
mod support;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use rejoinder::moderation::{HoldMode, ReportStatus};
use rejoinder::store::articles::{self, Seek};
use rejoinder::store::author_holds::{self, NewHold};
use rejoinder::store::authors::{self, Acquaintance};
use rejoinder::store::branches::{self, Found, Place};
use rejoinder::store::comments::{self, Below, Sort};
use rejoinder::store::listed::Reader;
use rejoinder::store::listing::{Listing, Tab};
use rejoinder::store::queue;
use rejoinder::store::schema::{comments as comment_rows, moderators};
use rejoinder::store::{
    Db, publication, receipts, rehearse, replies, reported, reports, transaction,
};
use support::filled::{appeal_every_rejection, fill, report_every_fifth};
use support::statements::statements;
use support::{Database, Engine, on_each_engine, rows};

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// How SQLite would go about every statement that `work` sends and that begins with a word of its own.
fn plan(db: &mut Db, work: impl FnOnce(&mut Db)) -> Vec<String> {
    let mut plan = Vec::new();
    for statement in statements(db, work) {
        let statement = statement.split(" -- binds").next().unwrap();
        if !["SELECT", "UPDATE", "WITH"]
            .iter()
            .any(|word| statement.starts_with(word))
        {
            continue;
        }
        let explained = format!("EXPLAIN QUERY PLAN {statement}");
        let steps: Vec<Step> = diesel::sql_query(explained).load(db).unwrap();
        plan.extend(steps.into_iter().map(|step| step.detail));
    }
    assert!(!plan.is_empty(), "nothing was asked");
    plan
}

/// Indexes that hold nothing but the rows of a list, in its order.
const LISTS: [&str; 5] = [
    "comments_waiting",
    "comments_waiting_risk",
    "comments_reported",
    "comments_reported_risk",
    "appeals_open",
];

/// Whether a step reads a table from one end to the other, with or without an index. `g` has three rows, one for each kind
/// of ground.
fn is_scan(step: &str) -> bool {
    step.starts_with("SCAN ")
        && !["SCAN g", "SCAN h", "SCAN k", "SCAN up", "SCAN CONSTANT ROW"].contains(&step)
        && !LISTS
            .iter()
            .any(|list| step.ends_with(&format!("INDEX {list}")))
        && !step.contains("VIRTUAL TABLE INDEX")
}

#[track_caller]
fn assert_by_index(name: &str, plan: &[String]) {
    let scans: Vec<_> = plan.iter().filter(|step| is_scan(step)).collect();
    assert!(scans.is_empty(), "{name}: {plan:#?}");
}

#[track_caller]
fn assert_unsorted(name: &str, plan: &[String]) {
    let sorts = plan.iter().any(|step| step.contains("TEMP B-TREE"));
    assert!(!sorts, "{name}: {plan:#?}");
}

const READER: Reader = Reader {
    moderator: 1,
    now: rows::NOW,
};

fn in_tab(tab: Tab) -> Listing {
    Listing {
        tab,
        ..Listing::default()
    }
}

#[test]
fn a_page_takes_as_many_statements_for_two_thousand_comments_as_for_forty() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        let mut counted = Vec::new();
        for (slug, count) in [("quiet", 40), ("loud", 2_000)] {
            let article = fill(&mut db, slug, count);
            report_every_fifth(&mut db);
            appeal_every_rejection(&mut db);
            assert_eq!(publication::drift(&mut db).unwrap().1, 0);
            let page = statements(&mut db, |db| {
                let page =
                    comments::discussion(db, Below::Article(article), Sort::Oldest, 0).unwrap();
                assert!(!page.roots.is_empty());
            });
            let list = statements(&mut db, |db| {
                for tab in Tab::ALL {
                    let page = queue::items(db, &in_tab(*tab), READER).unwrap();
                    assert!(!page.items.is_empty(), "{}", tab.word());
                }
                queue::counts(db).unwrap();
            });
            counted.push((page.len(), list.len()));
        }
        let (quiet, loud) = (counted[0], counted[1]);
        // A discussion of more than one page asks where its last page begins.
        assert_eq!(quiet.0 + 1, loud.0);
        assert!(loud.0 <= 6, "{loud:?}");
        assert_eq!(quiet.1, loud.1);
    });
}

/// Runs `check` on a full database: before the planner has figures of it and after, with one discussion and with two.
fn with_and_without_figures(check: impl Fn(&mut Db, i64)) {
    let database = Database::new(Engine::Sqlite);
    let mut db = database.connect();
    let article = fill(&mut db, "loud", 2_000);
    for n in 0..40 {
        rows::article(&mut db, &format!("story-{n}"));
    }
    for n in 0..40 {
        rows::moderator(&mut db, &format!("Moderator {n}"));
    }
    db.batch_execute(
        "INSERT INTO decisions (id, comment_id, moderator_id, at, from_status, to_status, note, comment_version) \
         SELECT id, id, 1 + id % 40, 0, 0, status, '', 1 FROM comments WHERE id % 10 = 0 AND status > 0; \
         INSERT INTO outbox (decision_id, comment_id, kind, message_id, due_at) \
         SELECT id, comment_id, 'receipt', 'message ' || id, 0 FROM decisions",
    )
    .unwrap();
    report_every_fifth(&mut db);
    check(&mut db, article);
    db.batch_execute("ANALYZE").unwrap();
    check(&mut db, article);
    fill(&mut db, "just as loud", 2_000);
    db.batch_execute("ANALYZE").unwrap();
    check(&mut db, article);
}

#[test]
fn an_article_and_its_discussion_are_found_by_index() {
    with_and_without_figures(|db, article| {
        for from in [0, 401] {
            let plan = plan(db, |db| {
                articles::find(db, "loud").unwrap();
                comments::discussion(db, Below::Article(article), Sort::Oldest, from).unwrap();
            });
            assert_by_index("discussion", &plan);
            assert_unsorted("its root comments", &plan[..3]);
            let used = |index: &str| plan.iter().any(|step| step.contains(index));
            assert!(
                used("comments_roots") && used("comments_replies"),
                "{plan:#?}"
            );
        }
    });
}

#[test]
fn the_front_page_walks_its_own_index_and_sorts_nothing() {
    with_and_without_figures(|db, article| {
        for seek in [Seek::First, Seek::Before(article), Seek::After(article)] {
            let plan = plan(db, |db| {
                articles::newest(db, seek, articles::FRONT_PAGE).unwrap();
            });
            assert_unsorted("front page", &plan);
            let walks = plan.iter().filter(|step| is_scan(step));
            for walk in walks {
                assert!(walk.ends_with("USING INDEX articles_newest"), "{plan:#?}");
            }
        }
    });
}

#[test]
fn a_permalink_a_receipt_and_a_parent_are_found_by_index() {
    with_and_without_figures(|db, article| {
        let plan = plan(db, |db| {
            assert!(matches!(
                branches::place(db, 1_001).unwrap(),
                Found::Here(_)
            ));
            assert!(comments::of_receipt(db, "loud-7").unwrap().is_some());
            assert!(receipts::find(db, "loud-50", rows::NOW).unwrap().is_some());
            assert!(comments::answerable(db, article, 5).unwrap().is_some());
        });
        assert_by_index("permalink and receipt", &plan);
        assert_unsorted("permalink", &plan[..2]);
    });
}

/// Gives every third comment an author, with an e-mail of their own, and the others an e-mail that somebody may have typed.
fn introduce(db: &mut Db) {
    db.batch_execute(
        "INSERT INTO authors (id, created_at, approved_count) SELECT id, 0, id FROM moderators; \
         INSERT INTO author_devices (token_hash, author_id, created_at, seen_at) \
         SELECT CAST('device ' || id AS BLOB), id, 0, 0 FROM authors; \
         UPDATE comments SET name_key = 'name' || id % 40, email_key = 'a' || (1 + id % 40) || '@b.example', \
         author_id = CASE WHEN id % 3 = 0 THEN 1 + id % 40 END",
    )
    .unwrap();
}

#[test]
fn what_is_known_of_authors_is_one_statement_by_index() {
    with_and_without_figures(|db, _| {
        if authors::acquaintances(db, &[3]).unwrap()[&3] == Acquaintance::None {
            introduce(db);
        }
        let ids: Vec<i64> = (3..28).collect();
        let asked = statements(db, |db| {
            let known = authors::acquaintances(db, &ids).unwrap();
            assert!(matches!(known[&3], Acquaintance::Recognised(_)));
            assert_eq!(known[&4], Acquaintance::SameEmail { approved: 5 });
            assert_eq!(known.len(), 25);
        });
        assert_eq!(asked.len(), 1);
        let plan = plan(db, |db| drop(authors::acquaintances(db, &ids)));
        assert_by_index("authors", &plan);
        assert_unsorted("authors", &plan);
        let used = |index: &str| plan.iter().any(|step| step.contains(index));
        assert!(used("comments_email"), "{plan:#?}");
    });
}

#[test]
fn posting_a_reply_reads_by_index_alone() {
    with_and_without_figures(|db, _| {
        if authors::acquaintances(db, &[3]).unwrap()[&3] == Acquaintance::None {
            introduce(db);
        }
        let posted: i64 = comment_rows::table.count().get_result(db).unwrap();
        let body = &format!("One more than {posted}, long enough to be compared with others");
        let mut new = rows::reply("loud", body);
        new.policy.settings.duplicates = true;
        new.parent = Some(5);
        new.per_minute = 6;
        new.hold = HoldMode::None;
        new.device.token = Some(b"device 7".to_vec());
        // It meets whatever a reply can meet, and all of it is asked for.
        let before = rows::reply("story-1", body);
        transaction(db, |db| replies::submit(db, &before)).unwrap();
        let (moderator, name_key): (i64, String) = moderators::table
            .select((moderators::id, moderators::name_key))
            .first(db)
            .unwrap();
        new.name_key = name_key;
        let hold = NewHold {
            comment: comment_rows::table
                .filter(comment_rows::body.eq(body))
                .select(comment_rows::id)
                .first(db)
                .unwrap(),
            reason: "Rude".to_owned(),
            until: rows::NOW.plus(60_000),
            moderator,
            now: rows::NOW,
        };
        assert!(transaction(db, |db| author_holds::hold(db, &hold)).unwrap());
        db.batch_execute(
            "INSERT INTO author_holds (comment_id, author_id, email_key, network, reason, moderator_id, created_at, until) \
             SELECT id, author_id, email_key, CAST('network ' || id AS BLOB), '', 1, 0, id FROM comments",
        )
        .unwrap();
        let plan = plan(db, |db| {
            let posted = transaction(db, |db| replies::submit(db, &new)).unwrap();
            assert!(matches!(posted, replies::Submitted::Stored { .. }));
        });
        assert_by_index("reply", &plan);
        for index in [
            "comments_network",
            "comment_terms_same",
            "author_holds_network",
        ] {
            let used = plan.iter().filter(|step| step.contains(index)).count();
            assert!(used > 1, "{index}, at a glance and again: {plan:#?}");
        }
        assert!(
            plan.iter().any(|step| step.contains("comments_names")),
            "the names of the thread: {plan:#?}"
        );
    });
}

#[test]
fn what_is_reported_is_counted_and_said_without_reading_every_report() {
    with_and_without_figures(|db, _| {
        let ids = [1, 11, 21, 31];
        let plan = plan(db, |db| {
            let found = reported::open(db, &ids).unwrap();
            assert_eq!(found.len(), ids.iter().filter(|id| **id % 10 == 1).count());
        });
        assert_by_index("reports", &plan);
        for step in plan
            .iter()
            .filter(|step| step.contains(" i ") || step.contains(" r "))
        {
            assert!(step.contains("reports_comment"), "{plan:#?}");
        }
    });
}

#[test]
fn reporting_reads_by_index_alone() {
    with_and_without_figures(|db, _| {
        let mut new = rows::report(1, b"elsewhere");
        new.per_minute = 6;
        let plan = plan(db, |db| {
            let outcome = rehearse(db, |db| {
                let outcome = reports::submit(db, &new)?;
                assert!(reported::receipt(db, &new.receipt, 0, rows::NOW)?.is_some());
                assert!(reports::resolve(db, 1, 10, ReportStatus::Removed, rows::NOW)? > 0);
                assert!(reports::reopen(db, 1, 10)? > 0);
                reports::comment_withdrawn(db, 1, rows::NOW)?;
                Ok(outcome)
            });
            assert_eq!(outcome.unwrap(), reports::Submitted::Stored);
        });
        assert_by_index("report", &plan);
        assert_unsorted("report", &plan);
    });
}

#[test]
fn every_root_comment_stands_on_one_page_and_its_permalink_leads_there() {
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        let article = fill(&mut db, "loud", 1_000);
        let (mut from, mut before) = (0, None);
        let mut walked: Vec<i64> = Vec::new();
        let last = comments::discussion(&mut db, Below::Article(article), Sort::Oldest, 0)
            .unwrap()
            .last;
        loop {
            let page =
                comments::discussion(&mut db, Below::Article(article), Sort::Oldest, from).unwrap();
            assert_eq!(page.back, before, "back from {from}");
            let roots: Vec<i64> = page.roots.iter().map(|root| root.comment.id).collect();
            for root in &roots {
                let Found::Here(Place::Article { slug, from: place }) =
                    branches::place(&mut db, *root).unwrap()
                else {
                    panic!("a root comment stands on the article's page");
                };
                assert_eq!(slug, "loud");
                let there =
                    comments::discussion(&mut db, Below::Article(article), Sort::Oldest, place)
                        .unwrap();
                assert!(there.roots.iter().any(|node| node.comment.id == *root));
            }
            walked.extend(roots);
            let Some(onward) = page.onward else { break };
            (before, from) = (Some(from), onward);
        }
        assert_eq!(last, Some(from), "the last page");
        let rising = walked.windows(2).all(|pair| pair[0] < pair[1]);
        assert!(rising && walked.len() == 250, "{walked:?}");
    });
}
