//! Answers as the AWS CLI v2 prints them: JSON with four spaces, members in the order of the model, times as text.

use kinesis::{Instant, Response};
use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};

use crate::time::aws_text;

/// The answer as a value with printable times; `null` where the operation answers nothing.
pub(super) fn to_value(response: Response) -> Value {
    let reply = awsjson::encode(&Ok(response));
    let mut value = serde_json::from_str(&reply.body).unwrap_or_default();
    print_times(&mut value);
    value
}

/// The value as it is printed, with the newline; nothing for `null`.
pub(super) fn json(value: &Value) -> String {
    if value.is_null() {
        return String::new();
    }
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b"    "));
    let mut text = match value.serialize(&mut serializer) {
        Ok(()) => String::from_utf8(bytes).unwrap_or_default(),
        Err(error) => error.to_string(),
    };
    text.push('\n');
    text
}

/// On the wire times are numbers of seconds; the members that hold one have names that say so.
fn print_times(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(print_times),
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                match member.as_f64().filter(|_| name.ends_with("Timestamp")) {
                    Some(seconds) => {
                        let instant = Instant::from_millis((seconds * 1_000.0).round() as u64);
                        *member = Value::from(aws_text(instant));
                    }
                    None => print_times(member),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
