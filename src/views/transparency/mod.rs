//! The public report: what readers sent in a month, and what was decided.

pub mod data;

use askama::Template;

use super::chart::{Chart, percent};
use super::dates::Dates;
use super::frame::Frame;
use super::{Phrases, Site, render};
use crate::moderation::Ground;
use crate::store::figures::{Column, Comments, Figures, Months, OnGround, Report};
use crate::time::{Month, Period, Timestamp};

/// Months on a page of the list of reports.
const LISTED: usize = 36;

#[derive(Template)]
#[template(path = "transparency.html")]
struct ReportView<'a> {
    page: Frame<'a>,
    lead: String,
    /// Empty for a report that is finished.
    running: String,
    keys: Vec<(String, String)>,
    caption: String,
    grounds: Vec<GroundLine>,
    /// Comments of the commonest ground.
    most: i64,
    chart: Chart,
    tallest: String,
    year: Vec<YearLine>,
    objections: Vec<(String, String)>,
    how: String,
    links: Vec<(String, String)>,
}

struct GroundLine {
    title: String,
    /// "rule 4"; empty for none.
    rule: String,
    number: i16,
    link: bool,
    count: String,
    width: i64,
    share: String,
}

struct YearLine {
    month: String,
    received: String,
    published: String,
    refused: String,
}

/// The report of a month of the site.
pub fn page(site: &Site, month: Month, months: &Months, report: &Report) -> String {
    let phrases = site.phrases;
    let named = month_name(phrases, month);
    let title = phrases.say_with("figures-title-month", &[("month", &named)]);
    let at = |format: &str| format!("/transparency?month={month}&format={format}");
    let mut links = vec![
        (at("csv"), phrases.say("figures-csv")),
        (at("json"), phrases.say("figures-json")),
    ];
    for (way, reached) in [(-1, months.first), (1, months.current)] {
        let neighbour = month.plus(way).filter(|_| month != reached);
        links.extend(neighbour.map(|to| (address(to), month_name(phrases, to))));
    }
    links.push((
        "/transparency/months".to_owned(),
        phrases.say("figures-all"),
    ));
    let running = if month == months.current {
        phrases.say("figures-running")
    } else {
        String::new()
    };
    let frame = Frame::public(site, &title).at(address(month));
    view(frame, running, report, links)
}

/// The report of any days, to be kept as a file.
pub fn document(site: &Site, report: &Report) -> String {
    let (from, to) = ends(site, report.period);
    let names = [("from", from.as_str()), ("to", to.as_str())];
    let title = site.phrases.say_with("figures-title-days", &names);
    let frame = Frame::public(site, &title);
    view(frame, String::new(), report, Vec::new())
}

/// The first and the last day: "1 April 2026".
fn ends(site: &Site, period: Period) -> (String, String) {
    let dates = Dates::new(site, period.from);
    (dates.date(period.from), dates.date(period.until.plus(-1)))
}

fn address(month: Month) -> String {
    format!("/transparency?month={month}")
}

/// "April 2026".
fn month_name(phrases: &Phrases, month: Month) -> String {
    let name = phrases.count("month", i64::from(month.month));
    let year = month.year.to_string();
    phrases.say_with("figures-month-year", &[("month", &name), ("year", &year)])
}

fn view(page: Frame<'_>, running: String, report: &Report, links: Vec<(String, String)>) -> String {
    let site = page.site;
    let phrases = site.phrases;
    let figures = &report.figures;
    let refused = figures.comments.refused();
    let most = figures.grounds.first().map_or(1, |most| most.comments);
    let short = |column: &Column| {
        let month = i64::from(column.month.month);
        let comments = &column.comments;
        let label = phrases.count("figures-month-short", month);
        (label, comments.published, comments.refused())
    };
    render(&ReportView {
        lead: lead(phrases, figures),
        running,
        keys: keys(site, figures),
        caption: phrases.count("figures-grounds-caption", refused),
        grounds: figures
            .grounds
            .iter()
            .map(|ground| GroundLine::new(phrases, ground, refused))
            .collect(),
        most,
        chart: Chart::new(report.year.iter().map(short).collect()),
        tallest: tallest(phrases, &report.year),
        year: report
            .year
            .iter()
            .map(|column| YearLine {
                month: month_name(phrases, column.month),
                received: phrases.number(column.comments.received),
                published: phrases.number(column.comments.published),
                refused: phrases.number(column.comments.refused()),
            })
            .collect(),
        objections: objections(site, figures),
        how: how(phrases, figures),
        links,
        page,
    })
}

impl GroundLine {
    fn new(phrases: &Phrases, ground: &OnGround, refused: i64) -> Self {
        let number = match ground.ground {
            Some(Ground::Rule(number) | Ground::Illegal(number)) => Some(number),
            Some(Ground::Spam) | None => None,
        };
        Self {
            title: match ground.ground {
                Some(Ground::Rule(_) | Ground::Illegal(_)) => ground.title.clone(),
                Some(Ground::Spam) => phrases.say("figures-ground-spam"),
                None => phrases.say("figures-ground-other"),
            },
            rule: number.map_or_else(String::new, |number| {
                phrases.say_with("rule-number", &[("number", &number.to_string())])
            }),
            number: number.unwrap_or(0),
            link: ground.in_force,
            count: phrases.number(ground.comments),
            width: ground.comments,
            share: phrases.count("figures-percent", percent(ground.comments, refused)),
        }
    }
}

/// The totals in a few sentences; mistakes among them.
fn lead(phrases: &Phrases, figures: &Figures) -> String {
    let Comments {
        received,
        published,
        rejected,
        spam,
        withdrawn,
        waiting,
        ..
    } = figures.comments;
    let mut lead = vec![if received == 0 {
        phrases.say("figures-lead-none")
    } else {
        let [published, rejected, spam] =
            [published, rejected, spam].map(|count| phrases.number(count));
        phrases.count_with(
            "figures-lead",
            received,
            &[
                ("published", &published),
                ("rejected", &rejected),
                ("spam", &spam),
            ],
        )
    }];
    if withdrawn > 0 {
        lead.push(phrases.count("figures-lead-withdrawn", withdrawn));
    }
    if waiting > 0 {
        lead.push(phrases.count("figures-lead-waiting", waiting));
    }
    if figures.appeals.reversed > 0 {
        lead.push(phrases.count("figures-lead-reversed", figures.appeals.reversed));
    }
    lead.join(" ")
}

/// A length of time, or that there is none.
fn length(site: &Site, milliseconds: Option<i64>) -> String {
    let dates = Dates::new(site, Timestamp(0));
    milliseconds.map_or_else(
        || site.phrases.say("figures-none"),
        |length| dates.length(length),
    )
}

fn keys(site: &Site, figures: &Figures) -> Vec<(String, String)> {
    let phrases = site.phrases;
    let decisions = &figures.decisions;
    let quick = match decisions.first {
        0 => phrases.say("figures-none"),
        first => phrases.count("figures-percent", percent(decisions.quick, first)),
    };
    let [part, whole] =
        [figures.appeals.reversed, figures.appeals.received].map(|count| phrases.number(count));
    let reversed = phrases.say_with("figures-of", &[("part", &part), ("whole", &whole)]);
    vec![
        (
            phrases.say("figures-median"),
            length(site, decisions.median),
        ),
        (
            phrases.say("figures-ninetieth"),
            length(site, decisions.ninetieth),
        ),
        (phrases.say("figures-quick"), quick),
        (phrases.say("figures-reversed-of"), reversed),
        (
            phrases.say("figures-by-software"),
            phrases.number(decisions.by_software),
        ),
        (
            phrases.say("figures-at-once"),
            phrases.number(figures.comments.at_once),
        ),
    ]
}

fn tallest(phrases: &Phrases, year: &[Column]) -> String {
    let Some(column) = year.iter().max_by_key(|column| column.comments.received) else {
        return String::new();
    };
    let month = month_name(phrases, column.month);
    let refused = phrases.number(column.comments.refused());
    phrases.count_with(
        "figures-tallest",
        column.comments.received,
        &[("month", &month), ("refused", &refused)],
    )
}

fn objections(site: &Site, figures: &Figures) -> Vec<(String, String)> {
    let phrases = site.phrases;
    let (appeals, reports) = (&figures.appeals, &figures.reports);
    let number = |n| phrases.number(n);
    vec![
        (phrases.say("figures-appeals"), number(appeals.received)),
        (
            phrases.say("figures-appeals-reversed"),
            number(appeals.reversed),
        ),
        (
            phrases.say("figures-appeals-upheld"),
            number(appeals.upheld),
        ),
        (
            phrases.say("figures-appeals-withdrawn"),
            number(appeals.withdrawn),
        ),
        (phrases.say("figures-appeals-open"), number(appeals.open)),
        (
            phrases.say("figures-appeals-median"),
            length(site, appeals.median),
        ),
        (phrases.say("figures-reports"), number(reports.received)),
        (
            phrases.say("figures-reports-removed"),
            number(reports.removed),
        ),
        (phrases.say("figures-reports-kept"), number(reports.kept)),
        (
            phrases.say("figures-reports-withdrawn"),
            number(reports.withdrawn),
        ),
        (phrases.say("figures-reports-open"), number(reports.open)),
    ]
}

fn how(phrases: &Phrases, figures: &Figures) -> String {
    let decided = match figures.decisions.by_software {
        0 => phrases.say("figures-how-people"),
        alone => phrases.count("figures-how-software", alone),
    };
    match figures.comments.at_once {
        0 => decided,
        count => {
            let at_once = phrases.count("figures-how-at-once", count);
            format!("{decided} {at_once}")
        }
    }
}

#[derive(Template)]
#[template(path = "transparency_months.html")]
struct MonthsView<'a> {
    page: Frame<'a>,
    lead: String,
    months: Vec<(String, String)>,
    /// Empty on the last page.
    older: String,
}

/// The list of reports, latest first: those before a month, or the latest.
pub fn list(site: &Site, months: &Months, before: Option<Month>) -> String {
    let title = site.phrases.say("figures-all");
    let frame = Frame::public(site, &title);
    listing(frame, String::new(), months, before)
}

/// That there is no report of some month, and the reports there are.
pub fn none(site: &Site, months: &Months) -> String {
    let title = site.phrases.say("figures-no-report");
    let frame = Frame {
        private: true,
        ..Frame::public(site, &title)
    };
    let lead = site.phrases.say("figures-no-report-text");
    listing(frame, lead, months, None)
}

fn listing(page: Frame<'_>, lead: String, months: &Months, before: Option<Month>) -> String {
    let phrases = page.site.phrases;
    let latest = before
        .and_then(|before| before.plus(-1))
        .map_or(months.current, |latest| latest.min(months.current));
    let listed: Vec<Month> = std::iter::successors(Some(latest), |month| month.plus(-1))
        .take_while(|month| *month >= months.first)
        .take(LISTED)
        .collect();
    let older = listed
        .last()
        .filter(|last| **last > months.first)
        .map_or_else(String::new, |last| {
            format!("/transparency/months?before={last}")
        });
    render(&MonthsView {
        lead,
        months: listed
            .into_iter()
            .map(|month| (address(month), month_name(phrases, month)))
            .collect(),
        older,
        page,
    })
}
