//! How long things took, counted in buckets: a percentile over the last minute or two, in bounded memory.

use kinesis::{Duration, Instant};

/// Delays of this minute and of the one before.
#[derive(Clone, Debug, Default)]
pub(super) struct DelayMeter {
    current: Vec<u32>,
    before: Vec<u32>,
    minute: u64,
}

/// Delays are counted in steps of an eighth of a power of two: exact up to 16 ms, to an eighth above.
const STEPS_PER_DOUBLING: u64 = 8;
const EXACT_BELOW: u64 = 16;
/// Up to 2^30 ms, twelve days.
const BUCKETS: usize = (EXACT_BELOW + 26 * STEPS_PER_DOUBLING) as usize;

/// Delays that end at one instant.
pub(super) struct Delays<'a>(&'a mut [u32]);

impl Delays<'_> {
    /// So many things took so long.
    pub(super) fn note(&mut self, delay: Duration, count: u32) {
        if let Some(known) = self.0.get_mut(bucket_of(delay.millis())) {
            *known += count;
        }
    }
}

impl DelayMeter {
    /// What takes its time up to now, to be counted.
    pub(super) fn at(&mut self, now: Instant) -> Delays<'_> {
        let minute = now.seconds() / 60;
        if self.current.is_empty() || minute != self.minute {
            let is_next = minute == self.minute + 1;
            let old = std::mem::replace(&mut self.current, vec![0; BUCKETS]);
            self.before = if is_next { old } else { Vec::new() };
            self.minute = minute;
        }
        Delays(&mut self.current)
    }

    /// The delay that 99 of 100 of the last minute or two stayed within; zero where there were none.
    pub(super) fn p99(&self, now: Instant) -> Duration {
        let minute = now.seconds() / 60;
        let current: &[u32] = if self.minute + 1 >= minute { &self.current } else { &[] };
        let before: &[u32] = if self.minute == minute { &self.before } else { &[] };
        let of = |bucket: usize| {
            let count = |counts: &[u32]| counts.get(bucket).map_or(0, |count| u64::from(*count));
            count(current) + count(before)
        };
        let total: u64 = (0..BUCKETS).map(of).sum();
        let mut left = total - total / 100;
        for bucket in 0..BUCKETS {
            if left > 0 && of(bucket) >= left {
                return Duration::from_millis(upper_bound_of(bucket));
            }
            left -= of(bucket);
        }
        Duration::ZERO
    }
}

fn bucket_of(millis: u64) -> usize {
    if millis < EXACT_BELOW {
        return millis as usize;
    }
    let doubling = u64::from(millis.ilog2());
    let step = (millis >> (doubling - 3)) - STEPS_PER_DOUBLING;
    ((EXACT_BELOW + (doubling - 4) * STEPS_PER_DOUBLING + step) as usize).min(BUCKETS - 1)
}

/// The largest delay that is counted there.
fn upper_bound_of(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if bucket < EXACT_BELOW {
        return bucket;
    }
    let (doubling, step) =
        ((bucket - EXACT_BELOW) / STEPS_PER_DOUBLING + 4, (bucket - EXACT_BELOW) % STEPS_PER_DOUBLING);
    ((STEPS_PER_DOUBLING + step + 1) << (doubling - 3)) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_stands_in_the_bucket_whose_bounds_hold_it() {
        for millis in (0..4_000).chain([100_000, 1 << 29]) {
            let bucket = bucket_of(millis);
            assert!(millis <= upper_bound_of(bucket), "{millis}");
            assert!(bucket == 0 || millis > upper_bound_of(bucket - 1), "{millis}");
        }
        assert!(upper_bound_of(bucket_of(70)) < 72 && upper_bound_of(bucket_of(1_000)) < 1_024);
    }
}
