//! The clients, and what they keep: readers who reply, edit, withdraw, appeal and report. What moderators do is in `desk`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use rejoinder::moderation::Decision;

use super::desk::{Desk, List};
use super::generator::Generator;
use super::journal::{Act, Entry, Outcome, word};
use super::people::{ARTICLES, slug};

/// Own replies whose receipts an author looks at for a decision to object to.
const LOOKED_AT: usize = 5;

/// What all clients know of the newsroom.
#[derive(Default)]
pub struct Board {
    /// Comments that were public, each with its article.
    seen: Mutex<Vec<(usize, i64)>>,
    networks: AtomicU64,
    /// How many acts were acknowledged so far.
    pub acknowledged: AtomicU64,
    /// How often the server was too busy for an act.
    pub busy: AtomicU64,
}

impl Board {
    fn network(&self) -> String {
        let n = self.networks.fetch_add(1, Ordering::Relaxed);
        format!("10.{}.{}.{}", n / 62_500 % 250, n / 250 % 250, n % 250 + 1)
    }

    pub fn saw(&self, article: usize, comment: i64) {
        let mut seen = self.seen.lock().unwrap();
        if !seen.contains(&(article, comment)) {
            seen.push((article, comment));
        }
    }

    fn some_seen(&self, random: &mut Generator) -> Option<(usize, i64)> {
        let seen = self.seen.lock().unwrap();
        // The latest are public still, more likely than not.
        let latest = &seen[seen.len().saturating_sub(60)..];
        (!latest.is_empty()).then(|| *random.pick(latest))
    }
}

pub struct Person {
    pub(super) number: usize,
    pub desk: Option<Desk>,
    /// The article that this moderator alone opens and closes.
    pub(super) keeps: Option<usize>,
    pub(super) open: bool,
    /// Whether this moderator decides many at once.
    pub in_bulk: bool,
    serial: usize,
    /// Receipts of replies that are not withdrawn.
    own: Vec<String>,
    pub(super) made: Vec<i64>,
    pub(super) bulks: Vec<i64>,
    pub(super) list: List,
    pub journal: Vec<Entry>,
    /// An act without an answer, to be sent again.
    unanswered: Option<usize>,
}

/// Why somebody is not told what became of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// The line broke.
    Broken,
    /// The server says that it cannot answer now, and lives. What was to be written may be on disk or not.
    Busy,
}

/// What any failure of the client's own library means.
pub(super) fn broken(_: ureq::Error) -> Unanswered {
    Unanswered::Broken
}

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
            in_bulk: true,
            serial: 0,
            own: Vec::new(),
            made: Vec::new(),
            bulks: Vec::new(),
            list: List::default(),
            journal: Vec::new(),
            unanswered: None,
        }
    }

    /// Sends what was not answered once more, or leaves it at that.
    pub fn resolve(&mut self, line: &Line, random: &mut Generator) -> Result<(), Unanswered> {
        let Some(at) = self.unanswered.take() else {
            return Ok(());
        };
        let keeper = matches!(self.journal[at].act, Act::Turn { .. });
        if !keeper && random.one_in(2) {
            return Ok(());
        }
        let act = self.journal[at].act.clone();
        self.journal[at].tries += 1;
        let outcome = match self.send(line, &act) {
            Ok(outcome) => outcome,
            Err(why) => {
                self.unanswered = Some(at);
                return Err(why);
            }
        };
        // What is refused now may have been done the first time.
        if let Outcome::Done(_) = outcome {
            self.note(at, outcome, line.board);
        }
        Ok(())
    }

    /// Asks for something, and keeps what is answered.
    pub fn act(
        &mut self,
        line: &Line,
        round: u64,
        random: &mut Generator,
    ) -> Result<(), Unanswered> {
        let act = match &self.desk {
            Some(_) => self.as_moderator(line, random)?,
            None => Some(self.as_reader(line, round, random)?),
        };
        let Some(act) = act else { return Ok(()) };
        let answered = self.send(line, &act);
        self.journal.push(Entry {
            act,
            outcome: Outcome::Unknown,
            tries: 1,
        });
        let at = self.journal.len() - 1;
        match answered {
            Ok(outcome) => {
                self.note(at, outcome, line.board);
                Ok(())
            }
            Err(why) => {
                self.unanswered = Some(at);
                // Nobody edits or withdraws a text of which they do not know how it stands.
                if let Act::Edit { receipt, .. } | Act::Withdraw { receipt } = &self.journal[at].act
                {
                    let receipt = receipt.clone();
                    self.own.retain(|own| *own != receipt);
                }
                Err(why)
            }
        }
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
                    board.saw(self.list.article, *comment);
                }
            }
            Act::Bulk { .. } => self.bulks.extend(entry.bulk()),
            Act::Turn { open, .. } => self.open = *open,
            Act::Edit { .. }
            | Act::Undo { .. }
            | Act::UndoBulk { .. }
            | Act::Appeal { .. }
            | Act::Report { .. } => {}
        }
    }

    fn as_reader(
        &mut self,
        line: &Line,
        round: u64,
        random: &mut Generator,
    ) -> Result<Act, Unanswered> {
        if random.one_in(2) {
            look(line, random)?;
        }
        self.serial += 1;
        let word = word(round, self.number, self.serial);
        let some = (!self.own.is_empty()).then(|| random.below(self.own.len()));
        let draw = random.between(0, 100);
        match (draw, some) {
            (0..14, Some(at)) => {
                let receipt = self.own[at].clone();
                return Ok(Act::Edit { receipt, word });
            }
            (14..20, Some(at)) => {
                let receipt = self.own[at].clone();
                return Ok(Act::Withdraw { receipt });
            }
            (20..38, _) => {
                if let Some((_, comment)) = line.board.some_seen(random) {
                    let network = line.board.network();
                    return Ok(Act::Report {
                        comment,
                        word,
                        network,
                    });
                }
            }
            (38..56, Some(_)) => {
                if let Some(receipt) = self.rejected(line, random)? {
                    return Ok(Act::Appeal { receipt, word });
                }
            }
            _ => {}
        }
        let parent = match draw % 3 {
            0 => line.board.some_seen(random),
            _ => None,
        };
        Ok(Act::Post {
            article: parent.map_or_else(|| random.below(ARTICLES), |(article, _)| article),
            parent: parent.map(|(_, comment)| comment),
            word,
        })
    }

    /// A reply of this author's with a decision to object to, if one of a few has that.
    fn rejected(&self, line: &Line, random: &mut Generator) -> Result<Option<String>, Unanswered> {
        for _ in 0..LOOKED_AT {
            let receipt = random.pick(&self.own);
            let address = format!("{}/replies/{receipt}", line.base);
            let mut answer = line.agent.get(address).call().map_err(broken)?;
            let page = answer.body_mut().read_to_string().map_err(broken)?;
            if page.contains("id=\"appeal\"") {
                return Ok(Some(receipt.clone()));
            }
        }
        Ok(None)
    }
}

/// Reads what is kept of an article, so that it has to follow what others do.
fn look(line: &Line, random: &mut Generator) -> Result<(), Unanswered> {
    let slug = slug(random.below(ARTICLES));
    let path = *random.pick(&[
        "/articles/SLUG",
        "/articles/SLUG/feed.atom",
        "/api/counts?slug=SLUG",
    ]);
    let address = format!("{}{}", line.base, path.replace("SLUG", &slug));
    let mut answer = line.agent.get(address).call().map_err(broken)?;
    answer.body_mut().read_to_vec().map_err(broken)?;
    Ok(())
}
