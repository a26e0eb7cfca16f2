//! Lists of choices at whose choices something happens: they open before they act.

use wasm_bindgen::prelude::*;
use web_sys::{Event, HtmlSelectElement, KeyboardEvent};

/// Whether an event came from a list of choices, which has a use of its own for arrows and letters.
pub(crate) fn is_list(event: &Event) -> bool {
    event.target().is_some_and(|target| target.has_type::<HtmlSelectElement>())
}

#[wasm_bindgen]
extern "C" {
    /// A list as browsers know it since 2024.
    type OpenableList;

    #[wasm_bindgen(method, catch, js_name = showPicker)]
    fn show_picker(this: &OpenableList) -> Result<(), JsValue>;
}

/// Opens a list at whose choices something happens, where an arrow would choose: on its way to a far entry it would
/// take each entry before it. While the list is open its keys are the browser's own, and Enter chooses. Letters choose
/// as ever, by how an entry begins.
pub(crate) fn open_list(event: &KeyboardEvent) {
    if matches!(&*event.key(), "ArrowUp" | "ArrowDown" | "Home" | "End" | "PageUp" | "PageDown") {
        open(event);
    }
}

/// The same at letters too, where each of them would do something that takes time.
pub(crate) fn open_list_at_letters(event: &KeyboardEvent) {
    let key = event.key();
    if key.chars().count() == 1 && key != " " {
        open(event);
    } else {
        open_list(event);
    }
}

fn open(event: &KeyboardEvent) {
    let has_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
    let list = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
    let Some(list) = list.filter(|_| !has_modifier) else { return };
    // Who cannot tell whether it is open is told by what was done to it last.
    let is_open = list.matches(":open").unwrap_or_else(|_| list.has_attribute(OPEN));
    // Where a browser cannot open it, the key chooses as ever.
    if !is_open && list.unchecked_ref::<OpenableList>().show_picker().is_ok() {
        event.prevent_default();
        let _ = list.set_attribute(OPEN, "");
    }
}

/// Notes that the list that an event came from is closed again.
pub(crate) fn list_is_closed(event: &Event) {
    let list = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
    if let Some(list) = list {
        let _ = list.remove_attribute(OPEN);
    }
}

const OPEN: &str = "data-open";
