//! The transform: a function that answers each record with Ok, Dropped or ProcessingFailed.
//!
//! Documented: Amazon Data Firehose Developer Guide, Data transformation: buffered by 1 MB or 60 seconds, three retries
//! of a failed invocation; what still fails goes to `processing-failed/`. Simpler than the real thing: a declared
//! function changes no data.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use kinesis::{Duration, Instant, Record, Seconds, SequenceNumber, ShardId};
use serde_json::{Map, Value};

use super::DeliveryStream;
use super::buffers::Item;
use crate::actor::{ActorCtx, Call};
use crate::neighbours::cloudwatch::ProgramMetric;
use crate::neighbours::function::{Invocation, InvokeOutcome, InvokeReply};

/// What the transform has.
#[derive(Clone, Debug)]
pub(super) struct Transforming {
    pub(super) items: Vec<Item>,
    tries: u32,
    is_calling: bool,
    retry_at: Instant,
}

const BUFFER_BYTES: u64 = 1 << 20;
const BUFFER_INTERVAL: Duration = Duration::from_seconds(60);
/// Assumed.
const RETRY_PAUSE: Duration = Duration::from_seconds(1);

impl DeliveryStream {
    pub(super) fn transform_arn(&self) -> String {
        self.spec
            .transform
            .as_ref()
            .map_or_else(String::new, |name| [self.function_arn.as_str(), name].concat())
    }

    /// Hands the next records to the function where they are due.
    pub(super) fn transform(&mut self, ctx: &mut ActorCtx) {
        let Some(function) = self.spec.transform.clone() else { return };
        if self.transforming.is_none() {
            let Some(first) = self.untransformed.front() else { return };
            // A shorter interval of delivery is not held up by the transform's.
            let interval = Duration::from_seconds(self.spec.interval_in_seconds.unsigned_abs());
            let due = first.entered + BUFFER_INTERVAL.min(interval);
            if due > ctx.now && self.untransformed_bytes < BUFFER_BYTES {
                return ctx.wake_at(due);
            }
            let (mut items, mut bytes) = (Vec::new(), 0);
            while let Some(item) = self.untransformed.front() {
                if !items.is_empty() && bytes + item.data.size() > BUFFER_BYTES {
                    break;
                }
                bytes += item.data.size();
                items.extend(self.untransformed.pop_front());
            }
            self.untransformed_bytes -= bytes;
            self.transforming = Some(Transforming { items, tries: 0, is_calling: false, retry_at: ctx.now });
        }
        let Some(batch) = self.transforming.as_mut().filter(|batch| !batch.is_calling) else { return };
        if batch.retry_at > ctx.now {
            return ctx.wake_at(batch.retry_at);
        }
        batch.is_calling = true;
        let records = batch.items.iter().zip(0..).map(|(item, index)| Record {
            sequence_number: SequenceNumber { shard_created: 0, index, recorded: 0, shard: ShardId(0) },
            approximate_arrival_timestamp: Seconds(item.arrival),
            data: item.data.clone(),
            partition_key: item.partition_key.as_str().into(),
            encryption_type: None,
        });
        let records = Arc::new(records.collect());
        let call_id = self.next_call;
        self.next_call += 2;
        self.counts.transforms += 1;
        let invocation = Invocation { function, records, window: None, is_transform: true };
        ctx.call(call_id, Call::Invoke(Box::new(invocation)));
    }

    pub(super) fn transformed(&mut self, ctx: &mut ActorCtx, reply: InvokeReply) {
        let Some(mut batch) = self.transforming.take() else { return };
        batch.is_calling = false;
        let has_returned = matches!(reply.outcome, InvokeOutcome::Returned { .. });
        ctx.measure(ProgramMetric::ProcessingDuration, reply.took.millis());
        ctx.measure(ProgramMetric::ProcessingSuccess, u64::from(has_returned));
        let failures = match reply.outcome {
            InvokeOutcome::Returned { failures } => failures,
            InvokeOutcome::Threw
            | InvokeOutcome::TimedOut
            | InvokeOutcome::Throttled
            | InvokeOutcome::NotFound => {
                self.counts.failed_transforms += 1;
                if i64::from(batch.tries) < self.spec.transform_retries {
                    batch.retry_at = ctx.now + RETRY_PAUSE.times(1 << batch.tries.min(6));
                    batch.tries += 1;
                    self.transforming = Some(batch);
                    return;
                }
                let attempts = batch.tries + 1;
                for item in batch.items {
                    self.fail(ctx.now, item, "processing-failed", "Lambda.FunctionError", attempts);
                }
                return;
            }
        };
        let (mut records, mut bytes) = (0, 0);
        for (item, place) in batch.items.into_iter().zip(0u32..) {
            if failures.iter().any(|failure| failure.index == u64::from(place)) {
                let attempts = batch.tries + 1;
                self.fail(ctx.now, item, "processing-failed", "Lambda.ProcessingFailedStatus", attempts);
                continue;
            }
            records += 1;
            bytes += item.data.size();
            if reply.dropped.contains(&place) {
                self.counts.dropped += 1;
            } else {
                self.convert(ctx.now, item);
            }
        }
        ctx.measure(ProgramMetric::ProcessedRecords, records);
        ctx.measure(ProgramMetric::ProcessedBytes, bytes);
    }
}

/// Documented: Data transformation failure handling, the members of a failed record, and Record format conversion, those
/// of one that could not be converted.
pub(super) fn failure_line(
    item: &Item,
    error_code: &str,
    attempts: u32,
    now: Instant,
    lambda_arn: &str,
) -> String {
    let is_conversion = error_code.starts_with("DataFormatConversion");
    let (code, message) =
        if is_conversion { ("lastErrorCode", "lastErrorMessage") } else { ("errorCode", "errorMessage") };
    let mut members = vec![
        ("attemptsMade", Value::from(attempts)),
        ("arrivalTimestamp", Value::from(item.arrival.millis())),
        (code, Value::from(error_code)),
        (message, Value::from("The record could not be processed.")),
        ("attemptEndingTimestamp", Value::from(now.millis())),
        ("rawData", Value::from(BASE64.encode(item.data.bytes()))),
    ];
    if !is_conversion {
        members.push(("lambdaArn", Value::from(lambda_arn)));
    }
    let object: Map<String, Value> =
        members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    format!("{}\n", Value::Object(object))
}
