//! The consumers of a worker's shards: they wait for parents, read, hand records to the processor, and come to the end
//! of a shard.

use std::collections::VecDeque;

use kinesis::{
    ApiError, ErrorCode, GetRecordsInput, GetRecordsOutput, GetShardIteratorInput, Records, Seconds, ShardId,
    ShardIteratorType, StoredRecord,
};

use super::batch::{Batch, Unit, Worked, work};
use super::poison::skip;
use super::{ConsumerPhase, HeldLease, KclWorker, Pending, RETRY_INTERVAL, user_records};
use crate::actor::{ActorCtx, Call};
use crate::lease_table::{Checkpoint, Lease, LeaseCall};
use crate::neighbours::cloudwatch::ProgramMetric;
use crate::{Fact, ShardProgress};

impl KclWorker {
    /// Lets consumers begin whose parents are all at SHARD_END or gone.
    pub(super) fn start_children(&mut self, ctx: &mut ActorCtx) {
        let interval = self.spec.parent_shard_poll_interval;
        // A worker that scans the table sees all leases that there are; one of KCL 3 knows what it has asked for.
        let is_unknown_done = self.fleet.is_none();
        for lease in
            self.leases.values_mut().filter(|lease| lease.phase == ConsumerPhase::WaitingOnParentShards)
        {
            let is_done = |parent: &ShardId| {
                self.table
                    .get(&parent.to_string())
                    .map_or(is_unknown_done, |checkpoint| *checkpoint == Checkpoint::ShardEnd)
            };
            if lease.parents.iter().all(is_done) {
                lease.phase = ConsumerPhase::Initializing;
                lease.poll_at = Some(ctx.now);
            } else if lease.poll_at.is_none_or(|at| at <= ctx.now) {
                lease.poll_at = Some(ctx.now + interval);
            }
        }
    }

    /// The next step of a consumer that is due.
    pub(super) fn poll(&mut self, ctx: &mut ActorCtx, key: &str) {
        let Some(lease) = self.leases.get_mut(key) else { return };
        lease.poll_at = None;
        match lease.phase {
            ConsumerPhase::WaitingOnParentShards => {
                let parents: Vec<String> = lease.parents.iter().map(ToString::to_string).collect();
                self.table(ctx, Pending::Parents(parents.clone()), LeaseCall::Get(parents));
            }
            // It catches up with what it has first.
            ConsumerPhase::Initializing if lease.batch.is_some() || !lease.waiting.is_empty() => {}
            ConsumerPhase::Initializing if self.registration.is_some() => {
                let number = lease.number;
                let request = self.leases.get(key).and_then(|lease| self.subscribe_request(lease));
                if let (Some(request), Some(lease)) = (request, self.leases.get_mut(key)) {
                    lease.is_reading = true;
                    self.send(ctx, Pending::Subscription(key.to_owned(), number), Call::Kinesis(request));
                }
            }
            ConsumerPhase::Initializing => {
                lease.is_reading = true;
                let (request, number) = (iterator_request(&self.spec.stream, lease), lease.number);
                self.send(ctx, Pending::Iterator(key.to_owned(), number), Call::Kinesis(request.into()));
            }
            ConsumerPhase::Processing if lease.end.is_some() => self.create_children(ctx, key),
            ConsumerPhase::Processing => {
                lease.is_reading = true;
                let number = lease.number;
                let request = GetRecordsInput {
                    shard_iterator: lease.iterator.clone(),
                    limit: Some(i64::from(self.spec.max_records)),
                    stream_arn: None,
                    dry_run: None,
                };
                self.send(ctx, Pending::Records(key.to_owned(), number), Call::Kinesis(request.into()));
            }
            ConsumerPhase::ShutdownRequested
            | ConsumerPhase::ShuttingDown
            | ConsumerPhase::ShutdownComplete => {}
        }
    }

    pub(super) fn begin_reading(&mut self, ctx: &mut ActorCtx, key: &str, iterator: String) {
        let Some(lease) = self.leases.get_mut(key) else { return };
        lease.is_reading = false;
        if lease.hand_off.is_some() {
            return;
        }
        lease.phase = ConsumerPhase::Processing;
        lease.iterator = Some(iterator);
        lease.poll_at = Some(ctx.now);
        ctx.measure(ProgramMetric::GetIteratorSuccess, 1);
        begin_progress(ctx, lease);
    }

    pub(super) fn got(&mut self, ctx: &mut ActorCtx, key: &str, output: GetRecordsOutput) {
        let poisoned = self.poisoned(&output.records);
        let Some(lease) = self.leases.get_mut(key) else { return };
        lease.is_reading = false;
        if lease.hand_off.is_some() {
            // The next owner reads it again.
            return;
        }
        lease.millis_behind = output.millis_behind_latest;
        lease.iterator = output.next_shard_iterator;
        lease.end = output.child_shards.map(children_leases);
        lease.poll_at = Some(ctx.now + self.spec.idle_between_reads);
        if lease.end.is_some() {
            lease.poll_at = Some(ctx.now);
        }
        ctx.measure_shard(ProgramMetric::GetRecordsSuccess, lease.shard, 1);
        lease.publish_read(ctx, &output.records, output.millis_behind_latest);
        let units = lease.units(&output.records);
        self.count_bytes(key, output.records.data_size());
        self.process(ctx, key, units, poisoned);
    }

    /// Hands records to the processor, which is done with them at once, begins a batch, or throws: then it says of how
    /// many records.
    pub(super) fn process(
        &mut self,
        ctx: &mut ActorCtx,
        key: &str,
        mut units: VecDeque<Unit>,
        poisoned: Option<u32>,
    ) {
        let Some(lease) = self.leases.get_mut(key) else { return };
        if units.is_empty() {
            self.call_for_nothing(ctx, key);
            return self.end_if_read(ctx, key);
        }
        if let Some(count) = poisoned {
            let shard = lease.shard;
            lease.last =
                skip(&mut units, ctx.progress.or_insert_with(shard, Default::default)).or(lease.last);
            ctx.measure_shard(ProgramMetric::ProcessSuccess, shard, 0);
            ctx.note(Fact::BatchSkipped { actor: ctx.id, stream: self.stream.clone(), shard, count });
            return self.end_if_read(ctx, key);
        }
        if self.spec.processing_rate == 0 {
            let shard = lease.shard;
            let progress = ctx.progress.or_insert_with(shard, Default::default);
            let worked = work(&mut units, u64::MAX, progress);
            ctx.measure_shard(ProgramMetric::ProcessRecordsTime, shard, 0);
            ctx.measure_shard(ProgramMetric::ProcessSuccess, shard, 1);
            self.worked(ctx, key, worked);
            return self.end_if_read(ctx, key);
        }
        lease.poll_at = None;
        lease.batch = Some(Batch::new(units, self.spec.processing_rate, ctx.now));
    }

    /// Where it is asked for, the processor is called with an empty list too.
    ///
    /// Documented: `callProcessRecordsEvenForEmptyRecordList` of `ProcessorConfig`: for work that goes by the clock.
    /// Assumed: such a call takes as much CPU as a record.
    fn call_for_nothing(&mut self, ctx: &mut ActorCtx, key: &str) {
        let Some(shard) = self.leases.get(key).map(|lease| lease.shard) else { return };
        if self.spec.calls_for_empty_lists {
            let stream = self.stream.clone();
            ctx.note(Fact::EmptyListProcessed { actor: ctx.id, stream, shard, count: 1 });
            self.count_work(1);
        }
    }

    /// Counts what the processors have done by now, and lets those go on that have come to the end of their batch.
    pub(super) fn process_due(&mut self, ctx: &mut ActorCtx) {
        let is_due = |lease: &HeldLease| lease.batch.as_ref().is_some_and(|batch| batch.due() <= ctx.now);
        let due: Vec<String> = self.keys_where(is_due);
        let ghosts: Vec<String> =
            self.ghosts.iter().filter(|(_, lease)| is_due(lease)).map(|(key, _)| key.clone()).collect();
        for key in due {
            let Some(lease) = self.leases.get_mut(&key) else { continue };
            let handed = lease.batch.as_ref().map(|batch| batch.age(ctx.now)).unwrap_or_default();
            let worked = lease.work(ctx, self.spec.processing_rate);
            let is_through = lease.batch.is_none();
            if is_through {
                ctx.measure_shard(ProgramMetric::ProcessRecordsTime, lease.shard, handed.millis());
                ctx.measure_shard(ProgramMetric::ProcessSuccess, lease.shard, 1);
            }
            if is_through && self.registration.is_none() {
                lease.poll_at = Some(ctx.now);
            }
            self.worked(ctx, &key, worked);
            if is_through {
                self.end_if_read(ctx, &key);
                self.next_event(ctx, &key);
            }
        }
        for key in ghosts {
            let Some(lease) = self.ghosts.get_mut(&key) else { continue };
            let worked = lease.work(ctx, self.spec.processing_rate);
            let (is_through, shard) = (lease.batch.is_none(), lease.shard);
            self.count(ctx, shard, worked);
            if is_through {
                self.ghosts.remove(&key);
                self.note_no_checkpoint(ctx, key);
            }
        }
    }

    /// The process dies or stands still: what its processors have done so far is done, to the record.
    pub(crate) fn interrupt(&mut self, ctx: &mut ActorCtx) {
        let keys = self.keys_where(|lease| lease.batch.is_some());
        for key in keys {
            let Some(lease) = self.leases.get_mut(&key) else { continue };
            let worked = lease.work(ctx, self.spec.processing_rate);
            self.worked(ctx, &key, worked);
        }
        let ghosts: Vec<String> = self.ghosts.iter().map(|(key, _)| key.clone()).collect();
        for key in ghosts {
            let Some(lease) = self.ghosts.get_mut(&key) else { continue };
            let (worked, shard) = (lease.work(ctx, self.spec.processing_rate), lease.shard);
            self.count(ctx, shard, worked);
        }
    }

    /// The process goes on after a standstill: its processors go on with the record at hand.
    pub(crate) fn go_on(&mut self, ctx: &ActorCtx) {
        for lease in self.leases.values_mut().chain(self.ghosts.values_mut()) {
            lease.batch.iter_mut().for_each(|batch| batch.begin(ctx.now));
        }
    }

    fn worked(&mut self, ctx: &mut ActorCtx, key: &str, worked: Worked) {
        let Some(lease) = self.leases.get_mut(key) else { return };
        lease.last = worked.last.or(lease.last);
        lease.records += worked.passed.count;
        let shard = lease.shard;
        self.count(ctx, shard, worked);
    }

    fn count(&mut self, ctx: &mut ActorCtx, shard: ShardId, worked: Worked) {
        let passed = worked.passed;
        self.count_work(passed.count);
        self.records += passed.count;
        self.again += passed.again;
        if passed.missed > 0 {
            let (application, count) = (self.spec.name.clone(), passed.missed);
            ctx.note(Fact::RecordsMissed { application, shard, count });
        }
        if passed.thrown_away > 0 {
            let (application, count) = (self.spec.name.clone(), passed.thrown_away);
            ctx.note(Fact::AggregatesThrownAway { application, shard, count });
        }
        if passed.count > 0 {
            let (count, again) = (passed.count as u32, passed.again as u32);
            let stream = self.stream.clone();
            ctx.measure_shard(ProgramMetric::RecordsProcessed, shard, passed.count);
            ctx.note(Fact::RecordsProcessed { actor: ctx.id, stream, shard, count, again });
        }
    }

    /// Goes on to the children where the closed shard is read and processed to its end.
    fn end_if_read(&mut self, ctx: &mut ActorCtx, key: &str) {
        let is_read = |lease: &HeldLease| lease.end.is_some() && lease.batch.is_none();
        if self.leases.get(key).is_some_and(is_read) {
            self.create_children(ctx, key);
        }
    }

    /// The shard is processed to its end: its children get leases, then its own lease says SHARD_END.
    fn create_children(&mut self, ctx: &mut ActorCtx, key: &str) {
        let Some(lease) = self.leases.get_mut(key) else { return };
        let children = lease.end.clone().unwrap_or_default();
        lease.poll_at = None;
        lease.children = children.iter().map(|child| child.shard).collect();
        self.table(ctx, Pending::CreateChildren(key.to_owned()), LeaseCall::Create(children));
    }

    pub(super) fn refused(&mut self, ctx: &mut ActorCtx, key: &str, error: &ApiError) {
        let Some(lease) = self.leases.get_mut(key) else { return };
        lease.is_reading = false;
        if self.registration.is_none() && lease.phase == ConsumerPhase::Processing {
            ctx.measure_shard(ProgramMetric::GetRecordsSuccess, lease.shard, 0);
        }
        let code = error.code();
        if !lease.goes_on() {
            self.throttled += u64::from(code.is_retryable());
        } else if code == ErrorCode::ExpiredIterator {
            ctx.measure_shard(ProgramMetric::ExpiredIterator, lease.shard, 1);
            lease.phase = ConsumerPhase::Initializing;
            lease.poll_at = Some(ctx.now);
        } else if code == ErrorCode::ResourceNotFound {
            // The shard or the stream is gone: nothing is left to read. Documented: `KinesisDataFetcher` ends the
            // shard then, and its lease is deleted.
            lease.end = Some(Vec::new());
            self.create_children(ctx, key);
        } else {
            if code == ErrorCode::ResourceInUse {
                lease.phase = ConsumerPhase::Initializing;
            }
            self.throttled += u64::from(code.is_retryable());
            let pause = self.spec.task_backoff.max(self.spec.idle_between_reads).max(RETRY_INTERVAL);
            lease.poll_at = Some(ctx.now + pause);
        }
    }
}

impl HeldLease {
    /// Documented: the bytes of data, and how far behind the tip the batch was.
    pub(super) fn publish_read(&self, ctx: &mut ActorCtx, records: &Records, millis_behind: u64) {
        ctx.measure_shard(ProgramMetric::DataBytesProcessed, self.shard, records.data_size());
        ctx.measure_shard(ProgramMetric::MillisBehindLatest, self.shard, millis_behind);
    }

    /// What the processor gets of the records: the user records behind the checkpoint.
    pub(super) fn units(&self, records: &Records) -> VecDeque<Unit> {
        let unit = |record: StoredRecord<'_>| Unit {
            number: records.number_of(&record),
            from: 0,
            to: user_records::count(record.data, self.range),
        };
        records.stored().map(unit).filter_map(|unit| self.behind_checkpoint(unit)).collect()
    }

    fn behind_checkpoint(&self, unit: Unit) -> Option<Unit> {
        let from = match self.last {
            Some((last, sub)) if unit.number == last && unit.to > 0 => sub + 1,
            Some((last, _)) if unit.number <= last => return None,
            Some(_) | None => unit.from,
        };
        // What is thrown away is gone past all the same.
        (from < unit.to || unit.to == 0).then_some(Unit { from: from.min(unit.to), ..unit })
    }

    /// Takes out of the batch what is done by now, and begins the next slice.
    fn work(&mut self, ctx: &mut ActorCtx, rate: u32) -> Worked {
        let Some(batch) = &mut self.batch else { return Worked::default() };
        let worked = batch.work(ctx.now, ctx.progress.or_insert_with(self.shard, Default::default));
        if batch.is_empty() {
            self.batch = None;
        } else {
            batch.set_rate(rate);
            batch.begin(ctx.now);
        }
        worked
    }
}

/// The application begins to read a shard: from then on it must process every record.
pub(super) fn begin_progress(ctx: &mut ActorCtx, lease: &HeldLease) {
    ctx.began.push(lease.shard);
    // What follows a shard that this application processed is processed from its first record on.
    let is_followed = lease.parents.iter().any(|parent| ctx.progress.contains_key(parent));
    let base = (is_followed && lease.checkpoint == Checkpoint::TrimHorizon).then_some(0);
    ctx.progress.or_insert_with(lease.shard, || ShardProgress { base, ..ShardProgress::default() });
}

fn iterator_request(stream: &str, lease: &HeldLease) -> GetShardIteratorInput {
    let (kind, number, timestamp) = match (lease.last, lease.checkpoint) {
        // The record itself comes again: user records behind the checkpoint may be in it.
        (Some((number, _)), _) => (ShardIteratorType::AtSequenceNumber, Some(number.to_string()), None),
        (None, Checkpoint::AtTimestamp(at)) => (ShardIteratorType::AtTimestamp, None, Some(Seconds(at))),
        (None, Checkpoint::Latest | Checkpoint::ShardEnd) => (ShardIteratorType::Latest, None, None),
        (None, Checkpoint::TrimHorizon | Checkpoint::Record(_)) => {
            (ShardIteratorType::TrimHorizon, None, None)
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

/// The leases of a finished shard's children.
pub(super) fn children_leases(children: Vec<kinesis::ChildShard>) -> Vec<Lease> {
    let lease = |child: kinesis::ChildShard| {
        Lease::new(child.shard_id, child.hash_key_range, child.parent_shards, Checkpoint::TrimHorizon)
    };
    children.into_iter().map(lease).collect()
}
