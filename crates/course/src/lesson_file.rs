//! `lesson.json`: the facts of a lesson, read strictly.

use std::fmt;

use serde::Deserialize;
use serde::de::Error as _;

use kinesis::LimitsProfile;

use crate::Check;
use crate::misconceptions::{Misconception, misconception};

/// What stands in a lesson's `lesson.json`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LessonFile {
    /// `E1.1`.
    pub id: String,
    pub title: String,
    pub chapter: u32,
    /// 1 (follow) to 5 (design).
    pub difficulty: u32,
    /// Sections of the study notes that the lesson follows.
    pub notes: Vec<String>,
    #[serde(default)]
    pub limits: LimitsProfile,
    pub goals: Vec<Goal>,
    /// What the learner is asked to type.
    #[serde(default)]
    pub questions: Vec<Question>,
    /// Direction, mechanism, nearly the command.
    pub hints: [String; 3],
    /// Virtual time within which the solution reaches the goals.
    pub within_seconds: u64,
    /// The wrong idea that the lesson corrects.
    #[serde(deserialize_with = "known_misconception")]
    pub corrects: &'static Misconception,
    /// Wrong ways that must not pass.
    pub near_misses: Vec<NearMiss>,
    /// Where the lesson is an incident.
    #[serde(default)]
    pub incident: Option<Incident>,
    /// Only in a lesson that is one file: what to do.
    #[serde(default)]
    pub text: String,
    /// Only in a lesson that is one file: what it shows, read after success.
    #[serde(default)]
    pub explanation: String,
    /// Only in a lesson that is one file: the lines that make its world.
    #[serde(default)]
    pub setup: Vec<String>,
    /// Only in a lesson that is one file: the lines that reach the goals.
    #[serde(default)]
    pub solution: Vec<String>,
}

/// What comes with an incident: the page that wakes somebody, and the drawer with what to do.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// One line.
    pub pager: String,
    pub runbook: Vec<String>,
    /// Holds from the first sign on that could have been seen, also before the page.
    #[serde(deserialize_with = "check")]
    pub signal: Check,
}

impl PartialEq for Incident {
    fn eq(&self, other: &Incident) -> bool {
        (&self.pager, &self.runbook) == (&other.pager, &other.runbook)
    }
}

impl Eq for Incident {}

/// A line that the learner sees, and the check behind it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    pub text: String,
    #[serde(deserialize_with = "check")]
    pub check: Check,
}

/// A question that is answered by typing, or by choosing where there are choices.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Name in `sandbox answer NAME VALUE`.
    pub name: String,
    pub text: String,
    #[serde(default)]
    pub choices: Vec<String>,
}

/// A wrong way, the idea behind it, and how the world shows that a learner went it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NearMiss {
    /// Also the name of the script that goes this way.
    pub name: String,
    #[serde(deserialize_with = "known_misconception")]
    pub shows: &'static Misconception,
    /// Holds in the worlds to which the wrong way leads.
    #[serde(deserialize_with = "check")]
    pub chip: Check,
    /// What the chip says: worth a look.
    pub text: String,
}

/// Why a file of a lesson cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LessonFileError {
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    pub reason: String,
}

impl fmt::Display for LessonFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

impl std::error::Error for LessonFileError {}

pub(crate) fn check<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Check, D::Error> {
    let text = String::deserialize(deserializer)?;
    Check::parse(&text).map_err(|error| D::Error::custom(format_args!("in the check {text:?}: {error}")))
}

pub(crate) fn known_misconception<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<&'static Misconception, D::Error> {
    let id = String::deserialize(deserializer)?;
    misconception(&id).ok_or_else(|| D::Error::custom(format_args!("there is no misconception {id:?}")))
}

impl LessonFile {
    /// Reads a lesson's facts; `file` names it in errors.
    pub fn parse(file: &str, text: &str) -> Result<LessonFile, LessonFileError> {
        serde_json::from_str(text).map_err(|error| LessonFileError {
            file: file.to_owned(),
            line: error.line(),
            reason: error.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        LessonFile::parse("lesson.json", text).err().map_or("read".to_owned(), |error| error.to_string())
    }

    #[test]
    fn errors_name_the_line() {
        let unknown = error("{\n \"id\": \"E1.1\",\n \"colour\": 1\n}");
        assert!(unknown.starts_with("lesson.json:3: unknown field `colour`"), "{unknown}");
        let check = error("{\n \"goals\": [\n {\"text\": \"t\", \"check\": \"now(stream(s).size == 1)\"}]}");
        assert!(
            check.starts_with("lesson.json:3: in the check") && check.contains("no reader stream(…).size"),
            "{check}"
        );
        let idea = error("{\n \"corrects\": \"the-moon-is-cheese\"}");
        assert!(idea.starts_with("lesson.json:2: there is no misconception"), "{idea}");
    }
}
