//! Readers who post and read without a pause, send again what was answered 503, and keep what they were told.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use rejoinder::store::Db;
use rejoinder::store::schema::{articles, comments};

pub const ARTICLE: &str = "/articles/ferry";
/// How long a request may take before its reader gives up: longer than any of ours.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer, and when it came.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    pub at: Instant,
    pub took: Duration,
    /// 0 when the line broke.
    pub status: u16,
    pub posted: bool,
    /// Which of the servers gave it.
    pub server: usize,
}

/// What all readers together were told.
#[derive(Default)]
pub struct Told {
    pub answers: Vec<Answer>,
    /// Bodies with the receipts under which they were acknowledged.
    pub acknowledged: HashMap<String, String>,
    /// Bodies that were sent and never acknowledged.
    pub open: Vec<String>,
    /// 503 pages without the text that was typed.
    pub forgotten: Vec<String>,
}

impl Told {
    pub fn count(&self, posted: bool, status: u16) -> usize {
        let same = |answer: &&Answer| answer.posted == posted && answer.status == status;
        self.answers.iter().filter(same).count()
    }

    /// How long after this moment the last of these servers had acknowledged a reply that was sent after it.
    pub fn recovery(&self, since: Instant, servers: usize) -> Duration {
        let first_of = |server: usize| {
            let later = self
                .answers
                .iter()
                .filter(|answer| answer.server == server && answer.posted && answer.status == 303);
            let later = later.filter(|answer| answer.at - answer.took >= since);
            let first = later.map(|answer| answer.at).min();
            first.expect("no reply was acknowledged any more") - since
        };
        (0..servers).map(first_of).max().unwrap_or_default()
    }

    /// Of the posts, or of the requests for pages.
    pub fn slowest(&self, posted: bool) -> Duration {
        let same = self.answers.iter().filter(|answer| answer.posted == posted);
        same.map(|answer| answer.took).max().unwrap_or_default()
    }

    /// Only what may be told while a database is away: 303 and 503 to who posts, 200 to who reads.
    pub fn assert_civil(&self) {
        let rude: Vec<_> = self
            .answers
            .iter()
            .filter(|answer| match answer.posted {
                true => !matches!(answer.status, 303 | 503),
                false => answer.status != 200,
            })
            .collect();
        assert!(rude.is_empty(), "{} of them: {:?}", rude.len(), rude[0]);
        assert!(self.forgotten.is_empty(), "text lost: {:?}", self.forgotten);
    }

    /// Every acknowledged reply is there once, under its receipt; every other one once or not at all; and nothing else is on their
    /// article.
    pub fn assert_kept(&self, db: &mut Db) {
        let rows: Vec<(String, String)> = comments::table
            .inner_join(articles::table)
            .filter(articles::slug.eq("ferry"))
            .select((comments::body, comments::receipt))
            .load(db)
            .unwrap();
        let mut stored: HashMap<String, Vec<String>> = HashMap::new();
        for (body, receipt) in rows {
            stored.entry(body).or_default().push(receipt);
        }
        for (body, receipt) in &self.acknowledged {
            let there = stored.remove(body).unwrap_or_default();
            assert_eq!(there, std::slice::from_ref(receipt), "{body}");
        }
        for body in &self.open {
            let there = stored.remove(body).unwrap_or_default();
            assert!(there.len() <= 1, "{body} is there {} times", there.len());
        }
        assert!(stored.is_empty(), "nobody sent {:?}", stored.keys());
    }

    /// A line for the log of a test.
    pub fn summary(&self) -> String {
        format!(
            "{} replies acknowledged, {} answers 503, {} broken lines; {} pages read, the slowest in {:?}; 0 lost, 0 doubled",
            self.acknowledged.len(),
            self.count(true, 503),
            self.count(true, 0),
            self.count(false, 200),
            self.slowest(false),
        )
    }
}

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(PATIENCE))
        .build()
        .new_agent()
}

/// Runs `meanwhile` while so many readers post to these servers, each to one of them, and goes on until it returns.
pub fn under_load<T>(
    bases: &[String],
    readers: usize,
    meanwhile: impl FnOnce(&Load) -> T,
) -> (T, Told) {
    let load = Load {
        servers: bases.len(),
        ..Load::default()
    };
    let outcome = std::thread::scope(|scope| {
        for reader in 0..readers {
            let (load, server) = (&load, reader % bases.len());
            scope.spawn(move || load.read_and_post(&bases[server], server, reader));
        }
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| meanwhile(&load)));
        load.over.store(true, Ordering::Relaxed);
        outcome
    });
    match outcome {
        Ok(outcome) => (outcome, load.told.into_inner().unwrap()),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

#[derive(Default)]
pub struct Load {
    told: Mutex<Told>,
    over: AtomicBool,
    servers: usize,
}

impl Load {
    /// Waits until each server has acknowledged so many more replies.
    pub fn wait_for(&self, more: usize) {
        self.wait(303, more);
    }

    /// Waits until each server has answered so many more posts with 503.
    pub fn wait_for_refusals(&self, more: usize) {
        self.wait(503, more);
    }

    fn wait(&self, status: u16, more: usize) {
        let counted = || {
            let told = self.told.lock().unwrap();
            let mut counts = vec![0; self.servers];
            for answer in &told.answers {
                counts[answer.server] += usize::from(answer.posted && answer.status == status);
            }
            counts
        };
        let (begun, before) = (Instant::now(), counted());
        while counted()
            .iter()
            .zip(&before)
            .any(|(now, then)| *now < then + more)
        {
            assert!(
                begun.elapsed() < PATIENCE,
                "hardly anything is answered {status}"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn read_and_post(&self, base: &str, server: usize, reader: usize) {
        let agent = agent();
        let mut serial = 0;
        while !self.over.load(Ordering::Relaxed) {
            let body = format!("Reader {reader}, reply {serial}.");
            serial += 1;
            loop {
                let status = self.post(&agent, (base, server), &body);
                self.read(&agent, (base, server));
                if status == 303 {
                    break;
                }
                if self.over.load(Ordering::Relaxed) {
                    self.told.lock().unwrap().open.push(body);
                    return;
                }
                // As a reader who looks at the page that says so.
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }

    fn post(&self, agent: &ureq::Agent, (base, server): (&str, usize), body: &str) -> u16 {
        let begun = Instant::now();
        let form = [("name", "Ama"), ("body", body), ("do", "send")];
        let sent = agent
            .post(format!("{base}{ARTICLE}/replies"))
            .header("origin", base)
            .send_form(form);
        let (status, location, page) = match sent {
            Err(_) => (0, None, String::new()),
            Ok(mut answer) => {
                let location = answer.headers().get("location");
                let location = location.map(|path| path.to_str().unwrap().to_owned());
                let page = answer.body_mut().read_to_string().unwrap_or_default();
                (answer.status().as_u16(), location, page)
            }
        };
        let mut told = self.told.lock().unwrap();
        told.answers.push(Answer {
            at: Instant::now(),
            took: begun.elapsed(),
            status,
            posted: true,
            server,
        });
        if status == 303 {
            let receipt = location.unwrap().rsplit('/').next().unwrap().to_owned();
            told.acknowledged.insert(body.to_owned(), receipt);
        }
        if status == 503 && !page.contains(body) {
            told.forgotten.push(body.to_owned());
        }
        status
    }

    fn read(&self, agent: &ureq::Agent, (base, server): (&str, usize)) {
        let begun = Instant::now();
        let read = agent.get(format!("{base}{ARTICLE}")).call();
        let status = read.map_or(0, |answer| answer.status().as_u16());
        self.told.lock().unwrap().answers.push(Answer {
            at: Instant::now(),
            took: begun.elapsed(),
            status,
            posted: false,
            server,
        });
    }
}
