//! The consumers of a worker's shards: they wait for parents, read, process, and come to the end of a shard.

use kinesis::{
    ApiError, ErrorCode, GetRecordsInput, GetRecordsOutput, GetShardIteratorInput, Record, Seconds, ShardId,
    ShardIteratorType,
};

use super::{ConsumerPhase, HeldLease, KclWorker, PARENT_SHARD_POLL_INTERVAL, Pending, RETRY_INTERVAL};
use crate::Fact;
use crate::actor::{ActorCtx, Call};
use crate::lease_table::{Checkpoint, Lease, LeaseCall};

impl KclWorker {
    /// Lets consumers begin whose parents are all at SHARD_END or gone.
    pub(super) fn start_children(&mut self, ctx: &mut ActorCtx) {
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

    pub(super) fn poll(&mut self, ctx: &mut ActorCtx, key: &str) {
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

    pub(super) fn got(&mut self, ctx: &mut ActorCtx, key: &str, output: GetRecordsOutput) {
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
    pub(super) fn end_shard(&mut self, ctx: &mut ActorCtx, key: &str, children: Vec<Lease>) {
        if let Some(lease) = self.leases.get_mut(key) {
            lease.poll_at = None;
            lease.children = children.iter().map(|child| child.shard).collect();
            self.table(ctx, Pending::CreateChildren(key.to_owned()), LeaseCall::Create(children));
        }
    }

    pub(super) fn refused(&mut self, ctx: &mut ActorCtx, key: &str, error: &ApiError) {
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
