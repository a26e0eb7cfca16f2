//! Records: as a reader gets them and as a shard keeps them.

use std::borrow::Cow;

use serde::Serialize;
use smol_str::SmolStr;

use crate::{Blob, Instant, Seconds, SequenceNumber, StoredRecipe, deaggregate};

/// How a record lies in its shard.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EncryptionType {
    None,
    Kms,
}

impl EncryptionType {
    /// As answers of the data plane have it. Assumed: absent where there is none, as in recorded answers.
    pub(crate) fn shown(self) -> Option<EncryptionType> {
        (self == EncryptionType::Kms).then_some(self)
    }
}

/// A record as GetRecords returns it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Record {
    pub sequence_number: SequenceNumber,
    pub approximate_arrival_timestamp: Seconds,
    pub data: Blob,
    /// Empty where the service distributes the records and the producer gave no key. Assumed: it is absent then.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub partition_key: SmolStr,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption_type: Option<EncryptionType>,
}

/// A record where it lies: borrowed from its shard's log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredRecord<'a> {
    /// Place within the shard, from 1; the sequence number is made from it.
    pub index: u64,
    pub arrival: Instant,
    /// The partition key as it lies there.
    pub(crate) key: &'a [u8],
    pub data: StoredData<'a>,
    pub encryption: EncryptionType,
}

/// Data of a stored record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StoredData<'a> {
    Bytes(&'a [u8]),
    Generated(StoredRecipe<'a>),
}

impl<'a> StoredData<'a> {
    /// The bytes that somebody sent; none where a program's recipe makes them.
    pub fn sent(self) -> Option<&'a [u8]> {
        match self {
            StoredData::Bytes(bytes) => Some(bytes),
            StoredData::Generated(_) => None,
        }
    }
}

impl StoredRecord<'_> {
    /// Bytes that the limits count: data and partition key.
    pub fn size(&self) -> u64 {
        let data = match self.data {
            StoredData::Bytes(bytes) => bytes.len() as u64,
            StoredData::Generated(recipe) => u64::from(recipe.size),
        };
        data + self.key.len() as u64
    }

    pub fn partition_key(&self) -> &str {
        // It was stored from a string.
        std::str::from_utf8(self.key).unwrap_or_default()
    }

    /// The bytes of the partition key.
    pub fn key_bytes(&self) -> &[u8] {
        self.key
    }

    /// The data itself.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match self.data {
            StoredData::Bytes(bytes) => Cow::Borrowed(bytes),
            StoredData::Generated(recipe) => Cow::Owned(recipe.generated().bytes()),
        }
    }

    /// User records that a producer packed into it as the KPL does; 1 where it is no aggregate.
    pub fn user_record_count(&self) -> u64 {
        match self.data {
            StoredData::Bytes(bytes) => deaggregate(bytes).map_or(1, |records| records.len() as u64),
            StoredData::Generated(recipe) => recipe.count(),
        }
    }

    pub(crate) fn blob(&self) -> Blob {
        match self.data {
            StoredData::Bytes(bytes) => Blob::Bytes(bytes.to_vec()),
            StoredData::Generated(recipe) => Blob::Generated(recipe.generated()),
        }
    }
}
