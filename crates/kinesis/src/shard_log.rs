//! The records of one shard, in order, in segments that copies of a world share.

use std::sync::Arc;

use crate::segment::{Row, Segment};
use crate::{Blob, EncryptionType, Instant, StoredRecord};

/// Records of one shard: append at the end, read from anywhere, trim at the start.
///
/// Copying a log copies one pointer a segment. Appending to a copy first copies the open segment, which is small.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ShardLog {
    /// Full segments, oldest first. Invariant: none is empty.
    sealed: Vec<Arc<Segment>>,
    /// The segment that takes the next record. It stands beside the others so that a put finds it at once.
    open: Arc<Segment>,
    /// Index of the last record ever appended; 0 while there was none.
    last_index: u64,
    /// Arrival of the last record ever appended.
    last_arrival: Option<Instant>,
}

/// What the limits count of a stored record.
pub(crate) struct RecordSize {
    pub(crate) index: u64,
    pub(crate) arrival: Instant,
    /// Data and partition key.
    pub(crate) bytes: u64,
}

impl ShardLog {
    /// Stores a record and returns its index. `arrival` must not be before that of the record before.
    pub(crate) fn append(
        &mut self,
        arrival: Instant,
        partition_key: &str,
        data: &Blob,
        encryption: EncryptionType,
    ) -> u64 {
        self.last_index += 1;
        self.last_arrival = Some(arrival);
        if self.is_open_segment_full() {
            self.sealed.push(std::mem::take(&mut self.open));
        }
        Arc::make_mut(&mut self.open).push(self.last_index, arrival, partition_key, data, encryption);
        self.last_index
    }

    /// Whether the next record begins a new segment: the moment to drop old ones.
    pub(crate) fn is_open_segment_full(&self) -> bool {
        self.open.is_full()
    }

    /// Index of the last record ever appended; 0 while there was none.
    pub fn last_index(&self) -> u64 {
        self.last_index
    }

    /// Arrival of the last record ever appended.
    pub fn last_arrival(&self) -> Option<Instant> {
        self.last_arrival
    }

    /// Index of the first record that arrived at `instant` or later; one past the last where there is none.
    pub fn first_at(&self, instant: Instant) -> u64 {
        let i = self.sealed.partition_point(|segment| segment.is_before(instant));
        let segment = self.sealed.get(i).unwrap_or(&self.open);
        let row = segment.rows.partition_point(|row| row.arrival < instant);
        segment.rows.get(row).map_or(self.last_index + 1, |row| row.index)
    }

    /// Records from `index` on, in order.
    pub fn read_from(&self, index: u64) -> impl Iterator<Item = StoredRecord<'_>> {
        self.rows_from(index).map(|(segment, row)| segment.record(row))
    }

    /// As [`ShardLog::read_from`], without looking at keys and data: what counting them takes.
    pub(crate) fn measure_from(&self, index: u64) -> impl Iterator<Item = RecordSize> + '_ {
        self.rows_from(index).map(|(_, row)| RecordSize {
            index: row.index,
            arrival: row.arrival,
            bytes: row.size(),
        })
    }

    /// A copy of so many records from `index` on; fewer where there are no more.
    pub(crate) fn copy_from(&self, index: u64, count: usize) -> Segment {
        let mut copy = Segment::default();
        for segment in self.segments_from(index) {
            let first = segment.place(index);
            let end = segment.rows.len().min(first + count - copy.rows.len());
            copy.push_all(segment, first..end);
            if copy.rows.len() == count {
                break;
            }
        }
        copy
    }

    fn rows_from(&self, index: u64) -> impl Iterator<Item = (&Segment, &Row)> {
        self.segments_from(index).flat_map(move |segment| {
            segment.rows[segment.place(index)..].iter().map(move |row| (segment, row))
        })
    }

    /// The segments with the record `index` and those behind it.
    fn segments_from(&self, index: u64) -> impl Iterator<Item = &Segment> {
        // Most readers keep up, and need not look for their place.
        let is_open = self.open.rows.first().is_some_and(|row| row.index <= index);
        let is_before = |segment: &Arc<Segment>| segment.rows.last().is_some_and(|row| row.index < index);
        let i = if is_open { self.sealed.len() } else { self.sealed.partition_point(is_before) };
        self.sealed[i..].iter().chain([&self.open]).map(|segment| &**segment)
    }

    /// Bytes that the records take in memory.
    #[cfg(test)]
    pub(crate) fn stored_bytes(&self) -> u64 {
        self.sealed.iter().chain([&self.open]).map(|segment| segment.buffer.len() as u64).sum()
    }

    /// Drops whole segments of records that arrived before `horizon`; returns the bytes that this frees.
    pub(crate) fn trim(&mut self, horizon: Instant) -> u64 {
        let count = self.sealed.partition_point(|segment| segment.is_before(horizon));
        let mut freed = self.sealed.drain(..count).map(|segment| segment.buffer.len() as u64).sum();
        if self.open.is_before(horizon) {
            freed += std::mem::take(&mut self.open).buffer.len() as u64;
        }
        freed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Generated, Numbered, Numbers, Recipe};

    fn log(count: u64) -> ShardLog {
        let mut log = ShardLog::default();
        for i in 0..count {
            log.append(
                Instant::from_seconds(i),
                &format!("key-{i}"),
                &Blob::Bytes(vec![i as u8; 3]),
                EncryptionType::None,
            );
        }
        log
    }

    #[test]
    fn a_row_takes_thirty_two_bytes() {
        assert_eq!(size_of::<Row>(), 32);
    }

    #[test]
    fn records_are_read_back_across_segments() {
        let log = log(3_000);
        let read: Vec<_> = log.read_from(1_000).take(100).map(|r| r.partition_key().to_owned()).collect();
        let expected: Vec<_> = (999..1_099).map(|i| format!("key-{i}")).collect();
        assert_eq!(read, expected);
        assert_eq!(log.read_from(3_001).count(), 0);
    }

    #[test]
    fn the_first_record_at_an_instant_is_found() {
        let log = log(3_000);
        assert_eq!(log.first_at(Instant::from_seconds(0)), 1);
        assert_eq!(log.first_at(Instant::from_millis(2_047_500)), 2_049);
        assert_eq!(log.first_at(Instant::from_seconds(9_999)), 3_001);
        assert_eq!(ShardLog::default().first_at(Instant::from_seconds(0)), 1);
    }

    #[test]
    fn a_copy_does_not_see_what_is_appended_later() {
        let mut log = log(10);
        let copy = log.clone();
        log.append(Instant::from_seconds(99), "later", &Blob::from("x"), EncryptionType::None);
        assert_eq!(copy.read_from(1).count(), 10);
        assert_eq!(log.read_from(1).count(), 11);
    }

    #[test]
    fn trimming_keeps_the_numbering() {
        let mut log = log(3_000);
        assert!(log.trim(Instant::from_seconds(2_500)) > 0);
        assert_eq!(log.read_from(1).next().map(|r| r.index), Some(2_049));
        assert_eq!(
            log.append(Instant::from_seconds(3_000), "next", &Blob::from(""), EncryptionType::None),
            3_001
        );
    }

    #[test]
    fn generated_data_comes_back_as_its_recipe() {
        let mut log = ShardLog::default();
        let one = Generated::numbered(7, 5_000);
        let many = Generated { numbers: Numbers::Many([7, 8, 10].into()), ..one.clone() };
        for generated in [&one, &many] {
            let data = Blob::Generated(generated.clone());
            log.append(Instant::from_seconds(0), "k", &data, EncryptionType::None);
        }
        let read: Vec<_> = log.read_from(1).map(|record| record.blob()).collect();
        assert_eq!(read, [Blob::Generated(one), Blob::Generated(many)]);
        assert_eq!(log.read_from(1).next().map(|record| record.size()), Some(5_001));
        let stored = (1 + 1 + 1) + (1 + 1 + 3);
        assert_eq!(log.trim(Instant::from_seconds(1)), stored, "keys, marks and numbers are stored");
    }

    /// Programs come and go between one segment and the next: a run has recipes of its own.
    #[test]
    fn a_run_that_is_copied_out_holds_what_is_read_there() {
        let recipes: Vec<Arc<dyn Recipe>> =
            (0..5).map(|source| Arc::new(Numbered { source, size: 600 }) as Arc<dyn Recipe>).collect();
        let mut log = ShardLog::default();
        for i in 0..2_500_u64 {
            // Some records are bytes; the order in which programs come differs from segment to segment.
            let data = match (i * i + i / 1_000) % 7 {
                program @ 0..5 => Blob::Generated(Generated {
                    recipe: Arc::clone(&recipes[program as usize]),
                    numbers: Numbers::One(i),
                    size: 600,
                }),
                _ => Blob::Bytes(i.to_be_bytes().to_vec()),
            };
            let encryption = if i % 3 == 0 { EncryptionType::Kms } else { EncryptionType::None };
            log.append(Instant::from_seconds(i), &format!("key-{i}"), &data, encryption);
        }
        for (from, count) in
            [(1, 0), (1, 1), (1, 3), (1_020, 10), (1_025, 1_024), (900, 1_500), (2_400, 500), (2_501, 5)]
        {
            let copy = log.copy_from(from, count);
            let copied: Vec<StoredRecord<'_>> = copy.rows.iter().map(|row| copy.record(row)).collect();
            let read: Vec<StoredRecord<'_>> = log.read_from(from).take(count).collect();
            assert_eq!(copied, read, "{count} from {from} on");
        }
    }

    #[test]
    fn trimming_frees_the_bytes_that_were_stored() {
        let mut log = log(1_500);
        let stored: u64 = (0..1_500).map(|i| format!("key-{i}").len() as u64 + 3).sum();
        assert_eq!(log.clone().trim(Instant::MAX), stored);
        let freed_first = log.trim(Instant::from_seconds(1_024));
        let freed_rest = log.trim(Instant::from_seconds(1_500));
        assert_eq!(freed_first + freed_rest, stored);
        assert_eq!(log.first_at(Instant::from_seconds(0)), 1_501);
    }

    #[test]
    fn a_segment_with_a_record_that_nobody_may_lose_stays() {
        let mut log = log(10);
        assert_eq!(log.trim(Instant::from_seconds(9)), 0);
        assert_eq!(log.read_from(1).count(), 10);
    }

    #[test]
    fn an_emptied_log_goes_on_counting() {
        let mut log = log(2_000);
        log.trim(Instant::MAX);
        assert_eq!(log.read_from(1).count(), 0);
        assert_eq!(
            log.append(Instant::from_seconds(5_000), "k", &Blob::from("x"), EncryptionType::None),
            2_001
        );
        assert_eq!(log.first_at(Instant::from_seconds(0)), 2_001);
        assert_eq!(log.last_arrival(), Some(Instant::from_seconds(5_000)));
    }

    #[test]
    fn a_record_larger_than_a_segment_is_read_back() {
        let mut log = ShardLog::default();
        for i in 0..3 {
            log.append(
                Instant::from_seconds(i),
                "k",
                &Blob::Bytes(vec![i as u8; 1 << 20]),
                EncryptionType::None,
            );
        }
        let sizes: Vec<u64> = log.read_from(1).map(|record| record.size()).collect();
        assert_eq!(sizes, [(1 << 20) + 1; 3]);
        assert!(log.read_from(3).all(|record| record.bytes().iter().all(|byte| *byte == 2)));
    }
}
