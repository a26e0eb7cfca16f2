//! What becomes of a batch: success, another try, two halves, or the on-failure destination.

use std::sync::Arc;

use kinesis::{Duration, Instant, Record, SequenceNumber};
use serde_json::Value;

use super::event::{Discarded, event, failure_message};
use super::lanes::{Batch, ShardWork};
use super::progress::Worked;
use super::{EventSourceMapping, Recent};
use crate::actor::{ActorCtx, Call};
use crate::neighbours::function::{InvokeOutcome, InvokeReply, PAYLOAD_BYTES_MAX};
use crate::neighbours::s3::Body;
use crate::neighbours::uuid;
use crate::{DiscardReason, Fact, InvocationEnd};

/// Assumed: Lambda tries a failed batch again after a second, then after two, four … up to a minute.
const RETRY_PAUSE: Duration = Duration::from_seconds(1);
const RETRY_PAUSE_MAX: Duration = Duration::from_seconds(60);

fn pause(tries: u32) -> Duration {
    RETRY_PAUSE.times(1 << tries.min(16)).min(RETRY_PAUSE_MAX)
}

impl EventSourceMapping {
    /// Takes the end of an invocation.
    pub(super) fn invoked(&mut self, ctx: &mut ActorCtx, call_id: u64, reply: InvokeReply) {
        let Some((shard, number)) = self.invoking.remove(&call_id) else { return };
        let mut shards = std::mem::take(&mut self.shards);
        if let Some(work) = shards.get_mut(&shard)
            && let Some(lane) = work.lanes.get_mut(number)
        {
            lane.call = None;
            if let Some(batch) = lane.batches.pop() {
                self.settle(ctx, work, number, batch, call_id, reply);
            }
        }
        self.shards = shards;
    }

    fn settle(
        &mut self,
        ctx: &mut ActorCtx,
        work: &mut ShardWork,
        number: usize,
        mut batch: Batch,
        call_id: u64,
        reply: InvokeReply,
    ) {
        let failures = match &reply.outcome {
            InvokeOutcome::Returned { failures } if self.spec.report_batch_item_failures => failures.clone(),
            // Documented: without ReportBatchItemFailures what the function returns does not matter.
            InvokeOutcome::Returned { .. }
            | InvokeOutcome::Threw
            | InvokeOutcome::TimedOut
            | InvokeOutcome::Throttled
            | InvokeOutcome::NotFound => Vec::new(),
        };
        let end = match &reply.outcome {
            InvokeOutcome::Returned { .. } if failures.is_empty() => InvocationEnd::Succeeded,
            InvokeOutcome::Returned { .. } => InvocationEnd::PartlyFailed,
            InvokeOutcome::Threw => InvocationEnd::Threw,
            InvokeOutcome::TimedOut => InvocationEnd::TimedOut,
            InvokeOutcome::Throttled => InvocationEnd::Throttled,
            InvokeOutcome::NotFound => InvocationEnd::FunctionNotFound,
        };
        let recent = self.recent.iter_mut().find(|recent| recent.call_id == call_id);
        let mut age = Duration::ZERO;
        if let Some(recent) = recent {
            recent.outcome = Some(end.words());
            recent.took = reply.took;
            age = recent.iterator_age;
        }
        self.count_worked(ctx, work, &batch, &reply.worked);
        ctx.note(Fact::FunctionInvoked {
            actor: ctx.id,
            shard: work.shard,
            count: batch.records.len() as u32,
            end,
            took: reply.took,
            iterator_age: age,
        });
        match end {
            InvocationEnd::Throttled | InvocationEnd::FunctionNotFound => {
                self.counts.refused += 1;
                self.last_processing_result = "PROBLEM: Function call failed";
                // Documented: what could not be invoked does not use up the retries.
                batch.retry_at = ctx.now + pause(batch.refusals);
                batch.refusals += 1;
                batch.error = Some(end.words());
                put_back(work, number, batch);
            }
            InvocationEnd::Succeeded => {
                self.counts.invocations += 1;
                self.last_processing_result = "OK";
                if batch.is_windowed
                    && let Some(window) = &mut work.window
                {
                    window.state = reply.state;
                }
                if batch.is_final {
                    work.window = None;
                }
                batch.places.iter().for_each(|place| work.progress.skip(*place));
            }
            InvocationEnd::PartlyFailed => {
                self.counts.invocations += 1;
                self.counts.partial += 1;
                let from = lowest(&batch.records, &failures);
                if from > 0
                    && batch.is_windowed
                    && let Some(window) = &mut work.window
                {
                    window.state = reply.state;
                }
                self.failed(ctx, work, number, batch, from, end);
            }
            InvocationEnd::Threw | InvocationEnd::TimedOut => {
                self.counts.invocations += 1;
                self.counts.errors += 1;
                self.failed(ctx, work, number, batch, 0, end);
            }
        }
    }

    /// Counts what the function worked on, whether it failed afterwards or not: what it did, it did.
    fn count_worked(&mut self, ctx: &mut ActorCtx, work: &mut ShardWork, batch: &Batch, worked: &[u32]) {
        let (mut count, mut again) = (0, 0);
        let records = worked.iter().map(|number| *number as usize);
        for (place, record) in records.filter_map(|n| batch.places.get(n).zip(batch.records.get(n))) {
            count += 1;
            match work.progress.work(*place, &record.partition_key) {
                Worked::First => {}
                Worked::OutOfOrder => self.counts.out_of_order += 1,
                Worked::Again => again += 1,
            }
        }
        self.counts.records += u64::from(count);
        self.counts.again += u64::from(again);
        if count > 0 {
            let (actor, stream, shard) = (ctx.id, self.stream.clone(), work.shard);
            ctx.note(Fact::RecordsProcessed { actor, stream, shard, count, again });
        }
    }

    /// Records from the place `from` on failed; those before it are done.
    ///
    /// Documented: a failed batch is tried again until its retries are used up; with BisectBatchOnFunctionError it is
    /// cut in two before, which uses up no retry; with ReportBatchItemFailures it begins anew at the lowest failed
    /// record, and bisecting cuts there. Assumed: where the first record failed, bisecting halves the batch all the
    /// same; a batch that begins anew has used up a retry where it is not bisected.
    fn failed(
        &mut self,
        ctx: &mut ActorCtx,
        work: &mut ShardWork,
        number: usize,
        batch: Batch,
        from: usize,
        end: InvocationEnd,
    ) {
        self.last_processing_result = "PROBLEM: Function call failed";
        batch.places.iter().take(from).for_each(|place| work.progress.skip(*place));
        let max = u32::try_from(self.spec.maximum_retry_attempts).ok();
        let mut rest = batch.part(from..batch.records.len());
        rest.error = Some(end.words());
        rest.refusals = 0;
        rest.retry_at = ctx.now;
        if max.is_some_and(|max| batch.retries >= max) {
            if batch.is_final {
                work.window = None;
            }
            let error = (end != InvocationEnd::PartlyFailed).then_some("Unhandled");
            return self.discard(
                ctx,
                work,
                &rest,
                DiscardReason::RetryAttemptsExhausted,
                batch.retries + 1,
                error,
            );
        }
        if self.spec.bisect_batch_on_function_error && rest.records.len() > 1 {
            self.counts.bisections += 1;
            let length = rest.records.len();
            let cut = if from > 0 { 0 } else { length / 2 };
            let (first, second) = match from {
                0 => (cut as u32, (length - cut) as u32),
                from => (from as u32, length as u32),
            };
            ctx.note(Fact::BatchBisected { actor: ctx.id, shard: work.shard, first, second });
            put_back(work, number, rest.part(cut..length));
            if cut > 0 {
                put_back(work, number, rest.part(0..cut));
            }
            return;
        }
        rest.retry_at = ctx.now + pause(batch.retries);
        rest.retries += 1;
        ctx.note(Fact::BatchRetried {
            actor: ctx.id,
            shard: work.shard,
            count: rest.records.len() as u32,
            retry: rest.retries,
            at: rest.retry_at,
        });
        put_back(work, number, rest);
    }

    /// Gives up what is too old, at the beginning of the batch that a lane would hand over now; whether it did.
    ///
    /// Documented: MaximumRecordAgeInSeconds, and the stream's retention. Assumed: what has expired in the stream goes
    /// the same way as what is older than the mapping allows.
    pub(super) fn give_up_old(&mut self, ctx: &mut ActorCtx, work: &mut ShardWork, number: usize) -> bool {
        let age = u64::try_from(self.spec.maximum_record_age_in_seconds).ok().map(Duration::from_seconds);
        let limits = [age, ctx.retention].into_iter().flatten();
        let oldest = limits.map(|limit| ctx.now.back(limit)).max().unwrap_or(Instant::default());
        let Some(batch) = work.lanes.get_mut(number).and_then(|lane| lane.batches.pop()) else {
            return false;
        };
        let is_old = |record: &Record| record.approximate_arrival_timestamp.0 < oldest;
        let old = batch.records.iter().take_while(|record| is_old(record)).count();
        let is_too_large = |record: &Record| super::event::event_bytes(record) > PAYLOAD_BYTES_MAX;
        let too_large = batch.records.first().is_some_and(is_too_large);
        let (count, reason) = match (old, too_large) {
            (0, false) => {
                put_back(work, number, batch);
                return false;
            }
            // Assumed: a record that fits into no payload goes to the destination without being tried.
            (0, true) => (1, DiscardReason::PayloadTooLarge),
            (old, _) => (old, DiscardReason::RecordAgeExceeded),
        };
        let (given_up, rest) = (batch.part(0..count), batch.part(count..batch.records.len()));
        let error = batch.error.map(|_| "Unhandled");
        let invoke_count = if batch.error.is_some() { batch.retries + 1 } else { 0 };
        self.discard(ctx, work, &given_up, reason, invoke_count, error);
        if !rest.records.is_empty() {
            put_back(work, number, rest);
        }
        true
    }

    fn discard(
        &mut self,
        ctx: &mut ActorCtx,
        work: &mut ShardWork,
        batch: &Batch,
        reason: DiscardReason,
        invoke_count: u32,
        function_error: Option<&'static str>,
    ) {
        let records = batch.records.as_slice();
        let (Some(first), Some(last)) = (records.first(), records.last()) else { return };
        batch.places.iter().for_each(|place| work.progress.skip(*place));
        self.counts.discarded += records.len() as u64;
        ctx.note(Fact::RecordsDiscarded {
            actor: ctx.id,
            shard: work.shard,
            count: records.len() as u32,
            first: first.sequence_number.index,
            last: last.sequence_number.index,
            reason,
            destination: self.spec.on_failure.clone(),
        });
        let Some(destination) = self.spec.on_failure.clone() else { return };
        let call_id = self.next_call;
        self.next_call += 2;
        let mut dice = ctx.dice(call_id);
        let message = failure_message(
            ctx.now,
            &Discarded {
                request_id: uuid(&mut dice),
                function_arn: self.function_arn(),
                stream_arn: self.stream_arn.clone(),
                condition: reason.condition(),
                invoke_count,
                function_error,
                shard: work.shard,
                records,
            },
        );
        let call = match destination.strip_prefix("arn:aws:s3:::") {
            Some(bucket) => {
                // Documented: Retain discarded batch records, the name of the object.
                let time = ctx.now.to_iso8601();
                let (day, second) =
                    (time.get(..10).unwrap_or_default(), time.get(11..19).unwrap_or_default());
                let key = format!(
                    "aws/lambda/{}/{}/{}/{day}T{}-{}",
                    self.uuid,
                    work.shard,
                    day.replace('-', "/"),
                    second.replace(':', "."),
                    uuid(&mut dice),
                );
                let text = self.with_payload(message, work, records, ctx.now).to_string();
                Call::PutObject { bucket: bucket.to_owned(), key, body: Body::of_bytes(text.as_bytes()) }
            }
            None => Call::SendMessage { destination, body: message.to_string() },
        };
        ctx.call(call_id, call);
    }

    /// Documented: a bucket gets the whole invocation as text besides.
    fn with_payload(&self, mut message: Value, work: &ShardWork, records: &[Record], now: Instant) -> Value {
        let recent = Recent {
            number: 0,
            at: now,
            shard: work.shard,
            iterator_age: Duration::ZERO,
            outcome: None,
            took: Duration::ZERO,
            call_id: 0,
            records: Arc::new(records.to_vec()),
            window: None,
        };
        if let Some(members) = message.as_object_mut() {
            members.insert("payload".to_owned(), Value::from(event(&recent, &self.sender()).to_string()));
        }
        message
    }
}

fn put_back(work: &mut ShardWork, number: usize, batch: Batch) {
    if let Some(lane) = work.lanes.get_mut(number) {
        lane.batches.push(batch);
    }
}

/// Place of the lowest record that is named as failed.
///
/// Documented: an identifier that names no record of the batch makes the whole batch fail.
fn lowest(records: &[Record], failures: &[SequenceNumber]) -> usize {
    let place =
        |failure: &SequenceNumber| records.iter().position(|record| record.sequence_number == *failure);
    failures.iter().map(|failure| place(failure).unwrap_or(0)).min().unwrap_or(0)
}
