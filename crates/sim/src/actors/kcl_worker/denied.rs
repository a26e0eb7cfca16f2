//! What a worker does without a right in DynamoDB.

use super::{KclWorker, Pending};
use crate::actor::ActorCtx;

impl KclWorker {
    /// DynamoDB refused for want of a right.
    ///
    /// Documented: a worker that cannot initialize tries again every `parentShardPollIntervalMillis`. Assumed: of a
    /// lease that it holds it tries each write again when that is due next; others may take it when it has expired.
    pub(super) fn denied(&mut self, ctx: &ActorCtx, pending: Pending) {
        let later = ctx.now + self.spec.parent_shard_poll_interval;
        match pending {
            Pending::CreateTable | Pending::Start | Pending::CreateAll if !self.is_started => {
                self.take_at = later;
            }
            Pending::CreateChildren(key) => {
                if let Some(lease) = self.leases.get_mut(&key) {
                    lease.poll_at = Some(later);
                }
            }
            Pending::Parents(_) => self.wait_for_parents(later),
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
            Pending::CreateTable | Pending::Start | Pending::CreateAll => {}
            Pending::Take | Pending::TakeLease(_) | Pending::Audit | Pending::CleanUp | Pending::Delete => {}
            Pending::Shards(..) | Pending::Iterator(..) | Pending::Records(..) => {}
            Pending::Subscription(..) | Pending::Registration | Pending::Fleet(_) => {}
        }
    }
}
