//! What the database holds of a history.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use rejoinder::moderation::{About, AppealStatus, Status};
use rejoinder::store::Db;
use rejoinder::store::bulks::Bulk;
use rejoinder::store::schema::{
    appeals, articles, audit_entries, bulks, comments, decisions, reports, revisions,
};

use super::people::ARTICLES;

#[derive(Queryable, Selectable)]
#[diesel(table_name = comments)]
pub struct Comment {
    pub id: i64,
    pub article_id: i64,
    pub parent_id: Option<i64>,
    pub status: Status,
    pub name: String,
    pub body: String,
    pub receipt: String,
    pub decided_at: Option<i64>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = decisions)]
pub struct Made {
    pub id: i64,
    pub comment_id: i64,
    pub moderator_id: Option<i64>,
    pub from_status: Status,
    pub to_status: Status,
    pub undoes: Option<i64>,
    pub comment_version: i64,
    pub about: About,
    pub outcome: Option<i16>,
    pub revision_id: Option<i64>,
    pub appeal_id: Option<i64>,
    pub bulk_id: Option<i64>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = reports)]
pub struct Report {
    pub comment_id: i64,
    pub receipt: String,
    pub explanation: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = appeals)]
pub struct Appeal {
    pub id: i64,
    pub comment_id: i64,
    pub decision_id: i64,
    pub status: AppealStatus,
    pub text: String,
    pub decided_at: Option<i64>,
}

/// Act, article, comment, decision.
pub type Logged = (String, Option<i64>, Option<i64>, Option<i64>);

pub struct Rows {
    pub comments: Vec<Comment>,
    /// Each comment's in the order in which they were made.
    pub decisions: Vec<Made>,
    pub revisions: Vec<(i64, String)>,
    pub reports: Vec<Report>,
    pub appeals: Vec<Appeal>,
    pub bulks: Vec<Bulk>,
    pub open: BTreeMap<i64, bool>,
    pub log: Vec<Logged>,
}

impl Rows {
    /// Of the articles of the newsroom; what stands under others is others' business.
    pub fn read(db: &mut Db) -> Self {
        let last = i64::try_from(ARTICLES).unwrap();
        let open: Vec<(i64, bool)> = articles::table
            .filter(articles::id.le(last))
            .select((articles::id, articles::comments_open))
            .load(db)
            .unwrap();
        Self {
            comments: comments::table
                .filter(comments::article_id.le(last))
                .order(comments::id)
                .select(Comment::as_select())
                .load(db)
                .unwrap(),
            decisions: decisions::table
                .order((decisions::comment_id, decisions::comment_version))
                .select(Made::as_select())
                .load(db)
                .unwrap(),
            revisions: revisions::table
                .filter(revisions::body.ne(""))
                .select((revisions::comment_id, revisions::body))
                .load(db)
                .unwrap(),
            reports: reports::table.select(Report::as_select()).load(db).unwrap(),
            appeals: appeals::table.select(Appeal::as_select()).load(db).unwrap(),
            bulks: bulks::table.select(Bulk::as_select()).load(db).unwrap(),
            open: open.into_iter().collect(),
            log: audit_entries::table
                .select((
                    audit_entries::act,
                    audit_entries::article_id,
                    audit_entries::comment_id,
                    audit_entries::decision_id,
                ))
                .load(db)
                .unwrap(),
        }
    }

    /// How often the log says of each comment that it was published without a decision.
    pub fn published_at_once(&self) -> HashMap<i64, usize> {
        let mut found = HashMap::new();
        for (act, _, comment, decision) in &self.log {
            if let ("approved", Some(comment), None) = (act.as_str(), comment, decision) {
                *found.entry(*comment).or_default() += 1;
            }
        }
        found
    }
}
