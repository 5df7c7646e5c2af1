//! Rows for suites that speak with the store itself.

use rejoinder::moderation::policy::Settings;
use rejoinder::moderation::{Ground, HoldMode, Report, Role, Submission};
use rejoinder::store::articles::{self, Found, NewArticle};
use rejoinder::store::authors::Device;
use rejoinder::store::policy::InForce;
use rejoinder::store::replies::NewReply;
use rejoinder::store::reports::NewReport;
use rejoinder::store::search::Terms;
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
        network: b"somewhere".to_vec().into(),
        reasons: Vec::new(),
        policy: InForce {
            version: 0,
            settings: Settings {
                duplicates: false,
                fast_seconds: 0,
                ..Settings::default()
            },
        },
        may_lag: false,
        hold: HoldMode::All,
        links: 0,
        may_publish: true,
        device: Device::default(),
        name_key: "ama".to_owned(),
        terms: Terms::of("Ama", body),
        receipt: token::receipt().unwrap(),
        per_minute: 0,
        close_after: 0,
        undo_window: 0,
        now: NOW,
    }
}

/// The device of an author: remembered by their first reply, recognised from then on.
pub fn device(author: i64) -> Device {
    let token = token::digest(&[b"author", &author.to_be_bytes()]);
    Device {
        token: Some(token.clone()),
        new_token: Some(token),
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
        network: network.to_vec().into(),
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

#[derive(diesel::QueryableByName)]
struct Named {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

#[derive(diesel::QueryableByName)]
struct Counted {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

/// Whether these words stand in any column of any table.
pub fn hold(db: &mut Db, words: &str) -> bool {
    use diesel::RunQueryDsl;
    let tables = if db.is_sqlite() {
        "SELECT m.name || ' AS t WHERE ' || group_concat('t.' || c.name || ' LIKE ''%WORDS%''', ' OR ') AS name \
         FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' GROUP BY m.name"
    } else {
        "SELECT table_name || ' AS t WHERE t::text LIKE ''%WORDS%''' AS name FROM information_schema.tables \
         WHERE table_schema = current_schema()"
    };
    let tables: Vec<Named> = diesel::sql_query(tables).load(db).unwrap();
    assert!(tables.len() > 10);
    tables.iter().any(|table| {
        let from = table.name.replace("WORDS", words);
        let found: Counted = diesel::sql_query(format!("SELECT count(*) AS n FROM {from}"))
            .get_result(db)
            .unwrap();
        found.n > 0
    })
}
