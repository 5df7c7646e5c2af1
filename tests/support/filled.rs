//! Many rows at once, for suites that look at how they are found.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use rejoinder::store::Db;

use super::rows;

/// An article with so many comments, in chains of four. Every tenth has another status, all others are public.
pub fn fill(db: &mut Db, slug: &str, count: i64) -> i64 {
    use rejoinder::store::schema::comments::dsl;
    let article = rows::article(db, slug);
    let last = dsl::comments.select(diesel::dsl::max(dsl::id));
    let base = last.first::<Option<i64>>(db).unwrap().unwrap_or(0);
    let status = |i: &str| format!("CASE WHEN ({i}) % 10 = 0 THEN ({i}) / 10 % 4 ELSE 1 END");
    // How many of those that follow in the same chain are public.
    let below: Vec<String> = (1..4)
        .map(|step| {
            let status = status(&format!("i + {step}"));
            format!("CASE WHEN (i + 3) % 4 + {step} < 4 AND {status} = 1 THEN 1 ELSE 0 END")
        })
        .collect();
    db.batch_execute(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO comments (id, article_id, parent_id, root_id, depth, status, name, email, website, body, \
         body_html, html_version, receipt, network, hold, risk, created_at, published_at, public_descendants) \
         SELECT {base} + i, {article}, \
         CASE WHEN i % 4 <> 1 THEN {base} + i - 1 END, \
         CASE WHEN i % 4 <> 1 THEN {base} + i - (i + 3) % 4 END, \
         (i + 3) % 4, {status}, 'Ama', '', '', 'Text', \
         '<p>Text</p>', 1, '{slug}-' || i, NULL, '[]', 0, {now} + i, {now}, {below} FROM n",
        now = rows::NOW.0,
        status = status("i"),
        below = below.join(" + "),
    ))
    .unwrap();
    article
}

/// Reports every fifth comment, each for a few reasons, twice from everywhere.
pub fn report_every_fifth(db: &mut Db) {
    db.batch_execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6) \
         INSERT INTO reports (comment_id, receipt, ground, rule_id, explanation, contact_name, contact_email, child_abuse, \
         good_faith, body_html, created_at, status) \
         SELECT c.id, 'report ' || c.id || '-' || i, 1 + i % 3, CASE WHEN i % 3 < 2 THEN (SELECT min(id) FROM rules) END, \
         'Why', '', '', i = 9, i = 9, '<p>Text</p>', 0, 0 FROM comments c CROSS JOIN n \
         WHERE c.id % 5 = 1 AND c.status = 1 AND c.open_reports = 0; \
         UPDATE comments SET open_reports = 6, risk = 18 WHERE id % 5 = 1 AND status = 1",
    )
    .unwrap();
}

/// The authors of all rejected comments object.
pub fn appeal_every_rejection(db: &mut Db) {
    db.batch_execute(
        "INSERT INTO decisions (comment_id, at, from_status, to_status, note, comment_version) \
         SELECT id, 0, 0, 2, '', 1 FROM comments c WHERE status = 2 \
         AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.comment_id = c.id); \
         INSERT INTO appeals (comment_id, decision_id, status, text, created_at) \
         SELECT comment_id, id, 0, 'Why?', 0 FROM decisions d \
         WHERE NOT EXISTS (SELECT 1 FROM appeals a WHERE a.comment_id = d.comment_id)",
    )
    .unwrap();
}
