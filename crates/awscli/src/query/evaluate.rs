//! What an expression makes of a value.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::functions;
use super::parse::Node;
use super::tokens::Kind;

pub(super) type Evaluated = Result<Value, String>;

pub(super) fn evaluate(node: &Node, value: &Value) -> Evaluated {
    Ok(match node {
        Node::Current => value.clone(),
        Node::Field(name) => value.get(name).cloned().unwrap_or_default(),
        Node::Literal(literal) => literal.clone(),
        Node::Index(index) => item(value, *index),
        Node::Slice(parts) => slice(value, parts)?,
        Node::Then(first, second) => match &**first {
            // The part is looked at where it stands: answers may be large.
            Node::Field(name) => evaluate(second, value.get(name).unwrap_or(&Value::Null))?,
            Node::Current => evaluate(second, value)?,
            first => evaluate(second, &evaluate(first, value)?)?,
        },
        Node::Flatten(of) => match evaluate(of, value)? {
            Value::Array(items) => Value::Array(items.into_iter().flat_map(flattened).collect()),
            _ => Value::Null,
        },
        Node::Each(of, then) => match evaluate(of, value)? {
            Value::Array(items) => each(items.iter(), then)?,
            _ => Value::Null,
        },
        Node::EachMember(of, then) => match evaluate(of, value)? {
            Value::Object(members) => each(members.values(), then)?,
            _ => Value::Null,
        },
        Node::EachWhere { of, condition, then } => match evaluate(of, value)? {
            Value::Array(items) => {
                let mut kept = Vec::new();
                for item in items {
                    if is_true(&evaluate(condition, &item)?) {
                        kept.push(item);
                    }
                }
                each(kept.iter(), then)?
            }
            _ => Value::Null,
        },
        Node::Compare(operator, left, right) => {
            compare(*operator, &evaluate(left, value)?, &evaluate(right, value)?)?
        }
        Node::Or(left, right) => match evaluate(left, value)? {
            left if is_true(&left) => left,
            _ => evaluate(right, value)?,
        },
        Node::And(left, right) => match evaluate(left, value)? {
            left if is_true(&left) => evaluate(right, value)?,
            left => left,
        },
        Node::Not(of) => Value::Bool(!is_true(&evaluate(of, value)?)),
        Node::List(_) | Node::Hash(_) if value.is_null() => Value::Null,
        Node::List(items) => {
            Value::Array(items.iter().map(|item| evaluate(item, value)).collect::<Result<_, _>>()?)
        }
        Node::Hash(pairs) => {
            let mut members = Map::new();
            for (name, of) in pairs {
                members.insert(name.clone(), evaluate(of, value)?);
            }
            Value::Object(members)
        }
        Node::Call(name, arguments) => functions::call(name, arguments, value)?,
        // Outside of a function's arguments it means nothing.
        Node::Reference(_) => Value::Null,
    })
}

fn each<'v>(items: impl Iterator<Item = &'v Value>, then: &Node) -> Evaluated {
    let mut made = Vec::new();
    for item in items {
        match evaluate(then, item)? {
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

fn item(value: &Value, index: i64) -> Value {
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    let place = if index < 0 { index + items.len() as i64 } else { index };
    usize::try_from(place).ok().and_then(|place| items.get(place)).cloned().unwrap_or_default()
}

/// Python's slices.
fn slice(value: &Value, parts: &[Option<i64>; 3]) -> Evaluated {
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
        taken.push(items[at as usize].clone());
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
