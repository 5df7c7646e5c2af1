//! Comments that would break a page: they keep to their place, and their neighbours to theirs.

use serde_json::{Value, json};

use crate::browser::{Browser, JavaScript, browse};
use crate::support::{Client, Engine, Server};

/// So many marks upon one letter reach over the lines above and below.
const PILE: usize = 50;

/// Name and text of each, all within the limits.
fn disorder() -> Vec<(&'static str, String, String)> {
    let fill = |piece: &str| -> String { piece.chars().cycle().take(4_990).collect() };
    let marks = |letters: &str, pile: usize| -> String {
        let pile: String = "\u{301}\u{323}\u{306}\u{330}\u{308}\u{325}"
            .chars()
            .cycle()
            .take(pile)
            .collect();
        letters
            .chars()
            .flat_map(|l| [l.to_string(), pile.clone()])
            .collect()
    };
    let zalgo = marks("He comes at night, over every line there is", PILE);
    let name = |name: &str| name.to_owned();
    vec![
        ("a word without end", "W".repeat(80), fill("w")),
        (
            "marks upon marks",
            marks("Zal", 25),
            format!("{zalgo}\n\n{zalgo}"),
        ),
        (
            "marks in links and code",
            name("Zoe"),
            format!(
                "[{0}](https://a.test) `{0}`\n\n    {0}",
                marks("over it all", PILE)
            ),
        ),
        (
            "lines of emphasis",
            name("Emma"),
            "*em* **st**\n".repeat(400),
        ),
        (
            "nested emphasis",
            name("Nia"),
            format!("{}x{}", "*a **b ".repeat(300), "** *".repeat(300)),
        ),
        (
            "an address without end",
            name("Una"),
            format!("https://a.test/{}", "x".repeat(4_900)),
        ),
        (
            "code without end",
            name("Cody"),
            format!("`{}`\n\n    {}", "c".repeat(1_000), "let_x".repeat(600)),
        ),
        (
            "deep quotes",
            name("Quinn"),
            format!("{} a *deeply* quoted word", ">".repeat(60)),
        ),
        (
            "deep lists",
            name("Lee"),
            format!("{}a deeply listed word", "- ".repeat(40)),
        ),
        (
            "the other way",
            name("Dina"),
            format!(
                "\u{202e}\u{202e}\u{2067}{} https://a.test",
                "reversed ".repeat(20)
            ),
        ),
    ]
}

/// Whatever of the page stands out at the side, and whatever text of a comment is out of sight in it.
const OUT_OF_PLACE: &str = "const page = document.documentElement;
    const wrong = page.scrollWidth > page.clientWidth ? [`the page is ${page.scrollWidth} wide`] : [];
    const body = document.querySelector(`${arguments[0]} .c-body`);
    const frame = body.getBoundingClientRect();
    const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (texts.nextNode()) {
        range.selectNodeContents(texts.currentNode);
        for (const box of range.getClientRects()) {
            if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 12) {
                wrong.push(`text from ${box.left} to ${box.right}, but the comment from ${frame.left} to ${frame.right}`);
                break;
            }
        }
    }
    return wrong.slice(0, 3)";

/// Name and acts that cannot be seen or pressed.
const HIDDEN: &str = "return ['[data-i] bdi', '.c-body + p a', '[data-i] time'].filter((what) => {
    const element = document.querySelector(`${arguments[0]} ${what}`);
    element.scrollIntoView({ block: 'center' });
    const box = element.getBoundingClientRect();
    const seen = document.elementFromPoint(box.x + Math.min(box.width, 40) / 2, box.y + box.height / 2);
    return !(element === seen || element.contains(seen) || seen?.contains(element)) || box.width < 8 || box.right > innerWidth + 1;
})";

/// Shows or hides one comment, leaving its place as it is.
const SHOW: &str = "document.querySelector(arguments[0]).style.visibility = arguments[1]";

/// Ids of the comments between two quiet ones, in order.
fn post_all(server: &Server, reader: &Client) -> Vec<(&'static str, i64)> {
    let mut posted = Vec::new();
    reader.reply("ferry", "First", "A quiet comment.");
    for (what, name, body) in disorder() {
        let receipt = reader.reply("ferry", &name, &body);
        posted.push((what, server.comment_at(&receipt)));
        reader.reply("ferry", "Neighbour", "Another quiet comment.");
    }
    posted
}

async fn check(browser: &Browser, what: &str, id: i64, width: u32) -> Vec<String> {
    let comment = format!("#c-{id}");
    let selector = || vec![json!(comment)];
    let mut wrong: Vec<String> = Vec::new();
    for found in [
        browser.run(OUT_OF_PLACE, selector()).await,
        browser.run(HIDDEN, selector()).await,
    ] {
        let found: Vec<Value> = serde_json::from_value(found).unwrap();
        wrong.extend(
            found
                .iter()
                .map(|said| format!("{what} at {width}: {said}")),
        );
    }
    browser.run("scrollTo(0, 0)", vec![]).await;
    // What is painted over the neighbours goes when the comment itself cannot be seen.
    for neighbour in [id - 1, id + 1].map(|id| format!("#c-{id}")) {
        let before = browser.picture(&neighbour).await;
        browser
            .run(SHOW, vec![json!(comment), json!("hidden")])
            .await;
        let alone = browser.picture(&neighbour).await;
        browser.run(SHOW, vec![json!(comment), json!("")]).await;
        if before != alone {
            wrong.push(format!("{what} at {width}: paints over {neighbour}"));
        }
    }
    wrong
}

#[test]
fn no_comment_breaks_the_page_or_paints_over_its_neighbours() {
    let server = Server::with(Engine::Sqlite, &[("replies.hold", "none")]);
    server.article("ferry");
    let posted = post_all(&server, &server.visitor());
    browse(JavaScript::On, async |browser| {
        browser
            .open(&format!("http://{}/articles/ferry", server.address))
            .await;
        let mut wrong = Vec::new();
        for width in [320, 1280] {
            browser.view(width, "light").await;
            // The first picture in a new size may still show the old one.
            browser.picture("#c-1").await;
            for &(what, id) in &posted {
                wrong.extend(check(browser, what, id, width).await);
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

#[test]
fn the_desk_keeps_its_width_whatever_waits() {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let reader = server.visitor();
    for (_, name, body) in disorder() {
        let website = format!("https://a.test/{}", "w".repeat(480));
        let form = [
            ("name", &*name),
            ("website", &website),
            ("body", &body),
            ("do", "send"),
        ];
        assert_eq!(reader.post("/articles/ferry/replies", &form).status, 303);
    }
    let session = server.moderator("Dana").cookie("session");
    browse(JavaScript::On, async |browser| {
        let base = format!("http://{}", server.address);
        browser.open(&base).await;
        browser.session(&base, session.as_deref()).await;
        browser.open(&format!("{base}/moderation")).await;
        for width in [320, 1280] {
            browser.view(width, "light").await;
            browser.see("h1", "Queue").await;
            browser
                .holds(
                    "document.documentElement.scrollWidth <= document.documentElement.clientWidth",
                )
                .await;
        }
    });
}
