//! The records of one shard, in order, in segments that copies of a world share.

use std::sync::Arc;

use crate::record::{StoredData, StoredRecord};
use crate::{Blob, Generated, Instant};

/// Records of one shard: append at the end, read from anywhere, trim at the start.
///
/// Copying a log copies one pointer a segment. Appending to a copy first copies the last segment, which is small.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ShardLog {
    segments: Vec<Arc<Segment>>,
    /// Index of the last record ever appended; 0 while there was none.
    last_index: u64,
    /// Arrival of the last record ever appended.
    last_arrival: Option<Instant>,
    /// Bytes in the segments' buffers.
    stored_bytes: u64,
}

const SEGMENT_RECORDS_MAX: usize = 1_024;
/// A segment over this size takes no more records, so that copying the open one stays cheap.
const SEGMENT_BYTES_MAX: usize = 256 << 10;

#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Segment {
    rows: Vec<Row>,
    /// Partition key and data of each row, one after the other; of generated data only its number.
    buffer: Vec<u8>,
}

/// 32 bytes: what it takes to find a record in the buffer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Row {
    index: u64,
    arrival: Instant,
    offset: u32,
    data_size: u32,
    key_size: u16,
    is_generated: bool,
}

impl Segment {
    fn is_full(&self) -> bool {
        self.rows.len() >= SEGMENT_RECORDS_MAX || self.buffer.len() >= SEGMENT_BYTES_MAX
    }

    fn record(&self, row: &Row) -> StoredRecord<'_> {
        let key_end = row.offset as usize + usize::from(row.key_size);
        let data = if row.is_generated {
            let mut number = [0; 8];
            number.copy_from_slice(&self.buffer[key_end..key_end + 8]);
            StoredData::Generated(Generated { number: u64::from_le_bytes(number), size: row.data_size })
        } else {
            StoredData::Bytes(&self.buffer[key_end..key_end + row.data_size as usize])
        };
        StoredRecord {
            index: row.index,
            arrival: row.arrival,
            partition_key: std::str::from_utf8(&self.buffer[row.offset as usize..key_end])
                .unwrap_or_default(),
            data,
        }
    }
}

impl ShardLog {
    /// Stores a record and returns its index. `arrival` must not be before that of the record before.
    pub(crate) fn append(&mut self, arrival: Instant, partition_key: &str, data: &Blob) -> u64 {
        self.last_index += 1;
        self.last_arrival = Some(arrival);
        if self.segments.last().is_none_or(|segment| segment.is_full()) {
            self.segments.push(Arc::new(Segment::default()));
        }
        if let Some(segment) = self.segments.last_mut() {
            let segment = Arc::make_mut(segment);
            let size_before = segment.buffer.len();
            segment.rows.push(Row {
                index: self.last_index,
                arrival,
                offset: segment.buffer.len() as u32,
                data_size: data.size() as u32,
                key_size: partition_key.len() as u16,
                is_generated: matches!(data, Blob::Generated(_)),
            });
            segment.buffer.extend_from_slice(partition_key.as_bytes());
            match data {
                Blob::Bytes(bytes) => segment.buffer.extend_from_slice(bytes),
                Blob::Generated(generated) => {
                    segment.buffer.extend_from_slice(&generated.number.to_le_bytes())
                }
            }
            self.stored_bytes += (segment.buffer.len() - size_before) as u64;
        }
        self.last_index
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
        let i = self.segments.partition_point(|s| s.rows.last().is_some_and(|row| row.arrival < instant));
        let Some(segment) = self.segments.get(i) else { return self.last_index + 1 };
        let row = segment.rows.partition_point(|row| row.arrival < instant);
        segment.rows.get(row).map_or(self.last_index + 1, |row| row.index)
    }

    /// Records from `index` on, in order.
    pub fn read_from(&self, index: u64) -> impl Iterator<Item = StoredRecord<'_>> {
        let i = self.segments.partition_point(|s| s.rows.last().is_some_and(|row| row.index < index));
        self.segments[i..].iter().flat_map(move |segment| {
            let first = segment.rows.partition_point(|row| row.index < index);
            segment.rows[first..].iter().map(|row| segment.record(row))
        })
    }

    /// Drops whole segments of records that arrived before `horizon`; returns the bytes that this frees.
    pub(crate) fn trim(&mut self, horizon: Instant) -> u64 {
        let count = self.segments.partition_point(|s| s.rows.last().is_some_and(|row| row.arrival < horizon));
        let freed = self.segments.drain(..count).map(|segment| segment.buffer.len() as u64).sum();
        self.stored_bytes -= freed;
        freed
    }

    /// Bytes that the log takes in memory for keys and data.
    pub(crate) fn stored_bytes(&self) -> u64 {
        self.stored_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(count: u64) -> ShardLog {
        let mut log = ShardLog::default();
        for i in 0..count {
            log.append(Instant::from_seconds(i), &format!("key-{i}"), &Blob::Bytes(vec![i as u8; 3]));
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
        let read: Vec<_> = log.read_from(1_000).take(100).map(|r| r.partition_key.to_owned()).collect();
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
        log.append(Instant::from_seconds(99), "later", &Blob::from("x"));
        assert_eq!(copy.read_from(1).count(), 10);
        assert_eq!(log.read_from(1).count(), 11);
    }

    #[test]
    fn trimming_keeps_the_numbering() {
        let mut log = log(3_000);
        assert!(log.trim(Instant::from_seconds(2_500)) > 0);
        assert_eq!(log.read_from(1).next().map(|r| r.index), Some(2_049));
        assert_eq!(log.append(Instant::from_seconds(3_000), "next", &Blob::from("")), 3_001);
    }

    #[test]
    fn generated_data_comes_back_as_its_recipe() {
        let mut log = ShardLog::default();
        let generated = Generated { number: 7, size: 5_000 };
        log.append(Instant::from_seconds(0), "k", &Blob::Generated(generated));
        let record = log.read_from(1).next().unwrap();
        assert_eq!(record.data, StoredData::Generated(generated));
        assert_eq!(record.size(), 5_001);
        assert!(log.stored_bytes() < 20);
    }
}
