//! A graceful stop: work off what was begun, write the progress, give every lease back.

use super::{HeldLease, KclWorker, Pending};
use crate::Rule;
use crate::actor::ActorCtx;
use crate::lease_table::LeaseCall;

impl KclWorker {
    /// Whether a graceful stop is through.
    pub(crate) fn has_stopped(&self) -> bool {
        self.is_stopping && self.leases.is_empty() && self.ghosts.is_empty()
    }

    /// Begins a graceful stop: checkpoint, then give every lease back.
    pub(crate) fn stop(&mut self, ctx: &mut ActorCtx) {
        self.is_stopping = true;
        self.release_lead(ctx, Rule::AskedFor);
    }

    /// The next step of a graceful stop for each lease whose processor has returned.
    pub(super) fn give_back(&mut self, ctx: &mut ActorCtx) {
        for key in self.keys_where(|lease| !lease.is_writing && lease.batch.is_none()) {
            if self.leases.get(&key).is_some_and(HeldLease::wants_checkpoint) {
                self.checkpoint(ctx, &key);
            } else {
                self.write(ctx, &key, Pending::Release, |key, counter| LeaseCall::Release { key, counter });
            }
        }
    }
}
