//! What each shard took, refused and gave, second by second: the numbers behind the charts.

use std::collections::VecDeque;

use kinesis::{Fact, Instant, ShardId, SortedMap, StreamName, WriteLimit};

/// What one shard did in one virtual second.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SecondCounts {
    /// Seconds since the Unix epoch.
    pub second: u64,
    pub records: u64,
    pub bytes: u64,
    /// Records refused because 1,000 records per second were used up.
    pub refused_by_records: u64,
    /// Records refused because 1 MiB per second was used up.
    pub refused_by_bytes: u64,
    pub read_records: u64,
    pub read_bytes: u64,
    /// Refused GetRecords and GetShardIterator calls.
    pub refused_reads: u64,
    /// Records pushed by enhanced fan-out, over all consumers.
    pub pushed_records: u64,
    pub pushed_bytes: u64,
}

/// The last seconds of one shard, and its totals.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ShardMetrics {
    pub seconds: VecDeque<SecondCounts>,
    pub total: SecondCounts,
}

/// Seconds in which something happened that are kept for each shard.
const SECONDS_MAX: usize = 120;

#[derive(Clone, Debug, Default)]
pub(crate) struct Metrics {
    /// The shards of each stream, by their numbers: looking one up costs the same with 1 shard and with 10,000.
    streams: SortedMap<StreamName, Vec<ShardMetrics>>,
}

impl Metrics {
    pub(crate) fn shard(&self, stream: &StreamName, shard: ShardId) -> Option<&ShardMetrics> {
        self.streams.get(stream)?.get(shard.0 as usize)
    }

    /// Seconds that are kept, over all shards.
    pub(crate) fn second_count(&self) -> u64 {
        self.streams.values().flatten().map(|metrics| metrics.seconds.len() as u64).sum()
    }

    pub(crate) fn record(&mut self, at: Instant, fact: &Fact) {
        match fact {
            Fact::RecordsAppended { stream, shard, count, bytes, .. } => {
                self.add(at, stream, *shard, |second| {
                    second.records += u64::from(*count);
                    second.bytes += bytes;
                })
            }
            Fact::WriteThrottled { stream, shard, limit, count, .. } => {
                self.add(at, stream, *shard, |second| match limit {
                    WriteLimit::Records => second.refused_by_records += u64::from(*count),
                    WriteLimit::Bytes => second.refused_by_bytes += u64::from(*count),
                })
            }
            Fact::RecordsRead { stream, shard, count, bytes, .. } => self.add(at, stream, *shard, |second| {
                second.read_records += u64::from(*count);
                second.read_bytes += bytes;
            }),
            Fact::ReadThrottled { stream, shard, .. } => {
                self.add(at, stream, *shard, |second| second.refused_reads += 1);
            }
            Fact::EventPushed { stream, shard, count, bytes, .. } if *count > 0 => {
                self.add(at, stream, *shard, |second| {
                    second.pushed_records += u64::from(*count);
                    second.pushed_bytes += bytes;
                });
            }
            Fact::StreamDeleted { stream } => {
                self.streams.remove(stream);
            }
            Fact::StreamStatusChanged { .. }
            | Fact::RetentionChanged { .. }
            | Fact::SettingChanged { .. }
            | Fact::ConsumerStatusChanged { .. }
            | Fact::ConsumerDeregistered { .. }
            | Fact::ShardOpened { .. }
            | Fact::ShardClosed { .. }
            | Fact::ShardExpired { .. }
            | Fact::IteratorIssued { .. }
            | Fact::Subscribed { .. }
            | Fact::EventPushed { .. }
            | Fact::SubscriptionEnded { .. }
            | Fact::ShardEndReached { .. } => {}
        }
    }

    fn add(&mut self, at: Instant, stream: &StreamName, shard: ShardId, change: impl Fn(&mut SecondCounts)) {
        let shards = self.streams.or_insert_with(stream.clone(), Vec::new);
        let index = shard.0 as usize;
        if index >= shards.len() {
            shards.resize_with(index + 1, ShardMetrics::default);
        }
        let metrics = &mut shards[index];
        let second = at.seconds();
        if metrics.seconds.back().is_none_or(|last| last.second != second) {
            metrics.seconds.push_back(SecondCounts { second, ..SecondCounts::default() });
            if metrics.seconds.len() > SECONDS_MAX {
                metrics.seconds.pop_front();
            }
        }
        if let Some(last) = metrics.seconds.back_mut() {
            change(last);
        }
        change(&mut metrics.total);
    }
}
