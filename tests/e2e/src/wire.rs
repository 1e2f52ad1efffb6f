//! What the WebDriver client has no word for.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// A command of the Chrome DevTools Protocol, through chromedriver.
#[derive(Debug)]
pub(crate) struct ChromeDevTools {
    command: &'static str,
    parameters: Value,
}

impl ChromeDevTools {
    pub(crate) fn new(command: &'static str, parameters: Value) -> Self {
        Self { command, parameters }
    }
}

impl WebDriverCompatibleCommand for ChromeDevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        of_session(base, session, "goog/cdp/execute")
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = json!({ "cmd": self.command, "params": self.parameters });
        (Method::POST, Some(body.to_string()))
    }
}

/// Chromium's console since it was last asked.
#[derive(Debug)]
pub(crate) struct ChromiumConsole;

impl WebDriverCompatibleCommand for ChromiumConsole {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        of_session(base, session, "se/log")
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

fn of_session(base: &Url, session: Option<&str>, rest: &str) -> Result<Url, ParseError> {
    base.join(&format!("session/{}/{rest}", session.unwrap_or_default()))
}

/// Ends a session, and with it the browser, without a runtime.
pub(crate) fn delete_session(driver: &str, session: &str) {
    // A driver that is gone has taken its browser with it.
    let _ = request_deletion(driver.trim_start_matches("http://"), session);
}

fn request_deletion(driver: &str, session: &str) -> io::Result<()> {
    let driver = driver.trim_end_matches('/');
    let mut stream = TcpStream::connect(driver)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(
        stream,
        "DELETE /session/{session} HTTP/1.1\r\nHost: {driver}\r\nConnection: close\r\n\r\n"
    )?;
    stream.read_to_end(&mut Vec::new()).map(drop)
}
