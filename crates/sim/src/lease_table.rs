//! The lease table of a KCL application: a DynamoDB table with one item for each shard, changed by conditional writes.

use std::fmt;

use kinesis::{HashKeyRange, Instant, SequenceNumber, ShardId, SortedMap};

use crate::StartingPosition;

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
    pub parent_shard_ids: Vec<ShardId>,
    pub child_shard_ids: Vec<ShardId>,
    pub hash_key_range: HashKeyRange,
    /// When the item was last written: not an attribute, shown on the page only.
    pub written: Instant,
}

/// The items by `leaseKey`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LeaseTable {
    leases: SortedMap<String, Lease>,
}

/// A request to the table. Writes name the counter that they expect.
#[derive(Clone, Debug)]
pub(crate) enum LeaseCall {
    Scan,
    /// Conditional on the item not being there.
    Create(Vec<Lease>),
    /// Heartbeat.
    Renew {
        key: String,
        counter: u64,
    },
    /// `owner` takes the lease from nobody or from its last owner.
    Take {
        key: String,
        counter: u64,
        owner: String,
    },
    Checkpoint {
        key: String,
        counter: u64,
        checkpoint: Checkpoint,
        children: Vec<ShardId>,
    },
    /// Gives the lease back.
    Release {
        key: String,
        counter: u64,
    },
    Delete {
        key: String,
    },
}

/// The answer. `ConditionalCheckFailed` where the counter was not the expected one.
#[derive(Clone, Debug)]
pub(crate) enum LeaseReply {
    Leases(Vec<Lease>),
    /// Keys of the items that were not there before.
    Created(Vec<String>),
    /// The item after the write, and who owned it before.
    Written {
        lease: Box<Lease>,
        owner_before: Option<String>,
    },
    Deleted,
    ConditionalCheckFailed,
    /// The worker's role may not do that.
    AccessDenied,
}

impl LeaseCall {
    /// The right that it needs.
    pub(crate) fn action(&self) -> &'static str {
        match self {
            LeaseCall::Scan => "dynamodb:Scan",
            LeaseCall::Create(_) => "dynamodb:PutItem",
            LeaseCall::Renew { .. }
            | LeaseCall::Take { .. }
            | LeaseCall::Checkpoint { .. }
            | LeaseCall::Release { .. } => "dynamodb:UpdateItem",
            LeaseCall::Delete { .. } => "dynamodb:DeleteItem",
        }
    }
}

impl LeaseTable {
    pub fn leases(&self) -> impl ExactSizeIterator<Item = &Lease> {
        self.leases.values()
    }

    pub fn lease(&self, key: &str) -> Option<&Lease> {
        self.leases.get(key)
    }

    pub(crate) fn handle(&mut self, call: LeaseCall, now: Instant) -> LeaseReply {
        match call {
            LeaseCall::Scan => LeaseReply::Leases(self.leases.values().cloned().collect()),
            LeaseCall::Create(leases) => {
                let mut created = Vec::new();
                for lease in leases {
                    if !self.leases.contains_key(&lease.lease_key) {
                        created.push(lease.lease_key.clone());
                        self.leases.insert(lease.lease_key.clone(), Lease { written: now, ..lease });
                    }
                }
                LeaseReply::Created(created)
            }
            LeaseCall::Renew { key, counter } => self.write(&key, counter, now, |_| {}),
            LeaseCall::Take { key, counter, owner } => self.write(&key, counter, now, |lease| {
                if lease.lease_owner.as_ref() != Some(&owner) {
                    lease.owner_switches_since_checkpoint += 1;
                }
                lease.lease_owner = Some(owner);
            }),
            LeaseCall::Checkpoint { key, counter, checkpoint, children } => {
                self.write(&key, counter, now, |lease| {
                    lease.checkpoint = checkpoint;
                    lease.owner_switches_since_checkpoint = 0;
                    lease.child_shard_ids = children;
                })
            }
            LeaseCall::Release { key, counter } => {
                self.write(&key, counter, now, |lease| lease.lease_owner = None)
            }
            LeaseCall::Delete { key } => {
                self.leases.remove(&key);
                LeaseReply::Deleted
            }
        }
    }

    fn write(
        &mut self,
        key: &str,
        counter: u64,
        now: Instant,
        change: impl FnOnce(&mut Lease),
    ) -> LeaseReply {
        match self.leases.get_mut(key).filter(|lease| lease.lease_counter == counter) {
            None => LeaseReply::ConditionalCheckFailed,
            Some(lease) => {
                let owner_before = lease.lease_owner.clone();
                change(lease);
                lease.lease_counter += 1;
                lease.written = now;
                LeaseReply::Written { lease: Box::new(lease.clone()), owner_before }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant::from_seconds(1_767_225_600);

    fn table() -> LeaseTable {
        let mut table = LeaseTable::default();
        let lease = Lease {
            lease_key: "shardId-000000000000".to_owned(),
            shard: ShardId(0),
            lease_owner: None,
            lease_counter: 0,
            owner_switches_since_checkpoint: 0,
            checkpoint: Checkpoint::TrimHorizon,
            parent_shard_ids: Vec::new(),
            child_shard_ids: Vec::new(),
            hash_key_range: HashKeyRange { starting_hash_key: 0, ending_hash_key: u128::MAX },
            written: NOW,
        };
        table.handle(LeaseCall::Create(vec![lease]), NOW);
        table
    }

    fn take(table: &mut LeaseTable, owner: &str, counter: u64) -> LeaseReply {
        let key = "shardId-000000000000".to_owned();
        table.handle(LeaseCall::Take { key, counter, owner: owner.to_owned() }, NOW)
    }

    #[test]
    fn of_two_workers_that_expect_the_same_counter_one_wins() {
        let mut table = table();
        assert!(matches!(take(&mut table, "w1", 0), LeaseReply::Written { .. }));
        assert!(matches!(take(&mut table, "w2", 0), LeaseReply::ConditionalCheckFailed));
        let lease = table.leases().next().unwrap();
        assert_eq!((lease.lease_owner.as_deref(), lease.lease_counter), (Some("w1"), 1));
        assert_eq!(lease.owner_switches_since_checkpoint, 1);
    }

    #[test]
    fn an_item_is_created_once() {
        let mut table = table();
        let again = table.leases().next().cloned().unwrap();
        take(&mut table, "w1", 0);
        let reply = table.handle(LeaseCall::Create(vec![again]), NOW);
        assert!(matches!(reply, LeaseReply::Created(created) if created.is_empty()));
        assert_eq!(table.leases().next().and_then(|lease| lease.lease_owner.clone()).as_deref(), Some("w1"));
    }
}
