//! Which records of a shard the function has worked on: what "more than once" and "out of order" are measured by.

use std::collections::BTreeMap;
use std::hash::Hasher as _;

use crate::Digest;
use crate::dice::Dice;

/// Records by their place.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Progress {
    /// Everything up to this place is settled; none while no record has been.
    settled: Option<u64>,
    /// Records behind that are settled too, with what tells their keys apart where the function worked on them.
    beyond: BTreeMap<u64, Option<u64>>,
    /// Records that were handed over and are not settled: the lowest tells how far [`Progress::settled`] may go.
    open: BTreeMap<u64, ()>,
}

/// What working on a record meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Worked {
    First,
    /// For the first time, and after a later record of the same key.
    OutOfOrder,
    Again,
}

/// Parts that one record can have: user records of an aggregate.
const PARTS_BITS: u32 = 20;

/// Where a record stands in its shard, parts of an aggregate apart.
pub(super) fn place(index: u64, part: u32) -> u64 {
    index << PARTS_BITS | u64::from(part) & ((1 << PARTS_BITS) - 1)
}

/// The index of the record at a place.
pub(super) fn index_at(place: u64) -> u64 {
    place >> PARTS_BITS
}

pub(super) fn key_number(key: &str) -> u64 {
    let mut digest = Digest::default();
    digest.write(key.as_bytes());
    // Low bits of the digest alone know little of the key.
    Dice::new(digest.finish(), 0, 0).next()
}

impl Progress {
    /// A record was taken over from the stream.
    pub(super) fn open(&mut self, place: u64) {
        if self.settled.is_none_or(|settled| place > settled) && !self.beyond.contains_key(&place) {
            self.open.insert(place, ());
        }
    }

    /// The function worked on a record.
    pub(super) fn work(&mut self, place: u64, key: &str) -> Worked {
        if self.settled.is_some_and(|settled| place <= settled) || self.beyond.contains_key(&place) {
            return Worked::Again;
        }
        let key = key_number(key);
        let is_late = self.beyond.range(place + 1..).any(|(_, other)| *other == Some(key));
        self.beyond.insert(place, Some(key));
        self.advance(place);
        if is_late { Worked::OutOfOrder } else { Worked::First }
    }

    /// A record is done with, without the function: filtered out or discarded.
    pub(super) fn skip(&mut self, place: u64) {
        if self.settled.is_none_or(|settled| place > settled) {
            self.beyond.entry(place).or_insert(None);
        }
        self.advance(place);
    }

    /// Records that were handed over and are not settled.
    pub(super) fn open_count(&self) -> u64 {
        self.open.len() as u64
    }

    fn advance(&mut self, place: u64) {
        self.open.remove(&place);
        let end = match self.open.first_key_value() {
            Some((lowest, ())) => lowest.saturating_sub(1),
            None => self.beyond.last_key_value().map_or(0, |(last, _)| *last),
        };
        while let Some(entry) = self.beyond.first_entry().filter(|entry| *entry.key() <= end) {
            self.settled = self.settled.max(Some(*entry.key()));
            entry.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(count: u64) -> Progress {
        let mut progress = Progress::default();
        (1..=count).for_each(|index| progress.open(index));
        progress
    }

    #[test]
    fn a_record_is_worked_on_first_and_then_again() {
        let mut progress = opened(3);
        assert_eq!(progress.work(1, "a"), Worked::First);
        assert_eq!(progress.work(1, "a"), Worked::Again);
        assert_eq!(progress.work(3, "b"), Worked::First);
        assert_eq!(progress.work(3, "b"), Worked::Again);
        assert_eq!(progress.work(2, "a"), Worked::First);
        assert!(progress.beyond.is_empty() && progress.open.is_empty());
    }

    #[test]
    fn only_a_later_record_of_the_same_key_makes_one_late() {
        let mut progress = opened(3);
        progress.work(2, "b");
        progress.work(3, "a");
        assert_eq!(progress.work(1, "a"), Worked::OutOfOrder);
        let mut progress = opened(2);
        progress.work(2, "b");
        assert_eq!(progress.work(1, "a"), Worked::First);
    }

    #[test]
    fn what_is_skipped_was_not_worked_on() {
        let mut progress = opened(2);
        progress.skip(2);
        assert_eq!(progress.work(1, "a"), Worked::First);
        assert!(progress.beyond.is_empty());
    }
}
