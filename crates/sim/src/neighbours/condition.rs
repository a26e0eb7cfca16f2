//! A condition on a record: what a declared function looks for.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;
use std::str::FromStr;

use kinesis::Blob;
use serde_json::Value;

/// What is looked at, and what must be true of it.
///
/// As text: `status=poison`, `order.total!=0`, `customer` (the field is there), `data~POISON` (the data has the text),
/// `partition-key=user-7`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Condition {
    subject: Subject,
    test: Test,
}

/// Something of a record that has a text.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Subject {
    PartitionKey,
    /// The whole of the data.
    Data,
    /// A field of data that is a JSON object: names from the outside in.
    Field(Vec<String>),
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Test {
    Exists,
    Equals(String),
    Differs(String),
    Contains(String),
}

/// What a record shows to conditions. Its data is made, and read as JSON, once and only where somebody looks.
pub(crate) struct Shown<'r> {
    key: &'r str,
    data: &'r Blob,
    bytes: OnceCell<Cow<'r, [u8]>>,
    json: OnceCell<Option<Value>>,
}

impl<'r> Shown<'r> {
    pub(crate) fn new(key: &'r str, data: &'r Blob) -> Shown<'r> {
        Shown { key, data, bytes: OnceCell::new(), json: OnceCell::new() }
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get_or_init(|| self.data.bytes())
    }

    pub(crate) fn json(&self) -> Option<&Value> {
        let read = || match self.data {
            // The first byte of an aggregate begins no JSON.
            Blob::Generated(generated) if generated.is_aggregate() => None,
            Blob::Bytes(_) | Blob::Generated(_) => serde_json::from_slice(self.bytes()).ok(),
        };
        self.json.get_or_init(read).as_ref()
    }

    /// The text of a subject; none where the record has no such field. Numbers and truth values are written as JSON
    /// writes them.
    pub(crate) fn text(&self, subject: &Subject) -> Option<String> {
        match subject {
            Subject::PartitionKey => Some(self.key.to_owned()),
            Subject::Data => Some(String::from_utf8_lossy(self.bytes()).into_owned()),
            Subject::Field(path) => {
                let field = path.iter().try_fold(self.json()?, |value, name| value.get(name))?;
                Some(field.as_str().map_or_else(|| field.to_string(), str::to_owned))
            }
        }
    }
}

/// Bytes of a condition or subject as text.
const TEXT_BYTES_MAX: usize = 256;

impl Condition {
    pub(crate) fn holds(&self, record: &Shown<'_>) -> bool {
        let text = record.text(&self.subject);
        match &self.test {
            Test::Exists => text.is_some(),
            Test::Equals(value) => text.as_ref() == Some(value),
            Test::Differs(value) => text.is_some_and(|text| text != *value),
            Test::Contains(value) => text.is_some_and(|text| text.contains(value.as_str())),
        }
    }
}

impl FromStr for Subject {
    type Err = String;

    fn from_str(text: &str) -> Result<Subject, String> {
        match text {
            "partition-key" => Ok(Subject::PartitionKey),
            "data" => Ok(Subject::Data),
            _ if text.len() > TEXT_BYTES_MAX => Err(format!("a field has at most {TEXT_BYTES_MAX} bytes")),
            _ => {
                let path: Vec<String> = text.split('.').map(str::to_owned).collect();
                let is_name = |name: &String| !name.is_empty() && !name.contains(|c: char| "=~!".contains(c));
                match path.iter().all(is_name) {
                    true => Ok(Subject::Field(path)),
                    false => Err(format!(
                        "{text:?} names no field: use a name as status or order.total, partition-key or data"
                    )),
                }
            }
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::PartitionKey => f.write_str("partition-key"),
            Subject::Data => f.write_str("data"),
            Subject::Field(path) => f.write_str(&path.join(".")),
        }
    }
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Condition, String> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(format!("a condition has at most {TEXT_BYTES_MAX} bytes"));
        }
        let at = text.find(['=', '~', '!']);
        let (subject, test) = match at.map(|at| text.split_at(at)) {
            None => (text, Test::Exists),
            Some((subject, rest)) => {
                let value = |from: usize| rest.get(from..).unwrap_or_default().to_owned();
                let test = match rest.as_bytes() {
                    [b'=', ..] => Test::Equals(value(1)),
                    [b'~', ..] => Test::Contains(value(1)),
                    [b'!', b'=', ..] => Test::Differs(value(2)),
                    _ => {
                        return Err(format!(
                            "{text:?} is no condition: use field=value, field!=value, field~text or field"
                        ));
                    }
                };
                (subject, test)
            }
        };
        Ok(Condition { subject: subject.parse()?, test })
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.test {
            Test::Exists => write!(f, "{}", self.subject),
            Test::Equals(value) => write!(f, "{}={value}", self.subject),
            Test::Differs(value) => write!(f, "{}!={value}", self.subject),
            Test::Contains(value) => write!(f, "{}~{value}", self.subject),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(condition: &str, key: &str, data: &str) -> bool {
        condition.parse::<Condition>().unwrap().holds(&Shown::new(key, &Blob::from(data)))
    }

    #[test]
    fn conditions_look_at_fields_key_and_data() {
        let data = r#"{"status":"poison","n":42,"order":{"total":1.5,"paid":true}}"#;
        for condition in [
            "status=poison",
            "n=42",
            "order.total=1.5",
            "order.paid=true",
            "order",
            "n!=41",
            "data~\"poison\"",
            "status~ois",
            "partition-key=k",
        ] {
            assert!(holds(condition, "k", data), "{condition}");
            assert_eq!(condition.parse::<Condition>().unwrap().to_string(), condition);
        }
        for condition in
            ["status=ok", "missing", "missing!=1", "order.missing=1", "partition-key=x", "data~zzz"]
        {
            assert!(!holds(condition, "k", data), "{condition}");
        }
        assert!(!holds("status=poison", "k", "no JSON"));
        assert!(holds("data~JSON", "k", "no JSON"));
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        for text in ["", "=1", "a..b=1", "a!1", ".a"] {
            assert!(text.parse::<Condition>().is_err(), "{text}");
        }
    }
}
