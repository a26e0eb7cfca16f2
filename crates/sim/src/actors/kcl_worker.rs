//! One worker of a KCL application: takes, renews and loses leases, reads its shards, checkpoints.
//!
//! Documented: names, periods and rules are those of the Kinesis Client Library's own source.

mod batch;
mod checkpointing;
mod consumer;
mod coordinator;
mod denied;
mod fan_out;
mod poison;
mod shards;
mod stop;
mod user_records;

use std::collections::VecDeque;

use kinesis::{
    ApiError, Duration, HashKeyRange, Instant, LimitsProfile, Response, SequenceNumber, ShardId, SortedMap,
    StreamName,
};

use crate::actor::{ActorCtx, Call, Input, Reply};
use crate::lease_table::{Checkpoint, Lease, LeaseCall, LeaseReply, TableCapacity};
use crate::{ApplicationSpec, Fact, KclVersion, RetrievalMode, Rule};

use crate::actors::registration::Registration;
use batch::Batch;
use coordinator::Watch;
use fan_out::Waiting;

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

/// A lease and the consumer of its shard.
#[derive(Clone, Debug)]
pub struct HeldLease {
    pub shard: ShardId,
    /// The counter that the next write expects.
    pub counter: u64,
    pub phase: ConsumerPhase,
    /// What stands in the table, as far as this worker knows.
    pub checkpoint: Checkpoint,
    pub checkpoint_sub: u64,
    /// The last record that was processed, and the place of the user record within it.
    pub last: Option<(SequenceNumber, u64)>,
    pub millis_behind: u64,
    pub records: u64,
    /// Counts the leases that this worker took, this one included.
    number: u64,
    range: HashKeyRange,
    parents: Vec<ShardId>,
    children: Vec<ShardId>,
    iterator: Option<String>,
    /// When the consumer next does something; none while it waits for an answer or its processor.
    poll_at: Option<Instant>,
    /// What the record processor works off.
    batch: Option<Batch>,
    /// Events that came while the processor was busy.
    waiting: VecDeque<Waiting>,
    /// Number of the subscription that is live, as far as the worker knows, and how far it has come.
    subscription: Option<u64>,
    continuation: Option<SequenceNumber>,
    /// The children's leases, once the closed shard is read to its end.
    end: Option<Vec<Lease>>,
    checkpoint_at: Instant,
    /// When the counter was last raised, by this worker's own clock.
    renewed: Instant,
    /// A conditional write is under way: the next one waits for the counter that it brings.
    is_writing: bool,
    is_reading: bool,
}

/// Life of a shard's consumer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ConsumerPhase {
    /// A parent is not processed to its end yet.
    WaitingOnParentShards,
    /// Getting an iterator at the checkpoint.
    Initializing,
    Processing,
    /// The shard is read to its end: children's leases, then SHARD_END.
    ShuttingDown,
    /// SHARD_END is written: the lease is kept until its children have begun.
    ShutdownComplete,
}

impl ConsumerPhase {
    /// As in the library's log.
    pub const fn name(self) -> &'static str {
        match self {
            ConsumerPhase::WaitingOnParentShards => "WAITING_ON_PARENT_SHARDS",
            ConsumerPhase::Initializing => "INITIALIZING",
            ConsumerPhase::Processing => "PROCESSING",
            ConsumerPhase::ShuttingDown => "SHUTTING_DOWN",
            ConsumerPhase::ShutdownComplete => "SHUTDOWN_COMPLETE",
        }
    }
}

#[derive(Clone, Debug)]
enum Pending {
    CreateTable,
    Start,
    Take,
    Parents(Vec<String>),
    /// Shards so far, for a table with these leases.
    Shards(Vec<Lease>, Vec<kinesis::ShardDescription>),
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
}

const EPSILON: Duration = Duration::from_millis(25);
const RETRY_INTERVAL: Duration = Duration::from_seconds(1);

impl KclWorker {
    pub(crate) fn new(
        spec: ApplicationSpec,
        version: KclVersion,
        name: String,
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
            version,
            is_started: false,
            is_stopping: false,
            ghosts: SortedMap::new(),
            registration: is_fan_out.then(|| Registration::new(&spec.stream, &spec.name)),
            register_at: now,
            table: SortedMap::new(),
            watch: Watch::new(profile),
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
        self.take_at
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
                KclVersion::Two => TableCapacity::OnDemand,
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
        if self.take_at <= ctx.now {
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
        for key in self.keys_where(|lease| !lease.is_reading && lease.poll_at.is_some_and(|at| at <= now)) {
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
        ctx.wake_at(self.take_at);
        if self.cleans() {
            ctx.wake_at(self.clean_at);
        }
        if self.syncs() {
            ctx.wake_at(self.sync_at);
        }
        for lease in self.leases.values() {
            if !lease.is_reading {
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
        let application = self.spec.name.clone();
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

    // Answers ---------------------------------------------------------------------------------------------------------

    fn table_answered(&mut self, ctx: &mut ActorCtx, pending: Pending, reply: LeaseReply) {
        if let LeaseReply::AccessDenied = reply {
            return self.denied(ctx, pending);
        }
        if matches!(reply, LeaseReply::Throttled | LeaseReply::NoTable | LeaseReply::NoAnswer) {
            return self.table_refused(ctx, pending, &reply);
        }
        match (pending, reply) {
            (Pending::CreateTable, _) => self.table(ctx, Pending::Start, LeaseCall::Scan),
            (Pending::Start, LeaseReply::Leases(leases)) => {
                if leases.iter().any(|lease| !lease.is_done()) {
                    self.adopt(ctx, &leases);
                    self.take_leases(ctx, &leases);
                } else {
                    self.sync_shards(ctx, leases);
                }
            }
            (Pending::Take, LeaseReply::Leases(leases)) => {
                self.take_leases(ctx, &leases);
                self.start_children(ctx);
            }
            (Pending::Parents(asked), LeaseReply::Leases(leases)) => {
                for key in asked {
                    self.table.remove(&key);
                }
                for lease in leases {
                    self.table.insert(lease.lease_key, lease.checkpoint);
                }
                self.start_children(ctx);
            }
            // Somebody has made the table complete: look at it and take.
            (Pending::CreateAll, _) if !self.is_started => self.table(ctx, Pending::Start, LeaseCall::Scan),
            (Pending::CreateAll, _) => {}
            (Pending::CreateChildren(key), _) => {
                if let Some(lease) = self.leases.get_mut(&key) {
                    lease.phase = ConsumerPhase::ShuttingDown;
                    lease.checkpoint_at = ctx.now;
                }
            }
            (Pending::TakeLease(key), LeaseReply::Written { lease, owner_before }) => {
                ctx.note(Fact::LeaseTaken {
                    application: self.spec.name.clone(),
                    lease: key,
                    worker: ctx.id,
                    from: owner_before.filter(|owner| *owner != self.name),
                    counter: lease.lease_counter,
                });
                self.hold(ctx, &lease);
            }
            (Pending::TakeLease(key), _) => self.note_refused(ctx, key),
            (Pending::Renew(key), LeaseReply::Written { lease, .. }) => self.written(ctx, &key, &lease),
            (Pending::Checkpoint(key), LeaseReply::Written { lease, .. }) => {
                self.written(ctx, &key, &lease);
                self.checkpointed(ctx, key, &lease);
            }
            (Pending::Release(key), LeaseReply::Written { .. }) => {
                self.let_go(ctx, &key);
                let application = self.spec.name.clone();
                ctx.note(Fact::LeaseReleased { application, lease: key, worker: ctx.id });
            }
            // Lost, given back or deleted meanwhile.
            (Pending::Renew(key) | Pending::Checkpoint(key) | Pending::Release(key), _)
                if !self.leases.contains_key(&key) => {}
            (Pending::Checkpoint(key), _) => {
                self.note_refused(ctx, key.clone());
                self.note_no_checkpoint(ctx, key.clone());
                self.lose(ctx, &key, Rule::CounterChanged);
            }
            (Pending::Renew(key) | Pending::Release(key), _) => {
                self.note_refused(ctx, key.clone());
                self.lose(ctx, &key, Rule::CounterChanged);
            }
            (Pending::Audit, LeaseReply::Leases(leases)) => self.audit(ctx, leases),
            (Pending::CleanUp, LeaseReply::Leases(leases)) => self.clean_up(ctx, &leases),
            (Pending::Start | Pending::Take | Pending::Parents(_) | Pending::Audit, _) => {}
            (Pending::CleanUp | Pending::Delete, _) => {}
            (Pending::Shards(..) | Pending::Iterator(..) | Pending::Records(..), _) => {}
            (Pending::Subscription(..) | Pending::Registration, _) => {}
        }
    }

    /// The table has no capacity left, or is not there: whatever was asked did not happen. The worker goes on with
    /// what it has until its own clock says that its leases have expired.
    fn table_refused(&mut self, ctx: &mut ActorCtx, pending: Pending, reply: &LeaseReply) {
        let is_throttled = matches!(reply, LeaseReply::Throttled);
        if is_throttled {
            let application = self.spec.name.clone();
            ctx.note(Fact::LeaseTableThrottled { application, worker: ctx.id });
        }
        match pending {
            Pending::Renew(key) | Pending::Checkpoint(key) | Pending::Release(key) => {
                if let Some(lease) = self.leases.get_mut(&key) {
                    lease.is_writing = false;
                    lease.checkpoint_at = lease.checkpoint_at.max(ctx.now + self.spec.task_backoff);
                }
            }
            Pending::CreateChildren(key) => {
                if let Some(lease) = self.leases.get_mut(&key) {
                    lease.poll_at = Some(ctx.now + self.spec.task_backoff);
                }
            }
            Pending::CreateTable | Pending::Start | Pending::CreateAll if !self.is_started => {
                self.try_again(ctx);
            }
            Pending::Parents(_) => {
                self.wait_for_parents(ctx.now + self.spec.parent_shard_poll_interval);
            }
            Pending::CreateTable
            | Pending::Start
            | Pending::Take
            | Pending::Shards(..)
            | Pending::CreateAll
            | Pending::TakeLease(_)
            | Pending::Audit
            | Pending::CleanUp
            | Pending::Delete
            | Pending::Iterator(..)
            | Pending::Records(..)
            | Pending::Subscription(..)
            | Pending::Registration => {}
        }
    }

    /// Consumers that wait for parents look again at `at`.
    fn wait_for_parents(&mut self, at: Instant) {
        for lease in self.leases.values_mut().filter(|lease| lease.poll_at.is_none()) {
            if lease.phase == ConsumerPhase::WaitingOnParentShards {
                lease.poll_at = Some(at);
            }
        }
    }

    fn service_answered(&mut self, ctx: &mut ActorCtx, pending: Pending, result: Result<Response, ApiError>) {
        match (pending, result) {
            (Pending::Shards(present, so_far), Ok(Response::ListShards(output))) => {
                self.shards_listed(ctx, present, so_far, output);
            }
            (Pending::Shards(..), _) => self.try_again(ctx),
            // The lease was lost meanwhile, and perhaps taken again.
            (
                Pending::Iterator(key, number)
                | Pending::Records(key, number)
                | Pending::Subscription(key, number),
                _,
            ) if self.leases.get(&key).is_none_or(|lease| lease.number != number) => {}
            (Pending::Iterator(key, _), Ok(Response::GetShardIterator(output))) => {
                self.begin_reading(ctx, &key, output.shard_iterator);
            }
            (Pending::Records(key, _), Ok(Response::GetRecords(output))) => self.got(ctx, &key, output),
            (Pending::Registration, result) => self.registered(ctx, result),
            (Pending::Subscription(key, _), Ok(Response::SubscribeToShard(output))) => {
                self.subscribed(ctx, &key, output.subscription);
            }
            (
                Pending::Iterator(key, _) | Pending::Records(key, _) | Pending::Subscription(key, _),
                Err(error),
            ) => {
                self.refused(ctx, &key, &error);
            }
            _ => {}
        }
    }
}
