//! SDK readers: they share, replay, follow lineage, and never take anything out of the stream.

mod support;

use kinesis::Duration;
use sim::{Command, ReaderSpec, StartingPosition};
use support::*;

fn reader(name: &str, from: StartingPosition) -> Command {
    Command::StartReader(ReaderSpec::new(name, "orders", from))
}

#[test]
fn a_late_reader_at_trim_horizon_sees_everything_and_disturbs_nobody() {
    let mut sandbox = with_stream(2);
    give(&mut sandbox, reader("billing", StartingPosition::TrimHorizon));
    for n in 0..200 {
        let _ = sandbox.request(put_record("orders", &format!("user-{n}")));
    }
    seconds(&mut sandbox, 30);
    give(&mut sandbox, reader("fraud", StartingPosition::TrimHorizon));
    seconds(&mut sandbox, 30);
    let view = view(&sandbox);
    let seen: Vec<(u64, u64)> = view.readers.iter().map(|reader| (reader.records, reader.again)).collect();
    assert_eq!(seen, [(200, 0), (200, 0)]);
    assert_eq!(view.streams[0].record_count, 200, "nothing left the stream");
}

#[test]
fn a_reader_at_latest_sees_only_what_comes_after_it() {
    let mut sandbox = with_stream(1);
    let _ = sandbox.request(put_record("orders", "before"));
    give(&mut sandbox, reader("tail", StartingPosition::Latest));
    seconds(&mut sandbox, 5);
    let _ = sandbox.request(put_record("orders", "after"));
    seconds(&mut sandbox, 5);
    assert_eq!(view(&sandbox).readers[0].records, 1);
}

#[test]
fn a_reader_follows_a_split_and_reads_each_record_once() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(producer(50)));
    give(&mut sandbox, reader("tail", StartingPosition::TrimHorizon));
    seconds(&mut sandbox, 20);
    give(&mut sandbox, split_in_the_middle("orders"));
    seconds(&mut sandbox, 90);
    give(&mut sandbox, Command::StopProducer { name: "web".into() });
    seconds(&mut sandbox, 5);
    give(&mut sandbox, reader("late", StartingPosition::TrimHorizon));
    seconds(&mut sandbox, 60);
    let view = view(&sandbox);
    for reader in &view.readers {
        assert_eq!((reader.records, reader.again), (view.streams[0].record_count, 0), "{}", reader.name);
    }
}

#[test]
fn three_readers_of_one_shard_share_its_two_mebibytes_a_second() {
    let mut sandbox = with_stream(1);
    // An hour's worth of data first: 1 MiB/s for 120 s.
    let spec = sim::ProducerSpec { size: 10_000, call: sim::PutCall::Batch, ..producer(100) };
    give(&mut sandbox, Command::StartProducer(spec));
    seconds(&mut sandbox, 300);
    give(&mut sandbox, Command::StopProducer { name: "web".into() });
    seconds(&mut sandbox, 5);
    for name in ["a", "b", "c"] {
        let spec =
            ReaderSpec { limit: Some(50), ..ReaderSpec::new(name, "orders", StartingPosition::TrimHorizon) };
        give(&mut sandbox, Command::StartReader(spec));
    }
    seconds(&mut sandbox, 60);
    let view = view(&sandbox);
    let bytes: u64 = view.streams[0].shards[0].total.read_bytes;
    assert!(bytes / 60 <= (2 << 20) + (1 << 20), "{bytes}");
    assert!(view.readers.iter().all(|reader| reader.throttled > 0), "{:?}", view.readers);
}

#[test]
fn six_readers_that_poll_every_second_are_too_many_for_five_calls() {
    let mut sandbox = with_stream(1);
    for n in 0..6 {
        give(&mut sandbox, reader(&format!("r{n}"), StartingPosition::Latest));
    }
    seconds(&mut sandbox, 60);
    let throttled: u64 = view(&sandbox).readers.iter().map(|reader| reader.throttled).sum();
    assert!(throttled > 0);
}

#[test]
fn a_reader_that_was_stopped_reads_no_more() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, reader("tail", StartingPosition::TrimHorizon));
    seconds(&mut sandbox, 5);
    give(&mut sandbox, Command::StopReader { name: "tail".into() });
    let _ = sandbox.request(put_record("orders", "after"));
    sandbox.advance(Duration::from_seconds(30), None);
    let reader = &view(&sandbox).readers[0];
    assert!(!reader.is_running && reader.records == 0, "{reader:?}");
}

#[test]
fn a_reader_of_a_missing_stream_says_so() {
    let mut sandbox = sandbox();
    give(&mut sandbox, reader("tail", StartingPosition::TrimHorizon));
    seconds(&mut sandbox, 5);
    assert_eq!(view(&sandbox).readers[0].failed, Some("ResourceNotFoundException"));
}

#[test]
fn readers_that_list_shards_too_often_together_wait_and_ask_again() {
    let mut sandbox = with_stream(1);
    let _ = sandbox.request(put_record("orders", "a"));
    for n in 0..150 {
        give(&mut sandbox, reader(&format!("r{n}"), StartingPosition::TrimHorizon));
    }
    seconds(&mut sandbox, 1);
    let refused = view(&sandbox).readers.iter().filter(|reader| reader.throttled > 0).count();
    assert!(refused >= 50, "ListShards takes 100 calls a second for a stream: {refused}");
    // Then they poll one shard together, which takes five calls a second.
    seconds(&mut sandbox, 600);
    let readers = view(&sandbox).readers;
    assert!(readers.iter().all(|reader| reader.failed.is_none()));
    assert!(readers.iter().all(|reader| !reader.shards.is_empty()), "every reader knows the shard");
}
