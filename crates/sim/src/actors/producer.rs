//! A program that puts records with the AWS SDK at a given rate, and decides what to do with refused ones.

mod lanes;
mod order;
mod send;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use kinesis::{
    ApiError, Duration, ErrorCode, Instant, PutRecordsResultEntry, Response, SequenceNumber, SortedMap,
};

use smol_str::SmolStr;

use super::calls::{Calls, Served};
use super::copies::Copies;
use super::retry::{RetryQuota, backoff, sdk_backoff};
use crate::actor::{ActorCtx, Input, Reply};
use crate::cause::Link;
use crate::source::Source;
use crate::traffic::Schedule;
use crate::{ActorId, Fact, LostReason, ProducerChange, ProducerSpec, PutOrdering, RetryPolicy, Rule};
use lanes::Lanes;
use order::Order;

/// A running producer: its settings, what is under way, and where each of its records ended.
///
/// At every instant `made = stored + lost + waiting + in flight`, as far as the program knows: of a call that timed out
/// it does not know whether its records are stored.
#[derive(Clone, Debug)]
pub struct Producer {
    pub spec: ProducerSpec,
    /// Records made so far.
    pub made: u64,
    pub stored: u64,
    /// Refusals, a record that is refused twice counted twice.
    pub refused: u64,
    /// Records sent again.
    pub retried: u64,
    pub lost: u64,
    /// Lost records by reason.
    pub lost_by_reason: SortedMap<LostReason, u64>,
    source: Arc<Source>,
    /// Records that wait to be sent again, by time.
    waiting: BTreeMap<(Instant, u64), Pending>,
    /// Records that wait for a call to be free, the next first.
    ready: VecDeque<Pending>,
    lanes: Lanes,
    calls: Calls<Vec<Pending>>,
    copies: Copies,
    order: Order,
    quota: RetryQuota,
    next_wait: u64,
    is_stopped: bool,
    /// Whether the keys are few enough to watch the order of each.
    is_order_watched: bool,
}

/// A record that is not stored yet.
#[derive(Clone, Debug)]
struct Pending {
    /// Number within the producer; with the source it makes the payload.
    number: u64,
    key: SmolStr,
    source: Arc<Source>,
    /// How often it was sent.
    attempts: u32,
    /// The decision to send it again.
    again: Option<Link>,
}

impl Pending {
    /// Bytes that the limits count.
    fn size(&self) -> u64 {
        u64::from(self.source.size) + self.key.len() as u64
    }
}

/// Records that may wait, each in one of the producer's queues.
const WAITING_MAX: u64 = 100_000;

impl Producer {
    pub(crate) fn new(spec: ProducerSpec, now: Instant, id: ActorId) -> Producer {
        let source = Arc::new(source_of(&spec, id.0, now, 0));
        let is_order_watched = can_watch_order(&spec);
        Producer {
            spec,
            made: 0,
            stored: 0,
            refused: 0,
            retried: 0,
            lost: 0,
            lost_by_reason: SortedMap::new(),
            source,
            waiting: BTreeMap::new(),
            ready: VecDeque::new(),
            lanes: Lanes::default(),
            calls: Calls::default(),
            copies: Copies::default(),
            order: Order::default(),
            quota: RetryQuota::default(),
            next_wait: 0,
            is_stopped: false,
            is_order_watched,
        }
    }

    /// Records in the producer's queues.
    pub fn waiting(&self) -> u64 {
        self.waiting.len() as u64 + self.ready.len() as u64 + self.lanes.waiting()
    }

    /// Records in calls that are not answered yet.
    pub fn in_flight(&self) -> u64 {
        self.calls.contents().map(|records| records.len() as u64).sum()
    }

    /// Calls sent so far.
    pub fn calls(&self) -> u64 {
        self.calls.sent
    }

    /// Calls that were not answered in time.
    pub fn timed_out(&self) -> u64 {
        self.calls.timed_out
    }

    /// Copies in the stream beyond the first of each record: what a time-out and another try make.
    pub fn stored_again(&self) -> u64 {
        self.copies.stored_again
    }

    /// Records given up after a time-out that are in the stream all the same.
    pub fn stored_though_lost(&self) -> u64 {
        self.copies.stored_though_lost
    }

    /// Records that came into the stream after a later one of their key; none where the keys are too many to watch.
    pub fn out_of_order(&self) -> Option<u64> {
        self.is_order_watched.then_some(self.order.violations)
    }

    /// Takes new settings from `now` on; what waits or is under way is not touched.
    pub(crate) fn change(&mut self, change: &ProducerChange, now: Instant) {
        let made = self.source.schedule.due_by(now);
        self.spec.take(change);
        self.source = Arc::new(source_of(&self.spec, self.source.id, now, made));
        self.is_order_watched = can_watch_order(&self.spec);
        if self.spec.ordering == PutOrdering::None {
            self.ready.extend(self.lanes.clear());
        }
    }

    /// Sends nothing any more and counts what waits as lost; calls under way are still answered, or time out.
    pub(crate) fn stop(&mut self, ctx: &mut ActorCtx) {
        self.is_stopped = true;
        let mut waiting: Vec<Pending> = std::mem::take(&mut self.waiting).into_values().collect();
        waiting.extend(self.ready.drain(..));
        waiting.extend(self.lanes.clear());
        self.lose(ctx, waiting, LostReason::Stopped);
        self.schedule(ctx);
    }

    /// The process dies: what it had in memory is gone. What is under way may still be stored; nobody will know.
    pub(crate) fn crash(&mut self, ctx: &mut ActorCtx) {
        self.is_stopped = true;
        let mut gone: Vec<Pending> = std::mem::take(&mut self.waiting).into_values().collect();
        gone.extend(self.ready.drain(..));
        gone.extend(self.lanes.clear());
        for (call_id, records, served) in self.calls.abandon() {
            let numbers = records.iter().map(|record| record.number).enumerate().collect();
            self.copies.timed_out(call_id, numbers, &served);
            gone.extend(records);
        }
        self.lose(ctx, gone, LostReason::Crashed);
    }

    pub(crate) fn handle(&mut self, ctx: &mut ActorCtx, input: Input) {
        match input {
            Input::Wake | Input::Push { .. } => {}
            Input::Reply { call_id, reply } => {
                if let (Some(records), Reply::Kinesis(result)) = (self.calls.answered(call_id), reply) {
                    self.answered(ctx, records, result);
                }
            }
        }
        while let Some((call_id, records, served)) = self.calls.take_late(ctx.now) {
            let numbers = records.iter().map(|record| record.number).enumerate().collect();
            self.copies.timed_out(call_id, numbers, &served);
            let (count, after) = (records.len() as u32, self.spec.request_timeout);
            let before = ctx.link();
            let told = ctx.note(Fact::RequestTimedOut { actor: ctx.id, count, after });
            ctx.because(told);
            self.failed(ctx, records, Failure::TimedOut);
            ctx.because(before);
        }
        if !self.is_stopped {
            self.make_due(ctx);
            self.send_ready(ctx);
        }
        self.schedule(ctx);
    }

    /// The service has handled a call, and the answer is on its way. The program does not know it yet; the records that
    /// are stored again by it are what it will never know.
    pub(crate) fn served(&mut self, actor: ActorId, call_id: u64, reply: &Reply) -> Option<Fact> {
        let served = Served::of(reply);
        let is_order_watched = self.is_order_watched;
        let late = self.copies.served_late(call_id, &served);
        let mut again = late;
        if let Some(records) = self.calls.served(call_id, served.clone())
            && (is_order_watched || self.copies.is_watching())
        {
            for (_, record) in records.iter().enumerate().filter(|(index, _)| served.is_stored(*index)) {
                again += self.copies.stored(record.number);
                if is_order_watched {
                    self.order.stored(&record.key, record.number);
                }
            }
        }
        (again > 0).then_some(Fact::RecordsStoredAgain { actor, count: again })
    }

    fn schedule(&self, ctx: &mut ActorCtx) {
        if let Some(deadline) = self.calls.next_deadline() {
            ctx.wake_at(deadline);
        }
        if self.is_stopped {
            return;
        }
        ctx.wake_at(self.next_made());
        if let Some(((due, _), _)) = self.waiting.first_key_value() {
            ctx.wake_at(*due);
        }
    }

    fn answered(&mut self, ctx: &mut ActorCtx, records: Vec<Pending>, result: Result<Response, ApiError>) {
        match result {
            Ok(Response::PutRecords(output)) => {
                let mut refused = Vec::new();
                for (record, entry) in records.into_iter().zip(output.records) {
                    match entry {
                        PutRecordsResultEntry::Stored { sequence_number, .. } => {
                            self.settled(&record, Some(sequence_number));
                        }
                        PutRecordsResultEntry::Refused { .. } => refused.push(record),
                    }
                }
                self.failed(ctx, refused, Failure::Entries);
            }
            Ok(Response::PutRecord(output)) => {
                records.iter().for_each(|record| self.settled(record, Some(output.sequence_number)));
            }
            Ok(_) => unreachable!("a put is answered by its own kind"),
            Err(error) => self.failed(ctx, records, Failure::Call(error.code())),
        }
    }

    fn settled(&mut self, record: &Pending, sequence_number: Option<SequenceNumber>) {
        self.stored += 1;
        if self.spec.retry == RetryPolicy::Standard {
            self.quota.give_back(if record.attempts > 1 { RetryQuota::RETRY } else { RetryQuota::SUCCESS });
        }
        self.leave_lane(record, sequence_number);
    }

    fn leave_lane(&mut self, record: &Pending, stored: Option<SequenceNumber>) {
        if self.spec.ordering == PutOrdering::PerKey
            && let Some(next) = self.lanes.leave(&record.key, stored)
        {
            self.ready.push_front(next);
        }
    }

    /// Decides what becomes of records that were not stored, as far as the program knows.
    fn failed(&mut self, ctx: &mut ActorCtx, records: Vec<Pending>, failure: Failure) {
        if records.is_empty() {
            return;
        }
        if failure != Failure::TimedOut {
            self.refused += records.len() as u64;
        }
        let reason = match (failure, self.spec.retry) {
            (Failure::Call(code), _) if !code.is_retryable() => Some(LostReason::Error(code)),
            (Failure::TimedOut, policy) if self.is_stopped || policy == RetryPolicy::None => {
                Some(LostReason::TimedOut)
            }
            _ if self.is_stopped => Some(LostReason::Stopped),
            (_, RetryPolicy::None) => Some(LostReason::NoRetry),
            // Documented: an SDK's own retries do not reach into a PutRecords answer, which is a success to it.
            (Failure::Entries, RetryPolicy::Standard | RetryPolicy::Legacy) => {
                Some(LostReason::NotRetriedBySdk)
            }
            _ => None,
        };
        if let Some(reason) = reason {
            return self.lose(ctx, records, reason);
        }
        let (spent, again): (Vec<Pending>, Vec<Pending>) =
            records.into_iter().partition(|record| record.attempts >= self.spec.attempts);
        self.lose(ctx, spent, LostReason::AttemptsUsedUp);
        if again.is_empty() {
            return;
        }
        let tokens =
            if failure == Failure::TimedOut { RetryQuota::RETRY_AFTER_TIMEOUT } else { RetryQuota::RETRY };
        if self.spec.retry == RetryPolicy::Standard && !self.quota.take(tokens) {
            return self.lose(ctx, again, LostReason::RetryQuota);
        }
        self.wait(ctx, again);
    }

    /// What failed together waits together, and is sent again in one call.
    fn wait(&mut self, ctx: &mut ActorCtx, mut again: Vec<Pending>) {
        let room = (WAITING_MAX.saturating_sub(self.waiting()) as usize).min(again.len());
        let too_many = again.split_off(room);
        self.lose(ctx, too_many, LostReason::QueueFull);
        if again.is_empty() {
            return;
        }
        let count = again.len() as u32;
        self.next_wait += 1;
        let attempts = again.iter().map(|record| record.attempts).max().unwrap_or(1);
        let mut dice = ctx.dice(self.next_wait);
        let pause = match self.spec.retry {
            RetryPolicy::Backoff => backoff(attempts, &mut dice),
            RetryPolicy::Standard | RetryPolicy::Legacy => sdk_backoff(attempts, &mut dice),
            RetryPolicy::Immediate | RetryPolicy::None => Duration::ZERO,
        };
        let until = ctx.now + pause;
        let decision = ctx.note(Fact::RetryScheduled { actor: ctx.id, count, until }).by(Rule::RetryPolicy);
        for record in again {
            self.next_wait += 1;
            let again = Some(decision);
            self.waiting.insert((until, self.next_wait), Pending { again, ..record });
        }
    }

    fn lose(&mut self, ctx: &mut ActorCtx, records: Vec<Pending>, reason: LostReason) {
        let Some(first) = records.first() else { return };
        let (count, first_key) = (records.len() as u32, first.key.to_string());
        self.lost += u64::from(count);
        *self.lost_by_reason.or_insert_with(reason, Default::default) += u64::from(count);
        for record in records {
            self.copies.lost(record.number);
            // What never was sent does not hold its lane.
            if record.attempts > 0 {
                self.leave_lane(&record, None);
            }
        }
        ctx.note(Fact::RecordsLost { actor: ctx.id, count, first_key, reason });
    }
}

/// How records came not to be stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Failure {
    /// Entries of a PutRecords answer, which is a 200 by itself.
    Entries,
    /// The whole call.
    Call(ErrorCode),
    TimedOut,
}

fn can_watch_order(spec: &ProducerSpec) -> bool {
    spec.keys.distinct_keys().is_some_and(|keys| keys <= order::KEYS_MAX)
}

fn source_of(spec: &ProducerSpec, id: u32, base: Instant, base_count: u64) -> Source {
    let schedule = Schedule { base, base_count, rate: spec.rate, traffic: spec.traffic };
    Source { id, schedule, keys: spec.keys.clone(), workload: spec.workload, size: spec.size }
}
