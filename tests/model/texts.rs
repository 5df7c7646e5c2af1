//! What authors do to their words: edits in place, revisions, withdrawals.

use rejoinder::moderation::{Decision, Status};
use rejoinder::store::revisions::{self, Edit};
use rejoinder::store::schema::comments;
use rejoinder::store::{transaction, withdrawals};

use diesel::prelude::*;

use super::newsroom::{Comment, Judged, Model};

/// Milliseconds after publication within which a comment can be edited.
const EDIT_WINDOW: i64 = 300_000;

/// A verdict on an edit.
#[derive(Debug, Clone)]
pub struct Edited {
    pub accepted: bool,
    pub old: String,
    pub new: String,
}

impl Comment {
    /// What this decision makes of the edit that waits.
    pub fn edited_by(&self, decision: Decision) -> Option<Edited> {
        let accepted = match decision {
            Decision::Approve => true,
            Decision::Reject => false,
            Decision::Spam | Decision::Keep => return None,
        };
        let new = self.waiting.clone()?;
        (self.status == Status::Approved).then(|| Edited {
            accepted,
            old: self.body.clone(),
            new,
        })
    }

    /// The texts after a decision, or after its undoing, and since when they are public: not since an approval that was undone, unless
    /// it is still there for those who answered.
    pub fn follow(&mut self, judged: &Judged, is_answered: bool) {
        match self.status {
            Status::Approved if self.published.is_none() => self.published = Some(judged.at),
            Status::Pending if !is_answered => self.published = None,
            _ => {}
        }
        let Some(edit) = &judged.edit else {
            return;
        };
        if judged.undoes.is_some() {
            self.body = edit.old.clone();
            self.waiting.get_or_insert_with(|| edit.new.clone());
        } else {
            self.waiting = None;
            if edit.accepted {
                self.body = edit.new.clone();
            }
        }
    }

    /// What its author reads as the text.
    fn current(&self) -> &str {
        match &self.waiting {
            Some(new) if self.status == Status::Approved => new,
            _ => &self.body,
        }
    }
}

impl Judged {
    /// Whether the same moderator, asking for this, asks for what was done.
    pub fn asks_for(&self, decision: Decision) -> bool {
        match &self.edit {
            Some(edit) => match decision {
                Decision::Approve => edit.accepted,
                Decision::Reject => !edit.accepted,
                _ => false,
            },
            None => Decision::towards(self.to) == Some(decision),
        }
    }
}

impl Model<'_> {
    /// The edit that a form made now would show.
    pub fn revision_of(&mut self, comment: usize) -> Option<i64> {
        let subject = &self.comments[comment];
        let stored: Option<i64> = comments::table
            .find(subject.id)
            .select(comments::revision_id)
            .first(&mut self.room.db)
            .unwrap();
        assert_eq!(stored.is_some(), subject.waiting.is_some());
        stored.filter(|_| subject.status == Status::Approved)
    }

    pub fn edit(&mut self, comment: usize, number: u8) {
        let subject = &self.comments[comment];
        let body = format!("Edit {number}");
        let edit = Edit {
            receipt: subject.new.receipt.clone(),
            body: body.clone(),
            body_html: format!("<p>{body}</p>"),
            html_version: 1,
            reasons: Vec::new(),
            links: 0,
            seen: revisions::mark(subject.current()),
            window: EDIT_WINDOW,
            now: self.now,
        };
        let told = transaction(&mut self.room.db, |db| revisions::edit(db, &edit)).unwrap();
        let now = self.now;
        let subject = &mut self.comments[comment];
        let in_time = subject
            .published
            .is_some_and(|at| now.since(at) < EDIT_WINDOW);
        match (told, subject.status) {
            (revisions::Edited::Done, Status::Pending) => {
                if subject.body != body {
                    subject.version += 1;
                    subject.body = body;
                    // One may be left from before its approval was undone.
                    subject.waiting = None;
                }
            }
            (revisions::Edited::Done, Status::Approved) => {
                assert!(in_time);
                if subject.current() != body {
                    subject.waiting = (subject.body != body).then_some(body);
                }
            }
            (revisions::Edited::TooLate, Status::Approved) => assert!(!in_time),
            (revisions::Edited::Final, Status::Withdrawn) => {}
            (
                revisions::Edited::Final | revisions::Edited::Deciding,
                Status::Rejected | Status::Spam,
            ) => {}
            other => panic!("{other:?}"),
        }
    }

    pub fn withdraw(&mut self, comment: usize) {
        let (receipt, now) = (self.comments[comment].new.receipt.clone(), self.now);
        let found = transaction(&mut self.room.db, |db| {
            withdrawals::withdraw(db, &receipt, now)
        });
        assert!(found.unwrap());
        let subject = &mut self.comments[comment];
        if subject.status != Status::Withdrawn {
            subject.status = Status::Withdrawn;
            subject.version += 1;
            subject.body.clear();
            subject.waiting = None;
            subject.remembered = false;
        }
    }
}
