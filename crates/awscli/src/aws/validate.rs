//! What the AWS CLI checks before it sends: presence, types, smallest lengths and values. The rest it leaves to the
//! service.
//!
//! Documented: botocore 1.44, `validate.py`; texts observed with AWS CLI 2.9.19.

use awsjson::{Kind, Member};
use serde_json::{Map, Value};

use super::python;
use crate::time::parse_instant;

/// What is wrong with the members, one line each.
pub(super) fn validate(given: &Map<String, Value>, members: &[Member]) -> Vec<String> {
    let mut report = Report { lines: Vec::new() };
    report.structure(given, members, "");
    report.lines
}

struct Report {
    lines: Vec<String>,
}

impl Report {
    fn structure(&mut self, given: &Map<String, Value>, members: &[Member], path: &str) {
        let place = if path.is_empty() { "input" } else { path };
        for member in members.iter().filter(|member| member.is_required && !given.contains_key(member.name)) {
            self.lines.push(format!("Missing required parameter in {place}: \"{}\"", member.name));
        }
        for name in given.keys().filter(|name| members.iter().all(|member| member.name != *name)) {
            let known: Vec<&str> = members.iter().map(|member| member.name).collect();
            self.lines.push(format!(
                "Unknown parameter in {place}: \"{name}\", must be one of: {}",
                known.join(", ")
            ));
        }
        for (name, value) in given {
            if let Some(member) = members.iter().find(|member| member.name == name) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                self.value(value, member.kind, member.min, &path);
            }
        }
    }

    fn value(&mut self, value: &Value, kind: Kind, min: Option<i64>, path: &str) {
        match (kind, value) {
            (Kind::String, Value::String(text)) => self.length(text.chars().count(), min, path),
            // A boolean is an integer to Python; the service will see it.
            (Kind::Integer, Value::Bool(_)) | (Kind::Boolean, Value::Bool(_)) => {}
            (Kind::Integer, Value::Number(number)) if !number.is_f64() => {
                if let (Some(value), Some(min)) = (number.as_i64(), min)
                    && value < min
                {
                    self.lines.push(format!(
                        "Invalid value for parameter {path}, value: {value}, valid min value: {min}"
                    ));
                }
            }
            (Kind::Timestamp, Value::Number(_)) | (Kind::Blob, Value::String(_)) => {}
            (Kind::Timestamp, Value::String(text)) if parse_instant(text).is_some() => {}
            (Kind::StructureList(members), Value::Array(items)) => {
                self.length(items.len(), min, path);
                for (i, item) in items.iter().enumerate() {
                    self.value(item, Kind::Structure(members), None, &format!("{path}[{i}]"));
                }
            }
            (Kind::StringList, Value::Array(items)) => {
                self.length(items.len(), min, path);
                for (i, item) in items.iter().enumerate() {
                    // All texts in lists of the model have at least one character.
                    self.value(item, Kind::String, Some(1), &format!("{path}[{i}]"));
                }
            }
            (Kind::Structure(members), Value::Object(given)) => self.structure(given, members, path),
            (Kind::Map, Value::Object(entries)) => {
                self.length(entries.len(), min, path);
                for (key, value) in entries {
                    // All keys in maps of the model have at least one character.
                    self.length(key.chars().count(), Some(1), &format!("{path} (key: {key})"));
                    self.value(value, Kind::String, None, &format!("{path}.{key}"));
                }
            }
            (Kind::Document, Value::Object(_)) => {}
            (_, value) => self.lines.push(format!(
                "Invalid type for parameter {path}, value: {}, type: {}, valid types: {}",
                python::str(value),
                python::class(value),
                valid_types(kind)
            )),
        }
    }

    fn length(&mut self, length: usize, min: Option<i64>, path: &str) {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        if let Some(min) = min
            && length < min
        {
            self.lines.push(format!(
                "Invalid length for parameter {path}, value: {length}, valid min length: {min}"
            ));
        }
    }
}

fn valid_types(kind: Kind) -> &'static str {
    match kind {
        Kind::String => "<class 'str'>",
        Kind::Integer => "<class 'int'>",
        Kind::Boolean => "<class 'bool'>",
        Kind::Timestamp => "<class 'datetime.datetime'>, timestamp-string",
        Kind::Blob => "<class 'bytes'>, <class 'bytearray'>, file-like object",
        Kind::StructureList(_) | Kind::StringList => "<class 'list'>, <class 'tuple'>",
        Kind::Structure(_) | Kind::Map | Kind::Document => "<class 'dict'>",
    }
}
