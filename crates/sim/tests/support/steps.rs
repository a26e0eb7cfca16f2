//! Random sessions: commands of every kind, and time between them.

use kinesis::Duration;
use proptest::option::of;
use proptest::prelude::*;
use sim::{
    Command, FaultKind, FaultSpec, KeyRecipe, ProducerSpec, PutCall, ReaderSpec, RetryPolicy, Sandbox,
    StartingPosition, Way, WorkerAction,
};

use super::{application, create_stream, producer, put_record, sandbox, split_in_the_middle};

/// A step of a random session: a command, or some time.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)] // A handful of steps in a test.
pub enum Step {
    Give(Command),
    Wait(u64),
}

pub fn any_step() -> impl Strategy<Value = Step> {
    let worker = prop_oneof![Just("w1"), Just("w2"), Just("w3")];
    let action = prop_oneof![
        Just(WorkerAction::Crash),
        Just(WorkerAction::Pause),
        Just(WorkerAction::Resume),
        Just(WorkerAction::Restart),
        Just(WorkerAction::Stop),
    ];
    prop_oneof![
        4 => (1u64..20_000).prop_map(Step::Wait),
        1 => (1i64..4).prop_map(|shards| Step::Give(create_stream("orders", shards))),
        1 => Just(Step::Give(split_in_the_middle("orders"))),
        2 => "[a-d]".prop_map(|key| Step::Give(Command::Call(put_record("orders", &key)))),
        1 => (1u32..300, any::<bool>(), any::<bool>()).prop_map(|(rate, is_batch, retries)| {
            Step::Give(Command::StartProducer(ProducerSpec {
                call: if is_batch { PutCall::Batch } else { PutCall::Single },
                retry: if retries { RetryPolicy::Backoff } else { RetryPolicy::None },
                keys: KeyRecipe::Hot { percent: 50, key: "hot".into() },
                size: 9_000,
                ..producer(rate)
            }))
        }),
        1 => Just(Step::Give(Command::StopProducer { name: "web".into() })),
        1 => Just(Step::Give(Command::StartReader(ReaderSpec::new("tail", "orders", StartingPosition::TrimHorizon)))),
        1 => (1u32..3).prop_map(|workers| Step::Give(Command::StartApplication(application(workers)))),
        2 => any_fault().prop_map(Step::Give),
        1 => of(any_target()).prop_map(|target| Step::Give(Command::ClearFaults { target })),
        1 => Just(Step::Give(Command::AddWorker { application: "billing".into() })),
        2 => (worker, action).prop_map(|(worker, action)| Step::Give(Command::Worker {
            application: "billing".into(),
            worker: worker.into(),
            action,
        })),
    ]
}

fn any_target() -> impl Strategy<Value = String> {
    prop_oneof![Just("web"), Just("tail"), Just("billing/w1"), Just("billing/w2"), Just("orders")]
        .prop_map(str::to_owned)
}

fn any_fault() -> impl Strategy<Value = Command> {
    let way = prop_oneof![Just(Way::Both), Just(Way::Calls), Just(Way::Answers)];
    let millis = |max: u64| (1..max).prop_map(Duration::from_millis);
    let kind = prop_oneof![
        Just(FaultKind::Crash),
        Just(FaultKind::Pause),
        Just(FaultKind::Partition),
        (2u32..5_000).prop_map(|factor| FaultKind::Slow { factor }),
        millis(5_000).prop_map(|more| FaultKind::Latency { more }),
        (1u32..=100, way).prop_map(|(percent, way)| FaultKind::Loss { percent, way }),
        (millis(2_000_000), any::<bool>()).prop_map(|(by, is_ahead)| FaultKind::Clock { by, is_ahead }),
        Just(FaultKind::Throttle { shard: None }),
        Just(FaultKind::Poison { program: "billing".into(), key: "bad".into() }),
        millis(500).prop_map(|per_record| FaultKind::SlowSink { per_record }),
    ];
    (kind, of(any_target()), of(millis(60_000)))
        .prop_map(|(kind, target, lasts)| Command::Fault(FaultSpec { kind, target, lasts }))
}

pub fn any_session() -> impl Strategy<Value = Vec<Step>> {
    let begin = vec![Step::Give(create_stream("orders", 2)), Step::Wait(20_500)];
    prop::collection::vec(any_step(), 1..25).prop_map(move |steps| [begin.clone(), steps].concat())
}

/// Runs the session; waits are cut into frames of `frame` ms, each with a budget of `budget` events.
pub fn play(steps: &[Step], frame: u64, budget: Option<u64>) -> Sandbox {
    let mut sandbox = sandbox();
    play_on(&mut sandbox, steps, frame, budget);
    sandbox
}

/// As [`play`], in a world that is there.
pub fn play_on(sandbox: &mut Sandbox, steps: &[Step], frame: u64, budget: Option<u64>) {
    for step in steps {
        match step {
            // A refused command (no such worker, name taken) is part of the session too.
            Step::Give(command) => drop(sandbox.submit(command.clone())),
            Step::Wait(millis) => {
                let mut left = Duration::from_millis(*millis);
                while left > Duration::ZERO {
                    let span = left.min(Duration::from_millis(frame));
                    let mut rest = span;
                    while rest > Duration::ZERO {
                        rest = sandbox.advance(rest, budget);
                    }
                    left = Duration::from_micros(left.micros() - span.micros());
                }
            }
        }
    }
}
