//! Commands to Flink applications in saved sessions.

use super::{Members, known, member, texts};
use crate::{Command, FlinkCommand, FlinkSpec};

pub(super) fn write(command: &FlinkCommand) -> (&'static str, Members) {
    match command {
        FlinkCommand::Create(spec) => ("CreateFlinkApplication", spec.to_members()),
        FlinkCommand::Stop { name } => ("StopFlinkApplication", texts(&[("name", name)])),
        FlinkCommand::Start { name } => ("StartFlinkApplication", texts(&[("name", name)])),
        FlinkCommand::Fail { name } => ("FailFlinkApplication", texts(&[("name", name)])),
        FlinkCommand::Delete { name } => ("DeleteFlinkApplication", texts(&[("name", name)])),
    }
}

/// Reads what [`write`] wrote; none where the name is another command's.
pub(super) fn read(name: &str, members: &Members) -> Option<Result<Command, String>> {
    let named = |make: fn(String) -> FlinkCommand| {
        known(members, &["name"])?;
        Ok(Command::from(make(member(members, "name")?)))
    };
    Some(match name {
        "CreateFlinkApplication" => {
            FlinkSpec::from_members(members).map(|spec| Command::from(FlinkCommand::Create(spec)))
        }
        "StopFlinkApplication" => named(|name| FlinkCommand::Stop { name }),
        "StartFlinkApplication" => named(|name| FlinkCommand::Start { name }),
        "FailFlinkApplication" => named(|name| FlinkCommand::Fail { name }),
        "DeleteFlinkApplication" => named(|name| FlinkCommand::Delete { name }),
        _ => return None,
    })
}
