//! What a browser does when it loads a page: nothing that anybody typed runs, nothing jumps, one file is waited for.

use rejoinder::text;
use serde_json::{Value, json};

use crate::browser::{JavaScript, browse};
use crate::support::{Client, Engine, Server};

/// Notes whatever the payloads of the corpus would call if they could.
const WATCH: &str = "window.ran = [];
    for (const name of ['alert', 'confirm', 'prompt', 'print', 'eval', 'open'])
        window[name] = (what) => { window.ran.push(`${name}(${what})`); };
    addEventListener('securitypolicyviolation', () => {});";

/// Everything that ran, and every address that was asked for but ours.
const RAN: &str =
    "return [...window.ran, ...performance.getEntriesByType('resource').map((entry) => entry.name)
    .filter((name) => !name.startsWith(location.origin + '/static/')),
    ...(location.origin === arguments[0] ? [] : [location.href])]";

fn payloads() -> Vec<String> {
    include_str!("../corpus/hostile.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(|line| line.replace("\\n", "\n").replace("\\r", "\r"))
        .filter(|payload| !text::has_control(payload, true) && !text::is_blank(payload))
        .collect()
}

/// Every address of a list, page after page.
fn pages(client: &Client, first: &str, onward: &str) -> Vec<String> {
    let mut found = vec![first.to_owned()];
    while let Some(next) = {
        let page = client.get(found.last().map_or("", String::as_str));
        let at = page.texts(".pager a").iter().position(|t| t == onward);
        at.map(|at| page.attributes(".pager a", "href")[at].clone())
    } {
        found.push(next);
    }
    found
}

#[test]
fn nothing_of_the_hostile_corpus_runs_in_a_browser_even_without_the_policy() {
    let server = Server::with(Engine::Sqlite, &[("replies.hold", "none")]);
    server.article("ferry");
    let (reader, dana) = (server.visitor(), server.moderator("Dana"));
    let mut posted = 0;
    for (number, payload) in payloads().into_iter().enumerate() {
        let short: String = text::one_line(&payload).chars().take(80).collect();
        let name = if text::is_blank(&short) {
            "Mallory"
        } else {
            short.trim()
        };
        let (article, held) = ("/articles/ferry/replies", number % 4 == 0);
        let fields = [
            ("name", name),
            ("body", payload.as_str()),
            ("homepage_url", if held { "x" } else { "" }),
            ("do", "send"),
        ];
        posted += usize::from(reader.post(article, &fields).status == 303);
    }
    assert!(posted > 500, "{posted}");
    let mut addresses = pages(&reader, "/articles/ferry", "Newer");
    addresses.extend(pages(&dana, "/moderation", "Newer"));
    assert!(addresses.len() > 15, "{addresses:?}");
    let base = format!("http://{}", server.address);
    let session = dana.cookie("session");
    browse(JavaScript::On, async |browser| {
        browser.ignore_policy().await;
        browser.prepare(WATCH).await;
        browser.session(&base, session.as_deref()).await;
        for address in &addresses {
            browser.open(&format!("{base}{address}")).await;
            let ran = browser.run(RAN, vec![json!(base)]).await;
            assert_eq!(ran, json!([]), "{address}");
        }
        // The watch itself sees what runs.
        browser
            .run("setTimeout('alert(1)'); return 0", vec![])
            .await;
        browser.holds("window.ran.length === 1").await;
    });
}

const SHIFTS: &str = "const done = arguments[arguments.length - 1];
    let shifted = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) shifted += entry.value; })
        .observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => done(shifted)));";

const BLOCKING: &str = "return performance.getEntriesByType('resource')
    .filter((entry) => entry.renderBlockingStatus === 'blocking').map((entry) => entry.name.split('/').pop().split('.').pop())";

#[test]
fn an_article_waits_for_one_file_and_nothing_moves_once_it_is_shown() {
    let server = Server::with(Engine::Sqlite, &[("replies.hold", "none")]);
    server.article("ferry");
    let reader = server.visitor();
    for number in 0..60 {
        reader.reply("ferry", "Ama", &format!("Reply number {number}."));
    }
    let base = format!("http://{}", server.address);
    browse(JavaScript::On, async |browser| {
        for width in [320, 1280] {
            browser.view(width, "light").await;
            browser.open(&format!("{base}/articles/ferry")).await;
            let shifted: Value = browser.run_async(SHIFTS, vec![]).await;
            assert_eq!(shifted.as_f64(), Some(0.0), "at {width}");
            let blocking = browser.run(BLOCKING, vec![]).await;
            assert_eq!(blocking, json!(["css"]), "at {width}");
        }
    });
}
