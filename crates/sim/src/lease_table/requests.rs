//! What workers ask of the lease table, and its answers.

use kinesis::{Instant, ShardId};

use super::{Checkpoint, Lease, LeaseTable, TableCapacity};

/// A request to the table. Writes of a lease name the counter that they expect.
#[derive(Clone, Debug)]
pub(crate) enum LeaseCall {
    /// Where it is not there yet.
    CreateTable(TableCapacity),
    Scan,
    Get(Vec<String>),
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
        sub_sequence_number: u64,
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

/// The answer.
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
    Done,
    /// The counter was not the expected one, or the item is not there.
    ConditionalCheckFailed,
    /// `ProvisionedThroughputExceededException`.
    Throttled,
    /// The network lost the call or its answer: what was asked may have been done, or not.
    NoAnswer,
    /// `ResourceNotFoundException`: there is no such table.
    NoTable,
    /// The worker's role may not do that.
    AccessDenied,
}

/// Bytes of an item, about: what a scan reads of each.
///
/// Assumed: names and values of the attributes of facts and samples come to 350 to 450 bytes.
const ITEM_BYTES: u64 = 400;
/// What half a read unit reads, eventually consistent. Documented: DynamoDB, "Read and write operations".
const HALF_READ_UNIT_BYTES: u64 = 4_096;

impl LeaseCall {
    /// The rights that it needs.
    pub(crate) fn actions(&self, has_table: bool) -> &'static [&'static str] {
        match self {
            LeaseCall::CreateTable(_) if has_table => &["dynamodb:DescribeTable"],
            LeaseCall::CreateTable(_) => &["dynamodb:DescribeTable", "dynamodb:CreateTable"],
            LeaseCall::Scan => &["dynamodb:Scan"],
            LeaseCall::Get(_) => &["dynamodb:GetItem"],
            LeaseCall::Create(_) => &["dynamodb:PutItem"],
            LeaseCall::Renew { .. }
            | LeaseCall::Take { .. }
            | LeaseCall::Checkpoint { .. }
            | LeaseCall::Release { .. } => &["dynamodb:UpdateItem"],
            LeaseCall::Delete { .. } => &["dynamodb:DeleteItem"],
        }
    }

    /// Half read units that the call takes.
    fn half_read_units(&self, items: usize) -> u64 {
        match self {
            LeaseCall::Scan => (items as u64 * ITEM_BYTES).div_ceil(HALF_READ_UNIT_BYTES).max(1),
            LeaseCall::Get(keys) => keys.len() as u64,
            LeaseCall::CreateTable(_)
            | LeaseCall::Create(_)
            | LeaseCall::Renew { .. }
            | LeaseCall::Take { .. }
            | LeaseCall::Checkpoint { .. }
            | LeaseCall::Release { .. }
            | LeaseCall::Delete { .. } => 0,
        }
    }

    /// Write units that the call takes: one for each item, refused conditions included.
    fn write_units(&self) -> u64 {
        match self {
            LeaseCall::CreateTable(_) | LeaseCall::Scan | LeaseCall::Get(_) => 0,
            LeaseCall::Create(leases) => leases.len() as u64,
            LeaseCall::Renew { .. }
            | LeaseCall::Take { .. }
            | LeaseCall::Checkpoint { .. }
            | LeaseCall::Release { .. }
            | LeaseCall::Delete { .. } => 1,
        }
    }
}

impl LeaseTable {
    pub(crate) fn handle(&mut self, call: LeaseCall, now: Instant) -> LeaseReply {
        if let LeaseCall::CreateTable(capacity) = call {
            if !self.exists {
                self.exists = true;
                self.set_capacity(capacity, now);
            }
            return LeaseReply::Done;
        }
        if !self.exists {
            return LeaseReply::NoTable;
        }
        let (reads, writes) = (call.half_read_units(self.leases.len()), call.write_units());
        if !self.traffic.take(reads, writes, now) {
            return LeaseReply::Throttled;
        }
        match call {
            LeaseCall::CreateTable(_) => LeaseReply::Done,
            LeaseCall::Scan => LeaseReply::Leases(self.leases.values().cloned().collect()),
            LeaseCall::Get(keys) => {
                LeaseReply::Leases(keys.iter().filter_map(|key| self.leases.get(key)).cloned().collect())
            }
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
            LeaseCall::Checkpoint { key, counter, checkpoint, sub_sequence_number, children } => {
                self.write(&key, counter, now, |lease| {
                    lease.checkpoint = checkpoint;
                    lease.checkpoint_sub_sequence_number = sub_sequence_number;
                    lease.owner_switches_since_checkpoint = 0;
                    lease.child_shard_ids = children;
                })
            }
            LeaseCall::Release { key, counter } => {
                self.write(&key, counter, now, |lease| lease.lease_owner = None)
            }
            LeaseCall::Delete { key } => {
                self.leases.remove(&key);
                LeaseReply::Done
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
    use kinesis::HashKeyRange;

    use super::*;

    const NOW: Instant = Instant::from_seconds(1_767_225_600);
    const KEY: &str = "shardId-000000000000";

    fn table(capacity: TableCapacity) -> LeaseTable {
        let mut table = LeaseTable::default();
        let range = HashKeyRange { starting_hash_key: 0, ending_hash_key: u128::MAX };
        table.handle(LeaseCall::CreateTable(capacity), NOW);
        let lease = Lease::new(ShardId(0), range, Vec::new(), Checkpoint::TrimHorizon);
        table.handle(LeaseCall::Create(vec![lease]), NOW);
        table
    }

    fn take(table: &mut LeaseTable, owner: &str, counter: u64) -> LeaseReply {
        let call = LeaseCall::Take { key: KEY.to_owned(), counter, owner: owner.to_owned() };
        table.handle(call, NOW)
    }

    #[test]
    fn of_two_workers_that_expect_the_same_counter_one_wins() {
        let mut table = table(TableCapacity::OnDemand);
        assert!(matches!(take(&mut table, "w1", 0), LeaseReply::Written { .. }));
        assert!(matches!(take(&mut table, "w2", 0), LeaseReply::ConditionalCheckFailed));
        let lease = table.leases().next().unwrap();
        assert_eq!((lease.lease_owner.as_deref(), lease.lease_counter), (Some("w1"), 1));
        assert_eq!(lease.owner_switches_since_checkpoint, 1);
    }

    #[test]
    fn an_item_is_created_once() {
        let mut table = table(TableCapacity::OnDemand);
        let again = table.leases().next().cloned().unwrap();
        take(&mut table, "w1", 0);
        let reply = table.handle(LeaseCall::Create(vec![again]), NOW);
        assert!(matches!(reply, LeaseReply::Created(created) if created.is_empty()));
        assert_eq!(table.leases().next().and_then(|lease| lease.lease_owner.clone()).as_deref(), Some("w1"));
    }

    #[test]
    fn a_table_that_is_not_there_answers_nothing_else() {
        let mut table = table(TableCapacity::OnDemand);
        table.delete();
        assert!(matches!(take(&mut table, "w1", 0), LeaseReply::NoTable));
        assert!(matches!(table.handle(LeaseCall::Scan, NOW), LeaseReply::NoTable));
    }

    /// Documented: DynamoDB refuses what exceeds the provisioned units; a condition that fails takes its unit too.
    #[test]
    fn a_table_of_two_write_units_takes_two_writes_in_its_first_second() {
        let mut table = table(TableCapacity::Provisioned { read: 2, write: 2 });
        // Creating the item took one.
        assert!(matches!(take(&mut table, "w1", 9), LeaseReply::ConditionalCheckFailed));
        assert!(matches!(take(&mut table, "w1", 0), LeaseReply::Throttled));
        let later = NOW + kinesis::Duration::from_seconds(1);
        let call = LeaseCall::Renew { key: KEY.to_owned(), counter: 0 };
        assert!(matches!(table.handle(call, later), LeaseReply::Written { .. }));
        let counted = table.in_the_last(10, later);
        assert_eq!((counted.writes, counted.throttled), (3, 1));
    }

    #[test]
    fn scans_take_read_units_by_what_they_read() {
        let mut table = table(TableCapacity::Provisioned { read: 1, write: 10 });
        // Half a unit for one small item, eventually consistent.
        for _ in 0..2 {
            assert!(matches!(table.handle(LeaseCall::Scan, NOW), LeaseReply::Leases(_)));
        }
        assert!(matches!(table.handle(LeaseCall::Scan, NOW), LeaseReply::Throttled));
    }
}
