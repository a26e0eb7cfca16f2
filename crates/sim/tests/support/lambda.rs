//! Functions and event source mappings, as the tests of Lambda set them up.

use kinesis::{Blob, PutRecordInput};
use sim::{Command, FunctionSpec, LambdaCommand, MappingSpec, MappingView, Sandbox, StartingPosition};

use super::{give, view, with_stream};

pub const ARN: &str = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
pub const DLQ: &str = "arn:aws:sqs:us-east-1:123456789012:failed";

pub fn put_data(sandbox: &mut Sandbox, key: &str, data: impl Into<Vec<u8>>) {
    let input = PutRecordInput {
        stream_name: Some("orders".into()),
        partition_key: Some(key.into()),
        data: Some(Blob::Bytes(data.into())),
        ..Default::default()
    };
    give(sandbox, Command::Call(input.into()));
}

pub fn function(change: impl FnOnce(&mut FunctionSpec)) -> Command {
    let mut spec = FunctionSpec::new("worker");
    change(&mut spec);
    Command::from(LambdaCommand::CreateFunction(spec))
}

pub fn map(change: impl FnOnce(&mut MappingSpec)) -> Command {
    let mut spec = MappingSpec::new("worker", ARN, StartingPosition::TrimHorizon);
    change(&mut spec);
    Command::from(LambdaCommand::CreateEventSourceMapping(spec))
}

pub fn poisoned(spec: &mut FunctionSpec) {
    spec.fails_when = Some("status=poison".parse().expect("it is a condition"));
}

pub fn mapping(sandbox: &Sandbox) -> MappingView {
    view(sandbox).mappings[0].clone()
}

/// Ten records into one shard, the seventh of which makes the function fail.
pub fn with_poison(change: impl FnOnce(&mut MappingSpec)) -> Sandbox {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(poisoned));
    for n in 1..=10 {
        let status = if n == 7 { "poison" } else { "fine" };
        put_data(&mut sandbox, &format!("k{n}"), format!(r#"{{"n":{n},"status":"{status}"}}"#));
    }
    give(&mut sandbox, map(change));
    sandbox
}
