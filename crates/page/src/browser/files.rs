//! Files that the learner saves and opens.

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, Event, HtmlAnchorElement, HtmlInputElement, Url};
use yew::Callback;

/// Hands a text to the learner as a file.
pub(crate) fn download(name: &str, text: &str) -> Option<()> {
    let parts = Array::of1(&text.into());
    let options = BlobPropertyBag::new();
    options.set_type("application/jsonl");
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let document = web_sys::window()?.document()?;
    let link: HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    let _ = Url::revoke_object_url(&address);
    Some(())
}

/// Reads the file that was chosen in a file input and hands its text on.
pub(crate) fn read_chosen(event: &Event, on_text: Callback<Result<String, String>>) -> Option<()> {
    let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let file = input.files()?.get(0)?;
    let failed = on_text.clone();
    let on_text = Closure::once_into_js(move |text: JsValue| {
        on_text.emit(text.as_string().ok_or_else(|| "the file has no text".to_owned()));
    });
    let on_error = Closure::once_into_js(move |_: JsValue| {
        failed.emit(Err("the browser could not read the file".to_owned()));
    });
    let text: JsValue = file.text().into();
    let then: js_sys::Function = js_sys::Reflect::get(&text, &"then".into()).ok()?.dyn_into().ok()?;
    let _ = then.call2(&text, &on_text, &on_error);
    // The same file can be chosen again.
    input.set_value("");
    Some(())
}
