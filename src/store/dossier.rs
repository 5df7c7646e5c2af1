//! Everything held about a person, as JSON, for whoever asks what there is about them.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::connection::Db;
use super::error::Result;
use super::person::{self, Person};
use super::rules::Rule;
use super::schema::{
    appeals, articles, author_devices, author_holds, authors, comment_networks, comments,
    decisions, reports, revisions, rules, staff_notes,
};
use crate::moderation::{About, AppealStatus, Ground, ReportStatus, RevisionStatus, Status};
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
        "reports": sent(db, person)?,
        "authors": recognised(db, person)?,
        "holds": holds(db, person)?,
        "notes": notes(db, person)?,
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

/// Reports that they sent.
fn sent(db: &mut Db, person: &Person) -> Result<Vec<Value>> {
    type Row = (
        (i64, i64, String, i16),
        Option<Rule>,
        (String, String, String),
        (bool, bool),
        (Timestamp, ReportStatus, Option<Timestamp>),
    );
    let rows: Vec<Row> = reports::table
        .left_join(rules::table.on(reports::rule_id.eq(rules::id.nullable())))
        .filter(reports::id.eq_any(person.reports.clone()))
        .order(reports::id.asc())
        .select((
            (
                reports::id,
                reports::comment_id,
                reports::receipt,
                reports::ground,
            ),
            Option::<Rule>::as_select(),
            (
                reports::explanation,
                reports::contact_name,
                reports::contact_email,
            ),
            (reports::child_abuse, reports::good_faith),
            (reports::created_at, reports::status, reports::decided_at),
        ))
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(|(about, rule, said, ticked, times)| {
            let (id, comment, receipt, ground) = about;
            json!({
                "id": id,
                "comment": comment,
                "receipt": receipt,
                "ground": ground_word(Some(ground), rule.as_ref()),
                "rule": rule_words(rule.as_ref()),
                "explanation": said.0,
                "name": said.1,
                "email": said.2,
                "child_abuse": ticked.0,
                "good_faith": ticked.1,
                "created_at": at(times.0),
                "status": match times.1 {
                    ReportStatus::Open => "open",
                    ReportStatus::Removed => "removed",
                    ReportStatus::Kept => "kept",
                    ReportStatus::Withdrawn => "withdrawn",
                },
                "decided_at": maybe(times.2),
            })
        })
        .collect())
}

/// Who they are recognised as, and on how many devices.
fn recognised(db: &mut Db, person: &Person) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    for author in &person.authors {
        let devices: Vec<(Timestamp, Timestamp)> = author_devices::table
            .filter(author_devices::author_id.eq(author))
            .order(author_devices::created_at.asc())
            .select((author_devices::created_at, author_devices::seen_at))
            .load(db)?;
        let row: Option<(Timestamp, i64, i64, i64, Option<Timestamp>)> = authors::table
            .find(author)
            .select((
                authors::created_at,
                authors::approved_count,
                authors::rejected_count,
                authors::spam_count,
                authors::trusted_at,
            ))
            .first(db)
            .optional()?;
        let Some((first_seen, approved, rejected, spam, trusted_at)) = row else {
            continue;
        };
        let device = |(since, seen): (Timestamp, Timestamp)| json!({ "remembered_since": at(since), "last_used": at(seen) });
        all.push(json!({
            "id": author,
            "first_seen": at(first_seen),
            "approved": approved,
            "rejected": rejected,
            "spam": spam,
            "trusted_since": maybe(trusted_at),
            "device_count": devices.len(),
            "devices": devices.into_iter().map(device).collect::<Vec<_>>(),
        }));
    }
    Ok(all)
}

fn holds(db: &mut Db, person: &Person) -> Result<Vec<Value>> {
    let ids = person::holds(db, person)?;
    type Row = (
        i64,
        String,
        Option<Vec<u8>>,
        String,
        Timestamp,
        Timestamp,
        Option<Timestamp>,
    );
    let rows: Vec<Row> = author_holds::table
        .filter(author_holds::id.eq_any(ids))
        .order(author_holds::id.asc())
        .select((
            author_holds::comment_id,
            author_holds::email_key,
            author_holds::network,
            author_holds::reason,
            author_holds::created_at,
            author_holds::until,
            author_holds::ended_at,
        ))
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(|(comment, email, network, reason, made, until, ended)| {
            json!({
                "comment": comment,
                "email": email,
                "matches_network": network.is_some(),
                "reason": reason,
                "created_at": at(made),
                "until": at(until),
                "ended_at": maybe(ended),
            })
        })
        .collect())
}

fn notes(db: &mut Db, person: &Person) -> Result<Vec<Value>> {
    let ids = person::notes(db, person)?;
    let rows: Vec<(Option<i64>, Timestamp, String)> = staff_notes::table
        .filter(staff_notes::id.eq_any(ids))
        .order(staff_notes::id.asc())
        .select((staff_notes::comment_id, staff_notes::at, staff_notes::text))
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(
            |(comment, moment, text)| json!({ "comment": comment, "at": at(moment), "text": text }),
        )
        .collect())
}
