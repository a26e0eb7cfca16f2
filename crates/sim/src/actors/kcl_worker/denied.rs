//! What a worker does without a right in DynamoDB.

use super::{ConsumerPhase, KclWorker, PARENT_SHARD_POLL_INTERVAL, Pending};
use crate::actor::ActorCtx;

impl KclWorker {
    /// DynamoDB refused for want of a right.
    ///
    /// Documented: a worker that cannot initialize tries again every `parentShardPollIntervalMillis`. Assumed: of a
    /// lease that it holds it tries each write again when that is due next; others may take it when it has expired.
    pub(super) fn denied(&mut self, ctx: &ActorCtx, pending: Pending) {
        match pending {
            Pending::Start | Pending::CreateAll => self.take_at = ctx.now + PARENT_SHARD_POLL_INTERVAL,
            Pending::CreateChildren(key) => {
                if let Some(lease) = self.leases.get_mut(&key) {
                    lease.phase = ConsumerPhase::Initializing;
                    lease.poll_at = Some(ctx.now + PARENT_SHARD_POLL_INTERVAL);
                }
            }
            Pending::Renew(key) => {
                if let Some(lease) = self.leases.get_mut(&key) {
                    lease.is_writing = false;
                }
            }
            Pending::Checkpoint(key) => {
                if let Some(lease) = self.leases.get_mut(&key) {
                    lease.is_writing = false;
                    lease.checkpoint_at = ctx.now + self.spec.checkpoint_interval;
                }
            }
            // A worker that is shutting down does not wait for a right that it has not.
            Pending::Release(key) => {
                self.leases.remove(&key);
            }
            Pending::Take | Pending::Parents | Pending::TakeLease(_) | Pending::Delete => {}
            Pending::Shards(_) | Pending::Iterator(_) | Pending::Records(_) => {}
        }
    }
}
