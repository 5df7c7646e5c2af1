//! The people of a newsroom beside the readers of a load: moderators decide and undo, authors edit, withdraw and appeal, while
//! something breaks. Nobody decides in bulk: of a bulk that is cut off, what could not be done is told as changed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rejoinder::store::Db;

use super::acts::clients::{Board, Line, Person, agent};
use super::acts::generator::Generator;
use super::acts::journal::{Entry, summary};
use super::acts::people::{people, settle};
use super::acts::verdict;
use super::load::{Load, Told, under_load};

const PEOPLE: usize = 12;
/// Acts that are acknowledged before something breaks, and again after.
const ENOUGH: u64 = 100;
const PATIENCE: Duration = Duration::from_secs(60);

/// Who has an account.
pub struct Accounts(Vec<(i64, String)>);

/// Fills an empty database with what they need.
pub fn prepare(db: &mut Db) -> Accounts {
    Accounts(settle(db, PEOPLE))
}

/// Waits until so many more acts are acknowledged.
fn wait_for_acts(board: &Board) {
    let done = || board.acknowledged.load(Ordering::Relaxed);
    let (begun, before) = (Instant::now(), done());
    while done() < before + ENOUGH {
        let waited = begun.elapsed();
        assert!(waited < PATIENCE, "the newsroom does hardly anything");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub struct Crowd {
    people: Vec<Person>,
    board: Board,
}

impl Crowd {
    pub fn sign_in(base: &str, accounts: &Accounts) -> Self {
        let mut people = people(base, &accounts.0, PEOPLE);
        for person in &mut people {
            person.in_bulk = false;
        }
        Self {
            people,
            board: Board::default(),
        }
    }

    /// Runs `meanwhile` under load, with everybody here besides, each at one of these servers.
    pub fn under_load<T>(
        &mut self,
        bases: &[String],
        readers: usize,
        meanwhile: impl FnOnce(&Load) -> T,
    ) -> (T, Told) {
        let over = AtomicBool::new(false);
        let board = &self.board;
        let outcome = std::thread::scope(|scope| {
            for (number, person) in self.people.iter_mut().enumerate() {
                let (over, base) = (&over, &bases[number % bases.len()]);
                scope.spawn(move || {
                    let mut random = Generator::of(1, 0, number as u64);
                    let line = Line {
                        agent: agent(),
                        base,
                        board,
                    };
                    while !over.load(Ordering::Relaxed) {
                        let resolved = person.resolve(&line, &mut random);
                        let acted = resolved.and_then(|()| person.act(&line, 0, &mut random));
                        if acted.is_err() {
                            // As somebody who looks at the page that says so.
                            std::thread::sleep(Duration::from_millis(20));
                        }
                    }
                });
            }
            let meanwhile = |load: &Load| {
                wait_for_acts(board);
                let outcome = meanwhile(load);
                wait_for_acts(board);
                outcome
            };
            let load = || under_load(bases, readers, meanwhile);
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(load));
            over.store(true, Ordering::Relaxed);
            outcome
        });
        outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }

    fn journal(&self) -> Vec<&Entry> {
        let people = self.people.iter();
        people.flat_map(|person| &person.journal).collect()
    }

    /// Acts that were answered 503, or whose line broke.
    pub fn unanswered(&self) -> usize {
        let journal = self.journal();
        journal.iter().filter(|entry| entry.is_unknown()).count()
    }

    /// What was acknowledged is there, and nothing is half there.
    pub fn assert_kept(&self, db: &mut Db) {
        let journal = self.journal();
        let faults = verdict::faults(db, &journal);
        assert!(
            faults.is_empty(),
            "{} faults:\n{}",
            faults.len(),
            faults.join("\n")
        );
        for name in ["decisions", "undone", "withdrawals"] {
            let done = journal.iter().filter(|entry| entry.act.name() == name);
            assert!(
                done.filter(|entry| entry.is_done()).count() > 0,
                "no {name}"
            );
        }
        eprintln!("the newsroom: {}; 0 lost, 0 half", summary(&journal));
    }
}
