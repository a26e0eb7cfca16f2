//! KCL applications: sharing, fail-over, zombies, resharding.

mod support;

use sim::{Command, Fact, ProducerSpec, PutCall, StartingPosition, WorkerAction};
use support::*;

/// Two shards, a producer of 50 records a second, and `workers` workers that have run for a minute.
fn running(workers: u32, shards: i64) -> sim::Sandbox {
    let mut sandbox = with_stream(shards);
    give(&mut sandbox, Command::StartProducer(ProducerSpec { call: PutCall::Batch, ..producer(50) }));
    give(&mut sandbox, Command::StartApplication(application(workers)));
    seconds(&mut sandbox, 60);
    sandbox
}

fn billing(sandbox: &sim::Sandbox) -> &sim::Application {
    sandbox.world().applications().get("billing").expect("a test starts it")
}

fn leases_of(sandbox: &sim::Sandbox, worker: &str) -> u64 {
    billing(sandbox).leases_of(worker)
}

#[test]
fn one_worker_takes_every_lease() {
    let sandbox = running(1, 4);
    assert_eq!(leases_of(&sandbox, "w1"), 4);
    let application = &view(&sandbox).applications[0];
    assert!(application.records > 2_500 && application.again == 0, "{application:?}");
}

#[test]
fn two_workers_share_four_leases() {
    let sandbox = running(2, 4);
    assert_eq!((leases_of(&sandbox, "w1"), leases_of(&sandbox, "w2")), (2, 2));
}

#[test]
fn a_second_worker_steals_one_lease_at_a_time() {
    let mut sandbox = running(1, 4);
    give(&mut sandbox, Command::AddWorker { application: "billing".into() });
    // A taker run every 20.05 s: one lease at the start, the second 20 s later.
    seconds(&mut sandbox, 10);
    assert_eq!(leases_of(&sandbox, "w2"), 1);
    seconds(&mut sandbox, 20);
    assert_eq!((leases_of(&sandbox, "w1"), leases_of(&sandbox, "w2")), (2, 2));
    seconds(&mut sandbox, 120);
    assert_eq!((leases_of(&sandbox, "w1"), leases_of(&sandbox, "w2")), (2, 2), "and there it stays");
}

#[test]
fn a_worker_more_than_shards_stays_idle() {
    let mut sandbox = running(3, 2);
    seconds(&mut sandbox, 120);
    let view = view(&sandbox);
    let idle = view.applications[0].workers.iter().filter(|worker| worker.believes.is_empty()).count();
    assert_eq!(idle, 1);
}

/// Documented: failoverTimeMillis 10 s and a taker run every 20.05 s (`LeaseManagementConfig`,
/// `DynamoDBLeaseCoordinator`).
#[test]
fn leases_of_a_crashed_worker_change_hands_after_ten_to_thirty_seconds() {
    for seed in 1..=10 {
        let mut sandbox = sim::Sandbox::new(sim::SandboxOptions { seed, ..Default::default() });
        give(&mut sandbox, create_stream("orders", 2));
        seconds(&mut sandbox, 20);
        give(&mut sandbox, Command::StartProducer(ProducerSpec { call: PutCall::Batch, ..producer(50) }));
        give(&mut sandbox, Command::StartApplication(application(2)));
        seconds(&mut sandbox, 60 + seed * 2);
        let crashed = sandbox.now();
        act(&mut sandbox, "w1", WorkerAction::Crash);
        seconds(&mut sandbox, 60);
        assert_eq!(leases_of(&sandbox, "w2"), 2, "seed {seed}");
        let taken = first_after(
            &sandbox,
            crashed,
            |fact| matches!(fact, Fact::LeaseTaken { from: Some(from), .. } if from == "w1"),
        );
        // A renewal up to 3.3 s before the crash starts the ten seconds; the taker runs every 20 s.
        assert!(taken.is_some_and(|after| (6..=31).contains(&after)), "seed {seed}: {taken:?}");
    }
}

#[test]
fn after_a_crash_what_was_not_checkpointed_is_processed_again_and_nothing_is_missed() {
    let mut sandbox = running(2, 2);
    act(&mut sandbox, "w1", WorkerAction::Crash);
    seconds(&mut sandbox, 120);
    let view = view(&sandbox);
    let application = &view.applications[0];
    assert!(application.again > 0, "{application:?}");
    assert!(application.again <= 50 * 11, "at most a checkpoint interval: {}", application.again);
    for lease in &application.leases {
        let newest = view.streams[0].shards[lease.shard as usize].last_index;
        assert!(newest - lease.processed_index < 150, "{lease:?}");
    }
}

/// Documented: `DynamoDBLeaseRenewer` leaves out what it could not renew for failoverTimeMillis.
#[test]
fn a_worker_that_stood_still_is_a_zombie_until_it_looks_at_its_clock() {
    let mut sandbox = running(2, 2);
    act(&mut sandbox, "w1", WorkerAction::Pause);
    seconds(&mut sandbox, 60);
    assert_eq!(leases_of(&sandbox, "w2"), 2);
    let believes = |sandbox: &sim::Sandbox| view(sandbox).applications[0].workers[0].believes.clone();
    assert_eq!(believes(&sandbox).len(), 1, "it does not know yet");
    act(&mut sandbox, "w1", WorkerAction::Resume);
    assert_eq!(believes(&sandbox).len(), 0, "ten seconds without a renewal are enough to know");
    assert_eq!(count(&sandbox, |fact| matches!(fact, Fact::LeaseLost { .. })), 1);
    // It has no lease and w2 has two: it steals one back.
    seconds(&mut sandbox, 2);
    assert_eq!((leases_of(&sandbox, "w1"), leases_of(&sandbox, "w2")), (1, 1));
}

#[test]
fn a_stopped_worker_checkpoints_and_gives_its_leases_back() {
    let mut sandbox = running(2, 2);
    // Between two taker runs, so that the free lease can be seen.
    seconds(&mut sandbox, 5);
    act(&mut sandbox, "w1", WorkerAction::Stop);
    seconds(&mut sandbox, 1);
    assert_eq!(view(&sandbox).applications[0].workers[0].state, "stopped");
    assert_eq!(owners(&sandbox).iter().filter(|(_, owner)| owner.is_none()).count(), 1);
    seconds(&mut sandbox, 30);
    assert_eq!(leases_of(&sandbox, "w2"), 2);
    assert_eq!(view(&sandbox).applications[0].again, 0, "nothing is processed twice");
}

#[test]
fn a_restarted_worker_takes_up_its_own_leases_at_once() {
    let mut sandbox = running(1, 2);
    act(&mut sandbox, "w1", WorkerAction::Crash);
    seconds(&mut sandbox, 2);
    act(&mut sandbox, "w1", WorkerAction::Restart);
    seconds(&mut sandbox, 5);
    assert_eq!(view(&sandbox).applications[0].workers[0].believes.len(), 2);
}

/// Documented: a child's consumer waits until its parents' leases are at SHARD_END or gone (`BlockOnParentShardTask`);
/// leases of finished shards are looked at every five minutes (`LeaseCleanupConfig`).
#[test]
fn children_wait_until_their_parent_is_processed() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(ProducerSpec { call: PutCall::Batch, ..producer(50) }));
    seconds(&mut sandbox, 60);
    give(&mut sandbox, split_in_the_middle("orders"));
    seconds(&mut sandbox, 120);
    // The application starts late: parent and children are there, the parent's records first.
    give(&mut sandbox, Command::StartApplication(application(1)));
    seconds(&mut sandbox, 120);
    let mut order = Vec::new();
    for fact in sandbox.world().facts_since(0) {
        if let Fact::RecordsProcessed { shard, .. } = &fact.fact
            && order.last() != Some(&shard.0)
        {
            order.push(shard.0);
        }
    }
    assert_eq!(order.first(), Some(&0), "{order:?}");
    assert!(!order[1..].contains(&0), "the parent is finished before a child begins: {order:?}");
    // Leases of finished shards are looked at every five minutes.
    seconds(&mut sandbox, 200);
    let view = view(&sandbox);
    let keys: Vec<&str> = view.applications[0].leases.iter().map(|lease| lease.lease_key.as_str()).collect();
    assert_eq!(keys, ["shardId-000000000001", "shardId-000000000002"], "the parent's lease is cleaned up");
    let total: u64 = view.streams[0].shards.iter().map(|shard| shard.record_count).sum();
    assert!(total - view.applications[0].records < 200, "{total} {}", view.applications[0].records);
    assert_eq!(view.applications[0].again, 0);
}

#[test]
fn a_split_under_a_running_application_loses_and_doubles_nothing() {
    let mut sandbox = running(2, 1);
    give(&mut sandbox, split_in_the_middle("orders"));
    // The finished parent's lease counts in the sharing until it is deleted.
    seconds(&mut sandbox, 400);
    let view = view(&sandbox);
    assert_eq!((view.applications[0].again, view.applications[0].missed), (0, 0));
    assert_eq!((leases_of(&sandbox, "w1"), leases_of(&sandbox, "w2")), (1, 1));
    assert!(view.streams[0].record_count - view.applications[0].records < 200);
}

#[test]
fn a_checkpoint_outranks_the_initial_position() {
    let mut sandbox = running(1, 1);
    act(&mut sandbox, "w1", WorkerAction::Stop);
    seconds(&mut sandbox, 5);
    let before = view(&sandbox).applications[0].records;
    act(&mut sandbox, "w1", WorkerAction::Restart);
    seconds(&mut sandbox, 5);
    let application = &view(&sandbox).applications[0];
    assert_eq!(application.again, 0, "TRIM_HORIZON is not read again: {before} {application:?}");
}

#[test]
fn an_application_at_latest_does_not_see_what_was_before() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(ProducerSpec { call: PutCall::Batch, ..producer(50) }));
    seconds(&mut sandbox, 60);
    let spec = sim::ApplicationSpec { from: StartingPosition::Latest, ..application(1) };
    give(&mut sandbox, Command::StartApplication(spec));
    seconds(&mut sandbox, 60);
    let records = view(&sandbox).applications[0].records;
    assert!((2_700..=3_000).contains(&records), "{records}");
}

#[test]
fn an_application_that_starts_before_its_stream_is_active_waits_for_it() {
    let mut sandbox = sandbox();
    give(&mut sandbox, create_stream("orders", 2));
    give(&mut sandbox, Command::StartApplication(application(1)));
    seconds(&mut sandbox, 40);
    assert_eq!(leases_of(&sandbox, "w1"), 2);
}

/// Documented: `AggregatorUtil`; the sheet's vector of two user records, keys k1 and k2.
#[test]
fn user_records_of_an_aggregate_are_processed_one_by_one() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartApplication(application(1)));
    let hex = "f3899ac20a026b310a026b321a0908001a0568656c6c6f1a0908011a05776f726c64c4b234c121650f4512d22bf67dca9de2";
    let byte = |i: usize| u8::from_str_radix(&hex[i..i + 2], 16).unwrap();
    let data = (0..hex.len()).step_by(2).map(byte).collect();
    let request = kinesis::PutRecordInput {
        stream_name: Some("orders".into()),
        partition_key: Some("a".into()),
        data: Some(kinesis::Blob::Bytes(data)),
        ..Default::default()
    };
    assert!(sandbox.request(request.into()).is_ok());
    seconds(&mut sandbox, 20);
    let application = &view(&sandbox).applications[0];
    assert_eq!((application.records, application.leases[0].processed_index), (2, 1));
    assert_eq!(application.leases[0].checkpoint_sub_sequence_number, 1, "the second user record");
}
