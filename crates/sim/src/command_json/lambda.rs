//! Commands to AWS Lambda in saved sessions.

use serde_json::Value;

use super::{Members, known, member, set, texts};
use crate::{Command, FunctionSpec, LambdaCommand, MappingChange, MappingSpec};

pub(super) fn write(command: &LambdaCommand) -> (&'static str, Members) {
    match command {
        LambdaCommand::CreateFunction(spec) => ("CreateFunction", spec.to_members()),
        LambdaCommand::UpdateFunction(spec) => ("UpdateFunction", spec.to_members()),
        LambdaCommand::DeleteFunction { function } => ("DeleteFunction", texts(&[("function", function)])),
        LambdaCommand::CreateEventSourceMapping(spec) => ("CreateEventSourceMapping", spec.to_members()),
        LambdaCommand::UpdateEventSourceMapping { uuid, change } => {
            let mut members = texts(&[("uuid", uuid)]);
            set(&mut members, "change", Value::Object(change.to_members()));
            ("UpdateEventSourceMapping", members)
        }
        LambdaCommand::DeleteEventSourceMapping { uuid } => {
            ("DeleteEventSourceMapping", texts(&[("uuid", uuid)]))
        }
    }
}

/// Reads what [`write`] wrote; none where the name is another command's.
pub(super) fn read(name: &str, members: &Members) -> Option<Result<Command, String>> {
    let read: fn(&Members) -> Result<LambdaCommand, String> = match name {
        "CreateFunction" => |members| FunctionSpec::from_members(members).map(LambdaCommand::CreateFunction),
        "UpdateFunction" => |members| FunctionSpec::from_members(members).map(LambdaCommand::UpdateFunction),
        "DeleteFunction" => |members| {
            known(members, &["function"])?;
            Ok(LambdaCommand::DeleteFunction { function: member(members, "function")? })
        },
        "CreateEventSourceMapping" => {
            |members| MappingSpec::from_members(members).map(LambdaCommand::CreateEventSourceMapping)
        }
        "UpdateEventSourceMapping" => |members| {
            known(members, &["uuid", "change"])?;
            let change =
                members.get("change").and_then(Value::as_object).ok_or("the member change is missing")?;
            let (uuid, change) = (member(members, "uuid")?, MappingChange::from_members(change)?);
            Ok(LambdaCommand::UpdateEventSourceMapping { uuid, change })
        },
        "DeleteEventSourceMapping" => |members| {
            known(members, &["uuid"])?;
            Ok(LambdaCommand::DeleteEventSourceMapping { uuid: member(members, "uuid")? })
        },
        _ => return None,
    };
    Some(read(members).map(Command::from))
}
