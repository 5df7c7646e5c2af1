//! A moderator sets up two-factor sign-in and signs in with it, without JavaScript.

use rejoinder::moderation::Role;
use rejoinder::time::SECOND;
use totp_rs::{Builder, Secret};

use crate::browser::{JavaScript, browse};
use crate::support::{Engine, PASSWORD, Server};

/// What an authenticator app shows now.
fn code(server: &Server, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let app = Builder::new().with_secret(secret).build().unwrap();
    let now = u64::try_from(server.now().0 / 1_000).unwrap();
    app.generate(now).to_string()
}

#[test]
fn two_factor_sign_in_is_set_up_and_used_without_javascript() {
    let server = Server::start(Engine::Sqlite);
    server.account("Dana", Role::Moderator);
    let desk = format!("http://{}/moderation", server.address);
    browse(JavaScript::Off, async |browser| {
        browser.open(&desk).await;
        browser.fill("#name", "Dana").await;
        browser.fill("#password", PASSWORD).await;
        browser.press("button", "Sign in").await;
        browser.see("h1", "Queue").await;
        browser.press(".who a", "Dana").await;
        browser.see("h1", "Your account").await;
        browser.press("button", "Set it up").await;
        browser.see("h1", "Set up two-factor sign-in").await;
        assert_eq!(browser.count("svg.qr").await, 1);
        let secret = browser.words(".once").await;
        browser.fill("#code", &code(&server, &secret)).await;
        browser.press("button", "Turn it on").await;
        browser.see("h1", "Your recovery codes").await;
        assert_eq!(browser.count(".once li").await, 10);
        browser.press("button", "Sign out").await;

        server.clock.advance(30 * SECOND);
        browser.open(&desk).await;
        browser.fill("#name", "Dana").await;
        browser.fill("#password", PASSWORD).await;
        browser.press("button", "Sign in").await;
        browser.see("h1", "Enter a code").await;
        browser.fill("#code", &code(&server, &secret)).await;
        browser.press("button", "Sign in").await;
        browser.see("h1", "Queue").await;
    });
}
