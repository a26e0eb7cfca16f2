//! A program that puts records with the AWS SDK at a given rate, and decides what to do with refused ones.

use std::collections::BTreeMap;
use std::sync::Arc;

use kinesis::{
    ApiError, Blob, Duration, ErrorCode, Generated, Instant, Numbered, Numbers, PutRecordInput,
    PutRecordsInput, PutRecordsRequestEntry, PutRecordsResultEntry, Recipe, Response, SortedMap,
};

use super::retry::backoff;
use crate::actor::{ActorCtx, Call, Input, Reply};
use crate::cause::Link;
use crate::{ActorId, Fact, LostReason, ProducerChange, ProducerSpec, PutCall, RetryPolicy, Rule};

/// A running producer: its settings, what is under way, and where each of its records ended.
///
/// At every instant `made = stored + lost + waiting + in flight`.
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
    pub calls: u64,
    /// Records made up to `base` at an earlier rate.
    base_count: u64,
    base: Instant,
    waiting: BTreeMap<(Instant, u64), Pending>,
    in_flight: SortedMap<u64, Vec<Pending>>,
    next_call: u64,
    next_wait: u64,
    is_stopped: bool,
    recipe: Arc<dyn Recipe>,
}

/// A record that is not stored yet.
#[derive(Clone, Debug)]
struct Pending {
    /// Number within the producer; makes its payload.
    number: u64,
    key: String,
    recipe: Arc<dyn Recipe>,
    size: u32,
    /// How often it was sent.
    attempts: u32,
    /// The decision to send it again.
    again: Option<Link>,
}

/// A batching producer sends what came together in this time.
const LINGER: Duration = Duration::from_millis(100);
const BATCH_RECORDS_MAX: usize = 500;
const BATCH_BYTES_MAX: u64 = 5 << 20;
/// Records that may wait to be sent again.
const WAITING_MAX: usize = 100_000;

impl Producer {
    pub(crate) fn new(spec: ProducerSpec, now: Instant, id: ActorId) -> Producer {
        Producer {
            recipe: Arc::new(Numbered { source: id.0, size: spec.size }),
            spec,
            made: 0,
            stored: 0,
            refused: 0,
            retried: 0,
            lost: 0,
            lost_by_reason: SortedMap::new(),
            calls: 0,
            base_count: 0,
            base: now,
            waiting: BTreeMap::new(),
            in_flight: SortedMap::new(),
            next_call: 0,
            next_wait: 0,
            is_stopped: false,
        }
    }

    /// Records in the retry queue.
    pub fn waiting(&self) -> u64 {
        self.waiting.len() as u64
    }

    /// Records in calls that are not answered yet.
    pub fn in_flight(&self) -> u64 {
        self.in_flight.values().map(|records| records.len() as u64).sum()
    }

    /// Takes new settings from `now` on; what waits or is under way is not touched.
    pub(crate) fn change(&mut self, change: &ProducerChange, now: Instant) {
        self.base_count = self.due_by(now);
        self.base = now;
        let spec = &mut self.spec;
        spec.rate = change.rate.unwrap_or(spec.rate);
        spec.size = change.size.unwrap_or(spec.size);
        spec.call = change.call.unwrap_or(spec.call);
        spec.retry = change.retry.unwrap_or(spec.retry);
        spec.attempts = change.attempts.unwrap_or(spec.attempts);
        if let Some(keys) = &change.keys {
            spec.keys = keys.clone();
        }
        self.recipe = Arc::new(Numbered { source: self.recipe.source(), size: spec.size });
    }

    /// Sends nothing any more and counts what waits as lost; calls under way are still answered.
    pub(crate) fn stop(&mut self, ctx: &mut ActorCtx) {
        self.is_stopped = true;
        let waiting: Vec<Pending> = std::mem::take(&mut self.waiting).into_values().collect();
        self.lose(ctx, waiting, LostReason::Stopped);
    }

    /// Records that should have been made by `at`.
    fn due_by(&self, at: Instant) -> u64 {
        let micros = u128::from(at.since(self.base).micros());
        self.base_count + (micros * u128::from(self.spec.rate) / 1_000_000) as u64
    }

    /// When record `number` (from 0) is made.
    fn due_at(&self, number: u64) -> Option<Instant> {
        if self.spec.rate == 0 {
            return None;
        }
        let ahead = u128::from(number + 1 - self.base_count) * 1_000_000;
        let micros = ahead.div_ceil(u128::from(self.spec.rate));
        Some(self.base + Duration::from_micros(micros as u64))
    }

    pub(crate) fn handle(&mut self, ctx: &mut ActorCtx, input: Input) {
        match input {
            Input::Wake | Input::Push { .. } => {}
            Input::Reply { call_id, reply } => {
                if let (Some(records), Reply::Kinesis(result)) = (self.in_flight.remove(&call_id), reply) {
                    self.answered(ctx, records, result);
                }
            }
        }
        if !self.is_stopped {
            self.send_due(ctx);
            self.schedule(ctx);
        }
    }

    fn schedule(&self, ctx: &mut ActorCtx) {
        if let Some(due) = self.due_at(self.made) {
            ctx.wake_at(match self.spec.call {
                PutCall::Single => due,
                // The next whole linger after the start.
                PutCall::Batch => {
                    let lingers = due.since(self.base).micros().div_ceil(LINGER.micros());
                    self.base + LINGER.times(lingers)
                }
            });
        }
        if let Some(((due, _), _)) = self.waiting.first_key_value() {
            ctx.wake_at(*due);
        }
    }

    fn send_due(&mut self, ctx: &mut ActorCtx) {
        let now = ctx.now;
        let mut batch = Vec::new();
        while let Some(entry) = self.waiting.first_entry() {
            if entry.key().0 > now {
                break;
            }
            self.retried += 1;
            batch.push(entry.remove());
        }
        let is_linger_over = match self.spec.call {
            PutCall::Single => true,
            PutCall::Batch => now.since(self.base).micros().is_multiple_of(LINGER.micros()),
        };
        if is_linger_over {
            for number in self.made..self.due_by(now) {
                let key = self.spec.keys.key(u64::from(ctx.id.0), number);
                let recipe = Arc::clone(&self.recipe);
                batch.push(Pending { number, key, recipe, size: self.spec.size, attempts: 0, again: None });
            }
            self.made = self.made.max(self.due_by(now));
        }
        match self.spec.call {
            PutCall::Single => batch.into_iter().for_each(|record| self.send(ctx, vec![record])),
            PutCall::Batch => self.send_batches(ctx, batch),
        }
    }

    fn send_batches(&mut self, ctx: &mut ActorCtx, records: Vec<Pending>) {
        let mut call = Vec::new();
        let mut bytes = 0;
        for record in records {
            let size = u64::from(record.size) + record.key.len() as u64;
            if !call.is_empty() && (call.len() == BATCH_RECORDS_MAX || bytes + size > BATCH_BYTES_MAX) {
                self.send(ctx, std::mem::take(&mut call));
                bytes = 0;
            }
            bytes += size;
            call.push(record);
        }
        if !call.is_empty() {
            self.send(ctx, call);
        }
    }

    fn send(&mut self, ctx: &mut ActorCtx, mut records: Vec<Pending>) {
        let before = ctx.link();
        // What is only sent again follows from that decision, all else from the producer's own pace.
        if let Some(again) = records.iter().map(|record| record.again).collect::<Option<Vec<Link>>>() {
            again.first().into_iter().for_each(|link| ctx.because(*link));
        }
        for record in &mut records {
            record.attempts += 1;
        }
        let stream_name = Some(self.spec.stream.clone());
        let data = |record: &Pending| {
            let recipe = Arc::clone(&record.recipe);
            Some(Blob::Generated(Generated {
                recipe,
                numbers: Numbers::One(record.number),
                size: record.size,
            }))
        };
        let request = match (self.spec.call, records.as_slice()) {
            (PutCall::Single, [record]) => PutRecordInput {
                stream_name,
                data: data(record),
                partition_key: Some(record.key.clone()),
                ..PutRecordInput::default()
            }
            .into(),
            _ => PutRecordsInput {
                stream_name,
                records: Some(
                    records
                        .iter()
                        .map(|record| PutRecordsRequestEntry {
                            data: data(record),
                            explicit_hash_key: None,
                            partition_key: Some(record.key.clone()),
                        })
                        .collect(),
                ),
                stream_arn: None,
                dry_run: None,
            }
            .into(),
        };
        self.calls += 1;
        self.next_call += 1;
        ctx.call(self.next_call, Call::Kinesis(request));
        self.in_flight.insert(self.next_call, records);
        ctx.because(before);
    }

    fn answered(&mut self, ctx: &mut ActorCtx, records: Vec<Pending>, result: Result<Response, ApiError>) {
        match result {
            Ok(Response::PutRecords(output)) => {
                let mut refused = Vec::new();
                for (record, entry) in records.into_iter().zip(output.records) {
                    match entry {
                        PutRecordsResultEntry::Stored { .. } => self.stored += 1,
                        PutRecordsResultEntry::Refused { .. } => refused.push(record),
                    }
                }
                self.refused(ctx, refused, ErrorCode::ProvisionedThroughputExceeded);
            }
            Ok(_) => self.stored += records.len() as u64,
            Err(error) => self.refused(ctx, records, error.code()),
        }
    }

    /// Decides what becomes of refused records. The SDK's own retries do not reach into a PutRecords answer: this
    /// is the application's code.
    fn refused(&mut self, ctx: &mut ActorCtx, records: Vec<Pending>, code: ErrorCode) {
        if records.is_empty() {
            return;
        }
        self.refused += records.len() as u64;
        if !code.is_retryable() {
            return self.lose(ctx, records, LostReason::Error(code));
        }
        if self.is_stopped {
            return self.lose(ctx, records, LostReason::Stopped);
        }
        if self.spec.retry == RetryPolicy::None {
            return self.lose(ctx, records, LostReason::NoRetry);
        }
        let (spent, mut again): (Vec<Pending>, Vec<Pending>) =
            records.into_iter().partition(|record| record.attempts >= self.spec.attempts);
        self.lose(ctx, spent, LostReason::AttemptsUsedUp);
        let room = WAITING_MAX.saturating_sub(self.waiting.len()).min(again.len());
        let too_many = again.split_off(room);
        self.lose(ctx, too_many, LostReason::QueueFull);
        if again.is_empty() {
            return;
        }
        let count = again.len() as u32;
        // What was refused together waits together, and is sent again in one call.
        self.next_wait += 1;
        let attempts = again.iter().map(|record| record.attempts).max().unwrap_or(1);
        let until = match self.spec.retry {
            RetryPolicy::Backoff => ctx.now + backoff(attempts, &mut ctx.dice(self.next_wait)),
            RetryPolicy::Immediate | RetryPolicy::None => ctx.now,
        };
        let decision = ctx.note(Fact::RetryScheduled { actor: ctx.id, count, until }).by(Rule::RetryPolicy);
        for record in again {
            self.next_wait += 1;
            let again = Some(decision);
            self.waiting.insert((until, self.next_wait), Pending { again, ..record });
        }
    }

    fn lose(&mut self, ctx: &mut ActorCtx, records: Vec<Pending>, reason: LostReason) {
        let Some(first) = records.first() else { return };
        let (count, first_key) = (records.len() as u32, first.key.clone());
        self.lost += u64::from(count);
        *self.lost_by_reason.or_insert_with(reason, Default::default) += u64::from(count);
        ctx.note(Fact::RecordsLost { actor: ctx.id, count, first_key, reason });
    }
}
