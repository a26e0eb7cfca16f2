//! The leader of a KCL 3 application assigns leases: it reads the lease table and the worker-metrics table, decides, and
//! writes the new owners.
//!
//! Documented: `LeaseAssignmentManager` in the library's source.

use kinesis::{Duration, Instant, SortedMap};

use super::KclWorker;
use super::balance::{LeaseLoad, Move, WorkerLoad, plan};
use super::fleet::{FleetPending, PendingHandOff};
use crate::WorkerMetricStats;
use crate::actor::ActorCtx;
use crate::lease_table::{Lease, LeaseCall, MetricsCall, TableCall};

/// A worker whose item is older than so many reports is not given leases.
///
/// Documented: `DEFAULT_NO_OF_SKIP_STAT_FOR_DEAD_WORKER_THRESHOLD`.
const REPORTS_MISSED: u64 = 2;
/// Then its item is deleted. Documented: `staleWorkerMetricsEntryCleanupDuration`.
const STALE: Duration = Duration::from_hours(24);

impl KclWorker {
    /// Begins a run.
    pub(super) fn load(&mut self, ctx: &mut ActorCtx) {
        self.ask_fleet(ctx, FleetPending::LoadLeases, TableCall::Leases(LeaseCall::Scan));
    }

    /// Decides, and writes the new owners.
    pub(super) fn assign(&mut self, ctx: &mut ActorCtx, leases: &[Lease], metrics: &[WorkerMetricStats]) {
        self.watch.scanned(ctx.now, leases);
        self.note_hand_offs(ctx.now, leases);
        let moves = self.moves(ctx, leases, metrics);
        for Move { lease, to } in moves {
            let Some(lease) = leases.get(lease) else { continue };
            if self.waits_for_hand_over(ctx.now, lease) {
                continue;
            }
            let key = lease.lease_key.clone();
            let is_alive = lease.lease_owner.is_some() && !self.is_expired(ctx.now, lease);
            let is_graceful = self.spec.balancing.hands_off_gracefully
                && is_alive
                && !lease.is_done()
                && lease.checkpoint_owner.is_none();
            let call = match &lease.lease_owner {
                Some(from) if is_graceful => LeaseCall::BeginHandOff { key, from: from.clone(), to },
                owner => LeaseCall::Assign {
                    key,
                    owner: owner.clone(),
                    checkpoint_owner: lease.checkpoint_owner.clone(),
                    to,
                },
            };
            self.ask_fleet(ctx, FleetPending::Assign, TableCall::Leases(call));
        }
        let clock = ctx.clock;
        for item in metrics.iter().filter(|item| clock.since(item.last_update_time) > STALE) {
            let call = TableCall::Metrics(MetricsCall::Delete { worker: item.worker_id.clone() });
            self.ask_fleet(ctx, FleetPending::DeleteMetrics, call);
        }
    }

    fn moves(&mut self, ctx: &ActorCtx, leases: &[Lease], metrics: &[WorkerMetricStats]) -> Vec<Move> {
        let missed = self.spec.balancing.worker_metrics_reporter_freq.times(REPORTS_MISSED);
        let alive = Instant::from_seconds(ctx.clock.back(missed).seconds());
        let workers: Vec<WorkerLoad> = metrics
            .iter()
            .filter(|item| item.last_update_time >= alive)
            .map(|item| WorkerLoad {
                name: item.worker_id.clone(),
                cpu: item.cpu_average().map(|cpu| i128::from(cpu.in_millionths())),
            })
            .collect();
        let loads: Vec<LeaseLoad> = leases
            .iter()
            .map(|lease| LeaseLoad {
                key: lease.lease_key.clone(),
                owner: lease.actual_owner().map(str::to_owned),
                is_free: lease.lease_owner.is_none() || self.is_expired(ctx.now, lease),
                is_handed_over: lease.checkpoint_owner.is_some(),
                still_since: self.watch.still_since(lease).map_or(0, Instant::micros),
                throughput: lease.throughput_kbps.map(|kbps| i128::from(kbps.in_millionths())),
            })
            .collect();
        let Some(fleet) = &mut self.fleet else { return Vec::new() };
        let balances = fleet.run == 0;
        fleet.run = (fleet.run + 1) % self.spec.balancing.variance_balancing_frequency.max(1);
        self.choices += 1;
        let mut dice = ctx.dice(self.choices);
        let (settings, leases_max) = (&self.spec.balancing, self.spec.max_leases_for_worker);
        plan(&loads, &workers, settings, leases_max, balances, || dice.next())
    }

    fn is_expired(&self, now: Instant, lease: &Lease) -> bool {
        self.watch.is_still_for(lease, now, self.spec.failover, 1)
    }

    /// Takes note of since when leases have been under way to another owner.
    fn note_hand_offs(&mut self, now: Instant, leases: &[Lease]) {
        // The old owner has to learn of it first.
        let until = now + self.spec.balancing.hand_off_timeout + self.spec.failover;
        let Some(fleet) = &mut self.fleet else { return };
        let mut under_way = SortedMap::new();
        for lease in leases.iter().filter(|lease| lease.checkpoint_owner.is_some()) {
            let (from, to) = (lease.checkpoint_owner.clone(), lease.lease_owner.clone());
            let seen = fleet.hand_offs.get(&lease.lease_key);
            let known = seen.filter(|seen| (&seen.from, &seen.to) == (&from, &to));
            let until = known.map_or(until, |known| known.until);
            under_way.insert(lease.lease_key.clone(), PendingHandOff { from, to, until });
        }
        fleet.hand_offs = under_way;
    }

    /// Whether a lease is under way to another owner, and its time is not up.
    ///
    /// Documented: `Lease.blockedOnPendingCheckpoint`.
    fn waits_for_hand_over(&self, now: Instant, lease: &Lease) -> bool {
        let pending = self.fleet.as_ref().and_then(|fleet| fleet.hand_offs.get(&lease.lease_key));
        pending.is_some_and(|pending| now < pending.until) && !lease.is_done() && !self.is_expired(now, lease)
    }
}
