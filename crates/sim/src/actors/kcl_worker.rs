//! One worker of a KCL application (KCL 1 and 2): takes, renews and loses leases, reads its shards, checkpoints.
//!
//! Documented: names, periods and the taking rule are those of the Kinesis Client Library's lease coordinator. Reading
//! is by GetRecords (KCL 1, or KCL 2 with polling).

mod checkpointing;
mod consumer;
mod coordinator;
mod denied;
mod shards;
mod stop;

use kinesis::{ApiError, Duration, Instant, Response, SequenceNumber, ShardId, SortedMap, StreamName};

use crate::actor::{ActorCtx, Call, Input, Reply};
use crate::lease_table::{Checkpoint, Lease, LeaseCall, LeaseReply};
use crate::{ApplicationSpec, Fact};

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
    is_started: bool,
    is_stopping: bool,
    /// Checkpoints at the last scan.
    table: SortedMap<String, Checkpoint>,
    renew_at: Instant,
    take_at: Instant,
    pending: SortedMap<u64, Pending>,
    next_call: u64,
    choices: u64,
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
    /// The last record that was processed.
    pub last: Option<SequenceNumber>,
    pub millis_behind: u64,
    pub records: u64,
    parents: Vec<ShardId>,
    children: Vec<ShardId>,
    iterator: Option<String>,
    poll_at: Option<Instant>,
    checkpoint_at: Instant,
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
}

#[derive(Clone, Debug)]
enum Pending {
    Start,
    Take,
    Parents,
    Shards(Vec<Lease>),
    CreateAll,
    CreateChildren(String),
    Renew(String),
    TakeLease(String),
    Checkpoint(String),
    Release(String),
    Delete,
    Iterator(String),
    Records(String),
}

const EPSILON: Duration = Duration::from_millis(25);
const PARENT_SHARD_POLL_INTERVAL: Duration = Duration::from_seconds(10);
const RETRY_INTERVAL: Duration = Duration::from_seconds(1);

impl KclWorker {
    pub(crate) fn new(spec: ApplicationSpec, name: String, now: Instant) -> KclWorker {
        let stream = spec.stream.as_str().into();
        KclWorker {
            name,
            spec,
            leases: SortedMap::new(),
            records: 0,
            again: 0,
            throttled: 0,
            is_started: false,
            is_stopping: false,
            table: SortedMap::new(),
            renew_at: now,
            take_at: now,
            pending: SortedMap::new(),
            next_call: 0,
            choices: 0,
            stream,
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

    pub(crate) fn handle(&mut self, ctx: &mut ActorCtx, input: Input) {
        if let Input::Reply { call_id, reply } = input
            && let Some(pending) = self.pending.remove(&call_id)
        {
            match reply {
                Reply::LeaseTable(reply) => self.table_answered(ctx, pending, reply),
                Reply::Kinesis(result) => self.service_answered(ctx, pending, result),
                // It asks for nothing of this kind.
                Reply::Invoked(_) | Reply::Stored(_) | Reply::Sent(_) => {}
            }
        }
        if self.is_stopping {
            self.give_back(ctx);
        } else if self.is_started {
            self.run_due(ctx);
        } else if self.pending.is_empty() && self.take_at <= ctx.now {
            self.table(ctx, Pending::Start, LeaseCall::Scan);
        }
        self.schedule(ctx);
    }

    fn run_due(&mut self, ctx: &mut ActorCtx) {
        if self.renew_at <= ctx.now {
            self.renew_at = ctx.now + KclWorker::renew_interval(self.spec.failover);
            for key in self.keys_where(|lease| !lease.is_writing) {
                self.write(ctx, &key, Pending::Renew, |key, counter| LeaseCall::Renew { key, counter });
            }
        }
        if self.take_at <= ctx.now {
            self.take_at = ctx.now + KclWorker::take_interval(self.spec.failover);
            self.table(ctx, Pending::Take, LeaseCall::Scan);
        }
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
        if self.is_stopping {
            return;
        }
        if !self.is_started {
            if self.pending.is_empty() {
                ctx.wake_at(self.take_at);
            }
            return;
        }
        ctx.wake_at(self.renew_at);
        ctx.wake_at(self.take_at);
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

    fn table_answered(&mut self, ctx: &mut ActorCtx, pending: Pending, reply: LeaseReply) {
        if let LeaseReply::AccessDenied = reply {
            return self.denied(ctx, pending);
        }
        match (pending, reply) {
            (Pending::Start, LeaseReply::Leases(leases)) => {
                let is_complete = leases.iter().any(|lease| lease.checkpoint != Checkpoint::ShardEnd);
                if is_complete {
                    self.adopt(ctx, &leases);
                    self.take_leases(ctx, &leases);
                } else {
                    self.sync_shards(ctx, leases);
                }
            }
            (Pending::Take, LeaseReply::Leases(leases)) => {
                self.clean_up(ctx, &leases);
                self.take_leases(ctx, &leases);
                self.start_children(ctx);
            }
            (Pending::Parents, LeaseReply::Leases(leases)) => {
                self.look_at(&leases);
                self.start_children(ctx);
            }
            // Somebody has made the table complete: look at it and take.
            (Pending::CreateAll, _) => self.table(ctx, Pending::Start, LeaseCall::Scan),
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
            (Pending::Renew(key), LeaseReply::Written { lease, .. }) => self.written(&key, &lease),
            (Pending::Checkpoint(key), LeaseReply::Written { lease, .. }) => {
                self.written(&key, &lease);
                let checkpoint = lease.checkpoint;
                let application = self.spec.name.clone();
                ctx.note(Fact::Checkpointed { application, lease: key.clone(), worker: ctx.id, checkpoint });
                if checkpoint == Checkpoint::ShardEnd {
                    self.leases.remove(&key);
                    self.table.insert(key, checkpoint);
                    // Children that this worker holds need not wait for their next look.
                    self.start_children(ctx);
                }
            }
            (Pending::Release(key), LeaseReply::Written { .. }) => {
                self.leases.remove(&key);
                let application = self.spec.name.clone();
                ctx.note(Fact::LeaseReleased { application, lease: key, worker: ctx.id });
            }
            (Pending::Renew(key) | Pending::Checkpoint(key) | Pending::Release(key), _) => {
                self.note_refused(ctx, key.clone());
                self.leases.remove(&key);
                ctx.note(Fact::LeaseLost { application: self.spec.name.clone(), lease: key, worker: ctx.id });
            }
            (Pending::Start | Pending::Take | Pending::Parents | Pending::Delete, _) => {}
            (Pending::Shards(_) | Pending::Iterator(_) | Pending::Records(_), _) => {}
        }
    }

    fn service_answered(&mut self, ctx: &mut ActorCtx, pending: Pending, result: Result<Response, ApiError>) {
        match (pending, result) {
            (Pending::Shards(present), Ok(Response::ListShards(output))) => {
                let initial = Checkpoint::initial(self.spec.from);
                let listed: Vec<ShardId> = output.shards.iter().map(|shard| shard.shard_id).collect();
                let leases: Vec<Lease> = output
                    .shards
                    .into_iter()
                    .filter(|shard| present.iter().all(|lease| lease.shard != shard.shard_id))
                    .map(|shard| {
                        let parents = [shard.parent_shard_id, shard.adjacent_parent_shard_id];
                        let parents: Vec<ShardId> = parents.into_iter().flatten().collect();
                        let is_child = parents.iter().any(|parent| listed.contains(parent));
                        let checkpoint = if is_child { Checkpoint::TrimHorizon } else { initial };
                        self.new_lease(shard.shard_id, shard.hash_key_range, parents, checkpoint)
                    })
                    .collect();
                if leases.is_empty() {
                    self.try_again(ctx);
                } else {
                    self.table(ctx, Pending::CreateAll, LeaseCall::Create(leases));
                }
            }
            (Pending::Shards(_), _) => self.try_again(ctx),
            (Pending::Iterator(key), Ok(Response::GetShardIterator(output))) => {
                if let Some(lease) = self.leases.get_mut(&key) {
                    lease.is_reading = false;
                    lease.phase = ConsumerPhase::Processing;
                    lease.iterator = Some(output.shard_iterator);
                    lease.poll_at = Some(ctx.now);
                }
            }
            (Pending::Records(key), Ok(Response::GetRecords(output))) => self.got(ctx, &key, output),
            (Pending::Iterator(key) | Pending::Records(key), Err(error)) => self.refused(ctx, &key, &error),
            _ => {}
        }
    }
}
