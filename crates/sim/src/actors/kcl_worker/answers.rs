//! What a worker does with the answers to its calls.

use kinesis::{ApiError, Instant, Response};

use super::{ConsumerPhase, KclWorker, Pending};
use crate::actor::ActorCtx;
use crate::lease_table::{Checkpoint, LeaseCall, LeaseReply};
use crate::neighbours::cloudwatch::ProgramMetric;
use crate::{Fact, Rule};

impl KclWorker {
    pub(super) fn table_answered(&mut self, ctx: &mut ActorCtx, pending: Pending, reply: LeaseReply) {
        if let Pending::Fleet(pending) = pending {
            return self.fleet_answered(ctx, pending, reply);
        }
        if let LeaseReply::AccessDenied = reply {
            return self.denied(ctx, pending);
        }
        if matches!(reply, LeaseReply::Throttled | LeaseReply::NoTable | LeaseReply::NoAnswer) {
            return self.table_refused(ctx, pending, &reply);
        }
        match (pending, reply) {
            (Pending::CreateTable, _) if self.fleet.is_some() => self.create_other_tables(ctx),
            (Pending::CreateTable, _) => self.table(ctx, Pending::Start, LeaseCall::Scan),
            (Pending::Start, LeaseReply::Leases(leases)) => {
                if leases.iter().any(|lease| !lease.is_done()) {
                    self.adopt(ctx, &leases);
                    if self.fleet.is_none() {
                        self.take_leases(ctx, &leases);
                    }
                } else {
                    self.sync_shards(ctx, leases);
                }
            }
            (Pending::Take, LeaseReply::Leases(leases)) => {
                self.take_leases(ctx, &leases);
                self.start_children(ctx);
            }
            (Pending::Parents(asked), LeaseReply::Leases(leases)) => {
                for key in asked {
                    // A parent without a lease is done.
                    self.table.insert(key, Checkpoint::ShardEnd);
                }
                for lease in leases {
                    self.table.insert(lease.lease_key, lease.checkpoint);
                }
                self.start_children(ctx);
            }
            // Somebody has made the table complete: look at it and take.
            (Pending::CreateAll, _) if !self.is_started => self.table(ctx, Pending::Start, LeaseCall::Scan),
            (Pending::CreateAll, _) => {}
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
                ctx.measure(ProgramMetric::TakeLeaseSuccess, 1);
                ctx.measure(ProgramMetric::TakenLeases, 1);
                self.hold(ctx, &lease);
            }
            (Pending::TakeLease(key), _) => self.note_refused(ctx, key),
            (Pending::Renew(key), LeaseReply::Written { lease, .. }) => {
                ctx.measure(ProgramMetric::RenewLeaseSuccess, 1);
                self.written(ctx, &key, &lease);
            }
            (Pending::Renew(key), LeaseReply::HandOffAsked(lease)) => self.hand_off_asked(ctx, &key, &lease),
            (Pending::Checkpoint(key), LeaseReply::Written { lease, .. }) => {
                self.written(ctx, &key, &lease);
                self.checkpointed(ctx, key, &lease);
            }
            (Pending::Release(key), LeaseReply::Written { .. }) => {
                self.let_go(ctx, &key);
                let application = self.spec.name.clone();
                ctx.note(Fact::LeaseReleased { application, lease: key, worker: ctx.id });
            }
            // Lost, given back or deleted meanwhile.
            (Pending::Renew(key) | Pending::Checkpoint(key) | Pending::Release(key), _)
                if !self.leases.contains_key(&key) => {}
            (Pending::Checkpoint(key), _) => {
                self.note_refused(ctx, key.clone());
                self.note_no_checkpoint(ctx, key.clone());
                self.lose(ctx, &key, Rule::CounterChanged);
            }
            (Pending::Renew(key) | Pending::Release(key), _) => {
                self.note_refused(ctx, key.clone());
                self.lose(ctx, &key, Rule::CounterChanged);
            }
            (Pending::Audit, LeaseReply::Leases(leases)) => self.audit(ctx, leases),
            (Pending::CleanUp, LeaseReply::Leases(leases)) => self.clean_up(ctx, &leases),
            (Pending::Start | Pending::Take | Pending::Parents(_) | Pending::Audit, _) => {}
            (Pending::CleanUp | Pending::Delete, _) => {}
            (Pending::Shards(..) | Pending::Iterator(..) | Pending::Records(..), _) => {}
            (Pending::Subscription(..) | Pending::Registration | Pending::Fleet(_), _) => {}
        }
    }

    /// The table has no capacity left, or is not there: whatever was asked did not happen. The worker goes on with
    /// what it has until its own clock says that its leases have expired.
    fn table_refused(&mut self, ctx: &mut ActorCtx, pending: Pending, reply: &LeaseReply) {
        let is_throttled = matches!(reply, LeaseReply::Throttled);
        if is_throttled {
            let application = self.spec.name.clone();
            ctx.note(Fact::LeaseTableThrottled { application, worker: ctx.id });
        }
        match pending {
            Pending::Renew(key) | Pending::Checkpoint(key) | Pending::Release(key) => {
                if let Some(lease) = self.leases.get_mut(&key) {
                    lease.is_writing = false;
                    lease.checkpoint_at = lease.checkpoint_at.max(ctx.now + self.spec.task_backoff);
                }
            }
            Pending::CreateChildren(key) => {
                if let Some(lease) = self.leases.get_mut(&key) {
                    lease.poll_at = Some(ctx.now + self.spec.task_backoff);
                }
            }
            Pending::CreateTable | Pending::Start | Pending::CreateAll if !self.is_started => {
                self.try_again(ctx);
            }
            Pending::Parents(_) => {
                self.wait_for_parents(ctx.now + self.spec.parent_shard_poll_interval);
            }
            Pending::CreateTable
            | Pending::Start
            | Pending::Take
            | Pending::Shards(..)
            | Pending::CreateAll
            | Pending::TakeLease(_)
            | Pending::Audit
            | Pending::CleanUp
            | Pending::Delete
            | Pending::Iterator(..)
            | Pending::Records(..)
            | Pending::Subscription(..)
            | Pending::Registration
            | Pending::Fleet(_) => {}
        }
    }

    /// Consumers that wait for parents look again at `at`.
    pub(super) fn wait_for_parents(&mut self, at: Instant) {
        for lease in self.leases.values_mut().filter(|lease| lease.poll_at.is_none()) {
            if lease.phase == ConsumerPhase::WaitingOnParentShards {
                lease.poll_at = Some(at);
            }
        }
    }

    pub(super) fn service_answered(
        &mut self,
        ctx: &mut ActorCtx,
        pending: Pending,
        result: Result<Response, ApiError>,
    ) {
        match (pending, result) {
            (Pending::Shards(present, so_far), Ok(Response::ListShards(output))) => {
                self.shards_listed(ctx, present, so_far, output);
            }
            (Pending::Shards(..), _) => self.try_again(ctx),
            // The lease was lost meanwhile, and perhaps taken again.
            (
                Pending::Iterator(key, number)
                | Pending::Records(key, number)
                | Pending::Subscription(key, number),
                _,
            ) if self.leases.get(&key).is_none_or(|lease| lease.number != number) => {}
            (Pending::Iterator(key, _), Ok(Response::GetShardIterator(output))) => {
                self.begin_reading(ctx, &key, output.shard_iterator);
            }
            (Pending::Records(key, _), Ok(Response::GetRecords(output))) => self.got(ctx, &key, output),
            (Pending::Registration, result) => self.registered(ctx, result),
            (Pending::Subscription(key, _), Ok(Response::SubscribeToShard(output))) => {
                self.subscribed(ctx, &key, output.subscription);
            }
            (
                Pending::Iterator(key, _) | Pending::Records(key, _) | Pending::Subscription(key, _),
                Err(error),
            ) => {
                self.refused(ctx, &key, &error);
            }
            _ => {}
        }
    }
}
