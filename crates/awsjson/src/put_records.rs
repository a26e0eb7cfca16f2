//! PutRecords read straight into its input: bulk data comes this way, hundreds of thousands of records a second.
//!
//! Whatever is not plainly right is left to the slower way, which knows AWS's words for what is wrong.

use std::fmt;

use kinesis::{PutRecordsInput, PutRecordsRequestEntry};
use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The input, where the body is plainly right.
pub(crate) fn read(body: &str) -> Option<PutRecordsInput> {
    serde_json::from_str::<Body>(body).ok().map(|body| body.0)
}

struct Body(PutRecordsInput);

#[derive(Deserialize)]
#[serde(field_identifier)]
enum BodyMember {
    Records,
    StreamName,
    #[serde(rename = "StreamARN")]
    StreamArn,
    StreamId,
    DryRun,
    #[serde(other)]
    Unknown,
}

// By hand instead of derived, because derived readers take a list for a structure where AWS refuses it.
impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Body, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Body;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a structure")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Body, A::Error> {
                let mut input = PutRecordsInput::default();
                while let Some(member) = map.next_key()? {
                    match member {
                        BodyMember::Records => {
                            input.records = map.next_value::<Option<Entries>>()?.map(|entries| entries.0);
                        }
                        BodyMember::StreamName => input.stream_name = map.next_value()?,
                        BodyMember::StreamArn => input.stream_arn = map.next_value()?,
                        BodyMember::DryRun => input.dry_run = map.next_value()?,
                        BodyMember::StreamId => {
                            return Err(A::Error::custom("not simulated"));
                        }
                        BodyMember::Unknown => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(Body(input))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

struct Entries(Vec<PutRecordsRequestEntry>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Entries, D::Error> {
        struct Items;
        impl<'de> Visitor<'de> for Items {
            type Value = Entries;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(Entry(entry)) = items.next_element()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_seq(Items)
    }
}

struct Entry(PutRecordsRequestEntry);

#[derive(Deserialize)]
#[serde(field_identifier)]
enum EntryMember {
    Data,
    ExplicitHashKey,
    PartitionKey,
    #[serde(other)]
    Unknown,
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Entry, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Entry;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a structure")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
                let mut entry = PutRecordsRequestEntry::default();
                while let Some(member) = map.next_key()? {
                    match member {
                        EntryMember::Data => entry.data = map.next_value()?,
                        EntryMember::ExplicitHashKey => entry.explicit_hash_key = map.next_value()?,
                        EntryMember::PartitionKey => entry.partition_key = map.next_value()?,
                        EntryMember::Unknown => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(Entry(entry))
            }
        }
        deserializer.deserialize_map(Members)
    }
}
