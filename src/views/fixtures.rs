//! Rows and questions for tests: a site, an article, comments, and what a page says.

use scraper::{Html, Selector};

use super::queue::Desk;
use super::{Assets, Site};
use crate::moderation::{About, Ground, HoldReason, Role, Status};
use crate::store::articles::{Article, ArticleLine};
use crate::store::authors::Acquaintance;
use crate::store::closing::Openness;
use crate::store::comments::{Comment, Node, Parent};
use crate::store::moderators::Moderator;
use crate::store::queue::{LatestDecision, QueueItem};
use crate::store::rules::Rule;
use crate::time::{Timestamp, Zone};

/// 12 May 2026, 19:12 in Eastmere.
pub const AT: Timestamp = Timestamp(1_778_609_520_000);

/// What nobody may get into a page as markup.
pub const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

pub fn site() -> Site {
    let zone = Zone::named("Europe/London").unwrap();
    let assets = Assets {
        app_css: "/static/app.css".into(),
        desk_css: "/static/desk.css".into(),
        article_js: "/static/article.js".into(),
        desk_js: "/static/desk.js".into(),
        icon: "/static/favicon.svg".into(),
    };
    Site::new("The Eastmere Ledger", "en", zone, assets, 5000)
}

pub fn hostile_site() -> Site {
    Site {
        name: HOSTILE.into(),
        ..site()
    }
}

pub fn article() -> Article {
    Article {
        id: 1,
        slug: "ferry".into(),
        section: "City council".into(),
        title: "Night ferry to stay".into(),
        summary: "Two amendments later, the 00:40 crossing keeps running.".into(),
        byline: "Ines Calloway".into(),
        body_html: "<p>The last ferry will keep crossing.</p><h2>What it costs</h2>".into(),
        published_at: AT,
        updated_at: None,
        replies: openness(),
        removed_at: None,
        comment_count: 23,
        view_count: 1204,
        page_version: 1,
        hold: None,
    }
}

fn openness() -> Openness {
    Openness {
        open: true,
        closed_at: None,
        kept_open: false,
        since: AT,
    }
}

pub fn line(id: i64) -> ArticleLine {
    ArticleLine {
        id,
        slug: "ferry".into(),
        section: "City council".into(),
        title: "Night <ferry>".into(),
        summary: "It keeps running.".into(),
        byline: "Ines <b>Calloway</b>".into(),
        published_at: AT,
        updated_at: None,
        replies: openness(),
        comment_count: 23,
        view_count: 1204,
        page_version: 1,
        hold: None,
    }
}

pub fn comment(id: i64) -> Comment {
    Comment {
        id,
        article_id: 1,
        parent_id: None,
        root_id: None,
        depth: 0,
        status: Status::Approved,
        version: 3,
        author_id: None,
        staff: crate::moderation::Voice::Reader,
        name: "Petra Lindqvist".into(),
        website: String::new(),
        body_html: "<p>I clean offices on the north bank.</p>".into(),
        created_at: AT,
        decided_at: Some(AT),
        ground: None,
        rule_id: None,
        public_descendants: 0,
    }
}

pub fn node(id: i64, replies: Vec<Node>) -> Node {
    Node {
        comment: comment(id),
        replies,
        more: 0,
    }
}

pub fn parent() -> Parent {
    Parent {
        id: 41,
        name: "Harbour Sceptic".into(),
        body_html: "<p>£20.85 a head before anyone buys a ticket</p>".into(),
    }
}

pub fn item(id: i64) -> QueueItem {
    QueueItem {
        comment: Comment {
            status: Status::Pending,
            decided_at: None,
            ..comment(id)
        },
        article_slug: "ferry".into(),
        article_title: "Night ferry to stay".into(),
        parent: None,
        hold: vec![HoldReason::Links { count: 3, limit: 2 }],
        author: Some(Acquaintance::None),
        latest: None,
        revision: None,
        appeal: None,
        open_reports: 0,
        reported: None,
        strip: Vec::new(),
        notes: Vec::new(),
        claim: None,
        email: String::new(),
        network: None,
        shortened: String::new(),
        text_key: 0,
        purged_at: None,
    }
}

/// By Dana, for rule 1.
pub fn decision(to: Status) -> LatestDecision {
    LatestDecision {
        id: 900,
        moderator: "Dana".into(),
        at: AT,
        from: Status::Pending,
        to,
        ground: Some(Ground::Rule(1)),
        rule_title: "Personal attack".into(),
        note: "Argue with the sum.".into(),
        about: About::Status,
        outcome: None,
        is_undo: false,
    }
}

pub fn desk() -> Desk {
    Desk {
        who: Moderator {
            id: 1,
            name: "Priya Raman".into(),
            role: Role::Moderator,
        },
        csrf: "t0ken".into(),
    }
}

pub fn rules() -> Vec<Rule> {
    let rule = |id, number, title: &str, text: &str| Rule {
        id,
        number,
        kind: "conduct".into(),
        title: title.into(),
        text: text.into(),
    };
    vec![
        rule(11, 1, "Personal attack", "Leave the person alone."),
        rule(14, 4, "Off topic", "Keep to the subject of the article."),
    ]
}

/// The text of every element that matches, white space folded.
pub fn texts(html: &str, selector: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let wanted = Selector::parse(selector).unwrap();
    let text = |element: scraper::ElementRef| {
        let all: String = element.text().collect();
        all.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    page.select(&wanted).map(text).collect()
}

/// An attribute of every element that matches and has it.
pub fn attributes(html: &str, selector: &str, name: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let wanted = Selector::parse(selector).unwrap();
    let value = |element: scraper::ElementRef| element.attr(name).map(str::to_owned);
    page.select(&wanted).filter_map(value).collect()
}

/// What holds for every page: one `h1`, a way to `#main`, unique ids, a name for every field, no script or style within,
/// no link to an id that is not there, nothing hostile as markup.
pub fn assert_page(html: &str) {
    let page = Html::parse_document(html);
    let all = |selector: &str| -> Vec<scraper::ElementRef> {
        page.select(&Selector::parse(selector).unwrap()).collect()
    };
    assert!(html.starts_with("<!doctype html>"));
    assert_eq!(all("h1").len(), 1, "one h1");
    assert_eq!(all("title").len(), 1);
    assert_eq!(all("a.skip[href='#main']").len(), 1);
    assert_eq!(all("main#main").len(), 1);
    assert!(all("[style], style, script:not([src]), img, iframe").is_empty());
    let ids = attributes(html, "[id]", "id");
    for (at, id) in ids.iter().enumerate() {
        assert!(!ids[..at].contains(id), "the id {id} stands twice");
    }
    for element in page.root_element().descendent_elements() {
        for (name, value) in element.value().attrs() {
            assert!(!name.starts_with("on"), "{name} in a page");
            let points = matches!(name, "for" | "aria-labelledby" | "aria-describedby")
                || (name == "href" && value.starts_with('#'));
            if points {
                for id in value.trim_start_matches('#').split_whitespace() {
                    assert!(ids.iter().any(|i| i == id), "{name}={value} leads nowhere");
                }
            }
        }
    }
    let fields =
        "input:not([type=hidden]):not([type=radio]):not([type=checkbox]), textarea, select";
    for field in all(fields) {
        let id = field.attr("id").unwrap_or_default();
        assert!(
            !all(&format!("label[for='{id}']")).is_empty(),
            "no label for {id} {:?}",
            field.value()
        );
    }
    for choice in all("input[type=radio], input[type=checkbox]") {
        let parent = choice.parent().and_then(scraper::ElementRef::wrap).unwrap();
        assert_eq!(parent.value().name(), "label");
    }
}
