//! KCL 3: a leader assigns leases by load, and who loses one hands it over.
//!
//! Documented: the figures are those of the library's source: the leader runs every twice `failoverTimeMillis` (20 s),
//! workers look for their leases every half of that less 25 ms, tell of their load after 2 s and then every 30 s, and the
//! leader's lock lasts 120 s with a heartbeat every 30 s.

#![allow(clippy::wildcard_enum_match_arm)] // Tests pick the facts that they are about.

mod support;

use kinesis::{Duration, Instant, LimitsProfile};
use sim::{
    Application, ApplicationChange, ApplicationSpec, Balancing, Command, Fact, FaultKind, FaultSpec,
    KclTable, KclVersion, KeyRecipe, ProducerSpec, PutCall, RetrievalMode, Sandbox, SandboxOptions,
    WorkerAction,
};
use support::*;

fn billing(sandbox: &Sandbox) -> &Application {
    sandbox.world().applications().get("billing").expect("a test starts it")
}

fn spec(workers: u32) -> ApplicationSpec {
    ApplicationSpec { version: Some(KclVersion::Three), ..application(workers) }
}

fn balanced(workers: u32, balancing: Balancing) -> ApplicationSpec {
    ApplicationSpec { balancing, ..spec(workers) }
}

fn produce(sandbox: &mut Sandbox, rate: u32) {
    give(sandbox, Command::StartProducer(ProducerSpec { call: PutCall::Batch, ..producer(rate) }));
}

fn start(sandbox: &mut Sandbox, spec: ApplicationSpec) {
    give(sandbox, Command::StartApplication(spec));
}

fn add_worker(sandbox: &mut Sandbox) {
    give(sandbox, Command::AddWorker { application: "billing".into() });
}

fn host(sandbox: &mut Sandbox, worker: &str, other_load: u32) {
    give(
        sandbox,
        Command::SetWorkerHost {
            application: "billing".into(),
            worker: worker.into(),
            vcpus: None,
            other_load: Some(other_load),
        },
    );
}

/// Runs second by second and returns the facts that are wanted: those of a busy world are soon forgotten.
fn watch<T>(sandbox: &mut Sandbox, span: u64, pick: impl Fn(&Fact) -> Option<T>) -> Vec<(Instant, T)> {
    let mut found = Vec::new();
    for _ in 0..span {
        let from = sandbox.world().fact_count();
        seconds(sandbox, 1);
        let facts = sandbox.world().facts_since(from);
        found.extend(facts.filter_map(|fact| Some((fact.at, pick(&fact.fact)?))));
    }
    found
}

fn leases(sandbox: &Sandbox) -> [u64; 2] {
    ["w1", "w2"].map(|worker| billing(sandbox).leases_of(worker))
}

/// Stops the traffic, lets everybody come to the tip, and checks that every stored record was processed.
fn all_is_processed(sandbox: &mut Sandbox) {
    give(sandbox, Command::StopProducer { name: "web".into() });
    seconds(sandbox, 120);
    let stored: u64 = view(sandbox).streams[0].shards.iter().map(|shard| shard.record_count).sum();
    let application = billing(sandbox);
    assert_eq!(application.records - application.again, stored, "every record once, apart from repetitions");
    assert_eq!((application.missed, application.checkpoint_lag()), (0, 0));
}

// Beginning -----------------------------------------------------------------------------------------------------------

#[test]
fn the_first_worker_makes_three_tables_and_an_index_and_becomes_leader() {
    let mut sandbox = with_stream(2);
    start(&mut sandbox, spec(1));
    seconds(&mut sandbox, 3);
    let application = billing(&sandbox);
    assert!(KclTable::ALL.iter().all(|table| application.has_table(*table)));
    assert!(application.table.has_index());
    assert_eq!(application.leader(), Some("w1"));
    assert_eq!(application.coordinator_state.migration().map(|it| it.modified_by.as_str()), Some("w1"));
    assert_eq!(application.worker_metrics.items().len(), 1, "it tells of its load after two seconds");
    assert_eq!(application.table.leases().len(), 2);
    assert_eq!(application.leases_of("w1"), 0, "the leader's first run knew of no worker");
}

/// The first run finds an empty worker-metrics table; the second is 20 s later, and a look into the index up to 10 s
/// after that.
#[test]
fn a_new_application_reads_after_twenty_to_thirty_seconds() {
    let mut sandbox = with_stream(2);
    start(&mut sandbox, spec(1));
    let began = sandbox.now();
    let taken = watch(&mut sandbox, 40, |fact| matches!(fact, Fact::LeaseTaken { .. }).then_some(()));
    let after = taken[0].0.since(began).millis();
    assert!((20_000..=30_500).contains(&after), "{after}");
    // With a shorter leaseAssignmentIntervalMillis it is soon after the first report.
    let mut sandbox = with_stream(2);
    let quick =
        Balancing { lease_assignment_interval: Some(Duration::from_seconds(1)), ..Balancing::default() };
    start(&mut sandbox, balanced(1, quick));
    seconds(&mut sandbox, 5);
    assert_eq!(leases(&sandbox), [2, 0]);
}

/// KCL 3 is the version of today; exams and study notes know KCL 2 (`LimitsProfile`).
#[test]
fn without_a_version_the_profile_says_which() {
    for (limits, version, idle) in [
        (LimitsProfile::Exam, KclVersion::Two, 1_000),
        (LimitsProfile::StudyNotes, KclVersion::Two, 1_000),
        (LimitsProfile::AwsToday, KclVersion::Three, 1_500),
    ] {
        let mut sandbox = Sandbox::new(SandboxOptions { limits, ..SandboxOptions::default() });
        give(&mut sandbox, create_stream("orders", 1));
        start(&mut sandbox, application(1));
        let application = billing(&sandbox);
        assert_eq!((application.version, application.spec.idle_between_reads.millis()), (version, idle));
    }
}

#[test]
fn leases_that_nobody_has_read_yet_are_shared_out_evenly() {
    let mut sandbox = with_stream(4);
    start(&mut sandbox, spec(2));
    seconds(&mut sandbox, 60);
    assert_eq!(leases(&sandbox), [2, 2]);
}

// Load ----------------------------------------------------------------------------------------------------------------

/// Four shards, of which one gets seven records in ten.
fn with_hot_shard(spec: ApplicationSpec) -> Sandbox {
    let mut sandbox = with_stream(4);
    let keys = KeyRecipe::Hot { percent: 70, key: "hot".into() };
    give(&mut sandbox, Command::StartProducer(ProducerSpec { call: PutCall::Batch, keys, ..producer(400) }));
    start(&mut sandbox, spec);
    sandbox
}

fn cpus(sandbox: &Sandbox) -> [u64; 2] {
    let workers = &view(sandbox).applications[0].workers;
    [0, 1].map(|it: usize| workers[it].load.as_ref().and_then(|load| load.cpu_hundredths).unwrap_or(0))
}

/// Documented: KCL 2 evens the number of leases out, KCL 3 the CPU of the workers (Developer Guide, "Load balancing").
#[test]
fn kcl_2_shares_leases_by_number_and_kcl_3_by_load() {
    let mut by_number = with_hot_shard(application(2));
    seconds(&mut by_number, 400);
    assert_eq!(leases(&by_number), [2, 2]);
    let mut by_load = with_hot_shard(spec(2));
    seconds(&mut by_load, 400);
    let mut counts = leases(&by_load);
    counts.sort_unstable();
    assert_eq!(counts, [1, 3], "one worker has the hot shard and no other");
    seconds(&mut by_load, 400);
    let mut later = leases(&by_load);
    later.sort_unstable();
    assert_eq!(later, counts, "and there it stays");
}

#[test]
fn a_worker_whose_host_becomes_busy_gives_leases_away() {
    let mut sandbox = with_stream(4);
    produce(&mut sandbox, 400);
    start(&mut sandbox, spec(2));
    seconds(&mut sandbox, 120);
    assert_eq!(leases(&sandbox), [2, 2]);
    host(&mut sandbox, "w1", 60);
    seconds(&mut sandbox, 300);
    assert!(leases(&sandbox)[0] < 2, "{:?} {:?}", leases(&sandbox), cpus(&sandbox));
}

/// Documented: what KCL 3 balances is CPU; where nothing differs by more than `reBalanceThresholdPercentage` from the
/// average, a worker that is added stays idle.
#[test]
fn where_there_is_hardly_any_load_a_new_worker_stays_idle() {
    let mut sandbox = with_stream(4);
    start(&mut sandbox, spec(1));
    seconds(&mut sandbox, 60);
    add_worker(&mut sandbox);
    seconds(&mut sandbox, 300);
    let [one, two] = cpus(&sandbox);
    assert!(one > two && one < two + two / 5, "{one} {two}");
    assert_eq!(leases(&sandbox), [4, 0]);
}

#[test]
fn without_worker_metrics_the_leader_goes_by_throughput() {
    let mut sandbox = with_stream(4);
    produce(&mut sandbox, 400);
    let balancing = Balancing { disables_worker_metrics: true, ..Balancing::default() };
    start(&mut sandbox, balanced(1, balancing));
    seconds(&mut sandbox, 100);
    // Its CPU would draw everything away from it.
    host(&mut sandbox, "w1", 100);
    add_worker(&mut sandbox);
    seconds(&mut sandbox, 300);
    assert_eq!(leases(&sandbox), [2, 2]);
    assert_eq!(billing(&sandbox).worker_metrics.item("w1").and_then(|item| item.cpu.clone()), None);
}

#[test]
fn no_worker_is_given_more_leases_than_it_may_have() {
    let mut sandbox = with_stream(4);
    start(&mut sandbox, ApplicationSpec { max_leases_for_worker: Some(1), ..spec(2) });
    seconds(&mut sandbox, 100);
    assert_eq!(leases(&sandbox), [1, 1], "two leases wait");
}

/// Documented: `lut` is the worker's own clock, and the leader leaves out who is older than two reports by its own.
#[test]
fn a_worker_whose_clock_is_minutes_behind_is_given_nothing() {
    let mut sandbox = with_stream(4);
    start(&mut sandbox, spec(1));
    seconds(&mut sandbox, 3);
    add_worker(&mut sandbox);
    let kind = FaultKind::Clock { by: Duration::from_seconds(240), is_ahead: false };
    give(&mut sandbox, Command::Fault(FaultSpec { lasts: None, ..FaultSpec::new(kind, "billing/w2") }));
    seconds(&mut sandbox, 60);
    assert_eq!(leases(&sandbox), [4, 0]);
}

// Handing over --------------------------------------------------------------------------------------------------------

/// One worker reads four shards, then a second is added; returns the application's repetitions and the longest time from
/// a lease's new assignment to its new owner's first look, in milliseconds.
fn rebalance(version: KclVersion, balancing: Balancing, retrieval: RetrievalMode) -> Sandbox {
    let mut sandbox = with_stream(4);
    produce(&mut sandbox, 400);
    start(&mut sandbox, ApplicationSpec { version: Some(version), balancing, retrieval, ..application(1) });
    seconds(&mut sandbox, 103);
    add_worker(&mut sandbox);
    seconds(&mut sandbox, 300);
    assert_eq!(leases(&sandbox), [2, 2]);
    sandbox
}

/// Documented: KCL 2 takes a lease away, and its new owner begins at the last checkpoint; KCL 3 writes a checkpoint first
/// (Developer Guide, "Graceful lease handoff").
#[test]
fn a_stolen_lease_is_processed_again_from_its_checkpoint_and_a_handed_over_one_is_not() {
    for retrieval in [RetrievalMode::Polling, RetrievalMode::FanOut] {
        let mut stolen = rebalance(KclVersion::Two, Balancing::default(), retrieval);
        assert!(billing(&stolen).again > 100, "{}", billing(&stolen).again);
        all_is_processed(&mut stolen);
        let mut handed = rebalance(KclVersion::Three, Balancing::default(), retrieval);
        assert_eq!(billing(&handed).again, 0);
        assert_eq!((billing(&handed).hand_overs, billing(&handed).forced_hand_overs), (2, 0));
        all_is_processed(&mut handed);
    }
}

#[test]
fn without_graceful_hand_off_kcl_3_takes_leases_away_like_kcl_2() {
    let abrupt = Balancing { hands_off_gracefully: false, ..Balancing::default() };
    let mut sandbox = rebalance(KclVersion::Three, abrupt, RetrievalMode::Polling);
    assert!(billing(&sandbox).again > 100, "{}", billing(&sandbox).again);
    assert_eq!(billing(&sandbox).hand_overs, 0);
    all_is_processed(&mut sandbox);
}

/// The leader asks; the owner learns of it when it renews (3.3 s), ends its batch and checkpoints; the next owner looks
/// every 10 s.
#[test]
fn while_a_lease_is_handed_over_its_old_owner_is_its_checkpoint_owner() {
    let mut sandbox = with_stream(4);
    produce(&mut sandbox, 400);
    start(&mut sandbox, spec(1));
    seconds(&mut sandbox, 103);
    add_worker(&mut sandbox);
    let mut under_way = None;
    for _ in 0..1_200 {
        sandbox.advance(Duration::from_millis(100), None);
        under_way = billing(&sandbox).table.leases().find(|lease| lease.checkpoint_owner.is_some()).cloned();
        if under_way.is_some() {
            break;
        }
    }
    let lease = under_way.expect("the leader moves load");
    assert_eq!((lease.lease_owner.as_deref(), lease.actual_owner()), (Some("w2"), Some("w1")));
    let began = sandbox.now();
    let steps = watch(&mut sandbox, 30, |fact| match fact {
        Fact::LeaseHandedOver { is_forced, .. } => Some(format!("over {is_forced}")),
        Fact::LeaseTaken { .. } => Some("taken".to_owned()),
        _ => None,
    });
    let [(over, first), (taken, second)] = &steps[..] else { panic!("{steps:?}") };
    assert_eq!((first.as_str(), second.as_str()), ("over false", "taken"));
    assert!(over.since(began).millis() <= 3_500, "{:?}", over.since(began));
    assert!(taken.since(*over).millis() <= 10_100, "{:?}", taken.since(*over));
    let later = billing(&sandbox).table.lease(&lease.lease_key).cloned().expect("it is still there");
    assert_eq!((later.checkpoint_owner, later.lease_owner.as_deref()), (None, Some("w2")));
}

/// Documented: `gracefulLeaseHandoffTimeoutMillis` is the least time that a record processor gets for its batch.
#[test]
fn a_batch_that_takes_longer_than_the_time_out_is_processed_again_by_the_next_owner() {
    let mut sandbox = with_stream(2);
    produce(&mut sandbox, 200);
    seconds(&mut sandbox, 60);
    // 6,000 records of each shard wait, and 50 are done in a second: a batch takes two minutes.
    let balancing = Balancing { hand_off_timeout: Duration::from_seconds(5), ..Balancing::default() };
    start(&mut sandbox, ApplicationSpec { processing_rate: 50, ..balanced(1, balancing) });
    seconds(&mut sandbox, 50);
    host(&mut sandbox, "w1", 80);
    add_worker(&mut sandbox);
    let over = watch(&mut sandbox, 200, |fact| match fact {
        Fact::LeaseHandedOver { is_forced, .. } => Some(*is_forced),
        _ => None,
    });
    seconds(&mut sandbox, 200);
    assert!(over.iter().any(|(_, is_forced)| *is_forced), "{over:?}");
    assert!(billing(&sandbox).again > 0);
    let change = ApplicationChange { name: "billing".into(), processing_rate: Some(0), ..Default::default() };
    give(&mut sandbox, Command::ChangeApplication(change));
    seconds(&mut sandbox, 120);
    all_is_processed(&mut sandbox);
}

#[test]
fn who_dies_while_it_hands_a_lease_over_leaves_it_to_the_leader() {
    let mut sandbox = with_stream(4);
    produce(&mut sandbox, 400);
    start(&mut sandbox, spec(2));
    seconds(&mut sandbox, 90);
    host(&mut sandbox, "w2", 90);
    let is_under_way = |sandbox: &Sandbox| {
        billing(sandbox).table.leases().any(|lease| lease.checkpoint_owner.as_deref() == Some("w2"))
    };
    for _ in 0..2_000 {
        sandbox.advance(Duration::from_millis(50), None);
        if is_under_way(&sandbox) {
            break;
        }
    }
    assert!(is_under_way(&sandbox));
    act(&mut sandbox, "w2", WorkerAction::Crash);
    seconds(&mut sandbox, 120);
    assert_eq!(leases(&sandbox), [4, 0]);
    assert!(billing(&sandbox).table.leases().all(|lease| lease.checkpoint_owner.is_none()));
    all_is_processed(&mut sandbox);
}

// The leader ----------------------------------------------------------------------------------------------------------

fn leader(sandbox: &Sandbox) -> String {
    billing(sandbox).leader().expect("somebody leads").to_owned()
}

fn other(worker: &str) -> &'static str {
    if worker == "w1" { "w2" } else { "w1" }
}

/// Seconds from the crash of the leader, or of the other worker, to the first lease that is taken up again, for different
/// moments of the crash.
fn fail_overs(of_leader: bool) -> Vec<u64> {
    (0..12)
        .map(|n| {
            let mut sandbox = Sandbox::new(SandboxOptions { seed: n, ..SandboxOptions::default() });
            give(&mut sandbox, create_stream("orders", 2));
            seconds(&mut sandbox, 20);
            start(&mut sandbox, spec(2));
            seconds(&mut sandbox, 100);
            sandbox.advance(Duration::from_millis(40_000 + n * 4_007), None);
            let crashed = sandbox.now();
            let leader = leader(&sandbox);
            let victim = if of_leader { leader.as_str() } else { other(&leader) };
            act(&mut sandbox, victim, WorkerAction::Crash);
            let taken =
                watch(&mut sandbox, 300, |fact| matches!(fact, Fact::LeaseTaken { .. }).then_some(()));
            taken.first().map_or(0, |(at, ())| at.since(crashed).seconds())
        })
        .collect()
}

/// Ten seconds from the last renewal (3.3 s ago at most) until expiry, up to 20 s until the leader's next run, up to 10 s
/// until the other worker looks. As long as the dead worker's item is not a minute old it may still be the one with the
/// most room, and keeps its lease: up to 60 s more.
#[test]
fn a_lease_of_a_dead_worker_is_read_again_after_seven_to_a_hundred_seconds() {
    let spans = fail_overs(false);
    assert!(spans.iter().all(|span| (6..=100).contains(span)), "{spans:?}");
    assert!(spans.iter().any(|span| *span > 40), "the dead one counts for a while: {spans:?}");
}

/// Nobody assigns leases until the lock has been seen with the same version for 120 s, at looks 40 s apart. It got that
/// version up to 30 s before the crash: 90 to 200 s, then up to 20 s until expired leases are assigned and 10 s until they
/// are found.
#[test]
fn a_dead_leader_is_followed_after_one_and_a_half_to_four_minutes() {
    let spans = fail_overs(true);
    assert!(spans.iter().all(|span| (90..=230).contains(span)), "{spans:?}");
}

#[test]
fn a_leader_that_stops_in_good_order_gives_the_lock_up() {
    let mut sandbox = with_stream(2);
    produce(&mut sandbox, 50);
    start(&mut sandbox, spec(2));
    seconds(&mut sandbox, 100);
    let leader = leader(&sandbox);
    act(&mut sandbox, &leader, WorkerAction::Stop);
    seconds(&mut sandbox, 1);
    assert_eq!(billing(&sandbox).leader(), None);
    seconds(&mut sandbox, 80);
    assert_eq!(billing(&sandbox).leader(), Some(other(&leader)), "a look at the lock every 40 s");
    assert_eq!(billing(&sandbox).leases_of(other(&leader)), 2);
    assert_eq!(billing(&sandbox).again, 0);
}

#[test]
fn a_leader_that_stood_still_learns_that_another_leads() {
    let mut sandbox = with_stream(2);
    start(&mut sandbox, spec(2));
    seconds(&mut sandbox, 60);
    let leader = leader(&sandbox);
    act(&mut sandbox, &leader, WorkerAction::Pause);
    seconds(&mut sandbox, 240);
    assert_eq!(billing(&sandbox).leader(), Some(other(&leader)));
    act(&mut sandbox, &leader, WorkerAction::Resume);
    // It learns of it by its heartbeat, or by its clock.
    seconds(&mut sandbox, 5);
    let workers = billing(&sandbox).workers.iter().filter_map(|id| sandbox.world().worker(*id));
    let leaders: Vec<&str> =
        workers.filter(|(_, worker)| worker.is_leader()).map(|(_, worker)| worker.name.as_str()).collect();
    assert_eq!(leaders, [other(&leader)]);
}

/// Documented: `DEFAULT_FAILURE_COUNT_TO_SWITCH_LEADER`.
#[test]
fn a_leader_that_cannot_reach_the_tables_gives_up_after_three_runs() {
    let mut sandbox = with_stream(2);
    start(&mut sandbox, spec(2));
    seconds(&mut sandbox, 60);
    give(&mut sandbox, Command::DeleteLeaseTable { application: "billing".into() });
    let lost = watch(&mut sandbox, 80, |fact| matches!(fact, Fact::LeadershipLost { .. }).then_some(()));
    assert_eq!(lost.len(), 1);
}

// The rest ------------------------------------------------------------------------------------------------------------

#[test]
fn a_split_under_a_running_application_loses_and_doubles_nothing() {
    let mut sandbox = with_stream(1);
    produce(&mut sandbox, 50);
    start(&mut sandbox, spec(2));
    seconds(&mut sandbox, 60);
    give(&mut sandbox, split_in_the_middle("orders"));
    seconds(&mut sandbox, 500);
    let application = billing(&sandbox);
    assert_eq!((application.again, application.missed), (0, 0));
    let keys: Vec<&str> = application.table.leases().map(|lease| lease.lease_key.as_str()).collect();
    assert_eq!(keys, ["shardId-000000000001", "shardId-000000000002"], "the parent's lease is cleaned up");
    all_is_processed(&mut sandbox);
}

#[test]
fn a_child_on_another_worker_waits_for_its_parent() {
    let mut sandbox = with_stream(1);
    produce(&mut sandbox, 50);
    seconds(&mut sandbox, 60);
    give(&mut sandbox, split_in_the_middle("orders"));
    seconds(&mut sandbox, 60);
    // Parent and children have leases from the start, on different workers; the parent's 3,000 records take a minute.
    start(&mut sandbox, ApplicationSpec { processing_rate: 50, ..spec(3) });
    let order = watch(&mut sandbox, 200, |fact| match fact {
        Fact::RecordsProcessed { shard, .. } => Some(shard.0),
        _ => None,
    });
    let last_of_parent = order.iter().rposition(|(_, shard)| *shard == 0).expect("it is read");
    let first_of_child = order.iter().position(|(_, shard)| *shard > 0).expect("they are read");
    assert!(last_of_parent < first_of_child);
    let owners: Vec<Option<&str>> =
        [1, 2].map(|shard| billing(&sandbox).owner(kinesis::ShardId(shard))).to_vec();
    assert_ne!(owners[0], owners[1]);
}

/// Documented: `callProcessRecordsEvenForEmptyRecordList`, false unless told otherwise.
#[test]
fn empty_answers_reach_the_record_processor_where_that_is_asked_for() {
    let count = |calls_for_empty_lists, retrieval, version| {
        let mut sandbox = with_stream(1);
        let version = Some(version);
        start(&mut sandbox, ApplicationSpec { calls_for_empty_lists, retrieval, version, ..application(1) });
        seconds(&mut sandbox, 100);
        billing(&sandbox).empty_lists
    };
    assert_eq!(count(false, RetrievalMode::Polling, KclVersion::Two), 0);
    // A poll every second.
    assert!((90..=100).contains(&count(true, RetrievalMode::Polling, KclVersion::One)));
    assert!(count(true, RetrievalMode::FanOut, KclVersion::Two) > 5);
    let idle = |calls_for_empty_lists| {
        let mut sandbox = with_stream(1);
        let balancing = Balancing { cpu_per_record: 50_000, ..Balancing::default() };
        start(&mut sandbox, ApplicationSpec { calls_for_empty_lists, ..balanced(1, balancing) });
        seconds(&mut sandbox, 200);
        view(&sandbox).applications[0].workers[0].load.as_ref().and_then(|load| load.cpu_hundredths)
    };
    assert!(
        idle(true) > idle(false).map(|percent| percent + 200),
        "an idle application that is called for nothing uses its CPU"
    );
}

#[test]
fn settings_of_another_version_or_outside_their_ranges_are_refused_and_change_nothing() {
    let mut sandbox = with_stream(1);
    let with = |change: fn(&mut Balancing)| {
        let mut balancing = Balancing::default();
        change(&mut balancing);
        balanced(1, balancing)
    };
    let refused = [
        (ApplicationSpec { version: None, ..with(|it| it.dampening = 80) }, "need --version 3"),
        (ApplicationSpec { max_leases_to_steal: 2, ..spec(1) }, "steal no leases"),
        (with(|it| it.re_balance_threshold = 101), "reBalanceThresholdPercentage is 0 to 100"),
        (with(|it| it.dampening = 0), "dampeningPercentage is 1 to 100"),
        (with(|it| it.max_throughput_per_host = Some(0)), "maxThroughputPerHostKBps"),
        (with(|it| it.variance_balancing_frequency = 0), "varianceBalancingFrequency"),
        (with(|it| it.lease_assignment_interval = Some(Duration::ZERO)), "leaseAssignmentIntervalMillis"),
        (with(|it| it.hand_off_timeout = Duration::from_seconds(3_601)), "gracefulLeaseHandoffTimeoutMillis"),
        (with(|it| it.vcpus = 0), "vCPUs"),
        (with(|it| it.cpu_per_record = 1_000_001), "CPU time for a record"),
    ];
    for (spec, sentence) in refused {
        let refusal = sandbox.submit(Command::StartApplication(spec)).expect_err(sentence).to_string();
        assert!(refusal.contains(sentence), "{refusal}");
    }
    assert_eq!(sandbox.world().applications().iter().count(), 0);
    start(&mut sandbox, application(1));
    let change = ApplicationChange { name: "billing".into(), dampening: Some(80), ..Default::default() };
    assert!(sandbox.submit(Command::ChangeApplication(change)).is_err(), "it runs KCL 2");
    let host = |worker: &str, vcpus| Command::SetWorkerHost {
        application: "billing".into(),
        worker: worker.into(),
        vcpus: Some(vcpus),
        other_load: None,
    };
    assert!(sandbox.submit(host("w1", 4)).is_err(), "KCL 2 takes no notice of it");
}
