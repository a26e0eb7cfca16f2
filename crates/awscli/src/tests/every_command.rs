//! Nothing that can be asked of the sandbox is without its line: the generators of [`super::rendering`] make every
//! kind of command, and every operation of the model with any of its members is read back from its line.

use std::collections::BTreeSet;

use awsjson::{Kind, Member, members};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use kinesis::Operation;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value};
use sim::{AccountCommand, Command, S3Command};

use super::rendering::{any_command, tags, text, word};
use crate::{parse, render};

/// Names the kind of a command, and lists all kinds: a new one does not compile until it has a line here, and then
/// fails until a generator makes it.
macro_rules! kinds {
    ($($pattern:pat => $name:literal,)*) => {
        fn kind_of(command: &Command) -> &'static str {
            match command { $($pattern => $name,)* }
        }
        const KINDS: &[&str] = &[$($name,)*];
    };
}

kinds! {
    Command::Call(_) => "call",
    Command::CallAs { .. } => "call as somebody else",
    Command::StartProducer(_) => "start a producer",
    Command::ChangeProducer(_) => "change a producer",
    Command::StopProducer { .. } => "stop a producer",
    Command::StartKpl(_) => "start a program with the KPL",
    Command::ChangeKpl(_) => "change a program with the KPL",
    Command::StopKpl { .. } => "stop a program with the KPL",
    Command::StartReader(_) => "start a reader",
    Command::StopReader { .. } => "stop a reader",
    Command::StartApplication(_) => "start an application",
    Command::AddWorker { .. } => "add a worker",
    Command::Worker { .. } => "do something to a worker",
    Command::SetWorkerHost { .. } => "give a worker another host",
    Command::ChangeApplication(_) => "change an application",
    Command::DeleteLease { .. } => "delete a lease",
    Command::DeleteLeaseTable { .. } => "delete a lease table",
    Command::SetTableCapacity { .. } => "set the capacity of a table",
    Command::CloseSubscription { .. } => "close a subscription",
    Command::SetPolicy { .. } => "set a policy",
    Command::SetKeyState { .. } => "set the state of a key",
    Command::Attach { .. } => "attach a role",
    Command::StartAttached { .. } => "start something as a role",
    Command::Answer { .. } => "answer",
    Command::SetVariable { .. } => "set a variable",
    Command::WriteFile { .. } => "write a file",
    Command::Lambda(_) => "change functions or mappings",
    Command::Account(AccountCommand::PutAlarm(_)) => "put an alarm",
    Command::Account(AccountCommand::DeleteAlarm { .. }) => "delete an alarm",
    Command::Account(AccountCommand::SetDataEvents(_)) => "set data events",
    Command::Fault(_) => "let something go wrong",
    Command::ClearFaults { .. } => "clear faults",
    Command::Firehose(_) => "change Firehose streams",
    Command::Flink(_) => "change Flink applications",
    Command::Dms(_) => "change replication tasks",
    Command::Agent(_) => "change servers with the Kinesis Agent",
    Command::Account(AccountCommand::SetEndpoint { .. }) => "set an endpoint",
    Command::Account(AccountCommand::DeleteEndpoint { .. }) => "delete an endpoint",
    Command::Account(AccountCommand::SetKeyPolicy { .. }) => "set a key's policy",
    Command::Account(AccountCommand::CreateIdentity { .. }) => "make a user or role",
    Command::Account(AccountCommand::DeleteIdentity { .. }) => "delete a user or role",
    Command::S3(S3Command::CreateBucket { .. }) => "create a bucket",
    Command::S3(S3Command::DeleteBucket { .. }) => "delete a bucket",
    Command::S3(S3Command::PutObject { .. }) => "put an object",
    Command::S3(S3Command::DeleteObject { .. }) => "delete an object",
}

/// What only a program does, by name: its line is a comment, which does nothing.
const COMMENTS: &[&str] = &["close a subscription"];

#[test]
fn the_generators_make_every_kind_of_command() {
    let mut runner = TestRunner::deterministic();
    let strategy = any_command();
    let made: BTreeSet<&str> =
        (0..8_000).map(|_| kind_of(&strategy.new_tree(&mut runner).unwrap().current())).collect();
    let missing: Vec<&&str> =
        KINDS.iter().filter(|kind| !made.contains(*kind) && !COMMENTS.contains(kind)).collect();
    assert_eq!(missing, [&""; 0], "no generator makes these");
    let comment = render(&Command::CloseSubscription { subscription: 1 });
    assert_eq!(parse(&comment).unwrap().command(), None, "{comment}");
}

/// A value for a member, as it stands on the wire.
fn value(member: &'static Member) -> BoxedStrategy<Value> {
    let min = member.min.unwrap_or_default();
    match member.kind {
        Kind::String if min > 0 => text().prop_map(Value::from).boxed(),
        Kind::String => word().prop_map(Value::from).boxed(),
        Kind::Integer => (min..=i64::MAX).prop_map(Value::from).boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Timestamp => (0u64..200_000_000_000).prop_map(Value::from).boxed(),
        Kind::Blob => {
            let bytes = prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..8),
                word().prop_map(String::into_bytes),
            ];
            bytes.prop_map(|bytes| Value::from(BASE64.encode(bytes))).boxed()
        }
        Kind::StructureList(inner) => {
            proptest::collection::vec(structure(inner), 1..4).prop_map(Value::from).boxed()
        }
        Kind::Structure(inner) => structure(inner).prop_map(Value::from).boxed(),
        Kind::StringList => {
            proptest::collection::vec(text().prop_map(Value::from), 1..4).prop_map(Value::from).boxed()
        }
        Kind::Document => unreachable!("no operation of Kinesis has one"),
        Kind::Map => tags()
            .prop_map(|map| map.into_iter().map(|(key, value)| (key, Value::from(value))).collect())
            .boxed(),
    }
}

fn structure(table: &'static [Member]) -> BoxedStrategy<Map<String, Value>> {
    let mut whole: BoxedStrategy<Vec<(String, Value)>> = Just(Vec::new()).boxed();
    for member in table.iter().filter(|member| member.is_simulated) {
        let given = match member.is_required {
            true => value(member).prop_map(Some).boxed(),
            false => proptest::option::weighted(0.6, value(member)).boxed(),
        };
        let name = member.name;
        whole = (whole, given)
            .prop_map(move |(mut members, given)| {
                members.extend(given.map(|value| (name.to_owned(), value)));
                members
            })
            .boxed();
    }
    // An empty structure is written like none at all.
    let needs_one = !table.is_empty();
    whole
        .prop_filter("empty", move |members| !needs_one || !members.is_empty())
        .prop_map(|members| members.into_iter().collect())
        .boxed()
}

/// A request of any operation that has a command, with any of its members.
fn any_call() -> impl Strategy<Value = Command> {
    let operations: Vec<Operation> = crate::aws::commands().collect();
    proptest::sample::select(operations).prop_flat_map(|operation| {
        structure(members(operation)).prop_map(move |given| {
            Command::Call(awsjson::decode_members(operation, given).expect("made as the model says"))
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn any_members_of_any_operation_are_read_back_from_their_line(command in any_call()) {
        let line = render(&command);
        let read = parse(&line).map(|line| line.command());
        prop_assert_eq!(read, Ok(Some(command)), "{}", line);
    }
}
