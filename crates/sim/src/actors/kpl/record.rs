//! User records on their way, and the Kinesis records that they are packed into.

use std::sync::Arc;

use kinesis::{Blob, Generated, Instant, Numbers, PutRecordsRequestEntry, Recipe, ShardId, aggregate_size};
use smol_str::SmolStr;

use crate::source::Source;

/// A user record that is not put yet. Its data is made of its number.
#[derive(Clone, Debug)]
pub(super) struct UserRecord {
    pub(super) number: u64,
    pub(super) key: SmolStr,
    pub(super) hash_key: u128,
    /// Bytes of data.
    pub(super) size: u32,
    /// How often it was sent.
    pub(super) attempts: u32,
    /// By when it should leave the buffer that it is in.
    pub(super) deadline: Instant,
    /// By when it has failed.
    pub(super) expiration: Instant,
}

/// One Kinesis record: a user record by itself, or an aggregate of several.
#[derive(Clone, Debug)]
pub(super) struct KinesisRecord {
    /// Invariant: never empty.
    pub(super) items: Vec<UserRecord>,
    pub(super) predicted: Option<ShardId>,
    pub(super) deadline: Instant,
    pub(super) expiration: Instant,
    /// Bytes of data.
    pub(super) size: u64,
}

/// Key of every aggregate: where it goes is for the explicit hash key to say.
///
/// Observed: `kinesis_record.cc` of the KPL.
const AGGREGATE_KEY: &str = "a";

/// Bytes of one Kinesis record with these user records in it. A lone one is put as it is.
pub(super) fn size_of(items: &[UserRecord]) -> u64 {
    match items {
        [item] => u64::from(item.size),
        items => aggregate_size(items.iter().map(|item| (item.key.as_str(), u64::from(item.size)))),
    }
}

impl KinesisRecord {
    pub(super) fn new(items: Vec<UserRecord>, predicted: Option<ShardId>) -> KinesisRecord {
        let earliest = |of: fn(&UserRecord) -> Instant| items.iter().map(of).min().unwrap_or_default();
        KinesisRecord {
            predicted,
            deadline: earliest(|item| item.deadline),
            expiration: earliest(|item| item.expiration),
            size: size_of(&items),
            items,
        }
    }

    /// Bytes that the limits count.
    pub(super) fn size_with_key(&self) -> u64 {
        self.size + self.key().len() as u64
    }

    fn key(&self) -> SmolStr {
        match self.items.as_slice() {
            [item] => item.key.clone(),
            _ => SmolStr::new_static(AGGREGATE_KEY),
        }
    }

    pub(super) fn entry(&self, sources: &Arc<Sources>) -> PutRecordsRequestEntry {
        let numbers = match self.items.as_slice() {
            [item] => Numbers::One(item.number),
            items => Numbers::Many(items.iter().map(|item| item.number).collect()),
        };
        let recipe: Arc<dyn Recipe> = Arc::<Sources>::clone(sources);
        PutRecordsRequestEntry {
            data: Some(Blob::Generated(Generated { recipe, numbers, size: self.size as u32 })),
            explicit_hash_key: self.items.first().map(|item| item.hash_key.to_string()),
            partition_key: Some(self.key()),
        }
    }
}

/// What a program wrote and writes: one source from each change of its settings on, so that records from before and
/// after it can be packed together.
#[derive(Clone, Debug)]
pub(super) struct Sources {
    /// By the number of the first record. Invariant: never empty.
    by_first: Vec<Source>,
}

/// Changes of a program that its records remember; what is older is made as by the oldest.
const SOURCES_MAX: usize = 100;

impl Sources {
    pub(super) fn new(source: Source) -> Sources {
        Sources { by_first: vec![source] }
    }

    pub(super) fn followed_by(&self, source: Source) -> Sources {
        let skip = (self.by_first.len() + 1).saturating_sub(SOURCES_MAX);
        Sources { by_first: self.by_first.iter().skip(skip).cloned().chain([source]).collect() }
    }

    pub(super) fn newest(&self) -> &Source {
        self.by_first.last().expect("there is always a source")
    }

    pub(super) fn of(&self, number: u64) -> &Source {
        let later = self.by_first.partition_point(|source| source.schedule.base_count <= number);
        self.by_first.get(later.saturating_sub(1)).unwrap_or(self.newest())
    }
}

impl Recipe for Sources {
    fn source(&self) -> u32 {
        self.newest().id
    }

    fn partition_key(&self, number: u64) -> SmolStr {
        self.of(number).partition_key(number)
    }

    fn payload(&self, number: u64) -> Vec<u8> {
        self.of(number).payload(number)
    }

    fn size(&self, number: u64) -> u32 {
        self.of(number).size
    }
}
