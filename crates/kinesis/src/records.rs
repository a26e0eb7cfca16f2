//! What a reader gets of a shard: records in order, in one piece.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::segment::{Row, Segment};
use crate::{EncryptionType, Instant, Record, Seconds, SequenceNumber, Shard, ShardId, StoredRecord};

/// Records of one shard as a reader gets them, oldest first.
///
/// They are copied out of the shard's log as they lie there: most readers of a simulated world only count them, so that a
/// [`Record`] is made where somebody looks at it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Records {
    segment: Arc<Segment>,
    shard: ShardId,
    /// When that shard was created, in seconds since the Unix epoch.
    shard_created: u64,
}

impl Records {
    /// So many records of a shard, from the one with that index on; fewer where there are no more.
    pub(crate) fn of(shard: &Shard, from: u64, count: usize) -> Records {
        let SequenceNumber { shard_created, shard: id, .. } = shard.starting_sequence_number();
        Records { segment: Arc::new(shard.log.copy_from(from, count)), shard: id, shard_created }
    }

    pub fn len(&self) -> usize {
        self.segment.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.segment.rows.is_empty()
    }

    /// Bytes that the limits count: data and partition keys.
    pub fn size(&self) -> u64 {
        self.segment.rows.iter().map(Row::size).sum()
    }

    /// Bytes of the data alone.
    pub fn data_size(&self) -> u64 {
        self.segment.rows.iter().map(|row| u64::from(row.data_size)).sum()
    }

    /// Whether a key was used for one of them.
    pub(crate) fn is_any_encrypted(&self) -> bool {
        self.segment.rows.iter().any(|row| row.encryption == EncryptionType::Kms)
    }

    /// The sequence number of the first record.
    pub fn first_number(&self) -> Option<SequenceNumber> {
        self.segment.rows.first().map(|row| self.sequence_number(row.index, row.arrival))
    }

    /// The sequence number of the last record.
    pub fn last_number(&self) -> Option<SequenceNumber> {
        self.segment.rows.last().map(|row| self.sequence_number(row.index, row.arrival))
    }

    /// The records where they lie, with all that can be known of them without making anything.
    pub fn stored(&self) -> impl DoubleEndedIterator<Item = StoredRecord<'_>> + ExactSizeIterator {
        self.segment.rows.iter().map(|row| self.segment.record(row))
    }

    /// The sequence number of one of them.
    pub fn number_of(&self, record: &StoredRecord<'_>) -> SequenceNumber {
        self.sequence_number(record.index, record.arrival)
    }

    /// The records, each made when it is its turn.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Record> + ExactSizeIterator {
        self.stored().map(|stored| Record {
            sequence_number: self.number_of(&stored),
            approximate_arrival_timestamp: Seconds(stored.arrival),
            data: stored.blob(),
            partition_key: stored.partition_key().into(),
            encryption_type: stored.encryption.shown(),
        })
    }

    pub fn get(&self, place: usize) -> Option<Record> {
        self.iter().nth(place)
    }

    fn sequence_number(&self, index: u64, arrival: Instant) -> SequenceNumber {
        let recorded = arrival.seconds().min(SequenceNumber::LAST_SECOND);
        SequenceNumber { shard_created: self.shard_created, index, recorded, shard: self.shard }
    }
}

/// As the service answers: a list of its records.
impl Serialize for Records {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// Records by themselves become those of the first one's shard.
impl FromIterator<Record> for Records {
    fn from_iter<I: IntoIterator<Item = Record>>(records: I) -> Records {
        let mut segment = Segment::default();
        let mut first = None;
        for record in records {
            first = first.or(Some(record.sequence_number));
            segment.push(
                record.sequence_number.index,
                record.approximate_arrival_timestamp.0,
                &record.partition_key,
                &record.data,
                record.encryption_type.unwrap_or(EncryptionType::None),
            );
        }
        Records {
            segment: Arc::new(segment),
            shard: first.map_or_else(ShardId::default, |number| number.shard),
            shard_created: first.map_or(0, |number| number.shard_created),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Blob, Generated};

    fn record(index: u64, key: &str, data: Blob) -> Record {
        Record {
            sequence_number: SequenceNumber { shard_created: 7, index, recorded: 9, shard: ShardId(3) },
            approximate_arrival_timestamp: Seconds(Instant::from_millis(9_250)),
            data,
            partition_key: key.into(),
            encryption_type: (index == 2).then_some(EncryptionType::Kms),
        }
    }

    fn three() -> [Record; 3] {
        let generated = Blob::Generated(Generated::numbered(40, 600));
        [record(1, "a", "one".into()), record(2, "b\u{fc}", generated), record(5, "", "".into())]
    }

    #[test]
    fn records_come_out_as_they_went_in() {
        let records: Records = three().into_iter().collect();
        assert_eq!(records.iter().collect::<Vec<_>>(), three());
        assert_eq!((records.get(1), records.get(3)), (Some(three()[1].clone()), None));
        assert_eq!(records.first_number(), Some(three()[0].sequence_number));
        assert_eq!(records.last_number(), Some(three()[2].sequence_number));
        assert_eq!((records.size(), records.data_size()), (1 + 3 + 3 + 600, 3 + 600));
    }

    #[test]
    fn they_are_written_as_a_list() {
        let records: Records = three().into_iter().collect();
        assert_eq!(serde_json::to_string(&records).unwrap(), serde_json::to_string(&three()).unwrap());
    }
}
