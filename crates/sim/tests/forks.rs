//! Two worlds of one seed: no change, no difference; one change, and where it shows first.

mod support;

use proptest::prelude::*;
use sim::{Command, Fact, FaultKind, FaultSpec, RetryPolicy, WorkerAction};
use support::steps::{Step, any_session, any_step, play, play_on};
use support::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn without_a_change_there_is_no_difference(before in any_session(), after in any_session(), frame in 1u64..3_000) {
        let mut here = play(&before, 1_000, None);
        let mut there = here.fork();
        play_on(&mut here, &after, 60_000, None);
        play_on(&mut there, &after, frame, Some(7));
        prop_assert_eq!(here.difference(&there), None);
        prop_assert_eq!(view(&here), view(&there));
    }

    #[test]
    fn one_change_shows_first_at_that_command(before in any_session(), change in any_step(), after in any_session()) {
        let mut here = play(&before, 1_000, None);
        let at = here.now();
        let facts = here.world().fact_count();
        let mut there = here.fork();
        let Step::Give(command) = change else { return Ok(()) };
        if there.submit(command).is_err() || there.world().fact_count() == facts {
            return Ok(());
        }
        play_on(&mut here, &after, 1_000, None);
        play_on(&mut there, &after, 1_000, None);
        let difference = here.difference(&there);
        prop_assert!(difference.is_some());
        let first = difference.and_then(|difference| difference.first);
        prop_assert!(first.as_ref().is_none_or(|first| first.at >= at), "{:?}", first);
        let number = first.and_then(|first| first.there.or(first.here)).map(|fact| fact.number);
        prop_assert!(number.is_none_or(|number| number >= facts));
    }
}

#[test]
fn back_off_against_none_differs_in_what_is_lost() {
    let mut here = with_stream(1);
    give(&mut here, Command::StartProducer(producer(1_200)));
    seconds(&mut here, 5);
    let mut there = here.fork();
    let retry = Some(RetryPolicy::Backoff);
    give(
        &mut there,
        Command::ChangeProducer(sim::ProducerChange { name: "web".into(), retry, ..Default::default() }),
    );
    seconds(&mut here, 10);
    seconds(&mut there, 10);
    let difference = here.difference(&there).unwrap();
    let first = difference.first.unwrap();
    assert!(matches!(first.there.map(|fact| fact.fact), Some(Fact::ProducerChanged { .. })));
    let lost = difference.figures.iter().find(|figure| figure.name == "web: lost").unwrap();
    assert!(lost.here > lost.there, "{lost:?}");
}

/// Ten thousand facts later the journal does not reach back to the change any more; the histories do.
#[test]
fn a_first_difference_long_ago_is_found_in_the_histories() {
    let mut here = with_stream(2);
    give(&mut here, Command::StartProducer(producer(200)));
    give(&mut here, Command::StartApplication(application(2)));
    seconds(&mut here, 60);
    let mut there = here.fork();
    act(&mut there, "w1", WorkerAction::Crash);
    let at = here.now();
    seconds(&mut here, 120);
    seconds(&mut there, 120);
    assert!(here.world().fact_count() > 40_000, "{}", here.world().fact_count());
    let first = here.difference(&there).unwrap().first.unwrap();
    assert_eq!(first.at, at);
    assert!(matches!(first.there.map(|fact| fact.fact), Some(Fact::WorkerCrashed { .. })));
    give(&mut there, Command::Fault(FaultSpec::new(FaultKind::Pause, "billing/w2")));
    assert!(here.fork().difference(&here).is_none());
}

#[test]
fn the_other_world_is_kept_switched_to_and_let_go() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(producer(1_200)));
    assert!(!sandbox.switch_worlds() && !sandbox.bring_other(), "there is none");
    sandbox.begin_fork();
    seconds(&mut sandbox, 20);
    assert!(sandbox.bring_other());
    let same = sandbox.other().map(|other| sandbox.difference(other));
    assert_eq!(same, Some(None), "it went the same way by itself");
    let without = sandbox.digest();
    assert!(sandbox.switch_worlds());
    give(&mut sandbox, Command::StopProducer { name: "web".into() });
    seconds(&mut sandbox, 10);
    assert!(sandbox.undo() && !view(&sandbox).producers.is_empty(), "undo is of this world");
    assert!(sandbox.redo());
    assert!(sandbox.bring_other());
    let difference = sandbox.other().and_then(|other| sandbox.difference(other)).unwrap();
    let made = difference.figures.iter().find(|figure| figure.name == "web: made").unwrap();
    assert_eq!((made.here, made.there), (Some(24_000), Some(36_000)), "20 s here, and 30 s there");
    assert!(sandbox.switch_worlds() && view(&sandbox).producers[0].is_running);
    assert_eq!(sandbox.take_other().map(|other| view(&other).producers[0].is_running), Some(false));
    assert!(sandbox.other().is_none());
    sandbox.seek(sandbox.now().back(kinesis::Duration::from_seconds(10))).unwrap();
    assert_eq!(sandbox.digest(), without);
}
