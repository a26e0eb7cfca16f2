//! The functions of JMESPath, with what they take and what they say of anything else.

use std::cmp::Ordering;

use serde_json::{Map, Number, Value};

use super::evaluate::{Evaluated, Work, evaluate, is_equal, order};
use super::parse::Node;
use crate::aws::{python_int, python_text};

/// Types of an argument, as they are named in messages; none takes everything.
type Types = &'static [&'static str];

const ANY: Types = &[];
const NUMBER: Types = &["number"];
const STRING: Types = &["string"];
const ARRAY: Types = &["array"];
const OBJECT: Types = &["object"];
const REFERENCE: Types = &["expref"];
const NUMBERS: Types = &["array-number"];
const NUMBERS_OR_STRINGS: Types = &["array-number", "array-string"];

struct Function {
    name: &'static str,
    takes: &'static [Types],
    /// Whether the last argument may be given several times.
    is_variadic: bool,
}

const fn function(name: &'static str, takes: &'static [Types]) -> Function {
    Function { name, takes, is_variadic: false }
}

const FUNCTIONS: &[Function] = &[
    function("abs", &[NUMBER]),
    function("avg", &[NUMBERS]),
    function("ceil", &[NUMBER]),
    function("contains", &[&["array", "string"], ANY]),
    function("ends_with", &[STRING, STRING]),
    function("floor", &[NUMBER]),
    function("join", &[STRING, &["array-string"]]),
    function("keys", &[OBJECT]),
    function("length", &[&["string", "array", "object"]]),
    function("map", &[REFERENCE, ARRAY]),
    function("max", &[NUMBERS_OR_STRINGS]),
    function("max_by", &[ARRAY, REFERENCE]),
    Function { name: "merge", takes: &[OBJECT], is_variadic: true },
    function("min", &[NUMBERS_OR_STRINGS]),
    function("min_by", &[ARRAY, REFERENCE]),
    Function { name: "not_null", takes: &[ANY], is_variadic: true },
    function("reverse", &[&["array", "string"]]),
    function("sort", &[&["array-string", "array-number"]]),
    function("sort_by", &[ARRAY, REFERENCE]),
    function("starts_with", &[STRING, STRING]),
    function("sum", &[NUMBERS]),
    function("to_array", &[ANY]),
    function("to_number", &[ANY]),
    function("to_string", &[ANY]),
    function("type", &[ANY]),
    function("values", &[OBJECT]),
];

pub(super) fn call(name: &str, arguments: &[Node], value: &Value, work: &Work) -> Evaluated {
    // As in the Python library arguments come first: what is wrong inside them is said before an unknown name.
    let mut values = Vec::new();
    for argument in arguments {
        values.push(evaluate(argument, value, work)?);
    }
    let Some(function) = FUNCTIONS.iter().find(|function| function.name == name) else {
        return Err(format!("Unknown function: {name}()"));
    };
    let wanted = function.takes.len();
    let is_right_count =
        if function.is_variadic { arguments.len() >= wanted } else { arguments.len() == wanted };
    if !is_right_count {
        let least = if function.is_variadic { "at least " } else { "" };
        let plural = if wanted == 1 { "" } else { "s" };
        let received = arguments.len();
        return Err(format!(
            "Expected {least}{wanted} argument{plural} for function {name}(), received {received}"
        ));
    }
    for (i, types) in function.takes.iter().enumerate() {
        check(name, &arguments[i], &values[i], types)?;
    }
    let reference = arguments.iter().find_map(|argument| match argument {
        Node::Reference(inner) => Some(&**inner),
        _ => None,
    });
    match reference {
        Some(inner) => call_with_reference(name, inner, &values, work),
        None => call_with_values(name, values, work),
    }
}

fn call_with_reference(name: &str, inner: &Node, values: &[Value], work: &Work) -> Evaluated {
    let items = values.iter().find_map(Value::as_array).map_or(&[][..], Vec::as_slice);
    if name == "map" {
        return items
            .iter()
            .map(|item| evaluate(inner, item, work))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::Array);
    }
    let mut keyed = Vec::with_capacity(items.len());
    for item in items {
        let key = evaluate(inner, item, work)?;
        let wanted = keyed.first().map_or(
            if name == "sort_by" { "['string', 'number']" } else { "['number', 'string']" },
            |(first, _): &(Value, &Value)| match () {
                () if name != "sort_by" => "['number', 'string']",
                () if first.is_string() => "['string']",
                () => "['number']",
            },
        );
        let is_same =
            name != "sort_by" || keyed.first().is_none_or(|(first, _)| type_name(first) == type_name(&key));
        if !(key.is_number() || key.is_string()) || !is_same {
            let shown = if keyed.is_empty() && name == "sort_by" { item } else { &key };
            return Err(wrong_type(name, shown, type_name(&key), wanted));
        }
        keyed.push((key, item));
    }
    match name {
        "sort_by" => {
            // Ties keep their order: the place decides.
            let mut places: Vec<usize> = (0..keyed.len()).collect();
            places.sort_unstable_by(|a, b| {
                order(&keyed[*a].0, &keyed[*b].0).unwrap_or(Ordering::Equal).then(a.cmp(b))
            });
            Ok(places.into_iter().map(|place| keyed[place].1.clone()).collect())
        }
        _ => {
            let better = if name == "max_by" { Ordering::Greater } else { Ordering::Less };
            let mut best: Option<&(Value, &Value)> = None;
            for pair in &keyed {
                if best.is_none_or(|best| order(&pair.0, &best.0) == Some(better)) {
                    best = Some(pair);
                }
            }
            Ok(best.map_or(Value::Null, |(_, item)| (*item).clone()))
        }
    }
}

fn call_with_values(name: &str, values: Vec<Value>, work: &Work) -> Evaluated {
    if name == "merge" {
        let members = values.into_iter().filter_map(|value| match value {
            Value::Object(members) => Some(members),
            _ => None,
        });
        return Ok(Value::Object(members.flatten().collect::<Map<_, _>>()));
    }
    if name == "not_null" {
        return Ok(values.into_iter().find(|value| !value.is_null()).unwrap_or_default());
    }
    let mut values = values.into_iter();
    let (first, second) = (values.next().unwrap_or_default(), values.next().unwrap_or_default());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(match (name, first) {
        ("abs", number) => match number.as_i64() {
            Some(whole) => Value::from(whole.saturating_abs()),
            None => float(number.as_f64().unwrap_or_default().abs()),
        },
        ("ceil" | "floor", number) => match number.as_i64() {
            Some(whole) => Value::from(whole),
            None => {
                let value = number.as_f64().unwrap_or_default();
                Value::from(if name == "ceil" { value.ceil() } else { value.floor() } as i64)
            }
        },
        ("avg", Value::Array(items)) if items.is_empty() => Value::Null,
        ("avg", Value::Array(items)) => {
            float(items.iter().filter_map(Value::as_f64).sum::<f64>() / items.len() as f64)
        }
        ("sum", Value::Array(items)) => match items.iter().map(Value::as_i64).collect::<Option<Vec<i64>>>() {
            Some(whole) => Value::from(whole.into_iter().fold(0, i64::saturating_add)),
            None => float(items.iter().filter_map(Value::as_f64).sum()),
        },
        ("contains", Value::Array(items)) => Value::Bool(items.iter().any(|item| is_equal(item, &second))),
        ("contains", subject) => match &second {
            Value::String(search) => Value::Bool(text(&subject).contains(search.as_str())),
            other => {
                let received = python_type(other);
                return Err(format!("'in <string>' requires string as left operand, not {received}"));
            }
        },
        ("ends_with", subject) => Value::Bool(text(&subject).ends_with(&text(&second))),
        ("starts_with", subject) => Value::Bool(text(&subject).starts_with(&text(&second))),
        ("join", glue) => {
            let parts: Vec<&str> =
                second.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let glue = text(&glue);
            work.take_bytes(glue.len().saturating_mul(parts.len()))?;
            Value::from(parts.join(&glue))
        }
        ("keys", Value::Object(members)) => members.keys().map(String::as_str).collect(),
        ("values", Value::Object(members)) => members.values().cloned().collect(),
        ("length", Value::String(text)) => Value::from(text.chars().count()),
        ("length", Value::Array(items)) => Value::from(items.len()),
        ("length", Value::Object(members)) => Value::from(members.len()),
        ("max" | "min", Value::Array(items)) => {
            let better = if name == "max" { Ordering::Greater } else { Ordering::Less };
            items
                .into_iter()
                .reduce(|best, item| if order(&item, &best) == Some(better) { item } else { best })
                .unwrap_or_default()
        }
        ("reverse", Value::Array(items)) => items.into_iter().rev().collect(),
        ("reverse", subject) => Value::from(text(&subject).chars().rev().collect::<String>()),
        ("sort", Value::Array(mut items)) => {
            items.sort_unstable_by(|a, b| order(a, b).unwrap_or(Ordering::Equal));
            Value::Array(items)
        }
        ("to_array", Value::Array(items)) => Value::Array(items),
        ("to_array", other) => Value::Array(vec![other]),
        ("to_number", Value::Number(number)) => Value::Number(number),
        ("to_number", Value::String(text)) => match python_int(&text) {
            Some(whole) => Value::from(whole),
            None => text.trim().parse::<f64>().map_or(Value::Null, float),
        },
        ("to_string", Value::String(text)) => Value::String(text),
        ("to_string", other) => {
            let text = Value::from(ascii(&other.to_string()));
            work.take(&text)?;
            text
        }
        ("type", value) => Value::from(type_name(&value)),
        // What else there is was refused by `check`.
        _ => Value::Null,
    })
}

fn float(value: f64) -> Value {
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// Python writes all but ASCII as escapes.
fn ascii(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut units = [0; 2];
    for c in text.chars() {
        match c {
            c if c.is_ascii() => written.push(c),
            c => {
                c.encode_utf16(&mut units).iter().for_each(|unit| written.push_str(&format!("\\u{unit:04x}")))
            }
        }
    }
    written
}

fn check(name: &str, argument: &Node, value: &Value, types: Types) -> Result<(), String> {
    if types.is_empty() {
        return Ok(());
    }
    let received = match argument {
        Node::Reference(_) => "expref",
        _ => type_name(value),
    };
    let is_right = types.iter().any(|wanted| wanted.split('-').next() == Some(received));
    let wanted = format!("['{}']", types.join("', '"));
    if !is_right {
        return Err(wrong_type(name, value, received, &wanted));
    }
    // Lists of numbers or of texts: the first item says which.
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    let kinds: Vec<&str> =
        types.iter().filter_map(|wanted| wanted.split_once('-')).map(|(_, of)| of).collect();
    let Some(first) = items.first().filter(|_| !kinds.is_empty()) else { return Ok(()) };
    let allowed = if kinds.contains(&type_name(first)) { type_name(first) } else { "" };
    match items.iter().find(|item| type_name(item) != allowed) {
        None => Ok(()),
        Some(item) => Err(wrong_type(name, item, python_type(item), &wanted)),
    }
}

fn wrong_type(name: &str, value: &Value, received: &str, wanted: &str) -> String {
    let value = python_text(value);
    format!(
        "In function {name}(), invalid type for value: {value}, expected one of: {wanted}, received: \"{received}\""
    )
}

/// The type as JMESPath names it.
fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The type as Python names it.
pub(super) fn python_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}
