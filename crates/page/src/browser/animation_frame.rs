//! A call before the browser's next frame, and its clock.

use wasm_bindgen::prelude::*;

/// A frame that was asked for; dropping it calls it off.
pub(crate) struct AnimationFrame {
    handle: i32,
    _callback: Closure<dyn FnMut(f64)>,
}

impl AnimationFrame {
    /// Calls `callback` with the frame's time in milliseconds.
    pub(crate) fn request(callback: impl FnOnce(f64) + 'static) -> Option<AnimationFrame> {
        let callback = Closure::once(callback);
        let handle = web_sys::window()?.request_animation_frame(callback.as_ref().unchecked_ref()).ok()?;
        Some(AnimationFrame { handle, _callback: callback })
    }
}

impl Drop for AnimationFrame {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            // It may have been called already.
            let _ = window.cancel_animation_frame(self.handle);
        }
    }
}

/// Milliseconds of the browser's clock: for time budgets only, never for the world.
pub(crate) fn clock_ms() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}
