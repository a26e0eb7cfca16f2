//! Values, terms and comparisons of the check language.

use std::fmt;

use super::{Scene, Tongue};
use crate::readers::Reader;

/// What a reader or a literal says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Value {
    Text(String),
    Number(i64),
    Bool(bool),
    /// The thing asked about is not there.
    Missing,
}

/// Arguments of a reader: in order, and by name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Args {
    pub(crate) plain: Vec<String>,
    pub(crate) named: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub(crate) enum Term {
    Literal(Value),
    Reader(&'static Reader, Args),
    /// A term and a number that is added to it.
    Plus(Box<Term>, i64),
    /// So many percent of a term.
    Percent(i64, Box<Term>),
    /// What a reader said when the learner's turn began, by its place among the check's.
    AtStart(usize, Box<Term>),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Op {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Value {
    pub(crate) fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }

    pub(crate) fn count(count: u64) -> Value {
        Value::Number(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// The number that a value is, or begins with: what is typed may have a unit and decimals behind it.
    pub(crate) fn number(&self) -> Option<i64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Text(text) => leading_number(text),
            Value::Bool(_) | Value::Missing => None,
        }
    }

    /// As it stands in a sentence.
    pub(crate) fn words(&self, tongue: Tongue) -> String {
        let words = tongue.words();
        match self {
            Value::Bool(true) => words.yes.to_owned(),
            Value::Bool(false) => words.no.to_owned(),
            Value::Missing => words.missing.to_owned(),
            Value::Text(_) | Value::Number(_) => self.to_string(),
        }
    }

    fn map(self, change: impl FnOnce(i64) -> i64) -> Value {
        match self.number() {
            Some(number) => Value::Number(change(number)),
            None => Value::Missing,
        }
    }
}

/// `1,200 ms` is 1200, `43.8` is 43, `$ 44` is 44.
fn leading_number(text: &str) -> Option<i64> {
    let text = text.trim().trim_start_matches('$').trim_start();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ',').unwrap_or(text.len());
    text[..end].replace(',', "").parse().ok()
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => f.write_str(text),
            Value::Number(number) => f.write_str(&thousands(*number)),
            Value::Bool(true) => f.write_str("yes"),
            Value::Bool(false) => f.write_str("no"),
            Value::Missing => f.write_str("not there yet"),
        }
    }
}

/// `1,234,567`.
pub(crate) fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    if number < 0 {
        text.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl Args {
    pub(crate) fn first(&self) -> &str {
        self.plain.first().map_or("", String::as_str)
    }

    pub(crate) fn second(&self) -> &str {
        self.plain.get(1).map_or("", String::as_str)
    }

    pub(crate) fn named(&self, name: &str) -> Option<&str> {
        self.named.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Term {
    pub(crate) fn read(&self, scene: Scene<'_>) -> Value {
        match self {
            Term::Literal(value) => value.clone(),
            Term::Reader(reader, args) => (reader.read)(scene, args),
            Term::AtStart(place, _) => scene.starts.get(*place).cloned().unwrap_or(Value::Missing),
            Term::Plus(term, more) => term.read(scene).map(|number| number.saturating_add(*more)),
            Term::Percent(percent, term) => {
                term.read(scene).map(|number| number.saturating_mul(*percent) / 100)
            }
        }
    }

    /// Whether the value is a learner's answer, so that what it is compared with must not be told.
    pub(crate) fn is_answer(&self) -> bool {
        matches!(self, Term::Reader(reader, _) if reader.object == "answer")
    }

    /// Whether the value is true or false, so that it stands for a condition and not for a counter.
    pub(crate) fn is_condition(&self) -> bool {
        matches!(self, Term::Reader(reader, _) if reader.is_condition)
    }

    /// Whether the value gives nothing away: it stands in the check, or is what was at the start.
    pub(crate) fn is_known(&self) -> bool {
        match self {
            Term::Literal(_) | Term::AtStart(..) => true,
            Term::Plus(term, _) | Term::Percent(_, term) => term.is_known(),
            Term::Reader(..) => false,
        }
    }

    /// The value in words: `the number of records in s4 (key truck-7)`; a condition as what is so where it is true.
    pub(crate) fn describe(&self, tongue: Tongue) -> String {
        let words = tongue.words();
        match self {
            Term::Literal(value) => value.words(tongue),
            Term::Reader(reader, args) => {
                let mut text =
                    tongue.phrase(reader).replace("{0}", args.first()).replace("{1}", args.second());
                for (i, (name, value)) in args.named.iter().enumerate() {
                    text.push_str(if i == 0 { " (" } else { ", " });
                    text.push_str(&words.named(name, value));
                }
                if !args.named.is_empty() {
                    text.push(')');
                }
                text
            }
            Term::Plus(term, more) if *more < 0 => {
                term.describe(tongue) + words.less + &thousands(more.saturating_neg())
            }
            Term::Plus(term, more) => term.describe(tongue) + words.plus + &thousands(*more),
            Term::Percent(percent, term) => percent.to_string() + words.percent_of + &term.describe(tongue),
            Term::AtStart(_, term) => term.describe(tongue) + words.at_start,
        }
    }
}

impl Op {
    pub(crate) fn holds(self, left: &Value, right: &Value) -> bool {
        match (left, right) {
            (Value::Missing, _) | (_, Value::Missing) => false,
            (Value::Number(left), Value::Number(right)) => self.holds_for(left.cmp(right)),
            // A typed answer is text, also where it is a number.
            (Value::Text(typed), Value::Number(right)) => {
                let is_whole = typed.trim().replace(',', "").parse::<i64>().is_ok();
                let number = leading_number(typed).filter(|_| is_whole || self != Op::Equal);
                number.is_some_and(|left| self.holds_for(left.cmp(right)))
            }
            _ => match self {
                Op::Equal => same(left, right),
                Op::NotEqual => !same(left, right),
                Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => false,
            },
        }
    }

    fn holds_for(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Op::Equal => ordering.is_eq(),
            Op::NotEqual => ordering.is_ne(),
            Op::Less => ordering.is_lt(),
            Op::LessOrEqual => ordering.is_le(),
            Op::Greater => ordering.is_gt(),
            Op::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// Words are the same also in other letters: `Yes` is `yes`.
fn same(left: &Value, right: &Value) -> bool {
    left.to_string().trim().eq_ignore_ascii_case(right.to_string().trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_numbers_may_have_units_where_a_range_is_asked() {
        assert_eq!(
            ["1,200 ms", "43.8", "$ 44", "many"].map(leading_number),
            [Some(1_200), Some(43), Some(44), None]
        );
        let typed = |text: &str, op: Op| op.holds(&Value::text(text), &Value::Number(3));
        assert!(typed("3", Op::Equal) && typed(" 3 ", Op::Equal) && !typed("3.5", Op::Equal));
        assert!(typed("4 shards", Op::GreaterOrEqual) && !typed("none", Op::GreaterOrEqual));
    }

    #[test]
    fn words_are_compared_without_regard_to_case() {
        assert!(Op::Equal.holds(&Value::text("Yes"), &Value::text("yes")));
        assert!(!Op::Equal.holds(&Value::text("shardId-000000000001"), &Value::text("1")));
        assert!(!Op::NotEqual.holds(&Value::Missing, &Value::text("yes")));
    }

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!([0, 999, -1_000, 1_234_567].map(thousands), ["0", "999", "-1,000", "1,234,567"]);
    }
}
