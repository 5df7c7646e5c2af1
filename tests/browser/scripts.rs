//! What the scripts add to pages that work without them.

use crate::browser::{Browser, JavaScript, browse};
use crate::support::{Engine, PASSWORD, Server};

/// Enter, as WebDriver types it.
const ENTER: char = '\u{e007}';

/// A server with one article that carries one published comment, and a moderator called Dana.
fn newsroom() -> Server {
    let server = Server::start(Engine::Sqlite);
    server.article("ferry");
    let moderator = server.moderator("Dana");
    server
        .visitor()
        .reply("ferry", "Ama", "The boat was late again.");
    moderator.decide("waiting", "late", "approve", "");
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
fn keys_reject_under_a_rule_and_undo_it() {
    let server = newsroom();
    for (name, body) in [("Ben", "Buy my socks."), ("Cyd", "I missed it too.")] {
        server.visitor().reply("ferry", name, body);
    }
    browse(JavaScript::On, async |browser| {
        open_queue(browser, &server).await;
        browser.see(".item[aria-current]", "socks").await;
        browser.keys("r4").await;
        browser
            .holds("document.querySelector('.item[aria-current] [value=\"4\"]').checked")
            .await;
        browser.keys(&ENTER.to_string()).await;
        browser.see(".toast", "Rejected: Ben.").await;
        browser.see_no_more(".item", "socks").await;
        // The next item has the focus at once.
        browser.see(".item[aria-current]:focus", "missed").await;
        browser.see("[data-n=rejected]", "1").await;

        browser.keys("u").await;
        browser
            .see(".toast", "Undone: Ben is back in the queue.")
            .await;
        browser.see(".item", "socks").await;
        browser.see("[data-n=waiting]", "2").await;
        assert_eq!(browser.complaints(None).await, Vec::<String>::new());
    });
    let audit = server.moderator("Eve").get("/moderation?tab=rejected");
    assert_eq!(audit.count(".item"), 0);
}

#[test]
fn a_rejection_by_keys_says_the_rule_on_the_receipt() {
    let server = newsroom();
    let receipt = server.visitor().reply("ferry", "Ben", "Buy my socks.");
    browse(JavaScript::On, async |browser| {
        open_queue(browser, &server).await;
        browser.keys(&format!("r5{ENTER}")).await;
        // The list is empty now: the page comes again, and still says what was done.
        browser.see(".toast", "Rejected: Ben.").await;
        browser.see("h1", "Queue clear").await;
    });
    server.clock.advance(2 * rejoinder::time::MINUTE);
    let page = server.visitor().get(&receipt);
    assert_eq!(page.only("h1"), "Your reply was not published");
    assert!(page.only("main .note.no").contains("rule 5"));
}

#[test]
fn keys_rest_while_somebody_types_or_has_switched_them_off() {
    let server = newsroom();
    server.visitor().reply("ferry", "Ben", "Buy my socks.");
    browse(JavaScript::On, async |browser| {
        open_queue(browser, &server).await;
        browser.keys("r").await;
        browser
            .fill(".drop[open] textarea", "as you can see, ok")
            .await;
        assert_eq!(browser.count(".item[aria-busy]").await, 0);
        // Escape closes the menu and hands the focus back to its button.
        browser.keys("\u{e00c}").await;
        browser
            .holds("document.activeElement.matches('summary')")
            .await;
        assert_eq!(browser.count(".drop[open]").await, 0);

        browser.keys("?").await;
        browser
            .press("dialog label", "Use single-key shortcuts")
            .await;
        browser.press("dialog button", "Close").await;
        browser.reload().await;
        browser.see(".item", "socks").await;
        browser.keys("a").await;
        browser.press("[data-keys]", "all keys").await;
        browser.see("dialog[open]", "Keyboard").await;
        assert_eq!(browser.count(".item:not([aria-busy])").await, 1);
    });
    assert_eq!(server.moderator("Eve").get("/moderation").count(".item"), 1);
}

#[test]
fn the_form_moves_under_the_comment_it_answers_and_back() {
    let server = newsroom();
    browse(JavaScript::On, async |browser| {
        let article = format!("http://{}/articles/ferry", server.address);
        browser.open(&article).await;
        browser
            .press(".comment > p a[href*=reply_to]", "Reply")
            .await;
        browser.see(".comment #replying", "Replying to Ama").await;
        browser.holds("document.activeElement.id === 'body'").await;
        assert_eq!(browser.address().await, article);
        browser
            .press("#replying a", "Reply to the article instead")
            .await;
        browser.see(".reply #reply-form", "Comment").await;
        assert_eq!(browser.value("[name=parent]").await, "");

        browser
            .press(".comment > p a[href*=reply_to]", "Reply")
            .await;
        browser.fill("#name", "Ben").await;
        browser.fill("#body", "Mine was on time.").await;
        browser.press(".comment button", "Post reply").await;
        browser.see("h1", "Your reply is awaiting moderation").await;
        browser
            .see("main .quote", "Reply to Ama on About ferry")
            .await;
        assert_eq!(browser.complaints(None).await, Vec::<String>::new());
    });
    let queue = server.moderator("Eve").get("/moderation");
    assert!(queue.only(".item .ctx").contains("Answers Ama"));
}

#[test]
fn without_javascript_reply_leads_to_the_form_with_the_parent_quoted() {
    let server = newsroom();
    browse(JavaScript::Off, async |browser| {
        let article = format!("http://{}/articles/ferry", server.address);
        browser.open(&article).await;
        browser
            .press(".comment > p a[href*=reply_to]", "Reply")
            .await;
        browser.see(".reply #replying", "Replying to Ama").await;
        browser
            .see("#replying blockquote", "The boat was late again.")
            .await;
        browser.fill("#name", "Ben").await;
        browser.fill("#body", "Mine was on time.").await;
        browser.press("button", "Preview").await;
        // The page opens where there is something to see, however long the article is.
        browser.see("#preview:focus", "Mine was on time.").await;
        browser.press("button", "Post reply").await;
        browser
            .see("main .quote", "Reply to Ama on About ferry")
            .await;
    });
}

#[test]
fn a_draft_outlives_a_reload_and_ends_at_the_receipt() {
    let server = newsroom();
    browse(JavaScript::On, async |browser| {
        let article = format!("http://{}/articles/ferry", server.address);
        browser.open(&article).await;
        browser.fill("#body", "Half a thought").await;
        browser
            .see("[data-draft]", "Draft saved on this device.")
            .await;
        browser.reload().await;
        browser
            .see("[data-draft]", "Draft restored from this device.")
            .await;
        assert_eq!(browser.value("#body").await, "Half a thought");

        // A reply that is refused keeps its draft.
        browser
            .run(
                "document.querySelector('#reply-form').noValidate = true",
                vec![],
            )
            .await;
        browser.press("button", "Post reply").await;
        browser
            .see("#errors", "Enter the name to publish with your reply")
            .await;
        browser
            .see("#errors:focus", "Your reply was not sent")
            .await;
        assert_eq!(browser.value("#body").await, "Half a thought");
        browser.open(&article).await;
        assert_eq!(browser.value("#body").await, "Half a thought");

        browser.fill("#name", "Ben").await;
        browser.press("button", "Post reply").await;
        browser.see("h1", "Your reply is awaiting moderation").await;
        assert_eq!(browser.value("#address").await, browser.address().await);
        browser.open(&article).await;
        browser.see("h1", "About ferry").await;
        assert_eq!(browser.value("#body").await, "");
    });
}
