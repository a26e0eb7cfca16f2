//! A batch of records in the hands of the record processor, which takes its time.

use std::collections::VecDeque;

use kinesis::{Duration, Instant, SequenceNumber};

use crate::application::{Passed, ShardProgress};

/// A Kinesis record with the user records in it that are to be processed: `from..to` of those that it holds; none where
/// it is thrown away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Unit {
    pub(super) number: SequenceNumber,
    pub(super) from: u64,
    pub(super) to: u64,
}

/// Records that the processor has not come to yet. It works them off one after the other; what it has done is counted
/// once a second, and to the record when the process stands still or dies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Batch {
    units: VecDeque<Unit>,
    /// Records a second.
    rate: u64,
    /// When the records of this slice were begun, and how many these are.
    began: Instant,
    slice: u64,
    /// When the processor was handed the batch.
    handed: Instant,
}

/// What was processed at one go, and where it ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Worked {
    pub(super) passed: Passed,
    pub(super) last: Option<(SequenceNumber, u64)>,
}

/// How often progress is counted.
const SLICE: Duration = Duration::from_seconds(1);

impl Batch {
    pub(super) fn new(units: VecDeque<Unit>, rate: u32, now: Instant) -> Batch {
        let mut batch = Batch { units, rate: records_per_second(rate), began: now, slice: 0, handed: now };
        batch.begin(now);
        batch
    }

    pub(super) fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// How long the processor has had it.
    pub(super) fn age(&self, now: Instant) -> Duration {
        now.since(self.handed)
    }

    /// When the running slice is through.
    pub(super) fn due(&self) -> Instant {
        self.began + Duration::from_micros((self.slice * 1_000_000).div_ceil(self.rate))
    }

    /// Begins the next slice, at the speed of now.
    pub(super) fn begin(&mut self, now: Instant) {
        let left: u64 = self.units.iter().map(|unit| unit.to - unit.from).sum();
        self.began = now;
        self.slice = left.min((self.rate * SLICE.seconds()).max(1));
    }

    pub(super) fn set_rate(&mut self, rate: u32) {
        self.rate = records_per_second(rate);
    }

    /// Takes out what was processed up to `now`.
    pub(super) fn work(&mut self, now: Instant, progress: &mut ShardProgress) -> Worked {
        let done = u128::from(now.since(self.began).micros()) * u128::from(self.rate) / 1_000_000;
        let count = if now >= self.due() { self.slice } else { done.min(u128::from(self.slice)) as u64 };
        self.slice -= count;
        work(&mut self.units, count, progress)
    }
}

/// A rate of 0 is as fast as it gets: a whole batch in less than a millisecond.
fn records_per_second(rate: u32) -> u64 {
    if rate == 0 { 1_000_000_000 } else { u64::from(rate) }
}

/// Processes the first `count` user records.
pub(super) fn work(units: &mut VecDeque<Unit>, count: u64, progress: &mut ShardProgress) -> Worked {
    let mut worked = Worked::default();
    let mut left = count;
    while let Some(unit) = units.front_mut().filter(|unit| left > 0 || unit.from == unit.to) {
        let to = (unit.from + left).min(unit.to);
        worked.passed += progress.pass(unit.number, unit.from, to);
        worked.last = Some((unit.number, to.saturating_sub(1)));
        left -= to - unit.from;
        unit.from = to;
        if unit.from == unit.to {
            units.pop_front();
        }
    }
    worked
}

#[cfg(test)]
mod tests {
    use kinesis::ShardId;

    use super::*;

    fn units(count: u64) -> VecDeque<Unit> {
        let unit = |index| Unit {
            number: SequenceNumber { shard_created: 1, index, recorded: 1, shard: ShardId(0) },
            from: 0,
            to: 1,
        };
        (1..=count).map(unit).collect()
    }

    #[test]
    fn a_processor_that_dies_has_done_what_its_speed_allowed() {
        let (start, mut progress) = (Instant::from_seconds(100), ShardProgress::default());
        let mut batch = Batch::new(units(250), 100, start);
        assert_eq!(batch.due(), Instant::from_seconds(101));
        let worked = batch.work(Instant::from_millis(100_505), &mut progress);
        assert_eq!((worked.passed.count, progress.index()), (50, 50));
    }

    #[test]
    fn slices_add_up_to_the_whole_batch() {
        let (mut now, mut progress) = (Instant::from_seconds(100), ShardProgress::default());
        let mut batch = Batch::new(units(250), 100, now);
        let mut counts = Vec::new();
        while !batch.is_empty() {
            now = batch.due();
            counts.push(batch.work(now, &mut progress).passed.count);
            batch.begin(now);
        }
        assert_eq!((counts, now), (vec![100, 100, 50], Instant::from_millis(102_500)));
    }
}
