//! What an expression makes of a value.

use std::cell::Cell;
use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::functions;
use super::parse::Node;
use super::tokens::Kind;

pub(super) type Evaluated = Result<Value, String>;

/// What a query may make out of an answer. An expression of two hundred letters can double what it has got thirty times,
/// and a page that runs it would be gone; the real CLI would fill the machine's memory.
const PARTS_MAX: u64 = 2_000_000;
/// Bytes of a text that count as one part more.
const PART_BYTES: u64 = 64;

/// What is left of the parts that a query may make.
pub(super) struct Work {
    left: Cell<u64>,
}

impl Work {
    pub(super) fn new() -> Work {
        Work { left: Cell::new(PARTS_MAX) }
    }

    /// A value of its own, where so much may still be made.
    pub(super) fn copy(&self, value: &Value) -> Evaluated {
        self.take(value)?;
        Ok(value.clone())
    }

    /// Counts what is made.
    pub(super) fn take(&self, value: &Value) -> Result<(), String> {
        self.take_parts(1)?;
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
            Value::String(text) => self.take_bytes(text.len()),
            Value::Array(items) => items.iter().try_for_each(|item| self.take(item)),
            Value::Object(members) => members.values().try_for_each(|member| self.take(member)),
        }
    }

    /// Counts a text that is about to be made.
    pub(super) fn take_bytes(&self, bytes: usize) -> Result<(), String> {
        self.take_parts(bytes as u64 / PART_BYTES)
    }

    fn take_parts(&self, parts: u64) -> Result<(), String> {
        match self.left.get().checked_sub(parts) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(format!("the sandbox lets a query make at most {PARTS_MAX} values out of an answer")),
        }
    }
}

pub(super) fn evaluate(node: &Node, value: &Value, work: &Work) -> Evaluated {
    Ok(match node {
        Node::Current => work.copy(value)?,
        Node::Field(name) => work.copy(value.get(name).unwrap_or(&Value::Null))?,
        Node::Literal(literal) => work.copy(literal)?,
        Node::Index(index) => work.copy(item(value, *index))?,
        Node::Slice(parts) => slice(value, parts, work)?,
        Node::Then(first, second) => match &**first {
            // The part is looked at where it stands: answers may be large.
            Node::Field(name) => evaluate(second, value.get(name).unwrap_or(&Value::Null), work)?,
            Node::Current => evaluate(second, value, work)?,
            first => evaluate(second, &evaluate(first, value, work)?, work)?,
        },
        Node::Flatten(of) => match evaluate(of, value, work)? {
            Value::Array(items) => Value::Array(items.into_iter().flat_map(flattened).collect()),
            _ => Value::Null,
        },
        Node::Each(of, then) => match evaluate(of, value, work)? {
            Value::Array(items) => each(items.iter(), then, work)?,
            _ => Value::Null,
        },
        Node::EachMember(of, then) => match evaluate(of, value, work)? {
            Value::Object(members) => each(members.values(), then, work)?,
            _ => Value::Null,
        },
        Node::EachWhere { of, condition, then } => match evaluate(of, value, work)? {
            Value::Array(items) => {
                let mut kept = Vec::new();
                for item in items {
                    if is_true(&evaluate(condition, &item, work)?) {
                        kept.push(item);
                    }
                }
                each(kept.iter(), then, work)?
            }
            _ => Value::Null,
        },
        Node::Compare(operator, left, right) => {
            compare(*operator, &evaluate(left, value, work)?, &evaluate(right, value, work)?)?
        }
        Node::Or(left, right) => match evaluate(left, value, work)? {
            left if is_true(&left) => left,
            _ => evaluate(right, value, work)?,
        },
        Node::And(left, right) => match evaluate(left, value, work)? {
            left if is_true(&left) => evaluate(right, value, work)?,
            left => left,
        },
        Node::Not(of) => Value::Bool(!is_true(&evaluate(of, value, work)?)),
        Node::List(_) | Node::Hash(_) if value.is_null() => Value::Null,
        Node::List(items) => {
            Value::Array(items.iter().map(|item| evaluate(item, value, work)).collect::<Result<_, _>>()?)
        }
        Node::Hash(pairs) => {
            let mut members = Map::new();
            for (name, of) in pairs {
                members.insert(name.clone(), evaluate(of, value, work)?);
            }
            Value::Object(members)
        }
        Node::Call(name, arguments) => functions::call(name, arguments, value, work)?,
        // Outside of a function's arguments it means nothing.
        Node::Reference(_) => Value::Null,
    })
}

fn each<'v>(items: impl Iterator<Item = &'v Value>, then: &Node, work: &Work) -> Evaluated {
    let mut made = Vec::new();
    for item in items {
        match evaluate(then, item, work)? {
            Value::Null => {}
            value => made.push(value),
        }
    }
    Ok(Value::Array(made))
}

fn flattened(item: Value) -> Vec<Value> {
    match item {
        Value::Array(items) => items,
        other => vec![other],
    }
}

fn item(value: &Value, index: i64) -> &Value {
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    let place = if index < 0 { index + items.len() as i64 } else { index };
    usize::try_from(place).ok().and_then(|place| items.get(place)).unwrap_or(&Value::Null)
}

/// Python's slices.
fn slice(value: &Value, parts: &[Option<i64>; 3], work: &Work) -> Evaluated {
    let Value::Array(items) = value else { return Ok(Value::Null) };
    let length = items.len() as i64;
    let [start, end, step] = *parts;
    let step = step.unwrap_or(1);
    if step == 0 {
        return Err("slice step cannot be zero".to_owned());
    }
    let (lowest, highest) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let bounded = |part: Option<i64>, absent: i64| match part {
        None => absent,
        Some(part) if part < 0 => part.saturating_add(length).clamp(lowest, highest),
        Some(part) => part.clamp(lowest, highest),
    };
    let (from, to) = if step > 0 { (lowest, highest) } else { (highest, lowest) };
    let (mut at, end) = (bounded(start, from), bounded(end, to));
    let mut taken = Vec::new();
    while if step > 0 { at < end } else { at > end } {
        taken.push(work.copy(&items[at as usize])?);
        at = at.saturating_add(step);
    }
    Ok(Value::Array(taken))
}

/// Nothing, and what is empty, is false; every number is true.
pub(crate) fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

fn compare(operator: Kind, left: &Value, right: &Value) -> Evaluated {
    let is_right = match operator {
        Kind::Equal => is_equal(left, right),
        Kind::NotEqual => !is_equal(left, right),
        _ => {
            let is_comparable = |value: &Value| value.is_number() || value.is_string();
            if !is_comparable(left) || !is_comparable(right) {
                return Ok(Value::Null);
            }
            let symbol = match operator {
                Kind::Less => "<",
                Kind::LessEqual => "<=",
                Kind::Greater => ">",
                _ => ">=",
            };
            let Some(order) = order(left, right) else {
                let (left, right) = (functions::python_type(left), functions::python_type(right));
                return Err(format!("'{symbol}' not supported between instances of '{left}' and '{right}'"));
            };
            match operator {
                Kind::Less => order == Ordering::Less,
                Kind::LessEqual => order != Ordering::Greater,
                Kind::Greater => order == Ordering::Greater,
                _ => order != Ordering::Less,
            }
        }
    };
    Ok(Value::Bool(is_right))
}

/// Whole numbers equal those with a point that have the same value.
pub(super) fn is_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(_), Value::Number(_)) => order(left, right) == Some(Ordering::Equal),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(name, value)| right.get(name).is_some_and(|other| is_equal(value, other)))
        }
        _ => left == right,
    }
}

/// The order of two numbers or two texts.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        (Value::Number(left), Value::Number(right)) => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
        },
        _ => None,
    }
}
