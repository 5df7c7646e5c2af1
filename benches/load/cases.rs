//! What is measured. Each case runs over every site by turns, ours and the limit one after the other, so that whatever disturbs
//! the machine disturbs all of them.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rejoinder::store::Db;

use super::answer::Reading;
use super::beside;
use super::database::{Databases, connect};
use super::discussion::{CROWD, HUNDRED};
use super::generator::{Round, Wave, drive};
use super::options::Options;
use super::process::Process;
use super::raw::{self, Raw};
use super::replies::{self, Deciding};
use super::request::Get;
use super::site::Site;
use super::table::{Row, Table, grouped, median};

pub const IDENTITY: &str = "cached article, 100 comments, identity";
pub const BROTLI: &str = "cached article, 100 comments, br";
pub const KNOWN: &str = "cached article, 100 comments, 304";
pub const CROWDED: &str = "cached article, all comments on it";
pub const FRONT: &str = "front page";
pub const RENDER: &str = "uncached article, 100 comments";
pub const RENDER_CROWDED: &str = "uncached article, all comments on it";
pub const QUEUE: &str = "queue page";
pub const SEARCH: &str = "search";
pub const DECISION: &str = "decision";
pub const REPLIES: [(&str, usize); 3] = [
    ("reply, 1 client", 1),
    ("reply, 64 clients", 64),
    ("reply, 256 clients", 256),
];
pub const START: &str = "start";
pub const BESIDE: &str = "beside the command line";
/// What the server is told for the cases that render each page.
pub const UNCACHED: [(&str, &str); 1] = [("cache.max_mb", "0")];

/// Connections that read public pages, that read the desk, and that decide.
const READERS: usize = 32;
const MODERATORS: usize = 8;
const DECIDING: usize = 16;

/// A case, its connections, and what is asked for.
pub type Read = (&'static str, usize, fn(&Site) -> Get);

pub struct Run {
    pub options: Options,
    pub table: Table,
    /// What does not fit the table.
    pub notes: Vec<String>,
    /// Before the databases: servers end before what they serve goes.
    pub sites: Vec<Site>,
    databases: Databases,
    folder: PathBuf,
    /// Replies posted so far: each is told from the others by its number.
    posted: AtomicU64,
}

impl Run {
    pub fn new(options: Options) -> Self {
        let mut databases = Databases::new(&options);
        let sites = options.sizes.iter().map(|size| {
            eprintln!("a site of {} comments", grouped(*size));
            Site::new(&mut databases, *size)
        });
        let sites = sites.collect();
        let generator = match &databases.generated {
            Some(report) => format!(
                "the generator: {} comments with all that belongs to them in {:.1} s, {} a second",
                grouped(report.comments),
                report.took.as_secs_f64(),
                grouped((report.comments as f64 / report.took.as_secs_f64()) as usize),
            ),
            None => "the generator: not run, the databases were kept".to_owned(),
        };
        Self {
            folder: databases.folder.clone(),
            databases,
            options,
            table: Table::default(),
            notes: vec![generator],
            sites,
            posted: AtomicU64::new(0),
        }
    }

    /// A connection to the database of the largest site.
    pub fn database(&self) -> Db {
        let site = self.sites.last().expect("there are sites");
        connect(&site.url)
    }

    pub fn everything(&mut self) {
        self.starts();
        self.open(&UNCACHED);
        self.reads(&[
            (RENDER, MODERATORS, |_| article(HUNDRED)),
            (RENDER_CROWDED, MODERATORS, |_| article(CROWD)),
        ]);
        self.open(&[]);
        self.reads(&[
            (IDENTITY, READERS, |_| article(HUNDRED)),
            (BROTLI, READERS, |_| brotli(HUNDRED)),
            (KNOWN, READERS, known),
            (CROWDED, READERS, |_| article(CROWD)),
            (FRONT, READERS, |_| Get::identity("/")),
            (QUEUE, MODERATORS, |site| site.desk("/moderation")),
            (SEARCH, MODERATORS, |site| {
                site.desk("/moderation?tab=all&q=the+of")
            }),
        ]);
        self.decisions();
        self.replies();
        self.memory();
        self.beside();
        for site in &mut self.sites {
            site.close();
        }
    }

    fn open(&mut self, settings: &[(&str, &str)]) {
        for site in &mut self.sites {
            site.open(&self.folder, settings);
        }
    }

    /// One case: some rounds over every site, ours and the limit by turns.
    fn alternate(
        &mut self,
        case: &'static str,
        mut ours: impl FnMut(usize, &Site, Duration) -> Round,
        mut limit: impl FnMut(usize, &Site, Duration) -> Option<Round>,
    ) {
        if !self.options.wants(case) {
            return;
        }
        eprintln!("{case}");
        let length = self.options.length;
        let mut rounds: Vec<(Vec<Round>, Vec<Round>)> = vec![Default::default(); self.sites.len()];
        for (at, site) in self.sites.iter().enumerate() {
            ours(at, site, length / 4);
            limit(at, site, length / 4);
        }
        for _ in 0..self.options.rounds {
            for (at, site) in self.sites.iter().enumerate() {
                rounds[at].0.push(ours(at, site, length));
                rounds[at].1.extend(limit(at, site, length));
            }
        }
        for (site, (ours, limit)) in self.sites.iter().zip(rounds) {
            self.table.add(Row {
                case,
                size: site.size,
                memory: (site.ours().memory(), site.limit().map(Process::memory)),
                ours,
                limit,
            });
        }
    }

    /// Pages, beside a server that sends the same bytes from memory.
    fn reads(&mut self, cases: &[Read]) {
        if !cases.iter().any(|(case, ..)| self.options.wants(case)) {
            return;
        }
        for site in &mut self.sites {
            let asked: Vec<Get> = cases.iter().map(|(_, _, get)| get(site)).collect();
            site.start_limit(&self.folder, &asked);
        }
        for (case, clients, get) in cases {
            let wave = |get: &Get, length| Wave {
                clients: *clients,
                length,
                statuses: if get.known.is_some() {
                    &[304, 200]
                } else {
                    &[200]
                },
            };
            let read = |server: &Process, site: &Site, length| {
                let mut get = get(site);
                let mut bytes = get.bytes();
                let wave = wave(&get, length);
                let mut next = |last: &Reading, request: &mut Vec<u8>| {
                    // The page has changed meanwhile, as a page with its number of readers does now and then.
                    if get.known.is_some() && last.status == 200 {
                        get.known = last.header("etag");
                        bytes = get.bytes();
                    }
                    request.extend_from_slice(&bytes);
                };
                drive(server.address, wave, || server.cpu(), &mut next)
            };
            self.alternate(
                case,
                |_, site, length| read(site.ours(), site, length),
                |_, site, length| Some(read(site.limit().unwrap(), site, length)),
            );
        }
        self.again_by_wrk(cases);
    }

    fn decisions(&mut self) {
        if !self.options.wants(DECISION) {
            return;
        }
        let most = self.options.sizes[0] / 20;
        let mut deciding: Vec<Deciding> = self
            .sites
            .iter()
            .map(|site| Deciding::new(site, most))
            .collect();
        self.alternate(
            DECISION,
            |at, site, length| {
                let deciding = &mut deciding[at];
                let wave = Wave {
                    clients: DECIDING.min(deciding.len() / 3).max(1),
                    length,
                    statuses: &[303],
                };
                let mut next = |_: &Reading, request: &mut Vec<u8>| deciding.next(request);
                drive(site.ours().address, wave, || site.ours().cpu(), &mut next)
            },
            |_, _, _| None,
        );
    }

    /// Replies, beside plain inserts of the same rows into a copy of the same database.
    fn replies(&mut self) {
        if !REPLIES.iter().any(|(case, _)| self.options.wants(case)) {
            return;
        }
        self.settle();
        self.see_what_a_reply_writes();
        let mut raws: Vec<Raw> = Vec::new();
        for site in &self.sites {
            self.post(site, 64, Duration::from_millis(200));
            let copy = self.databases.copy(site.size, "raw");
            raws.push(Raw::new(&site.url, &copy));
        }
        for (case, clients) in REPLIES {
            let posted = std::mem::take(&mut self.posted);
            self.alternate(
                case,
                |_, site, length| post(&posted, site, clients, length),
                |at, _, length| Some(raws[at].insert(clients, length)),
            );
            self.posted = posted;
        }
    }

    fn post(&self, site: &Site, clients: usize, length: Duration) -> Round {
        post(&self.posted, site, clients, length)
    }

    /// The limit would be none if it left rows out that the server writes.
    fn see_what_a_reply_writes(&self) {
        let site = &self.sites[0];
        let before = raw::rows_by_table(&site.url);
        let mut request = Vec::new();
        let number = self.posted.fetch_add(1, Ordering::Relaxed);
        replies::write(&mut request, HUNDRED, number);
        let answer = site.ask(&request);
        assert_eq!(answer.status, 303, "{}", answer.text());
        let after = raw::rows_by_table(&site.url);
        let written: Vec<_> = before
            .iter()
            .zip(&after)
            .filter(|(before, after)| before != after)
            .map(|((name, before), (_, after))| (name.as_str(), after - before))
            .collect();
        let known = ["comment_networks", "comment_terms", "comments"].map(|name| (name, 1));
        assert_eq!(
            written, known,
            "what a reply writes has changed: see raw.rs"
        );
    }

    /// How long it takes from the start of the program to its first answer.
    fn starts(&mut self) {
        if !self.options.wants(START) {
            return;
        }
        for site in &self.sites {
            let mut times = Vec::new();
            for _ in 0..self.options.rounds {
                let process = Process::serve(&self.folder, &site.url, &[]);
                times.push(process.woke.as_secs_f64() * 1e3);
                process.stop();
            }
            let time = median(times);
            let what = format!(
                "ms from start to first answer, {} comments",
                grouped(site.size)
            );
            self.table.at_most(&what, Some(time), 100.0, " ms");
        }
    }

    /// Posting while the command line works on the largest site.
    fn beside(&mut self) {
        if !self.options.wants(BESIDE) {
            return;
        }
        let Some(site) = self.sites.last() else {
            return;
        };
        for (what, posted) in beside::run(site, &self.folder, self.options.smoke, &self.posted) {
            let said = match &posted {
                Ok(posted) => format!("{posted}, over {} comments", grouped(site.size)),
                Err(sentence) => sentence.clone(),
            };
            self.notes.push(format!("{what}: {said}"));
            let found = posted.ok().map(|posted| posted.p99);
            self.table
                .at_most(&format!("p99 of {what}"), found, 100.0, " ms");
        }
    }
}

fn post(posted: &AtomicU64, site: &Site, clients: usize, length: Duration) -> Round {
    let wave = Wave {
        clients,
        length,
        statuses: &[303],
    };
    let mut next = |_: &Reading, request: &mut Vec<u8>| {
        let number = posted.fetch_add(1, Ordering::Relaxed);
        replies::write(request, HUNDRED, number);
    };
    drive(site.ours().address, wave, || site.ours().cpu(), &mut next)
}

pub fn article(slug: &str) -> Get {
    Get::identity(&format!("/articles/{slug}"))
}

pub fn brotli(slug: &str) -> Get {
    Get {
        encoding: "br",
        ..article(slug)
    }
}

/// The article, as a client asks for it that has it already.
fn known(site: &Site) -> Get {
    let get = article(HUNDRED);
    let answer = site.ask(&get.bytes());
    Get {
        known: answer.header("etag").map(str::to_owned),
        ..get
    }
}
