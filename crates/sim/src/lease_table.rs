//! The lease table of a KCL application: a DynamoDB table with one item for each shard, changed by conditional writes.

mod capacity;
mod coordinator_state;
mod requests;
mod tables;
mod worker_metrics;

use std::fmt;

use kinesis::{HashKeyRange, Instant, SequenceNumber, ShardId, SortedMap};

pub use capacity::{TableCapacity, TableSecond};
pub(crate) use coordinator_state::StateCall;
pub use coordinator_state::{CoordinatorStateTable, LeaderLock, MigrationState, RecordVersion};
pub(crate) use requests::{LeaseCall, LeaseReply};
pub use tables::KclTable;
pub(crate) use tables::TableCall;
pub(crate) use worker_metrics::MetricsCall;
pub use worker_metrics::{WorkerMetricStats, WorkerMetricsTable};

use crate::cause::Link;
use crate::{Decimal, StartingPosition};
use capacity::TableTraffic;

/// How far an application has come in a shard.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Checkpoint {
    TrimHorizon,
    Latest,
    AtTimestamp(Instant),
    /// The last record that was processed.
    Record(SequenceNumber),
    /// The closed shard is processed to its end: its children may begin.
    ShardEnd,
}

impl Checkpoint {
    pub(crate) fn initial(from: StartingPosition) -> Checkpoint {
        match from {
            StartingPosition::TrimHorizon => Checkpoint::TrimHorizon,
            StartingPosition::Latest => Checkpoint::Latest,
            StartingPosition::AtTimestamp(at) => Checkpoint::AtTimestamp(at),
        }
    }
}

/// As it stands in the item's `checkpoint` attribute.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Checkpoint::TrimHorizon => f.write_str("TRIM_HORIZON"),
            Checkpoint::Latest => f.write_str("LATEST"),
            Checkpoint::AtTimestamp(_) => f.write_str("AT_TIMESTAMP"),
            Checkpoint::Record(sequence_number) => sequence_number.fmt(f),
            Checkpoint::ShardEnd => f.write_str("SHARD_END"),
        }
    }
}

/// One item of the table; the fields are named after KCL's attributes.
///
/// Documented: `DynamoDBLeaseSerializer` in the library's source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lease {
    /// Partition key `leaseKey`: the shard's id.
    pub lease_key: String,
    pub shard: ShardId,
    /// Absent while nobody owns the lease.
    pub lease_owner: Option<String>,
    /// Heartbeat and optimistic lock: every write of the owner raises it.
    pub lease_counter: u64,
    pub owner_switches_since_checkpoint: u64,
    pub checkpoint: Checkpoint,
    /// Place of the checkpointed user record within an aggregated record.
    pub checkpoint_sub_sequence_number: u64,
    /// `parentShardId`: a set of one or two.
    pub parent_shard_ids: Vec<ShardId>,
    /// Filled when the shard has come to its end.
    pub child_shard_ids: Vec<ShardId>,
    /// `startingHashKey` and `endingHashKey`.
    pub hash_key_range: HashKeyRange,
    /// KCL 3: KB a second that reach the record processor, a moving average; absent until somebody has read.
    pub throughput_kbps: Option<Decimal>,
    /// KCL 3: who still reads while the lease is handed over to `lease_owner`; absent at all other times.
    pub checkpoint_owner: Option<String>,
    /// When the counter was last raised: not an attribute, shown on the page only.
    pub written: Instant,
    /// KCL 3: what assigned the lease to its owner, who does not know of it yet.
    pub(crate) assigned: Option<Link>,
}

impl Lease {
    /// An item as it is created: nobody's, never renewed.
    pub(crate) fn new(
        shard: ShardId,
        hash_key_range: HashKeyRange,
        parent_shard_ids: Vec<ShardId>,
        checkpoint: Checkpoint,
    ) -> Lease {
        Lease {
            lease_key: shard.to_string(),
            shard,
            lease_owner: None,
            lease_counter: 0,
            owner_switches_since_checkpoint: 0,
            checkpoint,
            checkpoint_sub_sequence_number: 0,
            parent_shard_ids,
            child_shard_ids: Vec::new(),
            hash_key_range,
            throughput_kbps: None,
            checkpoint_owner: None,
            written: Instant::default(),
            assigned: None,
        }
    }

    /// Who reads the shard: the owner, or who hands the lease over to the owner.
    ///
    /// Documented: `Lease.actualOwner` in the library's source.
    pub fn actual_owner(&self) -> Option<&str> {
        self.checkpoint_owner.as_deref().or(self.lease_owner.as_deref())
    }

    /// Whether the shard is processed to its end.
    pub fn is_done(&self) -> bool {
        self.checkpoint == Checkpoint::ShardEnd
    }
}

/// The table of an application in DynamoDB: its items by `leaseKey`, and what it may be asked in a second.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LeaseTable {
    leases: SortedMap<String, Lease>,
    exists: bool,
    has_index: bool,
    traffic: TableTraffic,
    deleted_by_hand: u64,
}

impl LeaseTable {
    pub fn leases(&self) -> impl ExactSizeIterator<Item = &Lease> {
        self.leases.values()
    }

    pub fn lease(&self, key: &str) -> Option<&Lease> {
        self.leases.get(key)
    }

    pub(crate) fn lease_mut(&mut self, key: &str) -> Option<&mut Lease> {
        self.leases.get_mut(key)
    }

    /// Whether the table stands in DynamoDB: the first worker's first call creates it.
    pub fn exists(&self) -> bool {
        self.exists
    }

    /// Whether it has the index `LeaseOwnerToLeaseKeyIndex`, which KCL 3 looks for its leases in.
    pub fn has_index(&self) -> bool {
        self.has_index
    }

    /// Items that were deleted by hand, over the life of the application.
    pub fn deleted_by_hand(&self) -> u64 {
        self.deleted_by_hand
    }

    pub fn capacity(&self) -> TableCapacity {
        self.traffic.capacity()
    }

    /// Writes and reads of the last seconds in which there were some, oldest first.
    pub fn seconds(&self) -> impl ExactSizeIterator<Item = &TableSecond> {
        self.traffic.seconds()
    }

    /// What was asked of the table in the `seconds` up to `now`, the running second included.
    pub fn in_the_last(&self, seconds: u64, now: Instant) -> TableSecond {
        self.traffic.in_the_last(seconds, now)
    }

    /// Gives the table another capacity.
    pub(crate) fn set_capacity(&mut self, capacity: TableCapacity, now: Instant) {
        self.traffic.set_capacity(capacity, now);
    }

    /// Somebody deletes an item by hand; `false` where there is none.
    pub(crate) fn delete_by_hand(&mut self, key: &str) -> bool {
        let was_there = self.leases.remove(key).is_some();
        self.deleted_by_hand += u64::from(was_there);
        was_there
    }

    /// Somebody deletes the table; its items are gone.
    pub(crate) fn delete(&mut self) {
        self.leases = SortedMap::new();
        self.exists = false;
        self.has_index = false;
    }
}
