//! One worker of a KCL application (KCL 1 and 2): takes, renews and loses leases, reads its shards, checkpoints.
//!
//! Documented: names, periods and the taking rule are those of the Kinesis Client Library's lease coordinator. Reading
//! is by GetRecords (KCL 1, or KCL 2 with polling).

use kinesis::{
    ApiError, Duration, ErrorCode, GetRecordsInput, GetRecordsOutput, GetShardIteratorInput, HashKeyRange,
    Instant, ListShardsInput, Record, Response, Seconds, SequenceNumber, ShardFilter, ShardId,
    ShardIteratorType, SortedMap, StreamName,
};

use crate::actor::{ActorCtx, Call, Input, Reply};
use crate::lease_table::{Checkpoint, Lease, LeaseCall, LeaseReply};
use crate::{ApplicationSpec, Fact, StartingPosition};

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
/// `maxLeasesToStealAtOneTime`.
const LEASES_TO_STEAL_MAX: usize = 1;
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

    /// Whether a graceful stop is through.
    pub(crate) fn has_stopped(&self) -> bool {
        self.is_stopping && self.leases.is_empty()
    }

    /// Begins a graceful stop: checkpoint, then give every lease back.
    pub(crate) fn stop(&mut self) {
        self.is_stopping = true;
    }

    pub(crate) fn handle(&mut self, ctx: &mut ActorCtx, input: Input) {
        if let Input::Reply { call_id, reply } = input
            && let Some(pending) = self.pending.remove(&call_id)
        {
            match reply {
                Reply::LeaseTable(reply) => self.table_answered(ctx, pending, reply),
                Reply::Kinesis(result) => self.service_answered(ctx, pending, result),
            }
        }
        if self.is_stopping {
            self.give_back(ctx);
        } else if self.is_started {
            self.run_due(ctx);
        } else if self.pending.is_empty() {
            self.table(ctx, Pending::Start, LeaseCall::Scan);
        }
        self.schedule(ctx);
    }

    // What is due ---------------------------------------------------------------------------------------------------

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
        if self.is_stopping || !self.is_started {
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

    fn poll(&mut self, ctx: &mut ActorCtx, key: &str) {
        let Some(lease) = self.leases.get_mut(key) else { return };
        lease.poll_at = None;
        lease.is_reading = true;
        match lease.phase {
            ConsumerPhase::WaitingOnParentShards => {
                lease.is_reading = false;
                if !self.pending.values().any(|pending| matches!(pending, Pending::Parents)) {
                    self.table(ctx, Pending::Parents, LeaseCall::Scan);
                }
            }
            ConsumerPhase::Initializing => {
                let request = iterator_request(&self.spec.stream, lease);
                self.send(ctx, Pending::Iterator(key.to_owned()), Call::Kinesis(request.into()));
            }
            ConsumerPhase::Processing => {
                let request = GetRecordsInput {
                    shard_iterator: lease.iterator.clone(),
                    limit: None,
                    stream_arn: None,
                    dry_run: None,
                };
                self.send(ctx, Pending::Records(key.to_owned()), Call::Kinesis(request.into()));
            }
            ConsumerPhase::ShuttingDown => lease.is_reading = false,
        }
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

    fn checkpoint(&mut self, ctx: &mut ActorCtx, key: &str) {
        let Some(lease) = self.leases.get_mut(key) else { return };
        lease.checkpoint_at = ctx.now + self.spec.checkpoint_interval;
        let checkpoint = lease.progress();
        let children = lease.children.clone();
        self.write(ctx, key, Pending::Checkpoint, |key, counter| LeaseCall::Checkpoint {
            key,
            counter,
            checkpoint,
            children,
        });
    }

    /// The next step of a graceful stop for each lease: write the progress, then release.
    fn give_back(&mut self, ctx: &mut ActorCtx) {
        for key in self.keys_where(|lease| !lease.is_writing) {
            if self.leases.get(&key).is_some_and(HeldLease::wants_checkpoint) {
                self.checkpoint(ctx, &key);
            } else {
                self.write(ctx, &key, Pending::Release, |key, counter| LeaseCall::Release { key, counter });
            }
        }
    }

    // Answers of the lease table --------------------------------------------------------------------------------------

    fn table_answered(&mut self, ctx: &mut ActorCtx, pending: Pending, reply: LeaseReply) {
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

    fn note_refused(&self, ctx: &mut ActorCtx, lease: String) {
        ctx.note(Fact::LeaseWriteRefused { application: self.spec.name.clone(), lease, worker: ctx.id });
    }

    fn written(&mut self, key: &str, item: &Lease) {
        if let Some(lease) = self.leases.get_mut(key) {
            lease.is_writing = false;
            lease.counter = item.lease_counter;
            lease.checkpoint = item.checkpoint;
        }
    }

    /// After a restart: leases that stand in this worker's name are its own again at once.
    fn adopt(&mut self, ctx: &mut ActorCtx, leases: &[Lease]) {
        self.is_started = true;
        self.renew_at = ctx.now;
        self.take_at = ctx.now + KclWorker::take_interval(self.spec.failover);
        for lease in leases {
            if lease.lease_owner.as_ref() == Some(&self.name) && lease.checkpoint != Checkpoint::ShardEnd {
                self.hold(ctx, lease);
            }
        }
    }

    fn hold(&mut self, ctx: &mut ActorCtx, item: &Lease) {
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

    /// Lets consumers begin whose parents are all at SHARD_END or gone.
    fn start_children(&mut self, ctx: &mut ActorCtx) {
        for lease in
            self.leases.values_mut().filter(|lease| lease.phase == ConsumerPhase::WaitingOnParentShards)
        {
            let is_done = |parent: &ShardId| {
                self.table
                    .get(&parent.to_string())
                    .is_none_or(|checkpoint| *checkpoint == Checkpoint::ShardEnd)
            };
            if lease.parents.iter().all(is_done) {
                lease.phase = ConsumerPhase::Initializing;
                lease.poll_at = Some(ctx.now);
            } else if lease.poll_at.is_none() {
                lease.poll_at = Some(ctx.now + PARENT_SHARD_POLL_INTERVAL);
            }
        }
    }

    // Taking ----------------------------------------------------------------------------------------------------------

    fn look_at(&mut self, leases: &[Lease]) {
        self.table = leases.iter().map(|lease| (lease.lease_key.clone(), lease.checkpoint)).collect();
    }

    fn take_leases(&mut self, ctx: &mut ActorCtx, leases: &[Lease]) {
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
    fn is_expired(&self, lease: &Lease, now: Instant, periods: u64) -> bool {
        lease.lease_owner.is_none() || now.since(lease.written) > self.spec.failover.times(periods)
    }

    /// Which leases to take now, with the counters to expect: expired ones first, else one from the worker that has
    /// the most.
    fn choose(&mut self, ctx: &ActorCtx, leases: &[&Lease]) -> Vec<(String, u64)> {
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

    /// Deletes the leases of finished shards whose children have been begun.
    fn clean_up(&mut self, ctx: &mut ActorCtx, leases: &[Lease]) {
        let begun: Vec<ShardId> = leases
            .iter()
            .filter(|lease| lease.checkpoint != Checkpoint::TrimHorizon)
            .map(|lease| lease.shard)
            .collect();
        for lease in leases {
            let is_done = lease.checkpoint == Checkpoint::ShardEnd
                && lease.child_shard_ids.iter().all(|child| begun.contains(child));
            // One worker does it: the last owner, or the first that still runs.
            if is_done && lease.lease_owner.as_ref() == Some(&self.name) {
                self.table(ctx, Pending::Delete, LeaseCall::Delete { key: lease.lease_key.clone() });
            }
        }
    }

    // Shards ----------------------------------------------------------------------------------------------------------

    /// First start: one lease for each shard that the initial position reaches.
    fn sync_shards(&mut self, ctx: &mut ActorCtx, present: Vec<Lease>) {
        let kind = match self.spec.from {
            StartingPosition::TrimHorizon => "FROM_TRIM_HORIZON",
            StartingPosition::Latest => "AT_LATEST",
            StartingPosition::AtTimestamp(_) => "FROM_TIMESTAMP",
        };
        let timestamp = match self.spec.from {
            StartingPosition::AtTimestamp(at) => Some(Seconds(at)),
            StartingPosition::TrimHorizon | StartingPosition::Latest => None,
        };
        let input = ListShardsInput {
            stream_name: Some(self.spec.stream.clone()),
            shard_filter: Some(ShardFilter { kind: Some(kind.to_owned()), timestamp, shard_id: None }),
            max_results: Some(1_000),
            ..ListShardsInput::default()
        };
        self.send(ctx, Pending::Shards(present), Call::Kinesis(input.into()));
    }

    fn new_lease(
        &self,
        shard: ShardId,
        range: HashKeyRange,
        parents: Vec<ShardId>,
        checkpoint: Checkpoint,
    ) -> Lease {
        Lease {
            lease_key: shard.to_string(),
            shard,
            lease_owner: None,
            lease_counter: 0,
            owner_switches_since_checkpoint: 0,
            checkpoint,
            parent_shard_ids: parents,
            child_shard_ids: Vec::new(),
            hash_key_range: range,
            written: Instant::default(),
        }
    }

    // Answers of the service ------------------------------------------------------------------------------------------

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

    /// The stream is not there, or not ready yet: start over in a second.
    fn try_again(&mut self, ctx: &mut ActorCtx) {
        ctx.wake_at(ctx.now + RETRY_INTERVAL);
    }

    fn got(&mut self, ctx: &mut ActorCtx, key: &str, output: GetRecordsOutput) {
        let Some(lease) = self.leases.get_mut(key) else { return };
        lease.is_reading = false;
        lease.millis_behind = output.millis_behind_latest;
        lease.iterator = output.next_shard_iterator;
        lease.poll_at = Some(ctx.now + self.spec.idle_between_reads);
        let shard = lease.shard;
        if let Some(last) = output.records.last().map(|record| record.sequence_number) {
            lease.last = Some(last);
            let count = output.records.len() as u32;
            lease.records += u64::from(count);
            let again = count_again(ctx, shard, &output.records);
            self.records += u64::from(count);
            self.again += u64::from(again);
            ctx.note(Fact::RecordsProcessed {
                actor: ctx.id,
                stream: self.stream.clone(),
                shard,
                count,
                again,
            });
        }
        if let Some(children) = output.child_shards {
            let leases: Vec<Lease> = children
                .into_iter()
                .map(|child| {
                    let range = child.hash_key_range;
                    self.new_lease(child.shard_id, range, child.parent_shards, Checkpoint::TrimHorizon)
                })
                .collect();
            self.end_shard(ctx, key, leases);
        }
    }

    /// The shard is read to its end: its children get leases, then its own lease says SHARD_END.
    fn end_shard(&mut self, ctx: &mut ActorCtx, key: &str, children: Vec<Lease>) {
        if let Some(lease) = self.leases.get_mut(key) {
            lease.poll_at = None;
            lease.children = children.iter().map(|child| child.shard).collect();
            self.table(ctx, Pending::CreateChildren(key.to_owned()), LeaseCall::Create(children));
        }
    }

    fn refused(&mut self, ctx: &mut ActorCtx, key: &str, error: &ApiError) {
        let Some(lease) = self.leases.get_mut(key) else { return };
        lease.is_reading = false;
        let code = error.code();
        if code == ErrorCode::ExpiredIterator {
            lease.phase = ConsumerPhase::Initializing;
            lease.poll_at = Some(ctx.now);
        } else if code == ErrorCode::ResourceNotFound {
            // The shard or the stream is gone: nothing is left to read.
            self.end_shard(ctx, key, Vec::new());
        } else {
            self.throttled += u64::from(code.is_retryable());
            lease.poll_at = Some(ctx.now + self.spec.idle_between_reads.max(RETRY_INTERVAL));
        }
    }
}

impl HeldLease {
    /// What a checkpoint would write now.
    fn progress(&self) -> Checkpoint {
        match (self.phase, self.last) {
            (ConsumerPhase::ShuttingDown, _) => Checkpoint::ShardEnd,
            (_, Some(last)) => Checkpoint::Record(last),
            (_, None) => self.checkpoint,
        }
    }

    fn wants_checkpoint(&self) -> bool {
        self.progress() != self.checkpoint
    }
}

/// Records that the application had processed before, by this worker or another.
fn count_again(ctx: &mut ActorCtx, shard: ShardId, records: &[Record]) -> u32 {
    let done = ctx.progress.or_insert_with(shard, Default::default);
    let again = records.iter().filter(|record| record.sequence_number.index <= *done).count();
    if let Some(record) = records.last() {
        *done = (*done).max(record.sequence_number.index);
    }
    again as u32
}

fn iterator_request(stream: &str, lease: &HeldLease) -> GetShardIteratorInput {
    let checkpoint = lease.last.map_or(lease.checkpoint, Checkpoint::Record);
    let (kind, number, timestamp) = match checkpoint {
        Checkpoint::TrimHorizon => (ShardIteratorType::TrimHorizon, None, None),
        Checkpoint::Latest | Checkpoint::ShardEnd => (ShardIteratorType::Latest, None, None),
        Checkpoint::AtTimestamp(at) => (ShardIteratorType::AtTimestamp, None, Some(Seconds(at))),
        Checkpoint::Record(number) => {
            (ShardIteratorType::AfterSequenceNumber, Some(number.to_string()), None)
        }
    };
    GetShardIteratorInput {
        stream_name: Some(stream.to_owned()),
        shard_id: Some(lease.shard.to_string()),
        shard_iterator_type: Some(kind.name().to_owned()),
        starting_sequence_number: number,
        timestamp,
        stream_arn: None,
        dry_run: None,
    }
}
