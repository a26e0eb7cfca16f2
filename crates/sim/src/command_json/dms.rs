//! Commands to replication tasks in saved sessions.

use super::{Content, Members, known, member, set, texts};
use crate::{Command, DmsCommand, DmsSpec};

pub(super) fn write(command: &DmsCommand) -> (&'static str, Members) {
    match command {
        DmsCommand::Create(spec) => ("CreateReplicationTask", spec.to_members()),
        DmsCommand::Stop { task } => ("StopReplicationTask", texts(&[("task", task)])),
        DmsCommand::Start { task, start } => {
            let mut members = texts(&[("task", task)]);
            set(&mut members, "start", start.write());
            ("StartReplicationTask", members)
        }
        DmsCommand::Delete { task } => ("DeleteReplicationTask", texts(&[("task", task)])),
    }
}

/// Reads what [`write`] wrote; none where the name is another command's.
pub(super) fn read(name: &str, members: &Members) -> Option<Result<Command, String>> {
    let read: fn(&Members) -> Result<DmsCommand, String> = match name {
        "CreateReplicationTask" => |members| DmsSpec::from_members(members).map(DmsCommand::Create),
        "StopReplicationTask" => |members| {
            known(members, &["task"])?;
            Ok(DmsCommand::Stop { task: member(members, "task")? })
        },
        "StartReplicationTask" => |members| {
            known(members, &["task", "start"])?;
            Ok(DmsCommand::Start { task: member(members, "task")?, start: member(members, "start")? })
        },
        "DeleteReplicationTask" => |members| {
            known(members, &["task"])?;
            Ok(DmsCommand::Delete { task: member(members, "task")? })
        },
        _ => return None,
    };
    Some(read(members).map(Command::from))
}
