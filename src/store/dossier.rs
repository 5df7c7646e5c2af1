//! Everything held about a person, as JSON, for whoever asks what there is about them.

mod around;

use diesel::prelude::*;
use serde_json::{Value, json};

use super::connection::Db;
use super::error::Result;
use super::person::Person;
use super::rules::Rule;
use super::schema::{
    appeals, articles, comment_networks, comments, decisions, reports, revisions, rules,
};
use crate::moderation::{About, AppealStatus, Ground, RevisionStatus, Status};
use crate::time::{Timestamp, Zone};

/// Writes down everything about a person. Who of the desk did what is not among it.
///
/// # Errors
/// Those of the engine.
pub fn of(db: &mut Db, person: &Person, now: Timestamp) -> Result<Value> {
    let mut said = Vec::new();
    for id in &person.comments {
        said.extend(comment(db, *id)?);
    }
    Ok(json!({
        "exported_at": at(now),
        "comments": said,
        "reports": around::sent(db, person)?,
        "authors": around::recognised(db, person)?,
        "holds": around::holds(db, person)?,
        "notes": around::notes(db, person)?,
    }))
}

fn at(moment: Timestamp) -> String {
    Zone::utc().iso(moment)
}

fn maybe(moment: Option<Timestamp>) -> Option<String> {
    moment.map(at)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = comments)]
struct Said {
    parent_id: Option<i64>,
    status: Status,
    name: String,
    email: String,
    website: String,
    body: String,
    receipt: String,
    network: Option<Vec<u8>>,
    hold: String,
    created_at: Timestamp,
    published_at: Option<Timestamp>,
    edited_at: Option<Timestamp>,
    purged_at: Option<Timestamp>,
    author_id: Option<i64>,
}

fn comment(db: &mut Db, id: i64) -> Result<Option<Value>> {
    let found: Option<(Said, String, String, Option<String>)> = comments::table
        .inner_join(articles::table)
        .left_join(comment_networks::table.on(comment_networks::comment_id.eq(comments::id)))
        .filter(comments::id.eq(id))
        .select((
            Said::as_select(),
            articles::slug,
            articles::title,
            comment_networks::shortened.nullable(),
        ))
        .first(db)
        .optional()?;
    let Some((said, slug, title, shortened)) = found else {
        return Ok(None);
    };
    let reported: i64 = reports::table
        .filter(reports::comment_id.eq(id))
        .count()
        .get_result(db)?;
    Ok(Some(json!({
        "id": id,
        "article": { "slug": slug, "title": title },
        "parent": said.parent_id,
        "author": said.author_id,
        "status": said.status.word(),
        "name": said.name,
        "email": said.email,
        "website": said.website,
        "text": said.body,
        "receipt": said.receipt,
        "network": shortened,
        "network_kept": said.network.is_some(),
        "held_because": reasons(&said.hold),
        "created_at": at(said.created_at),
        "published_at": maybe(said.published_at),
        "edited_at": maybe(said.edited_at),
        "let_go_at": maybe(said.purged_at),
        "edits": edits(db, id)?,
        "decisions": decided(db, id)?,
        "appeal": appeal(db, id)?,
        "reports_received": reported,
    })))
}

/// Hold reasons as they are stored. A moderator's name in them is not the person's to know.
fn reasons(stored: &str) -> Value {
    let mut all: Value = serde_json::from_str(stored).unwrap_or(Value::Null);
    for reason in all.as_array_mut().into_iter().flatten() {
        let by_moderator = reason.get("why").is_some_and(|why| why == "author-hold");
        if by_moderator && let Some(fields) = reason.as_object_mut() {
            fields.remove("name");
        }
    }
    all
}

fn edits(db: &mut Db, comment: i64) -> Result<Vec<Value>> {
    type Row = (
        RevisionStatus,
        String,
        String,
        Timestamp,
        Option<Timestamp>,
        String,
    );
    let rows: Vec<Row> = revisions::table
        .filter(revisions::comment_id.eq(comment))
        .order(revisions::id.asc())
        .select((
            revisions::status,
            revisions::body,
            revisions::previous_body,
            revisions::created_at,
            revisions::decided_at,
            revisions::hold,
        ))
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(|(status, body, before, created_at, decided_at, hold)| {
            json!({
                "status": match status {
                    RevisionStatus::Waiting => "waiting",
                    RevisionStatus::Accepted => "accepted",
                    RevisionStatus::Refused => "refused",
                },
                "text": body,
                "text_before": before,
                "created_at": at(created_at),
                "decided_at": maybe(decided_at),
                "held_because": reasons(&hold),
            })
        })
        .collect())
}

fn decided(db: &mut Db, comment: i64) -> Result<Vec<Value>> {
    type Row = (
        Timestamp,
        Status,
        Status,
        About,
        Option<i16>,
        Option<Rule>,
        String,
        Option<i64>,
        Option<i64>,
    );
    let rows: Vec<Row> = decisions::table
        .left_join(rules::table.on(decisions::rule_id.eq(rules::id.nullable())))
        .filter(decisions::comment_id.eq(comment))
        .order(decisions::id.asc())
        .select((
            decisions::at,
            decisions::from_status,
            decisions::to_status,
            decisions::about,
            decisions::ground,
            Option::<Rule>::as_select(),
            decisions::note,
            decisions::undoes,
            decisions::moderator_id,
        ))
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(
            |(moment, from, to, about, ground, rule, note, undoes, by)| {
                json!({
                    "at": at(moment),
                    "by": if by.is_some() { "moderator" } else { "software" },
                    "about": match about {
                        About::Status => "status",
                        About::Revision => "edit",
                        About::Reports => "reports",
                        About::Appeal => "appeal",
                    },
                    "from": from.word(),
                    "to": to.word(),
                    "ground": ground_word(ground, rule.as_ref()),
                    "rule": rule_words(rule.as_ref()),
                    "note": note,
                    "takes_back_another": undoes.is_some(),
                })
            },
        )
        .collect())
}

fn ground_word(code: Option<i16>, rule: Option<&Rule>) -> Option<String> {
    let ground = Ground::from_code(code?, rule.map(|rule| rule.number))?;
    Some(match ground {
        Ground::Rule(number) => format!("rule {number}"),
        Ground::Illegal(_) => "illegal".to_owned(),
        Ground::Spam => "spam".to_owned(),
    })
}

fn rule_words(rule: Option<&Rule>) -> Value {
    rule.map_or(
        Value::Null,
        |rule| json!({ "number": rule.number, "title": rule.title, "text": rule.text }),
    )
}

fn appeal(db: &mut Db, comment: i64) -> Result<Value> {
    let found: Option<(AppealStatus, String, Timestamp, Option<Timestamp>)> = appeals::table
        .filter(appeals::comment_id.eq(comment))
        .select((
            appeals::status,
            appeals::text,
            appeals::created_at,
            appeals::decided_at,
        ))
        .first(db)
        .optional()?;
    Ok(
        found.map_or(Value::Null, |(status, text, created_at, decided_at)| {
            json!({
                "status": match status {
                    AppealStatus::Open => "open",
                    AppealStatus::Reversed => "reversed",
                    AppealStatus::Upheld => "upheld",
                },
                "text": text,
                "created_at": at(created_at),
                "decided_at": maybe(decided_at),
            })
        }),
    )
}
