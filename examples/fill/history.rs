//! What was done to the comments: decisions with what they send, appeals, the lines of the audit log; all in the order of time.

use rejoinder::moderation::Status;
use rejoinder::store::rules::Rule;
use rejoinder::store::token;
use rejoinder::time::{DAY, HOUR, SECOND, Timestamp};
use serde_json::json;

use super::Plan;
use super::random::Random;
use super::scripts::SCRIPTS;
use super::shape::{Bone, Course};
use super::tables::{AppealRow, DecisionRow, EntryRow, OutboxRow, TextRow, UnsealedRow};
use super::words;

/// From a decision until its author hears of it.
const UNDO_WINDOW: i64 = 60 * SECOND;

/// Something that is done to a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Act {
    at: i64,
    /// The comment's place.
    place: u32,
    /// The first thing done to it, or the second.
    second: bool,
}

/// The ids that come next, and who and what decisions need.
pub struct Ledger {
    pub next_decision: i64,
    pub next_entry: i64,
    pub next_outbox: i64,
    pub next_appeal: i64,
    pub moderators: Vec<i64>,
    pub rules: Vec<Rule>,
    /// Of the articles, and of the first comment.
    pub articles: Vec<i64>,
    pub first_comment: i64,
}

/// Rows that belong together.
#[derive(Default)]
pub struct Rows {
    pub decisions: Vec<DecisionRow>,
    pub outbox: Vec<OutboxRow>,
    pub appeals: Vec<AppealRow>,
    pub entries: Vec<EntryRow>,
    pub texts: Vec<TextRow>,
    pub unsealed: Vec<UnsealedRow>,
}

/// The rule under which a comment was rejected: by the comment's place alone, so that its row can say it too.
pub fn rule<'a>(plan: &Plan, rules: &'a [Rule], place: u32) -> Option<&'a Rule> {
    let mut random = Random::of(plan.seed, 20, u64::from(place));
    (!rules.is_empty()).then(|| &rules[random.zipf(rules.len())])
}

/// Everything that was done, in the order of time.
pub struct History<'a> {
    plan: &'a Plan,
    bones: &'a [Bone],
    acts: std::iter::Peekable<std::vec::IntoIter<Act>>,
    ledger: Ledger,
}

impl<'a> History<'a> {
    pub fn new(plan: &'a Plan, bones: &'a [Bone], ledger: Ledger) -> Self {
        let mut acts = Vec::with_capacity(bones.len() + bones.len() / 8);
        for (place, bone) in bones.iter().enumerate() {
            let act = |at, second| Act {
                at,
                place: place as u32,
                second,
            };
            match bone.course {
                Course::Waits => {}
                Course::AtOnce => acts.push(act(bone.at, false)),
                _ => acts.push(act(bone.first, false)),
            }
            if bone.second > 0 {
                acts.push(act(bone.second, true));
            }
        }
        acts.sort_unstable();
        Self {
            plan,
            bones,
            acts: acts.into_iter().peekable(),
            ledger,
        }
    }

    /// What was done before a moment and was not handed out yet.
    pub fn until(&mut self, moment: i64) -> Rows {
        let mut rows = Rows::default();
        while let Some(act) = self.acts.next_if(|act| act.at < moment) {
            self.act(act, &mut rows);
        }
        rows
    }

    fn act(&mut self, act: Act, rows: &mut Rows) {
        let bone = &self.bones[act.place as usize];
        let approved = Status::Approved;
        match (bone.course, act.second) {
            (Course::Waits, _) => {}
            (Course::AtOnce, _) => self.entry(act, (3, None), "approved", (None, "{}", ""), rows),
            (Course::Approved, _) | (Course::Removed | Course::Withdrawn, false) => {
                self.decision(act, (Status::Pending, approved), rows);
            }
            (Course::Rejected, _) => self.decision(act, (Status::Pending, Status::Rejected), rows),
            (Course::Removed, true) => self.decision(act, (approved, Status::Rejected), rows),
            (Course::Spam, _) => self.decision(act, (Status::Pending, Status::Spam), rows),
            (Course::Withdrawn, true) => self.withdrawal(act, approved, rows),
            (Course::TakenBack, _) => self.withdrawal(act, Status::Pending, rows),
        }
    }

    fn withdrawal(&mut self, act: Act, from: Status, rows: &mut Rows) {
        let facts = json!({ "from": from.word() }).to_string();
        self.entry(act, (2, None), "withdrawn", (None, &facts, ""), rows);
    }

    fn decision(&mut self, act: Act, (from, to): (Status, Status), rows: &mut Rows) {
        let bone = &self.bones[act.place as usize];
        let comment = self.ledger.first_comment + i64::from(act.place);
        let mut random = Random::of(
            self.plan.seed,
            21,
            u64::from(act.place) * 2 + u64::from(act.second),
        );
        let moderator = self.ledger.moderators[random.zipf(self.ledger.moderators.len())];
        let rule = match to {
            Status::Rejected => rule(self.plan, &self.ledger.rules, act.place),
            _ => None,
        };
        let ground = match to {
            Status::Spam => Some(rejoinder::moderation::Ground::Spam.code()),
            _ => rule.map(|rule| rule.ground().code()),
        };
        let note = match rule {
            Some(_) if random.chance(0.5) => {
                let length = 5 + random.below(20);
                words::plain(&mut random, &SCRIPTS[0], length)
            }
            _ => String::new(),
        };
        let facts = json!({ "from": from.word(), "rule": rule.map(|rule| rule.number), "bulk": None::<i64> });
        let decision = self.ledger.next_decision;
        self.ledger.next_decision += 1;
        rows.decisions.push(DecisionRow {
            id: decision,
            comment_id: comment,
            moderator_id: Some(moderator),
            at: act.at,
            from_status: from.code(),
            to_status: to.code(),
            ground,
            rule_id: rule.map(|rule| rule.id),
            note: note.clone(),
            comment_version: 2 + i64::from(act.second),
            about: 0,
            waited: (from == Status::Pending).then_some(act.at - bone.at),
        });
        let due = act.at + UNDO_WINDOW;
        if !to.is_public() {
            self.outbox("receipt", decision, comment, due, &mut random, rows);
        }
        self.outbox("notice", decision, comment, due, &mut random, rows);
        if bone.appeal {
            self.appeal(decision, comment, act.at, &mut random, rows);
        }
        let said = (Some(decision), facts.to_string());
        self.entry(
            act,
            (0, Some(moderator)),
            to.word(),
            (said.0, &said.1, &note),
            rows,
        );
    }

    fn outbox(
        &mut self,
        kind: &'static str,
        decision: i64,
        comment: i64,
        due: i64,
        random: &mut Random,
        rows: &mut Rows,
    ) {
        // What was due before the end was handed over.
        let handed = (due < self.plan.until.0).then_some(due + random.below(2_000) as i64);
        rows.outbox.push(OutboxRow {
            id: self.ledger.next_outbox,
            decision_id: decision,
            comment_id: comment,
            kind,
            message_id: super::tables::code(self.plan.seed, 22, self.ledger.next_outbox),
            due_at: due,
            claimed_at: handed,
            delivered_at: handed,
        });
        self.ledger.next_outbox += 1;
    }

    fn appeal(
        &mut self,
        decision: i64,
        comment: i64,
        at: i64,
        random: &mut Random,
        rows: &mut Rows,
    ) {
        let length = 10 + random.below(60);
        let text = words::plain(random, &SCRIPTS[0], length);
        let after = at + HOUR + (random.unit() * DAY as f64) as i64;
        rows.appeals.push(AppealRow {
            id: self.ledger.next_appeal,
            comment_id: comment,
            decision_id: decision,
            status: 0,
            text,
            created_at: after.min(self.plan.until.0),
        });
        self.ledger.next_appeal += 1;
    }

    fn entry(
        &mut self,
        act: Act,
        (actor, moderator): (i16, Option<i64>),
        word: &'static str,
        (decision, facts, text): (Option<i64>, &str, &str),
        rows: &mut Rows,
    ) {
        let bone = &self.bones[act.place as usize];
        let line = Line {
            at: Timestamp(act.at),
            actor,
            moderator,
            act: word,
            article: Some(self.ledger.articles[bone.article as usize]),
            comment: Some(self.ledger.first_comment + i64::from(act.place)),
            decision,
            facts,
            text,
        };
        line.write(self.plan.seed, self.ledger.next_entry, rows);
        self.ledger.next_entry += 1;
    }
}

/// A line of the audit log.
pub struct Line<'a> {
    pub at: Timestamp,
    pub actor: i16,
    pub moderator: Option<i64>,
    pub act: &'static str,
    pub article: Option<i64>,
    pub comment: Option<i64>,
    pub decision: Option<i64>,
    pub facts: &'a str,
    pub text: &'a str,
}

impl Line<'_> {
    /// As store::audit writes it, but that the salt is the same again.
    pub fn write(&self, seed: u64, id: i64, rows: &mut Rows) {
        let salt = Random::of(seed, 23, id as u64).bytes::<16>();
        let digest = (!self.text.is_empty()).then(|| token::digest(&[&salt, self.text.as_bytes()]));
        rows.entries.push(EntryRow {
            id,
            at: self.at.0,
            actor: self.actor,
            moderator_id: self.moderator,
            act: self.act,
            article_id: self.article,
            comment_id: self.comment,
            decision_id: self.decision,
            facts: self.facts.to_owned(),
            digest,
        });
        rows.unsealed.push(UnsealedRow { entry_id: id });
        if !self.text.is_empty() {
            rows.texts.push(TextRow {
                entry_id: id,
                salt: salt.to_vec(),
                text: self.text.to_owned(),
            });
        }
    }
}
