//! Progress: what a worker writes into the lease table, and when.

use super::{ConsumerPhase, HeldLease, KclWorker, Pending};
use crate::Fact;
use crate::actor::ActorCtx;
use crate::lease_table::{Checkpoint, Lease, LeaseCall};
use crate::neighbours::cloudwatch::ProgramMetric;

impl KclWorker {
    pub(super) fn checkpoint(&mut self, ctx: &mut ActorCtx, key: &str) {
        let Some(lease) = self.leases.get_mut(key) else { return };
        lease.checkpoint_at = ctx.now + self.spec.checkpoint_interval;
        let (checkpoint, sub_sequence_number) = lease.progress();
        let children = lease.children.clone();
        self.write(ctx, key, Pending::Checkpoint, |key, counter| LeaseCall::Checkpoint {
            key,
            counter,
            checkpoint,
            sub_sequence_number,
            children,
        });
    }

    /// The progress stands in the table.
    pub(super) fn checkpointed(&mut self, ctx: &mut ActorCtx, key: String, item: &Lease) {
        let (application, checkpoint) = (self.spec.name.clone(), item.checkpoint);
        ctx.measure_shard(ProgramMetric::CheckpointSuccess, item.shard, 1);
        ctx.note(Fact::Checkpointed { application, lease: key.clone(), worker: ctx.id, checkpoint });
        if checkpoint == Checkpoint::ShardEnd {
            if let Some(lease) = self.leases.get_mut(&key) {
                lease.phase = ConsumerPhase::ShutdownComplete;
            }
            self.table.insert(key, checkpoint);
            // Children that this worker holds need not wait for their next look.
            self.start_children(ctx);
        }
    }

    /// The library refuses a checkpoint of a lease that the worker does not hold any more.
    ///
    /// Documented: ShutdownException, "Can't update checkpoint - instance doesn't hold the lease for this shard".
    pub(super) fn note_no_checkpoint(&self, ctx: &mut ActorCtx, lease: String) {
        ctx.note(Fact::CheckpointRefused { application: self.spec.name.clone(), lease, worker: ctx.id });
    }
}

impl HeldLease {
    /// What a checkpoint would write now.
    pub(super) fn progress(&self) -> (Checkpoint, u64) {
        match (self.phase, self.last) {
            (ConsumerPhase::ShuttingDown | ConsumerPhase::ShutdownComplete, _) => (Checkpoint::ShardEnd, 0),
            (_, Some((number, sub))) => (Checkpoint::Record(number), sub),
            (_, None) => (self.checkpoint, self.checkpoint_sub),
        }
    }

    pub(super) fn wants_checkpoint(&self) -> bool {
        self.progress() != (self.checkpoint, self.checkpoint_sub)
    }
}
