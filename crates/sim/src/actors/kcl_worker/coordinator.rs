//! The lease coordinator of a worker: it renews the leases that it holds, takes expired ones, steals, and learns that
//! it lost one.

use kinesis::{Instant, SortedMap};

use super::{ConsumerPhase, HeldLease, KclWorker, PARENT_SHARD_POLL_INTERVAL, Pending};
use crate::Fact;
use crate::actor::ActorCtx;
use crate::lease_table::{Checkpoint, Lease, LeaseCall};

/// `maxLeasesToStealAtOneTime`.
const LEASES_TO_STEAL_MAX: usize = 1;

impl KclWorker {
    /// After a restart: leases that stand in this worker's name are its own again at once.
    pub(super) fn adopt(&mut self, ctx: &mut ActorCtx, leases: &[Lease]) {
        self.is_started = true;
        self.renew_at = ctx.now;
        self.take_at = ctx.now + KclWorker::take_interval(self.spec.failover);
        for lease in leases {
            if lease.lease_owner.as_ref() == Some(&self.name) && lease.checkpoint != Checkpoint::ShardEnd {
                self.hold(ctx, lease);
            }
        }
    }

    pub(super) fn hold(&mut self, ctx: &mut ActorCtx, item: &Lease) {
        let lease = HeldLease {
            shard: item.shard,
            counter: item.lease_counter,
            phase: ConsumerPhase::WaitingOnParentShards,
            checkpoint: item.checkpoint,
            last: None,
            millis_behind: 0,
            records: 0,
            parents: item.parent_shard_ids.clone(),
            children: Vec::new(),
            iterator: None,
            poll_at: Some(ctx.now + PARENT_SHARD_POLL_INTERVAL),
            checkpoint_at: ctx.now + self.spec.checkpoint_interval,
            is_writing: false,
            is_reading: false,
        };
        self.leases.insert(item.lease_key.clone(), lease);
        self.start_children(ctx);
    }

    pub(super) fn look_at(&mut self, leases: &[Lease]) {
        self.table = leases.iter().map(|lease| (lease.lease_key.clone(), lease.checkpoint)).collect();
    }

    pub(super) fn take_leases(&mut self, ctx: &mut ActorCtx, leases: &[Lease]) {
        self.look_at(leases);
        let leases: Vec<&Lease> = leases.iter().filter(|l| l.checkpoint != Checkpoint::ShardEnd).collect();
        for (key, counter) in self.choose(ctx, &leases) {
            let owner = self.name.clone();
            let call = LeaseCall::Take { key: key.clone(), counter, owner };
            self.table(ctx, Pending::TakeLease(key), call);
        }
    }

    /// Whether nobody has renewed the lease for `periods` times the fail-over time.
    ///
    /// Simplified: the library notices a changed counter only when it scans the table, every 20 s, so that its
    /// fail-over can take one scan longer; here a change is noticed when it happens, which gives the documented 10 s
    /// until expiry and up to 20 s until the next taker run.
    pub(super) fn is_expired(&self, lease: &Lease, now: Instant, periods: u64) -> bool {
        lease.lease_owner.is_none() || now.since(lease.written) > self.spec.failover.times(periods)
    }

    /// Which leases to take now, with the counters to expect: expired ones first, else one from the worker that has
    /// the most.
    pub(super) fn choose(&mut self, ctx: &ActorCtx, leases: &[&Lease]) -> Vec<(String, u64)> {
        let now = ctx.now;
        let mut owned: SortedMap<&str, usize> = SortedMap::new();
        owned.insert(&self.name, self.leases.len());
        let mut available: Vec<&Lease> = Vec::new();
        for lease in leases {
            if self.leases.contains_key(&lease.lease_key) {
                continue;
            }
            match &lease.lease_owner {
                Some(owner) if !self.is_expired(lease, now, 1) => {
                    *owned.or_insert_with(owner, Default::default) += 1
                }
                Some(_) | None => available.push(lease),
            }
        }
        let workers = owned.len();
        let target = if workers >= leases.len() { 1 } else { leases.len().div_ceil(workers) };
        let needed = target.saturating_sub(self.leases.len());
        if needed == 0 {
            return Vec::new();
        }
        self.choices += 1;
        let mut dice = ctx.dice(self.choices);
        let mut shuffled: Vec<(bool, u64, &Lease)> = available
            .into_iter()
            .map(|lease| (!self.is_expired(lease, now, 3), dice.next(), lease))
            .collect();
        shuffled.sort_by_key(|(is_young, roll, _)| (*is_young, *roll));
        let mut chosen: Vec<&Lease> = shuffled.into_iter().take(needed).map(|(_, _, lease)| lease).collect();
        if chosen.is_empty() {
            let others = owned.iter().filter(|(worker, _)| **worker != self.name);
            let Some((victim, count)) =
                others.max_by_key(|(worker, count)| (**count, std::cmp::Reverse(**worker)))
            else {
                return Vec::new();
            };
            let surplus = count.saturating_sub(target);
            let stealing = match surplus {
                0 if needed > 1 && *count == target => 1,
                surplus => surplus.min(needed),
            };
            let mut candidates: Vec<(u64, &Lease)> = leases
                .iter()
                .filter(|lease| lease.lease_owner.as_deref() == Some(victim))
                .map(|lease| (dice.next(), *lease))
                .collect();
            candidates.sort_by_key(|(roll, _)| *roll);
            let stolen = candidates.into_iter().take(stealing.min(LEASES_TO_STEAL_MAX));
            chosen = stolen.map(|(_, lease)| lease).collect();
        }
        chosen.into_iter().map(|lease| (lease.lease_key.clone(), lease.lease_counter)).collect()
    }

    pub(super) fn written(&mut self, key: &str, item: &Lease) {
        if let Some(lease) = self.leases.get_mut(key) {
            lease.is_writing = false;
            lease.counter = item.lease_counter;
            lease.checkpoint = item.checkpoint;
        }
    }

    pub(super) fn note_refused(&self, ctx: &mut ActorCtx, lease: String) {
        ctx.note(Fact::LeaseWriteRefused { application: self.spec.name.clone(), lease, worker: ctx.id });
    }
}
