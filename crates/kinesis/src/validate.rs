//! Constraints of the service model, checked over the members of a request, all of them at once.
//!
//! Observed: kinesalite's tests against AWS gave the wording and that at most ten violations are listed.

use crate::{ApiError, Blob};

/// What is wrong with a request, collected member by member.
pub(crate) struct Violations {
    items: Vec<String>,
}

const LISTED_MAX: usize = 10;

impl Violations {
    pub(crate) fn new() -> Violations {
        Violations { items: Vec::new() }
    }

    pub(crate) fn finish(mut self) -> Result<(), ApiError> {
        self.items.truncate(LISTED_MAX);
        if self.items.is_empty() { Ok(()) } else { Err(ApiError::violations(&self.items)) }
    }

    fn add(&mut self, value: &str, path: &str, rule: &str) {
        self.items.push(format!("Value '{value}' at '{path}' failed to satisfy constraint: {rule}"));
    }

    pub(crate) fn required<T>(&mut self, value: &Option<T>, path: &str) {
        if value.is_none() {
            self.items.push(format!(
                "Value null at '{path}' failed to satisfy constraint: Member must not be null"
            ));
        }
    }

    /// Length in Unicode characters, as AWS counts it.
    pub(crate) fn length(&mut self, value: &Option<String>, path: &str, min: usize, max: usize) {
        if let Some(value) = value {
            self.length_of(value, path, min, max);
        }
    }

    fn length_of(&mut self, value: &str, path: &str, min: usize, max: usize) {
        // Most values are short: the byte count settles those without counting characters.
        let count = if value.len() <= max && value.len() >= min.max(1) * 4 {
            value.len()
        } else {
            value.chars().count()
        };
        if count < min {
            self.add(value, path, &format!("Member must have length greater than or equal to {min}"));
        }
        if count > max {
            self.add(value, path, &format!("Member must have length less than or equal to {max}"));
        }
    }

    pub(crate) fn list_length<T>(&mut self, value: &Option<Vec<T>>, path: &str, min: usize, max: usize) {
        if let Some(value) = value {
            // Assumed: AWS prints the list's items here; their number says as much in less space.
            let printed = format!("[{} items]", value.len());
            if value.len() < min {
                self.add(&printed, path, &format!("Member must have length greater than or equal to {min}"));
            }
            if value.len() > max {
                self.add(&printed, path, &format!("Member must have length less than or equal to {max}"));
            }
        }
    }

    /// Data of at most `max` bytes.
    pub(crate) fn blob(&mut self, value: &Option<Blob>, path: &str, max: u64) {
        if let Some(value) = value
            && value.size() > max
        {
            let n = value.size();
            self.add(
                &format!("java.nio.HeapByteBuffer[pos=0 lim={n} cap={n}]"),
                path,
                &format!("Member must have length less than or equal to {max}"),
            );
        }
    }

    pub(crate) fn range(&mut self, value: Option<i64>, path: &str, min: i64, max: i64) {
        if let Some(value) = value {
            if value < min {
                self.add(
                    &value.to_string(),
                    path,
                    &format!("Member must have value greater than or equal to {min}"),
                );
            }
            if value > max {
                self.add(
                    &value.to_string(),
                    path,
                    &format!("Member must have value less than or equal to {max}"),
                );
            }
        }
    }

    pub(crate) fn one_of(&mut self, value: &Option<String>, path: &str, members: &[&str]) {
        if let Some(value) = value
            && !members.contains(&value.as_str())
        {
            self.add(value, path, &format!("Member must satisfy enum value set: [{}]", members.join(", ")));
        }
    }

    fn pattern(&mut self, value: &Option<String>, path: &str, matches: fn(&str) -> bool, pattern: &str) {
        if let Some(value) = value
            && !matches(value)
        {
            self.add(value, path, &format!("Member must satisfy regular expression pattern: {pattern}"));
        }
    }

    /// Names of streams and shards.
    pub(crate) fn name(&mut self, value: &Option<String>, path: &str) {
        self.length(value, path, 1, 128);
        self.pattern(value, path, is_name, "[a-zA-Z0-9_.-]+");
    }

    pub(crate) fn stream_arn(&mut self, value: &Option<String>) {
        self.length(value, "streamARN", 1, 2_048);
        self.pattern(value, "streamARN", is_stream_arn, r"arn:aws.*:kinesis:.*:\d{12}:stream/\S+");
    }

    pub(crate) fn hash_key(&mut self, value: &Option<String>, path: &str) {
        self.pattern(value, path, |text| is_decimal(text, 39), r"^(0|([1-9]\d{0,38}))$");
    }

    pub(crate) fn sequence_number(&mut self, value: &Option<String>, path: &str) {
        self.pattern(value, path, |text| is_decimal(text, 129), r"^(0|([1-9]\d{0,128}))$");
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

fn is_decimal(text: &str, digits_max: usize) -> bool {
    text == "0"
        || (!text.is_empty()
            && text.len() <= digits_max
            && !text.starts_with('0')
            && text.bytes().all(|b| b.is_ascii_digit()))
}

/// `arn:aws*:kinesis:REGION:ACCOUNT:stream/NAME`.
fn is_stream_arn(text: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    let mut next = || parts.next().unwrap_or_default();
    let (arn, partition, service, _region, account, resource) =
        (next(), next(), next(), next(), next(), next());
    arn == "arn"
        && partition.starts_with("aws")
        && service == "kinesis"
        && account.len() == 12
        && account.bytes().all(|b| b.is_ascii_digit())
        && resource
            .strip_prefix("stream/")
            .is_some_and(|name| !name.is_empty() && !name.contains(char::is_whitespace))
}
