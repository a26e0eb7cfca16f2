//! The aggregator: a buffer for each shard, in which user records gather until they are packed together.
//!
//! Observed: `aggregator.h`, `reducer.h` and `kinesis_record.cc` of the KPL.

use std::collections::{BTreeMap, BTreeSet};

use kinesis::{Instant, ShardId};

use super::record::{KinesisRecord, UserRecord, size_of};
use crate::KplConfig;

#[derive(Clone, Debug, Default)]
pub(super) struct Aggregator {
    buffers: BTreeMap<ShardId, Buffer>,
}

#[derive(Clone, Debug, Default)]
struct Buffer {
    items: Vec<UserRecord>,
    /// Hash keys in the buffer, which stand for partition keys.
    keys: BTreeSet<u128>,
    /// What the library takes as the size of the aggregate before it packs it.
    estimated_size: u64,
    deadline: Option<Instant>,
}

impl Buffer {
    fn add(&mut self, item: UserRecord) {
        let key = if self.keys.insert(item.hash_key) { item.key.len() as u64 + 3 } else { 0 };
        self.estimated_size += u64::from(item.size) + 3 + 2 + key;
        let deadline = item.deadline;
        self.deadline = Some(self.deadline.map_or(deadline, |other| other.min(deadline)));
        self.items.push(item);
    }

    fn is_full(&self, config: &KplConfig) -> bool {
        let size = match self.items.as_slice() {
            [item] => u64::from(item.size),
            _ => self.estimated_size,
        };
        self.items.len() as u64 >= config.aggregation_max_count || size >= config.aggregation_max_size
    }

    /// Takes what fits into one record, by deadline; the rest stays.
    fn flush(&mut self, config: &KplConfig) -> Vec<UserRecord> {
        let mut items = std::mem::take(self).items;
        items.sort_by_key(|item| item.deadline);
        let fits = |count: usize| {
            count as u64 <= config.aggregation_max_count
                && items.get(..count).is_none_or(|items| size_of(items) <= config.aggregation_max_size)
        };
        let (mut count, mut too_many) = (1, items.len() + 1);
        while count + 1 < too_many {
            let middle = count + (too_many - count) / 2;
            if fits(middle) {
                count = middle;
            } else {
                too_many = middle;
            }
        }
        let rest = items.split_off(count.min(items.len()));
        rest.into_iter().for_each(|item| self.add(item));
        items
    }
}

impl Aggregator {
    /// Takes a user record; returns a Kinesis record where that made one complete.
    pub(super) fn put(
        &mut self,
        item: UserRecord,
        predicted: Option<ShardId>,
        config: &KplConfig,
    ) -> Option<KinesisRecord> {
        let Some(shard) = predicted.filter(|_| config.aggregation_enabled) else {
            // Without a shard map, or without aggregation, each user record goes by itself.
            return Some(KinesisRecord::new(vec![item], None));
        };
        let buffer = self.buffers.entry(shard).or_default();
        buffer.add(item);
        buffer.is_full(config).then(|| KinesisRecord::new(buffer.flush(config), predicted))
    }

    /// Takes a Kinesis record from a buffer whose deadline has come; of any buffer where `now` is absent.
    pub(super) fn take_due(&mut self, now: Option<Instant>, config: &KplConfig) -> Option<KinesisRecord> {
        let is_due =
            |buffer: &Buffer| buffer.deadline.is_some_and(|deadline| now.is_none_or(|now| deadline <= now));
        let (shard, buffer) = self.buffers.iter_mut().find(|(_, buffer)| is_due(buffer))?;
        Some(KinesisRecord::new(buffer.flush(config), Some(*shard)))
    }

    /// Takes all user records.
    pub(super) fn clear(&mut self) -> Vec<UserRecord> {
        std::mem::take(&mut self.buffers).into_values().flat_map(|buffer| buffer.items).collect()
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.buffers.values().filter_map(|buffer| buffer.deadline).min()
    }

    /// User records in each shard's buffer.
    pub(super) fn counts(&self) -> impl Iterator<Item = (ShardId, u64)> {
        let filled = self.buffers.iter().filter(|(_, buffer)| !buffer.items.is_empty());
        filled.map(|(shard, buffer)| (*shard, buffer.items.len() as u64))
    }
}
