//! A Chromium of its own for a test, driven through Debian's chromedriver.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::common::log::LoggingPrefsLogLevel;
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities};

use crate::support::skip;

const CHROMIUM: &str = "/usr/bin/chromium";
const CHROMEDRIVER: &str = "/usr/bin/chromedriver";
/// How long a page may take to show what is expected of it.
const LIMIT: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(15);
const FLAGS: [&str; 9] = [
    "--window-size=1280,900",
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Whether pages may run their scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JavaScript {
    On,
    Off,
}

pub struct Browser {
    driver: WebDriver,
}

/// Opens a browser, hands it to the test, and closes it. Leaves the test out where there is no Chromium.
pub fn browse(javascript: JavaScript, test: impl AsyncFnOnce(&Browser)) {
    for needed in [CHROMIUM, CHROMEDRIVER] {
        if !Path::new(needed).exists() {
            return skip(&format!("a browser: there is no {needed}"));
        }
    }
    let profile = TempDir::new().unwrap();
    let mut chromedriver = Chromedriver::start();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let wanted = capabilities(javascript, profile.path());
        let driver = WebDriver::new(&chromedriver.address, wanted).await.unwrap();
        chromedriver.session = Some(driver.session_id().to_string());
        // Whether the test passes or panics, `Chromedriver` ends the session.
        driver.clone().leak().unwrap();
        test(&Browser { driver }).await;
    });
}

fn capabilities(javascript: JavaScript, profile: &Path) -> ChromeCapabilities {
    let mut wanted = DesiredCapabilities::chrome();
    wanted.set_binary(CHROMIUM).unwrap();
    for flag in FLAGS {
        wanted.add_arg(flag).unwrap();
    }
    wanted
        .add_arg(&format!("--user-data-dir={}", profile.display()))
        .unwrap();
    wanted
        .set_logging_prefs("browser", LoggingPrefsLogLevel::All)
        .unwrap();
    if javascript == JavaScript::Off {
        let blocked = json!({ "profile.managed_default_content_settings.javascript": 2 });
        wanted.add_experimental_option("prefs", blocked).unwrap();
    }
    wanted
}

/// The driver's process, which ends with this value, and the browser's with it.
struct Chromedriver {
    process: Child,
    address: String,
    session: Option<String>,
}

impl Chromedriver {
    /// One that started. The port that it picks may be taken by another before it listens: then it ends, and is started again.
    fn start() -> Self {
        (0..3)
            .find_map(|_| Self::try_start())
            .expect("chromedriver did not start")
    }

    /// The driver picks a free port and says which.
    fn try_start() -> Option<Self> {
        let mut process = Command::new(CHROMEDRIVER)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            Some(port.trim_end_matches('.').to_owned())
        });
        let Some(port) = port else {
            process.wait().unwrap();
            return None;
        };
        Some(Self {
            process,
            address: format!("http://127.0.0.1:{port}"),
            session: None,
        })
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        // Either may have ended already.
        if let Some(session) = &self.session {
            drop(ureq::delete(format!("{}/session/{session}", self.address)).call());
        }
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Browser {
    pub async fn open(&self, address: &str) {
        self.driver.goto(address).await.unwrap();
    }

    pub async fn reload(&self) {
        self.driver.refresh().await.unwrap();
    }

    pub async fn address(&self) -> String {
        self.driver.current_url().await.unwrap().to_string()
    }

    /// Looks again and again until there is something to see.
    async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(seen) = look().await {
                return seen;
            }
            if begun.elapsed() > LIMIT {
                let page = self.driver.source().await.unwrap_or_default();
                panic!(
                    "waited in vain for {what} at {}\n{page}",
                    self.address().await
                );
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The first element that matches and shows these words.
    async fn find(&self, selector: &str, words: &str) -> Option<WebElement> {
        for element in self.driver.find_all(By::Css(selector)).await.ok()? {
            // An element may go while it is looked at: then it does not show them.
            if element.text().await.is_ok_and(|text| text.contains(words)) {
                return Some(element);
            }
        }
        None
    }

    /// Waits until an element shows these words.
    pub async fn see(&self, selector: &str, words: &str) {
        self.until(&format!("“{words}” in `{selector}`"), async || {
            self.find(selector, words).await
        })
        .await;
    }

    /// Waits until no element shows these words.
    pub async fn see_no_more(&self, selector: &str, words: &str) {
        self.until(
            &format!("the end of “{words}” in `{selector}`"),
            async || self.find(selector, words).await.is_none().then_some(()),
        )
        .await;
    }

    pub async fn count(&self, selector: &str) -> usize {
        self.driver.find_all(By::Css(selector)).await.unwrap().len()
    }

    /// Presses the element that matches and shows these words, once it is there.
    pub async fn press(&self, selector: &str, words: &str) {
        self.until(
            &format!("“{words}” to press, `{selector}`"),
            async || self.find(selector, words).await?.click().await.ok(),
        )
        .await;
    }

    pub async fn fill(&self, selector: &str, text: &str) {
        self.until(&format!("a field `{selector}`"), async || {
            let field = self.driver.find(By::Css(selector)).await.ok()?;
            field.clear().await.ok()?;
            field.send_keys(text).await.ok()
        })
        .await;
    }

    /// The words that an element shows.
    pub async fn words(&self, selector: &str) -> String {
        let element = self.driver.find(By::Css(selector)).await.unwrap();
        element.text().await.unwrap()
    }

    /// What a field holds.
    pub async fn value(&self, selector: &str) -> String {
        let field = self.driver.find(By::Css(selector)).await.unwrap();
        field.prop("value").await.unwrap().unwrap_or_default()
    }

    /// Types without aiming at anything: the keys go to what has the focus.
    pub async fn keys(&self, keys: &str) {
        let typed = self
            .driver
            .action_chain_with_delay(Some(Duration::ZERO), Some(Duration::ZERO));
        typed.send_keys(keys).perform().await.unwrap();
    }

    /// Runs a script in the page, whatever the page's own policy says.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        let answer = self.driver.execute(script, arguments).await.unwrap();
        answer.json().clone()
    }

    pub async fn run_async(&self, script: &str, arguments: Vec<Value>) -> Value {
        let answer = self.driver.execute_async(script, arguments).await.unwrap();
        answer.json().clone()
    }

    /// Waits until a script's expression holds.
    pub async fn holds(&self, expression: &str) {
        let script = format!("return !!({expression})");
        self.until(expression, async || {
            let answer = self.driver.execute(&script, vec![]).await.ok()?;
            answer.json().as_bool().filter(|holds| *holds)
        })
        .await;
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let devtools = self.driver.cdp();
        devtools.send_raw(command, parameters).await.unwrap()
    }

    /// Loads pages as a browser would that knows no content security policy.
    pub async fn ignore_policy(&self) {
        self.devtools("Page.setBypassCSP", json!({ "enabled": true }))
            .await;
    }

    /// Runs a script on every page from now on, before the page's own.
    pub async fn prepare(&self, script: &str) {
        let command = "Page.addScriptToEvaluateOnNewDocument";
        self.devtools(command, json!({ "source": script })).await;
    }

    /// Shows the page as a printer would, or other media.
    pub async fn media(&self, media: &str, features: Value) {
        let parameters = json!({ "media": media, "features": features });
        self.devtools("Emulation.setEmulatedMedia", parameters)
            .await;
    }

    /// What is painted where an element stands, whatever of the page is in sight.
    pub async fn picture(&self, selector: &str) -> String {
        let place = "const box = document.querySelector(arguments[0]).getBoundingClientRect();
            return { x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height, scale: 1 }";
        let clip = self.run(place, vec![json!(selector)]).await;
        let parameters = json!({ "clip": clip, "captureBeyondViewport": true });
        let taken = self.devtools("Page.captureScreenshot", parameters).await;
        taken["data"].as_str().unwrap().to_owned()
    }

    /// Shows the page as wide as this, to eyes that want it light or dark.
    pub async fn view(&self, width: u32, scheme: &str) {
        let size =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        for (command, parameters) in [
            ("Emulation.setDeviceMetricsOverride", size),
            ("Emulation.setEmulatedMedia", media),
        ] {
            self.devtools(command, parameters).await;
        }
    }

    /// Takes over a session that was begun elsewhere, or none.
    pub async fn session(&self, base: &str, token: Option<&str>) {
        // The page before goes first: its script may have something to send.
        self.open("about:blank").await;
        self.devtools("Network.clearBrowserCookies", json!({}))
            .await;
        let Some(token) = token else { return };
        self.cookie(base, "session", token).await;
    }

    /// Takes over a cookie of the server's.
    pub async fn cookie(&self, base: &str, name: &str, value: &str) {
        let cookie = json!({ "name": name, "value": value, "url": base, "httpOnly": true });
        self.devtools("Network.setCookie", cookie).await;
    }

    /// What the console said since it was last asked, but for the page's own status: that is expected where it is shown.
    pub async fn complaints(&self, expected_status: Option<u16>) -> Vec<String> {
        let expected = expected_status.map(|status| format!("status of {status}"));
        let entries = self.driver.browser_log().await.unwrap();
        entries
            .into_iter()
            .filter(|entry| entry.level == "SEVERE" || entry.level == "WARNING")
            .map(|entry| entry.message)
            .filter(|said| {
                !expected
                    .as_ref()
                    .is_some_and(|status| said.contains(status))
            })
            .collect()
    }
}
