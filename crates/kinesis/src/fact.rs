//! What happened inside the service, in the past tense: the raw material of metrics, checks, pictures and the digest.

use std::sync::Arc;

use crate::{ConsumerStatus, Instant, ShardId, ShardIteratorType, StreamName, StreamStatus, SubscriptionEnd};

/// Which of the two write budgets of a shard was too small.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum WriteLimit {
    /// 1,000 records per second.
    Records,
    /// 1 MiB per second.
    Bytes,
}

impl WriteLimit {
    pub const ALL: [WriteLimit; 2] = [WriteLimit::Records, WriteLimit::Bytes];
}

/// Which of the read budgets of a shard was too small.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ReadLimit {
    /// 5 GetRecords calls per second.
    Calls,
    /// 2 MiB per second.
    Bytes,
    /// 5 GetShardIterator calls per second.
    Iterators,
}

/// What can be set of a stream, besides its shards and its retention period.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum StreamSetting {
    Tags,
    Mode,
    Encryption,
    ShardLevelMetrics,
    MaxRecordSize,
    RecordDistribution,
    ResourcePolicy,
}

/// One thing that happened. Records appear as runs: one fact for all that one call put into one shard.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Fact {
    StreamStatusChanged {
        stream: StreamName,
        status: StreamStatus,
    },
    StreamDeleted {
        stream: StreamName,
    },
    RetentionChanged {
        stream: StreamName,
        hours: u32,
    },
    /// A setting of the stream, or of something that belongs to it, was changed.
    SettingChanged {
        stream: StreamName,
        setting: StreamSetting,
    },
    ConsumerStatusChanged {
        stream: StreamName,
        consumer: Arc<str>,
        status: ConsumerStatus,
    },
    ConsumerDeregistered {
        stream: StreamName,
        consumer: Arc<str>,
    },
    ShardOpened {
        stream: StreamName,
        shard: ShardId,
        parent: Option<ShardId>,
        adjacent_parent: Option<ShardId>,
    },
    ShardClosed {
        stream: StreamName,
        shard: ShardId,
    },
    /// A closed shard whose last record is older than the retention period is gone.
    ShardExpired {
        stream: StreamName,
        shard: ShardId,
    },
    /// Records `first_index..=last_index` were stored; `bytes` counts data and partition keys.
    RecordsAppended {
        stream: StreamName,
        shard: ShardId,
        count: u32,
        bytes: u64,
        first_index: u64,
        last_index: u64,
    },
    /// `count` records of `bytes` in total were refused because `limit` was used up.
    WriteThrottled {
        stream: StreamName,
        shard: ShardId,
        limit: WriteLimit,
        count: u32,
        bytes: u64,
    },
    /// `next` is the index of the first record that the iterator can return. `reading` numbers the chain of
    /// iterators that begins here: each GetRecords answer hands it on.
    IteratorIssued {
        stream: StreamName,
        shard: ShardId,
        kind: ShardIteratorType,
        reading: u64,
        next: u64,
        expires: Instant,
    },
    /// One GetRecords answer: `next` is the index from which the next one goes on.
    RecordsRead {
        stream: StreamName,
        shard: ShardId,
        reading: u64,
        count: u32,
        bytes: u64,
        next: u64,
        millis_behind: u64,
    },
    ReadThrottled {
        stream: StreamName,
        shard: ShardId,
        limit: ReadLimit,
    },
    /// SubscribeToShard succeeded; `next` is the index of the first record that comes.
    Subscribed {
        stream: StreamName,
        consumer: Arc<str>,
        shard: ShardId,
        /// Counted over the service from 1.
        subscription: u64,
        kind: ShardIteratorType,
        next: u64,
        expires: Instant,
    },
    /// One event over the connection of a subscription: records `first..` as far as `next`, or none.
    EventPushed {
        stream: StreamName,
        consumer: Arc<str>,
        shard: ShardId,
        subscription: u64,
        first: u64,
        count: u32,
        bytes: u64,
        next: u64,
        millis_behind: u64,
        /// The event lists the children of the shard, and nothing comes after it.
        is_shard_end: bool,
    },
    SubscriptionEnded {
        stream: StreamName,
        consumer: Arc<str>,
        shard: ShardId,
        subscription: u64,
        end: SubscriptionEnd,
    },
    /// A reader came to the end of a closed shard.
    ShardEndReached {
        stream: StreamName,
        shard: ShardId,
    },
}

impl Fact {
    /// The stream that the fact is about.
    pub fn stream(&self) -> &StreamName {
        match self {
            Fact::StreamStatusChanged { stream, .. }
            | Fact::StreamDeleted { stream }
            | Fact::RetentionChanged { stream, .. }
            | Fact::SettingChanged { stream, .. }
            | Fact::ConsumerStatusChanged { stream, .. }
            | Fact::ConsumerDeregistered { stream, .. }
            | Fact::ShardOpened { stream, .. }
            | Fact::ShardClosed { stream, .. }
            | Fact::ShardExpired { stream, .. }
            | Fact::RecordsAppended { stream, .. }
            | Fact::WriteThrottled { stream, .. }
            | Fact::IteratorIssued { stream, .. }
            | Fact::RecordsRead { stream, .. }
            | Fact::ReadThrottled { stream, .. }
            | Fact::Subscribed { stream, .. }
            | Fact::EventPushed { stream, .. }
            | Fact::SubscriptionEnded { stream, .. }
            | Fact::ShardEndReached { stream, .. } => stream,
        }
    }
}
