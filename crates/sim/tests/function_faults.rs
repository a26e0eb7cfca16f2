//! Faults around AWS Lambda: what can go wrong with a function, and what cannot with what AWS runs.

#![allow(clippy::wildcard_enum_match_arm, clippy::unwrap_used)] // Tests look for one kind of fact, which is there.

mod support;

use kinesis::{Duration, ErrorCode};
use sim::{
    Command, Fact, FaultKind, FaultSpec, FunctionSpec, InvocationEnd, LambdaCommand, MappingSpec, Sandbox,
    StartingPosition, Way,
};
use support::*;

const ARN: &str = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";

/// Ten records a second, and a function that takes 10 ms for an invocation and times out after 3 s.
fn mapped(change: impl FnOnce(&mut MappingSpec)) -> Sandbox {
    let mut sandbox = with_stream(1);
    let function =
        FunctionSpec { takes: Duration::from_millis(10), timeout: 3, ..FunctionSpec::new("totals") };
    give(&mut sandbox, LambdaCommand::CreateFunction(function).into());
    let mut mapping = MappingSpec::new("totals", ARN, StartingPosition::TrimHorizon);
    change(&mut mapping);
    give(&mut sandbox, LambdaCommand::CreateEventSourceMapping(mapping).into());
    give(&mut sandbox, Command::StartProducer(producer(10)));
    seconds(&mut sandbox, 60);
    sandbox
}

fn fault(sandbox: &mut Sandbox, kind: FaultKind, target: &str, lasts: Option<u64>) {
    let lasts = lasts.map(Duration::from_seconds);
    give(sandbox, Command::Fault(FaultSpec { kind, target: Some(target.into()), lasts }));
}

fn ends(sandbox: &Sandbox, wanted: InvocationEnd) -> usize {
    count(sandbox, |fact| matches!(fact, Fact::FunctionInvoked { end, .. } if *end == wanted))
}

fn age_ms(sandbox: &Sandbox) -> u64 {
    let mut ages = sandbox.world().facts_since(0).filter_map(|fact| match fact.fact {
        Fact::FunctionInvoked { iterator_age, .. } => Some(iterator_age.millis()),
        _ => None,
    });
    ages.next_back().unwrap()
}

/// Documented: a function that is slower than its records come falls behind; one that takes longer than its time-out is
/// ended, and its batch tried again, so that the shard is blocked.
#[test]
fn a_slow_function_times_out_and_blocks_its_shard_until_the_fault_ends() {
    let mut sandbox = mapped(|_| {});
    assert_eq!(ends(&sandbox, InvocationEnd::TimedOut), 0);
    fault(&mut sandbox, FaultKind::Slow { factor: 1_000 }, "totals", Some(60));
    seconds(&mut sandbox, 58);
    assert!(ends(&sandbox, InvocationEnd::TimedOut) >= 3, "10 ms times 1,000 are more than 3 s");
    assert!(age_ms(&sandbox) > 30_000, "{} ms", age_ms(&sandbox));
    seconds(&mut sandbox, 120);
    assert!(age_ms(&sandbox) < 5_000, "{} ms", age_ms(&sandbox));
    let why = sandbox
        .world()
        .facts_since(0)
        .find(|fact| matches!(fact.fact, Fact::FunctionInvoked { end: InvocationEnd::TimedOut, .. }));
    let steps = sim::why_view(sandbox.world(), why.unwrap().number);
    assert!(steps.iter().any(|step| step.text.contains("totals is 1000 times slower")), "{steps:?}");
}

#[test]
fn a_slow_sink_takes_its_time_for_each_record() {
    let mut sandbox = mapped(|mapping| mapping.batch_size = 10);
    fault(&mut sandbox, FaultKind::SlowSink { per_record: Duration::from_millis(90) }, "totals", None);
    seconds(&mut sandbox, 60);
    let slowest = sandbox.world().facts_since(0).filter_map(|fact| match fact.fact {
        Fact::FunctionInvoked { took, .. } => Some(took.millis()),
        _ => None,
    });
    assert_eq!(slowest.max(), Some(910), "10 ms, and 90 for each of ten records");
    give(&mut sandbox, Command::ClearFaults { target: Some("totals".into()) });
    assert!(view(&sandbox).faults.is_empty());
}

/// Documented: a batch that fails is tried again until its records expire, unless the mapping says otherwise.
#[test]
fn a_poison_record_blocks_a_shard_or_is_given_up() {
    let poison = || FaultKind::Poison { program: "totals".into(), key: "bad".into() };
    let mut blocked = mapped(|_| {});
    fault(&mut blocked, poison(), "orders", None);
    seconds(&mut blocked, 60);
    let worked = blocked.world().functions().get("totals").unwrap().records;
    seconds(&mut blocked, 60);
    assert!(ends(&blocked, InvocationEnd::Threw) > 3);
    assert!(age_ms(&blocked) > 60_000, "{} ms", age_ms(&blocked));
    assert!(blocked.world().functions().get("totals").unwrap().records < worked + 600);
    let mut bisected = mapped(|mapping| {
        mapping.bisect_batch_on_function_error = true;
        mapping.maximum_retry_attempts = 3;
    });
    fault(&mut bisected, poison(), "orders", None);
    seconds(&mut bisected, 120);
    let lost: u32 = bisected
        .world()
        .facts_since(0)
        .filter_map(|fact| match fact.fact {
            Fact::RecordsDiscarded { count, .. } => Some(count),
            _ => None,
        })
        .sum();
    assert!(lost >= 1 && age_ms(&bisected) < 5_000, "{lost} lost, {} ms", age_ms(&bisected));
}

#[test]
fn a_shard_that_throttles_once_holds_a_mapping_up_for_a_moment() {
    let mut sandbox = mapped(|_| {});
    give(&mut sandbox, Command::StopProducer { name: "web".into() });
    seconds(&mut sandbox, 5);
    fault(&mut sandbox, FaultKind::Throttle { shard: None }, "orders", None);
    seconds(&mut sandbox, 5);
    let refused = count(&sandbox, |fact| {
        matches!(fact, Fact::CallAnswered { error: Some(ErrorCode::ProvisionedThroughputExceeded), .. })
    });
    assert_eq!((refused, view(&sandbox).faults.len()), (1, 0), "the mapping's own poller was refused");
    give(&mut sandbox, Command::StartProducer(producer(10)));
    seconds(&mut sandbox, 30);
    assert!(age_ms(&sandbox) < 5_000);
}

#[test]
fn what_aws_runs_itself_is_refused_with_what_can_go_wrong_instead() {
    let mut sandbox = mapped(|_| {});
    let refused = |sandbox: &mut Sandbox, kind: FaultKind, target: &str| {
        let digest = sandbox.digest();
        let spec = FaultSpec { kind, target: Some(target.to_owned()), lasts: None };
        let refusal = sandbox.submit(Command::Fault(spec)).unwrap_err().to_string();
        assert_eq!(sandbox.digest(), digest);
        refusal
    };
    let of_function = [
        (FaultKind::Crash, "--fails-every"),
        (FaultKind::Pause, "--takes"),
        (FaultKind::Partition, "no lease table"),
        (FaultKind::Loss { percent: 50, way: Way::Both }, "network"),
        (FaultKind::Latency { more: Duration::from_millis(10) }, "network"),
        (FaultKind::Clock { by: Duration::from_seconds(10), is_ahead: true }, "clock"),
    ];
    for (kind, words) in of_function {
        let refusal = refused(&mut sandbox, kind, "totals");
        assert!(refusal.contains("the function totals") && refusal.contains(words), "{refusal}");
    }
    // Without its function a name is the mapping's.
    give(&mut sandbox, LambdaCommand::DeleteFunction { function: "totals".into() }.into());
    for kind in [FaultKind::Crash, FaultKind::Pause, FaultKind::Slow { factor: 5 }] {
        let refusal = refused(&mut sandbox, kind, "totals");
        assert!(refusal.contains("run by AWS") && refusal.contains("poison"), "{refusal}");
    }
}
