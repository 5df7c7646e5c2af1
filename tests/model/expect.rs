//! What readers and authors ought to see, and the counts, worked out afresh from the model and held against the store.

use std::collections::BTreeMap;

use diesel::prelude::*;
use rejoinder::moderation::{Ground, Status};
use rejoinder::store::comments::{self, Below, Node, Sort};
use rejoinder::store::receipts;
use rejoinder::store::schema::{articles, authors, comments as rows, revisions};

use super::newsroom::{Model, UNDO_WINDOW};
use super::steps::AUTHORS;

/// Replies on a page per parent, on levels 1, 2 and 3.
const REPLIES: [usize; 3] = [20, 5, 3];

impl Model<'_> {
    fn children(&self, parent: usize) -> Vec<usize> {
        (0..self.comments.len())
            .filter(|child| self.comments[*child].parent == Some(parent))
            .collect()
    }

    /// Public comments strictly below this one.
    pub fn public_below(&self, comment: usize) -> i64 {
        self.children(comment)
            .into_iter()
            .map(|child| self.public_within(child))
            .sum()
    }

    fn public_within(&self, comment: usize) -> i64 {
        i64::from(self.comments[comment].status == Status::Approved) + self.public_below(comment)
    }

    pub fn check_rows(&mut self) {
        let stored: Vec<(i64, i16, i64, i64, i16)> = rows::table
            .filter(rows::article_id.eq(self.article))
            .order(rows::id.asc())
            .select((
                rows::id,
                rows::status,
                rows::version,
                rows::public_descendants,
                rows::depth,
            ))
            .load(&mut self.room.db)
            .unwrap();
        let wanted: Vec<_> = (0..self.comments.len())
            .map(|index| {
                let comment = &self.comments[index];
                let below = self.public_below(index);
                (
                    comment.id,
                    comment.status.code(),
                    comment.version,
                    below,
                    comment.depth,
                )
            })
            .collect();
        assert_eq!(stored, wanted);
        for comment in &self.comments {
            let texts: (String, Option<String>) = rows::table
                .left_join(revisions::table.on(rows::revision_id.eq(revisions::id.nullable())))
                .filter(rows::id.eq(comment.id))
                .select((rows::body, revisions::body.nullable()))
                .first(&mut self.room.db)
                .unwrap();
            assert_eq!(texts, (comment.body.clone(), comment.waiting.clone()));
        }
        let counted: i64 = articles::table
            .find(self.article)
            .select(articles::comment_count)
            .first(&mut self.room.db)
            .unwrap();
        let public = self
            .comments
            .iter()
            .filter(|c| c.status == Status::Approved);
        assert_eq!(counted, i64::try_from(public.count()).unwrap());
    }

    /// Each author's record, by any comment of theirs.
    pub fn check_authors(&mut self) {
        for author in 0..AUTHORS {
            let wanted = [Status::Approved, Status::Rejected, Status::Spam]
                .map(|status| self.count_of(Some(author), status));
            let Some(theirs) = self.comments.iter().find(|c| c.author == Some(author)) else {
                continue;
            };
            let stored: (i64, i64, i64) = rows::table
                .inner_join(authors::table.on(rows::author_id.eq(authors::id.nullable())))
                .filter(rows::id.eq(theirs.id))
                .select((
                    authors::approved_count,
                    authors::rejected_count,
                    authors::spam_count,
                ))
                .first(&mut self.room.db)
                .unwrap();
            assert_eq!([stored.0, stored.1, stored.2], wanted, "author {author}");
        }
        let anonymous: i64 = rows::table
            .filter(rows::article_id.eq(self.article))
            .filter(rows::author_id.is_null())
            .count()
            .get_result(&mut self.room.db)
            .unwrap();
        let wanted = self.comments.iter().filter(|c| c.author.is_none()).count();
        assert_eq!(anonymous, i64::try_from(wanted).unwrap());
    }

    /// The page, comment by comment, and how many public ones each says are missing below it.
    pub fn check_page(&mut self) {
        let page = comments::discussion(
            &mut self.room.db,
            Below::Article(self.article),
            Sort::Oldest,
            0,
        )
        .unwrap();
        let mut stored = BTreeMap::new();
        flatten(&page.roots, &mut stored);
        let mut wanted = BTreeMap::new();
        let roots = (0..self.comments.len()).filter(|c| self.comments[*c].parent.is_none());
        self.show(roots.collect(), 0, &mut wanted);
        assert_eq!(stored, wanted);
        assert_eq!((page.back, page.onward, page.last), (None, None, None));
    }

    /// Shown are public comments and those above one.
    fn show(&self, siblings: Vec<usize>, level: usize, page: &mut BTreeMap<i64, i64>) {
        for comment in siblings {
            if self.public_within(comment) == 0 {
                continue;
            }
            let mut below: Vec<usize> = self.children(comment);
            below.retain(|child| self.public_within(*child) > 0);
            let fitting = REPLIES.get(level).copied().unwrap_or(0).min(below.len());
            let missing = below.split_off(fitting);
            let more = missing.into_iter().map(|c| self.public_within(c)).sum();
            page.insert(self.comments[comment].id, more);
            self.show(below, level + 1, page);
        }
    }

    pub fn check_receipts(&mut self) {
        for comment in 0..self.comments.len() {
            self.check_receipt(comment);
        }
    }

    pub fn check_receipts_of_last(&mut self) {
        let judged = self.decisions.last().map(|judged| judged.comment);
        for comment in judged.into_iter().chain(self.comments.len().checked_sub(1)) {
            self.check_receipt(comment);
        }
    }

    /// An author knows the last decision that was not undone and that, unless it approves, stood for its undo window.
    fn check_receipt(&mut self, comment: usize) {
        let subject = &self.comments[comment];
        let view = receipts::find(&mut self.room.db, &subject.new.receipt, self.now)
            .unwrap()
            .unwrap();
        let undone: Vec<i64> = self.decisions.iter().filter_map(|d| d.undoes).collect();
        let stood: Vec<_> = self
            .decisions
            .iter()
            .filter(|d| d.comment == comment && d.undoes.is_none() && !undone.contains(&d.id))
            .filter(|d| d.edit.is_none())
            .collect();
        let known = (0..stood.len()).rev().map(|n| (stood[n], stood.get(n + 1)));
        let known = known
            .filter(|(decision, next)| {
                let until = next.map_or(self.now, |next| next.at);
                decision.to == Status::Approved || until.since(decision.at) >= UNDO_WINDOW
            })
            .map(|(decision, _)| decision)
            .next();
        let unjudged = if subject.by_policy {
            Status::Approved
        } else {
            Status::Pending
        };
        if subject.status == Status::Withdrawn {
            assert_eq!(view.shown_status, Status::Withdrawn);
            return;
        }
        assert_eq!(view.shown_status, known.map_or(unjudged, |d| d.to));
        assert_eq!(view.decision_id, known.map(|d| d.id));
        assert_eq!(view.note, known.map_or("", |d| d.note.as_str()));
        let ground = known.and_then(|d| match (d.to, d.rule) {
            (Status::Spam, _) => Some(Ground::Spam),
            (_, Some(6)) => Some(Ground::Illegal(6)),
            (_, rule) => rule.map(Ground::Rule),
        });
        assert_eq!(view.ground, ground);
    }
}

fn flatten(nodes: &[Node], page: &mut BTreeMap<i64, i64>) {
    for node in nodes {
        page.insert(node.comment.id, node.more);
        flatten(&node.replies, page);
    }
}
