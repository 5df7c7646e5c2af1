//! The private page of a reply: where it is, what was written, why it was not published, and what its author can do.

use askama::Template;

use super::dates::{Dates, Moment};
use super::frame::Frame;
use super::held::links_as_text;
use super::phrases::Piece;
use super::refused::Refused;
use super::reply_form::Quoted;
use super::{Phrases, Site, render};
use crate::moderation::{AppealStatus, RevisionStatus, Status};
use crate::store::appeals;
use crate::store::receipts::ReceiptView;
use crate::store::revisions::is_in_time;
use crate::store::rules::Rule;
use crate::text::SafeHtml;
use crate::time::Timestamp;

/// Unicode scalar values of an appeal.
pub const APPEAL_LENGTH: usize = 2_000;

/// What the page knows besides the reply.
pub struct Around<'a> {
    /// The site's scheme and host, as its author reaches it.
    pub base: &'a str,
    /// Milliseconds that half of the replies wait at most; `None` with too little data.
    pub median_wait: Option<i64>,
    /// Milliseconds after its publication within which a comment can be edited.
    pub edit_window: i64,
    /// Milliseconds after the decision for which the text of a reply that was not published is kept; 0 is for ever.
    pub text_kept: i64,
    /// An appeal that was not taken: its text, and what is wrong with it.
    pub appeal: Option<(&'a str, AppealProblem)>,
}

/// What can be wrong with an appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppealProblem {
    Missing,
    TooLong,
    Unreadable,
}

#[derive(Template)]
#[template(path = "articles/receipt.html")]
struct ReceiptPage<'a> {
    page: Frame<'a>,
    title: String,
    receipt: &'a ReceiptView,
    /// Of this page, to be kept.
    address: String,
    received: Moment,
    decided: Option<Moment>,
    waiting: String,
    /// A moderator holds their replies until a date; empty otherwise.
    held: String,
    statement: Option<Statement<'a>>,
    spam: String,
    revision: Option<Revision<'a>>,
    /// Until when it can be edited, in words; empty when it cannot.
    edit_until: String,
    appealed: Option<Appealed<'a>>,
    appeal_form: Option<AppealForm<'a>>,
    wrote: Option<Wrote<'a>>,
    /// Since when the text is gone, and why; else empty.
    let_go: String,
}

/// The statement of reasons for a rejection.
struct Statement<'a> {
    decision: String,
    rule: Option<RuleWords>,
    note: &'a str,
    decider: String,
    reference: String,
}

/// A rule with its text as it stood, its number as a link.
struct RuleWords {
    number: i16,
    pieces: Vec<Piece>,
    words: String,
}

impl RuleWords {
    fn new(phrases: &Phrases, rule: &Rule) -> Self {
        let number = rule.number.to_string();
        Self {
            number: rule.number,
            pieces: phrases.pieces(
                "statement-rule",
                &["rule"],
                &[("title", &rule.title), ("text", &rule.text)],
            ),
            words: phrases.say_with("rule-number", &[("number", &number)]),
        }
    }
}

/// The latest edit of a published comment.
struct Revision<'a> {
    title: String,
    sentence: String,
    class: &'static str,
    rule: Option<RuleWords>,
    note: &'a str,
    /// The words that are not public; `None` for an accepted one.
    body: Option<SafeHtml>,
}

/// An appeal that was sent.
struct Appealed<'a> {
    sent: Moment,
    answered: Option<Moment>,
    sentence: String,
    text: &'a str,
    answer: &'a str,
}

/// The form for an appeal.
struct AppealForm<'a> {
    lead: Vec<Piece>,
    until: Moment,
    text: &'a str,
    error: String,
    max: usize,
}

/// The reply shown back, in its context.
struct Wrote<'a> {
    context: Vec<Piece>,
    parent: Option<Quoted<'a>>,
    body: SafeHtml,
}

/// The receipt as its author may see it now: by `shown_status`, whatever the comment's own status is.
pub fn page(site: &Site, now: Timestamp, receipt: &ReceiptView, around: &Around<'_>) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let title = title(phrases, receipt.shown_status);
    let decided = match receipt.shown_status {
        Status::Pending => None,
        _ => receipt.decided_at,
    };
    let mut frame = Frame::public(site, &title);
    frame.private = true;
    frame.times = true;
    if around.appeal.is_some() {
        frame = frame.with_errors(&title, &site.name);
    } else {
        frame.script = &site.assets.article_js;
    }
    let appeal_form = appeal_form(site, &dates, receipt, around, now);
    let spam = match receipt.shown_status {
        Status::Spam if appeal_form.is_some() => phrases.say("receipt-spam-appeal"),
        Status::Spam => phrases.say("receipt-spam"),
        _ => String::new(),
    };
    render(&ReceiptPage {
        page: frame,
        title,
        address: format!("{}/replies/{}", around.base, receipt.receipt),
        received: dates.full(receipt.comment.created_at),
        decided: decided.map(|at| dates.after(at, receipt.comment.created_at)),
        waiting: match around.median_wait {
            Some(median) => {
                let span = dates.length(median);
                phrases.say_with("step-waiting-usually", &[("span", &span)])
            }
            None => phrases.say("step-waiting-text"),
        },
        held: receipt
            .held_until
            .filter(|until| *until > now)
            .map_or_else(String::new, |until| {
                let day = dates.day(until).text;
                phrases.say_with("receipt-held", &[("day", &day)])
            }),
        statement: statement(phrases, &dates, receipt),
        spam,
        revision: revision(phrases, receipt),
        edit_until: edit_until(phrases, &dates, receipt, around.edit_window, now),
        appealed: appealed(phrases, &dates, receipt),
        appeal_form,
        wrote: wrote(phrases, receipt),
        let_go: let_go(phrases, &dates, receipt),
        receipt,
    })
}

fn title(phrases: &Phrases, status: Status) -> String {
    match status {
        Status::Pending => phrases.say("receipt-pending"),
        Status::Approved => phrases.say("receipt-approved"),
        Status::Rejected | Status::Spam => phrases.say("receipt-not-published"),
        Status::Withdrawn => phrases.say("receipt-withdrawn"),
    }
}

fn statement<'a>(
    phrases: &Phrases,
    dates: &Dates<'_>,
    receipt: &'a ReceiptView,
) -> Option<Statement<'a>> {
    if receipt.shown_status != Status::Rejected {
        return None;
    }
    let year = dates.year(receipt.decided_at.unwrap_or(receipt.comment.created_at));
    Some(Statement {
        decision: match receipt.published_at {
            Some(_) => phrases.say("statement-decision-removed"),
            None => phrases.say("statement-decision-text"),
        },
        rule: receipt
            .rule
            .as_ref()
            .map(|rule| RuleWords::new(phrases, rule)),
        note: receipt.note.trim(),
        decider: if receipt.held_by_software {
            phrases.say("statement-decider-held")
        } else {
            phrases.say("statement-decider-text")
        },
        reference: receipt
            .decision_id
            .map_or_else(String::new, |id| format!("R-{year}-{id}")),
    })
}

fn revision<'a>(phrases: &Phrases, receipt: &'a ReceiptView) -> Option<Revision<'a>> {
    let own = receipt.revision.as_ref()?;
    let (title, sentence, class) = match own.status {
        RevisionStatus::Waiting => (
            phrases.say("revision-waits"),
            phrases.say("revision-waits-text"),
            "warn",
        ),
        RevisionStatus::Accepted => (
            phrases.say("revision-accepted"),
            phrases.say("revision-accepted-text"),
            "ok",
        ),
        RevisionStatus::Refused => (
            phrases.say("revision-refused"),
            phrases.say("revision-refused-text"),
            "no",
        ),
    };
    Some(Revision {
        title,
        sentence,
        class,
        rule: own.rule.as_ref().map(|rule| RuleWords::new(phrases, rule)),
        note: own.note.trim(),
        body: (own.status != RevisionStatus::Accepted).then(|| links_as_text(&own.body_html)),
    })
}

/// While it waits an edit replaces the text; afterwards it is a revision, for a while.
fn edit_until(
    phrases: &Phrases,
    dates: &Dates<'_>,
    receipt: &ReceiptView,
    window: i64,
    now: Timestamp,
) -> String {
    match (receipt.shown_status, receipt.published_at) {
        (Status::Pending, _) => phrases.say("edit-while-waiting"),
        (Status::Approved, Some(at)) if is_in_time(Some(at), window, now) => {
            let until = dates.after(at.plus(window), now).text;
            phrases.say_with("edit-until", &[("when", &until)])
        }
        _ => String::new(),
    }
}

fn appealed<'a>(
    phrases: &Phrases,
    dates: &Dates<'_>,
    receipt: &'a ReceiptView,
) -> Option<Appealed<'a>> {
    let own = receipt.appeal.as_ref()?;
    let sentence = match (own.status, own.by_another) {
        (AppealStatus::Open, _) if receipt.another_reads => phrases.say("appeal-open-another"),
        (AppealStatus::Open, _) => phrases.say("appeal-open"),
        (AppealStatus::Reversed, _) => phrases.say("appeal-reversed"),
        (AppealStatus::Upheld, true) => phrases.say("appeal-upheld-another"),
        (AppealStatus::Upheld, false) => phrases.say("appeal-upheld"),
    };
    Some(Appealed {
        sent: dates.full(own.created_at),
        answered: own.decided_at.map(|at| dates.after(at, own.created_at)),
        sentence,
        text: &own.text,
        answer: own.answer.trim(),
    })
}

/// Why an appeal cannot be sent, as far as its author may know; `None` when it can.
pub fn no_appeal(receipt: &ReceiptView, now: Timestamp) -> Option<Refused> {
    if receipt.appeal.is_some() {
        return Some(Refused::AppealedBefore);
    }
    match (receipt.shown_status, receipt.decided_at) {
        (Status::Rejected | Status::Spam, _) if receipt.purged_at.is_some() => {
            Some(Refused::TextGone)
        }
        (Status::Rejected | Status::Spam, Some(at)) => {
            (now >= at.plus(appeals::WINDOW)).then_some(Refused::AppealTooLate)
        }
        _ => Some(Refused::NothingToAppeal),
    }
}

fn appeal_form<'a>(
    site: &Site,
    dates: &Dates<'_>,
    receipt: &ReceiptView,
    around: &Around<'a>,
    now: Timestamp,
) -> Option<AppealForm<'a>> {
    let phrases = site.phrases;
    if no_appeal(receipt, now).is_some() {
        return None;
    }
    // Once the text is let go there is nothing to appeal for.
    let window = match around.text_kept {
        0 => appeals::WINDOW,
        kept => kept.min(appeals::WINDOW),
    };
    let until = receipt.decided_at?.plus(window);
    let (text, problem) = around
        .appeal
        .map_or(("", None), |(text, problem)| (text, Some(problem)));
    let limit = phrases.number(i64::try_from(APPEAL_LENGTH).unwrap_or(i64::MAX));
    Some(AppealForm {
        lead: if receipt.another_reads {
            phrases.pieces("appeal-lead-another", &["date"], &[])
        } else {
            phrases.pieces("appeal-lead", &["date"], &[])
        },
        until: dates.day(until),
        text,
        error: match problem {
            None => String::new(),
            Some(AppealProblem::Missing) => phrases.say("appeal-missing"),
            Some(AppealProblem::TooLong) => {
                phrases.say_with("appeal-too-long", &[("limit", &limit)])
            }
            Some(AppealProblem::Unreadable) => phrases.say("appeal-unreadable"),
        },
        max: APPEAL_LENGTH,
    })
}

fn let_go(phrases: &Phrases, dates: &Dates<'_>, receipt: &ReceiptView) -> String {
    let Some(at) = receipt
        .purged_at
        .filter(|_| receipt.shown_status != Status::Withdrawn)
    else {
        return String::new();
    };
    let days = receipt
        .decided_at
        .map_or(0, |decided| at.since(decided) / crate::time::DAY);
    phrases.count_with("privacy-receipt", days, &[("day", &dates.day(at).text)])
}

/// `None` once it is withdrawn or was let go: then the text is gone.
fn wrote<'a>(phrases: &Phrases, receipt: &'a ReceiptView) -> Option<Wrote<'a>> {
    let body = &receipt.comment.body_html;
    let body = match receipt.shown_status {
        Status::Withdrawn => return None,
        _ if receipt.purged_at.is_some() => return None,
        Status::Approved => SafeHtml::stored(body.clone()),
        Status::Pending | Status::Rejected | Status::Spam => links_as_text(body),
    };
    Some(Wrote {
        context: match receipt.parent {
            Some(_) => phrases.pieces("reply-context", &["name", "article"], &[]),
            None => phrases.pieces("comment-context", &["article"], &[]),
        },
        parent: receipt.parent.as_ref().map(Quoted::of),
        body,
    })
}

#[cfg(test)]
mod tests;
