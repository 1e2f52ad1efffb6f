//! This site's own files. No other host is ever asked.

use super::js::error_text;
use std::fmt;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, Response};

/// Why a file of this site could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// Not a relative path within this site; nothing was asked for.
    Outside(String),
    /// No answer: offline, or broken off.
    Network {
        /// The path.
        path: String,
        /// As the browser put it.
        why: String,
    },
    /// An answer, but not the file.
    Status {
        /// The path.
        path: String,
        /// The HTTP status.
        status: u16,
    },
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outside(path) => write!(f, "“{path}”不是本站之内的文件，没有读取"),
            Self::Network { path, why } => write!(f, "没能读到“{path}”，请检查网络后重试（{why}）"),
            Self::Status { path, status: 404 } => {
                write!(f, "网站上没有“{path}”（404）；也许网站刚刚更新过，请刷新本页")
            }
            Self::Status { path, status } => write!(f, "网站没有给出“{path}”（HTTP {status}），请稍后重试"),
        }
    }
}

impl std::error::Error for FetchError {}

/// The text of a file of this site, by a path relative to the page.
///
/// # Errors
/// [`FetchError`].
pub async fn get_text(path: &str) -> Result<String, FetchError> {
    if !is_inside(path) {
        return Err(FetchError::Outside(path.into()));
    }
    let network = |error: JsValue| FetchError::Network {
        path: path.into(),
        why: error_text(&error),
    };
    let response = request(path).await.map_err(network)?;
    if !response.ok() {
        return Err(FetchError::Status {
            path: path.into(),
            status: response.status(),
        });
    }
    let text = JsFuture::from(response.text().map_err(network)?)
        .await
        .map_err(network)?;
    Ok(text.as_string().unwrap_or_default())
}

async fn request(path: &str) -> Result<Response, JsValue> {
    // In the ordinary mode, as the page preloads the catalogue: in another it would be fetched twice.
    // A redirect to another host is stopped by the page's content policy.
    let request = Request::new_with_str(path)?;
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    JsFuture::from(window.fetch_with_request(&request))
        .await?
        .dyn_into()
}

/// A relative path that cannot leave the folder of the page: the browser reads `\` as `/`, and
/// skips tabs and line ends.
fn is_inside(path: &str) -> bool {
    let file = path.split(['?', '#']).next().unwrap_or_default();
    !path.is_empty()
        && !path.starts_with('/')
        && !path.contains(|c: char| c == '\\' || c.is_control())
        && !path.starts_with(' ')
        && !file.contains(':')
        && !file
            .split('/')
            .any(|part| matches!(part.to_ascii_lowercase().replace("%2e", ".").as_str(), ".."))
}

#[cfg(test)]
mod tests {
    use super::is_inside;

    #[test]
    fn only_paths_within_the_site() {
        for path in ["a.json", "./a/b.json?v=1:2", "模块/一.json", "a#b:c"] {
            assert!(is_inside(path), "{path}");
        }
        for path in [
            "",
            "/a",
            "//host/a",
            "https://host/a",
            "a:b",
            "data:text/plain,x",
            "\\\\host",
            "a\\..\\b",
            "../a",
            "a/../../b",
            "a/%2E%2e/b",
            "\thttps://host",
            " //host",
            "ht\ntps://host",
        ] {
            assert!(!is_inside(path), "{path}");
        }
    }
}
