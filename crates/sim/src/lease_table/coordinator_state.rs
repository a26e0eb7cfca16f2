//! The coordinator-state table of a KCL 3 application: the lock that makes a worker the leader.

use std::fmt;

use kinesis::{Duration, Instant};

use super::LeaseReply;

/// The item `Leader`: a lock of the DynamoDB Lock Client.
///
/// Documented: Amazon DynamoDB Lock Client, for the attributes; `DynamoDBLockBasedLeaderDecider` in the library's source
/// for what it is used for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeaderLock {
    pub owner_name: String,
    /// A new one with every heartbeat: who has seen the same for the lease duration may take the lock over.
    pub record_version_number: RecordVersion,
    /// Given up in good order: anybody may take it.
    pub is_released: bool,
    /// When the item was last written: not an attribute, shown on the page only.
    pub written: Instant,
}

impl LeaderLock {
    /// `leaseDuration`. Documented: 120 s, heartbeats every 30 s.
    pub const LEASE_DURATION: Duration = Duration::from_seconds(120);
    pub const HEARTBEAT: Duration = Duration::from_seconds(30);
}

/// A version of the lock's item, written as a UUID.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RecordVersion(pub(crate) u128);

impl fmt::Display for RecordVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Version 4, variant 1.
        let bits = self.0 & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
        let hex = format!("{bits:032x}");
        let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
        f.write_str(&parts.join("-"))
    }
}

/// The item `Migration3.0`: which algorithms the workers of the application run.
///
/// Documented: `MigrationState` in the library's source; an application that begins with KCL 3 is in its last state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MigrationState {
    /// `mb`
    pub modified_by: String,
    /// `mts`
    pub modified: Instant,
}

impl MigrationState {
    /// `cv`
    pub const CLIENT_VERSION: &'static str = "CLIENT_VERSION_3X";
}

/// The table, with the two items that it may have.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CoordinatorStateTable {
    leader: Option<LeaderLock>,
    migration: Option<MigrationState>,
    exists: bool,
}

/// A request to the table.
#[derive(Clone, Debug)]
pub(crate) enum StateCall {
    /// Where it is not there yet.
    CreateTable,
    /// Says that the application runs KCL 3, where nothing is said yet.
    BeginMigration {
        worker: String,
    },
    GetLeader,
    /// Takes the lock, conditional on the version that was seen; none where there was no item.
    Acquire {
        worker: String,
        seen: Option<RecordVersion>,
        version: RecordVersion,
    },
    /// The holder writes a new version, conditional on its own.
    Heartbeat {
        own: RecordVersion,
        version: RecordVersion,
    },
    Release {
        own: RecordVersion,
    },
}

impl StateCall {
    /// The rights that it needs.
    pub(super) fn actions(&self, has_table: bool) -> &'static [&'static str] {
        match self {
            StateCall::CreateTable if has_table => &["dynamodb:DescribeTable"],
            StateCall::CreateTable => &["dynamodb:DescribeTable", "dynamodb:CreateTable"],
            StateCall::BeginMigration { .. } => &["dynamodb:GetItem", "dynamodb:PutItem"],
            StateCall::GetLeader => &["dynamodb:GetItem"],
            StateCall::Acquire { .. } => &["dynamodb:GetItem", "dynamodb:PutItem"],
            StateCall::Heartbeat { .. } | StateCall::Release { .. } => &["dynamodb:UpdateItem"],
        }
    }
}

impl CoordinatorStateTable {
    pub fn leader(&self) -> Option<&LeaderLock> {
        self.leader.as_ref()
    }

    pub fn migration(&self) -> Option<&MigrationState> {
        self.migration.as_ref()
    }

    pub fn exists(&self) -> bool {
        self.exists
    }

    pub(super) fn handle(&mut self, call: StateCall, now: Instant) -> LeaseReply {
        if !self.exists && !matches!(call, StateCall::CreateTable) {
            return LeaseReply::NoTable;
        }
        match call {
            StateCall::CreateTable => self.exists = true,
            StateCall::BeginMigration { worker } => {
                self.migration.get_or_insert(MigrationState { modified_by: worker, modified: now });
            }
            StateCall::GetLeader => return LeaseReply::Leader(self.leader.clone()),
            StateCall::Acquire { worker, seen, version } => {
                if self.leader.as_ref().map(|lock| lock.record_version_number) != seen {
                    return LeaseReply::ConditionalCheckFailed;
                }
                self.leader = Some(LeaderLock {
                    owner_name: worker,
                    record_version_number: version,
                    is_released: false,
                    written: now,
                });
            }
            StateCall::Heartbeat { own, version } => match self.held(own) {
                Some(lock) => {
                    lock.record_version_number = version;
                    lock.written = now;
                }
                None => return LeaseReply::ConditionalCheckFailed,
            },
            StateCall::Release { own } => match self.held(own) {
                Some(lock) => lock.is_released = true,
                None => return LeaseReply::ConditionalCheckFailed,
            },
        }
        LeaseReply::Done
    }

    fn held(&mut self, own: RecordVersion) -> Option<&mut LeaderLock> {
        self.leader.as_mut().filter(|lock| lock.record_version_number == own && !lock.is_released)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant::from_seconds(1_767_225_600);

    fn acquire(table: &mut CoordinatorStateTable, worker: &str, seen: Option<u128>, version: u128) -> bool {
        let call = StateCall::Acquire {
            worker: worker.to_owned(),
            seen: seen.map(RecordVersion),
            version: RecordVersion(version),
        };
        matches!(table.handle(call, NOW), LeaseReply::Done)
    }

    #[test]
    fn of_two_workers_that_saw_no_lock_one_becomes_leader() {
        let mut table = CoordinatorStateTable::default();
        assert!(matches!(table.handle(StateCall::GetLeader, NOW), LeaseReply::NoTable));
        table.handle(StateCall::CreateTable, NOW);
        assert!(acquire(&mut table, "w1", None, 1));
        assert!(!acquire(&mut table, "w2", None, 2));
        assert!(!acquire(&mut table, "w2", Some(9), 2));
        let beat = StateCall::Heartbeat { own: RecordVersion(1), version: RecordVersion(3) };
        assert!(matches!(table.handle(beat.clone(), NOW), LeaseReply::Done));
        assert!(matches!(table.handle(beat, NOW), LeaseReply::ConditionalCheckFailed), "an old version");
        assert!(acquire(&mut table, "w2", Some(3), 4));
        assert_eq!(table.leader().map(|lock| lock.owner_name.as_str()), Some("w2"));
    }

    #[test]
    fn a_version_looks_like_a_random_uuid() {
        assert_eq!(RecordVersion(u128::MAX).to_string(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(RecordVersion(1).to_string(), "00000000-0000-4000-8000-000000000001");
    }
}
