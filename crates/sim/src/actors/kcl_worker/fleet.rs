//! What a worker of KCL 3 does beside holding leases: it tells of its load, looks up what the leader assigned to it, and
//! leads where it has the lock.
//!
//! Documented: `DynamicMigrationComponentsInitializer`, `DynamoDBLeaseCoordinator` and
//! `DynamoDBLockBasedLeaderDecider` in the library's source.

use kinesis::{Duration, Instant, SortedMap};

use super::utilization::Meter;
use super::{EPSILON, KclWorker, Pending};
use crate::actor::{ActorCtx, Call};
use crate::lease_table::{LeaseCall, LeaseReply, MetricsCall, StateCall, TableCall};
use crate::{Fact, LeaderLock, Lease, RecordVersion, Rule};

/// The part of a worker that KCL 1 and 2 do not have.
#[derive(Clone, Debug)]
pub(super) struct Fleet {
    /// When it next asks the index for leases in its name.
    pub(super) discover_at: Instant,
    /// When it next writes its item in the worker-metrics table.
    report_at: Instant,
    /// When it next leads, or looks whether it may; none while it does.
    assign_at: Option<Instant>,
    /// Its own lock, while it is the leader.
    lock: Option<OwnLock>,
    /// Somebody else's lock as it was last seen, and since when it has been so.
    seen: Option<(RecordVersion, Instant)>,
    /// A worker that is not the leader does not look at the lock again before this time.
    look_at: Instant,
    pub(super) meter: Meter,
    /// Counts the leader's runs from 0 up to the balancing frequency.
    pub(super) run: u32,
    /// Runs in a row that failed.
    failures: u32,
    /// Leases that are being handed over, as the leader last saw them: from whom to whom, and until when it waits.
    pub(super) hand_offs: SortedMap<String, PendingHandOff>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct PendingHandOff {
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
    pub(super) until: Instant,
}

#[derive(Clone, Copy, Debug)]
struct OwnLock {
    version: RecordVersion,
    renewed: Instant,
    beat_at: Instant,
}

/// What an answer is to.
#[derive(Clone, Debug)]
pub(super) enum FleetPending {
    CreateState,
    BeginMigration,
    CreateIndex,
    CreateMetrics,
    Discover,
    Discovered,
    Report,
    Look,
    Acquire(RecordVersion),
    Heartbeat(RecordVersion),
    ReleaseLock,
    LoadLeases,
    LoadMetrics(Vec<Lease>),
    Assign,
    DeleteMetrics,
    HandOver(String),
}

/// Until a worker first tells of its load. Documented: twice `inMemoryWorkerMetricsCaptureFrequencyMillis`.
const FIRST_REPORT: Duration = Duration::from_seconds(2);
/// Runs in a row that may fail before the leader gives its lock up.
///
/// Documented: `DEFAULT_FAILURE_COUNT_TO_SWITCH_LEADER`. Simplified: the library reads its tables a second time at once.
const FAILURES_MAX: u32 = 3;

impl Fleet {
    pub(super) fn new(now: Instant) -> Fleet {
        Fleet {
            discover_at: now,
            report_at: now,
            assign_at: None,
            lock: None,
            seen: None,
            look_at: now,
            meter: Meter::new(now),
            run: 0,
            failures: 0,
            hand_offs: SortedMap::new(),
        }
    }

    pub(super) fn is_leader(&self) -> bool {
        self.lock.is_some()
    }
}

impl KclWorker {
    /// Whether it holds the leader's lock, as far as it knows.
    pub fn is_leader(&self) -> bool {
        self.fleet.as_ref().is_some_and(|fleet| fleet.is_leader())
    }

    pub(super) fn ask_fleet(&mut self, ctx: &mut ActorCtx, pending: FleetPending, call: TableCall) {
        let application = self.spec.name.clone();
        self.send(ctx, Pending::Fleet(pending), Call::LeaseTable { application, call });
    }

    fn ask_state(&mut self, ctx: &mut ActorCtx, pending: FleetPending, call: StateCall) {
        self.ask_fleet(ctx, pending, TableCall::State(call));
    }

    /// The lease table is there: now what KCL 3 has beside it.
    ///
    /// Simplified: the library makes the leases between the coordinator-state table and the index.
    pub(super) fn create_other_tables(&mut self, ctx: &mut ActorCtx) {
        self.ask_state(ctx, FleetPending::CreateState, StateCall::CreateTable);
    }

    /// The worker has started.
    pub(super) fn begin_fleet(&mut self, now: Instant) {
        if let Some(fleet) = &mut self.fleet {
            fleet.discover_at = now;
            fleet.report_at = now + FIRST_REPORT;
            fleet.assign_at = Some(now);
            fleet.meter = Meter::new(now);
        }
    }

    /// How often a worker looks for leases that were assigned to it.
    ///
    /// Documented: half of `leaseAssignmentIntervalMillis`, less 25 ms.
    fn discovery_interval(&self) -> Duration {
        let half = self.spec.lease_assignment_interval().micros() / 2;
        Duration::from_micros(half.saturating_sub(EPSILON.micros()).max(1_000))
    }

    pub(super) fn fleet_due(&mut self, ctx: &mut ActorCtx) {
        let (now, discovery) = (ctx.now, self.discovery_interval());
        let report = self.spec.balancing.worker_metrics_reporter_freq;
        let Some(fleet) = &mut self.fleet else { return };
        if fleet.discover_at <= now {
            fleet.discover_at = now + discovery;
            let call = LeaseCall::Query { owner: self.name.clone() };
            self.ask_fleet(ctx, FleetPending::Discover, TableCall::Leases(call));
        }
        let Some(fleet) = &mut self.fleet else { return };
        if fleet.report_at <= now {
            fleet.report_at = now + report;
            let item = self.measure_load(ctx);
            let call = TableCall::Metrics(MetricsCall::Update(item));
            self.ask_fleet(ctx, FleetPending::Report, call);
        }
        let Some(fleet) = &mut self.fleet else { return };
        if let Some(lock) = fleet.lock.as_mut().filter(|lock| lock.beat_at <= now) {
            lock.beat_at = now + LeaderLock::HEARTBEAT;
            let (own, version) = (lock.version, new_version(ctx));
            let call = StateCall::Heartbeat { own, version };
            self.ask_state(ctx, FleetPending::Heartbeat(version), call);
        }
        if self.fleet.as_ref().and_then(|fleet| fleet.assign_at).is_some_and(|at| at <= now) {
            self.lead_or_look(ctx);
        }
    }

    pub(super) fn schedule_fleet(&self, ctx: &mut ActorCtx) {
        let Some(fleet) = &self.fleet else { return };
        ctx.wake_at(fleet.discover_at);
        ctx.wake_at(fleet.report_at);
        fleet.assign_at.into_iter().for_each(|at| ctx.wake_at(at));
        fleet.lock.iter().for_each(|lock| ctx.wake_at(lock.beat_at));
    }

    // The lock --------------------------------------------------------------------------------------------------------

    fn lead_or_look(&mut self, ctx: &mut ActorCtx) {
        let now = ctx.now;
        let is_over = |lock: &mut OwnLock| now.since(lock.renewed) > LeaderLock::LEASE_DURATION;
        if self.fleet.as_mut().is_some_and(|fleet| fleet.lock.as_mut().is_some_and(is_over)) {
            self.lose_lead(ctx, Rule::NotRenewed);
        }
        let Some(fleet) = &mut self.fleet else { return };
        fleet.assign_at = None;
        if fleet.is_leader() {
            self.load(ctx);
        } else if fleet.look_at <= now {
            fleet.look_at = now + LeaderLock::HEARTBEAT;
            self.ask_state(ctx, FleetPending::Look, StateCall::GetLeader);
        } else {
            self.end_run(now);
        }
    }

    /// The next run is an interval after the end of this one.
    pub(super) fn end_run(&mut self, now: Instant) {
        let interval = self.spec.lease_assignment_interval();
        if let Some(fleet) = &mut self.fleet {
            fleet.assign_at = Some(now + interval);
        }
    }

    /// Takes the lock where nobody has it, or where its version has not changed for the lease duration.
    ///
    /// Documented: Amazon DynamoDB Lock Client. A worker that is started again under its name waits like others.
    fn looked(&mut self, ctx: &mut ActorCtx, lock: Option<LeaderLock>) {
        let Some(fleet) = &mut self.fleet else { return };
        let seen = lock.as_ref().map(|lock| lock.record_version_number);
        let may_take = match &lock {
            None => true,
            Some(lock) if lock.is_released => true,
            Some(lock) => match fleet.seen {
                Some((version, since)) if version == lock.record_version_number => {
                    ctx.now.since(since) > LeaderLock::LEASE_DURATION
                }
                Some(_) | None => {
                    fleet.seen = Some((lock.record_version_number, ctx.now));
                    false
                }
            },
        };
        if may_take {
            let (worker, version) = (self.name.clone(), new_version(ctx));
            let call = StateCall::Acquire { worker, seen, version };
            self.ask_state(ctx, FleetPending::Acquire(version), call);
        } else {
            self.end_run(ctx.now);
        }
    }

    fn acquired(&mut self, ctx: &mut ActorCtx, version: RecordVersion) {
        let Some(fleet) = &mut self.fleet else { return };
        let now = ctx.now;
        fleet.lock = Some(OwnLock { version, renewed: now, beat_at: now + LeaderLock::HEARTBEAT });
        fleet.seen = None;
        fleet.run = 0;
        fleet.failures = 0;
        fleet.hand_offs = SortedMap::new();
        self.watch.forget();
        let link = ctx.note(Fact::LeaderElected { application: self.spec.name.clone(), worker: ctx.id });
        ctx.because(link);
        self.begin_to_look_after_shards(now);
        self.load(ctx);
    }

    fn lose_lead(&mut self, ctx: &mut ActorCtx, rule: Rule) {
        let Some(fleet) = &mut self.fleet else { return };
        if fleet.lock.take().is_some() {
            fleet.look_at = ctx.now + LeaderLock::HEARTBEAT;
            let link = ctx.link();
            ctx.because(link.by(rule));
            ctx.note(Fact::LeadershipLost { application: self.spec.name.clone(), worker: ctx.id });
            ctx.because(link);
        }
    }

    /// Gives the lock up, so that another worker need not wait.
    pub(super) fn release_lead(&mut self, ctx: &mut ActorCtx, rule: Rule) {
        let Some(lock) = self.fleet.as_ref().and_then(|fleet| fleet.lock) else { return };
        self.lose_lead(ctx, rule);
        let call = StateCall::Release { own: lock.version };
        self.ask_state(ctx, FleetPending::ReleaseLock, call);
    }

    // Answers ---------------------------------------------------------------------------------------------------------

    pub(super) fn fleet_answered(&mut self, ctx: &mut ActorCtx, pending: FleetPending, reply: LeaseReply) {
        let now = ctx.now;
        match (pending, reply) {
            (
                pending,
                reply @ (LeaseReply::AccessDenied
                | LeaseReply::Throttled
                | LeaseReply::NoTable
                | LeaseReply::NoAnswer),
            ) => self.fleet_refused(ctx, pending, &reply),
            (FleetPending::CreateState, _) => {
                let call = StateCall::BeginMigration { worker: self.name.clone() };
                self.ask_state(ctx, FleetPending::BeginMigration, call);
            }
            (FleetPending::BeginMigration, _) => {
                let call = TableCall::Leases(LeaseCall::CreateIndex);
                self.ask_fleet(ctx, FleetPending::CreateIndex, call);
            }
            (FleetPending::CreateIndex, _) => {
                let call = TableCall::Metrics(MetricsCall::CreateTable);
                self.ask_fleet(ctx, FleetPending::CreateMetrics, call);
            }
            (FleetPending::CreateMetrics, _) => self.table(ctx, Pending::Start, LeaseCall::Scan),
            (FleetPending::Discover, LeaseReply::Keys(keys)) => self.discover(ctx, keys),
            (FleetPending::Discovered, LeaseReply::Leases(leases)) => self.discovered(ctx, leases),
            (FleetPending::Look, LeaseReply::Leader(lock)) => self.looked(ctx, lock),
            (FleetPending::Acquire(version), LeaseReply::Done) => self.acquired(ctx, version),
            (FleetPending::Look | FleetPending::Acquire(_), _) => self.end_run(now),
            (FleetPending::Heartbeat(version), LeaseReply::Done) => {
                if let Some(lock) = self.fleet.as_mut().and_then(|fleet| fleet.lock.as_mut()) {
                    lock.version = version;
                    lock.renewed = now;
                }
            }
            (FleetPending::Heartbeat(_), _) => self.lose_lead(ctx, Rule::CounterChanged),
            (FleetPending::LoadLeases, LeaseReply::Leases(leases)) => {
                let call = TableCall::Metrics(MetricsCall::Scan);
                self.ask_fleet(ctx, FleetPending::LoadMetrics(leases), call);
            }
            (FleetPending::LoadMetrics(leases), LeaseReply::Metrics(metrics)) => {
                if let Some(fleet) = &mut self.fleet {
                    fleet.failures = 0;
                }
                self.assign(ctx, &leases, &metrics);
                self.end_run(now);
            }
            (FleetPending::HandOver(key), LeaseReply::Written { .. }) => self.handed_over(ctx, &key),
            (FleetPending::HandOver(key), _) => self.lose(ctx, &key, Rule::CounterChanged),
            (FleetPending::Discover | FleetPending::Discovered | FleetPending::Report, _) => {}
            (FleetPending::ReleaseLock | FleetPending::Assign | FleetPending::DeleteMetrics, _) => {}
            (FleetPending::LoadLeases | FleetPending::LoadMetrics(_), _) => self.run_failed(ctx),
        }
    }

    /// What was asked did not happen, or nobody knows whether it did.
    fn fleet_refused(&mut self, ctx: &mut ActorCtx, pending: FleetPending, reply: &LeaseReply) {
        let is_denied = matches!(reply, LeaseReply::AccessDenied);
        if matches!(reply, LeaseReply::Throttled) {
            let application = self.spec.name.clone();
            ctx.note(Fact::LeaseTableThrottled { application, worker: ctx.id });
        }
        match pending {
            FleetPending::CreateState
            | FleetPending::BeginMigration
            | FleetPending::CreateIndex
            | FleetPending::CreateMetrics => match is_denied {
                true => self.take_at = ctx.now + self.spec.parent_shard_poll_interval,
                false => self.try_again(ctx),
            },
            FleetPending::Look | FleetPending::Acquire(_) => self.end_run(ctx.now),
            FleetPending::LoadLeases | FleetPending::LoadMetrics(_) => self.run_failed(ctx),
            FleetPending::HandOver(key) => {
                let backoff = self.spec.task_backoff;
                if let Some(lease) = self.leases.get_mut(&key) {
                    lease.is_writing = false;
                    lease.hand_off.iter_mut().for_each(|hand_off| hand_off.retry_at = ctx.now + backoff);
                }
            }
            // They come again by themselves.
            FleetPending::Discover
            | FleetPending::Discovered
            | FleetPending::Report
            | FleetPending::Heartbeat(_)
            | FleetPending::ReleaseLock
            | FleetPending::Assign
            | FleetPending::DeleteMetrics => {}
        }
    }

    fn run_failed(&mut self, ctx: &mut ActorCtx) {
        let Some(fleet) = &mut self.fleet else { return };
        fleet.failures += 1;
        if fleet.failures >= FAILURES_MAX {
            self.release_lead(ctx, Rule::AssignmentFailed);
        }
        self.end_run(ctx.now);
    }
}

/// A version that nobody has seen: the worker's own, and of this instant.
fn new_version(ctx: &ActorCtx) -> RecordVersion {
    let mut dice = ctx.dice(ctx.now.micros());
    RecordVersion(u128::from(dice.next()) << 64 | u128::from(dice.next()))
}
