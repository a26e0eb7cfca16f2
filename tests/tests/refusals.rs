//! What a refused request leaves behind: nothing. Random requests of all operations, through the wire.

use std::collections::BTreeSet;

use awsjson::members;
use kinesis::{Duration, LimitsProfile, Operation};
use serde_json::Value;
use tests::dice::Dice;
use tests::model::Model;
use tests::requests::{self, Memory, request};
use tests::wire::Wire;

/// All that the service holds, budgets left out: a refused request may have taken from those.
fn state(wire: &Wire) -> String {
    let whole = without(&format!("{:?}", wire.service), "call_rates: SortedMap {", "] }");
    without(&whole, "Quota {", "}")
}

/// The text without what begins and ends so.
fn without(text: &str, beginning: &str, end: &str) -> String {
    let mut parts = text.split(beginning);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |rest, part| rest + part.split_once(end).map_or("", |(_, rest)| rest))
}

/// One world that begins with two streams, of one profile, and its dice.
fn world(seed: u64) -> (Wire, Dice) {
    let mut dice = Dice::new(seed);
    let profile = LimitsProfile::ALL[dice.below(3) as usize];
    let mut wire = Wire::new(profile);
    wire.send("CreateStream", r#"{"StreamName":"orders","ShardCount":2}"#);
    wire.send("CreateStream", r#"{"StreamName":"clicks"}"#);
    wire.wait(Duration::from_seconds(20));
    (wire, dice)
}

fn wait(wire: &mut Wire, dice: &mut Dice) {
    let span = match dice.below(20) {
        0 => Duration::from_seconds(dice.below(40)),
        1 => Duration::from_hours(dice.below(3)),
        _ => Duration::from_millis(dice.below(700)),
    };
    wire.wait(span);
}

/// Exceptions that the model does not name with each operation: of the form and the members of a request, of arguments
/// that contradict each other, and our own.
const OF_ALL: [&str; 3] = ["SerializationException", "ValidationException", "NotSimulatedException"];

#[test]
fn a_refused_request_changes_nothing_and_one_that_only_looks_neither() {
    let model = Model::read();
    let (mut accepted, mut refused) = (BTreeSet::new(), BTreeSet::new());
    for seed in 0..120 {
        let (mut wire, mut dice) = world(seed);
        let mut memory = Memory::default();
        for step in 0..60 {
            wait(&mut wire, &mut dice);
            let (mut operation, mut body) = request(&mut dice, &memory);
            // In every other world one operation is called again and again, with time for it to take effect: what is
            // refused because of a limit per day is reached, too.
            if seed % 2 == 1 && dice.percent(50) {
                operation = Operation::ALL[(seed / 2) as usize % Operation::ALL.len()];
                body = requests::body(&mut dice, &memory, operation);
                wire.wait(Duration::from_seconds(40));
            }
            let before = state(&wire);
            let reply = wire.send(operation.name(), &body.to_string());
            let told = || format!("seed {seed}, step {step}: {operation} {body}\n{}", reply.body);
            let answer: Value = serde_json::from_str(&reply.body).unwrap_or_default();
            if reply.status == 200 {
                accepted.insert(operation.name());
                memory.keep(&reply.body);
                // What SubscribeToShard answers comes as events, not as a body.
                if operation != Operation::SubscribeToShard
                    && let Err(why) = model.check_answer(operation.name(), &answer)
                {
                    panic!("{why}\n{}", told());
                }
            } else {
                refused.insert(operation.name());
                let code = answer["__type"].as_str().unwrap_or_default();
                let is_known = model.errors(operation.name()).contains(&code) || OF_ALL.contains(&code);
                assert!(reply.status == 400 && answer["message"].is_string() && is_known, "{}", told());
            }
            // Each reading and each subscription is something of its own, which leaves the streams as they are.
            let begins = matches!(operation, Operation::GetShardIterator | Operation::SubscribeToShard);
            let may_change = reply.status == 200 && (!operation.is_read_only() || begins);
            if !may_change {
                assert_eq!(state(&wire), before, "{}", told());
            }
        }
    }
    // The worlds are random; that they reach every operation both ways is what makes the test worth its name.
    let all: BTreeSet<&str> = Operation::ALL.iter().map(|operation| operation.name()).collect();
    assert_eq!(accepted, all, "never accepted: {:?}", all.difference(&accepted));
    let has_members =
        |name: &&&str| Operation::parse(name).is_some_and(|operation| !members(operation).is_empty());
    let never_refused: Vec<_> = all.difference(&refused).filter(has_members).collect();
    assert!(never_refused.is_empty(), "never refused: {never_refused:?}");
}

#[test]
fn played_again_every_answer_is_the_same() {
    for seed in 200..220 {
        let play = || {
            let (mut wire, mut dice) = world(seed);
            let mut memory = Memory::default();
            let mut answers = Vec::new();
            for _ in 0..60 {
                wait(&mut wire, &mut dice);
                let (operation, body) = request(&mut dice, &memory);
                let reply = wire.send(operation.name(), &body.to_string());
                memory.keep(&reply.body);
                answers.push(reply);
            }
            (answers, wire.facts.clone(), format!("{:?}", wire.service))
        };
        assert_eq!(play(), play(), "seed {seed}");
    }
}
