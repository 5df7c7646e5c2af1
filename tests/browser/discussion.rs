//! What the script adds to a discussion: news of comments, what is left to write; and what is there without it.

use serde_json::json;

use crate::browser::{JavaScript, browse};
use crate::support::{Engine, Server};

/// A clock on which a minute is over in half a second.
const FAST: &str = "{
    const [timer, now, begun] = [setTimeout, Date.now, Date.now()];
    window.setTimeout = (act, wait, ...rest) => timer(act, wait / 120, ...rest);
    Date.now = () => begun + (now() - begun) * 120;
    const asked = window.fetch;
    window.asked = 0;
    window.fetch = (...what) => { window.asked += 1; return asked(...what); };
}";

/// A server that publishes at once, with one article and a comment on it.
fn open_house() -> Server {
    let server = Server::with(Engine::Sqlite, &[("replies.hold", "none")]);
    server.article("ferry");
    server
        .visitor()
        .reply("ferry", "Ama", "The boat was late again.");
    server
}

#[test]
fn new_comments_are_offered_within_a_minute_and_shown_by_a_link() {
    let server = open_house();
    browse(JavaScript::On, async |browser| {
        browser.prepare(FAST).await;
        let article = format!("http://{}/articles/ferry?sort=newest", server.address);
        browser.open(&article).await;
        browser.holds("window.asked > 1").await;
        assert_eq!(browser.count(".new a").await, 0);

        server.visitor().reply("ferry", "Ben", "Mine was on time.");
        browser.see(".new", "Show 1 new comment").await;
        server.visitor().reply("ferry", "Cyd", "There were two?");
        browser
            .see(".new[role=status]", "Show 2 new comments")
            .await;
        assert_eq!(browser.count(".comment").await, 1);
        browser.fill("#body", "Half a thought").await;
        browser.press(".new a", "Show 2 new comments").await;
        browser.see(".comment", "There were two?").await;
        assert_eq!(browser.address().await, format!("{article}#discussion"));
        assert_eq!(browser.value("#body").await, "Half a thought");
        assert_eq!(browser.count(".new a").await, 0);
        assert_eq!(browser.complaints(None).await, Vec::<String>::new());
    });
}

#[test]
fn fewer_comments_are_no_news_and_nobody_asks_while_the_page_is_hidden() {
    let server = open_house();
    let dana = server.moderator("Dana");
    server.visitor().reply("ferry", "Ben", "Buy my socks.");
    browse(JavaScript::On, async |browser| {
        browser.prepare(FAST).await;
        browser
            .open(&format!("http://{}/articles/ferry", server.address))
            .await;
        browser.holds("window.asked > 0").await;
        dana.decide("published", "socks", "spam", "");
        let asked = browser.run("return window.asked", vec![]).await;
        browser.holds(&format!("window.asked > {asked} + 1")).await;
        assert_eq!(browser.count(".new a").await, 0);
        // One that comes after one that went is news all the same.
        server.visitor().reply("ferry", "Cyd", "I missed it too.");
        browser.see(".new", "Show 1 new comment").await;

        let hide = "Object.defineProperty(document, 'hidden', { get: () => window.away, configurable: true });
            window.away = true; document.dispatchEvent(new Event('visibilitychange')); window.asked = 0;
            const done = arguments[0];
            setTimeout(() => done(window.asked), 150000);";
        assert_eq!(browser.run_async(hide, vec![]).await, json!(0));
        browser
            .run(
                "window.away = false; document.dispatchEvent(new Event('visibilitychange'))",
                vec![],
            )
            .await;
        browser.holds("window.asked > 0").await;
    });
}

/// Puts a text into the field as if it had been typed, and says how many are left.
const TYPE: &str = "const [typed, done] = arguments;
    const body = document.querySelector('#body');
    body.value = typed;
    body.dispatchEvent(new Event('input'));
    body.form.dispatchEvent(new Event('submit', { cancelable: true }));
    done(document.querySelector('[data-left]').textContent);";

#[test]
fn characters_left_are_counted_as_people_count_and_never_too_many() {
    let server = Server::with(
        Engine::Sqlite,
        &[("replies.hold", "none"), ("replies.max_length", "300")],
    );
    server.article("ferry");
    let family = "👨‍👩‍👧‍👦";
    let (stacked, composed) = ("x\u{302}\u{323}", "e\u{301}");
    let cases = [
        ("a".repeat(99), String::new()),
        ("a".repeat(101), "Characters left: 199".to_owned()),
        ("a".repeat(300), "Characters left: 0".to_owned()),
        ("a".repeat(301), "Characters left: -1".to_owned()),
        // Seven code points each: 42 fit, 40 are there.
        (family.repeat(40), "Characters left: 2".to_owned()),
        (family.repeat(43), "Characters left: -1".to_owned()),
        // Three code points that no single one stands for.
        (stacked.repeat(90), "Characters left: 10".to_owned()),
        // Two that become one on their way.
        (composed.repeat(290), "Characters left: 10".to_owned()),
        ("🙂".repeat(290), "Characters left: 10".to_owned()),
    ];
    browse(JavaScript::On, async |browser| {
        let article = format!("http://{}/articles/ferry", server.address);
        browser.open(&article).await;
        for (typed, left) in &cases {
            let said = browser.run_async(TYPE, vec![json!(typed)]).await;
            assert_eq!(said, json!(left), "{typed}");
        }
        // A browser that knows no graphemes counts code points.
        browser.prepare("delete Intl.Segmenter").await;
        browser.open(&article).await;
        let said = browser
            .run_async(TYPE, vec![json!(family.repeat(40))])
            .await;
        assert_eq!(said, json!("Characters left: 20"));
    });
    // What was promised is taken.
    let reader = server.visitor();
    for (typed, left) in &cases {
        let Some(left) = left.strip_prefix("Characters left: ") else {
            continue;
        };
        let left: i64 = left.parse().unwrap();
        let unit = [family, stacked, composed, "🙂", "a"]
            .into_iter()
            .find(|unit| typed.starts_with(unit))
            .unwrap();
        let more = unit.repeat(usize::try_from(left).unwrap_or(0));
        let status = if left < 0 { 422 } else { 303 };
        let form = [
            ("name", "Ama"),
            ("body", &*format!("{typed}{more}")),
            ("do", "send"),
        ];
        assert_eq!(
            reader.post("/articles/ferry/replies", &form).status,
            status,
            "{typed}"
        );
    }
}

#[test]
fn on_a_branch_reply_leads_to_the_form_of_the_article() {
    let server = open_house();
    let reader = server.visitor();
    let root = reader.get("/articles/ferry").item_with("late again");
    reader.answer("ferry", root, "Ben", "Mine was on time.");
    for javascript in [JavaScript::On, JavaScript::Off] {
        browse(javascript, async |browser| {
            browser
                .open(&format!("http://{}/threads/{root}", server.address))
                .await;
            browser
                .press(".thread .thread .c-body + p a", "Reply")
                .await;
            browser.see("#replying", "Replying to Ben").await;
            browser
                .see("#replying blockquote", "Mine was on time.")
                .await;
            browser.fill("#name", "Cyd").await;
            browser.fill("#body", "Lucky you.").await;
            browser.press("button", "Post reply").await;
            browser
                .see("main .quote", "Reply to Ben on About ferry")
                .await;
            browser
                .open(&format!("http://{}/articles/ferry", server.address))
                .await;
            browser.see(".comment", "Lucky you.").await;
            // Sent is sent: no draft of it comes back.
            assert_eq!(browser.value("#body").await, "");
            if javascript == JavaScript::On {
                let kept = browser.run("return localStorage.length", vec![]).await;
                assert_eq!(kept, json!(0));
            }
        });
    }
}
