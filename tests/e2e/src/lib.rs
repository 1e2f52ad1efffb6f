//! Drives the whole portal in real browsers, as a reader would.
//!
//! `cargo xtask test --only e2e` serves the built site, starts the drivers and runs the stories in
//! `tests/`. Nothing here sleeps for luck: everything waits for what it needs until a deadline, and
//! what does not come in time ends the test with the page's text and a picture of it.
//!
//! ```no_run
//! # async fn story() {
//! use xuedang_e2e::{Browser, Session};
//!
//! let session = Session::open(Browser::Firefox).await;
//! session.goto_hash("/lesson/dangzhang-nature").await;
//! session.click_text("button", "读完了").await;
//! assert_eq!(session.text("h1").await, "党的性质");
//! session.assert_same_origin().await;
//! # }
//! ```

mod place;
mod wire;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex as SyncMutex, PoisonError};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::wd::{Capabilities, PrintConfiguration, PrintSize, TimeoutConfiguration, WindowHandle};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::sync::{Mutex, OwnedMutexGuard};

use place::Folder;
use wire::{ChromeDevTools, ChromiumConsole};

/// How long anything may take to come true.
const DEADLINE: Duration = Duration::from_secs(20);

/// How often it is looked for.
const PAUSE: Duration = Duration::from_millis(50);

/// The browsers that every story is told in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// Through chromedriver.
    Chromium,
    /// Through geckodriver, which drives one Firefox at a time: sessions wait for each other.
    Firefox,
}

impl Browser {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Chromium, Self::Firefox];
}

/// One browser window with a fresh profile and a download folder of its own.
///
/// Every method ends the test, with the page's text, when what it waits for does not come true.
/// Dropping the session closes the browser, also after a failed assertion.
#[derive(Debug)]
pub struct Session {
    client: Client,
    browser: Browser,
    driver: String,
    id: String,
    site: String,
    downloads: Folder,
    taken: SyncMutex<Vec<PathBuf>>,
    /// Where this session's messages begin in geckodriver's log.
    console_start: u64,
    _turn: Option<OwnedMutexGuard<()>>,
}

/// geckodriver's one place.
static FIREFOX: LazyLock<std::sync::Arc<Mutex<()>>> = LazyLock::new(std::sync::Arc::default);

impl Session {
    /// Opens a browser and, in it, the portal's first page.
    ///
    /// # Panics
    /// When the environment names no driver (run `cargo xtask test --only e2e`), or the browser does
    /// not start.
    pub async fn open(browser: Browser) -> Self {
        Self::open_with(browser, &[]).await
    }

    /// Opens a Chromium whose camera sees this film, again and again; nobody is asked about it. The
    /// film is of the kind `.y4m`.
    ///
    /// # Panics
    /// As [`Self::open`].
    pub async fn open_with_camera(film: &Path) -> Self {
        let film = format!("--use-file-for-fake-video-capture={}", film.display());
        let arguments = [
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            &film,
        ];
        Self::open_with(Browser::Chromium, &arguments).await
    }

    /// `arguments` are more of Chromium's own.
    async fn open_with(browser: Browser, arguments: &[&str]) -> Self {
        let turn = match browser {
            Browser::Chromium => None,
            Browser::Firefox => Some(std::sync::Arc::clone(&FIREFOX).lock_owned().await),
        };
        let driver = variable(match browser {
            Browser::Chromium => "XUEDANG_CHROMEDRIVER",
            Browser::Firefox => "XUEDANG_GECKODRIVER",
        });
        let downloads = Folder::new("downloads");
        let capabilities = match browser {
            Browser::Chromium => chromium(downloads.path(), arguments),
            Browser::Firefox => firefox(downloads.path()),
        };
        let console_start = console_log().map_or(0, |log| fs::metadata(log).map_or(0, |m| m.len()));
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver)
            .await
            .unwrap_or_else(|error| panic!("{browser:?} did not start: {error}"));
        let id = match client.session_id().await {
            Ok(Some(id)) => id,
            other => panic!("{browser:?} has no session: {other:?}"),
        };
        let session = Self {
            client,
            browser,
            driver,
            id,
            site: variable("XUEDANG_URL"),
            downloads,
            taken: SyncMutex::default(),
            console_start,
            _turn: turn,
        };
        session.first_page().await;
        session
    }

    /// Opens the portal. On a loaded machine a Chromium that has only just started now and then never
    /// answers to its first address; the second is asked for then, and the first is told of.
    async fn first_page(&self) {
        let patience = |seconds| TimeoutConfiguration::new(None, Some(Duration::from_secs(seconds)), None);
        let limit = |seconds| self.client.update_timeouts(patience(seconds));
        if limit(30).await.is_ok() && self.client.goto(&self.site).await.is_err() {
            eprintln!("{:?} did not answer to its first address", self.browser);
            self.goto_hash("").await;
        }
        let _ = limit(300).await;
    }

    /// Which browser this is.
    pub fn browser(&self) -> Browser {
        self.browser
    }

    /// The WebDriver client, for what this harness has no word for.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Goes to a page of the portal: `/lesson/dangzhang-nature`, with or without `#`; empty for the first page.
    pub async fn goto_hash(&self, hash: &str) {
        let hash = hash.trim_start_matches('#');
        let address = match hash {
            "" => self.site.clone(),
            _ => format!("{}#{hash}", self.site),
        };
        self.goto(&address).await;
    }

    /// Goes to a file of the site, such as `lessons/index.html`.
    pub async fn goto_file(&self, path: &str) {
        let address = format!("{}{}", self.site, path.trim_start_matches('/'));
        self.goto(&address).await;
    }

    async fn goto(&self, address: &str) {
        if let Err(error) = self.client.goto(address).await {
            panic!("{address} did not open in {:?}: {error}", self.browser);
        }
    }

    /// Loads the page again, as the reader's reload button does.
    pub async fn reload(&self) {
        if let Err(error) = self.client.refresh().await {
            self.fail(&format!("the page could not be reloaded: {error}"))
                .await;
        }
    }

    /// The page's title.
    pub async fn title(&self) -> String {
        match self.client.title().await {
            Ok(title) => title,
            Err(error) => self.fail(&format!("the page has no title: {error}")).await,
        }
    }

    /// Waits until the first element of this selector can be seen.
    pub async fn wait(&self, css: &str) -> Element {
        self.until(&format!("`{css}` to be seen"), async || {
            self.seen(css).await.into_iter().next()
        })
        .await
    }

    /// Waits until no element of this selector can be seen.
    pub async fn wait_gone(&self, css: &str) {
        self.until(&format!("`{css}` to go"), async || {
            self.seen(css).await.is_empty().then_some(())
        })
        .await;
    }

    /// Waits until an element of this selector can be seen whose text contains `part`.
    pub async fn wait_text(&self, css: &str, part: &str) {
        self.until(&format!("`{css}` to say “{part}”"), async || {
            for element in self.seen(css).await {
                if element.text().await.is_ok_and(|text| text.contains(part)) {
                    return Some(());
                }
            }
            None
        })
        .await;
    }

    /// Clicks the first visible element of this selector, once nothing covers it.
    pub async fn click(&self, css: &str) {
        self.until(&format!("`{css}` to take a click"), async || {
            let element = self.seen(css).await.into_iter().next()?;
            self.press(element).await
        })
        .await;
    }

    /// Clicks the visible element of this tag whose text is `text`, or else contains it.
    pub async fn click_text(&self, tag: &str, text: &str) {
        self.until(&format!("<{tag}> “{text}” to take a click"), async || {
            let mut containing = None;
            for element in self.seen(tag).await {
                let Ok(found) = element.text().await else {
                    continue;
                };
                if found.trim() == text {
                    return self.press(element).await;
                }
                if containing.is_none() && found.contains(text) {
                    containing = Some(element);
                }
            }
            self.press(containing?).await
        })
        .await;
    }

    /// Writes into a field in place of what it held. Dates and the like take their HTML form, `2026-07-01`.
    pub async fn fill(&self, css: &str, text: &str) {
        self.until(&format!("`{css}` to be filled in"), async || {
            let element = self.seen(css).await.into_iter().next()?;
            let kind = element.prop("type").await.ok()?.unwrap_or_default();
            // What typing does here depends on the browser's language.
            if matches!(
                &*kind,
                "date" | "time" | "month" | "datetime-local" | "color" | "range"
            ) {
                return self.set_value(css, text).await;
            }
            element.clear().await.ok()?;
            if text.is_empty() {
                return Some(());
            }
            element.send_keys(text).await.ok()
        })
        .await;
    }

    /// Chooses the option of a `<select>` that has this value.
    pub async fn choose(&self, css: &str, value: &str) {
        self.until(&format!("`{css}` to offer `{value}`"), async || {
            let element = self.seen(css).await.into_iter().next()?;
            element.select_by_value(value).await.ok()
        })
        .await;
    }

    /// The text of the first visible element of this selector, as the reader sees it.
    pub async fn text(&self, css: &str) -> String {
        self.until(&format!("`{css}` to be seen"), async || {
            let element = self.seen(css).await.into_iter().next()?;
            element.text().await.ok()
        })
        .await
    }

    /// The texts of all visible elements of this selector at this moment.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.seen(css).await {
            // One that has just been replaced has no text any more.
            texts.extend(element.text().await.ok());
        }
        texts
    }

    /// Gives files to a file field, which need not be visible.
    pub async fn upload(&self, css: &str, files: &[&Path]) {
        let paths: Vec<String> = files
            .iter()
            .map(|file| match file.canonicalize() {
                Ok(path) => path.to_string_lossy().into_owned(),
                Err(error) => panic!("{} cannot be uploaded: {error}", file.display()),
            })
            .collect();
        let paths = paths.join("\n");
        self.until(&format!("`{css}` to take files"), async || {
            let field = self.client.find(Locator::Css(css)).await.ok()?;
            field.send_keys(&paths).await.ok()
        })
        .await;
    }

    /// Waits for the end of a download whose name ends in `suffix`. Each file is returned once.
    pub async fn wait_download(&self, suffix: &str) -> PathBuf {
        let what = format!("a download named …{suffix}");
        let path = self
            .until(&what, async || {
                let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
                self.downloads
                    .finished(suffix)
                    .into_iter()
                    .find(|path| !taken.contains(path))
            })
            .await;
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.push(path.clone());
        path
    }

    /// Saves a picture of what the window shows, as PNG.
    pub async fn screenshot(&self, path: &Path) {
        let picture = match self.client.screenshot().await {
            Ok(picture) => picture,
            Err(error) => self.fail(&format!("there is no picture: {error}")).await,
        };
        if let Some(folder) = path.parent() {
            // If this fails, writing fails too and says why.
            let _ = fs::create_dir_all(folder);
        }
        if let Err(error) = fs::write(path, picture) {
            panic!("{} cannot be written: {error}", path.display());
        }
    }

    /// Makes the page this wide and high, in CSS pixels. Chromium also shows phones' widths, and then as a phone does.
    pub async fn set_size(&self, width: u32, height: u32) {
        let result = match self.browser {
            Browser::Chromium => {
                let screen = json!({
                    "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
                });
                let command = ChromeDevTools::new("Emulation.setDeviceMetricsOverride", screen);
                self.client.issue_cmd(command).await.map(drop)
            }
            Browser::Firefox => {
                // The window is larger than the page by the browser's own bars.
                let bars = self
                    .eval("return [outerWidth - innerWidth, outerHeight - innerHeight]")
                    .await;
                let bar = |index: usize| {
                    let size = bars[index].as_u64().unwrap_or_default();
                    u32::try_from(size).unwrap_or_default()
                };
                self.client.set_window_size(width + bar(0), height + bar(1)).await
            }
        };
        if let Err(error) = result {
            self.fail(&format!("the window cannot be {width}×{height}: {error}"))
                .await;
        }
    }

    /// Makes the processor of a Chromium so many times slower; 1 takes it back.
    pub async fn slow_down(&self, times: u32) {
        let rate = json!({ "rate": times });
        let command = ChromeDevTools::new("Emulation.setCPUThrottlingRate", rate);
        if let Err(error) = self.client.issue_cmd(command).await {
            self.fail(&format!("the processor cannot be slowed down: {error}"))
                .await;
        }
    }

    /// Freezes the page of a Chromium, as a phone does with one that is not looked at, or wakes it.
    pub async fn freeze(&self, frozen: bool) {
        let state = json!({ "state": if frozen { "frozen" } else { "active" } });
        let command = ChromeDevTools::new("Page.setWebLifecycleState", state);
        if let Err(error) = self.client.issue_cmd(command).await {
            self.fail(&format!("the page cannot be frozen: {error}")).await;
        }
    }

    /// Moves the wall clock of this page and of all that are loaded later in this window, forward or
    /// back, on top of earlier moves. Chromium only.
    pub async fn shift_clock(&self, ms: i64) {
        let source = format!(
            "{{ const Real = Date; globalThis.Date = class extends Real {{
                constructor(...parts) {{ if (parts.length) super(...parts); else super(Real.now() + {ms}); }}
                static now() {{ return Real.now() + {ms}; }}
            }}; }}"
        );
        self.run_later(&source).await;
        self.eval(&source).await;
    }

    /// Has pages that are loaded later in this window run this first. Chromium only.
    async fn run_later(&self, source: &str) {
        let later = ChromeDevTools::new(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": source }),
        );
        if let Err(error) = self.client.issue_cmd(later).await {
            self.fail(&format!("later pages take no script: {error}")).await;
        }
    }

    /// Has pages that are loaded later in this window find other texts at the site's own addresses
    /// that contain a word: pairs of word and text. Chromium only.
    pub async fn serve_instead(&self, files: &[(&str, &str)]) {
        let source = format!(
            "{{ const real = fetch, files = {}; globalThis.fetch = (request, ...rest) => {{
                const address = request.url ?? String(request);
                const found = files.find(([word]) => address.includes(word));
                return found ? Promise.resolve(new Response(found[1])) : real.call(globalThis, request, ...rest);
            }}; }}",
            json!(files)
        );
        self.run_later(&source).await;
    }

    /// Opens another tab and goes on in it; the one before stays open. Gives the handle of that one.
    pub async fn open_tab(&self) -> WindowHandle {
        let tabs = async || {
            let before = self.client.window().await?;
            let new = self.client.new_window(true).await?;
            self.client.switch_to_window(new.handle).await?;
            Ok::<_, fantoccini::error::CmdError>(before)
        };
        match tabs().await {
            Ok(before) => before,
            Err(error) => self.fail(&format!("no other tab: {error}")).await,
        }
    }

    /// Goes on in another tab.
    pub async fn switch_to(&self, tab: &WindowHandle) {
        if let Err(error) = self.client.switch_to_window(tab.clone()).await {
            self.fail(&format!("the tab is gone: {error}")).await;
        }
    }

    /// The page as it prints on A4, as PDF.
    pub async fn print_pdf(&self) -> Vec<u8> {
        let paper = match PrintConfiguration::builder().size(PrintSize::A4).build() {
            Ok(paper) => paper,
            Err(error) => panic!("A4 is not a size of paper: {error}"),
        };
        match self.client.print(paper).await {
            Ok(pdf) => pdf,
            Err(error) => self.fail(&format!("the page does not print: {error}")).await,
        }
    }

    /// Runs a function's body in the page: `return document.title`.
    pub async fn eval(&self, body: &str) -> Value {
        match self.client.execute(body, Vec::new()).await {
            Ok(value) => value,
            Err(error) => self.fail(&format!("`{body}` failed: {error}")).await,
        }
    }

    /// Waits until a function's body returns something true.
    pub async fn wait_eval(&self, body: &str) {
        self.until(&format!("`{body}` to be true"), async || {
            let value = self.client.execute(body, Vec::new()).await.ok()?;
            (value == Value::Bool(true)).then_some(())
        })
        .await;
    }

    /// What went wrong in the page: in Chromium every severe message since the last call; in Firefox
    /// uncaught errors only, since the session was opened.
    pub async fn console_errors(&self) -> Vec<String> {
        match self.browser {
            Browser::Chromium => {
                let log = self.client.issue_cmd(ChromiumConsole).await;
                let log = log.unwrap_or_else(|error| panic!("Chromium has no log: {error}"));
                let entries = log.as_array().cloned().unwrap_or_default();
                entries
                    .into_iter()
                    .filter(|entry| entry["level"] == "SEVERE")
                    .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
                    .collect()
            }
            Browser::Firefox => {
                let log = console_log().and_then(|log| fs::read(log).ok());
                let log = log.unwrap_or_default();
                let start = usize::try_from(self.console_start).unwrap_or(usize::MAX);
                let ours = String::from_utf8_lossy(log.get(start..).unwrap_or_default());
                let site = self.site.trim_end_matches('/');
                // Firefox also reports on itself, and does not say whose a `console.error` is.
                let lines = ours
                    .lines()
                    .filter(|line| line.contains("JavaScript error:") && line.contains(site));
                lines.map(str::to_owned).collect()
            }
        }
    }

    /// Holds the page to its promise: nothing was fetched from anywhere else.
    pub async fn assert_same_origin(&self) {
        let fetched = self
            .eval(
                "return [location.href, ...performance.getEntriesByType('resource').map(entry => entry.name)]",
            )
            .await;
        for address in fetched.as_array().into_iter().flatten() {
            let address = address.as_str().unwrap_or_default();
            let is_own = address.starts_with(&self.site)
                || ["blob:", "data:", "about:"]
                    .iter()
                    .any(|own| address.starts_with(own));
            if !is_own {
                self.fail(&format!("something was fetched from elsewhere: {address}"))
                    .await;
            }
        }
    }

    /// The elements of this selector that can be seen now.
    async fn seen(&self, css: &str) -> Vec<Element> {
        let mut seen = Vec::new();
        // A page that is being replaced has no elements for a moment.
        for element in self.client.find_all(Locator::Css(css)).await.unwrap_or_default() {
            if element.is_displayed().await.unwrap_or(false) {
                seen.push(element);
            }
        }
        seen
    }

    /// Clicks; what lies under the tab bar is scrolled to the middle first, as a reader would.
    async fn press(&self, element: Element) -> Option<()> {
        if element.click().await.is_ok() {
            return Some(());
        }
        let scroll = "arguments[0].scrollIntoView({block: 'center'})";
        let element = json!(element);
        // Gone in the meantime: the next attempt finds it anew.
        let _ = self.client.execute(scroll, vec![element]).await;
        None
    }

    async fn set_value(&self, css: &str, text: &str) -> Option<()> {
        const SET: &str = "
            const field = document.querySelector(arguments[0]);
            field.value = arguments[1];
            field.dispatchEvent(new Event('input', {bubbles: true}));
            field.dispatchEvent(new Event('change', {bubbles: true}));
            return field.value === arguments[1];";
        let arguments = vec![json!(css), json!(text)];
        let set = self.client.execute(SET, arguments).await.ok()?;
        (set == Value::Bool(true)).then_some(())
    }

    /// Tries until it succeeds.
    async fn until<T>(&self, what: &str, attempt: impl AsyncFn() -> Option<T>) -> T {
        let started = Instant::now();
        loop {
            if let Some(value) = attempt().await {
                return value;
            }
            if started.elapsed() > DEADLINE {
                let waited = DEADLINE.as_secs();
                self.fail(&format!("waited {waited} s in vain for {what}")).await;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Ends the test with what the page shows.
    async fn fail(&self, what: &str) -> ! {
        let shown = "return [location.href, document.body ? document.body.innerText : '(no body)']";
        let shown = self.client.execute(shown, Vec::new()).await;
        let shown = shown.unwrap_or_else(|error| json!([error.to_string(), ""]));
        let text: String = shown[1].as_str().unwrap_or_default().chars().take(3000).collect();
        let picture = std::env::temp_dir().join(format!("xuedang-e2e-{}.png", self.id));
        let picture = match self.client.screenshot().await {
            Ok(bytes) if fs::write(&picture, &bytes).is_ok() => picture.display().to_string(),
            _ => "none".to_owned(),
        };
        panic!(
            "{what}\n  in {:?}, at {}\n  picture: {picture}\n  the page says:\n{text}",
            self.browser, shown[0]
        );
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Without waiting for the runtime, which may be unwinding: the browser must go in any case.
        wire::delete_session(&self.driver, &self.id);
    }
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run `cargo xtask test --only e2e`"))
}

/// geckodriver's output, where Firefox writes its console.
fn console_log() -> Option<PathBuf> {
    std::env::var_os("XUEDANG_GECKODRIVER_LOG").map(PathBuf::from)
}

/// No window, no sandbox (root has none), no traffic of its own, downloads without questions.
fn chromium(downloads: &Path, arguments: &[&str]) -> Capabilities {
    let mut options = json!({
        "args": [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--lang=zh-CN",
            "--window-size=1280,900",
        ],
        "prefs": {
            "download.default_directory": downloads,
            "download.prompt_for_download": false,
            "profile.default_content_setting_values.automatic_downloads": 1,
        },
    });
    if let Some(all) = options["args"].as_array_mut() {
        all.extend(arguments.iter().map(|&argument| json!(argument)));
    }
    if let Ok(program) = std::env::var("XUEDANG_CHROMIUM") {
        options["binary"] = json!(program);
    }
    capabilities([
        ("browserName", json!("chrome")),
        ("goog:chromeOptions", options),
        ("goog:loggingPrefs", json!({ "browser": "ALL" })),
    ])
}

fn firefox(downloads: &Path) -> Capabilities {
    // Everything that the portal hands out.
    let kinds = [
        "application/json",
        "application/x-ndjson",
        "application/vc+json",
        "application/octet-stream",
        "application/zip",
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "image/svg+xml",
        "text/csv",
        "text/html",
        "text/plain",
    ];
    let mut options = json!({
        "args": ["-headless"],
        "env": { "MOZ_HEADLESS_WIDTH": "1280", "MOZ_HEADLESS_HEIGHT": "900" },
        "prefs": {
            "browser.download.folderList": 2,
            "browser.download.dir": downloads,
            "browser.download.useDownloadDir": true,
            "browser.download.alwaysOpenPanel": false,
            "browser.download.always_ask_before_handling_new_types": false,
            "browser.helperApps.neverAsk.saveToDisk": kinds.join(","),
            "pdfjs.disabled": true,
            "intl.accept_languages": "zh-CN, zh",
            "devtools.console.stdout.content": true,
        },
    });
    if let Ok(program) = std::env::var("XUEDANG_FIREFOX") {
        options["binary"] = json!(program);
    }
    capabilities([("browserName", json!("firefox")), ("moz:firefoxOptions", options)])
}

fn capabilities<const N: usize>(entries: [(&str, Value); N]) -> Capabilities {
    entries
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
