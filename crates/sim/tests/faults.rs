//! Faults: what goes wrong on purpose, how it shows, and that it ends.

mod support;

use kinesis::{Duration, ErrorCode, Fact as Service, Instant, Operation};
use sim::{
    ActorState, CallKind, Command, Fact, FaultKind, FaultSpec, LostReason, ProducerSpec, PutCall, ReaderSpec,
    RetryPolicy, Rule, Sandbox, StartingPosition, Way,
};
use support::*;

fn fault(sandbox: &mut Sandbox, kind: FaultKind, target: &str) {
    give(sandbox, Command::Fault(FaultSpec::new(kind, target)));
}

fn fault_for(sandbox: &mut Sandbox, kind: FaultKind, target: &str, seconds: u64) {
    let lasts = Some(Duration::from_seconds(seconds));
    give(sandbox, Command::Fault(FaultSpec { lasts, ..FaultSpec::new(kind, target) }));
}

fn refused(sandbox: &mut Sandbox, kind: FaultKind, target: &str) -> String {
    let (digest, now) = (sandbox.digest(), sandbox.now());
    let refusal = sandbox.submit(Command::Fault(FaultSpec::new(kind, target))).expect_err("it is no fault");
    assert_eq!((sandbox.digest(), sandbox.now()), (digest, now), "a refused command changes nothing");
    refusal.reason().to_owned()
}

fn state(sandbox: &Sandbox, name: &str) -> ActorState {
    let found = sandbox.world().programs().find(|(program, _)| program == name);
    found.map_or(ActorState::Crashed, |(_, state)| state)
}

fn kcl(workers: u32) -> Sandbox {
    let mut sandbox = with_stream(2);
    give(&mut sandbox, Command::StartProducer(producer(20)));
    give(&mut sandbox, Command::StartApplication(application(workers)));
    seconds(&mut sandbox, 60);
    sandbox
}

fn owner_changes(sandbox: &Sandbox, from: Instant) -> usize {
    let taken = |fact: &&sim::StampedFact| {
        fact.at >= from && matches!(fact.fact, Fact::LeaseTaken { from: Some(_), .. })
    };
    sandbox.world().facts_since(0).filter(taken).count()
}

#[test]
fn a_crashed_worker_is_started_again_when_its_fault_ends() {
    let mut sandbox = kcl(2);
    fault_for(&mut sandbox, FaultKind::Crash, "billing/w1", 60);
    let crash = sandbox.now();
    assert_eq!(state(&sandbox, "billing/w1"), ActorState::Crashed);
    assert_eq!(view(&sandbox).faults.len(), 1);
    seconds(&mut sandbox, 59);
    assert!(owner_changes(&sandbox, crash) > 0, "its leases went to the other worker");
    seconds(&mut sandbox, 2);
    assert_eq!(state(&sandbox, "billing/w1"), ActorState::Running);
    assert!(view(&sandbox).faults.is_empty());
    assert_eq!(count(&sandbox, |fact| matches!(fact, Fact::WorkerRestarted { .. })), 1);
}

#[test]
fn a_producer_that_crashes_loses_what_it_had_not_sent() {
    let mut sandbox = with_stream(1);
    let retry = RetryPolicy::Backoff;
    give(&mut sandbox, Command::StartProducer(sim::ProducerSpec { retry, ..producer(1_500) }));
    seconds(&mut sandbox, 3);
    fault(&mut sandbox, FaultKind::Crash, "web");
    let producer = &view(&sandbox).producers[0];
    assert!(!producer.is_running);
    assert_eq!(producer.made, producer.stored + producer.lost + producer.waiting + producer.in_flight);
    assert!(
        count(&sandbox, |fact| matches!(fact, Fact::RecordsLost { reason: LostReason::Crashed, .. })) > 0
    );
    let made = producer.made;
    seconds(&mut sandbox, 10);
    assert_eq!(view(&sandbox).producers[0].made, made, "the dead make nothing");
    give(&mut sandbox, Command::StartProducer(support::producer(10)));
}

#[test]
fn a_producer_that_stands_still_catches_up_afterwards() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(producer(10)));
    seconds(&mut sandbox, 5);
    fault_for(&mut sandbox, FaultKind::Pause, "web", 10);
    let before = view(&sandbox).producers[0].made;
    seconds(&mut sandbox, 9);
    assert_eq!(view(&sandbox).producers[0].made, before);
    seconds(&mut sandbox, 2);
    assert_eq!(state(&sandbox, "web"), ActorState::Running);
    assert!(view(&sandbox).producers[0].made >= before + 100);
}

#[test]
fn a_lost_answer_leaves_its_record_in_the_stream() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(sim::ProducerSpec { call: PutCall::Single, ..producer(1) }));
    let way = Way::Answers;
    let kind = FaultKind::Loss { percent: 100, way };
    give(&mut sandbox, Command::Fault(FaultSpec { kind, target: None, lasts: None }));
    seconds(&mut sandbox, 5);
    let lost = Fact::MessageLost {
        actor: sandbox.world().producers().next().unwrap().0,
        call: CallKind::Kinesis(Operation::PutRecord),
        is_answer: true,
    };
    assert!(count(&sandbox, |fact| *fact == lost) > 0);
    let view = view(&sandbox);
    assert_eq!(view.producers[0].stored, 0, "the producer knows of none");
    assert!(view.streams[0].record_count >= 4, "the stream has them all");
}

#[test]
fn a_lost_call_never_reaches_the_stream_and_the_reader_gives_up_waiting() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::Call(put_record("orders", "a")));
    let reader = ReaderSpec::new("tail", "orders", StartingPosition::TrimHorizon);
    give(&mut sandbox, Command::StartReader(reader));
    let lasts = Some(Duration::from_seconds(20));
    let kind = FaultKind::Loss { percent: 100, way: Way::Calls };
    give(&mut sandbox, Command::Fault(FaultSpec { lasts, ..FaultSpec::new(kind, "tail") }));
    seconds(&mut sandbox, 25);
    let lost = count(&sandbox, |fact| matches!(fact, Fact::MessageLost { is_answer: false, .. }));
    assert_eq!(lost, 1, "it waits for the one call");
    seconds(&mut sandbox, 60);
    assert_eq!(view(&sandbox).readers[0].records, 1, "it tried again");
}

#[test]
fn latency_is_the_callers_alone() {
    let answers = |with_fault: bool| {
        let mut sandbox = with_stream(1);
        give(&mut sandbox, Command::StartProducer(producer(1)));
        give(&mut sandbox, Command::StartProducer(sim::ProducerSpec::new("other", "orders")));
        if with_fault {
            fault(&mut sandbox, FaultKind::Latency { more: Duration::from_seconds(2) }, "web");
        }
        seconds(&mut sandbox, 10);
        let stored = |name: &str| {
            let view = view(&sandbox);
            view.producers.iter().find(|producer| producer.name == name).map(|p| (p.stored, p.in_flight))
        };
        (stored("web"), stored("other"))
    };
    let (usual, slow) = (answers(false), answers(true));
    assert_eq!(usual.1, slow.1, "nobody else's luck changes");
    assert_ne!(usual.0, slow.0);
}

#[test]
fn a_worker_cut_off_from_its_table_loses_its_leases_though_it_still_reads() {
    let mut sandbox = kcl(2);
    let cut = sandbox.now();
    fault_for(&mut sandbox, FaultKind::Partition, "billing/w1", 60);
    seconds(&mut sandbox, 45);
    let lost = count(&sandbox, |fact| matches!(fact, Fact::MessageLost { call: CallKind::LeaseTable, .. }));
    assert!(lost > 0);
    assert!(owner_changes(&sandbox, cut) > 0, "nobody renewed its leases");
    let owners = owners(&sandbox);
    assert!(owners.iter().all(|(_, owner)| owner.as_deref() == Some("w2")), "{owners:?}");
}

#[test]
fn a_clock_ten_minutes_wrong_costs_one_refused_signature() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(producer(5)));
    seconds(&mut sandbox, 5);
    let by = Duration::from_seconds(600);
    fault(&mut sandbox, FaultKind::Clock { by, is_ahead: false }, "web");
    seconds(&mut sandbox, 5);
    assert_eq!(count(&sandbox, |fact| matches!(fact, Fact::SignatureRefused { .. })), 1);
    let stored = view(&sandbox).producers[0].stored;
    assert!(stored >= 48, "the SDK corrected it: {stored}");
    let by = Duration::from_seconds(200);
    give(&mut sandbox, Command::ClearFaults { target: Some("web".into()) });
    fault(&mut sandbox, FaultKind::Clock { by, is_ahead: true }, "web");
    seconds(&mut sandbox, 5);
    assert_eq!(
        count(&sandbox, |fact| matches!(fact, Fact::SignatureRefused { .. })),
        1,
        "AWS tolerates 5 min"
    );
}

#[test]
fn a_shard_throttles_the_next_call_once() {
    let mut sandbox = with_stream(2);
    fault(&mut sandbox, FaultKind::Throttle { shard: Some("shardId-000000000000".into()) }, "orders");
    seconds(&mut sandbox, 30);
    // `a` goes to the first shard, by its MD5.
    let answers: Vec<Option<ErrorCode>> =
        (0..3).map(|_| sandbox.request(put_record("orders", "b")).err().map(|error| error.code())).collect();
    let other: Vec<Option<ErrorCode>> =
        (0..3).map(|_| sandbox.request(put_record("orders", "a")).err().map(|error| error.code())).collect();
    let throttled = Some(ErrorCode::ProvisionedThroughputExceeded);
    let all = [answers, other].concat();
    assert_eq!(all.iter().filter(|answer| **answer == throttled).count(), 1, "{all:?}");
    assert!(view(&sandbox).faults.is_empty());
    let refusal = sandbox
        .world()
        .facts_since(0)
        .find(|stamped| matches!(stamped.fact, Fact::Service(Service::WriteThrottled { .. })));
    assert_eq!(refusal.unwrap().rule, Rule::FaultOn);
    assert_eq!(view(&sandbox).streams[0].shards[0].write_records_max, 1_000);
}

#[test]
fn a_batch_with_a_poison_record_is_skipped_and_the_shard_goes_on() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartApplication(application(1)));
    seconds(&mut sandbox, 30);
    let kind = FaultKind::Poison { program: "billing".into(), key: "bad".into() };
    fault(&mut sandbox, kind, "orders");
    give(&mut sandbox, Command::Call(put_record("orders", "good")));
    seconds(&mut sandbox, 10);
    assert_eq!(count(&sandbox, |fact| matches!(fact, Fact::BatchSkipped { count: 2, .. })), 1);
    give(&mut sandbox, Command::Call(put_record("orders", "later")));
    seconds(&mut sandbox, 10);
    assert_eq!(view(&sandbox).applications[0].records, 1, "only what came after the batch");
    assert!(view(&sandbox).faults.is_empty());
}

#[test]
fn a_slow_sink_lets_a_reader_fall_behind_until_it_is_cured() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(producer(100)));
    let reader = ReaderSpec::new("tail", "orders", StartingPosition::TrimHorizon);
    give(&mut sandbox, Command::StartReader(reader));
    seconds(&mut sandbox, 20);
    assert!(view(&sandbox).readers[0].millis_behind < 2_000);
    fault_for(&mut sandbox, FaultKind::SlowSink { per_record: Duration::from_millis(20) }, "tail", 60);
    seconds(&mut sandbox, 59);
    let (records, made) = (view(&sandbox).readers[0].records, view(&sandbox).producers[0].made);
    assert!(made - records > 2_000, "50 records a second of 100: {records} of {made}");
    seconds(&mut sandbox, 120);
    assert!(view(&sandbox).readers[0].millis_behind < 2_000);
}

#[test]
fn a_slow_worker_renews_too_late() {
    let mut sandbox = kcl(2);
    let from = sandbox.now();
    fault_for(&mut sandbox, FaultKind::Slow { factor: 10_000 }, "billing/w1", 120);
    seconds(&mut sandbox, 110);
    assert!(owner_changes(&sandbox, from) > 0);
}

#[test]
fn what_no_fault_can_be_is_refused_and_changes_nothing() {
    let mut sandbox = kcl(1);
    for (kind, target, words) in [
        (FaultKind::Crash, "nobody", "no running program nobody"),
        (FaultKind::Pause, "billing", "name one of its workers"),
        (FaultKind::Partition, "web", "no lease table"),
        (FaultKind::SlowSink { per_record: Duration::from_millis(1) }, "web", "no sink"),
        (FaultKind::Slow { factor: 1 }, "web", "2 to 10000"),
        (FaultKind::Loss { percent: 101, way: Way::Both }, "web", "1 to 100"),
        (FaultKind::Throttle { shard: None }, "other", "no stream other"),
        (FaultKind::Throttle { shard: Some("shardId-000000000009".into()) }, "orders", "no shard"),
        (
            FaultKind::Poison { program: "x".into(), key: "k".into() },
            "orders",
            "no KCL application or function x",
        ),
        (FaultKind::Clock { by: Duration::ZERO, is_ahead: true }, "web", "up to a year"),
    ] {
        let refusal = refused(&mut sandbox, kind, target);
        assert!(refusal.contains(words), "{refusal}");
    }
    let refusal = sandbox.submit(Command::ClearFaults { target: None }).unwrap_err();
    assert_eq!(refusal.reason(), "no fault is on");
}

#[test]
fn a_fault_is_undone_and_comes_back_from_a_saved_session() {
    let mut sandbox = kcl(2);
    let before = sandbox.digest();
    fault(&mut sandbox, FaultKind::Pause, "billing/w1");
    seconds(&mut sandbox, 30);
    let text = sandbox.save().unwrap();
    let (loaded, notice) = Sandbox::load(&text, ()).unwrap();
    assert_eq!(notice, None);
    assert_eq!(loaded.digest(), sandbox.digest());
    assert_eq!(view(&loaded).faults, view(&sandbox).faults);
    assert!(sandbox.undo());
    assert_eq!(sandbox.digest(), before);
    assert!(view(&sandbox).faults.is_empty());
}

#[test]
fn a_batching_producer_that_stood_still_goes_on_and_makes_up_for_it() {
    let mut sandbox = with_stream(2);
    give(&mut sandbox, Command::StartProducer(ProducerSpec { call: PutCall::Batch, ..producer(20) }));
    seconds(&mut sandbox, 5);
    // Its end lies between two lingers: the producer wakes at an instant at which it would not have looked.
    let lasts = Some(Duration::from_millis(10_037));
    give(&mut sandbox, Command::Fault(FaultSpec { lasts, ..FaultSpec::new(FaultKind::Pause, "web") }));
    seconds(&mut sandbox, 20);
    let web = &view(&sandbox).producers[0];
    assert!((498..=500).contains(&web.made), "{} of 500 in 25 seconds", web.made);
    assert_eq!(web.lost, 0);
}
