//! Fifty moderators over HTTP at one queue of 5,000, each as fast as the server answers: every comment is decided once, and
//! nobody meets an error. And a bulk of 500 that is taken back leaves nothing behind.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use rejoinder::moderation::Status;
use rejoinder::store::schema::{comments, decisions, outbox};
use rejoinder::store::{Db, publication};
use support::{Client, Page, Server, on_each_engine, rows};

const MODERATORS: usize = 50;
const WAITING: i64 = 5_000;

/// Comments that wait, on three articles; every second answers a public one.
fn fill(db: &mut Db, count: i64) {
    for n in 1..=3 {
        rows::article(db, &format!("story-{n}"));
    }
    db.batch_execute(&format!(
        "INSERT INTO comments (id, article_id, depth, status, name, email, website, body, body_html, html_version, receipt, \
         hold, risk, created_at, published_at, public_descendants) \
         SELECT id, id, 0, 1, 'Root', '', '', 'A root.', '<p>A root.</p>', 1, 'root-' || id, '[]', 0, {now}, {now}, 0 \
         FROM articles; UPDATE articles SET comment_count = 1; \
         WITH RECURSIVE n (i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM n WHERE i < {count} + 3) \
         INSERT INTO comments (id, article_id, parent_id, root_id, depth, status, name, email, website, body, body_html, \
         html_version, receipt, hold, risk, created_at) \
         SELECT i, 1 + i % 3, CASE WHEN i % 2 = 0 THEN 1 + i % 3 END, CASE WHEN i % 2 = 0 THEN 1 + i % 3 END, \
         CASE WHEN i % 2 = 0 THEN 1 ELSE 0 END, 0, 'Ama', '', '', 'Words ' || i, '<p>Words ' || i || '</p>', 1, \
         'receipt-' || i, '[]', i % 5, {now} FROM n",
        now = rows::NOW.0,
    ))
    .unwrap();
    if !db.is_sqlite() {
        db.batch_execute("SELECT setval(pg_get_serial_sequence('comments', 'id'), (SELECT max(id) FROM comments))")
            .unwrap();
    }
}

/// The ids and versions of a list's items, and the token of its forms.
fn work(list: &Page) -> (Vec<(i64, String)>, String) {
    let items = list
        .attributes("input[name=sel]", "value")
        .iter()
        .map(|word| {
            let (id, version) = word.split_once('.').unwrap();
            (id.parse().unwrap(), version.to_owned())
        })
        .collect();
    let token = list.attributes("input[name=csrf]", "value");
    (items, token.into_iter().next().unwrap_or_default())
}

/// What a moderator was told was done: the comment, and the status it has now.
type Told = Vec<(i64, Status)>;

/// One moderator, who decides page after page as the script does, until nothing waits.
fn moderate(client: &Client, n: usize, errors: &Mutex<Vec<u16>>, conflicts: &AtomicUsize) -> Told {
    let verdicts = [
        ("approve", "", Status::Approved),
        ("reject", "1", Status::Rejected),
        ("spam", "", Status::Spam),
    ];
    let order = ["oldest", "newest", "risk"][n / 3 % 3];
    let mut told = Vec::new();
    loop {
        // Two of three take ten first; the others work on whatever stands before them.
        let address = if !n.is_multiple_of(3) {
            let list = client.get("/moderation");
            let (items, csrf) = work(&list);
            if items.is_empty() && list.status == 200 {
                return told;
            }
            let taken = client.post("/moderation/claims", &[("csrf", &csrf), ("view", "")]);
            if ![303, 503].contains(&taken.status) {
                errors.lock().unwrap().push(taken.status);
            }
            "/moderation?claim=mine".to_owned()
        } else {
            format!("/moderation?sort={order}")
        };
        let list = client.get(&address);
        // Busy is no error: nothing was asked for that is lost. The machine may be slower than fifty people.
        if list.status == 503 {
            continue;
        }
        if list.status != 200 {
            errors.lock().unwrap().push(list.status);
            continue;
        }
        let (items, csrf) = work(&list);
        if items.is_empty() && n.is_multiple_of(3) {
            return told;
        }
        for (at, (id, version)) in items.into_iter().enumerate() {
            let (verdict, ground, status) = verdicts[(n + at) % 3];
            let body: String = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs([
                    ("csrf", csrf.as_str()),
                    ("version", &version),
                    ("view", ""),
                    ("do", verdict),
                    ("ground", ground),
                ])
                .finish();
            let headers = [("origin", client.base()), ("accept", "application/json")];
            let path = format!("/moderation/comments/{id}/decide");
            match client.post_raw(&path, body.as_bytes(), &headers).status {
                200 => told.push((id, status)),
                503 => {}
                409 => drop(conflicts.fetch_add(1, Ordering::Relaxed)),
                other => errors.lock().unwrap().push(other),
            }
        }
    }
}

#[test]
fn fifty_moderators_decide_five_thousand_comments_once_each() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let mut db = server.database.connect();
        fill(&mut db, WAITING);
        let clients: Vec<Client> = (0..MODERATORS)
            .map(|n| server.moderator(&format!("Moderator {n}")))
            .collect();
        let last = server.moderator("Dana");
        let (errors, conflicts) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
        let told: Vec<Told> = std::thread::scope(|scope| {
            let hands: Vec<_> = clients
                .into_iter()
                .enumerate()
                .map(|(n, client)| {
                    let (errors, conflicts) = (&errors, &conflicts);
                    scope.spawn(move || moderate(&client, n, errors, conflicts))
                })
                .collect();
            hands.into_iter().map(|hand| hand.join().unwrap()).collect()
        });
        eprintln!("{engine:?}: {} conflicts", conflicts.into_inner());
        assert_eq!(
            errors.into_inner().unwrap(),
            [0; 0],
            "nobody meets an error"
        );
        // Whoever was told "done" has the comment's one decision; nothing was decided that nobody was told of.
        let told: Vec<(i64, Status)> = told.into_iter().flatten().collect();
        let by_comment: BTreeMap<i64, Status> = told.iter().copied().collect();
        assert_eq!(told.len(), by_comment.len(), "told once each");
        assert_eq!(by_comment.len(), usize::try_from(WAITING).unwrap());
        let stored: Vec<(i64, Status)> = comments::table
            .filter(comments::id.gt(3))
            .select((comments::id, comments::status))
            .load(&mut db)
            .unwrap();
        assert_eq!(stored.into_iter().collect::<BTreeMap<_, _>>(), by_comment);
        let decided: i64 = decisions::table.count().get_result(&mut db).unwrap();
        assert_eq!(decided, WAITING);
        assert_eq!(publication::drift(&mut db).unwrap(), (0, 0, 0));
        let list = last.get("/moderation");
        assert_eq!(list.only("h1"), "Queue clear");
    });
}

/// Everything that a stranger or a moderator can see of a queue, but for what says when it was looked at.
fn sights(reader: &Client, moderator: &Client) -> Vec<String> {
    let public = [
        "/",
        "/articles/story-1",
        "/articles/story-2",
        "/articles/story-3",
        "/feed.atom",
        "/articles/story-1/feed.atom",
    ];
    let counts = "/api/counts?slug=story-1&slug=story-2&slug=story-3";
    let mut seen: Vec<String> = public
        .iter()
        .chain([&counts])
        .map(|path| reader.get(path).body)
        .collect();
    for tab in ["waiting", "reported", "published", "rejected", "spam"] {
        let list = moderator.get(&format!("/moderation?tab={tab}"));
        seen.push(
            list.texts(".nav a, .item .c-name, .item .c-body")
                .join("\n"),
        );
    }
    seen
}

#[test]
fn a_bulk_of_five_hundred_taken_back_leaves_everything_as_it_was_and_nothing_is_sent() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let mut db = server.database.connect();
        fill(&mut db, 600);
        let (reader, dana) = (server.visitor(), server.moderator("Dana"));
        let before = sights(&reader, &dana);
        for (verdict, ground) in [("approve", ""), ("reject", "4"), ("spam", "")] {
            let csrf = dana.get("/moderation").value("input[name=csrf]");
            let asked = [
                ("csrf", csrf.as_str()),
                ("view", ""),
                ("everything", "1"),
                ("do", verdict),
                ("ground", ground),
            ];
            let preview = dana.post("/moderation/bulk", &asked);
            assert_eq!(preview.status, 200, "{}", preview.text());
            assert!(preview.only("h1").contains("500"), "{}", preview.text());
            assert!(preview.text().contains("The list goes on"));
            assert_eq!(sights(&reader, &dana), before, "a preview does nothing");
            let picked = preview.value("main input[name=sel]");
            let ids: BTreeSet<&str> = picked.split(' ').collect();
            assert_eq!(ids.len(), 500);
            let done = dana.post_and_follow(
                "/moderation/bulk",
                &[
                    ("csrf", &csrf),
                    ("view", ""),
                    ("sel", &picked),
                    ("do", verdict),
                    ("ground", ground),
                ],
            );
            assert_eq!(done.only("main .toast > p"), "500 done.");
            assert_eq!(done.only("h1"), "Queue 100");
            assert_ne!(sights(&reader, &dana), before);
            let undone = dana.undo(&done);
            let undone = dana.get(&undone.location());
            assert_eq!(undone.only("main .toast > p"), "500 undone.");
            assert_eq!(undone.count("main .toast form"), 0);
            assert_eq!(sights(&reader, &dana), before, "{verdict}");
            assert_eq!(publication::drift(&mut db).unwrap(), (0, 0, 0));
            // Nothing is on its way, and nothing was sent.
            let sent: i64 = outbox::table
                .filter(
                    outbox::cancelled_at
                        .is_null()
                        .or(outbox::claimed_at.is_not_null()),
                )
                .count()
                .get_result(&mut db)
                .unwrap();
            assert_eq!(sent, 0);
        }
        let written: i64 = decisions::table.count().get_result(&mut db).unwrap();
        assert_eq!(written, 3 * 2 * 500, "history is only added to");
    });
}
