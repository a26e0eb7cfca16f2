//! Managed Service for Apache Flink: windows of event time, late records, checkpoints and restarts.

#![allow(clippy::unwrap_used, clippy::wildcard_enum_match_arm)] // Helpers of tests.

mod support;

use kinesis::{Blob, Duration, PutRecordInput};
use proptest::prelude::*;
use sim::*;
use support::*;

const START: u64 = 1_767_225_600;

fn create(change: impl FnOnce(&mut FlinkSpec)) -> Command {
    let mut spec = FlinkSpec::new("totals", "orders");
    spec.from = StartingPosition::TrimHorizon;
    change(&mut spec);
    FlinkCommand::Create(spec).into()
}

fn command(make: fn(String) -> FlinkCommand) -> Command {
    make("totals".into()).into()
}

fn flink(sandbox: &Sandbox) -> FlinkView {
    view(sandbox).flink[0].clone()
}

/// An event so many seconds after the start.
fn put_event(sandbox: &mut Sandbox, customer: &str, at: u64, amount: &str) {
    let millis = (START + at) * 1_000;
    let data = format!(r#"{{"customer":"{customer}","at":{millis},"amount":{amount}}}"#);
    let input = PutRecordInput {
        stream_name: Some("orders".into()),
        partition_key: Some(customer.into()),
        data: Some(Blob::Bytes(data.into_bytes())),
        ..Default::default()
    };
    give(sandbox, Command::Call(input.into()));
}

fn by_event(spec: &mut FlinkSpec) {
    spec.key = "customer".parse().unwrap();
    spec.event_time = Some("at".parse().unwrap());
}

/// Start in seconds, key and value of each result, oldest first.
fn rows(sandbox: &Sandbox) -> Vec<(u64, String, String)> {
    let view = flink(sandbox);
    view.rows
        .iter()
        .rev()
        .map(|row| (row.start_ms / 1_000 - START, row.key.clone(), row.value.clone()))
        .collect()
}

fn row(start: u64, key: &str, value: &str) -> (u64, String, String) {
    (start, key.into(), value.into())
}

#[test]
fn tumbling_windows_count_by_key_once_the_watermark_has_passed() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, create(by_event));
    seconds(&mut sandbox, 65);
    for (customer, at) in [("ana", 10), ("bo", 20), ("ana", 59), ("ana", 61)] {
        put_event(&mut sandbox, customer, at, "1");
    }
    seconds(&mut sandbox, 5);
    assert_eq!(rows(&sandbox), [row(0, "ana", "2"), row(0, "bo", "1")]);
    let view = flink(&sandbox);
    assert_eq!((view.watermark_ms, view.counted, view.open_windows), (Some((START + 61) * 1_000), 4, 1));
}

#[test]
fn sliding_windows_sum_a_field_in_each_window_that_has_it() {
    let mut sandbox = with_stream(1);
    give(
        &mut sandbox,
        create(|spec| {
            by_event(spec);
            spec.slide = Some(Duration::from_seconds(30));
            spec.sum = Some("amount".parse().unwrap());
        }),
    );
    seconds(&mut sandbox, 65);
    for (at, amount) in [(40, "0.1"), (70, "0.2"), (150, "1")] {
        put_event(&mut sandbox, "ana", at, amount);
    }
    seconds(&mut sandbox, 5);
    assert_eq!(rows(&sandbox), [row(0, "ana", "0.1"), row(30, "ana", "0.3"), row(60, "ana", "0.2")]);
}

/// Documented: Apache Flink: late records are dropped unless allowed lateness takes them, which gives a result anew.
#[test]
fn late_records_are_dropped_or_make_a_result_anew() {
    let run = |lateness: u64| {
        let mut sandbox = with_stream(1);
        give(
            &mut sandbox,
            create(|spec| {
                by_event(spec);
                spec.allowed_lateness = Duration::from_seconds(lateness);
            }),
        );
        seconds(&mut sandbox, 65);
        for at in [10, 70, 30] {
            put_event(&mut sandbox, "ana", at, "1");
            seconds(&mut sandbox, 2);
        }
        sandbox
    };
    let strict = run(0);
    assert_eq!((rows(&strict), flink(&strict).late_dropped), (vec![row(0, "ana", "1")], 1));
    assert_eq!(count(&strict, |fact| matches!(fact, Fact::LateRecordDropped { .. })), 1);
    let lenient = run(60);
    assert_eq!(rows(&lenient), [row(0, "ana", "1"), row(0, "ana", "2")]);
    assert_eq!((flink(&lenient).late_taken, flink(&lenient).rows_again), (1, 1));
}

/// Documented: the watermark is the least of all shards'; without idleness one that is silent holds it back for ever.
#[test]
fn a_silent_shard_holds_all_results_back() {
    let run = |idleness: u64| {
        let mut sandbox = with_stream(2);
        give(
            &mut sandbox,
            create(|spec| {
                by_event(spec);
                spec.idleness = Duration::from_seconds(idleness);
            }),
        );
        seconds(&mut sandbox, 65);
        for at in [10, 70] {
            put_event(&mut sandbox, "ana", at, "1");
            seconds(&mut sandbox, 15);
        }
        put_event(&mut sandbox, "ana", 75, "1");
        seconds(&mut sandbox, 5);
        sandbox
    };
    let (held, free) = (run(0), run(10));
    assert_eq!((rows(&held).len(), flink(&held).watermark_ms), (0, None));
    assert!(flink(&held).slowest_shard.is_some());
    assert_eq!(rows(&free), [row(0, "ana", "1")]);
}

/// Documented: after a failure the application begins again from its last checkpoint: its state counts each record
/// exactly once, and its sink may repeat results.
#[test]
fn a_restart_counts_nothing_twice() {
    let mut sandbox = with_stream(2);
    give(&mut sandbox, create_stream("results", 1));
    give(
        &mut sandbox,
        create(|spec| {
            spec.window = Duration::from_seconds(10);
            spec.checkpoint_interval = Duration::from_seconds(30);
            spec.sink = Some("results".into());
        }),
    );
    give(
        &mut sandbox,
        Command::StartProducer(ProducerSpec { keys: "fixed:a,b,c,d".parse().unwrap(), ..producer(50) }),
    );
    seconds(&mut sandbox, 115);
    give(&mut sandbox, command(|name| FlinkCommand::Fail { name }));
    assert!(flink(&sandbox).is_restarting);
    seconds(&mut sandbox, 60);
    give(&mut sandbox, Command::StopProducer { name: "web".into() });
    seconds(&mut sandbox, 20);
    let (view, stored) = (flink(&sandbox), view(&sandbox).producers[0].stored);
    assert_eq!((view.counted, view.restarts), (stored, 1));
    assert!(view.read > stored, "records since the checkpoint were read again");
    assert!(view.rows_again > 0, "and their results emitted again");
    // The last result of each window and key counts each record once, but for the windows that are still open.
    let mut last = std::collections::BTreeMap::new();
    for (_, application) in sandbox.world().flink_applications() {
        for row in application.rows() {
            last.insert((row.start, row.key.clone()), row.value.to_string().parse::<u64>().unwrap());
        }
    }
    let full =
        last.iter().filter(|((start, _), _)| start.seconds() > START + 30 && start.seconds() < START + 170);
    let counted: Vec<u64> = full.map(|(_, value)| *value).collect();
    assert!(counted.iter().all(|count| (115..=135).contains(count)), "12.5 a second and key: {counted:?}");
}

/// Documented: stopping makes a snapshot, and starting goes on from it.
#[test]
fn a_stop_and_a_start_lose_nothing_and_repeat_nothing() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, create(|spec| spec.window = Duration::from_seconds(10)));
    give(&mut sandbox, Command::StartProducer(producer(50)));
    seconds(&mut sandbox, 80);
    give(&mut sandbox, command(|name| FlinkCommand::Stop { name }));
    seconds(&mut sandbox, 30);
    assert_eq!(flink(&sandbox).status, "READY");
    give(&mut sandbox, command(|name| FlinkCommand::Start { name }));
    seconds(&mut sandbox, 60);
    give(&mut sandbox, Command::StopProducer { name: "web".into() });
    seconds(&mut sandbox, 30);
    let (view, stored) = (flink(&sandbox), view(&sandbox).producers[0].stored);
    assert_eq!((view.status, view.counted, view.rows_again), ("RUNNING", stored, 0));
}

#[test]
fn results_are_put_to_another_stream() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, create_stream("results", 1));
    give(
        &mut sandbox,
        create(|spec| {
            by_event(spec);
            spec.sink = Some("results".into());
        }),
    );
    seconds(&mut sandbox, 65);
    for at in [10, 70] {
        put_event(&mut sandbox, "ana", at, "1");
    }
    seconds(&mut sandbox, 5);
    let stream = sandbox.world().service().stream("results").unwrap();
    let record = stream.shards()[0].log.read_from(1).next().unwrap();
    assert_eq!(record.partition_key(), "ana");
    assert_eq!(
        String::from_utf8_lossy(&record.bytes()),
        r#"{"key":"ana","count":1,"windowStart":"2026-01-01T00:00:00.000Z","windowEnd":"2026-01-01T00:01:00.000Z"}"#
    );
}

/// Documented: KPUs are parallelism by parallelism per KPU, rounded up.
#[test]
fn kpus_follow_from_parallelism() {
    let mut sandbox = with_stream(1);
    give(
        &mut sandbox,
        create(|spec| {
            spec.parallelism = 10;
            spec.parallelism_per_kpu = 4;
        }),
    );
    assert_eq!(flink(&sandbox).kpus, 3);
}

#[test]
fn what_cannot_be_an_application_is_refused_and_nothing_changes() {
    let mut sandbox = with_stream(1);
    let digest = sandbox.digest();
    for change in [
        (|s| s.parallelism = 0) as fn(&mut FlinkSpec),
        |s| s.parallelism = 65,
        |s| s.window = Duration::ZERO,
        |s| s.slide = Some(Duration::from_seconds(61)),
        |s| s.slide = Some(Duration::from_millis(1)),
        |s| s.checkpoint_interval = Duration::from_millis(10),
        |s| s.name = "no name".into(),
    ] {
        assert!(sandbox.submit(create(change)).is_err());
    }
    assert!(sandbox.submit(command(|name| FlinkCommand::Stop { name })).is_err());
    assert_eq!(sandbox.digest(), digest);
}

#[test]
fn a_saved_session_brings_applications_back_and_undo_takes_them_away() {
    let mut sandbox = with_stream(1);
    give(
        &mut sandbox,
        create(|spec| {
            by_event(spec);
            spec.slide = Some(Duration::from_seconds(20));
            spec.from = StartingPosition::Latest;
        }),
    );
    give(&mut sandbox, Command::StartProducer(producer(20)));
    seconds(&mut sandbox, 100);
    give(&mut sandbox, command(|name| FlinkCommand::Fail { name }));
    seconds(&mut sandbox, 100);
    let (loaded, note) = Sandbox::load(&sandbox.save().unwrap(), ()).unwrap();
    assert_eq!((note, loaded.digest()), (None, sandbox.digest()));
    assert_eq!(view(&loaded).flink, view(&sandbox).flink);
    give(&mut sandbox, Command::StopProducer { name: "web".into() });
    give(&mut sandbox, command(|name| FlinkCommand::Delete { name }));
    seconds(&mut sandbox, 40);
    assert!(view(&sandbox).flink.is_empty());
    assert_eq!(sandbox.world().next_due(), None);
    assert!(sandbox.undo());
    assert_eq!(flink(&sandbox).status, "RUNNING");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// However often its tasks die, the state has counted each record of the stream exactly once.
    #[test]
    fn the_state_counts_each_record_exactly_once(
        seed: u64,
        rate in 1u32..200,
        checkpoint in 5u64..60,
        failures in proptest::collection::vec(1u64..60, 0..5),
    ) {
        let mut sandbox = Sandbox::new(SandboxOptions { seed, ..SandboxOptions::default() });
        give(&mut sandbox, create_stream("orders", 3));
        seconds(&mut sandbox, 20);
        give(&mut sandbox, create(|spec| spec.checkpoint_interval = Duration::from_seconds(checkpoint)));
        give(&mut sandbox, Command::StartProducer(ProducerSpec { call: PutCall::Batch, ..producer(rate) }));
        seconds(&mut sandbox, 70);
        for pause in failures {
            give(&mut sandbox, command(|name| FlinkCommand::Fail { name }));
            seconds(&mut sandbox, 11 + pause);
        }
        give(&mut sandbox, Command::StopProducer { name: "web".into() });
        seconds(&mut sandbox, 60);
        prop_assert_eq!(flink(&sandbox).counted, view(&sandbox).producers[0].stored);
    }
}
