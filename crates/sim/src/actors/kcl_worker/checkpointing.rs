//! Progress: what a worker writes into the lease table, and when.

use super::{ConsumerPhase, HeldLease, KclWorker, Pending};
use crate::actor::ActorCtx;
use crate::lease_table::{Checkpoint, LeaseCall};

impl KclWorker {
    pub(super) fn checkpoint(&mut self, ctx: &mut ActorCtx, key: &str) {
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
}

impl HeldLease {
    /// What a checkpoint would write now.
    pub(super) fn progress(&self) -> Checkpoint {
        match (self.phase, self.last) {
            (ConsumerPhase::ShuttingDown, _) => Checkpoint::ShardEnd,
            (_, Some(last)) => Checkpoint::Record(last),
            (_, None) => self.checkpoint,
        }
    }

    pub(super) fn wants_checkpoint(&self) -> bool {
        self.progress() != self.checkpoint
    }
}
