//! The JSON types of a request's members against those of the model.
//!
//! Observed: kinesalite's tests ran against AWS from 2015 to 2020 and gave the wording; today's parser may differ.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Number, Value};

use crate::{Kind, Member};

const LIST_NOT_EXPECTED: &str = "Start of list found where not expected";
const STRUCTURE_NOT_EXPECTED: &str = "Start of structure or map found where not expected.";

/// Characters of a learner's own text that a message repeats.
const ECHO_CHARS_MAX: usize = 200;

/// Checks the given members, in their order, and turns what AWS converts silently into the type of the model.
pub(crate) fn convert(given: &mut Map<String, Value>, members: &[Member]) -> Result<(), String> {
    for (name, value) in given.iter_mut() {
        if let Some(member) = members.iter().find(|member| member.name == name) {
            convert_value(value, member.kind)?;
        }
    }
    Ok(())
}

/// What AWS says of a body that is JSON and no structure.
pub(crate) fn not_a_structure(value: &Value) -> &'static str {
    if value.is_array() { LIST_NOT_EXPECTED } else { "Expected null" }
}

fn convert_value(value: &mut Value, kind: Kind) -> Result<(), String> {
    if value.is_null() {
        return Ok(());
    }
    match kind {
        Kind::String => match value {
            Value::String(_) => Ok(()),
            other => Err(not_convertible(other, "an String")),
        },
        Kind::Integer => convert_integer(value),
        Kind::Boolean => convert_boolean(value),
        Kind::Timestamp => match value {
            Value::Number(_) => Ok(()),
            other => Err(not_convertible(other, "milliseconds since epoch")),
        },
        Kind::Blob => match value {
            Value::String(text) => check_base64(text),
            other => Err(not_convertible(other, "a Blob")),
        },
        Kind::StructureList(members) => match value {
            Value::Array(items) => items.iter_mut().try_for_each(|item| {
                // Assumed: an entry of `null` is an entry without members, of which the service then complains.
                if item.is_null() {
                    *item = Value::Object(Map::new());
                }
                convert_value(item, Kind::Structure(members))
            }),
            Value::Object(_) => Err(STRUCTURE_NOT_EXPECTED.to_owned()),
            _ => Err("Expected list or null".to_owned()),
        },
        Kind::StringList => match value {
            Value::Array(items) => {
                items.retain(|item| !item.is_null());
                items.iter_mut().try_for_each(|item| convert_value(item, Kind::String))
            }
            Value::Object(_) => Err(STRUCTURE_NOT_EXPECTED.to_owned()),
            _ => Err("Expected list or null".to_owned()),
        },
        Kind::Structure(members) => match value {
            Value::Object(given) => convert(given, members),
            other => Err(not_a_structure(other).to_owned()),
        },
        Kind::Document => Ok(()),
        Kind::Map => match value {
            Value::Object(entries) => {
                entries.retain(|_, value| !value.is_null());
                entries.values_mut().try_for_each(|value| convert_value(value, Kind::String))
            }
            Value::Array(_) => Err(LIST_NOT_EXPECTED.to_owned()),
            _ => Err("Expected map or null".to_owned()),
        },
    }
}

fn not_convertible(value: &Value, wanted: &str) -> String {
    let class = match value {
        Value::Bool(_) => "java.lang.Boolean",
        Value::Number(_) => "java.math.BigDecimal",
        Value::Array(_) => return LIST_NOT_EXPECTED.to_owned(),
        Value::Object(_) => return STRUCTURE_NOT_EXPECTED.to_owned(),
        Value::String(_) | Value::Null => "java.lang.String",
    };
    format!("class {class} can not be converted to {wanted}")
}

/// Fractions are cut off. Assumed: numbers beyond 64 bits are the largest of them, and so out of every range.
fn convert_integer(value: &mut Value) -> Result<(), String> {
    let Value::Number(number) = &*value else { return Err(not_convertible(value, "an Integer")) };
    let whole = match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) => whole,
        (None, Some(fraction)) => fraction.floor() as i64,
        (None, None) => i64::MAX,
    };
    *value = Value::Number(Number::from(whole));
    Ok(())
}

fn convert_boolean(value: &mut Value) -> Result<(), String> {
    let Value::String(text) = &*value else {
        return if value.is_boolean() { Ok(()) } else { Err(not_convertible(value, "an Boolean")) };
    };
    let upper = text.to_ascii_uppercase();
    // Observed: these texts pass.
    *value = match upper.as_str() {
        "TRUE" | "1" | "YES" => Value::Bool(true),
        "FALSE" | "0" | "NO" => Value::Bool(false),
        _ => return Err(format!("'{}' can not be converted to an Boolean", shortened(&upper))),
    };
    Ok(())
}

fn check_base64(text: &str) -> Result<(), String> {
    if BASE64.decode(text).is_ok() {
        return Ok(());
    }
    let found = text.encode_utf16().count();
    let reason = if !found.is_multiple_of(4) {
        format!("Base64 encoded length is expected a multiple of 4 bytes but found: {found}")
    } else if let Some(wrong) = first_foreign(text) {
        format!("Invalid Base64 character: '{wrong}'")
    } else {
        // The misspelling is AWS's.
        "Invalid last non-pad Base64 character dectected".to_owned()
    };
    Err(format!("'{}' can not be converted to a Blob: {reason}", shortened(text)))
}

/// The first character that is not of the alphabet, or a `=` with something else than `=` behind it.
fn first_foreign(text: &str) -> Option<char> {
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_padding = c == '=' && rest.peek().is_none_or(|next| *next == '=');
        if !(c.is_ascii_alphanumeric() || c == '+' || c == '/' || is_padding) {
            return Some(c);
        }
    }
    None
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(ECHO_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
