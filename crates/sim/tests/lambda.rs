//! AWS Lambda event source mappings: what is invoked when, and what becomes of failures.

#![allow(clippy::unwrap_used, clippy::wildcard_enum_match_arm)] // Helpers of tests.

mod support;

use kinesis::{
    Blob, Duration, PutRecordInput, RegisterStreamConsumerInput, Request, Response, UserRecord, aggregate,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use sim::*;
use support::*;

const ARN: &str = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
const DLQ: &str = "arn:aws:sqs:us-east-1:123456789012:failed";

fn put_data(sandbox: &mut Sandbox, key: &str, data: impl Into<Vec<u8>>) {
    let input = PutRecordInput {
        stream_name: Some("orders".into()),
        partition_key: Some(key.into()),
        data: Some(Blob::Bytes(data.into())),
        ..Default::default()
    };
    give(sandbox, Command::Call(input.into()));
}

fn function(change: impl FnOnce(&mut FunctionSpec)) -> Command {
    let mut spec = FunctionSpec::new("worker");
    change(&mut spec);
    Command::from(LambdaCommand::CreateFunction(spec))
}

fn map(change: impl FnOnce(&mut MappingSpec)) -> Command {
    let mut spec = MappingSpec::new("worker", ARN, StartingPosition::TrimHorizon);
    change(&mut spec);
    Command::from(LambdaCommand::CreateEventSourceMapping(spec))
}

fn poisoned(spec: &mut FunctionSpec) {
    spec.fails_when = Some("status=poison".parse().unwrap());
}

fn mapping(sandbox: &Sandbox) -> MappingView {
    view(sandbox).mappings[0].clone()
}

/// Ten records into one shard, the seventh of which makes the function fail.
fn with_poison(change: impl FnOnce(&mut MappingSpec)) -> Sandbox {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(poisoned));
    for n in 1..=10 {
        let status = if n == 7 { "poison" } else { "fine" };
        put_data(&mut sandbox, &format!("k{n}"), format!(r#"{{"n":{n},"status":"{status}"}}"#));
    }
    give(&mut sandbox, map(change));
    sandbox
}

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

fn batches(sandbox: &Sandbox) -> Vec<(u64, u32)> {
    let start = SandboxOptions::default().start;
    let facts = sandbox.world().facts_since(0);
    facts
        .filter_map(|fact| match fact.fact {
            Fact::FunctionInvoked { count, .. } => Some((fact.at.since(start).seconds(), count)),
            _ => None,
        })
        .collect()
}

/// Documented: the function is invoked when the batch is full or the batching window is over, whatever comes first.
#[test]
fn the_batching_window_ends_a_small_batch_and_the_batch_size_a_large_one() {
    let run = |rate: u32| {
        let mut sandbox = with_stream(1);
        give(&mut sandbox, function(|_| {}));
        give(
            &mut sandbox,
            map(|spec| {
                spec.maximum_batching_window_in_seconds = 10;
                spec.batch_size = 100;
            }),
        );
        seconds(&mut sandbox, 10);
        give(&mut sandbox, Command::StartProducer(producer(rate)));
        seconds(&mut sandbox, 60);
        batches(&sandbox)
    };
    let slow = run(5);
    assert!(slow.windows(2).all(|pair| (10..=12).contains(&(pair[1].0 - pair[0].0))), "{slow:?}");
    assert!(slow.iter().skip(1).all(|(_, count)| (50..=60).contains(count)), "{slow:?}");
    let fast = run(50);
    assert!(fast.iter().all(|(_, count)| *count == 100), "{fast:?}");
    assert!(fast.len() >= 28, "50 records a second fill a batch every two seconds: {}", fast.len());
}

#[test]
fn without_a_window_a_batch_goes_as_soon_as_records_are_there() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|_| {}));
    give(&mut sandbox, map(|_| {}));
    seconds(&mut sandbox, 15);
    put_data(&mut sandbox, "k", "x");
    seconds(&mut sandbox, 3);
    assert_eq!(batches(&sandbox).len(), 1);
    assert!(mapping(&sandbox).iterator_age_ms.unwrap() <= 1_100, "polled once a second");
}

/// Documented: concurrent batches of a shard keep the order of each partition key.
#[test]
fn parallelization_makes_a_slow_function_keep_up_and_keeps_the_order_of_keys() {
    let run = |factor: i64| {
        let mut sandbox = with_stream(1);
        // 100 records take a second: one lane does 100 a second, four do 400.
        give(&mut sandbox, function(|spec| spec.per_record = Duration::from_millis(10)));
        give(&mut sandbox, map(|spec| spec.parallelization_factor = factor));
        give(&mut sandbox, Command::StartProducer(producer(300)));
        seconds(&mut sandbox, 120);
        mapping(&sandbox)
    };
    let (one, four) = (run(1), run(4));
    assert!(one.iterator_age_ms.unwrap() > 50_000, "{:?}", one.iterator_age_ms);
    assert!(four.iterator_age_ms.unwrap() < 5_000, "{:?}", four.iterator_age_ms);
    assert_eq!((one.out_of_order, four.out_of_order, four.again), (0, 0, 0));
    assert!(four.records > 2 * one.records);
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

/// Documented: filtered records count as processed; data that is no JSON is dropped by a filter on it.
#[test]
fn filters_let_through_what_they_name() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|_| {}));
    for data in [
        r#"{"status":"paid","total":120}"#,
        r#"{"status":"paid","total":20}"#,
        "no JSON",
        r#"{"status":"open"}"#,
    ] {
        put_data(&mut sandbox, "k", data);
    }
    give(
        &mut sandbox,
        map(|spec| {
            spec.filters = vec![r#"{"data":{"status":["paid"],"total":[{"numeric":[">",100]}]}}"#.into()]
        }),
    );
    seconds(&mut sandbox, 20);
    let after = mapping(&sandbox);
    assert_eq!((after.read, after.filtered, after.records, after.waiting), (4, 3, 1, 0));
}

/// Documented: creating a mapping takes a while, and LATEST begins when polling does.
#[test]
fn latest_misses_what_is_put_while_the_mapping_is_made() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|_| {}));
    give(&mut sandbox, map(|spec| spec.starting_position = StartingPosition::Latest));
    assert_eq!(mapping(&sandbox).state, "Creating");
    put_data(&mut sandbox, "early", "x");
    seconds(&mut sandbox, 15);
    assert_eq!(mapping(&sandbox).state, "Enabled");
    put_data(&mut sandbox, "late", "x");
    seconds(&mut sandbox, 5);
    assert_eq!(mapping(&sandbox).records, 1);
}

#[test]
fn a_mapping_begins_at_a_time() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|_| {}));
    put_data(&mut sandbox, "early", "x");
    seconds(&mut sandbox, 10);
    let at = sandbox.now();
    put_data(&mut sandbox, "late", "x");
    give(&mut sandbox, map(|spec| spec.starting_position = StartingPosition::AtTimestamp(at)));
    seconds(&mut sandbox, 20);
    assert_eq!(mapping(&sandbox).records, 1);
}

/// Documented: the members of the event; their order as LocalStack's tests recorded it.
#[test]
fn the_function_gets_the_event_that_lambda_sends() {
    let mut sandbox = with_stream(1);
    give(
        &mut sandbox,
        function(|spec| spec.role = Some("arn:aws:iam::123456789012:role/lambda-kinesis".into())),
    );
    let document =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kinesis:*","Resource":"*"}]}"#;
    let principal = "arn:aws:iam::123456789012:role/lambda-kinesis".to_owned();
    give(
        &mut sandbox,
        Command::SetPolicy { principal, name: "read".into(), document: Some(document.into()) },
    );
    put_data(&mut sandbox, "user-1", "hello");
    give(&mut sandbox, map(|_| {}));
    seconds(&mut sandbox, 15);
    let (_, mapping) = sandbox.world().mappings().next().unwrap();
    let event = mapping.event(1).unwrap();
    let number = event["Records"][0]["kinesis"]["sequenceNumber"].as_str().unwrap().to_owned();
    assert_eq!(number.len(), 56);
    assert_eq!(
        event.to_string(),
        format!(
            r#"{{"Records":[{{"kinesis":{{"kinesisSchemaVersion":"1.0","partitionKey":"user-1","sequenceNumber":"{number}","data":"aGVsbG8=","approximateArrivalTimestamp":1767225620.0}},"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"shardId-000000000000:{number}","eventName":"aws:kinesis:record","invokeIdentityArn":"arn:aws:iam::123456789012:role/lambda-kinesis","awsRegion":"us-east-1","eventSourceARN":"{ARN}"}}]}}"#
        )
    );
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

/// Documented: windows go by arrival time and are per shard; the final invocation has the state.
#[test]
fn a_tumbling_window_sums_over_invocations() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|spec| spec.count_by = Some("partition-key".parse().unwrap())));
    give(&mut sandbox, map(|spec| spec.tumbling_window_in_seconds = 30));
    seconds(&mut sandbox, 25);
    // 00:00:45 to 00:01:00 and the next window.
    for key in ["a", "b", "a", "a"] {
        put_data(&mut sandbox, key, "x");
        seconds(&mut sandbox, 3);
    }
    seconds(&mut sandbox, 10);
    let final_events: Vec<Value> = {
        let (_, mapping) = sandbox.world().mappings().next().unwrap();
        let numbers = mapping.recent().map(|recent| recent.number);
        let events = numbers.filter_map(|number| mapping.event(number));
        events.filter(|event| event["isFinalInvokeForWindow"] == true).collect()
    };
    assert_eq!(
        final_events[0],
        json!({
            "Records": [],
            "window": {"start": "2026-01-01T00:00:30Z", "end": "2026-01-01T00:01:00Z"},
            "state": {"a": 3, "b": 1},
            "shardId": "shardId-000000000000",
            "eventSourceARN": ARN,
            "isFinalInvokeForWindow": true,
            "isWindowTerminatedEarly": false,
        })
    );
    assert_eq!(view(&sandbox).functions[0].results, [("a".into(), "3".into()), ("b".into(), "1".into())]);
}

fn with_consumer() -> (Sandbox, String) {
    let mut sandbox = with_stream(1);
    let register = RegisterStreamConsumerInput {
        stream_arn: Some(ARN.into()),
        consumer_name: Some("lambda".into()),
        tags: None,
    };
    let Ok(Response::RegisterStreamConsumer(output)) = sandbox.request(Request::from(register)) else {
        panic!()
    };
    let arn = output.consumer.consumer_arn;
    seconds(&mut sandbox, 30);
    (sandbox, arn)
}

/// Documented: a mapping to a consumer's ARN is pushed to and shares no read budget; it takes aggregates apart.
#[test]
fn a_mapping_to_a_consumer_is_pushed_to_and_takes_aggregates_apart() {
    let (mut sandbox, arn) = with_consumer();
    give(&mut sandbox, function(|spec| spec.count_by = Some("partition-key".parse().unwrap())));
    give(&mut sandbox, map(|spec| spec.event_source_arn.clone_from(&arn)));
    seconds(&mut sandbox, 15);
    let user =
        |key: &str| UserRecord { partition_key: key.into(), explicit_hash_key: None, data: b"x".to_vec() };
    put_data(&mut sandbox, "a", aggregate(&[user("k1"), user("k2"), user("k1")]));
    put_data(&mut sandbox, "plain", "x");
    seconds(&mut sandbox, 5);
    let after = mapping(&sandbox);
    assert!(after.is_pushed);
    assert_eq!((after.read, after.records, after.again), (4, 4, 0));
    let results: Vec<_> = view(&sandbox).functions[0].results.clone();
    assert_eq!(results, [("k1".into(), "2".into()), ("k2".into(), "1".into()), ("plain".into(), "1".into())]);
    assert_eq!(view(&sandbox).streams[0].shards[0].total.read_records, 0, "no GetRecords");
}

#[test]
fn a_classic_mapping_hands_an_aggregate_over_as_one_record() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|_| {}));
    let user =
        |key: &str| UserRecord { partition_key: key.into(), explicit_hash_key: None, data: b"{}".to_vec() };
    put_data(&mut sandbox, "a", aggregate(&[user("k1"), user("k2")]));
    give(&mut sandbox, map(|_| {}));
    seconds(&mut sandbox, 15);
    assert_eq!((mapping(&sandbox).read, mapping(&sandbox).records), (1, 1));
}

#[test]
fn a_pushed_mapping_that_is_held_up_takes_the_subscription_up_again_and_loses_nothing() {
    let (mut sandbox, arn) = with_consumer();
    give(&mut sandbox, function(|spec| spec.takes = Duration::from_seconds(2)));
    give(
        &mut sandbox,
        map(|spec| {
            spec.event_source_arn.clone_from(&arn);
            spec.batch_size = 50;
        }),
    );
    seconds(&mut sandbox, 15);
    give(&mut sandbox, Command::StartProducer(producer(50)));
    seconds(&mut sandbox, 60);
    give(&mut sandbox, Command::StopProducer { name: "web".into() });
    seconds(&mut sandbox, 120);
    let (made, after) = (view(&sandbox).producers[0].stored, mapping(&sandbox));
    assert_eq!((after.records, after.again, after.out_of_order, after.waiting), (made, 0, 0, 0));
}

/// Sentences: the constraints of the Lambda API model in the words of AWS's validation.
#[test]
fn what_is_out_of_range_is_refused_before_anything_changes() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|_| {}));
    let digest = sandbox.digest();
    let mut refused = |command: Command, code: &str, message: &str| {
        let refusal = sandbox.submit(command).unwrap_err();
        assert_eq!((refusal.code(), refusal.reason()), (Some(code), message));
    };
    let one = |value: &str, member: &str, constraint: &str| {
        format!(
            "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must have value {constraint}"
        )
    };
    for (change, expected) in [
        ((|s| s.batch_size = 0) as fn(&mut MappingSpec), one("0", "batchSize", "greater than or equal to 1")),
        (|s| s.batch_size = 10_001, one("10001", "batchSize", "less than or equal to 10000")),
        (
            |s| s.maximum_batching_window_in_seconds = 301,
            one("301", "maximumBatchingWindowInSeconds", "less than or equal to 300"),
        ),
        (|s| s.parallelization_factor = 11, one("11", "parallelizationFactor", "less than or equal to 10")),
        (|s| s.maximum_retry_attempts = -2, one("-2", "maximumRetryAttempts", "greater than or equal to -1")),
        (
            |s| s.maximum_record_age_in_seconds = 604_801,
            one("604801", "maximumRecordAgeInSeconds", "less than or equal to 604800"),
        ),
        (
            |s| s.tumbling_window_in_seconds = 901,
            one("901", "tumblingWindowInSeconds", "less than or equal to 900"),
        ),
    ] {
        refused(map(change), "ValidationException", &expected);
    }
    refused(
        map(|spec| {
            spec.batch_size = 0;
            spec.parallelization_factor = 0;
        }),
        "ValidationException",
        "2 validation errors detected: Value '0' at 'batchSize' failed to satisfy constraint: Member must have value greater \
         than or equal to 1; Value '0' at 'parallelizationFactor' failed to satisfy constraint: Member must have value \
         greater than or equal to 1",
    );
    refused(
        map(|spec| spec.maximum_record_age_in_seconds = 59),
        "InvalidParameterValueException",
        "MaximumRecordAgeInSeconds must be -1 or between 60 and 604800.",
    );
    refused(
        map(|spec| spec.filters = vec!["no JSON".into()]),
        "InvalidParameterValueException",
        "Invalid filter pattern definition.",
    );
    refused(
        map(|spec| spec.function = "nobody".into()),
        "ResourceNotFoundException",
        "Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody",
    );
    let nowhere = "arn:aws:kinesis:us-east-1:123456789012:stream/nowhere";
    refused(
        map(|spec| spec.event_source_arn = nowhere.into()),
        "InvalidParameterValueException",
        &format!("Stream not found: {nowhere}"),
    );
    assert_eq!(sandbox.digest(), digest);
}

/// Observed: the sentence in LocalStack's recordings of AWS.
#[test]
fn a_stream_is_mapped_to_a_function_once() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|_| {}));
    give(&mut sandbox, map(|_| {}));
    let uuid = mapping(&sandbox).uuid;
    let refusal = sandbox.submit(map(|_| {})).unwrap_err();
    assert_eq!(refusal.code(), Some("ResourceConflictException"));
    assert_eq!(
        refusal.reason(),
        format!(
            "The event source arn (\" {ARN} \") and function (\" worker \") provided mapping already exists. Please update \
             or delete the existing mapping with UUID {uuid}"
        )
    );
}

#[test]
fn a_mapping_is_changed_disabled_and_deleted() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|_| {}));
    give(&mut sandbox, map(|_| {}));
    let uuid = mapping(&sandbox).uuid;
    let change = |change: MappingChange| {
        Command::from(LambdaCommand::UpdateEventSourceMapping { uuid: uuid.clone(), change })
    };
    let refusal = sandbox.submit(change(MappingChange::default())).unwrap_err();
    assert_eq!(refusal.code(), Some("ResourceInUseException"));
    seconds(&mut sandbox, 15);
    give(&mut sandbox, change(MappingChange { parallelization_factor: Some(3), ..Default::default() }));
    assert_eq!(mapping(&sandbox).state, "Updating");
    seconds(&mut sandbox, 10);
    assert_eq!((mapping(&sandbox).state, mapping(&sandbox).parallelization_factor), ("Enabled", 3));
    give(&mut sandbox, change(MappingChange { enabled: Some(false), ..Default::default() }));
    assert_eq!(mapping(&sandbox).state, "Disabling");
    seconds(&mut sandbox, 10);
    put_data(&mut sandbox, "k", "x");
    seconds(&mut sandbox, 30);
    assert_eq!((mapping(&sandbox).state, mapping(&sandbox).records), ("Disabled", 0));
    give(&mut sandbox, change(MappingChange { enabled: Some(true), ..Default::default() }));
    seconds(&mut sandbox, 10);
    assert_eq!(
        (mapping(&sandbox).state, mapping(&sandbox).records),
        ("Enabled", 1),
        "it goes on where it stood"
    );
    give(&mut sandbox, Command::from(LambdaCommand::DeleteEventSourceMapping { uuid: uuid.clone() }));
    assert_eq!(mapping(&sandbox).state, "Deleting");
    seconds(&mut sandbox, 10);
    assert!(view(&sandbox).mappings.is_empty());
    assert_eq!(sandbox.world().next_due(), None, "nothing goes on");
}

#[test]
fn children_wait_until_their_parents_records_are_done() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|spec| spec.takes = Duration::from_seconds(2)));
    give(&mut sandbox, map(|spec| spec.batch_size = 20));
    seconds(&mut sandbox, 12);
    give(&mut sandbox, Command::StartProducer(producer(40)));
    seconds(&mut sandbox, 10);
    give(&mut sandbox, split_in_the_middle("orders"));
    seconds(&mut sandbox, 300);
    let mut is_parent_done = false;
    for fact in sandbox.world().facts_since(0) {
        if let Fact::RecordsProcessed { shard, .. } = &fact.fact {
            assert!(shard.0 != 0 || !is_parent_done, "a child's records were worked on before the parent's");
            is_parent_done |= shard.0 != 0;
        }
    }
    assert!(is_parent_done);
}

#[test]
fn a_saved_session_brings_mappings_back_and_undo_takes_them_away() {
    let mut sandbox = with_poison(|spec| {
        spec.bisect_batch_on_function_error = true;
        spec.maximum_retry_attempts = 2;
        spec.filters = vec!["{}".into()];
        spec.on_failure = Some(DLQ.into());
        spec.starting_position = StartingPosition::AtTimestamp(SandboxOptions::default().start);
    });
    seconds(&mut sandbox, 20);
    let uuid = mapping(&sandbox).uuid;
    let change = MappingChange { batch_size: Some(5), filters: Some(Vec::new()), ..Default::default() };
    give(&mut sandbox, Command::from(LambdaCommand::UpdateEventSourceMapping { uuid, change }));
    let spec = FunctionSpec {
        count_by: Some("n".parse().unwrap()),
        sum: Some("n".parse().unwrap()),
        on_error: OnError::ReportAll,
        concurrency: Some(2),
        ..FunctionSpec::new("worker")
    };
    give(&mut sandbox, Command::from(LambdaCommand::UpdateFunction(spec)));
    seconds(&mut sandbox, 60);
    let (loaded, note) = Sandbox::load(&sandbox.save().unwrap(), ()).unwrap();
    assert_eq!((note, loaded.digest()), (None, sandbox.digest()));
    assert_eq!(view(&loaded).mappings, view(&sandbox).mappings);
    assert!(sandbox.undo() && sandbox.undo() && sandbox.undo());
    assert!(view(&sandbox).mappings.is_empty());
}

/// Observed: LocalStack's recording of AWS's answer of 25 November 2025.
#[test]
fn a_new_mapping_is_described_as_lambda_describes_it() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|_| {}));
    give(&mut sandbox, map(|_| {}));
    let (_, mapping) = sandbox.world().mappings().next().unwrap();
    let uuid = mapping.uuid.clone();
    assert_eq!(
        mapping.configuration(),
        json!({
            "UUID": uuid,
            "StartingPosition": "TRIM_HORIZON",
            "BatchSize": 100,
            "MaximumBatchingWindowInSeconds": 0,
            "ParallelizationFactor": 1,
            "EventSourceArn": ARN,
            "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:worker",
            "LastModified": 1_767_225_620.0,
            "LastProcessingResult": "No records processed",
            "State": "Creating",
            "StateTransitionReason": "User action",
            "DestinationConfig": {"OnFailure": {}},
            "MaximumRecordAgeInSeconds": -1,
            "BisectBatchOnFunctionError": false,
            "MaximumRetryAttempts": -1,
            "TumblingWindowInSeconds": 0,
            "FunctionResponseTypes": [],
            "EventSourceMappingArn": format!("arn:aws:lambda:us-east-1:123456789012:event-source-mapping:{uuid}"),
        })
    );
}

/// Documented: the execution role needs kinesis:GetRecords and its like, and sqs:SendMessage for the destination.
#[test]
fn a_role_without_rights_reads_nothing_and_tells_nobody() {
    let mut sandbox = with_stream(1);
    let role = "arn:aws:iam::123456789012:role/lambda-kinesis";
    give(
        &mut sandbox,
        function(|spec| {
            poisoned(spec);
            spec.role = Some(role.into());
        }),
    );
    put_data(&mut sandbox, "k", r#"{"status":"poison"}"#);
    give(
        &mut sandbox,
        map(|spec| {
            spec.maximum_retry_attempts = 0;
            spec.on_failure = Some(DLQ.into());
        }),
    );
    seconds(&mut sandbox, 60);
    assert_eq!(mapping(&sandbox).read, 0);
    let document =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kinesis:*","Resource":"*"}]}"#;
    let allow = |document: &str| Command::SetPolicy {
        principal: role.into(),
        name: "read".into(),
        document: Some(document.into()),
    };
    give(&mut sandbox, allow(document));
    seconds(&mut sandbox, 60);
    let after = mapping(&sandbox);
    assert_eq!((after.read, after.discarded, after.destination_failures), (1, 1, 1));
    put_data(&mut sandbox, "k", r#"{"status":"poison"}"#);
    give(&mut sandbox, allow(&document.replace("\"kinesis:*\"", "[\"kinesis:*\",\"sqs:SendMessage\"]")));
    seconds(&mut sandbox, 60);
    let after = mapping(&sandbox);
    assert_eq!((after.discarded, after.destination_messages), (2, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Documented: at least once. What the function never worked on was filtered out, or given up with a fact.
    #[test]
    fn every_record_is_worked_on_or_given_up(
        seed: u64,
        rate in 1u32..80,
        batch_size in 1i64..200,
        factor in 1i64..5,
        retries in 0i64..3,
        bisect: bool,
        report: bool,
        fails_every in 0u32..6,
    ) {
        let mut sandbox = Sandbox::new(SandboxOptions { seed, ..SandboxOptions::default() });
        give(&mut sandbox, create_stream("orders", 2));
        seconds(&mut sandbox, 20);
        give(&mut sandbox, function(|spec| {
            spec.fails_when = Some("data~9".parse().unwrap());
            spec.fails_every = fails_every;
            spec.on_error = if report { OnError::ReportAll } else { OnError::Throw };
        }));
        give(&mut sandbox, map(|spec| {
            spec.batch_size = batch_size;
            spec.parallelization_factor = factor;
            spec.maximum_retry_attempts = retries;
            spec.bisect_batch_on_function_error = bisect;
            spec.report_batch_item_failures = report;
        }));
        let web = ProducerSpec { call: PutCall::Batch, ..producer(rate) };
        give(&mut sandbox, Command::StartProducer(web));
        seconds(&mut sandbox, 40);
        give(&mut sandbox, Command::StopProducer { name: "web".into() });
        seconds(&mut sandbox, 1_800);
        let (end, stored) = (mapping(&sandbox), view(&sandbox).producers[0].stored);
        let unsettled = sandbox.world().mappings().next().unwrap().1.unsettled();
        prop_assert_eq!((end.read, end.waiting, unsettled), (stored, 0, 0));
        prop_assert!(end.records - end.again + end.discarded + end.filtered >= stored);
        prop_assert!(end.records - end.again <= stored);
    }
}
