//! Producers against the write budgets of a shard.

mod support;

use kinesis::Duration;
use sim::{Command, KeyRecipe, ProducerChange, ProducerSpec, PutCall, RetryPolicy};
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

#[test]
fn back_off_cannot_beat_arithmetic() {
    let spec =
        ProducerSpec { call: PutCall::Batch, retry: RetryPolicy::Backoff, attempts: 5, ..producer(1_500) };
    let producer = run(spec, 1, 300);
    assert!(producer.lost > 0 || producer.waiting > 10_000, "{producer:?}");
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
    assert!(shards[0].total.refused_by_records > 10_000, "{:?}", shards[0].total);
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
