//! The newsroom of a history: its server, which comes and goes, and everybody in it.

use std::process::Stdio;
use std::sync::Barrier;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rejoinder::moderation::Role;
use rejoinder::store::{moderators, transaction};
use rejoinder::text;
use rejoinder::time::Timestamp;

use super::clients::{Board, Desk, Line, Person, agent};
use super::generator::Generator;
use super::journal::{Act, Entry, Outcome};
use super::support::program::{self, Program};
use super::support::{Client, Database, Engine, PASSWORD, rows};
use super::{pages, verdict};

pub const ARTICLES: usize = 5;
/// One of so many clients moderates.
const CLIENTS_TO_A_MODERATOR: usize = 3;

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
        let mut db = database.connect();
        for article in 0..ARTICLES {
            rows::article(&mut db, &format!("article-{article}"));
        }
        let program = Program::start(&database);
        let hash = rejoinder::passwords::hash(PASSWORD).unwrap();
        let people = (0..clients)
            .map(|number| {
                let desk = (number < clients.div_ceil(CLIENTS_TO_A_MODERATOR)).then(|| {
                    let name = format!("Moderator {number}");
                    let key = text::mimic_key(&name);
                    let moderator = transaction(&mut db, |db| {
                        moderators::add(db, &name, &key, Role::Moderator, &hash, Timestamp::now())
                    });
                    sign_in(&program.base, moderator.unwrap().unwrap(), &name)
                });
                Person::new(number, desk)
            })
            .collect();
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
    pub fn play(&mut self, round: u64, enough: u64, after: Duration) {
        let program = self
            .program
            .take()
            .unwrap_or_else(|| Program::start(&self.database));
        let base = program.base.clone();
        let begin = Barrier::new(self.people.len() + 1);
        let (board, seed) = (&self.board, self.seed);
        std::thread::scope(|scope| {
            for (number, person) in self.people.iter_mut().enumerate() {
                let (base, begin) = (&base, &begin);
                scope.spawn(move || {
                    let mut random = Generator::of(seed, round, number as u64);
                    let line = Line {
                        agent: agent(),
                        base,
                        board,
                    };
                    // Before moderators decide on what may be sent again.
                    let resolved = person.resolve(&line, &mut random);
                    begin.wait();
                    assert!(resolved.is_ok(), "the line broke before the kill");
                    let begun = Instant::now();
                    while person.act(&line, round, &mut random).is_ok() {
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
            std::thread::sleep(after);
            program.kill();
            self.kills += 1;
        });
    }

    /// Starts the server and kills it before it serves, or soon after.
    pub fn kill_while_starting(&mut self, after: Duration) {
        let mut child = program::serve(&self.database)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
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
        let program = Program::start(&self.database);
        let faults = pages::faults(&mut self.database.connect(), &program.base);
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
        let journal = self.journal();
        let of = |is: &dyn Fn(&Act) -> bool| {
            let done = journal.iter().filter(|entry| entry.is_done());
            done.filter(|entry| is(&entry.act)).count()
        };
        let told = |is: &dyn Fn(&Outcome) -> bool| {
            let told = journal.iter().filter(|entry| is(&entry.outcome));
            told.count()
        };
        format!(
            "{} kills, {} clients, {} acknowledged ({} replies, {} edits, {} withdrawals, {} decisions, {} undone, \
             {} reports, {} openings and closings), {} refused, {} never answered; 0 lost, 0 doubled",
            self.kills,
            self.people.len(),
            told(&|outcome| matches!(outcome, Outcome::Done(_))),
            of(&|act| matches!(act, Act::Post { .. })),
            of(&|act| matches!(act, Act::Edit { .. })),
            of(&|act| matches!(act, Act::Withdraw { .. })),
            of(&|act| matches!(act, Act::Decide { .. })),
            of(&|act| matches!(act, Act::Undo { .. })),
            of(&|act| matches!(act, Act::Report { .. })),
            of(&|act| matches!(act, Act::Turn { .. })),
            told(&|outcome| matches!(outcome, Outcome::Refused(_))),
            told(&|outcome| *outcome == Outcome::Unknown),
        )
    }
}

fn sign_in(base: &str, moderator: i64, name: &str) -> Desk {
    let client = Client::new(base);
    assert_eq!(client.sign_in(name, PASSWORD).status, 303);
    let csrf = client.get("/moderation").value("input[name=csrf]");
    let session = client.cookie("session").unwrap();
    Desk {
        moderator,
        session: format!("session={session}"),
        csrf,
    }
}
