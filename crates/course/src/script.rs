//! Scripts of lessons: command lines one after the other, as a learner types them.

use std::fmt;

use kinesis::SortedMap;

use sim::{Observer, Sandbox};

/// What a script did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ScriptRun {
    /// Each line with what it printed.
    pub transcript: Vec<(String, String)>,
}

/// A line that did not run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScriptError {
    /// Counted from 1.
    pub line: usize,
    pub text: String,
    pub reason: String,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}: {}", self.line, self.text, self.reason)
    }
}

impl std::error::Error for ScriptError {}

/// Members of answers that later lines can stand for: `$ShardIterator` is what the last answer with a
/// `ShardIterator` gave.
const MEMBERS: [&str; 4] = ["ShardIterator", "NextShardIterator", "SequenceNumber", "ShardId"];

/// Runs a script. Empty lines and lines that begin with `#` are left out; the first line that fails ends it.
pub fn run_script<O: Observer>(sandbox: &mut Sandbox<O>, script: &str) -> Result<ScriptRun, ScriptError> {
    let mut run = ScriptRun::default();
    let mut members: SortedMap<&str, String> = SortedMap::new();
    for (index, text) in script.lines().enumerate() {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        // Longer names first: $ShardId begins like $ShardIterator.
        let line = members
            .iter()
            .rev()
            .fold(text.to_owned(), |line, (member, value)| line.replace(&format!("${member}"), value));
        let output = awscli::run(sandbox, &line);
        if output.exit_code != 0 {
            let reason = output.stderr.trim().to_owned();
            return Err(ScriptError { line: index + 1, text: text.to_owned(), reason });
        }
        if let Ok(answer) = serde_json::from_str::<serde_json::Value>(&output.stdout) {
            for member in MEMBERS {
                if let Some(value) = answer.get(member).and_then(|value| value.as_str()) {
                    members.insert(member, value.to_owned());
                }
            }
        }
        run.transcript.push((line, output.stdout));
    }
    Ok(run)
}
