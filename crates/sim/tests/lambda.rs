//! AWS Lambda event source mappings: what becomes of failures.

#![allow(clippy::unwrap_used, clippy::wildcard_enum_match_arm)] // Helpers of tests.

mod support;

use kinesis::Duration;
use serde_json::{Value, json};
use sim::*;
use support::lambda::*;
use support::*;

/// Documented: AWS Lambda Developer Guide, Retain discarded batch records: by default a bad record blocks its shard
/// until it expires.
#[test]
fn a_poison_pill_blocks_its_shard() {
    let mut sandbox = with_poison(|_| {});
    seconds(&mut sandbox, 3_600);
    let blocked = mapping(&sandbox);
    assert_eq!(blocked.blocked, [(0, 1)], "the batch of all ten stands at its first record");
    assert_eq!((blocked.waiting, blocked.discarded), (10, 0));
    assert_eq!(blocked.last_processing_result, "PROBLEM: Function call failed");
    assert!(blocked.errors > 60 && blocked.records == blocked.errors * 6, "{blocked:?}");
    // What lies behind is not looked at.
    put_data(&mut sandbox, "k11", r#"{"status":"fine"}"#);
    seconds(&mut sandbox, 600);
    assert_eq!(mapping(&sandbox).records % 6, 0);
    // After a day the records expire in the stream, and the shard goes on.
    seconds(&mut sandbox, 24 * 3_600);
    let freed = mapping(&sandbox);
    assert_eq!((freed.waiting, freed.blocked.len()), (0, 0));
}

/// Documented: a failed batch holds up its shard; Lambda goes on with the others.
#[test]
fn a_poison_pill_blocks_no_other_shard() {
    let mut sandbox = with_stream(2);
    give(&mut sandbox, function(poisoned));
    give(&mut sandbox, map(|_| {}));
    give(&mut sandbox, Command::StartProducer(producer(20)));
    put_data(&mut sandbox, "bad", r#"{"status":"poison"}"#);
    seconds(&mut sandbox, 120);
    let mapping = mapping(&sandbox);
    let [(blocked, _)] = mapping.blocked[..] else { panic!("{:?}", mapping.blocked) };
    let worked = |shard: u32| {
        count(
            &sandbox,
            |fact| matches!(fact, Fact::RecordsProcessed { shard: s, again: 0, .. } if s.0 == shard),
        )
    };
    assert!(worked(1 - blocked) > 50, "the other shard goes on");
}

/// Documented: BisectBatchOnFunctionError splits a failed batch, which uses up no retries; observed by LocalStack's
/// tests against AWS: the members of the message, and approximateInvokeCount being the retries and one.
#[test]
fn bisecting_gives_up_the_poison_pill_alone() {
    let mut sandbox = with_poison(|spec| {
        spec.bisect_batch_on_function_error = true;
        spec.maximum_retry_attempts = 2;
        spec.on_failure = Some(DLQ.into());
    });
    seconds(&mut sandbox, 60);
    let after = mapping(&sandbox);
    // 10 → 5 | 5, 6..10 → 6 7 | 8 9 10, 6 7 → 6 | 7.
    assert_eq!((after.bisections, after.discarded, after.waiting), (3, 1, 0));
    assert_eq!(after.errors, 3 + 3, "three that were cut, and three of the record alone");
    assert_eq!(after.records - after.again, 9);
    assert_eq!(after.destination_messages, 1);
    let messages = &view(&sandbox).messages[0];
    assert_eq!((messages.arn.as_str(), messages.count), (DLQ, 1));
    let message: Value = serde_json::from_str(&messages.newest[0].1).unwrap();
    let arrival = message["KinesisBatchInfo"]["approximateArrivalOfFirstRecord"].clone();
    let number = message["KinesisBatchInfo"]["startSequenceNumber"].clone();
    assert_eq!(
        message,
        json!({
            "requestContext": {
                "requestId": message["requestContext"]["requestId"],
                "functionArn": "arn:aws:lambda:us-east-1:123456789012:function:worker",
                "condition": "RetryAttemptsExhausted",
                "approximateInvokeCount": 3,
            },
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
            "version": "1.0",
            "timestamp": message["timestamp"],
            "KinesisBatchInfo": {
                "shardId": "shardId-000000000000",
                "startSequenceNumber": number,
                "endSequenceNumber": number,
                "approximateArrivalOfFirstRecord": arrival,
                "approximateArrivalOfLastRecord": arrival,
                "batchSize": 1,
                "streamArn": ARN,
            },
        })
    );
}

/// Documented: AWS Lambda Developer Guide, Retain discarded batch records: MaximumRetryAttempts counts for the batch, so
/// that the neighbours of a bad record are given up with it.
#[test]
fn without_bisecting_the_whole_batch_is_given_up() {
    let mut sandbox = with_poison(|spec| {
        spec.maximum_retry_attempts = 2;
        spec.on_failure = Some(DLQ.into());
    });
    seconds(&mut sandbox, 60);
    let after = mapping(&sandbox);
    assert_eq!((after.discarded, after.errors, after.destination_messages), (10, 3, 1));
    // Records 8 to 10 were never looked at.
    assert_eq!(after.records - after.again, 6);
    let message: Value = serde_json::from_str(&view(&sandbox).messages[0].newest[0].1).unwrap();
    assert_eq!(message["KinesisBatchInfo"]["batchSize"], 10);
    assert_eq!(message["requestContext"]["approximateInvokeCount"], 3);
}

/// Documented: an S3 destination gets the invocation as well, under `aws/lambda/<UUID>/<shard>/YYYY/MM/DD/…`.
#[test]
fn a_bucket_gets_the_payload_of_a_discarded_batch() {
    let mut sandbox = with_poison(|spec| {
        spec.maximum_retry_attempts = 0;
        spec.on_failure = Some("arn:aws:s3:::failed".into());
    });
    give(&mut sandbox, Command::S3(S3Command::CreateBucket { bucket: "failed".into() }));
    seconds(&mut sandbox, 60);
    let bucket = sandbox.world().s3().bucket("failed").unwrap();
    let (key, object) = bucket.objects().next().unwrap();
    let prefix =
        format!("aws/lambda/{}/shardId-000000000000/2026/01/01/2026-01-01T00.00.", mapping(&sandbox).uuid);
    assert!(key.starts_with(&prefix), "{key}");
    let message: Value = serde_json::from_slice(&object.body.as_ref().unwrap().bytes()).unwrap();
    let payload: Value = serde_json::from_str(message["payload"].as_str().unwrap()).unwrap();
    assert_eq!(payload["Records"].as_array().unwrap().len(), 10);
}

#[test]
fn a_destination_that_is_not_there_loses_the_message() {
    let mut sandbox = with_poison(|spec| {
        spec.maximum_retry_attempts = 0;
        spec.on_failure = Some("arn:aws:s3:::nowhere".into());
    });
    seconds(&mut sandbox, 60);
    let after = mapping(&sandbox);
    assert_eq!((after.discarded, after.destination_messages, after.destination_failures), (10, 0, 1));
}

/// Documented: Lambda retries from the lowest failed sequence number.
#[test]
fn a_function_that_reports_failures_is_tried_again_from_the_lowest_one() {
    let mut sandbox = with_stream(1);
    give(
        &mut sandbox,
        function(|spec| {
            poisoned(spec);
            spec.on_error = OnError::ReportFirst;
        }),
    );
    for n in 1..=10 {
        let status = if n == 7 { "poison" } else { "fine" };
        put_data(&mut sandbox, "k", format!(r#"{{"status":"{status}"}}"#));
    }
    give(
        &mut sandbox,
        map(|spec| {
            spec.report_batch_item_failures = true;
            spec.bisect_batch_on_function_error = true;
            spec.maximum_retry_attempts = 1;
        }),
    );
    seconds(&mut sandbox, 60);
    let after = mapping(&sandbox);
    assert_eq!((after.errors, after.discarded, after.waiting), (0, 1, 0));
    assert_eq!((after.records, after.again, after.out_of_order), (9, 0, 0), "nothing was done twice");
}

/// Documented: partial batch responses are not processed unless ReportBatchItemFailures is on.
#[test]
fn a_report_that_nobody_asked_for_is_success() {
    let mut sandbox = with_stream(1);
    give(
        &mut sandbox,
        function(|spec| {
            poisoned(spec);
            spec.on_error = OnError::ReportFirst;
        }),
    );
    for status in ["fine", "poison", "fine"] {
        put_data(&mut sandbox, "k", format!(r#"{{"status":"{status}"}}"#));
    }
    give(&mut sandbox, map(|_| {}));
    seconds(&mut sandbox, 30);
    let after = mapping(&sandbox);
    assert_eq!((after.invocations, after.waiting, after.last_processing_result), (1, 0, "OK"));
    assert_eq!(after.records, 1, "two records were lost");
}

/// A function that goes on behind a failed record works on later ones of the same key first.
#[test]
fn reporting_all_failures_does_good_records_again_and_out_of_order() {
    let mut sandbox = with_stream(1);
    give(
        &mut sandbox,
        function(|spec| {
            spec.fails_when = Some("n=2".parse().unwrap());
            spec.on_error = OnError::ReportAll;
        }),
    );
    for n in 1..=3 {
        put_data(&mut sandbox, "k", format!(r#"{{"n":{n}}}"#));
    }
    give(&mut sandbox, map(|spec| spec.report_batch_item_failures = true));
    seconds(&mut sandbox, 14);
    let before = mapping(&sandbox);
    assert_eq!((before.records, before.again), (before.partial + 1, before.partial - 1));
    // The function is mended: record 2 is worked on at last, after record 3.
    let mended = FunctionSpec::new("worker");
    give(&mut sandbox, Command::from(LambdaCommand::UpdateFunction(mended)));
    seconds(&mut sandbox, 60);
    let after = mapping(&sandbox);
    assert_eq!((after.out_of_order, after.waiting), (1, 0));
}

#[test]
fn records_older_than_the_maximum_age_are_given_up() {
    let mut sandbox = with_poison(|spec| {
        spec.maximum_record_age_in_seconds = 60;
        spec.on_failure = Some(DLQ.into());
    });
    seconds(&mut sandbox, 180);
    let after = mapping(&sandbox);
    assert_eq!((after.discarded, after.waiting), (10, 0));
    let message: Value = serde_json::from_str(&view(&sandbox).messages[0].newest[0].1).unwrap();
    assert_eq!(message["requestContext"]["condition"], "RecordAgeExceeded");
}

#[test]
fn a_function_at_its_concurrency_is_throttled_and_uses_up_no_retries() {
    let mut sandbox = with_stream(2);
    give(
        &mut sandbox,
        function(|spec| {
            spec.concurrency = Some(1);
            spec.takes = Duration::from_seconds(2);
        }),
    );
    give(&mut sandbox, map(|spec| spec.maximum_retry_attempts = 0));
    give(&mut sandbox, Command::StartProducer(producer(20)));
    seconds(&mut sandbox, 60);
    let after = mapping(&sandbox);
    assert!(after.refused > 5, "{}", after.refused);
    assert_eq!((after.discarded, after.errors), (0, 0));
    assert_eq!(view(&sandbox).functions[0].throttles, after.refused);
}

#[test]
fn a_function_that_takes_too_long_times_out() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|spec| spec.per_record = Duration::from_millis(400)));
    (0..10).for_each(|_| put_data(&mut sandbox, "k", "x"));
    give(&mut sandbox, map(|spec| spec.maximum_retry_attempts = 0));
    seconds(&mut sandbox, 30);
    let after = mapping(&sandbox);
    // Three seconds are enough for seven records.
    assert_eq!((after.errors, after.records, after.discarded), (1, 7, 10));
    assert_eq!(view(&sandbox).functions[0].timeouts, 1);
    assert_eq!(after.recent[0].took_ms, 3_000);
}

/// Documented: deleting a function leaves its mappings, whose invocations then fail.
#[test]
fn a_function_that_is_deleted_holds_its_shard_up_until_it_is_there_again() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|_| {}));
    give(&mut sandbox, map(|_| {}));
    seconds(&mut sandbox, 15);
    give(&mut sandbox, Command::from(LambdaCommand::DeleteFunction { function: "worker".into() }));
    put_data(&mut sandbox, "k", "x");
    seconds(&mut sandbox, 30);
    assert_eq!((mapping(&sandbox).records, mapping(&sandbox).waiting), (0, 1));
    give(&mut sandbox, function(|_| {}));
    seconds(&mut sandbox, 60);
    assert_eq!((mapping(&sandbox).records, mapping(&sandbox).waiting), (1, 0));
}

#[test]
fn a_mapping_outlives_its_stream() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|_| {}));
    give(&mut sandbox, map(|_| {}));
    seconds(&mut sandbox, 15);
    let delete = kinesis::DeleteStreamInput { stream_name: Some("orders".into()), ..Default::default() };
    give(&mut sandbox, Command::Call(delete.into()));
    seconds(&mut sandbox, 120);
    assert_eq!(mapping(&sandbox).state, "Enabled");
    assert_eq!(mapping(&sandbox).last_processing_result, "PROBLEM: Stream not found");
}

/// Documented: splitting a batch uses up no retry. A mapping that had no limit until it was changed has retried more
/// often than the new limit allows, and bisects all the same.
#[test]
fn bisecting_that_is_switched_on_late_gives_up_the_poison_pill_alone() {
    let mut sandbox = with_poison(|_| {});
    seconds(&mut sandbox, 600);
    assert!(count(&sandbox, |fact| matches!(fact, Fact::BatchRetried { .. })) > 10);
    let change = MappingChange {
        bisect_batch_on_function_error: Some(true),
        maximum_retry_attempts: Some(3),
        on_failure: Some(DLQ.into()),
        ..Default::default()
    };
    let uuid = mapping(&sandbox).uuid;
    give(&mut sandbox, LambdaCommand::UpdateEventSourceMapping { uuid, change }.into());
    seconds(&mut sandbox, 300);
    let after = mapping(&sandbox);
    assert_eq!((after.discarded, after.destination_messages, after.waiting), (1, 1, 0), "{after:?}");
}
