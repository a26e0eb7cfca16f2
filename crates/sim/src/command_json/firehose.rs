//! Commands to Data Firehose in saved sessions.

use super::{Members, known, member, texts};
use crate::{Command, DeliveryStreamSpec, FirehoseCommand};

pub(super) fn write(command: &FirehoseCommand) -> (&'static str, Members) {
    match command {
        FirehoseCommand::CreateDeliveryStream(spec) => ("CreateDeliveryStream", spec.to_members()),
        FirehoseCommand::DeleteDeliveryStream { name } => ("DeleteDeliveryStream", texts(&[("name", name)])),
    }
}

/// Reads what [`write`] wrote; none where the name is another command's.
pub(super) fn read(name: &str, members: &Members) -> Option<Result<Command, String>> {
    let read: fn(&Members) -> Result<FirehoseCommand, String> = match name {
        "CreateDeliveryStream" => {
            |members| DeliveryStreamSpec::from_members(members).map(FirehoseCommand::CreateDeliveryStream)
        }
        "DeleteDeliveryStream" => |members| {
            known(members, &["name"])?;
            Ok(FirehoseCommand::DeleteDeliveryStream { name: member(members, "name")? })
        },
        _ => return None,
    };
    Some(read(members).map(Command::from))
}
