//! The page on paper, and the page that reads from right to left.

use serde_json::{Value, json};

use crate::browser::{JavaScript, browse};
use crate::support::{Engine, Server};

const ARTICLE: &str = "---\ntitle: The last ferry\nslug: ferry\nsection: Harbour\nsummary: It leaves at 00:40.\n\
    byline: Ines Calloway\n---\nThe [minutes](https://council.example/minutes) say so.\n";

/// Lets the words of everything that is printed be seen with their colours.
const PRINTED: &str =
    "const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const seen = [];
    while (texts.nextNode()) {
        const { data, parentElement: around } = texts.currentNode;
        const style = getComputedStyle(around);
        if (data.trim() && around.checkVisibility() && !around.closest('.vh, .c-body + p i, .skip')) {
            seen.push([data.trim(), style.color]);
        }
    }
    return seen";

fn newsroom(settings: &[(&'static str, &str)]) -> (Server, i64) {
    let mut all = vec![("replies.hold", "none")];
    all.extend(settings);
    let server = Server::with(Engine::Sqlite, &all);
    server.seed(ARTICLE);
    let reader = server.visitor();
    reader.reply("ferry", "Ama", "Late *again*. See https://boats.example");
    let root = reader.get("/articles/ferry").item_with("Late");
    reader.answer("ferry", root, "Ben", "Mine was on time.");
    (server, root)
}

#[test]
fn on_paper_stand_the_article_and_its_comments_in_black_and_nothing_to_press() {
    let (server, root) = newsroom(&[]);
    browse(JavaScript::On, async |browser| {
        let article = format!("http://{}/articles/ferry#c-{root}", server.address);
        browser.open(&article).await;
        for scheme in ["light", "dark"] {
            let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
            browser.media("print", features).await;
            let printed: Vec<(String, String)> =
                serde_json::from_value(browser.run(PRINTED, vec![]).await).unwrap();
            let words: Vec<&str> = printed.iter().map(|(words, _)| &**words).collect();
            for shown in [
                "The last ferry",
                "Ines Calloway",
                "again",
                "Mine was on time.",
                "Ben",
            ] {
                assert!(words.contains(&shown), "{scheme}: {shown} of {words:?}");
            }
            for control in [
                "Reply",
                "Report",
                "Newest",
                "Leave a Reply",
                "Post reply",
                "Sign in",
                "Name",
            ] {
                assert!(
                    !words.contains(&control),
                    "{scheme}: {control} of {words:?}"
                );
            }
            for (words, colour) in &printed {
                assert_eq!(colour, "rgb(0, 0, 0)", "{scheme}: {words}");
            }
            let grounds =
                "return [document.documentElement, document.querySelector('.comment:target')]
                .map((e) => getComputedStyle(e).backgroundColor)";
            let white = json!(["rgb(255, 255, 255)", "rgb(255, 255, 255)"]);
            assert_eq!(browser.run(grounds, vec![]).await, white, "{scheme}");
        }
        let written =
            "return getComputedStyle(document.querySelector('.prose a'), '::after').content";
        let address = json!("\" (\" \"https://council.example/minutes\" \")\"");
        let said = browser.run(written, vec![]).await;
        assert!(
            said == address || said == json!("\" (https://council.example/minutes)\""),
            "{said}"
        );
    });
}

/// Where things stand: `[left, right]` of the first that matches.
const PLACE: &str = "const box = document.querySelector(arguments[0]).getBoundingClientRect(); return [box.left, box.right]";

#[test]
fn a_site_in_a_language_from_right_to_left_is_mirrored() {
    let (server, root) = newsroom(&[("site.language", "ar")]);
    let dana = server.moderator("Dana");
    let session = dana.cookie("session");
    browse(JavaScript::On, async |browser| {
        let base = format!("http://{}", server.address);
        browser.open(&base).await;
        browser.session(&base, session.as_deref()).await;
        for path in [
            "/",
            "/articles/ferry",
            &format!("/threads/{root}"),
            "/rules",
            "/login",
            "/moderation?tab=published",
        ] {
            browser.open(&format!("{base}{path}")).await;
            for width in [320, 1280] {
                browser.view(width, "light").await;
                browser
                    .holds("document.dir === 'rtl' && document.documentElement.lang === 'ar'")
                    .await;
                let wide = "const page = document.documentElement; return page.scrollWidth - page.clientWidth";
                assert_eq!(
                    browser.run(wide, vec![]).await,
                    json!(0),
                    "{path} at {width}"
                );
            }
        }
        browser.open(&format!("{base}/articles/ferry")).await;
        for width in [320, 1280] {
            browser.view(width, "light").await;
            let place = async |what: &str| -> (f64, f64) {
                let place: Value = browser.run(PLACE, vec![json!(what)]).await;
                serde_json::from_value(place).unwrap()
            };
            let (icon, name) = (place("[data-i] b").await, place("[data-i] > a").await);
            assert!(
                icon.0 >= name.1,
                "{width}: icon at {icon:?}, name at {name:?}"
            );
            let (root, reply) = (
                place(".thread>li>.comment").await,
                place(".thread .thread .comment").await,
            );
            assert!(
                reply.1 < root.1 && reply.0 <= root.0 + 1.0,
                "{width}: {root:?} {reply:?}"
            );
            let (brand, nav) = (place(".brand").await, place(".masthead nav").await);
            assert!(
                width < 1280 || brand.0 > nav.1,
                "{width}: {brand:?} {nav:?}"
            );
        }
        let (prose, counts) = (
            "document.querySelector('.head h1')",
            "document.querySelector('.counts')",
        );
        browser
            .holds(&format!(
                "{prose}.getBoundingClientRect().right > {counts}.getBoundingClientRect().right"
            ))
            .await;
    });
}
