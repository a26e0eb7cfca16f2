//! What holds of a KCL application of any version, whatever happens to its workers.
//!
//! Documented: a worker holds a lease while its counter is the one that it wrote; the conditional write lets one of
//! several have it. What a record processor has not checkpointed comes again, and nothing is left out: at least once.

mod support;

use std::collections::BTreeMap;

use kinesis::{Duration, ShardId};
use proptest::prelude::*;
use sim::{
    Application, ApplicationChange, ApplicationSpec, Balancing, Command, Fact, FaultKind, FaultSpec,
    KclVersion, ProducerSpec, PutCall, RetrievalMode, Sandbox, Way, WorkerAction,
};
use support::*;

#[derive(Clone, Debug)]
enum Step {
    Wait(u64),
    Act(u8, WorkerAction),
    /// A busy neighbour comes or goes: KCL 3 moves leases.
    Host(u8, u32),
    Fault(FaultKind, Option<u8>, u64),
    Add,
    Split,
}

fn any_step() -> impl Strategy<Value = Step> {
    let action = proptest::sample::select(vec![
        WorkerAction::Crash,
        WorkerAction::Pause,
        WorkerAction::Resume,
        WorkerAction::Restart,
        WorkerAction::Stop,
    ]);
    let way = prop_oneof![Just(Way::Both), Just(Way::Calls), Just(Way::Answers)];
    let fault = prop_oneof![
        Just(FaultKind::Partition),
        (10u32..=100, way).prop_map(|(percent, way)| FaultKind::Loss { percent, way }),
        (1u64..4_000).prop_map(|more| FaultKind::Latency { more: Duration::from_millis(more) }),
        (2u32..3_000).prop_map(|factor| FaultKind::Slow { factor }),
        (1u64..400_000, any::<bool>())
            .prop_map(|(by, is_ahead)| FaultKind::Clock { by: Duration::from_millis(by), is_ahead }),
    ];
    prop_oneof![
        4 => (100u64..40_000).prop_map(Step::Wait),
        3 => (1u8..4, action).prop_map(|(worker, action)| Step::Act(worker, action)),
        2 => (1u8..4, 0u32..=100).prop_map(|(worker, load)| Step::Host(worker, load)),
        2 => (fault, proptest::option::of(1u8..4), 1_000u64..60_000)
            .prop_map(|(kind, worker, lasts)| Step::Fault(kind, worker, lasts)),
        1 => Just(Step::Add),
        1 => Just(Step::Split),
    ]
}

fn any_spec() -> impl Strategy<Value = ApplicationSpec> {
    let rate = proptest::sample::select(vec![0u32, 40, 400]);
    let version = proptest::sample::select(vec![
        KclVersion::One,
        KclVersion::Two,
        KclVersion::Three,
        KclVersion::Three,
    ]);
    (any::<[bool; 3]>(), version, rate, 1u64..30, 1u32..4).prop_map(
        |([is_fan_out, is_graceful, is_quick], version, processing_rate, checkpoint, workers)| {
            let retrieval = match is_fan_out && version != KclVersion::One {
                true => RetrievalMode::FanOut,
                false => RetrievalMode::Polling,
            };
            let balancing = match version {
                KclVersion::One | KclVersion::Two => Balancing::default(),
                KclVersion::Three => Balancing {
                    hands_off_gracefully: is_graceful,
                    hand_off_timeout: Duration::from_seconds(5),
                    lease_assignment_interval: is_quick.then_some(Duration::from_seconds(2)),
                    re_balance_threshold: 2,
                    cpu_per_record: 5_000,
                    ..Balancing::default()
                },
            };
            let checkpoint_interval = Duration::from_seconds(checkpoint);
            ApplicationSpec {
                retrieval,
                processing_rate,
                checkpoint_interval,
                version: Some(version),
                balancing,
                ..application(workers)
            }
        },
    )
}

fn billing(sandbox: &Sandbox) -> &Application {
    sandbox.world().applications().get("billing").expect("a test starts it")
}

/// Of all workers at most one holds a lease with the counter that stands in the table, and that is the one which the
/// table names.
fn one_valid_owner(sandbox: &Sandbox) -> bool {
    let application = billing(sandbox);
    application.table.leases().all(|lease| {
        let workers = application.workers.iter().filter_map(|id| sandbox.world().worker(*id));
        let holders: Vec<&str> = workers
            .filter(|(_, worker)| {
                let held = worker.leases.get(&lease.lease_key);
                held.is_some_and(|held| held.counter == lease.lease_counter)
            })
            .map(|(_, worker)| worker.name.as_str())
            .collect();
        holders.len() <= 1 && (holders.is_empty() || lease.actual_owner() == Some(holders[0]))
    })
}

/// Records that some fact says to be left out, by shard.
fn told_missed(sandbox: &Sandbox, from: u64, missed: &mut BTreeMap<ShardId, u64>) {
    for fact in sandbox.world().facts_since(from) {
        if let Fact::RecordsMissed { shard, count, .. } = &fact.fact {
            *missed.entry(*shard).or_default() += count;
        }
    }
}

/// Stops the traffic, lets everybody come to the tip, and checks that every stored record was processed, or a fact says
/// that it was not.
fn all_is_processed_or_told(sandbox: &mut Sandbox, missed: &BTreeMap<ShardId, u64>) {
    give(sandbox, Command::StopProducer { name: "web".into() });
    seconds(sandbox, 200);
    let stored: u64 = view(sandbox).streams[0].shards.iter().map(|shard| shard.record_count).sum();
    let application = billing(sandbox);
    let told: u64 = missed.values().sum();
    assert_eq!(application.missed, told, "each gap is a fact");
    assert_eq!(application.records - application.again + application.missed, stored);
    assert_eq!(application.checkpoint_lag(), 0);
    assert_eq!(application.behind(sandbox.world()), Duration::ZERO);
}

fn run(spec: ApplicationSpec, steps: Vec<Step>, has_faults: bool) {
    let mut sandbox = with_stream(2);
    give(&mut sandbox, Command::StartProducer(ProducerSpec { call: PutCall::Batch, ..producer(40) }));
    give(&mut sandbox, Command::StartApplication(spec));
    let (mut missed, mut from) = (BTreeMap::new(), 0);
    let name = |worker: u8| format!("w{worker}");
    for step in steps {
        match step {
            Step::Wait(millis) => drop(sandbox.advance(Duration::from_millis(millis), None)),
            Step::Act(worker, action) => drop(sandbox.submit(Command::Worker {
                application: "billing".into(),
                worker: name(worker),
                action,
            })),
            Step::Host(worker, load) => drop(sandbox.submit(Command::SetWorkerHost {
                application: "billing".into(),
                worker: name(worker),
                vcpus: None,
                other_load: Some(load),
            })),
            Step::Fault(..) if !has_faults => {}
            Step::Fault(kind, worker, lasts) => {
                let target = worker.map(|worker| format!("billing/w{worker}"));
                let lasts = Some(Duration::from_millis(lasts));
                drop(sandbox.submit(Command::Fault(FaultSpec { kind, target, lasts })));
            }
            Step::Add => drop(sandbox.submit(Command::AddWorker { application: "billing".into() })),
            Step::Split => drop(sandbox.submit(split_in_the_middle("orders"))),
        }
        told_missed(&sandbox, from, &mut missed);
        from = sandbox.world().fact_count();
        assert!(one_valid_owner(&sandbox));
    }
    // Somebody works on, without hindrance and as fast as it can.
    drop(sandbox.submit(Command::ClearFaults { target: None }));
    give(&mut sandbox, Command::AddWorker { application: "billing".into() });
    let change = ApplicationChange { name: "billing".into(), processing_rate: Some(0), ..Default::default() };
    give(&mut sandbox, Command::ChangeApplication(change));
    let workers = billing(&sandbox).workers.len();
    for worker in 1..workers {
        for action in [WorkerAction::Resume, WorkerAction::Crash] {
            let (application, worker) = ("billing".into(), format!("w{worker}"));
            drop(sandbox.submit(Command::Worker { application, worker, action }));
        }
    }
    // A leader that died is followed after some four minutes, and what a program is told of a lost call after one.
    for _ in 0..40 {
        seconds(&mut sandbox, 10);
        told_missed(&sandbox, from, &mut missed);
        from = sandbox.world().fact_count();
        assert!(one_valid_owner(&sandbox));
    }
    all_is_processed_or_told(&mut sandbox, &missed);
    assert!(billing(&sandbox).parents_done(sandbox.world()));
    if !has_faults {
        // `missed` is counted where the next record of a shard is not the one behind the last: zero means order.
        assert_eq!(billing(&sandbox).missed, 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 16,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(7),
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_happens_to_workers_every_record_is_processed_in_the_order_of_its_shard(
        spec in any_spec(),
        steps in prop::collection::vec(any_step(), 1..14),
    ) {
        run(spec, steps, false);
    }

    #[test]
    fn whatever_goes_wrong_no_record_is_left_out_without_a_fact_that_says_so(
        spec in any_spec(),
        steps in prop::collection::vec(any_step(), 1..14),
    ) {
        run(spec, steps, true);
    }
}
