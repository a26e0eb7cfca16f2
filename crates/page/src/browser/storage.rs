//! What the browser keeps for us, where it lets us. Merely touching `localStorage` may throw in a frame without an
//! origin of its own, so nothing here trusts it.

use std::cell::RefCell;
use std::collections::BTreeMap;

thread_local! {
    /// Takes the place of the browser's storage while that is out of reach.
    static MEMORY: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

pub(crate) fn get(key: &str) -> Option<String> {
    storage()
        .and_then(|storage| storage.get_item(key).ok().flatten())
        .or_else(|| MEMORY.with_borrow(|memory| memory.get(key).cloned()))
}

/// Keeps a text; `false` where it lasts only until the page is closed.
pub(crate) fn set(key: &str, text: &str) -> bool {
    if storage().is_some_and(|storage| storage.set_item(key, text).is_ok()) {
        return true;
    }
    MEMORY.with_borrow_mut(|memory| memory.insert(key.to_owned(), text.to_owned()));
    false
}

pub(crate) fn remove(key: &str) {
    if let Some(storage) = storage() {
        // What cannot be removed was not stored either.
        let _ = storage.remove_item(key);
    }
    MEMORY.with_borrow_mut(|memory| memory.remove(key));
}
