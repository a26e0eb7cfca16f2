//! A question with its options, and the world that knows the answer.

use std::fmt;
use std::sync::OnceLock;

use kinesis::LimitsProfile;
use serde::Deserialize;
use sim::SandboxOptions;

use crate::lesson_file::{check, known_misconception};
use crate::observer::{CourseObserver, holds};
use crate::{Check, CourseSandbox, Misconception, ScriptError, begin, run_script};

/// An exam whose topics an item belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub enum ExamTag {
    #[serde(rename = "DVA-C02")]
    Developer,
    #[serde(rename = "DEA-C01")]
    DataEngineer,
    #[serde(rename = "SAA-C03")]
    Architect,
}

impl ExamTag {
    pub const ALL: [ExamTag; 3] = [ExamTag::Developer, ExamTag::DataEngineer, ExamTag::Architect];

    pub const fn name(self) -> &'static str {
        match self {
            ExamTag::Developer => "DVA-C02",
            ExamTag::DataEngineer => "DEA-C01",
            ExamTag::Architect => "SAA-C03",
        }
    }
}

/// A question.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// `Q12` for the exam topic 12, `Q12b` for another one of it; `P4` for a prediction.
    pub id: String,
    /// Number of the exam topic, from 1; 0 for a prediction.
    #[serde(default)]
    pub topic: u32,
    #[serde(default)]
    pub exams: Vec<ExamTag>,
    /// Sections of the study notes.
    pub notes: Vec<String>,
    /// The wrong idea that it asks for.
    #[serde(deserialize_with = "known_misconception")]
    pub shows: &'static Misconception,
    pub question: String,
    #[serde(default)]
    pub limits: LimitsProfile,
    /// Why no world can tell the right option, where none can; an item has this or checks.
    #[serde(default)]
    pub not_computed: Option<String>,
    /// Lines that make the world in which the question is asked.
    #[serde(default)]
    pub setup: Vec<String>,
    /// What then happens; afterwards the options' checks tell which of them is right.
    #[serde(default)]
    pub run: Vec<String>,
    /// What somebody wants who asks what to do: each option that can be done is done in a world of its own, and the
    /// right one is that after which this holds.
    #[serde(default, deserialize_with = "some_check")]
    pub check: Option<Check>,
    pub options: Vec<ItemOption>,
    /// The key, once it was found: worlds are run for it.
    #[serde(skip)]
    found: OnceLock<Result<usize, ItemError>>,
}

/// One of the answers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemOption {
    pub text: String,
    /// Why it is right or wrong.
    pub why: String,
    /// Lines that do what the option says, where the item has a check.
    #[serde(default)]
    pub run: Vec<String>,
    /// Holds after the run where the option is right.
    #[serde(default, deserialize_with = "some_check")]
    pub check: Option<Check>,
    /// Marks the right one where no world can tell.
    #[serde(default)]
    pub right: bool,
}

fn some_check<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Check>, D::Error> {
    check(deserializer).map(Some)
}

/// Why an item has no key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ItemError {
    Script(ScriptError),
    /// Not exactly one option is right.
    Key {
        right: Vec<usize>,
    },
}

impl fmt::Display for ItemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ItemError::Script(error) => error.fmt(f),
            ItemError::Key { right } => {
                write!(f, "{} options are right, and one must be: {right:?}", right.len())
            }
        }
    }
}

impl std::error::Error for ItemError {}

impl Item {
    /// Whether the key is found by running the sandbox.
    pub fn is_computed(&self) -> bool {
        self.check.is_some() || self.options.iter().any(|option| option.check.is_some())
    }

    /// The world in which the question is asked, before the run.
    pub fn begin(&self) -> Result<CourseSandbox, ScriptError> {
        let options = SandboxOptions { limits: self.limits, ..SandboxOptions::default() };
        begin(options, CourseObserver::of(Vec::new(), Vec::new(), None), &self.setup.join("\n"))
    }

    /// The world after the run: what the explanation shows.
    pub fn play(&self) -> Result<CourseSandbox, ScriptError> {
        let mut sandbox = self.begin()?;
        run_script(&mut sandbox, &self.run.join("\n"))?;
        Ok(sandbox)
    }

    /// Place of the right option.
    pub fn key(&self) -> Result<usize, ItemError> {
        self.found.get_or_init(|| self.find_key()).clone()
    }

    fn find_key(&self) -> Result<usize, ItemError> {
        let right: Vec<usize> = if let Some(check) = &self.check {
            let begun = self.play().map_err(ItemError::Script)?;
            let mut right = Vec::new();
            for (place, option) in self.options.iter().enumerate().filter(|(_, o)| !o.run.is_empty()) {
                let mut sandbox = begun.clone();
                run_script(&mut sandbox, &option.run.join("\n")).map_err(ItemError::Script)?;
                if holds(&sandbox, check) {
                    right.push(place);
                }
            }
            right
        } else if self.is_computed() {
            let sandbox = self.play().map_err(ItemError::Script)?;
            let is_right =
                |option: &ItemOption| option.check.as_ref().is_some_and(|check| holds(&sandbox, check));
            self.places(is_right)
        } else {
            self.places(|option| option.right)
        };
        match right.as_slice() {
            [place] => Ok(*place),
            _ => Err(ItemError::Key { right }),
        }
    }

    fn places(&self, is_right: impl Fn(&ItemOption) -> bool) -> Vec<usize> {
        self.options
            .iter()
            .enumerate()
            .filter(|(_, option)| is_right(option))
            .map(|(place, _)| place)
            .collect()
    }
}
