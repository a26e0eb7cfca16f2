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
const MEMBERS: [&str; 5] = ["ShardIterator", "NextShardIterator", "SequenceNumber", "ShardId", "ConsumerARN"];

/// Which of these a script has, with their dollar signs.
pub fn of_last_answers(script: &str) -> Vec<String> {
    let is_used = |name: &String| {
        let mut after = script.match_indices(name.as_str()).map(|(at, _)| &script[at + name.len()..]);
        after.any(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    MEMBERS.iter().map(|member| "$".to_owned() + member).filter(is_used).collect()
}

/// What the newest answers said.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Members(SortedMap<&'static str, String>);

impl Members {
    /// Takes note of an answer.
    pub fn keep(&mut self, stdout: &str) {
        let Ok(answer) = serde_json::from_str::<serde_json::Value>(stdout) else { return };
        let consumer = answer.get("Consumer");
        for member in MEMBERS {
            let found = answer.get(member).or_else(|| consumer.and_then(|consumer| consumer.get(member)));
            if let Some(value) = found.and_then(|value| value.as_str()) {
                self.0.insert(member, value.to_owned());
            }
        }
    }

    /// Puts what was said in the place of `$ShardId` and its like.
    pub fn fill(&self, text: &str) -> String {
        // Longer names first: $ShardId begins like $ShardIterator.
        self.0
            .iter()
            .rev()
            .fold(text.to_owned(), |line, (member, value)| line.replace(&format!("${member}"), value))
    }
}

/// A line of a script, apart from the author's marks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ScriptLine<'a> {
    /// As it is typed.
    pub text: &'a str,
    /// The service refuses it, and that is the point.
    pub must_fail: bool,
    /// The goals are reached without it.
    pub is_optional: bool,
}

/// The lines of a script in their order.
pub fn lines_of(script: &str) -> impl Iterator<Item = ScriptLine<'_>> {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| {
        let (rest, must_fail) = line.strip_prefix("! ").map_or((line, false), |rest| (rest, true));
        let text = rest.split(" # ").next().unwrap_or(rest).trim_end();
        ScriptLine { text, must_fail, is_optional: rest.contains("# optional") }
    })
}

/// Runs a script. Empty lines and lines that begin with `#` are left out; `! ` begins a line that must be refused; the
/// first line that ends otherwise ends the script.
pub fn run_script<O: Observer>(sandbox: &mut Sandbox<O>, script: &str) -> Result<ScriptRun, ScriptError> {
    let mut run = ScriptRun::default();
    let mut members = Members::default();
    for (index, text) in script.lines().enumerate() {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let (line, must_fail) = match text.strip_prefix("! ") {
            Some(line) => (line, true),
            None => (text, false),
        };
        let line = members.fill(line);
        let output = awscli::run(sandbox, &line);
        if (output.exit_code != 0) != must_fail {
            let reason = if must_fail { "it should be refused" } else { output.stderr.trim() };
            return Err(ScriptError { line: index + 1, text: text.to_owned(), reason: reason.to_owned() });
        }
        members.keep(&output.stdout);
        run.transcript.push((line, output.stdout + &output.stderr));
    }
    Ok(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_the_last_answer_is_told_from_variables() {
        let script = "aws kinesis get-records --shard-iterator $ShardIterator\nget-records --shard-iterator $NextShardIterator";
        assert_eq!(of_last_answers(script), ["$ShardIterator", "$NextShardIterator"]);
        assert_eq!(of_last_answers("echo $SHARD $ShardIds"), Vec::<String>::new());
    }
}
