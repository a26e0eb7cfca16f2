//! A stream: its status, its shards, which of them are open, and what is under way.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::hash_key::HashKeyRange;
use crate::{ApiError, Duration, Fact, Instant, Limits, Shard, ShardId, SortedMap};

/// Name of a stream; copies share the text.
pub type StreamName = Arc<str>;

/// What a stream is doing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StreamStatus {
    Creating,
    Active,
    Updating,
    Deleting,
}

impl StreamStatus {
    pub const fn name(self) -> &'static str {
        match self {
            StreamStatus::Creating => "CREATING",
            StreamStatus::Active => "ACTIVE",
            StreamStatus::Updating => "UPDATING",
            StreamStatus::Deleting => "DELETING",
        }
    }
}

impl fmt::Display for StreamStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How capacity is set: `{"StreamMode": "PROVISIONED"}`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StreamMode {
    Provisioned,
}

impl StreamMode {
    pub const fn name(self) -> &'static str {
        match self {
            StreamMode::Provisioned => "PROVISIONED",
        }
    }
}

impl Serialize for StreamMode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut details = serializer.serialize_struct("StreamModeDetails", 1)?;
        details.serialize_field("StreamMode", self.name())?;
        details.end()
    }
}

/// One Kinesis data stream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stream {
    pub name: StreamName,
    /// Tells the stream from a later one of the same name.
    pub number: u64,
    pub status: StreamStatus,
    pub mode: StreamMode,
    pub created: Instant,
    pub retention_hours: u32,
    /// Invariant: in the order of their ids, none ever taken out.
    pub(crate) shards: Vec<Shard>,
    /// The open shards by the start of their range.
    /// Invariant: while the stream is not CREATING, their ranges cover the key space without overlap.
    pub(crate) open: SortedMap<u128, ShardId>,
    pub(crate) pending: Option<Pending>,
    /// What arrived before is gone for good, even where the retention is raised later.
    pub(crate) trimmed_before: Instant,
    /// Bytes of record data and keys in memory, over all shards.
    pub(crate) stored_bytes: u64,
}

/// What a stream is about to become.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Pending {
    pub(crate) due: Instant,
    pub(crate) change: Change,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Change {
    Create { shard_count: u32 },
    Split { shard: ShardId, new_starting_hash_key: u128 },
    Merge { shard: ShardId, adjacent: ShardId },
    Delete,
}

impl Stream {
    /// All shards that ever were, in the order of their ids, expired ones included.
    pub fn shards(&self) -> &[Shard] {
        &self.shards
    }

    pub fn shard(&self, id: ShardId) -> Option<&Shard> {
        self.shards.get(id.0 as usize)
    }

    pub(crate) fn shard_mut(&mut self, id: ShardId) -> Option<&mut Shard> {
        self.shards.get_mut(id.0 as usize)
    }

    /// The open shards, from the start of the key space to its end.
    pub fn open_shards(&self) -> impl Iterator<Item = &Shard> {
        self.open.values().filter_map(|id| self.shard(*id))
    }

    pub fn open_shard_count(&self) -> u32 {
        self.open.len() as u32
    }

    /// The open shard that takes the records of a hash key; none while the stream is CREATING.
    pub fn route(&self, hash_key: u128) -> Option<ShardId> {
        self.open.last_up_to(&hash_key).map(|(_, id)| *id)
    }

    pub fn retention(&self) -> Duration {
        Duration::from_hours(u64::from(self.retention_hours))
    }

    /// What arrived before this instant is not readable at `now`.
    pub fn trim_horizon(&self, now: Instant) -> Instant {
        now.back(self.retention()).max(self.trimmed_before)
    }

    /// The name in the form `arn:aws:kinesis:us-east-1:123456789012:stream/orders`.
    pub fn arn(&self, region: &str, account: &str) -> String {
        format!("arn:aws:kinesis:{region}:{account}:stream/{}", self.name)
    }

    /// When the change that is under way ends.
    pub fn change_due(&self) -> Option<Instant> {
        self.pending.as_ref().map(|pending| pending.due)
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        let expiry = self.shards.iter().filter_map(|shard| shard.expiry(self.retention())).min();
        self.change_due().into_iter().chain(expiry).min()
    }

    /// Shards `id` in an answer: every shard that is not expired; none while the stream is CREATING.
    pub(crate) fn listed_shards(&self) -> impl Iterator<Item = &Shard> {
        self.shards.iter().filter(|shard| !shard.is_expired())
    }

    /// Refuses where the stream is not ACTIVE.
    pub(crate) fn must_be_active(&self, account: &str) -> Result<(), ApiError> {
        match self.status {
            StreamStatus::Active => Ok(()),
            StreamStatus::Creating | StreamStatus::Updating | StreamStatus::Deleting => {
                Err(ApiError::stream_not_active(&self.name, account, self.status))
            }
        }
    }

    /// Starts a change: the status says so until it is due.
    pub(crate) fn begin(
        &mut self,
        status: StreamStatus,
        due: Instant,
        change: Change,
        facts: &mut Vec<Fact>,
    ) {
        self.pending = Some(Pending { due, change });
        self.set_status(status, facts);
    }

    pub(crate) fn set_status(&mut self, status: StreamStatus, facts: &mut Vec<Fact>) {
        self.status = status;
        facts.push(Fact::StreamStatusChanged { stream: self.name.clone(), status });
    }

    pub(crate) fn open_shard(
        &mut self,
        hash_key_range: HashKeyRange,
        parents: (Option<ShardId>, Option<ShardId>),
        created: Instant,
        now: Instant,
        limits: &Limits,
        facts: &mut Vec<Fact>,
    ) {
        let id = ShardId(self.shards.len() as u32);
        self.shards.push(Shard::open(id, hash_key_range, parents, created, now, limits));
        self.open.insert(hash_key_range.starting_hash_key, id);
        facts.push(Fact::ShardOpened {
            stream: self.name.clone(),
            shard: id,
            parent: parents.0,
            adjacent_parent: parents.1,
        });
    }

    pub(crate) fn close_shard(&mut self, id: ShardId, now: Instant, facts: &mut Vec<Fact>) {
        let Some(shard) = self.shard_mut(id) else { return };
        shard.closed = Some(crate::Closed { at: now, is_expired: false });
        let start = shard.hash_key_range.starting_hash_key;
        self.open.remove(&start);
        facts.push(Fact::ShardClosed { stream: self.name.clone(), shard: id });
    }

    /// Drops what is past the retention period from memory, as far as whole segments are.
    pub(crate) fn trim(&mut self, now: Instant) {
        let horizon = self.trim_horizon(now);
        let freed: u64 = self.shards.iter_mut().map(|shard| shard.log.trim(horizon)).sum();
        self.stored_bytes -= freed;
    }

    /// Lets closed shards go whose records are all past the retention period.
    pub(crate) fn expire_shards(&mut self, now: Instant, facts: &mut Vec<Fact>) {
        let retention = self.retention();
        for shard in &mut self.shards {
            if shard.expiry(retention).is_some_and(|expiry| expiry <= now) {
                self.stored_bytes -= shard.log.trim(Instant::MAX);
                if let Some(closed) = &mut shard.closed {
                    closed.is_expired = true;
                }
                facts.push(Fact::ShardExpired { stream: self.name.clone(), shard: shard.id });
            }
        }
    }
}
