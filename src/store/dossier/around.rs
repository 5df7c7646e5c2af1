//! What is held about a person beside their comments: reports that they sent, who they are recognised as, holds, notes.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::{at, ground_word, maybe, rule_words};
use crate::moderation::ReportStatus;
use crate::store::connection::Db;
use crate::store::error::Result;
use crate::store::person::{self, Person};
use crate::store::rules::Rule;
use crate::store::schema::{author_devices, author_holds, authors, reports, rules, staff_notes};
use crate::time::Timestamp;

/// Reports that they sent.
pub(super) fn sent(db: &mut Db, person: &Person) -> Result<Vec<Value>> {
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
pub(super) fn recognised(db: &mut Db, person: &Person) -> Result<Vec<Value>> {
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

pub(super) fn holds(db: &mut Db, person: &Person) -> Result<Vec<Value>> {
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

pub(super) fn notes(db: &mut Db, person: &Person) -> Result<Vec<Value>> {
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
