//! The private page of a reply: where it is, what was written, and why it was not published.

use askama::Template;

use super::dates::{Dates, Moment};
use super::frame::Frame;
use super::held::links_as_text;
use super::phrases::Piece;
use super::reply_form::Quoted;
use super::{Phrases, Site, render};
use crate::moderation::Status;
use crate::store::replies::ReceiptView;
use crate::text::SafeHtml;
use crate::time::Timestamp;

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
    statement: Option<Statement<'a>>,
    wrote: Option<Wrote<'a>>,
}

/// The statement of reasons for a rejection.
struct Statement<'a> {
    rule: Option<(i16, Vec<Piece>, String)>,
    note: &'a str,
    reference: String,
}

/// The reply shown back, in its context.
struct Wrote<'a> {
    context: Vec<Piece>,
    parent: Option<Quoted<'a>>,
    body: SafeHtml,
}

/// The receipt as its author may see it now: by `shown_status`, whatever the comment's own status is.
/// `base` is the site's scheme and host, as its author reaches it.
pub fn page(site: &Site, now: Timestamp, receipt: &ReceiptView, base: &str) -> String {
    let phrases = site.phrases;
    let dates = Dates::new(site, now);
    let title = title(phrases, receipt.shown_status);
    let decided = match receipt.shown_status {
        Status::Pending => None,
        _ => receipt.decided_at,
    };
    let mut frame = Frame::public(site, &title);
    frame.private = true;
    frame.script = &site.assets.article_js;
    render(&ReceiptPage {
        page: frame,
        title,
        address: format!("{base}/replies/{}", receipt.receipt),
        receipt,
        received: dates.full(receipt.comment.created_at),
        decided: decided.map(|at| dates.after(at, receipt.comment.created_at)),
        statement: statement(phrases, &dates, receipt),
        wrote: wrote(phrases, receipt),
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
    let rule = receipt.rule.as_ref().map(|rule| {
        let number = rule.number.to_string();
        let sentence = phrases.pieces(
            "statement-rule",
            &["rule"],
            &[("title", &rule.title), ("text", &rule.text)],
        );
        let words = phrases.say_with("rule-number", &[("number", &number)]);
        (rule.number, sentence, words)
    });
    let year = dates.year(receipt.decided_at.unwrap_or(receipt.comment.created_at));
    Some(Statement {
        rule,
        note: receipt.note.trim(),
        reference: receipt
            .decision_id
            .map_or_else(String::new, |id| format!("R-{year}-{id}")),
    })
}

/// `None` once it is withdrawn: then the text is gone.
fn wrote<'a>(phrases: &Phrases, receipt: &'a ReceiptView) -> Option<Wrote<'a>> {
    let body = &receipt.comment.body_html;
    let body = match receipt.shown_status {
        Status::Withdrawn => return None,
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
mod tests {
    use super::*;
    use crate::moderation::Ground;
    use crate::views::fixtures::{self, AT, HOSTILE, assert_page, attributes, texts};

    fn receipt(shown_status: Status) -> ReceiptView {
        ReceiptView {
            receipt: "k3yk3y".into(),
            article_slug: "ferry".into(),
            article_title: "Night ferry to stay".into(),
            article_removed: false,
            comment: fixtures::comment(42),
            parent: Some(fixtures::parent()),
            shown_status,
            decided_at: Some(AT),
            ground: Some(Ground::Rule(4)),
            rule: fixtures::rules().pop(),
            note: "It belongs under Monday’s piece.".into(),
            decision_id: Some(1074),
        }
    }

    fn shown(receipt: &ReceiptView) -> String {
        let html = page(&fixtures::site(), AT, receipt, "https://news.example");
        assert_page(&html);
        assert_eq!(
            attributes(&html, "meta[name=robots]", "content"),
            ["noindex"]
        );
        assert_eq!(
            attributes(&html, "#address", "value"),
            ["https://news.example/replies/k3yk3y"]
        );
        html
    }

    #[test]
    fn a_waiting_reply_is_shown_in_its_context_and_says_nothing_of_a_verdict() {
        let html = shown(&receipt(Status::Pending));
        assert_eq!(texts(&html, "h1"), ["Your reply is awaiting moderation"]);
        assert_eq!(
            texts(&html, ".steps [aria-current] b"),
            ["Waiting for a moderator"]
        );
        assert_eq!(
            texts(&html, ".quote > p"),
            ["Reply to Harbour Sceptic on Night ferry to stay"]
        );
        assert_eq!(
            texts(&html, ".quote a[href='/articles/ferry']"),
            ["Night ferry to stay"]
        );
        assert!(texts(&html, ".quote blockquote")[0].starts_with("£20.85"));
        for kept_back in ["1074", "Off topic", "Monday", "Statement"] {
            assert!(!html.contains(kept_back), "{kept_back}");
        }
    }

    #[test]
    fn a_published_reply_links_to_the_discussion() {
        let html = shown(&receipt(Status::Approved));
        assert_eq!(
            texts(&html, "a[href='/comments/42']"),
            ["See it in the discussion"]
        );
    }

    #[test]
    fn a_rejection_is_a_statement_of_reasons() {
        let html = shown(&receipt(Status::Rejected));
        assert_eq!(texts(&html, "h1"), ["Your reply was not published"]);
        assert_eq!(
            texts(&html, ".pairs dd"),
            [
                "Your reply was not published. Nothing else changes, and you can post again.",
                "Off topic (rule 4): “Keep to the subject of the article.”",
                "It belongs under Monday’s piece.",
                "A moderator. Software took no part in the decision.",
                "R-2026-1074",
            ]
        );
        assert_eq!(texts(&html, ".pairs a[href='/rules#rule-4']"), ["rule 4"]);
    }

    #[test]
    fn a_spam_verdict_has_one_sentence() {
        let html = shown(&receipt(Status::Spam));
        assert_eq!(
            texts(&html, ".note"),
            ["Your reply was not published: it was treated as spam."]
        );
        assert!(texts(&html, ".pairs").is_empty());
    }

    #[test]
    fn a_withdrawn_reply_shows_no_text() {
        let html = shown(&receipt(Status::Withdrawn));
        assert!(
            texts(&html, "main")
                .join(" ")
                .contains("Withdrawn by its author.")
        );
        assert!(texts(&html, ".c-body").is_empty());
    }

    #[test]
    fn a_removed_article_is_named_without_a_link_and_held_links_are_text() {
        let mut one = receipt(Status::Pending);
        one.article_removed = true;
        one.comment.body_html = "<p><a href=\"https://a.example\">a</a></p>".into();
        let html = shown(&one);
        assert!(attributes(&html, ".quote a", "href").is_empty());
        assert!(texts(&html, ".c-body")[0].contains("a (https://a.example)"));
    }

    #[test]
    fn nothing_typed_becomes_markup() {
        for status in Status::ALL {
            let mut one = receipt(status);
            one.article_title = HOSTILE.into();
            one.note = HOSTILE.into();
            one.comment.name = HOSTILE.into();
            one.parent = Some(crate::store::comments::Parent {
                id: 1,
                name: HOSTILE.into(),
                body_html: "<p>&lt;script&gt;</p>".into(),
            });
            if let Some(rule) = &mut one.rule {
                rule.title = HOSTILE.into();
                rule.text = HOSTILE.into();
            }
            shown(&one);
        }
    }
}
