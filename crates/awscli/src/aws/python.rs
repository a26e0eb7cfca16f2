//! What the AWS CLI leaves to Python: reading numbers, base64 and JSON, and how values look inside its messages.
//!
//! Observed: AWS CLI 2.9.19 on Python 3.11, run offline for every case of the tests.

use serde_json::Value;

/// Reads an integer as `int()` does: blanks around it, a sign, underscores between digits. Numbers beyond 64 bits
/// become the largest: the service refuses them like those.
pub(super) fn int(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let parts: Vec<&str> = digits.split('_').collect();
    let is_number = parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    is_number.then(|| parts.concat().parse::<i64>().unwrap_or(i64::MAX).saturating_mul(sign))
}

/// Why a text is no base64.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Base64Error {
    NotAscii,
    Invalid,
}

/// Reads base64 as `b64decode` does: characters outside the alphabet are skipped, superfluous padding is too.
pub(super) fn base64(text: &str) -> Result<Vec<u8>, Base64Error> {
    if !text.is_ascii() {
        return Err(Base64Error::NotAscii);
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut bits, mut digits, mut padding) = (0u32, 0, 0);
    for c in text.bytes() {
        let digit = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' if digits >= 2 => {
                padding += 1;
                if digits + padding >= 4 {
                    return Ok(bytes);
                }
                continue;
            }
            _ => continue,
        };
        padding = 0;
        bits = bits << 6 | u32::from(digit);
        if digits > 0 {
            bytes.push((bits >> (6 - 2 * digits)) as u8);
        }
        digits = (digits + 1) % 4;
    }
    if digits == 0 { Ok(bytes) } else { Err(Base64Error::Invalid) }
}

/// Python's words for a text that is not JSON.
pub(super) fn json_error(text: &str, error: &serde_json::Error) -> String {
    let said = error.to_string();
    let line_start =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    // At the end of the text serde points at the last character, Python behind it.
    let column = if error.is_eof() { error.column() } else { error.column().saturating_sub(1) };
    let at = |offset: usize| {
        let before = text.get(..offset).unwrap_or(text);
        let (line, line_start) = (before.matches('\n').count() + 1, before.rfind('\n').map_or(0, |n| n + 1));
        let column = before[line_start..].chars().count() + 1;
        format!("line {line} column {column} (char {})", before.chars().count())
    };
    let here = line_start + column;
    if said.contains("EOF while parsing a string") {
        return format!("Unterminated string starting at: {}", at(last_quote(text)));
    }
    let problem = if said.contains("trailing characters") {
        "Extra data"
    } else if said.contains("key must be a string") || said.contains("trailing comma") {
        "Expecting property name enclosed in double quotes"
    } else if said.contains("expected `:`") || ends_with_key(text, error) {
        "Expecting ':' delimiter"
    } else if said.contains("expected `,`") || said.contains("EOF while parsing a") && !said.contains("value")
    {
        "Expecting ',' delimiter"
    } else if said.contains("control character") {
        "Invalid control character at"
    } else if said.contains("escape") {
        "Invalid \\escape"
    } else {
        "Expecting value"
    };
    format!("{problem}: {}", at(here))
}

/// Whether the text breaks off behind a member's name.
fn ends_with_key(text: &str, error: &serde_json::Error) -> bool {
    let Some(before) = text.trim_end().strip_suffix('"').filter(|_| error.is_eof()) else { return false };
    let opening = before.rfind('"').unwrap_or(0);
    before[..opening].trim_end().ends_with(['{', ',']) && error.to_string().contains("object")
}

/// Where the last string of a text begins.
fn last_quote(text: &str) -> usize {
    let (mut start, mut is_inside, mut is_escaped) = (0, false, false);
    for (i, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = is_inside,
            '"' => {
                is_inside = !is_inside;
                start = if is_inside { i } else { start };
            }
            _ => {}
        }
    }
    start
}

/// The value as `str()` shows it.
pub(super) fn str(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => repr(other),
    }
}

fn repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", items.iter().map(repr).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("{}: {}", quoted(name), repr(value))).collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

/// A text between the quotes that `repr()` chooses.
pub(super) fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut printed = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => printed.push_str("\\n"),
            '\r' => printed.push_str("\\r"),
            '\t' => printed.push_str("\\t"),
            c if c == '\\' || c == quote => printed.extend(['\\', c]),
            c => printed.push(c),
        }
    }
    printed.push(quote);
    printed
}

/// The value's type as `type()` shows it.
pub(super) fn class(value: &Value) -> &'static str {
    match value {
        Value::Null => "<class 'NoneType'>",
        Value::Bool(_) => "<class 'bool'>",
        Value::Number(number) if number.is_f64() => "<class 'float'>",
        Value::Number(_) => "<class 'int'>",
        Value::String(_) => "<class 'str'>",
        Value::Array(_) => "<class 'list'>",
        Value::Object(_) => "<class 'dict'>",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn integers_are_read_as_python_reads_them() {
        for (text, expected) in [
            ("5", Some(5)),
            (" 5", Some(5)),
            ("-5", Some(-5)),
            ("+5", Some(5)),
            ("1_0", Some(10)),
            ("007", Some(7)),
            ("99999999999999999999999", Some(i64::MAX)),
            ("", None),
            ("x", None),
            ("1.5", None),
            ("0x5", None),
            ("1__0", None),
            ("_1", None),
            ("--1", None),
        ] {
            assert_eq!(int(text), expected, "{text}");
        }
    }

    #[test]
    fn base64_is_read_as_python_reads_it() {
        for (text, expected) in [
            ("aGVsbG8=", Ok(&b"hello"[..])),
            ("test", Ok(b"\xb5\xeb\x2d")),
            ("", Ok(b"")),
            ("aGVs bG8=", Ok(b"hello")),
            ("aGVsbG8==", Ok(b"hello")),
            ("aGVsbG9=", Ok(b"hello")),
            ("hell!", Ok(b"\x85\xe9\x65")),
            ("YQ==YQ==", Ok(b"a")),
            ("====", Ok(b"")),
            ("hello", Err(Base64Error::Invalid)),
            ("a", Err(Base64Error::Invalid)),
            ("aGVsbG8", Err(Base64Error::Invalid)),
            ("hello world", Err(Base64Error::Invalid)),
            ("YQ=", Err(Base64Error::Invalid)),
            ("héllo", Err(Base64Error::NotAscii)),
        ] {
            assert_eq!(base64(text).as_deref().map_err(|error| *error), expected, "{text}");
        }
    }

    #[test]
    fn json_errors_are_in_pythons_words() {
        for (text, expected) in [
            (
                r#"[{"Data":"aGVsbG8=","PartitionKey":"k1"]"#,
                "Expecting ',' delimiter: line 1 column 40 (char 39)",
            ),
            (
                r#"[{"Data":"aGVsbG8=","PartitionKey":"k"}"#,
                "Expecting ',' delimiter: line 1 column 40 (char 39)",
            ),
            (
                r#"[{"Data":"aGVsbG8=" "PartitionKey":"k"}]"#,
                "Expecting ',' delimiter: line 1 column 21 (char 20)",
            ),
            (
                r#"[{Data:"aGVsbG8="}]"#,
                "Expecting property name enclosed in double quotes: line 1 column 3 (char 2)",
            ),
            (r#"[{"Data""#, "Expecting ':' delimiter: line 1 column 9 (char 8)"),
            (r#"[{"Data":}]"#, "Expecting value: line 1 column 10 (char 9)"),
            (r#"[{"Data":"abc}]"#, "Unterminated string starting at: line 1 column 10 (char 9)"),
            ("[1]x", "Extra data: line 1 column 4 (char 3)"),
            ("[1,\n é]", "Expecting value: line 2 column 2 (char 5)"),
        ] {
            let error = serde_json::from_str::<Value>(text).unwrap_err();
            assert_eq!(json_error(text, &error), expected, "{text} {error}");
        }
    }

    #[test]
    fn values_are_shown_as_python_shows_them() {
        let value = serde_json::json!({"a": [null, true, 1.5, "it's", "\"'\n"]});
        assert_eq!(str(&value), r#"{'a': [None, True, 1.5, "it's", '"\'\n']}"#);
        assert_eq!(str(&Value::from("x")), "x");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,30}", json in "[\\[\\]{}\":,a1é\n \\\\]{0,20}") {
            for text in [text, json] {
                let _ = (int(&text), base64(&text));
                if let Err(error) = serde_json::from_str::<Value>(&text) {
                    json_error(&text, &error);
                }
            }
        }

        #[test]
        fn proper_base64_is_what_it_is(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            use ::base64::Engine as _;
            let text = ::base64::engine::general_purpose::STANDARD.encode(&bytes);
            prop_assert_eq!(base64(&text), Ok(bytes));
        }
    }
}
