//! Commands to Data Firehose in saved sessions.

use std::sync::Arc;

use serde_json::Value;

use super::{Content, Members, known, member, set, texts};
use crate::{Command, DeliveryStreamSpec, FirehoseCommand};

pub(super) fn write(command: &FirehoseCommand) -> (&'static str, Members) {
    match command {
        FirehoseCommand::CreateDeliveryStream(spec) => ("CreateDeliveryStream", spec.to_members()),
        FirehoseCommand::DeleteDeliveryStream { name } => ("DeleteDeliveryStream", texts(&[("name", name)])),
        FirehoseCommand::PutRecords { name, records, is_batch } => {
            let mut members = texts(&[("name", name)]);
            set(&mut members, "records", Value::Array(records.iter().map(Content::write).collect()));
            if *is_batch {
                set(&mut members, "is_batch", Value::Bool(true));
            }
            ("PutToDeliveryStream", members)
        }
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
        "PutToDeliveryStream" => |members| {
            known(members, &["name", "records", "is_batch"])?;
            let records = members.get("records").and_then(Value::as_array).into_iter().flatten();
            let records: Option<Vec<Arc<[u8]>>> = records.map(Content::read).collect();
            Ok(FirehoseCommand::PutRecords {
                name: member(members, "name")?,
                records: records.ok_or("the member records is of another kind")?,
                is_batch: members.get("is_batch").and_then(Value::as_bool).unwrap_or_default(),
            })
        },
        _ => return None,
    };
    Some(read(members).map(Command::from))
}
