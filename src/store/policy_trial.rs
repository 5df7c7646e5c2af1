//! What the policy would do: to a text that somebody tries, and to comments that came in already.

use std::net::IpAddr;

use diesel::prelude::*;
use ipnet::IpNet;

use super::connection::Db;
use super::error::Result;
use super::policy_check::{Checker, Written};
use super::reasons;
use super::schema::{comment_networks, comments};
use super::search::Terms;
use crate::moderation::listed::{Action, EntryKind, ListEntry};
use crate::moderation::policy::{self, Standing};
use crate::moderation::{HoldMode, HoldReason, Status};
use crate::text::{self, SafeHtml};
use crate::time::Timestamp;

/// Comments that an entry is tried on: the last that came in.
pub const LAST: i64 = 1_000;
/// Of those that it would have matched, so many are named.
const NAMED: usize = 25;

/// A reply that is tried and not sent.
#[derive(Debug, Clone)]
pub struct Trial {
    pub name: String,
    pub email: String,
    pub website: String,
    pub body: String,
    pub address: Option<IpAddr>,
    pub standing: Standing,
}

/// What would become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Published,
    /// It waits for a moderator.
    Held(Vec<HoldReason>),
    Spam(Vec<HoldReason>),
    Refused(Vec<HoldReason>),
}

/// Says what would become of a reply now. What only sending it shows is left out: a sender on hold, names in its thread, and
/// how soon it came after another.
///
/// # Errors
/// Those of the engine.
pub fn of_reply(
    db: &mut Db,
    checker: &Checker,
    mode: HoldMode,
    trial: &Trial,
    now: Timestamp,
) -> Result<Outcome> {
    let settings = checker.policy().settings;
    let html = text::comment(&trial.body);
    let written = Written {
        name: trial.name.clone(),
        email: trial.email.clone(),
        website: trial.website.clone(),
        address: trial.address,
        ..Written::of_text(&html)
    };
    let mut found = checker.check(&written, now);
    if found.iter().any(HoldReason::is_refusal) {
        found.retain(HoldReason::is_refusal);
        return Ok(Outcome::Refused(found));
    }
    if settings.duplicates {
        let terms = Terms::of(&trial.name, &trial.body);
        found.extend(reasons::duplicate(db, &trial.body, terms.text_key, None)?);
    }
    let links = text::link_count(&trial.body);
    let mut reasons = policy::weigh(&settings, mode, trial.standing, found, links);
    let name_key = text::mimic_key(&trial.name);
    if let Some(name) = reasons::staff_named(db, &name_key)? {
        reasons.insert(0, HoldReason::StaffName { name });
    }
    Ok(match policy::first_status(&reasons) {
        Status::Spam => Outcome::Spam(reasons),
        Status::Approved => Outcome::Published,
        Status::Pending | Status::Rejected | Status::Withdrawn => Outcome::Held(reasons),
    })
}

/// What entries would have done to the last comments.
#[derive(Debug, Clone, Default)]
pub struct Hindsight {
    /// Comments that were looked at.
    pub looked_at: usize,
    /// Of them, those that would have been held, treated as spam, refused.
    pub held: usize,
    pub spam: usize,
    pub refused: usize,
    /// Of all of these, those that moderators published, and those that they rejected or called spam.
    pub published: usize,
    pub turned_down: usize,
    /// The newest of them.
    pub named: Vec<Match>,
    /// Networks are kept shortened for a while: nothing can be said of narrower ones.
    pub blind: bool,
}

impl Hindsight {
    /// How many would have been matched at all.
    pub fn matched(&self) -> usize {
        self.held + self.spam + self.refused
    }
}

/// A comment that entries would have matched.
#[derive(Debug, Clone)]
pub struct Match {
    pub id: i64,
    pub name: String,
    pub body_html: String,
    pub status: Status,
    /// By the strictest of the entries.
    pub reason: HoldReason,
}

/// Looks at the last [`LAST`] comments of readers. Texts that are gone match nothing.
///
/// # Errors
/// Those of the engine.
pub fn in_hindsight(db: &mut Db, new: Vec<ListEntry>, now: Timestamp) -> Result<Hindsight> {
    type Row = (i64, String, String, String, String, Status, Option<String>);
    let rows: Vec<Row> = comments::table
        .left_join(comment_networks::table.on(comment_networks::comment_id.eq(comments::id)))
        .filter(comments::staff.eq(0))
        .order(comments::id.desc())
        .limit(LAST)
        .select((
            comments::id,
            comments::name,
            comments::email,
            comments::website,
            comments::body_html,
            comments::status,
            comment_networks::shortened.nullable(),
        ))
        .load(db)?;
    let mut hindsight = Hindsight {
        looked_at: rows.len(),
        blind: new.iter().any(is_narrow),
        ..Hindsight::default()
    };
    let told = new.into_iter().filter(|entry| !is_narrow(entry)).collect();
    let checker = Checker::new(super::policy::InForce::default(), told);
    for (id, name, email, website, body_html, status, network) in rows {
        let html = SafeHtml::stored(body_html);
        let network = network.and_then(|network| network.parse::<IpNet>().ok());
        let written = Written {
            name: name.clone(),
            email,
            website,
            address: network.map(|network| network.network()),
            ..Written::of_text(&html)
        };
        let Some(reason) = checker.check(&written, now).into_iter().next() else {
            continue;
        };
        match &reason {
            HoldReason::Listed { action, .. } if *action == Action::Refuse => {
                hindsight.refused += 1;
            }
            HoldReason::Listed { action, .. } if *action == Action::Spam => hindsight.spam += 1,
            _ => hindsight.held += 1,
        }
        match status {
            Status::Approved => hindsight.published += 1,
            Status::Rejected | Status::Spam => hindsight.turned_down += 1,
            Status::Pending | Status::Withdrawn => {}
        }
        if hindsight.named.len() < NAMED {
            hindsight.named.push(Match {
                id,
                name,
                body_html: html.into_string(),
                status,
                reason,
            });
        }
    }
    Ok(hindsight)
}

/// Whether an entry is a network narrower than those that are kept.
fn is_narrow(entry: &ListEntry) -> bool {
    let network = entry.pattern.parse::<IpNet>();
    entry.kind == EntryKind::Network
        && network.is_ok_and(|network| match network {
            IpNet::V4(network) => network.prefix_len() > 24,
            IpNet::V6(network) => network.prefix_len() > 48,
        })
}
