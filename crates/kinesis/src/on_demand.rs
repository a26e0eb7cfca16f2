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
    let before = taken_at_check(stream);
    let busy = busy_shards(stream, limits);
    let after = taken_at_check(stream);
    let (records, bytes) = (after.0 - before.0, after.1 - before.1);
    let is_quiet = records == 0;
    if !is_quiet {
        let needed = records.div_ceil(limits.shard_write_records * CHECK_SECONDS);
        let needed = needed.max(bytes.div_ceil(limits.shard_write_bytes * CHECK_SECONDS));
        let of_the_last_hour = |(end, _): &(Instant, u32)| now.since(*end) < Duration::from_hours(1);
        stream.shards_needed.retain(of_the_last_hour);
        stream.shards_needed.push((now, u32::try_from(needed).unwrap_or(u32::MAX)));
    }
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

/// Records and bytes that all shards had taken at the last check.
fn taken_at_check(stream: &Stream) -> (u64, u64) {
    stream
        .shards
        .iter()
        .fold((0, 0), |sum, shard| (sum.0 + shard.taken_at_check.0, sum.1 + shard.taken_at_check.1))
}

/// Shards that the busiest minute of the last hour needed.
pub(crate) fn need_of_last_hour(stream: &Stream, now: Instant) -> u32 {
    let minutes = stream.shards_needed.iter().filter(|(end, _)| now.since(*end) < Duration::from_hours(1));
    minutes.map(|(_, needed)| *needed).max().unwrap_or(0)
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
