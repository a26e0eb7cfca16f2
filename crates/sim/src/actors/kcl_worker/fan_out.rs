//! Reading by enhanced fan-out: the worker registers the application as a consumer and holds one subscription for each
//! of its shards.
//!
//! Documented: `FanOutRecordsPublisher` and `FanOutConsumerRegistration` in the library's source; the consumer has the
//! application's name. Simplified: the library slows the connection down while its processor is busy; here events
//! queue up to a bound, then the worker lets the subscription go and subscribes again when it has caught up.

use std::collections::VecDeque;

use kinesis::{
    ApiError, ErrorCode, Push, Request, ShardIteratorType, StartingPosition, SubscribeToShardInput,
};

use super::batch::Unit;
use super::{ConsumerPhase, HeldLease, KclWorker, Pending, RETRY_INTERVAL};
use crate::actor::{ActorCtx, Call};
use crate::actors::registration::Registration;
use crate::lease_table::{Checkpoint, Lease};

/// Events that wait for a busy processor, for each shard.
const EVENTS_MAX: usize = 10;

/// What an event brought, while the processor is still busy with the ones before.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) units: VecDeque<Unit>,
    pub(super) millis_behind: u64,
    pub(super) end: Option<Vec<Lease>>,
    /// How many records the processor leaves out, where it throws at one of them.
    pub(super) poisoned: Option<u32>,
}

impl KclWorker {
    /// Asks for the application's consumer until it is ACTIVE.
    pub(super) fn register(&mut self, ctx: &mut ActorCtx) {
        let Some(registration) = self.registration.as_mut() else { return };
        match registration.ask_at() {
            Some(at) if at.max(self.register_at) <= ctx.now => {
                let request = registration.ask();
                self.send(ctx, Pending::Registration, Call::Kinesis(request));
            }
            Some(at) => ctx.wake_at(at.max(self.register_at)),
            None => {}
        }
    }

    pub(super) fn registered(&mut self, ctx: &mut ActorCtx, result: Result<kinesis::Response, ApiError>) {
        let Some(registration) = self.registration.as_mut() else { return };
        if registration.answered(ctx.now, result).is_err() {
            // No such stream, or no right: it begins anew.
            let consumer = self.spec.name.as_str();
            *registration = Registration::new(&self.spec.stream, consumer);
            self.register_at = ctx.now + RETRY_INTERVAL;
        } else if registration.consumer_arn().is_some() {
            let waiting = self.leases.values_mut().filter(|lease| lease.phase == ConsumerPhase::Initializing);
            waiting.for_each(|lease| lease.poll_at = Some(ctx.now));
        }
    }

    /// The call that subscribes to a shard behind what was received of it; none before the consumer is ACTIVE.
    pub(super) fn subscribe_request(&self, lease: &HeldLease) -> Option<Request> {
        let arn = self.registration.as_ref()?.consumer_arn()?;
        let last = lease.last.map(|(number, _)| number);
        let (kind, number, timestamp) = match (lease.continuation.filter(|at| Some(*at) >= last), last) {
            (Some(number), _) => (ShardIteratorType::AfterSequenceNumber, Some(number), None),
            (None, Some(number)) => (ShardIteratorType::AtSequenceNumber, Some(number), None),
            (None, None) => match lease.checkpoint {
                Checkpoint::AtTimestamp(at) => {
                    (ShardIteratorType::AtTimestamp, None, Some(kinesis::Seconds(at)))
                }
                Checkpoint::Latest | Checkpoint::ShardEnd => (ShardIteratorType::Latest, None, None),
                Checkpoint::TrimHorizon | Checkpoint::Record(_) => {
                    (ShardIteratorType::TrimHorizon, None, None)
                }
            },
        };
        let input = SubscribeToShardInput {
            consumer_arn: Some(arn.to_owned()),
            shard_id: Some(lease.shard.to_string()),
            starting_position: Some(StartingPosition {
                kind: Some(kind.name().to_owned()),
                sequence_number: number.map(|number| number.to_string()),
                timestamp,
            }),
            dry_run: None,
        };
        Some(input.into())
    }

    pub(super) fn subscribed(&mut self, ctx: &mut ActorCtx, key: &str, subscription: u64) {
        let Some(lease) = self.leases.get_mut(key) else { return };
        lease.is_reading = false;
        if lease.hand_off.is_some() {
            return ctx.close(subscription);
        }
        lease.phase = ConsumerPhase::Processing;
        lease.subscription = Some(subscription);
        lease.poll_at = None;
        super::consumer::begin_progress(ctx, lease);
    }

    /// What came over the connection of a subscription; none where that ended.
    pub(super) fn pushed(&mut self, ctx: &mut ActorCtx, subscription: u64, push: Option<Push>) {
        let holds = |lease: &HeldLease| lease.subscription == Some(subscription);
        let Some(key) = self.keys_where(holds).pop() else { return };
        let poisoned = match &push {
            Some(Push::Event(event)) => self.poisoned(&event.records),
            Some(Push::Exception(_)) | None => None,
        };
        let Some(lease) = self.leases.get_mut(&key) else { return };
        match push {
            Some(Push::Event(event)) => {
                let end = event.child_shards.map(super::consumer::children_leases);
                if event.continuation_sequence_number.is_none() {
                    lease.subscription = None;
                } else if lease.waiting.len() >= EVENTS_MAX {
                    // What this event brought comes again.
                    lease.subscription = None;
                    lease.phase = ConsumerPhase::Initializing;
                    return ctx.close(subscription);
                } else {
                    lease.continuation = event.continuation_sequence_number;
                }
                let units = lease.units(&event.records);
                let bytes = event.records.data_size();
                let millis_behind = event.millis_behind_latest;
                lease.publish_read(ctx, &event.records, millis_behind);
                lease.waiting.push_back(Waiting { units, millis_behind, end, poisoned });
                self.count_bytes(&key, bytes);
                self.next_event(ctx, &key);
            }
            Some(Push::Exception(error)) => {
                lease.subscription = None;
                if error.code() == ErrorCode::ResourceNotFound {
                    return self.refused(ctx, &key, &error);
                }
                lease.phase = ConsumerPhase::Initializing;
                lease.poll_at = Some(ctx.now + RETRY_INTERVAL);
            }
            None => {
                lease.subscription = None;
                lease.phase = ConsumerPhase::Initializing;
                lease.poll_at = Some(ctx.now);
            }
        }
    }

    /// Hands the next event to the processor, where that has nothing to do.
    pub(super) fn next_event(&mut self, ctx: &mut ActorCtx, key: &str) {
        while let Some(lease) = self.leases.get_mut(key).filter(|lease| lease.batch.is_none()) {
            let Some(Waiting { units, millis_behind, end, poisoned }) = lease.waiting.pop_front() else {
                // It caught up after it had let the subscription go.
                if lease.phase == ConsumerPhase::Initializing && !lease.is_reading {
                    lease.poll_at = Some(lease.poll_at.unwrap_or(ctx.now));
                }
                return;
            };
            lease.millis_behind = millis_behind;
            lease.end = end;
            self.process(ctx, key, units, poisoned);
        }
    }
}
