//! Commands to servers with the Kinesis Agent in saved sessions.

use serde_json::Value;

use super::{Content, Members, known, member, texts};
use crate::{AgentChange, AgentCommand, AgentSpec, Command, LogFormat, LogSpec};

impl Content for LogFormat {
    fn read(value: &Value) -> Option<LogFormat> {
        LogFormat::parse(value.as_str()?)
    }

    fn write(&self) -> Value {
        Value::from(self.name())
    }
}

impl Content for LogSpec {
    fn read(value: &Value) -> Option<LogSpec> {
        LogSpec::from_members(value.as_object()?).ok()
    }

    fn write(&self) -> Value {
        Value::Object(self.to_members())
    }
}

pub(super) fn write(command: &AgentCommand) -> (&'static str, Members) {
    match command {
        AgentCommand::Start(spec) => ("StartAgent", spec.to_members()),
        AgentCommand::Change(change) => ("ChangeAgent", change.to_members()),
        AgentCommand::AddLog { name, log } => {
            let mut members = texts(&[("name", name)]);
            members.insert("log".to_owned(), log.write());
            ("AddLog", members)
        }
        AgentCommand::Stop { name } => ("StopAgent", texts(&[("name", name)])),
        AgentCommand::Restart { name } => ("RestartAgent", texts(&[("name", name)])),
    }
}

/// Reads what [`write`] wrote; none where the name is another command's.
pub(super) fn read(name: &str, members: &Members) -> Option<Result<Command, String>> {
    let read: fn(&Members) -> Result<AgentCommand, String> = match name {
        "StartAgent" => |members| AgentSpec::from_members(members).map(AgentCommand::Start),
        "ChangeAgent" => |members| AgentChange::from_members(members).map(AgentCommand::Change),
        "AddLog" => |members| {
            known(members, &["name", "log"])?;
            Ok(AgentCommand::AddLog { name: member(members, "name")?, log: member(members, "log")? })
        },
        "StopAgent" => |members| {
            known(members, &["name"])?;
            Ok(AgentCommand::Stop { name: member(members, "name")? })
        },
        "RestartAgent" => |members| {
            known(members, &["name"])?;
            Ok(AgentCommand::Restart { name: member(members, "name")? })
        },
        _ => return None,
    };
    Some(read(members).map(Command::from))
}
