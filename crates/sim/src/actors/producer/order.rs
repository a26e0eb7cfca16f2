//! Whether the records of each key came into the stream in the order in which they were made.

use crate::digest::hash_of;
use crate::newest_numbers::NewestNumbers;

/// The newest stored record of each key, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    newest: NewestNumbers,
    /// Records that were stored after a later one of their key.
    pub(super) violations: u64,
}

/// Keys that are watched; a recipe with more is not.
pub(super) const KEYS_MAX: u64 = crate::newest_numbers::KEYS_MAX as u64;

impl Order {
    pub(super) fn stored(&mut self, key: &str, number: u64) {
        if let Some(newest) = self.newest.entry(hash_of(&key), number) {
            self.violations += u64::from(*newest > number);
            *newest = number.max(*newest);
        }
    }
}
