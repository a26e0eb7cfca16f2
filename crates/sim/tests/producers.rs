//! Producers against the write budgets of a shard.

mod support;

use kinesis::Duration;
use sim::{
    Command, Fact, KeyRecipe, ProducerChange, ProducerSpec, PutCall, PutOrdering, RetryPolicy, Traffic,
    Workload,
};
use support::*;

fn run(spec: ProducerSpec, shards: i64, span: u64) -> sim::ProducerView {
    let mut sandbox = with_stream(shards);
    give(&mut sandbox, Command::StartProducer(spec));
    seconds(&mut sandbox, span);
    let view = view(&sandbox);
    let producer = view.producers[0].clone();
    assert_eq!(
        producer.made,
        producer.stored + producer.lost + producer.waiting + producer.in_flight,
        "every record is somewhere: {producer:?}"
    );
    let stored: u64 = view.streams[0].shards.iter().map(|shard| shard.total.records).sum();
    let refused: u64 =
        view.streams[0].shards.iter().map(|s| s.total.refused_by_records + s.total.refused_by_bytes).sum();
    assert!(stored >= producer.stored && refused >= producer.refused, "answers still on their way");
    producer
}

#[test]
fn a_producer_below_the_limits_loses_nothing() {
    for call in [PutCall::Single, PutCall::Batch] {
        let producer = run(ProducerSpec { call, ..producer(100) }, 1, 60);
        assert_eq!((producer.made, producer.refused, producer.lost), (6_000, 0, 0));
        assert!(producer.stored > 5_900, "{producer:?}");
    }
}

#[test]
fn above_a_thousand_records_a_second_the_rest_is_refused_and_lost_without_retry() {
    let producer = run(ProducerSpec { call: PutCall::Batch, ..producer(1_500) }, 1, 60);
    // 1,500 are sent and 1,000 taken in each second.
    assert!((29_000..=30_500).contains(&producer.lost), "{producer:?}");
    assert_eq!(producer.lost, producer.refused);
    assert_eq!(producer.lost_by_reason[0].0, "refused, and not tried again");
}

#[test]
fn large_records_empty_the_byte_budget_first() {
    let mut sandbox = with_stream(1);
    let spec = ProducerSpec { size: 20_000, call: PutCall::Batch, ..producer(100) };
    give(&mut sandbox, Command::StartProducer(spec));
    seconds(&mut sandbox, 60);
    let view = view(&sandbox);
    let total = view.streams[0].shards[0].total;
    assert_eq!(total.refused_by_records, 0);
    // 1 MiB holds 52 records of 20,000 bytes and a key of 6 to 9 bytes.
    assert!((46 * 60..=49 * 60).contains(&total.refused_by_bytes), "{total:?}");
}

#[test]
fn back_off_rides_out_a_short_burst_without_loss() {
    let mut sandbox = with_stream(1);
    let spec =
        ProducerSpec { call: PutCall::Batch, retry: RetryPolicy::Backoff, attempts: 20, ..producer(1_500) };
    give(&mut sandbox, Command::StartProducer(spec));
    seconds(&mut sandbox, 5);
    give(
        &mut sandbox,
        Command::ChangeProducer(ProducerChange { name: "web".into(), rate: Some(200), ..Default::default() }),
    );
    seconds(&mut sandbox, 60);
    let producer = &view(&sandbox).producers[0];
    assert!(producer.refused > 0 && producer.retried > 0, "{producer:?}");
    assert_eq!((producer.lost, producer.waiting), (0, 0), "{producer:?}");
}

/// Documented: a shard takes 1,000 records a second (Kinesis quotas). Of 1,500 a second, 500 are left over, whatever the
/// policy: they wait, or they are lost.
#[test]
fn back_off_cannot_beat_arithmetic() {
    for retry in [RetryPolicy::None, RetryPolicy::Immediate, RetryPolicy::Backoff, RetryPolicy::Legacy] {
        let spec = ProducerSpec { call: PutCall::Batch, retry, attempts: 5, ..producer(1_500) };
        let producer = run(spec, 1, 120);
        assert_eq!(producer.made, 180_000);
        let left_over = producer.made - producer.stored;
        assert!((59_000..=63_000).contains(&left_over), "{retry:?}: {producer:?}");
        assert!(producer.stored >= 117_000, "{retry:?}: {producer:?}");
    }
}

#[test]
fn immediate_retries_lose_a_burst_that_backed_off_ones_save() {
    let lost = |retry| {
        let mut sandbox = with_stream(1);
        let spec = ProducerSpec { call: PutCall::Batch, retry, attempts: 8, ..producer(1_500) };
        give(&mut sandbox, Command::StartProducer(spec));
        seconds(&mut sandbox, 2);
        let calm = ProducerChange { name: "web".into(), rate: Some(200), ..Default::default() };
        give(&mut sandbox, Command::ChangeProducer(calm));
        seconds(&mut sandbox, 60);
        view(&sandbox).producers[0].lost
    };
    // Sent again at once, a record uses its attempts up before the second is over.
    assert!(lost(RetryPolicy::Immediate) > 500);
    assert_eq!(lost(RetryPolicy::Backoff), 0);
}

/// Documented: a shard takes 1,000 records a second, and all records of a key go to one shard (Kinesis quotas; key
/// concepts): of 1,500 a second 500 are refused, while the stream as a whole could take 2,000.
#[test]
fn one_hot_key_throttles_its_shard_while_the_other_is_idle() {
    let mut sandbox = with_stream(2);
    let keys = KeyRecipe::Fixed { keys: vec!["us".into(), "eu".into(), "ap".into()] };
    give(
        &mut sandbox,
        Command::StartProducer(ProducerSpec { keys, call: PutCall::Batch, ..producer(1_500) }),
    );
    seconds(&mut sandbox, 30);
    // us, eu and ap lie at 4.4 %, 28.2 % and 38.6 % of the key space.
    let shards = &view(&sandbox).streams[0].shards;
    let total = &shards[0].total;
    let (stored, refused) = (total.records, total.refused_by_records);
    assert!((29_000..=31_000).contains(&stored) && (14_000..=15_500).contains(&refused), "{total:?}");
    assert_eq!((shards[1].record_count, shards[1].total.refused_by_records), (0, 0));
}

#[test]
fn a_split_cures_what_a_shard_cannot_take() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(ProducerSpec { call: PutCall::Batch, ..producer(1_500) }));
    seconds(&mut sandbox, 10);
    give(&mut sandbox, split_in_the_middle("orders"));
    seconds(&mut sandbox, 31);
    let lost_at_the_split = view(&sandbox).producers[0].lost;
    seconds(&mut sandbox, 60);
    assert_eq!(view(&sandbox).producers[0].lost, lost_at_the_split);
}

#[test]
fn what_waits_when_a_producer_stops_is_counted_as_lost() {
    let mut sandbox = with_stream(1);
    let spec =
        ProducerSpec { call: PutCall::Batch, retry: RetryPolicy::Backoff, attempts: 50, ..producer(3_000) };
    give(&mut sandbox, Command::StartProducer(spec));
    seconds(&mut sandbox, 20);
    assert!(view(&sandbox).producers[0].waiting > 0);
    give(&mut sandbox, Command::StopProducer { name: "web".into() });
    sandbox.advance(Duration::from_seconds(60), None);
    let producer = &view(&sandbox).producers[0];
    assert!(!producer.is_running && producer.waiting == 0, "{producer:?}");
    assert_eq!(producer.made, producer.stored + producer.lost + producer.in_flight, "{producer:?}");
    assert_eq!(producer.in_flight, 0, "answers to a stopped producer are still counted: {producer:?}");
}

#[test]
fn a_producer_of_a_missing_stream_names_the_error() {
    let producer = {
        let mut sandbox = sandbox();
        give(&mut sandbox, Command::StartProducer(producer(10)));
        seconds(&mut sandbox, 10);
        view(&sandbox).producers[0].clone()
    };
    assert_eq!(producer.lost_by_reason[0].0, "ResourceNotFoundException");
    assert!(producer.lost > 90, "{producer:?}");
}

#[test]
fn a_call_whose_answer_is_late_puts_its_record_into_the_stream_twice() {
    // A round trip takes 10 to 30 ms: more than half of the calls are given up and sent again.
    let mut sandbox = with_stream(2);
    let spec = ProducerSpec {
        retry: RetryPolicy::Backoff,
        attempts: 20,
        request_timeout: Duration::from_millis(20),
        ..producer(50)
    };
    give(&mut sandbox, Command::StartProducer(spec));
    seconds(&mut sandbox, 20);
    give(&mut sandbox, Command::StopProducer { name: "web".into() });
    seconds(&mut sandbox, 5);
    let producer = &view(&sandbox).producers[0];
    let numbers = numbers(&sandbox);
    let distinct = numbers.iter().collect::<std::collections::BTreeSet<_>>().len();
    assert!(producer.timed_out > 400, "{producer:?}");
    assert_eq!(producer.stored_again, (numbers.len() - distinct) as u64);
    assert!(producer.stored_again > 400, "{producer:?}");
    assert_eq!(producer.made, producer.stored + producer.lost);
    let told = |fact: &Fact| matches!(fact, Fact::RecordsStoredAgain { .. });
    assert_eq!(count(&sandbox, told) as u64, producer.stored_again);
}

#[test]
fn without_another_try_a_late_record_counts_as_lost_and_is_in_the_stream() {
    let mut sandbox = with_stream(1);
    let spec = ProducerSpec { request_timeout: Duration::from_millis(20), ..producer(50) };
    give(&mut sandbox, Command::StartProducer(spec));
    seconds(&mut sandbox, 30);
    give(&mut sandbox, Command::StopProducer { name: "web".into() });
    seconds(&mut sandbox, 1);
    let producer = &view(&sandbox).producers[0];
    assert_eq!(
        producer.lost_by_reason,
        [("not answered in time, and not tried again".to_owned(), producer.lost)]
    );
    assert_eq!((producer.stored_again, producer.stored_though_lost), (0, producer.lost));
    assert_eq!(numbers(&sandbox).len() as u64, producer.made);
}

#[test]
fn one_call_at_a_time_is_what_a_round_trip_allows() {
    let producer = run(ProducerSpec { concurrency: Some(1), ..producer(200) }, 1, 60);
    // 10 to 30 ms each, 20 ms on average: about 50 records a second, the other 150 wait.
    assert!((2_700..3_300).contains(&producer.stored), "{producer:?}");
    assert!((8_700..9_300).contains(&producer.waiting), "{producer:?}");
    assert_eq!((producer.in_flight, producer.out_of_order), (1, Some(0)));
}

#[test]
fn an_sdk_tries_a_refused_put_record_again_and_leaves_the_entries_of_put_records_alone() {
    let spec = |call| ProducerSpec { call, retry: RetryPolicy::Legacy, attempts: 5, ..producer(1_100) };
    let single = run(spec(PutCall::Single), 1, 20);
    assert!(single.retried > 100, "{single:?}");
    let batch = run(spec(PutCall::Batch), 1, 20);
    assert!(batch.lost > 1_000 && batch.retried == 0, "{batch:?}");
    let reason = "refused inside a PutRecords answer, which the SDK does not try again";
    assert_eq!(batch.lost_by_reason, [(reason.to_owned(), batch.lost)]);
}

#[test]
fn the_quota_of_the_standard_mode_ends_a_storm_of_retries() {
    let spec = ProducerSpec { retry: RetryPolicy::Standard, attempts: 3, ..producer(5_000) };
    let producer = run(spec, 1, 30);
    let by_quota = producer.lost_by_reason.iter().find(|(reason, _)| reason.contains("retry quota"));
    assert!(by_quota.is_some_and(|(_, lost)| *lost > 10_000), "{producer:?}");
}

/// Whether the records of each key lie in the stream in the order in which they were made, by reading it.
fn is_in_order(sandbox: &sim::Sandbox) -> bool {
    let mut newest = std::collections::BTreeMap::new();
    let stream = sandbox.world().service().streams().next().expect("the stream is there");
    stream.shards().iter().flat_map(|shard| shard.log.read_from(1)).all(|record| {
        let number = numbers_of(&record)[0];
        newest.insert(record.partition_key().to_owned(), number).is_none_or(|last| last < number)
    })
}

#[test]
fn records_of_a_key_overtake_each_other_unless_the_producer_keeps_their_order() {
    let keys = KeyRecipe::Fixed { keys: vec!["us".into(), "eu".into(), "ap".into()] };
    for (ordering, is_ordered) in [(PutOrdering::None, false), (PutOrdering::PerKey, true)] {
        let mut sandbox = with_stream(2);
        let spec = ProducerSpec { keys: keys.clone(), ordering, ..producer(600) };
        give(&mut sandbox, Command::StartProducer(spec));
        seconds(&mut sandbox, 30);
        let producer = &view(&sandbox).producers[0];
        assert_eq!(producer.out_of_order == Some(0), is_ordered, "{producer:?}");
        assert_eq!(is_in_order(&sandbox), is_ordered);
        // Three keys, one record each per round trip of 20 ms: 150 a second, and 600 are made.
        let waits = if is_ordered { 13_000..14_000 } else { 0..1 };
        assert!(waits.contains(&producer.waiting), "{producer:?}");
        assert_eq!(producer.made, producer.stored + producer.waiting + producer.in_flight);
    }
}

#[test]
fn what_no_producer_can_do_is_refused_with_a_reason() {
    let refused = |spec: ProducerSpec| {
        let refusal = with_stream(1).submit(Command::StartProducer(spec)).unwrap_err();
        refusal.to_string()
    };
    let ordered = || ProducerSpec { ordering: PutOrdering::PerKey, ..producer(1) };
    assert!(
        refused(ProducerSpec { call: PutCall::Batch, ..ordered() }).contains("SequenceNumberForOrdering")
    );
    assert!(refused(ProducerSpec { keys: KeyRecipe::Random, ..ordered() }).contains("100000 keys"));
    assert!(refused(ProducerSpec { concurrency: Some(0), ..producer(1) }).contains("concurrency"));
    assert!(
        refused(ProducerSpec { request_timeout: Duration::ZERO, ..producer(1) }).contains("request-timeout")
    );
    let workload = Workload::AppLog;
    assert!(refused(ProducerSpec { workload, size: 100, ..producer(1) }).contains("at least 250 bytes"));
    let traffic = Traffic::Burst { times: 1_000, seconds: 1, every: 2 };
    assert!(refused(ProducerSpec { traffic, ..producer(101) }).contains("101000"));
}

#[test]
fn a_change_that_does_not_go_together_is_refused_and_changes_nothing() {
    let mut sandbox = with_stream(1);
    give(
        &mut sandbox,
        Command::StartProducer(ProducerSpec { ordering: PutOrdering::PerKey, ..producer(10) }),
    );
    let change = ProducerChange { name: "web".into(), call: Some(PutCall::Batch), ..Default::default() };
    assert!(sandbox.submit(Command::ChangeProducer(change)).is_err());
    assert_eq!(view(&sandbox).producers[0].call, "single");
}

#[test]
fn an_sdk_mode_brings_its_own_number_of_attempts() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(ProducerSpec { attempts: 20, ..producer(10) }));
    let mut attempts_with = |retry| {
        let change = ProducerChange { name: "web".into(), retry: Some(retry), ..Default::default() };
        give(&mut sandbox, Command::ChangeProducer(change));
        view(&sandbox).producers[0].attempts
    };
    assert_eq!(attempts_with(RetryPolicy::Backoff), 20);
    assert_eq!(attempts_with(RetryPolicy::Standard), 3);
    assert_eq!(attempts_with(RetryPolicy::Legacy), 5);
}

#[test]
fn a_workload_is_read_as_json_with_the_number_of_each_record() {
    let mut sandbox = with_stream(1);
    let workload = Workload::WebActivity;
    let spec = ProducerSpec { workload, size: workload.size_default(), ..producer(50) };
    give(&mut sandbox, Command::StartProducer(spec));
    seconds(&mut sandbox, 10);
    let stream = sandbox.world().service().streams().next().expect("the stream is there");
    let records: Vec<_> = stream.shards()[0].log.read_from(1).collect();
    assert!(records.len() > 400);
    for record in &records {
        let value: serde_json::Value = serde_json::from_slice(&record.bytes()).unwrap();
        assert_eq!(value["n"], numbers_of(record)[0]);
        assert!(value["userId"].as_str().unwrap().starts_with("user-"), "{value}");
        let made = value["time"].as_str().unwrap().to_owned();
        assert!(made < record.arrival.to_iso8601(), "made at {made}, arrived later");
    }
}

#[test]
fn a_burst_is_refused_while_the_average_would_fit() {
    let mut sandbox = with_stream(1);
    let traffic = Traffic::Burst { times: 5, seconds: 5, every: 60 };
    give(
        &mut sandbox,
        Command::StartProducer(ProducerSpec { traffic, call: PutCall::Batch, ..producer(500) }),
    );
    seconds(&mut sandbox, 120);
    // 500 a second, but 2,500 in five seconds of each minute, of which 1,000 are taken.
    let producer = &view(&sandbox).producers[0];
    assert_eq!(producer.made, 2 * (500 * 60 + 2_000 * 5));
    assert!((2 * 5 * 1_400..=2 * 5 * 1_600).contains(&producer.lost), "{producer:?}");
}
