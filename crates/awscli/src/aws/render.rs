//! A request as the line that makes it.

use std::borrow::Cow;

use awsjson::{Kind, Member, members};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use kinesis::{Instant, Operation, Request};
use serde_json::{Map, Value};

use super::command_name;
use crate::names::hyphenated;
use crate::quote;
use crate::time::short_text;

/// The line that asks for it: every learner's click teaches one.
///
/// SubscribeToShard has no command: it is written as a comment, which does nothing when it is run.
pub(crate) fn render(request: &Request) -> String {
    let operation = request.operation();
    if operation == Operation::SubscribeToShard {
        return format!("# {operation} {}", Value::Object(awsjson::members_of(request)));
    }
    let mut line = format!("aws kinesis {}", command_name(operation));
    let mut given = awsjson::members_of(request);
    let table = members(operation);
    if given.values().any(|value| value.as_str().is_some_and(is_file_name)) {
        // The AWS CLI would read a file of that name.
        print_times(&mut given, table);
        line.push_str(&format!(" --cli-input-json {}", quote(&Value::Object(given).to_string())));
        return line;
    }
    let is_raw = make_blobs_readable(&mut given, table);
    print_times(&mut given, table);
    for member in table {
        if let Some(value) = given.get(member.name) {
            line.push(' ');
            line.push_str(&option(member, value));
        }
    }
    if is_raw {
        line.push_str(" --cli-binary-format raw-in-base64-out");
    }
    line
}

fn option(member: &Member, value: &Value) -> String {
    let name = hyphenated(member.name);
    let text = match (member.kind, value) {
        (Kind::Boolean, Value::Bool(true)) => return format!("--{name}"),
        (Kind::Boolean, _) => return format!("--no-{name}"),
        (Kind::Structure(_) | Kind::Map, Value::Object(inner)) => shorthand(inner),
        (Kind::StringList, Value::Array(items)) if items.iter().all(is_plain_word) => {
            let words: Vec<_> = items.iter().filter_map(Value::as_str).map(quote).collect();
            return format!("--{name} {}", words.join(" "));
        }
        (_, Value::String(text)) => Cow::Borrowed(text.as_str()),
        (_, other) => Cow::Owned(other.to_string()),
    };
    let glue = if text.starts_with('-') { "=" } else { " " };
    format!("--{name}{glue}{}", quote(&text))
}

/// Whether the text can stand among the words of a list.
fn is_plain_word(value: &Value) -> bool {
    value.as_str().is_some_and(|text| {
        !text.is_empty()
            && !text.starts_with('-')
            && !text.trim_start().starts_with('[')
            && !is_file_name(text)
    })
}

/// Shorthand where every value can be written so, else JSON.
fn shorthand(inner: &Map<String, Value>) -> Cow<'_, str> {
    let is_plain_key = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let is_plain = |c: char| is_plain_key(c) || ":/".contains(c);
    let pairs: Option<Vec<String>> = inner
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| {
            let text = value.as_str().filter(|text| !text.is_empty() && text.chars().all(is_plain))?;
            (!key.is_empty() && key.chars().all(is_plain_key)).then(|| format!("{key}={text}"))
        })
        .collect();
    match pairs {
        Some(pairs) if pairs.first().is_some_and(|first| !is_file_name(first)) => Cow::Owned(pairs.join(",")),
        _ => {
            let given = inner.iter().filter(|(_, value)| !value.is_null());
            let given: Map<String, Value> = given.map(|(key, value)| (key.clone(), value.clone())).collect();
            Cow::Owned(Value::Object(given).to_string())
        }
    }
}

/// Puts the text itself for base64 where every blob of the request is text that can be read.
fn make_blobs_readable(given: &mut Map<String, Value>, table: &[Member]) -> bool {
    let mut blobs: Vec<&mut Value> = Vec::new();
    for (name, value) in given.iter_mut() {
        match table.iter().find(|member| member.name == name).map(|member| member.kind) {
            Some(Kind::Blob) => blobs.push(value),
            Some(Kind::StructureList(_)) => {
                let entries = value.as_array_mut().into_iter().flatten();
                for entry in entries.filter_map(Value::as_object_mut) {
                    entry.retain(|_, value| !value.is_null());
                    blobs.extend(entry.get_mut("Data"));
                }
            }
            _ => {}
        }
    }
    let texts: Option<Vec<String>> = blobs.iter().map(|blob| readable(blob)).collect();
    match texts {
        Some(texts) if !texts.is_empty() => {
            for (blob, text) in blobs.into_iter().zip(texts) {
                *blob = Value::from(text);
            }
            true
        }
        _ => false,
    }
}

fn readable(blob: &Value) -> Option<String> {
    let text = String::from_utf8(BASE64.decode(blob.as_str()?).ok()?).ok()?;
    (!text.contains(char::is_control) && !is_file_name(&text)).then_some(text)
}

fn is_file_name(text: &str) -> bool {
    text.starts_with("file://") || text.starts_with("fileb://")
}

fn print_times(given: &mut Map<String, Value>, table: &[Member]) {
    for member in table {
        match (member.kind, given.get_mut(member.name)) {
            (Kind::Timestamp, Some(value)) => {
                if let Some(seconds) = value.as_f64() {
                    *value =
                        Value::from(short_text(Instant::from_millis((seconds * 1_000.0).round() as u64)));
                }
            }
            (Kind::Structure(inner), Some(Value::Object(given))) => print_times(given, inner),
            _ => {}
        }
    }
}
