//! Discussions of any size, put there in a few statements.

use diesel::connection::SimpleConnection;
use rejoinder::store::Db;

use super::rows;

/// An article with two threads before the ordinary ones: one with so many replies to its root, and one that goes on, reply
/// to reply, for so many. All comments are public.
pub struct Discussion {
    pub article: i64,
    /// The root with the many replies, whose ids follow its own.
    pub crowd: i64,
    /// The root of the chain. The ids of the replies below it follow its own, each deeper than the one before.
    pub chain: i64,
    /// The first of the ordinary roots, four ids from each to the next.
    pub ordinary: i64,
}

/// Ordinary threads of an article that has more than a page of them. Each is four comments deep.
pub const ORDINARY: i64 = 60;
/// Where deeper replies attach.
const DEEPEST: i64 = rejoinder::store::comments::DEEPEST as i64;

/// Adds an article with its discussion: so many ordinary threads after the two.
pub fn discussion(db: &mut Db, slug: &str, threads: i64, crowd: i64, chain: i64) -> Discussion {
    use diesel::prelude::*;
    use rejoinder::store::schema::{articles, comments};
    let article = rows::article(db, slug);
    let last: Option<i64> = comments::table
        .select(diesel::dsl::max(comments::id))
        .first(db)
        .unwrap();
    let crowd_root = last.unwrap_or(0) + 1;
    let chain_root = crowd_root + crowd + 1;
    let others = chain_root + chain;
    let mut add = |count: i64, first: i64, parent: &str, root: &str, depth: &str, below: &str| {
        if count == 0 {
            return;
        }
        db.batch_execute(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
             INSERT INTO comments (id, article_id, parent_id, root_id, depth, status, name, email, website, body, \
             body_html, html_version, receipt, network, hold, risk, created_at, published_at, public_descendants) \
             SELECT {first} + i - 1, {article}, {parent}, {root}, {depth}, 1, 'Ama', '', '', 'Text', '<p>Text</p>', 1, \
             '{slug}-' || ({first} + i), NULL, '[]', 0, {now} + i, {now} + i, {below} FROM n",
            now = rows::NOW.0,
        ))
        .unwrap();
    };
    let none = "CAST(NULL AS BIGINT)";
    add(1, crowd_root, none, none, "0", &crowd.to_string());
    let root = crowd_root.to_string();
    add(crowd, crowd_root + 1, &root, &root, "1", "0");
    add(1, chain_root, none, none, "0", &chain.to_string());
    let attach = chain_root + DEEPEST - 1;
    add(
        chain,
        chain_root + 1,
        &format!("CASE WHEN i <= {DEEPEST} THEN {chain_root} + i - 1 ELSE {attach} END"),
        &chain_root.to_string(),
        &format!("CASE WHEN i < {DEEPEST} THEN i ELSE {DEEPEST} END"),
        &format!("CASE WHEN i < {DEEPEST} THEN {chain} - i ELSE 0 END"),
    );
    let count = 4 * threads;
    add(
        count,
        others + 1,
        &format!("CASE WHEN i % 4 <> 1 THEN {others} + i - 1 END"),
        &format!("CASE WHEN i % 4 <> 1 THEN {others} + i - (i + 3) % 4 END"),
        "(i + 3) % 4",
        "3 - (i + 3) % 4",
    );
    diesel::update(articles::table.find(article))
        .set(articles::comment_count.eq(count + 2 + crowd + chain))
        .execute(db)
        .unwrap();
    Discussion {
        article,
        crowd: crowd_root,
        chain: chain_root,
        ordinary: others + 1,
    }
}
