//! What workers ask of the lease table, and its answers.

use kinesis::{Instant, ShardId};

use super::{Checkpoint, LeaderLock, Lease, LeaseTable, TableCapacity, WorkerMetricStats};
use crate::Decimal;

/// A request to the table. Writes of a lease name the counter that they expect.
#[derive(Clone, Debug)]
pub(crate) enum LeaseCall {
    /// Where it is not there yet.
    CreateTable(TableCapacity),
    /// Gives the table its index, where it has none. Simplified: it is there at once; DynamoDB takes minutes.
    CreateIndex,
    Scan,
    Get(Vec<String>),
    /// Keys of the leases with this owner, from the index.
    Query {
        owner: String,
    },
    /// Conditional on the item not being there.
    Create(Vec<Lease>),
    /// Heartbeat. Where it is not said that the lease is being handed over, it is also conditional on that.
    Renew {
        key: String,
        counter: u64,
        throughput_kbps: Option<Decimal>,
        is_handing_over: bool,
    },
    /// The leader gives the lease to `to`, conditional on the owners that it saw; who had it loses it.
    Assign {
        key: String,
        owner: Option<String>,
        checkpoint_owner: Option<String>,
        to: String,
    },
    /// The leader asks `from` to hand the lease over to `to`. The counter stays, so that `from` can go on for a while.
    BeginHandOff {
        key: String,
        from: String,
        to: String,
    },
    /// `from` has no more to do with the lease; `is_forced` where it did not come to the end of its batch.
    HandOver {
        key: String,
        from: String,
        is_forced: bool,
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
    Keys(Vec<String>),
    Metrics(Vec<WorkerMetricStats>),
    Leader(Option<LeaderLock>),
    /// A conditional write failed because the lease is to be handed over; the item comes with the refusal.
    HandOffAsked(Box<Lease>),
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
    pub(super) fn actions(&self, has_table: bool, has_index: bool) -> &'static [&'static str] {
        match self {
            LeaseCall::CreateTable(_) if has_table => &["dynamodb:DescribeTable"],
            LeaseCall::CreateTable(_) => &["dynamodb:DescribeTable", "dynamodb:CreateTable"],
            LeaseCall::CreateIndex if has_index => &["dynamodb:DescribeTable"],
            LeaseCall::CreateIndex => &["dynamodb:DescribeTable", "dynamodb:UpdateTable"],
            LeaseCall::Scan => &["dynamodb:Scan"],
            LeaseCall::Query { .. } => &["dynamodb:Query"],
            LeaseCall::Get(_) => &["dynamodb:GetItem"],
            LeaseCall::Create(_) => &["dynamodb:PutItem"],
            LeaseCall::Renew { .. }
            | LeaseCall::Take { .. }
            | LeaseCall::Assign { .. }
            | LeaseCall::BeginHandOff { .. }
            | LeaseCall::HandOver { .. }
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
            LeaseCall::Query { .. } => 1,
            LeaseCall::CreateTable(_)
            | LeaseCall::CreateIndex
            | LeaseCall::Create(_)
            | LeaseCall::Renew { .. }
            | LeaseCall::Take { .. }
            | LeaseCall::Assign { .. }
            | LeaseCall::BeginHandOff { .. }
            | LeaseCall::HandOver { .. }
            | LeaseCall::Checkpoint { .. }
            | LeaseCall::Release { .. }
            | LeaseCall::Delete { .. } => 0,
        }
    }

    /// Write units that the call takes: one for each item, refused conditions included.
    fn write_units(&self) -> u64 {
        match self {
            LeaseCall::CreateTable(_)
            | LeaseCall::CreateIndex
            | LeaseCall::Scan
            | LeaseCall::Get(_)
            | LeaseCall::Query { .. } => 0,
            LeaseCall::Create(leases) => leases.len() as u64,
            LeaseCall::Renew { .. }
            | LeaseCall::Take { .. }
            | LeaseCall::Assign { .. }
            | LeaseCall::BeginHandOff { .. }
            | LeaseCall::HandOver { .. }
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
            LeaseCall::CreateIndex => {
                self.has_index = true;
                LeaseReply::Done
            }
            LeaseCall::Query { owner } => LeaseReply::Keys(
                self.leases
                    .values()
                    .filter(|lease| self.has_index && lease.lease_owner.as_ref() == Some(&owner))
                    .map(|lease| lease.lease_key.clone())
                    .collect(),
            ),
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
            LeaseCall::Renew { key, counter, throughput_kbps, is_handing_over } => {
                match self.leases.get(&key) {
                    Some(lease)
                        if lease.lease_counter == counter
                            && lease.checkpoint_owner.is_some()
                            && !is_handing_over =>
                    {
                        LeaseReply::HandOffAsked(Box::new(lease.clone()))
                    }
                    Some(_) | None => self.write(&key, counter, now, |lease| {
                        lease.throughput_kbps = throughput_kbps.or(lease.throughput_kbps);
                    }),
                }
            }
            LeaseCall::Take { key, counter, owner } => {
                self.write(&key, counter, now, |lease| lease.give_to(owner))
            }
            LeaseCall::Assign { key, owner, checkpoint_owner, to } => self.write_if(
                &key,
                now,
                |lease| lease.lease_owner == owner && lease.checkpoint_owner == checkpoint_owner,
                |lease| lease.give_to(to),
            ),
            LeaseCall::BeginHandOff { key, from, to } => match self.leases.get_mut(&key) {
                Some(lease)
                    if lease.lease_owner.as_ref() == Some(&from) && lease.checkpoint_owner.is_none() =>
                {
                    lease.lease_owner = Some(to);
                    lease.checkpoint_owner = Some(from.clone());
                    LeaseReply::Written { lease: Box::new(lease.clone()), owner_before: Some(from) }
                }
                Some(_) | None => LeaseReply::ConditionalCheckFailed,
            },
            LeaseCall::HandOver { key, from, is_forced: _ } => self.write_if(
                &key,
                now,
                |lease| lease.checkpoint_owner.as_ref() == Some(&from),
                |lease| {
                    lease.checkpoint_owner = None;
                    lease.owner_switches_since_checkpoint += 1;
                },
            ),
            LeaseCall::Checkpoint { key, counter, checkpoint, sub_sequence_number, children } => {
                self.write(&key, counter, now, |lease| {
                    lease.checkpoint = checkpoint;
                    lease.checkpoint_sub_sequence_number = sub_sequence_number;
                    lease.owner_switches_since_checkpoint = 0;
                    lease.child_shard_ids = children;
                })
            }
            // A lease that is being handed over goes to its next owner.
            LeaseCall::Release { key, counter } => self.write(&key, counter, now, |lease| {
                if lease.checkpoint_owner.take().is_none() {
                    lease.lease_owner = None;
                }
            }),
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
        self.write_if(key, now, |lease| lease.lease_counter == counter, change)
    }

    /// A conditional write that raises the counter.
    fn write_if(
        &mut self,
        key: &str,
        now: Instant,
        is_expected: impl FnOnce(&Lease) -> bool,
        change: impl FnOnce(&mut Lease),
    ) -> LeaseReply {
        let Some(lease) = self.leases.get_mut(key) else { return LeaseReply::ConditionalCheckFailed };
        if !is_expected(lease) {
            return LeaseReply::ConditionalCheckFailed;
        }
        let owner_before = lease.lease_owner.clone();
        change(lease);
        lease.lease_counter += 1;
        lease.written = now;
        LeaseReply::Written { lease: Box::new(lease.clone()), owner_before }
    }
}

impl Lease {
    /// Makes somebody its owner, whoever still hands it over.
    ///
    /// Documented: `getDynamoTakeLeaseUpdate` in the library's source. Simplified: a lease that nobody owned counts as a
    /// switch too.
    fn give_to(&mut self, owner: String) {
        let hands_back = self.checkpoint_owner.take().is_some_and(|before| before == owner);
        if self.lease_owner.as_ref() != Some(&owner) || hands_back {
            self.owner_switches_since_checkpoint += 1;
        }
        self.lease_owner = Some(owner);
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

    fn renew(counter: u64, is_handing_over: bool) -> LeaseCall {
        LeaseCall::Renew { key: KEY.to_owned(), counter, throughput_kbps: None, is_handing_over }
    }

    /// Documented: `initiateGracefulLeaseHandoff` leaves the counter alone and `renewLease` expects no
    /// `checkpointOwner`; `assignLease` raises the counter.
    #[test]
    fn who_hands_a_lease_over_learns_of_it_by_its_renewal_and_goes_on_until_it_is_through() {
        let mut table = table(TableCapacity::OnDemand);
        take(&mut table, "w1", 0);
        let ask = LeaseCall::BeginHandOff { key: KEY.to_owned(), from: "w1".into(), to: "w2".into() };
        assert!(matches!(table.handle(ask.clone(), NOW), LeaseReply::Written { .. }));
        assert!(matches!(table.handle(ask, NOW), LeaseReply::ConditionalCheckFailed), "once");
        let lease = table.lease(KEY).unwrap();
        assert_eq!((lease.lease_owner.as_deref(), lease.actual_owner()), (Some("w2"), Some("w1")));
        assert_eq!(lease.lease_counter, 1);
        assert!(matches!(table.handle(renew(1, false), NOW), LeaseReply::HandOffAsked(_)));
        assert!(matches!(table.handle(renew(1, true), NOW), LeaseReply::Written { .. }));
        let over = LeaseCall::HandOver { key: KEY.to_owned(), from: "w1".into(), is_forced: false };
        assert!(matches!(table.handle(over, NOW), LeaseReply::Written { .. }));
        let lease = table.lease(KEY).unwrap();
        assert_eq!((lease.actual_owner(), lease.lease_counter), (Some("w2"), 3));
        assert!(matches!(table.handle(renew(2, true), NOW), LeaseReply::ConditionalCheckFailed));
    }

    #[test]
    fn a_lease_is_assigned_only_where_its_owners_are_as_they_were_seen() {
        let mut table = table(TableCapacity::OnDemand);
        let assign = |owner: Option<&str>, to: &str| LeaseCall::Assign {
            key: KEY.to_owned(),
            owner: owner.map(str::to_owned),
            checkpoint_owner: None,
            to: to.to_owned(),
        };
        assert!(matches!(table.handle(assign(None, "w1"), NOW), LeaseReply::Written { .. }));
        assert!(matches!(table.handle(assign(None, "w2"), NOW), LeaseReply::ConditionalCheckFailed));
        assert!(matches!(table.handle(assign(Some("w1"), "w2"), NOW), LeaseReply::Written { .. }));
        assert_eq!(table.lease(KEY).unwrap().lease_counter, 2, "who had it loses it");
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
        let call = renew(0, false);
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
