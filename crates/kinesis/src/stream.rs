//! A stream: its status, its shards, which of them are open, and what is under way.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::hash_key::HashKeyRange;
use crate::on_demand::Growth;
use crate::quota::DayCount;
use crate::tags::Tags;
use crate::{
    ApiError, Consumer, Duration, EncryptionType, EnhancedMetrics, Fact, Instant, Limits, Operation, Policy,
    Quota, Shard, ShardId, ShardLevelMetric, SortedMap,
};

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
    OnDemand,
}

impl StreamMode {
    pub const ALL: [StreamMode; 2] = [StreamMode::Provisioned, StreamMode::OnDemand];

    /// The mode of that name.
    pub fn parse(name: &str) -> Option<StreamMode> {
        StreamMode::ALL.into_iter().find(|mode| mode.name() == name)
    }

    pub const fn name(self) -> &'static str {
        match self {
            StreamMode::Provisioned => "PROVISIONED",
            StreamMode::OnDemand => "ON_DEMAND",
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

/// Who decides on the shard of a record.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RecordDistribution {
    /// The service, evenly; keys say nothing.
    Auto,
    UserPartitionKey,
}

impl RecordDistribution {
    pub const ALL: [RecordDistribution; 2] = [RecordDistribution::Auto, RecordDistribution::UserPartitionKey];

    /// The strategy of that name.
    pub fn parse(name: &str) -> Option<RecordDistribution> {
        RecordDistribution::ALL.into_iter().find(|strategy| strategy.name() == name)
    }

    pub const fn name(self) -> &'static str {
        match self {
            RecordDistribution::Auto => "AUTO",
            RecordDistribution::UserPartitionKey => "USER_PARTITION_KEY",
        }
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
    /// Write throughput in MiB/s that an on-demand stream was asked to be scaled to.
    pub warm_throughput: Option<u32>,
    pub distribution: RecordDistribution,
    /// Records that the service has distributed by itself.
    pub(crate) distributed: u64,
    /// Largest record in KiB, data and key together.
    pub max_record_size: u32,
    pub created: Instant,
    pub retention_hours: u32,
    pub tags: Tags,
    /// Invariant: in the order of their ids, none ever taken out.
    pub(crate) shards: Vec<Shard>,
    /// The open shards by the start of their range.
    /// Invariant: while the stream is not CREATING, their ranges cover the key space without overlap.
    pub(crate) open: SortedMap<u128, ShardId>,
    pub shard_level_metrics: BTreeSet<ShardLevelMetric>,
    /// The KMS key that new records are encrypted with.
    pub encryption_key: Option<Arc<str>>,
    /// The KMS key that encrypted records are decrypted with: the last one that was in use. Assumed: records do not
    /// remember an earlier one.
    pub(crate) decryption_key: Option<Arc<str>>,
    pub(crate) encryption_starts: DayCount,
    pub(crate) encryption_stops: DayCount,
    pub consumers: SortedMap<String, Consumer>,
    /// What the stream lets callers do.
    pub(crate) policy: Option<Arc<Policy>>,
    pub(crate) mode_changes: DayCount,
    /// While the stream is ON_DEMAND.
    pub(crate) growth: Option<Growth>,
    /// How many shards the traffic of a minute needed, by its end, for the last hour in which there was some.
    pub(crate) shards_needed: Vec<(Instant, u32)>,
    pub(crate) pending: Option<Pending>,
    /// Calls that are counted stream by stream.
    pub(crate) call_rates: SortedMap<Operation, Quota>,
    pub(crate) shard_count_updates: DayCount,
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

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Change {
    Create {
        shard_count: u32,
    },
    Split {
        shard: ShardId,
        new_starting_hash_key: u128,
    },
    Merge {
        shard: ShardId,
        adjacent: ShardId,
    },
    /// Round after round until there are so many even shards.
    Scale {
        target: u32,
    },
    /// New records are encrypted with this key, or with none.
    Encrypt {
        key: Option<Arc<str>>,
    },
    Mode {
        mode: StreamMode,
        warm_throughput: Option<u32>,
    },
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

    /// Bytes of data and key that one record may have.
    pub(crate) fn record_bytes_max(&self) -> u64 {
        u64::from(self.max_record_size) << 10
    }

    /// Documented: shards take bursts as large as the largest record, and 1 MiB/s on average as before.
    pub(crate) fn set_max_record_size(&mut self, size: u32, burst: u64, now: Instant) {
        self.max_record_size = size;
        let burst = burst.max(self.record_bytes_max());
        self.shards.iter_mut().for_each(|shard| shard.write_bytes.set_capacity(burst, now));
    }

    /// The open shard that the service chooses for the next record: one after the other. Assumed: AWS says no more
    /// than "evenly".
    pub(crate) fn distribute(&mut self) -> Option<ShardId> {
        let count = self.open.len() as u64;
        let place = self.distributed.checked_rem(count)?;
        self.distributed += 1;
        self.open.values().nth(place as usize).copied()
    }

    /// The open shard that takes the records of a hash key; none while the stream is CREATING.
    pub fn route(&self, hash_key: u128) -> Option<ShardId> {
        self.open.last_up_to(&hash_key).map(|(_, id)| *id)
    }

    /// The resource policy, as it was put.
    pub fn policy_document(&self) -> Option<&str> {
        self.policy.as_deref().map(Policy::text)
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

    /// How the next record will be stored.
    pub fn encryption_type(&self) -> EncryptionType {
        if self.encryption_key.is_some() { EncryptionType::Kms } else { EncryptionType::None }
    }

    pub(crate) fn key_id(&self) -> Option<String> {
        self.encryption_key.as_ref().map(|key| key.to_string())
    }

    pub(crate) fn enhanced_monitoring(&self) -> Vec<EnhancedMetrics> {
        vec![EnhancedMetrics { shard_level_metrics: self.shard_level_metrics.iter().copied().collect() }]
    }

    /// The policy of the stream, or of one of its consumers.
    pub(crate) fn policy_of(&self, consumer: Option<&str>) -> Option<&Policy> {
        match consumer {
            None => self.policy.as_deref(),
            Some(name) => self.consumers.get(name)?.policy.as_deref(),
        }
    }

    /// When the change that is under way ends.
    pub fn change_due(&self) -> Option<Instant> {
        self.pending.as_ref().map(|pending| pending.due)
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        let expiry = self.shards.iter().filter_map(|shard| shard.expiry(self.retention())).min();
        let consumers = self.consumers.values().filter_map(Consumer::change_due).min();
        let growth = self.growth.and_then(|growth| growth.next_check);
        self.change_due().into_iter().chain(growth).chain(expiry).chain(consumers).min()
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

    /// Refuses where the service decides on the shards by itself.
    pub(crate) fn must_be_provisioned(&self, account: &str) -> Result<(), ApiError> {
        match self.mode {
            StreamMode::Provisioned => Ok(()),
            StreamMode::OnDemand => Err(ApiError::on_demand_mode(&self.name, account)),
        }
    }

    /// Refuses where one decides on the shards oneself.
    pub(crate) fn must_be_on_demand(&self, account: &str) -> Result<(), ApiError> {
        match self.mode {
            StreamMode::Provisioned => Err(ApiError::provisioned_mode(&self.name, account)),
            StreamMode::OnDemand => Ok(()),
        }
    }

    /// Refuses a strategy where keys alone can decide.
    pub(crate) fn must_allow_distribution(&self, account: &str) -> Result<(), ApiError> {
        match self.mode {
            StreamMode::Provisioned => Err(ApiError::distribution_needs_on_demand(&self.name, account)),
            StreamMode::OnDemand => Ok(()),
        }
    }

    /// Assumed: a provisioned stream has no warm throughput and is distributed by its keys, also after it was
    /// on-demand.
    pub(crate) fn set_mode(&mut self, mode: StreamMode, now: Instant) {
        self.mode = mode;
        if mode == StreamMode::Provisioned {
            self.warm_throughput = None;
            self.distribution = RecordDistribution::UserPartitionKey;
        }
        for shard in &mut self.shards {
            shard.taken_at_check = (shard.log.last_index(), shard.bytes_taken);
        }
        self.growth = (mode == StreamMode::OnDemand).then(|| Growth::starting(now));
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
        let mut shard = Shard::open(id, hash_key_range, parents, created, now, limits);
        if self.record_bytes_max() > limits.shard_write_burst {
            // A new shard begins with a full budget, as all do.
            shard.write_bytes = Quota::new(self.record_bytes_max(), limits.shard_write_bytes, now);
        }
        self.shards.push(shard);
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

    /// Closes one shard and opens its two children.
    pub(crate) fn split(
        &mut self,
        shard: ShardId,
        new_starting_hash_key: u128,
        now: Instant,
        limits: &Limits,
        facts: &mut Vec<Fact>,
    ) {
        let Some(range) = self.shard(shard).map(|shard| shard.hash_key_range) else { return };
        self.close_shard(shard, now, facts);
        let lower = HashKeyRange { ending_hash_key: new_starting_hash_key - 1, ..range };
        let upper = HashKeyRange { starting_hash_key: new_starting_hash_key, ..range };
        for child in [lower, upper] {
            self.open_shard(child, (Some(shard), None), child_creation(now), now, limits, facts);
        }
    }

    /// Closes two neighbours and opens their child.
    pub(crate) fn merge(
        &mut self,
        shard: ShardId,
        adjacent: ShardId,
        now: Instant,
        limits: &Limits,
        facts: &mut Vec<Fact>,
    ) {
        let (Some(first), Some(second)) = (self.shard(shard), self.shard(adjacent)) else { return };
        let range = HashKeyRange {
            starting_hash_key: first.hash_key_range.starting_hash_key,
            ending_hash_key: second.hash_key_range.ending_hash_key,
        };
        self.close_shard(shard, now, facts);
        self.close_shard(adjacent, now, facts);
        let parents = (Some(shard), Some(adjacent));
        self.open_shard(range, parents, child_creation(now), now, limits, facts);
    }

    /// Drops what is past the retention period from memory, as far as whole segments are.
    pub(crate) fn trim(&mut self, now: Instant) {
        let horizon = self.trim_horizon(now);
        let freed: u64 = self.shards.iter_mut().map(|shard| shard.log.trim(horizon)).sum();
        self.stored_bytes -= freed;
    }

    /// Lets consumers become ACTIVE, or go.
    pub(crate) fn settle_consumers(&mut self, now: Instant, facts: &mut Vec<Fact>) {
        let stream = &self.name;
        self.consumers.retain(|_, consumer| consumer.settle(stream, now, facts));
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

/// Observed: children's sequence numbers carry a creation time exactly one second after their parent's end.
fn child_creation(now: Instant) -> Instant {
    now + Duration::from_seconds(1)
}
