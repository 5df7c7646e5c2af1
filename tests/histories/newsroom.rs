//! The newsroom of a history: its server, which comes and goes, and everybody in it.

use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::sync::{Barrier, RwLock};
use std::time::{Duration, Instant};

use super::acts::clients::{Board, Line, Person, Unanswered, agent};
use super::acts::generator::Generator;
use super::acts::journal::{Entry, summary};
use super::acts::people::{ARTICLES, people, publishes, settle};
use super::acts::verdict;
use super::pages;
use super::support::program::{self, Program};
use super::support::{Database, Engine};

/// A server that is busy so many times for one and the same person does not come back.
const ENOUGH_OF_BUSY: usize = 40;

pub struct Newsroom {
    pub database: Database,
    program: Option<Program>,
    people: Vec<Person>,
    board: Board,
    seed: u64,
    kills: u64,
    anchors: Vec<String>,
}

impl Newsroom {
    pub fn open(engine: Engine, clients: usize, seed: u64) -> Self {
        let database = Database::new(engine);
        let accounts = settle(&mut database.connect(), clients);
        let program = Program::run(serve(&database));
        let people = people(&program.base, &accounts, clients);
        Self {
            database,
            program: Some(program),
            people,
            board: Board::default(),
            seed,
            kills: 0,
            anchors: Vec::new(),
        }
    }

    /// Everybody asks and is answered until the server is killed: so long after so many acts were acknowledged.
    /// Before that there is a moment at which nobody asks, and what readers get is held against the database.
    pub fn play(&mut self, round: u64, enough: u64, after: Duration, again: &str) {
        let program = self
            .program
            .take()
            .unwrap_or_else(|| Program::run(serve(&self.database)));
        let base = program.base.clone();
        let begin = Barrier::new(self.people.len() + 1);
        // Held by everybody who asks for something; by one alone, it is a moment at which nothing is written.
        let quiet = RwLock::new(());
        let mut faults = Vec::new();
        let (board, seed) = (&self.board, self.seed);
        std::thread::scope(|scope| {
            for (number, person) in self.people.iter_mut().enumerate() {
                let (base, begin, quiet) = (&base, &begin, &quiet);
                scope.spawn(move || {
                    let mut random = Generator::of(seed, round, number as u64);
                    let line = Line {
                        agent: agent(),
                        base,
                        board,
                    };
                    // Before moderators decide on what may be sent again.
                    let resolved = patiently(board, || person.resolve(&line, &mut random));
                    begin.wait();
                    assert_eq!(resolved, Ok(()), "nothing was killed yet");
                    let begun = Instant::now();
                    loop {
                        let asking = quiet.read().unwrap();
                        let acted = patiently(board, || {
                            person.resolve(&line, &mut random)?;
                            person.act(&line, round, &mut random)
                        });
                        match acted {
                            Ok(()) => drop(asking),
                            Err(Unanswered::Broken) => break,
                            Err(Unanswered::Busy) => panic!("busy {ENOUGH_OF_BUSY} times"),
                        }
                        assert!(
                            begun.elapsed() < 3 * program::PATIENCE,
                            "the line does not break"
                        );
                    }
                });
            }
            begin.wait();
            let (begun, before) = (Instant::now(), board.acknowledged.load(Ordering::Relaxed));
            while board.acknowledged.load(Ordering::Relaxed) < before + enough {
                assert!(
                    begun.elapsed() < 2 * program::PATIENCE,
                    "hardly anything is acknowledged"
                );
                std::thread::sleep(Duration::from_millis(1));
            }
            let nobody_asks = quiet.write().unwrap();
            let some = usize::try_from(round).unwrap() % ARTICLES;
            let publishing = (0..ARTICLES).find(|article| publishes(*article)).unwrap();
            let looked_at = [some, publishing];
            faults = pages::faults(&mut self.database.connect(), &base, &looked_at);
            drop(nobody_asks);
            std::thread::sleep(after);
            program.kill();
            self.kills += 1;
        });
        self.fail_with(&faults, again);
    }

    /// Starts the server and kills it before it serves, or soon after.
    pub fn kill_while_starting(&mut self, after: Duration) {
        let mut child = serve(&self.database).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(after);
        child.kill().unwrap();
        child.wait().unwrap();
        self.kills += 1;
    }

    pub fn journal(&self) -> Vec<&Entry> {
        self.people
            .iter()
            .flat_map(|person| &person.journal)
            .collect()
    }

    /// Holds the history against the database.
    pub fn judge(&mut self, again: &str) {
        let mut faults = verdict::faults(&mut self.database.connect(), &self.journal());
        let checked = program::check(&self.database, &self.anchors);
        let said = String::from_utf8_lossy(&checked.stdout).into_owned();
        if !checked.status.success() {
            faults.push(format!("`rejoinder check` says: {said}"));
        }
        // What was sealed once has to be there in every later check.
        let anchor = said.lines().find_map(|line| line.strip_prefix("anchor: "));
        self.anchors.extend(anchor.map(str::to_owned));
        self.fail_with(&faults, again);
    }

    /// Holds the pages against the database.
    pub fn judge_pages(&mut self, again: &str) {
        let program = Program::run(serve(&self.database));
        let faults = pages::all_faults(&mut self.database.connect(), &program.base);
        self.fail_with(&faults, again);
    }

    fn fail_with(&self, faults: &[String], again: &str) {
        let first: Vec<_> = faults.iter().take(20).map(String::as_str).collect();
        assert!(
            faults.is_empty(),
            "{} faults after {} kills, to repeat: {again}\n{}",
            faults.len(),
            self.kills,
            first.join("\n")
        );
    }

    /// The figures of the history in a line.
    pub fn summary(&self) -> String {
        let (kills, clients) = (self.kills, self.people.len());
        let told = summary(&self.journal());
        let busy = self.board.busy.load(Ordering::Relaxed);
        format!("{kills} kills, {clients} clients, {told}, {busy} times busy; 0 lost, 0 doubled")
    }
}

/// Asks again while the server says that it is busy, as somebody does who looks at the page that says so.
fn patiently(
    board: &Board,
    mut ask: impl FnMut() -> Result<(), Unanswered>,
) -> Result<(), Unanswered> {
    for _ in 0..ENOUGH_OF_BUSY {
        let told = ask();
        if told != Err(Unanswered::Busy) {
            return told;
        }
        board.busy.fetch_add(1, Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(Unanswered::Busy)
}

/// Where an author hears of a decision after a second, and may object.
fn serve(database: &Database) -> Command {
    let mut command = program::serve(database);
    command.env("REJOINDER_MODERATION__UNDO_SECONDS", "1");
    command
}
