//! Files in and out, and the clipboard. What is in a file is not looked at here.

use super::clock::sleep;
use super::js::{call, error_text, get};
use js_sys::{Array, Uint8Array};
use std::fmt;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, File, HtmlElement, HtmlTextAreaElement, Url};

/// What could not be done with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// Larger than it may be; nothing of it was read.
    TooLarge {
        /// Its name.
        name: String,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The browser could not read it.
    Unreadable {
        /// Its name.
        name: String,
        /// As the browser put it.
        why: String,
    },
    /// The browser could not save it.
    NotSaved {
        /// Its name.
        name: String,
        /// As the browser put it.
        why: String,
    },
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { name, size, limit } => {
                write!(
                    f,
                    "文件“{name}”有 {}，超过了 {} 的上限，没有读取",
                    size_text(*size),
                    size_text(*limit)
                )
            }
            Self::Unreadable { name, why } => write!(f, "文件“{name}”读不出来（{why}）"),
            Self::NotSaved { name, why } => write!(f, "浏览器没有保存文件“{name}”（{why}）"),
        }
    }
}

impl std::error::Error for FileError {}

/// A size to read: whole numbers without a fraction, others with one digit.
fn size_text(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1024 => return format!("{bytes} 字节"),
        1024..1_048_576 => (1024, "KB"),
        _ => (1_048_576, "MB"),
    };
    match (bytes * 10).div_ceil(unit) {
        tenths if tenths % 10 == 0 => format!("{} {name}", tenths / 10),
        tenths => format!("{}.{} {name}", tenths / 10, tenths % 10),
    }
}

/// Saves bytes as a file, as far as a page can know: the browser may still ask or refuse, and
/// WeChat's refuses silently.
///
/// # Errors
/// [`FileError::NotSaved`] when the browser refuses at once.
pub fn save(name: &str, mime: &str, bytes: &[u8]) -> Result<(), FileError> {
    offer(name, mime, bytes).map_err(|error| FileError::NotSaved {
        name: name.into(),
        why: error_text(&error),
    })
}

/// Saves what a worker has made, which the page never looks into; as [`save`].
///
/// # Errors
/// [`FileError::NotSaved`] when the browser refuses at once.
pub fn save_blob(name: &str, blob: &Blob) -> Result<(), FileError> {
    offer_blob(name, blob).map_err(|error| FileError::NotSaved {
        name: name.into(),
        why: error_text(&error),
    })
}

fn offer(name: &str, mime: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let bag = BlobPropertyBag::new();
    bag.set_type(mime);
    offer_blob(name, &Blob::new_with_u8_array_sequence_and_options(&parts, &bag)?)
}

fn offer_blob(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let clicked = click(name, &url);
    spawn_local(async move {
        // Some browsers begin to read only after they have asked where to put it.
        sleep(60_000).await;
        let _ = Url::revoke_object_url(&url);
    });
    clicked
}

fn click(name: &str, url: &str) -> Result<(), JsValue> {
    let document = document()?;
    let link: HtmlElement = document.create_element("a")?.unchecked_into();
    link.set_attribute("href", url)?;
    link.set_attribute("download", name)?;
    link.set_hidden(true);
    let body = document.body().ok_or(JsValue::NULL)?;
    body.append_child(&link)?;
    link.click();
    link.remove();
    Ok(())
}

/// Reads a file of at most `limit` bytes; a larger one is refused before anything is read.
///
/// # Errors
/// [`FileError::TooLarge`], [`FileError::Unreadable`].
pub async fn read(file: &File, limit: u64) -> Result<Vec<u8>, FileError> {
    let name = file.name();
    let size = file.size() as u64;
    if size > limit {
        return Err(FileError::TooLarge { name, size, limit });
    }
    // Asked for by name: Safari before 14 lacks it.
    let promise = call(file, "arrayBuffer", &[]).map(js_sys::Promise::from);
    let buffer = match promise {
        Ok(promise) => JsFuture::from(promise).await,
        Err(error) => Err(error),
    };
    match buffer {
        Ok(buffer) => Ok(Uint8Array::new(&buffer).to_vec()),
        Err(error) => Err(FileError::Unreadable {
            name,
            why: error_text(&error),
        }),
    }
}

/// Reads part of a file, from a byte on and before another; what lies beyond its end is not there.
///
/// # Errors
/// As the browser puts it.
pub async fn read_part(file: &Blob, from: u64, to: u64) -> Result<Vec<u8>, String> {
    let read = async {
        let part = call(file, "slice", &[&(from as f64).into(), &(to as f64).into()])?;
        let promise = call(&part, "arrayBuffer", &[]).map(js_sys::Promise::from)?;
        Ok(Uint8Array::new(&JsFuture::from(promise).await?).to_vec())
    };
    let read: Result<Vec<u8>, JsValue> = read.await;
    read.map_err(|error| {
        format!(
            "读不出来，可能已被移动、改名，或者正被别的程序占用（{}）",
            error_text(&error)
        )
    })
}

/// Part of a file, which nothing is read of.
///
/// # Errors
/// As the browser puts it.
pub fn part(file: &Blob, from: u64, to: u64) -> Result<Blob, String> {
    call(file, "slice", &[&(from as f64).into(), &(to as f64).into()])
        .and_then(|part| part.dyn_into())
        .map_err(|error| error_text(&error))
}

/// The name that a chosen file has, with its path where a whole folder was chosen.
pub fn path_of(file: &File) -> String {
    let path = get(file, "webkitRelativePath").as_string();
    path.filter(|path| !path.is_empty())
        .unwrap_or_else(|| file.name())
}

/// The browser did not let anything be copied; the reader has to select it himself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyError;

impl fmt::Display for CopyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("浏览器不允许自动复制，请长按或用鼠标选中文字后自行复制")
    }
}

impl std::error::Error for CopyError {}

/// Copies text to the clipboard. Call it from a click.
///
/// # Errors
/// [`CopyError`] when neither the new way nor the old one works.
pub async fn copy(text: &str) -> Result<(), CopyError> {
    let navigator = web_sys::window().ok_or(CopyError)?.navigator();
    let clipboard = get(&navigator, "clipboard");
    // Absent on pages without https, such as one served within an office.
    if clipboard.is_object()
        && let Ok(promise) = call(&clipboard, "writeText", &[&text.into()])
        && JsFuture::from(js_sys::Promise::from(promise)).await.is_ok()
    {
        return Ok(());
    }
    copy_selection(text)
        .ok()
        .filter(|copied| *copied)
        .map(drop)
        .ok_or(CopyError)
}

fn copy_selection(text: &str) -> Result<bool, JsValue> {
    let document = document()?;
    let body = document.body().ok_or(JsValue::NULL)?;
    let focused = document.active_element();
    let area: HtmlTextAreaElement = document.create_element("textarea")?.unchecked_into();
    area.set_value(text);
    // No keyboard may pop up, and nothing may scroll to it.
    area.set_attribute("readonly", "")?;
    let style = area.style();
    style.set_property("position", "fixed")?;
    style.set_property("top", "0")?;
    style.set_property("opacity", "0")?;
    body.append_child(&area)?;
    area.select();
    let copied = call(&document, "execCommand", &[&"copy".into()]);
    area.remove();
    if let Some(element) = focused.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
    Ok(copied?.is_truthy())
}

fn document() -> Result<web_sys::Document, JsValue> {
    web_sys::window()
        .and_then(|window| window.document())
        .ok_or(JsValue::NULL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well_and_never_look_within_the_limit() {
        assert_eq!(size_text(1), "1 字节");
        assert_eq!(size_text(2048), "2 KB");
        assert_eq!(size_text(20 << 20), "20 MB");
        assert_eq!(size_text((20 << 20) + 1), "20.1 MB");
    }

    #[test]
    fn the_message_names_file_and_limit() {
        let error = FileError::TooLarge {
            name: "名册.xlsx".into(),
            size: 3 << 20,
            limit: 2 << 20,
        };
        assert_eq!(
            error.to_string(),
            "文件“名册.xlsx”有 3 MB，超过了 2 MB 的上限，没有读取"
        );
    }
}
