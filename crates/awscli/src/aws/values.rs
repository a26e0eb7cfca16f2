//! Values of options as they are typed, turned into members of a request, and what Python does to them on the way.
//!
//! Documented: AWS CLI 2.36, `awscli/argprocess.py` and `paramfile.py`; botocore 1.44, `serialize.py`.

use std::borrow::Cow;
use std::ops::Range;

use awsjson::{Kind, Member};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value};

use super::json_error::json_error;
use super::python::{self, Base64Error};
use super::shorthand;
use crate::collect;
use crate::surroundings::Surroundings;
use crate::time::parse_instant;
use crate::{UsageError, UsageKind};

/// The value of an option for a member.
pub(super) fn read(
    option: &str,
    member: &Member,
    typed: &[collect::Value<'_>],
    surroundings: &Surroundings<'_>,
) -> Result<Value, UsageError> {
    let loaded = match typed {
        [only] => Some(text_of(option, only, surroundings)?),
        _ => None,
    };
    if let Some(loaded) = loaded.as_ref().filter(|loaded| loaded.is_base64) {
        return Ok(match member.kind {
            Kind::Blob => Value::from(format!("{IS_BASE64}{}", loaded.text)),
            _ => Value::from(&*loaded.text),
        });
    }
    let first = match &loaded {
        Some(loaded) => &*loaded.text,
        None => typed.first().map_or("", |value| value.text),
    };
    let position = match (typed.first(), typed.last()) {
        (Some(first), Some(last)) => first.span.start..last.span.end,
        _ => 0..0,
    };
    let parse_error = |message: String| {
        let message = format!("Error parsing parameter '{option}': {message}");
        UsageError::new(UsageKind::Parameter, position.clone(), message)
    };
    let in_short = |text: &str, position: &Range<usize>| {
        let mut parsed = shorthand::parse(text).map_err(|message| {
            let error = parse_error(message);
            if text.contains('=') { error } else { without_names(error, option, member, text) }
        })?;
        let members = match member.kind {
            Kind::Structure(members) | Kind::StructureList(members) => members,
            _ => &[],
        };
        as_the_model_says(&mut parsed, members)
            .map_err(|message| UsageError::new(UsageKind::General, position.clone(), message))?;
        Ok(parsed)
    };
    match member.kind {
        Kind::String | Kind::Timestamp | Kind::Blob => Ok(Value::from(first)),
        Kind::Boolean => Ok(Value::Bool(true)),
        Kind::Integer => python::int(first).map(Value::from).ok_or_else(|| {
            let message = format!("invalid literal for int() with base 10: {}", python::quoted(first));
            UsageError::new(UsageKind::General, position.clone(), message)
                .hinting(format!("{option} is a whole number"))
        }),
        Kind::Structure(_) | Kind::Map | Kind::Document => match first.trim_start().chars().next() {
            Some('{') => json(first).map_err(parse_error),
            Some('[') => Err(parse_error(format!("Invalid JSON:\n{first}"))),
            _ => in_short(first, &position).map(Value::Object),
        },
        Kind::StringList => match typed {
            [_] if first.trim_start().starts_with('[') => json(first).map_err(parse_error),
            [_] => Ok(Value::Array(vec![Value::from(first)])),
            _ => Ok(typed.iter().map(|value| Value::from(value.text)).collect()),
        },
        Kind::StructureList(_) => match (first.trim_start().chars().next(), typed) {
            (Some('['), [_]) => json(first).map_err(parse_error),
            (Some('{'), [_]) => json(first).map_err(parse_error).map(|item| Value::Array(vec![item])),
            // Documented: `_uses_old_list_case` of `argprocess.py`: each value is the member itself.
            _ if let Some(only) = only_blob(member) => {
                let item = |value: &collect::Value<'_>| {
                    Value::Object(Map::from_iter([(only.name.to_owned(), Value::from(value.text))]))
                };
                Ok(typed.iter().map(item).collect())
            }
            (_, [_]) => in_short(first, &position).map(|item| Value::Array(vec![Value::Object(item)])),
            (Some('[' | '{'), _) => {
                let items = typed.iter().map(|value| match value.text.trim_start().starts_with('{') {
                    true => json(value.text).map_err(parse_error),
                    false => Err(parse_error(format!("Invalid JSON:\n{}", value.text))),
                });
                items.collect::<Result<Vec<Value>, UsageError>>().map(Value::Array)
            }
            _ => {
                let items = typed.iter().map(|value| in_short(value.text, &position).map(Value::Object));
                items.collect::<Result<Vec<Value>, UsageError>>().map(Value::Array)
            }
        },
    }
}

/// Adds the form of a value that names no member.
fn without_names(error: UsageError, option: &str, member: &Member, text: &str) -> UsageError {
    let members = match member.kind {
        Kind::Structure(members) | Kind::StructureList(members) => members,
        _ => &[],
    };
    match members {
        [only] => error.suggesting(vec![format!("{}={text}", only.name)]),
        [] => error.hinting(format!("{option} takes NAME=VALUE,…")),
        members => {
            let needed = members.iter().filter(|member| member.is_required);
            let form: Vec<String> = needed.map(|member| format!("{}=…", member.name)).collect();
            error.hinting(format!("{option} takes {}", form.join(",")))
        }
    }
}

/// The one member that each structure of the list has, where that is a blob: the records of a Firehose batch.
fn only_blob(member: &Member) -> Option<&'static Member> {
    match member.kind {
        Kind::StructureList([only]) if only.kind == Kind::Blob => Some(only),
        _ => None,
    }
}

/// Shorthand knows texts only: numbers, truths and lists of one are made of them where the model has some.
///
/// Documented: AWS CLI 2.36, `awscli/shorthand.py`, `BackCompatVisitor`.
fn as_the_model_says(given: &mut Map<String, Value>, members: &[Member]) -> Result<(), String> {
    for member in members {
        let Some(value) = given.get_mut(member.name) else { continue };
        match (member.kind, &mut *value) {
            (Kind::Integer, Value::String(text)) => {
                let number = python::int(text);
                *value = number.map(Value::from).ok_or_else(|| {
                    format!("invalid literal for int() with base 10: {}", python::quoted(text))
                })?;
            }
            (Kind::Boolean, Value::String(text)) => match text.to_lowercase().as_str() {
                "true" => *value = Value::Bool(true),
                "false" => *value = Value::Bool(false),
                _ => {}
            },
            (Kind::StringList, Value::String(text)) => {
                *value = Value::Array(vec![Value::from(std::mem::take(text))]);
            }
            (Kind::Structure(inner), Value::Object(given)) => as_the_model_says(given, inner)?,
            (Kind::StructureList(inner), Value::Object(_)) => {
                let mut item = value.take();
                if let Value::Object(given) = &mut item {
                    as_the_model_says(given, inner)?;
                }
                *value = Value::Array(vec![item]);
            }
            (Kind::StructureList(inner), Value::Array(items)) => {
                for item in items {
                    if let Value::Object(given) = item {
                        as_the_model_says(given, inner)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| {
        let reason = json_error(text).unwrap_or_else(|| error.to_string());
        format!("Invalid JSON: {reason}\nJSON received: {text}")
    })
}

/// The text of an option, out of the file that it names where it names one.
///
/// Documented: AWS CLI 2.36, `awscli/paramfile.py`: `file://` is text, `fileb://` bytes, which are never base64.
pub(super) fn text_of<'v>(
    name: &str,
    value: &collect::Value<'v>,
    surroundings: &Surroundings<'_>,
) -> Result<Text<'v>, UsageError> {
    let (path, is_binary) = match (value.text.strip_prefix("fileb://"), value.text.strip_prefix("file://")) {
        (Some(path), _) => (path, true),
        (None, Some(path)) => (path, false),
        (None, None) => return Ok(Text { text: Cow::Borrowed(value.text), is_base64: false }),
    };
    let fail = |reason: String| {
        let message =
            format!("Error parsing parameter '{name}': Unable to load paramfile {}: {reason}", value.text);
        UsageError::new(UsageKind::Parameter, value.span.clone(), message)
    };
    let Some(content) = surroundings.file(path) else {
        let hint = "files here are written with echo … > file or cat > file <<END; ls lists them";
        let reason = format!("[Errno 2] No such file or directory: {}", python::quoted(path));
        return Err(fail(reason).hinting(hint));
    };
    if is_binary {
        return Ok(Text { text: Cow::Owned(BASE64.encode(content)), is_base64: true });
    }
    match std::str::from_utf8(content) {
        Ok(text) => Ok(Text { text: Cow::Owned(text.to_owned()), is_base64: false }),
        Err(_) => {
            let message = format!(
                "Error parsing parameter '{name}': Unable to load paramfile ({}), text contents could not be decoded.  \
                 If this is a binary file, please use the fileb:// prefix instead of the file:// prefix.",
                value.text
            );
            Err(UsageError::new(UsageKind::Parameter, value.span.clone(), message))
        }
    }
}

/// What an option says.
pub(super) struct Text<'v> {
    pub(super) text: Cow<'v, str>,
    /// Whether it is base64 already, whatever the line says of blobs.
    is_base64: bool,
}

/// All members at once, from `--cli-input-json`.
pub(super) fn read_input_json(
    typed: &collect::Value<'_>,
    surroundings: &Surroundings<'_>,
) -> Result<Map<String, Value>, UsageError> {
    let loaded = text_of("--cli-input-json", typed, surroundings)?;
    let error = |message: String| UsageError::new(UsageKind::Parameter, typed.span.clone(), message);
    match serde_json::from_str(&loaded.text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(other) => Err(error(format!(
            "Error parsing parameter '--cli-input-json': Invalid type: expecting map, received {}",
            python::class(&other)
        ))),
        Err(_) => {
            let error = error("Error parsing parameter 'cli-input-json': Invalid JSON received.".to_owned());
            Err(UsageError { hint: json_error(&loaded.text), ..error })
        }
    }
}

/// How texts for blobs are meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum BinaryFormat {
    #[default]
    Base64,
    /// Its name is `raw-in-base64-out`.
    Raw,
}

/// Stands before the text of a blob that came from a file of bytes; no text that is typed begins so.
const IS_BASE64: &str = "\0fileb:";

/// Makes base64 of every blob, as the wire has it. Returns hints on what may not have been meant.
pub(super) fn convert_blobs(
    given: &mut Map<String, Value>,
    members: &[Member],
    format: BinaryFormat,
) -> Result<Vec<String>, UsageError> {
    let mut hints = Vec::new();
    for_each_text(given, members, &mut |kind, text| {
        if kind != Kind::Blob {
            return Ok(());
        }
        if let Some(base64) = text.strip_prefix(IS_BASE64) {
            *text = base64.to_owned();
            return Ok(());
        }
        let bytes = match format {
            BinaryFormat::Raw => text.as_bytes().to_vec(),
            BinaryFormat::Base64 => python::base64(text).map_err(|error| base64_error(text, error))?,
        };
        if format == BinaryFormat::Base64 && looks_like_plain_text(text, &bytes) {
            hints.push(plain_text_hint(text, &bytes));
        }
        *text = BASE64.encode(bytes);
        Ok(())
    })?;
    Ok(hints)
}

fn base64_error(text: &str, error: Base64Error) -> UsageError {
    let message = match error {
        Base64Error::Invalid => format!("Invalid base64: \"{text}\""),
        Base64Error::NotAscii => "string argument should contain only ASCII characters".to_owned(),
    };
    let hint = "the AWS CLI v2 takes --data as base64; to send the text itself add --cli-binary-format \
                raw-in-base64-out";
    UsageError::new(UsageKind::General, 0..0, message).hinting(hint)
}

/// Base64 that nobody encoded on purpose: no padding, none of base64's own signs, and what comes out is no text.
fn looks_like_plain_text(text: &str, bytes: &[u8]) -> bool {
    let is_readable = std::str::from_utf8(bytes)
        .is_ok_and(|decoded| !decoded.contains(|c: char| c.is_control() && !c.is_whitespace()));
    let has_base64_signs = text.contains(['=', '+', '/']);
    let is_padded_inside = text.trim_end_matches('=').contains('=');
    let is_skipped_in_part =
        is_padded_inside || text.bytes().any(|b| !b.is_ascii_alphanumeric() && !b"+/= \n".contains(&b));
    is_skipped_in_part || (!bytes.is_empty() && !is_readable && !has_base64_signs)
}

const HINT_BYTES_MAX: usize = 8;

fn plain_text_hint(text: &str, bytes: &[u8]) -> String {
    let shown: Vec<String> = bytes.iter().take(HINT_BYTES_MAX).map(|byte| format!("{byte:02x}")).collect();
    let more = if bytes.len() > HINT_BYTES_MAX { " …" } else { "" };
    let shortened: String = text.chars().take(40).collect();
    format!(
        "sandbox: \"{shortened}\" was taken as base64, as the AWS CLI v2 does, and sent as {} other bytes ({}{more}). To send the \
         text itself add --cli-binary-format raw-in-base64-out.",
        bytes.len(),
        shown.join(" ")
    )
}

/// Turns times into whole seconds.
///
/// Observed: AWS CLI 2.9.19 cuts fractions off: `--timestamp 1767225600.75` is sent as 1767225600.
pub(super) fn convert_times(given: &mut Map<String, Value>, members: &[Member]) {
    for member in members {
        match (member.kind, given.get_mut(member.name)) {
            (Kind::Timestamp, Some(value)) => {
                let seconds = match &*value {
                    Value::String(text) => parse_instant(text).map(|instant| instant.seconds()),
                    Value::Number(number) => number.as_f64().map(|seconds| seconds.max(0.0) as u64),
                    _ => None,
                };
                *value = seconds.map_or(Value::Null, Value::from);
            }
            (Kind::Structure(members), Some(Value::Object(inner))) => convert_times(inner, members),
            _ => {}
        }
    }
}

/// Visits every text of the members, those of structures and lists of structures included.
fn for_each_text(
    given: &mut Map<String, Value>,
    members: &[Member],
    visit: &mut dyn FnMut(Kind, &mut String) -> Result<(), UsageError>,
) -> Result<(), UsageError> {
    for member in members {
        match (member.kind, given.get_mut(member.name)) {
            (Kind::Structure(members), Some(Value::Object(inner))) => for_each_text(inner, members, visit)?,
            (Kind::StructureList(members), Some(Value::Array(items))) => {
                for item in items {
                    if let Value::Object(inner) = item {
                        for_each_text(inner, members, visit)?;
                    }
                }
            }
            (kind, Some(Value::String(text))) => visit(kind, text)?,
            _ => {}
        }
    }
    Ok(())
}

/// Where the option of a path like `Records[0].Data` was typed.
pub(super) fn member_of_path(line: &str) -> Option<&str> {
    let after = line.split_once("parameter ").map(|(_, rest)| rest)?;
    let path = after.strip_prefix("in ").unwrap_or(after);
    let end = path.find(['.', '[', ',', ':', ' ']).unwrap_or(path.len());
    path.get(..end)
}

/// The place of the whole line's end: where something is missing.
pub(super) fn end_of(words: &[crate::Word]) -> Range<usize> {
    let end = words.last().map_or(0, |word| word.span.end);
    end..end
}
