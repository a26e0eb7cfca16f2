//! What a DynamoDB table may be asked in a second, and what it was asked.

use std::collections::VecDeque;

use kinesis::{Duration, Instant, Quota};

/// How a table is billed, which decides what it refuses.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum TableCapacity {
    /// `PAY_PER_REQUEST`. Simplified: it never refuses; DynamoDB refuses what exceeds twice the earlier peak.
    #[default]
    OnDemand,
    /// Units per second: a write of 1 KB takes one, an eventually consistent read of 4 KB half a one.
    Provisioned { read: u32, write: u32 },
}

impl TableCapacity {
    /// Most units per second. Documented: the default quota of a table in DynamoDB.
    pub const UNITS_MAX: u32 = 40_000;
    /// What KCL 1 creates its table with.
    pub const OF_KCL_1: TableCapacity = TableCapacity::Provisioned { read: 10, write: 10 };
}

/// What a table was asked in one second (or in several).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TableSecond {
    /// Seconds since the Unix epoch.
    pub second: u64,
    /// Write units that were taken: one for each item, refused conditions included.
    pub writes: u64,
    /// Half read units that were taken.
    pub half_reads: u64,
    /// Calls that were refused for want of capacity.
    pub throttled: u64,
}

/// Unused capacity that is saved up. Documented: DynamoDB keeps up to 300 seconds of it for bursts.
const BURST: Duration = Duration::from_seconds(300);
/// Seconds that are kept.
const SECONDS_MAX: usize = 60;

/// Budgets and counts of a table.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct TableTraffic {
    capacity: TableCapacity,
    /// Half read units and write units, where the capacity is provisioned.
    quotas: Option<(Quota, Quota)>,
    seconds: VecDeque<TableSecond>,
}

impl TableTraffic {
    pub(super) fn capacity(&self) -> TableCapacity {
        self.capacity
    }

    pub(super) fn seconds(&self) -> impl ExactSizeIterator<Item = &TableSecond> {
        self.seconds.iter()
    }

    /// From `now` on; nothing is saved up yet.
    pub(super) fn set_capacity(&mut self, capacity: TableCapacity, now: Instant) {
        self.capacity = capacity;
        let quota = |units: u64| {
            let mut quota = Quota::new(units * BURST.seconds(), units, now);
            quota.spend(units * (BURST.seconds() - 1), now);
            quota
        };
        self.quotas = match capacity {
            TableCapacity::OnDemand => None,
            TableCapacity::Provisioned { read, write } => {
                Some((quota(u64::from(read) * 2), quota(u64::from(write))))
            }
        };
    }

    /// Takes what a call needs; `false` where it is refused.
    pub(super) fn take(&mut self, half_reads: u64, writes: u64, now: Instant) -> bool {
        let is_allowed = self.quotas.as_mut().is_none_or(|(read_quota, write_quota)| {
            // What is there of a large request is taken first: a scan reads page by page.
            let is_enough = |quota: &Quota, units: u64| units == 0 || quota.level(now) > 0;
            let is_allowed = is_enough(read_quota, half_reads) && is_enough(write_quota, writes);
            if is_allowed {
                read_quota.spend(half_reads, now);
                write_quota.spend(writes, now);
            }
            is_allowed
        });
        if self.seconds.back().is_none_or(|last| last.second != now.seconds()) {
            if self.seconds.len() == SECONDS_MAX {
                self.seconds.pop_front();
            }
            self.seconds.push_back(TableSecond { second: now.seconds(), ..TableSecond::default() });
        }
        if let Some(counts) = self.seconds.back_mut() {
            if is_allowed {
                counts.writes += writes;
                counts.half_reads += half_reads;
            } else {
                counts.throttled += 1;
            }
        }
        is_allowed
    }

    pub(super) fn in_the_last(&self, seconds: u64, now: Instant) -> TableSecond {
        let mut sum = TableSecond { second: now.seconds(), ..TableSecond::default() };
        let recent = self.seconds.iter().rev();
        for counts in recent.take_while(|counts| counts.second + seconds > now.seconds()) {
            sum.writes += counts.writes;
            sum.half_reads += counts.half_reads;
            sum.throttled += counts.throttled;
        }
        sum
    }
}
