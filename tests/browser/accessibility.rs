//! Every page holds to WCAG 2.2 AA, narrow and wide, light and dark; loads nothing from elsewhere; the console stays empty.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::browser::{Browser, JavaScript, browse};
use crate::catalogue::{Catalogue, Sight, Way};
use crate::support::skip;

const VIEWS: [(u32, &str); 4] = [
    (1280, "light"),
    (1280, "dark"),
    (320, "light"),
    (320, "dark"),
];

/// Runs axe-core and says what it found, briefly.
const CHECK: &str = "const done = arguments[0];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }).then(
        (found) => done(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target + ' ' + n.failureSummary).join(' | ')}`)),
        (error) => done([String(error)]));";

/// Sends a form as if it stood on the page.
const SEND: &str = "const [action, fields] = arguments;
    const form = Object.assign(document.createElement('form'), { action, method: 'post', hidden: true });
    for (const [name, value] of fields) {
        const field = Object.assign(document.createElement('textarea'), { name, value });
        form.append(field);
    }
    (document.body || document.documentElement).append(form);
    window.leaving = true;
    form.submit();";

/// Addresses that the page loaded from another origin.
const ELSEWHERE: &str = "return performance.getEntries().map((entry) => entry.name)
    .filter((name) => /^[a-z]+:\\/\\//.test(name) && new URL(name).origin !== location.origin)";

/// What sticks out at the side.
const TOO_WIDE: &str = "const wide = document.documentElement.scrollWidth;
    if (wide <= innerWidth) return [];
    return [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
        .map((e) => `${e.tagName}.${e.className} reaches ${e.getBoundingClientRect().right}`).slice(0, 5).concat(`page is ${wide} wide`)";

fn axe() -> Option<String> {
    let path = std::env::var_os("REJOINDER_TEST_AXE").map_or_else(
        || {
            PathBuf::from(env!("CARGO_MANIFEST_DIR"))
                .join("target/tools/node_modules/axe-core/axe.min.js")
        },
        PathBuf::from,
    );
    std::fs::read_to_string(path).ok()
}

async fn go(browser: &Browser, sight: &Sight) {
    browser.session(&sight.base, sight.session.as_deref()).await;
    if let Some(step) = &sight.step {
        browser.cookie(&sight.base, "sign-in", step).await;
    }
    match &sight.way {
        Way::Get(path) => browser.open(&format!("{}{path}", sight.base)).await,
        Way::Post(path, fields) => {
            browser.open(&format!("{}/rules", sight.base)).await;
            send(browser, json!(path), json!(fields)).await;
        }
        Way::Foreign(path) => {
            browser
                .open("data:text/html,<title>Elsewhere</title>")
                .await;
            let target = format!("{}{path}", sight.base);
            send(browser, json!(target), json!([["do", "send"]])).await;
        }
    }
    if !sight.then.is_empty() {
        browser.run(sight.then, vec![]).await;
    }
}

async fn send(browser: &Browser, action: Value, fields: Value) {
    browser.run(SEND, vec![action, fields]).await;
    browser
        .holds("!window.leaving && document.readyState === 'complete' && document.querySelector('main')")
        .await;
}

async fn look(browser: &Browser, sight: &Sight, axe: &str) -> Vec<String> {
    go(browser, sight).await;
    let mut wrong = Vec::new();
    let status = browser
        .run(
            "return performance.getEntriesByType('navigation')[0].responseStatus",
            vec![],
        )
        .await;
    if status != json!(sight.status) {
        wrong.push(format!("status {status}, not {}", sight.status));
    }
    wrong.extend(
        browser
            .complaints((sight.status >= 400).then_some(sight.status))
            .await,
    );
    wrong.extend(strings(browser.run(ELSEWHERE, vec![]).await));
    browser.run(axe, vec![]).await;
    for (width, scheme) in VIEWS {
        browser.view(width, scheme).await;
        let violations = browser.run_async(CHECK, vec![]).await;
        let too_wide = browser.run(TOO_WIDE, vec![]).await;
        for said in strings(violations).into_iter().chain(strings(too_wide)) {
            wrong.push(format!("{width} {scheme}: {said}"));
        }
    }
    wrong
}

fn strings(list: Value) -> Vec<String> {
    serde_json::from_value(list).unwrap()
}

/// Looks at every other sight, from this one on: two browsers share the work.
fn check_half(first: usize) {
    let Some(axe) = axe() else {
        return skip("axe-core: neither REJOINDER_TEST_AXE nor target/tools has it");
    };
    let catalogue = Catalogue::new();
    browse(JavaScript::On, async |browser| {
        let mut wrong = Vec::new();
        for sight in catalogue.sights.iter().skip(first).step_by(2) {
            for said in look(browser, sight, &axe).await {
                wrong.push(format!("{}: {said}", sight.name));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

#[test]
fn pages_are_accessible_and_self_contained() {
    check_half(0);
}

#[test]
fn the_other_pages_are_accessible_and_self_contained() {
    check_half(1);
}
