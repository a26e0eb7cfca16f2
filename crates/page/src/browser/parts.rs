//! The two parts of the module: what the first picture needs, and the rest, which comes a little later. What a learner
//! does not look at first is left out until the rest is there.

use std::cell::{Cell, RefCell};

use wasm_bindgen::prelude::wasm_bindgen;
use yew::prelude::*;

thread_local! {
    /// A module in one piece has everything from the beginning.
    static IS_WHOLE: Cell<bool> = const { Cell::new(true) };
    static WAITING: RefCell<Vec<Callback<()>>> = const { RefCell::new(Vec::new()) };
}

/// The glue of a module in two parts calls it before anything else.
#[wasm_bindgen(js_name = beginInParts, skip_typescript)]
pub fn begin_in_parts() {
    IS_WHOLE.set(false);
}

/// The glue calls it when the rest is there.
#[wasm_bindgen(js_name = restHasCome, skip_typescript)]
pub fn rest_has_come() {
    IS_WHOLE.set(true);
    for waiting in WAITING.take() {
        waiting.emit(());
    }
}

pub(crate) fn is_whole() -> bool {
    IS_WHOLE.get()
}

/// Is called once, as soon as the rest is there: something on the way to the first picture may have asked for it.
pub(crate) fn when_whole(callback: Callback<()>) {
    if is_whole() {
        callback.emit(());
    } else {
        WAITING.with_borrow_mut(|waiting| waiting.push(callback));
    }
}

/// Whether the rest of the module is there; the component is rendered again when it comes.
#[hook]
pub(crate) fn use_whole() -> bool {
    let is_there = use_state_eq(is_whole);
    let setter = is_there.setter();
    use_effect_with((), move |()| when_whole(Callback::from(move |()| setter.set(true))));
    *is_there
}
