//! What is known about a comment and its author, in words.

use super::Phrases;
use super::dates::Dates;
use crate::moderation::hold::MatchedBy;
use crate::moderation::listed::{Action, FoundIn};
use crate::moderation::{HoldReason, Role, Status};
use crate::store::authors::Acquaintance;
use crate::store::claims::Claim;
use crate::store::notes::Note;
use crate::store::token::hex;
use crate::time::Timestamp;

/// Hexadecimal digits by which people tell networks apart.
const CODE: usize = 4;

/// One outcome in an author's strip: a rejected one is shorter as well as red, one that waits is an outline.
pub(super) struct Mark {
    pub class: &'static str,
    pub x: String,
    pub y: &'static str,
    pub height: &'static str,
}

/// The strip of an author's latest outcomes.
pub(super) struct Strip {
    pub marks: Vec<Mark>,
    pub width: usize,
    /// The same in words.
    pub words: String,
}

impl Strip {
    /// `None` without outcomes.
    pub fn of(phrases: &Phrases, outcomes: &[Status]) -> Option<Self> {
        if outcomes.is_empty() {
            return None;
        }
        let mark = |(at, status): (usize, &Status)| {
            let (class, y, height) = match status {
                Status::Approved => ("", "0.5", "9"),
                Status::Rejected | Status::Spam => ("x", "4.5", "5"),
                Status::Pending | Status::Withdrawn => ("p", "0.5", "9"),
            };
            Mark {
                class,
                x: format!("{}.5", at * 8),
                y,
                height,
            }
        };
        let words: Vec<String> = outcomes
            .iter()
            .map(|status| match status {
                Status::Approved => phrases.say("outcome-approved"),
                Status::Rejected => phrases.say("outcome-rejected"),
                Status::Spam => phrases.say("outcome-spam"),
                Status::Pending => phrases.say("outcome-pending"),
                Status::Withdrawn => phrases.say("outcome-withdrawn"),
            })
            .collect();
        let words = words.join(", ");
        Some(Self {
            marks: outcomes.iter().enumerate().map(mark).collect(),
            width: outcomes.len() * 8,
            words: phrases.say_with("outcomes", &[("outcomes", &words)]),
        })
    }
}

/// Who is looking at a comment.
pub(super) struct ClaimLine {
    pub words: String,
    pub mine: bool,
}

impl ClaimLine {
    pub fn of(phrases: &Phrases, dates: &Dates<'_>, claim: &Claim, reader: i64) -> Self {
        let mine = claim.moderator == reader;
        let since = dates.clock(claim.since);
        Self {
            words: match mine {
                true => phrases.say_with("claimed-by-you", &[("since", &since)]),
                false => {
                    let said = [("name", claim.name.as_str()), ("since", &since)];
                    phrases.say_with("claimed-by", &said)
                }
            },
            mine,
        }
    }
}

/// A colleague's note.
pub(super) struct NoteLine<'a> {
    pub text: &'a str,
    /// "Tomasz, 9 April 2026"
    pub by: String,
}

impl<'a> NoteLine<'a> {
    pub fn of(phrases: &Phrases, dates: &Dates<'_>, note: &'a Note) -> Self {
        let day = dates.day(note.at).text;
        let said = [("name", note.name.as_str()), ("day", &day)];
        Self {
            text: &note.text,
            by: phrases.say_with("note-by", &said),
        }
    }
}

/// What people tell a network by: the start of its keyed hash.
pub(super) fn network_code(network: &[u8]) -> String {
    hex(network).chars().take(CODE).collect()
}

/// What moderators see of a network: a part of its address as long as that is kept, and what tells it from its neighbours.
pub(super) fn network(phrases: &Phrases, network: &[u8], shortened: &str) -> String {
    let code = network_code(network);
    match shortened {
        "" => code,
        shortened => phrases.say_with(
            "privacy-network",
            &[("shortened", shortened), ("code", &code)],
        ),
    }
}

/// What stands in the place of a text that was let go; empty while it is there.
pub(super) fn let_go(phrases: &Phrases, dates: &Dates<'_>, at: Option<Timestamp>) -> String {
    at.map_or_else(String::new, |at| {
        phrases.say_with("privacy-text-gone", &[("day", &dates.day(at).text)])
    })
}

/// An e-mail by which its owner is known to those who know it, and to nobody else; empty for those who may not see it.
pub(super) fn masked_email(email: &str, reader: Role) -> String {
    match (email.split_once('@'), reader) {
        (Some((local, domain)), Role::Admin) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}•••@{domain}")
        }
        _ => String::new(),
    }
}

pub(super) fn reason(
    phrases: &Phrases,
    dates: &Dates<'_>,
    why: &HoldReason,
    reader: Role,
) -> String {
    match why {
        HoldReason::EveryReply => phrases.say("hold-every-reply"),
        HoldReason::FirstReply => phrases.say("hold-first-reply"),
        HoldReason::Links { count, limit } => {
            let limit = phrases.number(i64::from(*limit));
            phrases.count_with("hold-links", i64::from(*count), &[("limit", &limit)])
        }
        HoldReason::HiddenField => phrases.say("hold-hidden-field"),
        HoldReason::ThreadName => phrases.say("hold-thread-name"),
        HoldReason::AuthorHold {
            name,
            until,
            reason,
            by,
        } => {
            let by = match by {
                MatchedBy::Device => phrases.say("held-by-device"),
                MatchedBy::Email => phrases.say("held-by-email"),
                MatchedBy::Network => phrases.say("held-by-network"),
            };
            let day = dates.day(Timestamp(*until)).text;
            let said = [
                ("name", name.as_str()),
                ("day", &day),
                ("by", &by),
                ("reason", reason),
            ];
            phrases.say_with("hold-author", &said)
        }
        HoldReason::StaffName { name } => phrases.say_with("hold-staff-name", &[("name", name)]),
        HoldReason::Listed {
            pattern,
            matched,
            at,
            action,
            ..
        } => listed(phrases, (pattern, matched), *at, *action, reader),
        HoldReason::DuplicateText { times } => phrases.count("hold-duplicate", i64::from(*times)),
        HoldReason::TooFast { seconds, limit } => {
            let limit = phrases.number(i64::from(*limit));
            phrases.count_with("hold-fast", i64::from(*seconds), &[("limit", &limit)])
        }
        HoldReason::NewAuthorLink => phrases.say("hold-new-author-link"),
    }
}

/// An entry of the lists and what of the comment matched it.
fn listed(
    phrases: &Phrases,
    (pattern, matched): (&str, &str),
    at: FoundIn,
    action: Action,
    reader: Role,
) -> String {
    let said = [("entry", pattern), ("what", matched)];
    let found = match at {
        FoundIn::Text => phrases.say_with("hold-listed-text", &said),
        FoundIn::Name => phrases.say_with("hold-listed-name", &said),
        FoundIn::Website => phrases.say_with("hold-listed-website", &said),
        FoundIn::Link => phrases.say_with("hold-listed-link", &said),
        FoundIn::Network => phrases.say("hold-listed-network"),
        FoundIn::Email if reader == Role::Admin => phrases.say_with("hold-listed-email", &said),
        FoundIn::Email => phrases.say("hold-listed-some-email"),
    };
    match action {
        Action::Hold => found,
        Action::Spam => phrases.say_with("hold-listed-spam", &[("found", &found)]),
        Action::Refuse => phrases.say_with("hold-listed-refuse", &[("found", &found)]),
    }
}

pub(super) fn author(phrases: &Phrases, dates: &Dates<'_>, known: Option<Acquaintance>) -> String {
    match known {
        Some(Acquaintance::Recognised(record)) => {
            let approved = phrases.count("author-approved", record.approved);
            let rejected = phrases.count("author-rejected", record.rejected);
            let day = dates.day(record.first_seen).text;
            let said = [
                ("approved", approved.as_str()),
                ("rejected", rejected.as_str()),
                ("day", day.as_str()),
            ];
            phrases.count_with("author-record", record.spam, &said)
        }
        Some(Acquaintance::SameEmail { approved }) => phrases.count("author-same-email", approved),
        Some(Acquaintance::None) => phrases.say("author-new"),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests;
