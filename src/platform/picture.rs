//! Pictures as grey values, drawn on a canvas that nobody sees.

use super::js::{call, error_text, get};
use js_sys::{Array, Object, Promise, Reflect, Uint8Array, Uint8ClampedArray};
use std::fmt;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag};

/// A picture's grey values, row by row from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grey {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// 0 for black to 255 for white.
    pub values: Vec<u8>,
}

/// A picture that the browser has opened.
pub struct Picture {
    bitmap: JsValue,
    width: u32,
    height: u32,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture")
            .field("width", &self.width)
            .field("height", &self.height)
            .finish_non_exhaustive()
    }
}

impl Picture {
    /// Opens the bytes of a picture, whatever kinds this browser knows.
    ///
    /// # Errors
    /// As the browser put it.
    pub async fn open(bytes: &[u8], mime: &str) -> Result<Self, String> {
        let bitmap = decode(bytes, mime).await.map_err(|error| error_text(&error))?;
        let side = |name| get(&bitmap, name).as_f64().unwrap_or(0.0) as u32;
        let (width, height) = (side("width"), side("height"));
        Ok(Self {
            bitmap,
            width,
            height,
        })
    }

    /// Its longer side, in pixels.
    pub fn longest(&self) -> u32 {
        self.width.max(self.height)
    }

    /// Its grey values, made smaller so that the longer side has at most so many pixels.
    ///
    /// # Errors
    /// As the browser put it.
    pub fn grey(&self, longest: u32) -> Result<Grey, String> {
        grey_of(&self.bitmap, self.width, self.height, longest).map_err(|error| error_text(&error))
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        // Large ones hold memory until they are closed.
        let _ = call(&self.bitmap, "close", &[]);
    }
}

async fn decode(bytes: &[u8], mime: &str) -> Result<JsValue, JsValue> {
    let bag = BlobPropertyBag::new();
    bag.set_type(mime);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &bag)?;
    let promise = call(&js_sys::global(), "createImageBitmap", &[&blob])?;
    JsFuture::from(Promise::from(promise)).await
}

/// The grey values of what can be drawn: a picture, or what a video shows now.
pub(super) fn grey_of(source: &JsValue, width: u32, height: u32, longest: u32) -> Result<Grey, JsValue> {
    let most = width.max(height).max(1);
    let shrink = |side: u32| match most > longest {
        true => (u64::from(side) * u64::from(longest) / u64::from(most)) as u32,
        false => side,
    };
    let (width, height) = (shrink(width).max(1), shrink(height).max(1));
    let document = web_sys::window()
        .and_then(|window| window.document())
        .ok_or(JsValue::NULL)?;
    let canvas: JsValue = document.create_element("canvas")?.into();
    Reflect::set(&canvas, &"width".into(), &width.into())?;
    Reflect::set(&canvas, &"height".into(), &height.into())?;
    let options = Object::new();
    Reflect::set(&options, &"willReadFrequently".into(), &true.into())?;
    let context = call(&canvas, "getContext", &[&"2d".into(), &options])?;
    // What is transparent counts as white.
    Reflect::set(&context, &"fillStyle".into(), &"#fff".into())?;
    let (zero, w, h) = (JsValue::from(0), JsValue::from(width), JsValue::from(height));
    call(&context, "fillRect", &[&zero, &zero, &w, &h])?;
    call(&context, "drawImage", &[source, &zero, &zero, &w, &h])?;
    let data = call(&context, "getImageData", &[&zero, &zero, &w, &h])?;
    let colours = Uint8ClampedArray::from(get(&data, "data")).to_vec();
    let values = colours.chunks_exact(4).map(|pixel| {
        // The weights of ITU-R BT.601 over 256.
        let weighted = u32::from(pixel[0]) * 77 + u32::from(pixel[1]) * 150 + u32::from(pixel[2]) * 29;
        (weighted >> 8) as u8
    });
    Ok(Grey {
        width,
        height,
        values: values.collect(),
    })
}
