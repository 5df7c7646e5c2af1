use super::*;
use crate::moderation::{About, HoldReason, Status};
use crate::store::listing::Position;
use crate::views::fixtures::{
    self, AT, HOSTILE, assert_page, attributes, decision, item, parent, site, texts,
};
use crate::views::toast::Done;

fn queue(items: Vec<QueueItem>) -> QueuePage {
    QueuePage {
        list: Listing::default(),
        counts: TabCounts {
            appeals: 2,
            waiting: 14,
            reported: 2,
            rejected: 1001,
            spam: 0,
        },
        items,
        rules: fixtures::rules(),
        alone: false,
        saved: Vec::new(),
        chosen: Chosen::default(),
        said: None,
        oldest_waiting: Some(Timestamp(AT.0 - 54 * 60_000)),
        today: None,
        back: None,
        onward: None,
        cut: false,
    }
}

fn shown(queue: &QueuePage) -> String {
    let html = page(&site(), AT, &fixtures::desk(), queue);
    assert_page(&html);
    assert_eq!(
        attributes(&html, "meta[name=robots]", "content"),
        ["noindex"]
    );
    html
}

#[test]
fn the_desk_lists_its_tabs_with_counts() {
    let html = shown(&queue(vec![item(1)]));
    assert_eq!(texts(&html, "title"), ["Queue · Rejoinder"]);
    assert_eq!(texts(&html, "h1"), ["Queue 14"]);
    assert_eq!(
        texts(&html, ".nav a"),
        [
            "Waiting 14",
            "Reported 2",
            "Appeals 2",
            "Published",
            "Rejected 1,000+",
            "Spam 0",
            "All comments",
            "Today",
            "Articles",
            "Audit log",
            "Saved replies"
        ]
    );
    assert_eq!(
        attributes(&html, ".nav a", "href"),
        [
            "/moderation",
            "/moderation?tab=reported",
            "/moderation?tab=appeals",
            "/moderation?tab=published",
            "/moderation?tab=rejected",
            "/moderation?tab=spam",
            "/moderation?tab=all",
            "/moderation/today",
            "/moderation/articles",
            "/moderation/audit",
            "/moderation/saved-replies"
        ]
    );
    assert_eq!(texts(&html, "[aria-current=page]"), ["Waiting 14"]);
    assert!(html.contains("Oldest has waited 54 minutes."));
    assert_eq!(
        attributes(&html, "form[action='/logout'] input", "value"),
        ["t0ken"]
    );
    assert_eq!(texts(&html, ".who bdi"), ["Priya Raman"]);
}

#[test]
fn an_item_shows_what_it_answers_and_why_it_waits() {
    let mut one = item(2201);
    one.parent = Some(parent());
    one.comment.created_at = Timestamp(AT.0 - 6 * 60_000);
    one.comment.body_html = "<p>See <a href=\"https://a.example\">this</a></p>".into();
    let html = shown(&queue(vec![one]));
    assert_eq!(
        texts(&html, "li#c-2201[tabindex='-1'] h2"),
        ["Petra Lindqvist"]
    );
    assert_eq!(
        texts(&html, "time[title='12 May 2026, 19:06']"),
        ["6 min ago"]
    );
    assert_eq!(
        texts(&html, ".ctx"),
        [
            "Answers Harbour Sceptic: £20.85 a head before anyone buys a ticket on Night ferry to stay"
        ]
    );
    assert_eq!(texts(&html, ".c-body"), ["See this (https://a.example)"]);
    assert_eq!(texts(&html, ".c-body mark"), ["this"]);
    assert!(texts(&html, ".c-body a").is_empty());
    assert_eq!(
        texts(&html, ".evid li"),
        ["contains 3 links; the limit is 2"]
    );
    assert_eq!(texts(&html, ".evid .soft"), ["No score"]);
    assert!(texts(&html, ".badge").is_empty());
}

#[test]
fn each_decision_is_a_form_bound_to_the_version() {
    let html = shown(&queue(vec![item(2201)]));
    let forms = "form[method=post][action='/moderation/comments/2201/decide'][data-inline]";
    assert_eq!(texts(&html, forms).len(), 3);
    let values = |name: &str| attributes(&html, &format!("{forms} [name={name}]"), "value");
    assert_eq!(values("csrf"), ["t0ken"; 3]);
    assert_eq!(values("version"), ["3"; 3]);
    assert_eq!(values("view"), [""; 3]);
    assert_eq!(values("do"), ["approve", "reject", "spam"]);
    assert_eq!(values("ground"), ["1", "4"]);
    assert_eq!(
        attributes(&html, "textarea[name=note]", "maxlength"),
        ["2000", "1000"]
    );
    assert_eq!(
        attributes(&html, ".item [data-key]", "data-key"),
        ["o", "a", "r", "s"]
    );
}

#[test]
fn a_decided_item_says_who_decided_and_offers_the_other_decisions() {
    let mut one = item(5);
    one.comment.status = Status::Rejected;
    one.latest = Some(decision(Status::Rejected));
    let mut rejected = queue(vec![one]);
    rejected.list.tab = Tab::Rejected;
    let html = shown(&rejected);
    assert_eq!(texts(&html, "h1"), ["Rejected 1,000+"]);
    assert_eq!(texts(&html, ".badge.is-no"), ["Rejected"]);
    assert_eq!(
        texts(&html, ".evid div:nth-child(3) dd"),
        ["Dana rejected this at 19:12: personal attack (rule 1)"]
    );
    assert_eq!(
        attributes(&html, ".item button", "value"),
        ["approve", "spam", "claim"]
    );
    assert!(!html.contains("Oldest has waited"));
}

#[test]
fn the_last_decision_can_be_undone() {
    let done = |to, undone| {
        let mut page = queue(vec![item(1)]);
        page.said = Some(Said::Decided(Done {
            decision: 77,
            to,
            about: About::Status,
            outcome: None,
            name: "Osman Rahimi".into(),
            undone,
        }));
        shown(&page)
    };
    let html = done(Status::Approved, false);
    assert_eq!(texts(&html, "main .toast > p"), ["Approved: Osman Rahimi."]);
    let undo = "main .toast form[action='/moderation/decisions/77/undo']";
    assert_eq!(
        attributes(&html, &format!("{undo} input"), "value"),
        ["t0ken", ""]
    );
    let said = |to, undone| texts(&done(to, undone), "main .toast > p").join("");
    assert_eq!(said(Status::Spam, false), "Marked as spam: Osman Rahimi.");
    assert_eq!(said(Status::Rejected, false), "Rejected: Osman Rahimi.");
    assert_eq!(
        said(Status::Pending, true),
        "Undone: Osman Rahimi is back in the queue."
    );
    assert_eq!(said(Status::Approved, true), "Undone: Osman Rahimi.");
    assert!(texts(&done(Status::Pending, true), "main .toast form").is_empty());
}

#[test]
fn the_confirmation_reads_the_same_as_text() {
    let done = Done {
        decision: 77,
        to: Status::Approved,
        about: About::Status,
        outcome: None,
        name: "ليلى ناصر".into(),
        undone: false,
    };
    assert_eq!(message(&site(), &done), "Approved: ليلى ناصر.");
}

#[test]
fn an_empty_queue_is_clear() {
    let html = shown(&queue(Vec::new()));
    assert_eq!(texts(&html, "h1"), ["Queue clear"]);
    assert_eq!(
        texts(&html, ".empty p:not(:last-child)"),
        ["No comment is waiting."]
    );
    let mut spam = queue(Vec::new());
    spam.list.tab = Tab::Spam;
    let html = shown(&spam);
    assert_eq!(texts(&html, "h1"), ["Spam"]);
    assert_eq!(texts(&html, ".empty p"), ["No comment is in spam."]);
}

#[test]
fn keys_are_explained_only_where_a_script_hears_them() {
    let html = shown(&queue(vec![item(1)]));
    assert_eq!(texts(&html, ".keys, dialog#keys, [data-toasts]").len(), 3);
    let mut quiet = site();
    quiet.assets.desk_js.clear();
    let html = page(&quiet, AT, &fixtures::desk(), &queue(vec![item(1)]));
    assert_page(&html);
    assert!(texts(&html, "script, dialog, template, .keys").is_empty());
}

#[test]
fn pages_of_a_list_are_linked_by_their_edges() {
    let mut page = queue(vec![item(1)]);
    page.list.tab = Tab::Published;
    let at = |id| Position { id, risk: 0 };
    page.back = Some(page.list.at(Seek::Until(at(9))));
    page.onward = Some(page.list.at(Seek::From(at(3))));
    assert_eq!(
        attributes(&shown(&page), ".pager a", "href"),
        [
            "/moderation?tab=published&until=9",
            "/moderation?tab=published&from=3"
        ]
    );
}

#[test]
fn nothing_typed_becomes_markup() {
    let mut one = item(1);
    one.comment.name = HOSTILE.into();
    one.comment.website = format!("https://a.example/{HOSTILE}");
    one.article_title = HOSTILE.into();
    one.hold = vec![HoldReason::StaffName {
        name: HOSTILE.into(),
    }];
    let mut latest = decision(Status::Rejected);
    latest.moderator = HOSTILE.into();
    latest.rule_title = HOSTILE.into();
    latest.note = HOSTILE.into();
    one.latest = Some(latest);
    let mut quoted = parent();
    quoted.name = HOSTILE.into();
    quoted.body_html = "<p>&lt;script&gt;</p>".into();
    one.parent = Some(quoted);
    let mut page = queue(vec![one]);
    page.rules[0].title = HOSTILE.into();
    page.said = Some(Said::Decided(Done {
        decision: 1,
        to: Status::Spam,
        about: About::Status,
        outcome: None,
        name: HOSTILE.into(),
        undone: false,
    }));
    let mut desk = fixtures::desk();
    desk.who.name = HOSTILE.into();
    desk.csrf = HOSTILE.into();
    let html = super::page(&fixtures::hostile_site(), AT, &desk, &page);
    assert_page(&html);
    assert_eq!(texts(&html, ".item h2"), [HOSTILE]);
}
