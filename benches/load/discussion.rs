//! The two articles that are compared: one with 100 comments, and one that begins with the same 100 and goes on for as many as
//! the site has besides. Their first pages are the same but for the link onward, so whatever differs is the size.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use rejoinder::store::articles::{self, NewArticle};
use rejoinder::store::schema::comments;
use rejoinder::store::{Db, transaction};
use rejoinder::text;
use rejoinder::time::{DAY, Timestamp};

use super::{fill, words};

/// The slugs.
pub const HUNDRED: &str = "a-hundred-comments";
pub const CROWD: &str = "all-the-comments";
/// Comments of the first: a page of threads, each a root and a reply.
const COMMENTS: i64 = 100;

/// Adds both articles, the second with so many comments.
pub fn add(db: &mut Db, size: usize) {
    let last: Option<i64> = comments::table
        .select(diesel::dsl::max(comments::id))
        .first(db)
        .unwrap();
    let first = last.unwrap_or(0) + 1;
    let hundred = article(db, HUNDRED);
    let rows: Vec<_> = (0..COMMENTS)
        .map(|number| {
            let body = words::comment(number as u64);
            let is_root = number % 2 == 0;
            let id = first + number;
            let name = words::name(number as u64);
            (
                (
                    comments::id.eq(id),
                    comments::article_id.eq(hundred),
                    comments::parent_id.eq((!is_root).then_some(id - 1)),
                    comments::root_id.eq((!is_root).then_some(id - 1)),
                    comments::depth.eq(i16::from(!is_root)),
                    comments::status.eq(1),
                    comments::name_key.eq(text::mimic_key(&name)),
                    comments::name.eq(name),
                ),
                (
                    comments::email.eq(""),
                    comments::website.eq(""),
                    comments::body_html.eq(text::comment(&body).as_str().to_owned()),
                    comments::body.eq(body),
                    comments::html_version.eq(text::HTML_VERSION),
                    comments::receipt.eq(format!("hundred-{number}")),
                    comments::hold.eq("[]"),
                    comments::risk.eq(0),
                ),
                (
                    comments::created_at.eq(moment(number)),
                    comments::published_at.eq(moment(number)),
                    comments::public_descendants.eq(i64::from(is_root)),
                ),
            )
        })
        .collect();
    transaction(db, |db| {
        for row in rows {
            diesel::insert_into(comments::table)
                .values(row)
                .execute(db)?;
        }
        Ok(())
    })
    .unwrap();
    count(db, hundred, COMMENTS);
    let crowd = article(db, CROWD);
    let times = i64::try_from(size).unwrap() / COMMENTS;
    if !db.is_sqlite() {
        db.batch_execute("SET statement_timeout = 0").unwrap();
    }
    db.batch_execute(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times}) \
         INSERT INTO comments (id, article_id, parent_id, root_id, depth, status, name, name_key, email, website, body, \
         body_html, html_version, receipt, hold, risk, created_at, published_at, public_descendants) \
         SELECT id + {COMMENTS} * i, {crowd}, parent_id + {COMMENTS} * i, root_id + {COMMENTS} * i, depth, status, name, \
         name_key, email, website, body, body_html, html_version, 'crowd-' || i || '-' || id, hold, risk, \
         created_at + {COMMENTS} * i, published_at + {COMMENTS} * i, public_descendants \
         FROM n CROSS JOIN comments WHERE article_id = {hundred} ORDER BY n.i, id"
    ))
    .unwrap();
    count(db, crowd, times * COMMENTS);
    if !db.is_sqlite() {
        db.batch_execute(
            "SELECT setval(pg_get_serial_sequence('comments', 'id'), (SELECT max(id) FROM comments))",
        )
        .unwrap();
    }
}

/// Two months ago, and a little later for each.
fn moment(number: i64) -> i64 {
    fill::today().0 - 60 * DAY + number
}

fn article(db: &mut Db, slug: &str) -> i64 {
    let paragraphs: String = (0..6)
        .map(|number| format!("<p>{}</p>", words::comment(1_000 + number)))
        .collect();
    let now = Timestamp(moment(0));
    let new = NewArticle {
        slug: slug.to_owned(),
        aliases: Vec::new(),
        section: "City".to_owned(),
        title: format!("The night ferry, {slug}"),
        summary: words::comment(900),
        byline: "Ada Archer".to_owned(),
        body_html: paragraphs,
        digest: vec![1],
        published_at: Some(now),
        updated_at: None,
        open: Some(true),
        view_count: 0,
    };
    transaction(db, |db| articles::seed(db, &new, now)).unwrap();
    match articles::find(db, slug).unwrap() {
        Some(articles::Found::Article(article)) => article.id,
        other => panic!("{other:?}"),
    }
}

fn count(db: &mut Db, article: i64, comments: i64) {
    use rejoinder::store::schema::articles;
    diesel::update(articles::table.find(article))
        .set(articles::comment_count.eq(comments))
        .execute(db)
        .unwrap();
}
