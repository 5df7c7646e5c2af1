//! What the receipt says in each state.

use super::*;
use crate::moderation::Ground;
use crate::store::appeals::Own;
use crate::store::history::OwnRevision;
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
        published_at: (shown_status == Status::Approved).then_some(AT),
        purged_at: None,
        by_software: false,
        held_by_software: false,
        held_until: None,
        revision: None,
        appeal: None,
        another_reads: true,
    }
}

fn around() -> Around<'static> {
    Around {
        base: "https://news.example",
        median_wait: Some(11 * crate::time::MINUTE),
        edit_window: 15 * crate::time::MINUTE,
        text_kept: 0,
        appeal: None,
    }
}

fn shown(receipt: &ReceiptView) -> String {
    let html = page(&fixtures::site(), AT, receipt, &around());
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
            "You can appeal below. You may also take the matter to an out-of-court dispute body or to a court.",
        ]
    );
    assert_eq!(texts(&html, ".pairs a[href='/rules#rule-4']"), ["rule 4"]);
}

#[test]
fn a_spam_verdict_has_one_sentence() {
    let html = shown(&receipt(Status::Spam));
    assert_eq!(
        texts(&html, ".note"),
        ["Your reply was not published: it was treated as spam. You can appeal."]
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

#[test]
fn a_waiting_reply_says_how_long_it_takes_only_where_that_was_measured() {
    let mut around = around();
    let one = receipt(Status::Pending);
    let waiting = |around: &Around<'_>| {
        let html = page(&fixtures::site(), AT, &one, around);
        texts(&html, ".steps [aria-current]").join(" ")
    };
    assert!(waiting(&around).contains("usually within 11 minutes"));
    around.median_wait = None;
    assert!(!waiting(&around).contains("usually"));
}

#[test]
fn an_edit_is_offered_while_it_waits_and_for_a_while_after_publication() {
    let edit = "a[href='/replies/k3yk3y/edit']";
    assert_eq!(texts(&shown(&receipt(Status::Pending)), edit).len(), 1);
    let mut one = receipt(Status::Approved);
    assert_eq!(texts(&shown(&one), edit).len(), 1);
    one.published_at = Some(Timestamp(AT.0 - 15 * crate::time::MINUTE));
    assert!(texts(&shown(&one), edit).is_empty());
    assert!(texts(&shown(&receipt(Status::Rejected)), edit).is_empty());
}

#[test]
fn an_edit_after_publication_is_shown_with_what_became_of_it() {
    let mut one = receipt(Status::Approved);
    let own = |status| OwnRevision {
        body_html: "<p>Twice a <a href=\"https://a.example\">week</a>.</p>".into(),
        created_at: AT,
        status,
        rule: None,
        note: String::new(),
    };
    one.revision = Some(own(RevisionStatus::Waiting));
    let html = shown(&one);
    assert_eq!(
        texts(&html, ".note.warn h2"),
        ["Your edit waits for a moderator"]
    );
    assert!(texts(&html, ".note.warn a").is_empty(), "a held link");
    let mut refused = own(RevisionStatus::Refused);
    refused.rule = fixtures::rules().pop();
    refused.note = HOSTILE.into();
    one.revision = Some(refused);
    let html = shown(&one);
    assert_eq!(texts(&html, ".note.no h2"), ["Your edit was not accepted"]);
    assert_eq!(texts(&html, ".note.no a[href='/rules#rule-4']"), ["rule 4"]);
    one.revision = Some(own(RevisionStatus::Accepted));
    let html = shown(&one);
    assert_eq!(texts(&html, ".note.ok h2"), ["Your edit was accepted"]);
    assert!(texts(&html, ".note .c-body").is_empty());
}

#[test]
fn an_appeal_is_offered_once_for_six_months_to_whom_it_concerns() {
    let form = "form[action='/replies/k3yk3y/appeal']";
    let mut one = receipt(Status::Rejected);
    let html = shown(&one);
    assert!(texts(&html, form)[0].contains("A different moderator reads your appeal."));
    assert_eq!(
        attributes(&html, ".pairs a[href='#appeal']", "href").len(),
        1
    );
    one.another_reads = false;
    assert!(texts(&shown(&one), form)[0].contains("the one who decided"));
    one.decided_at = Some(Timestamp(AT.0 - appeals::WINDOW));
    let html = shown(&one);
    assert!(texts(&html, form).is_empty());
    assert!(texts(&html, ".pairs a[href='#appeal']").is_empty());
    for status in [Status::Pending, Status::Approved, Status::Withdrawn] {
        assert!(
            texts(&shown(&receipt(status)), form).is_empty(),
            "{status:?}"
        );
    }
    let mut spam = receipt(Status::Spam);
    spam.appeal = Some(Own {
        text: HOSTILE.into(),
        created_at: AT,
        status: AppealStatus::Upheld,
        decided_at: Some(AT),
        answer: "Read again: it sells.".into(),
        by_another: true,
    });
    let html = shown(&spam);
    assert!(texts(&html, form).is_empty());
    assert_eq!(
        texts(&html, ".note.no"),
        ["Your reply was not published: it was treated as spam."]
    );
    let said = texts(&html, ".note:not(.no)").join(" ");
    assert!(said.contains("A different moderator read it. The decision stays."));
    assert!(said.contains("Read again: it sells.") && said.contains(HOSTILE));
}

#[test]
fn an_appeal_that_was_not_taken_keeps_its_text_and_says_why() {
    let one = receipt(Status::Rejected);
    let refused = Around {
        appeal: Some(("My words", AppealProblem::TooLong)),
        ..around()
    };
    let html = page(&fixtures::site(), AT, &one, &refused);
    assert_page(&html);
    assert!(texts(&html, "title")[0].starts_with("Error: "));
    assert_eq!(
        texts(&html, "[role=alert] a[href='#why']"),
        ["The appeal is longer than 2,000 characters"]
    );
    assert_eq!(texts(&html, "#why"), ["My words"]);
    assert_eq!(attributes(&html, "#why", "aria-invalid"), ["true"]);
}

#[test]
fn the_statement_says_which_part_software_took() {
    let mut one = receipt(Status::Rejected);
    one.held_by_software = true;
    let html = shown(&one);
    let said = texts(&html, ".pairs").join(" ");
    assert!(said.contains("Software marked the reply to be read first and took no part"));
    one.published_at = Some(AT);
    assert!(texts(&shown(&one), ".pairs dd")[0].starts_with("Your reply was removed"));
}
