//! Stories of KCL applications that study notes and exams tell, each with the source of its numbers.

mod support;

use kinesis::{Duration, LimitsProfile};
use sim::{
    Application, ApplicationSpec, Command, Fact, KclVersion, ProcessorKind, ProducerSpec, PutCall,
    RetrievalMode, Sandbox, SandboxOptions, StartingPosition, TableCapacity, WorkerAction,
};
use support::*;

fn produce(sandbox: &mut Sandbox, rate: u32) {
    give(sandbox, Command::StartProducer(ProducerSpec { call: PutCall::Batch, ..producer(rate) }));
}

fn start(sandbox: &mut Sandbox, spec: ApplicationSpec) {
    give(sandbox, Command::StartApplication(spec));
}

fn app<'s>(sandbox: &'s Sandbox, name: &str) -> &'s Application {
    sandbox.world().applications().get(name).expect("a test starts it")
}

fn billing(sandbox: &Sandbox) -> &Application {
    app(sandbox, "billing")
}

/// Stops the traffic, lets everybody come to the tip, and checks that every stored record was processed.
fn all_is_processed(sandbox: &mut Sandbox, wait: u64) {
    give(sandbox, Command::StopProducer { name: "web".into() });
    seconds(sandbox, wait);
    let stored: u64 = view(sandbox).streams[0].shards.iter().map(|shard| shard.record_count).sum();
    let application = billing(sandbox);
    assert_eq!(application.records - application.again, stored, "every record once, apart from repetitions");
    assert_eq!((application.missed, application.checkpoint_lag()), (0, 0));
    assert_eq!(application.behind(sandbox.world()), Duration::ZERO);
}

/// Time from a crash until the lease has another owner, in milliseconds, for different moments of the crash.
fn fail_overs(limits: LimitsProfile) -> Vec<u64> {
    (0..20)
        .map(|n| {
            let mut sandbox = Sandbox::new(SandboxOptions { seed: n, limits, ..SandboxOptions::default() });
            give(&mut sandbox, create_stream("orders", 2));
            seconds(&mut sandbox, 20);
            start(&mut sandbox, ApplicationSpec { version: Some(KclVersion::Two), ..application(2) });
            sandbox.advance(Duration::from_millis(90_000 + n * 1_003), None);
            let crashed = sandbox.now();
            act(&mut sandbox, "w1", WorkerAction::Crash);
            seconds(&mut sandbox, 60);
            let taken = sandbox.world().facts_since(0).find(|fact| {
                matches!(&fact.fact, Fact::LeaseTaken { from: Some(from), .. } if from == "w1" && fact.at > crashed)
            });
            taken.map_or(0, |fact| fact.at.since(crashed).millis())
        })
        .collect()
}

/// Documented: failoverTimeMillis 10 s, taker period 2 x (failover + 25 ms): 10 s until expiry, up to 20 s until the
/// next run. The ten seconds begin with the last renewal, up to 3.3 s before the crash.
#[test]
fn a_lease_changes_hands_ten_to_thirty_seconds_after_a_crash() {
    let spans = fail_overs(LimitsProfile::Exam);
    assert!(spans.iter().all(|span| (6_600..=30_100).contains(span)), "{spans:?}");
    assert!(spans.iter().any(|span| *span < 14_000) && spans.iter().any(|span| *span > 24_000), "{spans:?}");
}

/// Documented: `DynamoDBLeaseTaker.updateAllLeases` begins to count at the scan that shows a new counter. The scan that
/// takes is the first at which the counter is as old as one taker period of 20.05 s: 20.05 s less up to 3.3 s since the
/// last renewal, to twice 20.05 s less that.
#[test]
fn a_worker_that_looks_only_when_it_scans_needs_seventeen_to_thirty_seven_seconds() {
    let spans = fail_overs(LimitsProfile::AwsToday);
    assert!(spans.iter().all(|span| (16_700..=40_200).contains(span)), "{spans:?}");
    assert!(spans.iter().any(|span| *span < 24_000) && spans.iter().any(|span| *span > 31_000), "{spans:?}");
}

/// Documented: "one worker per lease of an application, a worker may hold many" (Developer Guide, "KCL concepts"): with
/// more workers than shards some are idle, and another application has leases of its own.
#[test]
fn one_worker_per_lease_and_application_and_many_leases_for_one_worker() {
    let mut sandbox = with_stream(3);
    produce(&mut sandbox, 30);
    start(&mut sandbox, application(4));
    start(&mut sandbox, ApplicationSpec::new("fraud", "orders"));
    seconds(&mut sandbox, 120);
    let (billing, fraud) = (billing(&sandbox), app(&sandbox, "fraud"));
    assert_eq!(billing.idle_workers(sandbox.world()), 1, "four workers, three shards");
    let each: Vec<u64> = ["w1", "w2", "w3", "w4"].iter().map(|worker| billing.leases_of(worker)).collect();
    assert!(each.iter().all(|leases| *leases <= 1), "{each:?}");
    assert_eq!(fraud.leases_of("w1"), 3, "the other application has leases of its own");
    assert!(billing.records > 3_000 && fraud.records > 3_000, "both read everything");
}

/// With checkpoints every 60 s, up to 60 s of work is done twice; it is counted to the record.
#[test]
fn after_a_crash_exactly_what_was_not_checkpointed_comes_again() {
    let mut sandbox = with_stream(1);
    let spec = ApplicationSpec { checkpoint_interval: Duration::from_seconds(60), ..application(1) };
    start(&mut sandbox, spec);
    seconds(&mut sandbox, 10);
    produce(&mut sandbox, 50);
    seconds(&mut sandbox, 140);
    let lag = billing(&sandbox).checkpoint_lag();
    assert!(lag > 500, "{lag}");
    act(&mut sandbox, "w1", WorkerAction::Crash);
    give(&mut sandbox, Command::AddWorker { application: "billing".into() });
    seconds(&mut sandbox, 60);
    let application = billing(&sandbox);
    assert_eq!((application.again_since_crash(), application.crashes), (lag, 1));
    assert_eq!(application.processed_twice, lag);
    let gap = application.gap(sandbox.now()).millis();
    assert!((6_600..=30_500).contains(&gap), "{gap}");
    seconds(&mut sandbox, 60);
    all_is_processed(&mut sandbox, 70);
}

/// Documented: what comes twice must be known again by the application (Developer Guide, "Handle duplicate records").
#[test]
fn an_idempotent_processor_has_no_effect_twice() {
    let mut sandbox = with_stream(1);
    produce(&mut sandbox, 50);
    start(&mut sandbox, ApplicationSpec { processor: ProcessorKind::Idempotent, ..application(2) });
    seconds(&mut sandbox, 65);
    for worker in ["w1", "w2"] {
        act(&mut sandbox, worker, WorkerAction::Crash);
        seconds(&mut sandbox, 60);
        act(&mut sandbox, worker, WorkerAction::Restart);
        seconds(&mut sandbox, 30);
    }
    let application = billing(&sandbox);
    assert!(application.again > 0);
    assert_eq!(application.processed_twice, 0);
    all_is_processed(&mut sandbox, 60);
}

/// Documented: the renewer leaves out leases that it could not renew in time; a processor that has begun a batch works
/// it off, and its checkpoint is refused with ShutdownException.
#[test]
fn a_zombie_works_off_its_batch_and_may_not_checkpoint() {
    let mut sandbox = with_stream(1);
    produce(&mut sandbox, 100);
    seconds(&mut sandbox, 100);
    // 10,000 records wait: a batch of 50 s for this processor.
    start(&mut sandbox, ApplicationSpec { processing_rate: 200, ..application(1) });
    seconds(&mut sandbox, 10);
    act(&mut sandbox, "w1", WorkerAction::Pause);
    let before = billing(&sandbox).records;
    assert!((1_800..=2_000).contains(&before), "what it had done is counted to the record: {before}");
    give(&mut sandbox, Command::AddWorker { application: "billing".into() });
    seconds(&mut sandbox, 40);
    assert_eq!(billing(&sandbox).leases_of("w2"), 1, "its lease has expired");
    act(&mut sandbox, "w1", WorkerAction::Resume);
    seconds(&mut sandbox, 2);
    let worker = &view(&sandbox).applications[0].workers[0];
    assert_eq!((worker.believes.len(), worker.ghosts.clone()), (0, vec![0]), "it still works");
    let again = billing(&sandbox).again;
    seconds(&mut sandbox, 50);
    assert!(billing(&sandbox).again > again + 5_000, "two workers did the same");
    assert_eq!(count(&sandbox, |fact| matches!(fact, Fact::CheckpointRefused { .. })), 1);
    seconds(&mut sandbox, 120);
    all_is_processed(&mut sandbox, 60);
}

/// Documented: a position is used for shards without a lease only (issues 327 and 552 of the library).
#[test]
fn another_initial_position_does_nothing_where_there_is_a_checkpoint() {
    let mut sandbox = with_stream(1);
    produce(&mut sandbox, 20);
    start(&mut sandbox, application(1));
    seconds(&mut sandbox, 60);
    let change = sim::ApplicationChange {
        name: "billing".into(),
        from: Some(StartingPosition::TrimHorizon),
        ..Default::default()
    };
    give(&mut sandbox, Command::ChangeApplication(change));
    act(&mut sandbox, "w1", WorkerAction::Stop);
    seconds(&mut sandbox, 5);
    act(&mut sandbox, "w1", WorkerAction::Restart);
    seconds(&mut sandbox, 60);
    assert_eq!(billing(&sandbox).again, 0);
    // Replay after a bug: another application, from the time of the bug.
    let from = StartingPosition::AtTimestamp(sandbox.now().back(Duration::from_seconds(60)));
    start(&mut sandbox, ApplicationSpec { from, ..ApplicationSpec::new("replay", "orders") });
    seconds(&mut sandbox, 10);
    let replayed = app(&sandbox, "replay").records;
    assert!((1_150..=1_450).contains(&replayed), "the minute and the ten seconds since: {replayed}");
    assert_eq!((billing(&sandbox).again, billing(&sandbox).missed), (0, 0), "production goes on undisturbed");
}

/// Documented: the table is named after the application, so each needs a name of its own (Developer Guide, "Lease table").
#[test]
fn two_starts_under_one_name_share_the_leases_and_another_stream_is_refused() {
    let mut sandbox = with_stream(2);
    give(&mut sandbox, create_stream("clicks", 1));
    seconds(&mut sandbox, 20);
    produce(&mut sandbox, 50);
    start(&mut sandbox, application(1));
    seconds(&mut sandbox, 30);
    start(&mut sandbox, application(1));
    seconds(&mut sandbox, 60);
    let shared = billing(&sandbox);
    assert_eq!(
        (shared.leases_of("w1"), shared.leases_of("w2")),
        (1, 1),
        "each sees half of the records only"
    );
    let refusal = sandbox.submit(Command::StartApplication(ApplicationSpec::new("billing", "clicks")));
    assert!(refusal.unwrap_err().to_string().contains("another name"));
}

/// Documented: renewals 8 leases / 3.3 s = 2.4 writes a second; a table with less lets leases expire and bounce.
#[test]
fn a_lease_table_without_capacity_lets_leases_bounce() {
    let mut sandbox = with_stream(8);
    produce(&mut sandbox, 50);
    start(&mut sandbox, application(2));
    seconds(&mut sandbox, 120);
    let writes = billing(&sandbox).table.in_the_last(60, sandbox.now()).writes;
    assert!((168..=212).contains(&writes), "2.4 renewals and 0.8 checkpoints a second: {writes}");
    let before = billing(&sandbox).again;
    let capacity = TableCapacity::Provisioned { read: 10, write: 1 };
    give(&mut sandbox, Command::SetTableCapacity { application: "billing".into(), capacity });
    seconds(&mut sandbox, 300);
    assert!(billing(&sandbox).table.in_the_last(60, sandbox.now()).throttled > 10);
    assert!(billing(&sandbox).again > before + 50, "what could not be renewed in time changed hands");
    assert!(billing(&sandbox).behind(sandbox.world()) > Duration::from_seconds(60), "and records wait");
    let capacity = TableCapacity::OnDemand;
    give(&mut sandbox, Command::SetTableCapacity { application: "billing".into(), capacity });
    seconds(&mut sandbox, 60);
    all_is_processed(&mut sandbox, 60);
}

/// Documented: the auditor runs every 120 s and acts after three findings in a row.
#[test]
fn a_lease_that_was_deleted_by_hand_comes_back_after_three_findings() {
    let mut sandbox = with_stream(2);
    produce(&mut sandbox, 50);
    start(&mut sandbox, ApplicationSpec { from: StartingPosition::Latest, ..application(1) });
    seconds(&mut sandbox, 60);
    let lease = "shardId-000000000000".to_owned();
    give(&mut sandbox, Command::DeleteLease { application: "billing".into(), lease: lease.clone() });
    seconds(&mut sandbox, 120);
    assert!(billing(&sandbox).table.lease(&lease).is_none());
    seconds(&mut sandbox, 300);
    assert!(billing(&sandbox).table.lease(&lease).is_some());
    let application = billing(&sandbox);
    assert!(application.missed > 1_000, "it begins at LATEST: minutes of records are never processed");
    assert_eq!(application.table.deleted_by_hand(), 1);
}

/// Documented: the library fails with `InvalidStateException` where its table is gone, and makes one when it starts only.
#[test]
fn without_its_table_an_application_runs_and_does_nothing() {
    let mut sandbox = with_stream(2);
    produce(&mut sandbox, 50);
    start(&mut sandbox, application(1));
    seconds(&mut sandbox, 60);
    give(&mut sandbox, Command::DeleteLeaseTable { application: "billing".into() });
    seconds(&mut sandbox, 20);
    let before = billing(&sandbox).records;
    seconds(&mut sandbox, 60);
    assert_eq!(billing(&sandbox).records, before);
    assert_eq!(billing(&sandbox).running_workers(sandbox.world()), 1);
    act(&mut sandbox, "w1", WorkerAction::Crash);
    act(&mut sandbox, "w1", WorkerAction::Restart);
    seconds(&mut sandbox, 60);
    assert!(billing(&sandbox).again > 2_000, "a new table begins at the initial position");
}

/// Documented: `KinesisDataFetcher` takes a shard that is not found for read to its end; its lease says SHARD_END and is
/// deleted with those of other finished shards, every five minutes.
#[test]
fn an_application_whose_stream_is_deleted_ends_its_shards_and_waits() {
    for version in KclVersion::ALL {
        let mut sandbox = with_stream(2);
        produce(&mut sandbox, 50);
        start(&mut sandbox, ApplicationSpec { version: Some(version), ..application(1) });
        seconds(&mut sandbox, 90);
        let delete = kinesis::DeleteStreamInput { stream_name: Some("orders".into()), ..Default::default() };
        give(&mut sandbox, Command::Call(delete.into()));
        seconds(&mut sandbox, 90);
        let application = billing(&sandbox);
        let before = application.records;
        assert!(application.table.leases().all(sim::Lease::is_done), "{version:?}");
        seconds(&mut sandbox, 400);
        let application = billing(&sandbox);
        assert_eq!((application.records, application.missed), (before, 0), "{version:?}");
        assert_eq!(application.running_workers(sandbox.world()), 1, "{version:?}");
        assert_eq!(application.table.leases().len(), 0, "{version:?}");
    }
}

/// Documented: 2 MiB a second and shard for those who poll together; fan-out gives each consumer its own.
#[test]
fn a_kcl_application_by_fan_out_is_a_consumer_of_its_own_name() {
    let mut sandbox = with_stream(1);
    produce(&mut sandbox, 50);
    start(&mut sandbox, ApplicationSpec { retrieval: RetrievalMode::FanOut, ..application(2) });
    seconds(&mut sandbox, 400);
    let names: Vec<String> = sandbox
        .world()
        .service()
        .stream("orders")
        .map(|stream| stream.consumers.iter().map(|(name, _)| name.clone()).collect())
        .unwrap_or_default();
    assert_eq!(names, ["billing"]);
    let view = view(&sandbox);
    assert_eq!(view.streams[0].shards[0].total.read_records, 0, "nothing is polled");
    assert!(view.streams[0].shards[0].total.pushed_records > 10_000);
    act(&mut sandbox, "w1", WorkerAction::Crash);
    seconds(&mut sandbox, 60);
    give(&mut sandbox, split_in_the_middle("orders"));
    seconds(&mut sandbox, 120);
    all_is_processed(&mut sandbox, 60);
}

#[test]
fn a_slow_processor_by_fan_out_loses_nothing() {
    let mut sandbox = with_stream(1);
    produce(&mut sandbox, 100);
    let spec = ApplicationSpec { retrieval: RetrievalMode::FanOut, processing_rate: 60, ..application(1) };
    start(&mut sandbox, spec);
    seconds(&mut sandbox, 300);
    assert!(billing(&sandbox).behind(sandbox.world()) > Duration::from_seconds(60));
    all_is_processed(&mut sandbox, 400);
    assert_eq!(billing(&sandbox).again, 0);
}

#[test]
fn kcl_1_polls_only_and_has_ten_units_of_each() {
    let mut sandbox = with_stream(1);
    let one = ApplicationSpec { version: Some(sim::KclVersion::One), ..application(1) };
    let spec = ApplicationSpec { retrieval: RetrievalMode::FanOut, ..one.clone() };
    assert!(sandbox.submit(Command::StartApplication(spec)).is_err());
    start(&mut sandbox, one);
    seconds(&mut sandbox, 5);
    let capacity = billing(&sandbox).table.capacity();
    assert_eq!(capacity, TableCapacity::Provisioned { read: 10, write: 10 });
}

/// Documented: curriculum of the exams, "a child starts when its parents reach their end".
#[test]
fn children_wait_for_a_parent_whose_processor_is_slow() {
    let mut sandbox = with_stream(1);
    produce(&mut sandbox, 100);
    start(&mut sandbox, ApplicationSpec { processing_rate: 50, ..application(1) });
    seconds(&mut sandbox, 60);
    give(&mut sandbox, split_in_the_middle("orders"));
    seconds(&mut sandbox, 60);
    assert!(!billing(&sandbox).parents_done(sandbox.world()));
    let change =
        sim::ApplicationChange { name: "billing".into(), processing_rate: Some(0), ..Default::default() };
    give(&mut sandbox, Command::ChangeApplication(change));
    seconds(&mut sandbox, 120);
    assert!(billing(&sandbox).parents_done(sandbox.world()));
    all_is_processed(&mut sandbox, 60);
    assert_eq!(billing(&sandbox).again, 0);
}

#[test]
fn settings_outside_their_ranges_are_refused_and_change_nothing() {
    let mut sandbox = with_stream(1);
    let good = application(1);
    for spec in [
        ApplicationSpec { max_records: 10_001, ..good.clone() },
        ApplicationSpec { idle_between_reads: Duration::from_millis(199), ..good.clone() },
        ApplicationSpec { max_leases_to_steal: 0, ..good.clone() },
        ApplicationSpec { max_leases_for_worker: Some(0), ..good.clone() },
        ApplicationSpec { failover: Duration::from_millis(999), ..good.clone() },
        ApplicationSpec { processing_rate: 2_000_000, ..good.clone() },
    ] {
        assert!(sandbox.submit(Command::StartApplication(spec.clone())).is_err(), "{spec:?}");
    }
    assert_eq!(sandbox.world().applications().iter().count(), 0);
}
