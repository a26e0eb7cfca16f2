//! One worker of a KCL application: takes, renews and loses leases, reads its shards, checkpoints.
//!
//! Documented: names, periods and rules are those of the Kinesis Client Library's own source.

mod answers;
mod assignment;
mod balance;
mod batch;
mod checkpointing;
mod consumer;
mod coordinator;
mod denied;
mod discovery;
mod fan_out;
mod fleet;
mod hand_off;
mod held;
mod poison;
mod shards;
mod stop;
mod user_records;
mod utilization;

use kinesis::{Duration, Instant, LimitsProfile, ShardDescription, ShardId, SortedMap, StreamName};

use crate::actor::{ActorCtx, Call, Input, Reply};
use crate::lease_table::{Checkpoint, Lease, LeaseCall, TableCall, TableCapacity};
use crate::{ApplicationSpec, KclVersion, RetrievalMode, WorkerHost};

use crate::actors::registration::Registration;
use coordinator::Watch;
use fleet::{Fleet, FleetPending};
pub use held::ConsumerPhase;
use held::HeldLease;

/// A running worker: what it believes to own, and how far it has come there.
#[derive(Clone, Debug)]
pub struct KclWorker {
    /// The worker id that stands in `leaseOwner`.
    pub name: String,
    pub spec: ApplicationSpec,
    /// The leases that the worker believes to own, by `leaseKey`; after a pause it may be wrong.
    pub leases: SortedMap<String, HeldLease>,
    /// Records processed in this life of the process.
    pub records: u64,
    /// Of these, records that the application had processed before.
    pub again: u64,
    pub throttled: u64,
    /// KCL 3 takes notice of it.
    pub host: WorkerHost,
    version: KclVersion,
    is_started: bool,
    is_stopping: bool,
    /// Consumers whose lease is lost while the record processor still works off a batch: it learns of it afterwards.
    ghosts: SortedMap<String, HeldLease>,
    /// The way to the application's consumer, where it reads by enhanced fan-out.
    registration: Option<Registration>,
    /// Not before this time it is asked for.
    register_at: Instant,
    /// Checkpoints as they were last seen in the table.
    table: SortedMap<String, Checkpoint>,
    watch: Watch,
    /// What KCL 3 has beside that; none with KCL 1 and 2.
    fleet: Option<Box<Fleet>>,
    renew_at: Instant,
    take_at: Instant,
    sync_at: Instant,
    clean_at: Instant,
    is_sync_leader: bool,
    /// Holes that the auditor found in the leases' ranges, in a row.
    holes_found: u32,
    pending: SortedMap<u64, Pending>,
    next_call: u64,
    choices: u64,
    taken: u64,
    stream: StreamName,
}

#[derive(Clone, Debug)]
enum Pending {
    CreateTable,
    Start,
    Take,
    Parents(Vec<String>),
    /// Shards so far, for a table with these leases.
    Shards(Vec<Lease>, Vec<ShardDescription>),
    CreateAll,
    CreateChildren(String),
    Renew(String),
    TakeLease(String),
    Checkpoint(String),
    Release(String),
    Audit,
    CleanUp,
    Delete,
    /// For the lease that was taken as the worker's so many-th.
    Iterator(String, u64),
    Records(String, u64),
    Subscription(String, u64),
    Registration,
    Fleet(FleetPending),
}

const EPSILON: Duration = Duration::from_millis(25);
const RETRY_INTERVAL: Duration = Duration::from_seconds(1);

impl KclWorker {
    pub(crate) fn new(
        spec: ApplicationSpec,
        version: KclVersion,
        name: String,
        host: WorkerHost,
        profile: LimitsProfile,
        now: Instant,
    ) -> KclWorker {
        let stream = spec.stream.as_str().into();
        let is_fan_out = spec.retrieval == RetrievalMode::FanOut;
        KclWorker {
            name,
            leases: SortedMap::new(),
            records: 0,
            again: 0,
            throttled: 0,
            host,
            version,
            is_started: false,
            is_stopping: false,
            ghosts: SortedMap::new(),
            registration: is_fan_out.then(|| Registration::new(&spec.stream, &spec.name)),
            register_at: now,
            table: SortedMap::new(),
            watch: Watch::new(profile),
            fleet: (version == KclVersion::Three).then(|| Box::new(Fleet::new(now))),
            renew_at: now,
            take_at: now,
            sync_at: now,
            clean_at: now,
            is_sync_leader: false,
            holes_found: 0,
            pending: SortedMap::new(),
            next_call: 0,
            choices: 0,
            taken: 0,
            stream,
            spec,
        }
    }

    /// How often leases are renewed: a third of the fail-over time, less 25 ms.
    pub fn renew_interval(failover: Duration) -> Duration {
        Duration::from_micros((failover.micros() / 3).saturating_sub(EPSILON.micros()).max(1_000))
    }

    /// How often leases are taken: twice the fail-over time and 25 ms.
    pub fn take_interval(failover: Duration) -> Duration {
        (failover + EPSILON).times(2)
    }

    /// When the worker next looks for leases to take.
    pub fn takes_at(&self) -> Instant {
        self.fleet.as_ref().map_or(self.take_at, |fleet| fleet.discover_at)
    }

    /// Shards whose records the worker still processes though it knows that it lost their leases.
    pub fn ghosts(&self) -> impl Iterator<Item = ShardId> {
        self.ghosts.values().map(|lease| lease.shard)
    }

    pub(crate) fn handle(&mut self, ctx: &mut ActorCtx, input: Input) {
        match input {
            Input::Reply { call_id, reply } => {
                if let Some(pending) = self.pending.remove(&call_id) {
                    match reply {
                        Reply::LeaseTable(reply) => self.table_answered(ctx, pending, reply),
                        Reply::Kinesis(result) => self.service_answered(ctx, pending, result),
                        // It asks for nothing of this kind.
                        Reply::Invoked(_)
                        | Reply::Stored(_)
                        | Reply::Sent(_)
                        | Reply::Listed(_)
                        | Reply::Opened(_) => {}
                    }
                }
            }
            Input::Push { subscription, push } => self.pushed(ctx, subscription, push),
            Input::Wake => {}
        }
        if self.is_started {
            self.run_due(ctx);
        } else if self.pending.is_empty() && !self.is_stopping && self.take_at <= ctx.now {
            let capacity = match self.version {
                KclVersion::One => TableCapacity::OF_KCL_1,
                KclVersion::Two | KclVersion::Three => TableCapacity::OnDemand,
            };
            self.table(ctx, Pending::CreateTable, LeaseCall::CreateTable(capacity));
        }
        self.schedule(ctx);
    }

    // What is due ---------------------------------------------------------------------------------------------------

    fn run_due(&mut self, ctx: &mut ActorCtx) {
        self.process_due(ctx);
        self.drop_expired(ctx);
        if self.renew_at <= ctx.now {
            self.renew_at = ctx.now + KclWorker::renew_interval(self.spec.failover);
            self.renew_all(ctx);
        }
        if self.is_stopping {
            return self.give_back(ctx);
        }
        if self.fleet.is_some() {
            self.fleet_due(ctx);
            self.hand_over_due(ctx);
        } else if self.take_at <= ctx.now {
            self.take_at = ctx.now + KclWorker::take_interval(self.spec.failover);
            self.table(ctx, Pending::Take, LeaseCall::Scan);
        }
        self.look_after_shards(ctx);
        self.register(ctx);
        let now = ctx.now;
        for key in self
            .keys_where(|lease| lease.wants_checkpoint() && !lease.is_writing && lease.checkpoint_at <= now)
        {
            self.checkpoint(ctx, &key);
        }
        let is_due = |lease: &HeldLease| {
            !lease.is_reading && lease.goes_on() && lease.poll_at.is_some_and(|at| at <= now)
        };
        for key in self.keys_where(is_due) {
            self.poll(ctx, &key);
        }
    }

    fn schedule(&self, ctx: &mut ActorCtx) {
        if !self.is_started {
            if self.pending.is_empty() && !self.is_stopping {
                ctx.wake_at(self.take_at);
            }
            return;
        }
        for lease in self.leases.values().chain(self.ghosts.values()) {
            lease.batch.iter().for_each(|batch| ctx.wake_at(batch.due()));
        }
        if !self.leases.is_empty() || !self.is_stopping {
            ctx.wake_at(self.renew_at);
        }
        if self.is_stopping {
            return;
        }
        if self.fleet.is_some() {
            self.schedule_fleet(ctx);
            self.schedule_hand_offs(ctx);
        } else {
            ctx.wake_at(self.take_at);
        }
        if self.cleans() {
            ctx.wake_at(self.clean_at);
        }
        if self.syncs() {
            ctx.wake_at(self.sync_at);
        }
        for lease in self.leases.values() {
            if !lease.is_reading && lease.goes_on() {
                lease.poll_at.into_iter().for_each(|at| ctx.wake_at(at));
            }
            if lease.wants_checkpoint() && !lease.is_writing {
                ctx.wake_at(lease.checkpoint_at.max(ctx.now));
            }
        }
    }

    fn keys_where(&self, is_wanted: impl Fn(&HeldLease) -> bool) -> Vec<String> {
        self.leases.iter().filter(|(_, lease)| is_wanted(lease)).map(|(key, _)| key.clone()).collect()
    }

    // Calls ---------------------------------------------------------------------------------------------------------

    fn send(&mut self, ctx: &mut ActorCtx, pending: Pending, call: Call) {
        self.next_call += 1;
        self.pending.insert(self.next_call, pending);
        ctx.call(self.next_call, call);
    }

    fn table(&mut self, ctx: &mut ActorCtx, pending: Pending, call: LeaseCall) {
        let (application, call) = (self.spec.name.clone(), TableCall::Leases(call));
        self.send(ctx, pending, Call::LeaseTable { application, call });
    }

    /// A write that expects the counter as this worker knows it.
    fn write(
        &mut self,
        ctx: &mut ActorCtx,
        key: &str,
        pending: fn(String) -> Pending,
        call: impl FnOnce(String, u64) -> LeaseCall,
    ) {
        let Some(lease) = self.leases.get_mut(key) else { return };
        lease.is_writing = true;
        let call = call(key.to_owned(), lease.counter);
        self.table(ctx, pending(key.to_owned()), call);
    }
}
