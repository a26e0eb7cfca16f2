//! A shard and its life: open, closed by a split or merge, expired with its last record.

use crate::hash_key::HashKeyRange;
use crate::operations::{SequenceNumberRange, ShardDescription};
use crate::{Duration, Instant, Limits, Quota, SequenceNumber, ShardId, ShardLog};

/// One shard of a stream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shard {
    pub id: ShardId,
    pub hash_key_range: HashKeyRange,
    /// The split shard, or a merge's `ShardToMerge`.
    pub parent: Option<ShardId>,
    /// A merge's `AdjacentShardToMerge`.
    pub adjacent_parent: Option<ShardId>,
    /// What the sequence numbers carry as the shard's creation.
    pub created: Instant,
    /// Since when the shard has taken records.
    pub opened: Instant,
    pub closed: Option<Closed>,
    pub log: ShardLog,
    /// Bytes of data and keys ever taken.
    pub(crate) bytes_taken: u64,
    /// Records and bytes that had been taken when an on-demand stream last looked.
    pub(crate) taken_at_check: (u64, u64),
    pub write_records: Quota,
    pub write_bytes: Quota,
    pub read_calls: Quota,
    pub read_bytes: Quota,
    pub iterator_calls: Quota,
}

/// How a shard ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Closed {
    pub at: Instant,
    /// Whether the retention period has passed since and the shard is gone.
    pub is_expired: bool,
}

impl Shard {
    pub(crate) fn open(
        id: ShardId,
        hash_key_range: HashKeyRange,
        parents: (Option<ShardId>, Option<ShardId>),
        created: Instant,
        now: Instant,
        limits: &Limits,
    ) -> Shard {
        Shard {
            id,
            hash_key_range,
            parent: parents.0,
            adjacent_parent: parents.1,
            created,
            opened: now,
            closed: None,
            log: ShardLog::default(),
            bytes_taken: 0,
            taken_at_check: (0, 0),
            write_records: Quota::new(limits.shard_write_records, limits.shard_write_records, now),
            write_bytes: Quota::new(limits.shard_write_burst, limits.shard_write_bytes, now),
            read_calls: Quota::new(limits.shard_read_calls, limits.shard_read_calls, now),
            read_bytes: Quota::new(limits.shard_read_bytes, limits.shard_read_bytes, now),
            iterator_calls: Quota::new(limits.shard_iterator_calls, limits.shard_iterator_calls, now),
        }
    }

    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    pub fn is_expired(&self) -> bool {
        self.closed.is_some_and(|closed| closed.is_expired)
    }

    /// Up to two parents, in the order of the model.
    pub fn parents(&self) -> impl Iterator<Item = ShardId> {
        self.parent.into_iter().chain(self.adjacent_parent)
    }

    /// The sequence number of the record `index` of this shard that arrived at `arrival`.
    pub fn sequence_number(&self, index: u64, arrival: Instant) -> SequenceNumber {
        SequenceNumber {
            shard_created: self.created.seconds().min(SequenceNumber::LAST_SECOND),
            index,
            recorded: arrival.seconds().min(SequenceNumber::LAST_SECOND),
            shard: self.id,
        }
    }

    /// The number that every record of this shard is above.
    pub fn starting_sequence_number(&self) -> SequenceNumber {
        self.sequence_number(0, self.created)
    }

    /// The number that every record of this closed shard is below.
    pub fn ending_sequence_number(&self) -> Option<SequenceNumber> {
        self.closed.map(|closed| self.sequence_number(SequenceNumber::ENDING_INDEX, closed.at))
    }

    /// Index of the oldest record that arrived at `horizon` or later; one past the last where there is none.
    pub fn first_retained(&self, horizon: Instant) -> u64 {
        self.log.first_at(horizon)
    }

    /// Number of records that arrived at `horizon` or later.
    pub fn record_count(&self, horizon: Instant) -> u64 {
        self.log.last_index() + 1 - self.first_retained(horizon)
    }

    /// When this closed shard is gone, given the stream's retention.
    pub(crate) fn expiry(&self, retention: Duration) -> Option<Instant> {
        self.closed.filter(|closed| !closed.is_expired).map(|closed| closed.at + retention)
    }

    pub(crate) fn describe(&self) -> ShardDescription {
        ShardDescription {
            shard_id: self.id,
            parent_shard_id: self.parent,
            adjacent_parent_shard_id: self.adjacent_parent,
            hash_key_range: self.hash_key_range,
            sequence_number_range: SequenceNumberRange {
                starting_sequence_number: self.starting_sequence_number(),
                ending_sequence_number: self.ending_sequence_number(),
            },
        }
    }
}
