//! The desk's day: what waits, what came in, how it is going; of a person only to themselves.

use askama::Template;

use super::chart::Chart;
use super::dates::Dates;
use super::frame::Frame;
use super::nav::{self, NavLine, Place};
use super::queue::Desk;
use super::{Site, render};
use crate::store::queue::TabCounts;
use crate::store::today::{Day, Hour};
use crate::time::Timestamp;

/// Under the chart every third hour is named.
const NAMED: usize = 3;

/// What the page is made of.
pub struct Shown {
    pub counts: TabCounts,
    /// When the comment that has waited longest came in.
    pub oldest_waiting: Option<Timestamp>,
    pub day: Day,
}

#[derive(Template)]
#[template(path = "moderation/today.html")]
struct TodayView<'a> {
    page: Frame<'a>,
    desk: &'a Desk,
    nav: Vec<NavLine>,
    keys: Vec<(String, String)>,
    pace: String,
    own: String,
    chart: Chart,
    hours: Vec<HourLine>,
}

struct HourLine {
    clock: String,
    decisions: String,
    own: String,
}

/// The page.
pub fn page(site: &Site, now: Timestamp, desk: &Desk, shown: &Shown) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let day = &shown.day;
    let none = || phrases.say("today-nothing");
    let keys = vec![
        (
            phrases.say("today-waiting"),
            nav::counted(phrases, shown.counts.waiting),
        ),
        (
            phrases.say("today-oldest"),
            shown
                .oldest_waiting
                .map_or_else(none, |since| dates.age(since).text),
        ),
        (
            phrases.say("today-reported"),
            nav::counted(phrases, shown.counts.reported),
        ),
        (
            phrases.say("today-appeals"),
            nav::counted(phrases, shown.counts.appeals),
        ),
        (
            phrases.say("today-received"),
            phrases.number(day.comments.received),
        ),
        (
            phrases.say("today-decided"),
            phrases.number(day.decisions.made - day.decisions.by_software),
        ),
        (
            phrases.say("today-median"),
            day.decisions
                .median
                .map_or_else(none, |length| dates.length(length)),
        ),
    ];
    let (all, all_hourly) = pace(&day.hours, |hour| hour.decisions);
    let (own, own_hourly) = pace(&day.hours, |hour| hour.own);
    let hourly = |n: i64| phrases.number(n);
    let column = |(place, hour): (usize, &Hour)| {
        let label = match place % NAMED {
            0 => dates.clock(hour.from),
            _ => String::new(),
        };
        (label, hour.decisions, 0)
    };
    let title = phrases.say("nav-today");
    render(&TodayView {
        page: Frame::desk(site, &title),
        desk,
        nav: nav::nav(phrases, desk, Place::Today, Some(&shown.counts)),
        keys,
        pace: match all {
            0 => phrases.say("today-pace-none"),
            _ => phrases.count_with("today-pace-all", all, &[("hourly", &hourly(all_hourly))]),
        },
        own: match all {
            0 => String::new(),
            _ => phrases.count_with("today-own", own, &[("hourly", &hourly(own_hourly))]),
        },
        chart: Chart::new(day.hours.iter().enumerate().map(column).collect()),
        hours: day
            .hours
            .iter()
            .map(|hour| HourLine {
                clock: dates.clock(hour.from),
                decisions: phrases.number(hour.decisions),
                own: phrases.number(hour.own),
            })
            .collect(),
    })
}

/// How many there were, and how many in an hour: over the hours in which there was one.
fn pace(hours: &[Hour], of: impl Fn(&Hour) -> i64) -> (i64, i64) {
    let counts: Vec<i64> = hours.iter().map(of).filter(|count| *count > 0).collect();
    let sum: i64 = counts.iter().sum();
    let busy = i64::try_from(counts.len()).unwrap_or(i64::MAX);
    (sum, (sum * 2 + busy).checked_div(busy * 2).unwrap_or(0))
}
