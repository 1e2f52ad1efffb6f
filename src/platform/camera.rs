//! The camera: asked for when somebody opens it, let go of when it is dropped.

use super::js::{call, error_name, error_text, get};
use super::picture::{Grey, grey_of};
use js_sys::{Array, Object, Promise, Reflect};
use std::fmt;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameraError {
    /// The browser has none to give: too old, or the page is not from an address that it trusts
    /// (https, or this machine).
    Unsupported,
    /// This device has no camera.
    Absent,
    /// The person or the system said no.
    Refused,
    /// Another program has it.
    Busy,
    /// Anything else, as the browser put it.
    Failed(String),
}

impl fmt::Display for CameraError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported => f.write_str("这个浏览器或这个地址不能使用摄像头（要用 https 打开本站）"),
            Self::Absent => f.write_str("这台设备没有找到摄像头"),
            Self::Refused => f.write_str(
                "没有使用摄像头的权限：请在浏览器地址栏左边的图标或系统设置里允许本站使用摄像头，再试一次",
            ),
            Self::Busy => f.write_str("摄像头打不开，可能正被别的程序使用"),
            Self::Failed(why) => write!(f, "摄像头打不开（{why}）"),
        }
    }
}

impl std::error::Error for CameraError {}

/// A camera that is on. Dropping it turns it off.
pub struct Camera {
    stream: JsValue,
    video: JsValue,
}

impl fmt::Debug for Camera {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Camera").finish_non_exhaustive()
    }
}

impl Camera {
    /// Asks for the camera, the one at the back where there are two, and shows what it sees in the
    /// `<video>` of that id.
    ///
    /// # Errors
    /// [`CameraError`]; then it is off.
    pub async fn open(video: &str) -> Result<Self, CameraError> {
        let window = web_sys::window().ok_or(CameraError::Unsupported)?;
        let devices = get(&window.navigator(), "mediaDevices");
        if !devices.is_object() {
            return Err(CameraError::Unsupported);
        }
        let asked = call(&devices, "getUserMedia", &[&wishes()]).map_err(|error| told(&error))?;
        let stream = JsFuture::from(Promise::from(asked))
            .await
            .map_err(|error| told(&error))?;
        // From here on dropping it turns it off.
        let mut camera = Self {
            stream,
            video: JsValue::NULL,
        };
        let element = window.document().and_then(|page| page.get_element_by_id(video));
        // The place may be gone: the person has left while the browser was asking.
        let element = element.ok_or_else(|| CameraError::Failed("页面已经离开".into()))?;
        camera.video = element.into();
        let _ = Reflect::set(&camera.video, &"srcObject".into(), &camera.stream);
        if let Ok(playing) = call(&camera.video, "play", &[]) {
            // It plays by itself as well; that it was interrupted is no error.
            let _ = JsFuture::from(Promise::resolve(&playing)).await;
        }
        Ok(camera)
    }

    /// What it sees now, its longer side at most so many pixels; `None` as long as there is nothing.
    pub fn grey(&self, longest: u32) -> Option<Grey> {
        let side = |name| get(&self.video, name).as_f64().unwrap_or(0.0) as u32;
        let (width, height) = (side("videoWidth"), side("videoHeight"));
        if width == 0 || height == 0 {
            return None;
        }
        grey_of(&self.video, width, height, longest).ok()
    }

    /// Whether it still gives pictures: it may have been unplugged, or taken away.
    pub fn is_on(&self) -> bool {
        get(&self.stream, "active").is_truthy()
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        if let Ok(tracks) = call(&self.stream, "getTracks", &[]) {
            for track in Array::from(&tracks).iter() {
                let _ = call(&track, "stop", &[]);
            }
        }
        if self.video.is_object() {
            let _ = Reflect::set(&self.video, &"srcObject".into(), &JsValue::NULL);
        }
    }
}

/// The back camera, large enough for a code of a hundred modules a side.
fn wishes() -> JsValue {
    let object = |pairs: &[(&str, JsValue)]| -> JsValue {
        let object = Object::new();
        for (name, value) in pairs {
            let _ = Reflect::set(&object, &(*name).into(), value);
        }
        object.into()
    };
    let ideal = |value: JsValue| object(&[("ideal", value)]);
    let video = object(&[
        ("facingMode", ideal("environment".into())),
        ("width", ideal(1280.into())),
        ("height", ideal(720.into())),
    ]);
    object(&[("audio", false.into()), ("video", video)])
}

fn told(error: &JsValue) -> CameraError {
    match &*error_name(error) {
        "NotFoundError" | "DevicesNotFoundError" | "OverconstrainedError" => CameraError::Absent,
        "NotAllowedError" | "PermissionDeniedError" | "SecurityError" => CameraError::Refused,
        "NotReadableError" | "TrackStartError" | "AbortError" => CameraError::Busy,
        _ => CameraError::Failed(error_text(error)),
    }
}
