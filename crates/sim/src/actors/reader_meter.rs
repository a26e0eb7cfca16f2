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
    /// Simplified: the first 1,000 keys that come are watched.
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
        for record in records.stored() {
            if record.arrival != arrival {
                self.delays.note(now, now.since(arrival), count);
                (arrival, count) = (record.arrival, 0);
            }
            count += 1;
            self.check_order(&record);
        }
        self.delays.note(now, now.since(arrival), count);
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

    /// Programs number their records: of one key, a later one must not come first.
    fn check_order(&mut self, record: &StoredRecord<'_>) {
        let StoredData::Generated(stored) = record.data else { return };
        for number in stored.numbers() {
            if stored.is_aggregate() {
                self.check_number(
                    stored.recipe.source(),
                    stored.recipe.partition_key(number).as_bytes(),
                    number,
                );
            } else {
                // The one record's key is the stored one: it need not be made again.
                self.check_number(stored.recipe.source(), record.key_bytes(), number);
            }
        }
    }

    fn check_number(&mut self, source: u32, key: &[u8], number: u64) {
        let hash = hash_of(&(source, key));
        if let Some(last) = self.numbers.entry(hash, number) {
            self.order_violations += u64::from(number < *last);
            *last = number;
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

#[cfg(test)]
mod tests {
    use kinesis::{Blob, Generated, Numbers, Recipe, Record, Seconds, SequenceNumber, ShardId};

    use super::*;

    /// A program whose records have one key.
    #[derive(Debug)]
    struct OneKey;

    impl Recipe for OneKey {
        fn source(&self) -> u32 {
            1
        }

        fn partition_key(&self, _: u64) -> String {
            "k".to_owned()
        }

        fn payload(&self, _: u64) -> Vec<u8> {
            vec![0; 100]
        }

        fn size(&self, _: u64) -> u32 {
            100
        }
    }

    fn record(arrival: Instant, number: u64) -> Record {
        let data =
            Generated { recipe: std::sync::Arc::new(OneKey), numbers: Numbers::One(number), size: 100 };
        Record {
            sequence_number: SequenceNumber {
                shard_created: 1,
                index: number,
                recorded: 1,
                shard: ShardId(0),
            },
            approximate_arrival_timestamp: Seconds(arrival),
            data: Blob::Generated(data),
            partition_key: Default::default(),
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
