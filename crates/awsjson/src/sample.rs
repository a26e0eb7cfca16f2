//! A request with every member in it, for tests of what reads, writes or shows members.

use serde_json::{Map, Value, json};

use crate::{Kind, Member};

/// A value for each of the members that is simulated.
pub fn sample_of(members: &[Member]) -> Map<String, Value> {
    let value = |member: &Member| match member.kind {
        Kind::String => Value::from("text"),
        Kind::Integer => Value::from(5),
        Kind::Boolean => Value::from(true),
        Kind::Timestamp => Value::from(1_767_225_600.25),
        Kind::Blob => Value::from("aGVsbG8="),
        Kind::StringList => json!(["text"]),
        Kind::StructureList(members) => Value::Array(vec![Value::Object(sample_of(members))]),
        Kind::Structure(members) => Value::Object(sample_of(members)),
        Kind::Map | Kind::Document => json!({"Owner": "me"}),
    };
    let simulated = members.iter().filter(|member| member.is_simulated);
    simulated.map(|member| (member.name.to_owned(), value(member))).collect()
}
