//! Verdicts and their undoing, in the model and in the store.

use rejoinder::moderation::Decision;
use rejoinder::store::decisions::{self, Decided, Verdict};
use rejoinder::store::{transaction, undoing};

use super::newsroom::{Judged, Model, UNDO_WINDOW};

impl Model<'_> {
    pub fn decide(
        &mut self,
        comment: usize,
        by: usize,
        decision: Decision,
        behind: i64,
        rule: i16,
    ) {
        let seen = self.comments[comment].version - behind;
        let rejects = decision == Decision::Reject;
        let shown = self.revision_of(comment);
        // A form that is sent again says the same again.
        let last = self.decisions.iter().rfind(|d| d.comment == comment);
        let note = match last.filter(|_| behind == 1) {
            Some(last) => last.note.clone(),
            None => format!("Note {}", self.decisions.len()),
        };
        let verdict = Verdict {
            revision: shown,
            appeal: None,
            comment: self.comments[comment].id,
            version: seen,
            decision,
            rule: rejects.then_some(rule),
            note,
            moderator: self.room.moderators[by],
            now: self.now,
            undo_window: UNDO_WINDOW,
            bulk: None,
        };
        let told = transaction(&mut self.room.db, |db| decisions::decide(db, &verdict)).unwrap();
        let subject = &self.comments[comment];
        let conflict = Decided::Conflict {
            comment: subject.id,
        };
        if behind != 0 {
            let last = self.decisions.iter().rfind(|d| d.comment == comment);
            match last.filter(|d| {
                behind == 1
                    && d.version == subject.version
                    && d.moderator == by
                    && d.undoes.is_none()
                    && d.asks_for(decision)
                    && (!rejects || d.rule == Some(rule))
            }) {
                Some(same) => assert_eq!(decision_in(&told), Some(same.id), "{told:?}"),
                None => assert_eq!(told, conflict),
            }
            return;
        }
        let edit = shown.and_then(|_| subject.edited_by(decision));
        let to = match edit {
            Some(_) => Some(subject.status),
            None => subject.status.after(decision),
        };
        let Some(to) = to else {
            assert_eq!(told, conflict);
            return;
        };
        if rejects && rule == 99 {
            assert_eq!(told, Decided::NoRule);
            return;
        }
        let id = decision_in(&told).unwrap_or_else(|| panic!("{told:?}"));
        self.judge(Judged {
            id,
            comment,
            moderator: by,
            from: subject.status,
            to,
            rule: verdict.rule,
            note: verdict.note,
            at: self.now,
            version: seen + 1,
            undoes: None,
            edit,
        });
    }

    pub fn undo(&mut self, decision: usize, by: usize) {
        let (moderator, now) = (self.room.moderators[by], self.now);
        let undone = &self.decisions[decision];
        let (id, comment) = (undone.id, undone.comment);
        let told = transaction(&mut self.room.db, |db| {
            undoing::undo(db, id, moderator, now)
        })
        .unwrap();
        let version = self.comments[comment].version;
        if version == undone.version && undone.undoes.is_none() {
            let edit = undone.edit.clone();
            let new = decision_in(&told).unwrap_or_else(|| panic!("{told:?}"));
            self.judge(Judged {
                id: new,
                comment,
                moderator: by,
                from: undone.to,
                to: undone.from,
                rule: None,
                note: String::new(),
                at: now,
                version: version + 1,
                undoes: Some(id),
                edit,
            });
            return;
        }
        let before = self
            .decisions
            .iter()
            .find(|d| d.undoes == Some(id) && d.version == version);
        match before {
            Some(before) => assert_eq!(decision_in(&told), Some(before.id)),
            None => assert!(matches!(told, Decided::Conflict { .. }), "{told:?}"),
        }
    }

    fn judge(&mut self, judged: Judged) {
        let is_answered = self.public_below(judged.comment) > 0;
        let comment = &mut self.comments[judged.comment];
        comment.status = judged.to;
        comment.version = judged.version;
        comment.remembered = false;
        comment.follow(&judged, is_answered);
        self.decisions.push(judged);
    }
}

fn decision_in(told: &Decided) -> Option<i64> {
    match told {
        Decided::Done(done) => Some(done.decision),
        _ => None,
    }
}
