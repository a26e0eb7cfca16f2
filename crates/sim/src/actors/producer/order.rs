//! Whether the records of each key came into the stream in the order in which they were made.

use std::collections::BTreeMap;

/// The newest stored record of each key, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    newest: BTreeMap<String, u64>,
    /// Records that were stored after a later one of their key.
    pub(super) violations: u64,
}

/// Keys that are watched; a recipe with more is not.
pub(super) const KEYS_MAX: u64 = 1_000;

impl Order {
    pub(super) fn stored(&mut self, key: &str, number: u64) {
        if let Some(newest) = self.newest.get_mut(key) {
            self.violations += u64::from(*newest > number);
            *newest = number.max(*newest);
        } else if (self.newest.len() as u64) < KEYS_MAX {
            self.newest.insert(key.to_owned(), number);
        }
    }
}
