//! The time on the learner's wall, and a tick of it. The world's time is another.

use wasm_bindgen::prelude::*;

/// Seconds since the Unix epoch.
pub(crate) fn now_s() -> u64 {
    (js_sys::Date::now() / 1_000.0) as u64
}

/// Calls back every second until it is dropped.
pub(crate) struct Ticker {
    handle: Option<i32>,
    _closure: Closure<dyn FnMut()>,
}

impl Ticker {
    pub(crate) fn new(on_tick: impl FnMut() + 'static) -> Ticker {
        let closure = Closure::<dyn FnMut()>::new(on_tick);
        let window = web_sys::window();
        let handle = window.and_then(|window| {
            let call = closure.as_ref().unchecked_ref();
            window.set_interval_with_callback_and_timeout_and_arguments_0(call, 1_000).ok()
        });
        Ticker { handle, _closure: closure }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        if let (Some(window), Some(handle)) = (web_sys::window(), self.handle) {
            window.clear_interval_with_handle(handle);
        }
    }
}

/// Opens the browser's print dialog for the lab sheet: while it is open the document has a mark by which the print
/// style leaves nothing else. Printed by the browser's own command, the page prints as it stands.
pub(crate) fn print() {
    let Some(window) = web_sys::window() else { return };
    let document = window.document().and_then(|document| document.document_element());
    if let Some(document) = &document {
        // An attribute of our own can be set.
        let _ = document.set_attribute(SHEET_MARK, "sheet");
    }
    // A browser that cannot print says so itself; others come back when the dialog is closed.
    let _ = window.print();
    if let Some(document) = &document {
        let _ = document.remove_attribute(SHEET_MARK);
    }
}

const SHEET_MARK: &str = "data-ks-prints";
