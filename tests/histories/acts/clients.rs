//! The clients: readers who reply, edit, withdraw and report; moderators who decide, undo, open and close.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use rejoinder::moderation::Decision;

use super::generator::Generator;
use super::journal::{Act, Entry, Outcome, word};
use super::newsroom::ARTICLES;
use super::requests::items;

/// What all clients know of the newsroom.
#[derive(Default)]
pub struct Board {
    /// Comments that were approved, and may be public still.
    approved: Mutex<Vec<i64>>,
    networks: AtomicU64,
    /// How many acts were acknowledged so far.
    pub acknowledged: AtomicU64,
}

impl Board {
    fn network(&self) -> String {
        let n = self.networks.fetch_add(1, Ordering::Relaxed);
        format!("10.{}.{}.{}", n / 62_500 % 250, n / 250 % 250, n % 250 + 1)
    }

    fn some_approved(&self, random: &mut Generator) -> Option<i64> {
        let approved = self.approved.lock().unwrap();
        (!approved.is_empty()).then(|| *random.pick(&approved))
    }
}

/// A signed-in moderator, whose session outlives the server.
#[derive(Debug, Clone)]
pub struct Desk {
    pub moderator: i64,
    pub session: String,
    pub csrf: String,
}

/// A form of the queue, as it was read.
#[derive(Debug, Clone)]
pub struct Item {
    pub comment: i64,
    pub version: i64,
    pub revision: Option<i64>,
}

pub struct Person {
    number: usize,
    pub desk: Option<Desk>,
    /// The article that this moderator alone opens and closes.
    keeps: Option<usize>,
    open: bool,
    serial: usize,
    /// Receipts of replies that are not withdrawn.
    own: Vec<String>,
    made: Vec<i64>,
    items: Vec<Item>,
    pub journal: Vec<Entry>,
    /// An act without an answer, to be sent again.
    unanswered: Option<usize>,
}

/// The line broke.
pub struct Broken;

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(std::time::Duration::from_secs(40)))
        .build()
        .new_agent()
}

/// One round's line to the server.
pub struct Line<'a> {
    pub agent: ureq::Agent,
    pub base: &'a str,
    pub board: &'a Board,
}

impl Person {
    pub fn new(number: usize, desk: Option<Desk>) -> Self {
        let keeps = desk.is_some().then_some(number).filter(|n| *n < ARTICLES);
        Self {
            number,
            desk,
            keeps,
            open: true,
            serial: 0,
            own: Vec::new(),
            made: Vec::new(),
            items: Vec::new(),
            journal: Vec::new(),
            unanswered: None,
        }
    }

    /// Sends what was not answered once more, or leaves it at that.
    pub fn resolve(&mut self, line: &Line, random: &mut Generator) -> Result<(), Broken> {
        let Some(at) = self.unanswered.take() else {
            return Ok(());
        };
        let keeper = matches!(self.journal[at].act, Act::Turn { .. });
        if !keeper && random.one_in(2) {
            return Ok(());
        }
        let act = self.journal[at].act.clone();
        let outcome = self.send(line, &act)?;
        self.journal[at].tries += 1;
        // What is refused now may have been done the first time.
        if let Outcome::Done(_) = outcome {
            self.note(at, outcome, line.board);
        }
        Ok(())
    }

    pub fn act(&mut self, line: &Line, round: u64, random: &mut Generator) -> Result<(), Broken> {
        let act = match &self.desk {
            Some(_) => self.as_moderator(line, random)?,
            None => self.as_reader(line, round, random),
        };
        let Some(act) = act else { return Ok(()) };
        let outcome = match self.send(line, &act) {
            Ok(outcome) => outcome,
            Err(Broken) => Outcome::Unknown,
        };
        let broken = outcome == Outcome::Unknown;
        self.journal.push(Entry {
            act,
            outcome: Outcome::Unknown,
            tries: 1,
        });
        let at = self.journal.len() - 1;
        if broken {
            self.unanswered = Some(at);
            // Nobody edits or withdraws a text of which they do not know how it stands.
            if let Act::Edit { receipt, .. } | Act::Withdraw { receipt } = &self.journal[at].act {
                let receipt = receipt.clone();
                self.own.retain(|own| *own != receipt);
            }
            return Err(Broken);
        }
        self.note(at, outcome, line.board);
        Ok(())
    }

    fn note(&mut self, at: usize, outcome: Outcome, board: &Board) {
        self.journal[at].outcome = outcome;
        let entry = &self.journal[at];
        if !entry.is_done() {
            return;
        }
        board.acknowledged.fetch_add(1, Ordering::Relaxed);
        match &entry.act {
            Act::Post { .. } => self.own.extend(entry.receipt().map(str::to_owned)),
            Act::Withdraw { receipt } => {
                let receipt = receipt.clone();
                self.own.retain(|own| *own != receipt);
            }
            Act::Decide {
                comment, decision, ..
            } => {
                self.made.extend(entry.decision());
                if *decision == Decision::Approve {
                    board.approved.lock().unwrap().push(*comment);
                }
            }
            Act::Turn { open, .. } => self.open = *open,
            Act::Edit { .. } | Act::Undo { .. } | Act::Report { .. } => {}
        }
    }

    fn as_reader(&mut self, line: &Line, round: u64, random: &mut Generator) -> Option<Act> {
        self.serial += 1;
        let word = word(round, self.number, self.serial);
        let some = (!self.own.is_empty()).then(|| random.below(self.own.len()));
        Some(match (random.between(0, 100), some) {
            (0..14, Some(at)) => Act::Edit {
                receipt: self.own[at].clone(),
                word,
            },
            (14..20, Some(at)) => Act::Withdraw {
                receipt: self.own[at].clone(),
            },
            (20..38, _) => Act::Report {
                comment: line.board.some_approved(random)?,
                word,
                network: line.board.network(),
            },
            (draw, _) => Act::Post {
                article: random.below(ARTICLES),
                parent: match draw % 3 {
                    0 => line.board.some_approved(random),
                    _ => None,
                },
                word,
            },
        })
    }

    fn as_moderator(&mut self, line: &Line, random: &mut Generator) -> Result<Option<Act>, Broken> {
        let draw = random.between(0, 100);
        if let (0..6, Some(article)) = (draw, self.keeps) {
            let open = !self.open;
            return Ok(Some(Act::Turn { article, open }));
        }
        if draw < 20
            && let Some(decision) = self.made.pop()
        {
            return Ok(Some(Act::Undo { decision }));
        }
        if self.items.is_empty() {
            self.items = self.read_list(line, random)?;
        }
        let Some(item) = self.items.pop() else {
            return Ok(None);
        };
        let decision = match random.between(0, 10) {
            0..6 => Decision::Approve,
            6..8 => Decision::Reject,
            _ => Decision::Spam,
        };
        Ok(Some(Act::Decide {
            moderator: self.desk.as_ref().unwrap().moderator,
            comment: item.comment,
            version: item.version,
            // A spam verdict is on the comment, whatever waits beside it.
            revision: item.revision.filter(|_| decision != Decision::Spam),
            decision,
        }))
    }

    /// A list of the desk; now and then one of what is decided already.
    fn read_list(&self, line: &Line, random: &mut Generator) -> Result<Vec<Item>, Broken> {
        let tabs = [
            "waiting",
            "waiting",
            "waiting",
            "published",
            "rejected",
            "spam",
        ];
        let orders = ["oldest", "newest"];
        let address = format!(
            "{}/moderation?tab={}&sort={}",
            line.base,
            random.pick(&tabs),
            random.pick(&orders)
        );
        let asked = line
            .agent
            .get(address)
            .header("cookie", &self.desk.as_ref().unwrap().session);
        let mut answer = asked.call().map_err(|_| Broken)?;
        let status = answer.status().as_u16();
        let page = answer.body_mut().read_to_string().map_err(|_| Broken)?;
        assert!(matches!(status, 200 | 503), "{status} for a list");
        Ok(items(&page))
    }
}
