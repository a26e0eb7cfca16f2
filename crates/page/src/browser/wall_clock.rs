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

/// Opens the browser's print dialog; the page's print style leaves the lab sheet only.
pub(crate) fn print() {
    if let Some(window) = web_sys::window() {
        // A browser that cannot print says so itself.
        let _ = window.print();
    }
}
