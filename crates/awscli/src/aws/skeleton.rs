//! `--generate-cli-skeleton`: the members of a request with nothing in them.

use awsjson::{Kind, Member};
use serde_json::{Map, Value};

use super::print;
use crate::collect;
use crate::nearest::nearest;
use crate::{Line, UsageError, UsageKind, Word};

/// Whether it is asked for the request, which is what the option alone means; only the answer needs what a call needs.
pub(super) fn is_of_input(typed: &[collect::Value<'_>]) -> bool {
    typed.first().is_none_or(|kind| kind.text != "output")
}

/// The line that prints it.
pub(super) fn line(
    table: &[Member],
    typed: &[collect::Value<'_>],
    words: &[Word],
) -> Result<Line, UsageError> {
    let kind = typed.first().map_or("input", |kind| kind.text);
    let position = typed.first().map_or_else(|| super::values::end_of(words), |kind| kind.span.clone());
    match kind {
        "input" => Ok(Line::Print(print::json(&Value::Object(structure(table))))),
        "output" | "yaml-input" => {
            let message = format!(
                "--generate-cli-skeleton {kind} exists in the AWS CLI but is not simulated here; without {kind} it \
                 prints the request."
            );
            Err(UsageError::sandbox(position, message))
        }
        other => {
            let message = format!("argument --generate-cli-skeleton: Found invalid choice '{other}'");
            let near = nearest(other, ["input", "output", "yaml-input"], 80);
            let hint = "--generate-cli-skeleton is input; output and yaml-input exist in the AWS CLI but are not \
                        simulated here";
            Err(UsageError::new(UsageKind::InvalidChoice, position, message).suggesting(near).hinting(hint))
        }
    }
}

fn structure(members: &[Member]) -> Map<String, Value> {
    members.iter().map(|member| (member.name.to_owned(), value(member))).collect()
}

/// Observed: AWS CLI 2.9.19 prints the first value of an enumeration, `null` for bytes.
fn value(member: &Member) -> Value {
    match member.kind {
        Kind::String => Value::from(first_choice(member.name)),
        Kind::Integer => Value::from(0),
        Kind::Boolean => Value::from(true),
        Kind::Timestamp => Value::from("1970-01-01T00:00:00"),
        Kind::Blob => Value::Null,
        Kind::StructureList(members) => Value::Array(vec![Value::Object(structure(members))]),
        Kind::Structure(members) => Value::Object(structure(members)),
        Kind::StringList => Value::Array(vec![Value::from(first_choice(member.name))]),
        Kind::Map | Kind::Document => {
            Value::Object(Map::from_iter([("KeyName".to_owned(), Value::from(""))]))
        }
    }
}

/// The first value that the model lists for a member; nothing for free text.
fn first_choice(member: &str) -> &'static str {
    match member {
        "ShardIteratorType" => "AT_SEQUENCE_NUMBER",
        "StreamMode" => "PROVISIONED",
        "EncryptionType" => "NONE",
        "ScalingType" => "UNIFORM_SCALING",
        "ShardLevelMetrics" => "IncomingBytes",
        "Type" => "AFTER_SHARD_ID",
        _ => "",
    }
}
