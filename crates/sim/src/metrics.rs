//! What each shard took, refused and gave, second by second: the numbers behind the charts.

use std::collections::VecDeque;

use kinesis::{Fact, Instant, ShardId, SortedMap, StreamName, WriteLimit};

use crate::Origin;

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

/// The counts of one second as they are kept: there can be a million of them, so that they take half the memory. No
/// count of one second comes near four billion; one that did would stay there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct KeptSecond {
    second: u64,
    counts: [u32; 9],
}

impl KeptSecond {
    fn new(second: u64) -> KeptSecond {
        KeptSecond { second, counts: [0; 9] }
    }

    fn add(&mut self, more: &SecondCounts) {
        for (count, more) in self.counts.iter_mut().zip(more.numbers()) {
            *count = count.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        }
    }

    fn counts(&self) -> SecondCounts {
        SecondCounts::of(self.second, self.counts.map(u64::from))
    }
}

impl SecondCounts {
    fn numbers(&self) -> [u64; 9] {
        [
            self.records,
            self.bytes,
            self.refused_by_records,
            self.refused_by_bytes,
            self.read_records,
            self.read_bytes,
            self.refused_reads,
            self.pushed_records,
            self.pushed_bytes,
        ]
    }

    fn of(second: u64, numbers: [u64; 9]) -> SecondCounts {
        let [
            records,
            bytes,
            refused_by_records,
            refused_by_bytes,
            read_records,
            read_bytes,
            refused_reads,
            pushed_records,
            pushed_bytes,
        ] = numbers;
        SecondCounts {
            second,
            records,
            bytes,
            refused_by_records,
            refused_by_bytes,
            read_records,
            read_bytes,
            refused_reads,
            pushed_records,
            pushed_bytes,
        }
    }
}

/// The last seconds of one shard, and its totals.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ShardMetrics {
    seconds: VecDeque<KeptSecond>,
    pub total: SecondCounts,
    /// The fact, or run of facts, that tells of the newest records.
    last_appended: Option<u64>,
}

impl ShardMetrics {
    /// The newest `count` seconds of those in which something happened, oldest first.
    pub(crate) fn newest_seconds(&self, count: usize) -> impl Iterator<Item = SecondCounts> {
        let skip = self.seconds.len().saturating_sub(count);
        self.seconds.iter().skip(skip).map(KeptSecond::counts)
    }
}

impl ShardMetrics {
    /// What happened in a second that is still kept.
    pub(crate) fn second(&self, second: u64) -> Option<SecondCounts> {
        let newest_first = self.seconds.iter().rev();
        newest_first
            .take_while(|kept| kept.second >= second)
            .find(|kept| kept.second == second)
            .map(KeptSecond::counts)
    }
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

    /// The newest records of the shard that a fact is about, where they had a part in it.
    #[allow(clippy::wildcard_enum_match_arm)] // Few facts are about records that are there.
    pub(crate) fn last_appended(&self, fact: &Fact) -> Option<u64> {
        match fact {
            Fact::WriteThrottled { stream, shard, .. }
            | Fact::RecordsRead { stream, shard, .. }
            | Fact::EventPushed { stream, shard, .. } => self.shard(stream, *shard)?.last_appended,
            _ => None,
        }
    }

    /// `origin` is the fact as it can be linked to.
    pub(crate) fn record(&mut self, at: Instant, fact: &Fact, origin: Origin) {
        match fact {
            Fact::RecordsAppended { stream, shard, count, bytes, .. } => {
                let (records, bytes) = (u64::from(*count), *bytes);
                let metrics =
                    self.add(at, stream, *shard, &SecondCounts { records, bytes, ..SecondCounts::default() });
                if let Origin::Fact(number) = origin {
                    metrics.last_appended = Some(number);
                }
            }
            Fact::WriteThrottled { stream, shard, limit, count, .. } => {
                let mut more = SecondCounts::default();
                match limit {
                    WriteLimit::Records => more.refused_by_records = u64::from(*count),
                    WriteLimit::Bytes => more.refused_by_bytes = u64::from(*count),
                }
                self.add(at, stream, *shard, &more);
            }
            Fact::RecordsRead { stream, shard, count, bytes, .. } => {
                let (read_records, read_bytes) = (u64::from(*count), *bytes);
                let more = SecondCounts { read_records, read_bytes, ..SecondCounts::default() };
                self.add(at, stream, *shard, &more);
            }
            Fact::ReadThrottled { stream, shard, .. } => {
                self.add(at, stream, *shard, &SecondCounts { refused_reads: 1, ..SecondCounts::default() });
            }
            Fact::EventPushed { stream, shard, count, bytes, .. } if *count > 0 => {
                let (pushed_records, pushed_bytes) = (u64::from(*count), *bytes);
                let more = SecondCounts { pushed_records, pushed_bytes, ..SecondCounts::default() };
                self.add(at, stream, *shard, &more);
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

    fn add(
        &mut self,
        at: Instant,
        stream: &StreamName,
        shard: ShardId,
        more: &SecondCounts,
    ) -> &mut ShardMetrics {
        let shards = self.streams.or_insert_with(stream.clone(), Vec::new);
        let index = shard.0 as usize;
        if index >= shards.len() {
            shards.resize_with(index + 1, ShardMetrics::default);
        }
        let metrics = &mut shards[index];
        let second = at.seconds();
        if metrics.seconds.back().is_none_or(|last| last.second != second) {
            metrics.seconds.push_back(KeptSecond::new(second));
            if metrics.seconds.len() > SECONDS_MAX {
                metrics.seconds.pop_front();
            }
        }
        if let Some(last) = metrics.seconds.back_mut() {
            last.add(more);
        }
        let mut total = metrics.total.numbers();
        total.iter_mut().zip(more.numbers()).for_each(|(total, more)| *total += more);
        metrics.total = SecondCounts::of(metrics.total.second, total);
        metrics
    }
}
