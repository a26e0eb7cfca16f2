//! Answers as the AWS CLI v2 prints them, in each of its formats.
//!
//! Observed: AWS CLI 2.9.19 against a local server, for every format and every case of the tests.

mod table;
mod text;
mod yaml;

#[cfg(test)]
mod tests;

use kinesis::{Instant, Response};
use serde::Serialize as _;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Map, Value};

use super::paging::{Pager, Pages};
use crate::query::Query;
use crate::surroundings::Surroundings;
use crate::time::aws_text;

/// What `--output` chooses.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    #[default]
    Json,
    Text,
    Table,
    Yaml,
    YamlStream,
    Off,
}

impl Format {
    pub(crate) const ALL: [Format; 6] =
        [Format::Json, Format::Text, Format::Table, Format::Yaml, Format::YamlStream, Format::Off];

    /// Its name behind `--output`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Text => "text",
            Format::Table => "table",
            Format::Yaml => "yaml",
            Format::YamlStream => "yaml-stream",
            Format::Off => "off",
        }
    }
}

/// How an answer is printed.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Printing {
    /// None where the settings choose.
    pub(crate) format: Option<Format>,
    pub(crate) query: Option<Query>,
}

/// What was printed, and the sentence with which printing ended where it could not go on.
pub(super) type Printed = (String, Option<String>);

impl Printing {
    /// With the format of the settings where the line names none.
    ///
    /// Documented: a variable goes before the settings file; an unknown name is an error when the answer is printed.
    pub(super) fn settled(&self, surroundings: &Surroundings<'_>) -> Result<Printing, String> {
        let chosen = surroundings.exported("AWS_DEFAULT_OUTPUT").map(str::to_owned);
        let chosen = chosen.or_else(|| surroundings.setting("output")).filter(|_| self.format.is_none());
        let Some(chosen) = chosen else { return Ok(self.clone()) };
        match Format::ALL.into_iter().find(|format| format.name() == chosen) {
            Some(format) => Ok(Printing { format: Some(format), query: self.query.clone() }),
            None => Err(format!("Unknown output type: {chosen}")),
        }
    }

    /// Prints an answer that is one value; `title` stands above a table.
    pub(super) fn answer(&self, title: &str, answer: &Value) -> Printed {
        let mut printed = String::new();
        let problem = self.whole(title, answer, &mut printed).err();
        (printed, problem)
    }

    /// Prints an answer that came in pages: some formats print page after page.
    pub(super) fn pages(&self, title: &str, pages: &Pages, pager: &Pager) -> Printed {
        let mut printed = String::new();
        let problem = match self.format.unwrap_or_default() {
            Format::Text => self.text_pages(pages, pager, &mut printed).err(),
            Format::YamlStream => {
                let mut shown = pages.pages.iter();
                shown.try_for_each(|page| self.whole(title, page, &mut printed)).err()
            }
            Format::Json | Format::Yaml | Format::Table | Format::Off => {
                self.whole(title, &pager.merge(pages), &mut printed).err()
            }
        };
        (printed, problem)
    }

    fn text_pages(&self, pages: &Pages, pager: &Pager, printed: &mut String) -> Result<(), String> {
        for (i, page) in pages.pages.iter().enumerate() {
            text::text(&self.picked(&pager.part_for_text(page, i == 0))?, printed)?;
        }
        if let Some(token) = &pages.resume_token {
            let inner = Map::from_iter([("NextToken".to_owned(), Value::from(token.as_str()))]);
            let answer = Map::from_iter([("NextToken".to_owned(), Value::Object(inner))]);
            text::text(&self.picked(&Value::Object(answer))?, printed)?;
        }
        Ok(())
    }

    fn whole(&self, title: &str, answer: &Value, printed: &mut String) -> Result<(), String> {
        let picked = self.picked(answer)?;
        let is_empty = picked.as_object().is_some_and(Map::is_empty);
        match self.format.unwrap_or_default() {
            Format::Off => {}
            Format::Text => text::text(&picked, printed)?,
            Format::Table => table::table(title, &picked, printed)?,
            Format::Json | Format::Yaml | Format::YamlStream if is_empty => {}
            Format::Json => printed.push_str(&json(&picked)),
            Format::Yaml => yaml::yaml(&picked, printed),
            Format::YamlStream => yaml::yaml(&Value::Array(vec![picked]), printed),
        }
        Ok(())
    }

    fn picked(&self, answer: &Value) -> Result<Value, String> {
        match &self.query {
            Some(query) => query.search(answer),
            None => Ok(answer.clone()),
        }
    }
}

/// The answer as a value with printable times; without members where the operation answers nothing.
pub(super) fn to_value(response: Response) -> Value {
    let reply = awsjson::encode(&Ok(response));
    let mut value = serde_json::from_str(&reply.body).unwrap_or_else(|_| Value::Object(Map::new()));
    print_times(&mut value);
    value
}

/// The value as JSON with four spaces, and the newline.
pub(super) fn json(value: &Value) -> String {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b"    "));
    let mut text = match value.serialize(&mut serializer) {
        Ok(()) => String::from_utf8(bytes).unwrap_or_default(),
        Err(error) => error.to_string(),
    };
    text.push('\n');
    text
}

/// Whether a member holds a time.
fn is_time(name: &str) -> bool {
    name.ends_with("Timestamp") || matches!(name, "LastModified" | "EventTime" | "CreateDate")
}

/// On the wire times are numbers of seconds; the members that hold one have names that say so.
pub(super) fn print_times(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(print_times),
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                match member.as_f64().filter(|_| is_time(name)) {
                    Some(seconds) => {
                        let instant = Instant::from_millis((seconds * 1_000.0).round() as u64);
                        *member = Value::from(aws_text(instant));
                    }
                    None => print_times(member),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Names and values, sorted by name, parted into those whose value is one word and the others.
fn parted(members: &Map<String, Value>) -> (Vec<&str>, Vec<&str>) {
    let mut names: Vec<&str> = members.keys().map(String::as_str).collect();
    names.sort_unstable();
    names.into_iter().partition(|name| members.get(*name).is_some_and(is_scalar))
}

fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

/// The names that any item of a list has, sorted and parted as by [`parted`].
fn parted_of_all(items: &[Value]) -> (Vec<&str>, Vec<&str>) {
    let (mut scalar, mut others) = (Vec::new(), Vec::new());
    for members in items.iter().filter_map(Value::as_object) {
        let (some, more) = parted(members);
        scalar.extend(some);
        others.extend(more);
    }
    for names in [&mut scalar, &mut others] {
        names.sort_unstable();
        names.dedup();
    }
    (scalar, others)
}
