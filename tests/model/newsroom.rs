//! The model and the real store side by side.

use rejoinder::moderation::{HoldMode, Status};
use rejoinder::store::authors::{Device, Remembered};
use rejoinder::store::closing::{self, Closed};
use rejoinder::store::comments;
use rejoinder::store::replies::{self, NewReply, Submitted};
use rejoinder::store::{Db, publication, token, transaction};
use rejoinder::time::Timestamp;

use super::steps::{Hold, Step};
use super::support::{Database, Engine, rows};
use super::texts::Edited;

pub const UNDO_WINDOW: i64 = 60_000;
const DUPLICATE_WINDOW: i64 = 600_000;
const DEEPEST: i16 = 32;

/// A database that serves many histories, each on an article of its own.
pub struct Newsroom {
    pub db: Db,
    pub moderators: [i64; 2],
    played: usize,
    /// After `db`: a connection goes before its database.
    _database: Database,
}

pub struct Comment {
    pub id: i64,
    pub author: Option<usize>,
    pub new: NewReply,
    /// Where it hangs, which for a reply to the deepest level is beside the comment it answers.
    pub parent: Option<usize>,
    pub depth: i16,
    pub status: Status,
    pub version: i64,
    pub posted: Timestamp,
    pub by_policy: bool,
    /// Whether the same reply again would be taken for this one.
    pub remembered: bool,
    pub body: String,
    /// The edit that waits.
    pub waiting: Option<String>,
    pub published: Option<Timestamp>,
}

pub struct Judged {
    pub id: i64,
    pub comment: usize,
    pub moderator: usize,
    pub from: Status,
    pub to: Status,
    pub rule: Option<i16>,
    pub note: String,
    pub at: Timestamp,
    /// The comment's version that it made.
    pub version: i64,
    pub undoes: Option<i64>,
    /// It was about an edit.
    pub edit: Option<Edited>,
}

/// One article as it ought to be.
pub struct Model<'a> {
    pub room: &'a mut Newsroom,
    pub slug: String,
    pub article: i64,
    pub open: bool,
    /// When it was closed the last time.
    pub closed_at: Option<Timestamp>,
    pub now: Timestamp,
    pub comments: Vec<Comment>,
    pub decisions: Vec<Judged>,
}

impl Newsroom {
    pub fn new(engine: Engine) -> Self {
        let database = Database::new(engine);
        let mut db = database.connect();
        let moderators = ["Dana", "Yusuf"].map(|name| rows::moderator(&mut db, name));
        Self {
            db,
            moderators,
            played: 0,
            _database: database,
        }
    }

    pub fn play(&mut self, steps: &[Step]) {
        self.played += 1;
        let slug = format!("story-{}", self.played);
        let article = rows::article(&mut self.db, &slug);
        let mut model = Model {
            room: self,
            slug,
            article,
            open: true,
            closed_at: None,
            now: rows::NOW,
            comments: Vec::new(),
            decisions: Vec::new(),
        };
        for step in steps {
            model.take(step);
            model.check_rows();
            model.check_authors();
            model.check_page();
        }
        model.check_receipts();
        assert_eq!(publication::drift(&mut self.db).unwrap(), (0, 0, 0));
    }
}

/// The index of the item so many places before the newest.
fn from_newest(count: usize, back: usize) -> Option<usize> {
    (count > 0).then(|| count - 1 - back % count)
}

impl Model<'_> {
    fn take(&mut self, step: &Step) {
        match *step {
            Step::Post {
                parent,
                hold,
                author,
            } => {
                let parent = parent.and_then(|back| from_newest(self.comments.len(), back));
                let mut new = rows::reply(&self.slug, &format!("Reply {}", self.comments.len()));
                new.parent = parent.map(|parent| self.comments[parent].id);
                new.hold = match hold {
                    Hold::Nothing => HoldMode::None,
                    Hold::EveryReply => HoldMode::All,
                    Hold::FirstReply => HoldMode::First,
                };
                if let Some(author) = author {
                    new.submission.name = format!("Author {author}");
                    new.name_key = format!("author{author}");
                }
                self.post(new, parent, author);
            }
            Step::PostAgain { comment } => {
                if let Some(first) = from_newest(self.comments.len(), comment) {
                    let mut new = self.comments[first].new.clone();
                    new.receipt = token::receipt().unwrap();
                    let author = self.comments[first].author;
                    let parent = new
                        .parent
                        .and_then(|id| self.comments.iter().position(|c| c.id == id));
                    self.post(new, parent, author);
                }
            }
            Step::Decide {
                comment,
                moderator,
                decision,
                behind,
                rule,
            } => {
                if let Some(comment) = from_newest(self.comments.len(), comment) {
                    self.decide(comment, moderator, decision, behind, rule);
                }
            }
            Step::Undo { latest, moderator } => {
                if let Some(decision) = from_newest(self.decisions.len(), latest) {
                    self.undo(decision, moderator);
                }
            }
            Step::Edit { comment, number } => {
                if let Some(comment) = from_newest(self.comments.len(), comment) {
                    self.edit(comment, number);
                }
            }
            Step::Withdraw { comment } => {
                if let Some(comment) = from_newest(self.comments.len(), comment) {
                    self.withdraw(comment);
                }
            }
            Step::Close | Step::Open => {
                let opens = matches!(step, Step::Open);
                if opens {
                    self.closed_at = None;
                } else if self.open {
                    self.closed_at = Some(self.now);
                }
                self.open = opens;
                let (slug, now) = (self.slug.clone(), self.now);
                transaction(&mut self.room.db, |db| {
                    if opens {
                        closing::open(db, &slug, 0, now).map(drop)
                    } else {
                        closing::close(db, &slug, now).map(drop)
                    }
                })
                .unwrap();
            }
            Step::Wait(milliseconds) => self.now = self.now.plus(milliseconds),
        }
        self.check_receipts_of_last();
    }

    /// The device of an author: it shows its token once a reply of theirs was taken, and asks every other time.
    fn device_of(&self, author: Option<usize>) -> Device {
        let Some(author) = author else {
            return Device::default();
        };
        let known = self.comments.iter().any(|c| c.author == Some(author));
        let token = |word: &str| token::digest(&[self.slug.as_bytes(), word.as_bytes()]);
        let own = token(&author.to_string());
        if known {
            let asks = self.comments.len().is_multiple_of(2);
            return Device {
                token: Some(own),
                new_token: asks.then(|| token("another")),
            };
        }
        Device {
            token: None,
            new_token: Some(own),
        }
    }

    fn post(&mut self, mut new: NewReply, parent: Option<usize>, author: Option<usize>) {
        new.now = self.now;
        new.device = self.device_of(author);
        let told = transaction(&mut self.room.db, |db| replies::submit(db, &new)).unwrap();
        let wanted = self.answer_to(&new, parent, author);
        assert_eq!(told, wanted);
        let Submitted::Stored { public, .. } = told else {
            return;
        };
        let id = comments::of_receipt(&mut self.room.db, &new.receipt)
            .unwrap()
            .unwrap();
        let depth = parent.map_or(0, |parent| (self.comments[parent].depth + 1).min(DEEPEST));
        let hangs_on = match parent {
            Some(parent) if self.comments[parent].depth == DEEPEST => self.comments[parent].parent,
            other => other,
        };
        let body = new.submission.body.clone();
        self.comments.push(Comment {
            id,
            author,
            new,
            parent: hangs_on,
            depth,
            status: if public {
                Status::Approved
            } else {
                Status::Pending
            },
            version: 1,
            posted: self.now,
            by_policy: public,
            remembered: true,
            body,
            waiting: None,
            published: public.then_some(self.now),
        });
    }

    /// Whether a first reply need not wait.
    fn is_trusted(&self, author: Option<usize>) -> bool {
        author.is_some() && self.count_of(author, Status::Approved) > 0
    }

    /// An author's comments that have this status now.
    pub fn count_of(&self, author: Option<usize>, status: Status) -> i64 {
        let theirs = |c: &&Comment| c.author == author && c.status == status;
        i64::try_from(self.comments.iter().filter(theirs).count()).unwrap()
    }

    fn answer_to(
        &mut self,
        new: &NewReply,
        parent: Option<usize>,
        author: Option<usize>,
    ) -> Submitted {
        if !self.open {
            return Submitted::Closed(Closed::ByEditors { at: self.closed_at });
        }
        let now = self.now;
        let remembered = match (&new.device.token, &new.device.new_token) {
            (_, None) => Remembered::No,
            (Some(_), Some(_)) => Remembered::Already,
            (None, Some(_)) => Remembered::New,
        };
        let same = self
            .comments
            .iter_mut()
            .find(|c| c.remembered && c.new.submission == new.submission);
        if let Some(first) = same {
            let waits = first.status == Status::Pending;
            if waits && now.since(first.posted) < DUPLICATE_WINDOW {
                return Submitted::Duplicate {
                    receipt: first.new.receipt.clone(),
                    remembered,
                };
            }
            first.remembered = false;
        }
        if parent.is_some_and(|parent| self.comments[parent].status != Status::Approved) {
            return Submitted::NoParent;
        }
        let trusted = new.hold == HoldMode::First && self.is_trusted(author);
        Submitted::Stored {
            public: new.hold == HoldMode::None || trusted,
            spam: false,
            remembered,
        }
    }
}
