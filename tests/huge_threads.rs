//! A page of an article costs the same whatever hangs below its comments: a root with 100,000 replies, a chain of 1,000.

mod support;

use diesel::connection::SimpleConnection;
use rejoinder::store::branches::{self, Found, Place};
use rejoinder::store::comments::{self, Below, Node, Sort};
use rejoinder::store::{Db, articles, feeds, publication, rules};
use support::crowds::{self, Discussion, ORDINARY};
use support::statements::{cost, count_steps, leave_tables_alone, look_after_tables, statements};
use support::{Database, on_each_engine};

/// How many times as much as an ordinary page a page of the huge discussion may read.
const MOST: f64 = 1.2;

/// Reads what the handler reads for an article's page, and says how many comments are on it.
fn article_page(db: &mut Db, slug: &str, sort: Sort, from: i64) -> usize {
    let Some(articles::Found::Article(article)) = articles::find(db, slug).unwrap() else {
        panic!("{slug} is there");
    };
    let page = comments::discussion(db, Below::Article(article.id), sort, from).unwrap();
    rules::current(db).unwrap();
    size(&page.roots)
}

/// The same for a branch.
fn branch_page(db: &mut Db, head: i64, from: i64) -> usize {
    let Found::Here(branch) = branches::find(db, head, from).unwrap() else {
        panic!("{head} is there");
    };
    rules::current(db).unwrap();
    1 + size(&branch.replies.roots)
}

/// Where a permalink leads.
fn permalink(db: &mut Db, id: i64) -> Place {
    match branches::place(db, id).unwrap() {
        Found::Here(place) => place,
        other => panic!("{other:?}"),
    }
}

fn size(nodes: &[Node]) -> usize {
    nodes.iter().map(|node| 1 + size(&node.replies)).sum()
}

/// Compares what two pages cost, each read once before: the first time prepares its statements.
#[track_caller]
fn assert_alike<T>(
    db: &mut Db,
    what: &str,
    ordinary: impl Fn(&mut Db) -> T,
    huge: impl Fn(&mut Db) -> T,
) -> T {
    let sent = [
        statements(db, |db| drop(ordinary(db))).len(),
        statements(db, |db| drop(huge(db))).len(),
    ];
    let shown = huge(db);
    let read = [
        cost(db, |db| drop(ordinary(db))),
        cost(db, |db| drop(huge(db))),
    ];
    let ratio = read[1] as f64 / read[0] as f64;
    eprintln!("{what}: statements {sent:?}, read {read:?}, ratio {ratio:.2}");
    assert_eq!(sent[0], sent[1], "statements for {what}");
    assert!(read[0] > 0, "{what} reads something");
    assert!(ratio <= MOST, "{what}: {read:?}, ratio {ratio:.2}");
    shown
}

#[test]
fn pages_of_a_huge_discussion_read_no_more_than_those_of_an_ordinary_one() {
    count_steps();
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let db = &mut database.connect();
        leave_tables_alone(db);
        let calm = crowds::discussion(db, "calm", ORDINARY, 3, 3);
        let lively = crowds::discussion(db, "lively", ORDINARY, 160, 120);
        let huge = crowds::discussion(db, "huge", ORDINARY, 100_000, 1_000);
        // It does not end the table, and most comments have few replies, if any: planners know such things.
        crowds::discussion(db, "archive", 15_000, 3, 3);
        crowds::discussion(db, "later", ORDINARY, 160, 120);
        assert_eq!(publication::drift(db).unwrap(), (0, 0, 0));

        assert_pages_alike(db, &calm, &lively, &huge);
        db.batch_execute("ANALYZE").unwrap();
        assert_pages_alike(db, &calm, &lively, &huge);
        look_after_tables(db);
        assert_pages_alike(db, &calm, &lively, &huge);
    });
}

fn assert_pages_alike(db: &mut Db, calm: &Discussion, lively: &Discussion, huge: &Discussion) {
    for (sort, other) in Sort::ALL
        .into_iter()
        .flat_map(|s| [(s, "calm"), (s, "lively")])
    {
        let comments = assert_alike(
            db,
            &format!("an article by {}, against a {other} one", sort.word()),
            |db| article_page(db, other, sort, 0),
            |db| article_page(db, "huge", sort, 0),
        );
        assert!((200..=300).contains(&comments), "{comments}");
    }
    let second = |ordinary: i64| ordinary + 4 * 48;
    let comments = assert_alike(
        db,
        "the second page of an article",
        |db| article_page(db, "calm", Sort::Oldest, second(calm.ordinary)),
        |db| article_page(db, "huge", Sort::Oldest, second(huge.ordinary)),
    );
    assert_eq!(comments, 48);

    for (what, from) in [
        ("the first", (0, 0)),
        ("a middle", (lively.crowd + 51, huge.crowd + 50_001)),
        ("the last", (lively.crowd + 111, huge.crowd + 99_951)),
    ] {
        let comments = assert_alike(
            db,
            &format!("{what} page of a branch"),
            |db| branch_page(db, lively.crowd, from.0),
            |db| branch_page(db, huge.crowd, from.1),
        );
        assert_eq!(comments, 51);
    }
    for (what, below, comments) in [("begins", 0, 5), ("ends", 31, 51)] {
        let found = assert_alike(
            db,
            &format!("the branch where a chain {what}"),
            |db| branch_page(db, lively.chain + below, 0),
            |db| branch_page(db, huge.chain + below, 0),
        );
        assert_eq!(found, comments);
    }

    let entries = assert_alike(
        db,
        "the feed of an article",
        |db| feeds::comments(db, lively.article).unwrap().len(),
        |db| feeds::comments(db, huge.article).unwrap().len(),
    );
    assert_eq!(entries, 50);

    for (what, near, far) in [
        ("a root", lively.crowd, huge.crowd),
        ("an early reply", lively.crowd + 5, huge.crowd + 5),
        ("one of the crowd", lively.crowd + 130, huge.crowd + 77_777),
        ("one within a chain", lively.chain + 20, huge.chain + 20),
        ("the end of a chain", lively.chain + 119, huge.chain + 999),
    ] {
        let place = assert_alike(
            db,
            &format!("the permalink of {what}"),
            |db| permalink(db, near),
            |db| permalink(db, far),
        );
        if far == huge.crowd + 77_777 {
            assert_eq!(
                place,
                Place::Branch {
                    head: huge.crowd,
                    from: far
                }
            );
        }
    }
}
