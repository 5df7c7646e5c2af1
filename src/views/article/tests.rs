use super::*;
use crate::moderation::{Field, FieldError, FieldErrors, Problem, Status};
use crate::store::comments::Node;
use crate::views::fixtures::{
    self, AT, HOSTILE, assert_page, attributes, comment, node, parent, rules, site, texts,
};

fn shown(article: &Article, roots: Vec<Node>, reply: &ReplyForm) -> String {
    let discussion = Discussion {
        roots,
        ..Discussion::default()
    };
    let html = page(&site(), AT, article, &discussion, &rules(), reply);
    assert_page(&html);
    html
}

fn plain(roots: Vec<Node>) -> String {
    shown(&fixtures::article(), roots, &ReplyForm::default())
}

#[test]
fn an_article_shows_its_head_and_its_counts() {
    let mut article = fixtures::article();
    article.updated_at = Some(Timestamp(AT.0 + 7_200_000));
    let html = shown(&article, Vec::new(), &ReplyForm::default());
    assert_eq!(
        texts(&html, "title"),
        ["Night ferry to stay · The Eastmere Ledger"]
    );
    assert_eq!(
        texts(&html, ".byline"),
        ["By Ines Calloway, 12 May 2026, 19:12. Updated 21:12"]
    );
    assert_eq!(texts(&html, ".counts"), ["23 comments · 1,204 views"]);
    assert_eq!(texts(&html, ".prose h2"), ["What it costs"]);
    assert_eq!(
        attributes(&html, "link[rel=canonical]", "href"),
        ["/articles/ferry"]
    );
    assert_eq!(
        attributes(&html, "meta[name=description]", "content"),
        ["Two amendments later, the 00:40 crossing keeps running."]
    );
    assert_eq!(attributes(&html, "script", "src"), ["/static/article.js"]);
}

#[test]
fn without_comments_it_says_so_and_never_counts_zero() {
    let mut article = fixtures::article();
    article.comment_count = 0;
    let html = shown(&article, Vec::new(), &ReplyForm::default());
    assert_eq!(texts(&html, ".counts a"), ["No comments yet"]);
    assert_eq!(texts(&html, "#talk-title"), ["Discussion"]);
    assert!(html.contains("Nobody has replied yet."));
    assert!(!html.contains("0 comments"));
}

#[test]
fn a_thread_nests_as_its_replies_do() {
    let html = plain(vec![
        node(1, vec![node(2, vec![node(3, vec![])]), node(4, vec![])]),
        node(5, vec![]),
    ]);
    let ids = |selector: &str| attributes(&html, selector, "id");
    assert_eq!(ids("#discussion > ol > li > .comment"), ["c-1", "c-5"]);
    assert_eq!(ids("#c-1 + ol > li > .comment"), ["c-2", "c-4"]);
    assert_eq!(ids("#c-2 + ol > li > .comment"), ["c-3"]);
    assert!(ids("#c-4 + ol, #c-5 + ol, #c-3 + ol").is_empty());
    assert_eq!(
        texts(&html, "#c-3 > .c-body + p a[href='?reply_to=3#reply']"),
        ["Reply to Petra Lindqvist"]
    );
    assert_eq!(
        texts(
            &html,
            "#c-1 a[href='#c-1'] time[datetime='2026-05-12T18:12Z']"
        ),
        ["12 May, 19:12"]
    );
}

#[test]
fn hidden_replies_are_counted_once_where_they_hang() {
    let mut deep = node(3, vec![]);
    deep.more = 4;
    let mut root = node(1, vec![node(2, vec![deep])]);
    root.more = 2;
    let html = plain(vec![root]);
    assert_eq!(
        texts(&html, "#c-3 + a[href='/threads/3']"),
        ["Continue this thread (4 more replies) in reply to Petra Lindqvist"]
    );
    assert_eq!(
        texts(&html, "#c-1 + ol + a[href='/threads/1']"),
        ["Show 2 more in reply to Petra Lindqvist"]
    );
    assert_eq!(texts(&html, ".deeper").len(), 2);
}

#[test]
fn a_tombstone_says_who_removed_it_and_why() {
    let gone = |status, rule_id, decided| {
        let mut one = node(1, vec![node(2, vec![])]);
        one.comment.status = status;
        one.comment.rule_id = rule_id;
        one.comment.decided_at = decided;
        one.comment.name = "Hidden Name".into();
        one.comment.body_html = "<p>hidden words</p>".into();
        let html = plain(vec![one]);
        assert!(!html.contains("Hidden Name") && !html.contains("hidden words"));
        assert!(texts(&html, "#c-1 > p ~ p, #c-1 .c-body").is_empty());
        texts(&html, "#c-1 .gone").join("")
    };
    assert_eq!(
        gone(Status::Rejected, Some(11), Some(AT)),
        "Removed by a moderator on 12 May, 19:12. Reason: personal attack (rule 1)."
    );
    assert_eq!(
        gone(Status::Rejected, Some(99), Some(AT)),
        "Removed by a moderator on 12 May, 19:12."
    );
    assert_eq!(
        gone(Status::Rejected, None, None),
        "Removed by a moderator."
    );
    assert_eq!(
        gone(Status::Spam, None, Some(AT)),
        "Removed by a moderator on 12 May, 19:12: spam."
    );
    assert_eq!(
        gone(Status::Pending, None, Some(AT)),
        "Being read again by a moderator."
    );
    assert_eq!(
        gone(Status::Withdrawn, None, Some(AT)),
        "Withdrawn by its author."
    );
}

#[test]
fn only_a_web_address_becomes_a_link_and_a_moderator_wears_a_badge() {
    let mut one = node(1, vec![]);
    one.comment.website = "https://dufour.example".into();
    one.comment.staff = crate::moderation::Voice::Moderator;
    let mut two = node(2, vec![]);
    two.comment.website = "javascript:alert(1)".into();
    let html = plain(vec![one, two]);
    assert_eq!(
        attributes(&html, ".comment b a", "href"),
        ["https://dufour.example"]
    );
    assert_eq!(
        attributes(&html, ".comment b a", "rel"),
        ["nofollow ugc noopener"]
    );
    assert_eq!(texts(&html, "#c-1 .badge.is-ok"), ["Moderator"]);
    assert!(!html.contains("javascript:"));
}

#[test]
fn a_closed_article_shows_its_discussion_and_says_why_there_is_no_form() {
    let mut article = fixtures::article();
    article.replies.open = false;
    article.replies.closed_at = Some(AT);
    let html = shown(&article, vec![node(1, vec![])], &ReplyForm::default());
    assert_eq!(
        texts(&html, "#reply p"),
        ["The editors closed replies on 12 May."]
    );
    assert!(texts(&html, "form, a[href*=reply_to]").is_empty());
    assert_eq!(
        texts(&html, ".comment a[href$='/report']").len(),
        texts(&html, ".c-body").len()
    );
    assert_eq!(texts(&html, "#c-1").len(), 1);
}

#[test]
fn the_form_has_its_fields_and_two_buttons() {
    let html = plain(Vec::new());
    let form = "#reply-form[method=post][action='/articles/ferry/replies'][data-article=ferry]";
    let names = attributes(&html, &format!("{form} [name]"), "name");
    assert_eq!(
        names,
        [
            "parent",
            "name",
            "email",
            "website",
            "body",
            "homepage_url",
            "remember",
            "do",
            "do"
        ]
    );
    assert_eq!(attributes(&html, "button", "value"), ["send", "preview"]);
    assert_eq!(attributes(&html, "[required]", "name"), ["name", "body"]);
    assert_eq!(attributes(&html, "[maxlength]", "name"), ["name"]);
    assert_eq!(
        attributes(&html, "#reply-form", "data-t-left"),
        ["Characters left: {n}"]
    );
    assert!(html.contains("Leave the person alone. Keep to the subject"));
}

#[test]
fn errors_are_listed_linked_and_described_and_what_was_typed_is_kept() {
    let error = |field, problem| FieldError { field, problem };
    let reply = ReplyForm {
        remember: true,
        email: "sana.at.example".into(),
        body: "\nThe £26 is what the rank quotes.".into(),
        parent: Some(parent()),
        errors: FieldErrors(vec![
            error(Field::Name, Problem::Missing),
            error(Field::Email, Problem::NotAnEmail),
            error(Field::Body, Problem::TooLong { limit: 5000 }),
            error(Field::Parent, Problem::ParentGone),
            error(Field::Remember, Problem::Twice),
        ]),
        ..ReplyForm::default()
    };
    let html = shown(&fixtures::article(), vec![node(1, vec![])], &reply);
    assert!(texts(&html, "title")[0].starts_with("Error: Night ferry"));
    assert_eq!(
        attributes(&html, "[role=alert] a", "href"),
        ["#name", "#email", "#body", "#replying", "#remember"]
    );
    assert_eq!(texts(&html, "#e-title"), ["Your reply was not sent"]);
    assert_eq!(
        attributes(&html, "[aria-invalid=true]", "aria-describedby"),
        [
            "e-name",
            "e-email",
            "h-body e-body",
            "h-remember e-remember"
        ]
    );
    assert_eq!(
        texts(&html, "#e-name"),
        ["Error: Enter the name to publish with your reply"]
    );
    assert_eq!(attributes(&html, "#email", "value"), ["sana.at.example"]);
    assert!(
        html.contains(">\n\nThe £26 is what"),
        "a first line break is kept"
    );
    assert_eq!(attributes(&html, "[name=parent]", "value"), ["41"]);
    assert_eq!(attributes(&html, "#remember", "checked"), [""]);
    assert!(attributes(&plain(Vec::new()), "#remember", "checked").is_empty());
    assert_eq!(
        texts(&html, "#c-1 > p a[href='/articles/ferry?reply_to=1#reply']").len(),
        1,
        "links lead from the address that was posted to"
    );
}

#[test]
fn a_reply_to_a_comment_quotes_it() {
    let reply = ReplyForm {
        parent: Some(parent()),
        ..ReplyForm::default()
    };
    let html = shown(&fixtures::article(), Vec::new(), &reply);
    assert_eq!(
        texts(&html, "#replying p"),
        ["Replying to Harbour Sceptic Reply to the article instead"]
    );
    assert_eq!(
        texts(&html, "#replying blockquote"),
        ["£20.85 a head before anyone buys a ticket"]
    );
    assert!(attributes(&html, "#replying", "hidden").is_empty());
    assert_eq!(attributes(&plain(Vec::new()), "#replying", "hidden"), [""]);
}

#[test]
fn a_preview_shows_what_would_be_sent() {
    let reply = ReplyForm {
        remember: true,
        preview: Some(SafeHtml::stored("<p><strong>£31</strong></p>".into())),
        ..ReplyForm::default()
    };
    let html = shown(&fixtures::article(), Vec::new(), &reply);
    assert_eq!(texts(&html, "#pv"), ["Preview, not sent yet"]);
    assert_eq!(texts(&html, "#preview strong"), ["£31"]);
    assert_eq!(attributes(&html, "#remember", "checked"), [""]);
}

#[test]
fn pages_of_a_discussion_are_linked_by_their_first_comment() {
    let links = |back, onward, last| {
        let discussion = Discussion {
            sort: crate::store::comments::Sort::Oldest,
            roots: vec![node(1, vec![])],
            back,
            onward,
            last,
        };
        let article = fixtures::article();
        let form = ReplyForm::default();
        let html = page(&site(), AT, &article, &discussion, &rules(), &form);
        assert_page(&html);
        let words = texts(&html, ".pager a").into_iter();
        words
            .zip(attributes(&html, ".pager a", "href"))
            .collect::<Vec<_>>()
    };
    let link = |word: &str, query: &str| {
        (
            word.to_owned(),
            format!("/articles/ferry{query}#discussion"),
        )
    };
    assert!(links(None, None, None).is_empty());
    assert_eq!(links(None, Some(51), Some(51)), [link("Newer", "?from=51")]);
    assert_eq!(
        links(Some(0), Some(101), Some(151)),
        [
            link("Older", ""),
            link("Newer", "?from=101"),
            link("Last", "?from=151")
        ]
    );
    assert_eq!(
        links(Some(51), None, None),
        [link("First", ""), link("Older", "?from=51")]
    );
}

#[test]
fn nothing_typed_becomes_markup() {
    let mut article = fixtures::article();
    for field in [
        &mut article.section,
        &mut article.title,
        &mut article.summary,
        &mut article.byline,
    ] {
        *field = HOSTILE.into();
    }
    let mut one = node(1, vec![]);
    one.comment.name = HOSTILE.into();
    one.comment.website = format!("https://a.example/{HOSTILE}");
    one.more = 2;
    let mut hostile_parent = parent();
    hostile_parent.name = HOSTILE.into();
    hostile_parent.body_html = "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>".into();
    let reply = ReplyForm {
        remember: true,
        name: HOSTILE.into(),
        email: HOSTILE.into(),
        website: HOSTILE.into(),
        body: format!("</textarea>{HOSTILE}"),
        parent: Some(hostile_parent),
        errors: FieldErrors(vec![FieldError {
            field: Field::Name,
            problem: Problem::Twice,
        }]),
        preview: None,
    };
    let mut rules = rules();
    rules[0].text = HOSTILE.into();
    let discussion = Discussion {
        roots: vec![one],
        ..Discussion::default()
    };
    let site = fixtures::hostile_site();
    let html = page(&site, AT, &article, &discussion, &rules, &reply);
    assert_page(&html);
    assert_eq!(texts(&html, "h1"), [HOSTILE]);
    assert_eq!(attributes(&html, "#name", "value"), [HOSTILE]);
}

/// The budget of a comment's markup: what is not its body, its name, its date or the words of its links.
#[test]
fn a_comment_costs_few_bytes_beyond_its_text() {
    let node_of = |id: i64| {
        let mut one = node(1_000_000 + id, vec![]);
        one.comment.author_id = Some(id);
        one
    };
    let page_of = |n: i64| plain((0..n).map(node_of).collect()).len();
    let each = (page_of(300) - page_of(100)) / 200;
    let sample = comment(1);
    let words = " 12 May, 19:12Reply to  Report comment by ".len();
    let text = sample.body_html.len() + 3 * sample.name.len() + words;
    let markup = each - text;
    assert!(markup <= 450, "{markup} bytes of markup for each comment");
}
