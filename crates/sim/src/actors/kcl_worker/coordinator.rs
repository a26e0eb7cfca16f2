//! The lease coordinator of a worker: it renews the leases that it holds, takes expired ones, steals, and learns that
//! it lost one.

use std::collections::VecDeque;

use kinesis::{Instant, LimitsProfile, SortedMap};

use super::{ConsumerPhase, HeldLease, KclWorker, Pending};
use crate::actor::ActorCtx;
use crate::lease_table::{Checkpoint, Lease, LeaseCall};
use crate::neighbours::cloudwatch::ProgramMetric;
use crate::{Fact, Rule};

/// What a worker knows of everybody's heartbeats. No time stands in the table: a lease is expired for somebody who has
/// not seen its counter change for the fail-over time.
///
/// Documented: a worker looks at the counters when it scans the table, every 20 s, and begins to count at the scan
/// that shows a new counter (`DynamoDBLeaseTaker.updateAllLeases`). A lease then changes hands 17 to 37 s after its
/// worker died. Under the limits profile of today workers do so.
///
/// Simplified: what exams and study notes say, the fail-over time and up to one taker run, 10 to 30 s, is what
/// results where a change of the counter is noticed when it happens. Under these profiles it is.
#[derive(Clone, Debug)]
pub(super) enum Watch {
    AsItHappens,
    AtOwnScans(SortedMap<String, Seen>),
}

/// A lease's counter at the last scan.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    counter: u64,
    /// When the worker first saw that counter; none where nobody ever renewed the lease.
    since: Option<Instant>,
}

impl Watch {
    pub(super) fn new(profile: LimitsProfile) -> Watch {
        match profile {
            LimitsProfile::Exam | LimitsProfile::StudyNotes => Watch::AsItHappens,
            LimitsProfile::AwsToday => Watch::AtOwnScans(SortedMap::new()),
        }
    }

    /// Takes note of a scan.
    pub(super) fn scanned(&mut self, now: Instant, leases: &[Lease]) {
        let Watch::AtOwnScans(seen) = self else { return };
        *seen = leases
            .iter()
            .map(|lease| {
                let counter = lease.lease_counter;
                let since = match seen.get(&lease.lease_key) {
                    Some(before) if before.counter == counter => before.since,
                    None if lease.lease_owner.is_none() => None,
                    Some(_) | None => Some(now),
                };
                (lease.lease_key.clone(), Seen { counter, since })
            })
            .collect();
    }

    /// Forgets what was seen: another worker led until now.
    pub(super) fn forget(&mut self) {
        if let Watch::AtOwnScans(seen) = self {
            *seen = SortedMap::new();
        }
    }

    /// Since when the lease's counter stands still; none where nobody ever renewed it.
    pub(super) fn still_since(&self, lease: &Lease) -> Option<Instant> {
        match self {
            Watch::AsItHappens if lease.lease_counter == 0 => None,
            Watch::AsItHappens => Some(lease.written),
            Watch::AtOwnScans(seen) => seen.get(&lease.lease_key)?.since,
        }
    }

    /// Whether nobody has renewed the lease for `periods` times the fail-over time.
    pub(super) fn is_still_for(
        &self,
        lease: &Lease,
        now: Instant,
        failover: kinesis::Duration,
        periods: u64,
    ) -> bool {
        self.still_since(lease).is_none_or(|since| now.since(since) > failover.times(periods))
    }
}

/// Leases that nobody has renewed for so many fail-over times are taken first, whatever the target.
///
/// Documented: `veryOldLeaseDurationNanosMultiplier` of `DynamoDBLeaseTaker`.
const VERY_OLD_PERIODS: u64 = 3;

impl KclWorker {
    // Renewing --------------------------------------------------------------------------------------------------------

    pub(super) fn renew_all(&mut self, ctx: &mut ActorCtx) {
        ctx.measure(ProgramMetric::CurrentLeases, self.leases.len() as u64);
        for key in self.keys_where(|lease| !lease.is_writing) {
            self.renew(ctx, &key);
        }
    }

    pub(super) fn renew(&mut self, ctx: &mut ActorCtx, key: &str) {
        let (interval, is_measured) = (KclWorker::renew_interval(self.spec.failover), self.fleet.is_some());
        let Some(lease) = self.leases.get_mut(key) else { return };
        let throughput_kbps = if is_measured { lease.measure(interval) } else { None };
        let is_handing_over = lease.hand_off.is_some();
        self.write(ctx, key, Pending::Renew, |key, counter| LeaseCall::Renew {
            key,
            counter,
            throughput_kbps,
            is_handing_over,
        });
    }

    /// What the worker could not renew for the fail-over time it does not hold any more, by its own clock: others may
    /// have taken it.
    ///
    /// Documented: `getCurrentlyHeldLeases` and `renewLease` in `DynamoDBLeaseRenewer` leave expired leases out.
    pub(super) fn drop_expired(&mut self, ctx: &mut ActorCtx) {
        let (now, failover) = (ctx.now, self.spec.failover);
        for key in self.keys_where(|lease| now.since(lease.renewed) > failover) {
            self.lose(ctx, &key, Rule::NotRenewed);
        }
    }

    pub(super) fn written(&mut self, ctx: &ActorCtx, key: &str, item: &Lease) {
        if let Some(lease) = self.leases.get_mut(key) {
            lease.is_writing = false;
            lease.counter = item.lease_counter;
            lease.checkpoint = item.checkpoint;
            lease.checkpoint_sub = item.checkpoint_sub_sequence_number;
            lease.renewed = ctx.now;
        }
    }

    pub(super) fn note_refused(&self, ctx: &mut ActorCtx, lease: String) {
        ctx.note(Fact::LeaseWriteRefused { application: self.spec.name.clone(), lease, worker: ctx.id });
    }

    /// The worker learns that it does not hold the lease any more. A batch that its processor has begun is worked off
    /// nevertheless: the processor learns of it when it has returned.
    pub(super) fn lose(&mut self, ctx: &mut ActorCtx, key: &str, rule: Rule) {
        let Some(lease) = self.let_go(ctx, key) else { return };
        let (application, link) = (self.spec.name.clone(), ctx.link());
        ctx.because(link.by(rule));
        ctx.measure(ProgramMetric::LostLeases, 1);
        ctx.note(Fact::LeaseLost { application, lease: key.to_owned(), worker: ctx.id });
        ctx.because(link);
        if lease.batch.is_some() {
            self.ghosts.insert(key.to_owned(), lease);
        }
    }

    /// The worker has nothing to do with the lease any more.
    pub(super) fn let_go(&mut self, ctx: &mut ActorCtx, key: &str) -> Option<HeldLease> {
        let lease = self.leases.remove(key)?;
        lease.subscription.into_iter().for_each(|subscription| ctx.close(subscription));
        Some(lease)
    }

    // Taking ----------------------------------------------------------------------------------------------------------

    /// Begins with what the table says is this worker's own: it ran under the same name before.
    pub(super) fn adopt(&mut self, ctx: &mut ActorCtx, leases: &[Lease]) {
        self.is_started = true;
        self.renew_at = ctx.now + KclWorker::renew_interval(self.spec.failover);
        self.take_at = ctx.now + KclWorker::take_interval(self.spec.failover);
        self.begin_to_look_after_shards(ctx.now);
        self.begin_fleet(ctx.now);
        self.look_at(ctx, leases);
        for lease in leases {
            if lease.lease_owner.as_ref() == Some(&self.name) && lease.checkpoint_owner.is_none() {
                self.hold(ctx, lease);
            }
        }
        self.renew_all(ctx);
    }

    pub(super) fn hold(&mut self, ctx: &mut ActorCtx, item: &Lease) {
        self.taken += 1;
        let phase = match item.is_done() {
            true => ConsumerPhase::ShutdownComplete,
            false => ConsumerPhase::WaitingOnParentShards,
        };
        let last = match item.checkpoint {
            Checkpoint::Record(number) => Some((number, item.checkpoint_sub_sequence_number)),
            Checkpoint::TrimHorizon
            | Checkpoint::Latest
            | Checkpoint::AtTimestamp(_)
            | Checkpoint::ShardEnd => None,
        };
        let lease = HeldLease {
            shard: item.shard,
            counter: item.lease_counter,
            phase,
            checkpoint: item.checkpoint,
            checkpoint_sub: item.checkpoint_sub_sequence_number,
            last,
            millis_behind: 0,
            records: 0,
            number: self.taken,
            range: item.hash_key_range,
            parents: item.parent_shard_ids.clone(),
            children: item.child_shard_ids.clone(),
            iterator: None,
            poll_at: None,
            batch: None,
            waiting: VecDeque::new(),
            subscription: None,
            continuation: None,
            end: None,
            checkpoint_at: ctx.now + self.spec.checkpoint_interval,
            renewed: ctx.now,
            is_writing: false,
            is_reading: false,
            hand_off: None,
            bytes: 0,
            throughput: item.throughput_kbps,
        };
        self.leases.insert(item.lease_key.clone(), lease);
        self.start_children(ctx);
        self.look_at_parents(ctx, &item.lease_key);
    }

    pub(super) fn look_at(&mut self, ctx: &ActorCtx, leases: &[Lease]) {
        self.watch.scanned(ctx.now, leases);
        let is_live = |lease: &&Lease| !self.watch.is_still_for(lease, ctx.now, self.spec.failover, 1);
        let owners = leases.iter().filter(is_live).filter_map(|lease| lease.lease_owner.as_ref());
        self.is_sync_leader = owners.min().is_none_or(|first| *first == self.name);
        self.table = leases.iter().map(|lease| (lease.lease_key.clone(), lease.checkpoint)).collect();
    }

    pub(super) fn take_leases(&mut self, ctx: &mut ActorCtx, leases: &[Lease]) {
        self.look_at(ctx, leases);
        let chosen = self.choose(ctx, leases);
        ctx.measure(ProgramMetric::ListLeasesSuccess, 1);
        ctx.measure(ProgramMetric::LeasesToTake, chosen.len() as u64);
        for (key, counter) in chosen {
            let owner = self.name.clone();
            let call = LeaseCall::Take { key: key.clone(), counter, owner };
            self.table(ctx, Pending::TakeLease(key), call);
        }
    }

    /// Which leases to take now, with the counters to expect.
    ///
    /// Documented: `computeLeasesToTake` and `chooseLeasesToSteal` of `DynamoDBLeaseTaker`. Leases of finished shards
    /// count like others until they are deleted.
    fn choose(&mut self, ctx: &mut ActorCtx, leases: &[Lease]) -> Vec<(String, u64)> {
        let (now, failover) = (ctx.now, self.spec.failover);
        let mut owned: SortedMap<&str, usize> = SortedMap::new();
        owned.insert(&self.name, 0);
        let mut available: Vec<&Lease> = Vec::new();
        for lease in leases {
            let is_mine = self.leases.contains_key(&lease.lease_key);
            match &lease.lease_owner {
                _ if is_mine => *owned.or_insert_with(&self.name, Default::default) += 1,
                Some(owner) if !self.watch.is_still_for(lease, now, failover, 1) => {
                    *owned.or_insert_with(owner, Default::default) += 1;
                }
                Some(_) | None => available.push(lease),
            }
        }
        ctx.measure(ProgramMetric::TotalLeases, leases.len() as u64);
        ctx.measure(ProgramMetric::ExpiredLeases, available.len() as u64);
        ctx.measure(ProgramMetric::NumWorkers, owned.len() as u64);
        let count_max = self.spec.max_leases_for_worker.map_or(usize::MAX, |max| max as usize);
        let mine = owned.get(self.name.as_str()).copied().unwrap_or_default();
        self.choices += 1;
        let mut dice = ctx.dice(self.choices);
        let mut pick = |mut leases: Vec<&Lease>, count: usize| {
            let mut rolled: Vec<(u64, &Lease)> = leases.drain(..).map(|l| (dice.next(), l)).collect();
            rolled.sort_by_key(|(roll, _)| *roll);
            let chosen = rolled.into_iter().take(count);
            chosen.map(|(_, lease)| (lease.lease_key.clone(), lease.lease_counter)).collect()
        };
        let workers = owned.len();
        let target = if workers >= leases.len() { 1 } else { leases.len().div_ceil(workers) };
        let target = target.min(count_max);
        let needed = target.saturating_sub(mine);
        ctx.measure(ProgramMetric::NeededLeases, needed as u64);
        let very_old: Vec<&Lease> = available
            .iter()
            .copied()
            .filter(|lease| self.watch.is_still_for(lease, now, failover, VERY_OLD_PERIODS))
            .collect();
        if !very_old.is_empty() {
            return pick(very_old, count_max.saturating_sub(mine));
        }
        if needed == 0 || !available.is_empty() {
            return pick(available, needed);
        }
        let most_loaded = owned.iter().max_by_key(|(worker, count)| (**count, std::cmp::Reverse(**worker)));
        let Some((victim, count)) = most_loaded.filter(|(_, count)| **count >= target) else {
            return Vec::new();
        };
        let stealing = match (count - target).min(needed) {
            0 if needed > 1 => 1,
            surplus => surplus,
        };
        let is_victims = |lease: &&Lease| lease.lease_owner.as_deref() == Some(victim);
        pick(leases.iter().filter(is_victims).collect(), stealing.min(self.spec.max_leases_to_steal as usize))
    }
}
