//! The private page of a report: what was reported, where it is, and what came of it.

use askama::Template;

use super::dates::{Dates, Moment};
use super::frame::Frame;
use super::held::links_as_text;
use super::phrases::Piece;
use super::{Phrases, Site, render};
use crate::moderation::{Ground, ReportStatus};
use crate::store::reported::ReportReceipt;
use crate::text::SafeHtml;
use crate::time::Timestamp;

#[derive(Template)]
#[template(path = "reports/receipt.html")]
struct ReceiptPage<'a> {
    page: Frame<'a>,
    title: String,
    report: &'a ReportReceipt,
    /// Of this page, to be kept.
    address: String,
    received: Moment,
    decided: Option<Moment>,
    outcome: String,
    /// The reference of the decision.
    decision: Option<String>,
    context: Vec<Piece>,
    body: Option<SafeHtml>,
    reason: Vec<Piece>,
    /// Of the rule that `reason` names.
    number: i16,
}

/// The receipt as its reporter may see it now. `base` is the site's scheme and host, as they reach it.
pub fn page(site: &Site, now: Timestamp, report: &ReportReceipt, base: &str) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let title = title(phrases, report.status);
    let mut frame = Frame::public(site, &title);
    frame.private = true;
    frame.times = true;
    let made_at = report.decided_at.unwrap_or(report.created_at);
    let body = &report.body_html;
    render(&ReceiptPage {
        page: frame,
        title,
        address: format!("{base}/reports/{}", report.receipt),
        received: dates.full(report.created_at),
        decided: report
            .decided_at
            .map(|at| dates.after(at, report.created_at)),
        outcome: outcome(phrases, report),
        decision: report
            .decision_id
            .map(|id| format!("R-{}-{id}", dates.year(made_at))),
        context: if report.name.is_empty() {
            phrases.pieces("comment-context", &["article"], &[])
        } else {
            phrases.pieces("comment-by-on", &["name", "article"], &[])
        },
        body: (!body.is_empty()).then(|| {
            if report.is_public {
                SafeHtml::stored(body.clone())
            } else {
                links_as_text(body)
            }
        }),
        reason: reason(phrases, report),
        number: report.rule.as_ref().map_or(0, |rule| rule.number),
        report,
    })
}

fn title(phrases: &Phrases, status: ReportStatus) -> String {
    match status {
        ReportStatus::Open => phrases.say("report-open"),
        ReportStatus::Removed => phrases.say("report-removed"),
        ReportStatus::Kept => phrases.say("report-kept"),
        ReportStatus::Withdrawn => phrases.say("report-withdrawn"),
    }
}

/// What was decided; and what everybody can see has become of it since.
fn outcome(phrases: &Phrases, report: &ReportReceipt) -> String {
    let before = report.decided_at.is_some_and(|at| at < report.created_at);
    let (said, since) = match (report.status, report.is_public) {
        (ReportStatus::Open, _) => return String::new(),
        (ReportStatus::Withdrawn, _) => (phrases.say("report-withdrawn-text"), None),
        (ReportStatus::Removed, public) => (
            phrases.say("report-removed-text"),
            public.then(|| phrases.say("report-removed-since")),
        ),
        (ReportStatus::Kept, public) => (
            if before {
                phrases.say("report-kept-before-text")
            } else {
                phrases.say("report-kept-text")
            },
            (!public).then(|| phrases.say("report-kept-since")),
        ),
    };
    match since {
        Some(since) => format!("{said} {since}"),
        None => said,
    }
}

fn reason(phrases: &Phrases, report: &ReportReceipt) -> Vec<Piece> {
    match (&report.rule, report.ground) {
        (Some(rule), Some(Ground::Rule(_) | Ground::Illegal(_))) => phrases.pieces(
            "statement-rule",
            &["rule"],
            &[("title", &rule.title), ("text", &rule.text)],
        ),
        _ => phrases.pieces("spam", &[], &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::fixtures::{self, AT, HOSTILE, assert_page, attributes, texts};

    fn report(status: ReportStatus) -> ReportReceipt {
        let decided = matches!(status, ReportStatus::Removed | ReportStatus::Kept);
        ReportReceipt {
            receipt: "k3yk3y".into(),
            comment: 42,
            name: "Harbour Sceptic".into(),
            is_public: true,
            article_slug: "ferry".into(),
            article_title: "Night ferry to stay".into(),
            article_removed: false,
            body_html: "<p>See <a href=\"https://a.example\">this</a></p>".into(),
            ground: Some(Ground::Rule(4)),
            rule: fixtures::rules().pop(),
            explanation: "It is about buses.".into(),
            created_at: AT,
            status,
            decided_at: (status != ReportStatus::Open).then_some(AT),
            decision_id: decided.then_some(1074),
            answer: String::new(),
        }
    }

    fn shown(report: &ReportReceipt) -> String {
        let html = page(&fixtures::site(), AT, report, "https://news.example");
        assert_page(&html);
        assert_eq!(
            attributes(&html, "meta[name=robots]", "content"),
            ["noindex"]
        );
        assert_eq!(
            attributes(&html, "#address", "value"),
            ["https://news.example/reports/k3yk3y"]
        );
        html
    }

    #[test]
    fn an_open_report_is_shown_with_its_ground_and_without_an_outcome() {
        let html = shown(&report(ReportStatus::Open));
        assert_eq!(texts(&html, "h1"), ["Your report was received"]);
        assert_eq!(
            texts(&html, ".steps [aria-current] b"),
            ["Waiting for a moderator"]
        );
        assert_eq!(
            texts(&html, ".quote > p"),
            ["Comment by Harbour Sceptic on Night ferry to stay"]
        );
        assert_eq!(
            texts(&html, ".pairs dd"),
            [
                "Off topic (rule 4): “Keep to the subject of the article.”",
                "It is about buses."
            ]
        );
        assert_eq!(texts(&html, ".pairs a[href='/rules#rule-4']"), ["rule 4"]);
        for kept_back in ["R-2026", "If you disagree", "Decided by"] {
            assert!(!html.contains(kept_back), "{kept_back}");
        }
    }

    #[test]
    fn each_outcome_has_its_words_and_says_what_everybody_can_see() {
        let words = |status, is_public| {
            let mut one = report(status);
            one.is_public = is_public;
            let html = shown(&one);
            let disagree = texts(&html, "main h2").contains(&"If you disagree".to_owned());
            assert_eq!(disagree, status != ReportStatus::Withdrawn);
            texts(&html, ".steps [aria-current]")[0].clone()
        };
        for (status, is_public, end) in [
            (
                ReportStatus::Removed,
                false,
                "A moderator removed it after reading the reports.",
            ),
            (
                ReportStatus::Removed,
                true,
                "It has been published again since.",
            ),
            (ReportStatus::Kept, true, "found that it breaks no rule."),
            (ReportStatus::Kept, false, "It is not public any more."),
            (
                ReportStatus::Withdrawn,
                false,
                "Its author withdrew it before a moderator decided.",
            ),
        ] {
            assert!(words(status, is_public).ends_with(end), "{end}");
        }
    }

    #[test]
    fn the_moderators_answer_stands_with_a_comment_that_stays() {
        let mut one = report(ReportStatus::Kept);
        one.answer = "Buses reach the ferry.".into();
        let html = shown(&one);
        assert_eq!(texts(&html, ".pairs .typed")[0], "Buses reach the ferry.");
        assert!(html.contains("R-2026-1074"));
        // One that was decided before it came in says so.
        one.decided_at = Some(Timestamp(AT.0 - 60_000));
        let html = shown(&one);
        assert!(texts(&html, ".steps [aria-current]")[0].contains("for the same reason before"));
    }

    #[test]
    fn a_spam_ground_has_its_word_and_a_withdrawn_text_is_gone() {
        let mut one = report(ReportStatus::Withdrawn);
        one.ground = Some(Ground::Spam);
        one.rule = None;
        one.body_html.clear();
        one.name.clear();
        one.is_public = false;
        let html = shown(&one);
        assert_eq!(texts(&html, ".pairs dd")[0], "Spam");
        assert!(texts(&html, ".c-body").is_empty());
        assert_eq!(texts(&html, ".quote > p")[0], "On Night ferry to stay");
    }

    #[test]
    fn nothing_typed_becomes_markup_and_links_of_a_removed_comment_are_text() {
        for status in ReportStatus::ALL {
            let mut one = report(status);
            one.is_public = false;
            one.name = HOSTILE.into();
            one.article_title = HOSTILE.into();
            one.explanation = HOSTILE.into();
            one.answer = HOSTILE.into();
            if let Some(rule) = &mut one.rule {
                rule.title = HOSTILE.into();
                rule.text = HOSTILE.into();
            }
            let html = shown(&one);
            assert_eq!(texts(&html, ".c-body"), ["See this (https://a.example)"]);
        }
    }
}
