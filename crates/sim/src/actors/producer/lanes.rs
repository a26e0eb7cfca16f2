//! Strict order within each key: one record of a key is under way at a time, and each names the one before it.
//!
//! Documented: SequenceNumberForOrdering of PutRecord guarantees increasing sequence numbers for puts from the same
//! client to the same partition key; the client must wait for each answer to have the number.

use std::collections::{BTreeMap, VecDeque};

use kinesis::SequenceNumber;
use smol_str::SmolStr;

use super::Pending;

/// A lane for each key.
#[derive(Clone, Debug, Default)]
pub(super) struct Lanes {
    by_key: BTreeMap<SmolStr, Lane>,
    waiting: u64,
}

#[derive(Clone, Debug, Default)]
struct Lane {
    /// Sequence number of the newest stored record of the key.
    newest: Option<SequenceNumber>,
    is_busy: bool,
    /// Records behind the one that is under way.
    queue: VecDeque<Pending>,
}

impl Lanes {
    /// The record may be sent now and is then the one under way; otherwise it waits in its lane.
    pub(super) fn enter(&mut self, record: Pending) -> Option<Pending> {
        let lane = self.by_key.entry(record.key.clone()).or_default();
        // A record that was sent before holds its lane already.
        if lane.is_busy && record.attempts == 0 {
            lane.queue.push_back(record);
            self.waiting += 1;
            return None;
        }
        lane.is_busy = true;
        Some(record)
    }

    pub(super) fn newest(&self, key: &str) -> Option<SequenceNumber> {
        self.by_key.get(key).and_then(|lane| lane.newest)
    }

    /// The record under way is stored or given up; the next one of its key, as one that has not entered yet.
    pub(super) fn leave(&mut self, key: &str, stored: Option<SequenceNumber>) -> Option<Pending> {
        let lane = self.by_key.get_mut(key)?;
        lane.newest = stored.or(lane.newest);
        lane.is_busy = false;
        let next = lane.queue.pop_front()?;
        self.waiting -= 1;
        Some(next)
    }

    /// Records that wait in lanes.
    pub(super) fn waiting(&self) -> u64 {
        self.waiting
    }

    /// Takes all that wait.
    pub(super) fn clear(&mut self) -> Vec<Pending> {
        self.waiting = 0;
        self.by_key.values_mut().flat_map(|lane| lane.queue.drain(..)).collect()
    }
}
