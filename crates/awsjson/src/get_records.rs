//! The answer of GetRecords written straight into its text: bulk data goes this way, ten thousand records a page.
//!
//! It is what the derived writer writes, without a string for each member first, and without looking for characters
//! to escape where there can be none. A test compares the two.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use kinesis::{EncryptionType, GetRecordsOutput, Instant, Record, Records};

use crate::encode::to_json;

/// Bytes of a record's text beside its data and its key, at most.
const FRAME_BYTES: usize = 192;

/// How the text begins where there are no records.
const NO_RECORDS: &str = "{\"Records\":[]";

/// The body of the answer.
pub(crate) fn write(output: &GetRecordsOutput) -> String {
    // All other members come after the records.
    let others = to_json(&GetRecordsOutput {
        records: Records::default(),
        next_shard_iterator: output.next_shard_iterator.clone(),
        millis_behind_latest: output.millis_behind_latest,
        child_shards: output.child_shards.clone(),
    });
    let size: usize =
        output.records.stored().map(|record| FRAME_BYTES + record.size() as usize * 4 / 3).sum();
    let mut text = String::with_capacity(size + others.len());
    text.push_str("{\"Records\":[");
    for (index, record) in output.records.iter().enumerate() {
        text.push_str(if index == 0 { "{" } else { ",{" });
        write_record(&mut text, &record);
        text.push('}');
    }
    text.push(']');
    text.push_str(&others[NO_RECORDS.len()..]);
    text
}

fn write_record(text: &mut String, record: &Record) {
    text.push_str("\"SequenceNumber\":\"");
    record.sequence_number.write_to(text);
    text.push_str("\",\"ApproximateArrivalTimestamp\":");
    write_seconds(text, record.approximate_arrival_timestamp.0);
    text.push_str(",\"Data\":\"");
    BASE64.encode_string(record.data.bytes(), text);
    text.push('"');
    if !record.partition_key.is_empty() {
        text.push_str(",\"PartitionKey\":");
        if record.partition_key.bytes().all(is_plain) {
            text.push('"');
            text.push_str(&record.partition_key);
            text.push('"');
        } else {
            text.push_str(&to_json(&record.partition_key));
        }
    }
    match record.encryption_type {
        None => {}
        Some(EncryptionType::Kms) => text.push_str(",\"EncryptionType\":\"KMS\""),
        Some(EncryptionType::None) => text.push_str(",\"EncryptionType\":\"NONE\""),
    }
}

/// Whether a byte stands for itself within a JSON string.
fn is_plain(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}

/// Seconds with their thousandths, and at least one digit of them: 1767225600.0, 1767225600.25.
fn write_seconds(text: &mut String, instant: Instant) {
    let millis = instant.millis();
    // Writing to a string cannot fail.
    let _ = write!(text, "{}.{:03}", millis / 1_000, millis % 1_000);
    for _ in 0..2 {
        if text.ends_with('0') {
            text.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use kinesis::{Blob, Generated, Seconds, SequenceNumber, ShardId};

    use super::*;

    fn record(number: u64, millis: u64, key: &str, data: Blob, encryption: Option<EncryptionType>) -> Record {
        Record {
            sequence_number: SequenceNumber {
                shard_created: 1_700_000_000,
                index: number,
                recorded: millis / 1_000,
                shard: ShardId(3),
            },
            approximate_arrival_timestamp: Seconds(Instant::from_millis(millis)),
            data,
            partition_key: key.into(),
            encryption_type: encryption,
        }
    }

    #[test]
    fn a_page_is_written_as_the_derived_writer_writes_it() {
        let records = [
            record(1, 1_767_225_600_000, "plain", Blob::Bytes(Vec::new()), None),
            record(2, 1_767_225_600_001, "quote\" and \\", "x".into(), Some(EncryptionType::Kms)),
            record(3, 1_767_225_600_010, "größe\u{1}\n", "xy".into(), None),
            record(u64::MAX >> 1, 1_767_225_600_100, "", "xyz".into(), None),
            record(4, 1_767_225_600_250, "k", Blob::Generated(Generated::numbered(7, 40)), None),
            record(5, 999, "early", Blob::Bytes((0..=255).collect()), None),
            record(6, 253_402_300_799_999, "late", "text".into(), None),
        ];
        for n_records in 0..=records.len() {
            for next_shard_iterator in [None, Some("AAAA\"".to_owned())] {
                let output = GetRecordsOutput {
                    records: records[..n_records].iter().cloned().collect(),
                    next_shard_iterator,
                    millis_behind_latest: 12,
                    child_shards: (n_records == 2).then(Vec::new),
                };
                assert_eq!(write(&output), to_json(&output));
            }
        }
    }
}
