//! How an on-demand stream grows: shards that take more than half of what they can are split.
//!
//! Documented: capacity is twice the peak of the last 30 days; a shard that takes more than about 500 KB/s is split
//! evenly within 15 minutes; traffic that more than doubles within 15 minutes can be throttled meanwhile.
//! Assumed: the peak is that of one minute, a stream grows every 15 minutes at most, it stays ACTIVE meanwhile, and it
//! does not shrink: the documentation says nothing of when it would.

use crate::{Duration, Fact, Instant, Limits, ShardId, Stream, StreamStatus};

/// When an on-demand stream looks at its traffic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Growth {
    /// None while there is no traffic: a quiet stream wakes nobody up for years.
    pub(crate) next_check: Option<Instant>,
    /// When it last grew, or began.
    grown: Instant,
}

const CHECK_SECONDS: u64 = 60;
const GROWTH_INTERVAL: Duration = Duration::from_seconds(15 * 60);

impl Growth {
    pub(crate) fn starting(now: Instant) -> Growth {
        Growth { next_check: None, grown: now }
    }
}

/// Whether the stream must be told of its first records after a quiet time.
pub(crate) fn is_asleep(stream: &Stream) -> bool {
    stream.growth.is_some_and(|growth| growth.next_check.is_none())
}

/// Looks at the traffic in a minute from now.
pub(crate) fn wake(stream: &mut Stream, now: Instant) {
    if let Some(growth) = &mut stream.growth {
        growth.next_check = Some(now + Duration::from_seconds(CHECK_SECONDS));
    }
}

/// Splits the busy shards of an on-demand stream where it is time to.
pub(crate) fn check(stream: &mut Stream, now: Instant, limits: &Limits, facts: &mut Vec<Fact>) {
    let is_due = |growth: &Growth| growth.next_check.is_some_and(|check| check <= now);
    let Some(mut growth) = stream.growth.filter(is_due) else { return };
    let taken_before: u64 = stream.shards.iter().map(|shard| shard.taken_at_check.0).sum();
    let busy = busy_shards(stream, limits);
    let is_quiet = taken_before == stream.shards.iter().map(|shard| shard.taken_at_check.0).sum::<u64>();
    growth.next_check = (!is_quiet).then(|| now + Duration::from_seconds(CHECK_SECONDS));
    let may_grow = now.since(growth.grown) >= GROWTH_INTERVAL && stream.status != StreamStatus::Deleting;
    if may_grow && !busy.is_empty() {
        growth.grown = now;
        for (shard, key) in busy {
            if u64::from(stream.open_shard_count()) < limits.on_demand_shards_max {
                stream.split(shard, key, now, limits, facts);
            }
        }
    }
    stream.growth = Some(growth);
}

/// Shards that took more than half of what they can since the last check, with their middles.
fn busy_shards(stream: &mut Stream, limits: &Limits) -> Vec<(ShardId, u128)> {
    let mut busy = Vec::new();
    for shard in &mut stream.shards {
        let taken = (shard.log.last_index(), shard.bytes_taken);
        let (records, bytes) = (taken.0 - shard.taken_at_check.0, taken.1 - shard.taken_at_check.1);
        shard.taken_at_check = taken;
        let is_busy = records * 2 > limits.shard_write_records * CHECK_SECONDS
            || bytes * 2 > limits.shard_write_bytes * CHECK_SECONDS;
        let range = shard.hash_key_range;
        let width = range.ending_hash_key - range.starting_hash_key;
        if is_busy && shard.is_open() && width >= 3 {
            busy.push((shard.id, range.starting_hash_key + width / 2 + 1));
        }
    }
    busy
}
