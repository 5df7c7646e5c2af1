//! A newcomer's first ten minutes: read, reply, sign in, approve, see it.

use crate::browser::{Browser, JavaScript, browse};
use crate::support::{Engine, PASSWORD, Server, on_each_engine};
use rejoinder::moderation::Role;

const REPLY: &str = "The boat was late again.";

async fn leave_a_reply(browser: &Browser, server: &Server, name: &str, body: &str) {
    browser.open(&format!("http://{}/", server.address)).await;
    browser.press("h2 a", "About ferry").await;
    browser.see("h1", "About ferry").await;
    browser.fill("#name", name).await;
    browser.fill("#body", body).await;
    browser.press("button", "Post reply").await;
    browser.see("h1", "Your reply is awaiting moderation").await;
    browser.see(".c-body", body).await;
}

async fn sign_in(browser: &Browser, server: &Server) {
    browser
        .open(&format!("http://{}/moderation", server.address))
        .await;
    browser.fill("#name", "Dana").await;
    browser.fill("#password", PASSWORD).await;
    browser.press("button", "Sign in").await;
    browser.see("h1", "Queue").await;
}

fn newsroom(engine: Engine) -> Server {
    let server = Server::start(engine);
    server.article("ferry");
    server.account("Dana", Role::Moderator);
    server
}

/// The journey itself; `approve` is the one step that has more than one way.
fn walk(javascript: JavaScript, engine: Engine, approve: impl AsyncFnOnce(&Browser)) {
    let server = newsroom(engine);
    browse(javascript, async |browser| {
        leave_a_reply(browser, &server, "Ama", REPLY).await;
        let receipt = browser.address().await;
        let article = format!("http://{}/articles/ferry", server.address);
        browser.open(&article).await;
        browser.see(".talk", "Nobody has replied yet.").await;
        assert_eq!(browser.count(".comment").await, 0);

        sign_in(browser, &server).await;
        browser.see(".item .c-body", REPLY).await;
        approve(browser).await;
        browser.see(".toast", "Approved: Ama.").await;
        browser.see_no_more(".item", REPLY).await;

        browser.open(&article).await;
        browser.see(".comment .c-body", REPLY).await;
        browser.see(".counts", "1 comment").await;
        browser.open(&receipt).await;
        browser.see("h1", "Your reply is published").await;
    });
}

#[test]
fn a_reply_is_posted_approved_with_one_click_and_seen() {
    on_each_engine(|engine| {
        walk(JavaScript::On, engine, async |browser| {
            browser.press(".item button", "Approve").await;
        });
    });
}

#[test]
fn the_same_works_without_javascript() {
    on_each_engine(|engine| {
        walk(JavaScript::Off, engine, async |browser| {
            browser.press(".item button", "Approve").await;
        });
    });
}

#[test]
fn one_key_approves() {
    walk(JavaScript::On, Engine::Sqlite, async |browser| {
        browser.keys("a").await;
    });
}
