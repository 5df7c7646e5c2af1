//! Decisions: one compare-and-set per comment, append-only history, effects that wait. Each is about the comment's status, or
//! about an edit of it, reports on it, its author's appeal; all of them turn the comment's version, and all can be undone.

use diesel::prelude::*;

use super::audit::{self, Actor, Entry};
use super::connection::Db;
use super::error::Result;
use super::outbox::{self, Effect};
use super::schema::decisions;
use super::turn::{Change, NewDecision, Subject, record, subject, turn};
use super::{appeals, claims, moderators, publication, reports, revisions, rules};
use crate::moderation::{
    About, AppealStatus, Decision, Ground, Notice, ReportStatus, RevisionStatus, Status,
};
use crate::time::Timestamp;

/// A moderator's verdict on a comment as that moderator saw it.
#[derive(Debug, Clone)]
pub struct Verdict {
    pub comment: i64,
    /// The version that the form carried.
    pub version: i64,
    pub decision: Decision,
    /// The number of the house rule, for a rejection.
    pub rule: Option<i16>,
    /// To the author, or to those who reported; may be empty.
    pub note: String,
    /// The waiting revision that the form showed, if it showed one.
    pub revision: Option<i64>,
    /// The open appeal that the form showed.
    pub appeal: Option<i64>,
    pub moderator: i64,
    pub now: Timestamp,
    /// Milliseconds until the author may hear of it.
    pub undo_window: i64,
    /// The bulk that it is part of.
    pub bulk: Option<i64>,
}

/// What became of a verdict or of an undo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// Made now; or made before by the same moderator, who sent it twice.
    Done(Done),
    /// Somebody else was quicker: nothing was changed.
    Conflict {
        comment: i64,
    },
    NoComment,
    /// A rejection needs a house rule in force.
    NoRule,
}

/// A decision that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub decision: i64,
    pub comment: i64,
    pub article: i64,
    pub to: Status,
    pub about: About,
    /// Of a revision or an appeal: its status.
    pub outcome: Option<i16>,
    /// The author's name on the comment.
    pub name: String,
}

/// What a verdict amounts to, given how the comment stands.
#[derive(Debug, PartialEq, Eq)]
struct Plan {
    to: Status,
    about: About,
    outcome: Option<i16>,
    revision: Option<i64>,
    appeal: Option<i64>,
}

/// `None` when the verdict cannot be made on the comment as it stands.
fn plan(db: &mut Db, subject: &Subject, verdict: &Verdict) -> Result<Option<Plan>> {
    let of = |about, to, outcome| Plan {
        to,
        about,
        outcome,
        revision: None,
        appeal: None,
    };
    if let (Some(revision), Decision::Approve | Decision::Reject) =
        (verdict.revision, verdict.decision)
    {
        let waits = subject.status.is_public() && subject.revision_id == Some(revision);
        let outcome = match verdict.decision {
            Decision::Approve => RevisionStatus::Accepted,
            _ => RevisionStatus::Refused,
        };
        return Ok(waits.then(|| Plan {
            revision: Some(revision),
            ..of(About::Revision, subject.status, Some(outcome.code()))
        }));
    }
    let appeal = appeals::open(db, subject.id)?;
    if verdict.decision == Decision::Keep {
        return Ok(match (verdict.appeal, appeal) {
            (Some(seen), Some(open)) if seen == open.id => {
                let own = open.moderator == Some(verdict.moderator);
                let another = own && moderators::has_others(db, verdict.moderator)?;
                (!another).then(|| Plan {
                    appeal: Some(open.id),
                    ..of(
                        About::Appeal,
                        subject.status,
                        Some(AppealStatus::Upheld.code()),
                    )
                })
            }
            (None, _) if subject.open_reports > 0 => Some(of(About::Reports, subject.status, None)),
            _ => None,
        });
    }
    let to = match (subject.status.after(verdict.decision), &appeal) {
        (Some(to), _) => to,
        // Public again by other means: the appeal is granted, and nothing else changes.
        (None, Some(_)) if verdict.decision == Decision::Approve && subject.status.is_public() => {
            subject.status
        }
        (None, _) => return Ok(None),
    };
    Ok(Some(match appeal {
        Some(open) if to.is_public() => Plan {
            appeal: Some(open.id),
            ..of(About::Appeal, to, Some(AppealStatus::Reversed.code()))
        },
        _ => of(About::Status, to, None),
    }))
}

/// Makes a decision.
///
/// # Errors
/// Those of the engine.
pub fn decide(db: &mut Db, verdict: &Verdict) -> Result<Decided> {
    let Some(subject) = subject(db, verdict.comment)? else {
        return Ok(Decided::NoComment);
    };
    let conflict = Decided::Conflict {
        comment: subject.id,
    };
    if subject.version != verdict.version {
        return repeated(db, subject, verdict);
    }
    let Some(plan) = plan(db, &subject, verdict)? else {
        return Ok(conflict);
    };
    let rule = match (verdict.decision, verdict.rule) {
        (Decision::Reject, Some(number)) => match rules::numbered(db, number)? {
            Some(rule) => Some(rule),
            None => return Ok(Decided::NoRule),
        },
        (Decision::Reject, None) => return Ok(Decided::NoRule),
        _ => None,
    };
    let ground = match verdict.decision {
        Decision::Approve | Decision::Keep => None,
        Decision::Reject => rule.as_ref().map(|rule| rule.ground().code()),
        Decision::Spam => Some(Ground::Spam.code()),
    };
    let rule_id = rule.as_ref().map(|rule| rule.id);
    let change = if plan.to == subject.status {
        Change::nothing(&subject)
    } else {
        Change {
            to: plan.to,
            ground,
            rule: rule_id,
            decided_at: Some(verdict.now),
        }
    };
    if !turn(db, &subject, &change, verdict.now)? {
        return Ok(conflict);
    }
    let decision = record(
        db,
        &subject,
        &NewDecision {
            to: plan.to,
            ground,
            rule: rule_id,
            moderator: verdict.moderator,
            note: &verdict.note,
            undoes: None,
            about: plan.about,
            outcome: plan.outcome,
            revision: plan.revision,
            appeal: plan.appeal,
            bulk: verdict.bulk,
        },
        verdict.now,
    )?;
    follow(db, &subject, &plan, decision, verdict)?;
    claims::end(db, subject.id)?;
    let entry = Entry {
        comment: Some(subject.id),
        article: Some(subject.article_id),
        decision: Some(decision),
        facts: serde_json::json!({
            "from": subject.status.word(),
            "rule": rule.map(|rule| rule.number),
            "bulk": verdict.bulk,
        }),
        text: &verdict.note,
        ..Entry::new(Actor::Moderator(verdict.moderator), act(&plan))
    };
    audit::append(db, &entry, verdict.now)?;
    Ok(done(decision, subject, plan.to, plan.about, plan.outcome))
}

/// The word of the audit log.
fn act(plan: &Plan) -> &'static str {
    let is = |code: i16| plan.outcome == Some(code);
    match plan.about {
        About::Status => plan.to.word(),
        About::Revision if is(RevisionStatus::Accepted.code()) => "revision-accepted",
        About::Revision => "revision-refused",
        About::Reports => "reports-kept",
        About::Appeal if is(AppealStatus::Reversed.code()) => "appeal-reversed",
        About::Appeal => "appeal-upheld",
    }
}

/// What a decision brings with it: the text of a revision, the end of an appeal, the answer to reports, and what its author
/// hears, and when.
fn follow(
    db: &mut Db,
    subject: &Subject,
    plan: &Plan,
    decision: i64,
    verdict: &Verdict,
) -> Result<()> {
    let now = verdict.now;
    let mut waits = subject.status != plan.to && !plan.to.is_public();
    if let Some(revision) = plan.revision {
        if plan.outcome == Some(RevisionStatus::Accepted.code()) {
            revisions::accept(db, revision, subject.id, now)?;
            publication::touch(db, subject.article_id)?;
        } else {
            revisions::refuse(db, revision, subject.id, now)?;
            waits = true;
        }
    }
    if let Some(appeal) = plan.appeal {
        let reversed = plan.to.is_public();
        appeals::decide(db, appeal, reversed, now)?;
        waits |= !reversed;
    }
    if plan.about == About::Reports {
        reports::resolve(db, subject.id, decision, ReportStatus::Kept, now)?;
    } else if subject.status.is_public() && !plan.to.is_public() {
        reports::resolve(db, subject.id, decision, ReportStatus::Removed, now)?;
    }
    let due = now.plus(verdict.undo_window);
    if waits {
        outbox::post(db, Effect::Receipt, decision, subject.id, due)?;
    }
    if subject.status != plan.to {
        outbox::replace(db, subject.id, now)?;
    }
    if Notice::of(plan.about, plan.to, plan.outcome).is_some() {
        outbox::post(db, Effect::Notice, decision, subject.id, due)?;
    }
    Ok(())
}

pub(super) fn done(
    decision: i64,
    subject: Subject,
    to: Status,
    about: About,
    outcome: Option<i16>,
) -> Decided {
    Decided::Done(Done {
        decision,
        comment: subject.id,
        article: subject.article_id,
        to,
        about,
        outcome,
        name: subject.name,
    })
}

/// A stale form: "done" to a moderator who sent the same decision twice, a conflict to everybody else.
fn repeated(db: &mut Db, subject: Subject, verdict: &Verdict) -> Result<Decided> {
    type Mine = (i64, Status, About, Option<i16>, Option<i64>, String);
    let mine: Option<Mine> = decisions::table
        .filter(decisions::comment_id.eq(subject.id))
        .filter(decisions::comment_version.eq(subject.version))
        .filter(decisions::moderator_id.eq(verdict.moderator))
        .filter(decisions::undoes.is_null())
        .select((
            decisions::id,
            decisions::to_status,
            decisions::about,
            decisions::outcome,
            decisions::rule_id,
            decisions::note,
        ))
        .first(db)
        .optional()?;
    // Under another rule, or in other words, it is not the same decision.
    let rule = match verdict.rule {
        Some(number) => rules::numbered(db, number)?.map(|rule| rule.id),
        None => None,
    };
    Ok(match mine {
        Some((decision, to, about, outcome, by_rule, note))
            if subject.version == verdict.version + 1
                && asked_for(verdict, to, about, outcome)
                && (by_rule, note.as_str()) == (rule, verdict.note.as_str()) =>
        {
            done(decision, subject, to, about, outcome)
        }
        _ => Decided::Conflict {
            comment: subject.id,
        },
    })
}

/// Whether a decision is what this verdict asks for.
fn asked_for(verdict: &Verdict, to: Status, about: About, outcome: Option<i16>) -> bool {
    match (verdict.decision, about) {
        (Decision::Keep, about) => {
            about == About::Reports && verdict.appeal.is_none()
                || about == About::Appeal && outcome == Some(AppealStatus::Upheld.code())
        }
        (Decision::Approve, About::Revision) => outcome == Some(RevisionStatus::Accepted.code()),
        (Decision::Reject, About::Revision) => outcome == Some(RevisionStatus::Refused.code()),
        (wanted, About::Status) => Decision::towards(to) == Some(wanted),
        (wanted, About::Appeal) => {
            outcome == Some(AppealStatus::Reversed.code()) && wanted == Decision::Approve
        }
        _ => false,
    }
}
