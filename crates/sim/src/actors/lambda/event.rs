//! The JSON that a function is invoked with, and the message about a discarded batch.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use kinesis::{Instant, Record, ShardId};
use serde_json::{Map, Value};

use super::Recent;

/// Bytes of an event's record beside its data and key, by the event's own form.
const RECORD_BYTES: u64 = 480;

/// About how many bytes a record takes in the event: its data is base64.
pub(super) fn event_bytes(record: &Record) -> u64 {
    RECORD_BYTES + record.data.size().div_ceil(3) * 4 + record.partition_key.len() as u64
}

/// Who sends an event: what all its records share.
pub(super) struct Sender<'a> {
    pub(super) event_source_arn: &'a str,
    pub(super) role: &'a str,
    pub(super) region: &'a str,
}

/// Documented: AWS Lambda Developer Guide, Process Kinesis records, and Tumbling windows. Observed: the order of the
/// members is that of events recorded by LocalStack's tests against AWS. With enhanced fan-out `eventSourceARN` is
/// assumed to be the consumer's.
pub(super) fn event(recent: &Recent, sender: &Sender<'_>) -> Value {
    let records = recent.records.iter().map(|record| {
        let sequence_number = record.sequence_number.to_string();
        let kinesis = object([
            ("kinesisSchemaVersion", Value::from("1.0")),
            ("partitionKey", Value::from(record.partition_key.as_str())),
            ("sequenceNumber", Value::from(sequence_number.as_str())),
            ("data", Value::from(BASE64.encode(record.data.bytes()))),
            ("approximateArrivalTimestamp", seconds(record.approximate_arrival_timestamp.0)),
        ]);
        object([
            ("kinesis", kinesis),
            ("eventSource", Value::from("aws:kinesis")),
            ("eventVersion", Value::from("1.0")),
            ("eventID", Value::from(format!("{}:{sequence_number}", recent.shard))),
            ("eventName", Value::from("aws:kinesis:record")),
            ("invokeIdentityArn", Value::from(sender.role)),
            ("awsRegion", Value::from(sender.region)),
            ("eventSourceARN", Value::from(sender.event_source_arn)),
        ])
    });
    let mut event = Map::new();
    event.insert("Records".to_owned(), records.collect());
    if let Some(window) = &recent.window {
        let state = window.state.iter().map(|(key, value)| (key.clone(), number(&value.to_string())));
        for (name, value) in [
            (
                "window",
                object([
                    ("start", Value::from(whole_seconds(window.start))),
                    ("end", Value::from(whole_seconds(window.end))),
                ]),
            ),
            ("state", Value::Object(state.collect())),
            ("shardId", Value::from(recent.shard.to_string())),
            ("eventSourceARN", Value::from(sender.event_source_arn)),
            ("isFinalInvokeForWindow", Value::Bool(window.is_final)),
            ("isWindowTerminatedEarly", Value::Bool(false)),
        ] {
            event.insert(name.to_owned(), value);
        }
    }
    Value::Object(event)
}

/// What is said about a discarded batch.
pub(super) struct Discarded<'a> {
    pub(super) request_id: String,
    pub(super) function_arn: String,
    pub(super) stream_arn: String,
    pub(super) condition: &'static str,
    pub(super) invoke_count: u32,
    /// Whether the last invocation timed out or threw; otherwise it was never made.
    pub(super) function_error: Option<&'static str>,
    pub(super) shard: ShardId,
    pub(super) records: &'a [Record],
}

/// Documented: AWS Lambda Developer Guide, Retain discarded batch records. Observed: members and their values as
/// recorded by LocalStack's tests against AWS.
pub(super) fn failure_message(now: Instant, discarded: &Discarded<'_>) -> Value {
    let arrival = |record: Option<&Record>| {
        let arrival = record.map_or(now, |record| record.approximate_arrival_timestamp.0);
        Value::from(arrival.to_iso8601())
    };
    let number = |record: Option<&Record>| {
        Value::from(record.map_or_else(String::new, |record| record.sequence_number.to_string()))
    };
    let (first, last) = (discarded.records.first(), discarded.records.last());
    let mut response = vec![("statusCode", Value::from(200)), ("executedVersion", Value::from("$LATEST"))];
    if let Some(error) = discarded.function_error {
        response.push(("functionError", Value::from(error)));
    }
    object([
        (
            "requestContext",
            object([
                ("requestId", Value::from(discarded.request_id.as_str())),
                ("functionArn", Value::from(discarded.function_arn.as_str())),
                ("condition", Value::from(discarded.condition)),
                ("approximateInvokeCount", Value::from(discarded.invoke_count)),
            ]),
        ),
        ("responseContext", object(response)),
        ("version", Value::from("1.0")),
        ("timestamp", Value::from(now.to_iso8601())),
        (
            "KinesisBatchInfo",
            object([
                ("shardId", Value::from(discarded.shard.to_string())),
                ("startSequenceNumber", number(first)),
                ("endSequenceNumber", number(last)),
                ("approximateArrivalOfFirstRecord", arrival(first)),
                ("approximateArrivalOfLastRecord", arrival(last)),
                ("batchSize", Value::from(discarded.records.len() as u64)),
                ("streamArn", Value::from(discarded.stream_arn.as_str())),
            ]),
        ),
    ])
}

pub(super) fn object<'a>(members: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Seconds since 1970 with milliseconds behind the point.
pub(super) fn seconds(at: Instant) -> Value {
    number(&format!("{}.{:03}", at.seconds(), at.millis() % 1_000))
}

/// A number as it is written.
fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

fn whole_seconds(at: Instant) -> String {
    let text = at.to_iso8601();
    format!("{}Z", text.split('.').next().unwrap_or_default())
}
