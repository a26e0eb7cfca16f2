//! What is measured of a reader: how fast it gets records, how late, and whether in order.

use std::collections::VecDeque;

use kinesis::{Duration, Instant, Records, StoredData, StoredRecord};

use super::delay_meter::DelayMeter;
use crate::digest::hash_of;
use crate::newest_numbers::NewestNumbers;

/// Rate, delay and order of what a reader got.
#[derive(Clone, Debug, Default)]
pub struct ReaderMeter {
    /// Records of a program that came after a later one of the same partition key.
    ///
    /// Simplified: the first 1,000 keys that come are watched, of programs whose keys come again.
    pub order_violations: u64,
    /// Bytes by second, the newest seconds.
    seconds: VecDeque<(u64, u64)>,
    /// From arrival to the reader.
    delays: DelayMeter,
    /// The last number of each program and key, by a hash of both: this happens for each record.
    numbers: NewestNumbers,
}

/// Seconds of which the bytes are kept.
const SECONDS_MAX: usize = 60;

impl ReaderMeter {
    pub(crate) fn got(&mut self, now: Instant, records: &Records) {
        if records.is_empty() {
            return;
        }
        let bytes = records.size();
        // Records of one call arrive at one instant.
        let (mut arrival, mut count) = (now, 0);
        let mut delays = self.delays.at(now);
        for record in records.stored() {
            if record.arrival != arrival {
                delays.note(now.since(arrival), count);
                (arrival, count) = (record.arrival, 0);
            }
            count += 1;
            self.order_violations += check_order(&mut self.numbers, &record);
        }
        delays.note(now.since(arrival), count);
        if self.seconds.back().is_none_or(|(second, _)| *second != now.seconds()) {
            if self.seconds.len() == SECONDS_MAX {
                self.seconds.pop_front();
            }
            self.seconds.push_back((now.seconds(), 0));
        }
        if let Some((_, sum)) = self.seconds.back_mut() {
            *sum += bytes;
        }
    }

    /// Bytes per second over the last `seconds` whole seconds.
    pub fn bytes_per_second(&self, now: Instant, seconds: u64) -> u64 {
        let seconds = seconds.clamp(1, SECONDS_MAX as u64);
        let recent = self
            .seconds
            .iter()
            .filter(|(second, _)| *second < now.seconds() && *second + seconds >= now.seconds());
        recent.map(|(_, bytes)| bytes).sum::<u64>() / seconds
    }

    /// The delay from arrival to the reader that 99 of 100 records of the last minute or two stayed within.
    pub fn delay_p99(&self, now: Instant) -> Duration {
        self.delays.p99(now)
    }
}

/// Programs number their records: of one key, a later one must not come first. Returns how many did.
fn check_order(numbers: &mut NewestNumbers, record: &StoredRecord<'_>) -> u64 {
    let StoredData::Generated(stored) = record.data else { return 0 };
    if stored.recipe.has_fresh_keys() {
        return 0;
    }
    let source = stored.recipe.source();
    if let Some(number) = stored.lone_number() {
        // The one record's key is the stored one: it need not be made again.
        return check_number(numbers, source, record.key_bytes(), number);
    }
    let each = |number| check_number(numbers, source, stored.recipe.partition_key(number).as_bytes(), number);
    stored.numbers().map(each).sum()
}

fn check_number(numbers: &mut NewestNumbers, source: u32, key: &[u8], number: u64) -> u64 {
    let Some(last) = numbers.entry(hash_of(&(source, key)), number) else { return 0 };
    let is_late = number < *last;
    *last = number;
    u64::from(is_late)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kinesis::{Blob, Generated, Numbers, Recipe, Record, Seconds, SequenceNumber, ShardId};

    use super::*;
    use crate::KeyRecipe;
    use crate::source::Source;
    use crate::traffic::Schedule;

    /// A program whose records have one key.
    #[derive(Debug)]
    struct OneKey;

    impl Recipe for OneKey {
        fn source(&self) -> u32 {
            1
        }

        fn partition_key(&self, _: u64) -> smol_str::SmolStr {
            "k".into()
        }

        fn payload(&self, _: u64) -> Vec<u8> {
            vec![0; 99]
        }

        fn size(&self, _: u64) -> u32 {
            99
        }
    }

    fn record(arrival: Instant, number: u64) -> Record {
        record_of(Arc::new(OneKey), arrival, number)
    }

    fn record_of(recipe: Arc<dyn Recipe>, arrival: Instant, number: u64) -> Record {
        let (partition_key, size) = (recipe.partition_key(number), recipe.size(number));
        Record {
            sequence_number: SequenceNumber {
                shard_created: 1,
                index: number,
                recorded: 1,
                shard: ShardId(0),
            },
            approximate_arrival_timestamp: Seconds(arrival),
            data: Blob::Generated(Generated { recipe, numbers: Numbers::One(number), size }),
            partition_key,
            encryption_type: None,
        }
    }

    #[test]
    fn one_late_record_of_a_hundred_does_not_move_the_p99_and_two_do() {
        let (now, mut meter) = (Instant::from_seconds(1_000), ReaderMeter::default());
        let at = |millis| now.back(Duration::from_millis(millis));
        let soon: Records = (0..98).map(|n| record(at(5), n)).collect();
        meter.got(now, &soon);
        meter.got(now, &[record(at(5), 98), record(at(900), 99)].into_iter().collect());
        assert_eq!(meter.delay_p99(now).millis(), 5);
        meter.got(now, &[record(at(900), 100)].into_iter().collect());
        assert!(meter.delay_p99(now).millis() >= 900);
        assert_eq!(meter.delay_p99(Instant::from_seconds(2_000)).millis(), 0, "that was long ago");
    }

    #[test]
    fn a_lower_number_after_a_higher_one_is_out_of_order() {
        let (now, mut meter) = (Instant::from_seconds(1_000), ReaderMeter::default());
        let records = [1, 3, 2, 4].map(|number| record(now, number));
        meter.got(now, &records.into_iter().collect());
        assert_eq!(meter.order_violations, 1);
    }

    #[test]
    fn keys_that_never_come_again_take_no_room_from_those_that_do() {
        let (now, mut meter) = (Instant::from_seconds(1_000), ReaderMeter::default());
        let schedule = Schedule { base: now, base_count: 0, rate: 1, traffic: Default::default() };
        let keys = KeyRecipe::Random;
        let fresh = Arc::new(Source { id: 2, schedule, keys, workload: Default::default(), size: 100 });
        let records = (0..2_000).map(|number| record_of(fresh.clone(), now, number));
        meter.got(now, &records.collect());
        meter.got(now, &[1, 3, 2].map(|number| record(now, number)).into_iter().collect());
        assert_eq!(meter.order_violations, 1);
    }

    #[test]
    fn the_rate_is_that_of_whole_seconds() {
        let mut meter = ReaderMeter::default();
        for second in 0..10 {
            let records = [record(Instant::from_seconds(1_000), second)];
            meter.got(Instant::from_seconds(1_000 + second), &records.into_iter().collect());
        }
        assert_eq!(meter.bytes_per_second(Instant::from_seconds(1_010), 10), 100);
        assert_eq!(meter.bytes_per_second(Instant::from_seconds(1_015), 10), 50);
    }
}
