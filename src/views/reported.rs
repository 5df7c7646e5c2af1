//! What readers reported about a comment, beside it on the desk.

use super::dates::{Dates, Moment};
use super::decided;
use super::held::links_as_text;
use super::{Phrases, Site};
use crate::moderation::Ground;
use crate::store::queue::QueueItem;
use crate::store::reported::{self, OpenReport};
use crate::text::SafeHtml;

/// The reports of a comment as `moderation/evidence.html` draws them.
pub(super) struct Reports<'a> {
    /// "3 open reports"
    pub count: String,
    /// "off topic (rule 4): 2"; empty where a list only counts, and for a single report, which says it itself.
    pub grounds: Vec<String>,
    pub notices: Vec<Notice<'a>>,
    /// How many are not shown; empty for none.
    pub more: String,
}

/// One report. Of its reporter it says only whether they gave an address.
pub(super) struct Notice<'a> {
    pub ground: String,
    pub age: Moment,
    /// The age as a date, for `title`.
    pub full: String,
    pub explanation: &'a str,
    pub child_abuse: bool,
    pub contact: bool,
    /// What became of earlier reports from the same network; empty where there are none.
    pub record: String,
    /// The comment as it was reported, where it reads otherwise now.
    pub body: Option<SafeHtml>,
}

impl<'a> Reports<'a> {
    /// `None` when nothing waits for an answer.
    pub fn of(site: &Site, dates: &Dates<'_>, item: &'a QueueItem) -> Option<Self> {
        if item.open_reports <= 0 {
            return None;
        }
        let phrases = site.phrases;
        let mut reports = Self {
            count: phrases.count("open-reports", item.open_reports),
            grounds: Vec::new(),
            notices: Vec::new(),
            more: String::new(),
        };
        let Some(said) = &item.reported else {
            return Some(reports);
        };
        let several = item.open_reports > 1;
        reports.grounds = said
            .grounds
            .iter()
            .filter(|_| several)
            .map(|on| {
                let ground = ground(phrases, on.ground(), &on.title);
                let count = counted(phrases, on.count);
                phrases.say_with(
                    "reports-on-ground",
                    &[("ground", &ground), ("count", &count)],
                )
            })
            .collect();
        let now = &item.comment.body_html;
        reports.notices = said
            .reports
            .iter()
            .map(|report| Notice::of(phrases, dates, report, now))
            .collect();
        let shown = i64::try_from(reports.notices.len()).unwrap_or(i64::MAX);
        if item.open_reports > shown {
            reports.more = phrases.count("more-reports", item.open_reports - shown);
        }
        Some(reports)
    }
}

impl<'a> Notice<'a> {
    fn of(phrases: &Phrases, dates: &Dates<'_>, report: &'a OpenReport, now: &str) -> Self {
        Self {
            ground: ground(phrases, report.ground(), &report.title),
            age: dates.age(report.created_at()),
            full: dates.full(report.created_at()).text,
            explanation: &report.explanation,
            child_abuse: report.child_abuse,
            contact: report.contact,
            record: record(phrases, report),
            body: (report.body_html != now).then(|| links_as_text(&report.body_html)),
        }
    }
}

fn record(phrases: &Phrases, report: &OpenReport) -> String {
    if report.removed_before + report.kept_before == 0 {
        return String::new();
    }
    let removed = phrases.number(report.removed_before);
    let kept = phrases.number(report.kept_before);
    phrases.say_with("record", &[("removed", &removed), ("kept", &kept)])
}

fn ground(phrases: &Phrases, ground: Option<Ground>, title: &str) -> String {
    decided::ground(phrases, ground.unwrap_or(Ground::Spam), title)
}

fn counted(phrases: &Phrases, n: i64) -> String {
    let number = phrases.number(n);
    if n < reported::COUNTED {
        return number;
    }
    phrases.say_with("count-over", &[("count", &number)])
}
