//! The hostile corpus, posted in every field of every form: nothing of it runs, loads or leads anywhere, and it is still read.

use std::collections::BTreeSet;

use rejoinder::text;
use scraper::{ElementRef, Html, Selector};

use crate::support::{Client, Engine, Page, Server};

/// What a comment may hold.
const IN_COMMENTS: [&str; 12] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "ul",
];

/// On the desk a link is shown with its address and leads nowhere.
const IN_HELD_COMMENTS: [&str; 13] = [
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "span",
    "strong",
    "ul",
];

/// The payloads that a text field takes; those with other control characters are refused elsewhere.
pub fn payloads() -> Vec<String> {
    include_str!("../corpus/hostile.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(|line| {
            line.replace("\\n", "\n")
                .replace("\\r", "\r")
                .replace("\\0", "\0")
        })
        .filter(|payload| !text::has_control(payload, true) && !text::is_blank(payload))
        .collect()
}

fn is_within(element: &ElementRef, class: &str) -> bool {
    element
        .ancestors()
        .filter_map(ElementRef::wrap)
        .any(|above| above.value().classes().any(|name| name == class))
}

fn is_harmless_address(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let local = lower.starts_with('/') && !lower.starts_with("//") && !lower.starts_with("/\\");
    local
        || ["http://", "https://", "mailto:", "#", "?"]
            .iter()
            .any(|start| lower.starts_with(start))
}

/// Every element of a page, parsed as a browser would, is one that the page's own templates have, or one that comments may
/// hold; no attribute runs anything.
pub fn assert_harmless(page: &Page, own: &BTreeSet<String>) {
    let html = Html::parse_document(&page.body);
    let (held, receipt) = (page.count(".desk") > 0, page.count("#address") > 0);
    for element in html.select(&Selector::parse("*").unwrap()) {
        let name = element.value().name();
        let at = || format!("{} {:?}", element.html(), page.status);
        let allowed = if is_within(&element, "c-body") {
            (!held || receipt) && IN_COMMENTS.contains(&name)
                || (held || receipt) && IN_HELD_COMMENTS.contains(&name)
        } else {
            own.contains(name) || name == "mark" && is_within(&element, "c-name")
        };
        assert!(allowed, "<{name}>: {}", at());
        if is_within(&element, "c-name") {
            assert!(["bdi", "mark"].contains(&name), "{}", at());
        }
        if element
            .ancestors()
            .filter_map(ElementRef::wrap)
            .any(|above| above.attr("itemprop") == Some("name"))
        {
            panic!("in a name: {}", at());
        }
        for (attribute, value) in element.value().attrs() {
            assert!(!attribute.starts_with("on"), "{}", at());
            assert!(
                ![
                    "style",
                    "srcset",
                    "srcdoc",
                    "formaction",
                    "ping",
                    "background"
                ]
                .contains(&attribute),
                "{}",
                at()
            );
            if ["href", "src", "action", "xlink:href"].contains(&attribute) {
                assert!(is_harmless_address(value), "{}", at());
            }
            if is_within(&element, "c-body") {
                let known = matches!(
                    (name, attribute, value),
                    ("a", "href" | "rel", _) | ("ol", "start", _) | ("span", "class", "soft")
                );
                assert!(known, "{}", at());
            }
        }
        if name == "a" && is_within(&element, "c-body") {
            assert_eq!(
                element.attr("rel"),
                Some("nofollow ugc noopener"),
                "{}",
                at()
            );
        }
        if ["script", "img", "link"].contains(&name) {
            let address = element.attr("src").or(element.attr("href"));
            assert!(
                address
                    .is_some_and(|address| address.starts_with('/') && !address.starts_with("//")),
                "{}",
                at()
            );
        }
    }
}

/// The elements of a page as it is without anybody's words.
pub fn elements_of(pages: &[Page]) -> BTreeSet<String> {
    pages
        .iter()
        .flat_map(|page| {
            Html::parse_document(&page.body)
                .select(&Selector::parse("*").unwrap())
                .map(|element| element.value().name().to_owned())
                .collect::<Vec<_>>()
        })
        .collect()
}

pub fn letters(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}

/// Whether Markdown leaves every letter of it where it was.
fn is_plain(payload: &str) -> bool {
    !payload.contains(['[', '&', '`', '\\', '~', '*', '_', '#', '\n', '\r'])
        && !payload.contains("://")
        && !payload.starts_with(|first: char| !first.is_alphabetic() && first != '<')
}

/// A page of the article and all that follow it.
fn pages_from(client: &Client, first: &str) -> Vec<Page> {
    let mut pages = Vec::new();
    let mut next = Some(first.to_owned());
    while let Some(path) = next {
        let page = client.get(&path);
        let word = "Newer";
        next = page
            .texts(".pager a")
            .iter()
            .position(|text| text == word)
            .map(|at| page.attributes(".pager a", "href")[at].clone());
        pages.push(page);
    }
    pages
}

#[test]
fn comments_and_names_of_the_corpus_are_words_and_nothing_else() {
    let server = Server::with(Engine::Sqlite, &[("replies.hold", "none")]);
    server.article("ferry");
    let reader = server.visitor();
    let moderator = server.moderator("Dana");
    reader.reply("ferry", "Ama", "Plain words.");
    reader.post(
        "/articles/ferry/replies",
        &[
            ("name", "Ama"),
            ("website", "https://a.example"),
            ("body", "More words."),
            ("do", "send"),
        ],
    );
    reader.post(
        "/articles/ferry/replies",
        &[
            ("name", "Ama"),
            ("body", "Held."),
            ("homepage_url", "x"),
            ("do", "send"),
        ],
    );
    let own = elements_of(&[reader.get("/articles/ferry"), moderator.get("/moderation")]);
    let mut taken = Vec::new();
    for payload in payloads() {
        let short: String = text::one_line(&payload).chars().take(80).collect();
        let name = if payload.contains(['\n', '\r']) || text::is_blank(&short) {
            "Mallory"
        } else {
            short.trim()
        };
        let fields = [("name", name), ("body", payload.as_str()), ("do", "send")];
        let sent = reader.post("/articles/ferry/replies", &fields);
        match sent.status {
            303 => taken.push((name.to_owned(), payload)),
            422 => assert_eq!(
                sent.texts("#errors li a"),
                ["Enter a comment that can be seen"],
                "{payload:?}"
            ),
            other => panic!("{other} for {payload:?}"),
        }
    }
    assert!(taken.len() > 800, "{}", taken.len());
    let mut pages = pages_from(&reader, "/articles/ferry");
    pages.extend(pages_from(&moderator, "/moderation"));
    let (mut bodies, mut names) = (Vec::new(), BTreeSet::new());
    for page in &pages {
        assert_harmless(page, &own);
        bodies.extend(page.texts(".c-body").iter().map(|body| letters(body)));
        names.extend(page.texts(".c-name, .comment [itemprop=name]"));
    }
    // Each one of them was shown, and those that Markdown has no part in letter for letter.
    assert_eq!(bodies.len(), taken.len() + 3);
    let bodies: BTreeSet<_> = bodies.into_iter().collect();
    for (name, payload) in &taken {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(names.contains(&text::one_line(&name)), "the name {name:?}");
        if is_plain(payload) {
            let shown = letters(&text::normalise(payload));
            assert!(bodies.contains(&shown), "the comment {payload:?}");
        }
    }
}

#[test]
fn fields_of_the_corpus_are_given_back_as_they_were_typed() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let reader = server.visitor();
    let empty = reader.post("/articles/ferry/replies", &[("do", "preview")]);
    let own = elements_of(&[
        empty,
        reader.get("/login"),
        reader.sign_in("Nobody", "wrong"),
    ]);
    // Every seventh: the page is large, and the fields are escaped by one function.
    for payload in payloads().into_iter().step_by(7) {
        let fields = [
            ("name", payload.as_str()),
            ("email", &payload),
            ("website", &payload),
            ("body", &payload),
            ("parent", &payload),
            ("do", "preview"),
        ];
        let page = reader.post("/articles/ferry/replies", &fields);
        assert_eq!(page.status, 422, "{payload:?}");
        assert_harmless(&page, &own);
        let line = text::one_line(&payload);
        assert_eq!(page.value("#name"), line);
        assert_eq!(page.value("#email"), line);
        assert!(page.value("#website").ends_with(&line));
        let body = text::normalise(&payload);
        assert_eq!(
            page.value("textarea#body"),
            body.trim_end().trim_start_matches('\n')
        );
    }
}

#[test]
fn notes_of_the_corpus_reach_their_authors_as_words() {
    let server = Server::with(Engine::Sqlite, &[("moderation.undo_seconds", "0")]);
    server.article("ferry");
    let reader = server.visitor();
    let moderator = server.moderator("Dana");
    let reject = |receipt: &str, note: &str| {
        let id = server.comment_at(receipt);
        let list = moderator.get("/moderation");
        let value = |name: &str| list.value(&format!("#c-{id} form input[name={name}]"));
        let fields = [
            ("csrf", value("csrf")),
            ("version", value("version")),
            ("view", "".to_owned()),
            ("do", "reject".to_owned()),
            ("ground", "1".to_owned()),
            ("note", note.to_owned()),
        ];
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let sent = moderator.post(&format!("/moderation/comments/{id}/decide"), &fields);
        assert_eq!(sent.status, 303, "{}", sent.text());
    };
    let plain = reader.reply("ferry", "Ama", "Words.");
    reject(&plain, "A plain note.");
    let own = elements_of(&[
        reader.get(&plain),
        moderator.get("/moderation?tab=rejected"),
    ]);
    let mut notes = vec![String::new()];
    for payload in payloads() {
        if notes
            .last()
            .is_none_or(|note| note.chars().count() + payload.chars().count() > 990)
        {
            notes.push(String::new());
        }
        if let Some(note) = notes.last_mut() {
            note.push_str(&payload.replace('\r', "\n"));
            note.push('\n');
        }
    }
    for (number, note) in notes
        .iter()
        .enumerate()
        .filter(|(_, note)| !note.is_empty())
    {
        let receipt = reader.reply("ferry", "Ama", &format!("Reply {number}."));
        let note: String = note.chars().take(1_000).collect();
        reject(&receipt, &note);
        let page = reader.get(&receipt);
        assert_harmless(&page, &own);
        let shown = page.texts("main .note dd")[2].clone();
        assert_eq!(letters(&shown), letters(&text::normalise(&note)));
    }
    for page in pages_from(&moderator, "/moderation?tab=rejected") {
        assert_harmless(&page, &own);
    }
}
