//! Why things happened: every chain of causes ends at a command or at the service's own timetable.

mod support;

use kinesis::{Fact as Service, StreamStatus};
use proptest::prelude::*;
use sim::{
    Command, Fact, KeyRecipe, Origin, ProducerSpec, PutCall, RetryPolicy, Rule, Sandbox, StampedFact, Step,
    WorkerAction,
};
use support::steps::{any_session, play};
use support::*;

/// Names of the kinds of facts along the chain, and how it ends: `LeaseTaken < WorkerCrashed < command 4`.
fn chain(sandbox: &Sandbox, number: u64) -> String {
    let steps = sandbox.world().why(number).into_iter().map(|step| match step {
        Step::Fact(fact) => sim::fact_view(sandbox.world(), fact).kind.to_owned(),
        Step::Forgotten => "…".to_owned(),
        Step::Command(number) => format!("command {}", number + 1),
        Step::Schedule => "schedule".to_owned(),
    });
    steps.collect::<Vec<_>>().join(" < ")
}

fn last(sandbox: &Sandbox, is_it: impl Fn(&Fact) -> bool) -> &StampedFact {
    sandbox.world().facts_since(0).filter(|fact| is_it(&fact.fact)).last().expect("it happened")
}

fn check_chain(sandbox: &Sandbox, fact: &StampedFact) -> Result<(), TestCaseError> {
    let steps = sandbox.world().why(fact.number);
    prop_assert!(steps.len() <= 50, "{} steps", steps.len());
    prop_assert!(matches!(steps.last(), Some(Step::Command(_) | Step::Schedule)));
    let numbers: Vec<u64> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Fact(fact) => Some(fact.number),
            Step::Forgotten | Step::Command(_) | Step::Schedule => None,
        })
        .collect();
    prop_assert_eq!(numbers.first(), Some(&fact.number));
    prop_assert!(numbers.windows(2).all(|pair| pair[1] < pair[0]), "no cycles: {:?}", numbers);
    prop_assert!(fact.also.is_none_or(|also| also < fact.number));
    prop_assert!(fact.run <= fact.number);
    if let Some(Step::Command(number)) = steps.last() {
        prop_assert!(*number < sandbox.world().commands_applied());
    }
    let ends_by_itself = matches!(steps.last(), Some(Step::Schedule));
    prop_assert!(!ends_by_itself || !steps.contains(&Step::Forgotten), "{}", chain(sandbox, fact.number));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_chain_ends_at_a_command_or_at_the_timetable(steps in any_session()) {
        let sandbox = play(&steps, 60_000, None);
        for fact in sandbox.world().facts_since(0) {
            check_chain(&sandbox, fact)?;
            let view = sim::why_view(sandbox.world(), fact.number);
            prop_assert!(view.iter().all(|step| !step.text.is_empty()));
            prop_assert!(view.iter().all(|step| step.because.as_deref() != Some("")));
        }
    }
}

#[test]
fn a_lease_changes_hands_because_its_owner_crashed() {
    let mut sandbox = with_stream(2);
    give(&mut sandbox, Command::StartApplication(application(2)));
    seconds(&mut sandbox, 60);
    act(&mut sandbox, "w1", WorkerAction::Crash);
    seconds(&mut sandbox, 40);
    let taken = last(&sandbox, |fact| matches!(fact, Fact::LeaseTaken { from: Some(_), .. }));
    assert_eq!(taken.rule, Rule::LeaseExpired);
    assert_eq!(chain(&sandbox, taken.number), "LeaseTaken < WorkerCrashed < command 3");
    let why = sim::why_view(sandbox.world(), taken.number);
    assert!(why[0].because.as_deref().is_some_and(|text| text.contains("failoverTimeMillis")));
}

#[test]
fn a_record_is_refused_because_of_the_rate_and_of_those_before_it() {
    let mut sandbox = with_stream(1);
    let keys = KeyRecipe::Fixed { keys: vec!["hot".into()] };
    let retry = RetryPolicy::Backoff;
    give(
        &mut sandbox,
        Command::StartProducer(ProducerSpec { keys, retry, call: PutCall::Single, ..producer(1_200) }),
    );
    seconds(&mut sandbox, 3);
    let refused = last(&sandbox, |fact| matches!(fact, Fact::Service(Service::WriteThrottled { .. })));
    assert_eq!(refused.rule, Rule::RecordsPerSecond);
    let also = sandbox.world().fact(refused.also.unwrap()).unwrap();
    assert!(matches!(also.fact, Fact::Service(Service::RecordsAppended { .. })), "{also:?}");
    let first = sandbox.world().facts_since(0).find(|fact| fact.rule == Rule::RecordsPerSecond).unwrap();
    assert_eq!(chain(&sandbox, first.number), "WriteThrottled < ActorStarted < command 2");
    let again = sandbox
        .world()
        .facts_since(first.number)
        .find(|fact| {
            matches!(fact.fact, Fact::Service(Service::RecordsAppended { .. }))
                && fact.rule == Rule::RetryPolicy
        })
        .unwrap();
    assert_eq!(
        chain(&sandbox, again.number),
        "RecordsAppended < RetryScheduled < CallAnswered < WriteThrottled < ActorStarted < command 2"
    );
}

#[test]
fn a_stream_is_active_because_it_was_created() {
    let sandbox = with_stream(1);
    let active = |fact: &Fact| {
        matches!(fact, Fact::Service(Service::StreamStatusChanged { status: StreamStatus::Active, .. }))
    };
    let active = last(&sandbox, active);
    assert_eq!(active.rule, Rule::ChangeUnderWay);
    assert_eq!(chain(&sandbox, active.number), "StreamStatusChanged < StreamStatusChanged < command 1");
}

/// At ten thousand records a second the newest facts reach back a second only; leases and crashes are kept longer.
#[test]
fn why_finds_its_way_at_ten_thousand_records_a_second() {
    let mut sandbox = with_stream(16);
    give(&mut sandbox, Command::StartApplication(application(2)));
    seconds(&mut sandbox, 60);
    give(&mut sandbox, Command::StartProducer(ProducerSpec { call: PutCall::Single, ..producer(10_000) }));
    seconds(&mut sandbox, 5);
    act(&mut sandbox, "w1", WorkerAction::Crash);
    let crash = sandbox.world().fact_count() - 1;
    seconds(&mut sandbox, 40);
    assert!(sandbox.world().first_kept_fact() > crash + 100_000, "the flood is real");
    let lost = sandbox.world().fact(crash).expect("a crash is kept");
    assert!(matches!(lost.fact, Fact::WorkerCrashed { .. }));
    let taken = (crash..sandbox.world().fact_count())
        .filter_map(|number| sandbox.world().fact(number))
        .find(|fact| matches!(fact.fact, Fact::LeaseTaken { .. }))
        .expect("the lease is taken over, and that is kept");
    assert_eq!(chain(&sandbox, taken.number), "LeaseTaken < WorkerCrashed < command 4");
    // All that is kept is told newest first, each once, far behind the newest facts too.
    let kept: Vec<u64> = sandbox.world().kept_facts().map(|fact| fact.number).collect();
    assert!(kept.windows(2).all(|pair| pair[1] < pair[0]), "in order, and each once");
    assert_eq!(kept.first(), Some(&(sandbox.world().fact_count() - 1)));
    assert!(kept.contains(&crash), "a crash is kept");
    // What is not kept any more is passed over, and the end is the right one.
    let newest = sandbox.world().fact_count() - 1;
    for number in newest - 2_000..newest {
        let fact = sandbox.world().fact(number).unwrap();
        check_chain(&sandbox, fact).unwrap();
        assert!(!matches!(fact.origin, Origin::Schedule));
    }
}
