//! The limiter: for each shard a queue and a bucket of tokens, so that one program alone stays near the shard's limits.
//!
//! Observed: `limiter.h` of the KPL: 1,000 records and 1 MiB a second, times RateLimit; queues are looked at every 25 ms,
//! the earliest deadline first. Documented: the bucket of bytes holds 10 MiB since KPL 1.0. Assumed: buckets begin full.

use std::collections::BTreeMap;

use kinesis::{Instant, ShardId};

use super::record::KinesisRecord;

#[derive(Clone, Debug, Default)]
pub(super) struct Limiter {
    shards: BTreeMap<ShardId, ShardLimiter>,
    queued: u64,
}

#[derive(Clone, Debug)]
struct ShardLimiter {
    /// By deadline, and in the order in which they came.
    queue: BTreeMap<(Instant, u64), KinesisRecord>,
    records: Bucket,
    bytes: Bucket,
    refilled: Instant,
}

/// Tokens in millionths.
#[derive(Clone, Debug)]
struct Bucket {
    level: u64,
    capacity: u64,
    /// Tokens per second, which is millionths per microsecond.
    growth: u64,
}

const MILLION: u64 = 1_000_000;
const RECORDS: u64 = 1_000;
const BYTES: u64 = 1 << 20;
const BYTES_CAPACITY: u64 = 10 << 20;

impl Bucket {
    fn new(capacity: u64, per_second: u64, rate_limit: u64) -> Bucket {
        let capacity = capacity * MILLION;
        let growth = (u128::from(per_second) * u128::from(rate_limit) / 100).min(u128::from(capacity));
        Bucket { level: capacity, capacity, growth: growth as u64 }
    }

    fn refill(&mut self, micros: u64) {
        self.level = self.level.saturating_add(self.growth.saturating_mul(micros)).min(self.capacity);
    }

    fn holds(&self, tokens: u64) -> bool {
        self.level >= tokens * MILLION
    }
}

impl ShardLimiter {
    fn new(rate_limit: u64, now: Instant) -> ShardLimiter {
        ShardLimiter {
            queue: BTreeMap::new(),
            records: Bucket::new(RECORDS, RECORDS, rate_limit),
            bytes: Bucket::new(BYTES_CAPACITY, BYTES, rate_limit),
            refilled: now,
        }
    }

    fn take(&mut self, bytes: u64, now: Instant) -> bool {
        let micros = now.since(self.refilled).micros();
        self.refilled = now;
        self.records.refill(micros);
        self.bytes.refill(micros);
        let is_enough = self.records.holds(1) && self.bytes.holds(bytes);
        if is_enough {
            self.records.level -= MILLION;
            self.bytes.level -= bytes * MILLION;
        }
        is_enough
    }
}

impl Limiter {
    pub(super) fn put(&mut self, shard: ShardId, record: KinesisRecord, rate_limit: u64, now: Instant) {
        let limiter = self.shards.entry(shard).or_insert_with(|| ShardLimiter::new(rate_limit, now));
        self.queued += 1;
        limiter.queue.insert((record.deadline, self.queued), record);
    }

    /// Takes out what has expired, and what the tokens allow.
    pub(super) fn drain(&mut self, now: Instant) -> (Vec<KinesisRecord>, Vec<KinesisRecord>) {
        let (mut expired, mut allowed) = (Vec::new(), Vec::new());
        for limiter in self.shards.values_mut().filter(|limiter| !limiter.queue.is_empty()) {
            let too_old = limiter.queue.iter().filter(|(_, record)| record.expiration <= now);
            let too_old: Vec<_> = too_old.map(|(key, _)| *key).collect();
            expired.extend(too_old.iter().filter_map(|key| limiter.queue.remove(key)));
            while let Some(bytes) = limiter.queue.first_key_value().map(|(_, record)| record.size)
                && limiter.take(bytes, now)
            {
                allowed.extend(limiter.queue.pop_first().map(|(_, record)| record));
            }
        }
        (expired, allowed)
    }

    /// Takes all Kinesis records.
    pub(super) fn clear(&mut self) -> Vec<KinesisRecord> {
        let queues = self.shards.values_mut().map(|limiter| std::mem::take(&mut limiter.queue));
        queues.flat_map(BTreeMap::into_values).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.shards.values().all(|limiter| limiter.queue.is_empty())
    }

    /// User records that wait for tokens.
    pub(super) fn count(&self) -> u64 {
        let records = self.shards.values().flat_map(|limiter| limiter.queue.values());
        records.map(|record| record.items.len() as u64).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_a_burst_and_then_a_half_more_than_a_shard_takes() {
        let start = Instant::from_seconds(1);
        let mut limiter = ShardLimiter::new(150, start);
        let mut taken_in = |second: u64| {
            let ticks =
                (0..40).map(|tick| start + kinesis::Duration::from_millis(second * 1_000 + tick * 25));
            ticks.map(|now| (0..2_000).filter(|_| limiter.take(1, now)).count()).sum::<usize>()
        };
        // 1,000 at once, then 1,500 a second: the last refill of a second counts for the next.
        assert_eq!(taken_in(0), 1_000 + 39 * 75 / 2);
        assert_eq!(taken_in(1), 1_500);
    }
}
