//! Aggregated records: several user records in one Kinesis record, in the wire format of the Kinesis Producer Library.
//!
//! Documented: aggregation-format.md of the KPL. Four magic bytes, the protobuf message `AggregatedRecord`, and the MD5
//! of the message. Whatever does not look so is a plain record.

use std::collections::BTreeMap;

use md5::{Digest as _, Md5};

/// What an application handed to the KPL.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UserRecord {
    pub partition_key: String,
    pub explicit_hash_key: Option<String>,
    pub data: Vec<u8>,
}

const MAGIC: [u8; 4] = [0xf3, 0x89, 0x9a, 0xc2];
const DIGEST_SIZE: usize = 16;

/// Wire types of protobuf.
const VARINT: u64 = 0;
const FIXED_64: u64 = 1;
const BYTES: u64 = 2;
const FIXED_32: u64 = 5;

/// Packs user records into the data of one Kinesis record. Each key stands once in a table, as the KPL does it.
pub fn aggregate(records: &[UserRecord]) -> Vec<u8> {
    let (mut partition_keys, mut explicit_hash_keys) = (KeyTable::default(), KeyTable::default());
    let mut body = Vec::new();
    for record in records {
        let mut message = Vec::with_capacity(record.data.len() + 8);
        put_number(&mut message, 1, partition_keys.place_of(&record.partition_key));
        if let Some(key) = &record.explicit_hash_key {
            put_number(&mut message, 2, explicit_hash_keys.place_of(key));
        }
        put_bytes(&mut message, 3, &record.data);
        put_bytes(&mut body, 3, &message);
    }
    let mut bytes = MAGIC.to_vec();
    partition_keys.keys.iter().for_each(|key| put_bytes(&mut bytes, 1, key.as_bytes()));
    explicit_hash_keys.keys.iter().for_each(|key| put_bytes(&mut bytes, 2, key.as_bytes()));
    bytes.extend_from_slice(&body);
    let digest = Md5::digest(&bytes[MAGIC.len()..]);
    bytes.extend_from_slice(&digest);
    bytes
}

/// Bytes that [`aggregate`] makes of user records without explicit hash keys, given by key and bytes of data.
pub fn aggregate_size<'k>(records: impl IntoIterator<Item = (&'k str, u64)>) -> u64 {
    let mut partition_keys = KeyTable::default();
    let mut size = (MAGIC.len() + DIGEST_SIZE) as u64;
    let field = |bytes: u64| 1 + varint_size(bytes) + bytes;
    for (key, data) in records {
        let known = partition_keys.keys.len() as u64;
        let place = partition_keys.place_of(key);
        if place == known {
            size += field(key.len() as u64);
        }
        size += field(1 + varint_size(place) + field(data));
    }
    size
}

/// Takes a Kinesis record's data apart; `None` where it is a plain record: another magic, a wrong MD5, or a message
/// that is none.
///
/// Documented: KCL's AggregatorUtil passes such records on as they are. Assumed for keys that the tables do not hold:
/// there it throws an exception.
pub fn deaggregate(bytes: &[u8]) -> Option<Vec<UserRecord>> {
    let rest = bytes.strip_prefix(&MAGIC)?;
    let (body, digest) = rest.split_at(rest.len().checked_sub(DIGEST_SIZE)?);
    if *Md5::digest(body) != *digest {
        return None;
    }
    let (mut partition_keys, mut explicit_hash_keys, mut messages) = (Vec::new(), Vec::new(), Vec::new());
    let mut reader = Reader(body);
    while let Some(field) = reader.field()? {
        match field {
            (1, Value::Bytes(key)) => partition_keys.push(key),
            (2, Value::Bytes(key)) => explicit_hash_keys.push(key),
            (3, Value::Bytes(message)) => messages.push(message),
            (1..=3, _) => return None,
            _ => {}
        }
    }
    let text = |keys: &[&[u8]], place: u64| {
        let key = keys.get(usize::try_from(place).ok()?)?;
        Some(String::from_utf8_lossy(key).into_owned())
    };
    messages
        .into_iter()
        .map(|message| {
            let (mut key, mut explicit, mut data) = (None, None, None);
            let mut reader = Reader(message);
            while let Some(field) = reader.field()? {
                match field {
                    (1, Value::Number(place)) => key = Some(place),
                    (2, Value::Number(place)) => explicit = Some(place),
                    (3, Value::Bytes(bytes)) => data = Some(bytes),
                    (1..=3, _) => return None,
                    // Tags, which nobody uses.
                    _ => {}
                }
            }
            let explicit_hash_key = match explicit {
                Some(place) => Some(text(&explicit_hash_keys, place)?),
                None => None,
            };
            Some(UserRecord {
                partition_key: text(&partition_keys, key?)?,
                explicit_hash_key,
                data: data?.to_vec(),
            })
        })
        .collect()
}

/// Keys in the order in which they came.
#[derive(Default)]
struct KeyTable<'k> {
    keys: Vec<&'k str>,
    places: BTreeMap<&'k str, u64>,
}

impl<'k> KeyTable<'k> {
    /// Place of a key in the table, which it takes at its end where it is new.
    fn place_of(&mut self, key: &'k str) -> u64 {
        let end = self.keys.len() as u64;
        let place = *self.places.entry(key).or_insert(end);
        if place == end {
            self.keys.push(key);
        }
        place
    }
}

fn put_number(bytes: &mut Vec<u8>, field: u64, number: u64) {
    put_varint(bytes, field << 3 | VARINT);
    put_varint(bytes, number);
}

fn put_bytes(bytes: &mut Vec<u8>, field: u64, content: &[u8]) {
    put_varint(bytes, field << 3 | BYTES);
    put_varint(bytes, content.len() as u64);
    bytes.extend_from_slice(content);
}

/// Seven bits a byte, the lowest first; the high bit says that more come.
pub(crate) fn put_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

pub(crate) fn varint_size(number: u64) -> u64 {
    u64::from((64 - (number | 1).leading_zeros()).div_ceil(7))
}

/// Takes a varint from the front.
pub(crate) fn take_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

enum Value<'b> {
    Number(u64),
    Bytes(&'b [u8]),
    /// Of a kind that no field of ours has.
    Other,
}

struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    /// The next field and its number; `Some(None)` at the end, `None` where the message is broken.
    #[allow(clippy::option_option)] // Broken and ended are different.
    fn field(&mut self) -> Option<Option<(u64, Value<'b>)>> {
        if self.0.is_empty() {
            return Some(None);
        }
        let tag = take_varint(&mut self.0)?;
        let value = match tag & 7 {
            VARINT => Value::Number(take_varint(&mut self.0)?),
            BYTES => {
                let size = take_varint(&mut self.0)?;
                Value::Bytes(self.take(size)?)
            }
            FIXED_64 => self.take(8).map(|_| Value::Other)?,
            FIXED_32 => self.take(4).map(|_| Value::Other)?,
            _ => return None,
        };
        Some(Some((tag >> 3, value)))
    }

    fn take(&mut self, size: u64) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(size).ok()?)?;
        self.0 = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn user_record(partition_key: &str, data: &str) -> UserRecord {
        UserRecord { partition_key: partition_key.into(), explicit_hash_key: None, data: data.into() }
    }

    /// Put together by hand from the format's description.
    const VECTOR: &str = "f3899ac20a026b310a026b321a0908001a0568656c6c6f1a0908011a05776f726c64c4b234c121650f4512d22bf67dca9de2";

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
    }

    /// A record with this body and the right MD5.
    fn sealed(body: &[u8]) -> Vec<u8> {
        [&MAGIC, body, &Md5::digest(body)].concat()
    }

    #[test]
    fn two_user_records_are_packed_and_unpacked_as_the_format_says() {
        let records = [user_record("k1", "hello"), user_record("k2", "world")];
        assert_eq!(aggregate(&records), hex(VECTOR));
        assert_eq!(deaggregate(&hex(VECTOR)), Some(records.to_vec()));
    }

    /// Observed: what aws-kinesis-agg 1.2.3 packs, with the same keys in all three.
    #[test]
    fn aws_own_module_packs_the_same_bytes() {
        let records = [0, 1, 2].map(|n| UserRecord {
            explicit_hash_key: Some("12".to_owned()),
            ..user_record("k1", &format!("é{n}"))
        });
        let packed = hex(
            "f3899ac20a026b31120231321a09080010001a03c3a9301a09080010001a03c3a9311a09080010001a03c3a93214\
                          c8b010ab7fb7181b9cad851fd4e3fa",
        );
        assert_eq!(aggregate(&records), packed);
        assert_eq!(deaggregate(&packed), Some(records.to_vec()));
    }

    #[test]
    fn what_is_no_aggregate_is_a_plain_record() {
        let vector = hex(VECTOR);
        for cut in 0..vector.len() {
            assert_eq!(deaggregate(&vector[..cut]), None, "{cut} bytes");
            let mut changed = vector.clone();
            changed[cut] ^= 1;
            assert_eq!(deaggregate(&changed), None, "byte {cut} changed");
        }
        assert_eq!(deaggregate(b"{\"n\":1}"), None);
    }

    #[test]
    fn a_broken_message_with_the_right_checksum_is_a_plain_record() {
        for body in
            ["1a0208001a", "1a0208000a016b", "0a016b1a050801 1a0178", "0a016b1a031a0178", "0a05", "0b", "ff"]
        {
            assert_eq!(deaggregate(&sealed(&hex(&body.replace(' ', "")))), None, "{body}");
        }
    }

    #[test]
    fn fields_that_are_not_known_are_passed_over() {
        // A tag of the first record, and a field 15 of each wire type behind the message.
        let body = "0a016b1a0c08001a017822050a03746167780179000000000000000 07a01787d00000000";
        let records = deaggregate(&sealed(&hex(&body.replace(' ', ""))));
        assert_eq!(records, Some(vec![user_record("k", "x")]));
    }

    fn user_records() -> impl Strategy<Value = Vec<UserRecord>> {
        let record = (
            "[a-cä]{1,2}",
            proptest::option::of("[0-9]{1,39}"),
            proptest::collection::vec(any::<u8>(), 0..300),
        )
            .prop_map(|(partition_key, explicit_hash_key, data)| UserRecord {
                partition_key,
                explicit_hash_key,
                data,
            });
        proptest::collection::vec(record, 0..200)
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_out_again(records in user_records()) {
            prop_assert_eq!(deaggregate(&aggregate(&records)), Some(records));
        }

        #[test]
        fn the_size_is_known_before_anything_is_packed(mut records in user_records()) {
            records.iter_mut().for_each(|record| record.explicit_hash_key = None);
            let sizes = records.iter().map(|r| (r.partition_key.as_str(), r.data.len() as u64));
            prop_assert_eq!(aggregate_size(sizes), aggregate(&records).len() as u64);
        }

        #[test]
        fn no_bytes_bring_the_reader_down(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            deaggregate(&bytes);
            deaggregate(&[&MAGIC, bytes.as_slice()].concat());
            deaggregate(&sealed(&bytes));
        }

        #[test]
        fn no_change_of_a_message_brings_the_reader_down(
            records in user_records(),
            place: prop::sample::Index,
            byte: u8,
        ) {
            let bytes = aggregate(&records);
            let mut body = bytes[MAGIC.len()..bytes.len() - DIGEST_SIZE].to_vec();
            if !body.is_empty() {
                let place = place.index(body.len());
                body[place] = byte;
            }
            deaggregate(&sealed(&body));
        }

        #[test]
        fn numbers_take_the_bytes_that_are_said(number: u64) {
            let mut bytes = Vec::new();
            put_varint(&mut bytes, number);
            prop_assert_eq!(bytes.len() as u64, varint_size(number));
            prop_assert_eq!(take_varint(&mut bytes.as_slice()), Some(number));
        }
    }
}
