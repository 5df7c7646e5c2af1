//! What every query of the pages, the desk and the jobs takes over a database filled `--until today`, to be held beside a smaller one:
//! `cargo run --release --example growth -- --database sqlite:large.db --beside sqlite:small.db`. Nothing is changed.

use std::time::Instant;

use clap::Parser;
use diesel::dsl::max;
use diesel::prelude::*;
use rejoinder::moderation::{Decision, Status};
use rejoinder::store::articles::Seek;
use rejoinder::store::audit_filter::{By, Filter, Group};
use rejoinder::store::author_page;
use rejoinder::store::comments::{self, Below, Sort};
use rejoinder::store::decisions::{self, Decided, Verdict};
use rejoinder::store::listed::Reader;
use rejoinder::store::listing::Listing;
use rejoinder::store::schema::{articles as a, comments as c};
use rejoinder::store::{
    self, Db, Result, Target, Upgrade, article_desk, audit_log, audit_seals, branches, bulks,
    claims, desk, feeds, outbox, queue, receipts, rehearse, retention, today, undoing,
};
use rejoinder::time::{DAY, MINUTE, Timestamp};

/// How often each is measured.
const TIMES: usize = 15;

#[derive(Debug, Parser)]
struct Options {
    #[arg(long, value_name = "URL")]
    database: String,
    /// A smaller one
    #[arg(long, value_name = "URL")]
    beside: Option<String>,
    /// Only what has this in its name
    #[arg(long, default_value = "")]
    only: String,
}

/// What is looked at in a database.
struct Sample {
    now: Timestamp,
    reader: Reader,
    waiting: i64,
    public: i64,
    last: i64,
    /// The article with the most comments.
    article: i64,
    slug: String,
    /// A comment of it in the middle, and the one with the most below it.
    middle: i64,
    crowd: i64,
    author: i64,
    network: String,
    receipt: String,
}

impl Sample {
    fn of(db: &mut Db) -> Result<Self> {
        let now = Timestamp::now();
        let (article, slug) = a::table
            .order(a::comment_count.desc())
            .select((a::id, a::slug))
            .first(db)?;
        let public = || c::table.filter(c::status.eq(Status::Approved.code()));
        let last: i64 = c::table
            .select(max(c::id))
            .first::<Option<i64>>(db)?
            .unwrap_or(1);
        let latest: (i64, String) = public()
            .order(c::id.desc())
            .select((c::id, c::receipt))
            .first(db)?;
        let network: Option<Vec<u8>> = c::table
            .filter(c::network.is_not_null())
            .order(c::id.desc())
            .select(c::network)
            .first(db)?;
        let author: Option<i64> = c::table
            .filter(c::author_id.is_not_null())
            .filter(c::id.gt(last / 2))
            .order(c::id.asc())
            .select(c::author_id)
            .first(db)?;
        Ok(Self {
            now,
            reader: Reader { moderator: 1, now },
            waiting: c::table
                .filter(c::status.eq(0))
                .order(c::id.asc())
                .select(c::id)
                .first(db)?,
            public: latest.0,
            last,
            middle: public()
                .filter(c::article_id.eq(article))
                .filter(c::id.gt(last / 2))
                .order(c::id.asc())
                .select(c::id)
                .first(db)?,
            crowd: public()
                .filter(c::article_id.eq(article))
                .filter(c::parent_id.is_null())
                .order(c::public_descendants.desc())
                .select(c::id)
                .first(db)?,
            article,
            slug,
            author: author.unwrap_or(1),
            network: store::token::hex(&network.unwrap_or_default()),
            receipt: latest.1,
        })
    }
}

type Case = (String, Box<dyn Fn(&mut Db, &Sample) -> Result<()>>);

fn case(name: &str, work: impl Fn(&mut Db, &Sample) -> Result<()> + 'static) -> Case {
    (name.to_owned(), Box::new(work))
}

/// Lists of the desk: ARTICLE, AUTHOR, NETWORK, MIDDLE stand for those of the sample.
#[rustfmt::skip]
const LISTS: [&str; 40] = [
    "", "sort=newest", "sort=risk", "from=MIDDLE", "tab=reported", "tab=reported&sort=risk", "tab=appeals", "tab=published",
    "tab=published&sort=oldest", "tab=rejected", "tab=rejected&sort=oldest", "tab=spam", "tab=all", "tab=all&from=MIDDLE",
    "article=ARTICLE", "tab=all&article=ARTICLE", "tab=spam&article=ARTICLE", "tab=all&author=AUTHOR",
    "tab=spam&author=AUTHOR", "tab=all&network=NETWORK", "why=links", "why=too-fast", "why=staff-name",
    "sort=risk&article=ARTICLE&why=links", "tab=all&status=withdrawn", "age=over-week", "sort=risk&age=day", "claim=mine",
    "tab=all&q=the", "q=the", "tab=all&q=the&sort=oldest", "tab=all&q=ferry", "tab=all&q=the+ferry",
    "tab=all&q=ferry+harbour+bridge", "tab=all&q=zzyzx", "tab=all&q=mentwick", "tab=all&q=fe", "tab=all&q=渡轮",
    "tab=all&q=мост", "tab=spam&q=ferry",
];

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for words in LISTS {
        cases.push(case(&format!("list {words}"), move |db, sample| {
            let words = words
                .replace("ARTICLE", &sample.article.to_string())
                .replace("AUTHOR", &sample.author.to_string())
                .replace("NETWORK", &sample.network)
                .replace("MIDDLE", &sample.middle.to_string());
            let Some(list) = Listing::parse(&words) else {
                return Ok(());
            };
            desk::chosen(db, &list)?;
            queue::items(db, &list, sample.reader).map(drop)
        }));
    }
    cases.extend([
        case("counts of the tabs", |db, _| queue::counts(db).map(drop)),
        case("oldest waiting", |db, _| {
            queue::oldest_waiting(db).map(drop)
        }),
        case("decided since this morning", |db, sample| {
            desk::since(db, sample.now.plus(-DAY)).map(drop)
        }),
        case("decide", |db, sample| {
            let verdict = verdict(sample, sample.waiting);
            rehearse(db, |db| decisions::decide(db, &verdict)).map(drop)
        }),
        case("decide and undo", |db, sample| {
            let verdict = verdict(sample, sample.waiting);
            rehearse(db, |db| match decisions::decide(db, &verdict)? {
                Decided::Done(done) => undoing::undo(db, done.decision, 1, sample.now).map(drop),
                _ => Ok(()),
            })
        }),
        case("claim", |db, sample| {
            rehearse(db, |db| {
                claims::claim(
                    db,
                    sample.waiting,
                    sample.reader,
                    MINUTE,
                    claims::Hold::Light,
                )
            })
            .map(drop)
        }),
        case("claim the next", |db, sample| {
            let list = Listing::default();
            rehearse(db, |db| {
                claims::claim_next(db, &list, sample.reader, MINUTE)
            })
            .map(drop)
        }),
        case("preview of a bulk", |db, sample| {
            bulks::preview(db, &Listing::default(), Decision::Approve, sample.reader).map(drop)
        }),
        case("author page", |db, sample| {
            author_page::of_author(db, sample.author, &Listing::default(), sample.reader).map(drop)
        }),
        case("item", |db, sample| {
            queue::item(db, sample.waiting, sample.now).map(drop)
        }),
        case("articles of the desk", |db, _| {
            article_desk::page(db, Seek::First).map(drop)
        }),
        case("receipt", |db, sample| {
            receipts::find(db, &sample.receipt, sample.now).map(drop)
        }),
        case("feed", |db, sample| {
            feeds::comments(db, sample.article).map(drop)
        }),
        case("numbers of articles", |db, sample| {
            feeds::counts(db, std::slice::from_ref(&sample.slug)).map(drop)
        }),
        case("front page", |db, _| {
            rejoinder::store::articles::newest(db, Seek::First, 20).map(drop)
        }),
        case("article", |db, sample| {
            rejoinder::store::articles::find(db, &sample.slug).map(drop)
        }),
        case("permalink", |db, sample| {
            branches::place(db, sample.middle).map(drop)
        }),
        case("branch", |db, sample| {
            branches::find(db, sample.crowd, 0).map(drop)
        }),
        case("branch from the middle", |db, sample| {
            branches::find(db, sample.crowd, sample.last / 2).map(drop)
        }),
    ]);
    for sort in Sort::ALL {
        for (place, from) in [("start", 0), ("middle", 1), ("end", 2)] {
            let name = format!("discussion {}, {place}", sort.word());
            cases.push(case(&name, move |db, sample| {
                let from = [0, sample.middle, sample.public][from];
                let below = Below::Article(sample.article);
                comments::discussion(db, below, sort, from).map(drop)
            }));
        }
    }
    cases.extend(of_the_log());
    cases.extend(of_jobs());
    cases
}

fn of_the_log() -> Vec<Case> {
    let log = |name: &str, filter: fn(&Sample) -> Filter| {
        case(&format!("log {name}"), move |db, sample| {
            audit_log::page(db, &filter(sample), Seek::First).map(drop)
        })
    };
    let none = |_: &Sample| Filter::default();
    let mut cases = vec![
        log("all", none),
        log("of a moderator", |_| Filter {
            who: Some(By::Moderator(1)),
            ..Filter::default()
        }),
        log("of the policy", |_| Filter {
            who: Some(By::Policy),
            ..Filter::default()
        }),
        log("of the command line", |_| Filter {
            who: Some(By::CommandLine),
            ..Filter::default()
        }),
        log("of a comment", |sample| Filter {
            comment: Some(sample.public),
            ..Filter::default()
        }),
        log("of a day", |sample| Filter {
            from: Some(sample.now.plus(-40 * DAY)),
            to: Some(sample.now.plus(-39 * DAY)),
            ..Filter::default()
        }),
        log("spam of a moderator", |_| Filter {
            who: Some(By::Moderator(1)),
            act: Some(Group::Spam),
            ..Filter::default()
        }),
        log("withdrawn of a day", |sample| Filter {
            act: Some(Group::Withdrawn),
            from: Some(sample.now.plus(-40 * DAY)),
            to: Some(sample.now.plus(-39 * DAY)),
            ..Filter::default()
        }),
    ];
    for group in Group::ALL {
        let name = format!("log of {}", group.word());
        cases.push(case(&name, move |db, _| {
            let filter = Filter {
                act: Some(group),
                ..Filter::default()
            };
            audit_log::page(db, &filter, Seek::First).map(drop)
        }));
    }
    cases
}

fn of_jobs() -> Vec<Case> {
    vec![
        case("networks to let go", |db, sample| {
            let before = sample.now.plus(-11 * DAY);
            rehearse(db, |db| retention::comment_networks(db, before)).map(drop)
        }),
        case("rejected to let go", |db, sample| {
            let before = sample.now.plus(-100 * DAY);
            rehearse(db, |db| {
                retention::texts(db, Status::Rejected, before, sample.now)
            })
            .map(drop)
        }),
        case("no spam to let go", |db, sample| {
            let before = sample.now.plus(-DAY * 30);
            rehearse(db, |db| {
                retention::texts(db, Status::Spam, before, sample.now)
            })
            .map(drop)
        }),
        case("contacts to let go", |db, sample| {
            let before = sample.now.plus(-DAY);
            rehearse(db, |db| retention::report_contacts(db, before)).map(drop)
        }),
        case("devices to let go", |db, sample| {
            rehearse(db, |db| retention::devices(db, sample.now)).map(drop)
        }),
        case("outbox is due", |db, sample| {
            outbox::is_due(db, sample.now).map(drop)
        }),
        case("outbox claim", |db, sample| {
            rehearse(db, |db| outbox::claim(db, sample.now)).map(drop)
        }),
        case("seal", |db, sample| {
            rehearse(db, |db| audit_seals::seal(db, sample.now)).map(drop)
        }),
        case("today", |db, sample| {
            let from = Timestamp(sample.now.0 - sample.now.0 % DAY - DAY);
            let period = rejoinder::time::Period {
                from,
                until: from.plus(DAY),
            };
            today::Day::of(db, period, 1).map(drop)
        }),
    ]
}

fn verdict(sample: &Sample, comment: i64) -> Verdict {
    Verdict {
        comment,
        version: 1,
        decision: Decision::Approve,
        rule: None,
        note: String::new(),
        revision: None,
        appeal: None,
        moderator: 1,
        now: sample.now,
        undo_window: MINUTE,
        bulk: None,
    }
}

/// Median and longest, in milliseconds.
fn measure(db: &mut Db, sample: &Sample, case: &Case) -> Result<(f64, f64)> {
    (case.1)(db, sample)?;
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let begun = Instant::now();
        (case.1)(db, sample)?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        if times.iter().sum::<f64>() > 8_000.0 {
            break;
        }
    }
    times.sort_by(f64::total_cmp);
    Ok((times[times.len() / 2], times[times.len() - 1]))
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let open = |url: &str| -> anyhow::Result<(Db, Sample)> {
        let mut db = store::open(&Target::parse(url)?, Upgrade::No)?;
        let sample = Sample::of(&mut db)?;
        Ok((db, sample))
    };
    let mut large = open(&options.database)?;
    let mut small = options.beside.as_deref().map(open).transpose()?;
    println!(
        "{:<44}{:>10}{:>10}{:>10}{:>8}",
        "median, ms", "large", "longest", "small", "ratio"
    );
    for case in cases() {
        if !case.0.contains(&options.only) {
            continue;
        }
        let (median, longest) = measure(&mut large.0, &large.1, &case)?;
        print!("{:<44}{median:>10.2}{longest:>10.2}", case.0);
        if let Some((db, sample)) = &mut small {
            let (beside, _) = measure(db, sample, &case)?;
            print!("{beside:>10.2}{:>8.2}", median / beside);
        }
        println!();
    }
    Ok(())
}
