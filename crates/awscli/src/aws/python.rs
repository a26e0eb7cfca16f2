//! What the AWS CLI leaves to Python: reading numbers and base64, and how values look inside its messages.
//!
//! Observed: AWS CLI 2.9.19 on Python 3.11, run offline for every case of the tests.

use serde_json::Value;

/// Reads an integer as `int()` does: blanks around it, a sign, underscores between digits. Numbers beyond 64 bits
/// become the largest: the service refuses them like those.
pub(crate) fn int(text: &str) -> Option<i64> {
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

/// The value as `str()` shows it.
pub(crate) fn str(value: &Value) -> String {
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
    fn values_are_shown_as_python_shows_them() {
        let value = serde_json::json!({"a": [null, true, 1.5, "it's", "\"'\n"]});
        assert_eq!(str(&value), r#"{'a': [None, True, 1.5, "it's", '"\'\n']}"#);
        assert_eq!(str(&Value::from("x")), "x");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,30}") {
            let _ = (int(&text), base64(&text));
        }

        #[test]
        fn proper_base64_is_what_it_is(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            use ::base64::Engine as _;
            let text = ::base64::engine::general_purpose::STANDARD.encode(&bytes);
            prop_assert_eq!(base64(&text), Ok(bytes));
        }
    }
}
