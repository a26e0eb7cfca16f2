//! A worker of KCL 3 hands a lease over: it comes to the end of its batch, writes its progress, and lets the next owner
//! begin there.
//!
//! Documented: `LeaseGracefulShutdownHandler` and `ShutdownNotificationTask` in the library's source. A worker learns that
//! it shall hand a lease over when it renews it.

use kinesis::Instant;

use super::fleet::FleetPending;
use super::{ConsumerPhase, HeldLease, KclWorker, Pending};
use crate::Rule;
use crate::actor::ActorCtx;
use crate::lease_table::{Lease, LeaseCall};

/// A lease is to be handed over.
#[derive(Clone, Debug)]
pub(super) struct HandOff {
    /// Then it goes over, whatever the record processor does.
    until: Instant,
    /// Not before this time the worker tries again.
    pub(super) retry_at: Instant,
}

impl HeldLease {
    /// Whether the shard is read to its end and its children are on their way: it is finished first.
    fn is_ending(&self) -> bool {
        let makes_children = self.end.is_some() && self.batch.is_none();
        self.phase == ConsumerPhase::ShuttingDown || makes_children && self.phase == ConsumerPhase::Processing
    }

    /// Whether its consumer may begin something new.
    pub(super) fn goes_on(&self) -> bool {
        self.hand_off.is_none() || self.is_ending()
    }
}

impl KclWorker {
    /// A renewal was refused because the lease is to be handed over.
    pub(super) fn hand_off_asked(&mut self, ctx: &mut ActorCtx, key: &str, item: &Lease) {
        if item.checkpoint_owner.as_ref() != Some(&self.name) {
            return self.lose(ctx, key, Rule::CounterChanged);
        }
        let until = ctx.now + self.spec.balancing.hand_off_timeout;
        let Some(lease) = self.leases.get_mut(key) else { return };
        lease.is_writing = false;
        lease.hand_off = Some(HandOff { until, retry_at: ctx.now });
        if !lease.is_ending() {
            // What it has received and not begun is the next owner's.
            lease.waiting.clear();
            lease.end = None;
            lease.poll_at = None;
            lease.subscription.take().into_iter().for_each(|subscription| ctx.close(subscription));
            if lease.phase != ConsumerPhase::ShutdownComplete {
                lease.phase = ConsumerPhase::ShutdownRequested;
            }
        }
        // Until then it stays the owner.
        self.renew(ctx, key);
    }

    /// The next step of each lease that is to be handed over.
    pub(super) fn hand_over_due(&mut self, ctx: &mut ActorCtx) {
        for key in self.keys_where(|lease| lease.hand_off.is_some() && !lease.is_writing) {
            let Some(lease) = self.leases.get(&key) else { continue };
            let Some(hand_off) = &lease.hand_off else { continue };
            let (is_late, may_try) = (hand_off.until <= ctx.now, hand_off.retry_at <= ctx.now);
            let is_busy = lease.batch.is_some() || lease.is_ending();
            let has_progress = lease.wants_checkpoint();
            if !may_try || is_busy && !is_late {
                continue;
            }
            if has_progress && !is_late {
                self.checkpoint(ctx, &key);
            } else {
                let (from, is_forced) = (self.name.clone(), is_busy || has_progress);
                let pending = |key| Pending::Fleet(FleetPending::HandOver(key));
                self.write(ctx, &key, pending, |key, _| LeaseCall::HandOver { key, from, is_forced });
            }
        }
    }

    pub(super) fn schedule_hand_offs(&self, ctx: &mut ActorCtx) {
        for lease in self.leases.values().filter(|lease| !lease.is_writing) {
            let Some(hand_off) = &lease.hand_off else { continue };
            let is_busy = lease.batch.is_some() || lease.is_ending();
            // Without a batch it waits for its next try only.
            let at = if is_busy { hand_off.until.max(hand_off.retry_at) } else { hand_off.retry_at };
            ctx.wake_at(at.max(ctx.now));
        }
    }

    /// The next owner may begin. A batch that is not finished is worked off all the same: its records come again.
    pub(super) fn handed_over(&mut self, ctx: &mut ActorCtx, key: &str) {
        if let Some(lease) = self.let_go(ctx, key).filter(|lease| lease.batch.is_some()) {
            self.ghosts.insert(key.to_owned(), lease);
        }
    }
}
