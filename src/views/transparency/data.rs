//! A report for machines: JSON, and CSV that a spreadsheet does not take for formulas. Lengths of time are milliseconds.

use serde_json::{Value, json};

use super::Site;
use crate::moderation::Ground;
use crate::store::figures::{OnGround, Report};
use crate::text::csv_line;

/// The report as JSON.
pub fn json(site: &Site, report: &Report) -> String {
    let figures = &report.figures;
    let (comments, decisions) = (&figures.comments, &figures.decisions);
    let (appeals, reports) = (&figures.appeals, &figures.reports);
    let grounds: Vec<Value> = figures
        .grounds
        .iter()
        .map(|ground| {
            json!({
                "ground": word(ground),
                "rule": number(ground),
                "title": ground.title,
                "comments": ground.comments,
            })
        })
        .collect();
    let year: Vec<Value> = report
        .year
        .iter()
        .map(|column| {
            json!({
                "month": column.month.to_string(),
                "received": column.comments.received,
                "published": column.comments.published,
                "rejected": column.comments.rejected,
                "spam": column.comments.spam,
            })
        })
        .collect();
    let mut body = json!({
        "site": site.name,
        "from": site.zone.date(report.period.from),
        "to": site.zone.date(report.period.until.plus(-1)),
        "time_zone": site.zone.name(),
        "comments": {
            "received": comments.received,
            "published": comments.published,
            "rejected": comments.rejected,
            "spam": comments.spam,
            "withdrawn": comments.withdrawn,
            "waiting": comments.waiting,
            "published_at_once": comments.at_once,
        },
        "not_published": grounds,
        "decisions": {
            "made": decisions.made,
            "by_software_alone": decisions.by_software,
            "first": decisions.first,
            "first_within_four_hours": decisions.quick,
            "median_ms": decisions.median,
            "ninetieth_percentile_ms": decisions.ninetieth,
        },
        "appeals": {
            "received": appeals.received,
            "reversed": appeals.reversed,
            "upheld": appeals.upheld,
            "withdrawn": appeals.withdrawn,
            "open": appeals.open,
            "median_ms": appeals.median,
        },
        "reports": {
            "received": reports.received,
            "removed": reports.removed,
            "kept": reports.kept,
            "withdrawn": reports.withdrawn,
            "open": reports.open,
        },
        "months": year,
    })
    .to_string();
    body.push('\n');
    body
}

/// The report as CSV: a line for each figure.
pub fn csv(site: &Site, report: &Report) -> String {
    let figures = &report.figures;
    let (comments, decisions) = (&figures.comments, &figures.decisions);
    let (appeals, reports) = (&figures.appeals, &figures.reports);
    let mut body = String::new();
    let mut line = |section: &str, figure: &str, detail: &str, value: &str| {
        body.push_str(&csv_line(&[section, figure, detail, value]));
    };
    line("section", "figure", "detail", "value");
    line("period", "from", "", &site.zone.date(report.period.from));
    let last = report.period.until.plus(-1);
    line("period", "to", "", &site.zone.date(last));
    line("period", "time_zone", "", site.zone.name());
    let maybe = |value: Option<i64>| value.map_or_else(String::new, |value| value.to_string());
    for (figure, value) in [
        ("received", comments.received),
        ("published", comments.published),
        ("rejected", comments.rejected),
        ("spam", comments.spam),
        ("withdrawn", comments.withdrawn),
        ("waiting", comments.waiting),
        ("published_at_once", comments.at_once),
    ] {
        line("comments", figure, "", &value.to_string());
    }
    for ground in &figures.grounds {
        let figure = match number(ground) {
            Some(number) => format!("{} {number}", word(ground)),
            None => word(ground).to_owned(),
        };
        let count = ground.comments.to_string();
        line("not_published", &figure, &ground.title, &count);
    }
    for (figure, value) in [
        ("made", Some(decisions.made)),
        ("by_software_alone", Some(decisions.by_software)),
        ("first", Some(decisions.first)),
        ("first_within_four_hours", Some(decisions.quick)),
        ("median_ms", decisions.median),
        ("ninetieth_percentile_ms", decisions.ninetieth),
    ] {
        line("decisions", figure, "", &maybe(value));
    }
    for (figure, value) in [
        ("received", Some(appeals.received)),
        ("reversed", Some(appeals.reversed)),
        ("upheld", Some(appeals.upheld)),
        ("withdrawn", Some(appeals.withdrawn)),
        ("open", Some(appeals.open)),
        ("median_ms", appeals.median),
    ] {
        line("appeals", figure, "", &maybe(value));
    }
    for (figure, value) in [
        ("received", reports.received),
        ("removed", reports.removed),
        ("kept", reports.kept),
        ("withdrawn", reports.withdrawn),
        ("open", reports.open),
    ] {
        line("reports", figure, "", &value.to_string());
    }
    for column in &report.year {
        let month = column.month.to_string();
        for (figure, value) in [
            ("received", column.comments.received),
            ("published", column.comments.published),
            ("rejected", column.comments.rejected),
            ("spam", column.comments.spam),
        ] {
            line("months", figure, &month, &value.to_string());
        }
    }
    body
}

fn word(ground: &OnGround) -> &'static str {
    match ground.ground {
        Some(Ground::Rule(_)) => "rule",
        Some(Ground::Illegal(_)) => "illegal",
        Some(Ground::Spam) => "spam",
        None => "none",
    }
}

fn number(ground: &OnGround) -> Option<i16> {
    match ground.ground {
        Some(Ground::Rule(number) | Ground::Illegal(number)) => Some(number),
        Some(Ground::Spam) | None => None,
    }
}
