//! The collector: gathers Kinesis records of any shards for one PutRecords call.
//!
//! Observed: `collector.h`, `reducer.h` and `pipeline.h` of the KPL.

use kinesis::{Duration, Instant, ShardId, SortedMap};

use super::record::KinesisRecord;
use crate::KplConfig;

#[derive(Clone, Debug, Default)]
pub(super) struct Collector {
    records: Vec<KinesisRecord>,
    bytes: u64,
    /// Bytes for each shard: much for one shard goes at once, so that its traffic is not bursty.
    by_shard: SortedMap<ShardId, u64>,
    deadline: Option<Instant>,
}

const SHARD_BYTES_MAX: u64 = 256 << 10;
/// A record that was aggregated waits a fifth of RecordMaxBufferedTime for company, and so long at most.
const EXTRA_TIME_MAX: Duration = Duration::from_millis(50);

impl Collector {
    /// Takes a Kinesis record; returns those of a call where that made one complete.
    pub(super) fn put(
        &mut self,
        mut record: KinesisRecord,
        config: &KplConfig,
        now: Instant,
    ) -> Option<Vec<KinesisRecord>> {
        if config.aggregation_enabled {
            let fifth = Duration::from_micros(config.record_max_buffered_time.micros() / 5);
            record.deadline = record.deadline.max(now + fifth.min(EXTRA_TIME_MAX)).min(record.expiration);
        }
        let shard_bytes = record.predicted.map_or(0, |shard| {
            let bytes = self.by_shard.or_insert_with(shard, Default::default);
            *bytes += record.size;
            *bytes
        });
        self.add(record);
        let is_full = self.records.len() as u64 >= config.collection_max_count
            || self.bytes >= config.collection_max_size
            || shard_bytes >= SHARD_BYTES_MAX;
        is_full.then(|| self.flush(config))
    }

    fn add(&mut self, record: KinesisRecord) {
        self.bytes += record.size_with_key();
        self.deadline = Some(self.deadline.map_or(record.deadline, |other| other.min(record.deadline)));
        self.records.push(record);
    }

    /// Takes the records of a call whose deadline has come; of any where `now` is absent.
    pub(super) fn take_due(
        &mut self,
        now: Option<Instant>,
        config: &KplConfig,
    ) -> Option<Vec<KinesisRecord>> {
        let is_due = self.deadline.is_some_and(|deadline| now.is_none_or(|now| deadline <= now));
        is_due.then(|| self.flush(config))
    }

    /// Takes what fits into one call, by deadline; the rest stays.
    fn flush(&mut self, config: &KplConfig) -> Vec<KinesisRecord> {
        let mut records = std::mem::take(self).records;
        records.sort_by_key(|record| record.deadline);
        let mut bytes = 0;
        let fits = |record: &&KinesisRecord| {
            bytes += record.size_with_key();
            bytes <= config.collection_max_size
        };
        let count = records.iter().take(config.collection_max_count as usize).take_while(fits).count();
        let rest = records.split_off(count.max(1).min(records.len()));
        for record in rest {
            if let Some(shard) = record.predicted {
                *self.by_shard.or_insert_with(shard, Default::default) += record.size;
            }
            self.add(record);
        }
        records
    }

    /// Takes all Kinesis records.
    pub(super) fn clear(&mut self) -> Vec<KinesisRecord> {
        std::mem::take(self).records
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// User records that wait for a call.
    pub(super) fn count(&self) -> u64 {
        self.records.iter().map(|record| record.items.len() as u64).sum()
    }
}
