//! Rows for suites that speak with the store itself.

use rejoinder::moderation::{Ground, HoldReason, Report, Role, Submission};
use rejoinder::store::articles::{self, Found, NewArticle};
use rejoinder::store::replies::NewReply;
use rejoinder::store::reports::NewReport;
use rejoinder::store::{Db, moderators, token, transaction};
use rejoinder::time::Timestamp;

/// Some moment.
pub const NOW: Timestamp = Timestamp(1_790_000_000_000);

/// Adds an open article and says its id.
pub fn article(db: &mut Db, slug: &str) -> i64 {
    let new = NewArticle {
        slug: slug.to_owned(),
        aliases: Vec::new(),
        section: String::new(),
        title: format!("About {slug}"),
        summary: String::new(),
        byline: String::new(),
        body_html: "<p>Text.</p>".to_owned(),
        digest: vec![1],
        published_at: Some(NOW),
        updated_at: None,
        open: Some(true),
        view_count: 0,
    };
    transaction(db, |db| articles::seed(db, &new, NOW)).unwrap();
    match articles::find(db, slug).unwrap() {
        Some(Found::Article(article)) => article.id,
        other => panic!("{other:?}"),
    }
}

/// A reply that waits for a moderator, from nobody in particular.
pub fn reply(slug: &str, body: &str) -> NewReply {
    NewReply {
        slug: slug.to_owned(),
        parent: None,
        submission: Submission {
            name: "Ama".to_owned(),
            body: body.to_owned(),
            ..Submission::default()
        },
        body_html: format!("<p>{body}</p>"),
        html_version: 1,
        network: b"somewhere".to_vec(),
        reasons: vec![HoldReason::EveryReply],
        author: None,
        staff: false,
        name_key: "ama".to_owned(),
        receipt: token::receipt().unwrap(),
        per_minute: 0,
        close_after: 0,
        now: NOW,
    }
}

/// A report of spam, from a network.
pub fn report(comment: i64, network: &[u8]) -> NewReport {
    NewReport {
        comment,
        seen: 0,
        report: Report {
            ground: Some(Ground::Spam),
            ..Report::default()
        },
        rule: None,
        network: network.to_vec(),
        receipt: token::receipt().unwrap(),
        per_minute: 0,
        undo_window: 0,
        now: NOW,
    }
}

/// Adds somebody who may decide; nobody can sign in as them.
pub fn moderator(db: &mut Db, name: &str) -> i64 {
    let key = name.to_lowercase();
    transaction(db, |db| {
        moderators::add(db, name, &key, Role::Moderator, "no hash", NOW)
    })
    .unwrap()
    .unwrap()
}
