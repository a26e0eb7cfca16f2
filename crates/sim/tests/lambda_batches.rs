//! AWS Lambda event source mappings: what is read, gathered and handed to the function.

#![allow(clippy::unwrap_used, clippy::wildcard_enum_match_arm)] // Helpers of tests.

mod support;

use kinesis::{Duration, RegisterStreamConsumerInput, Request, Response, UserRecord, aggregate};
use proptest::prelude::*;
use serde_json::{Value, json};
use sim::*;
use support::lambda::*;
use support::*;

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
        // Halving a batch of which every part fails takes hours.
        for _ in 0..48 {
            seconds(&mut sandbox, 1_800);
            if sandbox.world().mappings().next().unwrap().1.unsettled() == 0 {
                break;
            }
        }
        let (end, stored) = (mapping(&sandbox), view(&sandbox).producers[0].stored);
        let unsettled = sandbox.world().mappings().next().unwrap().1.unsettled();
        prop_assert_eq!((end.read, end.waiting, unsettled), (stored, 0, 0));
        prop_assert!(end.records - end.again + end.discarded + end.filtered >= stored);
        prop_assert!(end.records - end.again <= stored);
    }
}
