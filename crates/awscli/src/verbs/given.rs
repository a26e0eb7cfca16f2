//! What was given to a verb, read as numbers, times and choices.

use std::ops::Range;
use std::str::FromStr;

use kinesis::Duration;

use super::Verb;
use crate::UsageError;
use crate::collect::{Collected, Value};
use crate::nearest::nearest;
use crate::time::{DURATION_EXAMPLES, parse_duration};

/// The words behind a verb, sorted.
pub(crate) struct Given<'w> {
    verb: &'static Verb,
    collected: Collected<'w>,
    /// Where the line ends.
    pub(super) end: usize,
}

impl<'w> Given<'w> {
    pub(super) fn new(verb: &'static Verb, collected: Collected<'w>, end: usize) -> Given<'w> {
        Given { verb, collected, end }
    }

    /// The word at a place.
    pub(super) fn place(&self, index: usize) -> Value<'w> {
        let nothing = Value { text: "", span: self.end..self.end };
        self.collected.positionals.get(index).cloned().unwrap_or(nothing)
    }

    pub(super) fn option(&self, name: &str) -> Option<&Value<'w>> {
        let index = self.verb.options.iter().position(|option| option.name == name)?;
        self.collected.options.get(&index)?.first()
    }

    pub(super) fn text(&self, name: &str) -> String {
        self.option(name).map_or_else(String::new, |value| value.text.to_owned())
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<u32>, UsageError> {
        self.parsed(name, |text| text.parse().map_err(|_| "is no whole number".to_owned()))
    }

    /// A whole number as large as a Java `long`.
    pub(super) fn long(&self, name: &str) -> Result<Option<u64>, UsageError> {
        self.parsed(name, |text| text.parse().map_err(|_| "is no whole number".to_owned()))
    }

    /// A whole number that may be out of every range: AWS says which one is right.
    pub(super) fn integer(&self, name: &str) -> Result<Option<i64>, UsageError> {
        self.parsed(name, |text| text.parse().map_err(|_| "is no whole number".to_owned()))
    }

    pub(super) fn duration(&self, name: &str) -> Result<Option<Duration>, UsageError> {
        self.parsed(name, |text| {
            parse_duration(text)
                .ok_or_else(|| format!("is no time: use a number and a unit, as {DURATION_EXAMPLES}"))
        })
    }

    /// A whole number of milliseconds.
    pub(super) fn millis(&self, name: &str) -> Result<Option<Duration>, UsageError> {
        let millis: Option<u32> = self
            .parsed(name, |text| text.parse().map_err(|_| "is no whole number of milliseconds".to_owned()))?;
        Ok(millis.map(|millis| Duration::from_millis(u64::from(millis))))
    }

    /// One of the words, each with its meaning.
    pub(super) fn choice<T: Copy>(&self, name: &str, choices: &[(&str, T)]) -> Result<Option<T>, UsageError> {
        let Some(value) = self.option(name) else { return Ok(None) };
        match choices.iter().find(|(word, _)| *word == value.text) {
            Some((_, meaning)) => Ok(Some(*meaning)),
            None => {
                let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
                let message = format!("{name} is {}, not {:?}", words.join(", "), value.text);
                let near = nearest(value.text, words, 50);
                Err(UsageError::sandbox(value.span.clone(), message).suggesting(near))
            }
        }
    }

    /// A value that reads itself and says what is wrong with it.
    pub(super) fn own<T: FromStr<Err = String>>(&self, name: &str) -> Result<Option<T>, UsageError> {
        let Some(value) = self.option(name) else { return Ok(None) };
        value.text.parse().map(Some).map_err(|reason| UsageError::sandbox(value.span.clone(), reason))
    }

    fn parsed<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, UsageError> {
        let Some(value) = self.option(name) else { return Ok(None) };
        parse(value.text).map(Some).map_err(|reason| {
            UsageError::sandbox(value.span.clone(), format!("{name}: {:?} {reason}", value.text))
        })
    }

    pub(super) fn wrong(position: Range<usize>, message: impl Into<String>) -> UsageError {
        UsageError::sandbox(position, message)
    }
}
