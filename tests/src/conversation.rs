//! Conversations with the service, as the files under `errors` and `scenarios` write them down.
//!
//! ```text
//! == What a learner sees
//! fact: 5.6 observed                 any number of such lines
//!
//! stream orders 2                    CreateStream and 20 s, which is ACTIVE
//! wait 1500 ms                       us, ms, s, min, h, d
//! 3 times PutRecord {"StreamName": "orders",
//!     "PartitionKey": "k${i}", "Data": "eA=="}
//!   /ShardId = "shardId-000000000001"
//!   /SequenceNumber -> number        kept as ${number}
//!   /EncryptionType is absent
//! GetRecords {"ShardIterator": "x"}
//!   => 400 InvalidArgumentException: Invalid ShardIterator.
//! as arn:aws:iam::123456789012:user/ana with {"Version": "2012-10-17", "Statement": []}
//! key alias/orders disabled
//! repeat 60                          the steps up to `end`, so many times
//! wait 1 s
//! end
//! ```
//!
//! `as` says who calls from there on, with which identity policy; at first it is the account's administrator.
//! Without `=>` a call must succeed. `=> empty` is a body of nothing, `=> {…}` the whole body; `/Shards has 4` counts;
//! `/Shards/*/ShardId` is the list of them; lines that start with `#` say something to the reader.

use awsjson::Reply;
use kinesis::{Caller, Duration, KeyState, LimitsProfile, Policy};
use serde_json::Value;

use crate::placeholder::{Kept, fill};
use crate::wire::Wire;

mod read;

pub use read::read;

/// One conversation with a new service.
#[derive(Clone, Debug)]
pub struct Case {
    pub title: String,
    /// What is said about it before its first step, by name.
    pub headers: Vec<(String, String)>,
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
struct Step {
    line: usize,
    times: usize,
    action: Action,
    expected: Vec<Expected>,
}

#[derive(Clone, Debug)]
enum Action {
    Wait(Duration),
    Call {
        operation: String,
        body: String,
    },
    /// Somebody else calls, with this identity policy or none.
    As {
        principal: String,
        policy: Option<String>,
    },
    Key {
        key: String,
        state: KeyState,
    },
}

/// A line about the answer, and where it stands.
#[derive(Clone, Debug)]
struct Expected {
    line: usize,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Refused { text: String },
    Body { text: String },
    Equals { path: String, text: String },
    Absent { path: String },
    Count { path: String, count: usize },
    Keep { path: String, name: String },
}

impl Case {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// Operations that are called.
    pub fn operations(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|step| match &step.action {
            Action::Call { operation, .. } => Some(operation.as_str()),
            Action::Wait(_) | Action::As { .. } | Action::Key { .. } => None,
        })
    }

    /// The refusals that are expected: `CODE: message`.
    pub fn refusals(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().flat_map(|step| &step.expected).filter_map(|expected| match &expected.what {
            What::Refused { text } => text.split_once(' ').map(|(_, refusal)| refusal),
            _ => None,
        })
    }

    /// How many lines say something about an answer.
    pub fn expectation_count(&self) -> usize {
        self.steps.iter().map(|step| step.expected.len()).sum()
    }

    /// Has the conversation; the error says on which line it went otherwise than written.
    pub fn play(&self) -> Result<(), String> {
        let profile = self.header("profile").unwrap_or("exam");
        let profile =
            LimitsProfile::parse(profile).ok_or_else(|| format!("no profile is named {profile}"))?;
        let mut wire = Wire::new(profile);
        let mut kept = Kept::new();
        for step in &self.steps {
            for i in 1..=step.times {
                kept.insert("i".to_owned(), i.to_string());
                step.play(&mut wire, &mut kept).map_err(|(line, why)| {
                    let round = if step.times > 1 { format!(" (time {i})") } else { String::new() };
                    format!("line {line}{round}: {why}")
                })?;
            }
        }
        Ok(())
    }
}

impl Step {
    fn play(&self, wire: &mut Wire, kept: &mut Kept) -> Result<(), (usize, String)> {
        let (operation, body) = match &self.action {
            Action::Wait(span) => {
                wire.wait(*span);
                return Ok(());
            }
            Action::As { principal, policy } => {
                let policy = policy.as_deref().map(Policy::of_identity).transpose();
                let policy = policy.map_err(|error| (self.line, format!("no policy: {error:?}")))?;
                wire.caller = Caller::new(principal, policy.into_iter().collect());
                return Ok(());
            }
            Action::Key { key, state } => {
                wire.keys.set(key, *state);
                return Ok(());
            }
            Action::Call { operation, body } => (operation, body),
        };
        let body = fill(body, kept).map_err(|why| (self.line, why))?;
        let reply = wire.send(operation, &body);
        let is_refusal_expected =
            self.expected.iter().any(|expected| matches!(expected.what, What::Refused { .. }));
        if reply.status != 200 && !is_refusal_expected {
            return Err((self.line, format!("refused: {}", reply.body)));
        }
        self.expected
            .iter()
            .try_for_each(|expected| expected.what.check(&reply, kept).map_err(|why| (expected.line, why)))
    }
}

impl What {
    fn check(&self, reply: &Reply, kept: &mut Kept) -> Result<(), String> {
        let at = |path: &str| {
            let answer: Value =
                serde_json::from_str(&reply.body).map_err(|_| "the answer has no body".to_owned())?;
            Ok::<Option<Value>, String>(find(&answer, path))
        };
        match self {
            What::Refused { text } => {
                let error: Value = serde_json::from_str(&reply.body).unwrap_or_default();
                // AccessDeniedException has its sentence as `Message`.
                let message = error["message"].as_str().or(error["Message"].as_str());
                let said = match (error["__type"].as_str(), message) {
                    (Some(code), Some(message)) => format!("{} {code}: {message}", reply.status),
                    _ => format!("{} {}", reply.status, reply.body),
                };
                must_be_equal(&fill(text, kept)?, &said)
            }
            What::Body { text } if text == "empty" => must_be_equal("", &reply.body),
            What::Body { text } => {
                let whole: Value = read_json(&fill(text, kept)?)?;
                let answer: Value = read_json(&reply.body)?;
                must_be_same(&whole, &answer)
            }
            What::Equals { path, text } => {
                let wanted = read_json(&fill(text, kept)?)?;
                must_be_same(&wanted, &at(path)?.ok_or_else(|| format!("{path} is absent: {}", reply.body))?)
            }
            What::Absent { path } => match at(path)? {
                None => Ok(()),
                Some(value) => Err(format!("{path} is {value} and should be absent")),
            },
            What::Count { path, count } => match at(path)? {
                Some(Value::Array(items)) if items.len() == *count => Ok(()),
                Some(Value::Array(items)) => Err(format!("{path} has {} items, not {count}", items.len())),
                _ => Err(format!("{path} is no list")),
            },
            What::Keep { path, name } => {
                let value = at(path)?.ok_or_else(|| format!("{path} is absent: {}", reply.body))?;
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                kept.insert(name.clone(), text);
                Ok(())
            }
        }
    }
}

fn read_json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("{error} in {text}"))
}

fn must_be_equal(wanted: &str, said: &str) -> Result<(), String> {
    if wanted == said { Ok(()) } else { Err(format!("\n    wanted: {wanted}\n       got: {said}")) }
}

fn must_be_same(wanted: &Value, said: &Value) -> Result<(), String> {
    if is_same(wanted, said) { Ok(()) } else { must_be_equal(&wanted.to_string(), &said.to_string()) }
}

/// Equal as JSON says it: 5 is 5.0, and members have no order.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| is_same(value, other)))
        }
        _ => one == other,
    }
}

/// What stands at `/Shards/0/ShardId`; `*` is every item of a list, and `null` where one lacks the rest.
fn find(value: &Value, path: &str) -> Option<Value> {
    let Some(rest) = path.strip_prefix('/') else { return Some(value.clone()) };
    let (first, rest) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    match (value, first) {
        (Value::Array(items), "*") => {
            Some(items.iter().map(|item| find(item, rest).unwrap_or_default()).collect())
        }
        (Value::Array(items), "last") => find(items.last()?, rest),
        (Value::Array(items), place) => find(items.get(place.parse::<usize>().ok()?)?, rest),
        (Value::Object(members), name) => find(members.get(name)?, rest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn play(text: &str) -> Result<(), String> {
        read(text)?.iter().try_for_each(Case::play)
    }

    const STREAM: &str = "== A stream\nstream orders 1\n";

    #[test]
    fn what_comes_back_otherwise_than_written_is_told_with_its_line() {
        for (line, told) in [
            ("  => 400 ResourceInUseException: x", "line 4: \n    wanted: 400 ResourceInUseException: x"),
            ("  /HasMoreStreams = true", "line 4: \n    wanted: true\n       got: false"),
            ("  /StreamNames = [\"order\"]", "line 4: \n    wanted: [\"order\"]"),
            ("  /StreamNames has 2", "line 4: /StreamNames has 1 items, not 2"),
            ("  /StreamNames is absent", "line 4: /StreamNames is [\"orders\"] and should be absent"),
            ("  /NextToken -> token", "line 4: /NextToken is absent"),
            ("  => empty", "line 4: \n    wanted: \n"),
            ("  => {\"StreamNames\": [\"orders\"]}", "line 4: \n    wanted: {"),
        ] {
            let said = play(&format!("{STREAM}ListStreams {{}}\n{line}")).unwrap_err();
            assert!(said.starts_with(told), "{line}: {said}");
        }
        let refused = play(&format!("{STREAM}DeleteStream {{\"StreamName\":\"other\"}}")).unwrap_err();
        assert!(refused.starts_with("line 3: refused: "), "{refused}");
    }

    #[test]
    fn what_comes_back_as_written_passes() {
        let text = r#"ListStreams {}
              /StreamNames = ["orders"]
              /StreamNames has 1
              /NextToken is absent
              /StreamSummaries/*/StreamStatus = ["ACTIVE"]
              /StreamSummaries/last/StreamCreationTimestamp = 1767225600
              /StreamSummaries/0/StreamName -> name
            DeleteStream {"StreamName":
                "${name}"}
              => empty
            2 times DeleteStream {"StreamName":"${name}${i}"}
              => 400 ResourceNotFoundException: Stream orders${i} under account 123456789012 not found.
            repeat 20
            wait 1 s
            end
            ListStreams {}
              /StreamNames = []"#;
        let text: String = text
            .lines()
            .map(|line| line.strip_prefix("            ").unwrap_or(line).to_owned() + "\n")
            .collect();
        assert_eq!(play(&format!("{STREAM}{text}")), Ok(()));
    }

    #[test]
    fn a_line_that_says_nothing_is_no_conversation() {
        for text in [
            "ListStreams {}",
            "== x\nlist",
            "== x\nrepeat",
            "== x\nend",
            "== x\nListStreams\n  /A says 3",
            "== x\nwait 3 hours",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
