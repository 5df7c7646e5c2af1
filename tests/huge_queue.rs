//! A site costs the same whatever has gathered: the desk's lists, filters, search, counts, an author's page and a decision, and what
//! readers and jobs ask, over a large site beside a small one. `REJOINDER_TEST_COMMENTS` says how large; a tenth of its comments wait.

#[path = "huge_queue/site.rs"]
mod site;
mod support;

use diesel::connection::SimpleConnection;
use rejoinder::moderation::Decision;
use rejoinder::store::decisions::{self, Decided, Verdict};
use rejoinder::store::listed::Reader;
use rejoinder::store::listing::Listing;
use rejoinder::store::{Db, author_page, bulks, desk, queue, rehearse};
use support::statements::{cost, count_steps, leave_tables_alone, look_after_tables, statements};
use support::{Database, Engine, on_each_engine, rows};

/// Comments of the small site.
const SMALL: i64 = 1_000;
/// Comments of the large one, unless the environment says otherwise.
const LARGE: i64 = 100_000;

const READER: Reader = Reader {
    moderator: 1,
    now: rows::NOW,
};

/// A site with so many comments on three articles, by authors of whom each has forty, from networks of as many.
fn fill(db: &mut Db, count: i64) {
    leave_tables_alone(db);
    let (blob, yes, no) = match db.is_sqlite() {
        true => ("CAST('net' || (i / 40) AS BLOB)", "1", "0"),
        false => ("convert_to('net' || (i / 40), 'UTF8')", "TRUE", "FALSE"),
    };
    if !db.is_sqlite() {
        db.batch_execute("SET statement_timeout = 0").unwrap();
    }
    for n in 0..3 {
        rows::article(db, &format!("story-{n}"));
    }
    rows::moderator(db, "Dana");
    let numbers = |last: i64| {
        format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
        )
    };
    db.batch_execute(&format!(
        "{} INSERT INTO authors (created_at, approved_count) SELECT {now}, 30 FROM n",
        numbers(count / 40 + 1),
        now = rows::NOW.0,
    ))
    .unwrap();
    // Of ten comments one waits, one is rejected or spam, eight are public.
    db.batch_execute(&format!(
        "{} INSERT INTO comments (id, article_id, depth, status, name, email, website, body, body_html, html_version, \
         receipt, network, hold, risk, created_at, published_at, author_id, open_reports) \
         SELECT i, 1 + i / 10 % 3, 0, CASE i % 10 WHEN 0 THEN 0 WHEN 1 THEN 2 + i / 10 % 2 ELSE 1 END, 'Ama', '', '', \
         'Common words', '<p>Common words</p>', 1, 'receipt-' || i, {blob}, \
         CASE WHEN i % 50 = 0 THEN '[{{\"why\":\"links\",\"count\":3,\"limit\":2}}]' ELSE '[]' END, i % 7, {now} + i, {now}, \
         1 + i / 40, CASE WHEN i % 20 = 2 THEN 1 ELSE 0 END FROM n",
        numbers(count),
        now = rows::NOW.0,
    ))
    .unwrap();
    db.batch_execute(&format!(
        "INSERT INTO comment_terms (comment_id, terms, text_key) \
         SELECT id, 'ama common words' || CASE WHEN id % 20 = 0 THEN ' rare' ELSE '' END, 1 + id / 40 FROM comments; \
         INSERT INTO decisions (comment_id, moderator_id, at, from_status, to_status, note, comment_version) \
         SELECT id, 1, {now}, 0, status, '', 1 FROM comments WHERE status > 0; \
         INSERT INTO reports (comment_id, receipt, ground, explanation, contact_name, contact_email, child_abuse, \
         good_faith, body_html, created_at, status) \
         SELECT id, 'report-' || id, 3, 'Why', '', '', {no}, {yes}, '<p>Common words</p>', {now}, 0 FROM comments \
         WHERE open_reports > 0; \
         INSERT INTO appeals (comment_id, decision_id, status, text, created_at) \
         SELECT comment_id, id, 0, 'Why?', {now} FROM decisions WHERE to_status = 2",
        now = rows::NOW.0,
    ))
    .unwrap();
    look_after_tables(db);
}

/// Lists whose index holds nothing but what is asked for.
const BY_INDEX: [&str; 18] = [
    "",
    "sort=newest",
    "sort=risk",
    "tab=reported",
    "tab=reported&sort=risk",
    "tab=appeals",
    "tab=published",
    "tab=rejected&sort=oldest",
    "tab=spam",
    "tab=all",
    "tab=all&q=common+words",
    "tab=all&q=rare",
    "article=2",
    "tab=all&article=2&sort=oldest",
    "tab=all&author=3",
    "tab=all&network=6e657433",
    "tab=all&same=3",
    "from=500&sort=oldest",
];

/// Lists of which a window is looked through.
const BY_WINDOW: [&str; 6] = [
    "why=links",
    "why=staff-name",
    "tab=all&status=withdrawn",
    "q=common&why=hidden-field",
    "sort=risk&article=2&age=over-week",
    "tab=spam&article=3",
];

fn list(db: &mut Db, words: &str) -> usize {
    let list = Listing::parse(words).unwrap();
    let page = queue::items(db, &list, READER).unwrap();
    desk::chosen(db, &list).unwrap();
    page.items.len()
}

fn author(db: &mut Db) {
    let all = Listing::default();
    let page = author_page::of_author(db, 3, &all, READER).unwrap();
    assert!(!page.unwrap().page.items.is_empty());
}

fn decide(db: &mut Db) {
    let verdict = Verdict {
        comment: 500,
        version: 1,
        decision: Decision::Approve,
        rule: None,
        note: String::new(),
        revision: None,
        appeal: None,
        moderator: 1,
        now: rows::NOW,
        undo_window: 60_000,
        bulk: None,
    };
    let outcome = rehearse(db, |db| decisions::decide(db, &verdict)).unwrap();
    assert!(matches!(outcome, Decided::Done(_)), "{outcome:?}");
}

/// Comments of the large site, as the environment has it.
fn large() -> i64 {
    std::env::var("REJOINDER_TEST_COMMENTS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(LARGE)
}

/// What `work` costs over both sites: statements, and what the engine reads; each after a first time, which prepares.
fn compare(sites: &mut [Db; 2], what: &str, work: impl Fn(&mut Db)) -> [i64; 2] {
    let mut sent = Vec::new();
    let mut read = [0; 2];
    for (db, read) in sites.iter_mut().zip(&mut read) {
        sent.push(statements(db, &work).len());
        *read = cost(db, &work);
    }
    eprintln!("{what}: statements {sent:?}, read {read:?}");
    // A page that a window left unfinished asks where the window ended.
    let further = sent[1].abs_diff(sent[0]);
    let may = match what {
        // Five hundred are found in more than one page where many are there.
        "preview of a bulk" => 2,
        what => usize::from(BY_WINDOW.contains(&what)),
    };
    assert!(further <= may, "statements for {what}: {sent:?}");
    read
}

#[test]
fn the_desk_reads_no_more_over_a_large_site_than_over_a_small_one() {
    count_steps();
    let large = large();
    on_each_engine(|engine| {
        let databases = [Database::new(engine), Database::new(engine)];
        let mut sites = [databases[0].connect(), databases[1].connect()];
        fill(&mut sites[0], SMALL);
        fill(&mut sites[1], large);
        for words in BY_INDEX {
            for db in &mut sites {
                assert!(list(db, words) > 0, "{words} finds something");
            }
            let read = compare(&mut sites, words, |db| {
                list(db, words);
            });
            assert_alike(engine, words, read);
        }
        // SQLite takes some twenty steps for a row that it looks at, PostgreSQL reads it and its entry.
        let most = most_of_a_window(engine);
        for words in BY_WINDOW {
            // PostgreSQL gathers everything that a word is found in before it goes on in order.
            if engine == Engine::Postgres && words.starts_with("q=") {
                continue;
            }
            let read = compare(&mut sites, words, |db| {
                list(db, words);
            });
            assert!(read[1] <= most, "{words}: {read:?}, at most {most}");
        }
        let read = compare(&mut sites, "author", author);
        assert_alike(engine, "author", read);
        let read = compare(&mut sites, "decision", decide);
        assert_alike(engine, "decision", read);
        // Five lists, of each at most 1,001 entries; some steps for each.
        let read = compare(&mut sites, "counts", |db| {
            let counts = queue::counts(db).unwrap();
            assert!(counts.waiting <= queue::COUNTED);
        });
        let most = 5 * queue::COUNTED * if engine == Engine::Sqlite { 10 } else { 2 };
        assert!(read[1] <= most, "counts: {read:?}, at most {most}");
        let read = compare(&mut sites, "preview of a bulk", |db| {
            let list = Listing::default();
            let preview = bulks::preview(db, &list, Decision::Approve, READER).unwrap();
            assert!(!preview.picked.is_empty());
        });
        let most = most_of_a_window(engine);
        assert!(read[1] <= most, "bulk: {read:?}, at most {most}");
        for (db, count) in sites.iter_mut().zip([SMALL, large]) {
            decide_the_older(db, count);
        }
        let read = compare(&mut sites, "oldest waiting", |db| {
            assert!(queue::oldest_waiting(db).unwrap().is_some());
        });
        assert_alike(engine, "oldest waiting", read);
    });
}

/// Nothing waits but some of the latest tenth.
fn decide_the_older(db: &mut Db, count: i64) {
    db.batch_execute(&format!(
        "UPDATE comments SET status = 1 WHERE status = 0 AND id <= {}",
        count - count / 10
    ))
    .unwrap();
    look_after_tables(db);
}

/// What looking through a window may cost.
fn most_of_a_window(engine: Engine) -> i64 {
    use rejoinder::store::listed::WINDOW;
    match engine {
        Engine::Sqlite => WINDOW * 60,
        Engine::Postgres => WINDOW * 8,
    }
}

#[track_caller]
fn assert_alike(engine: Engine, what: &str, read: [i64; 2]) {
    let ratio = read[1] as f64 / read[0] as f64;
    // PostgreSQL reads small tables whole, a row each; of large ones it counts the entry of the index besides.
    let most = match engine {
        Engine::Sqlite => 1.5,
        Engine::Postgres => 2.5,
    };
    assert!(ratio <= most, "{what}: {read:?}, ratio {ratio:.2}");
}
