//! A hundred decisions at the desk: by keys, and by clicks without a script; picking, searching, and colleagues.

use diesel::connection::SimpleConnection;

use crate::browser::{Browser, JavaScript, browse};
use crate::support::{Engine, PASSWORD, Server, rows};
use rejoinder::moderation::Role;

/// Enter, as WebDriver types it.
const ENTER: char = '\u{e007}';
const WAITING: usize = 100;

/// A server with so many replies that wait.
fn newsroom(waiting: usize) -> Server {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    server.account("Dana", Role::Moderator);
    server
        .database
        .connect()
        .batch_execute(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {waiting}) \
             INSERT INTO comments (id, article_id, depth, status, name, email, website, body, body_html, html_version, \
             receipt, hold, risk, created_at) \
             SELECT i, 1, 0, 0, 'Author ' || i, '', '', 'Words', '<p>Words ' || i || '</p>', 1, 'receipt-' || i, '[]', 0, \
             {now} FROM n; \
             INSERT INTO comment_terms (comment_id, terms, text_key) SELECT id, 'words author ' || id, 1 FROM comments",
            now = rows::NOW.0,
        ))
        .unwrap();
    server
}

async fn open_queue(browser: &Browser, server: &Server) {
    let desk = format!("http://{}/moderation", server.address);
    browser.open(&desk).await;
    browser.fill("#name", "Dana").await;
    browser.fill("#password", PASSWORD).await;
    browser.press("button", "Sign in").await;
    browser.see("h1", "Queue").await;
}

#[test]
fn a_hundred_decisions_take_a_key_each_and_a_page_load_for_twenty_five() {
    let server = newsroom(WAITING);
    browse(JavaScript::On, async |browser| {
        open_queue(browser, &server).await;
        browser
            .prepare("sessionStorage.loads = Number(sessionStorage.loads || 0) + 1")
            .await;
        let mut keys = 0;
        for n in 1..=WAITING {
            browser
                .holds(&format!(
                    "document.querySelector('.item[aria-current]')?.id === 'c-{n}'"
                ))
                .await;
            let typed = match n % 3 {
                0 => "s".to_owned(),
                1 => "a".to_owned(),
                _ => format!("r4{ENTER}"),
            };
            keys += typed.chars().count();
            browser.keys(&typed).await;
        }
        browser.see("h1", "Queue clear").await;
        browser.see("[data-n=waiting]", "0").await;
        browser.see("[data-n=rejected]", "33").await;
        browser.see("[data-n=spam]", "33").await;
        let loads = browser.run("return sessionStorage.loads", vec![]).await;
        eprintln!("100 decisions: {keys} keys, {loads} page loads");
        // A page for each of the four batches, the empty one at last included.
        assert_eq!(loads.as_str(), Some("4"));
        assert_eq!(keys, 34 + 33 + 3 * 33);
        assert_eq!(browser.complaints(None).await, Vec::<String>::new());
    });
    let desk = server.moderator("Eve");
    assert_eq!(desk.get("/moderation").only("h1"), "Queue clear");
    assert_eq!(desk.get("/moderation?tab=spam").only("h1"), "Spam 33");
    assert_eq!(
        server.visitor().get("/articles/ferry").texts(".counts"),
        ["34 comments · no views yet"]
    );
}

#[test]
fn without_a_script_a_hundred_decisions_take_a_click_each() {
    let server = newsroom(WAITING);
    browse(JavaScript::Off, async |browser| {
        open_queue(browser, &server).await;
        for n in 1..=WAITING {
            // The next comment stands first, and is what the address aims at.
            browser
                .see(".item:first-child .c-body", &format!("Words {n}"))
                .await;
            assert!(n == 1 || browser.address().await.ends_with(&format!("#c-{n}")));
            browser.press(".item:first-child button", "Approve").await;
            browser
                .see(".toast", &format!("Approved: Author {n}."))
                .await;
        }
        browser.see("h1", "Queue clear").await;
    });
}

#[test]
fn keys_pick_comments_for_a_bulk_and_lead_to_the_search() {
    let server = newsroom(5);
    browse(JavaScript::On, async |browser| {
        open_queue(browser, &server).await;
        browser.keys("xjjx").await;
        browser.see("[data-picked]", "2 selected").await;
        browser
            .holds("document.querySelector('#all').indeterminate")
            .await;
        browser.press("#bulk button", "Spam").await;
        browser.see(".toast", "2 done.").await;
        browser.see("h1", "Queue 3").await;
        browser.keys("u").await;
        browser.see(".toast", "2 undone.").await;
        browser.see("h1", "Queue 5").await;
        browser.press("#bulk label", "Select all").await;
        browser.see("[data-picked]", "5 selected").await;

        browser.keys("\u{e00c}").await;
        browser.run("document.activeElement.blur()", vec![]).await;
        browser.keys("/").await;
        browser.holds("document.activeElement.id === 'q'").await;
        browser.keys(&format!("author 4{ENTER}")).await;
        browser.see(".c-name mark", "4").await;
        assert_eq!(browser.count(".item").await, 1);
        assert_eq!(browser.complaints(None).await, Vec::<String>::new());
    });
}

#[test]
fn whoever_stays_with_a_comment_claims_it_and_keys_pass_over_what_a_colleague_has() {
    let server = newsroom(4);
    let eve = server.moderator("Eve");
    let list = eve.get("/moderation");
    let csrf = list.value("input[name=csrf]");
    let form = [("csrf", csrf.as_str()), ("view", ""), ("do", "claim")];
    assert_eq!(eve.post("/moderation/comments/2/claim", &form).status, 303);
    browse(JavaScript::On, async |browser| {
        open_queue(browser, &server).await;
        browser
            .see("#c-2.claimed .claim", "Eve is reviewing this")
            .await;
        // Three seconds on the first one are a claim, which colleagues see.
        let begun = std::time::Instant::now();
        while eve.get("/moderation").count("#c-1.claimed") == 0 {
            assert!(begun.elapsed().as_secs() < 20, "never claimed");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        browser.keys("a").await;
        browser.see("#c-3[aria-current]", "Words 3").await;
        browser.see(".toast", "Approved: Author 1.").await;
        // Skip leads on, and does nothing else.
        browser.press("#c-3 button", "Skip").await;
        browser.see("#c-4[aria-current]", "Words 4").await;
        assert_eq!(browser.count(".item").await, 3);
        // What a colleague has can be decided all the same.
        browser.press("#c-2 button", "Approve").await;
        browser.see(".toast", "Approved: Author 2.").await;
        assert_eq!(browser.complaints(None).await, Vec::<String>::new());
    });
}
